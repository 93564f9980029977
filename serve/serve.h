/* SPDX-License-Identifier: MIT */
/* serve/serve.h - iso4 serve: runs agents for clients that use JSON-RPC 2.0, one message a line; see iso4-serve(7).
 *
 * Each connection is a peer (serve/peer.h): standard input and output, or a connection of a Unix socket. Messages of a
 * peer go to the methods of serve/methods.c; runs go to pools of forks that peers share (serve/warm.h). */
#ifndef ISO_SERVE_SERVE_H
#define ISO_SERVE_SERVE_H
#include "core/limits.h"
#include "host/run/paths.h"

struct declarations;
struct globals;
struct message;
struct peer;

/* The protocol of clients. */
struct serve_protocol {
    void (*take)(struct peer *p, const struct message *m);     /* a request or notification */
    void (*answered)(struct peer *p, const struct message *m); /* a response */
    void (*ended)(struct peer *p);                             /* the input has ended; or NULL */
    void (*cancel_all)(struct peer *p);                        /* cancels all requests */
};
extern const struct serve_protocol serve_protocol; /* that of iso4-serve(7) */

struct serve_config {
    const struct serve_protocol *protocol;
    void *ctx; /* of the protocol */
    /* for runs without a handle: */
    const char *snapshot;                /* NULL: the built-in one */
    const struct declarations *declared; /* all declarations; NULL: none */
    /* Adds to the definitions of a client what all have, or, with a snapshot, names the servers that answer its tools of
     * MCP servers. NULL: nothing is added. USAGE. */
    int (*complete)(void *ctx, struct globals *g, int of_snapshot, struct iso_err *err);
    void *complete_ctx;
    const struct paths *paths;
    const char *listen;         /* path of a Unix socket; NULL: standard input and output */
    unsigned jobs;              /* runs at a time */
    uint64_t grace_ms;          /* the time that running agents get after a signal to end */
    struct limits limits, most; /* of runs that give none; upper bounds, 0: none */
    int no_files;               /* clients name no files */
    uint64_t flags;             /* of every run: enum job_flag */
    int jitless, strict, strict_await, call_details;
    int answered;                                             /* enum globals_answered */
    void (*note)(void *ctx, const char *literal, size_t len); /* as run_request has it; or NULL */
    void (*say)(const char *text);                            /* prints a line for the operator */
};

/* Serves until the input ends or a signal comes: 0. -1: the socket cannot be made, or standard output cannot be
 * written. */
int serve(const struct serve_config *cfg, struct iso_err *err);

#endif
