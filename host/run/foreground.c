/* SPDX-License-Identifier: MIT */
#include "host/run/foreground.h"

#include "host/run/stripper.h"

static void on_foreground_signal(void *ctx, int signal)
{
    struct foreground *s = ctx;

    s->signal = signal;
    if (s->current)
        run_abort(s->current);
}

int foreground_open(struct foreground *s, struct iso_err *err)
{
    int rc;

    *s = (struct foreground){0};
    rc = uv_loop_init(&s->loop);
    if (rc < 0)
        return iso_fail(err, ISO_INTERNAL, "cannot make an event loop: %s", uv_strerror(rc));
    signals_open(&s->signals, &s->loop, 1, on_foreground_signal, s);
    return 0;
}

/* A run that makes the base snapshot has nothing to erase types with yet. */
static int open_foreground_stripper(struct foreground *s, const struct run_request *q, struct iso_err *err)
{
    struct stripper_config cfg = {
        .paths = q->paths, .limits = q->limits, .jobs = 1, .jitless = q->jitless, .strict = q->strict};

    if (s->stripper || q->mode == JOB_BASE)
        return 0;
    s->stripper = stripper_open(&s->loop, &cfg);
    return s->stripper ? 0 : iso_fail(err, ISO_INTERNAL, "out of memory");
}

int foreground_run(struct foreground *s, const struct run_request *request, struct iso_err *err)
{
    struct run_request q = *request;

    if (open_foreground_stripper(s, &q, err) < 0)
        return -1;
    q.stripper = s->stripper;
    if (run_start(&s->loop, &q, &s->current, err) < 0)
        return -1;
    if (s->signal)
        run_abort(s->current); /* the signal came between two runs */
    uv_run(&s->loop, UV_RUN_DEFAULT);
    s->current = NULL;
    return 0;
}

void foreground_close(struct foreground *s)
{
    stripper_close(s->stripper);
    signals_close(&s->signals);
    uv_run(&s->loop, UV_RUN_DEFAULT);
    uv_loop_close(&s->loop);
}
