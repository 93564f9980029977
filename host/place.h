/* SPDX-License-Identifier: MIT */
/* host/place.h - what a line and a column of V8's stand for in a source. */
#ifndef ISO_HOST_PLACE_H
#define ISO_HOST_PLACE_H
#include "host/source.h"

struct place_line {
    const char *text; /* borrowed from the source */
    size_t len;
};

/* Line number `want` (from 1), without its end; 0 when the source has fewer. */
int place_line(const struct source *s, size_t want, struct place_line *out);

/* Bytes of the line before a column, which counts UTF-16 units from 1; *chars gets the characters among them.
 */
size_t place_column(const struct place_line *l, size_t column, size_t *chars);

#endif
