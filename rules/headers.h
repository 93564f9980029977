/* SPDX-License-Identifier: MIT */
/* rules/headers.h - which request headers may be sent. */
#ifndef ISO_RULES_HEADERS_H
#define ISO_RULES_HEADERS_H
#include "core/json_walk.h"

/* A token of RFC 9110. */
int header_is_token(const char *text, size_t len);

/* NULL, or the thing that a header of this name (a token, in any case) would tamper with. */
const char *header_reserved(const char *name);

/* 1 for a header by which servers take a request for another one: another method, path or origin than the rules saw. */
int header_rewrites(const char *name);

/* 1 for a header that identifies the sender: dropped where a redirect leaves the origin. */
int header_is_credential(const char *name);

/* 1 for a header that describes the body: dropped when a redirect drops the body. */
int header_describes_body(const char *name);

/* Appends the decoded text of a string literal as header bytes, one for each character, without blanks around it. -1:
 * the text holds a line break, another control character, or a character above U+00FF. */
int header_value(struct buf *out, struct json literal);

/* Appends the bytes of a header as a JSON string literal. */
void header_quote(struct buf *out, const char *bytes, size_t len);

#endif
