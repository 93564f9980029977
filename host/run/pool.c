/* SPDX-License-Identifier: MIT */
#include "host/run/pool.h"

#include <stdlib.h>

#include "host/calls/service.h"
#include "protocol/zygote.h"

/* Deaths of the zygote in a row, without a run between them, after which it is not started again. */
#define MOST_DEATHS 3

/* Starts of a run whose worker dies before it has begun, as when the zygote is killed. */
#define MOST_TRIES 3

struct pool {
    uv_loop_t *loop;
    struct zygote_config config;
    struct zygote *zygote;
    struct services *services; /* that the runs share */
    unsigned jobs, running, waiting;
    unsigned leaving;               /* have given their results, and only have to end */
    unsigned leave;                 /* so many of these are not counted as running */
    struct pool_task *first, **end; /* waiting */
    struct pool_task *under_way;    /* linked by next */
    int deaths, aborted, scheduling, busy, closed;
    struct iso_err fault; /* the zygote cannot be had, when fault.code is set */
};

/* To take an address space down is a fifth of a run: another one may use the time. The zygote's children are
 * those that wait, that run and that leave. */
static unsigned most_leaving(unsigned jobs)
{
    unsigned room = 2 * jobs < ZYGOTE_MOST ? ZYGOTE_MOST - 2 * jobs : 0;

    return jobs < room ? jobs : room;
}

struct pool *pool_open(uv_loop_t *loop, const struct zygote_config *zygote, unsigned jobs)
{
    struct pool *p = calloc(1, sizeof *p);

    if (!p)
        return NULL;
    p->loop = loop;
    p->config = *zygote;
    p->config.ready = jobs;
    p->jobs = jobs;
    p->leave = most_leaving(jobs);
    p->end = &p->first;
    p->services = services_open(loop, 1);
    if (!p->services) {
        free(p);
        return NULL;
    }
    return p;
}

unsigned pool_load(const struct pool *p)
{
    return p->waiting + p->running + p->leaving;
}

void pool_close(struct pool *p)
{
    if (!p)
        return;
    if (p->zygote)
        zygote_close(p->zygote);
    services_close(p->services, NULL, NULL);
    p->zygote = NULL;
    p->closed = 1;
    if (p->busy == 0)
        free(p);
}

/* Around everything that may call done(): with the last of them the pool may be closed. */
static void hold(struct pool *p)
{
    p->busy++;
}

static void let_go(struct pool *p)
{
    if (--p->busy == 0 && p->closed)
        free(p);
}

static void schedule(struct pool *p);

/* ---- ends of tasks */

static void unlink_task(struct pool *p, struct pool_task *t)
{
    for (struct pool_task **at = &p->under_way; *at; at = &(*at)->next)
        if (*at == t) {
            *at = t->next;
            return;
        }
}

/* No code of the agent's has run, and nobody has been called for it. */
static int never_began(struct pool_task *t, const struct run_result *result)
{
    return t->request.forked && result->code == ISO_WORKER_CRASHED && !result->begun &&
           ++t->tries < MOST_TRIES;
}

static void put_first(struct pool *p, struct pool_task *t)
{
    t->next = p->first;
    p->first = t;
    if (!t->next)
        p->end = &t->next;
    p->waiting++;
}

static void on_leaving(void *ctx)
{
    struct pool_task *t = ctx;
    struct pool *p = t->pool;

    if (p->leaving == p->leave)
        return;
    t->leaving = 1;
    p->leaving++;
    p->running--;
    schedule(p);
}

static void on_done(void *ctx, struct run_result *result)
{
    struct pool_task *t = ctx;
    struct pool *p = t->pool;

    unlink_task(p, t);
    if (t->leaving)
        p->leaving--;
    else
        p->running--;
    t->leaving = 0;
    if (never_began(t, result)) {
        put_first(p, t);
        schedule(p);
        return;
    }
    if (t->request.forked && result->started)
        p->deaths = 0;
    hold(p);
    t->done(t, result);
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

static void on_failed(void *ctx, const struct iso_err *err)
{
    struct pool *p = ctx;

    zygote_close(p->zygote);
    p->zygote = NULL;
    if (++p->deaths >= MOST_DEATHS || err->code != ISO_WORKER_CRASHED)
        p->fault = *err;
    schedule(p);
}

static int need_zygote(struct pool *p)
{
    struct zygote_events events = {on_ready, on_failed, p};

    if (!p->zygote && !p->fault.code && zygote_open(p->loop, &p->config, &events, &p->zygote, &p->fault) < 0)
        p->zygote = NULL;
    return p->fault.code ? -1 : 0;
}

/* A fork has the zygote's heap limit and cannot raise its limit of CPU seconds. */
static int fits_zygote(const struct pool *p, const struct run_request *q)
{
    const uint64_t *ours = p->config.limits.value, *wanted = q->limits.value;

    return wanted[LIMIT_MEMORY] == ours[LIMIT_MEMORY] &&
           (ours[LIMIT_CPU] == 0 || (wanted[LIMIT_CPU] && wanted[LIMIT_CPU] <= ours[LIMIT_CPU]));
}

/* ---- starting */

static struct pool_task *take_waiting(struct pool *p)
{
    struct pool_task *t = p->first;

    p->first = t->next;
    if (!p->first)
        p->end = &p->first;
    p->waiting--;
    return t;
}

/* 0 when the first task in line has to wait. */
static int start_one(struct pool *p)
{
    struct pool_task *t = p->first;
    struct run_request *q = &t->request;
    struct iso_err err = {0};

    q->forked = NULL;
    q->services = p->services;
    if (p->aborted) {
        iso_fail(&err, ISO_ABORTED, "the run was interrupted");
    } else if (!t->alone && fits_zygote(p, q)) {
        if (need_zygote(p) < 0)
            err = p->fault;
        else if (!(q->forked = zygote_take(p->zygote)))
            return 0;
    }
    take_waiting(p);
    q->on_leaving = on_leaving;
    q->on_done = on_done;
    q->ctx = t;
    t->next = p->under_way;
    if (!err.code && run_start(p->loop, q, &t->run, &err) == 0) {
        p->under_way = t;
        p->running++;
        return 1;
    }
    fail_task(t, &err);
    return 1;
}

/* done() of a task may add the next. */
static void schedule(struct pool *p)
{
    if (p->scheduling || p->closed)
        return;
    p->scheduling = 1;
    hold(p);
    while (p->first && p->running < p->jobs && start_one(p))
        ;
    p->scheduling = 0;
    let_go(p);
}

void pool_add(struct pool *p, struct pool_task *t)
{
    t->pool = p;
    t->next = NULL;
    *p->end = t;
    p->end = &t->next;
    p->waiting++;
    schedule(p);
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
