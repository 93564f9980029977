/* SPDX-License-Identifier: MIT */
/* serve/peer.h - one client: its lines in and out, what it has asked for, and what it is asked.
 *
 * peer_open() reads until the input ends; then the peer asks for nothing more, its runs end, and it closes itself.
 * Answers and notifications go through reply.h. */
#ifndef ISO_SERVE_PEER_H
#define ISO_SERVE_PEER_H
#include "host/io/fd_queue.h"
#include "host/io/hangup.h"
#include "host/io/lines.h"
#include "serve/request.h"
#include "serve/server.h"

#define PEER_BUCKETS 1024

/* What a client takes when it does not say. */
#define PEER_LONGEST_MESSAGE (8u << 20)
/* And what it has to take: iso4's own messages have to fit. */
#define PEER_LEAST_MESSAGE (64u << 10)

struct ask;
struct handle;

enum peer_state {
    PEER_OPEN,
    PEER_ENDED, /* its input has ended: it asks and answers nothing more */
    PEER_GONE   /* it does not read any more: nothing is sent */
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
    int reading, blocked, closing; /* within lines; runs stand still; handles that are closing */
    const char *broken;            /* why nothing can be sent any more; it is dropped soon */
    int initialized;
    int answers_tools;
    size_t longest;                         /* bytes of a message that the client takes */
    struct request *requests[PEER_BUCKETS]; /* by hash of their ids */
    unsigned open_requests;
    struct ask *asks[PEER_BUCKETS]; /* calls that the client has to answer, by their number */
    uint64_t last_ask, last_handle;
    struct handle *handles;
    struct run_op *runs; /* all of them */
};

/* NULL without memory, or when the input cannot be read. Takes the descriptors over when `owned`. */
struct peer *peer_open(struct server *s, int in, int out, int owned, struct iso_err *err);
/* As if the input had ended. */
void peer_end(struct peer *p);
/* Cancels all that is under way. */
void peer_cancel_all(struct peer *p);
/* Nothing is read or sent any more: all is cancelled, and the peer closes when the last run has ended. */
void peer_drop(struct peer *p, const char *why);
/* Something has ended: closes the peer if that was the last. */
void peer_settle(struct peer *p);
/* From the server, soon after peer_send() has noted that a peer is broken. */
void peer_drop_broken(struct peer *p);
/* Sends a message, which is changed; 0 and nothing is sent: it is longer than the client takes. Ends no run and frees
 * nothing: a client that is gone is dropped from the loop. */
int peer_send(struct peer *p, struct buf *message);

#endif
