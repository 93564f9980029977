/* SPDX-License-Identifier: MIT */
/* A function that the owner of the run answers: the client of `iso4 serve`. */
#include "host/calls/caller.h"

#include "host/calls/call.h"
#include "host/declared/stub_values.h"
#include "host/dts/declare.h"
#include "host/kinds/kinds.h"

/* The most calls of one run that the owner gets before it has answered one. */
#define MOST_ASKED 64

static STUB_CHECK(true)
{
    return *v.at == 't' ? 0 : stub_fail(place, v.at, err, "%s is true: there is nothing else to say", key);
}

static void dispatch_caller(struct call *c, struct json args)
{
    const struct caller *owner = bridge_caller(c->bridge);

    (void)args;
    owner->ask(owner->ctx, c);
}

static void cancel_caller(struct call *c)
{
    const struct caller *owner = bridge_caller(c->bridge);

    owner->cancel(owner->ctx, c);
    c->work = NULL;
    bridge_place_free(c->bridge, &stub_caller);
}

void caller_answer(struct call *c, int ok)
{
    struct bridge *b = c->bridge;

    call_answer_output(c, ok);
    bridge_place_free(b, &stub_caller);
}

void caller_fail(struct call *c, const char *message)
{
    struct bridge *b = c->bridge;

    call_fail_program(c, "Error", "", "%s", message);
    bridge_place_free(b, &stub_caller);
}

const struct stub_kind stub_caller = {
    .key = "caller",
    .nature = STUB_IS_FUNCTION,
    .options = STUB_TAKES_FUNCTION,
    .at_once = MOST_ASKED,
    .by_owner = 1,
    .check = stub_check_true,
    .type = declare_function,
    .dispatch = dispatch_caller,
    .cancel = cancel_caller,
};
