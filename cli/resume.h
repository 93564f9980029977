/* SPDX-License-Identifier: MIT */
/* cli/resume.h - the ids of the jobs that an earlier output of a batch has answered. */
#ifndef ISO_CLI_RESUME_H
#define ISO_CLI_RESUME_H
#include "core/error.h"
#include "core/json_walk.h"

struct resume;

/* Reads the ids of answered jobs: those with a result that is ok or whose code is final (core/error.h). Lines that
 * were cut off are ignored, and a file that does not exist counts as empty. USAGE: the file cannot be read, or has a
 * line of JSON that is not a result. */
struct resume *resume_read(const char *path, struct iso_err *err);
int resume_has(const struct resume *a, struct json id);
void resume_free(struct resume *a);

#endif
