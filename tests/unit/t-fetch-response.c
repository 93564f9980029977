/* SPDX-License-Identifier: MIT */
/* Answers of servers, read by fetch/response.h; and base64. */
#include <stdlib.h>

#include "core/base64.h"
#include "core/json.h"
#include "fetch/response.h"
#include "tests/tap.h"

static int line(struct response *r, const char *text)
{
    struct refusal why;

    return response_line(r, text, strlen(text), &why);
}

static void printed(const struct response *r, int has_body, const char *want, const char *name)
{
    struct buf out = {0};

    response_print(r, has_body, &out);
    is_text(out.data, out.len, want, name);
    buf_free(&out);
}

static void test_heads(void)
{
    struct response r = {.most_body = 10};

    line(&r, "HTTP/1.1 103 Early\r\n");
    line(&r, "link: x\r\n");
    line(&r, "\r\n");
    line(&r, "HTTP/1.1 302 Found it\xe9\r\n");
    line(&r, "Location: \t/a b \r\n");
    line(&r, "bad name: x\r\n");
    line(&r, "x-c: a\x01"
             "b\r\n");
    line(&r, "X-E:\r\n");
    line(&r, "\r\n");
    line(&r, "trailer: x\r\n");
    printed(&r, 0,
            "\"status\":302,\"statusText\":\"Found it\xc3\xa9\",\"headers\":[[\"Location\",\"/a "
            "b\"],[\"X-E\",\"\"]]",
            "the last head, without what is broken");
    is_text(r.location.data, r.location.len, "/a b", "where it redirects");
    ok(response_redirects(&r), "it redirects");
    response_reset(&r);
    line(&r, "HTTP/2 200\r\n");
    line(&r, "\r\n");
    printed(&r, 1, "\"status\":200,\"statusText\":\"\",\"headers\":[],\"text\":\"\"", "without words");
    response_reset(&r);
    line(&r, "HTTP/1.1 99999999999999999999\r\n");
    ok(r.status < 10000 && !response_redirects(&r), "a status of many digits");
    response_free(&r);
}

static void test_bodies(void)
{
    struct response r = {.most_body = 10};
    struct refusal why;

    line(&r, "HTTP/1.1 200 OK\r\n");
    is_int(response_body(&r, "h\xc3\xa9llo", 6, &why), 0, "a piece");
    printed(&r, 1, "\"status\":200,\"statusText\":\"OK\",\"headers\":[],\"text\":\"h\xc3\xa9llo\"",
            "text as text");
    is_int(response_body(&r, "1234", 4, &why), 0, "up to the bound");
    is_int(response_body(&r, "5", 1, &why), -1, "not beyond");
    response_reset(&r);
    line(&r, "HTTP/1.1 200 OK\r\n");
    response_body(&r, "\xff\0a", 3, &why);
    printed(&r, 1,
            "\"status\":200,\"statusText\":\"OK\",\"headers\":[],\"body\":{\"$type\":\"Uint8Array\","
            "\"base64\":\"/wBh\"}",
            "bytes as base64");
    response_reset(&r);
    line(&r, "HTTP/1.1 200 OK\r\n");
    response_body(&r, "\1\2\3", 3, &why);
    printed(&r, 1,
            "\"status\":200,\"statusText\":\"OK\",\"headers\":[],\"body\":{\"$type\":\"Uint8Array\","
            "\"base64\":\"AQID\"}",
            "what grows as text, too");
    response_free(&r);
}

static void test_events(void)
{
    static const struct {
        const char *body;
        size_t from, end;
    } cases[] = {{"", 0, 0},         {"\n", 0, 0},          {"data: a\n", 0, 0},   {"data: a\r\n", 0, 0},
                 {"a\n\n", 0, 3},    {"a\r\r", 0, 3},       {"a\r\n\r\n", 0, 5},   {"a\n\r\n", 0, 4},
                 {"a\n\nb\n", 0, 3}, {"a\n\nb\n\nc", 0, 6}, {"a\n\nb\n\nc", 5, 6}, {"a\n\nb\n\nc", 6, 0},
                 {"\n\n", 0, 2}};
    struct refusal why;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct response r = {.most_body = 100};

        response_body(&r, cases[i].body, strlen(cases[i].body), &why);
        is_int((long long)response_events_end(&r, cases[i].from), (long long)cases[i].end,
               "the last whole event");
        response_free(&r);
    }
    for (int i = 0; i < 3; i++) {
        struct response r = {.most_body = 1};

        line(&r, "HTTP/1.1 200 OK\r\n");
        line(&r, i == 0   ? "Content-Type: Text/Event-Stream; charset=utf-8\r\n"
                 : i == 1 ? "content-type: text/event\r\n"
                          : "x-content-type: text/event-stream\r\n");
        is_int(r.events, i == 0, "an event stream says so");
        response_reset(&r);
        is_int(r.events, 0, "until the next hop");
        response_free(&r);
    }
}

static void test_bounds(void)
{
    struct response r = {.most_body = 10};
    int n = 0;

    while (n < 100000 && line(&r, "x: y\r\n") == 0)
        n++;
    is_int(n, RESPONSE_MOST_LINES, "so many lines");
    response_free(&r);
}

static void test_base64(void)
{
    static const char *const wrong[] = {"a",    "ab",    "abc",  "a===", "ab=c",
                                        "=abc", "ab\nc", "abc-", "    ", "abcd="};
    struct buf text = {0}, back = {0};
    char bytes[256];
    int same = 1;

    for (int i = 0; i < 256; i++)
        bytes[i] = (char)i;
    for (size_t len = 0; len <= sizeof bytes; len++) {
        buf_reset(&text);
        buf_reset(&back);
        base64_write(&text, bytes, len);
        same &= base64_read(&back, text.len ? text.data : "", text.len) == 0 && back.len == len &&
                (len == 0 || memcmp(back.data, bytes, len) == 0);
    }
    ok(same, "base64 there and back");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        buf_reset(&back);
        is_int(base64_read(&back, wrong[i], strlen(wrong[i])), -1, wrong[i]);
    }
    buf_free(&text);
    buf_free(&back);
}

int main(void)
{
    test_heads();
    test_bodies();
    test_events();
    test_bounds();
    test_base64();
    return done_testing();
}
