/* SPDX-License-Identifier: MIT */
/* host/calls/turns.h - runs that are recorded, or answered from a record, take turns with iso4.
 *
 * Whenever the worker of such a run waits, it asks what comes next, an answer or the next timer, and the answer is
 * written to the record with the number of the turn and the agent's clock. A replay gives the same answers in the same
 * turns: everything that the agent sees comes in the same order. Calls stand in the record before anything is started
 * for them. */
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
/* Agent code began at this moment: from here on its clock moves. */
void turns_begin(struct turns *t, uint64_t ns);
void turns_stop(struct bridge *b);
void turns_free(struct turns *t);

/* A new call: 1 when it waits for its answer in the record, or has failed the run; 0 when it is for the host. */
int turns_call(struct call *c, struct json args);
/* A call for the host has been examined: its line in the record. `asks`: it waits for approval. */
void turns_note(struct call *c, struct json args, int asks);
/* The decision on it, for the record. */
void turns_note_decision(struct call *c, int allow);
/* 1 when the call may begin now; 0: bridge_dispatch() follows, when the record is written. */
int turns_may_begin(struct call *c, struct json args);
/* It does not begin any more. */
void turns_forget(struct call *c);
/* The record answers it: it is not called off. */
int turns_keeps(const struct call *c);
/* An answer of the host, as the record will hold it. */
void turns_prepare_answer(struct call *c, const char **json, size_t *len);

/* The worker waits; its next timer is due in so many microseconds. */
void turns_wait(struct bridge *b, uint64_t us);
/* There may be something to give to a worker that waits. */
void turns_consider(struct bridge *b);
/* Approval is waited for, and no clock moves; or no more. */
void turns_hold(struct bridge *b, int hold);
void turns_take(struct bridge *b, struct buf *out);

#endif
