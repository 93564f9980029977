/* SPDX-License-Identifier: MIT */
#include "host/calls/same_cpu.h"

#include "core/clock.h"

#define MICROSECONDS 1000u
#define MILLISECONDS 1000000u

/* A longer turn is not quick, and ends a series of quick turns. */
#define QUICK_NS (500 * MICROSECONDS)
/* Quick turns in a row before both processes are bound, and bound turns after which the speed is compared. */
#define TURNS_ALONE 32
#define TURNS_BOUND 64
/* The interval between checks for calls; how long a pair stays bound; how long it stays unbound after that. */
#define TICK_MS  10
#define TERM_NS  (100 * MILLISECONDS)
#define PAUSE_NS (250 * MILLISECONDS)

/* The bound pair. The set of processors belongs to our whole process, so there is one pair at a time. */
static struct same_cpu *bound;

void same_cpu_open(struct same_cpu *n, uv_loop_t *loop, pid_t worker)
{
    n->worker = worker;
    uv_timer_init(loop, &n->clock);
}

static void start_over(struct same_cpu *n, uint64_t now)
{
    n->turns = 0;
    n->since_ns = now;
}

static void let_go(struct same_cpu *n, uint64_t now)
{
    if (bound != n)
        return;
    sched_setaffinity(0, sizeof n->ours, &n->ours);
    sched_setaffinity(n->worker, sizeof n->its, &n->its); /* fails harmlessly when the worker is gone */
    uv_timer_stop(&n->clock);
    bound = NULL;
    start_over(n, now);
}

void same_cpu_let_go(void)
{
    if (bound)
        let_go(bound, monotonic_ns());
}

static void on_tick(uv_timer_t *clock)
{
    struct same_cpu *n = bound;
    uint64_t now = monotonic_ns();

    if (n && &n->clock == clock && (now - n->last_ns > QUICK_NS || now - n->bound_ns > TERM_NS))
        let_go(n, now);
}

static void bind_both(struct same_cpu *n, uint64_t now)
{
    int here = sched_getcpu();
    cpu_set_t one;

    n->not_before_ns = now + PAUSE_NS;
    if (bound || here < 0 || here >= CPU_SETSIZE || sched_getaffinity(0, sizeof n->ours, &n->ours) < 0 ||
        sched_getaffinity(n->worker, sizeof n->its, &n->its) < 0 || !CPU_ISSET(here, &n->its))
        return;
    CPU_ZERO(&one);
    CPU_SET(here, &one);
    if (sched_setaffinity(n->worker, sizeof one, &one) < 0)
        return; /* the worker has another user and this is not permitted */
    sched_setaffinity(0, sizeof one, &one);
    bound = n;
    n->bound_ns = now;
    n->not_before_ns = 0;
    n->judged = 0;
    n->alone_ns = (now - n->since_ns) / n->turns;
    start_over(n, now);
    uv_timer_start(&n->clock, on_tick, TICK_MS, TICK_MS);
}

/* Ends the binding when turns are less than a fifth faster than before. */
static void judge_binding(struct same_cpu *n, uint64_t now)
{
    n->judged = 1;
    if ((now - n->since_ns) / n->turns <= n->alone_ns - n->alone_ns / 5)
        return;
    let_go(n, now);
    n->not_before_ns = now + PAUSE_NS;
}

void same_cpu_turn(struct same_cpu *n, unsigned calls)
{
    uint64_t now = monotonic_ns();
    int quick = calls == 1 && now - n->last_ns <= QUICK_NS;

    n->last_ns = now;
    if (!quick) {
        start_over(n, now);
        return;
    }
    n->turns++;
    if (bound == n) {
        if (!n->judged && n->turns == TURNS_BOUND)
            judge_binding(n, now);
    } else if (n->turns >= TURNS_ALONE && now >= n->not_before_ns) {
        bind_both(n, now);
    }
}

void same_cpu_close(struct same_cpu *n, uv_close_cb closed)
{
    uv_close((uv_handle_t *)&n->clock, closed);
}
