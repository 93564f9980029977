/* SPDX-License-Identifier: MIT */
/* host/run/watchdog.h - deadlines of workers, kept by a thread of its own.
 *
 * The event loop can be late: it has other work. A deadline must not be, in either direction: no agent runs longer
 * than its limits because iso4 is busy, and no result is thrown away because iso4 reads it late. So one thread does
 * nothing but wait for the next deadline, look at the clocks of the process that it concerns, and send signals. It
 * never reads what a worker says. The loop tells it what it knows, and learns from watchdog_facts() what was done.
 *
 * watchdog_add() for each worker; watchdog_begin() when agent code runs, which its first bytes may have said before;
 * watchdog_ending() when the worker has nothing more to say; watchdog_killed() after a SIGKILL of the caller's;
 * watchdog_remove() before its descriptors are closed. Each of these fixes a deadline once: nothing that the worker
 * does moves it, but watchdog_pause() and watchdog_resume() around work that it waits for and that has limits itself. */
#ifndef ISO_HOST_RUN_WATCHDOG_H
#define ISO_HOST_RUN_WATCHDOG_H
#include <stdatomic.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>
#include <uv.h>

/* Boot, lockdown and restoring the heap take milliseconds; a machine in distress may take long. */
#define WATCHDOG_BOOT_MS 20000
/* From a limit to the second request to stop, at which the worker stops wherever it is: see worker/loop.cc. */
#define WATCHDOG_NUDGE_MS 75
/* From a limit to SIGKILL: time to read the stack and send the report. */
#define WATCHDOG_GRACE_MS 150
/* From SIGKILL until the caller is told that the process has not been reaped. */
#define WATCHDOG_REAP_MS 1000

/* id, what is waited for; what is done at the deadline */
#define ISO_WATCH_STAGES(X)                                                          \
    X(BOOT, "the first bytes of the worker; SIGKILL")                                \
    X(LIMITS, "a limit on agent code: SIGUSR1")                                      \
    X(STRUCK, "the report of where agent code was; SIGUSR1 once more, then SIGKILL") \
    X(ENDING, "the end of the process; SIGKILL, also when a limit is reached")       \
    X(KILLED, "that the caller removes the worker; it is told")                      \
    X(NOTHING, "nothing any more")

enum watch_stage {
#define X(id, ...) WATCH_##id,
    ISO_WATCH_STAGES(X)
#undef X
};

enum watch_strike { STRIKE_NONE, STRIKE_CPU, STRIKE_WALL };

/* What the watchdog has seen and done. */
struct watch_facts {
    uint64_t begun_ns;        /* of CLOCK_MONOTONIC; 0: agent code has not begun */
    enum watch_strike strike; /* the limit that was reached while agent code ran */
    uint64_t struck_ns;
    uint64_t arrived; /* bytes that the worker had sent by then */
    int killed;       /* it sent SIGKILL, and in this stage: */
    enum watch_stage killed_in;
    int unready; /* the caller was told that the worker speaks, and that watchdog_begin() has not been called in time */
    int overdue; /* the caller was told that the process is still there */
};

struct watched {
    /* The caller's, set before watchdog_add(). */
    int pidfd, socket; /* the worker's channel; both borrowed */
    int speaks_first;  /* its first bytes say that agent code begins; else watchdog_begin() does */
    pid_t pid;
    uint64_t cpu_ms, wall_ms; /* limits on agent code; 0: none */
    uv_async_t *tell;         /* sent when there is a new fact; NULL: it is not */
    atomic_uint_least64_t
        received; /* bytes that the caller has read from the channel; the caller's all the time */

    /* The watchdog's. */
    struct watched *next, **at;
    uint64_t id;
    enum watch_stage stage;
    uint64_t due_ns;
    uint64_t ready_due_ns; /* watchdog_begin() is called until then; NEVER: it has been */
    uint64_t last_due_ns;  /* SIGKILL follows */
    clockid_t cpu_clock;
    int has_cpu_clock, nudged;
    uint64_t cpu_start_ns, charged_ns;
    unsigned pauses;                     /* that have not been resumed */
    uint64_t paused_ns, paused_since_ns; /* 0: it is not paused */
    atomic_int struck;                   /* facts.strike, to be looked at without a lock */
    struct watch_facts facts;
};

/* Starts the thread, which watchdog_add() does otherwise: early, when processes will take what is left of a limit on their
 * number. 0, or an errno. */
int watchdog_open(void);

/* The first call starts the thread. 0, or an errno when that is not possible. */
int watchdog_add(struct watched *w);

/* Agent code runs, from now on or since the first bytes. When it began, of CLOCK_MONOTONIC. */
uint64_t watchdog_begin(struct watched *w);

/* The real time in between is not agent code's. */
void watchdog_pause(struct watched *w);
void watchdog_resume(struct watched *w);

/* So much CPU time was spent on the agent's account by others than the worker. */
void watchdog_charge(struct watched *w, uint64_t ns);

/* The worker has nothing more to say, and its process ends within so many milliseconds. */
void watchdog_ending(struct watched *w, uint64_t ms);
void watchdog_killed(struct watched *w);

/* Nothing is done to the process when this returns, and *w is the caller's; watchdog_facts() still tells. */
void watchdog_remove(struct watched *w);

void watchdog_facts(struct watched *w, struct watch_facts *facts);

/* Whether a limit has been reached while agent code ran: cheap. */
static inline int watchdog_has_struck(const struct watched *w)
{
    return atomic_load(&w->struck);
}

#endif
