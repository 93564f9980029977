/* SPDX-License-Identifier: MIT */
/* protocol/worker.h - the worker process: started by the parent with these descriptors and arguments, serves
 * one job.
 *
 * argv: [1] WORKER_OPTION
 *       [2] "jit" or "jitless"
 *       [3] seed for reproducible heaps, 0 for none
 *       [4] memory budget in MiB, 0 for none
 *       [5] "strict" when every layer of the sandbox is required, else "default"
 *       [6] "once" for one job, "zygote" to be forked for many
 *       [7] "contained" when the parent has made namespaces, else "plain"
 *       [8] "root" when the process has root's rights outside of its namespaces, else "user" */
#ifndef ISO_PROTOCOL_WORKER_H
#define ISO_PROTOCOL_WORKER_H
#include <errno.h>

/* Whom root's worker becomes: nobody, by his number, which user namespaces know only where it is mapped. */
#define WORKER_USER 65534

/* Node.js refuses to start with it. The dynamic linker starts Node.js itself where it cannot preload us, and
 * that would take the first word for the name of a script. */
#define WORKER_OPTION "--iso4-worker"

enum worker_fd {
    WORKER_FD_PARENT = 3,  /* the socket to the parent */
    WORKER_FD_SNAPSHOT = 4 /* the snapshot file; not open when a base snapshot is made */
};

/* What each seccomp filter answers to getppid(2): by this the worker knows that it is in force. */
#define FILTER_BOOT_MARK   EPERM
#define FILTER_RUN_MARK    EACCES
#define FILTER_ZYGOTE_MARK EAGAIN

#endif
