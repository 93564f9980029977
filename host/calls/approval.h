/* SPDX-License-Identifier: MIT */
/* host/calls/approval.h - calls that a person, or a program in their place, has to approve before anything is started.
 *
 * A definition asks for it ("approval": "ask"). The bridge looks for a decision that was given beforehand, then does
 * what the approver says: allow, deny, leave it to a run that goes on from this one, or ask. */
#ifndef ISO_HOST_CALLS_APPROVAL_H
#define ISO_HOST_CALLS_APPROVAL_H
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"
#include "core/json_walk.h"

struct call;

/* How long an approver may take. */
#define APPROVAL_MS 600000

enum approval_policy { APPROVE_DENY, APPROVE_ALLOW, APPROVE_PAUSE, APPROVE_ASK };

/* On the call of this number, whatever it would be otherwise. */
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
    /* For APPROVE_ASK: asks about a call, whose arguments stand in call->args. approval_give() follows, then or later,
     * unless cancel() comes before: the call is forgotten. call->work is the approver's until then. */
    void (*ask)(void *ctx, struct call *c);
    void (*cancel)(void *ctx, struct call *c);
    void *ctx;
};

/* The decision, with a reason in plain UTF-8, or NULL. */
void approval_give(struct call *c, int allow, const char *reason, size_t len);

/* Reads {"decision": "allow" | "deny", "reason"?} and gives it; anything else denies, and says why. */
void approval_read(struct call *c, struct json answer);

/* ---- for the bridge */

/* A call that is examined and asks for approval. 1: it may begin. 0: it is settled, or will be. */
int approval_begin(struct call *c, struct json args);
/* A call that is being asked about is over. */
void approval_forget(struct call *c);
/* NULL: none was given. */
const struct decision *approval_decided(const struct approver *a, uint64_t n);

#endif
