/* SPDX-License-Identifier: MIT */
#include "serve/run.h"
#include "core/file.h"

#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "host/result/fit.h"
#include "serve/reply.h"
#include "serve/tools.h"

struct run_op *op_next(const struct run_op *op)
{
    return op->beside;
}

/* ---- the answer */

/* Adds members before the end of the RunResult, which is a JSON object. */
static void add_members(struct run_op *op, struct buf *out)
{
    uint64_t until = op->started_ns ? op->started_ns : monotonic_ns();

    if (!out->failed && out->len)
        out->len--;
    if (!op->without_record)
        recorded_print(&op->spec.recorded, out);
    result_print_ms(out, "queueMs", until - op->asked_ns);
    if (op->meta.len) {
        buf_str(out, ",\"meta\":");
        buf_add(out, op->meta.data, op->meta.len);
    }
    buf_byte(out, '}');
}

static void print_answer(struct run_op *op, const struct run_result *result, struct buf *out)
{
    struct result_print how = {
        .sources = &op->spec.source,
        .count = op->spec.no_source || !op->spec.source.name ? 0 : 1,
        .imports = op->spec.own_globals ? &op->spec.declared.imports : &op->handle->declared.imports,
        .globals = op->spec.own_globals ? &op->spec.declared.globals : &op->handle->declared.globals,
        .skipping = (op->handle->server->cfg->flags & JOB_SKIP_UNSERIALIZABLE) != 0,
    };

    reply_begin(out, request_id(&op->request));
    if (result_print(result, &how, out) < 0)
        out->failed = 1;
    add_members(op, out);
    buf_byte(out, '}');
}

/* Empties a list of JSON items with commas between; returns the number of items. */
static size_t drop_items(struct buf *items)
{
    AUTO_BUF struct buf list = {0};

    buf_byte(&list, '[');
    buf_add(&list, items->len ? items->data : "", items->len);
    buf_byte(&list, ']');
    buf_reset(items);
    return list.failed ? 0 : json_count((struct json){list.data, list.len});
}

/* Makes the result a failure without console entries and calls, which is short enough to be sent. */
static void shorten(struct run_result *result)
{
    result_fail(result, ISO_EXPORT_TOO_LARGE,
                "the result is longer than the client takes in one message (limits.maxMessageBytes)");
    for (int stream = 0; stream < 2; stream++)
        result->dropped[stream] += drop_items(&result->streams[stream]);
    result->unlisted_calls += drop_items(&result->calls);
}

static void unlink_op(struct run_op *op)
{
    *op->at = op->beside;
    if (op->beside)
        op->beside->at = op->at;
}

static void free_op(struct run_op *op)
{
    handle_release(op->handle);
    spec_free(&op->spec);
    buf_free(&op->text);
    buf_free(&op->meta);
    buf_free(&op->items);
    free(op);
}

static void finish_op(struct run_op *op, struct run_result *result)
{
    struct peer *p = op->request.peer;
    struct iso_err err;
    AUTO_BUF struct buf out = {0};

    events_flush(op);
    result_fit(result, op->spec.limits.value[LIMIT_OUTPUT], NULL);
    op->state = OP_OVER;
    op->without_record = recorded_end(&op->spec.recorded, result, &err) < 0; /* -1: out of memory */
    if (p->state != PEER_GONE) {
        print_answer(op, result, &out);
        if (out.len >= p->longest) { /* the line break is still to be added */
            buf_free(&out);
            shorten(result);
            op->without_record = 1;
            print_answer(op, result, &out);
        }
        reply_send(p, request_id(&op->request), &out);
    }
    unlink_op(op);
    request_end(&op->request);
    free_op(op);
    peer_settle(p);
}

static void on_op_done(struct pool_task *task, struct run_result *result)
{
    struct run_op *op = (struct run_op *)task;
    struct server *s = op->handle->server;

    s->handed--;
    finish_op(op, result);
    server_schedule(s);
}

/* Answers a run that was never given to a pool. */
static void finish_unstarted(struct run_op *op, const struct iso_err *err)
{
    struct run_result result;

    result_init(&result, &op->spec.limits);
    result_fail(&result, err->code, err->msg);
    finish_op(op, &result);
    result_free(&result);
}

/* ---- starting */

static void on_started(void *ctx)
{
    struct run_op *op = ctx;

    if (op->started_ns)
        return; /* the server tries again later */
    op->started_ns = monotonic_ns();
    events_started(op);
    if (op->request.peer->blocked)
        op_hold(op, 1);
}

void op_start(struct run_op *op)
{
    struct run_request *q = &op->task.request;

    op->state = OP_HANDED;
    *q = handle_request(op->handle);
    spec_request(&op->spec, &op->handle->declared, q);
    q->caller = &op->caller;
    q->label = request_id(&op->request);
    q->on_started = on_started;
    q->on_console = op->events & EVENTS_CONSOLE ? events_console : NULL;
    q->on_call = op->events & EVENTS_CALL ? events_call : NULL;
    op->task.done = on_op_done;
    op->handle->server->handed++;
    pool_add(op->handle->warm->pool, &op->task);
}

int op_may_start(const struct run_op *op)
{
    return !op->request.peer->blocked;
}

void op_hold(struct run_op *op, int hold)
{
    if (op->state == OP_HANDED)
        pool_hold(&op->task, hold);
}

/* ---- cancelling */

static void leave_queue(struct run_op *op)
{
    struct server *s = op->handle->server;
    struct run_op **at = &s->first;

    while (*at != op)
        at = &(*at)->next;
    *at = op->next;
    if (!*at)
        s->end = at;
    s->queued--;
    s->queued_bytes -= op->bytes;
}

static void cancel_op(struct run_op *op)
{
    struct iso_err err;

    if (op->cancelled || op->state == OP_OVER)
        return;
    op->cancelled = 1;
    if (op->state == OP_HANDED) {
        pool_cancel(op->handle->warm->pool, &op->task);
        return;
    }
    leave_queue(op);
    iso_fail(&err, ISO_ABORTED, "the run was cancelled before it began");
    finish_unstarted(op, &err);
}

static void cancel_request(struct request *request)
{
    cancel_op((struct run_op *)((char *)request - offsetof(struct run_op, request)));
}

/* Cancels all runs. Cancelling one may end others, so the loop starts again after each. */
void ops_cancel_all(struct peer *p)
{
    struct run_op *op;

    do {
        for (op = p->runs; op && (op->cancelled || op->state == OP_OVER); op = op->beside)
            ;
        if (op)
            cancel_op(op);
    } while (op);
}

/* ---- the request */

enum { P_HANDLE, P_EVENTS, P_META, P_APPROVE, P_COUNT };
static const struct param run_params[P_COUNT] = {
    [P_HANDLE] = {"handle", PARAM_STRING, 0},
    [P_EVENTS] = {"events", PARAM_ARRAY, 0},
    [P_META] = {"meta", PARAM_ANY, 0},
    [P_APPROVE] = {"approve", PARAM_STRING, 0},
};

static int take_events(struct run_op *op, struct json events, struct fault *fault)
{
    struct json one;

    for (struct json_walk w = json_walk(events); json_next(&w, NULL, &one);) {
        if (json_kind(one) == JSON_STRING && json_is(one, "console"))
            op->events |= EVENTS_CONSOLE;
        else if (json_kind(one) == JSON_STRING && json_is(one, "call"))
            op->events |= EVENTS_CALL;
        else
            return fault_set(fault, "events", "events holds \"console\" and \"call\"");
    }
    return 0;
}

/* Sets who decides about calls that need approval: the param `approve` says it; without it, the client decides if it
 * can, and else such calls are denied. */
static int take_approve(struct run_op *op, struct json how, const struct peer *p, struct fault *fault)
{
    struct approver *a = &op->approver;

    *a = (struct approver){.ask = approvals_ask, .cancel = approvals_cancel, .ctx = op};
    if (!how.at || json_is(how, "ask"))
        a->what = p->answers_approvals ? APPROVE_ASK : APPROVE_DENY;
    else if (json_is(how, "allow"))
        a->what = APPROVE_ALLOW;
    else if (json_is(how, "pause"))
        a->what = APPROVE_PAUSE;
    else if (!json_is(how, "deny"))
        return fault_set(fault, "approve", "approve is \"ask\", \"allow\", \"deny\" or \"pause\"");
    if (!p->answers_approvals && a->what == APPROVE_DENY)
        a->why_denied = "the client does not answer approvals";
    return 0;
}

static int take_spec_members(struct spec_members *members, struct json params, struct fault *fault)
{
    struct spec_fault wrong = {0};
    struct json key, value;

    for (struct json_walk w = json_walk(params); params.at && json_next(&w, &key, &value);)
        if (spec_take(members, key, value, &wrong) < 0) {
            fault->err = wrong.err;
            return fault_set(fault, wrong.member, "%s", wrong.err.msg);
        }
    return 0;
}

/* Reads the run. 0; -1: invalid params; -2: a run that fails before it begins, *err. */
static int read_spec(struct run_op *op, struct json params, struct fault *fault)
{
    struct spec_base base = {.limits = op->handle->limits,
                             .most = &op->handle->server->cfg->most,
                             .no_files = op->handle->server->cfg->no_files,
                             .has_prefix = !op->handle->warm->is_base,
                             .ways = &op->handle->ways,
                             .answered = op->handle->server->cfg->answered,
                             .approver = &op->approver,
                             .shared = &op->handle->declared,
                             .flags = op->handle->server->cfg->flags,
                             .snapshot_fd = op->handle->warm->is_base ? -1 : op->handle->warm->snapshot.fd,
                             .v8 = op->handle->warm->snapshot.view.made_with.v8,
                             .ctx = op->handle};
    struct spec_members members = {0};
    struct spec_fault wrong = {0};

    if (take_spec_members(&members, params, fault) < 0)
        return -1;
    if (members.globals.at) { /* copied, because they are needed after the line is freed */
        buf_add(&op->text, members.globals.at, members.globals.len);
        if (op->text.failed)
            return fault_set(fault, NULL, "out of memory");
        members.globals.at = op->text.data;
    }
    base.complete = handle_complete;
    if (!op->handle->warm->is_base ||
        (op->handle->declared.globals.count && op->handle != op->handle->server->base))
        base.declare = handle_declare;
    if (spec_read(&op->spec, &members, &base, "globals", op->text.data, &wrong) == 0)
        return 0;
    fault->err = wrong.err;
    snprintf(fault->path, sizeof fault->path, "%s", wrong.member ? wrong.member : "");
    return iso_code_exit(wrong.err.code) == 1 ? -2 : -1;
}

static struct run_op *new_op(struct peer *p, struct json params, struct fault *fault)
{
    struct run_op *op = calloc(1, sizeof *op);
    struct json found[P_COUNT];

    *fault = (struct fault){0};
    if (!op) {
        iso_fail(&fault->err, ISO_INTERNAL, "out of memory");
        return NULL;
    }
    op->asked_ns = monotonic_ns();
    op->caller = (struct caller){tools_ask, tools_cancel, op};
    if (params_read(run_params, P_COUNT, params, found, fault) < 0 ||
        take_events(op, found[P_EVENTS], fault) < 0 || take_approve(op, found[P_APPROVE], p, fault) < 0 ||
        !(op->handle = handle_named(p, found[P_HANDLE], fault))) {
        free(op);
        return NULL;
    }
    if (found[P_META].at)
        buf_add(&op->meta, found[P_META].at, found[P_META].len);
    return op;
}

static void enqueue(struct run_op *op, size_t bytes)
{
    struct server *s = op->handle->server;

    op->bytes = bytes;
    *s->end = op;
    s->end = &op->next;
    s->queued++;
    s->queued_bytes += bytes;
    server_schedule(s);
}

static void link_op(struct run_op *op, struct peer *p)
{
    op->at = &p->runs;
    op->beside = p->runs;
    if (p->runs)
        p->runs->at = &op->beside;
    p->runs = op;
}

static int is_queue_full(const struct server *s, size_t bytes)
{
    return s->queued >= SERVE_MOST_QUEUED || s->queued_bytes + bytes > SERVE_MOST_QUEUED_BYTES;
}

void method_run(struct peer *p, const struct message *m)
{
    struct fault fault;
    struct run_op *op;
    int rc;

    if (is_queue_full(p->server, m->params.len)) {
        reply_queue_full(p, m->id, "too many runs wait: send this one again when others have ended");
        return;
    }
    op = new_op(p, m->params, &fault);
    if (!op) {
        reply_failure(p, m->id, fault.path, &fault.err);
        return;
    }
    rc = read_spec(op, m->params, &fault);
    if (rc == -1 || request_begin(&op->request, p, m->id, cancel_request) < 0) {
        if (rc == -1)
            reply_failure(p, m->id, fault.path, &fault.err);
        free_op(op);
        return;
    }
    link_op(op, p);
    if (rc == 0)
        enqueue(op, m->params.len);
    else
        finish_unstarted(op, &fault.err);
}
