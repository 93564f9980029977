/* SPDX-License-Identifier: MIT */
/* host/io/fd_queue.h - bytes to a descriptor from an event loop, which a slow reader must not hold up: limits of runs
 * are kept from the same loop. */
#ifndef ISO_HOST_IO_FD_QUEUE_H
#define ISO_HOST_IO_FD_QUEUE_H
#include <uv.h>

#include "core/buf.h"

enum fd_queue_kind { FD_BLOCKS, FD_PIPE, FD_SOCKET };

struct fd_queue {
    int given, fd;         /* the caller's; what is written to */
    int waits_on, waiting; /* what is watched, owned, or -1; it is watched now */
    enum fd_queue_kind kind;
    uv_poll_t poll;
    struct buf out;
    size_t sent;
    int error;                  /* errno; nothing more is written */
    void (*drained)(void *ctx); /* when nothing is left to be written that had to wait */
    void *ctx;
};

/* `fd` stays open and the caller's; nothing about it is changed, since others may share it. */
void fd_queue_open(struct fd_queue *o, uv_loop_t *loop, int fd, void (*drained)(void *ctx), void *ctx);
/* Sends as much as goes without waiting, and keeps the rest. */
void fd_queue_write(struct fd_queue *o, const void *data, size_t len);
size_t fd_queue_backlog(const struct fd_queue *o);
/* What is left is dropped. */
void fd_queue_close(struct fd_queue *o);

#endif
