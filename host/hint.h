/* SPDX-License-Identifier: MIT */
/* host/hint.h - one sentence that tells a language model what to change. */
#ifndef ISO_HOST_HINT_H
#define ISO_HOST_HINT_H
#include "core/error.h"
#include "host/source.h"

struct hint_about {
    enum iso_code code;
    const char *message;         /* plain text */
    const char *nearest;         /* plain text, "" when there is none */
    const struct source *source; /* the agent's; NULL when unknown */
    int prefix;                  /* it is a prefix, evaluated by precompile */
};

/* Appends the hint as plain text, or nothing when there is nothing to say that the message does not say. */
void hint(struct buf *out, const struct hint_about *about);

#endif
