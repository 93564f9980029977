/* SPDX-License-Identifier: MIT */
/* A program for each call: arguments on its standard input, its answer on standard output and in its exit
 * status. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/calls/call.h"
#include "host/calls/process.h"
#include "host/declared/stub_values.h"
#include "host/dts/declare.h"
#include "host/kinds/kinds.h"
#include "host/kinds/program.h"

/* Programs that may run at a time. */
#define MOST_PROGRAMS 64

struct command {
    struct bridge *bridge;
    struct call *call; /* NULL: the call was cancelled */
    struct process *process;
};

static void on_command_output(void *ctx, const char *data, size_t len)
{
    struct command *m = ctx;
    struct call *c = m->call;

    if (!c)
        return;
    if (c->output.len + len > bridge_result_limit(m->bridge)) {
        bridge_result_too_large(m->bridge, c->stub);
        process_abandon(m->process);
        return;
    }
    buf_add(&c->output, data, len);
    (void)bridge_hold(m->bridge, (int64_t)len);
}

/* 1 when the output of a failed program is an object with a message, which describes the error. */
static int told_by_object(struct json whole)
{
    struct json message = json_member(whole, "message"), name = json_member(whole, "name");

    return message.at && json_kind(message) == JSON_STRING && (!name.at || json_kind(name) == JSON_STRING);
}

static void answer_failure(struct call *c, const struct process_end *end, struct json whole)
{
    char words[2048];

    process_last_words(words, sizeof words, end);
    if (end->shortage)
        bridge_machine_failed(c->bridge, c->stub, end->failed, words);
    if (end->failed)
        call_fail_program(c, "Error", words, "%s", end->failed);
    else if (whole.at && told_by_object(whole))
        call_answer(c, 0, whole.at, whole.len);
    else if (end->signal)
        call_fail_program(c, "Error", words, "was ended by signal SIG%s", sigabbrev_np(end->signal));
    else
        call_fail_program(c, "Error", words, "failed with exit status %" PRId64, end->exit_status);
}

static void not_json(struct call *c, size_t len, const struct process_end *end)
{
    char wrong[TEXT_WRONG], words[2048];

    process_last_words(words, sizeof words, end);
    text_wrong(c->output.data, len, wrong);
    if (*wrong)
        call_fail_program(c, "Error", words, "printed %s", wrong);
    else
        call_fail_program(c, "Error", words, "printed what is not JSON: %.*s", (int)(len < 200 ? len : 200),
                          c->output.data);
}

static void answer_command(struct call *c, const struct process_end *end)
{
    struct json whole = {NULL, 0};
    size_t at, len = c->output.len;

    while (len > 0 && memchr(" \t\r\n", c->output.data[len - 1], 4))
        len--;
    if (c->output.failed) {
        call_fail(c, "Error", NULL, "printed more than there is memory for");
        return;
    }
    if (len && json_check(c->output.data, len, NULL, &at) == 0)
        whole = json_whole(c->output.data, len);
    if (end->failed || end->signal || end->exit_status != 0)
        answer_failure(c, end, whole);
    else if (len == 0)
        call_answer(c, 1, "", 0);
    else if (whole.at)
        call_answer(c, 1, whole.at, whole.len);
    else
        not_json(c, len, end);
}

/* The end of its standard error, for the operator. */
static void keep_words(struct call *c, const struct process_end *end)
{
    char words[2048];

    process_last_words(words, sizeof words, end);
    if (!end->failed && *words)
        call_keep_stderr(c, words + strlen(": "));
}

static void on_command_end(void *ctx, const struct process_end *end)
{
    struct command *m = ctx;
    struct bridge *b = m->bridge;
    struct call *c = m->call;

    free(m);
    if (c) {
        c->work = NULL;
        keep_words(c, end);
        answer_command(c, end);
    }
    bridge_place_free(b, &stub_command);
    bridge_program(b, -1);
}

static void dispatch_command(struct call *c, struct json args)
{
    struct command *m = calloc(1, sizeof *m);
    struct process_events events = {on_command_output, on_command_end, m};
    struct iso_err err;

    if (!m || process_start(bridge_loop(c->bridge), c->stub, &events, &m->process, &err) < 0) {
        struct bridge *b = c->bridge;

        call_fail_program(c, "Error", "", "%s", m ? err.msg : "could not be started: out of memory");
        free(m);
        bridge_place_free(b, &stub_command);
        return;
    }
    m->bridge = c->bridge;
    m->call = c;
    c->work = m;
    bridge_program(c->bridge, 1);
    process_write(m->process, args.at, args.len);
    process_end_input(m->process);
}

static void cancel_command(struct call *c)
{
    struct command *m = c->work;

    m->call = NULL;
    process_abandon(m->process);
    c->work = NULL;
}

const struct stub_kind stub_command = {
    .key = "command",
    .nature = STUB_IS_FUNCTION,
    .options = STUB_TAKES_PROGRAM,
    .at_once = MOST_PROGRAMS,
    .check = stub_check_argv,
    .present = program_present,
    .prepare = program_prepare,
    .depends_on_place = program_depends_on_place,
    .each_file = program_each_file,
    .describe = program_describe,
    .type = declare_function,
    .dispatch = dispatch_command,
    .cancel = cancel_command,
};
