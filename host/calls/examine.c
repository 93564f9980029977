/* SPDX-License-Identifier: MIT */
#include "host/calls/examine.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "core/clock.h"
#include "host/declared/arguments.h"

/* Work that is done on the event loop, in units of about a nanosecond. */
#define WORK_AT_ONCE 300000

/* A call that is checked in a thread. It owns the arguments, so that they stay when the call is cancelled. */
struct examining {
    uv_work_t request;
    struct examiner *examiner;
    struct call *call; /* NULL: cancelled */
    const struct stub *stub;
    uint64_t ordinal;
    struct buf args;
    struct examination found;
    atomic_bool stop;
    /* The clock of the thread: set before `running`, read after it. */
    clockid_t clock;
    uint64_t started_ns, used_ns;
    enum { NOT_YET, RUNNING, ENDED } _Atomic state;
};

void examiner_init(struct examiner *e, struct bridge *bridge)
{
    *e = (struct examiner){.bridge = bridge};
    queue_init(&e->waiting, QUEUE_OF_KIND);
}

/* ---- the check itself; it runs in any thread, so it only reads shared data */

static void bad_arguments(struct examination *x, const char *before, const struct buf *why)
{
    struct buf text = {0};

    buf_str(&text, before);
    if (why && why->len)
        buf_add(&text, why->data, why->len);
    buf_free(&x->why);
    x->why = text;
    x->verdict = EXAMINED_BAD;
}

/* Checks the arguments. -1 when the work is used up, with a verdict in *x. */
static int check_arguments(const struct stub *s, struct json args, struct work *work, struct examination *x)
{
    struct buf why = {0};
    const struct schema *schema = stub_schema(s->parameters);
    enum schema_answer answer = schema ? arguments_check(schema, args, work, &why) : SCHEMA_UNDECIDED;

    if (!schema)
        bad_arguments(x, "has parameters that are no schema that iso4 can hold", NULL);
    else if (answer != SCHEMA_FITS)
        bad_arguments(x, "was called with arguments that do not fit: ", &why);
    buf_free(&why);
    return answer == SCHEMA_UNDECIDED ? -1 : 0;
}

static int look(const struct stub *s, struct json args, uint64_t ordinal, struct work *work,
                struct examination *x)
{
    x->verdict = EXAMINED_GOOD;
    if (s->parameters && check_arguments(s, args, work, x) < 0)
        return -1;
    if (x->verdict != EXAMINED_GOOD || !s->kind->find)
        return 0;
    if (s->kind->find(s, args, ordinal, work, &x->answer) == 0)
        return 0;
    bad_arguments(
        x, "was called with arguments that take too much work to be compared with those of its answers",
        NULL);
    return -1;
}

/* ---- in a thread */

static void begin_clock(struct examining *g)
{
    if (pthread_getcpuclockid(pthread_self(), &g->clock) != 0)
        g->clock = CLOCK_MONOTONIC; /* real time is never less than CPU time */
    g->started_ns = clock_ns(g->clock);
    atomic_store(&g->state, RUNNING);
}

static void end_clock(struct examining *g)
{
    g->used_ns = clock_ns(g->clock) - g->started_ns;
    atomic_store(&g->state, ENDED);
}

static void on_work(uv_work_t *request)
{
    struct examining *g = request->data;
    struct json args = {g->args.data, g->args.len};
    struct work work = {.left = schema_work_for(args.len), .stop = &g->stop};

    begin_clock(g);
    if (json_check_tight(args.at, args.len, JSON_ARRAY) < 0)
        g->found.verdict = EXAMINED_MALFORMED;
    else
        (void)look(g->stub, args, g->ordinal, &work, &g->found);
    end_clock(g);
}

static void start_next(struct examiner *e);

/* Gives the arguments back to the call. */
static void give_back(struct examining *g)
{
    struct call *c = g->call;

    if (!c) {
        (void)bridge_hold(g->examiner->bridge, -(int64_t)g->args.len);
        return;
    }
    c->args = g->args;
    g->args = (struct buf){0};
    c->examining = 0;
    examined(c, (struct json){c->args.data, c->args.len}, &g->found);
}

static void on_examining_done(uv_work_t *request, int status)
{
    struct examining *g = request->data;
    struct examiner *e = g->examiner;

    (void)status; /* nothing cancels the request */
    e->now = NULL;
    e->work_ns += g->used_ns;
    give_back(g);
    bridge_worked(e->bridge);
    buf_free(&g->found.why);
    buf_free(&g->args);
    free(g);
    start_next(e);
    bridge_program(e->bridge, -1);
}

static void start_examining(struct examiner *e, struct call *c)
{
    struct examining *g = calloc(1, sizeof *g);

    if (!g) {
        c->examining = 0;
        call_fail(c, "Error", NULL, "could not be called: out of memory");
        return;
    }
    *g =
        (struct examining){.examiner = e, .call = c, .stub = c->stub, .ordinal = c->ordinal, .args = c->args};
    c->args = (struct buf){0};
    g->request.data = g;
    e->now = g;
    bridge_program(e->bridge, 1);
    uv_queue_work(bridge_loop(e->bridge), &g->request, on_work, on_examining_done);
    bridge_worked(e->bridge);
}

static void start_next(struct examiner *e)
{
    struct call *c;

    while (!e->now && (c = queue_take(&e->waiting)))
        start_examining(e, c);
}

/* ---- calls */

static int examine_at_once(struct examiner *e, struct call *c, struct json args)
{
    struct work work = {.left = WORK_AT_ONCE};
    struct examination x = {0};
    int done = look(c->stub, args, c->ordinal, &work, &x) == 0;

    /* The thread starts from the beginning, so the work so far is counted here. */
    e->work_ns += WORK_AT_ONCE - work.left + args.len;
    if (done)
        examined(c, args, &x);
    buf_free(&x.why);
    return done;
}

void examine(struct examiner *e, struct call *c, struct json args)
{
    if (args.len <= EXAMINE_AT_ONCE && examine_at_once(e, c, args)) {
        bridge_worked(e->bridge);
        return;
    }
    if (call_keep(c, args) < 0)
        return;
    c->examining = 1;
    queue_add(&e->waiting, c);
    start_next(e);
}

void examine_cancel(struct examiner *e, struct call *c)
{
    c->examining = 0;
    if (!e->now || e->now->call != c) {
        queue_remove(&e->waiting, c);
        return;
    }
    atomic_store(&e->now->stop, true);
    e->now->call = NULL;
}

uint64_t examiner_work_ns(const struct examiner *e)
{
    const struct examining *g = e->now;

    switch (g ? atomic_load(&g->state) : NOT_YET) {
    case RUNNING:
        return e->work_ns + clock_ns(g->clock) - g->started_ns;
    case ENDED:
        return e->work_ns + g->used_ns;
    default:
        return e->work_ns;
    }
}
