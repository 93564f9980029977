/* SPDX-License-Identifier: MIT */
/* host/run/spawn.h - starts a worker process: namespaces, resource limits, descriptors, exec.
 *
 * The child does this between clone and exec, before the worker's own lockdown (sandbox/lockdown.h). The child writes a
 * failure to a pipe, which spawn_error() reads afterwards. */
#ifndef ISO_HOST_RUN_SPAWN_H
#define ISO_HOST_RUN_SPAWN_H
#include <sched.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/error.h"
#include "host/run/paths.h"

/* Most words of a command that spawn_process() takes. */
#define SPAWN_WORDS 16

struct spawn_config {
    const char *const *
        argv; /* borrowed; argv[0] is an absolute path; two words are added at its end: see protocol/worker.h */
    const char *folder;   /* borrowed; the current directory at exec; NULL: the root directory */
    int snapshot_fd;      /* borrowed; -1: none */
    uint64_t cpu_seconds; /* RLIMIT_CPU, for the case that the parent hangs; 0: no limit */
    int uncontained;      /* make no namespaces, even if possible */
};

struct spawned {
    pid_t pid;
    int pidfd;     /* owned by the caller, like the next two */
    int socket;    /* the parent's end, non-blocking */
    int status;    /* read end of the failure pipe */
    int contained; /* 1 when namespaces were made */
};

struct worker_config {
    const struct paths *paths; /* borrowed */
    int snapshot_fd;           /* borrowed; -1: none */
    int jitless, strict;
    int zygote;            /* to be forked: see host/run/zygote.h */
    uint64_t seed;         /* not 0: a reproducible heap */
    uint64_t memory_bytes; /* 0: no limit */
    uint64_t cpu_seconds;
};

/* Both return 0; or -1, or SHORTAGE (host/io/shortage.h), with ERR_SANDBOX_UNAVAILABLE or ERR_INTERNAL, and leave
 * nothing open or running. */
int spawn_worker(const struct worker_config *cfg, struct spawned *out, struct iso_err *err);
int spawn_process(const struct spawn_config *cfg, struct spawned *out, struct iso_err *err);

/* All namespaces of a worker. */
#define SPAWN_NAMESPACES                                                                          \
    (CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP | \
     CLONE_NEWNET)

/* Like fork(2), into these namespaces (0: none). In the parent *pidfd refers to the child; the caller closes it. */
pid_t spawn_clone(uint64_t namespaces, int *pidfd);

/* 1 when the process `pid` of a pidfd is a child of `parent`, or has ended and was reaped; 0 when not. -1 with errno:
 * not known. */
int spawn_is_child(int pidfd, pid_t pid, pid_t parent);

/* After the process has ended: 1 and *err when it failed before exec, else 0. */
int spawn_error(int status_fd, struct iso_err *err);

#endif
