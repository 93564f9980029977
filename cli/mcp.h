/* SPDX-License-Identifier: MIT */
/* cli/mcp.h - --mcp: the servers that the command line names, and their tools as globals.
 *
 * mcp_option_read() first. Without a snapshot mcp_option_ask() then starts servers to ask them for their tools, and
 * mcp_option_declare() adds these to definitions, as often as needed. mcp_option_free() when nothing uses them any
 * more. */
#ifndef ISO_CLI_MCP_H
#define ISO_CLI_MCP_H
#include "cli/options.h"
#include "core/buf.h"
#include "host/declared/declarations.h"
#include "host/mcp/servers.h"
#include "host/run/paths.h"

struct mcp_option {
    int given;
    struct mcp_servers servers;
    struct buf definitions; /* of the tools: stubs point into it */
    int signal;             /* the signal that came while servers listed their tools; 0: none */
};

/* Reads --mcp. Without the option all functions below do nothing. USAGE. */
int mcp_option_read(struct mcp_option *m, const struct options *o, struct iso_err *err);

/* Asks servers for their tools. `sources` are all sources that will run, with their `imports`: a server that none of
 * them can name is not started. NULL: they are not known, so all servers are asked. USAGE, or a signal. */
int mcp_option_ask(struct mcp_option *m, const struct options *o, const struct paths *paths,
                   const struct source *sources, size_t count, struct iso_err *err);

/* Adds the tools with their servers. USAGE: a global is declared already. */
int mcp_option_declare(const struct mcp_option *m, struct globals *g, struct iso_err *err);
/* Declares tools.$search, where there are functions and nothing is called tools. */
int mcp_declare_search(struct globals *g, struct iso_err *err);
/* With a snapshot, which has its tools already. USAGE: it has none. */
int mcp_option_bind(const struct mcp_option *m, struct globals *g, struct iso_err *err);

void mcp_option_free(struct mcp_option *m);

#endif
