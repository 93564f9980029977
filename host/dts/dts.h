/* SPDX-License-Identifier: MIT */
/* host/dts/dts.h - TypeScript declarations of host tools from their JSON Schemas.
 *
 * A type says what a schema says as far as TypeScript can: enum and const become literals, anyOf and oneOf
 * unions, allOf an intersection, tuples and index signatures what they are in JSON; lengths, ranges,
 * patterns, `not` and `if` have no counterpart. References are written out; one that leads back to itself,
 * and what would get longer than some 100 kB that way, is `unknown` with a comment. The text depends on the
 * schema only, and is for people too: nothing that drives a terminal gets into it, nor anything that ends a
 * comment or a literal. Schemas and values are checked JSON; those that schema_valid() (host/schema/schema.h)
 * refuses have no sensible type, but some type. */
#ifndef ISO_HOST_DTS_DTS_H
#define ISO_HOST_DTS_DTS_H
#include "core/json_walk.h"

/* Appends the type that a schema describes; lines after the first begin with `indent` spaces, and two more
 * for what is inside. */
void dts_type(struct buf *out, struct json schema, int indent);

/* Appends the type of a JSON value, widened: "a" is a string. Tagged values (contract, section 5) have the
 * type that they are revived as. */
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

/* Whether a string literal is a name that can be declared: an identifier and no word that means something
 * else. What newer versions of Unicode call letters is none. */
int dts_is_identifier(struct json name);

#endif
