/* SPDX-License-Identifier: MIT */
#include "host/schema/pointer.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/json_names.h"

/* An object by its names, or an array by its indexes. */
struct container {
    const char *at;
    struct json_names names;
    struct json *items; /* owned; NULL for an object */
    size_t count;
};

static void free_container(void *of)
{
    struct container *k = of;

    json_names_free(&k->names);
    free(k->items);
    free(k);
}

static int by_address(const void *a, const void *b)
{
    uintptr_t x = (uintptr_t)((const struct container *)a)->at,
              y = (uintptr_t)((const struct container *)b)->at;

    return (x > y) - (x < y);
}

static int take_apart(struct container *k, struct json v)
{
    struct json_walk w = json_walk(v);

    if (json_kind(v) != JSON_ARRAY)
        return json_names_sort(&k->names, v);
    k->items = calloc(json_count(v) + 1, sizeof *k->items);
    if (!k->items)
        return -1;
    while (json_next(&w, NULL, &k->items[k->count]))
        k->count++;
    return 0;
}

/* The index of an object or array, made on first use. NULL without memory. */
static const struct container *container_of(struct pointers *p, struct json v)
{
    struct container key = {.at = v.at}, *k, **place = tfind(&key, &p->containers, by_address);

    if (place)
        return *place;
    k = calloc(1, sizeof *k);
    if (!k)
        return NULL;
    k->at = v.at;
    if (take_apart(k, v) < 0 || !tsearch(k, &p->containers, by_address)) {
        free_container(k);
        return NULL;
    }
    return k;
}

/* ---- pointers */

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/* Appends a part of a pointer, up to `end`, as a string literal; its escapes (%41, then ~1) are decoded. -1:
 * invalid. */
static int part_of(struct buf *out, const char *p, const char *end)
{
    AUTO_BUF struct buf text = {0};
    size_t to = 0;

    while (p < end) {
        char c = *p++;
        if (c == '%') {
            if (end - p < 2 || hex_digit(p[0]) < 0 || hex_digit(p[1]) < 0)
                return -1;
            c = (char)(hex_digit(p[0]) * 16 + hex_digit(p[1]));
            p += 2;
        }
        buf_byte(&text, c);
    }
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        if (c == '~') {
            if (++i == text.len || (text.data[i] != '0' && text.data[i] != '1'))
                return -1;
            c = text.data[i] == '0' ? '~' : '/';
        }
        text.data[to++] = c;
    }
    buf_reset(out);
    json_quote(out, text.data, to);
    return text.failed || out->failed ? -1 : 0;
}

static struct json item_at(const struct container *k, const struct buf *part)
{
    const char *digits = part->data + 1; /* between the quotes */
    size_t len = part->len - 2, index = 0;

    if (len == 0 || len > 9 || (len > 1 && *digits == '0'))
        return (struct json){NULL, 0};
    for (size_t i = 0; i < len; i++) {
        if (digits[i] < '0' || digits[i] > '9')
            return (struct json){NULL, 0};
        index = index * 10 + (size_t)(digits[i] - '0');
    }
    return index < k->count ? k->items[index] : (struct json){NULL, 0};
}

/* The value that a part of a pointer leads to; .at is NULL when there is none. -1: no memory. */
static int follow_part(struct pointers *p, struct json v, const struct buf *part, struct json *out)
{
    enum json_kind kind = json_kind(v);
    const struct container *k = kind >= JSON_ARRAY ? container_of(p, v) : NULL;
    const struct json_named *found;

    *out = (struct json){NULL, 0};
    if (kind < JSON_ARRAY)
        return 0;
    if (!k)
        return -1;
    if (kind == JSON_ARRAY) {
        *out = item_at(k, part);
        return 0;
    }
    found = json_names_find(&k->names, (struct json){part->data, part->len});
    if (found)
        *out = found->value;
    return 0;
}

int pointer_follow(struct pointers *p, struct json ref, struct json *out)
{
    AUTO_BUF struct buf text = {0}, part = {0};
    const char *at, *end, *slash;

    *out = (struct json){NULL, 0};
    json_decode(&text, ref);
    if (text.failed)
        return -1;
    at = text.data;
    if (text.len == 0 || *at != '#' || (text.len > 1 && at[1] != '/'))
        return 0;
    end = at + text.len;
    *out = p->root;
    for (at++; out->at && at < end; at = slash) {
        slash = memchr(at + 1, '/', (size_t)(end - at - 1));
        if (!slash)
            slash = end;
        if (part_of(&part, at + 1, slash) < 0)
            out->at = NULL;
        else if (follow_part(p, *out, &part, out) < 0)
            return -1;
    }
    return 0;
}

void pointers_free(struct pointers *p)
{
    tdestroy(p->containers, free_container);
    p->containers = NULL;
}
