/* SPDX-License-Identifier: MIT */
/* host/calls/caller.h - the owner of a run answers calls of kind `caller` itself (host/kinds/caller.c).
 *
 * A run_request with a struct caller has such an owner. Its ask() gets each call, sets call->work, and settles the call
 * then or later: it sets call->work to NULL, fills call->output if there is a value, and calls caller_answer() or
 * caller_fail(). If the call ends earlier, cancel() is called, and the owner must not touch the call again. */
#ifndef ISO_HOST_CALLS_CALLER_H
#define ISO_HOST_CALLS_CALLER_H

struct call;

struct caller {
    void (*ask)(void *ctx, struct call *c); /* arguments in call->args, a JSON array */
    void (*cancel)(void *ctx, struct call *c);
    void *ctx;
};

/* Settles a call with the JSON in call->output: the value, empty for undefined, or the error to throw. May call ask()
 * for the next waiting call. */
void caller_answer(struct call *c, int ok);
/* Settles a call with an Error whose message is the function's name and this text. */
void caller_fail(struct call *c, const char *message);

#endif
