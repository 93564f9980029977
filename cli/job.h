/* SPDX-License-Identifier: MIT */
/* cli/job.h - a line of a batch: {"id", "code" or "file", and perhaps "filename", "globals", "limits",
 * "call", "args"}. */
#ifndef ISO_CLI_JOB_H
#define ISO_CLI_JOB_H
#include "cli/runs.h"

/* What a job may change of what the whole batch has. */
struct job_base {
    const char *snapshot_name;              /* NULL: the built-in one */
    const struct declarations *of_snapshot; /* NULL: there is no snapshot */
    const struct options *options;
};

/* Fills a job from its line (NULL: it was too long), which is the number-th. What is wrong with it stands in
 * job->fault, and its id in job->id as far as there is one. A long line, a file and definitions are left to
 * job->load(). *base must live as long. */
void job_parse(struct job *job, const char *line, size_t len, uint64_t number, const struct job_base *base);

/* The id in a line, job or result; .at NULL: there is none. line must be checked JSON. */
struct json job_id(struct json line);

#endif
