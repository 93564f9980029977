/* SPDX-License-Identifier: MIT */
/* host/schema/schema.h - JSON Schema for the arguments of host tools: the core, applicators, unevaluated and
 * validation keywords of 2020-12, with the spellings of draft-07 that tool definitions still use (`definitions`,
 * `dependencies`, `items` as a list with `additionalItems`).
 *
 * schema_compile() once a definition, schema_check() for each value, schema_free() at the end. A compiled schema
 * is only read: several threads may check with one.
 *
 * Refused by schema_compile(): references to other documents or anchors, `$dynamicRef` and `$recursiveRef`,
 * `multipleOf` with more than 18 digits, and names that are nearly those of keywords. Other unknown names are
 * annotations (2020-12, section 6.5), as are `format` and the content keywords. host/schema/keywords.h has the list.
 * Patterns are those of ECMAScript, with the differences in host/schema/es_pattern.h and pattern.h.
 *
 * Values are those that a worker sends (iso4-result(5)). Values that JSON cannot express are tagged objects: a bigint,
 * undefined, a Map, also NaN and the infinities, because the program that gets the arguments would not see them as
 * numbers. They fit no `type`, `const` or `enum`, but do fit a schema without these. An object that is tagged only
 * because it has a member "$type" counts as that object. A tagged
 * string counts as a string, with U+FFFD in place of lone surrogates for patterns; it equals no string of a `const` or
 * `enum`. Of repeated members each has to fit.
 *
 * A value may be hostile: the stack grows only with the depth of the schema (at most 256 schemas deep), and the work is
 * limited by a budget. `uniqueItems` checks at most a million items. */
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

/* The text that was given to schema_compile(). */
struct json schema_text(const struct schema *s);

enum schema_answer { SCHEMA_FITS, SCHEMA_DIFFERS, SCHEMA_UNDECIDED };

/* The work that checking a value of this size may take: at most some seconds, for 64 MiB of hostile input. */
uint64_t schema_work_for(size_t bytes);

/* Checks a value. DIFFERS: *why (appended, some 300 bytes of plain text) has the place and the fault: "args[0].city
 * must be a string, not a number". UNDECIDED: the work is used up, or there is no memory; *why says which. `name`
 * stands for the value in messages ("args[0]"). */
enum schema_answer schema_check(const struct schema *s, struct json value, const char *name,
                                struct work *work, struct buf *why);

#endif
