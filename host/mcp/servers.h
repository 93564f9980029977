/* SPDX-License-Identifier: MIT */
/* host/mcp/servers.h - reads the file that lists MCP servers: their names, how to start or reach each, and which of its
 * tools are used.
 *
 * mcp_servers_read(), and mcp_servers_free() at the end. All data is copied from the file, with variables of iso4's
 * environment filled in: it may hold secrets, which never appear in messages. */
#ifndef ISO_HOST_MCP_SERVERS_H
#define ISO_HOST_MCP_SERVERS_H
#include "core/error.h"
#include "core/json_walk.h"
#include "host/calls/process_plan.h"

#define MCP_MOST_SERVERS    1000
#define MCP_MOST_FILE_BYTES (4u << 20)
#define MCP_VERSION_LEGACY  "2025-11-25" /* requested first */
#define MCP_VERSION_MODERN  "2026-07-28"
#define MCP_VERSION_LONGEST 32
#define MCP_NAME_LONGEST    128

struct mcp_server {
    char *name;                /* owned; as in the file, UTF-8 without NUL */
    struct process_plan plan;  /* of its program; .file NULL: it is reached by HTTP */
    char *url;                 /* owned; NULL: it is a program */
    struct buf headers;        /* of each request: a JSON object of texts; holds secrets */
    char **include, **exclude; /* owned patterns of names of tools, up to NULL; NULL: not given */
    uint64_t timeout_ms;       /* for each call; 0: none */
    const char *version;       /* the only protocol version to use; NULL: negotiated */
    int raw;                   /* agents get whole CallToolResults */
    int shared;                /* one process for all runs of a batch */
    int asks;                  /* calls of its tools need approval */
    char fault[300];           /* why it cannot be used, as the end of a sentence; "": it can */
};

struct mcp_servers {
    struct mcp_server *list; /* owned */
    size_t count;
    const char *file; /* borrowed; for messages */
};

/* Reads the file. USAGE: it cannot be read, or is invalid (file, line, column). A variable that is not set only makes
 * its server unusable, which may not be needed. */
int mcp_servers_read(struct mcp_servers *s, const char *path, struct iso_err *err);
void mcp_servers_free(struct mcp_servers *s);

/* The server of this name (a JSON string); NULL: there is none. `s` may be NULL. */
const struct mcp_server *mcp_servers_find(const struct mcp_servers *s, struct json name);

/* 1 when the tool with this name is used. */
int mcp_server_has(const struct mcp_server *server, const char *tool);

/* The version of the protocol, if iso4 supports it; else NULL. The second: 1 for a version without handshake. */
const char *mcp_version_known(struct json version);
int mcp_version_is_modern(const char *version);

#endif
