/* SPDX-License-Identifier: MIT */
/* cli/job_lines.h - the lines of a batch: jobs, and {"id": ID, "cancel": true}, which ends a job that was read before.
 *
 * Open `lines` (host/io/lines.h) and set cancel and ctx. job_lines_next() takes the next job. When no job can be taken,
 * job_lines_ahead() reads further lines and keeps them, so that a line that cancels is found while all workers are
 * busy. */
#ifndef ISO_CLI_JOB_LINES_H
#define ISO_CLI_JOB_LINES_H
#include "core/json_walk.h"
#include "host/io/lines.h"

struct job_line {
    const char *text; /* NULL: the line is too long */
    size_t len;
    uint64_t number; /* of the line in the input */
    int cancelled;   /* by a line after it */
};

struct kept_line;

struct job_lines {
    struct lines lines;
    struct kept_line *first, *last, *taken;    /* owned; taken: the one that job_lines_next() lent */
    size_t count, bytes;                       /* of kept lines */
    void (*cancel)(void *ctx, struct json id); /* ends taken jobs that have this id */
    void *ctx;
};

/* As lines_next(): 1 and the next line that is neither blank nor cancels, borrowed until the next call; 0; -1. */
int job_lines_next(struct job_lines *l, struct job_line *line);
/* Reads ahead. 1: jobs were cancelled, so that there may be room for others. */
int job_lines_ahead(struct job_lines *l);
/* Bytes of the lines that were taken. */
uint64_t job_lines_taken(const struct job_lines *l);
/* Drops the lines that are kept. */
void job_lines_drop(struct job_lines *l);

#endif
