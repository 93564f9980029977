/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/clock.h"
#include "host/run/supervisor_internal.h"

void run_signal(struct run *r, int signal)
{
    syscall(SYS_pidfd_send_signal, r->worker.pidfd, signal, NULL, 0);
}

/* Whether a forked worker is gone is its zygote's word, which is not waited for without end. */
static void on_unreaped(uv_timer_t *timer)
{
    forked_lost(((struct run *)timer->data)->forked);
}

void run_kill(struct run *r)
{
    r->killed = 1;
    run_signal(r, SIGKILL);
    if (r->forked && !r->reaped)
        uv_timer_start(&r->clock, on_unreaped, RUN_EXIT_MS, 0);
}

void run_judge(struct run *r, enum verdict verdict)
{
    if (r->verdict == NO_VERDICT)
        r->verdict = verdict;
    if (r->bridge)
        bridge_halt(r->bridge);
}

static void on_nudge(uv_timer_t *timer)
{
    struct run *r = timer->data;

    run_signal(r, SIGUSR1);
    uv_timer_start(&r->clock, run_on_clock, RUN_GRACE_MS - RUN_NUDGE_MS, 0);
}

/* A limit has struck: a moment for the worker to say where it was, then the end. */
static void strike(struct run *r, enum verdict verdict)
{
    run_judge(r, verdict);
    r->ended_ns = monotonic_ns();
    if (r->bridge)
        bridge_stop(r->bridge);
    run_signal(r, SIGUSR1);
    uv_timer_start(&r->clock, on_nudge, RUN_NUDGE_MS, 0);
}

uint64_t run_ms_until(uint64_t used_ns, uint64_t limit_ms)
{
    uint64_t limit_ns = limit_ms * 1000000u;

    return used_ns >= limit_ns ? 0 : (limit_ns - used_ns + 999999u) / 1000000u;
}

/* A process that is gone has no clock any more: its end will be noticed, it is no timeout. */
static uint64_t worker_cpu_used(struct run *r)
{
    uint64_t now;

    if (!r->has_cpu_clock)
        r->has_cpu_clock = clock_getcpuclockid(r->worker.pid, &r->cpu_clock) == 0;
    now = r->has_cpu_clock ? clock_ns(r->cpu_clock) : 0;

    return now > r->started_cpu_ns ? now - r->started_cpu_ns : 0;
}

uint64_t run_cpu_used(struct run *r)
{
    return worker_cpu_used(r) + (r->bridge ? bridge_work_ns(r->bridge) : 0);
}

/* Sets the timer to the next moment at which a limit can have been reached: one thread uses at most as much
 * CPU time as real time passes; the worker, and a thread that examines a call of its agent, are two. */
void run_watch_limits(struct run *r)
{
    uint64_t cpu = r->request.limits.value[LIMIT_CPU], wall = r->request.limits.value[LIMIT_WALL];
    uint64_t cpu_left = UINT64_MAX, wall_left = UINT64_MAX;
    int again = r->watched;

    if (wall)
        wall_left = run_ms_until(monotonic_ns() - r->started_ns, wall);
    if (cpu) /* at its start it has used none */
        cpu_left = run_ms_until(again ? run_cpu_used(r) : 0, cpu);
    if (cpu && cpu_left > 1 && r->bridge && bridge_is_working(r->bridge))
        cpu_left = (cpu_left + 1) / 2;
    r->watched = 1;
    if (cpu_left == 0)
        strike(r, TIME_CPU);
    else if (wall_left == 0)
        strike(r, TIME_WALL);
    else if (cpu && again && !r->has_cpu_clock && r->forked)
        run_kill(r); /* it is gone, or its zygote has given us another for it */
    else if (cpu || wall)
        uv_timer_start(&r->clock, run_on_clock, cpu_left < wall_left ? cpu_left : wall_left, 0);
    else
        uv_timer_stop(&r->clock);
}

static int runs_agent_code(const struct run *r)
{
    return r->verdict == NO_VERDICT && r->started_ns && !r->result.last && !r->hung_up && !r->reaped;
}

void run_recheck_limits(struct run *r)
{
    if (runs_agent_code(r) && !r->killed)
        run_watch_limits(r);
}

void run_on_clock(uv_timer_t *timer)
{
    struct run *r = timer->data;

    if (runs_agent_code(r)) {
        run_watch_limits(r);
        return;
    }
    run_judge(r, r->result.last ? TIME_EXIT : r->hung_up ? HUNG_UP : TIME_BOOT);
    run_kill(r);
}

void run_fault(struct run *r, const struct iso_err *err)
{
    if (r->verdict == NO_VERDICT)
        r->broken = *err;
    run_judge(r, BROKEN);
    run_kill(r);
}
