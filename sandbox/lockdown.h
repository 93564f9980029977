/* SPDX-License-Identifier: MIT */
/* sandbox/lockdown.h - the worker gives up all its rights before it reads the first untrusted byte.
 *
 * lockdown() is called once, by the only thread, after V8's boot and before the job and the snapshot's pages are
 * read. With a JIT, lockdown_finish() follows when the context is made: it forbids further executable memory, of which
 * V8 needed one mapping. Each layer is a function, in the order in which they must be called. */
#ifndef ISO_SANDBOX_LOCKDOWN_H
#define ISO_SANDBOX_LOCKDOWN_H
#include <stdint.h>

#include "core/error.h"
#include "sandbox/layers.h"

struct lockdown {
    uint64_t budget_bytes; /* memory budget of the run, 0 for none */
    int jit;               /* executable memory is needed once more: a second filter follows */
    uint64_t code_bytes;   /* address space for V8's machine code, 0 without a JIT */
    int zygote;    /* to be forked: lockdown_forked() takes the rights that only children must not have */
    int saving;    /* the heap will be serialised: room for the result */
    int root;      /* the user is root, also outside of the namespaces */
    int strict;    /* a layer that this machine does not have is an error */
    unsigned want; /* layers to put in force: LAYERS_ALL; fewer only to measure what each one does */
    uint64_t size, data; /* out: bytes of address space, and of data, before the heap is made */
    int ruleset;         /* out, of a zygote: Landlock's, for its children; -1: none */
    unsigned layers;     /* in: what the parent has set up; out: all layers in force (sandbox/layers.h) */
};

/* SANDBOX_UNAVAILABLE: a step that must not fail failed; says which and why. */
int lockdown(struct lockdown *l, struct iso_err *err);
int lockdown_finish(const struct lockdown *l, struct iso_err *err);

/* In a child of a zygote, before it reads anything; both functions above have run in the zygote. Gives up the rights
 * that a zygote still needed, and separates the child from its siblings, which share its namespaces. */
int lockdown_forked(const struct lockdown *l, uint64_t cpu_seconds, struct iso_err *err);

#endif
