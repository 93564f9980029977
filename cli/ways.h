/* SPDX-License-Identifier: MIT */
/* cli/ways.h - --seed, --now and --tz. */
#ifndef ISO_CLI_WAYS_H
#define ISO_CLI_WAYS_H
#include "core/error.h"
#include "host/supervisor.h"

int ways_seed(struct run_ways *w, const char *text, struct iso_err *err);
/* Milliseconds since 1970, or ISO 8601: a date, or date and time, in UTC unless it says otherwise. */
int ways_now(struct run_ways *w, const char *text, struct iso_err *err);
/* Whether there is such a zone the worker finds out. */
int ways_zone(struct run_ways *w, const char *text, struct iso_err *err);

#endif
