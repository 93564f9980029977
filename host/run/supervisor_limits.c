/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/clock.h"
#include "host/run/supervisor_internal.h"

/* Being ready takes a few words. */
#define UNREADY_BYTES 65536
/* How often the account is looked at while others work on it. */
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

/* ---- what the watchdog has done */

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

/* The worker says where it was; nothing is done for its agent any more. */
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

/* It has begun to speak, and has not said that it is ready; unless that was not read yet. */
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
    /* The end of one that is forked is its zygote's word, which is not waited for without end. */
    if (facts.overdue && r->forked)
        forked_lost(r->forked);
}

/* ---- work on the agent's account */

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
