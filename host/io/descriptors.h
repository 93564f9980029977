/* SPDX-License-Identifier: MIT */
/* host/io/descriptors.h - how many file descriptors iso4 and the programs that it starts may open.
 *
 * A run needs a few descriptors, and each command that it calls needs three, so that the usual soft limit of 1024 is
 * soon reached. iso4 therefore raises its soft limit to the hard limit. Programs that iso4 starts get the soft limit that
 * iso4 was started with, because a high limit harms some programs: they close every possible descriptor in a loop, or
 * use select(2). */
#ifndef ISO_HOST_IO_DESCRIPTORS_H
#define ISO_HOST_IO_DESCRIPTORS_H
#include <sys/types.h>

/* Raises the soft limit to the hard limit. Call it once, when iso4 starts. */
void descriptors_raise(void);

/* Give a program the old soft limit. descriptors_lower() lowers the limit of iso4 itself, so that the program inherits
 * it; call descriptors_lift() after the start. It returns 0, and changes nothing, when iso4 has used up almost all
 * descriptors below the old limit. Call descriptors_lower_of() after the start in this case: the program may then have
 * read the higher limit already. */
int descriptors_lower(void);
void descriptors_lift(void);
void descriptors_lower_of(pid_t program);

#endif
