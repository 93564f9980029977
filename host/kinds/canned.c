/* SPDX-License-Identifier: MIT */
/* returns, throws, cases and sequence: functions whose answers stand in the definition. */
#include <string.h>

#include "host/calls/call.h"
#include "host/declared/answers.h"
#include "host/declared/stub_values.h"
#include "host/dts/declare.h"
#include "host/kinds/kinds.h"

#define TAKES_CANNED (STUB_TAKES_FUNCTION | STUB_TAKES(DELAY))

static void on_delay(uv_timer_t *timer)
{
    struct call *c = timer->data;

    call_answer(c, c->ok, c->json, c->len);
}

/* Gives the answer now, or after delayMs. */
static void give_canned(struct call *c, struct json args, struct stub_answer a)
{
    const struct stub *s = c->stub;

    c->ok = !a.throws;
    c->json = a.value.at;
    c->len = a.value.len;
    if (!s->delay_ms)
        call_answer(c, c->ok, c->json, c->len);
    else if (s->timeout_ms && s->timeout_ms < s->delay_ms)
        (void)call_keep(c, args); /* timeoutMs ends before delayMs does */
    else
        (void)call_after(c, s->delay_ms, on_delay);
}

static void dispatch_returns(struct call *c, struct json args)
{
    give_canned(c, args, (struct stub_answer){0, c->stub->main});
}

static void dispatch_throws(struct call *c, struct json args)
{
    give_canned(c, args, (struct stub_answer){1, c->stub->main});
}

static int compile_list(const struct stub *s, struct stub_parts *parts)
{
    parts->answers = answers_compile(s->main);
    return parts->answers ? 0 : -1;
}

/* Finds the first case with the same arguments, or `otherwise`. */
static int find_case(const struct stub *s, struct json args, uint64_t ordinal, struct work *work,
                     struct stub_answer *out)
{
    struct json otherwise = s->options[STUB_OPTION_OTHERWISE];

    (void)ordinal;
    if (answers_find(s->answers, args, work, out) < 0)
        return -1;
    if (!out->value.at && otherwise.at)
        *out = stub_answer(otherwise);
    return 0;
}

static void dispatch_cases(struct call *c, struct json args)
{
    if (c->answer.value.at)
        give_canned(c, args, c->answer);
    else
        call_fail(c, "Error", NULL, "has no answer for these arguments: %.*s",
                  (int)(args.len < 200 ? args.len : 200), args.at);
}

static void dispatch_sequence(struct call *c, struct json args)
{
    struct stub_answer nth = answers_nth(c->stub->answers, c->ordinal);

    if (nth.value.at)
        give_canned(c, args, nth);
    else
        call_fail(c, "Error", NULL, "has no answer left: its sequence has %zu",
                  answers_count(c->stub->answers));
}

static int has_status(struct json answer)
{
    struct json status = json_member(answer, "status");

    return status.at && json_kind(status) == JSON_NUMBER;
}

/* A global `fetch` whose answers have a status gives what agents expect of that name: a Response, and not only when a
 * run puts the answers in place of a real fetch (iso4-fetch(5)). */
static void encode_canned(const struct stub *s, struct buf *out)
{
    struct json first = {0};
    struct json_walk w = json_walk(s->main);

    if (strcmp(s->path, "\"fetch\"") != 0)
        return;
    if (s->kind == &stub_returns)
        first = s->main;
    else if (json_next(&w, NULL, &first))
        first = json_member(first, "returns");
    if (first.at && has_status(first))
        buf_str(out, ",\"fetch\":true");
}

const struct stub_kind stub_returns = {
    .key = "returns",
    .nature = STUB_IS_FUNCTION,
    .options = TAKES_CANNED,
    .check = stub_check_any,
    .encode = encode_canned,
    .type = declare_function,
    .dispatch = dispatch_returns,
};

const struct stub_kind stub_throws = {
    .key = "throws",
    .nature = STUB_IS_FUNCTION,
    .options = TAKES_CANNED,
    .check = stub_check_error,
    .type = declare_function,
    .dispatch = dispatch_throws,
};

const struct stub_kind stub_cases = {
    .key = "cases",
    .nature = STUB_IS_FUNCTION,
    .options = TAKES_CANNED | STUB_TAKES(OTHERWISE),
    .check = stub_check_cases,
    .compile = compile_list,
    .find = find_case,
    .encode = encode_canned,
    .type = declare_function,
    .dispatch = dispatch_cases,
};

const struct stub_kind stub_sequence = {
    .key = "sequence",
    .nature = STUB_IS_FUNCTION,
    .options = TAKES_CANNED,
    .check = stub_check_answers,
    .compile = compile_list,
    .encode = encode_canned,
    .type = declare_function,
    .dispatch = dispatch_sequence,
};
