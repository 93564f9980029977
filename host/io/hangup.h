/* SPDX-License-Identifier: MIT */
/* host/io/hangup.h - detects that the other end of a pipe or socket has been closed, also while nothing is written.
 *
 * The flags of the descriptor stay as they are: an epoll(7) descriptor watches it, and the loop watches that. */
#ifndef ISO_HOST_IO_HANGUP_H
#define ISO_HOST_IO_HANGUP_H
#include <uv.h>

struct hangup {
    int epoll; /* owned; -1: the descriptor is a file, which has no other end */
    uv_poll_t poll;
    void (*gone)(void *ctx), (*closed)(void *ctx);
    void *ctx;
};

/* Calls gone() once, when the reader of fd has closed it. */
void hangup_open(struct hangup *h, uv_loop_t *loop, int fd, void (*gone)(void *ctx), void *ctx);
/* closed() is called with ctx when the struct may be freed: at once, or from the loop. */
void hangup_close(struct hangup *h, void (*closed)(void *ctx));

#endif
