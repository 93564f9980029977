/* SPDX-License-Identifier: MIT */
/* host/declared/fetch_stub.h - what the parent does for `fetch` definitions: it holds the secrets and the files that they
 * name, and tells the program that fetches (fetch/main.c). */
#ifndef ISO_HOST_DECLARED_FETCH_STUB_H
#define ISO_HOST_DECLARED_FETCH_STUB_H
#include "core/buf.h"
#include "host/declared/stubs.h"

/* USAGE when a variable that a header comes from is not set or cannot be a header, or when a certificate
 * cannot be read. `name` is "global 'fetch'", for messages; values are never in them. */
int fetch_check(const struct stub *s, const char *name, struct iso_err *err);

/* The first message for the program: the definition with everything filled in, and a line break. */
int fetch_rules_message(const struct stub *s, struct buf *out, struct iso_err *err);

/* Whether it names a file by a relative path. */
int fetch_depends_on_place(const struct stub *s);

#endif
