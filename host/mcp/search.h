/* SPDX-License-Identifier: MIT */
/* host/mcp/search.h - a search among the functions that are declared for agents.
 *
 * Each word of a query that is a word of a function's path counts 20, part of the path 8, in the description 4, in the
 * name of a parameter 2. Functions of the same score come by their paths. */
#ifndef ISO_HOST_MCP_SEARCH_H
#define ISO_HOST_MCP_SEARCH_H
#include "host/declared/globals.h"

#define SEARCH_MOST_WORDS 32
/* The function that searches, which finds all but itself. */
#define SEARCH_PATH "\"tools.$search\""

struct search_hit {
    const struct stub *stub;
    unsigned score;
};

/* 1 when a stub is a function that is listed for agents. */
int search_has(const struct stub *s);

/* The name of the global that a function is in, a JSON string; its own when it is a global itself. */
struct json search_group(const struct globals *g, const struct stub *s);

/* Fills hits[] with the best, at most `most`; how many there are in all. `query` is plain text; without any word all
 * functions match. `group` NULL: of any. -1 without memory. */
long search_functions(const struct globals *g, const char *query, size_t len, const char *group,
                      struct search_hit *hits, size_t most);

#endif
