/* SPDX-License-Identifier: MIT */
/* cli/declarations.h - globals and imports that the command line declares. */
#ifndef ISO_CLI_DECLARATIONS_H
#define ISO_CLI_DECLARATIONS_H
#include "cli/mcp.h"
#include "host/declared/declarations.h"

/* Reads --globals, the tools of --mcp, --imports, then every --import. USAGE, also when an output of the command line
 * would overwrite a source or a program that they name. */
int declarations_read(struct declarations *d, const struct options *o, const struct mcp_option *m,
                      struct iso_err *err);

/* Reads the declarations of the command line and checks their programs. With a snapshot, whose declarations *d holds,
 * they replace those of the same names. */
int declarations_given(struct declarations *d, const struct options *o, const struct mcp_option *m,
                       int of_snapshot, struct iso_err *err);

#endif
