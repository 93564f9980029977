/* SPDX-License-Identifier: MIT */
/* host/calls/bridge_internal.h - a bridge, for the files that make it up: bridge.c takes calls and gives answers,
 * turns.c keeps the record, approval.c has calls approved. */
#ifndef ISO_HOST_CALLS_BRIDGE_INTERNAL_H
#define ISO_HOST_CALLS_BRIDGE_INTERNAL_H
#include "host/calls/call_table.h"
#include "host/calls/examine.h"
#include "host/calls/turns.h"

/* One line of the list of calls. */
struct record {
    uint32_t function;
    unsigned char ok, over, blocked;
    unsigned char left_out; /* some of its details */
    uint64_t start_ns, end_ns, arg_bytes, result_bytes;
    struct buf details; /* owned; members with commas before them */
};

/* Calls of a kind of which only some may be under way at a time. */
struct lane {
    const struct stub_kind *kind;
    struct lane *next;
    struct queue waiting;
    unsigned busy;
    int starting;
};

struct bridge {
    uv_loop_t *loop;
    struct bridge_config cfg;
    struct bridge_events events;
    uint64_t *calls_of; /* calls so far, by function */
    uint64_t calls, under_way;
    int64_t held;
    struct record *records;
    size_t listed, room;
    uint64_t unlisted;
    size_t details;              /* bytes of the details of all calls */
    struct queue open;           /* calls without an answer */
    struct call_table by_number; /* of these */
    struct queue ready;          /* answered, to be sent */
    struct lane *lanes;          /* of the kinds that have been called, of those with `at_once` */
    struct services *own;        /* programs of this run; NULL: none yet */
    struct examiner examiner;
    uint64_t told_ns;    /* of the examiner's work, the supervisor knows of */
    unsigned asking;     /* calls whose approval is waited for */
    struct turns *turns; /* NULL: no record is made or replayed */
    struct buf pending;  /* JSON items: calls that a run which goes on from this one has to decide on */
    int programs, timers;
    int blocked, halted, stopped, closing;
    int reached_out;
    int program_failed; /* the program that answers a call has failed */
};

/* Gives a call that may begin to its kind. */
void bridge_dispatch(struct call *c, struct json args);

/* Appends the ANSWER frame of a call that is in no queue, and ends it. */
void bridge_send(struct call *c, struct buf *out);
/* A handle of the bridge's is open, or closed: bridge_close() waits for it. */
void bridge_timer(struct bridge *b, int change);

/* "'users.find'", for messages; cut when it is long. */
const char *bridge_shown(const struct stub *s, char text[120]);

/* To a program of the machine, or to the owner of the run. */
static inline int call_reaches_out(const struct call *c)
{
    return c->stub->kind->prepare || c->stub->kind->by_owner;
}

#endif
