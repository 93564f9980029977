/* SPDX-License-Identifier: MIT */
/* host/hint/codeframe.h - the lines around a position in a source, with a caret under it. */
#ifndef ISO_HOST_HINT_CODEFRAME_H
#define ISO_HOST_HINT_CODEFRAME_H
#include "host/declared/source.h"

/* Appends the frame as plain text: up to two lines before, the line, the caret. Line and column count from 1,
 * the column in UTF-16 units as V8 does. Long lines are cut around the column. Appends nothing when the
 * source has no such line. */
void codeframe(struct buf *out, const struct source *s, size_t line, size_t column);

#endif
