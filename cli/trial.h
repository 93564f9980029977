/* SPDX-License-Identifier: MIT */
/* cli/trial.h - faults of the command line that only a worker can find: code in definitions that does not compile,
 * names that the runtime owns, time zones that are none. */
#ifndef ISO_CLI_TRIAL_H
#define ISO_CLI_TRIAL_H
#include "cli/declarations.h"
#include "host/run/foreground.h"

/* For a command with many runs: runs an agent that does nothing, when the command line gives something that could
 * be at fault. -1 and a code of exit status 2 when it is; -1 and ABORTED after a signal, which is in *signal. Other
 * failures are left to the runs. */
int trial_run(const struct options *o, const struct paths *paths, int snapshot_fd,
              const struct declarations *declared, int *signal, struct iso_err *err);

/* A result that blames the command line, as a message with the place of the definition in front. -1; 0: it
 * blames something else. */
int trial_blame(const struct run_result *result, const struct declarations *declared, struct iso_err *err);

#endif
