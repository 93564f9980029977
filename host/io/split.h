/* SPDX-License-Identifier: MIT */
/* host/io/split.h - splits bytes that arrive in pieces into lines.
 *
 * split_lines() for each piece: calls `line` for each complete line, without its end, and keeps the remaining bytes in
 * *rest, whose length the caller limits. A callback that wants no further lines sets *over. */
#ifndef ISO_HOST_IO_SPLIT_H
#define ISO_HOST_IO_SPLIT_H
#include <string.h>

#include "core/buf.h"

static inline void split_lines(struct buf *rest, const char *data, size_t len,
                               void (*line)(void *ctx, const char *line, size_t len), void *ctx,
                               const int *over)
{
    const char *end;

    while (!*over && (end = memchr(data, '\n', len))) {
        size_t n = (size_t)(end - data);

        if (rest->len) {
            buf_add(rest, data, n);
            line(ctx, rest->data, rest->len);
            buf_reset(rest);
        } else {
            line(ctx, data, n);
        }
        data += n + 1;
        len -= n + 1;
    }
    if (!*over)
        buf_add(rest, data, len);
}

#endif
