/* SPDX-License-Identifier: MIT */
/* host/schema/schema_internal.h - for the files host/schema/schema*.c: compiled schemas, and the state of a check. */
#ifndef ISO_HOST_SCHEMA_SCHEMA_INTERNAL_H
#define ISO_HOST_SCHEMA_SCHEMA_INTERNAL_H
#include "core/arena.h"
#include "core/json_names.h"
#include "core/value_tags.h"
#include "host/schema/keywords.h"
#include "host/schema/pattern.h"
#include "host/schema/pointer.h"
#include "host/schema/schema.h"

/* The most schemas inside of each other, references included; limits the stack. */
#define SCHEMA_MOST_DEPTH 256
/* Bytes of a message about a value. */
#define SCHEMA_MOST_WHY 300

/* ---- compiled schemas; the arena of the schema holds them */

struct node;

struct node_list {
    size_t count;
    const struct node *list[];
};

struct name_list {
    size_t count;
    struct json list[];
};

/* Members of an object in their order: each has a schema or, for dependencies, a list of required names. */
struct node_map {
    size_t count;
    uint32_t *by_name; /* indexes into list, sorted by name */
    struct {
        struct json name;
        const struct node *node;
        const struct name_list *names;
        const struct pattern *pattern; /* of patternProperties: the name */
    } list[];
};

struct keyword_value {
    struct json text; /* the value in the schema */
    union {
        const struct node *node;
        const struct node_list *nodes;
        const struct node_map *map;
        const struct name_list *names;
        const struct pattern *pattern;
        uint64_t size;
        double number;
        int on;
    };
};

struct node {
    struct json text;
    uint64_t present;                   /* a bit for each keyword of this schema that checks something */
    const struct keyword_value *values; /* of those keywords, in the order of their ids */
    unsigned types;                     /* of `type`; 0: any */
    int never;                          /* the schema `false` */
};

/* The value of a keyword; NULL: the schema does not have it. */
static inline const struct keyword_value *node_value(const struct node *n, enum keyword k)
{
    uint64_t bit = 1ull << k;

    return n->present & bit ? &n->values[__builtin_popcountll(n->present & (bit - 1))] : NULL;
}

/* The index of the member with this name, the last one if it is repeated; -1: there is none. */
ptrdiff_t node_map_find(const struct node_map *m, struct json name);

struct schema {
    struct arena arena;
    struct json text;
    const struct node *root;
    struct pattern **patterns; /* owned; a list to free them */
    size_t pattern_count;
};

/* ---- compiling */

struct step;

struct compiler {
    struct schema *schema;
    const char *where; /* the schema's name in messages */
    struct iso_err *err;
    void *nodes;                       /* owned, a tree of tsearch(3); by the address of their text */
    struct keyword_value **references; /* owned; each $ref whose node is not known yet */
    size_t reference_count;
    struct pointers pointers;
    int depth;
};

/* Fails with "WHERE.PLACE: what shown" in c->err; returns -1. shown.at may be NULL. */
int compile_wrong(const struct compiler *c, const struct step *at, const char *what, struct json shown);
int compile_no_memory(const struct compiler *c);

/* The node of a schema in the document; the same node for the same place. */
int compile_node(struct compiler *c, struct json text, const struct step *at, const struct node **out);

/* Checks that the value of a keyword has its form, and fills *to. */
int compile_form(struct compiler *c, enum keyword_form form, struct json value, const struct step *at,
                 struct keyword_value *to);

/* The first remembers a $ref whose target is not known yet; the second resolves all of them. */
int compile_reference(struct compiler *c, struct keyword_value *ref);
int compile_references(struct compiler *c);
void compile_references_free(struct compiler *c);

/* ---- one check */

/* A step from the checked value to one inside of it; on the stack. */
struct step {
    const struct step *up;
    enum { STEP_ITEM, STEP_MEMBER, STEP_NAME } kind;
    size_t index;
    struct json name;
};

struct check {
    struct work *work;
    const char *name;
    struct buf *why;
    size_t start;        /* of the message, in why */
    const char *stopped; /* why the check cannot be finished */
    struct matcher matcher;
    int silent; /* in an alternative, where no message is wanted */
    int depth;
};

/* The members or items of a value that some keyword has evaluated: for `unevaluated...`. */
struct marks {
    uint64_t *bits; /* owned */
    size_t count;   /* of members or items */
};

/* A value without its tag. */
struct value {
    struct json text;
    unsigned type;
};
struct value value_of(struct check *c, struct json text);

/* Takes work from the budget. -1 when it is used up. */
int spend(struct check *c, uint64_t work);
int stop(struct check *c, const char *why);
int out_of_work(struct check *c);

/* Checks a value. 0, or -1: it does not fit, or the check has been stopped. marks (NULL: not wanted) are those of this
 * value; after -1 they are invalid. */
int check_value(struct check *c, const struct node *n, struct json value, const struct step *at,
                struct marks *marks);
/* Like check_value() without a message; adds marks only if the value fits. */
int check_branch(struct check *c, const struct node *n, struct json value, const struct step *at,
                 struct marks *marks);

int check_object(struct check *c, const struct node *n, struct json v, const struct step *at,
                 struct marks *marks);
int check_array(struct check *c, const struct node *n, struct json v, const struct step *at,
                struct marks *marks);
/* 1 when v stands for a string that is not well-formed, in the form that iso4-result(5) describes. */
int is_tagged_string(struct json v);
int check_string(struct check *c, const struct node *n, struct json v, const struct step *at);
int check_number(struct check *c, const struct node *n, struct json v, const struct step *at);
int check_alternatives(struct check *c, const struct node *n, struct json v, const struct step *at,
                       struct marks *marks);

/* ---- marks (schema_marks.c) */

/* Starts with no marks. -1: no memory, or no work left. */
int marks_open(struct check *c, struct marks *m, size_t count);
void marks_free(struct marks *m);
/* Both accept NULL. */
void marks_set(struct marks *m, size_t index);
int marks_has(const struct marks *m, size_t index);
void marks_set_all(struct marks *m);
void marks_merge(struct marks *to, const struct marks *from);

/* 1 when a node has a keyword that needs the marks of a value of this type. */
int node_needs_marks(const struct node *n, unsigned type);
/* Checks `unevaluatedProperties` and `unevaluatedItems`, after all other keywords have set their marks. */
int check_unevaluated(struct check *c, const struct node *n, struct value v, const struct step *at,
                      struct marks *marks);

/* ---- comparing values (schema_equal.c) */

/* Writes the message that a value has none of the types; returns -1. */
int wrong_type(struct check *c, unsigned types, struct value v, const struct step *at);
/* 1 when a value is equal to a constant of the schema. */
int is_same_as(struct check *c, struct json want, struct json v);
/* 0 when no two items are equal. */
int check_unique(struct check *c, struct json v, const struct step *at);

/* ---- messages (schema_why.c) */

/* Appends "args[0].city", from the steps to the value; a long place is cut in the middle. */
void put_place(struct buf *out, const char *name, const struct step *at);
/* Appends a string, number or name as it is in the text; a long one is cut. */
void put_brief(struct buf *out, struct json v);
/* Appends "a string, a number or null". */
void put_types(struct buf *out, unsigned types);
/* The kind of a value: "a string", "NaN", "a Map". */
const char *what_is(struct value v);

/* Writes a message: the place, " must " and the text. Returns -1, like all checks that fail. */
int must(struct check *c, const struct step *at, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* Writes the start of such a message; 0 when no message is wanted, or one is written already. */
int must_begin(struct check *c, const struct step *at);

#endif
