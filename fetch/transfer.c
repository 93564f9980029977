/* SPDX-License-Identifier: MIT */
#include "fetch/transfer.h"

#include <curl/curl.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "core/file.h"
#include "fetch/headers.h"
#include "fetch/request.h"
#include "fetch/response.h"
#include "fetch/target.h"

struct transfer {
    struct transfer *next;
    struct transfers *all;
    uint64_t id, start_ns;
    struct request request;
    struct target target; /* of the hop under way */
    const struct fetch_rule *rule;
    struct response response;
    unsigned hops;
    int left_origin; /* a redirect has: nobody's credentials are sent any more */
    CURL *easy;
    struct curl_slist *headers;
    struct refusal why;
};

struct transfers {
    const struct fetch_rules *rules;
    void (*answer)(const struct buf *message);
    CURLM *multi;
    struct transfer *waiting, **end; /* oldest first, and where the next one goes */
    struct transfer *running;
    unsigned count; /* of those */
    size_t held;
};

static uint64_t now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* ---- answers */

/* For the log of the host: no query, no header, no body. */
static void print_log(const struct transfer *t, struct buf *out)
{
    AUTO_BUF struct buf line = {0};

    buf_printf(&line, "%s ", *t->request.method ? t->request.method : "?");
    if (t->target.host)
        target_print_short(&t->target, &line);
    else
        buf_str(&line, "(no URL)");
    if (t->why.reason)
        buf_printf(&line, " %s (%s): %s", refusal_blocked(t->why.reason) ? "refused" : "failed",
                   refusal_name(t->why.reason), t->why.what);
    else
        buf_printf(&line, " %d", t->response.status);
    if (t->hops)
        buf_printf(&line, ", redirect %u", t->hops);
    buf_printf(&line, ", %.1f ms", (double)(now_ns() - t->start_ns) / 1e6);
    buf_str(out, ",\"log\":");
    json_quote(out, line.data, line.len);
}

static void print_error(const struct transfer *t, struct buf *out)
{
    AUTO_BUF struct buf message = {0};

    buf_printf(&message, "fetch: %s", t->why.what);
    buf_str(out, ",\"error\":{\"message\":");
    json_quote(out, message.data, message.len);
    buf_printf(out, ",\"data\":{\"name\":\"%s\",\"reason\":\"%s\"%s}}",
               t->why.reason == REASON_TIMEOUT ? "TimeoutError" : "TypeError", refusal_name(t->why.reason),
               refusal_blocked(t->why.reason) ? ",\"blocked\":true" : "");
}

static int has_body(const struct transfer *t)
{
    return strcmp(t->request.method, "HEAD") != 0 && t->response.status != 204 && t->response.status != 205 &&
           t->response.status != 304;
}

static void print_result(const struct transfer *t, struct buf *out)
{
    AUTO_BUF struct buf url = {0};

    target_print(&t->target, &url);
    buf_str(out, ",\"result\":{\"url\":");
    json_quote(out, url.len ? url.data : "", url.len);
    buf_printf(out, ",\"redirected\":%s,", t->hops ? "true" : "false");
    response_print(&t->response, has_body(t), out);
    buf_byte(out, '}');
}

static void print_answer(const struct transfer *t, struct buf *out)
{
    buf_printf(out, "{\"jsonrpc\":\"2.0\",\"id\":%" PRIu64, t->id);
    print_log(t, out);
    if (t->why.reason)
        print_error(t, out);
    else
        print_result(t, out);
    buf_str(out, "}\n");
}

/* ---- the end of one */

static void drop_easy(struct transfer *t)
{
    if (t->easy) {
        curl_multi_remove_handle(t->all->multi, t->easy);
        curl_easy_cleanup(t->easy);
    }
    curl_slist_free_all(t->headers);
    t->easy = NULL;
    t->headers = NULL;
}

/* One that is in no list any more, or in none yet. */
static void free_transfer(struct transfer *t)
{
    drop_easy(t);
    t->all->held -= t->response.body.len + t->request.body.len;
    target_free(&t->target);
    request_free(&t->request);
    response_free(&t->response);
    free(t);
}

static void leave_running(struct transfer *t)
{
    struct transfer **at = &t->all->running;

    while (*at != t)
        at = &(*at)->next;
    *at = t->next;
    t->all->count--;
}

static void leave_waiting(struct transfer *t)
{
    struct transfer **at = &t->all->waiting;

    while (*at != t)
        at = &(*at)->next;
    *at = t->next;
    if (!t->next)
        t->all->end = at;
}

static void finish(struct transfer *t)
{
    AUTO_BUF struct buf message = {0};

    print_answer(t, &message);
    if (message.failed) {
        refusal_set(&t->why, REASON_SIZE, "out of memory");
        buf_free(&message);
        print_answer(t, &message);
    }
    t->all->answer(&message);
    free_transfer(t);
}

/* ---- what libcurl calls */

static size_t on_header(char *line, size_t one, size_t len, void *ctx)
{
    struct transfer *t = ctx;

    return response_line(&t->response, line, len, &t->why) < 0 ? 0 : one * len;
}

/* Whether the answer is a redirect that is followed, or refused. */
static int goes_on(const struct transfer *t)
{
    return response_redirects(&t->response) && t->request.redirect != REDIRECT_MANUAL;
}

static size_t on_body(char *piece, size_t one, size_t len, void *ctx)
{
    struct transfer *t = ctx;

    if (goes_on(t))
        return 0; /* nobody will read it: on with the next hop */
    if (t->all->held + len > TRANSFERS_MOST_HELD) {
        refusal_set(&t->why, REASON_SIZE, "the answers under way take more than %u MiB together",
                    TRANSFERS_MOST_HELD >> 20);
        return 0;
    }
    if (response_body(&t->response, piece, len, &t->why) < 0)
        return 0;
    t->all->held += len;
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

/* The one place where sockets are made: the address looked at here is the one that is connected to. */
static curl_socket_t on_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *to)
{
    struct transfer *t = ctx;
    struct address a;

    if (purpose != CURLSOCKTYPE_IPCXN || address_of_socket(&to->addr, to->addrlen, &a) < 0) {
        refusal_set(&t->why, REASON_ADDRESS, "%s has an address that is neither IPv4 nor IPv6",
                    t->target.host);
        return CURL_SOCKET_BAD;
    }
    /* Once one address is refused none is tried: a name that stands for both kinds is not to be trusted. */
    if (t->why.reason || check_address(t, &a, &t->why) < 0)
        return CURL_SOCKET_BAD;
    return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

/* The connection stands: nothing is sent on it when another address of the name was refused meanwhile. */
static int on_connected(void *ctx, char *ip, char *local_ip, int port, int local_port)
{
    const struct transfer *t = ctx;

    (void)ip;
    (void)local_ip;
    (void)port;
    (void)local_port;
    return t->why.reason ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

/* ---- a hop */

static int add_header(struct transfer *t, const char *name, const char *value)
{
    AUTO_BUF struct buf line = {0};
    struct curl_slist *more;

    if (*value)
        buf_printf(&line, "%s: %s", name, value);
    else
        buf_printf(&line, "%s;", name); /* how libcurl is asked for an empty one */
    buf_byte(&line, 0);
    more = line.failed ? NULL : curl_slist_append(t->headers, line.data);
    if (!more)
        return -1;
    t->headers = more;
    return 0;
}

static int suppress_header(struct transfer *t, const char *name)
{
    AUTO_BUF struct buf line = {0};
    struct curl_slist *more;

    buf_printf(&line, "%s:", name);
    buf_byte(&line, 0);
    more = line.failed ? NULL : curl_slist_append(t->headers, line.data);
    if (!more)
        return -1;
    t->headers = more;
    return 0;
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

/* Also an empty one, of which the length is to be told. */
static int sends_body(const struct request *r)
{
    return r->has_body || strcmp(r->method, "POST") == 0 || strcmp(r->method, "PUT") == 0;
}

/* What the sandbox may not send where a redirect led: credentials, and whatever some rule sends as such. */
static int is_secret(const struct transfer *t, const char *name)
{
    const struct fetch_rules *rules = t->all->rules;

    for (size_t i = 0; i < rules->count; i++)
        for (const struct fetch_header *h = rules->list[i].headers; h && h->name; h++)
            if (strcasecmp(h->name, name) == 0)
                return 1;
    return header_is_credential(name);
}

/* Headers of the rule take the place of the sandbox's. */
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

/* What the environment, a file or a server could otherwise talk libcurl into. */
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

/* A rule's authority stands alone: nobody else's signature counts for its host. */
static void set_authority(const struct transfer *t)
{
    struct curl_blob pem = {t->rule->ca, strlen(t->rule->ca), CURL_BLOB_NOCOPY};

    curl_easy_setopt(t->easy, CURLOPT_CAINFO_BLOB, &pem);
    curl_easy_setopt(t->easy, CURLOPT_CAPATH, NULL);
}

static int time_left(struct transfer *t, uint64_t *ms)
{
    uint64_t most = t->all->rules->numbers[FETCH_TIMEOUT], spent = (now_ns() - t->start_ns) / 1000000u;

    *ms = most > spent ? most - spent : 0;
    return *ms ? 0
               : refusal_set(&t->why, REASON_TIMEOUT, "no answer within %" PRIu64 " ms (timeoutMs)", most);
}

/* An address in the URL is looked at before the rules; when its socket is made, again with the rule. */
static int check_literal(struct transfer *t)
{
    const struct address *a = &t->target.asking.address;
    const char *what;
    enum address_use use = a->family ? address_use(a, &what) : ADDRESS_PUBLIC;

    if (use == ADDRESS_PUBLIC ||
        (use == ADDRESS_PRIVATE && fetch_rules_private(t->all->rules, &t->target.asking)))
        return 0;
    return refusal_set(&t->why, REASON_ADDRESS, "the address %s is %s%s", t->target.host, what,
                       use == ADDRESS_PRIVATE ? ", and no rule for it sets allowPrivate" : "");
}

/* Everything that is looked at before a name is resolved. */
static int check_target(struct transfer *t)
{
    const struct fetch_rules *rules = t->all->rules;
    char why[400];

    t->target.asking.method = t->request.method;
    if (check_literal(t) < 0)
        return -1;
    t->rule = fetch_rules_ask(rules, &t->target.asking, why, sizeof why);
    if (!t->rule)
        return refusal_set(&t->why, REASON_RULE, "%s", why);
    return 0;
}

static int start_hop(struct transfer *t)
{
    uint64_t left;

    if (check_target(t) < 0 || time_left(t, &left) < 0 || make_headers(t) < 0)
        return -1;
    t->easy = curl_easy_init();
    if (!t->easy)
        return refusal_set(&t->why, REASON_SIZE, "out of memory");
    set_bounds(t, left);
    set_callbacks(t);
    set_request(t);
    if (t->rule->ca)
        set_authority(t);
    return curl_multi_add_handle(t->all->multi, t->easy) == CURLM_OK
               ? 0
               : refusal_set(&t->why, REASON_SIZE, "out of memory");
}

/* ---- redirects */

static int check_redirect(struct transfer *t, const struct target *next)
{
    uint64_t most = t->all->rules->numbers[FETCH_MAX_REDIRECTS];

    if (t->request.redirect == REDIRECT_ERROR)
        return refusal_set(&t->why, REASON_REDIRECT, "%s redirects, and redirect is \"error\"",
                           t->target.host);
    if (t->hops >= most)
        return refusal_set(&t->why, REASON_REDIRECT,
                           "%s redirects, and only %" PRIu64 " redirects are allowed "
                           "(maxRedirects)",
                           t->target.host, most);
    if (t->target.https && !next->https)
        return refusal_set(&t->why, REASON_REDIRECT, "%s redirects from https to http", t->target.host);
    return 0;
}

static void change_method(struct transfer *t)
{
    const char *method = t->request.method;
    int status = t->response.status;

    if ((status == 303 && strcmp(method, "HEAD") != 0 && strcmp(method, "GET") != 0) ||
        ((status == 301 || status == 302) && strcmp(method, "POST") == 0)) {
        t->all->held -= t->request.body.len;
        request_to_get(&t->request);
    }
}

static int follow(struct transfer *t)
{
    struct target next;

    buf_byte(&t->response.location, 0);
    if (t->response.locations > 1)
        return refusal_set(&t->why, REASON_REDIRECT, "%s redirects to more than one place", t->target.host);
    if (t->response.location.failed ||
        target_follow(&next, &t->target, t->response.location.data, &t->why) < 0 ||
        check_redirect(t, &next) < 0) {
        target_free(&next);
        return -1;
    }
    t->left_origin |= !target_same_origin(&t->target, &next);
    change_method(t);
    drop_easy(t);
    target_free(&t->target);
    t->target = next;
    t->hops++;
    response_reset(&t->response);
    return start_hop(t);
}

/* ---- a hop's end */

static int explain(struct transfer *t, CURLcode rc)
{
    long error = 0;

    if (t->why.reason) /* of ours: a bound was reached, or no address was left */
        return -1;
    if (rc == CURLE_OPERATION_TIMEDOUT)
        return refusal_set(&t->why, REASON_TIMEOUT, "no answer of %s within %" PRIu64 " ms (timeoutMs)",
                           t->target.host, t->all->rules->numbers[FETCH_TIMEOUT]);
    curl_easy_getinfo(t->easy, CURLINFO_OS_ERRNO, &error);
    return refusal_set(&t->why, REASON_NETWORK, "%s: %s%s%s", t->target.host, curl_easy_strerror(rc),
                       rc == CURLE_COULDNT_CONNECT && error ? ": " : "",
                       rc == CURLE_COULDNT_CONNECT && error ? strerrordesc_np((int)error) : "");
}

static void on_hop_over(struct transfer *t, CURLcode rc)
{
    int cut = rc == CURLE_WRITE_ERROR && !t->why.reason && goes_on(t); /* by on_body() */

    if (t->why.reason || (rc != CURLE_OK && !cut))
        (void)explain(t, rc);
    else if (goes_on(t) && follow(t) == 0)
        return;
    leave_running(t);
    finish(t);
}

/* ---- all of them */

static void start_waiting(struct transfers *all)
{
    while (all->waiting && all->count < TRANSFERS_MOST) {
        struct transfer *t = all->waiting;

        leave_waiting(t);
        if (start_hop(t) < 0) {
            finish(t);
            continue;
        }
        t->next = all->running;
        all->running = t;
        all->count++;
    }
}

static void wait_for_place(struct transfer *t)
{
    struct transfers *all = t->all;

    *all->end = t;
    all->end = &t->next;
    start_waiting(all);
}

void transfers_add(struct transfers *all, uint64_t id, struct json params)
{
    struct transfer *t = calloc(1, sizeof *t);
    uint64_t most = all->rules->numbers[FETCH_MAX_REQUEST_BODY];

    if (!t)
        abort(); /* the run hears that its program has ended */
    t->all = all;
    t->id = id;
    t->start_ns = now_ns();
    t->response.most_body = all->rules->numbers[FETCH_MAX_BODY];
    if (request_read(&t->request, params, most, &t->why) == 0 &&
        target_read(&t->target, t->request.url.data, t->request.url.len, &t->why) == 0 &&
        all->held + t->request.body.len > TRANSFERS_MOST_HELD)
        refusal_set(&t->why, REASON_SIZE, "the requests under way take more than %u MiB together",
                    TRANSFERS_MOST_HELD >> 20);
    all->held += t->request.body.len;
    if (t->why.reason)
        finish(t);
    else
        wait_for_place(t);
}

static struct transfer *find(struct transfer *t, uint64_t id)
{
    while (t && t->id != id)
        t = t->next;
    return t;
}

void transfers_cancel(struct transfers *all, uint64_t id)
{
    struct transfer *running = find(all->running, id), *waiting = running ? NULL : find(all->waiting, id);

    if (running)
        leave_running(running);
    else if (waiting)
        leave_waiting(waiting);
    else
        return;
    free_transfer(running ? running : waiting);
    start_waiting(all);
}

static void take_ended(struct transfers *all)
{
    struct transfer *t;
    CURLMsg *m;
    int left;

    while ((m = curl_multi_info_read(all->multi, &left))) {
        CURLcode rc = m->data.result; /* the message ends with its handle */

        if (m->msg == CURLMSG_DONE && curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &t) == CURLE_OK)
            on_hop_over(t, rc);
    }
    start_waiting(all);
}

int transfers_wait(struct transfers *all, int fd)
{
    struct curl_waitfd input = {.fd = fd, .events = CURL_WAIT_POLLIN};
    int running;

    curl_multi_perform(all->multi, &running);
    take_ended(all);
    curl_multi_poll(all->multi, &input, 1, 60000, NULL);
    return input.revents != 0;
}

struct transfers *transfers_open(const struct fetch_rules *rules, void (*answer)(const struct buf *message))
{
    struct transfers *all = calloc(1, sizeof *all);

    if (!all)
        return NULL;
    all->rules = rules;
    all->answer = answer;
    all->end = &all->waiting;
    all->multi = curl_multi_init();
    if (!all->multi) {
        free(all);
        return NULL;
    }
    curl_multi_setopt(all->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
    return all;
}
