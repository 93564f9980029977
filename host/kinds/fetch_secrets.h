/* SPDX-License-Identifier: MIT */
/* host/kinds/fetch_secrets.h - the secrets and certificates that a `fetch` definition names: iso4 reads them, and
 * sends them to the fetch helper (fetch/main.c). */
#ifndef ISO_HOST_KINDS_FETCH_SECRETS_H
#define ISO_HOST_KINDS_FETCH_SECRETS_H
#include "core/buf.h"
#include "host/declared/stubs.h"

/* USAGE when a variable that a header comes from is not set or cannot be a header, or when a certificate
 * cannot be read. Values are never in messages. */
int fetch_prepare(const struct stub *s, const struct globals *g, struct iso_err *err);

/* The first message for the helper, made by fetch_prepare(): the definition with secrets and certificates, and a line
 * break. Files are not read here, because a call must not wait for a file. */
struct json fetch_rules_message(const struct stub *s);

/* See struct stub_kind: certificates. */
int fetch_each_file(const struct stub *s, int (*visit)(void *ctx, struct json path), void *ctx);

/* 1 when the definition names a file by a relative path. */
int fetch_depends_on_place(const struct stub *s);

#endif
