/* SPDX-License-Identifier: MIT */
/* host/run/zygote.h - workers by fork: one process, the zygote, restores the snapshot, and each run gets a child of it.
 *
 * zygote_open(); events->ready is called when zygote_take() may return something else than before, events->failed at
 * most once, when the zygote could not start or has died (then its children are dead, too). Every child that was taken
 * goes to a run (host/run/supervisor.h), which frees it. zygote_close() at the end; the struct frees itself while the
 * loop runs. */
#ifndef ISO_HOST_RUN_ZYGOTE_H
#define ISO_HOST_RUN_ZYGOTE_H
#include <uv.h>

#include "host/run/paths.h"
#include "protocol/frame.h"

struct imports;
struct stripper;
struct zygote;

struct zygote_config { /* borrowed until zygote_close() */
    const struct paths *paths;
    int snapshot_fd;
    const char *snapshot_name;
    struct limits
        limits; /* of all runs; a run may have other limits, but not on memory, and not more CPU time */
    int jitless, strict;
    const struct imports *imports; /* sent once, so that they cost a run nothing; NULL: none */
    struct stripper *stripper;     /* of the runs; NULL: none */
    const char
        *warm; /* an export of the snapshot's prefix to call before the first fork, for a prefix that iso4
                         brings: no code of another one may run then. NULL: none */
    unsigned ready; /* children to keep ready */
};

struct zygote_events {
    void (*ready)(void *ctx);
    void (*failed)(void *ctx, const struct iso_err *err);
    void *ctx;
};

/* Starts a zygote. 0; or -1, or SHORTAGE (host/io/shortage.h), and *err. */
int zygote_open(uv_loop_t *loop, const struct zygote_config *cfg, const struct zygote_events *events,
                struct zygote **out, struct iso_err *err);
void zygote_close(struct zygote *z);

/* id, the child of a zygote that */
#define ISO_FORKED_STATES(X)                       \
    X(ASKED, "was asked for and has not answered") \
    X(IDLE, "waits to be taken")                   \
    X(TAKEN, "was taken by zygote_take()")         \
    X(ENDED, "has ended after it was taken")       \
    X(DROPPED, "nothing is wanted of: its descriptors are closed, and only its end has still to be told")

enum forked_state {
#define X(id, ...) FORKED_##id,
    ISO_FORKED_STATES(X)
#undef X
};

/* One child. The descriptors are closed by forked_free(). */
struct forked {
    enum forked_state state;
    int socket, pidfd;
    pid_t pid; /* in this process's pid namespace */
    uint32_t number;
    uint64_t asked_ns;
    struct zygote *zygote; /* NULL: it is gone */
    struct forked *next;   /* in the zygote's list */
    void (*on_end)(void *ctx, int status, uint64_t cpu_ns);
    void *ctx;
    int status;
    uint64_t cpu_ns;
};

/* A child that waits for its job, or NULL. */
struct forked *zygote_take(struct zygote *z);

/* After zygote_take() returned NULL: 1 when a child was requested, so that events->ready follows. 0: the machine
 * refuses another child now; zygote_take() tries again. */
int zygote_owes(const struct zygote *z);

/* Frees descriptors during a shortage: ends half of the waiting children, and keeps fewer from now on. */
void zygote_shrink(struct zygote *z);

/* on_end is called once, at once when the child has ended already; `status` is that of wait4(2). */
void forked_watch(struct forked *f, void (*on_end)(void *ctx, int status, uint64_t cpu_ns), void *ctx);
/* To be called when the child was killed and the zygote has not reported its end in time. Calls on_end at once, and ends the
 * zygote unless the report has arrived meanwhile. */
void forked_lost(struct forked *f);
/* Kills a child that has not ended. */
void forked_free(struct forked *f);

#endif
