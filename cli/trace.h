/* SPDX-License-Identifier: MIT */
/* cli/trace.h - --trace: what runs spent their time on, as Chrome's trace events (the JSON object format of
 * the "Trace Event Format"), which Perfetto and chrome://tracing show.
 *
 * Each run is a process of its own in the picture, with its phases as slices and the calls that it made as
 * asynchronous ones. Events are written when a run is over; nothing is kept of it. trace_open() before the
 * first run, trace_run() after each, trace_close() or trace_abort() at the end. */
#ifndef ISO_CLI_TRACE_H
#define ISO_CLI_TRACE_H
#include "core/file_new.h"
#include "core/json_walk.h"
#include "host/declared/globals.h"
#include "host/result/result.h"

struct trace {
    struct file_new file; /* .fd -1: nothing is traced */
    struct buf out;
    uint64_t begun_ns, runs, calls, events;
    struct iso_err fault; /* .code set: writing has failed, and nothing more is written */
};

/* OUTPUT: `path` cannot be written. NULL for a path is no trace: then the other functions do nothing. */
int trace_open(struct trace *t, const char *path, struct iso_err *err);

struct traced {
    struct json name;              /* any JSON value */
    uint64_t begun_ns;             /* when it was taken, of CLOCK_MONOTONIC */
    const struct globals *globals; /* what it could call; or NULL */
};
void trace_run(struct trace *t, const struct traced *run, const struct run_result *result);

/* -1 and OUTPUT: the file is not there, or not changed. */
int trace_close(struct trace *t, struct iso_err *err);
/* Harmless after trace_close(). */
void trace_abort(struct trace *t);

#endif
