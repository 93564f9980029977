/* SPDX-License-Identifier: MIT */
/* worker/worker.h - the entry of the worker process, and its way to die. How iso4 starts it: protocol/worker.h. */
#ifndef ISO_WORKER_WORKER_H
#define ISO_WORKER_WORKER_H

/* In place of Node.js's main(), see worker/process/start.c. */
int worker_main(int argc, char **argv, char **envp);

/* In place of abort(3): tells the parent and ends. Process 1 of a pid namespace would survive SIGABRT, and glibc's
 * abort() goes on to calls that are not in the filter. */
void worker_abort(void) __attribute__((noreturn));

#endif
