/* SPDX-License-Identifier: MIT */
/* host/calls/call.h - one pending call, for the bridge and the kinds of stubs (host/kinds/).
 *
 * The bridge has the arguments of a call checked (host/calls/examine.h) and passes the call to its kind's dispatch(),
 * which settles it with call_answer() or call_fail(), at once or later; before it settles a call later it needs
 * call_keep(). Until then the bridge may end the call: after its timeoutMs, when the agent cancels it, or with the run.
 * It then calls the kind's cancel(), and the kind must not touch the call again. */
#ifndef ISO_HOST_CALLS_CALL_H
#define ISO_HOST_CALLS_CALL_H
#include "host/calls/bridge.h"

struct tape_call;

struct call {
    struct bridge *bridge;
    const struct stub *stub;
    uint32_t number; /* the worker's */
    uint64_t serial; /* among the calls of the run, from 1 */
    uint64_t start_ns;
    uint64_t timeout_ms;       /* the stub's, or as its kind has set it before call_keep(); 0: none */
    uint64_t ordinal;          /* among the calls of its function, from 1 */
    struct stub_answer answer; /* found by its kind's find(), if the kind has one */
    size_t record;             /* in the list of calls; SIZE_MAX: not listed */
    struct buf args;           /* from call_keep() on */
    struct buf output;         /* of a program, so far; then the answer, unless `json` points elsewhere */
    const char *json;          /* the answer */
    size_t len;
    int ok, answered;
    int program_failed; /* the program that answers has failed, by the caller's fault: see call_fail_program() */
    int examining;      /* its arguments are being checked: host/calls/examine.h */
    int refused;        /* maxCalls is reached: it fails after its arguments are checked */
    int asking;         /* its approver is asked: host/calls/approval.h */
    int pending;        /* its approval is left to a run that continues this one */
    int starting;       /* it starts when its line in the record is written: host/calls/turns.h */
    int noted;          /* the record has that line */
    uint64_t line;      /* where that line ends */
    struct tape_call *taped; /* the same call in the record that is replayed; NULL: it is not there */
    int waiting;             /* for other calls of its kind to end: dispatch() has not been called */
    uv_timer_t *timer;       /* a delay or a timeout; NULL: none */
    void *work;              /* of its kind: the program that answers */
    uint64_t numbers[2];     /* the worker's, and the one that it has with the program */
    struct call *chained[2]; /* in tables by these: host/calls/call_table.h */
    struct call **chained_at[2];
    struct call_link {
        struct call *next, **at;
    } links[2]; /* in a queue of the bridge, and in one of its kind */
};

/* Calls in order; start with queue_init(). A call is in one queue of each owner at most. */
enum queue_owner { QUEUE_OF_BRIDGE, QUEUE_OF_KIND };

struct queue {
    struct call *first, **end;
    enum queue_owner owner;
};

static inline void queue_init(struct queue *q, enum queue_owner owner)
{
    q->first = NULL;
    q->end = &q->first;
    q->owner = owner;
}

static inline struct call *queue_next(const struct queue *q, const struct call *c)
{
    return c->links[q->owner].next;
}

static inline void queue_add(struct queue *q, struct call *c)
{
    struct call_link *link = &c->links[q->owner];

    link->next = NULL;
    link->at = q->end;
    *q->end = c;
    q->end = &link->next;
}

static inline void queue_remove(struct queue *q, struct call *c)
{
    struct call_link *link = &c->links[q->owner];

    *link->at = link->next;
    if (link->next)
        link->next->links[q->owner].at = link->at;
    else
        q->end = link->at;
}

static inline struct call *queue_take(struct queue *q)
{
    struct call *c = q->first;

    if (c)
        queue_remove(q, c);
    return c;
}

/* Copies the arguments into call->args and starts timeoutMs; at most once for each call. -1: there is no memory, and
 * the call is settled or the run has failed. */
int call_keep(struct call *c, struct json args);

/* Calls `then` after some time, with the call as data; this replaces timeoutMs. -1: there is no memory, and the call is
 * settled. */
int call_after(struct call *c, uint64_t ms, uv_timer_cb then);

/* Starts timeoutMs anew, because it does not count what was until now. -1 as call_keep(). */
int call_restart_timeout(struct call *c);

/* Settles a call, exactly once; it is in no queue of its kind any more. `json` lives as long as the call (in
 * call->output, or in the definitions). */
void call_answer(struct call *c, int ok, const char *json, size_t len);

/* Settles a call with the JSON that its kind has put into call->output. */
void call_answer_output(struct call *c, int ok);

/* With --call-details: lists what the call's program wrote to standard error. The agent never sees it. Before the call is
 * settled. */
void call_keep_stderr(struct call *c, const char *text);

/* Fails the call with a name of an error class and a message. `code`, when not NULL, becomes a property. */
void call_fail(struct call *c, const char *name, const char *code, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* The same where the program that answers is at fault, not the function: `error.origin` is `caller` then. `words`, its
 * standard error or paths of the machine after ": ", are for the operator alone: notes of --verbose have them. */
void call_fail_program(struct call *c, const char *name, const char *words, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* Tells the operator something about a call, with --verbose. */
void call_note(const struct call *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Adds to, or takes from, the bytes held in memory for the agent. -1: too many, and the run has failed. */
int bridge_hold(struct bridge *b, int64_t bytes);
/* Like bridge_hold(), for bytes that are counted elsewhere: those that a program has not read yet. */
int bridge_room(struct bridge *b, size_t bytes);

/* The limit for one result; longer ones end the run. */
uint64_t bridge_result_limit(const struct bridge *b);
void bridge_result_too_large(struct bridge *b, const struct stub *stub);

/* Ends the run with INTERNAL, because the machine (not the agent) is the reason that a call of the function cannot be
 * answered. The message is the function's name followed by `why` and `words`. The call still has to be answered. */
void bridge_machine_failed(struct bridge *b, const struct stub *stub, const char *why, const char *words);

uv_loop_t *bridge_loop(const struct bridge *b);
/* The globals that are declared for the run. */
const struct globals *bridge_globals(const struct bridge *b);
/* The owner that answers calls of kind `caller`. */
const struct caller *bridge_caller(const struct bridge *b);
/* Says which run it is, as JSON; .at NULL: nothing. */
struct json bridge_label(const struct bridge *b);
/* The path of the fetch helper. */
const char *bridge_fetch_program(const struct bridge *b);
/* The services of this run, or, if `shared` and there is a batch, those of all its runs. NULL without memory. */
struct services *bridge_services(struct bridge *b, int shared);
/* 1 when the run is over: its own programs are about to be killed. */
int bridge_is_stopped(const struct bridge *b);
/* Sends a line about a call, a JSON string, to the owner of the run. */
void bridge_note(const struct bridge *b, struct json line);
/* Records that the call was refused before anything was sent. */
void bridge_call_blocked(struct call *c);
/* Counts a program that has started (1) or ended (-1): bridge_close() waits for them. A callback must do this last: the
 * bridge may be freed when it returns. */
void bridge_program(struct bridge *b, int change);
/* Frees the place of a call of a kind with `at_once`: once for each dispatch(), perhaps later than the answer. */
void bridge_place_free(struct bridge *b, const struct stub_kind *kind);

#endif
