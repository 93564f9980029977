/* SPDX-License-Identifier: MIT */
/* host/declared/imports.h - the targets of import specifiers: sources, and host modules whose exports are stubs.
 *
 * The stubs of host modules are numbered with the globals (host/declared/globals.h): read the globals first, then the
 * imports, always in this order. */
#ifndef ISO_HOST_DECLARED_IMPORTS_H
#define ISO_HOST_DECLARED_IMPORTS_H
#include "host/declared/globals.h"
#include "host/declared/source.h"

/* More than any host declares. */
#define IMPORTS_MOST 10000

struct import {
    struct buf specifier;    /* owned; UTF-8 */
    struct source source;    /* owned; of a source */
    int stub;                /* of a host module; -1: a source */
    struct json description; /* in the manifest that it was read from, for inspect; .at NULL: none */
};

struct imports {
    struct import *list; /* sources in the order of their declaration, host modules between them */
    size_t count;
    int borrowed; /* `list` belongs to another struct imports */
};

/* Borrows the list of *from, which must live longer. */
struct imports imports_borrow(const struct imports *from);

/* Read a file of imports (USAGE as for globals), or one `SPECIFIER=FILE`. Host modules go into *g. */
int imports_read(struct imports *i, struct globals *g, const char *path, struct iso_err *err);
/* Reads imports in a larger text; `whole` must live as long as the stubs. Paths are relative to the working
 * directory. */
int imports_inline(struct imports *i, struct globals *g, const char *name, const char *text,
                   struct json whole, struct iso_err *err);
int imports_add(struct imports *i, const char *declaration, struct iso_err *err);

/* Reads the imports in a snapshot's manifest, which has the names of sources but not their texts. */
int imports_from_manifest(struct imports *i, struct globals *g, const char *name, struct json manifest,
                          struct json apart, struct iso_err *err);
void imports_to_manifest(const struct imports *i, const struct globals *g, struct buf *out,
                         struct buf *apart);

/* A run may give other answers for the exports of host modules that were declared, never sources.
 * UNDECLARED_BINDING, INVALID_REBIND. */
int imports_check_rebind(const struct imports *declared, const struct imports *given, struct iso_err *err);

void imports_free(struct imports *i);

#endif
