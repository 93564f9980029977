/* SPDX-License-Identifier: MIT */
/* host/run/processors.h - the number of runs at a time for this machine, or for the part of it that iso4 may use. */
#ifndef ISO_HOST_RUN_PROCESSORS_H
#define ISO_HOST_RUN_PROCESSORS_H
#include <stdint.h>

/* The limits of cgroups, versions 1 and 2. */
struct cgroup_limits {
    uint64_t milli_cpus; /* processors times 1000 of the tightest quota; UINT64_MAX: none */
    uint64_t memory;     /* bytes; UINT64_MAX: no limit */
};

/* Reads the limits of this process. `root` is put before the paths /proc/self/cgroup and /sys/fs/cgroup; it is ""
 * except in tests. Files that cannot be read are ignored. */
void cgroup_limits_read(struct cgroup_limits *l, const char *root);

/* The number of runs at a time: the processors of the affinity mask, at most the CPU quota (rounded up), and at most
 * the number of runs of `memory_mb` MiB (0: no limit) that fit into three quarters of the memory limit; at least 1. */
unsigned processors_for_runs(const struct cgroup_limits *l, unsigned processors, uint64_t memory_mb);

/* processors_for_runs() for this process. */
unsigned processors_allowed(uint64_t memory_mb);

#endif
