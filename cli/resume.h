/* SPDX-License-Identifier: MIT */
/* cli/resume.h - the ids that an earlier output of a batch has results for. */
#ifndef ISO_CLI_RESUME_H
#define ISO_CLI_RESUME_H
#include "core/error.h"
#include "core/json_walk.h"

struct resume;

/* Lines that hold no id are no answers: the last one of a batch that was killed may be cut short. A file that
 * does not exist has answered nothing. USAGE: it cannot be read. */
struct resume *resume_read(const char *path, struct iso_err *err);
int resume_has(const struct resume *a, struct json id);
void resume_free(struct resume *a);

#endif
