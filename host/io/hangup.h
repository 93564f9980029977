/* SPDX-License-Identifier: MIT */
/* host/io/hangup.h - notices that the other end of a pipe or socket has been closed, also while nothing is written.
 *
 * Nothing about the descriptor is changed: an epoll(7) descriptor looks at it, and the loop looks at that. */
#ifndef ISO_HOST_IO_HANGUP_H
#define ISO_HOST_IO_HANGUP_H
#include <uv.h>

struct hangup {
    int epoll; /* owned; -1: the descriptor is a file, which has no other end */
    uv_poll_t poll;
    void (*gone)(void *ctx), (*closed)(void *ctx);
    void *ctx;
};

/* Calls gone() once, when nobody can read any more what is written to fd. */
void hangup_open(struct hangup *h, uv_loop_t *loop, int fd, void (*gone)(void *ctx), void *ctx);
/* closed() is called with ctx when nothing uses the struct any more: at once, or from the loop. */
void hangup_close(struct hangup *h, void (*closed)(void *ctx));

#endif
