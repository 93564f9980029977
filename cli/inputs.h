/* SPDX-License-Identifier: MIT */
/* cli/inputs.h - the files that a command line has a command read. */
#ifndef ISO_CLI_INPUTS_H
#define ISO_CLI_INPUTS_H
#include "cli/options.h"

/* USAGE when `output` is one of them, under whatever name: writing would replace it. */
int inputs_spare(const struct options *o, const char *output, struct iso_err *err);

#endif
