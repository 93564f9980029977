/* SPDX-License-Identifier: MIT */
/* serve/trial.h - runs that iso4 makes for itself: an empty agent shows whether a pool can run anything, a source that is
 * only compiled whether it can be. */
#ifndef ISO_SERVE_TRIAL_H
#define ISO_SERVE_TRIAL_H
#include "serve/handle.h"

struct trial {
    struct pool_task task; /* the first member */
    struct handle *handle; /* a user of it */
    struct source source;  /* owned */
    void (*done)(struct trial *trial, struct run_result *result);
    void *ctx;
};

/* A trial of a source, which is copied. NULL without memory. */
struct trial *trial_new(const char *code, size_t len, const char *name);
/* One that was never started; or NULL. */
void trial_discard(struct trial *t);

/* Adds it to the handle's pool, with the source that the caller has set in it. done() follows, within the call or later,
 * and then trial_free(). */
void trial_start(struct trial *t, struct handle *h, uint64_t flags);
void trial_cancel(struct trial *t);
/* Releases the handle. Within done(). */
void trial_free(struct trial *t);

#endif
