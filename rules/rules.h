/* SPDX-License-Identifier: MIT */
/* rules/rules.h - the rules of a fetch definition: read from JSON, then checked for every request.
 *
 * iso4 reads a definition as it is written, to report its mistakes. The fetch helper reads it with the same code, with
 * secrets and certificates filled in. */
#ifndef ISO_RULES_RULES_H
#define ISO_RULES_RULES_H
#include "core/json_walk.h"
#include "rules/address.h"

/* key in JSON, default, most; see struct fetch_rules */
#define FETCH_NUMBERS(X)                              \
    X(MAX_REDIRECTS, "maxRedirects", 0, 20)           \
    X(TIMEOUT, "timeoutMs", 30000, 86400000)          \
    X(MAX_BODY, "maxBodyBytes", 16u << 20, 32u << 20) \
    X(MAX_REQUEST_BODY, "maxRequestBodyBytes", 16u << 20, 32u << 20)

enum fetch_number {
#define X(id, ...) FETCH_##id,
    FETCH_NUMBERS(X)
#undef X
        FETCH_NUMBER_COUNT
};

struct fetch_header {
    char *name, *value; /* owned; value NULL: it will come from an environment variable */
};

enum fetch_scheme { SCHEME_HTTPS = 1, SCHEME_HTTP = 2 };

struct fetch_rule {
    char *host;             /* owned, lower case; of "*.example.org" what follows the star */
    int below;              /* with a star: names that end in it */
    struct address address; /* family not 0: the host is this address */
    unsigned ports[16];
    size_t port_count;            /* 0: the port of the scheme */
    char **methods, **paths;      /* owned, end with NULL; NULL: any */
    char **allow_headers;         /* the same; NULL: none. Of those that header_rewrites() names */
    struct fetch_header *headers; /* owned, ends with a NULL name; NULL: none */
    char *ca;                     /* owned, PEM; NULL: the system's authorities */
    unsigned schemes;             /* bits of enum fetch_scheme */
    int allow_private;
};

struct fetch_rules {
    struct fetch_rule *list; /* owned */
    size_t count;
    uint64_t numbers[FETCH_NUMBER_COUNT];
};

/* The reason why a definition is refused, and the place in its text. */
struct fetch_fault {
    const char *at;
    char what[200];
};

/* `value` is checked JSON. filled_in: header values are texts and certificates stand in it (the helper);
 * else they may be {"fromEnv": NAME} and caFile (iso4). -1 and *fault; *rules is to be freed either way. */
int fetch_rules_read(struct fetch_rules *rules, struct json value, int filled_in, struct fetch_fault *fault);
void fetch_rules_free(struct fetch_rules *rules);

struct fetch_question {
    int https;
    const char *host;       /* lower case */
    struct address address; /* family not 0: the host is this address */
    unsigned port;
    const char *path, *method;
};

/* "rule 2 (*.example.org)" */
void fetch_rule_name(const struct fetch_rules *rules, const struct fetch_rule *rule, char *to, size_t size);

/* The first rule that allows the request, or NULL and the reason why none does. */
const struct fetch_rule *fetch_rules_ask(const struct fetch_rules *rules, const struct fetch_question *q,
                                         char *why, size_t size);

/* 1 when the rule lets agents set this header. */
int fetch_rule_allows_header(const struct fetch_rule *rule, const char *name);

/* 1 when a rule for this host allows private addresses. */
int fetch_rules_private(const struct fetch_rules *rules, const struct fetch_question *q);

#endif
