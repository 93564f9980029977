/* SPDX-License-Identifier: MIT */
/* host/calls/same_cpu.h - binds iso4 and a worker to one processor while they take turns.
 *
 * A call of a host function is a message to iso4 and one back; only one side works at a time. When processors are
 * idle, Linux wakes each side on another processor, which has to leave its sleep state first: twice 25 to 35 µs of the
 * 80 µs that a call took on a virtual machine. On one processor a turn is a switch of 3 µs. So while an agent makes
 * quick calls one after the other, both sides are bound to the processor that iso4 runs on. They are released when the
 * agent makes no calls, when calls are not faster (other processes want that processor, too), from time to time in case
 * another processor is better, and before a program is started, which would inherit the binding.
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
    unsigned turns;      /* quick ones in a row */
    uint64_t since_ns, last_ns;
    uint64_t alone_ns; /* the time of a turn before we were bound */
    uint64_t bound_ns; /* when we were bound */
    uint64_t not_before_ns;
    int judged;
};

void same_cpu_open(struct same_cpu *n, uv_loop_t *loop, pid_t worker);

/* Counts a turn. `calls` is the number of calls in the message: with more than one the two sides do not take turns. */
void same_cpu_turn(struct same_cpu *n, unsigned calls);

/* Releases the bound pair, if there is one. */
void same_cpu_let_go(void);

void same_cpu_close(struct same_cpu *n, uv_close_cb closed);

#endif
