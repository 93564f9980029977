/* SPDX-License-Identifier: MIT */
/* cli/overwrite.h - refuses outputs that would replace an input or another output.
 *
 * overwrite_check() before a command starts, for all files that its command line names; then
 * overwrite_check_read() for each further file as it becomes known, named by definitions or jobs. */
#ifndef ISO_CLI_OVERWRITE_H
#define ISO_CLI_OVERWRITE_H
#include "cli/options.h"

/* USAGE when the file of an option that writes is also an operand, the file of an option that reads, or the file of
 * another option that writes; two names of one file count as the same. Operands are files that are read. */
int overwrite_check(const struct options *o, struct iso_err *err);

/* USAGE when an option writes to `path`, a file that is read. */
int overwrite_check_read(const struct options *o, const char *path, struct iso_err *err);

#endif
