/* SPDX-License-Identifier: MIT */
/* fetch/refusal.h - the reason why a request fails: a word for programs, and a message. */
#ifndef ISO_FETCH_REFUSAL_H
#define ISO_FETCH_REFUSAL_H

/* ARGUMENT..RULE, REDIRECT: the helper refused the request. The others: the network or the server failed it. */
#define FETCH_REASONS(X)             \
    X(ARGUMENT, "argument", 1)       \
    X(HEADER, "header", 1)           \
    X(URL, "url", 1)                 \
    X(SCHEME, "scheme", 1)           \
    X(CREDENTIALS, "credentials", 1) \
    X(ADDRESS, "address", 1)         \
    X(RULE, "rule", 1)               \
    X(REDIRECT, "redirect", 1)       \
    X(SIZE, "size", 0)               \
    X(TIMEOUT, "timeout", 0)         \
    X(NETWORK, "network", 0)

enum fetch_reason {
    REASON_NONE,
#define X(id, ...) REASON_##id,
    FETCH_REASONS(X)
#undef X
};

struct refusal {
    enum fetch_reason reason;
    char what[600]; /* without "fetch: " */
};

/* Fills *r and returns -1. */
int refusal_set(struct refusal *r, enum fetch_reason reason, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
const char *refusal_name(enum fetch_reason reason);
/* 1 when a rule or check refused the request, so that nothing was sent. */
int refusal_blocked(enum fetch_reason reason);

#endif
