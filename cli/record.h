/* SPDX-License-Identifier: MIT */
/* cli/record.h - the options about records: --record, --replay and the options that need one of these two. */
#ifndef ISO_CLI_RECORD_H
#define ISO_CLI_RECORD_H
#include "cli/options.h"
#include "host/job/recorded.h"

/* Checks that the options about records can be used together. USAGE if not. */
int record_check_options(const struct options *o, struct iso_err *err);

/* The settings from these options. Its strings belong to *o. */
struct recorded_how record_asked(const struct options *o, const struct approver *approver);

#endif
