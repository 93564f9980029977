/* SPDX-License-Identifier: MIT */
/* host/calls/turns.h - runs that are recorded, or answered from a record, take turns with iso4.
 *
 * Whenever the worker of such a run waits, iso4 decides what comes next: an answer or the next timer. It writes the
 * answer to the record with the number of the turn and the agent's clock. A replay gives the same answers in the same
 * turns, so that the agent sees everything in the same order. A call is written to the record before its program is
 * started. */
#ifndef ISO_HOST_CALLS_TURNS_H
#define ISO_HOST_CALLS_TURNS_H
#include "host/calls/call.h"
#include "host/record/tape.h"
#include "host/record/writer.h"

/* The records of a run: to write, and to replay. Borrowed. */
struct recording {
    const struct tape *tape;      /* answers the calls that it contains; NULL: none */
    int live;                     /* further calls go to the host; otherwise they are a divergence */
    struct record_writer *writer; /* NULL: no record is written */
};

struct turns;

/* NULL without memory. */
struct turns *turns_open(struct bridge *b);
/* Says that agent code began at this time, from which its clock moves. */
void turns_begin(struct turns *t, uint64_t ns);
void turns_stop(struct bridge *b);
void turns_free(struct turns *t);

/* Takes a new call: 1 when it gets its answer from the record, or has failed the run; 0 when the host answers it. */
int turns_call(struct call *c, struct json args);
/* Writes the line of a call for the host, after its arguments were checked. `asks`: it waits for approval. */
void turns_note(struct call *c, struct json args, int asks);
/* Writes the decision on a call. */
void turns_note_decision(struct call *c, int allow);
/* 1 when the call may start now; 0: bridge_dispatch() is called when its line is written. */
int turns_may_begin(struct call *c, struct json args);
/* Forgets a call that will not be started. */
void turns_forget(struct call *c);
/* 1 when the record will answer the call, so that it is not cancelled. */
int turns_keeps(const struct call *c);
/* Changes an answer of the host into the form that the record keeps. */
void turns_prepare_answer(struct call *c, const char **json, size_t *len);

/* Says that the worker waits, and that its next timer is due in this many microseconds. */
void turns_wait(struct bridge *b, uint64_t us);
/* Gives a waiting worker its next answer or timer, if there is one. */
void turns_consider(struct bridge *b);
/* Stops the agent's clock while approval is awaited, and starts it again. */
void turns_hold(struct bridge *b, int hold);
void turns_take(struct bridge *b, struct buf *out);

#endif
