/* SPDX-License-Identifier: MIT */
/* Programs that answer many calls: JSON-RPC 2.0, one message a line, started with the first call. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/call.h"
#include "host/fetch.h"

/* What stands around a result in its line. */
#define LINE_SLACK (64u << 10)

struct service {
    struct service *next;
    struct bridge *bridge;
    const struct stub *stub; /* the first that wanted it: how it is started */
    struct process *process; /* NULL: it has ended; the next call starts it anew */
    struct queue calls;      /* sent and not answered */
    struct buf line;         /* what has come of the next message */
    uint64_t last_id;
};

/* ---- answers */

static struct call *find_call(struct service *s, struct json id)
{
    uint64_t number;

    if (!id.at || json_whole_number(id, UINT32_MAX, &number) < 0)
        return NULL;
    for (struct call *c = s->calls.first; c; c = c->next)
        if (c->id == number)
            return c;
    return NULL; /* answered twice, too late, or never asked */
}

static void put_member(struct buf *out, const char *key, struct json value)
{
    if (value.at) {
        buf_printf(out, "%s\"%s\":", out->len > 1 ? "," : "", key);
        buf_add(out, value.at, value.len);
    }
}

/* The error of JSON-RPC as the sandbox wants it: name, message, and properties. */
static void describe_error(struct buf *out, struct json error)
{
    struct json data = json_member(error, "data"), message = json_member(error, "message"), key, value;
    struct json name = json_member(data, "name");

    if (json_kind(error) == JSON_STRING) /* against the standard, but clear enough */
        message = error;
    buf_byte(out, '{');
    put_member(out, "message", message.at ? message : json_member(data, "message"));
    put_member(out, "code", json_member(error, "code"));
    if (name.at && json_kind(name) == JSON_STRING)
        put_member(out, "name", name);
    if (data.at && json_kind(data) != JSON_OBJECT)
        put_member(out, "data", data);
    for (struct json_walk w = json_walk(data); w.members && json_next(&w, &key, &value);) {
        if (json_is(key, "name") || json_is(key, "message"))
            continue;
        buf_str(out, out->len > 1 ? "," : "");
        buf_add(out, key.at, key.len);
        buf_byte(out, ':');
        buf_add(out, value.at, value.len);
    }
    buf_byte(out, '}');
}

/* What a call fails with that its program does not answer: for the web a failed fetch is a TypeError. */
static const char *failure_of(const struct call *c)
{
    return c->stub->kind == STUB_FETCH ? "TypeError" : "Error";
}

/* What the program that fetches says about a call besides its answer. */
static void take_note(struct call *c, struct json log, struct json error)
{
    if (log.at && json_kind(log) == JSON_STRING)
        bridge_note(c->bridge, log);
    if (error.at && json_member(json_member(error, "data"), "blocked").at)
        bridge_call_blocked(c);
}

/* A line of the program's: whatever is no answer to a call under way is let go. */
static void take_line(struct service *s, const char *line, size_t len)
{
    struct json message, result, error;
    struct call *c;

    if (json_check(line, len, NULL, NULL) < 0)
        return;
    message = json_whole(line, len);
    result = json_member(message, "result");
    error = json_member(message, "error");
    c = find_call(s, json_member(message, "id"));
    if (!c)
        return;
    if (s->stub->kind == STUB_FETCH)
        take_note(c, json_member(message, "log"), error);
    queue_remove(&s->calls, c);
    c->service = NULL;
    if (error.at && json_kind(error) == JSON_NULL) /* as JSON-RPC 1.0 has it */
        error.at = NULL;
    if (!result.at && !error.at) {
        call_fail(c, "Error", NULL, "was answered with neither a result nor an error");
        return;
    }
    if (error.at)
        describe_error(&c->output, error);
    else
        buf_add(&c->output, result.at, result.len);
    if (c->output.failed)
        call_fail(c, "Error", NULL, "answered with more than there is memory for");
    else if (bridge_hold(s->bridge, (int64_t)c->output.len) == 0)
        call_answer(c, !error.at, c->output.data, c->output.len);
    else
        call_answer(c, 0, "{}", 2);
}

static void on_output(void *ctx, const char *data, size_t len)
{
    struct service *s = ctx;
    const char *end;

    while ((end = memchr(data, '\n', len))) {
        size_t n = (size_t)(end - data);

        if (s->line.len) {
            buf_add(&s->line, data, n);
            take_line(s, s->line.data, s->line.len);
            buf_reset(&s->line);
        } else {
            take_line(s, data, n);
        }
        data += n + 1;
        len -= n + 1;
    }
    buf_add(&s->line, data, len);
    if (s->line.failed || s->line.len > bridge_result_limit(s->bridge) + LINE_SLACK) {
        bridge_result_too_large(s->bridge, s->stub);
        process_abandon(s->process);
    }
}

/* Why the calls under way get no answer. */
static void explain_end(char *to, size_t size, const struct process_end *end)
{
    char words[2048];

    process_last_words(words, sizeof words, end);
    if (end->failed)
        snprintf(to, size, "%s", end->failed);
    else if (end->signal)
        snprintf(to, size, "got no answer: its program was ended by signal SIG%s%s",
                 sigabbrev_np(end->signal), words);
    else
        snprintf(to, size, "got no answer: its program ended with exit status %" PRId64 "%s",
                 end->exit_status, words);
}

static void on_end(void *ctx, const struct process_end *end)
{
    struct service *s = ctx;
    struct bridge *b = s->bridge;
    struct call *c;
    char why[2300];

    s->process = NULL;
    buf_reset(&s->line);
    explain_end(why, sizeof why, end);
    while ((c = queue_take(&s->calls))) {
        c->service = NULL;
        call_fail(c, failure_of(c), NULL, "%s", why);
    }
    bridge_program(b, -1);
}

/* ---- calls */

static struct service *find_service(struct service **services, const struct call *c)
{
    struct service *s;

    for (s = *services; s; s = s->next)
        if (process_same(s->stub, c->stub))
            return s;
    s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->bridge = c->bridge;
    s->stub = c->stub;
    queue_init(&s->calls);
    s->next = *services;
    *services = s;
    return s;
}

static void send_request(struct service *s, struct call *c)
{
    struct json method = c->stub->options[STUB_OPTION_METHOD];
    struct buf line = {0};

    buf_printf(&line, "{\"jsonrpc\":\"2.0\",\"id\":%" PRIu64 ",\"method\":", c->id);
    if (s->stub->kind == STUB_FETCH)
        buf_str(&line, "\"fetch\"");
    else if (method.at)
        buf_add(&line, method.at, method.len);
    else
        buf_str(&line, c->stub->path);
    buf_str(&line, ",\"params\":");
    buf_add(&line, c->args.data, c->args.len);
    buf_str(&line, "}\n");
    if (!line.failed)
        process_write(s->process, line.data, line.len);
    buf_free(&line);
    /* What it does not read stays in memory, also when its calls have timed out. */
    (void)bridge_room(s->bridge, process_backlog(s->process));
}

/* The program that fetches gets its rules as its first line, secrets included: neither its arguments nor its
 * environment, which others can read. */
static int start_fetch(struct service *s, const struct process_events *events, struct iso_err *err)
{
    struct buf rules = {0};
    int rc = fetch_rules_message(s->stub, &rules, err);

    if (rc == 0)
        rc = process_start_own(bridge_loop(s->bridge), bridge_fetch_program(s->bridge), events, &s->process,
                               err);
    if (rc == 0)
        process_write(s->process, rules.data, rules.len);
    if (rules.data)
        explicit_bzero(rules.data, rules.size);
    buf_free(&rules);
    return rc;
}

static int start_program(struct service *s, struct iso_err *err)
{
    struct process_events events = {on_output, on_end, s};

    return s->stub->kind == STUB_FETCH
               ? start_fetch(s, &events, err)
               : process_start(bridge_loop(s->bridge), s->stub, &events, &s->process, err);
}

void service_call(struct service **services, struct call *c)
{
    struct service *s = find_service(services, c);
    struct iso_err err;

    if (!s) {
        call_fail(c, "Error", NULL, "could not be started: out of memory");
        return;
    }
    if (!s->process) {
        if (start_program(s, &err) < 0) {
            call_fail(c, failure_of(c), NULL, "%s", err.msg);
            return;
        }
        bridge_program(c->bridge, 1);
    }
    c->service = s;
    c->id = ++s->last_id;
    queue_add(&s->calls, c);
    send_request(s, c);
}

/* The answer, should it still come, finds nobody. A transfer of fetch ends. */
void service_cancel(struct call *c)
{
    struct service *s = c->service;
    char line[100];

    queue_remove(&s->calls, c);
    c->service = NULL;
    if (s->stub->kind != STUB_FETCH || !s->process)
        return;
    snprintf(line, sizeof line, "{\"jsonrpc\":\"2.0\",\"method\":\"cancel\",\"params\":[%" PRIu64 "]}\n",
             c->id);
    process_write(s->process, line, strlen(line));
}

struct call *service_find_fetch(struct service *services, uint32_t number)
{
    for (struct service *s = services; s; s = s->next)
        for (struct call *c = s->stub->kind == STUB_FETCH ? s->calls.first : NULL; c; c = c->next)
            if (c->number == number)
                return c;
    return NULL;
}

void services_stop(struct service *services)
{
    struct call *c;

    for (struct service *s = services; s; s = s->next) {
        while ((c = queue_take(&s->calls)))
            call_free(c);
        if (s->process)
            process_abandon(s->process);
    }
}

void services_free(struct service *services)
{
    for (struct service *s = services, *next; s; s = next) {
        next = s->next;
        buf_free(&s->line);
        free(s);
    }
}
