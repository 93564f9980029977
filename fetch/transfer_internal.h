/* SPDX-License-Identifier: MIT */
/* fetch/transfer_internal.h - what the files that make up fetch/transfer.h share. */
#ifndef ISO_FETCH_TRANSFER_INTERNAL_H
#define ISO_FETCH_TRANSFER_INTERNAL_H
#include <curl/curl.h>

#include "fetch/request.h"
#include "fetch/response.h"
#include "fetch/target.h"
#include "fetch/transfer.h"

struct transfer {
    struct transfer *next;
    struct transfers *all;
    uint64_t id, start_ns;
    struct request request;
    struct target target; /* of the hop under way */
    const struct fetch_rule *rule;
    struct response response;
    unsigned hops;
    int parts;       /* events are sent as they arrive */
    int left_origin; /* a redirect left the origin: no credentials are sent any more */
    CURL *easy;
    struct curl_slist *headers;
    struct refusal why;
};

struct transfers {
    const struct fetch_rules *rules;
    void (*answer)(const struct buf *message);
    CURLM *multi;
    struct transfer *waiting, **end; /* oldest first, and where the next one goes */
    struct transfer *running;
    unsigned count; /* of those */
    size_t held;
};

/* 1 when the answer is a redirect, which is then followed or refused. */
int transfer_goes_on(const struct transfer *t);

/* ---- hop.c */
/* Sends what the rule of the transfer has let through, and gives it `left_ms` milliseconds. -1: t->why. */
int hop_start(struct transfer *t, uint64_t left_ms);
void hop_drop(struct transfer *t);

/* ---- answer.c */
/* The message to iso4: the result of the request, and a line for the log. */
void answer_print(const struct transfer *t, struct buf *out);
/* The message with the first `len` bytes of the body. */
void answer_print_part(const struct transfer *t, size_t len, struct buf *out);

/* ---- transfer.c */
/* Sends the whole events of the body, of which the last `len` bytes are new. */
void transfer_send_events(struct transfer *t, size_t len);

#endif
