/* SPDX-License-Identifier: MIT */
/* host/io/line_breaks.h - JSON as one line, also for readers that end lines at more than a line feed. */
#ifndef ISO_HOST_IO_LINE_BREAKS_H
#define ISO_HOST_IO_LINE_BREAKS_H
#include "core/buf.h"

/* Escapes U+0085, U+2028 and U+2029 in checked JSON. */
void line_breaks_escape(struct buf *json);

#endif
