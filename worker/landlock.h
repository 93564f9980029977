/* SPDX-License-Identifier: MIT */
/* worker/landlock.h - Landlock (landlock(7), Linux 5.13 and later), denying everything it can deny, or
 * nearly. */
#ifndef ISO_WORKER_LANDLOCK_H
#define ISO_WORKER_LANDLOCK_H

/* 1: in force, 0: the kernel has no Landlock, -1 and errno: it has, but would not. Needs a free descriptor
 * and no_new_privs. */
int landlock_deny_all(void);

/* The same, but for reading these files and what is below these directories (ends with NULL; a name that is
 * not there is passed over), and but for connecting sockets. */
int landlock_read_only(const char *const *paths);

#endif
