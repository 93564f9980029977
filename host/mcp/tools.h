/* SPDX-License-Identifier: MIT */
/* host/mcp/tools.h - asks MCP servers for their tools once, and makes definitions of globals from them. */
#ifndef ISO_HOST_MCP_TOOLS_H
#define ISO_HOST_MCP_TOOLS_H
#include "host/mcp/servers.h"

#define MCP_MOST_PAGES      100
#define MCP_MOST_TOOLS      10000
#define MCP_MOST_LIST_BYTES (32u << 20)
/* Time for a server without timeoutMs to start and to list all its tools. */
#define MCP_LIST_MS 60000

/* Starts the servers for which wanted() returns 1 (NULL: all), asks each for its tools, and ends them. Appends one JSON
 * object of definitions (iso4-globals(5)): for each server an object with its tools. `notes` gets lines for the
 * operator, with line breaks. -1: a server cannot be used (USAGE; the message names it and the reason), or there is no
 * memory; or a signal came, then *signal is set. */
struct mcp_asking {
    const struct mcp_servers *servers;
    const char *helper; /* the HTTP helper */
    int (*wanted)(void *ctx, const char *global);
    void *ctx;
    struct buf *definitions, *notes;
    int signal;
};
int mcp_ask(struct mcp_asking *a, struct iso_err *err);

/* The name of a server's global. */
void mcp_global_name(const struct mcp_server *server, struct buf *out);

/* ---- host/mcp/define.c */

/* Appends the members of a server's object, from a checked JSON array of Tools. USAGE: it is not a list of tools; the
 * message is the end of a sentence that begins with the server's name. */
int mcp_define(const struct mcp_server *server, struct json tools, struct buf *out, struct buf *notes,
               struct iso_err *err);

#endif
