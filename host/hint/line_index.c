/* SPDX-License-Identifier: MIT */
#include "host/hint/line_index.h"

#include <string.h>

#include "core/utf8.h"

/* The length of the line terminator at p, 0 if there is none: LF, CR, CRLF, U+2028 or U+2029, as in ECMAScript. */
static size_t terminator(const char *p, const char *end)
{
    if (*p == '\n')
        return 1;
    if (*p == '\r')
        return end - p > 1 && p[1] == '\n' ? 2 : 1;
    return end - p > 2 && memcmp(p, "\xe2\x80", 2) == 0 && (p[2] == '\xa8' || p[2] == '\xa9') ? 3 : 0;
}

int line_index_line(const struct source *s, size_t want, struct line_index_line *out)
{
    const char *p = s->text.len ? s->text.data : "", *end = p + s->text.len;

    for (size_t number = 1;; number++) {
        const char *start = p;

        while (p < end && !terminator(p, end))
            p++;
        if (number == want) {
            *out = (struct line_index_line){start, (size_t)(p - start)};
            return 1;
        }
        if (p == end)
            return 0;
        p += terminator(p, end);
    }
}

size_t line_index_column(const struct line_index_line *l, size_t column, size_t *chars)
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
