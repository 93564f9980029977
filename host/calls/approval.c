/* SPDX-License-Identifier: MIT */
#include "host/calls/approval.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/file.h"
#include "host/calls/bridge_internal.h"

const struct decision *approval_decided(const struct approver *a, uint64_t n)
{
    for (size_t i = 0; a && i < a->count; i++)
        if (a->decisions[i].n == n)
            return &a->decisions[i];
    return NULL;
}

static void deny(struct call *c, const char *reason, size_t len)
{
    struct buf why = {0}, *out = &c->output;
    char name[120];

    buf_printf(&why, "%s was denied", bridge_shown(c->stub, name));
    if (reason && len) {
        buf_str(&why, ": ");
        buf_add(&why, reason, len);
    }
    buf_reset(out);
    buf_str(out, "{\"name\":\"ApprovalDenied\",\"message\":");
    json_quote(out, why.len ? why.data : "", why.len);
    if (reason && len) {
        buf_str(out, ",\"reason\":");
        json_quote(out, reason, len);
    }
    buf_byte(out, '}');
    out->failed |= why.failed;
    buf_free(&why);
    call_answer_output(c, 0);
}

/* Carries out a decision. 1: the call may start. */
static int settle_call(struct call *c, int allow, const char *reason, size_t len)
{
    if (c->bridge->turns)
        turns_note_decision(c, allow);
    if (!allow)
        deny(c, reason, len);
    return allow;
}

static void hold(struct bridge *b, int change)
{
    unsigned before = b->asking;

    b->asking += (unsigned)change;
    if (!before == !b->asking)
        return;
    turns_hold(b, b->asking > 0);
    if (b->events.hold)
        b->events.hold(b->events.ctx, b->asking > 0);
}

static uint64_t approval_ms(const struct call *c)
{
    return c->bridge->cfg.limits->value[LIMIT_APPROVAL];
}

static void on_late(uv_timer_t *timer)
{
    struct call *c = timer->data;
    const struct approver *a = c->bridge->cfg.approver;
    char late[80];

    snprintf(late, sizeof late, "no decision came within %" PRIu64 " ms", approval_ms(c));
    a->cancel(a->ctx, c);
    approval_give(c, 0, late, strlen(late));
}

static void ask_approver(struct call *c, const struct approver *a, struct json args)
{
    /* A time limit for the approver; timeoutMs limits the time of the answer. */
    if (call_keep(c, args) < 0)
        return;
    if (c->timer)
        uv_timer_stop(c->timer);
    if (approval_ms(c) && call_after(c, approval_ms(c), on_late) < 0)
        return;
    c->asking = 1;
    hold(c->bridge, 1);
    a->ask(a->ctx, c);
}

static enum approval_policy policy(const struct approver *a)
{
    return a ? a->what : APPROVE_DENY;
}

/* A decision in the record stays valid. */
int approval_begin(struct call *c, struct json args)
{
    const struct approver *a = c->bridge->cfg.approver;
    const struct decision *given = approval_decided(a, c->serial);

    if (given)
        return settle_call(c, given->allow, given->reason, given->reason ? strlen(given->reason) : 0);
    if (c->taped && c->taped->decision != DECIDED_NOT)
        return settle_call(c, c->taped->decision == DECIDED_ALLOW, NULL, 0);
    switch (policy(a)) {
    case APPROVE_ALLOW:
        return settle_call(c, 1, NULL, 0);
    case APPROVE_DENY:
        return settle_call(c, 0, a ? a->why_denied : NULL, a && a->why_denied ? strlen(a->why_denied) : 0);
    case APPROVE_PAUSE:
        c->pending = call_keep(c, args) == 0;
        if (c->timer)
            uv_timer_stop(c->timer);
        return 0;
    case APPROVE_ASK:
        ask_approver(c, a, args);
        return 0;
    }
    return 0;
}

void approval_give(struct call *c, int allow, const char *reason, size_t len)
{
    struct bridge *b = c->bridge;
    struct json args = {c->args.data, c->args.len};

    c->asking = 0;
    c->work = NULL;
    if (c->timer)
        uv_timer_stop(c->timer);
    hold(b, -1);
    if (!settle_call(c, allow, reason, len) || b->halted)
        return;
    if (call_restart_timeout(c) < 0)
        return;
    if (!b->turns || turns_may_begin(c, args))
        bridge_dispatch(c, args);
}

void approval_read(struct call *c, struct json answer)
{
    static const char unclear[] = "the approver's answer is no {\"decision\": \"allow\"} or \"deny\"";
    struct json decision = json_member(answer, "decision"), reason = json_member(answer, "reason");
    AUTO_BUF struct buf text = {0};
    int is_string = decision.at && json_kind(decision) == JSON_STRING;

    if (!is_string || !(json_is(decision, "allow") || json_is(decision, "deny"))) {
        approval_give(c, 0, unclear, sizeof unclear - 1);
        return;
    }
    if (reason.at && json_kind(reason) == JSON_STRING)
        json_decode(&text, reason);
    approval_give(c, json_is(decision, "allow"), text.failed ? NULL : text.data, text.failed ? 0 : text.len);
}

void approval_forget(struct call *c)
{
    const struct approver *a = c->bridge->cfg.approver;

    c->asking = 0;
    a->cancel(a->ctx, c);
    c->work = NULL;
    hold(c->bridge, -1);
}
