/* SPDX-License-Identifier: MIT */
/* host/run/zygote.h - workers by fork: one process restores the snapshot, each run gets a child of it.
 *
 * zygote_open(); events->ready is called when children can be taken, events->failed at most once, when the
 * zygote could not start or has died (then its children are dead, too). Every child that was taken goes to a
 * run (host/run/supervisor.h), which frees it. zygote_close() at the end; it frees itself while the loop runs. */
#ifndef ISO_HOST_RUN_ZYGOTE_H
#define ISO_HOST_RUN_ZYGOTE_H
#include <uv.h>

#include "host/run/paths.h"
#include "protocol/frame.h"

struct zygote;

struct zygote_config { /* borrowed until zygote_close() */
    const struct paths *paths;
    int snapshot_fd;
    const char *snapshot_name;
    struct limits limits; /* of all runs; a run may have others, but for memory, and no more CPU time */
    int jitless, strict;
    unsigned ready; /* children to keep ready */
};

struct zygote_events {
    void (*ready)(void *ctx);
    void (*failed)(void *ctx, const struct iso_err *err);
    void *ctx;
};

int zygote_open(uv_loop_t *loop, const struct zygote_config *cfg, const struct zygote_events *events,
                struct zygote **out, struct iso_err *err);
void zygote_close(struct zygote *z);

/* One child. The descriptors are closed by forked_free(). */
struct forked {
    int socket, pidfd;
    uint32_t number;
    struct zygote *zygote; /* NULL: gone */
    struct forked *next;   /* in the zygote's list */
    void (*on_end)(void *ctx, int status, uint64_t cpu_ns);
    void *ctx;
    int idle, ended, status;
    uint64_t cpu_ns;
};

/* A child that waits for its job, or NULL. */
struct forked *zygote_take(struct zygote *z);

/* on_end is called once, at once when the child has ended already; status as wait4(2) gives it. */
void forked_watch(struct forked *f, void (*on_end)(void *ctx, int status, uint64_t cpu_ns), void *ctx);
/* It was killed and its end has not been told in time: the zygote is ended, on_end follows at once. */
void forked_lost(struct forked *f);
void forked_free(struct forked *f);

#endif
