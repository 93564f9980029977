/* SPDX-License-Identifier: MIT */
/* A program for each call: arguments on its standard input, its answer on standard output and in its exit
 * status. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/calls/call.h"

struct command {
    struct bridge *bridge;
    struct call *call; /* NULL: nobody waits for it any more */
    struct process *process;
};

static void on_output(void *ctx, const char *data, size_t len)
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

/* It failed, and says how by an object with a message on standard output. */
static int told_by_object(struct json whole)
{
    struct json message = json_member(whole, "message"), name = json_member(whole, "name");

    return message.at && json_kind(message) == JSON_STRING && (!name.at || json_kind(name) == JSON_STRING);
}

static void answer_failure(struct call *c, const struct process_end *end, struct json whole)
{
    char words[2048];

    process_last_words(words, sizeof words, end);
    if (end->failed)
        call_fail(c, "Error", NULL, "%s", end->failed);
    else if (whole.at && told_by_object(whole))
        call_answer(c, 0, whole.at, whole.len);
    else if (end->signal)
        call_fail(c, "Error", NULL, "was ended by signal SIG%s%s", sigabbrev_np(end->signal), words);
    else
        call_fail(c, "Error", NULL, "failed with exit status %" PRId64 "%s", end->exit_status, words);
}

static void answer(struct call *c, const struct process_end *end)
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
        call_fail(c, "Error", NULL, "printed what is not JSON: %.*s", (int)(len < 200 ? len : 200),
                  c->output.data);
}

static void on_end(void *ctx, const struct process_end *end)
{
    struct command *m = ctx;
    struct bridge *b = m->bridge;
    struct call *c = m->call;

    free(m);
    if (c) {
        c->command = NULL;
        bridge_call_over(c);
        answer(c, end);
    }
    bridge_command_over(b);
    bridge_program(b, -1);
}

int command_start(struct call *c)
{
    struct command *m = calloc(1, sizeof *m);
    struct process_events events = {on_output, on_end, m};
    struct iso_err err;

    if (!m || process_start(bridge_loop(c->bridge), c->stub, &events, &m->process, &err) < 0) {
        bridge_call_over(c);
        call_fail(c, "Error", NULL, "%s", m ? err.msg : "could not be started: out of memory");
        free(m);
        return -1;
    }
    m->bridge = c->bridge;
    m->call = c;
    c->command = m;
    bridge_program(c->bridge, 1);
    process_write(m->process, c->args.data, c->args.len);
    process_end_input(m->process);
    return 0;
}

void command_cancel(struct call *c)
{
    c->command->call = NULL;
    process_abandon(c->command->process);
    c->command = NULL;
}
