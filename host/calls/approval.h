/* SPDX-License-Identifier: MIT */
/* host/calls/approval.h - calls that a person, or a program in their place, has to approve before they are started.
 *
 * A definition demands it ("approval": "ask"). The bridge looks for a decision that was given before the run, then
 * follows the approver's rule: allow, deny, pause the run, or ask. */
#ifndef ISO_HOST_CALLS_APPROVAL_H
#define ISO_HOST_CALLS_APPROVAL_H
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"
#include "core/json_walk.h"

struct call;

enum approval_policy { APPROVE_DENY, APPROVE_ALLOW, APPROVE_PAUSE, APPROVE_ASK };

/* A decision on the call with this number, which overrides the rule. */
struct decision {
    uint64_t n;
    int allow;
    const char *reason; /* borrowed; NULL: none */
};

struct approver {
    enum approval_policy what;
    const char *why_denied; /* the reason, when `what` denies; NULL: none */
    const struct decision *decisions;
    size_t count;
    /* For APPROVE_ASK: asks about a call, whose arguments are in call->args. The approver calls approval_give(), at
     * once or later, unless cancel() is called before; until then call->work belongs to the approver. */
    void (*ask)(void *ctx, struct call *c);
    void (*cancel)(void *ctx, struct call *c);
    void *ctx;
};

/* Gives the decision, with a reason in plain UTF-8, or NULL. */
void approval_give(struct call *c, int allow, const char *reason, size_t len);

/* Reads {"decision": "allow" | "deny", "reason"?} and gives that decision; anything else denies, with a reason. */
void approval_read(struct call *c, struct json answer);

/* ---- for the bridge */

/* Handles a call that needs approval, after its arguments were checked. 1: it may start. 0: it is settled, or will
 * be. */
int approval_begin(struct call *c, struct json args);
/* Forgets a call about which the approver is being asked. */
void approval_forget(struct call *c);
/* The decision that was given before the run; NULL: none. */
const struct decision *approval_decided(const struct approver *a, uint64_t n);

#endif
