/* SPDX-License-Identifier: MIT */
#include "serve/tools.h"
#include "core/file.h"

#include <inttypes.h>
#include <stdlib.h>

#include "host/calls/call.h"
#include "host/calls/rpc_error.h"
#include "host/calls/tool_result.h"
#include "serve/run.h"

/* A request to the client, which is call->work until it is answered or cancelled. */
struct ask {
    struct peer *peer;
    struct call *call;
    uint64_t id;
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

    buf_printf(out, "{\"jsonrpc\":\"2.0\",\"id\":%" PRIu64 ",\"method\":\"tool/call\",\"params\":{\"runId\":",
               a->id);
    buf_add(out, op->request.id.data, op->request.id.len);
    buf_printf(out, ",\"callId\":%" PRIu64 ",\"name\":%s,\"args\":", c->serial, c->stub->path);
    buf_add(out, c->args.data, c->args.len);
    if (c->stub->timeout_ms)
        buf_printf(out, ",\"timeoutMs\":%" PRIu64, c->stub->timeout_ms);
    if (op->meta.len) {
        buf_str(out, ",\"meta\":");
        buf_add(out, op->meta.data, op->meta.len);
    }
    buf_str(out, "}}");
}

void tools_ask(void *ctx, struct call *c)
{
    struct run_op *op = ctx;
    struct peer *p = op->request.peer;
    AUTO_BUF struct buf out = {0};
    struct ask *a = p->state == PEER_OPEN ? calloc(1, sizeof *a) : NULL, **at;

    if (!a) {
        caller_fail(c, p->state == PEER_OPEN ? "could not be called: out of memory" : NOT_ANSWERED);
        return;
    }
    events_flush(op); /* so that the client sees console lines and calls in order */
    *a = (struct ask){.peer = p, .call = c, .id = ++p->last_ask};
    at = bucket(p, a->id);
    a->next = *at;
    *at = a;
    c->work = a;
    put_request(a, op, &out);
    if (peer_send(p, &out))
        return;
    (void)forget_ask(a);
    caller_fail(c, "was called with arguments that are longer than the client takes in one message");
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

void tools_answered(struct peer *p, const struct message *m)
{
    struct ask *a = NULL;
    struct call *c;
    uint64_t id;
    int ok = 0;

    if (m->id.at && json_whole_number(m->id, UINT64_MAX >> 11, &id) == 0)
        for (a = *bucket(p, id); a && a->id != id;)
            a = a->next;
    if (!a)
        return; /* a late or second answer, or an unknown id */
    c = forget_ask(a);
    if (m->error.at)
        rpc_error_thrown(&c->output, m->error);
    else
        ok = take_result(c, m->result);
    caller_answer(c, ok);
}

void tools_reject_all(struct peer *p)
{
    for (size_t i = 0; i < PEER_BUCKETS; i++)
        while (p->asks[i])
            caller_fail(forget_ask(p->asks[i]), NOT_ANSWERED);
}
