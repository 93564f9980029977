/* SPDX-License-Identifier: MIT */
/* host/declared/arguments.h - whether the arguments of a call are what its `parameters` ask for. */
#ifndef ISO_HOST_DECLARED_ARGUMENTS_H
#define ISO_HOST_DECLARED_ARGUMENTS_H
#include "host/schema/schema.h"

/* Whether a `parameters` schema describes the list of arguments (its type is "array"); any other describes
 * the only argument. */
int arguments_are_listed(struct json parameters);

/* Whether the one argument may be left out: an empty object would do. */
int arguments_are_optional(const struct schema *parameters);

/* args is the array of encoded arguments. See schema_check() for the answers, *work and *why. */
enum schema_answer arguments_check(const struct schema *parameters, struct json args, struct work *work,
                                   struct buf *why);

#endif
