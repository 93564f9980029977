/* SPDX-License-Identifier: MIT */
/* cli/stdout_queue.h - lines to standard output from an event loop, which a slow reader must not hold up: limits of
 * runs are kept from the same loop. */
#ifndef ISO_CLI_STDOUT_QUEUE_H
#define ISO_CLI_STDOUT_QUEUE_H
#include <uv.h>

#include "core/buf.h"

enum stdout_queue_kind { STDOUT_BLOCKS, STDOUT_PIPE, STDOUT_SOCKET };

struct stdout_queue {
    int fd, waits_on, waiting; /* what is written to; what is watched, owned, or -1 */
    enum stdout_queue_kind kind;
    uv_poll_t poll;
    struct buf out;
    size_t sent;
    int error;                  /* errno; nothing more is written */
    void (*drained)(void *ctx); /* when nothing is left to be written that had to wait */
    void *ctx;
};

void stdout_queue_open(struct stdout_queue *o, uv_loop_t *loop, void (*drained)(void *ctx), void *ctx);
void stdout_queue_write(struct stdout_queue *o, const void *data, size_t len);
size_t stdout_queue_backlog(const struct stdout_queue *o);
/* What is left is dropped. */
void stdout_queue_close(struct stdout_queue *o);

#endif
