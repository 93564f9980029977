/* SPDX-License-Identifier: MIT */
/* core/buf.h - a growable byte buffer with an upper bound.
 *
 * Start from `struct buf b = {0}` (no bound) or set `.cap` first. An append that would cross the bound or
 * finds no memory sets `failed`, leaves the content as it was and returns -1; later appends fail too, so a
 * writer may append many times and check once at the end. buf_free() is harmless on a zeroed buffer. */
#ifndef ISO_CORE_BUF_H
#define ISO_CORE_BUF_H
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct buf {
    char *data;  /* owned; not NUL-terminated */
    size_t len;  /* bytes in use */
    size_t size; /* bytes allocated */
    size_t cap;  /* most bytes it may hold; 0: no bound */
    int failed;
};

int buf_reserve(struct buf *b, size_t more);
int buf_add(struct buf *b, const void *data, size_t len);
int buf_str(struct buf *b, const char *text); /* NUL-terminated text, without the NUL */
int buf_byte(struct buf *b, char c);
int buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Drops the first n bytes (n <= len). */
void buf_consume(struct buf *b, size_t n);
void buf_reset(struct buf *b); /* empties, keeps the memory, clears `failed` */
void buf_free(struct buf *b);

#ifdef __cplusplus
}
#endif
#endif
