/* SPDX-License-Identifier: MIT */
/* host/io/lines.h - reads lines from a file, pipe, socket or terminal on an event loop, no faster than the caller takes
 * them; the input may never end. Threads of libuv's pool read files, so that a hole of terabytes or a slow file system
 * cannot block the loop. */
#ifndef ISO_HOST_IO_LINES_H
#define ISO_HOST_IO_LINES_H
#include <uv.h>

#include "core/buf.h"
#include "core/error.h"

/* Bytes of the longest line: enough for a job with a large source. */
#define LINES_LONGEST (128u << 20)

struct lines {
    int fd, owned, flags, polled; /* owned: to be closed; flags: the old ones of the description */
    int reading, wanted;          /* wanted: lines_next() has returned 0 */
    int loading, closing;         /* loading: a thread reads; it then frees the buffer if `closing` */
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
    void (*more)(void *ctx); /* called after lines_next() returned 0, when to call it again */
    void *ctx;
};

/* "-" or NULL: standard input. USAGE: it cannot be opened. Lines may have LINES_LONGEST bytes. */
int lines_open(struct lines *l, uv_loop_t *loop, const char *path, void (*more)(void *ctx), void *ctx,
               struct iso_err *err);
/* Like lines_open() with a descriptor that stays the caller's. Lines may have `longest` bytes. USAGE: it is a
 * directory, or not open. */
int lines_open_fd(struct lines *l, uv_loop_t *loop, int fd, size_t longest, void (*more)(void *ctx),
                  void *ctx, struct iso_err *err);
/* 1 and the next line without its end, borrowed until the next call; NULL for a line that is too long. 0: none yet,
 * more() follows. -1: the input has ended. */
int lines_next(struct lines *l, const char **line, size_t *len);
void lines_stop(struct lines *l); /* as if the input had ended */
/* `closed`, which may be NULL, is called with ctx when the struct may be freed: at once, or from the loop. */
void lines_close(struct lines *l, void (*closed)(void *ctx));

#endif
