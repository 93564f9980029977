/* SPDX-License-Identifier: MIT */
/* fetch/response.h - collects the answer of a server as it arrives, within limits, and writes it as JSON. */
#ifndef ISO_FETCH_RESPONSE_H
#define ISO_FETCH_RESPONSE_H
#include "core/buf.h"
#include "fetch/refusal.h"

/* Header lines of one hop, interim answers and trailers included. */
#define RESPONSE_MOST_HEADER_BYTES (256u << 10)
#define RESPONSE_MOST_LINES        1024

struct response {
    uint64_t most_body;
    int status, complete;            /* complete: the head has ended */
    int events;                      /* the body is an event stream */
    struct buf status_text, headers; /* JSON: a literal, and pairs with commas between */
    struct buf location;
    size_t head_bytes, lines, locations;
    struct buf body;
};

/* Takes a line of the head, with its line break. */
int response_line(struct response *r, const char *line, size_t len, struct refusal *why);
/* Takes a piece of the decoded body. */
int response_body(struct response *r, const char *piece, size_t len, struct refusal *why);

/* The number of bytes of the body up to the end of its last whole event; those before `from` hold no end of one. 0: there
 * is no whole event. */
size_t response_events_end(const struct response *r, size_t from);

/* 1 for a redirect with a Location header. */
int response_redirects(const struct response *r);

/* Empties it for the next hop of a redirect. */
void response_reset(struct response *r);
void response_free(struct response *r);

/* Appends the JSON members status, statusText, headers, and text or body when there is a body. */
void response_print(const struct response *r, int has_body, struct buf *out);

#endif
