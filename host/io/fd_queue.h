/* SPDX-License-Identifier: MIT */
/* host/io/fd_queue.h - writes to a descriptor whose reader may be slow or never read, without blocking the event loop.
 *
 * fd_queue_open(), fd_queue_write() as often as needed, fd_queue_close(). A pipe, a terminal or a socket gets at once
 * as many bytes as it takes without blocking; the queue's own thread writes the rest and may block. A regular file is
 * written at once. The flags of the descriptor stay as they are, because other programs may share it. */
#ifndef ISO_HOST_IO_FD_QUEUE_H
#define ISO_HOST_IO_FD_QUEUE_H
#include <uv.h>

#include "core/buf.h"

struct fd_writer;

struct fd_queue {
    int fd;                   /* the caller's */
    int own;                  /* the same pipe or terminal, opened again as non-blocking; -1: none */
    int kind;                 /* see fd_queue.c */
    int error;                /* errno of a failed write; no more bytes are written */
    struct fd_writer *writer; /* NULL: no bytes had to wait yet */
    uv_loop_t *loop;
    void (*drained)(void *ctx);
    void *ctx;
};

/* The caller keeps `fd` open until fd_queue_close(). `drained` is called on the loop when all waiting bytes are
 * written, or when writing has failed; without a loop (NULL) it is not called. */
void fd_queue_open(struct fd_queue *q, uv_loop_t *loop, int fd, void (*drained)(void *ctx), void *ctx);

/* Writes as much as is possible without blocking, and keeps the rest. */
void fd_queue_write(struct fd_queue *q, const void *data, size_t len);

/* The number of kept bytes; 0 also when writing has failed, with errno in q->error. */
size_t fd_queue_backlog(struct fd_queue *q);

/* Waits until all kept bytes are written, or writing has failed. */
void fd_queue_flush(struct fd_queue *q);

/* Drops the kept bytes. */
void fd_queue_close(struct fd_queue *q);

#endif
