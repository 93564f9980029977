/* SPDX-License-Identifier: MIT */
#include "host/calls/service.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/calls/call_table.h"
#include "host/calls/rpc_error.h"
#include "host/io/split.h"

/* Bytes for the rest of a line that holds a result. */
#define LINE_SLACK (64u << 10)
/* The greatest number of lines of a process that the operator is told about because they are not answers. */
#define MOST_RUBBISH 5

struct services {
    uv_loop_t *loop;
    struct service *first;
    int shared; /* by independent runs */
    struct services_guest *guests;
    int programs; /* number of programs and guests that have not ended */
    int closing;
    void (*closed)(void *ctx);
    void *ctx;
};

struct service {
    struct services *set;
    struct service *next;
    const struct service_way *way;
    struct stub stub;        /* how to start it; copied from the first caller, whose run may be over */
    struct buf definition;   /* the text that `stub` points into */
    struct process *process; /* NULL: it has ended; the next call starts it again */
    struct queue calls;      /* sent and not answered */
    struct call_table by_id; /* the same calls */
    uint64_t result_limit;   /* the largest limit of the runs that have sent these calls */
    struct buf line;         /* the first part of the next message */
    int over;                /* iso4 has ended it: no line is read */
    const char *fault;       /* why it was ended; NULL: it ended by itself */
    uint64_t last_id;
    unsigned rubbish; /* number of lines that were not answers */
};

/* ---- definitions */

static const enum stub_option kept_options[] = {STUB_OPTION_CWD, STUB_OPTION_ENV};
#define KEPT (sizeof kept_options / sizeof *kept_options)

static struct json moved(struct json v, const char *to)
{
    v.at = v.at ? to : NULL;
    return v;
}

/* Copies the parts of a definition that process.h uses. */
static int keep_definition(struct service *s, const struct stub *from)
{
    struct buf *all = &s->definition;
    const char *at;

    buf_add(all, from->main.at, from->main.len);
    for (size_t i = 0; i < KEPT; i++)
        buf_add(all, from->options[kept_options[i]].at, from->options[kept_options[i]].len);
    buf_add(all, from->dir, strlen(from->dir) + 1);
    if (all->failed)
        return -1;
    at = all->data;
    s->stub.kind = from->kind;
    s->stub.main = moved(from->main, at);
    at += from->main.len;
    for (size_t i = 0; i < KEPT; i++) {
        s->stub.options[kept_options[i]] = moved(from->options[kept_options[i]], at);
        at += from->options[kept_options[i]].len;
    }
    s->stub.dir = at;
    return 0;
}

static void free_service(struct service *s)
{
    call_table_free(&s->by_id);
    buf_free(&s->definition);
    buf_free(&s->line);
    free(s);
}

static void free_set(struct services *set)
{
    for (struct service *s = set->first, *next; s; s = next) {
        next = s->next;
        free_service(s);
    }
    free(set);
}

/* A program or a guest has ended. */
static void one_less(struct services *set)
{
    if (--set->programs > 0 || !set->closing)
        return;
    if (set->closed)
        set->closed(set->ctx);
    free_set(set);
}

/* ---- answers */

static struct call *find_call(struct service *s, struct json id)
{
    uint64_t number;

    if (!id.at || json_whole_number(id, UINT32_MAX, &number) < 0)
        return NULL;
    return call_table_find(&s->by_id, number); /* NULL: an unknown id, or a second or late answer */
}

static const char *failure_of(const struct call *c)
{
    return c->stub->kind->error_class ? c->stub->kind->error_class : "Error";
}

/* A line that is no message answers nothing: calls that it was meant for wait until their time is up. Without a call
 * under way no operator is told. */
static void note_line(struct service *s, const char *line, size_t len)
{
    char wrong[TEXT_WRONG];

    if (!s->calls.first || s->rubbish++ >= MOST_RUBBISH)
        return;
    text_wrong(line, len, wrong);
    if (*wrong)
        call_note(s->calls.first, "is answered by a service that printed %s", wrong);
    else
        call_note(s->calls.first, "is answered by a service that printed a line that is no answer: %.*s",
                  (int)(len < 200 ? len : 200), line);
}

/* Takes a line of the program; lines that do not answer a pending call are ignored. */
static void take_service_line(void *ctx, const char *line, size_t len)
{
    struct service *s = ctx;
    struct json message, result, error;
    struct call *c;

    if (json_check(line, len, NULL, NULL) < 0) {
        note_line(s, line, len);
        return;
    }
    message = json_whole(line, len);
    result = json_member(message, "result");
    error = json_member(message, "error");
    c = find_call(s, json_member(message, "id"));
    if (!c) {
        if (!json_member(message, "id").at)
            note_line(s, line, len);
        return;
    }
    if (s->way->heard)
        s->way->heard(c, message);
    queue_remove(&s->calls, c);
    call_table_remove(&s->by_id, c);
    c->work = NULL;
    if (error.at && json_kind(error) == JSON_NULL) /* JSON-RPC 1.0 sends "error": null on success */
        error.at = NULL;
    if (!result.at && !error.at) {
        call_fail_program(c, "Error", "", "was answered with neither a result nor an error");
        return;
    }
    if (error.at)
        rpc_error_thrown(&c->output, error);
    else
        buf_add(&c->output, result.at, result.len);
    call_answer_output(c, !error.at);
}

static void end_service(struct service *s, const char *fault)
{
    s->fault = fault;
    s->over = 1;
    process_abandon(s->process);
}

/* Ends the program when its current line is too long. The line's call is not known before its end, so the largest
 * limit of the pending calls counts. */
static void check_line(struct service *s)
{
    uint64_t most = s->calls.first ? s->result_limit : 0;

    if (!s->line.failed && s->line.len <= most + LINE_SLACK)
        return;
    if (s->calls.first && !s->set->shared)
        bridge_result_too_large(s->calls.first->bridge, s->calls.first->stub);
    end_service(s, "got no answer: its program wrote a line of more bytes than a result may have");
}

static void on_service_output(void *ctx, const char *data, size_t len)
{
    struct service *s = ctx;

    split_lines(&s->line, data, len, take_service_line, s, &s->over);
    check_line(s);
}

/* Writes the reason why the pending calls get no answer. */
static void explain_end(const struct service *s, char *to, size_t size, const struct process_end *end)
{
    if (end->failed || s->fault)
        snprintf(to, size, "%s", end->failed ? end->failed : s->fault);
    else if (end->signal)
        snprintf(to, size, "got no answer: its program was ended by signal SIG%s", sigabbrev_np(end->signal));
    else
        snprintf(to, size, "got no answer: its program ended with exit status %" PRId64, end->exit_status);
}

static void on_service_end(void *ctx, const struct process_end *end)
{
    struct service *s = ctx;
    struct services *set = s->set;
    struct call *c;
    char why[300], words[2048];

    explain_end(s, why, sizeof why, end);
    process_last_words(words, sizeof words, end);
    s->process = NULL;
    s->fault = NULL;
    s->rubbish = 0;
    s->over = 0;
    buf_reset(&s->line);
    while ((c = queue_take(&s->calls))) {
        call_table_remove(&s->by_id, c);
        c->work = NULL;
        if (end->shortage)
            bridge_machine_failed(c->bridge, c->stub, why, words);
        call_fail_program(c, failure_of(c), words, "%s", why);
        *words = 0; /* the operator is told only once */
    }
    one_less(set);
}

/* ---- calls */

static struct service *find_service(struct services *set, const struct call *c, const struct service_way *way)
{
    struct service *s;

    for (s = set->first; s; s = s->next)
        if (process_same(&s->stub, c->stub))
            return s;
    s = calloc(1, sizeof *s);
    if (!s || keep_definition(s, c->stub) < 0) {
        if (s)
            free_service(s);
        return NULL;
    }
    s->set = set;
    s->way = way;
    queue_init(&s->calls, QUEUE_OF_KIND);
    s->by_id.owner = QUEUE_OF_KIND;
    s->next = set->first;
    set->first = s;
    return s;
}

/* A program that runs share is told whose call it is. Servers of MCP are not: their messages are of a standard. */
static void put_job(const struct service *s, const struct call *c, struct buf *line)
{
    struct json label = bridge_label(c->bridge);

    if (!s->set->shared || s->way->method || !label.at)
        return;
    buf_str(line, ",\"job\":");
    buf_add(line, label.at, label.len);
}

static void send_request(struct service *s, struct call *c)
{
    struct json method = c->stub->options[STUB_OPTION_METHOD];
    struct buf line = {0};

    buf_printf(&line, "{\"jsonrpc\":\"2.0\",\"id\":%" PRIu64 ",\"method\":", c->numbers[QUEUE_OF_KIND]);
    if (s->way->method)
        buf_str(&line, s->way->method);
    else if (method.at)
        buf_add(&line, method.at, method.len);
    else
        buf_str(&line, c->stub->path);
    put_job(s, c, &line);
    buf_str(&line, ",\"params\":");
    buf_add(&line, c->args.data, c->args.len);
    buf_str(&line, "}\n");
    if (!line.failed)
        process_write(s->process, line.data, line.len);
    buf_free(&line);
    /* Bytes that the program does not read stay in memory, even after their calls or runs have ended. */
    if (!s->set->shared)
        (void)bridge_room(c->bridge, process_backlog(s->process));
    else if (process_backlog(s->process) > BRIDGE_MOST_HELD)
        end_service(s, "got no answer: its program does not read its input");
}

void service_call(struct services *set, struct call *c, const struct service_way *way)
{
    struct service *s = set ? find_service(set, c, way) : NULL;
    struct process_events events = {on_service_output, on_service_end, s};
    struct iso_err err;

    if (!s) {
        call_fail(c, "Error", NULL, "could not be started: out of memory");
        return;
    }
    if (!s->process) {
        if (way->start(&s->stub, c, &events, &s->process, &err) < 0) {
            call_fail_program(c, failure_of(c), "", "%s", err.msg);
            return;
        }
        set->programs++;
    }
    c->work = s;
    if (call_table_add(&s->by_id, c, ++s->last_id) < 0) {
        c->work = NULL;
        call_fail(c, "Error", NULL, "could not be called: out of memory");
        return;
    }
    if (!s->calls.first || bridge_result_limit(c->bridge) > s->result_limit)
        s->result_limit = bridge_result_limit(c->bridge);
    queue_add(&s->calls, c);
    send_request(s, c);
}

void service_cancel(struct call *c)
{
    struct service *s = c->work;
    char line[100];

    queue_remove(&s->calls, c);
    call_table_remove(&s->by_id, c);
    c->work = NULL;
    if (!s->way->cancels || !s->process || (bridge_is_stopped(c->bridge) && !s->set->shared))
        return; /* no cancel message: the program does not read them, or has ended, or is about to be killed */
    snprintf(line, sizeof line, "{\"jsonrpc\":\"2.0\",\"method\":\"cancel\",\"params\":[%" PRIu64 "]}\n",
             c->numbers[QUEUE_OF_KIND]);
    process_write(s->process, line, strlen(line));
}

/* ---- sets */

struct services *services_open(uv_loop_t *loop, int shared)
{
    struct services *set = calloc(1, sizeof *set);

    if (set)
        *set = (struct services){.loop = loop, .shared = shared};
    return set;
}

void services_admit(struct services *set, struct services_guest *g)
{
    g->next = set->guests;
    set->guests = g;
    set->programs++;
}

struct services_guest *services_find(const struct services *set, const void *key)
{
    struct services_guest *g = set->guests;

    while (g && g->key != key)
        g = g->next;
    return g;
}

void services_leave(struct services *set, struct services_guest *g)
{
    struct services_guest **at = &set->guests;

    while (*at != g)
        at = &(*at)->next;
    *at = g->next;
    one_less(set);
}

int services_close(struct services *set, void (*closed)(void *ctx), void *ctx)
{
    for (struct services_guest *g = set->guests; g; g = g->next)
        g->close(g);
    for (struct service *s = set->first; s; s = s->next)
        if (s->process)
            process_abandon(s->process);
    set->closing = 1;
    set->closed = closed;
    set->ctx = ctx;
    if (set->programs > 0)
        return 0;
    free_set(set);
    return 1;
}
