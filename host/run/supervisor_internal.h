/* SPDX-License-Identifier: MIT */
/* host/run/supervisor_internal.h - the state of a run, for its files: supervisor.c starts it and ends it,
 * supervisor_channel.c talks to its worker, supervisor_strip.c erases types for it, supervisor_limits.c stops it at its
 * limits, supervisor_end.c decides its result. */
#ifndef ISO_HOST_RUN_SUPERVISOR_INTERNAL_H
#define ISO_HOST_RUN_SUPERVISOR_INTERNAL_H
#include "host/calls/bridge.h"
#include "host/calls/same_cpu.h"
#include "host/result/profile.h"
#include "host/run/spawn.h"
#include "host/run/stripper.h"
#include "host/run/supervisor.h"
#include "host/run/watchdog.h"
#include "host/run/zygote.h"

/* id, description. The state only moves down the list. */
#define ISO_RUN_STATES(X)                                                  \
    X(BOOTS, "waits for its worker to be ready, or to take its job")       \
    X(WORKS, "runs agent code; a limit may have struck")                   \
    X(ENDS, "has its result, or a closed channel: the process has to end") \
    X(KILLED, "is over before that: SIGKILL was sent")                     \
    X(REAPED, "has no process any more, and ends when the channel is closed, too")

enum run_state {
#define X(id, ...) RUN_##id,
    ISO_RUN_STATES(X)
#undef X
};

/* From a refused channel nothing more is read. */
enum channel_state { CHANNEL_OPEN, CHANNEL_CLOSED, CHANNEL_REFUSED };

/* The reason why the event loop has ended the run; the first one stays. The facts of the watchdog have the limits that it
 * enforced. */
enum verdict { NO_VERDICT, BROKEN, ABORTED, NOT_READY };

/* Types that are being erased for the worker. */
struct run_strip {
    struct strip *under_way;
    struct strip_result result; /* owned, when ready */
    unsigned char *seen;        /* owned; a byte for each source that the worker has asked about */
    uint64_t since_ns, waited_ns;
    uint32_t number, line, column; /* the number of the source, and where V8 stopped; 0: not known */
    int asked, ready, understood;
};

struct run {
    struct run_request request;
    struct spawned worker;
    struct forked *forked; /* owned; a zygote's child, whose pidfd and socket are also in `worker` */
    struct run_result result;

    enum run_state state;
    enum channel_state channel;
    enum verdict verdict;
    struct iso_err broken;
    struct watched watched;
    uint64_t started_ns, ended_ns; /* of agent code, by our own clocks; for a fork: when its job was sent */
    int in_time;                   /* the last frame arrived before any limit had struck */
    int wait_status;
    uint64_t cpu_total_ns; /* of the process, once it is reaped */

    struct frame_reader reader;
    struct buf out; /* the job, later answers; bytes from `sent` on are not sent yet */
    size_t sent;
    struct bridge *bridge; /* NULL: no host functions */
    int answers;           /* the bridge has answers */
    int reading;           /* frames are being read: answers can wait */
    unsigned calls;        /* calls among those frames */
    int unread;            /* the worker closed its end before it had read all */
    struct same_cpu near;
    struct run_strip strip;

    uv_poll_t socket, process;
    int polled;         /* events that the socket is polled for; 0: none */
    int held;           /* the socket is not read, see run_hold() */
    uv_async_t told;    /* sent by the watchdog */
    uv_timer_t account; /* active while threads do work that counts for the agent */
    uv_timer_t sampler; /* for a profile only */
    int open_parts;     /* handles, and the bridge */
};

/* Moves the run down to a state, unless it is in a later one. */
static inline void run_enter(struct run *r, enum run_state state)
{
    if (r->state < state)
        r->state = state;
}

/* ---- supervisor.c */

/* 1 when worker and iso4 may share one processor while they take turns: in a single run only. */
int run_takes_turns(const struct run *r);

/* Closes what is open if both process and channel are gone. */
void run_finish_if_over(struct run *r);

/* ---- supervisor_channel.c */

void run_speak(struct run *r);

/* Sends a frame, given in two parts, after the bytes that are being sent. */
void run_say(struct run *r, const void *head, size_t head_len, const void *data, size_t len);

/* To be called when the bridge has answers. */
void run_answers_ready(struct run *r);

/* Reads the bytes that have arrived, up to a total of `most` since the start. */
void run_read_arrived(struct run *r, uint64_t most);

/* Reads the last bytes, when the process is gone. */
void run_read_rest(struct run *r);

/* Stops reading for good. */
void run_refuse_channel(struct run *r);

/* ---- supervisor_strip.c */

/* Starts to erase types early, for a source that says that it is TypeScript: the worker will ask for it. */
void run_strip_early(struct run *r);

/* Takes a STRIP frame. INTERNAL: it is invalid. */
int run_take_strip(struct run *r, const struct frame *f, struct iso_err *err);

/* Cancels the erasing of types. */
void run_strip_end(struct run *r);

/* Real time of the agent in ns, without the time in which it waited for its source. */
uint64_t run_wall_used(const struct run *r, uint64_t now_ns);

/* ---- supervisor_limits.c */

void run_signal(struct run *r, int signal);

/* Kills the worker at once. */
void run_kill(struct run *r);

/* Sets the verdict, unless there is one already, and stops calls of host functions. */
void run_judge(struct run *r, enum verdict verdict);

/* Kills the worker because it broke the protocol, or because iso4 cannot go on; nothing more is read. */
void run_fault(struct run *r, const struct iso_err *err);

/* 1 when the last frame arrived after a limit was reached. */
int run_is_late(struct run *r);

/* The callback of r->told. */
void run_on_told(uv_async_t *told);

/* Adds CPU time of threads that have worked for the agent. */
void run_charge(struct run *r);

/* ---- supervisor_end.c */

/* 1 and *err when the file of the snapshot has changed. */
int run_snapshot_changed(const struct run *r, struct iso_err *err);

/* Completes r->result when the worker is gone and all its bytes have been read. */
void run_conclude(struct run *r);

#endif
