/* SPDX-License-Identifier: MIT */
/* cli/append.h - `batch -o FILE`: a file of results that grows by whole lines. */
#ifndef ISO_CLI_APPEND_H
#define ISO_CLI_APPEND_H
#include "core/error.h"

/* Opens FILE so that every write goes to its end, and makes it when it does not exist. If an earlier batch left its
 * last line unfinished, the line is removed, or gets its line break when only that is missing; while another batch is
 * writing to the file, its last line stays as it is.
 * Returns the descriptor, which the caller owns, or -1: OUTPUT when the file cannot be written, USAGE when its last
 * line has no line break and is not a result. */
int append_open(const char *path, struct iso_err *err);

#endif
