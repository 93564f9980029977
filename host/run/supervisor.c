/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <linux/sockios.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/clock.h"
#include "host/io/shortage.h"
#include "host/run/job.h"
#include "host/run/supervisor_internal.h"

int run_takes_turns(const struct run *r)
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

static void on_handle_closed(uv_handle_t *handle)
{
    part_closed(handle->data);
}

static void on_bridge_closed(void *ctx)
{
    part_closed(ctx);
}

/* The run is over when the process is reaped and its socket is read to the end. */
void run_finish_if_over(struct run *r)
{
    if (r->state != RUN_REAPED || r->channel == CHANNEL_OPEN || uv_is_closing((uv_handle_t *)&r->told))
        return;
    run_strip_end(r);
    uv_close((uv_handle_t *)&r->socket, on_handle_closed);
    uv_close((uv_handle_t *)&r->told, on_handle_closed);
    if (!r->forked)
        uv_close((uv_handle_t *)&r->process, on_handle_closed);
    if (run_takes_turns(r))
        same_cpu_close(&r->near, on_handle_closed);
    if (r->request.profile)
        uv_close((uv_handle_t *)&r->sampler, on_handle_closed);
    if (r->bridge) {
        uv_close((uv_handle_t *)&r->account, on_handle_closed);
        bridge_close(r->bridge);
    }
}

static void on_reaped(struct run *r)
{
    int unread;

    watchdog_remove(&r->watched);
    run_enter(r, RUN_REAPED);
    /* Counts bytes that the worker has not read before it died. */
    r->unread |= ioctl(r->worker.socket, SIOCOUTQ, &unread) == 0 && unread > 0;
    run_read_rest(r);
    run_finish_if_over(r);
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

/* Called when the zygote has reaped the worker. */
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

static void on_ready(void *ctx)
{
    run_answers_ready(ctx);
}

static void on_bridge_failed(void *ctx, const struct iso_err *err)
{
    run_fault(ctx, err);
}

static void on_bridge_worked(void *ctx)
{
    run_charge(ctx);
}

static void on_hold(void *ctx, int hold)
{
    struct run *r = ctx;

    (hold ? watchdog_pause : watchdog_resume)(&r->watched);
}

static void on_bridge_call(void *ctx, const struct bridge_call_event *event)
{
    const struct run *r = ctx;

    r->request.on_call(r->request.ctx, event);
}

static int open_bridge(struct run *r, uv_loop_t *loop, struct iso_err *err)
{
    const struct run_request *q = &r->request;
    struct bridge_config cfg = {.globals = q->globals,
                                .limits = &q->limits,
                                .fetch_program = q->paths->fetch,
                                .shared = q->services,
                                .caller = q->caller,
                                .recording = q->recording,
                                .approver = q->approver,
                                .label = q->label,
                                .details = q->call_details};
    struct bridge_events events = {.ready = on_ready,
                                   .failed = on_bridge_failed,
                                   .closed = on_bridge_closed,
                                   .worked = on_bridge_worked,
                                   .hold = on_hold,
                                   .note = q->on_note ? on_note : NULL,
                                   .call = q->on_call ? on_bridge_call : NULL,
                                   .ctx = r};

    if (q->mode != JOB_RUN || ((!q->globals || q->globals->count == 0) && !q->recording))
        return 0;
    r->bridge = bridge_open(loop, &cfg, &events);
    return r->bridge ? 0 : iso_fail(err, ISO_INTERNAL, "out of memory");
}

/* Ends a worker that cannot be watched. */
static void discard_worker(struct run *r)
{
    watchdog_remove(&r->watched);
    run_signal(r, SIGKILL);
    if (!r->forked)
        wait4(r->worker.pid, NULL, 0, NULL);
    free_worker(r);
}

static int start_watchdog(struct run *r)
{
    const uint64_t *limits = r->request.limits.value;

    r->watched.pid = r->worker.pid;
    r->watched.pidfd = r->worker.pidfd;
    r->watched.socket = r->worker.socket;
    r->watched.speaks_first = !r->forked;
    r->watched.cpu_ms = limits[LIMIT_CPU];
    r->watched.wall_ms = limits[LIMIT_WALL];
    r->watched.tell = &r->told;
    return watchdog_add(&r->watched);
}

static void on_discarded(uv_handle_t *handle)
{
    struct run *r = handle->data;

    if (--r->open_parts == 0)
        free(r);
}

/* Opens the handles that can fail. 0, or an errno; then *r frees itself while the loop runs, unless no handle was
 * opened. */
static int open_handles(struct run *r, uv_loop_t *loop)
{
    uv_handle_t *all[] = {(uv_handle_t *)&r->told, (uv_handle_t *)&r->socket, (uv_handle_t *)&r->process};
    int rc = uv_async_init(loop, &r->told, run_on_told);

    r->open_parts += rc == 0;
    if (rc == 0 && (rc = uv_poll_init(loop, &r->socket, r->worker.socket)) == 0)
        r->open_parts++;
    if (rc == 0 && !r->forked && (rc = uv_poll_init(loop, &r->process, r->worker.pidfd)) == 0)
        r->open_parts++;
    for (int i = 0; i < r->open_parts; i++)
        all[i]->data = r;
    if (rc == 0 && (rc = -start_watchdog(r)) == 0)
        return 0;
    discard_worker(r);
    for (int i = 0; i < r->open_parts; i++)
        uv_close(all[i], on_discarded);
    return -rc;
}

/* Opens the handles that cannot fail. */
static void open_timers(struct run *r, uv_loop_t *loop)
{
    if (r->request.profile) {
        uv_timer_init(loop, &r->sampler);
        r->sampler.data = r;
        r->open_parts++;
    }
    if (r->bridge) {
        uv_timer_init(loop, &r->account);
        r->account.data = r;
        r->open_parts += 2; /* and the bridge */
    }
    if (run_takes_turns(r)) {
        same_cpu_open(&r->near, loop, r->worker.pid);
        r->near.clock.data = r;
        r->open_parts++;
    }
}

static void begin_run(struct run *r)
{
    if (!r->forked)
        uv_poll_start(&r->process, UV_READABLE, on_process);
    run_speak(r);
    if (r->forked)
        forked_watch(r->forked, on_forked_end, r);
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
        .memory_bytes = limits_memory_bytes(&q->limits),
        .cpu_seconds = limits_cpu_seconds(&q->limits),
    };

    if (!q->forked)
        return spawn_worker(&worker, &r->worker, err);
    r->forked = q->forked;
    r->worker = (struct spawned){
        .pid = q->forked->pid, .pidfd = q->forked->pidfd, .socket = q->forked->socket, .status = -1};
    return 0;
}

/* Frees a run without a worker. */
static void free_run(struct run *r)
{
    if (r->request.forked && !r->forked)
        forked_free(r->request.forked);
    bridge_free(r->bridge);
    buf_free(&r->out);
    result_free(&r->result);
    if (r->open_parts == 0)
        free(r);
}

static int prepare_run(struct run *r, uv_loop_t *loop, struct iso_err *err)
{
    const struct run_request *q = &r->request;

    result_init(&r->result, &q->limits);
    r->result.called = q->call || q->flags & JOB_CHECK; /* a check has no exports either */
    r->result.traced = (q->flags & JOB_TRACE) != 0;
    r->result.has_store = q->store != NULL;
    if (r->result.traced)
        r->result.phases[PHASE_SPAWN] = monotonic_ns();
    job_frame(q, &r->out);
    if (r->out.failed)
        return iso_fail(err, ISO_INTERNAL, "out of memory");
    return open_bridge(r, loop, err);
}

int run_start(uv_loop_t *loop, const struct run_request *q, struct run **out, struct iso_err *err)
{
    struct run *r = calloc(1, sizeof *r);
    int rc, error;

    if (!r)
        return iso_fail(err, ISO_INTERNAL, "out of memory");
    r->request = *q;
    rc = prepare_run(r, loop, err);
    if (rc == 0)
        rc = get_worker(r, err);
    if (rc == 0 && (error = open_handles(r, loop)) != 0)
        rc = shortage_fail(err, "the worker cannot be watched", error);
    if (rc < 0) {
        free_run(r);
        return rc;
    }
    if (out)
        *out = r;
    open_timers(r, loop);
    begin_run(r);
    run_strip_early(r);
    return 0;
}

void run_abort(struct run *r)
{
    run_judge(r, ABORTED);
    run_kill(r);
}
