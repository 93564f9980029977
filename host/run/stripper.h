/* SPDX-License-Identifier: MIT */
/* host/run/stripper.h - erases the types of TypeScript, in separate workers that start from ts.snap.
 *
 * stripper_open(); stripper_start() for each text, whose done() is called exactly once, unless stripper_cancel()
 * comes before it; stripper_close() when no run needs it any more. No process is started before the first text.
 *
 * A text may be hostile: the parser runs in a worker that is locked down like any other, and its output is checked. */
#ifndef ISO_HOST_RUN_STRIPPER_H
#define ISO_HOST_RUN_STRIPPER_H
#include "host/run/pool.h"

struct stripper;
struct strip;

struct stripper_config {
    const struct paths *paths; /* borrowed until stripper_close() */
    struct limits limits;      /* of time: those of most runs */
    unsigned jobs;             /* texts at a time */
    int forks;                 /* for many texts: use forks of a zygote, which is warmed up with a sample */
    int jitless, strict;
};

struct strip_result {
    enum strip_status status;
    int refused;     /* with ERROR: valid TypeScript that is more than types */
    struct buf text; /* for TEXT the source, of the same length; for ERROR the message */
    uint32_t line, column;
    uint64_t begun_ns, ended_ns; /* of CLOCK_MONOTONIC */
    struct iso_err fault; /* .code set: iso4 or the machine failed, so there is no answer about the text */
};

/* NULL without memory. */
struct stripper *stripper_open(uv_loop_t *loop, const struct stripper_config *cfg);

/* Starts a text, which is UTF-8, and copied. The limits on time are those of a run, counted from here. *out is valid
 * until done() is called, which may be before this returns; the result is freed after done(). -1 without memory;
 * done() is then not called. */
int stripper_start(struct stripper *s, const char *text, size_t len, const struct limits *limits,
                   void (*done)(void *ctx, struct strip_result *result), void *ctx, struct strip **out);
/* Cancels a text; done() is not called. */
void stripper_cancel(struct strip *strip);

/* Frees the stripper while the loop runs, when cancelled texts have ended. NULL is allowed. */
void stripper_close(struct stripper *s);

#endif
