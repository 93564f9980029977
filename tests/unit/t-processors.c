/* SPDX-License-Identifier: MIT */
/* The number of runs at a time: limits of cgroups in files like the kernel's. */
#include "host/run/processors.h"
#include "tests/scratch.h"

/* Makes the folders on the way, too. */
static void put(const char *path, const char *text)
{
    char part[300];

    for (const char *at = path; (at = strchr(at, '/')); at++) {
        snprintf(part, sizeof part, "%.*s", (int)(at - path), path);
        mkdir(part, 0755);
    }
    make(path, text);
}

static void remove_all(void)
{
    if (system("rm -rf proc sys") != 0)
        abort();
}

static struct cgroup_limits found(void)
{
    struct cgroup_limits l;

    cgroup_limits_read(&l, ".");
    remove_all();
    return l;
}

static void test_version_2(void)
{
    struct cgroup_limits l;

    put("proc/self/cgroup", "0::/pods/one/main\n");
    put("sys/fs/cgroup/pods/one/main/cpu.max", "max 100000\n");
    put("sys/fs/cgroup/pods/one/main/memory.max", "max\n");
    put("sys/fs/cgroup/pods/one/cpu.max", "250000 100000\n");
    put("sys/fs/cgroup/pods/one/memory.max", "1073741824\n");
    put("sys/fs/cgroup/pods/cpu.max", "800000 100000\n");
    l = found();
    is_int((long long)l.milli_cpus, 2500, "the tightest quota of the groups above");
    is_int((long long)l.memory, 1 << 30, "and memory");

    put("proc/self/cgroup", "0::/../../elsewhere\n");
    put("sys/fs/cgroup/cpu.max", "50000 100000\n");
    put("sys/fs/cgroup/memory.high", "536870912\n");
    l = found();
    is_int((long long)l.milli_cpus, 500, "a mount that shows the container's own group only");
    is_int((long long)l.memory, 512 << 20, "where the kernel throttles counts as a limit");
}

static void test_version_1(void)
{
    struct cgroup_limits l;

    put("proc/self/cgroup", "5:memory:/box\n4:cpuset:/\n3:cpu,cpuacct:/box\n1:name=systemd:/box\n0::/box\n");
    put("sys/fs/cgroup/cpu/box/cpu.cfs_quota_us", "300000\n");
    put("sys/fs/cgroup/cpu/box/cpu.cfs_period_us", "100000\n");
    put("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
    put("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
    put("sys/fs/cgroup/memory/box/memory.limit_in_bytes", "2147483648\n");
    put("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    l = found();
    is_int((long long)l.milli_cpus, 3000, "a quota of version 1");
    is_int((long long)l.memory, 2ll << 30, "its memory");
}

static void test_nothing_of_use(void)
{
    struct cgroup_limits l = found();

    ok(l.milli_cpus == UINT64_MAX && l.memory == UINT64_MAX, "without the files nothing is limited");
    put("proc/self/cgroup", "0::/g\nnonsense\n7:\n");
    put("sys/fs/cgroup/g/cpu.max", "lots 100000\n");
    put("sys/fs/cgroup/g/memory.max", "\n");
    put("sys/fs/cgroup/cpu.max", "100000 0\n");
    l = found();
    ok(l.milli_cpus == UINT64_MAX && l.memory == UINT64_MAX, "nor by files that say nothing");
}

static void test_runs(void)
{
    struct cgroup_limits free_one = {UINT64_MAX, UINT64_MAX}, pod = {2000, 1u << 30}, tiny = {100, 64u << 20};

    is_int(processors_for_runs(&free_one, 64, 128), 64, "a processor each");
    is_int(processors_for_runs(&pod, 64, 128), 2, "two processors of many");
    is_int(processors_for_runs(&pod, 1, 128), 1, "never more than there are");
    pod.milli_cpus = 64000;
    is_int(processors_for_runs(&pod, 64, 128), 6, "six runs of 128 MiB in three quarters of 1 GiB");
    is_int(processors_for_runs(&pod, 64, 0), 64, "runs without a limit are not counted");
    is_int(processors_for_runs(&tiny, 64, 128), 1, "one run at least");
}

int main(void)
{
    enter_scratch();
    test_version_2();
    test_version_1();
    test_nothing_of_use();
    test_runs();
    leave_scratch();
    return done_testing();
}
