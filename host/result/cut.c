/* SPDX-License-Identifier: MIT */
#include "host/result/cut.h"

#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/value_tags.h"

/* Room for the words that say how much is missing, with the longest number. */
#define WORDS 48
/* Values nested deeper than this are replaced, not cut. */
#define MOST_DEPTH 64
/* The greatest length of a key that is written into a path. */
#define LONGEST_KEY 200

static void note(struct cut *c, struct json v)
{
    if (!c->inside)
        c->on_cut(c->ctx, &c->path, v);
}

static void replace(struct cut *c, struct json v)
{
    note(c, v);
    buf_printf(c->out, "{\"$type\":\"cut\",\"bytes\":%zu}", v.len);
}

/* ---- strings */

static int is_surrogate(const char *at, const char *end, char first, char last)
{
    return end - at >= 6 && at[0] == '\\' && at[1] == 'u' && (at[2] | 32) == 'd' && (at[3] | 32) >= first &&
           (at[3] | 32) <= last;
}

static int is_high(const char *at, const char *end)
{
    return is_surrogate(at, end, '8', '9') || is_surrogate(at, end, 'a', 'b');
}

/* The number of bytes that the character at `at` has in a JSON string. */
static size_t character(const char *at, const char *end)
{
    unsigned char c = (unsigned char)*at;

    if (c != '\\')
        return c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    if (at[1] != 'u')
        return 2;
    return is_high(at, end) && is_surrogate(at + 6, end, 'c', 'f') ? 12 : 6;
}

static void cut_string(struct cut *c, struct json v, size_t room)
{
    const char *at = v.at + 1, *end = v.at + v.len - 1, *stop = v.at + (room - WORDS);
    size_t left = 0;

    note(c, v);
    while (at < end && at + character(at, end) <= stop)
        at += character(at, end);
    buf_add(c->out, v.at, (size_t)(at - v.at));
    for (; at < end; at += character(at, end))
        left++;
    buf_printf(c->out, "… [%zu more character%s]\"", left, left == 1 ? "" : "s");
}

/* ---- arrays */

static void say_rest(struct cut *c, size_t items, int first)
{
    if (!first)
        buf_byte(c->out, ',');
    if (c->lines && c->depth == 1)
        buf_printf(c->out, "\"… [%zu more line%s]\"", items, items == 1 ? "" : "s");
    else
        buf_printf(c->out, "{\"$type\":\"cut\",\"items\":%zu}", items);
}

static void cut_array(struct cut *c, struct json v, size_t room)
{
    size_t from = c->out->len, most = room - WORDS, left = json_count(v);
    struct json item;
    int first = 1;

    note(c, v);
    c->inside++;
    buf_byte(c->out, '[');
    for (struct json_walk w = json_walk(v); json_next(&w, NULL, &item); first = 0, left--) {
        size_t used = c->out->len - from + 2; /* a comma, and the bracket at the end */
        int fits = used + item.len <= most;

        if (!fits && (used + CUT_LEAST > most || left < 1))
            break;
        if (!first)
            buf_byte(c->out, ',');
        cut_value(c, item, fits ? item.len : most - used);
        if (!fits) {
            left--;
            first = 0;
            break;
        }
    }
    c->inside--;
    if (left)
        say_rest(c, left, first);
    buf_byte(c->out, ']');
}

/* ---- objects */

static int by_size(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;

    return x < y ? -1 : x > y;
}

size_t cut_share(const size_t *lengths, size_t count, size_t room)
{
    size_t *sorted = malloc((count ? count : 1) * sizeof *sorted), share = count ? room / count : room;

    if (!sorted)
        return share; /* out of memory: correct, but smaller than necessary */
    memcpy(sorted, lengths, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, by_size);
    for (size_t i = 0; i < count; i++) {
        share = room / (count - i);
        if (sorted[i] > share)
            break;
        room -= sorted[i];
    }
    free(sorted);
    return share;
}

/* The room for each member's value; 0: there is not enough room for all members. */
static size_t share_of_members(struct json v, size_t room)
{
    size_t count = json_count(v), names = 2, i = 0, share = 0;
    size_t *lengths = malloc((count ? count : 1) * sizeof *lengths);
    struct json key, value;

    for (struct json_walk w = json_walk(v); lengths && json_next(&w, &key, &value); i++) {
        lengths[i] = value.len;
        names += key.len + 2;
    }
    if (lengths && names < room)
        share = cut_share(lengths, count, room - names);
    free(lengths);
    return share < CUT_LEAST ? 0 : share;
}

static int is_tagged(struct json v)
{
    enum value_tag tag = value_tag_of(v);

    return tag != TAG_NONE && tag != TAG_error;
}

/* 1 when all long members of a tagged value are arrays. Other members must not be cut, because a part of such a text has
 * a different meaning or none. */
static int can_be_cut(struct json v, size_t share)
{
    struct json value;

    for (struct json_walk w = json_walk(v); json_next(&w, NULL, &value);)
        if (value.len > share && json_kind(value) != JSON_ARRAY)
            return 0;
    return 1;
}

static int is_identifier(struct json key)
{
    for (size_t i = 1; i + 1 < key.len; i++) {
        char k = key.at[i];
        if (!((k | 32) >= 'a' && (k | 32) <= 'z') && k != '_' && k != '$' && !(k >= '0' && k <= '9' && i > 1))
            return 0;
    }
    return key.len > 2;
}

static void enter_member(struct cut *c, struct json key)
{
    if (is_identifier(key) && key.len <= LONGEST_KEY)
        buf_printf(&c->path, ".%.*s", (int)key.len - 2, key.at + 1);
    else if (key.len <= LONGEST_KEY)
        buf_printf(&c->path, "[%.*s]", (int)key.len, key.at);
    else
        buf_str(&c->path, "[…]");
}

static void cut_each_member(struct cut *c, struct json v, size_t share)
{
    const char *between = "{";
    struct json key, value;

    for (struct json_walk w = json_walk(v); json_next(&w, &key, &value); between = ",") {
        size_t path = c->path.len;

        buf_str(c->out, between);
        buf_add(c->out, key.at, key.len);
        buf_byte(c->out, ':');
        enter_member(c, key);
        cut_value(c, value, share);
        if (!c->path.failed)
            c->path.len = path;
    }
    buf_byte(c->out, '}');
}

static void keep_first_members(struct cut *c, struct json v, size_t room)
{
    size_t from = c->out->len, left = json_count(v);
    const char *between = "";
    struct json key, value;

    note(c, v);
    buf_str(c->out, "{\"$type\":\"cut\",\"members\":{");
    for (struct json_walk w = json_walk(v); json_next(&w, &key, &value); left--, between = ",") {
        if (c->out->len - from + key.len + value.len + 2 + WORDS > room)
            break;
        buf_str(c->out, between);
        buf_add(c->out, key.at, key.len);
        buf_byte(c->out, ':');
        buf_add(c->out, value.at, value.len);
    }
    buf_printf(c->out, "},\"keys\":%zu}", left);
}

static void cut_object(struct cut *c, struct json v, size_t room)
{
    size_t share = share_of_members(v, room);
    int tagged = is_tagged(v);

    if (share && (!tagged || can_be_cut(v, share)))
        cut_each_member(c, v, share);
    else if (tagged)
        replace(c, v);
    else
        keep_first_members(c, v, room);
}

void cut_value(struct cut *c, struct json v, size_t room)
{
    enum json_kind kind = json_kind(v);

    if (v.len <= room) {
        buf_add(c->out, v.at, v.len);
        return;
    }
    c->depth++;
    if (kind == JSON_STRING)
        cut_string(c, v, room);
    else if (c->depth > MOST_DEPTH || (kind != JSON_ARRAY && kind != JSON_OBJECT))
        replace(c, v);
    else if (kind == JSON_ARRAY)
        cut_array(c, v, room);
    else
        cut_object(c, v, room);
    c->depth--;
}
