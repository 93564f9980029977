/* SPDX-License-Identifier: MIT */
/* host/mcp/session.h - a session with one MCP server, in the modern or the legacy protocol.
 *
 * mcp_session_open() starts the server; mcp_session_send() sends a request, at once or when the server is ready. Each
 * request is answered once: with a result, with the server's error, or with a reason why there is none.
 * mcp_session_close() ends the server; then, or when it ends by itself, events.ended is called, and the session frees
 * itself.
 *
 * The server is not trusted: messages are limited and checked, its requests are answered or refused, and an answer
 * without a request ends the session. */
#ifndef ISO_HOST_MCP_SESSION_H
#define ISO_HOST_MCP_SESSION_H
#include <uv.h>

#include "host/mcp/servers.h"

/* A server is given up when it has not read this many bytes. */
#define MCP_MOST_BACKLOG (256u << 20)

struct mcp_session;

struct mcp_answer {
    struct json result, error; /* at most one of them */
    const char
        *failed;       /* if there is neither: the reason, as the end of a sentence after a function's name */
    const char *words; /* with `failed`, once a session: the end of its standard error; else "" */
    int shortage; /* with `failed`: the machine had no descriptors, processes or memory to start the server */
};

struct mcp_request {
    const char *method;
    struct buf params; /* its members with commas between, without braces; freed by the owner */
    void (*answered)(struct mcp_request *r, const struct mcp_answer *answer);
    /* for the session: */
    struct mcp_session *session; /* NULL: the request is not pending */
    uint64_t id;                 /* 0: the request was not sent yet */
    struct mcp_request *next, **at;
};

struct mcp_events {
    void (*ended)(void *ctx); /* the last event: all requests have been answered */
    void *ctx;
};

/* `helper` is the HTTP helper. -1, and the end of a sentence, when the server cannot be started. */
int mcp_session_open(uv_loop_t *loop, const struct mcp_server *server, const char *helper,
                     const struct mcp_events *events, struct mcp_session **out, struct iso_err *err);

/* Allows messages of the server of at least this many bytes. At the start they are limited to the size of a
 * handshake. */
void mcp_session_allow(struct mcp_session *s, uint64_t bytes);

/* Sends a request. answered() is called later, or before this returns when the session cannot go on. */
void mcp_session_send(struct mcp_session *s, struct mcp_request *r);
/* Cancels a request: the server gets a notification, and answered() is not called. */
void mcp_session_cancel(struct mcp_request *r);
/* Bytes that the server has not read yet. */
size_t mcp_session_backlog(const struct mcp_session *s);

/* 1 when the session has ended, or is about to: further requests are answered with the reason. */
int mcp_session_is_over(const struct mcp_session *s);
void mcp_session_close(struct mcp_session *s);

#endif
