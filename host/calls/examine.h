/* SPDX-License-Identifier: MIT */
/* host/calls/examine.h - looking at the arguments of a call before its kind gets it: are they JSON, do they fit
 * `parameters`, and which answer of the definition is theirs.
 *
 * Agents choose the arguments, and so the work. A little of it is done at once. All else is done in a thread of
 * libuv's pool, one call of a run at a time, so that the event loop, which keeps the limits of all runs, never
 * waits for it. All of it counts as CPU time of the agent: the supervisor asks bridge_work_ns(). */
#ifndef ISO_HOST_CALLS_EXAMINE_H
#define ISO_HOST_CALLS_EXAMINE_H
#include "host/calls/call.h"

/* Longer arguments are not even read on the event loop. */
#define EXAMINE_AT_ONCE (64u << 10)

enum examined {
    EXAMINED_GOOD,
    EXAMINED_BAD,       /* they do not fit, or there is no end to telling whether they do */
    EXAMINED_MALFORMED, /* no array in JSON: the worker broke the protocol */
};

struct examination {
    enum examined verdict;
    struct stub_answer answer; /* as struct stub_kind's find() found it */
    struct buf why;            /* owned; BAD: a text that goes on behind the function's name */
};

/* The calls of a run that are examined, or wait for it. */
struct examiner {
    struct bridge *bridge;
    struct queue waiting;
    struct examining *now; /* owned; in a thread; NULL: none */
    uint64_t work_ns;      /* of all that have ended */
};

void examiner_init(struct examiner *e, struct bridge *bridge);

/* Begins with a call that is in no queue of its kind. Its end is examined(), from within or later. `args` live until
 * it returns; longer ones than EXAMINE_AT_ONCE may be any bytes. */
void examine(struct examiner *e, struct call *c, struct json args);

/* A call that is examined needs no answer any more. */
void examine_cancel(struct examiner *e, struct call *c);

/* CPU time of all examinations, the one under way included; ns. */
uint64_t examiner_work_ns(const struct examiner *e);

/* ---- for the examiner, by the bridge */

/* The end of examine(). `args` live until it returns, *x until then, too. */
void examined(struct call *c, struct json args, const struct examination *x);

/* The work has grown, or is about to: the limit on CPU time may be reached earlier. */
void bridge_worked(struct bridge *b);

#endif
