/* SPDX-License-Identifier: MIT */
/* cli/trial.h - finds faults of the command line that only a worker can find: code in definitions that does not
 * compile, reserved names, unknown time zones. */
#ifndef ISO_CLI_TRIAL_H
#define ISO_CLI_TRIAL_H
#include "cli/declarations.h"
#include "host/run/foreground.h"

/* For commands with many runs: when the command line holds something that could be at fault, runs an empty agent with
 * it. -1 and a code of exit status 2 when it is at fault; -1 and ABORTED after a signal, which is in *signal. Other
 * failures are ignored: the runs report them. */
int trial_run(const struct options *o, const struct paths *paths, int snapshot_fd,
              const struct declarations *declared, int *signal, struct iso_err *err);

/* Turns a result that blames the command line into a message that begins with the place of the definition: -1. 0: the
 * result blames something else. */
int trial_blame(const struct run_result *result, const struct declarations *declared, struct iso_err *err);

#endif
