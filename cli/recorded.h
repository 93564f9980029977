/* SPDX-License-Identifier: MIT */
/* cli/recorded.h - a run that is recorded, or answered from a record: --record, --replay and related options.
 *
 * Start from {0}; recorded_open(); recorded_request() for the run; recorded_end() with its result; recorded_free(). */
#ifndef ISO_CLI_RECORDED_H
#define ISO_CLI_RECORDED_H
#include "cli/approve.h"
#include "host/calls/turns.h"

struct recorded {
    struct tape tape;
    struct record_writer writer;
    struct recording recording;
    int is_used; /* the run is recorded or replayed */
    struct repro ways;
    struct limits limits;
    char *zone; /* owned */
};

/* USAGE when options contradict each other. */
int recorded_check(const struct options *o, struct iso_err *err);
/* 1 when no program of the host is called, so that they need not exist. */
int recorded_is_apart(const struct options *o);

/* `v8` is its version. USAGE: a file, or the record is of another run; OUTPUT. */
int recorded_open(struct recorded *r, const struct options *o, const struct approver *approver,
                  const struct record_subject *subject, const char *v8, struct iso_err *err);
void recorded_request(const struct recorded *r, struct run_request *q);
int recorded_end(struct recorded *r, const struct run_result *result, struct iso_err *err);
void recorded_free(struct recorded *r);

#endif
