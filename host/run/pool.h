/* SPDX-License-Identifier: MIT */
/* host/run/pool.h - many runs, a number of them at a time, each in a fork of one zygote where it can be.
 *
 * pool_open(); pool_add() for each task, whose done() is called exactly once; pool_close() when none is left.
 * Beside those that run, as many may be ending, with their results given and nothing of theirs left to
 * compute. The zygote is started with the first task that wants it, and anew when it has died. A run whose
 * limits need another process than the zygote can give gets one of its own. */
#ifndef ISO_HOST_RUN_POOL_H
#define ISO_HOST_RUN_POOL_H
#include "host/run/supervisor.h"
#include "host/run/zygote.h"

struct pool;

struct pool_task {
    struct run_request request; /* but for forked, services, on_leaving, on_done and ctx: the pool's */
    int alone;                  /* not in a fork: few runs do not pay for a zygote */
    void (*done)(struct pool_task *task, struct run_result *result); /* the result is freed when it returns */
    /* the pool's: */
    struct pool *pool;
    struct pool_task *next;
    struct run *run;
    int tries, leaving;
};

/* `zygote` says what all tasks have in common; jobs how many run at a time. */
struct pool *pool_open(uv_loop_t *loop, const struct zygote_config *zygote, unsigned jobs);
void pool_add(struct pool *p, struct pool_task *task);
/* Tasks that are not done. */
unsigned pool_load(const struct pool *p);
/* Ends every run with ERR_ABORTED, also those that have not begun. */
void pool_abort(struct pool *p);
/* Also from within done(). */
void pool_close(struct pool *p);

#endif
