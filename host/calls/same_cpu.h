/* SPDX-License-Identifier: MIT */
/* host/calls/same_cpu.h - one processor for two processes that take turns.
 *
 * A call of a host function is a message to us and one back, and we never both work. Where processors are
 * idle, Linux wakes each side on another one, which has to come out of its sleep first: twice 25 to 35 µs of
 * the 80 that a call took on a virtual machine. On one processor a turn is a switch of 3 µs. So while an
 * agent makes quick calls one after the other, both sides are bound to the processor that we are on. They are
 * let go when it makes none, when it turns out to be no faster (others want that processor, too), every now
 * and then to see whether another would be better, and before a program is started, which would inherit it.
 *
 * same_cpu_open() when the worker is there; same_cpu_turn() for each message that had calls in it; same_cpu_let_go()
 * before the worker is reaped, whose number may then be another process's; same_cpu_close() after that, which
 * calls `closed` in the loop. */
#ifndef ISO_HOST_CALLS_SAME_CPU_H
#define ISO_HOST_CALLS_SAME_CPU_H
#include <sched.h>
#include <stdint.h>
#include <sys/types.h>
#include <uv.h>

struct same_cpu {
    uv_timer_t clock; /* its data is the caller's */
    pid_t worker;
    cpu_set_t ours, its; /* before */
    unsigned turns;      /* in a row */
    uint64_t since_ns, last_ns;
    uint64_t alone_ns; /* what a turn took while we were not bound */
    uint64_t bound_ns; /* since when we are */
    uint64_t not_before_ns;
    int judged;
};

void same_cpu_open(struct same_cpu *n, uv_loop_t *loop, pid_t worker);

/* `calls`: how many there were at once. Where there is more than one nobody takes turns. */
void same_cpu_turn(struct same_cpu *n, unsigned calls);

/* Whoever is bound. */
void same_cpu_let_go(void);

void same_cpu_close(struct same_cpu *n, uv_close_cb closed);

#endif
