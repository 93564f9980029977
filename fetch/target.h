/* SPDX-License-Identifier: MIT */
/* fetch/target.h - the URL of a request, parsed once. Checks and connection use the same parsed parts, so that no two
 * parsers can disagree. */
#ifndef ISO_FETCH_TARGET_H
#define ISO_FETCH_TARGET_H
#include <curl/curl.h>

#include "core/buf.h"
#include "fetch/refusal.h"
#include "rules/rules.h"

#define URL_MOST 16384

struct target {
    CURLU *url;               /* owned */
    char *host, *path, *port; /* owned by libcurl */
    int https, has_query;
    struct fetch_question asking; /* borrows the texts above; the method is the request's */
};

/* Parses a whole URL, not NUL-terminated. -1 and *why; *t must be freed in either case. */
int target_read(struct target *t, const char *text, size_t len, struct refusal *why);
/* Like target_read(), for the Location of a redirect from `base`. */
int target_follow(struct target *t, const struct target *base, const char *location, struct refusal *why);
void target_free(struct target *t);

int target_same_origin(const struct target *a, const struct target *b);

/* Appends the whole URL without its fragment; the second one, for logs, writes "?..." for the query, which may hold
 * secrets. */
void target_print(const struct target *t, struct buf *out);
void target_print_short(const struct target *t, struct buf *out);

#endif
