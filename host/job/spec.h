/* SPDX-License-Identifier: MIT */
/* host/job/spec.h - reads the description of a run from a JSON object: a job of batch, or the params of serve's `run`.
 *
 * spec_take() for each member of the object, then spec_read(); spec_free() at the end. The object's text has to live
 * as long as the spec, which does not move after spec_read(). */
#ifndef ISO_HOST_JOB_SPEC_H
#define ISO_HOST_JOB_SPEC_H
#include "core/limits.h"
#include "core/nearest.h"
#include "host/declared/declarations.h"
#include "host/job/recorded.h"
#include "host/run/supervisor.h"

/* name, kinds of JSON value, these in words */
#define ISO_SPEC_MEMBERS(X)                                                 \
    X(code, SPEC_TAKES(STRING), "a string")                                 \
    X(file, SPEC_TAKES(STRING), "a string")                                 \
    X(filename, SPEC_TAKES(STRING), "a string")                             \
    X(call, SPEC_TAKES(STRING), "a string")                                 \
    X(args, SPEC_TAKES(ARRAY), "an array")                                  \
    X(globals, SPEC_TAKES(OBJECT), "an object")                             \
    X(limits, SPEC_TAKES(OBJECT), "an object")                              \
    X(store, SPEC_TAKES(OBJECT), "an object")                               \
    X(form, SPEC_TAKES(STRING), "a string")                                 \
    X(language, SPEC_TAKES(STRING), "a string")                             \
    X(seed, SPEC_TAKES(NUMBER), "a number")                                 \
    X(now, SPEC_TAKES(NUMBER) | SPEC_TAKES(STRING), "a number or a string") \
    X(tz, SPEC_TAKES(STRING), "a string")                                   \
    X(record, SPEC_TAKES(BOOL), "true or false")                            \
    X(replay, SPEC_TAKES(ARRAY), "an array: the record of a result")        \
    X(replayChanged, SPEC_TAKES(BOOL), "true or false")                     \
    X(onMiss, SPEC_TAKES(STRING), "\"fail\" or \"live\"")                   \
    X(decide, SPEC_TAKES(OBJECT), "an object, number of a call to decision")
#define SPEC_TAKES(kind) (1u << JSON_##kind)

struct spec_members { /* .at NULL: not given */
#define X(name, kinds, words) struct json name;
    ISO_SPEC_MEMBERS(X)
#undef X
};

/* The settings that a spec changes. */
struct spec_base {
    struct limits limits;
    const struct limits *most; /* upper bounds for those of a spec, 0: none; NULL: there are none */
    int no_files;              /* a spec names no files */
    int has_prefix;            /* its exports can be called without a source */
    const char *call, *args;   /* NULL: none */
    enum source_form form;
    enum source_language language;
    const struct repro *ways;          /* NULL: none is set */
    int answered;                      /* enum globals_answered */
    const struct approver *approver;   /* decides about calls that need approval */
    const struct declarations *shared; /* for runs that declare no globals; NULL: none */
    uint64_t flags;                    /* of the job: enum job_flag */
    int snapshot_fd;                   /* -1: the built-in snapshot */
    const char *v8;                    /* the version of V8 that made the snapshot */
    /* Makes a copy of the shared declarations, in which the spec's globals are bound. NULL: the spec's globals replace
     * all of them. */
    int (*declare)(void *ctx, struct declarations *d, struct iso_err *err);
    /* Adds what every run has to globals that replace all. NULL: there is nothing to add. */
    int (*complete)(void *ctx, struct globals *g, struct iso_err *err);
    /* USAGE when a file must not be read; NULL: all may be read. */
    int (*may_read)(void *ctx, const char *path, struct iso_err *err);
    void *ctx;
};

struct run_spec {
    struct source source; /* owned */
    int no_source;        /* calls an export of the prefix */
    struct limits limits;
    char *call, *args; /* owned, or NULL */
    struct buf store;  /* the store, as the worker reads it; empty: the run has no store */
    struct repro ways;
    char *zone;                   /* owned; of the ways, or NULL */
    int own_globals;              /* 1: use `declared`, not the shared declarations */
    struct declarations declared; /* owned */
    struct recorded recorded;     /* owned */
    struct approver approver;
    struct decision *decisions; /* owned, and so are their reasons */
};

struct spec_fault {
    const char *member; /* the invalid member; NULL: the whole object */
    struct iso_err err; /* USAGE; or as globals are refused: UNDECLARED_BINDING, INVALID_REBIND; INTERNAL */
};

/* 1: a member of a spec. 0: an unknown member. -1: repeated, or of the wrong kind. */
int spec_take(struct spec_members *m, struct json key, struct json value, struct spec_fault *fault);

/* Reads the members, which stand in `text`, and the files that they name. `name` stands for `text` in messages. -1: *s
 * must be freed all the same. */
int spec_read(struct run_spec *s, const struct spec_members *m, const struct spec_base *base,
              const char *name, const char *text, struct spec_fault *fault);
void spec_free(struct run_spec *s);

/* Sets sources, limits, ways, declarations and call of *q from the spec. */
void spec_request(const struct run_spec *s, const struct declarations *shared, struct run_request *q);

/* Offers the name of each member; *best is the nearest so far. */
void spec_offer_names(struct nearest *nearest, const char **best);

#endif
