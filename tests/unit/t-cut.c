/* SPDX-License-Identifier: MIT */
/* host/result/cut.h: whatever the value and the room, the output is JSON, fits, and says what is missing. */
#include "host/result/cut.h"

#include <stdio.h>
#include <string.h>

#include "tests/tap.h"

static unsigned cuts;
static char last_path[200];

static void on_cut(void *ctx, const struct buf *path, struct json whole)
{
    (void)ctx;
    (void)whole;
    cuts++;
    snprintf(last_path, sizeof last_path, "%.*s", (int)path->len, path->data);
}

static struct buf cut(const char *text, size_t len, size_t room, int lines)
{
    struct buf out = {0};
    struct cut c = {.out = &out, .lines = lines, .on_cut = on_cut};

    cuts = 0;
    buf_str(&c.path, "v");
    cut_value(&c, (struct json){text, len}, room);
    buf_free(&c.path);
    return out;
}

static void is_cut(const char *text, size_t room, const char *want, const char *path)
{
    struct buf out = cut(text, strlen(text), room, 0);

    is_text(out.data, out.len, want, path);
    is_text(last_path, strlen(last_path), path, "its path");
    buf_free(&out);
}

/* Every room from the least to more than is needed. */
static void fits(const char *name, const struct buf *text, int lines)
{
    unsigned long bad = 0;

    for (size_t room = CUT_LEAST; room < text->len + 2; room += 1 + room / 64) {
        struct buf out = cut(text->data, text->len, room, lines);
        int same = out.len == text->len && memcmp(out.data, text->data, out.len) == 0;
        if (out.failed || out.len > room || json_check(out.data, out.len, NULL, NULL) < 0 ||
            same != (cuts == 0) || same != (text->len <= room))
            bad++;
        buf_free(&out);
    }
    is_int((long long)bad, 0, name);
}

static void repeat(struct buf *to, const char *before, const char *one, int count, const char *after)
{
    buf_reset(to);
    buf_str(to, before);
    for (int i = 0; i < count; i++)
        buf_printf(to, "%s%s", i && *one != '\\' && *one != '.' ? "," : "", one + (*one == '.'));
    buf_str(to, after);
}

static void test_rooms(void)
{
    struct buf t = {0};

    repeat(&t, "\"", ".x", 3000, "\"");
    fits("a string of ASCII", &t, 0);
    repeat(&t, "\"", ".\xf0\x9f\x98\x80\xc3\xa9\xe2\x82\xac", 500, "\"");
    fits("a string of wide characters", &t, 0);
    repeat(&t, "\"", "\\ud83d\\ude00\\n\\u0000\\ud83d", 300, "\"");
    fits("a string of escapes", &t, 0);
    repeat(&t, "[", "1", 2000, "]");
    fits("an array of numbers", &t, 0);
    repeat(&t, "[", "{\"a\":[1,2,{\"b\":\"some text\"}]}", 200, "]");
    fits("an array of objects", &t, 0);
    repeat(&t, "[", "\"a line of text\"", 200, "]");
    fits("an array of lines", &t, 1);
    repeat(&t, "{\"only\":{\"k\":", "[\"x\"]", 1, "}}");
    fits("an object", &t, 0);
    repeat(&t, "{\"a\":{\"b\":[[[", "\"xxxxxxxxxxxxxxxxxxxxxxxxx\"", 100, "]]],\"c\":1},\"d\":[1,2,3]}");
    fits("nested values", &t, 0);
    repeat(&t, "{\"$type\":\"map\",\"entries\":[", "[1,\"some text\"]", 100, "]}");
    fits("a map", &t, 0);
    repeat(&t, "{\"$type\":\"Uint8Array\",\"base64\":\"", ".AAAA", 100, "\"}");
    fits("bytes", &t, 0);
    buf_reset(&t);
    buf_str(&t, "{");
    for (int i = 0; i < 1000; i++)
        buf_printf(&t, "%s\"key %d\":%d", i ? "," : "", i, i);
    buf_str(&t, "}");
    fits("an object of many members", &t, 0);
    buf_reset(&t);
    for (int i = 0; i < 3000; i++)
        buf_str(&t, i % 2 ? "[" : "{\"k\":");
    buf_str(&t, "1");
    for (int i = 3000; i-- > 0;)
        buf_str(&t, i % 2 ? "]" : "}");
    fits("deep nesting", &t, 0);
    buf_free(&t);
}

static void test_words(void)
{
    struct buf t = {0};

    repeat(&t, "\"", ".x", 100, "\"");
    buf_byte(&t, 0);
    is_cut(t.data, 96, "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… [53 more characters]\"", "v");
    repeat(&t, "\"", "\\ud83d\\ude00", 20, "\"");
    buf_byte(&t, 0);
    is_cut(t.data, 96, "\"\\ud83d\\ude00\\ud83d\\ude00\\ud83d\\ude00… [17 more characters]\"", "v");
    repeat(&t, "{\"a\":1,\"b c\":[", "12345678", 20, "]}");
    buf_byte(&t, 0);
    is_cut(t.data, 120,
           "{\"a\":1,\"b "
           "c\":[12345678,12345678,12345678,12345678,12345678,12345678,{\"$type\":\"cut\",\"items\":14}]}",
           "v[\"b c\"]");
    repeat(&t, "{\"a\":1,\"b\":{\"$type\":\"bigint\",\"value\":\"", ".12345678", 20, "\"}}");
    buf_byte(&t, 0);
    is_cut(t.data, 120, "{\"a\":1,\"b\":{\"$type\":\"cut\",\"bytes\":189}}", "v.b");
    is_cut("{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5,\"f\":6,\"g\":7,\"h\":8,\"i\":9,\"j\":10,\"k\":11,\"l\":"
           "12,\"m\":13,\"n\":14,"
           "\"o\":15}",
           96, "{\"$type\":\"cut\",\"members\":{\"a\":1,\"b\":2,\"c\":3},\"keys\":12}", "v");
    buf_free(&t);
}

static void test_share(void)
{
    is_int((long long)cut_share((size_t[]){10, 1000, 1000}, 3, 210), 100, "the small one leaves its rest");
    is_int((long long)cut_share((size_t[]){1000, 10, 50}, 3, 600), 540, "in any order");
    is_int((long long)cut_share((size_t[]){0, 0, 5}, 3, 2), 2, "less than one needs");
}

int main(void)
{
    test_share();
    test_words();
    test_rooms();
    return done_testing();
}
