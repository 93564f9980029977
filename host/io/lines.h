/* SPDX-License-Identifier: MIT */
/* host/io/lines.h - lines of an input that may be a file, a pipe, a socket or a terminal, and may never end: read on
 * an event loop, and only as fast as they are taken. Files are read by a thread of libuv's pool: a hole of
 * terabytes, or a file system that does not answer, keeps the loop from nothing. */
#ifndef ISO_HOST_IO_LINES_H
#define ISO_HOST_IO_LINES_H
#include <uv.h>

#include "core/buf.h"
#include "core/error.h"

/* A job with a large source fits. */
#define LINES_LONGEST (128u << 20)

struct lines {
    int fd, owned, flags, polled; /* owned: to be closed; flags: of the description, as they were */
    int reading, wanted;          /* it is polled; a line was asked for that is not there yet */
    int loading, closing;         /* a thread reads; the memory goes when it is back */
    uv_loop_t *loop;
    uv_poll_t poll;
    uv_fs_t load;
    struct buf in;
    size_t longest;                /* bytes of a line */
    size_t at, seen;               /* of the next line; bytes of it known to hold no line break */
    uint64_t number, taken, total; /* lines; bytes taken, and of a regular file */
    int at_end, skipping;
    int error; /* errno of a read */
    void (*closed)(void *ctx);
    void (*more)(void *ctx); /* there may be lines, or the end, where there were none */
    void *ctx;
};

/* "-" or NULL: standard input. USAGE: it cannot be opened. Lines may have LINES_LONGEST bytes. */
int lines_open(struct lines *l, uv_loop_t *loop, const char *path, void (*more)(void *ctx), void *ctx,
               struct iso_err *err);
/* A descriptor that stays the caller's. Lines may have `longest` bytes. USAGE: it is a directory, or not open. */
int lines_open_fd(struct lines *l, uv_loop_t *loop, int fd, size_t longest, void (*more)(void *ctx),
                  void *ctx, struct iso_err *err);
/* The next line without its end, borrowed until the next call: 1. 0: not now, more() follows. -1: no more.
 * A line that is too long comes as NULL. */
int lines_next(struct lines *l, const char **line, size_t *len);
void lines_stop(struct lines *l); /* as if the input had ended */
/* `closed`, which may be NULL, is called with ctx when nothing uses the struct any more: at once, or from the loop. */
void lines_close(struct lines *l, void (*closed)(void *ctx));

#endif
