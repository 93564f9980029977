/* SPDX-License-Identifier: MIT */
/* Whether values are the same: as one that a schema names, and among the items of an array. */
#include <stdlib.h>
#include <string.h>

#include "host/schema/schema_internal.h"

#define MOST_ITEMS    1000000
#define HASHED_LEVELS 32 /* what is nested deeper counts by its kind */
#define SORT_WORK     128

/* ---- a value that a schema names */

static int same_objects(struct check *c, struct json want, struct json v)
{
    struct json key, value, name, have;

    if (spend(c, v.len) < 0 || json_count(want) != json_count(v))
        return 0;
    for (struct json_walk w = json_walk(want); json_next(&w, &key, &value);) {
        int found = 0;
        for (struct json_walk in = json_walk(v); json_next(&in, &name, &have);)
            if (spend(c, name.len + have.len) == 0 && json_same_string(name, key)) {
                found = is_same_as(c, value, have);
                if (!found)
                    break;
            }
        if (!found)
            return 0;
    }
    return 1;
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

/* Goes as deep as what the schema names, which schema_valid() bounds. Nothing in a schema is tagged. */
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

static uint64_t mix(uint64_t h, uint64_t more)
{
    h = (h ^ more) * 0x9e3779b97f4a7c15;
    return h ^ h >> 29;
}

static uint64_t hash_number(struct json v)
{
    double d = json_number(v);
    uint64_t bits;

    if (d == 0)
        d = 0; /* -0 is 0 */
    memcpy(&bits, &d, sizeof bits);
    return mix(JSON_NUMBER, bits);
}

/* The same for values that json_equal() holds to be equal, but for objects that repeat a name: they are told
 * apart by all of their values. */
static uint64_t hash_value(struct json v, int levels)
{
    enum json_kind kind = json_kind(v);
    struct json key, value;
    uint64_t h = mix(1, kind), count = 0;

    if (kind == JSON_NUMBER)
        return hash_number(v);
    if (kind == JSON_STRING)
        return mix(h, hash_letters(v));
    if (kind < JSON_ARRAY)
        return mix(h, v.len);
    if (levels == 0)
        return h;
    for (struct json_walk w = json_walk(v); json_next(&w, &key, &value); count++) {
        if (kind == JSON_ARRAY)
            h = mix(h, hash_value(value, levels - 1));
        else
            h += mix(hash_letters(key), hash_value(value, levels - 1)); /* in any order */
    }
    return mix(h, count);
}

static int by_hash(const void *a, const void *b)
{
    const struct item *x = a, *y = b;

    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

static int are_equal(struct check *c, struct json a, struct json b)
{
    if (a.len == b.len && memcmp(a.at, b.at, a.len) == 0)
        return 1;
    /* The most that comparing can take: for every name of one the whole other. */
    return spend(c, (a.len / 4 + 1) * (uint64_t)(b.len + 16)) == 0 && json_equal(a, b);
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

    if (spend(c, HASHED_LEVELS / 4 * v.len) < 0)
        return -1;
    if (count > MOST_ITEMS)
        return must(c, at, "have at most %d items, as they have to be different, not %zu", MOST_ITEMS, count);
    if (spend(c, count * SORT_WORK) < 0)
        return -1;
    items = malloc((count + 1) * sizeof *items);
    if (!items)
        return stop(c, "cannot be checked: no memory");
    for (struct json_walk w = json_walk(v); json_next(&w, NULL, &item); i++)
        items[i] = (struct item){hash_value(item, HASHED_LEVELS), item, i};
    qsort(items, count, sizeof *items, by_hash);
    rc = check_sorted(c, items, count, at);
    free(items);
    return rc;
}
