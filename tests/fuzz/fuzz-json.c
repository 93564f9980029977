/* SPDX-License-Identifier: MIT */
/* libFuzzer target for core/json.h: what must hold for any bytes, and for any text that json_check() accepts.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/json.h"

#define MAX_PRINT (16u << 20) /* indentation grows with depth times length */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int holds)
{
    if (!holds)
        abort();
}

static int same(const struct buf *a, const struct buf *b)
{
    return a->len == b->len && (a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}

static void must_be_kind(const struct buf *b, enum json_kind want)
{
    enum json_kind kind;

    must(json_check(b->data, b->len, &kind, NULL) == 0 && kind == want);
}

/* The bytes before the wrong one are the start of some document. */
static void try_refused(const char *text, size_t len, size_t at)
{
    size_t again;

    must(at <= len);
    must(json_check(text, at, NULL, &again) == 0 || again == at);
}

static void try_quote(const char *text, size_t len)
{
    struct buf out = {0};

    json_quote(&out, text, len);
    must_be_kind(&out, JSON_STRING);
    buf_free(&out);
}

static void try_pretty(const char *text, size_t len, enum json_kind kind)
{
    struct buf once = {.cap = MAX_PRINT}, twice = {.cap = MAX_PRINT}, painted = {.cap = MAX_PRINT};

    json_pretty(&once, text, len, 0);
    json_pretty(&painted, text, len, 1);
    if (!once.failed) {
        must_be_kind(&once, kind);
        json_pretty(&twice, once.data, once.len, 0);
        must(same(&once, &twice));
        must(painted.failed || painted.len >= once.len);
    }
    buf_free(&once);
    buf_free(&twice);
    buf_free(&painted);
}

static int has_control(const struct buf *b)
{
    unsigned char c, before = 0;
    size_t i;

    for (i = 0; i < b->len; before = c, i++) {
        c = (unsigned char)b->data[i];
        if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f || (before == 0xc2 && c >= 0x80 && c < 0xa0))
            return 1;
    }
    return 0;
}

/* Text that is valid and has no control characters comes back from quoting as it was. */
static void try_text(const char *literal, size_t len)
{
    struct buf text = {0}, quoted = {0}, again = {0};

    json_string_to_text(&text, literal, len);
    must(!has_control(&text));
    json_quote(&quoted, text.data, text.len);
    must_be_kind(&quoted, JSON_STRING);
    json_string_to_text(&again, quoted.data, quoted.len);
    must(same(&text, &again));
    buf_free(&text);
    buf_free(&quoted);
    buf_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    enum json_kind kind;
    size_t at;

    try_quote(text, size);
    if (json_check(text, size, &kind, &at) < 0) {
        try_refused(text, size, at);
        return 0;
    }
    try_pretty(text, size, kind);
    if (kind == JSON_STRING)
        try_text(text, size);
    return 0;
}
