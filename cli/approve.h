/* SPDX-License-Identifier: MIT */
/* cli/approve.h - the approver of calls: --approve, --approve-command, --decide. */
#ifndef ISO_CLI_APPROVE_H
#define ISO_CLI_APPROVE_H
#include "cli/options.h"
#include "host/calls/approval.h"

struct question;

/* Start from {0}; approve_open(), then .approver is for runs; approve_free(). It does not move meanwhile. */
struct approve {
    struct approver approver;
    struct decision *decisions;    /* owned */
    char **argv;                   /* owned, up to NULL; of --approve-command */
    struct question *first, **end; /* questions; the program gets one at a time */
};

/* USAGE. */
int approve_open(struct approve *a, const struct options *o, struct iso_err *err);
void approve_free(struct approve *a);

#endif
