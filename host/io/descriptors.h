/* SPDX-License-Identifier: MIT */
/* host/io/descriptors.h - how many file descriptors iso4 may have.
 *
 * A run takes a few, a command that it calls three: more than the usual soft limit of 1024 are soon needed. The hard
 * limit is meant for that. Programs that iso4 starts get the soft limit that it was started with: some of them take the
 * limit for a number of steps, or number their descriptors with bits. */
#ifndef ISO_HOST_IO_DESCRIPTORS_H
#define ISO_HOST_IO_DESCRIPTORS_H
#include <sys/types.h>

/* Raises the soft limit to the hard one; once, at the start. */
void descriptors_raise(void);

/* Around the start of a program. While it is lowered, this process gets no descriptor above the old limit; 0 is
 * returned, and nothing is lowered, when those below are nearly used up. Then the program, once it is started, gets the
 * limit by descriptors_lower_of(), when it may have seen the higher one. */
int descriptors_lower(void);
void descriptors_lift(void);
void descriptors_lower_of(pid_t program);

#endif
