/* SPDX-License-Identifier: MIT */
/* cli/runs.h - many runs and their results as JSON Lines: what `run` with several agents and `batch` share.
 *
 * runs_run() takes jobs from the caller as there is room for them, and prints a line for each, in the order
 * in which they end or in which they came. It returns when the last one is printed. */
#ifndef ISO_CLI_RUNS_H
#define ISO_CLI_RUNS_H
#include "cli/declarations.h"
#include "cli/trace.h"
#include "core/file_new.h"
#include "host/io/fd_queue.h"
#include "host/run/pool.h"

struct runs;

/* The members of a job of a batch, as they stand in its text; .at NULL: not given. */
struct job_parts {
    struct json id, code, file, filename, globals, limits, call, args, form;
};

/* One run. The caller's next() fills it, from zero; everything in it is freed with it. */
struct job {
    struct pool_task task;
    struct runs *many;
    struct job *next;
    uint64_t number, begun_ns;
    struct buf text;  /* what the texts below point into */
    struct json id;   /* .at NULL: none */
    int has_id;       /* it may have one: a batch's job */
    const char *file; /* of `run`; NULL: none */
    struct source source;
    int no_source;                /* an export of the snapshot's prefix is called */
    struct declarations declared; /* this job's own, when it gives any */
    char *call, *args;
    struct iso_err fault; /* .code set: it cannot be run, for this reason */
    struct buf line;      /* its result, when others have to be printed first */
    int ended;
    /* The rest that is to be done before it can run, in a thread: it touches this job, and reads what all share. NULL:
     * there is nothing left. */
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
    const struct declarations *declared; /* for all */
    int ordered;
    int alone;             /* few jobs: each in a process of its own, not in forks of a zygote */
    int abort_at_once;     /* by the first signal; else what is under way may end first */
    int stops;             /* when iso4 can start no run any more; else each job says so */
    struct file_new *file; /* where results go; NULL: standard output */
    const char *output;    /* the file that standard output is, for messages; NULL: it is none by name */
    struct trace *trace;   /* of the runs; borrowed */
    uint64_t size;         /* of the whole work in the unit of progress(); 0: not known */
    enum next (*next)(void *ctx, struct job *job);     /* LATER: runs_more() follows */
    int (*unwanted)(void *ctx, const struct job *job); /* loaded, and not to be run after all; or NULL */
    void (*stop)(void *ctx);                           /* no job is wanted any more */
    uint64_t (*progress)(void *ctx);                   /* how much of it has been taken */
    void *ctx;
};

/* The loop is there before runs_run(), so that the caller's input can be on it. */
struct runs *runs_open(uv_loop_t *loop, const struct runs_config *cfg, struct iso_err *err);
/* There may be a job where there was none. */
void runs_more(struct runs *m);
/* Runs the loop to the end of it all; the exit status. -1: OUTPUT, or why no run could be started any more. */
int runs_run(struct runs *m, struct iso_err *err);
void runs_close(struct runs *m);

/* --jobs, or the number of processors. */
int runs_jobs(const struct options *o, unsigned *jobs, struct iso_err *err);

#endif
