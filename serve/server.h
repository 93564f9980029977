/* SPDX-License-Identifier: MIT */
/* serve/server.h - one serving process: its peers, the line of runs, the end. */
#ifndef ISO_SERVE_SERVER_H
#define ISO_SERVE_SERVER_H
#include <uv.h>

#include "serve/serve.h"

/* Runs that wait, and bytes of the messages that asked for them. */
#define SERVE_MOST_QUEUED       1024
#define SERVE_MOST_QUEUED_BYTES (256u << 20)
/* Bytes of a message of a client. */
#define SERVE_LONGEST_MESSAGE (64u << 20)
/* And of one to it, however long it takes them. */
#define SERVE_LONGEST_RESULT (256u << 20)
/* A client that does not read: its runs stand still from here on, */
#define SERVE_MOST_BACKLOG (64u << 20)
/* and here it is given up. */
#define SERVE_LAST_BACKLOG (256u << 20)
/* Console lines wait for others. */
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
    struct warm *warm;           /* pools, each for one snapshot and set of limits */
    struct run_op *first, **end; /* wait for a pool */
    unsigned queued, handed;     /* that wait; that pools have */
    size_t queued_bytes;
    struct run_op *flushed; /* runs with console lines that are not sent */
    struct handle *base;    /* of runs that name no handle; NULL: there was none yet */
    uv_timer_t flush, grace, drop, accept;
    uv_signal_t interrupt, terminate;
    uv_poll_t listener;
    int listen_fd;     /* -1: none */
    unsigned trying;   /* initialize has not been answered: no run begins before */
    int sandbox_known; /* a run has shown its layers: */
    uint64_t layers;
    int stopping, hurried, closing, scheduling;
    struct iso_err fault; /* .code set: standard output failed */
};

/* Gives waiting runs to their pools, as far as there is room. */
void server_schedule(struct server *s);
/* A peer is gone: without a socket, or when the server is to stop, the last one ends it. */
void server_peer_gone(struct server *s);
/* A peer is broken: it is dropped from the loop, not from within its runs. */
void server_drop_soon(struct server *s);
/* Console lines of a run wait: they are sent soon. */
void server_flush_soon(struct server *s);

/* ---- serve/listen.c */

/* Makes the socket, which only this user can connect to. USAGE: the path is too long, something else has it, or another
 * server listens there. */
int listen_open(struct server *s, struct iso_err *err);
/* No more connections; the file is removed. */
void listen_close(struct server *s);

#endif
