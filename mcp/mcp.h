/* SPDX-License-Identifier: MIT */
/* mcp/mcp.h - iso4 mcp: a server of the Model Context Protocol with the tools run_code, search_tools and describe_tools;
 * see iso4-mcp(7).
 *
 * toolbox_open() with what is declared for the code, then serve() (serve/serve.h) with mcp_protocol and the toolbox as
 * ctx, then toolbox_close(). Lines, peers and pools are those of iso4 serve. */
#ifndef ISO_MCP_MCP_H
#define ISO_MCP_MCP_H
#include "host/declared/declarations.h"
#include "serve/handle.h"
#include "serve/reply.h"

/* Bytes of what a model is told by one reply. */
#define MCP_MOST_TOLD (24u << 10)
/* Declarations of so many bytes, estimated as 2,000 tokens, stand in the description of run_code. */
#define MCP_MOST_INLINE 8000

enum toolbox_listing { TOOLBOX_AUTO, TOOLBOX_INLINE, TOOLBOX_SEARCH };

struct toolbox {
    const struct declarations *declared; /* borrowed */
    struct buf description;              /* of run_code, a JSON string */
    int searched;                        /* search_tools and describe_tools are offered */
    const char *version;                 /* that initialize has agreed on; NULL: it has not come */
    struct code_run *runs;               /* all of them */
    struct stripper *stripper;           /* of TypeScript; NULL: none is needed yet */
};

/* USAGE: what is declared is too much for inline. */
int toolbox_open(struct toolbox *t, const struct declarations *declared, enum toolbox_listing listing,
                 struct iso_err *err);
void toolbox_close(struct toolbox *t);

extern const struct serve_protocol mcp_protocol;

/* ---- for the files of this folder */

/* A request of a client: what an answer has to know of it. */
struct asked {
    struct peer *peer;
    struct toolbox *toolbox;
    struct json id;
    int modern; /* it says so itself; or initialize came before */
};

/* `{"jsonrpc":"2.0","id":ID,"result":{`; the caller adds members. */
void answer_begin(struct buf *out, const struct asked *a);
/* What the era of the request wants behind them, and sends it. `lasts`: the answer stays the same. */
void answer_send(struct buf *out, const struct asked *a, int lasts);
/* The answer of a tool that is one text. */
void answer_text(const struct asked *a, const struct buf *text, int is_error);
void answer_fault(const struct asked *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Cuts a text that is longer than `most` at a line or a character, and says how much is missing. */
void clamp_text(struct buf *text, size_t most);

/* mcp/describe.c: the tools. */
void put_tools(const struct toolbox *t, struct buf *out);
void tool_search(const struct asked *a, struct json arguments);
void tool_describe(const struct asked *a, struct json arguments);

/* mcp/run_code.c */
void tool_run_code(const struct asked *a, struct json arguments, struct json meta);
void runs_cancel_all(struct peer *p);

#endif
