/* SPDX-License-Identifier: MIT */
/* host/job.h - the frame that tells a worker, or a zygote, what to do. */
#ifndef ISO_HOST_JOB_H
#define ISO_HOST_JOB_H
#include "host/supervisor.h"

/* Appends the JOB frame of a request; out->failed without memory. */
void job_frame(const struct run_request *request, struct buf *out);

#endif
