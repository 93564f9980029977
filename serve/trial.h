/* SPDX-License-Identifier: MIT */
/* serve/trial.h - trial runs: an empty agent tests that a pool can run agents; a source that is only compiled tests its
 * syntax. */
#ifndef ISO_SERVE_TRIAL_H
#define ISO_SERVE_TRIAL_H
#include "serve/handle.h"

struct trial {
    struct pool_task task; /* the first member */
    struct handle *handle; /* this trial is one of its users */
    struct source source;  /* owned */
    void (*done)(struct trial *trial, struct run_result *result);
    void *ctx;
};

/* A trial of a source, which is copied. NULL without memory. */
struct trial *trial_new(const char *code, size_t len, const char *name);
/* Frees a trial that was never started; or NULL. */
void trial_discard(struct trial *t);

/* Adds it to the handle's pool, with the source that the caller has set. done() is called before this returns, or
 * later; it calls trial_free(). */
void trial_start(struct trial *t, struct handle *h, uint64_t flags);
void trial_cancel(struct trial *t);
/* Frees the trial and releases the handle; to be called in done(). */
void trial_free(struct trial *t);

#endif
