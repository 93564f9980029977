/* SPDX-License-Identifier: MIT */
/* sandbox/lockdown.h - what the worker gives up before it touches the first byte that it does not trust.
 *
 * lockdown() is called once, by the only thread, after V8's boot and before the job is read and the
 * snapshot's pages are touched. With a JIT, lockdown_finish() follows when the context stands: it takes away
 * the one executable mapping that V8 needed. Each layer stands in a function of its own, in the order in
 * which they must come. */
#ifndef ISO_SANDBOX_LOCKDOWN_H
#define ISO_SANDBOX_LOCKDOWN_H
#include <stdint.h>

#include "core/error.h"
#include "sandbox/layers.h"

struct lockdown {
    uint64_t budget_bytes; /* memory budget of the run, 0 for none */
    int jit;               /* executable memory is needed once more: a second filter follows */
    uint64_t code_bytes;   /* address space for V8's machine code, 0 without a JIT */
    int zygote;            /* to be forked: what children must not have is taken in lockdown_forked() */
    int saving;            /* the heap will be serialised: room for the result */
    int root;              /* the user is root, also outside of the namespaces */
    int strict;            /* every layer or none: a layer that this machine does not give is an error */
    unsigned want;         /* layers to put in force: LAYERS_ALL, but for measuring what each one does */
    uint64_t size, data;   /* out: bytes of address space, and of data, before there is a heap */
    int ruleset;           /* out, of a zygote: Landlock's, for its children; -1: none */
    unsigned layers;       /* in: what the parent has set up; out: all layers in force (sandbox/layers.h) */
};

/* SANDBOX_UNAVAILABLE: a step that must not fail failed; says which and why. */
int lockdown(struct lockdown *l, struct iso_err *err);
int lockdown_finish(const struct lockdown *l, struct iso_err *err);

/* In a child of a zygote, before it reads anything, after both of the above in the zygote: all that another run
 * has given up by then, and what keeps it from its siblings, with whom it shares the namespaces. */
int lockdown_forked(const struct lockdown *l, uint64_t cpu_seconds, struct iso_err *err);

#endif
