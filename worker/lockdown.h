/* SPDX-License-Identifier: MIT */
/* worker/lockdown.h - what the worker gives up before it touches the first byte that it does not trust.
 *
 * lockdown() is called once, by the only thread, after V8's boot and before the job is read and the snapshot's
 * pages are touched. Each layer stands in a function of its own, in the order in which they must come. */
#ifndef ISO_WORKER_LOCKDOWN_H
#define ISO_WORKER_LOCKDOWN_H
#include <stdint.h>

#include "core/error.h"

struct lockdown {
    uint64_t budget_bytes; /* memory budget of the run, 0 for none */
    int jit;               /* room for the code range */
    int saving;            /* the heap will be serialised: room for the result */
};

/* SANDBOX_UNAVAILABLE: which step failed and why. */
int lockdown(const struct lockdown *l, struct iso_err *err);

#endif
