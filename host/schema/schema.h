/* SPDX-License-Identifier: MIT */
/* host/schema/schema.h - JSON Schema for the arguments of host tools: the core, applicators and validation keywords
 * of 2020-12, with the spellings of draft-07 that tool definitions still use (`definitions`, `dependencies`,
 * `items` as a list with `additionalItems`).
 *
 * Not part of it, and refused by schema_valid(): references to other documents or anchors, `$dynamicRef`,
 * `unevaluatedItems`, `unevaluatedProperties`, `multipleOf` with more than 18 digits, and any name that is no
 * keyword and does not begin with "x-". `format` and the content keywords are annotations. Patterns are those
 * of PCRE2 in its JavaScript-like mode; \d, \w and \s are ASCII.
 *
 * Values are what a worker sends (contract, section 5). What JSON has no type for comes as a tagged object,
 * fits no `type`, `const` or `enum`, and satisfies a schema that asks for none of these: a bigint, undefined,
 * a Map, also NaN and the infinities, which the program that gets the arguments would not find to be numbers.
 * An object tagged as data that has a member "$type" is the object inside. Of members that stand more than
 * once, each has to fit.
 *
 * A value may be hostile: the stack that is taken grows with the depth of the schema (at most 256 schemas
 * deep), and the work with the length of the value, up to a bound; what takes more is refused. `uniqueItems`
 * looks at no more than a million items. */
#ifndef ISO_HOST_SCHEMA_SCHEMA_H
#define ISO_HOST_SCHEMA_SCHEMA_H
#include "core/error.h"
#include "core/json_walk.h"

/* Whether `schema` (checked JSON text) is one that schema_check() can hold values to: every keyword known and
 * of the right type, every $ref resolvable, every pattern one that compiles. Fails as USAGE, with the place
 * inside the schema behind `where`. */
int schema_valid(struct json schema, const char *where, struct iso_err *err);

/* Whether a value fits a schema that schema_valid() accepts: 0, or -1 and *why (appended, some 300 bytes of
 * plain text) says where what was expected: "args[0].city must be a string, not a number". `name` is what the
 * value is called there ("args[0]"). */
int schema_check(struct json schema, struct json value, const char *name, struct buf *why);

#endif
