/* SPDX-License-Identifier: MIT */
/* mcp/mcp.h - iso4 mcp: a server of the Model Context Protocol with the tools run_code, search_tools and
 * describe_tools; see iso4-mcp(7).
 *
 * toolbox_open() with what is declared for the code, then serve() (serve/serve.h) with mcp_protocol and the toolbox as
 * ctx, then toolbox_close(). Lines, peers and pools are those of iso4 serve. */
#ifndef ISO_MCP_MCP_H
#define ISO_MCP_MCP_H
#include "host/declared/declarations.h"
#include "serve/handle.h"
#include "serve/reply.h"

/* Most bytes of one reply to a model. */
#define MCP_MOST_TOLD (24u << 10)
/* Declarations of at most this many bytes, about 2,000 tokens, are part of the description of run_code. */
#define MCP_MOST_INLINE 8000

enum toolbox_listing { TOOLBOX_AUTO, TOOLBOX_INLINE, TOOLBOX_SEARCH };

struct toolbox {
    const struct declarations *declared; /* borrowed */
    struct buf description;              /* of run_code, a JSON string */
    int searched;                        /* search_tools and describe_tools are offered */
    const char *version;                 /* the version of `initialize`; NULL: not called yet */
    struct code_run *runs;               /* all runs */
    struct stripper *stripper;           /* of TypeScript; NULL: none is needed yet */
};

/* USAGE: the declarations are too long for inline. */
int toolbox_open(struct toolbox *t, const struct declarations *declared, enum toolbox_listing listing,
                 struct iso_err *err);
void toolbox_close(struct toolbox *t);

extern const struct serve_protocol mcp_protocol;

/* ---- for the files of this folder */

/* The facts about a request that its answer needs. */
struct asked {
    struct peer *peer;
    struct toolbox *toolbox;
    struct json id;
    int modern; /* the request says that it is modern; 0: `initialize` came before */
};

/* Writes `{"jsonrpc":"2.0","id":ID,"result":{`; the caller adds members. */
void answer_begin(struct buf *out, const struct asked *a);
/* Adds the members that the request's protocol needs, and sends the answer. `lasts`: clients may cache it. */
void answer_send(struct buf *out, const struct asked *a, int lasts);
/* Sends the answer of a tool as one text. */
void answer_text(const struct asked *a, const struct buf *text, int is_error);
void answer_fault(const struct asked *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Cuts a text that is longer than `most` at a line or a character, and adds the number of missing bytes. */
void clamp_text(struct buf *text, size_t most);

/* mcp/describe.c: the tools. */
void put_tools(const struct toolbox *t, struct buf *out);
void tool_search(const struct asked *a, struct json arguments);
void tool_describe(const struct asked *a, struct json arguments);

/* mcp/run_code.c */
void tool_run_code(const struct asked *a, struct json arguments, struct json meta);
void runs_cancel_all(struct peer *p);

#endif
