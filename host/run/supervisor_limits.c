/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/clock.h"
#include "host/run/supervisor_internal.h"

/* Most bytes of a worker that is not ready; becoming ready takes a few frames. */
#define UNREADY_BYTES 65536
/* The interval at which CPU time of other threads is added. */
#define ACCOUNT_MS 20

void run_signal(struct run *r, int signal)
{
    syscall(SYS_pidfd_send_signal, r->worker.pidfd, signal, NULL, 0);
}

void run_kill(struct run *r)
{
    if (r->state >= RUN_KILLED)
        return;
    run_enter(r, RUN_KILLED);
    run_signal(r, SIGKILL);
    watchdog_killed(&r->watched);
}

void run_judge(struct run *r, enum verdict verdict)
{
    if (r->verdict == NO_VERDICT)
        r->verdict = verdict;
    if (r->bridge)
        bridge_halt(r->bridge);
}

void run_fault(struct run *r, const struct iso_err *err)
{
    if (r->verdict == NO_VERDICT)
        r->broken = *err;
    run_judge(r, BROKEN);
    run_kill(r);
    run_refuse_channel(r);
}

/* ---- reports of the watchdog */

int run_is_late(struct run *r)
{
    struct watch_facts facts;
    uint64_t at;

    if (!watchdog_has_struck(&r->watched))
        return 0;
    watchdog_facts(&r->watched, &facts);
    at = atomic_load(&r->watched.received) - (r->reader.in.len - r->reader.at);
    return at > facts.arrived;
}

/* Called when a limit was reached. The worker sends its stack; host functions are not called any more. */
static void on_strike(struct run *r, const struct watch_facts *facts)
{
    run_read_arrived(r, facts->arrived);
    if (r->result.last || r->channel == CHANNEL_REFUSED)
        return;
    r->ended_ns = facts->struck_ns;
    if (r->bridge) {
        bridge_halt(r->bridge);
        bridge_stop(r->bridge);
    }
}

/* Called when the worker has sent bytes but was not ready in time. The frame may have arrived but not been read yet. */
static void on_unready(struct run *r)
{
    run_read_arrived(r, UNREADY_BYTES);
    if (r->state != RUN_BOOTS)
        return;
    run_judge(r, NOT_READY);
    run_kill(r);
}

void run_on_told(uv_async_t *told)
{
    struct run *r = told->data;
    struct watch_facts facts;

    if (r->state == RUN_REAPED)
        return;
    watchdog_facts(&r->watched, &facts);
    if (facts.unready && r->state == RUN_BOOTS)
        on_unready(r);
    if (facts.strike && !r->ended_ns)
        on_strike(r, &facts);
    /* Only the zygote reports the end of a child, which must not be waited for without limit. */
    if (facts.overdue && r->forked)
        forked_lost(r->forked);
}

/* ---- CPU time of other threads that counts for the agent */

static void on_account(uv_timer_t *timer)
{
    run_charge(timer->data);
}

void run_charge(struct run *r)
{
    if (r->state != RUN_WORKS)
        return;
    watchdog_charge(&r->watched, bridge_work_ns(r->bridge));
    if (!bridge_is_working(r->bridge))
        uv_timer_stop(&r->account);
    else if (!uv_is_active((uv_handle_t *)&r->account))
        uv_timer_start(&r->account, on_account, ACCOUNT_MS, ACCOUNT_MS);
}
