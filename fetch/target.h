/* SPDX-License-Identifier: MIT */
/* fetch/target.h - where one request goes: a URL, parsed once. The checks read the parts of that parse and
 * the connection is made from it, so that no two parsers can disagree. */
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
    struct fetch_question asking; /* its texts are those above; the method is the request's */
};

/* A whole URL as text, not NUL-terminated. -1 and *why; *t is to be freed either way. */
int target_read(struct target *t, const char *text, size_t len, struct refusal *why);
/* The same for what a redirect from `base` names. */
int target_follow(struct target *t, const struct target *base, const char *location, struct refusal *why);
void target_free(struct target *t);

int target_same_origin(const struct target *a, const struct target *b);

/* The whole URL without its fragment; and with "?..." for its query, for logs: queries hold secrets. */
void target_print(const struct target *t, struct buf *out);
void target_print_short(const struct target *t, struct buf *out);

#endif
