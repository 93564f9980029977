/* SPDX-License-Identifier: MIT */
/* Whether a schema is one: each keyword known and in its form, each reference resolvable, each pattern
 * compiled. */
#include <stdlib.h>

#include "host/schema/decimal.h"
#include "host/schema/schema_internal.h"

/* Nesting of the schema's text, whatever it is: what compares with a constant recurses into it. */
#define MOST_NESTING 512

struct valid {
    struct schemas schemas;
    const char *where;
    struct iso_err *err;
    struct node **referring; /* nodes that have a $ref, in the order they were found */
    size_t count, size;
    int depth;
};

/* Returns -1. */
static int wrong(struct valid *s, const struct step *at, const char *what, struct json shown)
{
    struct buf text = {0};

    put_place(&text, s->where, at);
    buf_printf(&text, ": %s", what);
    if (shown.at) {
        buf_byte(&text, ' ');
        put_brief(&text, shown);
    }
    buf_byte(&text, 0);
    iso_fail(s->err, ISO_USAGE, "%s", text.failed ? "no memory" : text.data);
    buf_free(&text);
    return -1;
}

static int wrong_form(struct valid *s, const struct step *at, const char *what)
{
    return wrong(s, at, what, (struct json){NULL, 0});
}

static int valid(struct valid *s, struct json schema, const struct step *at);

/* ---- forms */

enum form {
    FORM_ANY,
    FORM_TEXT,
    FORM_BOOLEAN,
    FORM_NUMBER,
    FORM_DIVISOR,
    FORM_SIZE,
    FORM_TYPES,
    FORM_LIST,
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

static int valid_types(struct valid *s, struct json v, const struct step *at)
{
    struct json item;

    if (json_kind(v) == JSON_STRING)
        return type_named(v) ? 0 : wrong(s, at, "no such type:", v);
    if (json_kind(v) != JSON_ARRAY || json_count(v) == 0)
        return wrong_form(s, at, "must be a type or a list of types");
    for (struct json_walk w = json_walk(v); json_next(&w, NULL, &item);)
        if (json_kind(item) != JSON_STRING || !type_named(item))
            return wrong(s, at, "no such type:", item);
    return 0;
}

static int valid_names(struct valid *s, struct json v, const struct step *at)
{
    struct json item;

    if (json_kind(v) != JSON_ARRAY)
        return wrong_form(s, at, "must be a list of names");
    for (struct json_walk w = json_walk(v); json_next(&w, NULL, &item);)
        if (json_kind(item) != JSON_STRING)
            return wrong(s, at, "must be a list of names, not of", item);
    return 0;
}

static int valid_pattern(struct valid *s, struct json v, const struct step *at)
{
    char why[160];
    struct pattern *p = pattern_compile(v, why);

    if (!p)
        return wrong_form(s, at, why);
    pattern_free(p);
    return 0;
}

static int valid_list(struct valid *s, struct json list, const struct step *at)
{
    struct step here = {.up = at, .kind = STEP_ITEM};
    struct json item;

    for (struct json_walk w = json_walk(list); json_next(&w, NULL, &item); here.index++)
        if (valid(s, item, &here) < 0)
            return -1;
    return 0;
}

static int valid_map(struct valid *s, struct json map, enum form form, const struct step *at)
{
    struct step here = {.up = at, .kind = STEP_MEMBER};
    struct json value;
    int rc = 0;

    if (json_kind(map) != JSON_OBJECT)
        return wrong_form(s, at, "must be an object");
    for (struct json_walk w = json_walk(map); rc == 0 && json_next(&w, &here.name, &value);) {
        if (form == FORM_PATTERN_MAP)
            rc = valid_pattern(s, here.name, &here);
        if (rc == 0 &&
            (form == FORM_NAMES_MAP || (form == FORM_DEPENDENCY_MAP && json_kind(value) == JSON_ARRAY)))
            rc = valid_names(s, value, &here);
        else if (rc == 0)
            rc = valid(s, value, &here);
    }
    return rc;
}

static int valid_number(struct valid *s, struct json v, enum form form, const struct step *at)
{
    uint64_t size;

    if (form == FORM_SIZE && json_whole_number(v, 1ull << 53, &size) < 0)
        return wrong(s, at, "must be a whole number from 0, not", v);
    if (json_kind(v) != JSON_NUMBER)
        return wrong(s, at, "must be a number, not", v);
    if (form == FORM_DIVISOR && !decimal_is_divisor(v))
        return wrong(s, at, "must be a number above 0 of at most 18 digits, not", v);
    return 0;
}

static int valid_form(struct valid *s, struct json v, enum form form, const struct step *at)
{
    enum json_kind kind = json_kind(v);

    switch (form) {
    case FORM_ANY:
        return 0;
    case FORM_TEXT:
    case FORM_REFERENCE:
        return kind == JSON_STRING ? 0 : wrong(s, at, "must be a string, not", v);
    case FORM_BOOLEAN:
        return kind == JSON_BOOL ? 0 : wrong(s, at, "must be true or false, not", v);
    case FORM_NUMBER:
    case FORM_DIVISOR:
    case FORM_SIZE:
        return valid_number(s, v, form, at);
    case FORM_TYPES:
        return valid_types(s, v, at);
    case FORM_LIST:
        return kind == JSON_ARRAY && json_count(v) > 0 ? 0 : wrong(s, at, "must be a list of values, not", v);
    case FORM_NAMES:
        return valid_names(s, v, at);
    case FORM_PATTERN:
        return kind == JSON_STRING ? valid_pattern(s, v, at) : wrong(s, at, "must be a string, not", v);
    case FORM_SCHEMA:
        return valid(s, v, at);
    case FORM_SCHEMA_OR_LIST:
        return kind == JSON_ARRAY ? valid_list(s, v, at) : valid(s, v, at);
    case FORM_SCHEMA_LIST:
        return kind == JSON_ARRAY && json_count(v) > 0
                   ? valid_list(s, v, at)
                   : wrong_form(s, at, "must be a list of schemas, not empty");
    default:
        return valid_map(s, v, form, at);
    }
}

/* ---- keywords */

static int valid_keyword(struct valid *s, struct json name, struct json value, uint64_t *seen,
                         const struct step *at)
{
    static const enum form forms[] = {
#define X(id, name, form) FORM_##form,
        SCHEMA_KEYWORDS(X)
#undef X
    };
    struct step here = {.up = at, .kind = STEP_MEMBER, .name = name};
    enum keyword k = keyword_of(name);

    _Static_assert(KEYWORD_COUNT <= 64, "a bit for each");
    if (k == KEYWORD_COUNT)
        return name.len > 4 && name.at[1] == 'x' && name.at[2] == '-' ? 0
                                                                      : wrong(s, at, "unknown keyword", name);
    if (*seen >> k & 1)
        return wrong(s, at, "stands twice:", name);
    *seen |= 1ull << k;
    return valid_form(s, value, forms[k], &here);
}

/* Both are lists of the first items; nobody can say which is meant. */
static int valid_items(struct valid *s, const struct node *n, const struct step *at)
{
    struct json items = n->keyword[KEYWORD_ITEMS];

    return items.at && *items.at == '[' && n->keyword[KEYWORD_PREFIX_ITEMS].at
               ? wrong_form(s, at, "`items` must be a schema beside `prefixItems`")
               : 0;
}

static int remember_reference(struct valid *s, struct node *n)
{
    if (s->count == s->size) {
        size_t size = s->size ? 2 * s->size : 16;
        struct node **list = realloc(s->referring, size * sizeof(struct node *));
        if (!list)
            return -1;
        s->referring = list;
        s->size = size;
    }
    s->referring[s->count++] = n;
    return 0;
}

static int valid_node(struct valid *s, struct json schema, const struct step *at)
{
    struct json key, value;
    struct node *n;
    uint64_t seen = 0;

    for (struct json_walk w = json_walk(schema); json_next(&w, &key, &value);)
        if (valid_keyword(s, key, value, &seen, at) < 0)
            return -1;
    n = schemas_node(&s->schemas, schema);
    if (!n)
        return wrong_form(s, at, "no memory");
    if (n->keyword[KEYWORD_REF].at && remember_reference(s, n) < 0)
        return wrong_form(s, at, "no memory");
    return valid_items(s, n, at);
}

static int valid(struct valid *s, struct json schema, const struct step *at)
{
    enum json_kind kind = json_kind(schema);
    int rc;

    if (kind != JSON_OBJECT && kind != JSON_BOOL)
        return wrong(s, at, "must be a schema (an object, true or false), not", schema);
    if (s->depth == SCHEMA_MOST_DEPTH)
        return wrong_form(s, at, "is nested too deep");
    s->depth++;
    rc = valid_node(s, schema, at);
    s->depth--;
    return rc;
}

/* ---- references */

static int valid_reference(struct valid *s, struct node *from)
{
    struct step here = {.kind = STEP_MEMBER, .name = from->keyword[KEYWORD_REF]};
    struct node *n = from;

    if (!from->target.at)
        return wrong(s, NULL, "there is nothing at the $ref", from->keyword[KEYWORD_REF]);
    if (!schemas_known(&s->schemas, from->target) && valid(s, from->target, &here) < 0)
        return -1;
    for (int hops = 0; n && n->target.at; hops++) {
        if (hops == SCHEMA_MOST_DEPTH)
            return wrong(s, NULL, "leads back to itself: the $ref", from->keyword[KEYWORD_REF]);
        n = schemas_node(&s->schemas, n->target);
    }
    return 0;
}

static int nests_too_deep(struct json schema)
{
    size_t depth = 0, deepest = 0;

    for (const char *p = schema.at; p < schema.at + schema.len; p++) {
        if (*p == '"')
            for (p++; *p != '"'; p++)
                p += *p == '\\';
        depth += *p == '[' || *p == '{';
        deepest = depth > deepest ? depth : deepest;
        depth -= *p == ']' || *p == '}';
    }
    return deepest > MOST_NESTING;
}

int schema_valid(struct json schema, const char *where, struct iso_err *err)
{
    struct valid s = {.schemas = {.root = schema}, .where = where, .err = err};
    int rc = nests_too_deep(schema) ? wrong_form(&s, NULL, "is nested too deep") : valid(&s, schema, NULL);

    for (size_t i = 0; rc == 0 && i < s.count; i++)
        rc = valid_reference(&s, s.referring[i]);
    free(s.referring);
    schemas_free(&s.schemas);
    return rc;
}
