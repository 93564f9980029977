/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <linux/sockios.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/clock.h"
#include "host/run/job.h"
#include "host/run/supervisor_internal.h"

#define READ_STEP (64u << 10)
/* Answers put together for one write. */
#define SEND_STEP (256u << 10)

/* Where many runs share us none has us to itself. */
static int takes_turns(const struct run *r)
{
    return r->bridge && !r->forked;
}

/* ---- the end */

static uint64_t usage_ns(const struct rusage *u)
{
    return ((uint64_t)(u->ru_utime.tv_sec + u->ru_stime.tv_sec) * 1000000u +
            (uint64_t)(u->ru_utime.tv_usec + u->ru_stime.tv_usec)) *
           1000u;
}

static void free_worker(struct run *r)
{
    if (r->forked) {
        forked_free(r->forked);
        return;
    }
    close(r->worker.socket);
    close(r->worker.pidfd);
    close(r->worker.status);
}

static void part_closed(struct run *r)
{
    if (--r->open_parts > 0)
        return;
    run_conclude(r);
    free_worker(r);
    r->request.on_done(r->request.ctx, &r->result);
    bridge_free(r->bridge);
    result_free(&r->result);
    buf_free(&r->reader.in);
    buf_free(&r->out);
    free(r);
}

static void on_closed(uv_handle_t *handle)
{
    part_closed(handle->data);
}

static void on_bridge_closed(void *ctx)
{
    part_closed(ctx);
}

/* The run is over when the process is reaped and its socket is read to the end. */
static void finish_if_over(struct run *r)
{
    if (!r->reaped || !r->hung_up || uv_is_closing((uv_handle_t *)&r->clock))
        return;
    uv_close((uv_handle_t *)&r->socket, on_closed);
    if (!r->forked)
        uv_close((uv_handle_t *)&r->process, on_closed);
    uv_close((uv_handle_t *)&r->clock, on_closed);
    if (takes_turns(r))
        same_cpu_close(&r->near, on_closed);
    if (r->request.profile)
        uv_close((uv_handle_t *)&r->sampler, on_closed);
    if (r->bridge)
        bridge_close(r->bridge);
}

/* ---- the worker speaks */

static void stop_listening(struct run *r)
{
    if (r->polled)
        uv_poll_stop(&r->socket);
    r->polled = 0;
}

static void hang_up(struct run *r)
{
    struct iso_err err;

    r->hung_up = 1;
    if (r->result.last && r->reader.at < r->reader.in.len && r->verdict == NO_VERDICT) {
        iso_fail(&err, ISO_INTERNAL, "the worker broke the protocol: bytes after the last frame");
        run_fault(r, &err);
    }
    stop_listening(r);
    if (!r->reaped && !r->result.last &&
        !r->killed) /* nothing can come any more: do not wait for it to end */
        uv_timer_start(&r->clock, run_on_clock, RUN_GRACE_MS, 0);
    finish_if_over(r);
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

    if (r->verdict != NO_VERDICT || r->result.last || r->reaped) {
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
        return iso_fail(err, ISO_INTERNAL, "the worker broke the protocol: a profile that nobody asked for");
    return profile_record(r->request.profile, f->data, f->len, monotonic_ns(), err);
}

/* Agent code starts, or may. */
static void begin(struct run *r)
{
    r->started_ns = monotonic_ns();
    if (!r->forked) { /* a forked one has used next to nothing until now */
        r->started_cpu_ns = 0;
        r->started_cpu_ns = run_cpu_used(r);
    }
    if (!r->killed)
        run_watch_limits(r);
    if (r->request.profile) {
        profile_begin(r->request.profile, r->started_ns);
        sample_later(r);
    }
    if (r->request.on_started)
        r->request.on_started(r->request.ctx);
}

/* One that is forked began with its job, and says so only when it has something else to say, but for a trace.
 */
static void on_started(struct run *r)
{
    if (!r->started_ns)
        begin(r);
    else if (r->result.traced)
        r->started_ns = monotonic_ns();
}

static uint64_t lesser(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* To end takes time, too: it is no way around a limit. */
static uint64_t exit_ms(struct run *r)
{
    uint64_t cpu = r->request.limits.value[LIMIT_CPU], wall = r->request.limits.value[LIMIT_WALL];
    uint64_t left = RUN_EXIT_MS - RUN_GRACE_MS;

    if (r->started_ns && wall)
        left = lesser(left, run_ms_until(r->ended_ns - r->started_ns, wall));
    /* It has used no more CPU time than time has passed: mostly there is no need to ask, which is dear. */
    if (r->started_ns && cpu && run_ms_until(r->ended_ns - r->started_ns, cpu) < left)
        left = lesser(left, run_ms_until(run_cpu_used(r), cpu));
    return left + RUN_GRACE_MS;
}

static void on_last(struct run *r)
{
    r->ended_ns = monotonic_ns();
    if (r->bridge)
        bridge_stop(r->bridge);
    if (r->forked)
        stop_listening(r); /* its zygote will say that it has ended */
    if (r->verdict != NO_VERDICT)
        run_kill(r); /* it has said where it was; nothing else of it is wanted */
    else
        uv_timer_start(&r->clock, run_on_clock, exit_ms(r), 0);
    if (r->request.on_leaving && !r->reaped)
        r->request.on_leaving(r->request.ctx);
}

static int take_call(struct run *r, enum result_step step, const struct frame *f, struct iso_err *err)
{
    if (!r->bridge)
        return iso_fail(err, ISO_INTERNAL, "the worker broke the protocol: a call where nothing is declared");
    if (r->verdict != NO_VERDICT)
        return 0; /* no host function is called for a run that is over */
    r->calls += step == RESULT_CALL;
    if (step == RESULT_CANCEL)
        return bridge_cancel(r->bridge, f->data, f->len, err);
    return step == RESULT_CALL ? bridge_call(r->bridge, f->data, f->len, err)
                               : bridge_blocked(r->bridge, f->data, f->len, err);
}

static int read_frames(struct run *r, struct iso_err *err)
{
    enum result_step step;
    struct frame f;
    int more;

    while ((more = frame_next(&r->reader, 1, &f, err)) > 0) {
        if (result_frame(&r->result, &r->request.limits, r->request.mode, &f, &step, err) < 0)
            return -1;
        if (step == RESULT_STARTED)
            on_started(r);
        else if (step == RESULT_LAST)
            on_last(r);
        else if (step == RESULT_PROFILE) {
            if (take_record(r, &f, err) < 0)
                return -1;
        } else if (step != RESULT_MORE && take_call(r, step, &f, err) < 0)
            return -1;
        else if (f.type == FRAME_CONSOLE && r->request.on_console) {
            r->result.outside = 1;
            r->request.on_console(r->request.ctx, f.data[0], f.data + 1, f.len - 1);
        }
    }
    return more;
}

/* One piece of what has arrived: 1 when there may be more, 0 when not, -1 at the end. */
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
        r->unread |= n < 0 && errno == ECONNRESET; /* it has closed its end with something unread in it */
        return -1;
    }
    if (r->verdict == BROKEN)
        return 1; /* read to the end, but not believed */
    frame_received(&r->reader, (size_t)n);
    if (read_frames(r, &err) < 0)
        run_fault(r, &err);
    return 1;
}

/* ---- speaking to the worker */

static void refill(struct run *r)
{
    if (r->out.size > 2 * SEND_STEP) /* a large job, or one large answer */
        buf_free(&r->out);
    buf_reset(&r->out);
    r->sent = 0;
    r->answers = 0;
    if (r->bridge && !r->result.last)
        bridge_take(r->bridge, &r->out, SEND_STEP);
}

/* Sends what there is; the events to wait for next. A worker that is gone is noticed when it is read from. */
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
    if (events == r->polled || r->hung_up || (r->forked && r->result.last))
        return;
    if (events == 0)
        uv_poll_stop(&r->socket);
    else
        uv_poll_start(&r->socket, events, on_socket);
    r->polled = events;
}

static void speak(struct run *r)
{
    int events = send_more(r);
    struct iso_err err;

    if (r->out.failed) {
        iso_fail(&err, ISO_INTERNAL, "out of memory");
        run_fault(r, &err);
    }
    if (r->forked && !r->started_ns && r->out.len == 0) /* it has its job */
        begin(r);
    poll_for(r, events);
}

static void on_socket(uv_poll_t *poll, int status, int events)
{
    struct run *r = poll->data;
    int at_end = 0;

    r->reading = 1;
    r->calls = 0;
    if (status < 0) { /* the other end is closed with something unread: libuv polls no more */
        while (receive(r) > 0)
            ;
        at_end = 1;
    } else if (events & UV_READABLE) {
        at_end = receive(r) < 0;
    }
    r->reading = 0;
    if (r->calls && takes_turns(r))
        same_cpu_turn(&r->near, r->calls);
    if (at_end)
        hang_up(r);
    else if (r->answers || events & UV_WRITABLE)
        speak(r);
}

/* From the bridge: answers to frames just read go out together when all are read. */
static void on_ready(void *ctx)
{
    struct run *r = ctx;

    r->answers = 1;
    if (!r->reading && !r->hung_up && r->sent == r->out.len)
        speak(r);
}

static void on_bridge_failed(void *ctx, const struct iso_err *err)
{
    run_fault(ctx, err);
}

static void on_reaped(struct run *r)
{
    int unread;

    r->reaped = 1;
    uv_timer_stop(&r->clock);
    if (!r->ended_ns)
        r->ended_ns = monotonic_ns();
    /* What it wrote before it died is in the socket; nobody else holds the other end, but one whose zygote
     * has died may hold it for a moment. */
    r->unread |= ioctl(r->worker.socket, SIOCOUTQ, &unread) == 0 && unread > 0;
    while (!r->hung_up)
        if (receive(r) <= 0)
            hang_up(r);
    uv_timer_stop(&r->clock);
    finish_if_over(r);
}

static void on_process(uv_poll_t *poll, int status, int events)
{
    struct run *r = poll->data;
    struct rusage usage;

    (void)status;
    (void)events;
    same_cpu_let_go();
    if (wait4(r->worker.pid, &r->wait_status, WNOHANG, &usage) != r->worker.pid)
        return;
    uv_poll_stop(&r->process);
    r->cpu_total_ns = usage_ns(&usage);
    on_reaped(r);
}

/* By its zygote, which has reaped it. */
static void on_forked_end(void *ctx, int status, uint64_t cpu_ns)
{
    struct run *r = ctx;

    r->wait_status = status;
    r->cpu_total_ns = cpu_ns;
    on_reaped(r);
}

/* ---- starting */

static void on_note(void *ctx, const char *literal, size_t len)
{
    const struct run *r = ctx;

    r->request.on_note(r->request.ctx, literal, len);
}

static void on_bridge_worked(void *ctx)
{
    run_recheck_limits(ctx);
}

static void on_call(void *ctx, const struct bridge_call_event *event)
{
    const struct run *r = ctx;

    r->request.on_call(r->request.ctx, event);
}

static int open_bridge(struct run *r, uv_loop_t *loop, struct iso_err *err)
{
    const struct run_request *q = &r->request;
    struct bridge_events events = {.ready = on_ready,
                                   .failed = on_bridge_failed,
                                   .closed = on_bridge_closed,
                                   .worked = on_bridge_worked,
                                   .note = q->on_note ? on_note : NULL,
                                   .call = q->on_call ? on_call : NULL,
                                   .ctx = r};

    if (q->mode != JOB_RUN || !q->globals || q->globals->count == 0)
        return 0;
    r->bridge = bridge_open(loop, q->globals, &q->limits, q->paths->fetch, q->services, q->caller, &events);
    return r->bridge ? 0 : iso_fail(err, ISO_INTERNAL, "out of memory");
}

/* A worker that cannot be watched does not run. */
static void discard_worker(struct run *r)
{
    run_signal(r, SIGKILL);
    if (!r->forked)
        wait4(r->worker.pid, NULL, 0, NULL);
    free_worker(r);
}

static int watch(struct run *r, uv_loop_t *loop, struct iso_err *err)
{
    int rc = uv_poll_init(loop, &r->socket, r->worker.socket);

    if (rc == 0 && !r->forked)
        rc = uv_poll_init(loop, &r->process, r->worker.pidfd);
    if (rc < 0) {
        discard_worker(r);
        return iso_fail(err, ISO_INTERNAL, "the worker cannot be watched: %s", uv_strerror(rc));
    }
    uv_timer_init(loop, &r->clock);
    if (r->request.profile)
        uv_timer_init(loop, &r->sampler);
    r->sampler.data = r;
    r->socket.data = r->process.data = r->clock.data = r;
    r->open_parts = 2 + (r->forked ? 0 : 1) + (r->bridge ? 1 : 0) + (r->request.profile ? 1 : 0) +
                    (takes_turns(r) ? 1 : 0);
    if (takes_turns(r)) {
        same_cpu_open(&r->near, loop, r->worker.pid);
        r->near.clock.data = r;
    }
    uv_update_time(loop);
    uv_timer_start(&r->clock, run_on_clock, RUN_BOOT_MS, 0);
    if (!r->forked)
        uv_poll_start(&r->process, UV_READABLE, on_process);
    speak(r);
    if (r->forked)
        forked_watch(r->forked, on_forked_end, r);
    return 0;
}

static int get_worker(struct run *r, struct iso_err *err)
{
    const struct run_request *q = &r->request;
    struct worker_config worker = {
        .paths = q->paths,
        .snapshot_fd = q->snapshot_fd,
        .jitless = q->jitless,
        .strict = q->strict,
        .seed = q->seed,
        .memory_mb = q->limits.value[LIMIT_MEMORY],
        .cpu_seconds = limits_cpu_seconds(&q->limits),
    };

    if (!q->forked)
        return spawn_worker(&worker, &r->worker, err);
    r->forked = q->forked;
    r->worker = (struct spawned){
        .pid = q->forked->pid, .pidfd = q->forked->pidfd, .socket = q->forked->socket, .status = -1};
    return 0;
}

int run_start(uv_loop_t *loop, const struct run_request *q, struct run **out, struct iso_err *err)
{
    struct run *r = calloc(1, sizeof *r);
    int rc = -1;

    if (!r)
        return iso_fail(err, ISO_INTERNAL, "out of memory");
    r->request = *q;
    result_init(&r->result, &q->limits);
    r->result.called = q->call || q->flags & JOB_CHECK; /* one that is checked exports nothing, too */
    r->result.traced = (q->flags & JOB_TRACE) != 0;
    if (r->result.traced)
        r->result.phases[PHASE_SPAWN] = monotonic_ns();
    job_frame(q, &r->out);
    if (r->out.failed) {
        iso_fail(err, ISO_INTERNAL, "out of memory");
        goto fail;
    }
    if (open_bridge(r, loop, err) < 0 || (rc = get_worker(r, err)) < 0)
        goto fail;
    if (out)
        *out = r;
    rc = watch(r, loop, err);
    if (rc == 0)
        return 0;
fail:
    if (q->forked && !r->forked)
        forked_free(q->forked);
    bridge_free(r->bridge);
    buf_free(&r->out);
    result_free(&r->result);
    free(r);
    return rc;
}

void run_hold(struct run *r, int hold)
{
    r->held = hold;
    poll_for(r, UV_READABLE | (r->polled & UV_WRITABLE));
}

void run_abort(struct run *r)
{
    run_judge(r, ABORTED);
    run_kill(r);
}
