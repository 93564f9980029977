/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "core/clock.h"
#include "core/file.h"
#include "core/json.h"
#include "host/run/supervisor_internal.h"
#include "snapshots/snapshot.h"

static void describe_death(struct run *r)
{
    char text[300];
    struct iso_err err;
    int status = r->wait_status;

    if (!r->forked && spawn_error(r->worker.status, &err)) {
        result_fail(&r->result, err.code, err.msg);
    } else if (r->result.last == FRAME_FATAL) {
        snprintf(text, sizeof text, "the worker crashed: V8 gave up: %s", r->result.fatal);
        result_fail(&r->result, ISO_WORKER_CRASHED, text);
    } else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS) {
        result_fail(&r->result, ISO_SANDBOX_VIOLATION,
                    "the worker made a system call that the sandbox forbids");
    } else if (WIFSIGNALED(status)) {
        snprintf(text, sizeof text, "the worker crashed: signal SIG%s%s", sigabbrev_np(WTERMSIG(status)),
                 WTERMSIG(status) == SIGKILL ? " (sent from outside; the machine may be out of memory)" : "");
        result_fail(&r->result, ISO_WORKER_CRASHED, text);
    } else {
        snprintf(text, sizeof text, "the worker ended without a result, with exit status %d%s",
                 WEXITSTATUS(status), r->result.begun ? "" : ", before it was ready");
        result_fail(&r->result, ISO_WORKER_CRASHED, text);
    }
}

/* Writes ", while a call of 'f' was under way", or nothing. */
static void describe_waiting(struct run *r, char *text, size_t size)
{
    char *first = r->result.waiting;
    size_t count = r->bridge ? bridge_under_way(r->bridge, first, sizeof r->result.waiting) : 0;
    char of[150] = "";

    if (*first)
        snprintf(of, sizeof of, " of '%s'", first);
    *text = 0;
    if (count == 1)
        snprintf(text, size, ", while a call%s was under way", of);
    else if (count > 1)
        snprintf(text, size, ", while %zu calls were under way%s%s", count, *of ? ", the first" : "", of);
}

/* Describes a timeout. The worker sent its stack when it was told to stop, unless V8 was in the middle of one long
 * operation; then the place is not known. */
static void describe_timeout(struct run *r, enum watch_strike strike)
{
    int cpu = strike == STRIKE_CPU, saving = r->request.mode != JOB_RUN;
    unsigned long long limit = r->request.limits.value[cpu ? LIMIT_CPU : LIMIT_WALL];
    char text[450], calls[240] = "";

    if (!cpu)
        describe_waiting(r, calls, sizeof calls);
    snprintf(text, sizeof text, "the %s used more than %llu ms of %s time%s%s", saving ? "prefix" : "agent",
             limit, cpu ? "CPU" : "real", calls,
             r->result.last ? "" : "; it did not stop when it was told to, so its place is not known");
    result_fail(&r->result, saving ? ISO_WARMUP_LIMIT : cpu ? ISO_CPU_TIMEOUT : ISO_WALL_TIMEOUT, text);
}

/* Puts the name of the function with this number into r->result.waiting; "" for an unknown number. */
static void name_function(struct run *r, uint64_t function)
{
    const struct globals *g = r->request.globals;
    AUTO_BUF struct buf name = {0};

    if (!g || function >= g->count)
        return;
    json_string_to_text(&name, g->stubs[function].path, strlen(g->stubs[function].path));
    if (name.len && name.len < sizeof r->result.waiting && !name.failed)
        snprintf(r->result.waiting, sizeof r->result.waiting, "%.*s", (int)name.len, name.data);
}

/* Handles a completed run with calls that were not awaited. */
static void judge_unawaited(struct run *r)
{
    char text[300], others[60] = "";

    name_function(r, r->result.unawaited_function);
    if (!r->request.strict_await || r->result.waited_for)
        return;
    if (r->result.unawaited > 1)
        snprintf(others, sizeof others, " and %llu more", (unsigned long long)r->result.unawaited - 1);
    snprintf(text, sizeof text, "%s%s%s%s had no answer when the code had run to its end",
             *r->result.waiting ? "the call of '" : "a call", r->result.waiting,
             *r->result.waiting ? "'" : "", others);
    result_fail(&r->result, ISO_UNAWAITED_CALL, text);
}

/* 1 when the process exited normally, or was killed after its result. Only then the worker's result is used. */
static int ended_well(const struct run *r)
{
    return WIFEXITED(r->wait_status) ? WEXITSTATUS(r->wait_status) == 0 : WTERMSIG(r->wait_status) == SIGKILL;
}

static void describe_result(struct run *r)
{
    char text[200];

    if (r->result.last == FRAME_FATAL || !ended_well(r)) {
        describe_death(r);
    } else if (r->result.last == FRAME_MEMORY || r->result.code == ISO_MEMORY_LIMIT) {
        snprintf(text, sizeof text, "the memory budget of %llu MiB is spent%s",
                 (unsigned long long)r->request.limits.value[LIMIT_MEMORY],
                 r->result.begun ? "" : " by the snapshot alone");
        result_fail(&r->result, ISO_MEMORY_LIMIT, text);
    } else if (r->result.interrupted) {
        result_fail(&r->result, ISO_INTERNAL, "the worker stopped without having been told to");
    } else if (r->result.code == ISO_OK && r->result.unawaited) {
        judge_unawaited(r);
    }
}

int run_snapshot_changed(const struct run *r, struct iso_err *err)
{
    const struct snapshot_file *f = r->request.snapshot_file;

    if (!f || !snapshot_file_changed(f))
        return 0;
    iso_fail(err, ISO_SNAPSHOT_INVALID,
             "snapshot '%.200s' was changed while it was read: write it beside its place and rename it, as "
             "iso4 precompile does",
             r->request.snapshot_name);
    return 1;
}

/* Decides the outcome of the run; no other place does. The parent's verdict comes first; then the worker's result, if
 * it was in time; then the limit that was reached; then the way in which the worker died. */
static void classify(struct run *r, const struct watch_facts *facts)
{
    struct iso_err changed;
    int put_down = facts->killed && WIFSIGNALED(r->wait_status) && WTERMSIG(r->wait_status) == SIGKILL;

    if (r->verdict == BROKEN)
        result_fail(&r->result, r->broken.code, r->broken.msg);
    else if (r->verdict == ABORTED)
        result_fail(&r->result, ISO_ABORTED, "the run was interrupted");
    else if (!r->result.started &&
             run_snapshot_changed(r, &changed)) /* with a damaged heap a worker can die in any way */
        result_fail(&r->result, changed.code, changed.msg);
    else if (r->result.last && r->in_time)
        describe_result(r);
    else if (r->verdict == NOT_READY || (put_down && facts->killed_in == WATCH_BOOT))
        result_fail(&r->result, ISO_INTERNAL, "the worker was not ready in time");
    else if (facts->strike)
        describe_timeout(r, facts->strike);
    else if (put_down)
        result_fail(&r->result, ISO_INTERNAL, "the worker closed its channel and went on running");
    else
        describe_death(r);
}

/* The most by which the times of an honest worker can differ from ours, which are taken when its frames arrive. */
#define CLOCK_SLACK_NS 200000000ull

/* Sets the times of the result. The worker's figures are more exact, but are used only if ours confirm them. */
static void settle_times(struct run *r)
{
    uint64_t cpu = r->cpu_total_ns, end = r->ended_ns ? r->ended_ns : monotonic_ns();
    /* The STARTED frame may be read only after the end of the process was noticed. */
    uint64_t wall = run_wall_used(r, end);
    int own = r->result.last == FRAME_DONE && r->in_time && r->verdict == NO_VERDICT;

    cpu = r->started_ns && cpu > r->result.boot_cpu_ns ? cpu - r->result.boot_cpu_ns : 0;
    if (!own || r->result.wall_ns > wall + CLOCK_SLACK_NS || r->result.wall_ns + CLOCK_SLACK_NS < wall)
        r->result.wall_ns = wall;
    if (!own || r->result.cpu_ns > r->cpu_total_ns)
        r->result.cpu_ns = cpu;
    if (r->bridge)
        r->result.cpu_ns += bridge_work_ns(r->bridge);
}

static void settle_phases(struct run *r)
{
    if (!r->result.traced)
        return;
    r->result.phases[PHASE_REAP] = r->ended_ns;
    r->result.started_ns = r->started_ns;
    r->result.over_ns = monotonic_ns();
    result_settle_phases(&r->result);
}

static void list_calls(struct run *r)
{
    const struct buf *pending = r->bridge ? bridge_pending(r->bridge) : NULL;

    if (!r->bridge)
        return;
    /* the end that the result tells: no call lasts longer than its run */
    r->result.unlisted_calls =
        bridge_print(r->bridge, r->started_ns, r->started_ns + r->result.wall_ns, &r->result.calls);
    if (r->result.code == ISO_APPROVAL_PENDING)
        buf_add(&r->result.pending, pending->data, pending->len);
}

/* 1 when agent code may have run. A fork that has not read its job has not begun. */
static int has_begun(const struct run *r)
{
    return r->result.started || (r->forked && r->started_ns && !r->unread);
}

void run_conclude(struct run *r)
{
    struct watch_facts facts;

    watchdog_facts(&r->watched, &facts);
    if (facts.strike && !r->in_time)
        r->ended_ns = facts.struck_ns;
    if (!r->ended_ns)
        r->ended_ns = monotonic_ns();
    r->result.begun = has_begun(r);
    r->result.outside |= r->bridge && bridge_reached_out(r->bridge);
    r->result.broken &= r->bridge && bridge_program_failed(r->bridge);
    classify(r, &facts);
    settle_times(r);
    settle_phases(r);
    list_calls(r);
    if (r->request.profile && r->started_ns)
        profile_end(r->request.profile, r->ended_ns);
}
