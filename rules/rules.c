/* SPDX-License-Identifier: MIT */
#include "rules/rules.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/file.h"
#include "rules/headers.h"
#include "rules/path.h"

#define HOST_MOST 253

static int __attribute__((format(printf, 3, 4)))
refuse_rule(struct fetch_fault *fault, struct json at, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(fault->what, sizeof fault->what, fmt, ap);
    va_end(ap);
    fault->at = at.at;
    return -1;
}

/* The text of a literal; NULL when it holds a NUL, or without memory. */
static char *literal_text(struct json literal)
{
    struct buf text = {0};

    json_decode(&text, literal);
    buf_byte(&text, 0);
    if (text.failed || strlen(text.data) + 1 != text.len)
        buf_free(&text);
    return text.data;
}

/* The part of a literal that fits into a message. */
#define SHOWN(v) (int)((v).len < 80 ? (v).len : 80), (v).at

/* ---- hosts */

static int is_name(const char *host)
{
    size_t label = 0;

    if (!*host || strlen(host) > HOST_MOST)
        return 0;
    for (const char *p = host; *p; p++) {
        label = *p == '.' ? 0 : label + 1;
        if (*p == '.' ? p == host || p[-1] == '.' || !p[1]
                      : label > 63 || !(isalnum((unsigned char)*p) || *p == '-' || *p == '_'))
            return 0;
    }
    return 1;
}

static int read_host(struct fetch_rule *rule, struct json v, struct fetch_fault *fault)
{
    char *host = json_kind(v) == JSON_STRING ? literal_text(v) : NULL;
    const char *name;

    if (!host)
        return refuse_rule(fault, v, "host is a text such as \"api.example.com\" or \"*.example.com\"");
    rule->host = host;
    for (char *p = host; *p; p++)
        *p = (char)tolower((unsigned char)*p);
    rule->below = strncmp(host, "*.", 2) == 0;
    name = host + (rule->below ? 2 : 0);
    switch (address_read(name, strlen(name), &rule->address)) {
    case 1:
        return rule->below ? refuse_rule(fault, v, "host %.*s is an address with a star", SHOWN(v)) : 0;
    case 0:
        if (is_name(name)) {
            memmove(host, name, strlen(name) + 1);
            return 0;
        }
    }
    return refuse_rule(
        fault, v,
        "host %.*s is no host: write a name without scheme, port and path, letters beyond ASCII as "
        "xn--...; or an address",
        SHOWN(v));
}

/* ---- lists */

static int read_ports(struct fetch_rule *rule, struct json v, struct fetch_fault *fault)
{
    struct json one;
    uint64_t port;

    if (json_kind(v) != JSON_ARRAY || json_count(v) == 0 ||
        json_count(v) > sizeof rule->ports / sizeof *rule->ports)
        return refuse_rule(fault, v, "ports is an array of 1 to %zu numbers",
                           sizeof rule->ports / sizeof *rule->ports);
    for (struct json_walk w = json_walk(v); json_next(&w, NULL, &one);) {
        if (json_whole_number(one, 65535, &port) < 0 || port == 0)
            return refuse_rule(fault, one, "ports holds numbers from 1 to 65535");
        rule->ports[rule->port_count++] = (unsigned)port;
    }
    return 0;
}

static int is_method(const char *text)
{
    return header_is_token(text, strlen(text)) && strlen(text) <= 32 && strcasecmp(text, "CONNECT") != 0 &&
           strcasecmp(text, "TRACE") != 0 && strcasecmp(text, "TRACK") != 0;
}

static int check_path(struct json v, const char *text, struct fetch_fault *fault)
{
    const char *wrong = path_glob_wrong(text, strlen(text));

    return wrong ? refuse_rule(fault, v, "the path %.*s %s", SHOWN(v), wrong) : 0;
}

static int check_method(struct json v, const char *text, struct fetch_fault *fault)
{
    return is_method(text) ? 0 : refuse_rule(fault, v, "%.*s is no method that can be allowed", SHOWN(v));
}

static int check_allowed_header(struct json v, const char *text, struct fetch_fault *fault)
{
    return header_rewrites(text)
               ? 0
               : refuse_rule(fault, v,
                             "allowHeaders holds %.*s: it is for headers by which servers take "
                             "a request for another, "
                             "such as \"x-http-method-override\" and \"x-forwarded-for\"",
                             SHOWN(v));
}

static int read_texts(char ***to, struct json v, const char *key,
                      int (*check)(struct json, const char *, struct fetch_fault *),
                      struct fetch_fault *fault)
{
    struct json one;
    size_t n = 0;

    if (json_kind(v) != JSON_ARRAY || json_count(v) == 0)
        return refuse_rule(fault, v, "%s is an array of texts, at least one", key);
    *to = calloc(json_count(v) + 1, sizeof **to);
    if (!*to)
        return refuse_rule(fault, v, "out of memory");
    for (struct json_walk w = json_walk(v); json_next(&w, NULL, &one);) {
        char *text = json_kind(one) == JSON_STRING ? literal_text(one) : NULL;

        if (!text)
            return refuse_rule(fault, one, "%s is an array of texts", key);
        (*to)[n++] = text;
        if (check(one, text, fault) < 0)
            return -1;
    }
    return 0;
}

/* ---- headers */

static int is_from_env(struct json v)
{
    struct json from = json_member(v, "fromEnv");
    char *name = from.at && json_kind(from) == JSON_STRING ? literal_text(from) : NULL;
    int is = name && *name && !strchr(name, '=') && json_count(v) == 1;

    free(name);
    return is;
}

static int read_header(struct fetch_header *header, struct json key, struct json v, int filled_in,
                       struct fetch_fault *fault)
{
    struct buf value = {0};
    const char *why;

    header->name = literal_text(key);
    if (!header->name || !header_is_token(header->name, strlen(header->name)))
        return refuse_rule(fault, key, "headers has %.*s, which is no header name", SHOWN(key));
    why = header_reserved(header->name);
    if (why)
        return refuse_rule(fault, key, "headers has %.*s, which cannot be set: %s", SHOWN(key), why);
    if (!filled_in && is_from_env(v))
        return 0;
    if (json_kind(v) != JSON_STRING)
        return refuse_rule(fault, v, "headers takes a text or {\"fromEnv\": \"NAME\"}");
    if (header_value(&value, v) < 0 || buf_byte(&value, 0) < 0) {
        buf_free(&value);
        return refuse_rule(fault, v, "headers has a value with characters that no header can hold");
    }
    header->value = value.data;
    return 0;
}

/* A header: its name in the form that is compared, and its position. */
struct named_header {
    const char *name;
    struct json key;
};

static int by_name(const void *a, const void *b)
{
    const struct named_header *x = a, *y = b;
    int order = strcasecmp(x->name, y->name);

    return order ? order : x->key.at < y->key.at ? -1 : x->key.at > y->key.at;
}

static int refuse_repeated_header(struct named_header *list, size_t count, struct fetch_fault *fault)
{
    qsort(list, count, sizeof *list, by_name);
    for (size_t i = 1; i < count; i++)
        if (strcasecmp(list[i].name, list[i - 1].name) == 0)
            return refuse_rule(fault, list[i].key, "has %.*s twice in headers", SHOWN(list[i].key));
    return 0;
}

static int read_headers(struct fetch_rule *rule, struct json v, int filled_in, struct fetch_fault *fault)
{
    struct json key, value;
    struct named_header *list;
    size_t n = 0;
    int rc = 0;

    if (json_kind(v) != JSON_OBJECT)
        return refuse_rule(fault, v, "headers is an object: name to text or {\"fromEnv\": \"NAME\"}");
    rule->headers = calloc(json_count(v) + 1, sizeof *rule->headers);
    list = calloc(json_count(v) + 1, sizeof *list);
    if (!rule->headers || !list) {
        free(list);
        return refuse_rule(fault, v, "out of memory");
    }
    for (struct json_walk w = json_walk(v); rc == 0 && json_next(&w, &key, &value); n++) {
        rc = read_header(&rule->headers[n], key, value, filled_in, fault);
        list[n] = (struct named_header){rule->headers[n].name, key};
    }
    if (rc == 0)
        rc = refuse_repeated_header(list, n, fault);
    free(list);
    return rc;
}

/* ---- a rule */

static int read_ca(struct fetch_rule *rule, struct json v, struct fetch_fault *fault)
{
    rule->ca = json_kind(v) == JSON_STRING ? literal_text(v) : NULL;
    return rule->ca && *rule->ca ? 0 : refuse_rule(fault, v, "caFile names a file");
}

static int read_flag(int *to, struct json v, const char *key, int on, struct fetch_fault *fault)
{
    if (json_kind(v) != JSON_BOOL)
        return refuse_rule(fault, v, "%s is true or false", key);
    *to = (*v.at == 't') == on;
    return 0;
}

/* "schemes": ["https", "http"]. Without it, and without the older httpOnly, only https is allowed. */
static int read_schemes(struct fetch_rule *rule, struct json v, struct fetch_fault *fault)
{
    struct json one;

    if (json_kind(v) != JSON_ARRAY || json_count(v) == 0)
        return refuse_rule(fault, v, "schemes is an array that holds \"https\", \"http\" or both");
    rule->schemes = 0;
    for (struct json_walk w = json_walk(v); json_next(&w, NULL, &one);) {
        unsigned scheme = json_is(one, "https") ? SCHEME_HTTPS : json_is(one, "http") ? SCHEME_HTTP : 0;

        if (scheme == 0)
            return refuse_rule(fault, one, "schemes holds %.*s: \"https\" and \"http\" are known",
                               SHOWN(one));
        rule->schemes |= scheme;
    }
    return 0;
}

/* "httpOnly": false was the way to write "schemes": ["https", "http"]. */
static int read_http_only(struct fetch_rule *rule, struct json v, struct fetch_fault *fault)
{
    int allowed = 0;

    if (read_flag(&allowed, v, "httpOnly", 0, fault) < 0)
        return -1;
    rule->schemes = SCHEME_HTTPS | (allowed ? SCHEME_HTTP : 0);
    return 0;
}

enum { HOST, PORTS, METHODS, PATHS, HEADERS, ALLOW_HEADERS, SCHEMES, HTTP_ONLY, ALLOW_PRIVATE, CA, KEYS };

static int read_member(struct fetch_rule *rule, int key, struct json v, int filled_in,
                       struct fetch_fault *fault)
{
    switch (key) {
    case HOST:
        return read_host(rule, v, fault);
    case PORTS:
        return read_ports(rule, v, fault);
    case METHODS:
        return read_texts(&rule->methods, v, "methods", check_method, fault);
    case PATHS:
        return read_texts(&rule->paths, v, "paths", check_path, fault);
    case HEADERS:
        return read_headers(rule, v, filled_in, fault);
    case ALLOW_HEADERS:
        return read_texts(&rule->allow_headers, v, "allowHeaders", check_allowed_header, fault);
    case SCHEMES:
        return read_schemes(rule, v, fault);
    case HTTP_ONLY:
        return read_http_only(rule, v, fault);
    case ALLOW_PRIVATE:
        return read_flag(&rule->allow_private, v, "allowPrivate", 1, fault);
    default:
        return read_ca(rule, v, fault);
    }
}

static int read_rule(struct fetch_rule *rule, struct json v, int filled_in, struct fetch_fault *fault)
{
    static const char *const keys[KEYS] = {"host",         "ports",   "methods",  "paths",        "headers",
                                           "allowHeaders", "schemes", "httpOnly", "allowPrivate", "caFile"};
    unsigned seen = 0;
    struct json key, value;
    int i;

    rule->schemes = SCHEME_HTTPS;
    if (json_kind(v) == JSON_STRING)
        return read_host(rule, v, fault);
    if (json_kind(v) != JSON_OBJECT)
        return refuse_rule(fault, v, "a rule is a host or an object such as {\"host\": \"api.example.com\"}");
    for (struct json_walk w = json_walk(v); json_next(&w, &key, &value); seen |= 1u << i) {
        for (i = 0; i < KEYS && !json_is(key, keys[i]); i++)
            ;
        if (i == KEYS)
            return refuse_rule(fault, key, "unknown key %.*s in a rule", SHOWN(key));
        if (seen & 1u << i)
            return refuse_rule(fault, key, "has %s twice in a rule", keys[i]);
        if ((i == SCHEMES && seen & 1u << HTTP_ONLY) || (i == HTTP_ONLY && seen & 1u << SCHEMES))
            return refuse_rule(fault, key, "has schemes and httpOnly in one rule: schemes alone says it");
        if (read_member(rule, i, value, filled_in, fault) < 0)
            return -1;
    }
    return seen & 1u << HOST ? 0 : refuse_rule(fault, v, "a rule needs a host");
}

/* ---- the definition */

static int read_allow(struct fetch_rules *rules, struct json v, int filled_in, struct fetch_fault *fault)
{
    struct json one;

    if (json_kind(v) != JSON_ARRAY)
        return refuse_rule(fault, v, "allow is an array of hosts and rules");
    rules->list = calloc(json_count(v) + 1, sizeof *rules->list);
    if (!rules->list)
        return refuse_rule(fault, v, "out of memory");
    for (struct json_walk w = json_walk(v); json_next(&w, NULL, &one);)
        if (read_rule(&rules->list[rules->count++], one, filled_in, fault) < 0)
            return -1;
    return 0;
}

static const struct {
    const char *key;
    uint64_t value, most;
} numbers[] = {
#define X(id, key, value, most) [FETCH_##id] = {key, value, most},
    FETCH_NUMBERS(X)
#undef X
};

int fetch_rules_read(struct fetch_rules *rules, struct json value, int filled_in, struct fetch_fault *fault)
{
    struct json key, v;
    unsigned seen = 0;
    int i;

    *rules = (struct fetch_rules){0};
    for (i = 0; i < FETCH_NUMBER_COUNT; i++)
        rules->numbers[i] = numbers[i].value;
    if (json_kind(value) != JSON_OBJECT)
        return refuse_rule(fault, value, "fetch is an object such as {\"allow\": [\"api.example.com\"]}");
    for (struct json_walk w = json_walk(value); json_next(&w, &key, &v); seen |= 1u << i) {
        for (i = 0; i < FETCH_NUMBER_COUNT && !json_is(key, numbers[i].key); i++)
            ;
        if (i == FETCH_NUMBER_COUNT && !json_is(key, "allow"))
            return refuse_rule(fault, key, "unknown key %.*s in fetch", SHOWN(key));
        if (seen & 1u << i)
            return refuse_rule(fault, key, "has %.*s twice in fetch", SHOWN(key));
        if (i < FETCH_NUMBER_COUNT) {
            if (json_whole_number(v, numbers[i].most, &rules->numbers[i]) < 0 ||
                (rules->numbers[i] == 0 && i != FETCH_MAX_REDIRECTS))
                return refuse_rule(fault, v, "%s takes a whole number from %d to %" PRIu64, numbers[i].key,
                                   i != FETCH_MAX_REDIRECTS, numbers[i].most);
        } else if (read_allow(rules, v, filled_in, fault) < 0) {
            return -1;
        }
    }
    return rules->list ? 0 : refuse_rule(fault, value, "fetch needs allow: what may be fetched");
}

static void free_texts(char **texts)
{
    for (size_t i = 0; texts && texts[i]; i++)
        free(texts[i]);
    free(texts);
}

void fetch_rules_free(struct fetch_rules *rules)
{
    for (size_t i = 0; i < rules->count; i++) {
        struct fetch_rule *rule = &rules->list[i];

        free(rule->host);
        free(rule->ca);
        free_texts(rule->methods);
        free_texts(rule->allow_headers);
        free_texts(rule->paths);
        for (struct fetch_header *h = rule->headers; h && h->name; h++) {
            free(h->name);
            free(h->value);
        }
        free(rule->headers);
    }
    free(rules->list);
    *rules = (struct fetch_rules){0};
}

/* ---- checking a request */

static int host_matches(const struct fetch_rule *rule, const struct fetch_question *q)
{
    size_t have = strlen(q->host), want = strlen(rule->host);

    if (rule->address.family || q->address.family)
        return rule->address.family == q->address.family &&
               memcmp(rule->address.bytes, q->address.bytes, sizeof q->address.bytes) == 0;
    if (!rule->below)
        return strcmp(q->host, rule->host) == 0;
    return have > want + 1 && q->host[have - want - 1] == '.' &&
           strcmp(q->host + have - want, rule->host) == 0;
}

int fetch_rules_private(const struct fetch_rules *rules, const struct fetch_question *q)
{
    for (size_t i = 0; i < rules->count; i++)
        if (rules->list[i].allow_private && host_matches(&rules->list[i], q))
            return 1;
    return 0;
}

static int port_matches(const struct fetch_rule *rule, const struct fetch_question *q)
{
    for (size_t i = 0; i < rule->port_count; i++)
        if (rule->ports[i] == q->port)
            return 1;
    return rule->port_count == 0 && q->port == (q->https ? 443 : 80);
}

/* Methods are case-sensitive, except those that the fetch standard turns into capitals (get, post, ...). */
static int method_matches(const struct fetch_rule *rule, const struct fetch_question *q)
{
    for (size_t i = 0; rule->methods && rule->methods[i]; i++)
        if (strcasecmp(rule->methods[i], q->method) == 0)
            return 1;
    return !rule->methods;
}

/* NULL when the rule allows the path, or the reason why not. */
static const char *wrong_path(const struct fetch_rule *rule, const struct fetch_question *q)
{
    AUTO_BUF struct buf canonical = {0};
    const char *wrong = rule->paths ? path_canonical(q->path, strlen(q->path), &canonical) : NULL;

    if (!rule->paths || wrong)
        return wrong;
    for (size_t i = 0; rule->paths[i]; i++)
        if (path_matches(canonical.data, canonical.len, rule->paths[i]) == 1)
            return NULL;
    return "";
}

void fetch_rule_name(const struct fetch_rules *rules, const struct fetch_rule *rule, char *to, size_t size)
{
    snprintf(to, size, "rule %zu (%s%.100s)", (size_t)(rule - rules->list) + 1, rule->below ? "*." : "",
             rule->host);
}

/* 1 when the rule allows the request, or 0 and the reason. */
static int allows(const struct fetch_rules *rules, const struct fetch_rule *rule,
                  const struct fetch_question *q, char *why, size_t size)
{
    char name[160];
    const char *wrong;

    fetch_rule_name(rules, rule, name, sizeof name);
    if (!(rule->schemes & (q->https ? SCHEME_HTTPS : SCHEME_HTTP)))
        snprintf(why, size, "%s allows %s only", name, q->https ? "http" : "https");
    else if (!port_matches(rule, q))
        snprintf(why, size, "%s does not allow port %u", name, q->port);
    else if (!method_matches(rule, q))
        snprintf(why, size, "%s does not allow the method %.32s", name, q->method);
    else if ((wrong = wrong_path(rule, q)))
        snprintf(why, size, "%s does not allow the path%s%s", name, *wrong ? ": it has " : "", wrong);
    else
        return 1;
    return 0;
}

const struct fetch_rule *fetch_rules_ask(const struct fetch_rules *rules, const struct fetch_question *q,
                                         char *why, size_t size)
{
    const struct fetch_rule *near = NULL;
    char last[400];

    snprintf(why, size, "no rule allows the host %.253s", q->host);
    for (size_t i = 0; i < rules->count; i++) {
        const struct fetch_rule *rule = &rules->list[i];

        if (!host_matches(rule, q))
            continue;
        if (allows(rules, rule, q, last, sizeof last))
            return rule;
        if (!near)
            snprintf(why, size, "%s", last);
        near = rule;
    }
    return NULL;
}

int fetch_rule_allows_header(const struct fetch_rule *rule, const char *name)
{
    if (!header_rewrites(name))
        return 1;
    for (size_t i = 0; rule->allow_headers && rule->allow_headers[i]; i++)
        if (strcasecmp(rule->allow_headers[i], name) == 0)
            return 1;
    return 0;
}
