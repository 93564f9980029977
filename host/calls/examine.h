/* SPDX-License-Identifier: MIT */
/* host/calls/examine.h - checks the arguments of a call before its kind gets it: that they are JSON and fit
 * `parameters`; then finds the answer that the definition has for them.
 *
 * Agents choose the arguments, and so the work. Short checks are made on the event loop, which keeps the limits of all
 * runs and must not be blocked. Longer ones run in a thread of libuv's pool, for one call of a run at a time. All of it
 * counts as CPU time of the agent: the supervisor asks bridge_work_ns(). */
#ifndef ISO_HOST_CALLS_EXAMINE_H
#define ISO_HOST_CALLS_EXAMINE_H
#include "host/calls/call.h"

/* Arguments with more bytes are always checked in a thread. */
#define EXAMINE_AT_ONCE (64u << 10)

enum examined {
    EXAMINED_GOOD,
    EXAMINED_BAD,       /* they do not fit, or the check takes too long */
    EXAMINED_MALFORMED, /* not an array in JSON: the worker broke the protocol */
};

struct examination {
    enum examined verdict;
    struct stub_answer answer; /* as struct stub_kind's find() found it */
    struct buf why;            /* owned; BAD: the message, to be put after the function's name */
};

/* The calls of a run whose arguments are being checked, or wait for that. */
struct examiner {
    struct bridge *bridge;
    struct queue waiting;
    struct examining *now; /* owned; the check in a thread; NULL: none */
    uint64_t work_ns;      /* CPU time of all checks that have ended */
};

void examiner_init(struct examiner *e, struct bridge *bridge);

/* Starts the check of a call, which must be in no queue of its kind. examined() is called at the end, before this
 * function returns or later. `args` may be freed when it returns; beyond EXAMINE_AT_ONCE bytes they may be anything. */
void examine(struct examiner *e, struct call *c, struct json args);

/* Cancels the check of a call. */
void examine_cancel(struct examiner *e, struct call *c);

/* CPU time of all checks in ns, the current one included. */
uint64_t examiner_work_ns(const struct examiner *e);

/* ---- functions of the bridge that the examiner calls */

/* The end of examine(). `args` and *x are only valid during the call. */
void examined(struct call *c, struct json args, const struct examination *x);

/* The CPU time has grown, or is about to grow: the limit may be reached earlier than planned. */
void bridge_worked(struct bridge *b);

#endif
