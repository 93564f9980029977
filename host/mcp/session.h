/* SPDX-License-Identifier: MIT */
/* host/mcp/session.h - a conversation with one MCP server, in either era of the protocol.
 *
 * mcp_session_open() starts it; mcp_session_send() asks, at once or when the server is ready. Each request is answered
 * once: with a result, with the server's error, or with why there is none. mcp_session_close() ends the server; then,
 * or when it ends by itself, events.ended is called, and the session frees itself.
 *
 * The server is not believed: messages are bounded and checked, what it asks for is answered or refused, and an answer
 * to what was never asked ends it. */
#ifndef ISO_HOST_MCP_SESSION_H
#define ISO_HOST_MCP_SESSION_H
#include <uv.h>

#include "host/mcp/servers.h"

/* A server that does not read what is sent to it is given up at so many bytes. */
#define MCP_MOST_BACKLOG (256u << 20)

struct mcp_session;

struct mcp_answer {
    struct json result, error; /* at most one of them */
    const char *failed;        /* neither: why, as the end of a sentence that begins with a function's name */
    const char *words;         /* and, once a session, the end of what it wrote to standard error; "" */
};

struct mcp_request {
    const char *method;
    struct buf params; /* its members with commas between, without braces; freed by the owner */
    void (*answered)(struct mcp_request *r, const struct mcp_answer *answer);
    /* The session's own: */
    struct mcp_session *session; /* NULL: it is not under way */
    uint64_t id;                 /* 0: it has not been sent */
    struct mcp_request *next, **at;
};

struct mcp_events {
    void (*ended)(void *ctx); /* all requests have been answered; the last that is heard */
    void *ctx;
};

/* `helper` is the program that speaks HTTP. -1, and the end of a sentence, when it cannot be started. */
int mcp_session_open(uv_loop_t *loop, const struct mcp_server *server, const char *helper,
                     const struct mcp_events *events, struct mcp_session **out, struct iso_err *err);

/* A message of the server may have so many bytes at least; it starts with what a handshake takes. */
void mcp_session_allow(struct mcp_session *s, uint64_t bytes);

/* answered() follows, also from within when the session cannot go on. */
void mcp_session_send(struct mcp_session *s, struct mcp_request *r);
/* The answer is wanted no more: the server is told, and answered() is not called. */
void mcp_session_cancel(struct mcp_request *r);
/* Bytes that the server has not read yet. */
size_t mcp_session_backlog(const struct mcp_session *s);

/* It has ended, or is about to: what is sent is answered with why. */
int mcp_session_is_over(const struct mcp_session *s);
void mcp_session_close(struct mcp_session *s);

#endif
