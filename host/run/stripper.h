/* SPDX-License-Identifier: MIT */
/* host/run/stripper.h - erases the types of TypeScript, in workers of their own that start from ts.snap.
 *
 * stripper_open(); stripper_start() for each text, whose done() is called exactly once, unless stripper_cancel()
 * comes before it; stripper_close() when no run needs it any more. No process is started before the first text.
 *
 * A text is as hostile as an agent: it meets the parser in a worker that is locked down like any other, and what
 * comes back is checked. */
#ifndef ISO_HOST_RUN_STRIPPER_H
#define ISO_HOST_RUN_STRIPPER_H
#include "host/run/pool.h"

struct stripper;
struct strip;

struct stripper_config {
    const struct paths *paths; /* borrowed until stripper_close() */
    struct limits limits;      /* of time: those of most runs */
    unsigned jobs;             /* how many texts at a time */
    int forks;                 /* there are many: in forks of a zygote, which has been warmed by a sample */
    int jitless, strict;
};

struct strip_result {
    enum strip_status status;
    int refused;     /* an ERROR: it is TypeScript, and more than types */
    struct buf text; /* for TEXT the source, of the same length; for ERROR what is wrong with it */
    uint32_t line, column;
    uint64_t begun_ns, ended_ns; /* of CLOCK_MONOTONIC */
    struct iso_err fault;        /* .code set: iso4 or the machine failed, and nothing is known of the text */
};

/* NULL without memory. */
struct stripper *stripper_open(uv_loop_t *loop, const struct stripper_config *cfg);

/* `text` is UTF-8, and copied. The limits of time hold for the stripper as they do for a run, counted anew. *out is
 * good until done() is called, which may be within this call; the result is freed when it returns. -1 without
 * memory, and done() is not called. */
int stripper_start(struct stripper *s, const char *text, size_t len, const struct limits *limits,
                   void (*done)(void *ctx, struct strip_result *result), void *ctx, struct strip **out);
/* done() is not called any more. */
void stripper_cancel(struct strip *strip);

/* It frees itself while the loop runs, when what was cancelled has ended. NULL is harmless. */
void stripper_close(struct stripper *s);

#endif
