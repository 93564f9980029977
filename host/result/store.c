/* SPDX-License-Identifier: MIT */
#include "host/result/store.h"

#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "protocol/frame.h"

struct entry {
    struct json key, value; /* value.at NULL: the key is deleted */
    size_t at, len;         /* the decoded key, in entries.keys */
    size_t order;
};

struct entries {
    struct entry *list; /* owned */
    size_t count, room;
    struct buf keys;
};

#define AUTO_ENTRIES __attribute__((cleanup(entries_free)))

static void entries_free(struct entries *all)
{
    free(all->list);
    buf_free(&all->keys);
}

static int add(struct entries *all, struct json key, struct json value)
{
    struct entry one = {.key = key, .value = value, .at = all->keys.len, .order = all->count};

    if (all->count == all->room) {
        size_t room = all->room ? 2 * all->room : 64;
        struct entry *more = realloc(all->list, room * sizeof *more);

        if (!more)
            return -1;
        all->list = more;
        all->room = room;
    }
    json_decode(&all->keys, key);
    one.len = all->keys.len - one.at;
    all->list[all->count++] = one;
    return all->keys.failed ? -1 : 0;
}

static int add_members(struct entries *all, struct json object)
{
    struct json key, value;

    for (struct json_walk w = json_walk(object); json_next(&w, &key, &value);)
        if (add(all, key, value) < 0)
            return -1;
    return 0;
}

static int add_deleted(struct entries *all, struct json list)
{
    struct json key;

    for (struct json_walk w = json_walk(list); json_next(&w, NULL, &key);)
        if (add(all, key, (struct json){0}) < 0)
            return -1;
    return 0;
}

static int compare_keys(const struct entries *all, const struct entry *a, const struct entry *b)
{
    size_t len = a->len < b->len ? a->len : b->len;
    int differ = len ? memcmp(all->keys.data + a->at, all->keys.data + b->at, len) : 0;

    return differ ? differ : a->len < b->len ? -1 : a->len > b->len;
}

static int by_key(const void *a, const void *b, void *all)
{
    const struct entry *x = a, *y = b;
    int differ = compare_keys(all, x, y);

    return differ ? differ : x->order < y->order ? -1 : 1;
}

static int by_order(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;

    return x->order < y->order ? -1 : 1;
}

static void sort(struct entries *all)
{
    if (all->count)
        qsort_r(all->list, all->count, sizeof *all->list, by_key, all);
}

/* An entry whose key is there twice, or NULL. Call it after sort(). */
static const struct entry *repeated(const struct entries *all)
{
    for (size_t i = 1; i < all->count; i++)
        if (compare_keys(all, &all->list[i - 1], &all->list[i]) == 0)
            return &all->list[i];
    return NULL;
}

/* The number of UTF-16 units in a text: two for a character of four bytes, one for all others. */
static size_t units(struct json v)
{
    size_t count = 0;

    for (size_t i = 0; i < v.len; i++)
        count += ((unsigned char)v.at[i] & 0xc0) != 0x80 ? 1 + ((unsigned char)v.at[i] >= 0xf0) : 0;
    return count;
}

/* The first entry that exceeds a limit, or NULL. *together is 1 when the limit is for all entries together, and 0 when
 * it is for one value. */
static const struct entry *too_large(const struct entries *all, int *together)
{
    size_t total = 0;

    for (size_t i = 0; i < all->count; i++) {
        const struct entry *one = &all->list[i];
        size_t of_value = one->value.at ? units(one->value) : 0;

        *together = of_value <= STORE_MOST_VALUE;
        total += one->value.at ? units(one->key) + of_value : 0;
        if (!*together || total > STORE_MOST || i >= STORE_MOST_KEYS)
            return one;
    }
    return NULL;
}

static void put_key(const struct entries *all, const struct entry *one, struct buf *out)
{
    json_quote(out, one->len ? all->keys.data + one->at : "", one->len);
}

static int refuse_entry(const struct entry *one, const char *what, struct iso_err *err)
{
    AUTO_BUF struct buf key = {0};

    json_string_to_text(&key, one->key.at, one->key.len);
    return iso_fail(err, ISO_USAGE, "the store %s '%.*s'", what, (int)(key.len < 100 ? key.len : 100),
                    key.len ? key.data : "");
}

int store_take(struct json object, struct buf *list, struct iso_err *err)
{
    AUTO_ENTRIES struct entries all = {0};
    const struct entry *one;
    int together;

    if (add_members(&all, object) < 0)
        return iso_fail(err, ISO_INTERNAL, "out of memory");
    if ((one = too_large(&all, &together)))
        return refuse_entry(one,
                            together ? "takes more than 1 Mi characters or 16 Ki keys together, with"
                                     : "holds a value of more than 256 Ki characters,",
                            err);
    sort(&all);
    if ((one = repeated(&all)))
        return refuse_entry(one, "has a key twice,", err);
    if (all.count)
        qsort(all.list, all.count, sizeof *all.list, by_order);
    buf_byte(list, '[');
    for (size_t i = 0; i < all.count; i++) {
        if (i)
            buf_byte(list, ',');
        put_key(&all, &all.list[i], list);
        buf_byte(list, ',');
        json_quote(list, all.list[i].value.at, all.list[i].value.len);
    }
    buf_byte(list, ']');
    return list->failed ? iso_fail(err, ISO_INTERNAL, "out of memory") : 0;
}

/* 0 when the list of deleted keys is within the limits, which are the same as for keys that are set; else -1. */
static int check_deleted(struct json list)
{
    size_t total = 0, count = 0;
    struct json key;

    for (struct json_walk w = json_walk(list); json_next(&w, NULL, &key);) {
        if (json_kind(key) != JSON_STRING || ++count > STORE_MOST_KEYS)
            return -1;
        total += units(key);
    }
    return total > STORE_MOST ? -1 : 0;
}

int store_check_writes(const char *text, size_t len)
{
    AUTO_ENTRIES struct entries all = {0};
    struct json whole = {text, len}, set, deleted;
    int together;

    if (json_check_tight(text, len, JSON_OBJECT) < 0)
        return -1;
    set = json_member(whole, "set");
    deleted = json_member(whole, "delete");
    if (json_count(whole) != 2 || !set.at || json_kind(set) != JSON_OBJECT || !deleted.at ||
        json_kind(deleted) != JSON_ARRAY || check_deleted(deleted) < 0 || add_members(&all, set) < 0 ||
        too_large(&all, &together) || add_deleted(&all, deleted) < 0)
        return -1;
    sort(&all);
    return repeated(&all) ? -1 : 0;
}

/* Keeps only the last value of each key, in the place of its first. Call it after sort(). */
static void keep_last_values(struct entries *all)
{
    size_t kept = 0;

    for (size_t i = 0; i < all->count; i++) {
        if (kept && compare_keys(all, &all->list[kept - 1], &all->list[i]) == 0)
            all->list[kept - 1].value = all->list[i].value;
        else
            all->list[kept++] = all->list[i];
    }
    all->count = kept;
}

int store_apply(struct json object, struct json writes, struct buf *out)
{
    AUTO_ENTRIES struct entries all = {0};
    const char *between = "\n";
    int together;

    if (add_members(&all, object) < 0 || add_members(&all, json_member(writes, "set")) < 0 ||
        add_deleted(&all, json_member(writes, "delete")) < 0)
        return -1;
    sort(&all);
    keep_last_values(&all);
    if (too_large(&all, &together))
        return -1;
    if (all.count)
        qsort(all.list, all.count, sizeof *all.list, by_order);
    buf_byte(out, '{');
    for (size_t i = 0; i < all.count; i++) {
        if (!all.list[i].value.at)
            continue;
        buf_str(out, between);
        buf_add(out, all.list[i].key.at, all.list[i].key.len);
        buf_byte(out, ':');
        buf_add(out, all.list[i].value.at, all.list[i].value.len);
        between = ",\n";
    }
    buf_str(out, "\n}\n");
    return out->failed ? -1 : 0;
}
