/* SPDX-License-Identifier: MIT */
#include "core/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int buf_reserve(struct buf *b, size_t more)
{
    size_t need, size;
    char *data;

    if (b->failed || __builtin_add_overflow(b->len, more, &need) || (b->cap && need > b->cap))
        goto fail;
    if (need <= b->size)
        return 0;
    size = b->size ? b->size : 256;
    while (size < need)
        if (__builtin_add_overflow(size, size, &size))
            goto fail;
    if (b->cap && size > b->cap)
        size = b->cap;
    data = realloc(b->data, size);
    if (!data)
        goto fail;
    b->data = data;
    b->size = size;
    return 0;
fail:
    b->failed = 1;
    return -1;
}

int buf_add(struct buf *b, const void *data, size_t len)
{
    if (buf_reserve(b, len) < 0)
        return -1;
    if (len)
        memcpy(b->data + b->len, data, len);
    b->len += len;
    return 0;
}

int buf_str(struct buf *b, const char *text)
{
    return buf_add(b, text, strlen(text));
}

int buf_byte(struct buf *b, char c)
{
    return buf_add(b, &c, 1);
}

int buf_printf(struct buf *b, const char *fmt, ...)
{
    char *text;
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vasprintf(&text, fmt, ap);
    va_end(ap);
    if (n < 0) {
        b->failed = 1;
        return -1;
    }
    n = buf_add(b, text, (size_t)n);
    free(text);
    return n;
}

void buf_consume(struct buf *b, size_t n)
{
    if (n == 0)
        return;
    memmove(b->data, b->data + n, b->len - n);
    b->len -= n;
}

void buf_reset(struct buf *b)
{
    b->len = 0;
    b->failed = 0;
}

void buf_free(struct buf *b)
{
    free(b->data);
    *b = (struct buf){.cap = b->cap};
}
