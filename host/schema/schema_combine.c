/* SPDX-License-Identifier: MIT */
/* allOf, anyOf, oneOf, not, if; and messages that guess the intended alternative when none fits. */
#include <string.h>

#include "host/schema/schema_internal.h"

#define MOST_EXPLAINED 4 /* alternatives */

/* ---- messages when no alternative fits */

/* The schema at the end of references. */
static const struct node *seen_through(const struct node *n)
{
    const struct keyword_value *ref = node_value(n, KEYWORD_REF);

    for (int hops = 0; ref && !n->types && hops < SCHEMA_MOST_DEPTH; hops++) {
        n = ref->node;
        ref = node_value(n, KEYWORD_REF);
    }
    return n;
}

/* 1 when a property can have only one value. */
static int is_fixed(const struct node *n)
{
    const struct keyword_value *values = node_value(n, KEYWORD_ENUM);

    return node_value(n, KEYWORD_CONST) || (values && json_count(values->text) == 1);
}

/* 1 when the value is marked as this alternative: all properties that can have only one value have it. */
static int is_marked(struct check *c, const struct node *n, struct value v)
{
    const struct keyword_value *properties = node_value(n, KEYWORD_PROPERTIES);
    struct json key, value;

    if (v.type != TYPE_OBJECT || !properties)
        return 1;
    for (struct json_walk w = json_walk(v.text); json_next(&w, &key, &value);) {
        ptrdiff_t i = node_map_find(properties->map, key);
        const struct node *property = i >= 0 ? properties->map->list[i].node : NULL;

        if (property && spend(c, value.len) == 0 && is_fixed(seen_through(property)) &&
            check_branch(c, property, value, NULL, NULL) < 0)
            return 0;
    }
    return 1;
}

/* The alternatives that may be meant: those of the value's type that the value is marked as. */
struct meant {
    const struct node *only; /* the last of them */
    size_t count;
    unsigned types; /* of all alternatives; 0: some are for any type */
};

static struct meant meant_by(struct check *c, const struct node_list *list, struct value v, int marked)
{
    struct meant m = {.types = 0};
    int any = 0;

    for (size_t i = 0; i < list->count; i++) {
        const struct node *n = seen_through(list->list[i]);
        if (n->never)
            continue;
        if (!n->types)
            any = 1;
        else
            m.types |= n->types;
        if ((!n->types || n->types & v.type) && (!marked || is_marked(c, n, v))) {
            m.only = list->list[i];
            m.count++;
        }
    }
    if (any)
        m.types = 0;
    return m;
}

/* Writes the requirement of each alternative, without repeating equal ones. */
static int say_each(struct check *c, const struct node_list *list, struct json v, const struct step *at)
{
    size_t n = 0, before = 0, len_before = 0;

    if (!must_begin(c, at))
        return -1;
    buf_printf(c->why, "fit one of %zu alternatives: ", list->count);
    for (; n < MOST_EXPLAINED && n < list->count; n++) {
        size_t end = c->why->len, start;

        buf_str(c->why, n ? "; or " : "");
        start = c->why->len;
        check_value(c, list->list[n], v, at, NULL);
        if (n && !c->why->failed && c->why->len - start == len_before &&
            memcmp(c->why->data + start, c->why->data + before, len_before) == 0) {
            c->why->len = end;
        } else {
            before = start;
            len_before = c->why->len - start;
        }
    }
    if (n < list->count)
        buf_str(c->why, "; or \xe2\x80\xa6");
    return -1;
}

static int none_fits(struct check *c, const struct node_list *list, struct json text, const struct step *at)
{
    struct value v;
    struct meant m;

    if (c->silent || c->stopped)
        return -1;
    v = value_of(c, text);
    m = meant_by(c, list, v, 0);
    if (m.count == 0 && m.types)
        return wrong_type(c, m.types, v, at);
    if (m.count > 1)
        m = meant_by(c, list, v, 1);
    if (m.count == 1)
        check_value(c, m.only, text, at, NULL);
    else
        say_each(c, list, text, at);
    return -1;
}

/* ---- alternatives */

static int check_all(struct check *c, const struct node_list *list, struct json v, const struct step *at,
                     struct marks *marks)
{
    for (size_t i = 0; i < list->count; i++)
        if (check_value(c, list->list[i], v, at, marks) < 0)
            return -1;
    return 0;
}

/* Checks anyOf. When marks are wanted, all alternatives that fit add theirs. */
static int check_any(struct check *c, const struct node_list *list, struct json v, const struct step *at,
                     struct marks *marks)
{
    int found = 0;

    for (size_t i = 0; i < list->count && (!found || marks) && !c->stopped; i++)
        found |= check_branch(c, list->list[i], v, at, marks) == 0;
    return found && !c->stopped ? 0 : none_fits(c, list, v, at);
}

static int check_one(struct check *c, const struct node_list *list, struct json v, const struct step *at,
                     struct marks *marks)
{
    size_t fits[2] = {0, 0}, n = 0;

    for (size_t i = 0; n < 2 && i < list->count && !c->stopped; i++)
        if (check_branch(c, list->list[i], v, at, marks) == 0)
            fits[n++] = i + 1;
    if (n == 0 || c->stopped)
        return none_fits(c, list, v, at);
    return n == 1 ? 0
                  : must(c, at, "fit only one of %zu alternatives, but fits number %zu and number %zu",
                         list->count, fits[0], fits[1]);
}

static int check_not(struct check *c, const struct node *n, struct json v, const struct step *at)
{
    const struct keyword_value *fixed = node_value(n, KEYWORD_CONST);

    if (check_branch(c, n, v, at, NULL) < 0)
        return c->stopped ? -1 : 0;
    if (!must_begin(c, at))
        return -1;
    if (fixed) {
        buf_str(c->why, "not be ");
        put_brief(c->why, fixed->text);
    } else {
        buf_str(c->why, "not be what `not` describes");
        if (n->types) {
            buf_str(c->why, ": ");
            put_types(c->why, n->types);
        }
    }
    return -1;
}

static int check_if(struct check *c, const struct node *n, struct json v, const struct step *at,
                    struct marks *marks)
{
    const struct keyword_value *condition = node_value(n, KEYWORD_IF), *branch;
    int holds;

    if (!condition)
        return 0;
    holds = check_branch(c, condition->node, v, at, marks) == 0;
    if (c->stopped)
        return -1;
    branch = node_value(n, holds ? KEYWORD_THEN : KEYWORD_ELSE);
    return branch ? check_value(c, branch->node, v, at, marks) : 0;
}

int check_alternatives(struct check *c, const struct node *n, struct json v, const struct step *at,
                       struct marks *marks)
{
    const struct keyword_value *all = node_value(n, KEYWORD_ALL_OF), *any = node_value(n, KEYWORD_ANY_OF),
                               *one = node_value(n, KEYWORD_ONE_OF), *not = node_value(n, KEYWORD_NOT);

    if ((all && check_all(c, all->nodes, v, at, marks) < 0) ||
        (any && check_any(c, any->nodes, v, at, marks) < 0) ||
        (one && check_one(c, one->nodes, v, at, marks) < 0) || (not &&check_not(c, not ->node, v, at) < 0))
        return -1;
    return check_if(c, n, v, at, marks);
}
