/* SPDX-License-Identifier: MIT */
/* Compiles a schema: checks each keyword and its form, resolves references, compiles patterns, and makes the nodes for
 * checks. */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "host/schema/schema_internal.h"

/* Nesting of the schema's text, because comparing with a constant recurses into it. */
#define MOST_NESTING 512

/* The nodes of `true` and `false`, which most inner schemas are. */
static const struct node anything = {.text = {"true", 4}};
static const struct node nothing = {.text = {"false", 5}, .never = 1};

int compile_wrong(const struct compiler *c, const struct step *at, const char *what, struct json shown)
{
    struct buf text = {0};

    put_place(&text, c->where, at);
    buf_printf(&text, ": %s", what);
    if (shown.at) {
        buf_byte(&text, ' ');
        put_brief(&text, shown);
    }
    buf_byte(&text, 0);
    iso_fail(c->err, ISO_USAGE, "%s", text.failed ? "no memory" : text.data);
    buf_free(&text);
    return -1;
}

int compile_no_memory(const struct compiler *c)
{
    return iso_fail(c->err, ISO_INTERNAL, "out of memory");
}

static int wrong_schema(const struct compiler *c, const struct step *at, const char *what)
{
    return compile_wrong(c, at, what, (struct json){NULL, 0});
}

/* ---- keywords */

static int unknown_keyword(const struct compiler *c, struct json name, const struct step *at)
{
    enum keyword meant = keyword_meant(name);
    struct buf text = {0};
    int rc;

    if (meant == KEYWORD_COUNT)
        return 0; /* an annotation */
    buf_str(&text, "unknown keyword ");
    put_brief(&text, name);
    buf_printf(&text, " (did you mean \"%s\"?)", keyword_rows[meant].name);
    buf_byte(&text, 0);
    rc = text.failed ? compile_no_memory(c) : wrong_schema(c, at, text.data);
    buf_free(&text);
    return rc;
}

/* Finds the keywords of a schema, as bits. */
static int find_keywords(const struct compiler *c, struct json schema, const struct step *at, uint64_t *seen)
{
    struct json name, value;

    _Static_assert(KEYWORD_COUNT <= 64, "a bit for each");
    *seen = 0;
    for (struct json_walk w = json_walk(schema); json_next(&w, &name, &value);) {
        enum keyword k = keyword_of(name);

        if (k == KEYWORD_COUNT) {
            if (unknown_keyword(c, name, at) < 0)
                return -1;
        } else if (*seen >> k & 1) {
            return compile_wrong(c, at, "stands twice:", name);
        } else {
            *seen |= 1ull << k;
        }
    }
    return 0;
}

static int compile_keyword(struct compiler *c, struct node *n, enum keyword k, struct json value,
                           const struct step *at)
{
    struct keyword_value unused = {0};
    struct keyword_value *to = k < KEYWORD_ANNOTATION ? (struct keyword_value *)node_value(n, k) : &unused;

    to->text = value;
    if (compile_form(c, keyword_rows[k].form, value, at, to) < 0)
        return -1;
    if (k == KEYWORD_TYPE)
        n->types = type_named(value);
    return 0;
}

/* Refuses `items` as a list beside `prefixItems`: both describe the first items. */
static int check_items(const struct compiler *c, const struct node *n, const struct step *at)
{
    const struct keyword_value *items = node_value(n, KEYWORD_ITEMS);

    return items && *items->text.at == '[' && node_value(n, KEYWORD_PREFIX_ITEMS)
               ? wrong_schema(c, at, "`items` must be a schema beside `prefixItems`")
               : 0;
}

static int fill_node(struct compiler *c, struct node *n, const struct step *at)
{
    struct step here = {.up = at, .kind = STEP_MEMBER};
    struct json value;
    uint64_t seen;

    if (find_keywords(c, n->text, at, &seen) < 0)
        return -1;
    n->present = seen & ((1ull << KEYWORD_ANNOTATION) - 1);
    n->values =
        arena_new(&c->schema->arena, (size_t)__builtin_popcountll(n->present) * sizeof(struct keyword_value));
    if (!n->values)
        return compile_no_memory(c);
    for (struct json_walk w = json_walk(n->text); json_next(&w, &here.name, &value);) {
        enum keyword k = keyword_of(here.name);

        if (k != KEYWORD_COUNT && compile_keyword(c, n, k, value, &here) < 0)
            return -1;
    }
    return check_items(c, n, at);
}

/* ---- nodes */

static int by_address(const void *a, const void *b)
{
    uintptr_t x = (uintptr_t)((const struct node *)a)->text.at,
              y = (uintptr_t)((const struct node *)b)->text.at;

    return (x > y) - (x < y);
}

static const struct node *constant_node(struct json text)
{
    if (json_kind(text) == JSON_BOOL)
        return *text.at == 't' ? &anything : &nothing;
    return json_count(text) == 0 ? &anything : NULL;
}

/* A new node, or the one that this text has already: *known. NULL: no memory. */
static struct node *enter_node(struct compiler *c, struct json text, int *known)
{
    struct node key = {.text = text}, *n, **place = tfind(&key, &c->nodes, by_address);

    *known = place != NULL;
    if (place)
        return *place;
    n = arena_new(&c->schema->arena, sizeof *n);
    if (!n)
        return NULL;
    n->text = text;
    return tsearch(n, &c->nodes, by_address) ? n : NULL;
}

int compile_node(struct compiler *c, struct json text, const struct step *at, const struct node **out)
{
    enum json_kind kind = json_kind(text);
    struct node *n;
    int known, rc;

    if (kind != JSON_OBJECT && kind != JSON_BOOL)
        return compile_wrong(c, at, "must be a schema (an object, true or false), not", text);
    if ((*out = constant_node(text)))
        return 0;
    if (c->depth == SCHEMA_MOST_DEPTH)
        return wrong_schema(c, at, "is nested too deep");
    *out = n = enter_node(c, text, &known);
    if (!n)
        return compile_no_memory(c);
    if (known)
        return 0;
    c->depth++;
    rc = fill_node(c, n, at);
    c->depth--;
    return rc;
}

/* ---- the whole */

static void keep_node(void *n)
{
    (void)n; /* the arena frees it */
}

int schema_compile(struct json text, const char *where, struct schema **out, struct iso_err *err)
{
    struct schema *s = calloc(1, sizeof *s);
    struct compiler c = {.schema = s, .where = where, .err = err, .pointers = {.root = text}};
    int rc;

    *out = NULL;
    if (!s)
        return compile_no_memory(&c);
    s->text = text;
    rc = json_nesting(text) > MOST_NESTING ? wrong_schema(&c, NULL, "is nested too deep")
                                           : compile_node(&c, text, NULL, &s->root);
    if (rc == 0)
        rc = compile_references(&c);
    compile_references_free(&c);
    tdestroy(c.nodes, keep_node);
    if (rc < 0)
        schema_free(s);
    else
        *out = s;
    return rc;
}

void schema_free(struct schema *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->pattern_count; i++)
        pattern_free(s->patterns[i]);
    free(s->patterns);
    arena_free(&s->arena);
    free(s);
}

struct json schema_text(const struct schema *s)
{
    return s->text;
}
