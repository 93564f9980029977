/* SPDX-License-Identifier: MIT */
/* serve/server.h - the serving process: its peers, the queue of runs, the end. */
#ifndef ISO_SERVE_SERVER_H
#define ISO_SERVE_SERVER_H
#include <uv.h>

#include "host/io/signals.h"
#include "serve/serve.h"

/* Most runs that wait, and most bytes of their requests. */
#define SERVE_MOST_QUEUED       1024
#define SERVE_MOST_QUEUED_BYTES (256u << 20)
/* Most bytes of a message from a client. */
#define SERVE_LONGEST_MESSAGE (64u << 20)
/* Most bytes of a message to a client, even if it accepts more. */
#define SERVE_LONGEST_RESULT (256u << 20)
/* When this many bytes wait for a client to read them, its runs are held. */
#define SERVE_MOST_BACKLOG (64u << 20)
/* When this many bytes wait, the client is dropped. */
#define SERVE_LAST_BACKLOG (256u << 20)
/* Console lines wait this long for others, to be sent together. */
#define SERVE_FLUSH_MS    20
#define SERVE_FLUSH_BYTES (64u << 10)

struct handle;
struct peer;
struct run_op;
struct warm;

struct server {
    const struct serve_config *cfg;
    uv_loop_t loop;
    struct peer *peers;
    unsigned peer_count, last_peer;
    struct stripper *stripper;   /* for code in TypeScript */
    struct warm *warm;           /* pools, each for one snapshot and set of limits */
    struct run_op *first, **end; /* the queue of runs */
    unsigned queued, handed;     /* number of runs in the queue; in pools */
    size_t queued_bytes;
    struct run_op *flushed; /* runs with console lines that are not sent yet */
    struct handle *base;    /* the handle for runs without one; NULL until the first */
    uv_timer_t flush, grace, drop, accept;
    struct signals signals;
    uv_poll_t listener;
    int listen_fd;     /* -1: none */
    unsigned trying;   /* requests `initialize` without answer; no run begins meanwhile */
    int sandbox_known; /* a run has shown the layers of the sandbox: */
    uint64_t layers;
    int stopping, hurried, closing, scheduling;
    struct iso_err fault; /* .code set: standard output failed */
};

/* Gives waiting runs to their pools until these are full. */
void server_schedule(struct server *s);
/* To be called when a peer is gone. The last one ends the server, unless there is a socket and the server is not
 * stopping. */
void server_peer_gone(struct server *s);
/* Drops broken peers from the loop soon, because it is not possible in callbacks of their runs. */
void server_drop_soon(struct server *s);
/* Sends waiting console lines soon. */
void server_flush_soon(struct server *s);

/* ---- serve/listen.c */

/* Makes the socket, which only this user can connect to. USAGE: the path is too long, something else has it, or another
 * server listens there. */
int listen_open(struct server *s, struct iso_err *err);
/* Closes the socket and removes its file. */
void listen_close(struct server *s);

#endif
