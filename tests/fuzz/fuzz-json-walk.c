/* SPDX-License-Identifier: MIT */
/* libFuzzer target for core/json_walk.h, on text that json_check() accepts: the parts cover the text, strings
 * decode to what they are when quoted again, and a value is equal to itself however it is laid out. */
#include <stdlib.h>
#include <string.h>

#include "core/json_walk.h"

#define MOST_INPUT 4096 /* printing and comparing grow with the square */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int holds)
{
    if (!holds)
        abort();
}

static void try_string(struct json v)
{
    struct buf text = {0};
    struct json_letters l = json_letters(v);
    char bytes[4];
    size_t n, at = 0;

    json_decode(&text, v);
    must(text.len == json_string_bytes(v.at, v.len));
    while ((n = json_next_letter(&l, bytes)) > 0) {
        must(at + n <= text.len && memcmp(text.data + at, bytes, n) == 0);
        at += n;
    }
    must(at == text.len);
    buf_byte(&text, 0);
    must(json_is(v, text.data) == (strlen(text.data) == at));
    buf_free(&text);
}

static void try_scalar(struct json v)
{
    uint64_t n;

    if (json_kind(v) == JSON_STRING)
        try_string(v);
    else if (json_whole_number(v, 1000, &n) == 0)
        must(n <= 1000 && (double)n == json_number(v));
}

static void try_parts(struct json v)
{
    const char *after = v.at + 1;
    struct json key, value;
    size_t n = 0;

    for (struct json_walk w = json_walk(v); json_next(&w, &key, &value); n++) {
        must((key.at != NULL) == (json_kind(v) == JSON_OBJECT));
        if (key.at) {
            must(key.at >= after && json_check(key.at, key.len, NULL, NULL) == 0);
            try_string(key);
            after = key.at + key.len;
        }
        must(value.at >= after && value.len > 0 && value.at + value.len < v.at + v.len);
        must(json_check(value.at, value.len, NULL, NULL) == 0);
        after = value.at + value.len;
    }
    must(n == json_count(v));
}

/* All the way down, along the last part of each. */
static void try_value(struct json v)
{
    struct json value, last;
    int more = 1;

    while (more) {
        try_scalar(v);
        try_parts(v);
        more = 0;
        for (struct json_walk w = json_walk(v); json_next(&w, NULL, &value); last = value)
            more = 1;
        if (more)
            v = last;
    }
}

static void try_equal(struct json v)
{
    struct buf pretty = {0};
    size_t line, column, depth = 0, deepest = 0;

    json_pretty(&pretty, v.at, v.len, 0);
    for (size_t i = 0; i < v.len; i++) {
        depth += v.at[i] == '[' || v.at[i] == '{';
        deepest = depth > deepest ? depth : deepest;
    }
    must(json_equal(v, v));
    if (deepest < 500)
        must(json_equal(v, json_whole(pretty.data, pretty.len)));
    json_place(v.at, v.at + v.len, &line, &column);
    must(line >= 1 && column >= 1 && line + column <= v.len + 2);
    buf_free(&pretty);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    struct json v;

    if (size > MOST_INPUT || json_check(text, size, NULL, NULL) < 0)
        return 0;
    v = json_whole(text, size);
    must(v.at >= text && v.len <= size);
    try_value(v);
    try_equal(v);
    return 0;
}
