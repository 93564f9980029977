/* SPDX-License-Identifier: MIT */
/* sandbox/landlock.h - Landlock (landlock(7), Linux 5.13 and later), denying everything it can deny, or
 * nearly. */
#ifndef ISO_SANDBOX_LANDLOCK_H
#define ISO_SANDBOX_LANDLOCK_H

/* 1: in force, 0: the kernel has no Landlock, -1 and errno: it has, but would not. Needs a free descriptor
 * and no_new_privs. */
int landlock_deny_all(void);

/* The same in two steps. 1 and *fd, the caller's: rules that deny everything; 0 and -1 as above. They can be
 * put in force any number of times, each time closer: who has them once more can neither trace nor, since ABI
 * 6, signal those who have not. */
int landlock_open(int *fd);
int landlock_enforce(int ruleset);

/* The same, but for reading these files and what is below these directories (ends with NULL; a name that is
 * not there is passed over), and but for connecting sockets. */
int landlock_read_only(const char *const *paths);

#endif
