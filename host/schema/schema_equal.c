/* SPDX-License-Identifier: MIT */
/* Compares values: with a constant of a schema, and the items of an array with each other. */
#include <stdlib.h>

#include "host/schema/schema_internal.h"
#include "host/schema/value_hash.h"

#define MOST_ITEMS 1000000
#define SORT_WORK  128

/* ---- const and enum */

/* Objects with at most this many members are compared name by name. */
#define FEW_MEMBERS 8

/* 1 when the object has members of this name and all of them are equal to `want`. */
static int same_member(struct check *c, struct json name, struct json want, struct json object)
{
    struct json key, value;
    int found = 0;

    for (struct json_walk w = json_walk(object); json_next(&w, &key, &value);)
        if (spend(c, key.len + value.len) == 0 && json_same_string(key, name)) {
            found = is_same_as(c, want, value);
            if (!found)
                break;
        }
    return found;
}

static int same_sorted_member(struct check *c, struct json name, struct json want,
                              const struct json_names *names)
{
    const struct json_named *last = json_names_find(names, name), *one;

    for (one = last; one && one >= names->list && json_same_string(one->name, name); one--)
        if (!is_same_as(c, want, one->value))
            return 0;
    return last != NULL;
}

static int same_objects(struct check *c, struct json want, struct json v)
{
    struct json_names names = {0};
    struct json key, value;
    size_t count = json_count(want);
    int same = 1;

    if (spend(c, v.len) < 0 || count != json_count(v))
        return 0;
    if (count > FEW_MEMBERS && (spend(c, count * SORT_WORK) < 0 || json_names_sort(&names, v) < 0))
        return stop(c, "cannot be checked: no memory") + 1;
    for (struct json_walk w = json_walk(want); same && json_next(&w, &key, &value);)
        same = names.list ? same_sorted_member(c, key, value, &names) : same_member(c, key, value, v);
    json_names_free(&names);
    return same;
}

static int same_arrays(struct check *c, struct json want, struct json v)
{
    struct json_walk in_want = json_walk(want), in_v = json_walk(v);
    struct json item_want, item;

    while (json_next(&in_want, NULL, &item_want))
        if (!json_next(&in_v, NULL, &item) || spend(c, item.len) < 0 || !is_same_as(c, item_want, item))
            return 0;
    return !json_next(&in_v, NULL, &item);
}

/* Recurses as deep as the constant in the schema, which schema_compile() limits. Constants have no tags. */
int is_same_as(struct check *c, struct json want, struct json text)
{
    enum json_kind kind = json_kind(want);
    struct value v;

    if (json_kind(text) != kind || spend(c, 1) < 0)
        return 0;
    v = value_of(c, text);
    switch (kind) {
    case JSON_STRING:
        return json_same_string(want, text);
    case JSON_NUMBER:
        return spend(c, 4 * text.len) == 0 && json_number(want) == json_number(text);
    case JSON_ARRAY:
        return same_arrays(c, want, text);
    case JSON_OBJECT:
        return v.type == TYPE_OBJECT && same_objects(c, want, v.text);
    default:
        return want.len == text.len;
    }
}

/* ---- items among each other */

struct item {
    uint64_t hash;
    struct json text;
    size_t index;
};

static int by_hash(const void *a, const void *b)
{
    const struct item *x = a, *y = b;

    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

static int are_equal(struct check *c, struct json a, struct json b)
{
    int same = value_equal(a, b, c->work);

    return same < 0 ? out_of_work(c) + 1 : same;
}

static int check_sorted(struct check *c, const struct item *items, size_t count, const struct step *at)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count && items[j].hash == items[i].hash && !c->stopped; j++)
            if (are_equal(c, items[i].text, items[j].text))
                return must(c, at, "have different items, but [%zu] and [%zu] are equal", items[i].index,
                            items[j].index);
    return c->stopped ? -1 : 0;
}

int check_unique(struct check *c, struct json v, const struct step *at)
{
    struct item *items;
    size_t count = json_count(v), i = 0;
    struct json item;
    int rc;

    if (spend(c, VALUE_HASH_WORK(v.len)) < 0)
        return -1;
    if (count > MOST_ITEMS)
        return must(c, at, "have at most %d items, as they have to be different, not %zu", MOST_ITEMS, count);
    if (spend(c, count * SORT_WORK) < 0)
        return -1;
    items = malloc((count + 1) * sizeof *items);
    if (!items)
        return stop(c, "cannot be checked: no memory");
    for (struct json_walk w = json_walk(v); json_next(&w, NULL, &item); i++)
        items[i] = (struct item){value_hash(item), item, i};
    qsort(items, count, sizeof *items, by_hash);
    rc = check_sorted(c, items, count, at);
    free(items);
    return rc;
}
