/* SPDX-License-Identifier: MIT */
/* sandbox/landlock.h - Landlock (landlock(7), Linux 5.13 and later), denying everything it can deny, or
 * nearly. */
#ifndef ISO_SANDBOX_LANDLOCK_H
#define ISO_SANDBOX_LANDLOCK_H

/* Puts rules in force that deny everything. 1: in force, 0: the kernel has no Landlock, -1 and errno: it failed. Needs
 * a free descriptor and no_new_privs. */
int landlock_deny_all(void);

/* The same in two steps. 1 and *fd, the caller's: rules that deny everything; 0 and -1 as above. A process can put
 * them in force several times. A process that did so more often than another can neither trace it nor, since ABI 6,
 * signal it. */
int landlock_open(int *fd);
int landlock_enforce(int ruleset);

/* Like landlock_deny_all(), but allows to connect sockets, and to read these files and all files below these
 * directories (the list ends with NULL; missing names are skipped). */
int landlock_read_only(const char *const *paths);

#endif
