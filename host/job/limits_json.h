/* SPDX-License-Identifier: MIT */
/* host/job/limits_json.h - limits from a JSON object: {"cpuTimeMs": 100, ...}. */
#ifndef ISO_HOST_JOB_LIMITS_JSON_H
#define ISO_HOST_JOB_LIMITS_JSON_H
#include <stddef.h>

#include "core/limits.h"

/* Sets the limits that the text names, and their bits (1 << enum limit_id) in *given unless that is NULL; messages call
 * the text `where`. USAGE: longer than 16 KiB, not an object, an unknown or repeated name, or a bad value; *l may be half
 * changed then. */
int limits_from_json(struct limits *l, const char *where, const char *text, size_t len, uint64_t *given,
                     struct iso_err *err);

/* USAGE when a limit is above the command line's (*most, 0: there is none), or has none where that has one. */
int limits_within(const struct limits *l, const struct limits *most, struct iso_err *err);

#endif
