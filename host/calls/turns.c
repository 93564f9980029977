/* SPDX-License-Identifier: MIT */
#include "host/calls/turns.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/file.h"
#include "host/calls/approval.h"
#include "host/calls/bridge_internal.h"
#include "host/result/result.h"
#include "protocol/frame.h"

/* Longer arguments are compared by their bytes only. */
#define MOST_COMPARED (1u << 20)
/* Bytes of a call that a message about a divergence shows. */
#define SHOWN 150

struct turns {
    struct bridge *bridge;
    const struct recording *recording;
    struct call **open; /* owned; calls of the record without an answer, by their index in the record */
    size_t next;        /* index of the record's next answer */
    uint64_t turn;      /* how often the worker has waited */
    int waits;          /* the worker is waiting */
    uint64_t wait_us;   /* until its next timer */
    uint64_t clock_us;  /* the agent's clock, as the worker knows it */
    uint64_t begun_ns;
    uint64_t base_ns,
        base_us;           /* at time base_ns the clock was base_us; base_ns 0: it still follows the record */
    uint64_t held_ns;      /* when the clock was stopped; 0: it moves */
    struct buf out;        /* frames to send */
    struct queue to_begin; /* calls whose lines are being written */
    uv_timer_t *timer;     /* the worker's next one; NULL: not needed yet */
    int writing;           /* bridge_close() waits for the writer */
};

static const struct tape *tape_of(const struct turns *t)
{
    return t->recording->tape;
}

static struct record_writer *writer_of(const struct turns *t)
{
    return t->recording->writer;
}

/* ---- failing */

static int fail_run(struct turns *t, const struct iso_err *err)
{
    struct bridge *b = t->bridge;

    if (!b->stopped)
        b->events.failed(b->events.ctx, err);
    return 1;
}

/* Writes "name(args)", cut when it is long. */
static void show(char text[SHOWN + 40], struct json name, struct json args)
{
    int len = (int)(name.len - 2 < 60 ? name.len - 2 : 60);
    size_t room = SHOWN - (size_t)len;

    if (json_kind(args) == JSON_NULL)
        snprintf(text, SHOWN + 40, "%.*s(?)", len, name.at + 1);
    else
        snprintf(text, SHOWN + 40, "%.*s(%.*s%s)", len, name.at + 1,
                 (int)(args.len - 2 < room ? args.len - 2 : room), args.at + 1,
                 args.len - 2 < room ? "" : "...");
}

static struct json called_name(const struct call *c)
{
    return (struct json){c->stub->path, strlen(c->stub->path)};
}

static int diverge_from(struct turns *t, const struct call *c, struct json args,
                        const struct tape_call *taped)
{
    char ours[SHOWN + 40], theirs[SHOWN + 40];
    struct iso_err err;

    show(ours, called_name(c), args);
    show(theirs, taped->name, taped->args);
    iso_fail(&err, ISO_REPLAY_DIVERGED, "call %" PRIu64 " is %s, and in the record it is %s", c->serial, ours,
             theirs);
    return fail_run(t, &err);
}

static int diverge(struct turns *t, uint64_t n, struct json name, const char *what)
{
    struct iso_err err;

    iso_fail(&err, ISO_REPLAY_DIVERGED, "call %" PRIu64 ", of '%.*s', %s", n,
             (int)(name.len - 2 < 100 ? name.len - 2 : 100), name.at + 1, what);
    return fail_run(t, &err);
}

/* ---- the record that is written */

static void on_moved(void *ctx);

static void push(struct turns *t)
{
    struct record_writer *w = writer_of(t);

    writer_push(w);
    if (!w->busy || t->writing)
        return;
    t->writing = 1;
    bridge_program(t->bridge, 1);
}

static void add_line(struct turns *t, const struct buf *line)
{
    if (writer_of(t))
        writer_line(writer_of(t), line);
}

static void note_call(struct turns *t, struct call *c, struct json args, int asks)
{
    AUTO_BUF struct buf line = {0};

    if (c->noted)
        return;
    c->noted = 1;
    buf_printf(&line, "{\"n\":%" PRIu64 ",\"name\":%s,\"args\":", c->serial, c->stub->path);
    buf_add(&line, args.at, args.len);
    result_print_ms(&line, "startMs", c->start_ns > t->begun_ns ? c->start_ns - t->begun_ns : 0);
    buf_str(&line, asks ? ",\"approval\":\"ask\"}" : "}");
    add_line(t, &line);
    c->line = writer_of(t) ? writer_of(t)->added : 0;
}

void turns_note(struct call *c, struct json args, int asks)
{
    note_call(c->bridge->turns, c, args, asks);
}

void turns_note_decision(struct call *c, int allow)
{
    struct turns *t = c->bridge->turns;
    AUTO_BUF struct buf line = {0};

    if (c->taped && c->taped->decision != DECIDED_NOT)
        return; /* it is in the record */
    buf_printf(&line, "{\"n\":%" PRIu64 ",\"decision\":\"%s\"}", c->serial, allow ? "allow" : "deny");
    add_line(t, &line);
    c->line = writer_of(t) ? writer_of(t)->added : 0;
}

/* Writes the answer of a call. `taken`: the agent gets it now; 0: the run is over. */
static void note_answer(struct turns *t, struct call *c, int taken)
{
    static const struct json unknown = {"null", 4};
    AUTO_BUF struct buf line = {0};

    if (!c->noted) /* it ended before its arguments were checked */
        note_call(t, c, unknown, 0);
    buf_printf(&line, "{\"n\":%" PRIu64, c->serial);
    if (c->len || !c->ok) {
        buf_str(&line, c->ok ? ",\"value\":" : ",\"throw\":");
        buf_add(&line, c->json, c->len);
    }
    if (c->record != SIZE_MAX && t->bridge->records[c->record].blocked)
        buf_str(&line, ",\"blocked\":true");
    if (taken)
        buf_printf(&line, ",\"turn\":%" PRIu64 ",\"clockUs\":%" PRIu64, t->turn, t->clock_us);
    buf_byte(&line, '}');
    add_line(t, &line);
    if (writer_of(t) && taken)
        push(t);
}

int turns_may_begin(struct call *c, struct json args)
{
    struct turns *t = c->bridge->turns;
    const struct record_writer *w = writer_of(t);

    if (!w || (c->line <= w->written && !w->error))
        return 1;
    if (call_keep(c, args) < 0)
        return 0;
    c->starting = 1;
    queue_add(&t->to_begin, c);
    push(t);
    if (w->error)
        on_moved(t);
    return 0;
}

void turns_forget(struct call *c)
{
    c->starting = 0;
    queue_remove(&c->bridge->turns->to_begin, c);
}

static void fail_writing(struct turns *t)
{
    const struct record_writer *w = writer_of(t);
    struct iso_err err;

    iso_fail(&err, ISO_INTERNAL, "the record%s%.150s%s cannot be written: %s", w->path ? " '" : "",
             w->path ? w->path : "", w->path ? "'" : "", strerrordesc_np(w->error));
    fail_run(t, &err);
}

/* Called when more of the record is written: starts the calls of which the lines are written. */
static void on_moved(void *ctx)
{
    struct turns *t = ctx;
    const struct record_writer *w = writer_of(t);
    struct bridge *b = t->bridge;
    struct call *c;

    if (w->error)
        fail_writing(t);
    while (!b->stopped && !w->error && (c = t->to_begin.first) && c->line <= w->written) {
        turns_forget(c);
        bridge_dispatch(c, (struct json){c->args.data, c->args.len});
    }
    if (t->writing && !w->busy) {
        t->writing = 0;
        bridge_program(b, -1);
    }
}

/* ---- the record that is replayed */

static int same_args(struct json a, struct json b)
{
    if (json_kind(b) == JSON_NULL || (a.len == b.len && memcmp(a.at, b.at, a.len) == 0))
        return 1;
    return a.len <= MOST_COMPARED && b.len <= MOST_COMPARED &&
           json_check_tight(a.at, a.len, JSON_ARRAY) == 0 && json_equal(a, b) == 1;
}

static struct call **open_slot(const struct turns *t, const struct tape_call *taped)
{
    return &t->open[taped - tape_of(t)->calls];
}

/* 1 for a call that was probably started in the recorded run, and has no answer. */
static int is_doubtful(const struct call *c)
{
    const struct tape_call *taped = c->taped;

    return call_reaches_out(c) && !c->refused && !taped->answered &&
           (taped->decision == DECIDED_ALLOW || !taped->asks) &&
           !approval_decided(c->bridge->cfg.approver, c->serial);
}

int turns_call(struct call *c, struct json args)
{
    struct turns *t = c->bridge->turns;
    const struct tape *tape = tape_of(t);
    struct tape_call *taped = tape ? tape_find(tape, c->serial) : NULL;

    if (!tape || (!taped && t->recording->live))
        return 0;
    if (!taped)
        return diverge(
            t, c->serial, called_name(c),
            "is not in the record, which ends before it (with --on-miss=live it goes to the host)");
    if (!json_same_string(taped->name, called_name(c)) || !same_args(args, taped->args))
        return diverge_from(t, c, args, taped);
    c->taped = taped;
    c->noted = 1;
    if (!taped->answered && t->recording->live && tape->end != TAPE_ENDED && !is_doubtful(c))
        return 0; /* the host has not started it, or can start it again without harm */
    *open_slot(t, taped) = c;
    return 1;
}

int turns_keeps(const struct call *c)
{
    return c->bridge->turns && c->taped && c->taped->answered;
}

void turns_prepare_answer(struct call *c, const char **json, size_t *len)
{
    struct buf tight = {0};

    if (c->taped && c->taped->answered)
        return;
    if (c->taped && *open_slot(c->bridge->turns, c->taped) == c)
        *open_slot(c->bridge->turns, c->taped) = NULL;
    json_compact(&tight, *json, *len);
    if (tight.failed || tight.len == *len) {
        buf_free(&tight); /* no memory for a copy: the following steps would fail, too */
        return;
    }
    (void)bridge_hold(c->bridge, (int64_t)tight.len - (int64_t)c->output.len);
    buf_free(&c->output);
    c->output = tight;
    *json = c->output.data;
    *len = c->output.len;
}

/* ---- the agent's clock */

static uint64_t now_us(struct turns *t)
{
    uint64_t now = t->held_ns ? t->held_ns : monotonic_ns(), us;

    if (!t->base_ns) { /* at the end of the record: from here on the clock is real */
        t->base_ns = now;
        t->base_us = t->clock_us;
    }
    us = t->base_us + (now > t->base_ns ? (now - t->base_ns) / 1000 : 0);
    return us > t->clock_us ? us : t->clock_us;
}

void turns_hold(struct bridge *b, int hold)
{
    struct turns *t = b->turns;
    uint64_t now = monotonic_ns();

    if (!t)
        return;
    if (!hold && t->held_ns && t->base_ns)
        t->base_ns += now - (t->held_ns > t->base_ns ? t->held_ns : t->base_ns);
    t->held_ns = hold ? now : 0;
    turns_consider(b);
}

/* ---- giving turns */

static void put_turn(struct turns *t, int answered)
{
    unsigned char head[FRAME_HEAD], flag = (unsigned char)answered;

    frame_head(head, FRAME_TURN, sizeof t->clock_us + 1);
    buf_add(&t->out, head, sizeof head);
    buf_add(&t->out, &t->clock_us, sizeof t->clock_us);
    buf_add(&t->out, &flag, 1);
    t->waits = 0;
    if (t->timer)
        uv_timer_stop(t->timer);
}

static void send_turn(struct turns *t)
{
    if (!t->bridge->stopped)
        t->bridge->events.ready(t->bridge->events.ctx);
}

/* Gives the worker the answer of a call. */
static void give(struct turns *t, struct call *c, uint64_t clock_us)
{
    t->clock_us = clock_us;
    queue_remove(&t->bridge->ready, c);
    if (!(c->taped && c->taped->taken))
        note_answer(t, c, 1);
    put_turn(t, 1);
    bridge_send(c, &t->out);
    send_turn(t);
}

static void tick(struct turns *t)
{
    t->clock_us += t->wait_us;
    put_turn(t, 0);
    send_turn(t);
}

/* Gives the worker an answer from the record. */
static void give_taped(struct turns *t, const struct tape_call *taped, uint64_t clock_us)
{
    struct call *c = *open_slot(t, taped);

    *open_slot(t, taped) = NULL;
    if (taped->blocked)
        bridge_call_blocked(c);
    t->waits = 0; /* so that no other answer is given meanwhile */
    call_answer(c, taped->ok, taped->answer.at ? taped->answer.at : "", taped->answer.len);
    give(t, c, clock_us > t->clock_us ? clock_us : t->clock_us);
}

/* The next answer of the record whose call has been made. A changed agent may make calls in another order. */
static const struct tape_call *next_taped(struct turns *t, int any)
{
    const struct tape *tape = tape_of(t);

    for (size_t i = t->next; i < tape->answers; i++) {
        const struct tape_call *taped = &tape->calls[tape->order[i]];

        if (i == t->next && !*open_slot(t, taped) && taped->n <= t->bridge->calls) {
            t->next++; /* this answer was given already */
            continue;
        }
        if (*open_slot(t, taped))
            return taped;
        if (!any)
            return NULL;
    }
    return NULL;
}

/* Gives the next answer of the record. 1: it was given, or the run has failed. */
static int give_from_tape(struct turns *t)
{
    const struct tape_call *taped = next_taped(t, 0);

    if (!taped && t->next == tape_of(t)->answers)
        return 0;
    if (taped && (t->turn >= taped->turn || t->wait_us == WAIT_NO_TIMER)) {
        give_taped(t, taped, taped->clock_us);
        return 1;
    }
    if (t->wait_us != WAIT_NO_TIMER) {
        tick(t);
        return 1;
    }
    taped = next_taped(t, 1);
    if (taped)
        give_taped(t, taped, taped->clock_us);
    return taped != NULL;
}

/* A call without an answer in the record, which will not get one; NULL: none. */
static struct call *open_taped(const struct turns *t)
{
    for (size_t i = 0; i < tape_of(t)->count; i++)
        if (t->open[i])
            return t->open[i];
    return NULL;
}

static int end_with_record(struct turns *t)
{
    const struct tape *tape = tape_of(t);
    AUTO_BUF struct buf message = {0};
    struct iso_err err;

    if (tape->message.at)
        json_decode(&message, tape->message);
    if (tape->code == ISO_OK)
        iso_fail(&err, ISO_REPLAY_DIVERGED, "the run waits where the recorded one had ended");
    else
        iso_fail(&err, tape->code, "%.*s", (int)message.len, message.len ? message.data : "");
    return fail_run(t, &err);
}

/* Handles a turn when the record has no more answers. 1: an answer was given, or the run has failed. */
static int end_of_tape(struct turns *t)
{
    const struct tape *tape = tape_of(t);
    struct call *c = open_taped(t);

    if (tape->end != TAPE_ENDED && c && c->taped->answered) {
        give_taped(t, c->taped, t->recording->live ? now_us(t) : t->clock_us);
        return 1;
    }
    if (tape->end != TAPE_ENDED && c && t->recording->live)
        return diverge(
            t, c->serial, called_name(c),
            "was begun in the recorded run, and its answer is not in the record: it may have had its "
            "effect and is not made again, unless --decide says so");
    if (tape->end != TAPE_ENDED && c)
        return diverge(t, c->serial, called_name(c), "has no answer in the record, which ends here");
    if (t->recording->live && tape->end != TAPE_ENDED)
        return 0;
    if (t->wait_us == WAIT_NO_TIMER)
        return end_with_record(t);
    tick(t);
    return 1;
}

/* ---- pausing */

static void put_pending(struct turns *t)
{
    const struct queue *open = &t->bridge->open;
    struct buf *out = &t->bridge->pending;

    for (const struct call *c = open->first; c; c = queue_next(open, c)) {
        buf_printf(out, "%s{\"n\":%" PRIu64 ",\"name\":%s,\"args\":", out->len ? "," : "", c->serial,
                   c->stub->path);
        buf_add(out, c->args.data, c->args.len);
        buf_byte(out, '}');
    }
}

/* 1 when all pending calls wait for decisions. */
static int is_pausing(const struct turns *t)
{
    const struct queue *open = &t->bridge->open;

    if (!open->first)
        return 0;
    for (const struct call *c = open->first; c; c = queue_next(open, c))
        if (!c->pending)
            return 0;
    return 1;
}

static void pause_run(struct turns *t)
{
    struct iso_err err;

    put_pending(t);
    iso_fail(&err, ISO_APPROVAL_PENDING,
             "%s for approval: the run goes on from its record, with a decision on %s",
             queue_next(&t->bridge->open, t->bridge->open.first) ? "calls wait" : "a call waits",
             queue_next(&t->bridge->open, t->bridge->open.first) ? "some or all of them" : "it");
    fail_run(t, &err);
}

/* ---- live */

static void on_timer(uv_timer_t *timer)
{
    turns_consider(((struct turns *)timer->data)->bridge);
}

static void on_timer_closed(uv_handle_t *handle)
{
    struct turns *t = handle->data;
    struct bridge *b = t->bridge;

    free(handle);
    bridge_timer(b, -1);
}

static int wait_for_timer(struct turns *t, uint64_t us)
{
    struct iso_err err;

    if (!t->timer) {
        t->timer = malloc(sizeof *t->timer);
        if (!t->timer) {
            iso_fail(&err, ISO_INTERNAL, "out of memory");
            return fail_run(t, &err);
        }
        uv_timer_init(t->bridge->loop, t->timer);
        t->timer->data = t;
        bridge_timer(t->bridge, 1);
    }
    uv_update_time(t->bridge->loop);
    return uv_timer_start(t->timer, on_timer, (us + 999) / 1000, 0);
}

static void give_live(struct turns *t)
{
    struct call *c = t->bridge->ready.first;
    uint64_t now = now_us(t), due;

    due = t->wait_us == WAIT_NO_TIMER ? UINT64_MAX : t->clock_us + t->wait_us;
    if (c)
        give(t, c, now);
    else if (t->wait_us == 0)
        tick(t);
    else if (is_pausing(t))
        pause_run(t);
    else if (due <= now)
        tick(t);
    else if (due != UINT64_MAX && !t->held_ns)
        (void)wait_for_timer(t, due - now);
}

void turns_consider(struct bridge *b)
{
    struct turns *t = b->turns;

    if (!t->waits || b->halted)
        return;
    if (tape_of(t) && (give_from_tape(t) || end_of_tape(t)))
        return;
    give_live(t);
}

void turns_wait(struct bridge *b, uint64_t us)
{
    struct turns *t = b->turns;

    t->turn++;
    t->waits = 1;
    /* Limited, so that sums do not overflow. */
    t->wait_us = us == WAIT_NO_TIMER || us < UINT64_MAX / 4 ? us : UINT64_MAX / 4;
    turns_consider(b);
}

void turns_take(struct bridge *b, struct buf *out)
{
    struct turns *t = b->turns;

    if (t->out.len)
        buf_add(out, t->out.data, t->out.len);
    out->failed |= t->out.failed;
    buf_reset(&t->out);
}

/* ---- beginning and end */

struct turns *turns_open(struct bridge *b)
{
    struct turns *t = calloc(1, sizeof *t);
    const struct tape *tape = b->cfg.recording->tape;

    if (!t)
        return NULL;
    *t = (struct turns){.bridge = b, .recording = b->cfg.recording};
    queue_init(&t->to_begin, QUEUE_OF_KIND);
    t->open = calloc((tape ? tape->count : 0) + 1, sizeof *t->open);
    if (!t->open) {
        free(t);
        return NULL;
    }
    if (writer_of(t)) {
        writer_restart(writer_of(t));
        writer_of(t)->loop = b->loop;
        writer_of(t)->moved = on_moved;
        writer_of(t)->ctx = t;
    }
    return t;
}

void turns_begin(struct turns *t, uint64_t ns)
{
    t->begun_ns = ns;
    if (!tape_of(t))
        t->base_ns = ns;
}

/* Writes answers that the agent did not take: a replay shows them in its list of calls. */
static void note_untaken(struct turns *t)
{
    struct bridge *b = t->bridge;

    for (struct call *c = b->ready.first; c; c = queue_next(&b->ready, c))
        note_answer(t, c, 0);
    for (size_t i = 0; tape_of(t) && i < tape_of(t)->count; i++) {
        const struct tape_call *taped = &tape_of(t)->calls[i];
        struct record *r = t->open[i] && taped->answered && !taped->taken && t->open[i]->record != SIZE_MAX
                               ? &b->records[t->open[i]->record]
                               : NULL;
        if (!r)
            continue;
        r->over = 1;
        r->ok = (unsigned char)taped->ok;
        r->blocked = (unsigned char)taped->blocked;
        r->end_ns = monotonic_ns();
        r->result_bytes = taped->ok ? taped->answer.len : 0;
    }
}

void turns_stop(struct bridge *b)
{
    struct turns *t = b->turns;

    note_untaken(t);

    if (t->timer)
        uv_close((uv_handle_t *)t->timer, on_timer_closed);
    t->timer = NULL;
    t->waits = 0;
}

void turns_free(struct turns *t)
{
    if (!t)
        return;
    if (writer_of(t))
        writer_of(t)->moved = NULL;
    buf_free(&t->out);
    free(t->open);
    free(t);
}
