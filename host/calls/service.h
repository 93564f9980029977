/* SPDX-License-Identifier: MIT */
/* host/calls/service.h - programs that answer many calls: JSON-RPC 2.0, one message a line.
 *
 * They are kept in a set, which belongs to one run, or to all runs of a batch for the definitions that say so
 * ("shared"). A program is started with the first call that needs it, and anew by the next call when it has
 * ended. services_close() at the end of what the set belongs to. */
#ifndef ISO_HOST_CALLS_SERVICE_H
#define ISO_HOST_CALLS_SERVICE_H
#include "host/calls/call.h"
#include "host/calls/process.h"

struct services;

/* The ways in which kinds of services differ. */
struct service_way {
    int (*start)(const struct stub *s, const struct call *c, const struct process_events *events,
                 struct process **out, struct iso_err *err);
    const char *method; /* of every request, a JSON string; NULL: the definition's, or the function's path */
    int cancels;        /* the program reads {"method": "cancel", "params": [id]} */
    void (*heard)(struct call *c,
                  struct json message); /* gets each answer before the call is settled; or NULL */
};

/* NULL without memory. */
struct services *services_open(uv_loop_t *loop, int shared);

/* Sends the call (which has been kept, see call.h) to its program; `set` may be NULL, without memory. */
void service_call(struct services *set, struct call *c, const struct service_way *way);
/* Forgets the call; a late answer is ignored. */
void service_cancel(struct call *c);

/* Something else that lives as long as a set, such as a session with an MCP server. */
struct services_guest {
    const void *key;
    void (*close)(struct services_guest *g); /* services_leave() follows, not from within */
    struct services_guest *next;
};
void services_admit(struct services *set, struct services_guest *g);
/* The guest with this key; NULL: there is none. */
struct services_guest *services_find(const struct services *set, const void *key);
/* Takes a guest that has ended out of the set; the caller still owns the guest. The last one to leave frees a set that is
 * closing. */
void services_leave(struct services *set, struct services_guest *g);

/* Kills the programs; no call may be pending. 1: the set is freed. 0: it frees itself when the last program has ended,
 * and then calls `closed`, which may be NULL. */
int services_close(struct services *set, void (*closed)(void *ctx), void *ctx);

#endif
