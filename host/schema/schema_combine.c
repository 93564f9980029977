/* SPDX-License-Identifier: MIT */
/* Schemas made of schemas: allOf, anyOf, oneOf, not, if; and saying which alternative was meant when none
 * fits. */
#include <string.h>

#include "host/schema/schema_internal.h"

#define MOST_EXPLAINED 4 /* alternatives */

static int check_all(struct check *c, struct json list, struct json v, const struct step *at)
{
    struct json schema;

    for (struct json_walk w = json_walk(list); json_next(&w, NULL, &schema);)
        if (check_value(c, schema, v, at) < 0)
            return -1;
    return 0;
}

/* ---- what to say when no alternative fits */

/* The keywords of a schema, references followed. */
static const struct node *seen_through(struct check *c, struct json schema)
{
    const struct node *n = schemas_node(&c->schemas, schema);

    for (int hops = 0; n && n->target.at && !n->keyword[KEYWORD_TYPE].at && hops < SCHEMA_MOST_DEPTH; hops++)
        n = schemas_node(&c->schemas, n->target);
    return n;
}

/* Whether the value is marked as this alternative: no property that can have but one value has another. */
static int is_marked(struct check *c, const struct node *n, struct value v)
{
    struct json key, value, schema;

    if (v.type != TYPE_OBJECT)
        return 1;
    for (struct json_walk w = json_walk(v.text); json_next(&w, &key, &value);) {
        const struct node *property;

        schema = node_property(n, key);
        property = schema.at && spend(c, value.len) == 0 ? seen_through(c, schema) : NULL;
        if (property &&
            (property->keyword[KEYWORD_CONST].at || json_count(property->keyword[KEYWORD_ENUM]) == 1) &&
            check_quietly(c, schema, value, NULL) < 0)
            return 0;
    }
    return 1;
}

/* Which alternatives may be meant: those of the value's type, and of these, those it is marked as. */
struct meant {
    struct json only; /* the last of them */
    size_t count;
    unsigned types; /* of all alternatives; 0: some are for any type */
};

static struct meant meant_by(struct check *c, struct json list, struct value v, int marked)
{
    struct meant m = {.types = 0};
    struct json schema;
    int any = 0;

    for (struct json_walk w = json_walk(list); json_next(&w, NULL, &schema);) {
        const struct node *n = seen_through(c, schema);
        if (n && n->never)
            continue;
        if (!n || !n->types)
            any = 1;
        else
            m.types |= n->types;
        if (n && (!n->types || n->types & v.type) && (!marked || is_marked(c, n, v))) {
            m.only = schema;
            m.count++;
        }
    }
    if (any)
        m.types = 0;
    return m;
}

/* What each alternative wants, unless it is what the one before wants. */
static int say_each(struct check *c, struct json list, struct json v, const struct step *at)
{
    struct json schema;
    size_t n = 0, before = 0, len_before = 0;

    if (!must_begin(c, at))
        return -1;
    buf_printf(c->why, "fit one of %zu alternatives: ", json_count(list));
    for (struct json_walk w = json_walk(list); n < MOST_EXPLAINED && json_next(&w, NULL, &schema); n++) {
        size_t end = c->why->len, start;

        buf_str(c->why, n ? "; or " : "");
        start = c->why->len;
        check_value(c, schema, v, at);
        if (n && !c->why->failed && c->why->len - start == len_before &&
            memcmp(c->why->data + start, c->why->data + before, len_before) == 0) {
            c->why->len = end;
        } else {
            before = start;
            len_before = c->why->len - start;
        }
    }
    if (n < json_count(list))
        buf_str(c->why, "; or \xe2\x80\xa6");
    return -1;
}

static int none_fits(struct check *c, struct json list, struct json text, const struct step *at)
{
    struct value v = value_of(c, text);
    struct meant m;

    if (c->silent)
        return -1;
    m = meant_by(c, list, v, 0);
    if (m.count == 0 && m.types)
        return wrong_type(c, m.types, v, at);
    if (m.count > 1)
        m = meant_by(c, list, v, 1);
    return m.count == 1 ? check_value(c, m.only, text, at) : say_each(c, list, text, at);
}

/* ---- alternatives */

static int check_any(struct check *c, struct json list, struct json v, const struct step *at)
{
    struct json schema;

    for (struct json_walk w = json_walk(list); json_next(&w, NULL, &schema);)
        if (check_quietly(c, schema, v, at) == 0)
            return 0;
    return none_fits(c, list, v, at);
}

static int check_one(struct check *c, struct json list, struct json v, const struct step *at)
{
    struct json schema;
    size_t fits[2] = {0, 0}, n = 0, index = 1;

    for (struct json_walk w = json_walk(list); n < 2 && json_next(&w, NULL, &schema); index++)
        if (check_quietly(c, schema, v, at) == 0)
            fits[n++] = index;
    if (n == 0)
        return none_fits(c, list, v, at);
    return n == 1 ? 0
                  : must(c, at, "fit only one of %zu alternatives, but fits number %zu and number %zu",
                         json_count(list), fits[0], fits[1]);
}

static int check_not(struct check *c, struct json schema, struct json v, const struct step *at)
{
    struct json fixed;
    const struct node *n;

    if (check_quietly(c, schema, v, at) < 0)
        return 0;
    if (!must_begin(c, at))
        return -1;
    n = schemas_node(&c->schemas, schema);
    fixed = n ? n->keyword[KEYWORD_CONST] : (struct json){NULL, 0};
    if (fixed.at) {
        buf_str(c->why, "not be ");
        put_brief(c->why, fixed);
    } else {
        buf_str(c->why, "not be what `not` describes");
        if (n && n->types) {
            buf_str(c->why, ": ");
            put_types(c->why, n->types);
        }
    }
    return -1;
}

int check_alternatives(struct check *c, const struct node *n, struct json v, const struct step *at)
{
    const struct json *k = n->keyword;
    struct json branch;

    if (check_all(c, k[KEYWORD_ALL_OF], v, at) < 0)
        return -1;
    if (k[KEYWORD_ANY_OF].at && check_any(c, k[KEYWORD_ANY_OF], v, at) < 0)
        return -1;
    if (k[KEYWORD_ONE_OF].at && check_one(c, k[KEYWORD_ONE_OF], v, at) < 0)
        return -1;
    if (k[KEYWORD_NOT].at && check_not(c, k[KEYWORD_NOT], v, at) < 0)
        return -1;
    if (!k[KEYWORD_IF].at)
        return 0;
    branch = k[check_quietly(c, k[KEYWORD_IF], v, at) == 0 ? KEYWORD_THEN : KEYWORD_ELSE];
    return branch.at ? check_value(c, branch, v, at) : 0;
}
