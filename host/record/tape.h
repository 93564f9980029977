/* SPDX-License-Identifier: MIT */
/* host/record/tape.h - a record of a run, read to be answered from: iso4-record(5).
 *
 * tape_read() or tape_from_items(), then tape_free(). The bytes may be anything. A record may have been cut anywhere:
 * what stands in whole lines counts, and a last line without its end does not. Everything points into the tape. */
#ifndef ISO_HOST_RECORD_TAPE_H
#define ISO_HOST_RECORD_TAPE_H
#include <stdint.h>

#include "core/buf.h"
#include "core/error.h"
#include "core/json_walk.h"

/* A longer file is no record. */
#define TAPE_MOST_BYTES (512u << 20)
/* The version of the format. */
#define TAPE_FORMAT 1

enum tape_decision { DECIDED_NOT, DECIDED_ALLOW, DECIDED_DENY };

/* One call, and what is known of its answer. */
struct tape_call {
    uint64_t n;             /* among the calls of the run, from 1 */
    struct json name, args; /* a string; an array, or null: it is not known */
    int asks;               /* it was to be approved before anything was started */
    enum tape_decision decision;
    int answered, ok, blocked;
    struct json answer;      /* the value (.at NULL: undefined), or what was thrown */
    int taken;               /* by the agent; else it came too late, or the run was over */
    uint64_t turn, clock_us; /* then: in which turn of the agent, by its clock */
};

/* How the record ends. */
enum tape_end {
    TAPE_CUT,    /* in the middle: the run was killed, or it goes on */
    TAPE_PAUSED, /* it waits for decisions, or was interrupted: it can go on */
    TAPE_ENDED
};

struct tape {
    struct buf text;  /* owned */
    size_t whole;     /* bytes of the lines that count */
    const char *name; /* borrowed; for messages */
    struct json head;
    struct tape_call *calls; /* owned; by n */
    size_t count;
    size_t *order; /* owned; the calls whose answers were taken, in this order */
    size_t answers;
    enum tape_end end;
    enum iso_code code;  /* with which it ended; ISO_OK */
    struct json message; /* of that end, a string; .at NULL: none */
    size_t end_at;       /* where the last line of the run begins, if it has one */
};

/* USAGE names the file, and the line where it is wrong. */
int tape_read(struct tape *t, const char *path, struct iso_err *err);
/* The same from an array of the lines' objects, which is copied. */
int tape_from_items(struct tape *t, struct json items, const char *name, struct iso_err *err);
void tape_free(struct tape *t);

/* NULL: the record does not know it. */
struct tape_call *tape_find(const struct tape *t, uint64_t n);

#endif
