/* SPDX-License-Identifier: MIT */
/* cli/job.h - parses a line of a batch: {"id", "meta", and what to run (host/job/spec.h)}. */
#ifndef ISO_CLI_JOB_H
#define ISO_CLI_JOB_H
#include "cli/runs.h"

/* The settings of the whole batch, which a job may change for itself. */
struct job_base {
    const char *snapshot_name;              /* NULL: the built-in one */
    const struct declarations *of_snapshot; /* NULL: there is no snapshot */
    const struct options *options;
    const struct mcp_option *mcp;        /* every job has its tools */
    const struct declarations *declared; /* for jobs that declare no globals */
    const struct snapshot_file *snapshot;
    const struct approver *approver;
};

/* Fills a job from its line (NULL: it was too long); `number` is the line's. A mistake in the line is put into
 * job->fault, its id into job->id if it has one. Long lines, files and definitions are left to job->load(). *base must
 * live as long as the job. */
void job_parse(struct job *job, const char *line, size_t len, uint64_t number, const struct job_base *base);

/* The id in a line, job or result; .at NULL: there is none. line must be checked JSON. */
struct json job_id(struct json line);

#endif
