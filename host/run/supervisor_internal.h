/* SPDX-License-Identifier: MIT */
/* host/run/supervisor_internal.h - a run, for the files that keep it: supervisor.c starts it and ends it,
 * supervisor_channel.c talks to its worker, supervisor_strip.c erases types for it, supervisor_limits.c stops it when
 * it has to end, supervisor_end.c says what it was. */
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

/* id, a run in this state. It only ever moves down. */
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

/* A channel that is refused is not read from any more, whatever may still come. */
enum channel_state { CHANNEL_OPEN, CHANNEL_CLOSED, CHANNEL_REFUSED };

/* Why the loop has ended the run; the first reason stays. What the watchdog has ended stands in its facts. */
enum verdict { NO_VERDICT, BROKEN, ABORTED, NOT_READY };

/* Types that are being erased for the worker. */
struct run_strip {
    struct strip *under_way;
    struct strip_result result; /* owned, when ready */
    unsigned char *seen;        /* owned; a byte for each source that the worker has asked about */
    uint64_t since_ns, waited_ns;
    uint32_t number, line, column; /* of the source, and where V8 stopped; 0: it was not asked */
    int asked, ready, understood;
};

struct run {
    struct run_request request;
    struct spawned worker;
    struct forked *forked; /* owned; it comes from a zygote, whose pidfd and socket stand in `worker` */
    struct run_result result;

    enum run_state state;
    enum channel_state channel;
    enum verdict verdict;
    struct iso_err broken;
    struct watched watched;
    uint64_t started_ns, ended_ns; /* agent code, by our own clocks; of a forked one its job */
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
    int unread;            /* of what was sent to the worker, when it hung up */
    struct same_cpu near;
    struct run_strip strip;

    uv_poll_t socket, process;
    int polled;         /* events that the socket is polled for; 0: it is not */
    int held;           /* the owner wants nothing of it now: it is not read */
    uv_async_t told;    /* by the watchdog */
    uv_timer_t account; /* runs while others work on the agent's account */
    uv_timer_t sampler; /* for a profile only */
    int open_parts;     /* handles, and the bridge */
};

/* Moves the run down to a state; it stays where it is if it is there, or below. */
static inline void run_enter(struct run *r, enum run_state state)
{
    if (r->state < state)
        r->state = state;
}

/* ---- supervisor.c */

/* Whether worker and iso4 share one processor while they take turns: only a single run does. */
int run_takes_turns(const struct run *r);

/* Closes what is open if both process and channel are gone. */
void run_finish_if_over(struct run *r);

/* ---- supervisor_channel.c */

void run_speak(struct run *r);

/* Sends a frame, of two parts, as soon as what is being sent has gone. */
void run_say(struct run *r, const void *head, size_t head_len, const void *data, size_t len);

/* The bridge has answers. */
void run_answers_ready(struct run *r);

/* What has arrived, as far as `most` bytes in all since the start. */
void run_read_arrived(struct run *r, uint64_t most);

/* The same, for good: the process is gone. */
void run_read_rest(struct run *r);

/* Nothing that may still come is read. */
void run_refuse_channel(struct run *r);

/* ---- supervisor_strip.c */

/* A source that says that it is TypeScript will be asked for. */
void run_strip_early(struct run *r);

/* A STRIP frame. INTERNAL: it makes no sense. */
int run_take_strip(struct run *r, const struct frame *f, struct iso_err *err);

/* Nothing of it is wanted any more. */
void run_strip_end(struct run *r);

/* Real time of the agent, in ns: without the time that it has waited for its source. */
uint64_t run_wall_used(const struct run *r, uint64_t now_ns);

/* ---- supervisor_limits.c */

void run_signal(struct run *r, int signal);

/* Kills the worker at once. */
void run_kill(struct run *r);

/* Sets the verdict, unless there is one already, and stops calls of host functions. */
void run_judge(struct run *r, enum verdict verdict);

/* The worker broke the protocol, or we cannot go on: it is killed, and nothing more of it is read. */
void run_fault(struct run *r, const struct iso_err *err);

/* Whether the frame that was read last arrived after a limit had struck. */
int run_is_late(struct run *r);

/* Of r->told. */
void run_on_told(uv_async_t *told);

/* Others have worked on the agent's account. */
void run_charge(struct run *r);

/* ---- supervisor_end.c */

/* Whether the file that the worker restores its heap from is another by now; then why. */
int run_snapshot_changed(const struct run *r, struct iso_err *err);

/* Completes r->result when the worker is gone and all its bytes have been read. */
void run_conclude(struct run *r);

#endif
