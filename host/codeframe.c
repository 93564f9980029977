/* SPDX-License-Identifier: MIT */
#include "host/codeframe.h"

#include <string.h>

#include "core/utf8.h"

#define BEFORE 2   /* lines shown above */
#define WIDTH  100 /* characters of a line shown */
#define LEAD   60  /* characters shown before the column of a long line */

struct line {
    const char *text;
    size_t len;
};

/* Bytes of the line terminator at p, 0 if there is none: LF, CR, CRLF, U+2028 or U+2029, as in ECMAScript. */
static size_t terminator(const char *p, const char *end)
{
    if (*p == '\n')
        return 1;
    if (*p == '\r')
        return end - p > 1 && p[1] == '\n' ? 2 : 1;
    return end - p > 2 && memcmp(p, "\xe2\x80", 2) == 0 && (p[2] == '\xa8' || p[2] == '\xa9') ? 3 : 0;
}

/* Line number `want` (from 1); 0 when the text has fewer. */
static int find_line(const struct source *s, size_t want, struct line *out)
{
    const char *p = s->text.len ? s->text.data : "", *end = p + s->text.len;

    for (size_t number = 1;; number++) {
        const char *start = p;

        while (p < end && !terminator(p, end))
            p++;
        if (number == want) {
            *out = (struct line){start, (size_t)(p - start)};
            return 1;
        }
        if (p == end)
            return 0;
        p += terminator(p, end);
    }
}

/* Bytes of the line before a column of UTF-16 units; *chars gets the characters among them. */
static size_t bytes_before(const struct line *l, size_t column, size_t *chars)
{
    size_t at = 0, units = 1;

    *chars = 0;
    while (at < l->len && units < column) {
        size_t n = utf8_length((unsigned char)l->text[at]);
        at += n ? n : 1;
        units += n == 4 ? 2 : 1;
        ++*chars;
    }
    return at < l->len ? at : l->len;
}

/* Steps `chars` characters forward from byte `at`. */
static size_t forward(const struct line *l, size_t at, size_t chars)
{
    while (chars-- > 0 && at < l->len) {
        size_t n = utf8_length((unsigned char)l->text[at]);
        at += n ? n : 1;
    }
    return at < l->len ? at : l->len;
}

static void put_line(struct buf *out, const struct line *l, size_t number, int marked, size_t skip)
{
    size_t from = forward(l, 0, skip), to = forward(l, from, WIDTH);

    buf_printf(out, "%c %4zu | %s", marked ? '>' : ' ', number, from ? "…" : "");
    for (size_t i = from; i < to; i++) /* one character, one column: the caret must stand under its place */
        buf_byte(out, (unsigned char)l->text[i] < 0x20 ? ' ' : l->text[i]);
    buf_str(out, to < l->len ? "…\n" : "\n");
}

void codeframe(struct buf *out, const struct source *s, size_t line, size_t column)
{
    struct line l;
    size_t chars, skip;

    if (line == 0 || !find_line(s, line, &l))
        return;
    bytes_before(&l, column ? column : 1, &chars);
    skip = chars > LEAD && forward(&l, 0, WIDTH) < l.len ? chars - LEAD : 0;
    for (size_t n = line > BEFORE ? line - BEFORE : 1; n < line; n++) {
        struct line above;
        if (find_line(s, n, &above))
            put_line(out, &above, n, 0, skip);
    }
    put_line(out, &l, line, 1, skip);
    buf_str(out, "       | ");
    for (size_t i = 0; i < chars - skip + (skip > 0); i++)
        buf_byte(out, ' ');
    buf_byte(out, '^');
}
