/* SPDX-License-Identifier: MIT */
/* Keywords of objects. */
#include "host/schema/schema_internal.h"

int has_named(struct check *c, struct json object, struct json name)
{
    struct json key, value;

    for (struct json_walk w = json_walk(object); json_next(&w, &key, &value);) {
        if (spend(c, key.len + value.len) < 0)
            return 0;
        if (json_same_string(key, name))
            return 1;
    }
    return 0;
}

static int missing(struct check *c, struct json name, struct json because, const struct step *at)
{
    if (must_begin(c, at)) {
        buf_str(c->why, "have the property ");
        put_brief(c->why, name);
        if (because.at) {
            buf_str(c->why, ", as it has ");
            put_brief(c->why, because);
        }
    }
    return -1;
}

static int check_names(struct check *c, struct json names, struct json because, struct json v,
                       const struct step *at)
{
    struct json name;

    for (struct json_walk w = json_walk(names); json_next(&w, NULL, &name);)
        if (!has_named(c, v, name))
            return missing(c, name, because, at);
    return 0;
}

/* dependentRequired, dependentSchemas, and `dependencies`, which has both. */
static int check_dependent(struct check *c, struct json dependent, struct json v, const struct step *at)
{
    struct json key, value;

    for (struct json_walk w = json_walk(dependent); json_next(&w, &key, &value);) {
        if (!has_named(c, v, key))
            continue;
        if (json_kind(value) == JSON_ARRAY ? check_names(c, value, key, v, at) < 0
                                           : check_value(c, value, v, at) < 0)
            return -1;
    }
    return 0;
}

static int check_count(struct check *c, const struct node *n, struct json v, const struct step *at)
{
    struct json min = n->keyword[KEYWORD_MIN_PROPERTIES], max = n->keyword[KEYWORD_MAX_PROPERTIES];
    uint64_t least, most, count;

    if (!min.at && !max.at)
        return 0;
    if (spend(c, v.len) < 0)
        return -1;
    count = json_count(v);
    if (min.at && json_whole_number(min, UINT64_MAX, &least) == 0 && count < least)
        return must(c, at, "have at least %llu %s, not %llu", (unsigned long long)least,
                    least == 1 ? "property" : "properties", (unsigned long long)count);
    if (max.at && json_whole_number(max, UINT64_MAX, &most) == 0 && count > most)
        return must(c, at, "have at most %llu %s, not %llu", (unsigned long long)most,
                    most == 1 ? "property" : "properties", (unsigned long long)count);
    return 0;
}

static int unknown(struct check *c, const struct node *n, struct json name, const struct step *at)
{
    struct json key, value;
    size_t start, count = 0;

    if (!must_begin(c, at))
        return -1;
    buf_str(c->why, "not have the property ");
    put_brief(c->why, name);
    start = c->why->len;
    for (struct json_walk w = json_walk(n->keyword[KEYWORD_PROPERTIES]); json_next(&w, &key, &value);
         count++) {
        if (c->why->len - start > 120) {
            buf_str(c->why, ", \xe2\x80\xa6");
            break;
        }
        buf_str(c->why, count ? ", " : ", only ");
        put_brief(c->why, key);
    }
    return -1;
}

/* 1: some pattern is for this name, 0: none, -1: the value does not fit. */
static int check_patterns(struct check *c, const struct node *n, struct json name, struct json value,
                          const struct step *here)
{
    int found = 0;

    for (size_t i = 0; i < n->pattern_count; i++) {
        int matches =
            spend(c, 4 * name.len + 500) < 0 ? -1 : pattern_match(n->patterns[i].pattern, name, &c->work);
        if (matches < 0)
            return stop(c, "takes too much work to be checked");
        if (matches && check_value(c, n->patterns[i].value, value, here) < 0)
            return -1;
        found |= matches;
    }
    return found;
}

static int check_member(struct check *c, const struct node *n, struct json name, struct json value,
                        const struct step *at)
{
    struct step here = {.up = at, .kind = STEP_MEMBER, .name = name};
    struct json others = n->keyword[KEYWORD_ADDITIONAL_PROPERTIES], schema = node_property(n, name);
    int matched;

    if (schema.at && check_value(c, schema, value, &here) < 0)
        return -1;
    matched = check_patterns(c, n, name, value, &here);
    if (matched < 0)
        return -1;
    if (!schema.at && !matched && others.at) {
        if (*others.at == 'f')
            return unknown(c, n, name, at);
        if (check_value(c, others, value, &here) < 0)
            return -1;
    }
    here.kind = STEP_NAME;
    if (n->keyword[KEYWORD_PROPERTY_NAMES].at &&
        check_value(c, n->keyword[KEYWORD_PROPERTY_NAMES], name, &here) < 0)
        return -1;
    return 0;
}

static int check_members(struct check *c, const struct node *n, struct json v, const struct step *at)
{
    struct json key, value;

    if (!n->members && !n->patterns && !n->keyword[KEYWORD_ADDITIONAL_PROPERTIES].at &&
        !n->keyword[KEYWORD_PROPERTY_NAMES].at)
        return 0;
    for (struct json_walk w = json_walk(v); json_next(&w, &key, &value);) {
        if (spend(c, 2 * key.len + value.len) < 0)
            return -1;
        if (check_member(c, n, key, value, at) < 0)
            return -1;
    }
    return 0;
}

int check_object(struct check *c, const struct node *n, struct json v, const struct step *at)
{
    static const enum keyword dependent[] = {KEYWORD_DEPENDENT_REQUIRED, KEYWORD_DEPENDENT_SCHEMAS,
                                             KEYWORD_DEPENDENCIES};
    struct json none = {NULL, 0};

    /* A name that is wrong says more than the one that is missing for it. */
    if (check_members(c, n, v, at) < 0 || check_names(c, n->keyword[KEYWORD_REQUIRED], none, v, at) < 0 ||
        check_count(c, n, v, at) < 0)
        return -1;
    for (size_t i = 0; i < sizeof dependent / sizeof *dependent; i++)
        if (check_dependent(c, n->keyword[dependent[i]], v, at) < 0)
            return -1;
    return 0;
}
