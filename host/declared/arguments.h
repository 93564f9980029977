/* SPDX-License-Identifier: MIT */
/* host/declared/arguments.h - whether the arguments of a call are what its `parameters` ask for. */
#ifndef ISO_HOST_DECLARED_ARGUMENTS_H
#define ISO_HOST_DECLARED_ARGUMENTS_H
#include "host/declared/stubs.h"

/* Whether a `parameters` schema describes the list of arguments (its type is "array"); any other describes
 * the only argument. */
int arguments_are_listed(struct json parameters);

/* Whether the one argument may be left out: an empty object would do. */
int arguments_are_optional(struct json parameters);

/* args is the array of encoded arguments. 0, or -1 and *why says what was expected. */
int arguments_check(struct json parameters, struct json args, struct buf *why);

#endif
