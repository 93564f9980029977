/* SPDX-License-Identifier: MIT */
/* host/mcp/session_internal.h - a session, for its transport by HTTP (host/mcp/http.c). */
#ifndef ISO_HOST_MCP_SESSION_INTERNAL_H
#define ISO_HOST_MCP_SESSION_INTERNAL_H
#include "host/calls/process.h"
#include "host/mcp/session.h"

#define MCP_SESSION_BUCKETS 256
/* Bytes of a line of the helper: a body of 32 MiB as a string. */
#define MCP_MOST_REPLY (128u << 20)
/* Bytes of a session's name. */
#define MCP_SESSION_LONGEST_ID 1024

enum session_state { SESSION_INITIALIZING, SESSION_DISCOVERING, SESSION_READY, SESSION_OVER };

struct mcp_session {
    const struct mcp_server *server;
    struct mcp_events events;
    struct process *process; /* its program, or the helper that speaks HTTP */
    enum session_state state;
    int modern, over;    /* over: no line is read any more */
    const char *version; /* of a legacy session, once it is agreed on; NULL: it is not */
    struct mcp_request hello;
    struct mcp_request *waiting, **waiting_end;    /* until it is ready */
    struct mcp_request *sent[MCP_SESSION_BUCKETS]; /* by their ids */
    uint64_t last_id;
    uint64_t longest;
    struct buf line;
    char fault[400];         /* why it was ended; "": it ended by itself */
    char words[300];         /* and more of it for the operator, in place of the last words */
    struct buf http_session; /* the name that the server gave it; empty: none */
    uint64_t http_posts;     /* messages that are no requests, so far */
};

/* No line is read any more; the requests under way are answered with why, soon. */
void session_give_up(struct mcp_session *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* One message of the server. */
void session_take_line(void *session, const char *line, size_t len);
/* A request under way; NULL: it is over. */
struct mcp_request *session_find(const struct mcp_session *s, uint64_t id);
void session_answer(struct mcp_request *r, const struct mcp_answer *a);

/* ---- host/mcp/http.c */

/* Starts the helper, with the server's address and headers as its rules. */
int http_start(uv_loop_t *loop, struct mcp_session *s, const char *helper,
               const struct process_events *events, struct iso_err *err);
/* Posts a message, checked JSON without a line break. `id` is that of a request, or 0. */
void http_post(struct mcp_session *s, struct json message, uint64_t id);
/* The answer to a request is not wanted any more. */
void http_cancel(struct mcp_session *s, uint64_t id);
/* A line of the helper. */
void http_take_line(void *session, const char *line, size_t len);

#endif
