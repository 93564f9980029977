/* SPDX-License-Identifier: MIT */
/* protocol/worker.h - descriptors and arguments with which the parent starts a worker. A worker serves one job.
 *
 * argv: [1] WORKER_OPTION
 *       [2] "jit" or "jitless"
 *       [3] seed for reproducible heaps, 0 for none
 *       [4] memory budget in bytes, 0 for none; the sandbox is set up by it before the job is read
 *       [5] "strict" when every layer of the sandbox is required, else "default"
 *       [6] "once" for one job, "zygote" to be forked for many
 *       [7] "contained" when the parent has made namespaces, else "plain"
 *       [8] "root" when the process has root's rights outside of its namespaces, else "user" */
#ifndef ISO_PROTOCOL_WORKER_H
#define ISO_PROTOCOL_WORKER_H
#include <errno.h>

/* User and group of a worker that root starts (usually named "nobody"): a number, because inside a user namespace the
 * name may be unknown. */
#define WORKER_USER 65534

/* Node.js refuses to start with this option. When the dynamic linker cannot preload the worker it starts Node.js
 * itself, which would take any other first argument for the name of a script. */
#define WORKER_OPTION "--iso4-worker"

enum worker_fd {
    WORKER_FD_PARENT = 3,  /* the socket to the parent */
    WORKER_FD_SNAPSHOT = 4 /* the snapshot file; not open when a base snapshot is made */
};

/* The error that each seccomp filter gives for getppid(2): the worker calls it to see that its filter is in force. */
#define FILTER_BOOT_MARK   EPERM
#define FILTER_RUN_MARK    EACCES
#define FILTER_ZYGOTE_MARK EAGAIN
#define FILTER_READY_MARK  EBUSY

#endif
