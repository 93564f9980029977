/* SPDX-License-Identifier: MIT */
/* host/mcp/servers.h - the file that names MCP servers: which there are, how each is started or reached, which of its
 * tools count.
 *
 * mcp_servers_read(), and mcp_servers_free() at the end. Everything is copied out of the file, with the variables of
 * iso4's environment filled in: it may hold secrets, which no message repeats. */
#ifndef ISO_HOST_MCP_SERVERS_H
#define ISO_HOST_MCP_SERVERS_H
#include "core/error.h"
#include "core/json_walk.h"
#include "host/calls/process_plan.h"

#define MCP_MOST_SERVERS    1000
#define MCP_MOST_FILE_BYTES (4u << 20)
#define MCP_VERSION_LEGACY  "2025-11-25" /* what is asked for first */
#define MCP_VERSION_MODERN  "2026-07-28"
#define MCP_VERSION_LONGEST 32
#define MCP_NAME_LONGEST    128

struct mcp_server {
    char *name;                /* owned; as the file says it, UTF-8 without NUL */
    struct process_plan plan;  /* of its program; .file NULL: it is reached by HTTP */
    char *url;                 /* owned; NULL: it is a program */
    struct buf headers;        /* of each request: a JSON object of texts; holds secrets */
    char **include, **exclude; /* owned patterns of names of tools, up to NULL; NULL: not given */
    uint64_t timeout_ms;       /* for each call; 0: none */
    const char *version;       /* the protocol's, the only one to be spoken; NULL: found out */
    int raw;                   /* agents get whole CallToolResults */
    int shared;                /* one for all runs of a batch */
    char fault[300];           /* why it cannot be used, as the end of a sentence; "": it can */
};

struct mcp_servers {
    struct mcp_server *list; /* owned */
    size_t count;
    const char *file; /* borrowed; for messages */
};

/* USAGE: the file cannot be read, or is wrong (file, line, column). A variable that is not set is a fault of its server
 * alone, which may not be wanted at all. */
int mcp_servers_read(struct mcp_servers *s, const char *path, struct iso_err *err);
void mcp_servers_free(struct mcp_servers *s);

/* The server of this name (a JSON string); NULL: there is none. `s` may be NULL. */
const struct mcp_server *mcp_servers_find(const struct mcp_servers *s, struct json name);

/* Whether a tool of this name counts. */
int mcp_server_has(const struct mcp_server *server, const char *tool);

/* Whether it is a version of the protocol that iso4 speaks, and of the era without a handshake. */
const char *mcp_version_known(struct json version);
int mcp_version_is_modern(const char *version);

#endif
