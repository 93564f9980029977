/* SPDX-License-Identifier: MIT */
/* host/run/pool.h - many runs, a number of them at a time, each in a fork of one zygote where it can be.
 *
 * pool_open(); pool_add() for each task, whose done() is called exactly once; pool_cancel() ends one, pool_abort()
 * all; pool_close() when none is left.
 *
 * Beside those that run, as many may be ending, with their results given and nothing of theirs left to compute.
 * The zygote is started with the first task that wants it, and anew when it has died. A task whose limits need
 * another process than the zygote can give gets one of its own.
 *
 * iso4's own failures are no answers. A run that ends with a code that is not final (core/error.h) is run again,
 * in a process of its own, if nothing has been done for its agent outside of the sandbox. When the machine has no
 * descriptors, processes or memory to give, tasks wait until others have ended. When no zygote can be had, tasks
 * run in processes of their own, and note() says so once. Only a task that fails all the same is done() with
 * such a code; result->begun says whether its agent ran. */
#ifndef ISO_HOST_RUN_POOL_H
#define ISO_HOST_RUN_POOL_H
#include "host/run/supervisor.h"
#include "host/run/zygote.h"

struct pool;

enum task_state { TASK_WAITING, TASK_RUNNING, TASK_LEAVING };

struct pool_task {
    struct run_request request; /* but for forked, services, on_leaving, on_done and ctx: the pool's */
    int alone;                  /* not in a fork: few runs do not pay for a zygote */
    int observed;               /* the owner has told of something that it did: it is not run again */
    void (*done)(struct pool_task *task, struct run_result *result); /* the result is freed when it returns */
    /* the pool's: */
    struct pool *pool;
    struct pool_task *next;
    struct run *run;
    enum task_state state;
    int tries; /* in a process of its own, without its agent having begun */
};

struct pool_config {
    struct zygote_config zygote;               /* what all tasks have in common; .ready is the pool's */
    unsigned jobs;                             /* how many run at a time */
    void (*note)(void *ctx, const char *text); /* for the operator: why it is slower from now on; or NULL */
    void *ctx;
};

/* NULL without memory. */
struct pool *pool_open(uv_loop_t *loop, const struct pool_config *cfg);
void pool_add(struct pool *p, struct pool_task *task);
/* Tasks that are not done. */
unsigned pool_load(const struct pool *p);
/* Ends the run with ERR_ABORTED, also one that has not begun. done() follows, within the call or after it. */
void pool_cancel(struct pool *p, struct pool_task *task);
/* The same for every task that has not begun. */
void pool_drain(struct pool *p);
/* The same for every task, also for those that are added later. */
void pool_abort(struct pool *p);
/* See run_hold(). A task that has not begun is not held when it begins. */
void pool_hold(struct pool_task *task, int hold);
/* Also from within done(). It frees itself while the loop runs. */
void pool_close(struct pool *p);

#endif
