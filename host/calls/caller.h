/* SPDX-License-Identifier: MIT */
/* host/calls/caller.h - the owner of a run answers calls of kind `caller` itself (host/kinds/caller.c).
 *
 * A run_request with a struct caller has an owner that answers. Its ask() gets each call, sets call->work, and
 * settles the call then or later: it sets call->work to NULL, fills call->output or not, and calls
 * caller_answer() or caller_fail(). cancel() comes in place of that when the call is over before: the owner
 * forgets it. */
#ifndef ISO_HOST_CALLS_CALLER_H
#define ISO_HOST_CALLS_CALLER_H

struct call;

struct caller {
    void (*ask)(void *ctx, struct call *c); /* arguments in call->args, a JSON array */
    void (*cancel)(void *ctx, struct call *c);
    void *ctx;
};

/* Settles a call with the JSON in call->output: the value, nothing for undefined, or what to throw. May ask for the
 * next one that waits. */
void caller_answer(struct call *c, int ok);
/* Settles it with an Error of this message, behind the function's name. */
void caller_fail(struct call *c, const char *message);

#endif
