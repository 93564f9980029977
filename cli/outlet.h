/* SPDX-License-Identifier: MIT */
/* cli/outlet.h - lines to standard output from an event loop, which a slow reader must not hold up: limits of
 * runs are kept from the same loop. */
#ifndef ISO_CLI_OUTLET_H
#define ISO_CLI_OUTLET_H
#include <uv.h>

#include "core/buf.h"

enum outlet_kind { OUTLET_BLOCKS, OUTLET_PIPE, OUTLET_SOCKET };

struct outlet {
    int fd, waits_on, waiting; /* what is written to; what is watched, owned, or -1 */
    enum outlet_kind kind;
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
/* What is left is dropped. */
void outlet_close(struct outlet *o);

#endif
