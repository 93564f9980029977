/* SPDX-License-Identifier: MIT */
/* cli/outlet.h - lines to standard output from an event loop, which a slow reader must not hold up: limits of
 * runs are kept from the same loop. */
#ifndef ISO_CLI_OUTLET_H
#define ISO_CLI_OUTLET_H
#include <uv.h>

#include "core/buf.h"

struct outlet {
    int fd, own_fd, waiting;
    uv_poll_t poll;
    struct buf out;
    size_t sent;
    int error;                  /* errno; nothing more is written */
    void (*drained)(void *ctx); /* when nothing is left to be written that had to wait */
    void *ctx;
};

void outlet_open(struct outlet *o, uv_loop_t *loop, void (*drained)(void *ctx), void *ctx);
void outlet_write(struct outlet *o, const void *data, size_t len);
size_t outlet_backlog(const struct outlet *o);
/* Waits for what is left; the loop must not be used any more. */
void outlet_close(struct outlet *o);

#endif
