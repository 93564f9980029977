/* SPDX-License-Identifier: MIT */
/* cli/trace.h - --trace: records where runs spend their time, as Chrome's trace events (the JSON object format of the
 * "Trace Event Format"), which Perfetto and chrome://tracing show.
 *
 * The viewer shows each run as a process, its phases as slices and its calls as asynchronous slices. Events are
 * kept, not the run. trace_open() before the first run, trace_run() after each, trace_close() or trace_abort() at the
 * end. While runs are under way on an event loop, between trace_enter() and trace_leave(), events are written without
 * blocking it; otherwise trace_close() writes them, and blocks if the file is a pipe that is not read. */
#ifndef ISO_CLI_TRACE_H
#define ISO_CLI_TRACE_H
#include "core/file_new.h"
#include "core/json_walk.h"
#include "host/declared/globals.h"
#include "host/io/fd_queue.h"
#include "host/result/result.h"

struct trace {
    struct file_new file; /* .fd -1: nothing is traced */
    struct buf out;
    struct fd_queue queue; /* open between trace_enter() and trace_leave() */
    int entered;
    uint64_t begun_ns, runs, calls, events;
    struct iso_err fault; /* .code set: writing has failed, no more events are written */
};

/* OUTPUT: `path` cannot be written. With a NULL path nothing is traced: the other functions then do nothing. */
int trace_open(struct trace *t, const char *path, struct iso_err *err);

/* `drained` is called on the loop when trace_backlog() has become 0. */
void trace_enter(struct trace *t, uv_loop_t *loop, void (*drained)(void *ctx), void *ctx);
/* Gives the trace up when bytes still wait for its reader. */
void trace_leave(struct trace *t);
/* The number of bytes that wait for the reader of the file. */
size_t trace_backlog(struct trace *t);

struct traced {
    struct json name;              /* any JSON value */
    uint64_t begun_ns;             /* CLOCK_MONOTONIC when the job was taken */
    const struct globals *globals; /* the functions that it could call; or NULL */
};
void trace_run(struct trace *t, const struct traced *run, const struct run_result *result);

/* Writes the file. -1 and OUTPUT: the file could not be made, or was left unchanged. */
int trace_close(struct trace *t, struct iso_err *err);
/* Harmless after trace_close(). */
void trace_abort(struct trace *t);

#endif
