/* SPDX-License-Identifier: MIT */
/* host/result/result.h - collects the result of one run from a worker that is not trusted, and prints a RunResult.
 *
 * result_frame() takes every frame of the worker and checks all of it before it keeps any part. The supervisor decides
 * the final code of the run, see result_fail(). Texts are kept as checked JSON, never parsed into trees. */
#ifndef ISO_HOST_RESULT_RESULT_H
#define ISO_HOST_RESULT_RESULT_H
#include <stdint.h>

#include "host/declared/imports.h"
#include "protocol/frame.h"
#include "protocol/phase.h"

/* The kind of a frame, for the supervisor. */
enum result_step {
    RESULT_MORE,
    RESULT_STARTED,
    RESULT_CALL,
    RESULT_BLOCKED,
    RESULT_CANCEL,
    RESULT_WAIT,
    RESULT_PROFILE,
    RESULT_STRIP,
    RESULT_LAST
};

struct run_result {
    enum iso_code code;
    struct buf message;                                     /* json string; for every failure */
    struct buf name, stack, fields, skipped, nearest, file; /* json, empty when absent */
    struct buf
        exports; /* json object of a completed run; the value, or nothing, of a run that called an export */
    int has_store;
    struct buf store;              /* json object, for a completed run that has a store: its changes */
    int called;                    /* the run called an export */
    struct buf streams[2];         /* the entries, json strings with commas between */
    uint64_t kept[2], dropped[2];  /* bytes as the limits count them; entries */
    struct buf calls;              /* json items, with commas between */
    struct buf pending;            /* the same of a paused run: calls to decide on */
    uint64_t unlisted_calls;       /* calls that are not in `calls` */
    char waiting[132];             /* a host function that had not answered in time; or empty */
    struct buf blob;               /* precompile: the snapshot's V8 blob */
    char v8[64], engine[64];       /* precompile: the V8 and engine that made it */
    uint64_t source, line, column; /* 0 when unknown; source counts from 1 */
    uint64_t unawaited; /* of a completed run: calls that had no answer when the code had run to its end */
    uint64_t unawaited_function; /* of the first one; its place is in source, line and column */
    int waited_for;              /* they were waited for, because nothing is exported */
    uint64_t wall_ns, cpu_ns, heap_bytes;
    uint64_t boot_cpu_ns; /* the worker's figure: for reports only, limits use our own clocks */
    uint64_t layers;      /* of the sandbox; the worker sends them before it reads anything untrusted */
    char fatal[200];      /* V8's message when it gave up; printable */
    int started, last;    /* frames seen */
    int begun;            /* agent code may have run */
    int outside; /* the run may have had effects outside of the worker: a call, a printed console line */
    int drop_frames;
    enum interrupted interrupted;
    int broken; /* HOST_BRIDGE: the worker says that a program failed, see bridge_program_failed() */
    int traced; /* the job asks for phases */
    uint64_t phases[PHASE_COUNT]; /* when each began, ns of CLOCK_MONOTONIC; 0: it did not, or no trace */
    uint64_t started_ns;          /* the times of calls count from here */
    uint64_t over_ns;             /* the end of the last phase */
    uint64_t strip_ns;            /* the time that it took to erase types */
    struct buf truncated;         /* json items, with commas between: values that result_fit() has cut */
    struct buf strips;            /* pairs of u64, the begin and the end of each time; when traced */
};

void result_init(struct run_result *r, const struct limits *limits);
void result_free(struct run_result *r);

/* Takes one frame; `mode` decides which frames are allowed. INTERNAL: it is malformed, not allowed here, or over a
 * limit. */
int result_frame(struct run_result *r, const struct limits *limits, enum job_mode mode, const struct frame *f,
                 enum result_step *step, struct iso_err *err);

/* For the trace: types were erased from `begun_ns` to `ended_ns`. */
void result_add_strip(struct run_result *r, uint64_t begun_ns, uint64_t ended_ns);

/* Corrects the times that the worker sent for its phases: each begins after the one before, and within the run. */
void result_settle_phases(struct run_result *r);

/* Makes the result a failure with this code and message. It keeps console entries and times, and place and stack, which
 * show where a run was when it was stopped; everything else is dropped. */
void result_fail(struct run_result *r, enum iso_code code, const char *message);

struct result_print {
    const char *file;             /* added to the result when not NULL */
    const struct source *sources; /* for the code frame; the sources of the run */
    size_t count;
    const struct imports *imports; /* a position may be in one of their sources; or NULL */
    const struct globals *globals; /* for hints; or NULL */
    int prefix;                    /* the first source is a prefix */
    int skipping; /* unserializable exports were to be left out: print the list even if it is empty */
};

/* Appends the RunResult as one line of JSON without the newline. -1: no memory. */
int result_print(const struct run_result *r, const struct result_print *how, struct buf *out);
/* Append the two parts of a RunResult that other documents have, too. */
void result_print_error(const struct run_result *r, const struct result_print *how, struct buf *out);
void result_print_streams(const struct run_result *r, struct buf *out);
void result_print_ms(struct buf *out, const char *key, uint64_t ns);

#endif
