/* SPDX-License-Identifier: MIT */
/* host/run/pool.h - many runs, a number of them at a time, each in a fork of one zygote where possible.
 *
 * pool_open(); pool_add() for each task, whose done() is called exactly once; pool_cancel() ends one, pool_abort()
 * all; pool_close() when none is left.
 *
 * Beside the running tasks, as many may be ending: they have given their results, and the kernel frees their memory.
 * The zygote is started with the first task that needs one, and again after it has died. A task whose limits do not fit
 * the zygote gets a new process.
 *
 * A failure of iso4 is not an answer about the agent. A run that ends with a code that is not final (core/error.h) is
 * run again in a new process, if it has had no effects outside of the sandbox. When the machine is short of
 * descriptors, processes or memory, tasks wait until others have ended. When no zygote can be started, tasks run in new
 * processes, and note() is called once. Only a task that fails in spite of all this is done() with such a code;
 * result->begun is 1 when its agent ran. */
#ifndef ISO_HOST_RUN_POOL_H
#define ISO_HOST_RUN_POOL_H
#include "host/run/supervisor.h"
#include "host/run/zygote.h"

struct pool;

enum task_state { TASK_WAITING, TASK_RUNNING, TASK_LEAVING };

struct pool_task {
    struct run_request request; /* the pool sets forked, services, on_leaving, on_done and ctx */
    int alone;                  /* in a new process, not in a fork: for few runs a zygote is not worth it */
    int observed;               /* the owner has reported effects of the run: it must not be run again */
    void (*done)(struct pool_task *task, struct run_result *result); /* the result is freed when it returns */
    /* for the pool: */
    struct pool *pool;
    struct pool_task *next;
    struct run *run;
    enum task_state state;
    int tries; /* starts in a new process that ended before the agent began */
};

struct pool_config {
    struct zygote_config zygote; /* settings of all tasks; the pool sets .ready */
    unsigned jobs;               /* runs at a time */
    void (*note)(void *ctx,
                 const char *text); /* tells the operator why runs are slower from now on; or NULL */
    void *ctx;
};

/* NULL without memory. */
struct pool *pool_open(uv_loop_t *loop, const struct pool_config *cfg);
void pool_add(struct pool *p, struct pool_task *task);
/* The number of tasks that are not done. */
unsigned pool_load(const struct pool *p);
/* Ends a task with ERR_ABORTED, even if its run has not begun. done() is called before this returns, or later. */
void pool_cancel(struct pool *p, struct pool_task *task);
/* Cancels every task that has not begun. */
void pool_drain(struct pool *p);
/* Cancels every task, also those that are added later. */
void pool_abort(struct pool *p);
/* See run_hold(). Has no effect on a task that has not begun. */
void pool_hold(struct pool_task *task, int hold);
/* May be called from done(). The pool frees itself while the loop runs. */
void pool_close(struct pool *p);

#endif
