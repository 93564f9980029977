/* SPDX-License-Identifier: MIT */
/* host/run/job.h - makes the first frame for a worker or zygote, its job. */
#ifndef ISO_HOST_RUN_JOB_H
#define ISO_HOST_RUN_JOB_H
#include "host/run/supervisor.h"

/* Appends the JOB frame of a request; out->failed without memory. */
void job_frame(const struct run_request *request, struct buf *out);

#endif
