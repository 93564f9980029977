/* SPDX-License-Identifier: MIT */
/* serve/handle.h - prepare and release: a snapshot with what is declared for its runs.
 *
 * A handle lives until it is released and its last run has ended. */
#ifndef ISO_SERVE_HANDLE_H
#define ISO_SERVE_HANDLE_H
#include "host/job/spec.h"
#include "serve/params.h"
#include "serve/peer.h"
#include "serve/warm.h"

struct handle {
    struct server *server;
    struct handle *next; /* of the same peer */
    char name[24];
    unsigned users; /* runs, and the peer until it releases it */
    struct warm *warm;
    struct buf text;              /* the params that it was made from: definitions point into it */
    struct json globals, imports; /* of these */
    struct declarations declared;
    struct limits limits;
    struct repro ways;
    char *zone;
};

/* The handle of runs that name none: the base snapshot, with nothing declared. NULL and *err. One user more. */
struct handle *handle_base(struct server *s, struct iso_err *err);
/* The handle of this name, or that (.at NULL) of runs that name none. One user more. NULL: there is no such handle. */
struct handle *handle_named(struct peer *p, struct json name, struct fault *fault);
void handle_release(struct handle *h);
/* The peer is gone. */
void handles_release_all(struct peer *p);
/* A run in it, without what is run. */
struct run_request handle_request(const struct handle *h);
/* Another copy of what is declared. */
int handle_declare(void *handle, struct declarations *d, struct iso_err *err);

void method_prepare(struct peer *p, const struct message *m);
void method_release(struct peer *p, const struct message *m);

#endif
