/* SPDX-License-Identifier: MIT */
/* host/calls/process_plan.h - how a definition's program is started: its file, arguments, environment and
 * working directory; and whether that can work on this machine.
 *
 * process_plan_make() or a plan filled by hand, then process_plan_free(), also after a failure. */
#ifndef ISO_HOST_CALLS_PROCESS_PLAN_H
#define ISO_HOST_CALLS_PROCESS_PLAN_H
#include "core/error.h"
#include "host/declared/stubs.h"

struct process_plan {
    char **argv, **env; /* owned, up to NULL */
    char *file;         /* owned; a path when it has a slash, else looked for in PATH of `env` */
    char *cwd;          /* owned; NULL: that of iso4 */
    int attached;       /* it stays at iso4's terminal, where it may ask a person, and leads no group */
};

/* -1: out of memory. */
int process_plan_make(struct process_plan *p, const struct stub *s);
/* 1 when an argument of a definition's program names a file in the folder of the definitions. */
int process_is_neighbour(const struct stub *s, const char *argument);
void process_plan_free(struct process_plan *p);

/* Checks that the program exists and can be started, and that the working directory can be entered. The message of
 * USAGE is the end of a sentence that begins "the global 'f' ". */
int process_plan_check(const struct process_plan *p, struct iso_err *err);

#endif
