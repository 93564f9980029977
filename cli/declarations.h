/* SPDX-License-Identifier: MIT */
/* cli/declarations.h - what the command line declares for code: globals and imports together. */
#ifndef ISO_CLI_DECLARATIONS_H
#define ISO_CLI_DECLARATIONS_H
#include "cli/options.h"
#include "host/declared/imports.h"
#include "snapshots/snapshot.h"

struct declarations {
    struct globals globals; /* host modules' exports, too */
    struct imports imports;
};

/* --globals, --imports, then every --import. USAGE, also when an output of the command line is a source or a
 * program that they name. */
int declarations_read(struct declarations *d, const struct options *o, struct iso_err *err);

int declarations_from_manifest(struct declarations *d, const char *name, struct json manifest,
                               struct iso_err *err);

/* See globals_rebind() and imports_check_rebind(). */
int declarations_rebind(struct declarations *d, struct declarations *given, struct iso_err *err);

/* Those of an opened snapshot, whose manifest is left in *manifest. Programs that a damaged file names shall
 * not be started: when there is anything to call, the digest is checked first. */
int declarations_of_snapshot(struct declarations *d, struct json *manifest, const struct snapshot_file *f,
                             const char *name, struct iso_err *err);

/* What the command line gives: in place of what *d holds of a snapshot, or all there is. Programs are
 * checked, too. */
int declarations_given(struct declarations *d, const struct options *o, int of_snapshot, struct iso_err *err);

void declarations_free(struct declarations *d);

#endif
