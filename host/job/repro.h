/* SPDX-License-Identifier: MIT */
/* host/job/repro.h - reads seed, clock and time zone of a run. `name` stands for the value in messages. */
#ifndef ISO_HOST_JOB_REPRO_H
#define ISO_HOST_JOB_REPRO_H
#include "core/error.h"
#include "host/run/supervisor.h"

int repro_seed(struct repro *w, const char *name, const char *text, struct iso_err *err);
/* Milliseconds since 1970, or ISO 8601: a date, or date and time, in UTC unless it says otherwise. */
int repro_now(struct repro *w, const char *name, const char *text, struct iso_err *err);
/* Only the worker checks that the zone exists. The text is borrowed. */
int repro_zone(struct repro *w, const char *name, const char *text, struct iso_err *err);

#endif
