/* SPDX-License-Identifier: MIT */
/* cli/append.h - `batch -o FILE`: a file of results that grows by whole lines. */
#ifndef ISO_CLI_APPEND_H
#define ISO_CLI_APPEND_H
#include "core/error.h"

/* Opens FILE so that every write goes to its end, and makes a file that is not there. A last line that a batch
 * was cut off in is taken out, and one that only lacks its line break gets it; where another batch is writing to
 * the file it is left alone.
 * Returns the descriptor, which the caller owns, or -1: OUTPUT when it cannot be written, USAGE when its last line
 * is no result, which shall not be glued to one. */
int append_open(const char *path, struct iso_err *err);

#endif
