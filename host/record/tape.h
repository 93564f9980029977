/* SPDX-License-Identifier: MIT */
/* host/record/tape.h - reads the record of a run, to answer calls from it: iso4-record(5).
 *
 * tape_read() or tape_from_items(), then tape_free(). The bytes may be anything. A record may be cut at any place: only
 * complete lines count. All results point into the tape. */
#ifndef ISO_HOST_RECORD_TAPE_H
#define ISO_HOST_RECORD_TAPE_H
#include <stdint.h>

#include "core/buf.h"
#include "core/error.h"
#include "core/json_walk.h"

/* Longer files are refused. */
#define TAPE_MOST_BYTES (512u << 20)
/* The version of the format. */
#define TAPE_FORMAT 1

enum tape_decision { DECIDED_NOT, DECIDED_ALLOW, DECIDED_DENY };

/* A call and its answer, if known. */
struct tape_call {
    uint64_t n;             /* among the calls of the run, from 1 */
    struct json name, args; /* a string; an array, or null: not known */
    int asks;               /* it needed approval */
    enum tape_decision decision;
    int answered, ok, blocked;
    struct json answer;      /* the value (.at NULL: undefined), or the thrown error */
    int taken;               /* the agent got the answer; 0: it came too late */
    uint64_t turn, clock_us; /* if taken: the turn of the agent, and its clock */
};

/* The end of the record. */
enum tape_end {
    TAPE_CUT,    /* no end: the run was killed, or is still running */
    TAPE_PAUSED, /* the run waits for decisions, or was interrupted, and can be continued */
    TAPE_ENDED
};

struct tape {
    struct buf text;  /* owned */
    size_t whole;     /* bytes of complete lines */
    const char *name; /* borrowed; for messages */
    struct json head;
    struct tape_call *calls; /* owned; by n */
    size_t count;
    size_t *order; /* owned; the calls whose answers were taken, in this order */
    size_t answers;
    enum tape_end end;
    enum iso_code code;  /* the code of the run's end, or ISO_OK */
    struct json message; /* its message, a string; .at NULL: none */
    size_t end_at;       /* offset of the last line of the run, if it has one */
};

/* Reads a file. USAGE names the file and the invalid line. */
int tape_read(struct tape *t, const char *path, struct iso_err *err);
/* Like tape_read(), from text, which is copied. */
int tape_parse(struct tape *t, const char *text, size_t len, const char *name, struct iso_err *err);
/* Like tape_read(), from an array of the objects of all lines, which is copied. */
int tape_from_items(struct tape *t, struct json items, const char *name, struct iso_err *err);
void tape_free(struct tape *t);

/* The call with number n; NULL: it is not in the record. */
struct tape_call *tape_find(const struct tape *t, uint64_t n);

#endif
