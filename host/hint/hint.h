/* SPDX-License-Identifier: MIT */
/* host/hint/hint.h - one sentence that tells a language model what to change. */
#ifndef ISO_HOST_HINT_HINT_H
#define ISO_HOST_HINT_HINT_H
#include "core/error.h"
#include "host/declared/imports.h"
#include "host/declared/source.h"

struct hint_about {
    enum iso_code code;
    const char *message;           /* plain text */
    const char *nearest;           /* plain text, "" when there is none */
    const struct source *source;   /* the source of the place, else the agent's; NULL when unknown */
    uint64_t line, column;         /* as V8 counts them; 0 when unknown */
    const struct imports *imports; /* those of the run; NULL when there are none */
    const struct globals *globals; /* that the run may call; NULL when they are not known */
    const char *waiting;           /* the name of a host function that has not answered, plain text; or "" */
    int busy;                      /* code was running when the time was up; 0: it waited, or is not known */
    int prefix;                    /* the code is a prefix, evaluated by precompile */
};

/* Appends the hint as plain text, or nothing when the message is enough. */
void hint(struct buf *out, const struct hint_about *about);

/* The facts about a completed run. */
struct hint_completed {
    uint64_t unawaited;          /* calls that had no answer when the code had run to its end */
    int waited_for;              /* the run waited for these calls */
    const char *waiting;         /* the function of the first, plain text; or "" */
    const struct source *source; /* where that call was made; NULL when unknown */
    uint64_t line, column;
    int nothing; /* nothing was exported and nothing printed */
};
/* Appends the hint for a completed run, or nothing. */
void hint_completed(struct buf *out, const struct hint_completed *about);

#endif
