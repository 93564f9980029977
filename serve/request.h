/* SPDX-License-Identifier: MIT */
/* serve/request.h - a request of a client that is answered later. */
#ifndef ISO_SERVE_REQUEST_H
#define ISO_SERVE_REQUEST_H
#include "serve/message.h"

struct peer;

struct request {
    struct peer *peer;
    struct buf id; /* owned; as the client wrote it */
    void (*cancel)(
        struct request *request); /* cancels it; it is still answered. NULL: it cannot be cancelled */
    struct request *next;         /* with the same hash */
};

/* Adds a pending request. -1: its id is in use, or there is no memory; the client has got an error. */
int request_begin(struct request *r, struct peer *p, struct json id, void (*cancel)(struct request *request));
/* The pending request with this id; NULL: there is none. */
struct request *request_find(struct peer *p, struct json id);
/* Removes a request after its answer. */
void request_end(struct request *r);

struct json request_id(const struct request *r);

#endif
