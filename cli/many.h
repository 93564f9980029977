/* SPDX-License-Identifier: MIT */
/* cli/many.h - many runs and their results as JSON Lines: what `run` with several agents and `batch` share.
 *
 * many_run() takes jobs from the caller as there is room for them, and prints a line for each, in the order
 * in which they end or in which they came. It returns when the last one is printed. */
#ifndef ISO_CLI_MANY_H
#define ISO_CLI_MANY_H
#include "cli/declarations.h"
#include "cli/outlet.h"
#include "cli/trace.h"
#include "core/file.h"
#include "host/pool.h"

struct many;

/* One run. The caller's next() fills it, from zero; everything in it is freed with it. */
struct job {
    struct pool_task task;
    struct many *many;
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
};

enum next { NEXT_JOB, NEXT_LATER, NEXT_NONE };

struct many_config {
    const struct options *options;
    const struct paths *paths;
    int snapshot_fd;
    const struct declarations *declared; /* for all */
    int ordered;
    int alone;             /* few jobs: each in a process of its own, not in forks of a zygote */
    int abort_at_once;     /* by the first signal; else what is under way may end first */
    struct file_new *file; /* where results go; NULL: standard output */
    struct trace *trace;   /* of the runs; borrowed */
    uint64_t size;         /* of the whole work in the unit of progress(); 0: not known */
    enum next (*next)(void *ctx, struct job *job); /* LATER: many_more() follows */
    void (*stop)(void *ctx);                       /* no job is wanted any more */
    uint64_t (*progress)(void *ctx);               /* how much of it has been taken */
    void *ctx;
};

/* The loop is there before many_run(), so that the caller's input can be on it. */
struct many *many_open(uv_loop_t *loop, const struct many_config *cfg, struct iso_err *err);
/* There may be a job where there was none. */
void many_more(struct many *m);
/* Runs the loop to the end of it all; the exit status, or -1 and OUTPUT. */
int many_run(struct many *m, struct iso_err *err);
void many_close(struct many *m);

/* --jobs, or the number of processors. */
int many_jobs(const struct options *o, unsigned *jobs, struct iso_err *err);

#endif
