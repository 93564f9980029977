/* SPDX-License-Identifier: MIT */
/* worker/process/start.h - functions of worker/main.c that start.c calls: the entry of the worker process and its
 * emergency exit. protocol/worker.h describes how the parent starts it. */
#ifndef ISO_WORKER_PROCESS_START_H
#define ISO_WORKER_PROCESS_START_H

/* In place of Node.js's main(). */
int worker_main(int argc, char **argv, char **envp);

/* Replaces abort(3): sends a frame to the parent and exits. Process 1 of a pid namespace would survive SIGABRT, and
 * glibc's abort() makes calls that the filter does not allow. */
void worker_abort(void) __attribute__((noreturn));

#endif
