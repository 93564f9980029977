/* SPDX-License-Identifier: MIT */
/* fetch/request.h - what a sandbox asks for, as it arrives: {url, method, headers, redirect, body}. Not
 * believed: a worker that has been taken over sends what it likes. */
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
    struct buf url;                 /* not looked at yet */
    struct request_header *headers; /* owned */
    size_t header_count;
    struct buf body;
    int has_body;
};

/* params: checked JSON. Types first, then headers. -1 and *why; *r is to be freed either way. */
int request_read(struct request *r, struct json params, uint64_t most_body, struct refusal *why);
void request_free(struct request *r);

/* A redirect makes it a plain GET. */
void request_to_get(struct request *r);

#endif
