/* SPDX-License-Identifier: MIT */
/* cli/repro.h - --seed, --now and --tz. */
#ifndef ISO_CLI_REPRO_H
#define ISO_CLI_REPRO_H
#include "core/error.h"
#include "host/run/supervisor.h"

int repro_seed(struct repro *w, const char *text, struct iso_err *err);
/* Milliseconds since 1970, or ISO 8601: a date, or date and time, in UTC unless it says otherwise. */
int repro_now(struct repro *w, const char *text, struct iso_err *err);
/* Whether there is such a zone the worker finds out. */
int repro_zone(struct repro *w, const char *text, struct iso_err *err);

#endif
