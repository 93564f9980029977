/* SPDX-License-Identifier: MIT */
/* host/run/precompile.h - makes a snapshot file from sources. */
#ifndef ISO_HOST_RUN_PRECOMPILE_H
#define ISO_HOST_RUN_PRECOMPILE_H
#include "host/run/foreground.h"
#include "snapshots/snapshot.h"

struct precompile {
    enum job_mode mode;           /* JOB_PRECOMPILE or JOB_BASE */
    const struct source *sources; /* prefix first, warm-up agents after it; for JOB_BASE the prelude */
    size_t count;
    const struct globals *globals; /* declared for prefix and agents; NULL: none */
    const struct imports *imports; /* likewise */
    struct limits limits;
    const struct paths *paths;
    int base_fd; /* the snapshot to start from; -1 for JOB_BASE */
    int strict;  /* see host/run/spawn.h */
    int no_eval; /* the prefix makes no functions from texts, as agents may not */
    const char *output;
    /* Out: the result of the worker, and the facts of the written file if it is ok. Free with result_free(). */
    struct run_result result;
    struct snapshot_written written;
    int signal; /* the signal that aborted it; 0: none */
};

/* 0: p->result has the outcome. -1: no worker could be run, or the file could not be written (OUTPUT). */
int precompile(struct precompile *p, struct iso_err *err);

#endif
