/* SPDX-License-Identifier: MIT */
/* host/run/watchdog.h - enforces deadlines of workers, in a separate thread.
 *
 * The event loop can be late, because it has other work. Deadlines must be exact: no agent may run longer than its
 * limits because iso4 is busy, and no result may be dropped because iso4 reads it late. So one thread only waits for
 * the next deadline, checks the clocks of that process, and sends signals. It never reads from a worker. The event
 * loop tells it about events, and gets its actions from watchdog_facts().
 *
 * watchdog_add() for each worker; watchdog_begin() when agent code runs, unless the worker's first bytes mean that;
 * watchdog_ending() when the worker has sent its last frame; watchdog_killed() when the caller has sent SIGKILL;
 * watchdog_remove() before the descriptors are closed. Each of these sets a deadline once, and the worker cannot
 * change it. watchdog_pause() and watchdog_resume() stop the clock while the worker waits for work that has limits
 * itself. */
#ifndef ISO_HOST_RUN_WATCHDOG_H
#define ISO_HOST_RUN_WATCHDOG_H
#include <stdatomic.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>
#include <uv.h>

/* Limit for boot, lockdown and restoring the heap. They take milliseconds, but much longer on an overloaded machine. */
#define WATCHDOG_BOOT_MS 20000
/* From a limit to the second request to stop, at which the worker stops wherever it is: see worker/loop.cc. */
#define WATCHDOG_NUDGE_MS 75
/* From a limit to SIGKILL: time to read the stack and send the report. */
#define WATCHDOG_GRACE_MS 150
/* From SIGKILL until the caller is told that the process has not been reaped. */
#define WATCHDOG_REAP_MS 1000

/* id, the awaited event, the action at the deadline */
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

/* The observations and actions of the watchdog. */
struct watch_facts {
    uint64_t begun_ns;        /* of CLOCK_MONOTONIC; 0: agent code has not begun */
    enum watch_strike strike; /* the limit that was reached while agent code ran */
    uint64_t struck_ns;
    uint64_t arrived; /* bytes that the worker had sent until then */
    int killed;       /* the watchdog has sent SIGKILL, in this stage: */
    enum watch_stage killed_in;
    int unready; /* the worker has sent bytes, but watchdog_begin() was not called in time; the caller was told */
    int overdue; /* the process was not reaped in time; the caller was told */
};

struct watched {
    /* Set by the caller before watchdog_add(). */
    int pidfd, socket; /* the worker's channel; both borrowed */
    int speaks_first;  /* its first bytes mean that agent code begins; else watchdog_begin() does */
    pid_t pid;
    uint64_t cpu_ms, wall_ms; /* limits on agent code; 0: none */
    uv_async_t *tell;         /* sent when there is a new fact; or NULL */
    atomic_uint_least64_t
        received; /* bytes that the caller has read from the channel; the caller always sets it */

    /* For the watchdog. */
    struct watched *next, **at;
    uint64_t id;
    enum watch_stage stage;
    uint64_t due_ns;
    uint64_t ready_due_ns; /* the deadline for watchdog_begin(); NEVER: it was called */
    uint64_t last_due_ns;  /* SIGKILL follows */
    clockid_t cpu_clock;
    int has_cpu_clock, nudged;
    uint64_t cpu_start_ns, charged_ns;
    unsigned pauses;                     /* that have not been resumed */
    uint64_t paused_ns, paused_since_ns; /* since 0: not paused */
    atomic_int struck;                   /* facts.strike, to be read without a lock */
    struct watch_facts facts;
};

/* Starts the thread, which watchdog_add() does otherwise: early, when processes will take what is left of a limit on their
 * number. 0, or an errno. */
int watchdog_open(void);

/* The first call starts the thread. 0, or an errno when that is not possible. */
int watchdog_add(struct watched *w);

/* Says that agent code runs, from now on or since the worker's first bytes. Returns when it began, of
 * CLOCK_MONOTONIC. */
uint64_t watchdog_begin(struct watched *w);

/* The real time between these two calls does not count for agent code. */
void watchdog_pause(struct watched *w);
void watchdog_resume(struct watched *w);

/* Adds CPU time that other threads than the worker have used for the agent. */
void watchdog_charge(struct watched *w, uint64_t ns);

/* Says that the worker has sent its last frame: its process has to end within this time. */
void watchdog_ending(struct watched *w, uint64_t ms);
void watchdog_killed(struct watched *w);

/* Removes a worker. After that the watchdog does nothing to the process and does not use *w; watchdog_facts() still
 * works. */
void watchdog_remove(struct watched *w);

void watchdog_facts(struct watched *w, struct watch_facts *facts);

/* 1 when a limit has been reached while agent code ran; fast. */
static inline int watchdog_has_struck(const struct watched *w)
{
    return atomic_load(&w->struck);
}

#endif
