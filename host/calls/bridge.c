/* SPDX-License-Identifier: MIT */
#include "host/calls/bridge.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/file.h"
#include "core/json.h"
#include "core/utf8.h"
#include "host/calls/approval.h"
#include "host/calls/bridge_internal.h"
#include "host/calls/details.h"
#include "host/calls/service.h"
#include "host/result/result.h"
#include "protocol/frame.h"

struct bridge *bridge_open(uv_loop_t *loop, const struct bridge_config *cfg,
                           const struct bridge_events *events)
{
    struct bridge *b = calloc(1, sizeof *b);
    size_t functions = cfg->globals ? cfg->globals->count : 0;

    if (!b)
        return NULL;
    b->loop = loop;
    b->cfg = *cfg;
    b->events = *events;
    queue_init(&b->open, QUEUE_OF_BRIDGE);
    queue_init(&b->ready, QUEUE_OF_BRIDGE);
    examiner_init(&b->examiner, b);
    b->calls_of = calloc(functions + 1, sizeof *b->calls_of);
    if (b->calls_of && cfg->recording)
        b->turns = turns_open(b);
    if (!b->calls_of || (cfg->recording && !b->turns)) {
        bridge_free(b);
        return NULL;
    }
    return b;
}

uv_loop_t *bridge_loop(const struct bridge *b)
{
    return b->loop;
}

const struct globals *bridge_globals(const struct bridge *b)
{
    return b->cfg.globals;
}

const struct caller *bridge_caller(const struct bridge *b)
{
    return b->cfg.caller;
}

struct json bridge_label(const struct bridge *b)
{
    return b->cfg.label;
}

const char *bridge_fetch_program(const struct bridge *b)
{
    return b->cfg.fetch_program;
}

void bridge_note(const struct bridge *b, struct json line)
{
    if (b->events.note && !b->stopped)
        b->events.note(b->events.ctx, line.at, line.len);
}

uint64_t bridge_result_limit(const struct bridge *b)
{
    return limit_bytes(b->cfg.limits, LIMIT_BRIDGE_PAYLOAD);
}

/* The lane of a kind. NULL without memory, but never for a kind that was called before. */
static struct lane *lane_of(struct bridge *b, const struct stub_kind *kind)
{
    struct lane *lane = b->lanes;

    while (lane && lane->kind != kind)
        lane = lane->next;
    if (!lane && (lane = calloc(1, sizeof *lane))) {
        lane->kind = kind;
        lane->next = b->lanes;
        queue_init(&lane->waiting, QUEUE_OF_KIND);
        b->lanes = lane;
    }
    return lane;
}

/* ---- the list of calls */

static size_t record(struct bridge *b, uint32_t function, uint64_t arg_bytes)
{
    if (b->listed == BRIDGE_MOST_LISTED) {
        b->unlisted++;
        return SIZE_MAX;
    }
    if (b->listed == b->room) {
        size_t room = b->room ? 2 * b->room : 16;
        struct record *more = realloc(b->records, room * sizeof *more);
        if (!more) {
            b->unlisted++;
            return SIZE_MAX;
        }
        b->records = more;
        b->room = room;
    }
    b->records[b->listed] =
        (struct record){.function = function, .start_ns = monotonic_ns(), .arg_bytes = arg_bytes};
    return b->listed++;
}

/* With --call-details: keeps a value of a call for the list. */
static void keep_detail(const struct call *c, const char *key, struct json value)
{
    struct bridge *b = c->bridge;
    struct record *r = c->record != SIZE_MAX ? &b->records[c->record] : NULL;

    if (b->cfg.details && r && details_add(&r->details, &b->details, key, value) < 0)
        r->left_out = 1;
}

void call_keep_stderr(struct call *c, const char *text)
{
    AUTO_BUF struct buf json = {0};

    if (!c->bridge->cfg.details || !*text)
        return;
    json_quote(&json, text, strlen(text));
    if (!json.failed)
        keep_detail(c, "stderr", (struct json){json.data, json.len});
}

static void put_details(const struct record *r, struct buf *out)
{
    if (r->details.len)
        buf_add(out, r->details.data, r->details.len);
    if (r->left_out)
        buf_str(out, ",\"detailsLeftOut\":true");
}

uint64_t bridge_print(const struct bridge *b, uint64_t start_ns, uint64_t end_ns, struct buf *out)
{
    for (size_t i = 0; i < b->listed; i++) {
        const struct record *r = &b->records[i];
        uint64_t end = r->over && r->end_ns < end_ns ? r->end_ns : end_ns;
        uint64_t start = r->start_ns < end ? r->start_ns : end;

        buf_printf(out, "%s{\"name\":%s", i ? "," : "", b->cfg.globals->stubs[r->function].path);
        result_print_ms(out, "startMs", start > start_ns ? start - start_ns : 0);
        result_print_ms(out, "durationMs", end - start);
        buf_printf(out, ",\"argBytes\":%" PRIu64 ",\"resultBytes\":%" PRIu64 ",\"ok\":%s%s%s", r->arg_bytes,
                   r->result_bytes, r->ok ? "true" : "false", r->blocked ? ",\"blocked\":true" : "",
                   r->over ? "" : ",\"pending\":true");
        put_details(r, out);
        buf_byte(out, '}');
    }
    return b->unlisted;
}

size_t bridge_under_way(const struct bridge *b, char *first, size_t size)
{
    AUTO_BUF struct buf name = {0};
    const char *path = NULL;
    size_t count = 0;

    for (size_t i = b->listed; i > 0; i--)
        if (!b->records[i - 1].over) {
            path = b->cfg.globals->stubs[b->records[i - 1].function].path;
            count++;
        }
    if (path)
        json_string_to_text(&name, path, strlen(path));
    *first = 0;
    if (name.len && name.len < size && !name.failed)
        snprintf(first, size, "%.*s", (int)name.len, name.data);
    return count;
}

int bridge_reached_out(const struct bridge *b)
{
    return b->reached_out;
}

int bridge_program_failed(const struct bridge *b)
{
    return b->program_failed;
}

const struct buf *bridge_pending(const struct bridge *b)
{
    return &b->pending;
}

void bridge_call_blocked(struct call *c)
{
    if (c->record != SIZE_MAX)
        c->bridge->records[c->record].blocked = 1;
}

/* ---- limits */

const char *bridge_shown(const struct stub *s, char text[120])
{
    struct buf path = {0};

    json_string_to_text(&path, s->path, strlen(s->path));
    snprintf(text, 120, "'%.*s'", (int)(path.len < 100 ? path.len : 100), path.len ? path.data : "");
    buf_free(&path);
    return text;
}

int bridge_room(struct bridge *b, size_t bytes)
{
    struct iso_err err;

    if (b->held + (int64_t)bytes <= BRIDGE_MOST_HELD || b->stopped)
        return 0;
    iso_fail(&err, ISO_BRIDGE_PAYLOAD,
             "arguments and results that wait take more than %u MiB: make fewer calls at a time",
             BRIDGE_MOST_HELD >> 20);
    b->events.failed(b->events.ctx, &err);
    return -1;
}

int bridge_hold(struct bridge *b, int64_t bytes)
{
    b->held += bytes;
    return bridge_room(b, 0);
}

void bridge_result_too_large(struct bridge *b, const struct stub *stub)
{
    struct iso_err err;
    char name[120];

    iso_fail(&err, ISO_BRIDGE_PAYLOAD, "the result of %s takes more than %" PRIu64 " bytes (%s)",
             bridge_shown(stub, name), bridge_result_limit(b), limit_rows[LIMIT_BRIDGE_PAYLOAD].json);
    b->events.failed(b->events.ctx, &err);
}

void bridge_machine_failed(struct bridge *b, const struct stub *stub, const char *why, const char *words)
{
    char name[120];
    struct iso_err err;

    iso_fail(&err, ISO_INTERNAL, "%s %s%s", bridge_shown(stub, name), why, words);
    b->events.failed(b->events.ctx, &err);
}

/* ---- a call's end */

void bridge_timer(struct bridge *b, int change)
{
    b->timers += change;
    if (b->closing)
        bridge_close(b);
}

static void on_timer_closed(uv_handle_t *handle)
{
    struct bridge *b = handle->data;

    free(handle);
    bridge_timer(b, -1);
}

static void drop_timer(struct call *c)
{
    if (!c->timer)
        return;
    c->timer->data = c->bridge;
    uv_close((uv_handle_t *)c->timer, on_timer_closed);
    c->timer = NULL;
}

static void call_free(struct call *c)
{
    drop_timer(c);
    (void)bridge_hold(c->bridge, -(int64_t)(c->args.len + c->output.len));
    buf_free(&c->args);
    buf_free(&c->output);
    free(c);
}

static void tell_call(const struct call *c, int over)
{
    const struct bridge *b = c->bridge;
    struct bridge_call_event event = {c->serial, c->stub->path, over, c->ok, 0};

    if (!b->events.call || b->stopped)
        return;
    if (over)
        event.duration_ns = monotonic_ns() - c->start_ns;
    b->events.call(b->events.ctx, &event);
}

void call_answer(struct call *c, int ok, const char *json, size_t len)
{
    struct bridge *b = c->bridge;

    if (b->turns)
        turns_prepare_answer(c, &json, &len);
    c->ok = ok;
    c->json = json;
    c->len = len;
    c->answered = 1;
    drop_timer(c);
    if (c->record != SIZE_MAX) {
        struct record *r = &b->records[c->record];
        r->ok = (unsigned char)ok;
        r->over = 1;
        r->end_ns = monotonic_ns();
        r->result_bytes = ok ? len : 0;
    }
    if (len && len <= (ok ? bridge_result_limit(b) : ISO_FRAME_CAP))
        keep_detail(c, ok ? "result" : "error", (struct json){json, len});
    /* The limit is for values. Errors are only limited by the size of a frame, so short ones always get through. */
    if (len > (ok ? bridge_result_limit(b) : ISO_FRAME_CAP)) {
        bridge_result_too_large(b, c->stub);
        c->len = 0;
    }
    tell_call(c, 1);
    queue_remove(&b->open, c);
    call_table_remove(&b->by_number, c);
    queue_add(&b->ready, c);
    if (b->turns)
        turns_consider(b);
    else if (!b->stopped)
        b->events.ready(b->events.ctx);
}

void call_answer_output(struct call *c, int ok)
{
    if (c->output.failed)
        call_fail(c, "Error", NULL, "answered with more than there is memory for");
    else if (bridge_hold(c->bridge, (int64_t)c->output.len) == 0)
        call_answer(c, ok, c->output.data, c->output.len);
    else
        call_answer(c, 0, "{}", 2);
}

/* The length of the text without a character that was cut off at its end. */
static size_t whole_characters(const char *text)
{
    size_t len = strlen(text), valid = utf8_check(text, len);

    return len - valid < 4 ? valid : len;
}

static void call_throw(struct call *c, const char *name, const char *code, const char *fmt, va_list ap)
{
    size_t before = c->output.len;
    char message[3000], shown_name[120];
    int n;

    n = snprintf(message, sizeof message, "%s%s ", c->stub->kind->message ? c->stub->kind->message : "",
                 bridge_shown(c->stub, shown_name));
    vsnprintf(message + n, sizeof message - (size_t)n, fmt, ap);
    (void)bridge_hold(c->bridge, -(int64_t)before);
    buf_free(&c->output);
    buf_printf(&c->output, "{\"name\":\"%s\",\"message\":", name);
    json_quote(&c->output, message, whole_characters(message));
    if (code)
        buf_printf(&c->output, ",\"code\":\"%s\"", code);
    buf_byte(&c->output, '}');
    (void)bridge_hold(c->bridge, (int64_t)c->output.len);
    call_answer(c, 0, c->output.data, c->output.len);
}

void call_fail(struct call *c, const char *name, const char *code, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    call_throw(c, name, code, fmt, ap);
    va_end(ap);
}

void call_fail_program(struct call *c, const char *name, const char *words, const char *fmt, ...)
{
    char what[500];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(what, sizeof what, fmt, ap);
    va_end(ap);
    call_note(c, "%s%s", what, words);
    c->program_failed = c->bridge->program_failed = 1;
    va_start(ap, fmt);
    call_throw(c, name, NULL, fmt, ap);
    va_end(ap);
}

void call_note(const struct call *c, const char *fmt, ...)
{
    char text[3000], name[120];
    struct buf note = {0};
    va_list ap;
    int n = snprintf(text, sizeof text, "%s ", bridge_shown(c->stub, name));

    va_start(ap, fmt);
    vsnprintf(text + n, sizeof text - (size_t)n, fmt, ap);
    va_end(ap);
    json_quote(&note, text, whole_characters(text));
    if (!note.failed)
        bridge_note(c->bridge, (struct json){note.data, note.len});
    buf_free(&note);
}

void bridge_send(struct call *c, struct buf *out)
{
    unsigned char head[FRAME_HEAD + FRAME_ANSWER_HEAD];

    frame_head(head, FRAME_ANSWER, FRAME_ANSWER_HEAD + c->len);
    frame_put_u32(head + FRAME_HEAD, (uint32_t)c->numbers[QUEUE_OF_BRIDGE]);
    head[FRAME_HEAD + 4] = c->ok ? ANSWER_RETURNED : c->program_failed ? ANSWER_BROKEN : ANSWER_FAILED;
    buf_add(out, head, sizeof head);
    buf_add(out, c->json, c->len);
    c->bridge->under_way--;
    call_free(c);
}

void bridge_take(struct bridge *b, struct buf *out, size_t most)
{
    struct call *c;

    if (b->turns)
        turns_take(b, out);
    else
        while (out->len < most && (c = queue_take(&b->ready)))
            bridge_send(c, out);
}

/* ---- calls that are settled later */

/* Stops the examination of a call, or tells its kind not to answer it. */
static void stop_answering(struct call *c)
{
    if (c->examining)
        examine_cancel(&c->bridge->examiner, c);
    else if (c->asking)
        approval_forget(c);
    else if (c->starting)
        turns_forget(c);
    else if (c->waiting)
        queue_remove(&lane_of(c->bridge, c->stub->kind)->waiting, c);
    else if (c->work)
        c->stub->kind->cancel(c);
    c->waiting = 0;
}

static void on_timeout(uv_timer_t *timer)
{
    struct call *c = timer->data;

    stop_answering(c);
    call_fail(c, "TimeoutError", NULL, "did not answer within %" PRIu64 " ms (timeoutMs)", c->timeout_ms);
}

static int out_of_memory(struct call *c)
{
    call_fail(c, "Error", NULL, "could not be called: out of memory");
    return -1;
}

int call_after(struct call *c, uint64_t ms, uv_timer_cb then)
{
    if (!c->timer) {
        c->timer = malloc(sizeof *c->timer);
        if (!c->timer)
            return out_of_memory(c);
        uv_timer_init(c->bridge->loop, c->timer);
        c->timer->data = c;
        c->bridge->timers++;
    }
    uv_update_time(c->bridge->loop);
    uv_timer_start(c->timer, then, ms, 0);
    return 0;
}

int call_keep(struct call *c, struct json args)
{
    if (c->args.len)
        return 0;
    buf_add(&c->args, args.at, args.len);
    if (c->args.failed)
        return out_of_memory(c);
    if (bridge_hold(c->bridge, (int64_t)args.len) < 0)
        return -1;
    return call_restart_timeout(c);
}

int call_restart_timeout(struct call *c)
{
    return c->timeout_ms ? call_after(c, c->timeout_ms, on_timeout) : 0;
}

void bridge_program(struct bridge *b, int change)
{
    b->programs += change;
    if (b->closing)
        bridge_close(b);
}

/* The set of services counts as a program: bridge_close() waits until it is closed. */
struct services *bridge_services(struct bridge *b, int shared)
{
    if (b->cfg.shared && shared)
        return b->cfg.shared;
    if (!b->own && (b->own = services_open(b->loop, 0)))
        b->programs++;
    return b->own;
}

int bridge_is_stopped(const struct bridge *b)
{
    return b->stopped;
}

/* ---- dispatch */

static int broken_call(struct iso_err *err, const char *what)
{
    return iso_fail(err, ISO_INTERNAL, "the worker broke the protocol: %s", what);
}

/* Starts waiting calls up to the limit of the lane. When dispatch() fails a call at once, it frees the place before it
 * returns, and the loop starts the next one. */
static void start_waiting(struct bridge *b, struct lane *lane)
{
    struct call *c;

    if (lane->starting)
        return;
    lane->starting = 1;
    while (!b->halted && lane->busy < lane->kind->at_once && (c = queue_take(&lane->waiting))) {
        c->waiting = 0;
        lane->busy++;
        lane->kind->dispatch(c, (struct json){c->args.data, c->args.len});
    }
    lane->starting = 0;
}

void bridge_place_free(struct bridge *b, const struct stub_kind *kind)
{
    struct lane *lane = lane_of(b, kind);

    lane->busy--;
    start_waiting(b, lane);
}

static void wait_for_place(struct call *c, struct json args)
{
    struct lane *lane = lane_of(c->bridge, c->stub->kind);

    if (!lane)
        (void)out_of_memory(c);
    if (!lane || call_keep(c, args) < 0)
        return;
    c->waiting = 1;
    queue_add(&lane->waiting, c);
    start_waiting(c->bridge, lane);
}

void bridge_dispatch(struct call *c, struct json args)
{
    struct bridge *b = c->bridge;

    if (b->halted)
        return; /* nothing of the host's is started any more */
    b->reached_out |= call_reaches_out(c);
    if (c->stub->kind->at_once)
        wait_for_place(c, args);
    else
        c->stub->kind->dispatch(c, args);
}

static void refuse_for_good(struct call *c)
{
    call_fail(c, "Error", NULL, "may be called %" PRIu64 " times (maxCalls)", c->stub->max_calls);
}

/* A decision that was given counts for any call. */
static int asks(const struct call *c)
{
    return !c->refused && (c->stub->asks || approval_decided(c->bridge->cfg.approver, c->serial));
}

void examined(struct call *c, struct json args, const struct examination *x)
{
    struct bridge *b = c->bridge;
    struct iso_err err;

    if (x->verdict == EXAMINED_MALFORMED) {
        broken_call(&err, "a malformed call");
        b->events.failed(b->events.ctx, &err);
        return; /* the run is over */
    }
    keep_detail(c, "args", args);
    if (b->turns)
        turns_note(c, args, x->verdict == EXAMINED_GOOD && asks(c));
    if (c->refused) {
        refuse_for_good(c);
        return;
    }
    if (x->verdict == EXAMINED_BAD) {
        call_fail(c, "TypeError", NULL, "%.*s", (int)x->why.len, x->why.len ? x->why.data : "");
        return;
    }
    c->answer = x->answer;
    if ((asks(c) && !approval_begin(c, args)) || (b->turns && !turns_may_begin(c, args)))
        return;
    bridge_dispatch(c, args);
}

/* ---- CPU time that counts for the agent */

/* After this much more work the supervisor checks the limit on CPU time. */
#define TELL_NS 10000000

uint64_t bridge_work_ns(const struct bridge *b)
{
    return examiner_work_ns(&b->examiner);
}

int bridge_is_working(const struct bridge *b)
{
    return b->examiner.now != NULL;
}

void bridge_worked(struct bridge *b)
{
    if (b->stopped || (!bridge_is_working(b) && b->examiner.work_ns - b->told_ns < TELL_NS))
        return;
    b->told_ns = b->examiner.work_ns;
    b->events.worked(b->events.ctx);
}

/* ---- frames of the worker */

static const struct stub *callable(const struct bridge *b, uint32_t function)
{
    const struct stub *s = function < b->cfg.globals->count ? &b->cfg.globals->stubs[function] : NULL;

    return s && stub_is_callable(s) ? s : NULL;
}

static int over_limit(const struct bridge *b, size_t arg_bytes, struct iso_err *err)
{
    uint64_t most = b->cfg.limits->value[LIMIT_BRIDGE_CALLS];

    if (most && b->calls >= most)
        return iso_fail(err, ISO_BRIDGE_CALL_LIMIT, "more than %" PRIu64 " calls of host functions (%s)",
                        most, limit_rows[LIMIT_BRIDGE_CALLS].json);
    if (b->under_way >= ISO_MOST_CALLS)
        return iso_fail(err, ISO_BRIDGE_CALL_LIMIT,
                        "more than %d calls of host functions under way at a time", ISO_MOST_CALLS);
    if (arg_bytes > limit_bytes(b->cfg.limits, LIMIT_BRIDGE_PAYLOAD))
        return iso_fail(
            err, ISO_BRIDGE_PAYLOAD, "the arguments of a call take more than %" PRIu64 " bytes (%s)",
            limit_bytes(b->cfg.limits, LIMIT_BRIDGE_PAYLOAD), limit_rows[LIMIT_BRIDGE_PAYLOAD].json);
    return 0;
}

int bridge_call(struct bridge *b, const char *frame, size_t len, struct iso_err *err)
{
    struct json args = {frame + FRAME_CALL_HEAD, len - FRAME_CALL_HEAD};
    const struct stub *s;
    struct call *c;
    uint32_t function;

    if (len < FRAME_CALL_HEAD ||
        (args.len <= EXAMINE_AT_ONCE && json_check_tight(args.at, args.len, JSON_ARRAY) < 0))
        return broken_call(err, "a malformed call");
    function = frame_u32(frame + 4);
    s = callable(b, function);
    if (!s)
        return broken_call(err, "a call of what is no function");
    if (b->blocked)
        return broken_call(err, "a call after one that a limit has refused");
    if (over_limit(b, args.len, err) < 0)
        return -1;
    c = calloc(1, sizeof *c);
    if (!c)
        return iso_fail(err, ISO_INTERNAL, "out of memory");
    *c = (struct call){.bridge = b, .stub = s, .timeout_ms = s->timeout_ms};
    if (call_table_add(&b->by_number, c, frame_u32(frame)) < 0) {
        free(c);
        return iso_fail(err, ISO_INTERNAL, "out of memory");
    }
    c->record = record(b, function, args.len);
    queue_add(&b->open, c);
    c->serial = ++b->calls;
    c->start_ns = monotonic_ns();
    b->under_way++;
    tell_call(c, 0);
    c->refused = s->max_calls && b->calls_of[function] >= s->max_calls;
    c->ordinal = c->refused ? 0 : ++b->calls_of[function];
    if (b->turns && turns_call(c, args)) {
        if (c->taped && json_kind(c->taped->args) == JSON_ARRAY)
            keep_detail(c, "args", c->taped->args);
        return 0;
    }
    if (c->refused && !b->turns) { /* the record has arguments only of what was examined */
        if (args.len <= EXAMINE_AT_ONCE)
            keep_detail(c, "args", args);
        refuse_for_good(c);
    } else
        examine(&b->examiner, c, args);
    return 0;
}

int bridge_blocked(struct bridge *b, const char *frame, size_t len, struct iso_err *err)
{
    uint32_t function = len == 12 ? frame_u32(frame) : UINT32_MAX;
    uint64_t bytes;
    size_t at;

    if (!callable(b, function) || b->blocked)
        return broken_call(err, "a malformed or second refusal of a call");
    b->blocked = 1;
    memcpy(&bytes, frame + 4, sizeof bytes);
    at = record(b, function, bytes);
    if (at != SIZE_MAX) {
        b->records[at].over = b->records[at].blocked = 1;
        b->records[at].end_ns = b->records[at].start_ns;
    }
    return 0;
}

/* Cancels a call: its answer is not wanted any more. A call that already has its answer keeps it. */
int bridge_cancel(struct bridge *b, const char *frame, size_t len, struct iso_err *err)
{
    struct call *c;

    if (len != 4)
        return broken_call(err, "a malformed end of a call");
    c = call_table_find(&b->by_number, frame_u32(frame));
    if (c && !turns_keeps(c)) {
        stop_answering(c);
        call_fail(c, "AbortError", NULL, "was called off");
    }
    return 0;
}

void bridge_begin(struct bridge *b, uint64_t ns)
{
    if (b->turns)
        turns_begin(b->turns, ns);
}

/* The worker of a run that takes turns does nothing before it has its own. */
int bridge_wait(struct bridge *b, const char *frame, size_t len, struct iso_err *err)
{
    uint64_t us;

    if (!b->turns || len != sizeof us)
        return broken_call(err, "a malformed wait, or one where no turns are taken");
    memcpy(&us, frame, sizeof us);
    turns_wait(b, us);
    return 0;
}

/* ---- the end */

void bridge_halt(struct bridge *b)
{
    b->halted = 1;
}

static void on_own_closed(void *ctx)
{
    bridge_program(ctx, -1);
}

static void close_own(struct bridge *b)
{
    struct services *own = b->own;

    if (!own)
        return;
    b->own = NULL;
    b->programs -= services_close(own, on_own_closed, b);
}

void bridge_stop(struct bridge *b)
{
    struct call *c;

    if (b->stopped)
        return;
    b->stopped = b->halted = 1;
    if (b->turns)
        turns_stop(b);
    while ((c = queue_take(&b->open))) {
        call_table_remove(&b->by_number, c);
        stop_answering(c);
        call_free(c);
    }
    while ((c = queue_take(&b->ready)))
        call_free(c);
    close_own(b);
}

void bridge_close(struct bridge *b)
{
    b->closing = 1;
    bridge_stop(b);
    if (b->programs == 0 && b->timers == 0)
        b->events.closed(b->events.ctx);
}

void bridge_free(struct bridge *b)
{
    if (!b)
        return;
    for (struct lane *lane = b->lanes, *next; lane; lane = next) {
        next = lane->next;
        free(lane);
    }
    call_table_free(&b->by_number);
    turns_free(b->turns);
    buf_free(&b->pending);
    for (size_t i = 0; i < b->listed; i++)
        buf_free(&b->records[i].details);
    free(b->records);
    free(b->calls_of);
    free(b);
}
