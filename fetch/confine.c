/* SPDX-License-Identifier: MIT */
#include "fetch/confine.h"

#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fetch_filter.h" /* made by tools/mkfilter.c */
#include "sandbox/landlock.h"

/* Files that TLS and the resolver read. Missing ones are skipped. */
static const char *const readable[] = {"/etc/ssl",
                                       "/usr/share/ca-certificates",
                                       "/usr/local/share/ca-certificates",
                                       "/etc/resolv.conf",
                                       "/etc/nsswitch.conf",
                                       "/etc/hosts",
                                       "/etc/host.conf",
                                       "/etc/gai.conf",
                                       NULL};

static int fail_confine(struct iso_err *err, const char *step)
{
    return iso_fail(err, ISO_SANDBOX_UNAVAILABLE, "it could not be confined: %s: %m", step);
}

static int drop_capabilities(void)
{
    struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct none[2] = {{0, 0, 0}, {0, 0, 0}};

    for (int cap = 0; prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) == 0; cap++)
        ;
    return (int)syscall(SYS_capset, &head, none);
}

static int set_limits(void)
{
    static const struct {
        int what;
        rlim_t most;
    } limits[] = {
        {RLIMIT_CORE, 0},     {RLIMIT_FSIZE, 0},    {RLIMIT_MEMLOCK, 0},
        {RLIMIT_MSGQUEUE, 0}, {RLIMIT_NOFILE, 512}, {RLIMIT_AS, 4ull << 30},
    };

    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        struct rlimit now, limit = {limits[i].most, limits[i].most};

        if (getrlimit(limits[i].what, &now) == 0 && now.rlim_max < limit.rlim_max)
            limit.rlim_cur = limit.rlim_max = now.rlim_max; /* keeps a stricter limit that was inherited */
        if (setrlimit(limits[i].what, &limit) < 0)
            return -1;
    }
    return 0;
}

static int load_filter(void)
{
    struct sock_fprog program = {.len = sizeof filter_fetch / sizeof(struct sock_filter),
                                 .filter = (struct sock_filter *)filter_fetch};

    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}

int confine(struct iso_err *err)
{
    if (syscall(SYS_close_range, 3, ~0u, 0) < 0)
        return fail_confine(err, "closing descriptors");
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
        return fail_confine(err, "prctl");
    if (drop_capabilities() < 0)
        return fail_confine(err, "capabilities");
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        return fail_confine(err, "no_new_privs");
    if (landlock_read_only(readable) < 0) /* 0, no failure, where the kernel has no Landlock */
        return fail_confine(err, "Landlock");
    if (set_limits() < 0)
        return fail_confine(err, "resource limits");
    return load_filter() < 0 ? fail_confine(err, "seccomp") : 0;
}
