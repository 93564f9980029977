/* SPDX-License-Identifier: MIT */
/* One hop of a request: sets up a libcurl handle with bounds, headers and body. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "core/file.h"
#include "fetch/transfer_internal.h"
#include "rules/headers.h"

/* ---- callbacks of libcurl */

static size_t on_header(char *line, size_t one, size_t len, void *ctx)
{
    struct transfer *t = ctx;

    return response_line(&t->response, line, len, &t->why) < 0 ? 0 : one * len;
}

static size_t on_body(char *piece, size_t one, size_t len, void *ctx)
{
    struct transfer *t = ctx;

    if (transfer_goes_on(t))
        return 0; /* the body is not used: go on with the next hop */
    if (t->all->held + len > TRANSFERS_MOST_HELD) {
        refusal_set(&t->why, REASON_SIZE, "the answers under way take more than %u MiB together",
                    TRANSFERS_MOST_HELD >> 20);
        return 0;
    }
    if (response_body(&t->response, piece, len, &t->why) < 0)
        return 0;
    t->all->held += len;
    if (t->parts && t->response.events)
        transfer_send_events(t, len);
    return one * len;
}

static int check_address(const struct transfer *t, const struct address *a, struct refusal *why)
{
    const char *what;
    enum address_use use = address_use(a, &what);
    char text[ADDRESS_TEXT], name[160];

    if (use == ADDRESS_PUBLIC || (use == ADDRESS_PRIVATE && t->rule->allow_private))
        return 0;
    address_text(a, text);
    fetch_rule_name(t->all->rules, t->rule, name, sizeof name);
    return refusal_set(why, REASON_ADDRESS, "%s has the address %s, which is %s%s%s", t->target.host, text,
                       what, use == ADDRESS_PRIVATE ? ": allowPrivate is not set in " : "",
                       use == ADDRESS_PRIVATE ? name : "");
}

/* The one place where sockets are made: libcurl connects to exactly the address that is checked here. */
static curl_socket_t on_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *to)
{
    struct transfer *t = ctx;
    struct address a;

    if (purpose != CURLSOCKTYPE_IPCXN || address_of_socket(&to->addr, to->addrlen, &a) < 0) {
        refusal_set(&t->why, REASON_ADDRESS, "%s has an address that is neither IPv4 nor IPv6",
                    t->target.host);
        return CURL_SOCKET_BAD;
    }
    /* After one refused address no other is tried: a name with allowed and refused addresses is suspicious. */
    if (t->why.reason || check_address(t, &a, &t->why) < 0)
        return CURL_SOCKET_BAD;
    return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

/* Called when the connection is made: aborts it when another address of the name was refused meanwhile. */
static int on_connected(void *ctx, char *ip, char *local_ip, int port, int local_port)
{
    const struct transfer *t = ctx;

    (void)ip;
    (void)local_ip;
    (void)port;
    (void)local_port;
    return t->why.reason ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

/* ---- headers */

static int add_line(struct transfer *t, struct buf *line)
{
    struct curl_slist *more;

    buf_byte(line, 0);
    more = line->failed ? NULL : curl_slist_append(t->headers, line->data);
    if (!more)
        return -1;
    t->headers = more;
    return 0;
}

static int add_header(struct transfer *t, const char *name, const char *value)
{
    AUTO_BUF struct buf line = {0};

    if (*value)
        buf_printf(&line, "%s: %s", name, value);
    else
        buf_printf(&line, "%s;", name); /* libcurl's way to send a header with an empty value */
    return add_line(t, &line);
}

static int suppress_header(struct transfer *t, const char *name)
{
    AUTO_BUF struct buf line = {0};

    buf_printf(&line, "%s:", name);
    return add_line(t, &line);
}

static const struct fetch_header *rule_header(const struct transfer *t, const char *name)
{
    for (const struct fetch_header *h = t->left_origin ? NULL : t->rule->headers; h && h->name; h++)
        if (strcasecmp(h->name, name) == 0)
            return h;
    return NULL;
}

static int has_header(const struct transfer *t, const char *name)
{
    for (size_t i = 0; i < t->request.header_count; i++)
        if (strcasecmp(t->request.headers[i].name, name) == 0)
            return 1;
    return rule_header(t, name) != NULL;
}

/* 1 when the request has a body, or a method that sends the length of an empty one. */
static int sends_body(const struct request *r)
{
    return r->has_body || strcmp(r->method, "POST") == 0 || strcmp(r->method, "PUT") == 0;
}

/* 1 for a header that must not follow a redirect to another origin: a credential, or a header that a rule sets. */
static int is_secret(const struct transfer *t, const char *name)
{
    const struct fetch_rules *rules = t->all->rules;

    for (size_t i = 0; i < rules->count; i++)
        for (const struct fetch_header *h = rules->list[i].headers; h && h->name; h++)
            if (strcasecmp(h->name, name) == 0)
                return 1;
    return header_is_credential(name);
}

/* Headers that the rule sets replace those of the agent. */
static int make_headers(struct transfer *t)
{
    int rc = suppress_header(t, "Expect");

    for (size_t i = 0; i < t->request.header_count; i++) {
        const struct request_header *h = &t->request.headers[i];

        if (!rule_header(t, h->name) && !(t->left_origin && is_secret(t, h->name)))
            rc |= add_header(t, h->name, h->value);
    }
    for (const struct fetch_header *h = t->left_origin ? NULL : t->rule->headers; h && h->name; h++)
        rc |= add_header(t, h->name, h->value);
    if (sends_body(&t->request) && !has_header(t, "content-type"))
        rc |= suppress_header(t, "Content-Type");
    return rc ? refusal_set(&t->why, REASON_SIZE, "out of memory") : 0;
}

/* ---- the handle */

/* Switches off every feature of libcurl that the environment, a file or a server could trigger. */
static void set_bounds(const struct transfer *t, uint64_t left_ms)
{
    CURL *e = t->easy;

    curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(e, CURLOPT_REDIR_PROTOCOLS_STR, "");
    curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(e, CURLOPT_PROXY, "");
    curl_easy_setopt(e, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(e, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(e, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(e, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(e, CURLOPT_SSL_SESSIONID_CACHE, 0L);
    curl_easy_setopt(e, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
    curl_easy_setopt(e, CURLOPT_QUICK_EXIT, 1L); /* do not wait for a resolver that hangs */
    curl_easy_setopt(e, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    curl_easy_setopt(e, CURLOPT_HTTP09_ALLOWED, 0L);
    curl_easy_setopt(e, CURLOPT_ACCEPT_ENCODING, "gzip, deflate, br");
    curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)left_ms);
    curl_easy_setopt(e, CURLOPT_USERAGENT, "iso4");
}

static void set_callbacks(struct transfer *t)
{
    curl_easy_setopt(t->easy, CURLOPT_PRIVATE, t);
    curl_easy_setopt(t->easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(t->easy, CURLOPT_HEADERDATA, t);
    curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
    curl_easy_setopt(t->easy, CURLOPT_OPENSOCKETFUNCTION, on_socket);
    curl_easy_setopt(t->easy, CURLOPT_OPENSOCKETDATA, t);
    curl_easy_setopt(t->easy, CURLOPT_PREREQFUNCTION, on_connected);
    curl_easy_setopt(t->easy, CURLOPT_PREREQDATA, t);
}

static void set_request(const struct transfer *t)
{
    const struct request *r = &t->request;

    curl_easy_setopt(t->easy, CURLOPT_CURLU, t->target.url);
    if (strcmp(r->method, "HEAD") == 0) {
        curl_easy_setopt(t->easy, CURLOPT_NOBODY, 1L);
    } else if (sends_body(r)) {
        curl_easy_setopt(t->easy, CURLOPT_POST, 1L);
        curl_easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body.len);
        curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS, r->body.len ? r->body.data : "");
    } else {
        curl_easy_setopt(t->easy, CURLOPT_HTTPGET, 1L);
    }
    curl_easy_setopt(t->easy, CURLOPT_CUSTOMREQUEST, r->method);
    curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers);
}

/* A rule's certificate authority replaces the system's for its host. */
static void set_authority(const struct transfer *t)
{
    struct curl_blob pem = {t->rule->ca, strlen(t->rule->ca), CURL_BLOB_NOCOPY};

    curl_easy_setopt(t->easy, CURLOPT_CAINFO_BLOB, &pem);
    curl_easy_setopt(t->easy, CURLOPT_CAPATH, NULL);
}

int hop_start(struct transfer *t, uint64_t left_ms)
{
    if (make_headers(t) < 0)
        return -1;
    t->easy = curl_easy_init();
    if (!t->easy)
        return refusal_set(&t->why, REASON_SIZE, "out of memory");
    set_bounds(t, left_ms);
    set_callbacks(t);
    set_request(t);
    if (t->rule->ca)
        set_authority(t);
    return curl_multi_add_handle(t->all->multi, t->easy) == CURLM_OK
               ? 0
               : refusal_set(&t->why, REASON_SIZE, "out of memory");
}

void hop_drop(struct transfer *t)
{
    if (t->easy) {
        curl_multi_remove_handle(t->all->multi, t->easy);
        curl_easy_cleanup(t->easy);
    }
    curl_slist_free_all(t->headers);
    t->easy = NULL;
    t->headers = NULL;
}
