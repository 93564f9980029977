/* SPDX-License-Identifier: MIT */
/* host/job/recorded.h - a run that is recorded, or whose calls are answered from a record. Turns the settings of the
 * command line, of a job or of a client of serve into settings of a run_request.
 *
 * Start from {0}; recorded_open(); recorded_request() for the run; recorded_end() with its result; recorded_free(). The
 * struct must not be moved or copied between the first call and the last. */
#ifndef ISO_HOST_JOB_RECORDED_H
#define ISO_HOST_JOB_RECORDED_H
#include "host/calls/approval.h"
#include "host/calls/turns.h"
#include "host/run/supervisor.h"

/* All pointers must stay valid until recorded_free(). */
struct recorded_how {
    const char *record, *replay; /* files; NULL: none */
    int to_memory;               /* the record is part of the result */
    struct json items;           /* the record to replay, as an array; .at NULL: none */
    int changed;                 /* the record may come from a run of another agent */
    int live;                    /* calls after the end of the record go to the host */
    const struct repro *ways;
    struct limits limits;
    struct json
        store; /* that the run begins with, an object; .at NULL: it has none, or that of the record to replay */
    const struct approver *approver;
};

struct recorded {
    struct tape tape;
    struct record_writer writer;
    struct recording recording;
    int is_used; /* the run is recorded or replayed */
    struct repro ways;
    struct limits limits;
    char *zone;       /* owned */
    struct buf store; /* of a replay, as the worker reads it; empty: the run has none */
};

/* Opens and reads the records; `v8` is the version of V8. USAGE: a file cannot be read, or the record comes from a
 * different run. OUTPUT: the record cannot be written. */
int recorded_open(struct recorded *r, const struct recorded_how *how, const struct record_subject *subject,
                  const char *v8, struct iso_err *err);
/* 1 when only the record answers calls, so that programs and servers need not exist. */
int recorded_is_apart(const struct recorded_how *how);
void recorded_request(const struct recorded *r, struct run_request *q);
int recorded_end(struct recorded *r, const struct run_result *result, struct iso_err *err);
/* Appends the member `,"record":[...]` if the record is in memory. Call it after recorded_end(). */
void recorded_print(const struct recorded *r, struct buf *out);
void recorded_free(struct recorded *r);

#endif
