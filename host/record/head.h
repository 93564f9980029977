/* SPDX-License-Identifier: MIT */
/* host/record/head.h - the first line of a record: identifies the run, and has the settings that make it
 * reproducible. */
#ifndef ISO_HOST_RECORD_HEAD_H
#define ISO_HOST_RECORD_HEAD_H
#include "core/digest.h"
#include "core/limits.h"
#include "host/declared/imports.h"
#include "host/record/tape.h"

/* Settings that make a run reproducible. */
struct repro {
    int has_seed, has_now;
    uint64_t seed;
    int64_t now_ms;   /* since 1970 */
    int moves;        /* with has_now: the clock moves from there, with the turns of a record */
    const char *zone; /* NULL: UTC */
};

/* The sources and settings of a run. All borrowed. */
struct record_subject {
    const struct source *sources;
    size_t count;
    const struct globals *globals; /* NULL: none */
    const struct imports *imports; /* NULL: none */
    const char *call, *args;       /* NULL: none */
    uint64_t flags;                /* flags of the job that change the abilities of an agent */
    int snapshot_fd;               /* -1: the built-in one */
};

/* The SHA-256 of each of these. */
struct record_names {
    char source[DIGEST_HEX], definitions[DIGEST_HEX], options[DIGEST_HEX];
    char snapshot[DIGEST_HEX]; /* ""; the built-in one */
};
/* USAGE: the snapshot cannot be read. */
int record_names(struct record_names *names, const struct record_subject *subject, struct iso_err *err);

/* Sets missing settings of *ways: a seed, and a clock that moves. */
void record_fix_ways(struct repro *ways);
/* `store` is the store that the run begins with, an object; .at NULL: it has none. */
void record_head(const struct record_names *names, const struct repro *ways, const struct limits *limits,
                 const char *v8, struct json store, struct buf *out);

/* USAGE: the record belongs to another run. `changed`: source and options may differ. */
int record_check(const struct tape *t, const struct record_names *names, int changed, struct iso_err *err);
/* Takes the settings of the record, and its limits where *limits has the defaults. *zone is owned. */
int record_ways(const struct tape *t, struct repro *ways, char **zone, struct limits *limits,
                struct iso_err *err);

/* The store that the recorded run began with; .at NULL: it had none. */
int record_store(const struct tape *t, struct json *store, struct iso_err *err);

#endif
