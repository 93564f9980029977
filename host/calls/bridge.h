/* SPDX-License-Identifier: MIT */
/* host/calls/bridge.h - the calls that one run makes of host functions: checked, answered, recorded.
 *
 * bridge_open() before the worker starts; bridge_call() and bridge_blocked() for its frames; after each events->ready,
 * bridge_take() gives the answers to send. bridge_halt() when the run cannot go on, also from within a callback: no
 * more programs are started. bridge_stop() when the run has its result or has reached a limit: no more answers are
 * given, and every program is killed. Then bridge_close(); events->closed follows when the programs are gone, and from
 * then on only bridge_print() and bridge_free() may be called. */
#ifndef ISO_HOST_CALLS_BRIDGE_H
#define ISO_HOST_CALLS_BRIDGE_H
#include <uv.h>

#include "core/limits.h"
#include "host/declared/globals.h"

/* Most bytes of arguments and results that are held in memory together. */
#define BRIDGE_MOST_HELD (256u << 20)
/* Calls that the result lists; further ones are counted. */
#define BRIDGE_MOST_LISTED 100000

struct approver;
struct bridge;
struct caller;
struct recording;
struct services;

/* A call has begun, or has got its answer. */
struct bridge_call_event {
    uint64_t number;  /* among the calls of the run, from 1 */
    const char *name; /* of the function, a JSON string */
    int over, ok;
    uint64_t duration_ns;
};

struct bridge_events {
    void (*ready)(void *ctx);                             /* bridge_take() has answers */
    void (*failed)(void *ctx, const struct iso_err *err); /* a limit is exceeded: the run has to end */
    void (*closed)(void *ctx);
    void (*worked)(void *ctx); /* bridge_work_ns() has grown, or grows from now on */
    void (*call)(void *ctx, const struct bridge_call_event *event); /* or NULL */
    void (*hold)(void *ctx, int hold); /* 1: approval is waited for, which no clock counts; 0: no more */
    void (*note)(void *ctx, const char *literal,
                 size_t len); /* log line of a fetch, a JSON string; or NULL */
    void *ctx;
};

/* All borrowed until bridge_free(). */
struct bridge_config {
    const struct globals *globals;
    const struct limits *limits;
    const char *fetch_program;
    struct services *shared;           /* programs that other runs use, too; NULL: none */
    const struct caller *caller;       /* answers calls of kind `caller`; NULL: none are declared */
    const struct recording *recording; /* NULL: the run is neither recorded nor replayed */
    const struct approver *approver;   /* NULL: calls that ask for approval are denied */
    struct json label;                 /* of the run, for shared services; .at NULL: none */
    int details;                       /* bridge_print() adds arguments and answers */
};

/* NULL without memory. */
struct bridge *bridge_open(uv_loop_t *loop, const struct bridge_config *cfg,
                           const struct bridge_events *events);

/* Agent code began at this moment, of CLOCK_MONOTONIC. */
void bridge_begin(struct bridge *b, uint64_t ns);

/* Takes a frame of the worker, which is not trusted. -1: the run has to end with the code in *err. */
int bridge_call(struct bridge *b, const char *frame, size_t len, struct iso_err *err);
int bridge_blocked(struct bridge *b, const char *frame, size_t len, struct iso_err *err);
int bridge_cancel(struct bridge *b, const char *frame, size_t len, struct iso_err *err);
int bridge_wait(struct bridge *b, const char *frame, size_t len, struct iso_err *err);

/* Appends whole ANSWER frames until there are `most` bytes in *out or none is left. */
void bridge_take(struct bridge *b, struct buf *out, size_t most);

/* CPU time that iso4 has spent to check calls of the agent; it counts towards the agent's limit. It grows while
 * threads check calls. */
uint64_t bridge_work_ns(const struct bridge *b);
int bridge_is_working(const struct bridge *b);

void bridge_halt(struct bridge *b);
void bridge_stop(struct bridge *b);
void bridge_close(struct bridge *b);

/* Appends the items of the list of calls. Times count from start_ns, and no call lasts beyond end_ns (both of
 * CLOCK_MONOTONIC). Returns the number of calls that are not listed. */
uint64_t bridge_print(const struct bridge *b, uint64_t start_ns, uint64_t end_ns, struct buf *out);

/* The number of listed calls without an answer, and the name of the first one's function as plain text; "" when there
 * is none, or when the name does not fit. */
size_t bridge_under_way(const struct bridge *b, char *first, size_t size);

/* 1 when a call has gone to a program, a service or fetch, so that it may have had effects outside of the run. */
int bridge_reached_out(const struct bridge *b);

/* Calls that wait for approval, as JSON items, when the run was failed with APPROVAL_PENDING; else empty. */
const struct buf *bridge_pending(const struct bridge *b);

/* 1 when a call has failed because the program that answers it has failed. */
int bridge_program_failed(const struct bridge *b);

void bridge_free(struct bridge *b);

#endif
