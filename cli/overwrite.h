/* SPDX-License-Identifier: MIT */
/* cli/overwrite.h - the files that a command line has a command read. */
#ifndef ISO_CLI_OVERWRITE_H
#define ISO_CLI_OVERWRITE_H
#include "cli/options.h"

/* USAGE when `output` is one of them, under whatever name: writing would replace it. */
int overwrite_check(const struct options *o, const char *output, struct iso_err *err);

#endif
