/* SPDX-License-Identifier: MIT */
/* host/schema/es_pattern.h - translates regular expressions of ECMAScript for PCRE2.
 *
 * The meaning is that of ECMAScript with the flag u: `.` is no line break (U+2028 and U+2029 are two), `\s` is
 * Unicode's white space, `\d`, `\w` and `\b` are ASCII, `\v` is one character, surrogate escapes make pairs.
 * Some patterns that are only valid without the flag u are accepted, if their meaning is clear: `\@` and the like,
 * `[\w-.]`, and braces and brackets as ordinary characters. Refused: a lone surrogate, modifiers such as `(?i:`, two
 * groups of one name. */
#ifndef ISO_HOST_SCHEMA_ES_PATTERN_H
#define ISO_HOST_SCHEMA_ES_PATTERN_H
#include "core/buf.h"

#define ES_PATTERN_WHY 160

/* Appends the pattern for PCRE2 (with PCRE2_UTF and PCRE2_ALLOW_EMPTY_CLASS) of text[0..len), which is UTF-8. -1: it is
 * not a pattern; why[] has the reason, with the place counted in bytes from 0. */
int es_pattern_translate(const char *text, size_t len, struct buf *out, char why[ES_PATTERN_WHY]);

#endif
