/* SPDX-License-Identifier: MIT */
/* Keywords of objects. */
#include "host/schema/schema_internal.h"

/* Names are looked up one by one if that takes at most this many steps; otherwise the members are sorted first. */
#define FEW_STEPS 64
#define SORT_WORK 128

/* The members of a value by their names, sorted when it is worth it. */
struct members {
    struct json object;
    size_t count;
    struct json_names sorted; /* .list NULL: not yet */
};

static int sort_members(struct check *c, struct members *m)
{
    if (m->sorted.list)
        return 0;
    if (spend(c, m->object.len + m->count * SORT_WORK) < 0)
        return -1;
    return json_names_sort(&m->sorted, m->object) < 0 ? stop(c, "cannot be checked: no memory") : 0;
}

/* 1 when there is a member of this name. `wanted` is the number of names that will be looked up. */
static int has_named(struct check *c, struct members *m, struct json name, size_t wanted)
{
    struct json key, value;

    if (m->sorted.list || wanted * m->count > FEW_STEPS)
        return sort_members(c, m) == 0 && spend(c, SORT_WORK) == 0 && json_names_find(&m->sorted, name);
    for (struct json_walk w = json_walk(m->object); json_next(&w, &key, &value);) {
        if (spend(c, key.len + value.len) < 0)
            return 0;
        if (json_same_string(key, name))
            return 1;
    }
    return 0;
}

static int missing(struct check *c, struct json name, struct json because, const struct step *at)
{
    if (c->stopped)
        return -1;
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

static int check_names(struct check *c, const struct name_list *names, struct json because, struct members *m,
                       const struct step *at)
{
    for (size_t i = 0; i < names->count; i++)
        if (!has_named(c, m, names->list[i], names->count))
            return missing(c, names->list[i], because, at);
    return 0;
}

/* Checks dependentRequired, dependentSchemas, and `dependencies`, which combines both. */
static int check_dependent(struct check *c, const struct node_map *map, struct members *m,
                           const struct step *at, struct marks *marks)
{
    for (size_t i = 0; i < map->count; i++) {
        struct json name = map->list[i].name;

        if (!has_named(c, m, name, map->count)) {
            if (c->stopped)
                return -1;
            continue;
        }
        if (map->list[i].names ? check_names(c, map->list[i].names, name, m, at) < 0
                               : check_value(c, map->list[i].node, m->object, at, marks) < 0)
            return -1;
    }
    return 0;
}

static int check_count(struct check *c, const struct node *n, struct members *m, const struct step *at)
{
    const struct keyword_value *min = node_value(n, KEYWORD_MIN_PROPERTIES),
                               *max = node_value(n, KEYWORD_MAX_PROPERTIES);

    if (min && m->count < min->size)
        return must(c, at, "have at least %llu %s, not %zu", (unsigned long long)min->size,
                    min->size == 1 ? "property" : "properties", m->count);
    if (max && m->count > max->size)
        return must(c, at, "have at most %llu %s, not %zu", (unsigned long long)max->size,
                    max->size == 1 ? "property" : "properties", m->count);
    return 0;
}

/* ---- each member */

static int unknown_property(struct check *c, const struct node *n, struct json name, const struct step *at)
{
    const struct keyword_value *properties = node_value(n, KEYWORD_PROPERTIES);
    size_t start;

    if (!must_begin(c, at))
        return -1;
    buf_str(c->why, "not have the property ");
    put_brief(c->why, name);
    start = c->why->len;
    for (size_t i = 0; properties && i < properties->map->count; i++) {
        if (c->why->len - start > 120) {
            buf_str(c->why, ", \xe2\x80\xa6");
            break;
        }
        buf_str(c->why, i ? ", " : ", only ");
        put_brief(c->why, properties->map->list[i].name);
    }
    return -1;
}

/* Checks patternProperties. 1: a pattern matches this name, 0: none, -1: the value does not fit. */
static int check_patterns(struct check *c, const struct node_map *map, struct json name, struct json value,
                          const struct step *here)
{
    int found = 0;

    for (size_t i = 0; i < map->count; i++) {
        int matches = spend(c, 4 * name.len + 500) < 0
                          ? -1
                          : pattern_match(map->list[i].pattern, &c->matcher, name, c->work);
        if (matches < 0)
            return out_of_work(c);
        if (matches && check_value(c, map->list[i].node, value, here, NULL) < 0)
            return -1;
        found |= matches;
    }
    return found;
}

/* Checks a member. 1: properties or patternProperties has it, 0: not, -1: it does not fit. */
static int check_known(struct check *c, const struct node *n, struct json name, struct json value,
                       const struct step *here)
{
    const struct keyword_value *properties = node_value(n, KEYWORD_PROPERTIES),
                               *patterns = node_value(n, KEYWORD_PATTERN_PROPERTIES);
    ptrdiff_t i = properties ? node_map_find(properties->map, name) : -1;
    int matched = 0;

    if (i >= 0 && check_value(c, properties->map->list[i].node, value, here, NULL) < 0)
        return -1;
    if (patterns)
        matched = check_patterns(c, patterns->map, name, value, here);
    return matched < 0 ? -1 : i >= 0 || matched;
}

static int check_member(struct check *c, const struct node *n, struct json name, struct json value,
                        const struct step *at, int *evaluated)
{
    const struct keyword_value *others = node_value(n, KEYWORD_ADDITIONAL_PROPERTIES),
                               *names = node_value(n, KEYWORD_PROPERTY_NAMES);
    struct step here = {.up = at, .kind = STEP_MEMBER, .name = name};

    *evaluated = check_known(c, n, name, value, &here);
    if (*evaluated < 0)
        return -1;
    if (!*evaluated && others) {
        if (others->node->never)
            return unknown_property(c, n, name, at);
        if (check_value(c, others->node, value, &here, NULL) < 0)
            return -1;
        *evaluated = 1;
    }
    here.kind = STEP_NAME;
    return names ? check_value(c, names->node, name, &here, NULL) : 0;
}

static int check_members(struct check *c, const struct node *n, struct json v, const struct step *at,
                         struct marks *marks)
{
    struct json key, value;
    size_t index = 0;
    int evaluated;

    if (!node_value(n, KEYWORD_PROPERTIES) && !node_value(n, KEYWORD_PATTERN_PROPERTIES) &&
        !node_value(n, KEYWORD_ADDITIONAL_PROPERTIES) && !node_value(n, KEYWORD_PROPERTY_NAMES))
        return 0;
    for (struct json_walk w = json_walk(v); json_next(&w, &key, &value); index++) {
        if (spend(c, 2 * key.len + value.len) < 0 || check_member(c, n, key, value, at, &evaluated) < 0)
            return -1;
        if (evaluated)
            marks_set(marks, index);
    }
    return 0;
}

static int check_sets(struct check *c, const struct node *n, struct members *m, const struct step *at,
                      struct marks *marks)
{
    static const enum keyword dependent[] = {KEYWORD_DEPENDENT_REQUIRED, KEYWORD_DEPENDENT_SCHEMAS,
                                             KEYWORD_DEPENDENCIES};
    const struct keyword_value *required = node_value(n, KEYWORD_REQUIRED), *map;

    if (required && check_names(c, required->names, (struct json){NULL, 0}, m, at) < 0)
        return -1;
    if (check_count(c, n, m, at) < 0)
        return -1;
    for (size_t i = 0; i < sizeof dependent / sizeof *dependent; i++)
        if ((map = node_value(n, dependent[i])) && check_dependent(c, map->map, m, at, marks) < 0)
            return -1;
    return 0;
}

int check_object(struct check *c, const struct node *n, struct json v, const struct step *at,
                 struct marks *marks)
{
    const uint64_t sets = 1ull << KEYWORD_REQUIRED | 1ull << KEYWORD_MIN_PROPERTIES |
                          1ull << KEYWORD_MAX_PROPERTIES | 1ull << KEYWORD_DEPENDENT_REQUIRED |
                          1ull << KEYWORD_DEPENDENT_SCHEMAS | 1ull << KEYWORD_DEPENDENCIES;
    struct members m = {.object = v};
    int rc;

    /* Before `required`: a misspelt name makes a better message than the missing name. */
    if (check_members(c, n, v, at, marks) < 0)
        return -1;
    if (!(n->present & sets))
        return 0;
    if (spend(c, v.len) < 0)
        return -1;
    m.count = json_count(v);
    rc = check_sets(c, n, &m, at, marks);
    json_names_free(&m.sorted);
    return rc;
}
