/* SPDX-License-Identifier: MIT */
/* host/declared/arguments.h - checks the arguments of a call against its `parameters`. */
#ifndef ISO_HOST_DECLARED_ARGUMENTS_H
#define ISO_HOST_DECLARED_ARGUMENTS_H
#include "host/schema/schema.h"

/* 1 when a `parameters` schema describes the list of arguments (its type is "array"); any other schema describes the
 * only argument. */
int arguments_are_listed(struct json parameters);

/* 1 when the only argument may be left out, because an empty object fits the schema. */
int arguments_are_optional(const struct schema *parameters);

/* args is the array of encoded arguments. See schema_check() for the answers, *work and *why. */
enum schema_answer arguments_check(const struct schema *parameters, struct json args, struct work *work,
                                   struct buf *why);

#endif
