/* SPDX-License-Identifier: MIT */
/* host/calls/call.h - one call under way, as bridge.c and those who answer see it. */
#ifndef ISO_HOST_CALLS_CALL_H
#define ISO_HOST_CALLS_CALL_H
#include "host/calls/bridge.h"
#include "host/calls/process.h"
#include "host/calls/service.h"

struct service;
struct command;

struct call {
    struct bridge *bridge;
    const struct stub *stub;
    uint32_t number;   /* the worker's */
    size_t record;     /* in the list of calls; SIZE_MAX: not listed */
    struct buf args;   /* kept for programs only */
    struct buf output; /* of a command, so far; then the answer, unless it points elsewhere */
    const char *json;  /* the answer */
    size_t len;
    int ok, answered;
    struct call *next, **at; /* in the queue that it is in */
    uv_timer_t *timer;       /* a delay or a timeout; NULL: none */
    struct command *command; /* under way for it */
    struct service *service; /* that it was sent to, under this id: */
    uint64_t id;
};

/* Calls in order; start with queue_init(). A call is in one queue at most. */
struct queue {
    struct call *first, **end;
};

static inline void queue_init(struct queue *q)
{
    q->first = NULL;
    q->end = &q->first;
}

static inline void queue_add(struct queue *q, struct call *c)
{
    c->next = NULL;
    c->at = q->end;
    *q->end = c;
    q->end = &c->next;
}

static inline void queue_remove(struct queue *q, struct call *c)
{
    *c->at = c->next;
    if (c->next)
        c->next->at = c->at;
    else
        q->end = c->at;
}

static inline struct call *queue_take(struct queue *q)
{
    struct call *c = q->first;

    if (c)
        queue_remove(q, c);
    return c;
}

/* Settles a call that is in no queue; exactly once. `json` lives as long as the call (in call->output, or in
 * the definitions). */
void call_answer(struct call *c, int ok, const char *json, size_t len);

/* Fails the call with a name of an error class and a message. `code`, when not NULL, becomes a property. */
void call_fail(struct call *c, const char *name, const char *code, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* Bytes that wait in memory on account of the agent: more, or less. -1: the run has been failed for it. */
int bridge_hold(struct bridge *b, int64_t bytes);
/* The same for bytes that are only looked at: what a program has not read yet. */
int bridge_room(struct bridge *b, size_t bytes);

/* The limit for one result; longer ones end the run. */
uint64_t bridge_result_limit(const struct bridge *b);
void bridge_result_too_large(struct bridge *b, const struct stub *stub);

uv_loop_t *bridge_loop(const struct bridge *b);
/* The program that fetches. */
const char *bridge_fetch_program(const struct bridge *b);
/* A line about a call of fetch, as a JSON string, for whoever runs iso4. */
void bridge_note(const struct bridge *b, struct json line);
/* The call was refused before anything was sent. */
void bridge_call_blocked(struct call *c);
/* A program has started (1), has ended (-1): bridge_close() waits for them. The last thing that a callback
 * does: the bridge may be gone when it returns. */
void bridge_program(struct bridge *b, int change);
/* A command's call is about to be answered: it leaves the queue of those under way. */
void bridge_call_over(struct call *c);
/* A command's place is free. */
void bridge_command_over(struct bridge *b);

/* ---- command.c: a program for each call. */
/* -1: it could not be started, and the call has failed. */
int command_start(struct call *c);
void command_cancel(struct call *c); /* its timeout, or the end of the run: the call is let go */

void call_free(struct call *c);

#endif
