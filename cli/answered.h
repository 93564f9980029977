/* SPDX-License-Identifier: MIT */
/* cli/answered.h - the ids that an earlier output of a batch has results for. */
#ifndef ISO_CLI_ANSWERED_H
#define ISO_CLI_ANSWERED_H
#include "core/error.h"
#include "core/json_walk.h"

struct answered;

/* Lines that hold no id are no answers: the last one of a batch that was killed may be cut short. A file that
 * does not exist has answered nothing. USAGE: it cannot be read. */
struct answered *answered_read(const char *path, struct iso_err *err);
int answered_has(const struct answered *a, struct json id);
void answered_free(struct answered *a);

#endif
