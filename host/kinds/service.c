/* SPDX-License-Identifier: MIT */
/* A program that stays and answers many calls: JSON-RPC, see host/calls/service.h. */
#include "host/calls/service.h"

#include "host/declared/stub_values.h"
#include "host/dts/declare.h"
#include "host/kinds/kinds.h"
#include "host/kinds/program.h"

static int start_service_program(const struct stub *s, const struct call *c,
                                 const struct process_events *events, struct process **out,
                                 struct iso_err *err)
{
    return process_start(bridge_loop(c->bridge), s, events, out, err);
}

static const struct service_way way = {.start = start_service_program};

static void dispatch_service(struct call *c, struct json args)
{
    struct json shared = c->stub->options[STUB_OPTION_SHARED];

    if (call_keep(c, args) == 0)
        service_call(bridge_services(c->bridge, shared.at && *shared.at == 't'), c, &way);
}

const struct stub_kind stub_service = {
    .key = "service",
    .nature = STUB_IS_FUNCTION,
    .options = STUB_TAKES_PROGRAM | STUB_TAKES(METHOD) | STUB_TAKES(SHARED),
    .check = stub_check_argv,
    .present = program_present,
    .prepare = program_prepare,
    .depends_on_place = program_depends_on_place,
    .each_file = program_each_file,
    .describe = program_describe,
    .type = declare_function,
    .dispatch = dispatch_service,
    .cancel = service_cancel,
};
