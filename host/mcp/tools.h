/* SPDX-License-Identifier: MIT */
/* host/mcp/tools.h - the tools that MCP servers have, asked for once, as definitions of globals. */
#ifndef ISO_HOST_MCP_TOOLS_H
#define ISO_HOST_MCP_TOOLS_H
#include "host/mcp/servers.h"

#define MCP_MOST_PAGES      100
#define MCP_MOST_TOOLS      10000
#define MCP_MOST_LIST_BYTES (32u << 20)
/* For a server that has no timeoutMs: to start, and to list all its tools. */
#define MCP_LIST_MS 60000

/* Starts the servers that wanted() names (NULL: all), asks each for its tools, and ends them. Appends one JSON object of
 * definitions (iso4-globals(5)): for each server an object with its tools. `notes` gets lines for the operator, with line
 * breaks. -1: a server cannot be used (USAGE, says which and why), or there is no memory; or a signal came, then *signal is
 * set. */
struct mcp_asking {
    const struct mcp_servers *servers;
    const char *helper; /* the program that speaks HTTP */
    int (*wanted)(void *ctx, const char *global);
    void *ctx;
    struct buf *definitions, *notes;
    int signal;
};
int mcp_ask(struct mcp_asking *a, struct iso_err *err);

/* The name of a server's global. */
void mcp_global_name(const struct mcp_server *server, struct buf *out);

/* ---- host/mcp/define.c */

/* Appends the members of a server's object, from a JSON array of Tools that has been checked. USAGE: it is no list of
 * tools, as the end of a sentence that begins with the server's name. */
int mcp_define(const struct mcp_server *server, struct json tools, struct buf *out, struct buf *notes,
               struct iso_err *err);

#endif
