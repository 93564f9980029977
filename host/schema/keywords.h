/* SPDX-License-Identifier: MIT */
/* host/schema/keywords.h - the table of all keywords of JSON Schema that iso4 knows: for the compiler, the checks,
 * messages, and the test of the manual. */
#ifndef ISO_HOST_SCHEMA_KEYWORDS_H
#define ISO_HOST_SCHEMA_KEYWORDS_H
#include "core/json_walk.h"

/* Id, name, and the form that its value must have: see schema_form.c. Keywords from DEFS on are annotations. */
#define SCHEMA_KEYWORDS(X)                                     \
    X(REF, "$ref", REFERENCE)                                  \
    X(TYPE, "type", TYPES)                                     \
    X(ENUM, "enum", VALUES)                                    \
    X(CONST, "const", ANY)                                     \
    X(PROPERTIES, "properties", SCHEMA_MAP)                    \
    X(PATTERN_PROPERTIES, "patternProperties", PATTERN_MAP)    \
    X(ADDITIONAL_PROPERTIES, "additionalProperties", SCHEMA)   \
    X(PROPERTY_NAMES, "propertyNames", SCHEMA)                 \
    X(REQUIRED, "required", NAMES)                             \
    X(MIN_PROPERTIES, "minProperties", SIZE)                   \
    X(MAX_PROPERTIES, "maxProperties", SIZE)                   \
    X(DEPENDENT_REQUIRED, "dependentRequired", NAMES_MAP)      \
    X(DEPENDENT_SCHEMAS, "dependentSchemas", SCHEMA_MAP)       \
    X(DEPENDENCIES, "dependencies", DEPENDENCY_MAP)            \
    X(PREFIX_ITEMS, "prefixItems", SCHEMA_LIST)                \
    X(ITEMS, "items", SCHEMA_OR_LIST)                          \
    X(ADDITIONAL_ITEMS, "additionalItems", SCHEMA)             \
    X(CONTAINS, "contains", SCHEMA)                            \
    X(MIN_CONTAINS, "minContains", SIZE)                       \
    X(MAX_CONTAINS, "maxContains", SIZE)                       \
    X(MIN_ITEMS, "minItems", SIZE)                             \
    X(MAX_ITEMS, "maxItems", SIZE)                             \
    X(UNIQUE_ITEMS, "uniqueItems", BOOLEAN)                    \
    X(MIN_LENGTH, "minLength", SIZE)                           \
    X(MAX_LENGTH, "maxLength", SIZE)                           \
    X(PATTERN, "pattern", PATTERN)                             \
    X(MINIMUM, "minimum", NUMBER)                              \
    X(MAXIMUM, "maximum", NUMBER)                              \
    X(EXCLUSIVE_MINIMUM, "exclusiveMinimum", NUMBER)           \
    X(EXCLUSIVE_MAXIMUM, "exclusiveMaximum", NUMBER)           \
    X(MULTIPLE_OF, "multipleOf", DIVISOR)                      \
    X(ALL_OF, "allOf", SCHEMA_LIST)                            \
    X(ANY_OF, "anyOf", SCHEMA_LIST)                            \
    X(ONE_OF, "oneOf", SCHEMA_LIST)                            \
    X(NOT, "not", SCHEMA)                                      \
    X(IF, "if", SCHEMA)                                        \
    X(THEN, "then", SCHEMA)                                    \
    X(ELSE, "else", SCHEMA)                                    \
    X(UNEVALUATED_ITEMS, "unevaluatedItems", SCHEMA)           \
    X(UNEVALUATED_PROPERTIES, "unevaluatedProperties", SCHEMA) \
    X(DEFS, "$defs", SCHEMA_MAP)                               \
    X(DEFINITIONS, "definitions", SCHEMA_MAP)                  \
    X(SCHEMA_URI, "$schema", TEXT)                             \
    X(ID, "$id", TEXT)                                         \
    X(ANCHOR, "$anchor", TEXT)                                 \
    X(VOCABULARY, "$vocabulary", ANY)                          \
    X(COMMENT, "$comment", TEXT)                               \
    X(TITLE, "title", TEXT)                                    \
    X(DESCRIPTION, "description", TEXT)                        \
    X(DEFAULT, "default", ANY)                                 \
    X(EXAMPLES, "examples", ANY)                               \
    X(EXAMPLE, "example", ANY)                                 \
    X(DEPRECATED, "deprecated", BOOLEAN)                       \
    X(READ_ONLY, "readOnly", BOOLEAN)                          \
    X(WRITE_ONLY, "writeOnly", BOOLEAN)                        \
    X(FORMAT, "format", TEXT)                                  \
    X(CONTENT_ENCODING, "contentEncoding", TEXT)               \
    X(CONTENT_MEDIA_TYPE, "contentMediaType", TEXT)            \
    X(CONTENT_SCHEMA, "contentSchema", SCHEMA)                 \
    X(DISCRIMINATOR, "discriminator", ANY)                     \
    X(DYNAMIC_REF, "$dynamicRef", REFUSED)                     \
    X(RECURSIVE_REF, "$recursiveRef", REFUSED)

enum keyword {
#define X(id, name, form) KEYWORD_##id,
    SCHEMA_KEYWORDS(X)
#undef X
        KEYWORD_COUNT
};

#define KEYWORD_ANNOTATION KEYWORD_DEFS /* from here on keywords check nothing */

enum keyword_form {
    FORM_ANY,
    FORM_REFUSED, /* a keyword that iso4 cannot check */
    FORM_TEXT,
    FORM_BOOLEAN,
    FORM_NUMBER,
    FORM_DIVISOR,
    FORM_SIZE,
    FORM_TYPES,
    FORM_VALUES,
    FORM_NAMES,
    FORM_NAMES_MAP,
    FORM_PATTERN,
    FORM_REFERENCE,
    FORM_SCHEMA,
    FORM_SCHEMA_LIST,
    FORM_SCHEMA_OR_LIST,
    FORM_SCHEMA_MAP,
    FORM_PATTERN_MAP,
    FORM_DEPENDENCY_MAP,
};

struct keyword_row {
    const char *name;
    enum keyword_form form;
};
extern const struct keyword_row keyword_rows[KEYWORD_COUNT];

/* The keyword with this name; KEYWORD_COUNT: none. */
enum keyword keyword_of(struct json name);

/* The keyword that is probably meant by an unknown name: other case, one letter added or missing, one letter changed
 * in a long name, or two neighbours swapped. KEYWORD_COUNT: none, so the name is an annotation of some dialect. */
enum keyword keyword_meant(struct json name);

/* Types of JSON, and of tagged values. Whole numbers have both number bits. */
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

/* The bit of the type with this name; 0: unknown. For a list of names the bits of all. */
unsigned type_named(struct json name);

#endif
