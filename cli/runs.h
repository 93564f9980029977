/* SPDX-License-Identifier: MIT */
/* cli/runs.h - many runs and their results as JSON Lines, for `run` with several agents and for `batch`.
 *
 * runs_run() asks the caller for jobs when it can start more, and prints a line for each result, in the order in which
 * jobs end or in which they came. It returns when the last line is printed. */
#ifndef ISO_CLI_RUNS_H
#define ISO_CLI_RUNS_H
#include "cli/declarations.h"
#include "cli/trace.h"
#include "core/file_new.h"
#include "host/io/fd_queue.h"
#include "host/job/spec.h"
#include "host/run/pool.h"

struct runs;

/* The members of a job of a batch, as they stand in its text; .at NULL: not given. */
struct job_parts {
    struct json id, meta;
    struct spec_members spec;
};

/* One run. The caller's next() fills it, from zero but for spec.limits and spec.ways; everything in it is freed with
 * it. */
struct job {
    struct pool_task task;
    struct runs *many;
    struct job *next;
    uint64_t number, begun_ns;
    struct buf text;  /* owns the text that the members below point into */
    struct json id;   /* .at NULL: none */
    int has_id;       /* 1 for a job of a batch, whose result has an id */
    const char *file; /* the operand of `run`; NULL: none */
    struct buf label; /* the same as JSON */
    struct run_spec spec;
    struct iso_err fault; /* .code set: the reason why it cannot be run */
    struct buf line;      /* its result, when earlier ones have to be printed first */
    int ended;
    int cancelled; /* it has to end with ABORTED */
    int is_loading;
    struct buf to_cancel; /* while it is loading and has no id yet: JSON items, ids that are cancelled */
    /* Called in a thread before the job can run: changes this job only, and reads data that all jobs share. NULL: the
     * job is ready. */
    void (*load)(struct job *job);
    uv_work_t loading;
    const void *of;       /* for load() */
    uint64_t line_number; /* for messages */
    struct job_parts parts;
};

enum next { NEXT_JOB, NEXT_LATER, NEXT_NONE };

struct runs_config {
    const struct options *options;
    const struct paths *paths;
    int snapshot_fd;
    const struct declarations *declared; /* for all jobs without their own */
    int ordered;
    int alone;             /* each job in a new process, not in forks of a zygote: faster for few jobs */
    int abort_at_once;     /* the first signal aborts running jobs; else they may end first */
    int stops;             /* stop when iso4 cannot start runs any more; else each job gets that error */
    struct file_new *file; /* open, for results; NULL: standard output */
    const char *output;    /* name of the file that standard output leads to, for messages; or NULL */
    const struct approver *approver; /* of calls that ask for approval; borrowed */
    struct trace *trace;             /* of the runs; borrowed */
    uint64_t size;                   /* of the whole work in the unit of progress(); 0: not known */
    enum next (*next)(void *ctx, struct job *job); /* fills a job; LATER: runs_more() follows */
    int (*look_ahead)(void *ctx); /* called when no more jobs can be taken; 1: try again; or NULL */
    int (*unwanted)(void *ctx, const struct job *job); /* 1: skip this loaded job; or NULL */
    void (*stop)(void *ctx);                           /* called when no more jobs are wanted */
    uint64_t (*progress)(void *ctx);                   /* the part of the work that has been taken */
    void *ctx;
};

/* The loop must exist before runs_run(), so that the caller can read its input on it. */
struct runs *runs_open(uv_loop_t *loop, const struct runs_config *cfg, struct iso_err *err);
/* Asks next() again after it returned LATER. */
void runs_more(struct runs *m);
/* Ends each job that has this id and has no result yet, with ABORTED. Call it from next() or look_ahead(). */
void runs_cancel(struct runs *m, struct json id);
/* Runs the loop until all is done; returns the exit status. -1: OUTPUT, or the reason why no run can be started. */
int runs_run(struct runs *m, struct iso_err *err);
void runs_close(struct runs *m);

/* Reads --jobs; its default is processors_allowed(). */
int runs_jobs(const struct options *o, unsigned *jobs, struct iso_err *err);

#endif
