/* SPDX-License-Identifier: MIT */
/* host/declared/declarations.h - the globals and imports that are declared for code.
 *
 * Start from {0}; read one, or take a snapshot's; perhaps rebind; declarations_free() at the end. */
#ifndef ISO_HOST_DECLARED_DECLARATIONS_H
#define ISO_HOST_DECLARED_DECLARATIONS_H
#include "host/declared/imports.h"
#include "snapshots/snapshot.h"

struct declarations {
    struct globals globals; /* host modules' exports, too */
    struct imports imports;
};

/* Reads the declarations in a snapshot's manifest; `apart` are its texts. Both must live as long as *d. */
int declarations_from_manifest(struct declarations *d, const char *name, struct json manifest,
                               struct json apart, struct iso_err *err);

/* Makes a copy that can be rebound; *from must live longer. INTERNAL. */
int declarations_copy(struct declarations *to, const struct declarations *from, struct iso_err *err);

/* See globals_rebind() and imports_check_rebind(). */
int declarations_rebind(struct declarations *d, struct declarations *given, struct iso_err *err);

/* Reads the declarations of an opened snapshot, which must stay open as long as *d. With `whole`, for programs that make
 * many runs on it, the digest of the whole file is checked as well when it declares anything. */
int declarations_of_snapshot(struct declarations *d, const struct snapshot_file *f, const char *name,
                             int whole, struct iso_err *err);

/* Appends a snapshot's manifest with its texts in their places. SNAPSHOT_INVALID when one is damaged. */
int declarations_in_full(const char *name, struct json manifest, struct json apart, struct buf *out,
                         struct iso_err *err);

void declarations_free(struct declarations *d);

#endif
