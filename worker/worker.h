/* SPDX-License-Identifier: MIT */
/* worker/worker.h - the entry and the emergency exit of the worker process. How iso4 starts it: protocol/worker.h. */
#ifndef ISO_WORKER_WORKER_H
#define ISO_WORKER_WORKER_H

/* In place of Node.js's main(), see worker/process/start.c. */
int worker_main(int argc, char **argv, char **envp);

/* Replaces abort(3): sends a frame to the parent and exits. Process 1 of a pid namespace would survive SIGABRT, and
 * glibc's abort() makes calls that the filter does not allow. */
void worker_abort(void) __attribute__((noreturn));

#endif
