/* SPDX-License-Identifier: MIT */
/* serve/run.h - the method `run`: a request waits in the server's line, gets a fork, and its RunResult is the answer. */
#ifndef ISO_SERVE_RUN_H
#define ISO_SERVE_RUN_H
#include "host/calls/bridge.h"
#include "host/calls/caller.h"
#include "serve/handle.h"

enum op_events { EVENTS_CONSOLE = 1, EVENTS_CALL = 2 };
enum op_state { OP_QUEUED, OP_HANDED, OP_OVER };

struct run_op {
    struct pool_task task;  /* the first member */
    struct request request; /* the peer is its */
    struct handle *handle;  /* a user of it */
    struct run_spec spec;
    struct buf text, meta; /* what the spec's globals point into; what is given back */
    struct caller caller;  /* it answers calls by asking the client: serve/tools.h */
    enum op_state state;
    int events, cancelled;
    size_t bytes; /* of the message, while it is queued */
    uint64_t asked_ns, started_ns, seq;
    struct buf items; /* console lines that are not sent, with commas between */
    int to_flush;
    struct run_op *next;         /* in the server's line */
    struct run_op *flush_next;   /* among those with items */
    struct run_op *beside, **at; /* among the peer's */
};

void method_run(struct peer *p, const struct message *m);

/* From the server: its turn has come. */
void op_start(struct run_op *op);
/* Whether its client reads what is sent. */
int op_may_start(const struct run_op *op);
/* The worker stands still, and spends its time. */
void op_hold(struct run_op *op, int hold);
struct run_op *op_next(const struct run_op *op);
void ops_cancel_all(struct peer *p);

/* ---- serve/events.c */

void events_started(struct run_op *op);
void events_console(void *op, int stream, const char *literal, size_t len);
void events_call(void *op, const struct bridge_call_event *event);
/* Sends console lines that wait. */
void events_flush(struct run_op *op);

#endif
