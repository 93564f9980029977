/* SPDX-License-Identifier: MIT */
/* host/job/recorded.h - a run that is recorded, or answered from a record: what the command line, a job or a client of
 * serve asked for, made ready for the supervisor.
 *
 * Start from {0}; recorded_open(); recorded_request() for the run; recorded_end() with its result; recorded_free(). It
 * does not move between the first and the last. */
#ifndef ISO_HOST_JOB_RECORDED_H
#define ISO_HOST_JOB_RECORDED_H
#include "host/calls/approval.h"
#include "host/calls/turns.h"
#include "host/run/supervisor.h"

/* All borrowed until recorded_free(). */
struct recorded_how {
    const char *record, *replay; /* files; NULL: none */
    int to_memory;               /* the record is part of the result */
    struct json items;           /* the record to replay, as an array; .at NULL: none */
    int changed;                 /* it may be of another agent */
    int live;                    /* calls past its end go to the host */
    const struct repro *ways;
    struct limits limits;
    const struct approver *approver;
};

struct recorded {
    struct tape tape;
    struct record_writer writer;
    struct recording recording;
    int is_used; /* the run is recorded or replayed */
    struct repro ways;
    struct limits limits;
    char *zone; /* owned */
};

/* `v8` is its version. USAGE: a file, or the record is of another run; OUTPUT. */
int recorded_open(struct recorded *r, const struct recorded_how *how, const struct record_subject *subject,
                  const char *v8, struct iso_err *err);
/* 1 when the record alone answers calls: programs and servers need not be there. */
int recorded_is_apart(const struct recorded_how *how);
void recorded_request(const struct recorded *r, struct run_request *q);
int recorded_end(struct recorded *r, const struct run_result *result, struct iso_err *err);
/* Appends, after recorded_end() and for a record in memory, the member `,"record":[...]`. */
void recorded_print(const struct recorded *r, struct buf *out);
void recorded_free(struct recorded *r);

#endif
