/* SPDX-License-Identifier: MIT */
#include "host/doctor/remedies.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/run/spawn.h"

/* ---- facts about the machine */

/* Calls try() in a child, because it changes the process that calls it. */
static int error_in_child(int (*try)(void))
{
    int status;
    pid_t pid = fork();

    if (pid == 0)
        _exit(try());
    if (pid < 0 || waitpid(pid, &status, 0) != pid)
        return errno;
    return WIFEXITED(status) ? WEXITSTATUS(status) : EPERM; /* killed by an outer filter */
}

static int make_user_namespace(void)
{
    return syscall(SYS_unshare, CLONE_NEWUSER) < 0 ? errno : 0;
}

static int start_like_a_worker(void)
{
    int pidfd;
    pid_t pid = spawn_clone(SPAWN_NAMESPACES, &pidfd);

    if (pid < 0)
        return errno;
    if (pid == 0)
        _exit(0);
    waitpid(pid, NULL, 0);
    return 0;
}

static int ask_for_landlock(void)
{
    return syscall(444 /* landlock_create_ruleset */, NULL, 0, 1 /* which version */) < 0 ? errno : 0;
}

static int ask_for_seccomp(void)
{
    uint32_t action = SECCOMP_RET_KILL_PROCESS;

    return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) < 0 ? errno : 0;
}

/* The number after `key` in a small file, or its first number with an empty key; -1: there is none. */
static long number_in(const char *path, const char *key, int base)
{
    char text[4096];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    const char *at;

    if (fd >= 0)
        close(fd);
    if (n <= 0)
        return -1;
    text[n] = 0;
    at = strstr(text, key);
    return at ? strtol(at + strlen(key), NULL, base) : -1;
}

void remedies_look(struct machine *m)
{
    struct utsname name = {0};

    uname(&name);
    *m = (struct machine){.uid = getuid()};
    snprintf(m->kernel, sizeof m->kernel, "%s %s", name.sysname, name.release);
    snprintf(m->hardware, sizeof m->hardware, "%s", name.machine);
    m->filters = (int)number_in("/proc/self/status", "Seccomp_filters:", 10);
    m->user_namespaces = error_in_child(make_user_namespace);
    m->contained = error_in_child(start_like_a_worker);
    m->landlock = error_in_child(ask_for_landlock);
    m->seccomp = error_in_child(ask_for_seccomp);
    if (m->landlock == 0)
        m->landlock_abi = (int)syscall(444, NULL, 0, 1);
}

/* ---- remedies */

#define PROFILE "the container's seccomp profile refuses it: start the container with one that allows "

static int in_a_filter(const struct machine *m)
{
    return m->filters > 0;
}

/* The remedy when no known cause was found. */
static const char *mend_otherwise(const struct machine *m)
{
    if (in_a_filter(m))
        return "the result names the call: " PROFILE "it";
    return "the result names what failed: a kernel from 5.9 on is needed; where it is one, something holds "
           "this system "
           "back that iso4 does not know";
}

static const char *mend_namespaces(const struct machine *m)
{
    if (m->contained == 0)
        return mend_otherwise(m);
    if (number_in("/proc/sys/kernel/unprivileged_userns_clone", "", 10) == 0)
        return "sysctl kernel.unprivileged_userns_clone=1";
    if (number_in("/proc/sys/user/max_user_namespaces", "", 10) == 0 || m->contained == ENOSPC ||
        m->contained == EUSERS)
        return "raise the limits of namespaces: sysctl user.max_user_namespaces=10000, and its neighbours "
               "(max_pid_namespaces, ...) where they are 0";
    if (number_in("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "", 10) == 1)
        return "AppArmor keeps user namespaces from programs without a profile: sysctl "
               "kernel.apparmor_restrict_unprivileged_userns=0, or a profile for iso4 with the rule "
               "'userns,'";
    if (in_a_filter(m))
        return PROFILE "clone with CLONE_NEWUSER (docker: --security-opt seccomp=FILE)";
    if (m->contained == EINVAL)
        return "a kernel with CONFIG_USER_NS, CONFIG_PID_NS, CONFIG_NET_NS, CONFIG_IPC_NS, CONFIG_UTS_NS and "
               "CONFIG_CGROUPS";
    return "let this user make user namespaces (user_namespaces(7) lists what forbids it: a chroot, a user "
           "without a "
           "mapping)";
}

/* 1 with CAP_SETFCAP, without which a process must not map user 0, not even its own (user_namespaces(7)). */
static int may_map_root(void)
{
    return number_in("/proc/self/status", "CapEff:", 16) >> CAP_SETFCAP & 1;
}

static const char *mend_root(const struct machine *m)
{
    if (m->contained)
        return "comes with namespaces, which are missing here";
    if (m->uid == 0 && !may_map_root())
        return "root without CAP_SETFCAP gets no rights in a user namespace: start iso4 with this "
               "capability, or with CAP_SETUID and CAP_SETGID, or as another user";
    if (number_in("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "", 10) == 1)
        return "AppArmor gives user namespaces no rights: sysctl "
               "kernel.apparmor_restrict_unprivileged_userns=0, or a "
               "profile for iso4 with the rule 'userns,'";
    if (in_a_filter(m))
        return PROFILE "mount, umount2 and pivot_root";
    return "let the root of a user namespace mount: no security module may forbid it";
}

static const char *mend_not_root(void)
{
    return "the worker's user may be root: start iso4 as another user, or give it CAP_SETUID, CAP_SETGID and "
           "CAP_KILL, and in a user namespace a mapping for user 65534, whom the worker then becomes";
}

static const char *mend_landlock(const struct machine *m)
{
    if (m->landlock == 0)
        return mend_otherwise(m);
    if (m->landlock == EOPNOTSUPP)
        return "Landlock is built in and not switched on: add landlock to the list lsm= on the kernel's "
               "command line";
    if (in_a_filter(m))
        return PROFILE
            "landlock_create_ruleset and landlock_restrict_self (or a kernel from 5.13 on, if it is older)";
    return "a kernel from 5.13 on with CONFIG_SECURITY_LANDLOCK";
}

static const char *mend_seccomp(const struct machine *m)
{
    if (m->seccomp == 0)
        return mend_otherwise(m);
    return in_a_filter(m) ? PROFILE "seccomp(2)" : "a kernel from 4.14 on with CONFIG_SECCOMP_FILTER";
}

static const char *remedy_for(const struct machine *m, enum layer_bit layer)
{
    switch (layer) {
    case LAYER_BIT_NAMESPACES:
        return mend_namespaces(m);
    case LAYER_BIT_EMPTY_ROOT:
        return mend_root(m);
    case LAYER_BIT_NOT_ROOT:
        return mend_not_root();
    case LAYER_BIT_LANDLOCK:
        return mend_landlock(m);
    case LAYER_BIT_SECCOMP:
        return mend_seccomp(m);
    default:
        return mend_otherwise(m);
    }
}

void remedies_for(const struct machine *m, enum layer_bit layer, char *text, size_t size)
{
    snprintf(text, size, "%s", remedy_for(m, layer));
}
