/* SPDX-License-Identifier: MIT */
#include "serve/trial.h"

#include <stdlib.h>
#include <string.h>

struct trial *trial_new(const char *code, size_t len, const char *name)
{
    struct trial *t = calloc(1, sizeof *t);

    if (!t)
        return NULL;
    buf_add(&t->source.text, code, len);
    t->source.name = strdup(name);
    if (!t->source.text.failed && t->source.name)
        return t;
    trial_discard(t);
    return NULL;
}

void trial_discard(struct trial *t)
{
    if (t)
        source_free(&t->source);
    free(t);
}

static void on_trial_run_done(struct pool_task *task, struct run_result *result)
{
    struct trial *t = (struct trial *)task;

    t->done(t, result);
}

void trial_start(struct trial *t, struct handle *h, uint64_t flags)
{
    h->users++;
    t->handle = h;
    t->task.done = on_trial_run_done;
    t->task.request = handle_request(h);
    t->task.request.flags |= flags;
    t->task.request.limits = h->limits;
    t->task.request.sources = &t->source;
    t->task.request.count = 1;
    t->task.request.globals = &h->declared.globals;
    t->task.request.imports = &h->declared.imports;
    pool_add(h->warm->pool, &t->task);
}

void trial_cancel(struct trial *t)
{
    pool_cancel(t->handle->warm->pool, &t->task);
}

void trial_free(struct trial *t)
{
    handle_release(t->handle);
    trial_discard(t);
}
