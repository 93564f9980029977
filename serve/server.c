/* SPDX-License-Identifier: MIT */
#include "serve/server.h"

#include <stdio.h>
#include <unistd.h>

#include "host/run/stripper.h"
#include "serve/handle.h"
#include "serve/peer.h"
#include "serve/run.h"

/* ---- the queue of runs */

static struct run_op *take_next(struct server *s)
{
    for (struct run_op **at = &s->first; *at; at = &(*at)->next) {
        struct run_op *op = *at;

        if (!op_may_start(op))
            continue;
        *at = op->next;
        if (!*at)
            s->end = at;
        s->queued--;
        s->queued_bytes -= op->bytes;
        return op;
    }
    return NULL;
}

/* Gives one run more to the pools than can run, so that a fork that becomes free always finds one. */
void server_schedule(struct server *s)
{
    struct run_op *op;

    if (s->scheduling || s->trying)
        return;
    s->scheduling = 1;
    while (s->handed < s->cfg->jobs + 1 && (op = take_next(s)))
        op_start(op);
    s->scheduling = 0;
}

/* ---- timers */

static void on_flush(uv_timer_t *timer)
{
    struct server *s = timer->data;

    while (s->flushed)
        events_flush(s->flushed);
}

void server_flush_soon(struct server *s)
{
    if (!uv_is_active((uv_handle_t *)&s->flush))
        uv_timer_start(&s->flush, on_flush, SERVE_FLUSH_MS, 0);
}

static void on_drop(uv_timer_t *timer)
{
    struct server *s = timer->data;
    struct peer *next;

    for (struct peer *p = s->peers; p; p = next) {
        next = p->next;
        peer_drop_broken(p);
    }
}

void server_drop_soon(struct server *s)
{
    uv_timer_start(&s->drop, on_drop, 0, 0);
}

/* ---- the end */

static void close_server(struct server *s)
{
    if (s->closing)
        return;
    s->closing = 1;
    listen_close(s);
    stripper_close(s->stripper);
    if (s->base)
        handle_release(s->base);
    uv_close((uv_handle_t *)&s->flush, NULL);
    uv_close((uv_handle_t *)&s->grace, NULL);
    uv_close((uv_handle_t *)&s->drop, NULL);
    uv_close((uv_handle_t *)&s->accept, NULL);
    signals_close(&s->signals);
}

void server_peer_gone(struct server *s)
{
    if (s->peer_count == 0 && (s->listen_fd < 0 || s->stopping))
        close_server(s);
}

/* After the grace period: aborts all runs. Clients that do not read get the same time again. */
static void on_grace_over(uv_timer_t *timer)
{
    struct server *s = timer->data;
    struct peer *next;

    for (struct peer *p = s->peers; p; p = next) {
        next = p->next;
        if (s->hurried)
            peer_drop(p, "it does not read");
        else
            peer_cancel_all(p);
    }
    s->hurried = 1;
    uv_timer_start(&s->grace, on_grace_over, s->cfg->grace_ms ? s->cfg->grace_ms : 1, 0);
}

/* The first signal ends all input; after the second one runs are not waited for. */
static void on_server_signal(void *ctx, int signal)
{
    struct server *s = ctx;
    struct peer *next;

    (void)signal;
    if (s->stopping) {
        on_grace_over(&s->grace);
        return;
    }
    s->stopping = 1;
    listen_close(s);
    uv_timer_start(&s->grace, on_grace_over, s->cfg->grace_ms, 0);
    for (struct peer *p = s->peers; p; p = next) {
        next = p->next;
        peer_end(p);
    }
    server_peer_gone(s);
}

/* ---- the beginning */

static void start_timers(struct server *s)
{
    uv_timer_t *timers[] = {&s->flush, &s->grace, &s->drop, &s->accept};

    for (size_t i = 0; i < sizeof timers / sizeof *timers; i++) {
        uv_timer_init(&s->loop, timers[i]);
        timers[i]->data = s;
    }
}

static int open_server_stripper(struct server *s, struct iso_err *err)
{
    struct stripper_config cfg = {.paths = s->cfg->paths,
                                  .limits = s->cfg->limits,
                                  .jobs = s->cfg->jobs,
                                  .forks = 1,
                                  .jitless = s->cfg->jitless,
                                  .strict = s->cfg->strict};

    s->stripper = stripper_open(&s->loop, &cfg);
    return s->stripper ? 0 : iso_fail(err, ISO_INTERNAL, "out of memory");
}

int serve(const struct serve_config *cfg, struct iso_err *err)
{
    struct server s = {.cfg = cfg, .listen_fd = -1};
    int rc;

    s.end = &s.first;
    uv_loop_init(&s.loop);
    start_timers(&s);
    signals_open(&s.signals, &s.loop, 0, on_server_signal, &s);
    if (open_server_stripper(&s, err) < 0)
        rc = -1;
    else if (cfg->listen)
        rc = listen_open(&s, err);
    else
        rc = peer_open(&s, STDIN_FILENO, STDOUT_FILENO, 0, err) ? 0 : -1;
    if (rc < 0)
        close_server(&s);
    uv_run(&s.loop, UV_RUN_DEFAULT);
    uv_loop_close(&s.loop);
    if (rc == 0 && s.fault.code) {
        *err = s.fault;
        rc = -1;
    }
    return rc;
}
