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
        struct request *request); /* the client wants no answer, but gets one; NULL: it cannot be hurried */
    struct request *next;         /* with the same hash */
};

/* Notes that a request is under way. -1: one with this id is, or there is no memory; the client has been told. */
int request_begin(struct request *r, struct peer *p, struct json id, void (*cancel)(struct request *request));
/* The request with this id; NULL: none is under way. */
struct request *request_find(struct peer *p, struct json id);
/* After its answer. */
void request_end(struct request *r);

struct json request_id(const struct request *r);

#endif
