/* SPDX-License-Identifier: MIT */
/* host/dts/dts.h - TypeScript declarations of host tools from their JSON Schemas.
 *
 * A type expresses as much of a schema as TypeScript can: enum and const become literals, anyOf and oneOf unions, allOf
 * an intersection, arrays tuples, and other properties an index signature; lengths, ranges, patterns, `not` and `if`
 * are ignored. References are inlined; a reference to itself, and one that would make the text longer than about 100
 * kB, is `unknown` with a comment. The text depends on the schema only. It is safe to print: it holds no characters
 * that a terminal acts on, and no text of the schema can end a comment or a literal. Schemas and values are checked
 * JSON; for schemas that schema_compile() (host/schema/schema.h) refuses, the type is valid but may make no sense. */
#ifndef ISO_HOST_DTS_DTS_H
#define ISO_HOST_DTS_DTS_H
#include "core/json_walk.h"

/* Appends the type of a schema; lines after the first begin with `indent` spaces, and two more for each level. */
void dts_type(struct buf *out, struct json schema, int indent);

/* Appends the type of a JSON value, widened: "a" is a string. Tagged values (iso4-result(5)) have the type of the
 * object that they become. */
void dts_type_of_value(struct buf *out, struct json value, int indent);

/* Appends the parameters of a function, without parentheses, from its `parameters` schema (.at NULL: there is
 * none). A schema of type "array" describes the arguments: `prefixItems` in their order, named by their
 * `title` if it can be a name, optional from `minItems` on; `items` the rest. Any other describes the only
 * argument, which can be left out if it is an object that needs no property. `indent` is that of the
 * declaration. */
void dts_parameters(struct buf *out, struct json schema, int indent);

/* Appends a doc comment of a description (a string literal, or .at NULL), and the end of its line; nothing
 * for one that is empty. */
void dts_comment(struct buf *out, struct json description, int indent);

/* Appends a property name: an identifier as it is, anything else as a string literal. */
void dts_property_name(struct buf *out, struct json name);

/* 1 when a string literal is a name that can be declared: an identifier and not a reserved word. Letters of the newest
 * versions of Unicode are not accepted. */
int dts_is_identifier(struct json name);

#endif
