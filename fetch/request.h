/* SPDX-License-Identifier: MIT */
/* fetch/request.h - reads a request of an agent: {url, method, headers, redirect, body}. It is not trusted: a worker
 * that was taken over can send anything. */
#ifndef ISO_FETCH_REQUEST_H
#define ISO_FETCH_REQUEST_H
#include "core/json_walk.h"
#include "fetch/refusal.h"

#define REQUEST_MOST_HEADERS      256
#define REQUEST_MOST_HEADER_BYTES (64u << 10)
#define REQUEST_MOST_METHOD       32

enum request_redirect { REDIRECT_FOLLOW, REDIRECT_ERROR, REDIRECT_MANUAL };

struct request_header {
    char *name, *value; /* owned */
};

struct request {
    char method[REQUEST_MOST_METHOD + 1];
    enum request_redirect redirect;
    struct buf url;                 /* not checked yet */
    struct request_header *headers; /* owned */
    size_t header_count;
    struct buf body;
    int has_body;
};

/* params: checked JSON. Checks types, then headers. -1 and *why; *r must be freed in either case. */
int request_read(struct request *r, struct json params, uint64_t most_body, struct refusal *why);
void request_free(struct request *r);

/* Turns the request into a GET without a body, as some redirects demand. */
void request_to_get(struct request *r);

#endif
