/* SPDX-License-Identifier: MIT */
/* host/schema/schema_internal.h - what the files host/schema*.c share: keywords, schemas looked up once, and the state
 * of one check. */
#ifndef ISO_HOST_SCHEMA_SCHEMA_INTERNAL_H
#define ISO_HOST_SCHEMA_SCHEMA_INTERNAL_H
#include "host/schema/pattern.h"
#include "host/schema/schema.h"

/* How deep schemas may be in each other, references followed: what bounds the stack. */
#define SCHEMA_MOST_DEPTH 256
/* Bytes of what is said of a value. */
#define SCHEMA_MOST_WHY 300

/* Id, name, and the form that its value must have: see schema_valid.c. Those from ANNOTATION on assert
 * nothing. */
#define SCHEMA_KEYWORDS(X)                                   \
    X(REF, "$ref", REFERENCE)                                \
    X(TYPE, "type", TYPES)                                   \
    X(ENUM, "enum", LIST)                                    \
    X(CONST, "const", ANY)                                   \
    X(PROPERTIES, "properties", SCHEMA_MAP)                  \
    X(PATTERN_PROPERTIES, "patternProperties", PATTERN_MAP)  \
    X(ADDITIONAL_PROPERTIES, "additionalProperties", SCHEMA) \
    X(PROPERTY_NAMES, "propertyNames", SCHEMA)               \
    X(REQUIRED, "required", NAMES)                           \
    X(MIN_PROPERTIES, "minProperties", SIZE)                 \
    X(MAX_PROPERTIES, "maxProperties", SIZE)                 \
    X(DEPENDENT_REQUIRED, "dependentRequired", NAMES_MAP)    \
    X(DEPENDENT_SCHEMAS, "dependentSchemas", SCHEMA_MAP)     \
    X(DEPENDENCIES, "dependencies", DEPENDENCY_MAP)          \
    X(PREFIX_ITEMS, "prefixItems", SCHEMA_LIST)              \
    X(ITEMS, "items", SCHEMA_OR_LIST)                        \
    X(ADDITIONAL_ITEMS, "additionalItems", SCHEMA)           \
    X(CONTAINS, "contains", SCHEMA)                          \
    X(MIN_CONTAINS, "minContains", SIZE)                     \
    X(MAX_CONTAINS, "maxContains", SIZE)                     \
    X(MIN_ITEMS, "minItems", SIZE)                           \
    X(MAX_ITEMS, "maxItems", SIZE)                           \
    X(UNIQUE_ITEMS, "uniqueItems", BOOLEAN)                  \
    X(MIN_LENGTH, "minLength", SIZE)                         \
    X(MAX_LENGTH, "maxLength", SIZE)                         \
    X(PATTERN, "pattern", PATTERN)                           \
    X(MINIMUM, "minimum", NUMBER)                            \
    X(MAXIMUM, "maximum", NUMBER)                            \
    X(EXCLUSIVE_MINIMUM, "exclusiveMinimum", NUMBER)         \
    X(EXCLUSIVE_MAXIMUM, "exclusiveMaximum", NUMBER)         \
    X(MULTIPLE_OF, "multipleOf", DIVISOR)                    \
    X(ALL_OF, "allOf", SCHEMA_LIST)                          \
    X(ANY_OF, "anyOf", SCHEMA_LIST)                          \
    X(ONE_OF, "oneOf", SCHEMA_LIST)                          \
    X(NOT, "not", SCHEMA)                                    \
    X(IF, "if", SCHEMA)                                      \
    X(THEN, "then", SCHEMA)                                  \
    X(ELSE, "else", SCHEMA)                                  \
    X(ANNOTATION, "$defs", SCHEMA_MAP)                       \
    X(DEFINITIONS, "definitions", SCHEMA_MAP)                \
    X(SCHEMA_URI, "$schema", TEXT)                           \
    X(ID, "$id", TEXT)                                       \
    X(ANCHOR, "$anchor", TEXT)                               \
    X(VOCABULARY, "$vocabulary", ANY)                        \
    X(COMMENT, "$comment", TEXT)                             \
    X(TITLE, "title", TEXT)                                  \
    X(DESCRIPTION, "description", TEXT)                      \
    X(DEFAULT, "default", ANY)                               \
    X(EXAMPLES, "examples", ANY)                             \
    X(EXAMPLE, "example", ANY)                               \
    X(DEPRECATED, "deprecated", BOOLEAN)                     \
    X(READ_ONLY, "readOnly", BOOLEAN)                        \
    X(WRITE_ONLY, "writeOnly", BOOLEAN)                      \
    X(FORMAT, "format", TEXT)                                \
    X(CONTENT_ENCODING, "contentEncoding", TEXT)             \
    X(CONTENT_MEDIA_TYPE, "contentMediaType", TEXT)          \
    X(CONTENT_SCHEMA, "contentSchema", SCHEMA)               \
    X(DISCRIMINATOR, "discriminator", ANY)

enum keyword {
#define X(id, name, form) KEYWORD_##id,
    SCHEMA_KEYWORDS(X)
#undef X
        KEYWORD_COUNT
};

/* The keyword that a literal names; KEYWORD_COUNT: none. */
enum keyword keyword_of(struct json name);

/* Types of JSON, and of what comes tagged. Whole numbers have both number bits. */
enum {
    TYPE_NULL = 1,
    TYPE_BOOLEAN = 2,
    TYPE_NUMBER = 4,
    TYPE_INTEGER = 8,
    TYPE_STRING = 16,
    TYPE_ARRAY = 32,
    TYPE_OBJECT = 64,
    TYPE_TAGGED = 128,
};

/* The bit of a type's name; 0: no type is called so. A list's are those of its items. */
unsigned type_named(struct json name);

/* ---- schemas, parsed on first use and kept for one check */

struct member {
    uint64_t hash;
    struct json name, value;
};

struct pattern_member {
    struct pattern *pattern;
    struct json value;
};

struct node {
    struct node *next; /* of all */
    struct json schema;
    int never;      /* the schema `false` */
    unsigned types; /* 0: any */
    struct json keyword[KEYWORD_ANNOTATION];
    struct json target; /* of $ref */
    struct pattern *pattern;
    struct member *members; /* `properties` by hash, member_mask + 1 places */
    size_t member_mask;
    struct pattern_member *patterns; /* `patternProperties` */
    size_t pattern_count;
};

struct schemas {
    struct json root;
    struct node *all, **table; /* by the address of the text */
    size_t count, mask;
};

/* NULL: no memory. A value that is no schema has no keywords. */
struct node *schemas_node(struct schemas *s, struct json schema);
/* Whether it was looked up before. */
int schemas_known(const struct schemas *s, struct json schema);
void schemas_free(struct schemas *s);

/* What a $ref stands for; .at is NULL if nothing. */
struct json schema_target(struct json root, struct json ref);

/* The schema of a property; .at is NULL if `properties` has none. */
struct json node_property(const struct node *n, struct json name);

uint64_t hash_letters(struct json literal);

/* ---- one check */

/* Where a value is inside of the one that is checked; lives on the stack. */
struct step {
    const struct step *up;
    enum { STEP_ITEM, STEP_MEMBER, STEP_NAME } kind;
    size_t index;
    struct json name;
};

struct check {
    struct schemas schemas;
    const char *name;
    struct buf *why;
    size_t start;        /* of what is said, in why */
    uint64_t work;       /* left, in something like nanoseconds */
    const char *stopped; /* why nothing can be said about the value */
    int silent;          /* in an alternative: nobody wants to know why */
    int depth;
};

/* A value, out of its tag. */
struct value {
    struct json text;
    unsigned type;
};
struct value value_of(struct check *c, struct json text);

/* -1 when the work is used up. */
int spend(struct check *c, uint64_t work);
int stop(struct check *c, const char *why);

int check_value(struct check *c, struct json schema, struct json value, const struct step *at);
/* The same without a word. */
int check_quietly(struct check *c, struct json schema, struct json value, const struct step *at);

int check_object(struct check *c, const struct node *n, struct json v, const struct step *at);
int check_array(struct check *c, const struct node *n, struct json v, const struct step *at);
int check_string(struct check *c, const struct node *n, struct json v, const struct step *at);
int check_number(struct check *c, const struct node *n, struct json v, const struct step *at);
int check_alternatives(struct check *c, const struct node *n, struct json v, const struct step *at);

/* Says that a value is of none of the types; -1. */
int wrong_type(struct check *c, unsigned types, struct value v, const struct step *at);

/* Whether a value is the one that stands in a schema. */
int is_same_as(struct check *c, struct json want, struct json v);
/* 0 when no two items are equal. */
int check_unique(struct check *c, struct json v, const struct step *at);

/* Whether an object has a member of this name. */
int has_named(struct check *c, struct json object, struct json name);

/* ---- saying why */

/* "args[0].city", from the steps that led there; cut in the middle when it is long. */
void put_place(struct buf *out, const char *name, const struct step *at);
/* A string, number or name as it stands in the text, cut when it is long. */
void put_brief(struct buf *out, struct json v);
/* "a string, a number or null" */
void put_types(struct buf *out, unsigned types);
/* What a value is: "a string", "NaN", "a Map". */
const char *what_is(struct value v);

/* The place, " must " and the text; -1, as all checks that fail. */
int must(struct check *c, const struct step *at, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* The start of such a message; 0 when nobody wants one, or nobody more. */
int must_begin(struct check *c, const struct step *at);

#endif
