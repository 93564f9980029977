/* SPDX-License-Identifier: MIT */
/* host/hint/line_index.h - finds the place in a source for a line and a column of V8. */
#ifndef ISO_HOST_HINT_LINE_INDEX_H
#define ISO_HOST_HINT_LINE_INDEX_H
#include "host/declared/source.h"

struct line_index_line {
    const char *text; /* borrowed from the source */
    size_t len;
};

/* 1 and the line with number `want` (from 1), without its end; 0 when the source has fewer lines. */
int line_index_line(const struct source *s, size_t want, struct line_index_line *out);

/* The number of bytes before a column, which counts UTF-16 units from 1; *chars gets the number of characters. */
size_t line_index_column(const struct line_index_line *l, size_t column, size_t *chars);

#endif
