/* SPDX-License-Identifier: MIT */
#include "host/run/pool.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/clock.h"
#include "host/calls/service.h"
#include "host/io/shortage.h"
#include "host/run/watchdog.h"
#include "protocol/zygote.h"

/* When zygotes die this often in a row, without a run between them, the next one is started after a pause, which
 * doubles with each death. */
#define MOST_DEATHS      3
#define FIRST_PAUSE_NS   1000000000ull
#define MOST_PAUSE_SHIFT 6

/* A task is started at most this often, when its process dies before the agent has begun. */
#define MOST_TRIES 3

/* The pause during a shortage, or before a task is started again. */
#define RETRY_MS 100
/* Give up when nothing runs and nothing could be started for this long. */
#define SHORTAGE_MS 10000

struct pool {
    uv_loop_t *loop;
    struct pool_config cfg;
    struct zygote *zygote;
    struct services *services; /* that the runs share */
    unsigned running, waiting;
    unsigned leaving;               /* tasks with their results, whose processes have not ended yet */
    unsigned leave;                 /* the most tasks that may be in `leaving` */
    struct pool_task *first, **end; /* waiting */
    struct pool_task *under_way;    /* linked by next */
    unsigned deaths;                /* of zygotes in a row */
    uint64_t zygote_not_before_ns;
    int no_zygote; /* never start one again */
    int noted;
    uv_timer_t retry;  /* active during a pause, in which nothing is started */
    uint64_t short_ns; /* when a shortage began; 0: none */
    int aborted, scheduling, busy, closed;
};

/* The most tasks that may be ending beside the running ones. A fifth of a run is the kernel's work to free its memory:
 * the next run starts meanwhile. Waiting, running and ending children together must fit into ZYGOTE_MOST. */
static unsigned most_leaving(unsigned jobs)
{
    unsigned room = 2 * jobs < ZYGOTE_MOST ? ZYGOTE_MOST - 2 * jobs : 0;

    return jobs < room ? jobs : room;
}

struct pool *pool_open(uv_loop_t *loop, const struct pool_config *cfg)
{
    struct pool *p = calloc(1, sizeof *p);

    if (!p)
        return NULL;
    p->loop = loop;
    p->cfg = *cfg;
    p->cfg.zygote.ready = cfg->jobs;
    p->leave = most_leaving(cfg->jobs);
    p->end = &p->first;
    p->services = services_open(loop, 1);
    if (!p->services) {
        free(p);
        return NULL;
    }
    uv_timer_init(loop, &p->retry);
    p->retry.data = p;
    (void)watchdog_open(); /* the first run says why it failed */
    return p;
}

unsigned pool_load(const struct pool *p)
{
    return p->waiting + p->running + p->leaving;
}

static void on_pool_closed(uv_handle_t *handle)
{
    free(handle->data);
}

static void close_if_idle(struct pool *p)
{
    if (p->busy == 0 && p->closed)
        uv_close((uv_handle_t *)&p->retry, on_pool_closed);
}

void pool_close(struct pool *p)
{
    if (!p || p->closed)
        return;
    if (p->zygote)
        zygote_close(p->zygote);
    services_close(p->services, NULL, NULL);
    p->zygote = NULL;
    p->closed = 1;
    close_if_idle(p);
}

/* Keeps the pool from being freed while code runs that may call done(), which may close the pool. */
static void hold(struct pool *p)
{
    p->busy++;
}

static void let_go(struct pool *p)
{
    p->busy--;
    close_if_idle(p);
}

static void schedule(struct pool *p);

/* ---- lists of tasks */

static void remove_waiting(struct pool *p, struct pool_task *t)
{
    for (struct pool_task **at = &p->first; *at; at = &(*at)->next)
        if (*at == t) {
            *at = t->next;
            if (!*at)
                p->end = at;
            p->waiting--;
            return;
        }
}

static void remove_under_way(struct pool *p, struct pool_task *t)
{
    for (struct pool_task **at = &p->under_way; *at; at = &(*at)->next)
        if (*at == t) {
            *at = t->next;
            break;
        }
    if (t->state == TASK_LEAVING)
        p->leaving--;
    else
        p->running--;
    t->state = TASK_WAITING;
}

static void put_first(struct pool *p, struct pool_task *t)
{
    t->next = p->first;
    p->first = t;
    if (!t->next)
        p->end = &t->next;
    p->waiting++;
}

/* ---- waiting until it is worth trying again */

static void on_retry(uv_timer_t *timer)
{
    schedule(timer->data);
}

static void try_later(struct pool *p)
{
    uv_update_time(p->loop);
    uv_timer_start(&p->retry, on_retry, RETRY_MS, 0);
}

static int is_paused(const struct pool *p)
{
    return uv_is_active((const uv_handle_t *)&p->retry);
}

/* 1 when nothing runs that could end the shortage, and it has lasted for SHORTAGE_MS. */
static int is_short_for_good(struct pool *p)
{
    uint64_t now = monotonic_ns();

    if (!p->short_ns || p->running + p->leaving > 0)
        p->short_ns = now;
    return now - p->short_ns >= SHORTAGE_MS * 1000000ull;
}

/* ---- ends of tasks */

/* 1 for a task that failed through a fault of iso4, and that has had no effects outside of the sandbox. */
static int is_worth_repeating(const struct pool *p, struct pool_task *t, const struct run_result *result)
{
    if (p->aborted || iso_code_final(result->code) || result->code == ISO_ABORTED ||
        result->code == ISO_SANDBOX_VIOLATION || result->outside || t->observed)
        return 0;
    if (t->request.forked)
        return 1;
    return !result->begun && (result->code == ISO_WORKER_CRASHED || result->code == ISO_INTERNAL) &&
           ++t->tries < MOST_TRIES;
}

static void on_leaving(void *ctx)
{
    struct pool_task *t = ctx;
    struct pool *p = t->pool;

    if (p->leaving == p->leave)
        return;
    t->state = TASK_LEAVING;
    p->leaving++;
    p->running--;
    schedule(p);
}

static void on_task_done(void *ctx, struct run_result *result)
{
    struct pool_task *t = ctx;
    struct pool *p = t->pool;

    remove_under_way(p, t);
    if (t->request.forked && result->begun)
        p->deaths = 0;
    if (p->short_ns)
        uv_timer_stop(&p->retry); /* the ended run may have ended the shortage */
    hold(p);
    if (is_worth_repeating(p, t, result)) {
        if (!t->request.forked)
            try_later(p);
        t->alone = 1;
        put_first(p, t);
    } else {
        t->done(t, result);
    }
    schedule(p);
    let_go(p);
}

static void fail_task(struct pool_task *t, const struct iso_err *err)
{
    struct run_result result;

    result_init(&result, &t->request.limits);
    result_fail(&result, err->code, err->msg);
    t->done(t, &result);
    result_free(&result);
}

/* ---- the zygote */

static void on_ready(void *ctx)
{
    schedule(ctx);
}

static void note_slower(struct pool *p, const struct iso_err *err)
{
    char text[700];

    if (p->noted || !p->cfg.note)
        return;
    p->noted = 1;
    snprintf(text, sizeof text,
             "a process cannot be forked, so each run starts a new one, which takes longer: %s", err->msg);
    p->cfg.note(p->cfg.ctx, text);
}

/* Handles the end of a zygote. After one that broke the protocol, or could not start because of sandbox or snapshot, no
 * other is started. */
static void lose_zygote(struct pool *p, const struct iso_err *err)
{
    unsigned shift;

    if (err->code != ISO_WORKER_CRASHED)
        p->no_zygote = 1;
    else if (++p->deaths >= MOST_DEATHS) {
        shift = p->deaths - MOST_DEATHS;
        p->zygote_not_before_ns =
            monotonic_ns() + (FIRST_PAUSE_NS << (shift < MOST_PAUSE_SHIFT ? shift : MOST_PAUSE_SHIFT));
    } else {
        return;
    }
    note_slower(p, err);
}

static void on_failed(void *ctx, const struct iso_err *err)
{
    struct pool *p = ctx;

    zygote_close(p->zygote);
    p->zygote = NULL;
    lose_zygote(p, err);
    schedule(p);
}

/* Starts a zygote if there is none. -1: not possible now. */
static int need_zygote(struct pool *p)
{
    struct zygote_events events = {on_ready, on_failed, p};
    struct iso_err err;
    int rc;

    if (p->zygote)
        return 0;
    if (p->no_zygote || monotonic_ns() < p->zygote_not_before_ns)
        return -1;
    rc = zygote_open(p->loop, &p->cfg.zygote, &events, &p->zygote, &err);
    if (rc == 0)
        return 0;
    p->zygote = NULL;
    if (rc != SHORTAGE)
        lose_zygote(p, &err);
    return -1;
}

/* 1 when a fork can run the request: it has the zygote's heap limit and cannot raise its limit of CPU seconds. */
static int fits_zygote(const struct pool *p, const struct run_request *q)
{
    const uint64_t *ours = p->cfg.zygote.limits.value, *wanted = q->limits.value;

    return wanted[LIMIT_MEMORY] == ours[LIMIT_MEMORY] &&
           (ours[LIMIT_CPU] == 0 || (wanted[LIMIT_CPU] && wanted[LIMIT_CPU] <= ours[LIMIT_CPU]));
}

/* Takes a fork for the task if there is one. 0: the task has to wait for a fork that was requested. */
static int find_process(struct pool *p, struct pool_task *t)
{
    struct run_request *q = &t->request;

    if (t->alone || !fits_zygote(p, q) || need_zygote(p) < 0)
        return 1;
    q->forked = zygote_take(p->zygote);
    q->imports_in_zygote = q->forked && q->imports && q->imports == p->cfg.zygote.imports;
    /* After a zygote has died, do not wait for the next one before a run has proved that it works. */
    return q->forked || !zygote_owes(p->zygote) || p->deaths > 0;
}

/* ---- starting */

/* Handles a task that could not be started; returns as start_one() does. */
static int start_again(struct pool *p, struct pool_task *t, int rc, const struct iso_err *err)
{
    if (t->request.forked && !p->aborted) {
        t->alone = 1;
        put_first(p, t);
        return 1;
    }
    if (rc == SHORTAGE && !is_short_for_good(p)) {
        if (p->zygote)
            zygote_shrink(p->zygote);
        put_first(p, t);
        try_later(p);
        return 0;
    }
    fail_task(t, err);
    return 1;
}

/* Starts the first waiting task. 0: no task can be started now. */
static int start_one(struct pool *p)
{
    struct pool_task *t = p->first;
    struct run_request *q = &t->request;
    struct iso_err err = {0};
    int rc = -1;

    q->forked = NULL;
    q->imports_in_zygote = 0;
    if (!p->aborted && !find_process(p, t))
        return 0;
    remove_waiting(p, t);
    q->services = p->services;
    q->on_leaving = on_leaving;
    q->on_done = on_task_done;
    q->ctx = t;
    if (p->aborted)
        iso_fail(&err, ISO_ABORTED, "the run was interrupted");
    else
        rc = run_start(p->loop, q, &t->run, &err);
    if (rc == 0) {
        p->short_ns = 0;
        t->state = TASK_RUNNING;
        t->next = p->under_way;
        p->under_way = t;
        p->running++;
        return 1;
    }
    return start_again(p, t, rc, &err);
}

/* Starts waiting tasks. done() of a task may add new ones meanwhile. */
static void schedule(struct pool *p)
{
    if (p->scheduling || p->closed)
        return;
    p->scheduling = 1;
    hold(p);
    while (p->first && p->running < p->cfg.jobs && (p->aborted || !is_paused(p)) && start_one(p))
        ;
    p->scheduling = 0;
    let_go(p);
}

void pool_add(struct pool *p, struct pool_task *t)
{
    t->pool = p;
    t->next = NULL;
    t->state = TASK_WAITING;
    t->run = NULL;
    *p->end = t;
    p->end = &t->next;
    p->waiting++;
    schedule(p);
}

static void cancel_waiting(struct pool *p, struct pool_task *t)
{
    struct iso_err err;

    remove_waiting(p, t);
    iso_fail(&err, ISO_ABORTED, "the run was interrupted");
    fail_task(t, &err);
}

void pool_cancel(struct pool *p, struct pool_task *t)
{
    hold(p);
    if (t->state == TASK_WAITING)
        cancel_waiting(p, t);
    else
        run_abort(t->run);
    schedule(p);
    let_go(p);
}

void pool_hold(struct pool_task *t, int hold)
{
    if (t->state == TASK_RUNNING)
        run_hold(t->run, hold);
}

void pool_drain(struct pool *p)
{
    hold(p);
    while (p->first)
        cancel_waiting(p, p->first);
    let_go(p);
}

void pool_abort(struct pool *p)
{
    p->aborted = 1;
    hold(p);
    for (struct pool_task *t = p->under_way; t; t = t->next)
        run_abort(t->run);
    schedule(p);
    let_go(p);
}
