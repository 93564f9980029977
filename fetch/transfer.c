/* SPDX-License-Identifier: MIT */
#include "fetch/transfer_internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/file.h"

/* ---- the end of one */

/* Frees a transfer that is in no list. */
static void free_transfer(struct transfer *t)
{
    hop_drop(t);
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

void transfer_send_events(struct transfer *t, size_t len)
{
    AUTO_BUF struct buf message = {0};
    size_t have = t->response.body.len, before = have - len;
    size_t end = response_events_end(&t->response, before > 3 ? before - 3 : 0);

    if (!end)
        return;
    answer_print_part(t, end, &message);
    t->all->answer(&message);
    buf_consume(&t->response.body, end);
    t->all->held -= end;
}

static void finish_transfer(struct transfer *t)
{
    AUTO_BUF struct buf message = {0};

    answer_print(t, &message);
    if (message.failed) {
        refusal_set(&t->why, REASON_SIZE, "out of memory");
        buf_free(&message);
        answer_print(t, &message);
    }
    t->all->answer(&message);
    free_transfer(t);
}

/* ---- a hop */

static int time_left(struct transfer *t, uint64_t *ms)
{
    uint64_t most = t->all->rules->numbers[FETCH_TIMEOUT], spent = (monotonic_ns() - t->start_ns) / 1000000u;

    *ms = most > spent ? most - spent : 0;
    return *ms ? 0
               : refusal_set(&t->why, REASON_TIMEOUT, "no answer within %" PRIu64 " ms (timeoutMs)", most);
}

/* Checks an address in the URL before the rules; it is checked again, with the rule, when its socket is made. */
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

/* Headers by which a server takes the request for another one than the rule has seen are the rule's to allow. */
static int check_headers(struct transfer *t)
{
    for (size_t i = 0; i < t->request.header_count; i++) {
        const char *name = t->request.headers[i].name;

        if (!fetch_rule_allows_header(t->rule, name))
            return refusal_set(
                &t->why, REASON_HEADER,
                "the header %.64s may change which request the server sees, and the rule does not "
                "name it in allowHeaders",
                name);
    }
    return 0;
}

/* All checks that need no name resolution. */
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
    return check_headers(t);
}

static int start_hop(struct transfer *t)
{
    uint64_t left;

    return check_target(t) < 0 || time_left(t, &left) < 0 ? -1 : hop_start(t, left);
}

/* ---- redirects */

int transfer_goes_on(const struct transfer *t)
{
    return response_redirects(&t->response) && t->request.redirect != REDIRECT_MANUAL;
}

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

static int follow_redirect(struct transfer *t)
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
    hop_drop(t);
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

    if (t->why.reason) /* our own: a limit was reached, or every address was refused */
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
    int cut = rc == CURLE_WRITE_ERROR && !t->why.reason && transfer_goes_on(t); /* by on_body() */

    if (t->why.reason || (rc != CURLE_OK && !cut))
        (void)explain(t, rc);
    else if (transfer_goes_on(t) && follow_redirect(t) == 0)
        return;
    leave_running(t);
    finish_transfer(t);
}

/* ---- all of them */

static void start_waiting(struct transfers *all)
{
    while (all->waiting && all->count < TRANSFERS_MOST) {
        struct transfer *t = all->waiting;

        leave_waiting(t);
        if (start_hop(t) < 0) {
            finish_transfer(t);
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

void transfers_add(struct transfers *all, uint64_t id, int parts, struct json params)
{
    struct transfer *t = calloc(1, sizeof *t);
    uint64_t most = all->rules->numbers[FETCH_MAX_REQUEST_BODY];

    if (!t)
        abort(); /* out of memory; the run reports that the helper has ended */
    t->all = all;
    t->id = id;
    t->parts = parts;
    t->start_ns = monotonic_ns();
    t->response.most_body = all->rules->numbers[FETCH_MAX_BODY];
    if (request_read(&t->request, params, most, &t->why) == 0 &&
        target_read(&t->target, t->request.url.data, t->request.url.len, &t->why) == 0 &&
        all->held + t->request.body.len > TRANSFERS_MOST_HELD)
        refusal_set(&t->why, REASON_SIZE, "the requests under way take more than %u MiB together",
                    TRANSFERS_MOST_HELD >> 20);
    all->held += t->request.body.len;
    if (t->why.reason)
        finish_transfer(t);
    else
        wait_for_place(t);
}

static struct transfer *find_transfer(struct transfer *t, uint64_t id)
{
    while (t && t->id != id)
        t = t->next;
    return t;
}

void transfers_cancel(struct transfers *all, uint64_t id)
{
    struct transfer *running = find_transfer(all->running, id),
                    *waiting = running ? NULL : find_transfer(all->waiting, id);

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
