/* SPDX-License-Identifier: MIT */
#include "host/run/processors.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#define LINE_BYTES 4096

/* ---- files of the kernel, a line each */

static int read_line(const char *root, const char *dir, const char *name, char *line)
{
    char path[LINE_BYTES];
    int rc = -1;
    FILE *f;

    if (snprintf(path, sizeof path, "%s%s/%s", root, dir, name) >= (int)sizeof path ||
        !(f = fopen(path, "re")))
        return -1;
    if (fgets(line, LINE_BYTES, f))
        rc = 0;
    fclose(f);
    return rc;
}

/* Reads a number; *rest is the text after it. -1: "max", "-1", or not a number. */
static int take_number(const char *text, const char **rest, uint64_t *n)
{
    char *end;

    if (*text < '0' || *text > '9')
        return -1;
    *n = strtoull(text, &end, 10);
    *rest = end;
    return 0;
}

static void apply_quota(struct cgroup_limits *l, uint64_t quota, uint64_t period)
{
    uint64_t milli = period && quota <= UINT64_MAX / 1000 ? quota * 1000 / period : UINT64_MAX;

    if (milli < l->milli_cpus)
        l->milli_cpus = milli;
}

static void apply_memory(struct cgroup_limits *l, const char *root, const char *dir, const char *name)
{
    char line[LINE_BYTES];
    const char *rest;
    uint64_t bytes;

    if (read_line(root, dir, name, line) == 0 && take_number(line, &rest, &bytes) == 0 && bytes < l->memory)
        l->memory = bytes;
}

/* ---- one group */

static void look_at_v2(struct cgroup_limits *l, const char *root, const char *dir)
{
    char line[LINE_BYTES];
    uint64_t quota, period;
    const char *rest;

    if (read_line(root, dir, "cpu.max", line) == 0 && take_number(line, &rest, &quota) == 0 && *rest == ' ' &&
        take_number(rest + 1, &rest, &period) == 0)
        apply_quota(l, quota, period);
    apply_memory(l, root, dir, "memory.max");
    apply_memory(l, root, dir, "memory.high");
}

static void look_at_v1_cpu(struct cgroup_limits *l, const char *root, const char *dir)
{
    char quota_line[LINE_BYTES], period_line[LINE_BYTES];
    uint64_t quota, period;
    const char *rest;

    if (read_line(root, dir, "cpu.cfs_quota_us", quota_line) == 0 &&
        read_line(root, dir, "cpu.cfs_period_us", period_line) == 0 &&
        take_number(quota_line, &rest, &quota) == 0 && take_number(period_line, &rest, &period) == 0)
        apply_quota(l, quota, period);
}

static void look_at_v1_memory(struct cgroup_limits *l, const char *root, const char *dir)
{
    apply_memory(l, root, dir, "memory.limit_in_bytes");
}

/* ---- all groups above this process */

/* Reads the limits of a group and of all groups above it, which apply, too. In a container the path may be the host's,
 * while the mount shows only the container's part: then the longer paths do not exist, and the mount itself is our
 * group. */
static void look_upwards(struct cgroup_limits *l, const char *root, const char *mount, const char *group,
                         void (*look)(struct cgroup_limits *l, const char *root, const char *dir))
{
    char dir[LINE_BYTES];
    size_t base = strlen(mount);

    if (snprintf(dir, sizeof dir, "%s%s", mount, strcmp(group, "/") == 0 ? "" : group) >= (int)sizeof dir)
        return;
    for (;;) {
        char *slash;

        look(l, root, dir);
        slash = strrchr(dir + base, '/');
        if (!slash)
            return;
        *slash = 0;
    }
}

/* 1 when the list of version 1, "cpu,cpuacct", names a controller. */
static int names(const char *list, const char *controller)
{
    size_t len = strlen(controller);

    for (const char *at = list; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
        if (strncmp(at, controller, len) == 0 && (at[len] == ',' || at[len] == 0))
            return 1;
    return 0;
}

/* A line of /proc/self/cgroup: "0::/group" of version 2, "3:cpu,cpuacct:/group" of version 1. Systems with both mount
 * version 2 one level below. */
static void look_at_line(struct cgroup_limits *l, const char *root, char *line)
{
    char *controllers = strchr(line, ':'), *group = controllers ? strchr(controllers + 1, ':') : NULL;

    if (!group || group[1] != '/')
        return;
    *group++ = 0;
    controllers++;
    group[strcspn(group, "\n")] = 0;
    if (!*controllers) {
        look_upwards(l, root, "/sys/fs/cgroup", group, look_at_v2);
        look_upwards(l, root, "/sys/fs/cgroup/unified", group, look_at_v2);
    }
    if (names(controllers, "cpu"))
        look_upwards(l, root, "/sys/fs/cgroup/cpu", group, look_at_v1_cpu);
    if (names(controllers, "memory"))
        look_upwards(l, root, "/sys/fs/cgroup/memory", group, look_at_v1_memory);
}

void cgroup_limits_read(struct cgroup_limits *l, const char *root)
{
    char path[LINE_BYTES], line[LINE_BYTES];
    FILE *f;

    *l = (struct cgroup_limits){UINT64_MAX, UINT64_MAX};
    if (snprintf(path, sizeof path, "%s/proc/self/cgroup", root) >= (int)sizeof path ||
        !(f = fopen(path, "re")))
        return;
    while (fgets(line, sizeof line, f))
        look_at_line(l, root, line);
    fclose(f);
}

/* ---- the number of runs */

unsigned processors_for_runs(const struct cgroup_limits *l, unsigned processors, uint64_t memory_mb)
{
    uint64_t n = processors, fit;

    if (l->milli_cpus != UINT64_MAX && (l->milli_cpus + 999) / 1000 < n)
        n = (l->milli_cpus + 999) / 1000;
    if (l->memory != UINT64_MAX && memory_mb) {
        fit = (l->memory / 4 * 3 >> 20) / memory_mb;
        n = fit < n ? fit : n;
    }
    return n ? (unsigned)n : 1;
}

unsigned processors_allowed(uint64_t memory_mb)
{
    struct cgroup_limits l;

    cgroup_limits_read(&l, "");
    return processors_for_runs(&l, uv_available_parallelism(), memory_mb);
}
