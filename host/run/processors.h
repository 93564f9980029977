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

/* Reads them for this process. `root` is put before the paths /proc/self/cgroup and /sys/fs/cgroup, "" but in tests.
 * A file that cannot be read limits nothing. */
void cgroup_limits_read(struct cgroup_limits *l, const char *root);

/* The processors of the affinity mask, no more than the CPU quota gives (part of one counts as one), and no more than
 * runs of `memory_mb` MiB each fit into three quarters of the memory limit; 1 at least. 0 for memory_mb: no limit. */
unsigned processors_for_runs(const struct cgroup_limits *l, unsigned processors, uint64_t memory_mb);

/* The same for this process. */
unsigned processors_allowed(uint64_t memory_mb);

#endif
