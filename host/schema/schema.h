/* SPDX-License-Identifier: MIT */
/* host/schema/schema.h - JSON Schema for the arguments of host tools: the core, applicators, unevaluated and
 * validation keywords of 2020-12, with the spellings of draft-07 that tool definitions still use (`definitions`,
 * `dependencies`, `items` as a list with `additionalItems`).
 *
 * schema_compile() once a definition, schema_check() for each value, schema_free() at the end. A compiled schema
 * is only read: several threads may check with one.
 *
 * Refused by schema_compile(): references to other documents or anchors, `$dynamicRef` and `$recursiveRef`,
 * `multipleOf` with more than 18 digits, and names that are nearly those of keywords. Any other name that is
 * unknown is an annotation (2020-12, section 6.5), as `format` and the content keywords are. host/schema/keywords.h
 * has the list. Patterns are those of ECMAScript: host/schema/es_pattern.h and pattern.h say where they differ.
 *
 * Values are what a worker sends (iso4-result(5)). What JSON has no type for comes as a tagged object, fits no
 * `type`, `const` or `enum`, and satisfies a schema that asks for none of these: a bigint, undefined, a Map, also
 * NaN and the infinities, which the program that gets the arguments would not find to be numbers. An object
 * tagged as data that has a member "$type" is the object inside. Of members that stand more than once, each has
 * to fit.
 *
 * A value may be hostile: the stack that is taken grows with the depth of the schema (at most 256 schemas deep),
 * and the work is paid from a budget. `uniqueItems` looks at no more than a million items. */
#ifndef ISO_HOST_SCHEMA_SCHEMA_H
#define ISO_HOST_SCHEMA_SCHEMA_H
#include "core/error.h"
#include "core/json_walk.h"
#include "host/schema/work.h"

struct schema;

/* Reads `text` (checked JSON, which must live as long as the schema): every keyword of the right type, every
 * $ref resolvable, every pattern one that compiles. The caller owns *out. Fails as USAGE, with the place inside
 * the schema behind `where`, or as INTERNAL without memory; *out is NULL then. */
int schema_compile(struct json text, const char *where, struct schema **out, struct iso_err *err);
void schema_free(struct schema *s);

/* As it was given to schema_compile(). */
struct json schema_text(const struct schema *s);

enum schema_answer { SCHEMA_FITS, SCHEMA_DIFFERS, SCHEMA_UNDECIDED };

/* The most that checking a value of so many bytes may cost: some seconds, for 64 MiB that were made to take them. */
uint64_t schema_work_for(size_t bytes);

/* Whether a value fits. DIFFERS: *why (appended, some 300 bytes of plain text) says where what was expected:
 * "args[0].city must be a string, not a number". UNDECIDED: the work is used up, or there is no memory, which
 * *why says. `name` is what the value is called there ("args[0]"). */
enum schema_answer schema_check(const struct schema *s, struct json value, const char *name,
                                struct work *work, struct buf *why);

#endif
