/* SPDX-License-Identifier: MIT */
/* host/result/result.h - one run's result, gathered from a worker that is not believed, and printed as a RunResult.
 *
 * result_frame() takes every frame of the worker and checks it whole before anything of it is kept. What the
 * run was in the end is the supervisor's to say, see result_fail(). Texts are kept as checked JSON, never
 * parsed into trees. */
#ifndef ISO_HOST_RESULT_RESULT_H
#define ISO_HOST_RESULT_RESULT_H
#include <stdint.h>

#include "host/declared/imports.h"
#include "protocol/frame.h"
#include "protocol/phase.h"

/* What a frame means for the supervisor. */
enum result_step {
    RESULT_MORE,
    RESULT_STARTED,
    RESULT_CALL,
    RESULT_BLOCKED,
    RESULT_CANCEL,
    RESULT_PROFILE,
    RESULT_LAST
};

struct run_result {
    enum iso_code code;
    struct buf message;                                     /* json string; for every failure */
    struct buf name, stack, fields, skipped, nearest, file; /* json, empty when absent */
    struct buf
        exports; /* json object, for a completed run; the value, or nothing, of one that called an export */
    int called;  /* it is such a run */
    struct buf streams[2];         /* the entries, json strings with commas between */
    uint64_t kept[2], dropped[2];  /* bytes as the limits count them; entries */
    struct buf calls;              /* json items, with commas between */
    uint64_t unlisted_calls;       /* that are not among them */
    char waiting[132];             /* a function of the host's that had not answered in time; or empty */
    struct buf blob;               /* precompile: the snapshot's V8 blob */
    char v8[64], engine[64];       /* precompile: what it was made with */
    uint64_t source, line, column; /* 0 when unknown; source counts from 1 */
    uint64_t unawaited; /* of a completed run: calls that had no answer when the code had run to its end */
    uint64_t unawaited_function; /* of the first, whose place source, line and column tell */
    int waited_for;              /* nothing is exported, so that they were waited for */
    uint64_t wall_ns, cpu_ns, heap_bytes;
    uint64_t boot_cpu_ns; /* as the worker says: for reports only, limits go by our own clocks */
    uint64_t layers;      /* of the sandbox, as the worker says before it touches anything untrusted */
    char fatal[200];      /* what V8 said when it gave up; printable */
    int started, last;    /* frames seen */
    int begun;            /* agent code may have run */
    int outside; /* something may have been done for it outside of the worker: a call, a line shown */
    int drop_frames;
    int interrupted;
    int traced;                   /* the job asks for phases */
    uint64_t phases[PHASE_COUNT]; /* when each began, ns of CLOCK_MONOTONIC; 0: it did not, or nobody asked */
    uint64_t started_ns;          /* what the times of calls count from */
    uint64_t over_ns;             /* when the last of them ended */
};

void result_init(struct run_result *r, const struct limits *limits);
void result_free(struct run_result *r);

/* One frame; mode says what may come. INTERNAL: it is malformed, out of place, or over a limit. */
int result_frame(struct run_result *r, const struct limits *limits, enum job_mode mode, const struct frame *f,
                 enum result_step *step, struct iso_err *err);

/* Makes what a worker said of its phases fit what the parent knows: each begins after the one before, and
 * within the run. */
void result_settle_phases(struct run_result *r);

/* Makes the result a failure with this code and text. What was logged stays, and so do times, place and
 * stack, which say where a run was when it was stopped; the rest goes. */
void result_fail(struct run_result *r, enum iso_code code, const char *message);

struct result_print {
    const char *file;             /* added to the result when not NULL */
    const struct source *sources; /* for the code frame; as they were given to the run */
    size_t count;
    const struct imports *imports; /* whose sources a position may be in; or NULL */
    int prefix;                    /* the first of them is a prefix */
    int skipping; /* unserializable exports were to be left out: say so also when there were none */
};

/* The RunResult as one line of JSON without the newline. -1: no memory. */
int result_print(const struct run_result *r, const struct result_print *how, struct buf *out);
/* The two parts of it that other documents share. */
void result_print_error(const struct run_result *r, const struct result_print *how, struct buf *out);
void result_print_streams(const struct run_result *r, struct buf *out);
void result_print_ms(struct buf *out, const char *key, uint64_t ns);

#endif
