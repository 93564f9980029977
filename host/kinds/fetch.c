/* SPDX-License-Identifier: MIT */
/* The web's fetch, restricted by rules: requests go to the fetch helper (fetch/main.c), a program of iso4 that runs
 * until the run ends. */
#include <string.h>

#include "core/buf.h"
#include "core/file.h"
#include "host/calls/service.h"
#include "host/declared/stub_values.h"
#include "host/kinds/fetch_secrets.h"
#include "host/kinds/kinds.h"
#include "rules/rules.h"

static STUB_CHECK(rules)
{
    struct fetch_rules rules;
    struct fetch_fault fault;
    int rc = fetch_rules_read(&rules, v, 0, &fault);

    (void)key;
    fetch_rules_free(&rules);
    return rc < 0 ? stub_fail(place, fault.at, err, "%s", fault.what) : 0;
}

static void encode_fetch(const struct stub *s, struct buf *out)
{
    (void)s;
    buf_str(out, ",\"fetch\":true");
}

static void fetch_type(const struct stub *s, const char *arrow, int indent, struct buf *out)
{
    (void)s, (void)indent;
    buf_printf(out, "(input: string | URL | Request, init?: RequestInit)%sPromise<Response>", arrow);
}

/* Starts the helper and sends its rules, with secrets, as the first line: other processes could read its arguments and
 * environment. */
static int start_helper(const struct stub *s, const struct call *c, const struct process_events *events,
                        struct process **out, struct iso_err *err)
{
    struct json rules = fetch_rules_message(c->stub);
    int rc = process_start_own(bridge_loop(c->bridge), bridge_fetch_program(c->bridge), events, out, err);

    (void)s; /* the service's copy of the same definition */
    if (rc == 0)
        process_write(*out, rules.at, rules.len);
    return rc;
}

static void note_request(const struct bridge *b, struct json log)
{
    AUTO_BUF struct buf text = {0};

    buf_str(&text, "\"fetch: ");
    buf_add(&text, log.at + 1, log.len - 1);
    if (!text.failed)
        bridge_note(b, (struct json){text.data, text.len});
}

/* Takes the parts of an answer of the helper that are not for the agent: log line, refusal. */
static void hear(struct call *c, struct json message)
{
    struct json log = json_member(message, "log"), data = json_member(json_member(message, "error"), "data");

    if (log.at && json_kind(log) == JSON_STRING)
        note_request(c->bridge, log);
    if (json_member(data, "blocked").at)
        bridge_call_blocked(c);
}

static const struct service_way helper = {
    .start = start_helper,
    .method = "\"fetch\"",
    .cancels = 1,
    .heard = hear,
};

static void dispatch_fetch(struct call *c, struct json args)
{
    if (call_keep(c, args) == 0)
        service_call(bridge_services(c->bridge, 0), c, &helper);
}

const struct stub_kind stub_fetch = {
    .key = "fetch",
    .nature = STUB_IS_FETCH,
    .options = STUB_TAKES_CALLS,
    .error_class = "TypeError", /* as the fetch standard says */
    .message = "fetch: ",
    .check = stub_check_rules,
    .prepare = fetch_prepare,
    .depends_on_place = fetch_depends_on_place,
    .each_file = fetch_each_file,
    .encode = encode_fetch,
    .type = fetch_type,
    .dispatch = dispatch_fetch,
    .cancel = service_cancel,
};
