/* SPDX-License-Identifier: MIT */
#include "host/io/line_breaks.h"

#include <string.h>

/* The UTF-8 of U+0085, and the first two bytes of U+2028 and U+2029. Some readers end a line at these characters, so
 * they are escaped; in JSON they occur only in strings. */
#define NEXT_LINE "\xc2\x85"
#define SEPARATOR "\xe2\x80"

static const char *find_break(const char *at, const char *end)
{
    for (; at < end; at++) {
        if ((unsigned char)*at < 0xc2)
            continue;
        if (end - at >= 2 && memcmp(at, NEXT_LINE, 2) == 0)
            return at;
        if (end - at >= 3 && memcmp(at, SEPARATOR, 2) == 0 && ((unsigned char)at[2] & 0xfe) == 0xa8)
            return at;
    }
    return NULL;
}

void line_breaks_escape(struct buf *json)
{
    const char *at = json->len ? json->data : "", *end = at + json->len, *found;
    struct buf out = {0};

    if (!find_break(at, end))
        return;
    while ((found = find_break(at, end))) {
        buf_add(&out, at, (size_t)(found - at));
        buf_str(&out, (unsigned char)*found == 0xc2     ? "\\u0085"
                      : (unsigned char)found[2] == 0xa8 ? "\\u2028"
                                                        : "\\u2029");
        at = found + ((unsigned char)*found == 0xc2 ? 2 : 3);
    }
    buf_add(&out, at, (size_t)(end - at));
    buf_free(json);
    *json = out;
}
