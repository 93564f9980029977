/* SPDX-License-Identifier: MIT */
/* The channel to a worker: reads and handles frames, writes the job and answers. */
#include <errno.h>
#include <linux/sockios.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/clock.h"
#include "host/run/supervisor_internal.h"

#define READ_STEP (64u << 10)
/* Bytes of answers that are collected for one write. */
#define SEND_STEP (256u << 10)

static void stop_listening(struct run *r)
{
    if (r->polled)
        uv_poll_stop(&r->socket);
    r->polled = 0;
}

void run_refuse_channel(struct run *r)
{
    stop_listening(r);
    r->channel = CHANNEL_REFUSED;
    run_finish_if_over(r);
}

static void hang_up(struct run *r)
{
    struct iso_err err;

    if (r->channel != CHANNEL_OPEN)
        return;
    stop_listening(r);
    r->channel = CHANNEL_CLOSED;
    if (r->result.last && r->reader.at < r->reader.in.len && r->verdict == NO_VERDICT) {
        iso_fail(&err, ISO_INTERNAL, "the worker broke the protocol: bytes after the last frame");
        run_fault(r, &err);
        return;
    }
    if (r->state < RUN_ENDS) { /* no more frames can arrive: give the worker a short time to end */
        run_enter(r, RUN_ENDS);
        watchdog_ending(&r->watched, RUN_GRACE_MS);
    }
    run_finish_if_over(r);
}

/* ---- samples for a profile */

static void on_sample(uv_timer_t *timer);

static void sample_later(struct run *r)
{
    uint64_t ms = profile_interval_ms(r->request.profile);

    uv_timer_start(&r->sampler, on_sample, ms, ms);
}

static void on_sample(uv_timer_t *timer)
{
    struct run *r = timer->data;
    uint64_t before = profile_interval_ms(r->request.profile);

    if (r->state != RUN_WORKS || watchdog_has_struck(&r->watched)) {
        uv_timer_stop(timer);
        return;
    }
    profile_asked(r->request.profile);
    run_signal(r, SIGUSR2);
    if (profile_interval_ms(r->request.profile) != before)
        sample_later(r);
}

static int take_record(struct run *r, const struct frame *f, struct iso_err *err)
{
    if (!r->request.profile)
        return iso_fail(err, ISO_INTERNAL, "the worker broke the protocol: a profile that was not asked for");
    return profile_record(r->request.profile, f->data, f->len, monotonic_ns(), err);
}

/* ---- frames */

/* Starts the clocks: agent code starts now, or at any time from now on. */
static void begin_agent(struct run *r)
{
    r->started_ns = watchdog_begin(&r->watched);
    if (r->bridge)
        bridge_begin(r->bridge, r->started_ns);
    run_enter(r, RUN_WORKS);
    if (r->request.profile) {
        profile_begin(r->request.profile, r->started_ns);
        sample_later(r);
    }
    if (r->request.on_started)
        r->request.on_started(r->request.ctx);
}

/* Handles STARTED. The clocks of a fork began with its job; its STARTED comes late, together with its next frame,
 * except when the run is traced. */
static void on_started(struct run *r)
{
    struct iso_err err;

    /* The worker has checked the digest, but the file may have changed before V8 read it. */
    if (run_snapshot_changed(r, &err)) {
        run_fault(r, &err);
        return;
    }
    if (!r->started_ns)
        begin_agent(r);
    else if (r->result.traced)
        r->started_ns = monotonic_ns();
}

static void on_last(struct run *r)
{
    r->in_time = !run_is_late(r);
    if (!r->ended_ns)
        r->ended_ns = monotonic_ns();
    if (r->bridge)
        bridge_stop(r->bridge);
    if (r->forked)
        stop_listening(r); /* the zygote reports its end */
    if (r->verdict != NO_VERDICT || !r->in_time) {
        run_kill(r); /* the worker has sent its stack; nothing else is needed */
    } else if (r->state < RUN_ENDS) {
        run_enter(r, RUN_ENDS);
        watchdog_ending(&r->watched, RUN_EXIT_MS);
    }
    if (r->request.on_leaving && r->state != RUN_REAPED)
        r->request.on_leaving(r->request.ctx);
}

static int take_call_frame(struct run *r, enum result_step step, const struct frame *f, struct iso_err *err)
{
    if (!r->bridge)
        return iso_fail(err, ISO_INTERNAL, "the worker broke the protocol: a call where nothing is declared");
    if (r->verdict != NO_VERDICT || run_is_late(r))
        return 0; /* a run that is over calls no host functions */
    r->calls += step == RESULT_CALL;
    if (step == RESULT_CANCEL)
        return bridge_cancel(r->bridge, f->data, f->len, err);
    if (step == RESULT_WAIT)
        return bridge_wait(r->bridge, f->data, f->len, err);
    return step == RESULT_CALL ? bridge_call(r->bridge, f->data, f->len, err)
                               : bridge_blocked(r->bridge, f->data, f->len, err);
}

static int take_frame(struct run *r, const struct frame *f, struct iso_err *err)
{
    enum result_step step;

    if (result_frame(&r->result, &r->request.limits, r->request.mode, f, &step, err) < 0)
        return -1;
    switch (step) {
    case RESULT_STARTED:
        on_started(r);
        return 0;
    case RESULT_LAST:
        if (r->strip.asked && !run_is_late(r))
            return iso_fail(err, ISO_INTERNAL,
                            "the worker broke the protocol: an end while it waits for a source");
        on_last(r);
        return 0;
    case RESULT_PROFILE:
        return take_record(r, f, err);
    case RESULT_STRIP:
        return run_take_strip(r, f, err);
    case RESULT_CALL:
    case RESULT_BLOCKED:
    case RESULT_CANCEL:
    case RESULT_WAIT:
        return take_call_frame(r, step, f, err);
    case RESULT_MORE:
        break;
    }
    if (f->type == FRAME_CONSOLE && r->request.on_console) {
        r->result.outside = 1;
        r->request.on_console(r->request.ctx, f->data[0], f->data + 1, f->len - 1);
    }
    return 0;
}

static void read_frames(struct run *r)
{
    struct iso_err err;
    struct frame f;
    int more;

    while ((more = frame_next(&r->reader, 1, &f, &err)) > 0) {
        if (take_frame(r, &f, &err) < 0)
            more = -1;
        if (more < 0 || r->channel != CHANNEL_OPEN)
            break;
    }
    if (more < 0)
        run_fault(r, &err);
}

/* Reads and handles one piece from the worker: 1 when there may be more, 0 when not, -1 at the end, or when no more is
 * wanted. */
static int receive(struct run *r)
{
    struct iso_err err;
    size_t room;
    char *to = frame_room(&r->reader, READ_STEP, &room);
    ssize_t n = to ? read(r->worker.socket, to, room) : -1;

    if (!to) {
        iso_fail(&err, ISO_INTERNAL, "out of memory");
        run_fault(r, &err);
        return -1;
    }
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return 0;
    if (n <= 0) {
        r->unread |= n < 0 && errno == ECONNRESET; /* the worker closed its end with unread bytes in it */
        return -1;
    }
    atomic_fetch_add(&r->watched.received, (uint64_t)n);
    frame_received(&r->reader, (size_t)n);
    read_frames(r);
    return r->channel == CHANNEL_OPEN ? 1 : -1;
}

void run_read_arrived(struct run *r, uint64_t most)
{
    while (r->channel == CHANNEL_OPEN && atomic_load(&r->watched.received) < most && receive(r) > 0)
        ;
}

void run_read_rest(struct run *r)
{
    int unread = 0;

    /* Only the bytes that are there now: another process may still hold the worker's end and write to it. */
    (void)ioctl(r->worker.socket, SIOCINQ, &unread);
    run_read_arrived(r, atomic_load(&r->watched.received) + (uint64_t)unread);
    hang_up(r);
}

/* ---- sending to the worker */

static void refill(struct run *r)
{
    if (r->out.size > 2 * SEND_STEP) /* frees the memory of a large job or answer */
        buf_free(&r->out);
    buf_reset(&r->out);
    r->sent = 0;
    r->answers = 0;
    if (r->bridge && !r->result.last)
        bridge_take(r->bridge, &r->out, SEND_STEP);
}

/* Sends waiting bytes; returns the events to poll for next. When the worker is gone, receive() notices it. */
static int send_more(struct run *r)
{
    struct iso_err err;

    for (;;) {
        ssize_t n;

        if (r->sent == r->out.len)
            refill(r);
        if (r->out.len == 0)
            return UV_READABLE;
        n = send(r->worker.socket, r->out.data + r->sent, r->out.len - r->sent, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN)
            return UV_READABLE | UV_WRITABLE;
        if (n < 0 && errno != EPIPE && errno != ECONNRESET) {
            iso_fail(&err, ISO_INTERNAL, "cannot write to the worker: %m");
            run_fault(r, &err);
        }
        if (n < 0)
            return UV_READABLE;
        r->sent += (size_t)n;
    }
}

static void on_socket(uv_poll_t *poll, int status, int events);

static void poll_for(struct run *r, int events)
{
    if (r->held)
        events &= ~UV_READABLE;
    if (events == r->polled || r->channel != CHANNEL_OPEN || (r->forked && r->result.last))
        return;
    if (events == 0)
        uv_poll_stop(&r->socket);
    else
        uv_poll_start(&r->socket, events, on_socket);
    r->polled = events;
}

void run_hold(struct run *r, int hold)
{
    r->held = hold;
    poll_for(r, UV_READABLE | (r->polled & UV_WRITABLE));
}

void run_speak(struct run *r)
{
    int events = send_more(r);
    struct iso_err err;

    if (r->out.failed) {
        iso_fail(&err, ISO_INTERNAL, "out of memory");
        run_fault(r, &err);
    }
    if (r->forked && !r->started_ns && r->out.len == 0) /* the job is sent */
        begin_agent(r);
    poll_for(r, events);
}

void run_say(struct run *r, const void *head, size_t head_len, const void *data, size_t len)
{
    if (r->sent == r->out.len) {
        buf_reset(&r->out);
        r->sent = 0;
    }
    buf_add(&r->out, head, head_len);
    if (len)
        buf_add(&r->out, data, len);
    r->answers = 1;
    if (!r->reading)
        run_speak(r);
}

static void on_socket(uv_poll_t *poll, int status, int events)
{
    struct run *r = poll->data;
    int at_end = 0;

    r->reading = 1;
    r->calls = 0;
    if (status < 0) { /* the other end was closed with unread bytes: libuv stops polling */
        while (receive(r) > 0)
            ;
        at_end = 1;
    } else if (events & UV_READABLE) {
        at_end = receive(r) < 0;
    }
    r->reading = 0;
    if (r->calls && run_takes_turns(r))
        same_cpu_turn(&r->near, r->calls);
    if (at_end)
        hang_up(r);
    else if (r->answers || events & UV_WRITABLE)
        run_speak(r);
}

/* Called by the bridge when it has answers. While frames are being read, answers wait, to be sent together. */
void run_answers_ready(struct run *r)
{
    r->answers = 1;
    if (!r->reading && r->channel == CHANNEL_OPEN && r->sent == r->out.len)
        run_speak(r);
}
