/* SPDX-License-Identifier: MIT */
/* cli/resume.h - the ids of the jobs that an earlier output of a batch has answered. */
#ifndef ISO_CLI_RESUME_H
#define ISO_CLI_RESUME_H
#include "core/error.h"
#include "core/json_walk.h"

struct resume;

/* A result is an answer when it is ok or its code is final (core/error.h), and has an id. Lines that were cut off
 * count for nothing, and a file that does not exist has answered nothing. USAGE: it cannot be read, or a line of it
 * is JSON and no result. */
struct resume *resume_read(const char *path, struct iso_err *err);
int resume_has(const struct resume *a, struct json id);
void resume_free(struct resume *a);

#endif
