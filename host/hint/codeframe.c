/* SPDX-License-Identifier: MIT */
#include "host/hint/codeframe.h"

#include "core/utf8.h"
#include "host/hint/line_index.h"

#define BEFORE 2   /* lines shown above */
#define WIDTH  100 /* characters of a line shown */
#define LEAD   60  /* characters shown before the column of a long line */

/* The byte that is `chars` characters after byte `at`. */
static size_t forward(const struct line_index_line *l, size_t at, size_t chars)
{
    while (chars-- > 0 && at < l->len) {
        size_t n = utf8_length((unsigned char)l->text[at]);
        at += n ? n : 1;
    }
    return at < l->len ? at : l->len;
}

static void put_line(struct buf *out, const struct line_index_line *l, size_t number, int marked, size_t skip)
{
    size_t from = forward(l, 0, skip), to = forward(l, from, WIDTH);

    buf_printf(out, "%c %4zu | %s", marked ? '>' : ' ', number, from ? "…" : "");
    for (size_t i = from; i < to; i++) /* one character, one column: the caret must stand under its place */
        buf_byte(out, (unsigned char)l->text[i] < 0x20 ? ' ' : l->text[i]);
    buf_str(out, to < l->len ? "…\n" : "\n");
}

void codeframe(struct buf *out, const struct source *s, size_t line, size_t column)
{
    struct line_index_line l;
    size_t chars, skip;

    if (line == 0 || !line_index_line(s, line, &l))
        return;
    line_index_column(&l, column ? column : 1, &chars);
    skip = chars > LEAD && forward(&l, 0, WIDTH) < l.len ? chars - LEAD : 0;
    for (size_t n = line > BEFORE ? line - BEFORE : 1; n < line; n++) {
        struct line_index_line above;
        if (line_index_line(s, n, &above))
            put_line(out, &above, n, 0, skip);
    }
    put_line(out, &l, line, 1, skip);
    buf_str(out, "       | ");
    for (size_t i = 0; i < chars - skip + (skip > 0); i++)
        buf_byte(out, ' ');
    buf_byte(out, '^');
}
