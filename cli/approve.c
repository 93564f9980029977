/* SPDX-License-Identifier: MIT */
#include "cli/approve.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/json_walk.h"
#include "host/calls/call.h"
#include "host/calls/process.h"

/* Longer answers are invalid. */
#define MOST_ANSWER 65536

struct question {
    struct approve *approve;
    struct bridge *bridge;
    struct call *call;       /* NULL: the run needs no decision any more */
    struct process *process; /* NULL: the question waits for its turn */
    struct buf output;
    struct question *next;
};

/* ---- asking a program */

static void put_question(const struct call *c, struct buf *out)
{
    struct json description = stub_option(c->stub, STUB_OPTION_DESCRIPTION);

    buf_printf(out, "{\"name\":%s,\"args\":", c->stub->path);
    buf_add(out, c->args.data, c->args.len);
    if (description.at) {
        buf_str(out, ",\"description\":");
        json_compact(out, description.at, description.len);
    }
    buf_str(out, "}\n");
}

/* `words`, which may show the machine, are for the operator alone. */
static void deny(struct call *c, const char *why, const char *words)
{
    char reason[200];

    call_note(c, "the approval command %s%.400s", why, words);
    snprintf(reason, sizeof reason, "the approval command %s", why);
    approval_give(c, 0, reason, strlen(reason));
}

static void decide(struct call *c, const struct question *q, const struct process_end *end)
{
    struct json answer = {NULL, 0};
    char words[400], status[60], why[160];

    process_last_words(words, sizeof words, end);
    if (!q->output.failed && json_check(q->output.data, q->output.len, NULL, NULL) == 0)
        answer = json_whole(q->output.data, q->output.len);
    if (end->signal)
        snprintf(status, sizeof status, "was ended by signal SIG%s", sigabbrev_np(end->signal));
    else
        snprintf(status, sizeof status, "failed with exit status %" PRId64, end->exit_status);
    if (end->shortage) {
        snprintf(why, sizeof why, "could not be approved: the approval command %.100s", end->failed);
        bridge_machine_failed(c->bridge, c->stub, why, words);
    }
    if (end->failed)
        deny(c, end->failed, words);
    else if (end->signal || end->exit_status != 0)
        deny(c, status, words);
    else if (!answer.at || json_kind(answer) != JSON_OBJECT)
        deny(c, "printed no JSON object", "");
    else
        approval_read(c, answer);
}

static void start_first(struct approve *a);

static void unlink_question(struct question *q)
{
    struct approve *a = q->approve;
    struct question **at = &a->first;

    while (*at != q)
        at = &(*at)->next;
    *at = q->next;
    if (!*at)
        a->end = at;
}

static void free_question(struct question *q)
{
    buf_free(&q->output);
    free(q);
}

static void on_output(void *ctx, const char *data, size_t len)
{
    struct question *q = ctx;

    q->output.cap = MOST_ANSWER;
    buf_add(&q->output, data, len);
}

static void on_end(void *ctx, const struct process_end *end)
{
    struct question *q = ctx;
    struct approve *a = q->approve;
    struct bridge *b = q->bridge;
    struct call *c = q->call;

    unlink_question(q);
    if (c)
        decide(c, q, end);
    free_question(q);
    start_first(a);
    bridge_program(b, -1);
}

/* Starts the program. -1: it could not be started, and the call is denied. */
static int start(struct question *q)
{
    struct process_events events = {on_output, on_end, q};
    AUTO_BUF struct buf text = {0};
    struct call *c = q->call;
    struct iso_err err = {0};

    put_question(c, &text);
    if (!text.failed &&
        process_start_attached(bridge_loop(q->bridge), q->approve->argv, &events, &q->process, &err) == 0) {
        bridge_program(q->bridge, 1);
        process_write(q->process, text.data, text.len);
        process_end_input(q->process);
        return 0;
    }
    unlink_question(q);
    free_question(q);
    deny(c, "could not be asked", text.failed ? ": out of memory" : err.msg);
    return -1;
}

static void start_first(struct approve *a)
{
    while (a->first && !a->first->process && start(a->first) < 0)
        ;
}

static void ask_terminal_or_program(void *ctx, struct call *c)
{
    struct approve *a = ctx;
    struct question *q = calloc(1, sizeof *q);

    if (!q) {
        deny(c, "could not be asked: out of memory", "");
        return;
    }
    *q = (struct question){.approve = a, .bridge = c->bridge, .call = c};
    c->work = q;
    *a->end = q;
    a->end = &q->next;
    start_first(a);
}

static void cancel_approval(void *ctx, struct call *c)
{
    struct question *q = c->work;

    (void)ctx;
    q->call = NULL;
    if (q->process) {
        process_abandon(q->process);
        return;
    }
    unlink_question(q);
    free_question(q);
}

/* ---- options */

static int add_argument(struct approve *a, size_t *count, struct json literal)
{
    struct buf text = {0};

    json_decode(&text, literal);
    buf_byte(&text, 0);
    if (text.failed)
        buf_free(&text);
    a->argv[(*count)++] = text.data;
    return text.data ? 0 : -1;
}

static int take_command(struct approve *a, const char *text, struct iso_err *err)
{
    size_t len = strlen(text), count = 0;
    struct json list, item;

    if (*text != '[') {
        a->argv = calloc(2, sizeof *a->argv);
        if (!a->argv || !(*a->argv = strdup(text)))
            return iso_fail(err, ISO_INTERNAL, "out of memory");
        return *text ? 0 : iso_fail(err, ISO_USAGE, "--approve-command names no program");
    }
    if (json_check(text, len, NULL, NULL) < 0 || (list = json_whole(text, len), json_count(list) == 0))
        return iso_fail(
            err, ISO_USAGE,
            "--approve-command takes a program, or a JSON array such as '[\"ask\", \"--tty\"]', not "
            "'%.100s'",
            text);
    a->argv = calloc(json_count(list) + 1, sizeof *a->argv);
    for (struct json_walk w = json_walk(list); a->argv && json_next(&w, NULL, &item);)
        if (json_kind(item) != JSON_STRING)
            return iso_fail(err, ISO_USAGE, "--approve-command takes an array of strings");
        else if (add_argument(a, &count, item) < 0)
            break;
    return a->argv && a->argv[0] && count == json_count(list) ? 0
                                                              : iso_fail(err, ISO_INTERNAL, "out of memory");
}

static int take_decision(struct decision *d, const char *text, struct iso_err *err)
{
    const char *equals = strchr(text, '='), *what = equals ? equals + 1 : "";
    char *end = NULL;

    d->n = *text >= '1' && *text <= '9' ? strtoull(text, &end, 10) : 0;
    d->allow = strcmp(what, "allow") == 0;
    if (strncmp(what, "deny:", 5) == 0)
        d->reason = what + 5;
    if (!end || end != equals || !(d->allow || d->reason || strcmp(what, "deny") == 0))
        return iso_fail(
            err, ISO_USAGE,
            "--decide takes the number of a call and allow, deny or deny:REASON, such as 3=allow, not "
            "'%.100s'",
            text);
    return 0;
}

static int take_decisions(struct approve *a, const struct options *o, struct iso_err *err)
{
    int count = o->every[OPTION_DECIDE].count;

    a->decisions = calloc((size_t)count + 1, sizeof *a->decisions);
    if (!a->decisions)
        return iso_fail(err, ISO_INTERNAL, "out of memory");
    for (int i = 0; i < count; i++) {
        if (take_decision(&a->decisions[i], o->every[OPTION_DECIDE].value[i], err) < 0)
            return -1;
        for (int before = 0; before < i; before++)
            if (a->decisions[before].n == a->decisions[i].n)
                return iso_fail(err, ISO_USAGE, "--decide decides on call %" PRIu64 " twice",
                                a->decisions[i].n);
    }
    a->approver.decisions = a->decisions;
    a->approver.count = (size_t)count;
    return 0;
}

int approve_open(struct approve *a, const struct options *o, struct iso_err *err)
{
    const char *how = o->value[OPTION_APPROVE], *command = o->value[OPTION_APPROVE_COMMAND];

    a->end = &a->first;
    if (how && command)
        return iso_fail(err, ISO_USAGE, "--approve and --approve-command both decide: give one of them");
    if (how)
        a->approver.what = strcmp(how, "allow") == 0   ? APPROVE_ALLOW
                           : strcmp(how, "pause") == 0 ? APPROVE_PAUSE
                                                       : APPROVE_DENY;
    else if (!command)
        a->approver.why_denied = "there is no approver (--approve)";
    if (command) {
        if (take_command(a, command, err) < 0)
            return -1;
        a->approver.what = APPROVE_ASK;
        a->approver.ask = ask_terminal_or_program;
        a->approver.cancel = cancel_approval;
        a->approver.ctx = a;
    }
    return take_decisions(a, o, err);
}

void approve_free(struct approve *a)
{
    for (size_t i = 0; a->argv && a->argv[i]; i++)
        free(a->argv[i]);
    free(a->argv);
    free(a->decisions);
}
