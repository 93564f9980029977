/* SPDX-License-Identifier: MIT */
/* worker/landlock.h - Landlock (landlock(7), Linux 5.13 and later), denying everything it can deny. */
#ifndef ISO_WORKER_LANDLOCK_H
#define ISO_WORKER_LANDLOCK_H

/* 1: in force, 0: the kernel has no Landlock, -1 and errno: it has, but would not. Needs a free descriptor
 * and no_new_privs. */
int landlock_deny_all(void);

#endif
