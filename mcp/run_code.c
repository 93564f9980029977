/* SPDX-License-Identifier: MIT */
/* run_code: runs code in a fork of the warm process, and describes the result for a model. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/file.h"
#include "host/calls/bridge.h"
#include "host/result/fit.h"
#include "host/run/stripper.h"
#include "mcp/mcp.h"

#define PROGRESS_NS 1000000000u
/* Calls that a reply lists. */
#define MOST_CALLS 30

struct code_run {
    struct pool_task task;  /* the first member */
    struct request request; /* request.peer is the client */
    struct toolbox *toolbox;
    struct handle *handle; /* this run is one of its users */
    struct source source;  /* owned */
    struct limits limits;
    int modern, cancelled;
    struct buf token; /* of progress, a JSON value; empty: none is wanted */
    uint64_t told_ns, calls;
    size_t bytes; /* of the code */
    struct code_run *next, **at;
};

/* ---- progress */

static void on_code_call(void *ctx, const struct bridge_call_event *event)
{
    struct code_run *r = ctx;
    AUTO_BUF struct buf out = {0};
    uint64_t now = monotonic_ns();

    r->calls += event->over != 0;
    if (!event->over || !r->token.len || r->cancelled || (r->told_ns && now - r->told_ns < PROGRESS_NS))
        return;
    r->told_ns = now;
    r->task.observed = 1;
    buf_str(&out,
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":");
    buf_add(&out, r->token.data, r->token.len);
    buf_printf(&out, ",\"progress\":%" PRIu64 ",\"message\":%s}}", r->calls, event->name);
    (void)peer_send(r->request.peer, &out);
}

/* ---- the reply */

/* The value of a reply: x for `{"default": x}`; none without exports. */
static struct json value_in(struct json exports)
{
    struct json only = json_member(exports, "default");

    if (!exports.at || json_count(exports) == 0)
        return (struct json){0};
    return only.at && json_count(exports) == 1 ? only : exports;
}

/* Appends `,"name":value` for the members that a result has, the first one without the comma. */
static void put_members(struct buf *out, struct json from, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct json v = json_member(from, names[i]);

        if (!v.at)
            continue;
        buf_printf(out, "%s\"%s\":", out->data[out->len - 1] == '{' ? "" : ",", names[i]);
        buf_add(out, v.at, v.len);
    }
}

/* Appends the calls with their outcomes. */
static void put_code_calls(struct buf *out, struct json calls)
{
    struct json one;
    size_t count = 0;

    buf_byte(out, '[');
    for (struct json_walk w = json_walk(calls); count < MOST_CALLS && json_next(&w, NULL, &one); count++) {
        struct json name = json_member(one, "name"), ok = json_member(one, "ok"),
                    ms = json_member(one, "durationMs");

        buf_printf(out, "%s{\"name\":%.*s", count ? "," : "", (int)(name.len < 300 ? name.len : 0), name.at);
        if (name.len >= 300)
            buf_str(out, "\"\"");
        buf_printf(out, ",\"ok\":%.*s,\"durationMs\":%.*s}", (int)ok.len, ok.at, (int)ms.len, ms.at);
    }
    buf_byte(out, ']');
    if (count < json_count(calls))
        buf_printf(out, ",\"moreCalls\":%zu", json_count(calls) - count);
}

/* The result has been cut to the budget already: host/result/fit.h. */
static void put_structured(struct buf *out, struct json result, struct json value)
{
    static const char *const streams[] = {"stdout", "stderr"}, *const cut[] = {"truncated"};
    static const char *const of_error[] = {"code", "name", "message", "line", "column", "frame", "hint"};
    struct json ok = json_member(result, "ok"), error = json_member(result, "error");

    buf_printf(out, "{\"ok\":%.*s", (int)ok.len, ok.at);
    if (value.at) {
        buf_str(out, ",\"value\":");
        buf_add(out, value.at, value.len);
    }
    put_members(out, result, streams, 2);
    if (error.at) {
        buf_str(out, ",\"error\":{");
        put_members(out, error, of_error, sizeof of_error / sizeof *of_error);
        buf_byte(out, '}');
    }
    buf_str(out, ",\"calls\":");
    put_code_calls(out, json_member(result, "bridgeCalls"));
    put_members(out, result, cut, 1);
    buf_byte(out, '}');
}

/* ---- the same for a reader */

static void put_text_of(struct buf *out, const char *before, struct json v, const char *after)
{
    if (!v.at)
        return;
    buf_str(out, before);
    if (json_kind(v) == JSON_STRING)
        json_string_to_text(out, v.at, v.len);
    else
        buf_add(out, v.at, v.len);
    buf_str(out, after);
}

static void put_console(struct buf *out, const char *title, struct json lines)
{
    struct json one;

    for (struct json_walk w = json_walk(lines); json_next(&w, NULL, &one); title = "")
        put_text_of(out, title, one, "\n");
}

static void put_call_lines(struct buf *out, struct json calls)
{
    const char *title = "Calls:\n";
    struct json one;

    for (struct json_walk w = json_walk(calls); json_next(&w, NULL, &one); title = "") {
        struct json ok = json_member(one, "ok");

        put_text_of(out, title, json_member(one, "name"),
                    ok.at && *ok.at == 't' ? ": done\n" : ": failed, or open\n");
    }
}

static void put_reading(struct buf *out, struct json told)
{
    struct json error = json_member(told, "error"), value = json_member(told, "value");

    if (error.at) {
        put_text_of(out, "", json_member(error, "code"), ": ");
        put_text_of(out, "", json_member(error, "name"), ": ");
        put_text_of(out, "", json_member(error, "message"), "\n");
        put_text_of(out, "", json_member(error, "frame"), "\n");
        put_text_of(out, "Hint: ", json_member(error, "hint"), "\n");
        put_call_lines(out, json_member(told, "calls"));
    } else {
        put_text_of(out, "", value, "\n");
    }
    put_console(out, "Console:\n", json_member(told, "stdout"));
    put_console(out, "Console (errors):\n", json_member(told, "stderr"));
    if (!out->len)
        buf_str(out, "The code returned nothing and printed nothing.\n");
}

/* ---- the end */

static void print(const struct code_run *r, const struct run_result *result, struct buf *out)
{
    struct result_print how = {.sources = &r->source,
                               .count = 1,
                               .imports = &r->handle->declared.imports,
                               .globals = &r->handle->declared.globals};
    AUTO_BUF struct buf whole = {0}, told = {0}, text = {0};
    struct asked a = {r->request.peer, r->toolbox, request_id(&r->request), r->modern};
    struct json json;

    if (result_print(result, &how, &whole) < 0) {
        out->failed = 1;
        return;
    }
    json = json_whole(whole.data, whole.len);
    put_structured(&told, json, value_in(json_member(json, "exports")));
    if (!told.failed)
        put_reading(&text, json_whole(told.data, told.len));
    clamp_text(&text, MCP_MOST_TOLD);
    answer_begin(out, &a);
    buf_str(out, "\"content\":[{\"type\":\"text\",\"text\":");
    json_quote(out, text.data, text.len);
    buf_str(out, "}],\"structuredContent\":");
    buf_add(out, told.data, told.len);
    buf_printf(out, ",\"isError\":%s", result->code == ISO_OK ? "false" : "true");
    out->failed |= told.failed | text.failed;
}

static void free_run(struct code_run *r)
{
    handle_release(r->handle);
    source_free(&r->source);
    buf_free(&r->token);
    free(r);
}

static void on_done(struct pool_task *task, struct run_result *result)
{
    struct code_run *r = (struct code_run *)task;
    struct peer *p = r->request.peer;
    struct asked a = {p, r->toolbox, request_id(&r->request), r->modern};
    AUTO_BUF struct buf out = {0};

    if (!r->cancelled && p->state != PEER_GONE) {
        result_fit(result, r->limits.value[LIMIT_OUTPUT] ? r->limits.value[LIMIT_OUTPUT] : MCP_MOST_TOLD,
                   NULL);
        print(r, result, &out);
        answer_send(&out, &a, 0);
    }
    *r->at = r->next;
    if (r->next)
        r->next->at = r->at;
    p->server->queued_bytes -= r->bytes;
    request_end(&r->request);
    free_run(r);
    peer_settle(p);
}

static void cancel_code_run(struct request *request)
{
    struct code_run *r = (struct code_run *)((char *)request - offsetof(struct code_run, request));

    if (r->cancelled)
        return;
    r->cancelled = 1;
    pool_cancel(r->handle->warm->pool, &r->task);
}

/* Cancels all runs. A run may end at once, so the loop starts again after each. */
void runs_cancel_all(struct peer *p)
{
    struct toolbox *t = p->server->cfg->ctx;
    struct code_run *r;

    do {
        for (r = t->runs; r && r->cancelled; r = r->next)
            ;
        if (r)
            cancel_code_run(&r->request);
    } while (r);
    stripper_close(t->stripper);
    t->stripper = NULL;
}

/* ---- the beginning */

enum { C_CODE, C_TIMEOUT, C_COUNT };
static const struct param code_params[C_COUNT] = {
    [C_CODE] = {"code", PARAM_STRING, 1},
    [C_TIMEOUT] = {"timeoutMs", PARAM_NUMBER, 0},
};

static int take_source(struct code_run *r, struct json code)
{
    json_decode(&r->source.text, code);
    r->source.name = strdup("agent.js");
    return r->source.text.failed || !r->source.name ? -1 : 0;
}

/* Takes the timeout of the request, at most the limit of the command line. */
static int take_timeout(struct code_run *r, struct json timeout)
{
    uint64_t ms, *wall = &r->limits.value[LIMIT_WALL];

    if (!timeout.at)
        return 0;
    if (json_whole_number(timeout, ISO_MAX_MS, &ms) < 0 || ms == 0)
        return -1;
    if (!*wall || ms < *wall)
        *wall = ms;
    return 0;
}

static void start(struct code_run *r)
{
    struct run_request *q = &r->task.request;

    *q = handle_request(r->handle);
    q->stripper = r->toolbox->stripper;
    q->limits = r->limits;
    q->sources = &r->source;
    q->count = 1;
    q->globals = &r->handle->declared.globals;
    q->imports = &r->handle->declared.imports;
    q->on_call = r->token.len ? on_code_call : NULL;
    r->task.done = on_done;
    pool_add(r->handle->warm->pool, &r->task);
}

static int open_stripper(const struct asked *a)
{
    const struct serve_config *cfg = a->peer->server->cfg;
    struct stripper_config how = {
        .paths = cfg->paths,
        .limits = cfg->limits,
        .jobs = cfg->jobs,
        .forks = 1,
        .jitless = cfg->jitless,
        .strict = cfg->strict,
    };

    if (!a->toolbox->stripper)
        a->toolbox->stripper = stripper_open(&a->peer->server->loop, &how);
    return a->toolbox->stripper ? 0 : -1;
}

static struct code_run *new_run(const struct asked *a, const struct json *found, struct json meta,
                                struct iso_err *err)
{
    struct json token = json_member(meta, "progressToken");
    struct code_run *r = calloc(1, sizeof *r);

    iso_fail(err, ISO_INTERNAL, "out of memory");
    if (!r || open_stripper(a) < 0 || !(r->handle = handle_base(a->peer->server, err))) {
        free(r);
        return NULL;
    }
    r->toolbox = a->toolbox;
    r->modern = a->modern;
    r->limits = r->handle->limits;
    if (token.at && message_is_id(token))
        buf_add(&r->token, token.at, token.len);
    if (take_source(r, found[C_CODE]) == 0 && take_timeout(r, found[C_TIMEOUT]) == 0)
        return r;
    if (r->source.name)
        iso_fail(err, ISO_USAGE, "timeoutMs takes a whole number of milliseconds, from 1");
    free_run(r);
    return NULL;
}

void tool_run_code(const struct asked *a, struct json arguments, struct json meta)
{
    struct server *s = a->peer->server;
    struct json found[C_COUNT];
    struct fault fault;
    struct iso_err err;
    struct code_run *r;

    if (params_read(code_params, C_COUNT, arguments, found, &fault) < 0) {
        answer_fault(a, "%s", fault.err.msg);
        return;
    }
    if (a->peer->open_requests >= SERVE_MOST_QUEUED ||
        s->queued_bytes + found[C_CODE].len > SERVE_MOST_QUEUED_BYTES) {
        answer_fault(a, "too many runs wait: try again when others have ended");
        return;
    }
    if (!(r = new_run(a, found, meta, &err))) {
        answer_fault(a, "%s", err.msg);
        return;
    }
    if (request_begin(&r->request, a->peer, a->id, cancel_code_run) < 0) {
        free_run(r);
        return;
    }
    r->bytes = found[C_CODE].len;
    s->queued_bytes += r->bytes;
    r->at = &a->toolbox->runs;
    if ((r->next = *r->at))
        r->next->at = &r->next;
    *r->at = r;
    start(r);
}
