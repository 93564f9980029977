/* SPDX-License-Identifier: MIT */
/* serve/handle.h - prepare and release: a handle is a snapshot with declarations for its runs.
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
    unsigned users; /* runs, and the peer until it releases the handle */
    struct warm *warm;
    struct buf text;              /* the params of `prepare`: definitions point into it */
    struct json globals, imports; /* in `text` */
    struct declarations declared;
    struct limits limits;
    struct repro ways;
    char *zone;
};

/* Returns the handle of runs that name none: the snapshot and the declarations of the command line. NULL and *err on
 * failure. Adds a user. */
struct handle *handle_base(struct server *s, struct iso_err *err);
/* The handle with this name; .at NULL: the one of handle_base(). Adds a user. NULL: there is no such handle. */
struct handle *handle_named(struct peer *p, struct json name, struct fault *fault);
void handle_release(struct handle *h);
/* Releases all handles of a peer that is gone. */
void handles_release_all(struct peer *p);
/* A request for a run with this handle; the caller adds the source. */
struct run_request handle_request(const struct handle *h);
/* Adds to definitions what the command line gives to all: see struct serve_config. */
int handle_complete(void *handle, struct globals *g, struct iso_err *err);
/* Makes a copy of the declarations. */
int handle_declare(void *handle, struct declarations *d, struct iso_err *err);

void method_prepare(struct peer *p, const struct message *m);
void method_release(struct peer *p, const struct message *m);

#endif
