/* SPDX-License-Identifier: MIT */
#include "serve/tools.h"
#include "core/file.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "host/calls/approval.h"
#include "host/calls/call.h"
#include "host/calls/rpc_error.h"
#include "host/calls/tool_result.h"
#include "serve/run.h"

/* A request to the client, which is call->work until it is answered or cancelled. */
struct ask {
    struct peer *peer;
    struct call *call;
    uint64_t id;
    int approves;     /* 1: asks if the call may be made (tool/approve); 0: asks for its answer (tool/call) */
    struct ask *next; /* in the bucket */
};

#define NOT_ANSWERED "got no answer: the client has closed its end"

static struct ask **bucket(struct peer *p, uint64_t id)
{
    return &p->asks[id % PEER_BUCKETS];
}

/* Frees the request and returns its call, which is still to be settled. */
static struct call *forget_ask(struct ask *a)
{
    struct ask **at = bucket(a->peer, a->id);
    struct call *c = a->call;

    while (*at != a)
        at = &(*at)->next;
    *at = a->next;
    c->work = NULL;
    free(a);
    return c;
}

static void put_request(const struct ask *a, const struct run_op *op, struct buf *out)
{
    const struct call *c = a->call;
    struct json description = stub_option(c->stub, STUB_OPTION_DESCRIPTION);

    buf_printf(out, "{\"jsonrpc\":\"2.0\",\"id\":%" PRIu64 ",\"method\":\"%s\",\"params\":{\"runId\":", a->id,
               a->approves ? "tool/approve" : "tool/call");
    buf_add(out, op->request.id.data, op->request.id.len);
    buf_printf(out, ",\"callId\":%" PRIu64 ",\"name\":%s,\"args\":", c->serial, c->stub->path);
    buf_add(out, c->args.data, c->args.len);
    if (a->approves && description.at) {
        buf_str(out, ",\"description\":");
        json_compact(out, description.at, description.len);
    } else if (!a->approves && c->stub->timeout_ms)
        buf_printf(out, ",\"timeoutMs\":%" PRIu64, c->stub->timeout_ms);
    if (op->meta.len) {
        buf_str(out, ",\"meta\":");
        buf_add(out, op->meta.data, op->meta.len);
    }
    buf_str(out, "}}");
}

/* Sends the client a request about the call. NULL, or the reason why it cannot be sent. */
static const char *ask_client(struct run_op *op, struct call *c, int approves)
{
    struct peer *p = op->request.peer;
    AUTO_BUF struct buf out = {0};
    struct ask *a = p->state == PEER_OPEN ? calloc(1, sizeof *a) : NULL, **at;

    if (!a)
        return p->state == PEER_OPEN ? "could not be called: out of memory" : NOT_ANSWERED;
    events_flush(op); /* so that the client sees console lines and calls in order */
    *a = (struct ask){.peer = p, .call = c, .id = ++p->last_ask, .approves = approves};
    at = bucket(p, a->id);
    a->next = *at;
    *at = a;
    c->work = a;
    put_request(a, op, &out);
    if (peer_send(p, &out))
        return NULL;
    (void)forget_ask(a);
    return "was called with arguments that are longer than the client takes in one message";
}

void tools_ask(void *ctx, struct call *c)
{
    const char *why = ask_client(ctx, c, 0);

    if (why)
        caller_fail(c, why);
}

void approvals_ask(void *ctx, struct call *c)
{
    const char *why = ask_client(ctx, c, 1);

    if (why)
        approval_give(c, 0, why, strlen(why));
}

void tools_cancel(void *ctx, struct call *c)
{
    struct run_op *op = ctx;
    struct ask *a = c->work;
    AUTO_BUF struct buf out = {0};

    buf_printf(&out, "{\"jsonrpc\":\"2.0\",\"method\":\"$/cancelRequest\",\"params\":{\"id\":%" PRIu64 "}}",
               a->id);
    (void)forget_ask(a);
    if (op->request.peer->state == PEER_OPEN)
        (void)peer_send(op->request.peer, &out);
}

void approvals_cancel(void *op, struct call *c)
{
    tools_cancel(op, c);
}

/* ---- answers */

/* Fills call->output. 1: the call returns it, 0: the call throws it. */
static int take_result(struct call *c, struct json result)
{
    struct json value = json_member(result, "value"), mcp = json_member(result, "mcp");

    if (json_kind(result) != JSON_OBJECT || (value.at && mcp.at)) {
        buf_str(&c->output,
                "{\"name\":\"Error\",\"message\":\"the client answered with no {\\\"value\\\": ...}\"}");
        return 0;
    }
    if (mcp.at)
        return tool_result_unwrap(mcp, &c->output);
    if (value.at)
        buf_add(&c->output, value.at, value.len);
    return 1;
}

/* Takes the client's decision about a call. An error instead of a result denies the call. */
static void approve(struct call *c, const struct message *m)
{
    struct json message = json_member(m->error.at ? m->error : (struct json){"{}", 2}, "message");
    AUTO_BUF struct buf text = {0};

    if (!m->error.at) {
        approval_read(c, m->result);
        return;
    }
    if (message.at && json_kind(message) == JSON_STRING)
        json_decode(&text, message);
    approval_give(c, 0, text.failed ? NULL : text.data, text.failed ? 0 : text.len);
}

void tools_answered(struct peer *p, const struct message *m)
{
    struct ask *a = NULL;
    struct call *c;
    uint64_t id;
    int ok = 0, approves;

    if (m->id.at && json_whole_number(m->id, UINT64_MAX >> 11, &id) == 0)
        for (a = *bucket(p, id); a && a->id != id;)
            a = a->next;
    if (!a)
        return; /* a late or second answer, or an unknown id */
    approves = a->approves;
    c = forget_ask(a);
    if (approves) {
        approve(c, m);
        return;
    }
    if (m->error.at)
        rpc_error_thrown(&c->output, m->error);
    else
        ok = take_result(c, m->result);
    caller_answer(c, ok);
}

static void reject(struct ask *a)
{
    int approves = a->approves;
    struct call *c = forget_ask(a);

    if (approves)
        approval_give(c, 0, NOT_ANSWERED, sizeof NOT_ANSWERED - 1);
    else
        caller_fail(c, NOT_ANSWERED);
}

void tools_reject_all(struct peer *p)
{
    for (size_t i = 0; i < PEER_BUCKETS; i++)
        while (p->asks[i])
            reject(p->asks[i]);
}
