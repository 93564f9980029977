/* SPDX-License-Identifier: MIT */
/* cli/declarations.h - what the command line declares for code. */
#ifndef ISO_CLI_DECLARATIONS_H
#define ISO_CLI_DECLARATIONS_H
#include "cli/options.h"
#include "host/declared/declarations.h"

/* --globals, --imports, then every --import. USAGE, also when an output of the command line is a source or a
 * program that they name. */
int declarations_read(struct declarations *d, const struct options *o, struct iso_err *err);

/* What the command line gives: in place of what *d holds of a snapshot, or all there is. Programs are
 * checked, too. */
int declarations_given(struct declarations *d, const struct options *o, int of_snapshot, struct iso_err *err);

#endif
