/* SPDX-License-Identifier: MIT */
/* cli/record.h - the options of records: --record, --replay and what goes with them. */
#ifndef ISO_CLI_RECORD_H
#define ISO_CLI_RECORD_H
#include "cli/options.h"
#include "host/job/recorded.h"

/* Options that do not go together. USAGE. */
int record_check_options(const struct options *o, struct iso_err *err);

/* The settings in these options; the texts are theirs. */
struct recorded_how record_asked(const struct options *o, const struct approver *approver);

#endif
