/* SPDX-License-Identifier: MIT */
/* serve/peer.h - one client: its input and output, its requests, and the requests to it.
 *
 * peer_open() reads until the input ends; then there are no more requests, the runs end, and the peer closes itself.
 * reply.h makes answers. */
#ifndef ISO_SERVE_PEER_H
#define ISO_SERVE_PEER_H
#include "host/io/fd_queue.h"
#include "host/io/hangup.h"
#include "host/io/lines.h"
#include "serve/request.h"
#include "serve/server.h"

#define PEER_BUCKETS 1024

/* The longest message for a client that does not name a limit. */
#define PEER_LONGEST_MESSAGE (8u << 20)
/* The least limit that a client may name: iso4's own messages have to fit. */
#define PEER_LEAST_MESSAGE (64u << 10)

struct ask;
struct handle;

enum peer_state {
    PEER_OPEN,
    PEER_ENDED, /* its input has ended: no more requests and answers come */
    PEER_GONE   /* it has stopped reading: nothing is sent */
};

struct peer {
    struct server *server;
    struct peer *next;
    unsigned number;
    int in, out, owned; /* descriptors; owned: one for both, to be closed */
    struct lines lines;
    struct fd_queue queue;
    struct hangup reader;
    enum peer_state state;
    int reading;        /* lines are being handled */
    int blocked;        /* its runs are held */
    int closing;        /* number of libuv handles that are closing */
    const char *broken; /* why sending has failed; the peer is dropped soon */
    int initialized;
    int answers_approvals;                  /* the client has the capability `approvals` */
    size_t longest;                         /* bytes of the longest message that the client accepts */
    struct request *requests[PEER_BUCKETS]; /* by hash of their ids */
    unsigned open_requests;
    struct ask *asks[PEER_BUCKETS]; /* calls that the client has to answer, by their number */
    uint64_t last_ask, last_handle;
    struct handle *handles;
    struct run_op *runs; /* all its runs */
};

/* NULL without memory, or when the input cannot be read. Takes the descriptors over when `owned`. */
struct peer *peer_open(struct server *s, int in, int out, int owned, struct iso_err *err);
/* Acts as if the input had ended. */
void peer_end(struct peer *p);
/* Cancels all requests. */
void peer_cancel_all(struct peer *p);
/* Stops reading and sending, and cancels all requests; the peer closes when the last run has ended. */
void peer_drop(struct peer *p, const char *why);
/* Closes the peer if no run and no request is left; to be called when one has ended. */
void peer_settle(struct peer *p);
/* Drops a peer for which sending has failed; the server calls it from the loop. */
void peer_drop_broken(struct peer *p);
/* Sends a message, and changes its buffer. 0: it is longer than the client accepts, and was not sent. Never ends a run
 * or frees the peer: a client that is gone is dropped from the loop later. */
int peer_send(struct peer *p, struct buf *message);

#endif
