/* SPDX-License-Identifier: MIT */
/* cli/limits_json.h - limits from a JSON object: {"cpuTimeMs": 100, ...}. */
#ifndef ISO_CLI_LIMITS_JSON_H
#define ISO_CLI_LIMITS_JSON_H
#include "core/limits.h"

/* `what` is the object itself (its first character other than white space is '{') or the name of a file with
 * it. USAGE: unreadable, longer than 16 KiB, not an object, an unknown or repeated name, or a bad value; *l may be half changed
 * then. */
int limits_from_json(struct limits *l, const char *what, struct iso_err *err);

#endif
