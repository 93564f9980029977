/* SPDX-License-Identifier: MIT */
/* host/job/repro.h - seed, clock and time zone of a run from text. `name` is what messages call the value. */
#ifndef ISO_HOST_JOB_REPRO_H
#define ISO_HOST_JOB_REPRO_H
#include "core/error.h"
#include "host/run/supervisor.h"

int repro_seed(struct repro *w, const char *name, const char *text, struct iso_err *err);
/* Milliseconds since 1970, or ISO 8601: a date, or date and time, in UTC unless it says otherwise. */
int repro_now(struct repro *w, const char *name, const char *text, struct iso_err *err);
/* The worker finds out whether there is such a zone. The text is borrowed. */
int repro_zone(struct repro *w, const char *name, const char *text, struct iso_err *err);

#endif
