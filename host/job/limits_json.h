/* SPDX-License-Identifier: MIT */
/* host/job/limits_json.h - limits from a JSON object: {"cpuTimeMs": 100, ...}. */
#ifndef ISO_HOST_JOB_LIMITS_JSON_H
#define ISO_HOST_JOB_LIMITS_JSON_H
#include <stddef.h>

#include "core/limits.h"

/* Sets the limits that the text names. `where` stands for the text in messages. USAGE: longer than 16 KiB, not an
 * object, an unknown or repeated name, or an invalid value; *l may be partly changed then. */
int limits_from_json(struct limits *l, const char *where, const char *text, size_t len, struct iso_err *err);

#endif
