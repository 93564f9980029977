/* SPDX-License-Identifier: MIT */
/* core/value_tags.h - the values that JSON lacks, as objects with a member "$type": one table for the encoder and the
 * decoder of the worker, messages about schemas and TypeScript types. iso4-result(5) describes the other members. A new
 * tag is a row here, a case in worker/encode.cc and one in worker/prelude/revive.js; tests/t-tags.sh tries each row. */
#ifndef ISO_CORE_VALUE_TAGS_H
#define ISO_CORE_VALUE_TAGS_H
struct json; /* core/json_walk.h */

#ifdef __cplusplus
extern "C" {
#endif

#define VALUE_TAG_KEY "$type"

/* In messages: a value whose tag is unknown, or whose other members are missing. */
#define VALUE_TAGGED "a tagged value"

/* name of the class, what messages call it */
#define ISO_VIEW_TAGS(X)                        \
    X(Uint8Array, "a Uint8Array")               \
    X(Uint8ClampedArray, "a Uint8ClampedArray") \
    X(Int8Array, "an Int8Array")                \
    X(Uint16Array, "a Uint16Array")             \
    X(Int16Array, "an Int16Array")              \
    X(Uint32Array, "a Uint32Array")             \
    X(Int32Array, "an Int32Array")              \
    X(Float16Array, "a Float16Array")           \
    X(Float32Array, "a Float32Array")           \
    X(Float64Array, "a Float64Array")           \
    X(BigUint64Array, "a BigUint64Array")       \
    X(BigInt64Array, "a BigInt64Array")         \
    X(DataView, "a DataView")

/* name, its TypeScript type, what messages call it. Objects with a "$type" of their own, and objects, strings and numbers
 * that JSON cannot hold, have the types of other objects, strings and numbers. */
#define ISO_VALUE_TAGS(X)                    \
    X(object, "unknown", VALUE_TAGGED)       \
    X(string, "string", VALUE_TAGGED)        \
    X(number, "number", VALUE_TAGGED)        \
    X(bigint, "bigint", "a bigint")          \
    X(undefined, "undefined", "undefined")   \
    X(date, "Date", "a Date")                \
    X(map, "Map<unknown, unknown>", "a Map") \
    X(set, "Set<unknown>", "a Set")          \
    X(regexp, "RegExp", "a RegExp")          \
    X(error, "Error", "an Error")            \
    X(ArrayBuffer, "ArrayBuffer", "an ArrayBuffer")

enum value_tag {
    TAG_NONE,    /* no member "$type" */
    TAG_UNKNOWN, /* "$type" is no string, or one that is not in the table */
#define X(name, ...) TAG_##name,
    ISO_VALUE_TAGS(X) ISO_VIEW_TAGS(X)
#undef X
        TAG_COUNT
};

struct value_tag_row {
    const char *name, *type, *said;
};

/* By enum value_tag; the rows of TAG_NONE and TAG_UNKNOWN have no name. */
extern const struct value_tag_row value_tags[TAG_COUNT];

/* The tag of an object, by its member "$type". The other members are not checked. */
enum value_tag value_tag_of(struct json object);

#ifdef __cplusplus
}
#endif
#endif
