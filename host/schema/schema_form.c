/* SPDX-License-Identifier: MIT */
/* Checks the form of each keyword's value, and prepares it for checks. */
#include <stdlib.h>
#include <string.h>

#include "host/schema/decimal.h"
#include "host/schema/schema_internal.h"

static int wrong_form(const struct compiler *c, const struct step *at, const char *what)
{
    return compile_wrong(c, at, what, (struct json){NULL, 0});
}

static void *new_list(struct compiler *c, size_t head, size_t count, size_t each)
{
    return arena_new(&c->schema->arena, head + count * each);
}

/* ---- types, names, values */

static int form_types(struct compiler *c, struct json v, const struct step *at)
{
    struct json item;

    if (json_kind(v) == JSON_STRING)
        return type_named(v) ? 0 : compile_wrong(c, at, "no such type:", v);
    if (json_kind(v) != JSON_ARRAY || json_count(v) == 0)
        return wrong_form(c, at, "must be a type or a list of types");
    for (struct json_walk w = json_walk(v); json_next(&w, NULL, &item);)
        if (json_kind(item) != JSON_STRING || !type_named(item))
            return compile_wrong(c, at, "no such type:", item);
    return 0;
}

static int form_names(struct compiler *c, struct json v, const struct step *at, const struct name_list **out)
{
    struct name_list *names;
    struct json item;

    if (json_kind(v) != JSON_ARRAY)
        return wrong_form(c, at, "must be a list of names");
    names = new_list(c, sizeof *names, json_count(v), sizeof names->list[0]);
    if (!names)
        return compile_no_memory(c);
    for (struct json_walk w = json_walk(v); json_next(&w, NULL, &item);) {
        if (json_kind(item) != JSON_STRING)
            return compile_wrong(c, at, "must be a list of names, not of", item);
        names->list[names->count++] = item;
    }
    *out = names;
    return 0;
}

static int form_pattern(struct compiler *c, struct json v, const struct step *at, const struct pattern **out)
{
    struct schema *s = c->schema;
    char why[ES_PATTERN_WHY];
    struct pattern *p = pattern_compile(v, why);

    if (!p)
        return wrong_form(c, at, why);
    if ((s->pattern_count & (s->pattern_count - 1)) == 0) { /* at every power of two */
        size_t room = s->pattern_count ? 2 * s->pattern_count : 1;
        struct pattern **more = realloc(s->patterns, room * sizeof(struct pattern *));
        if (!more) {
            pattern_free(p);
            return compile_no_memory(c);
        }
        s->patterns = more;
    }
    s->patterns[s->pattern_count++] = p;
    *out = p;
    return 0;
}

static int form_number(struct compiler *c, enum keyword_form form, struct json v, const struct step *at,
                       struct keyword_value *to)
{
    if (form == FORM_SIZE)
        return json_whole_number(v, 1ull << 53, &to->size) < 0
                   ? compile_wrong(c, at, "must be a whole number from 0, not", v)
                   : 0;
    if (json_kind(v) != JSON_NUMBER)
        return compile_wrong(c, at, "must be a number, not", v);
    if (form == FORM_DIVISOR && !decimal_is_divisor(v))
        return compile_wrong(c, at, "must be a number above 0 of at most 18 digits, not", v);
    to->number = json_number(v);
    return 0;
}

/* ---- schemas in schemas */

static int form_list(struct compiler *c, struct json list, const struct step *at,
                     const struct node_list **out)
{
    struct step here = {.up = at, .kind = STEP_ITEM};
    struct node_list *nodes = new_list(c, sizeof *nodes, json_count(list), sizeof nodes->list[0]);
    struct json item;

    if (!nodes)
        return compile_no_memory(c);
    *out = nodes;
    for (struct json_walk w = json_walk(list); json_next(&w, NULL, &item); here.index++)
        if (compile_node(c, item, &here, &nodes->list[nodes->count++]) < 0)
            return -1;
    return 0;
}

static int form_member(struct compiler *c, enum keyword_form form, struct node_map *map, struct json value,
                       const struct step *here)
{
    int names = form == FORM_NAMES_MAP || (form == FORM_DEPENDENCY_MAP && json_kind(value) == JSON_ARRAY);
    size_t i = map->count++;

    map->list[i].name = here->name;
    if (form == FORM_PATTERN_MAP && form_pattern(c, here->name, here, &map->list[i].pattern) < 0)
        return -1;
    return names ? form_names(c, value, here, &map->list[i].names)
                 : compile_node(c, value, here, &map->list[i].node);
}

static int sort_map(struct compiler *c, struct json object, struct node_map *map)
{
    struct json_names names = {0};

    map->by_name = arena_new(&c->schema->arena, (map->count + 1) * sizeof *map->by_name);
    if (!map->by_name || json_names_sort(&names, object) < 0)
        return compile_no_memory(c);
    for (size_t i = 0; i < names.count; i++)
        map->by_name[i] = (uint32_t)names.list[i].index;
    json_names_free(&names);
    return 0;
}

static int form_map(struct compiler *c, enum keyword_form form, struct json object, const struct step *at,
                    const struct node_map **out)
{
    struct step here = {.up = at, .kind = STEP_MEMBER};
    struct node_map *map;
    struct json value;

    if (json_kind(object) != JSON_OBJECT)
        return wrong_form(c, at, "must be an object");
    map = new_list(c, sizeof *map, json_count(object), sizeof map->list[0]);
    if (!map)
        return compile_no_memory(c);
    *out = map;
    for (struct json_walk w = json_walk(object); json_next(&w, &here.name, &value);)
        if (form_member(c, form, map, value, &here) < 0)
            return -1;
    return sort_map(c, object, map);
}

ptrdiff_t node_map_find(const struct node_map *m, struct json name)
{
    size_t low = 0, high = m->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (json_compare_strings(m->list[m->by_name[middle]].name, name) > 0)
            high = middle;
        else
            low = middle + 1;
    }
    return low > 0 && json_same_string(m->list[m->by_name[low - 1]].name, name)
               ? (ptrdiff_t)m->by_name[low - 1]
               : -1;
}

/* ---- any form */

static int is_filled_list(struct json v)
{
    return json_kind(v) == JSON_ARRAY && json_count(v) > 0;
}

static int must_be(struct compiler *c, enum json_kind kind, const char *what, struct json v,
                   const struct step *at)
{
    return json_kind(v) == kind ? 0 : compile_wrong(c, at, what, v);
}

int compile_form(struct compiler *c, enum keyword_form form, struct json v, const struct step *at,
                 struct keyword_value *to)
{
    switch (form) {
    case FORM_ANY:
        return 0;
    case FORM_REFUSED:
        return wrong_form(c, at,
                          "is a keyword that iso4 does not check: write a $ref to a place in this schema");
    case FORM_TEXT:
        return must_be(c, JSON_STRING, "must be a string, not", v, at);
    case FORM_REFERENCE:
        return must_be(c, JSON_STRING, "must be a string, not", v, at) < 0 ? -1 : compile_reference(c, to);
    case FORM_BOOLEAN:
        to->on = *v.at == 't';
        return must_be(c, JSON_BOOL, "must be true or false, not", v, at);
    case FORM_NUMBER:
    case FORM_DIVISOR:
    case FORM_SIZE:
        return form_number(c, form, v, at, to);
    case FORM_TYPES:
        return form_types(c, v, at);
    case FORM_VALUES:
        return is_filled_list(v) ? 0 : compile_wrong(c, at, "must be a list of values, not", v);
    case FORM_NAMES:
        return form_names(c, v, at, &to->names);
    case FORM_PATTERN:
        return must_be(c, JSON_STRING, "must be a string, not", v, at) < 0
                   ? -1
                   : form_pattern(c, v, at, &to->pattern);
    case FORM_SCHEMA:
        return compile_node(c, v, at, &to->node);
    case FORM_SCHEMA_OR_LIST:
        return json_kind(v) == JSON_ARRAY ? form_list(c, v, at, &to->nodes)
                                          : compile_node(c, v, at, &to->node);
    case FORM_SCHEMA_LIST:
        return is_filled_list(v) ? form_list(c, v, at, &to->nodes)
                                 : wrong_form(c, at, "must be a list of schemas, not empty");
    default:
        return form_map(c, form, v, at, &to->map);
    }
}
