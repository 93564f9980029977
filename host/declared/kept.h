/* SPDX-License-Identifier: MIT */
/* host/declared/kept.h - definitions in a snapshot, whose long texts stand apart.
 *
 * The manifest of a snapshot has definitions as documents have them, but for descriptions and schemas: their value is an
 * array [offset, length], a place in the texts behind the manifest. So a run reads little before it starts, whatever its
 * definitions say; a text is checked when it is used. */
#ifndef ISO_HOST_DECLARED_KEPT_H
#define ISO_HOST_DECLARED_KEPT_H
#include "core/buf.h"
#include "core/json_walk.h"
#include "host/declared/stubs.h"

/* The options whose values stand apart. */
#define KEPT_APART (STUB_TAKES(DESCRIPTION) | STUB_TAKES(PARAMETERS) | STUB_TAKES(RESULT))

/* Finds the text of a place. Its bytes may be anything. -1: the value is no place in these texts. */
int kept_find(struct json value, struct json texts, struct json *out);

/* Appends the members of an object of definitions, without its braces. `from` has the texts to which the definitions
 * refer; .at NULL: they refer to none. Texts are appended to *to, and their places stand in the definitions; NULL: the
 * definitions have the texts themselves. -1: a text is missing, or no JSON, or *out has no room. */
int kept_put(struct json definitions, struct json from, struct buf *out, struct buf *to);

#endif
