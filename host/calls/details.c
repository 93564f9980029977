/* SPDX-License-Identifier: MIT */
#include "host/calls/details.h"

#include "core/json.h"
#include "host/result/cut.h"

/* The most items of a list that share its room. */
#define MOST_SHARING 16

static void on_cut(void *ctx, const struct buf *path, struct json whole)
{
    (void)ctx;
    (void)path;
    (void)whole; /* the marks in the value say it */
}

/* The room of each item of a long list of arguments, so that a short one is there whole behind a long one; 0: there are
 * too many items. */
static size_t share_of_items(struct json list)
{
    size_t lengths[MOST_SHARING], count = 0, share;
    struct json item;

    for (struct json_walk w = json_walk(list); json_next(&w, NULL, &item); count++) {
        if (count == MOST_SHARING)
            return 0;
        lengths[count] = item.len;
    }
    share = count ? cut_share(lengths, count, DETAILS_MOST_VALUE - count - 1) : 0;
    return share < CUT_LEAST ? 0 : share;
}

static void add_items(struct cut *cut, struct json list, size_t share)
{
    const char *between = "[";
    struct json item;

    for (struct json_walk w = json_walk(list); json_next(&w, NULL, &item); between = ",") {
        buf_str(cut->out, between);
        cut_value(cut, item, share);
    }
    buf_byte(cut->out, ']');
}

static void add_value(struct buf *to, struct json value)
{
    struct cut cut = {.out = to, .on_cut = on_cut};
    int is_long_list = json_kind(value) == JSON_ARRAY && value.len > DETAILS_MOST_VALUE;
    size_t share;

    if (value.len > DETAILS_MOST_READ)
        buf_printf(to, "{\"$type\":\"cut\",\"bytes\":%zu}", value.len);
    else if (is_long_list && (share = share_of_items(value)))
        add_items(&cut, value, share);
    else
        cut_value(&cut, value, DETAILS_MOST_VALUE);
    buf_free(&cut.path);
}

int details_add(struct buf *to, size_t *used, const char *key, struct json value)
{
    size_t before = to->len;

    if (*used + DETAILS_MOST_VALUE > DETAILS_MOST)
        return -1;
    buf_printf(to, ",\"%s\":", key);
    add_value(to, value);
    if (to->failed) {
        to->failed = 0;
        to->len = before;
        return -1;
    }
    json_mend(to->data + before, to->len - before); /* a program's answer may hold lone surrogates */
    *used += to->len - before;
    return 0;
}
