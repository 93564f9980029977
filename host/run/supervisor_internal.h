/* SPDX-License-Identifier: MIT */
/* host/run/supervisor_internal.h - a run, for the files that keep it: supervisor.c starts it and talks to its
 * worker, supervisor_limits.c stops it when it has to end, supervisor_end.c says what it was. */
#ifndef ISO_HOST_RUN_SUPERVISOR_INTERNAL_H
#define ISO_HOST_RUN_SUPERVISOR_INTERNAL_H
#include <time.h>

#include "host/calls/bridge.h"
#include "host/calls/same_cpu.h"
#include "host/result/profile.h"
#include "host/run/spawn.h"
#include "host/run/supervisor.h"
#include "host/run/zygote.h"

/* Why the parent ended the run; the first reason stays. */
enum verdict { NO_VERDICT, TIME_CPU, TIME_WALL, TIME_BOOT, TIME_EXIT, HUNG_UP, BROKEN, ABORTED };

struct run {
    struct run_request request;
    struct spawned worker;
    struct run_result result;
    struct frame_reader reader;
    struct buf out; /* the job, later answers: what is not sent yet, from `sent` on */
    size_t sent;
    struct bridge *bridge; /* NULL: there is nothing to call */
    int answers;           /* the bridge has some */
    int reading;           /* frames are being read: answers can wait */
    unsigned calls;        /* among those frames */
    struct same_cpu near;

    uv_poll_t socket, process;
    uv_timer_t clock, sampler; /* the second one for a profile only */
    int open_parts;            /* handles, and the bridge */
    int polled;                /* events that the socket is polled for; 0: it is not */
    int held;                  /* it is not read */

    enum verdict verdict;
    struct iso_err broken;
    clockid_t cpu_clock; /* of the worker, when has_cpu_clock: 0 would be the time of day */
    int has_cpu_clock;
    uint64_t started_ns, ended_ns,
        started_cpu_ns;    /* agent code, by our own clocks; of a forked one its job */
    int watched;           /* its clocks were looked at before */
    struct forked *forked; /* owned; it comes from a zygote, whose pidfd and socket stand in `worker` */
    int killed, hung_up, reaped, wait_status;
    int unread;            /* of what was sent to it, when it hung up */
    uint64_t cpu_total_ns; /* of the process, once it is reaped */
};

/* ---- supervisor_limits.c */

void run_signal(struct run *r, int signal);

/* Without a word. */
void run_kill(struct run *r);

/* No host function is called any more, and this is why, unless something else was before. */
void run_judge(struct run *r, enum verdict verdict);

/* The worker broke the protocol, or we cannot go on. */
void run_fault(struct run *r, const struct iso_err *err);

/* From when agent code starts: sets r->clock to the next moment at which a limit can have been reached. */
void run_watch_limits(struct run *r);

/* The same while agent code runs, when a limit may be reached earlier than was thought. */
void run_recheck_limits(struct run *r);

/* Of r->clock: a limit, or patience, is at its end. */
void run_on_clock(uv_timer_t *clock);

/* Of the agent, in ns: the worker's, and what iso4 has done for its calls. */
uint64_t run_cpu_used(struct run *r);

/* Milliseconds that are left, rounded up. */
uint64_t run_ms_until(uint64_t used_ns, uint64_t limit_ms);

/* ---- supervisor_end.c */

/* Completes r->result when the worker is gone and everything that it wrote has been read. */
void run_conclude(struct run *r);

#endif
