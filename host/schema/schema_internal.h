/* SPDX-License-Identifier: MIT */
/* host/schema/schema_internal.h - what the files host/schema/schema*.c share: compiled schemas, and the state of one
 * check. */
#ifndef ISO_HOST_SCHEMA_SCHEMA_INTERNAL_H
#define ISO_HOST_SCHEMA_SCHEMA_INTERNAL_H
#include "core/arena.h"
#include "core/json_names.h"
#include "host/schema/keywords.h"
#include "host/schema/pattern.h"
#include "host/schema/pointer.h"
#include "host/schema/schema.h"

/* How deep schemas may be in each other, references followed: bounds the stack. */
#define SCHEMA_MOST_DEPTH 256
/* Bytes of a message about a value. */
#define SCHEMA_MOST_WHY 300

/* ---- compiled schemas; all of it lives in the arena of the schema */

struct node;

struct node_list {
    size_t count;
    const struct node *list[];
};

struct name_list {
    size_t count;
    struct json list[];
};

/* Members of an object in their order: each has a schema or, of dependencies, names that are required. */
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
    struct json text; /* as it stands in the schema */
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
    uint64_t present;                   /* a bit for each keyword that asserts something here */
    const struct keyword_value *values; /* of those, in the order of their ids */
    unsigned types;                     /* of `type`; 0: any */
    int never;                          /* the schema `false` */
};

/* The value of a keyword; NULL: the schema does not have it. */
static inline const struct keyword_value *node_value(const struct node *n, enum keyword k)
{
    uint64_t bit = 1ull << k;

    return n->present & bit ? &n->values[__builtin_popcountll(n->present & (bit - 1))] : NULL;
}

/* The member of this name, the last one if it stands more than once: its index; -1: there is none. */
ptrdiff_t node_map_find(const struct node_map *m, struct json name);

struct schema {
    struct arena arena;
    struct json text;
    const struct node *root;
    struct pattern **patterns; /* owned, for their end */
    size_t pattern_count;
};

/* ---- compiling */

struct step;

struct compiler {
    struct schema *schema;
    const char *where; /* the schema's name in messages */
    struct iso_err *err;
    void *nodes;                       /* owned, of tsearch(3); by the address of their text */
    struct keyword_value **references; /* owned; each $ref, whose node is not known yet */
    size_t reference_count;
    struct pointers pointers;
    int depth;
};

/* Returns -1, with "WHERE.PLACE: what shown" in c->err. shown.at may be NULL. */
int compile_wrong(const struct compiler *c, const struct step *at, const char *what, struct json shown);
int compile_no_memory(const struct compiler *c);

/* The node of a schema that stands in the document; the same for the same place. */
int compile_node(struct compiler *c, struct json text, const struct step *at, const struct node **out);

/* Checks that the value of a keyword has its form, and fills *to. */
int compile_form(struct compiler *c, enum keyword_form form, struct json value, const struct step *at,
                 struct keyword_value *to);

/* Remembers a $ref whose target is to be filled in; resolves all of them. */
int compile_reference(struct compiler *c, struct keyword_value *ref);
int compile_references(struct compiler *c);
void compile_references_free(struct compiler *c);

/* ---- one check */

/* Where a value is inside of the one that is checked; lives on the stack. */
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
    const char *stopped; /* why nothing can be said about the value */
    struct matcher matcher;
    int silent; /* in an alternative: no message is wanted */
    int depth;
};

/* Which members or items of a value some keyword has looked at: for `unevaluated...`. */
struct marks {
    uint64_t *bits; /* owned */
    size_t count;   /* of members or items */
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
int out_of_work(struct check *c);

/* 0, or -1: it does not fit, or the check has been stopped. marks (NULL: not wanted) are those of this very value;
 * after -1 they mean nothing. */
int check_value(struct check *c, const struct node *n, struct json value, const struct step *at,
                struct marks *marks);
/* The same without a message; marks are added to only if it fits. */
int check_branch(struct check *c, const struct node *n, struct json value, const struct step *at,
                 struct marks *marks);

int check_object(struct check *c, const struct node *n, struct json v, const struct step *at,
                 struct marks *marks);
int check_array(struct check *c, const struct node *n, struct json v, const struct step *at,
                struct marks *marks);
int check_string(struct check *c, const struct node *n, struct json v, const struct step *at);
int check_number(struct check *c, const struct node *n, struct json v, const struct step *at);
int check_alternatives(struct check *c, const struct node *n, struct json v, const struct step *at,
                       struct marks *marks);

/* ---- marks (schema_marks.c) */

/* -1: no memory, or no work left. */
int marks_open(struct check *c, struct marks *m, size_t count);
void marks_free(struct marks *m);
/* Both take NULL. */
void marks_set(struct marks *m, size_t index);
int marks_has(const struct marks *m, size_t index);
void marks_set_all(struct marks *m);
void marks_merge(struct marks *to, const struct marks *from);

/* Whether a node has a keyword that needs the marks of a value of this type. */
int node_needs_marks(const struct node *n, unsigned type);
/* `unevaluatedProperties` and `unevaluatedItems`, when all other keywords have set their marks. */
int check_unevaluated(struct check *c, const struct node *n, struct value v, const struct step *at,
                      struct marks *marks);

/* ---- values among each other (schema_equal.c) */

/* Says that a value is of none of the types; -1. */
int wrong_type(struct check *c, unsigned types, struct value v, const struct step *at);
/* Whether a value is the one that stands in a schema. */
int is_same_as(struct check *c, struct json want, struct json v);
/* 0 when no two items are equal. */
int check_unique(struct check *c, struct json v, const struct step *at);

/* ---- messages (schema_why.c) */

/* "args[0].city", from the steps that led there; cut in the middle when it is long. */
void put_place(struct buf *out, const char *name, const struct step *at);
/* A string, number or name as it stands in the text, cut when it is long. */
void put_brief(struct buf *out, struct json v);
/* "a string, a number or null" */
void put_types(struct buf *out, unsigned types);
/* The nature of a value: "a string", "NaN", "a Map". */
const char *what_is(struct value v);

/* The place, " must " and the text; -1, as all checks that fail. */
int must(struct check *c, const struct step *at, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* The start of such a message; 0 when none is wanted, or no more. */
int must_begin(struct check *c, const struct step *at);

#endif
