/* SPDX-License-Identifier: MIT */
/* host/io/fd_queue.h - bytes to a descriptor whose reader may be slow, or never read: a thread that keeps limits writes
 * without waiting.
 *
 * fd_queue_open(), fd_queue_write() as often as needed, fd_queue_close(). A pipe, a terminal or a socket gets at once
 * as much as it takes; all else is written by a thread of the queue's own, which may wait. A regular file is written
 * at once. Nothing about the descriptor is changed, since other programs may share it. */
#ifndef ISO_HOST_IO_FD_QUEUE_H
#define ISO_HOST_IO_FD_QUEUE_H
#include <uv.h>

#include "core/buf.h"

struct fd_writer;

struct fd_queue {
    int fd;    /* the caller's */
    int own;   /* the same pipe or terminal opened once more, not to block; -1: there is none */
    int kind;  /* see fd_queue.c */
    int error; /* errno; nothing more is written */
    struct fd_writer *writer; /* NULL: nothing had to wait yet */
    uv_loop_t *loop;
    void (*drained)(void *ctx);
    void *ctx;
};

/* `fd` stays open until fd_queue_close(), and the caller's. `drained` is called on the loop when all is written that
 * had to wait, or when writing has failed; without a loop (NULL) it is not called. */
void fd_queue_open(struct fd_queue *q, uv_loop_t *loop, int fd, void (*drained)(void *ctx), void *ctx);

/* Sends as much as goes without waiting, and keeps the rest. */
void fd_queue_write(struct fd_queue *q, const void *data, size_t len);

/* Bytes that are kept; 0 also when writing has failed, which q->error says from then on. */
size_t fd_queue_backlog(struct fd_queue *q);

/* Waits until nothing is kept any more, or writing has failed. */
void fd_queue_flush(struct fd_queue *q);

/* The bytes that are kept are dropped. */
void fd_queue_close(struct fd_queue *q);

#endif
