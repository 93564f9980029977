/* SPDX-License-Identifier: MIT */
/* host/run/supervisor.h - one run: starts a worker, watches it, stops it at its limits, and reports its result.
 *
 * run_start() starts the worker on a libuv loop and returns at once; while the loop runs, on_console is called as
 * entries arrive, and on_done exactly once, when the worker is reaped and the programs of the host functions that it
 * called have ended. The watchdog (host/run/watchdog.h) enforces limits, also while the loop does not run. */
#ifndef ISO_HOST_RUN_SUPERVISOR_H
#define ISO_HOST_RUN_SUPERVISOR_H
#include <uv.h>

#include "host/declared/imports.h"
#include "host/record/head.h"
#include "host/record/writer.h"
#include "host/result/result.h"
#include "host/run/paths.h"

/* From a closed channel to SIGKILL for a process that has not ended. */
#define RUN_GRACE_MS 150
/* From the last frame to SIGKILL. A process ends in about 2 ms, later when a gigabyte is to be unmapped. The result is
 * valid in any case. */
#define RUN_EXIT_MS 1000

struct bridge_call_event;
struct approver;
struct caller;
struct forked;
struct profile;
struct recording;
struct services;
struct stripper;

struct run_request { /* all borrowed until on_done */
    enum job_mode mode;
    uint64_t flags; /* enum job_flag, without JOB_PROFILE */
    struct limits limits;
    const struct source *sources;
    size_t count;
    const struct paths *paths;
    int snapshot_fd;           /* -1 for JOB_BASE */
    const char *snapshot_name; /* in messages */
    /* The file of the snapshot, which other programs may change: the run fails when it changes before the heap is
     * restored. NULL: it cannot change. */
    const struct snapshot_file *snapshot_file;
    const struct globals *globals;     /* what the agent may call; NULL: nothing */
    const struct imports *imports;     /* what it may import; NULL: nothing */
    struct services *services;         /* programs shared with other runs; NULL: none are */
    struct stripper *stripper;         /* for sources in TypeScript; NULL: all are JavaScript */
    const struct caller *caller;       /* answers functions of kind `caller`; NULL: none are declared */
    const struct recording *recording; /* it is recorded, or answered from a record; NULL: neither */
    const struct approver *approver;   /* decides on calls that ask for approval; NULL: they are denied */
    int globals_in_snapshot;  /* the snapshot has both; only those that the run redefines are replaced */
    const struct buf *store;  /* the run's store, made by store_take(); NULL: none */
    const struct repro *ways; /* NULL: none is set */
    struct json label;        /* tells shared services which run asks; .at NULL: none */
    const char *call, *args;  /* an export to call, and its arguments (JSON array); NULL: none */
    int imports_in_zygote;    /* `forked` has the imports */
    struct forked *forked;    /* a zygote's child to run in, which the run then owns; NULL: a new process */
    struct profile *profile;  /* gets samples of the place of agent code; NULL: no profile */
    int jitless, strict;
    int call_details;              /* the list of calls has arguments and answers, cut when they are long */
    int strict_await;              /* calls that are not awaited are a failure */
    uint64_t seed;                 /* not 0 for the modes that save a heap */
    void (*on_started)(void *ctx); /* agent code begins; or NULL */
    void (*on_console)(void *ctx, int stream, const char *literal, size_t len); /* or NULL */
    void (*on_call)(void *ctx, const struct bridge_call_event *event); /* of a host function; or NULL */
    void (*on_note)(void *ctx, const char *literal,
                    size_t len);   /* log line of a fetch, a JSON string; or NULL */
    void (*on_leaving)(void *ctx); /* the result is there, the process has not ended yet; or NULL */
    void (*on_done)(void *ctx, struct run_result *result); /* the result is freed when it returns */
    void *ctx;
};

struct run;

/* When no worker could be started: -1, or SHORTAGE (host/io/shortage.h), and on_done is not called. */
int run_start(uv_loop_t *loop, const struct run_request *request, struct run **out, struct iso_err *err);

/* Ends the run with ERR_ABORTED; on_done follows. */
void run_abort(struct run *r);

/* Stops or continues reading from the worker, which blocks when its channel is full. Its limits stay in force. */
void run_hold(struct run *r, int hold);

#endif
