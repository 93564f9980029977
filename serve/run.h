/* SPDX-License-Identifier: MIT */
/* serve/run.h - the method `run`: a request waits in the server's queue, gets a fork, and is answered by its
 * RunResult. */
#ifndef ISO_SERVE_RUN_H
#define ISO_SERVE_RUN_H
#include "host/calls/approval.h"
#include "host/calls/bridge.h"
#include "host/calls/caller.h"
#include "serve/handle.h"

enum op_events { EVENTS_CONSOLE = 1, EVENTS_CALL = 2 };
enum op_state { OP_QUEUED, OP_HANDED, OP_OVER };

struct run_op {
    struct pool_task task;  /* the first member */
    struct request request; /* request.peer is the client */
    struct handle *handle;  /* this run is one of its users */
    struct run_spec spec;
    struct buf text, meta; /* the text of the spec's globals; the client's `meta`, which the answer repeats */
    int without_record;    /* the answer has no record: it would be too long, or there is no memory for it */
    struct approver approver;
    struct caller caller; /* passes calls to the client: serve/tools.h */
    enum op_state state;
    int events, cancelled;
    size_t bytes; /* of the message, while the run is queued */
    uint64_t asked_ns, started_ns, seq;
    struct buf items; /* console lines that are not sent, with commas between */
    int to_flush;
    struct run_op *next;         /* in the server's queue */
    struct run_op *flush_next;   /* in the list of runs with items */
    struct run_op *beside, **at; /* in the list of the peer's runs */
};

void method_run(struct peer *p, const struct message *m);

/* Starts the run; called by the server when it is the run's turn. */
void op_start(struct run_op *op);
/* 1 when the client reads its messages, so that the run may start. */
int op_may_start(const struct run_op *op);
/* Stops or continues reading from the worker; its limits stay in force. */
void op_hold(struct run_op *op, int hold);
struct run_op *op_next(const struct run_op *op);
void ops_cancel_all(struct peer *p);

/* ---- serve/events.c */

void events_started(struct run_op *op);
void events_console(void *op, int stream, const char *literal, size_t len);
void events_call(void *op, const struct bridge_call_event *event);
/* Sends the waiting console lines. */
void events_flush(struct run_op *op);

#endif
