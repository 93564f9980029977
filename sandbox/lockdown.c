/* SPDX-License-Identifier: MIT */
#include "sandbox/lockdown.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "filters.h" /* made by tools/mkfilter.c */
#include "protocol/worker.h"
#include "protocol/zygote.h"
#include "sandbox/landlock.h"

static int wanted(const struct lockdown *l, enum layer layer)
{
    return (l->want & layer) != 0;
}

static int fail_lockdown(struct iso_err *err, const char *step)
{
    return iso_fail(err, ISO_SANDBOX_UNAVAILABLE, "the worker could not be locked down: %s: %m", step);
}

/* ---- file system */

/* Makes the current directory, a mount, the root and lets the old one go. pivot_root(2) with "." for both mounts the old
 * root over the new one, from where it is unmounted. Over an initramfs, which nothing can replace (EINVAL), the new root
 * is moved instead; chroot(2) then leaves no way back to a process without capabilities and descriptors. */
static int change_root(struct iso_err *err)
{
    if (syscall(SYS_pivot_root, ".", ".") == 0)
        return umount2(".", MNT_DETACH) == 0 ? 0 : fail_lockdown(err, "leaving the old root");
    if (errno != EINVAL)
        return fail_lockdown(err, "pivot_root");
    if (mount(".", "/", NULL, MS_MOVE, NULL) < 0 || chroot(".") < 0)
        return fail_lockdown(err, "moving the empty root");
    return 0;
}

/* An empty, read-only root. It needs the namespaces that the parent made; without them only Landlock and seccomp protect
 * files. */
static int empty_root(struct lockdown *l, struct iso_err *err)
{
    if (!wanted(l, LAYER_EMPTY_ROOT) || !(l->layers & LAYER_NAMESPACES))
        return 0;
    /* The mounts below must not appear in the parent's mount namespace. */
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
        /* Some systems allow user namespaces but give no rights inside (AppArmor on Ubuntu). */
        return errno == EPERM || errno == EACCES ? 0 : fail_lockdown(err, "making mounts private");
    /* On /proc, which certainly exists: the parent has written the mapping of users there. */
    if (mount("none", "/proc", "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=4k,nr_inodes=4") <
        0)
        return fail_lockdown(err, "mounting an empty root");
    if (chdir("/proc") < 0)
        return fail_lockdown(err, "entering the empty root");
    if (change_root(err) < 0)
        return -1;
    if (chdir("/") < 0)
        return fail_lockdown(err, "leaving the old root");
    l->layers |= LAYER_EMPTY_ROOT;
    return 0;
}

/* ---- privileges. After the mounts, which need them. */

static int has_capability(int capability)
{
    struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct now[2];

    return syscall(SYS_capget, &head, now) == 0 && now[capability / 32].effective >> capability % 32 & 1;
}

/* 1 when this process can drop capabilities from the bounding set. Without rights it cannot, and need not:
 * no_new_privs follows. In namespaces the kernel always claims that we have all rights; a root that could be emptied
 * proves it. */
static int may_drop(const struct lockdown *l)
{
    return has_capability(CAP_SETPCAP) && (!(l->layers & LAYER_NAMESPACES) || l->layers & LAYER_EMPTY_ROOT);
}

#define MOST_CAPABILITIES 64 /* a set has so many bits */

/* Drops the capabilities that execve(2) could give back. EINVAL: past the last capability of this kernel. */
static int no_bounding_set(const struct lockdown *l, struct iso_err *err)
{
    if (!wanted(l, LAYER_NO_CAPABILITIES) || !may_drop(l))
        return 0;
    for (int cap = 0; cap < MOST_CAPABILITIES; cap++)
        if (prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0)
            return errno == EINVAL && cap > 0 ? 0 : fail_lockdown(err, "dropping capabilities");
    return 0;
}

/* Asks once more for death with the parent: a change of the user cancels what follow_parent() in host/run/spawn.c
 * asked for. The channel shows when the parent died meanwhile. */
static int follow_parent_again(struct iso_err *err)
{
    struct pollfd parent = {.fd = WORKER_FD_PARENT};

    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0)
        return fail_lockdown(err, "PR_SET_PDEATHSIG");
    if (poll(&parent, 1, 0) == 1)
        _exit(1);
    return 0;
}

/* Becomes another user than root. Even without capabilities user 0 owns root's files, and limits on processes do not
 * apply to it. This cannot happen earlier: the installation may be readable by root only. Without namespaces the
 * parent then needs CAP_KILL to end this process of another user. */
static int not_root(struct lockdown *l, struct iso_err *err)
{
    if (!wanted(l, LAYER_NOT_ROOT) ||
        (l->root && !(l->layers & LAYER_NAMESPACES) && !has_capability(CAP_KILL)))
        return 0;
    if (l->root && (setgroups(0, NULL) < 0 || setresgid(WORKER_USER, WORKER_USER, WORKER_USER) < 0 ||
                    setresuid(WORKER_USER, WORKER_USER, WORKER_USER) < 0))
        /* EPERM: no right to change the user. EINVAL: the namespaces do not map that user. */
        return errno == EPERM || errno == EINVAL ? 0 : fail_lockdown(err, "becoming another user");
    l->layers |= LAYER_NOT_ROOT;
    return l->root ? follow_parent_again(err) : 0;
}

static int no_capabilities(struct lockdown *l, struct iso_err *err)
{
    struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct none[2] = {{0, 0, 0}, {0, 0, 0}};

    if (!wanted(l, LAYER_NO_CAPABILITIES))
        return 0;
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0 || syscall(SYS_capset, &head, none) < 0)
        return fail_lockdown(err, "dropping capabilities");
    l->layers |= LAYER_NO_CAPABILITIES;
    return 0;
}

/* From here on set-uid programs and file capabilities give no rights. An unprivileged process may load a filter only
 * after this. */
static int no_new_privileges(struct lockdown *l, struct iso_err *err)
{
    if (!wanted(l, LAYER_NO_NEW_PRIVS))
        return 0;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        return fail_lockdown(err, "no_new_privs");
    l->layers |= LAYER_NO_NEW_PRIVS;
    return 0;
}

/* No core file with the agent's data in it, and no ptrace(2) by processes of the same user. In namespaces the
 * caller's other processes can still trace this one, because the caller owns the user namespace and has all
 * capabilities over it (user_namespaces(7)); they could read the same data from iso4 itself. */
static int not_dumpable(struct lockdown *l, struct iso_err *err)
{
    if (!wanted(l, LAYER_NOT_DUMPABLE))
        return 0;
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
        return fail_lockdown(err, "not dumpable");
    l->layers |= LAYER_NOT_DUMPABLE;
    return 0;
}

/* Before the limit on descriptors, because Landlock needs one. It applies to the calling thread only; there is no
 * other. */
static int landlock(struct lockdown *l, struct iso_err *err)
{
    int rc = wanted(l, LAYER_LANDLOCK) ? landlock_open(&l->ruleset) : 0;

    if (rc > 0 && landlock_enforce(l->ruleset) < 0)
        rc = -1;
    if (rc < 0)
        return fail_lockdown(err, "Landlock");
    if (rc > 0)
        l->layers |= LAYER_LANDLOCK;
    if (rc == 0 || l->zygote)
        return 0;
    close(l->ruleset);
    l->ruleset = -1;
    return 0;
}

/* ---- resources */

static int set_limit(int what, rlim_t value)
{
    struct rlimit limit = {value, value}, now;

    if (getrlimit(what, &now) == 0 && now.rlim_max < value)
        limit.rlim_cur = limit.rlim_max = now.rlim_max; /* keeps a stricter limit that was inherited */
    return setrlimit(what, &limit);
}

/* Pages of this process from /proc/self/statm: all of the address space, and data (sixth field). */
static int measure(uint64_t *size, uint64_t *data)
{
    char text[128];
    int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);

    if (fd >= 0)
        close(fd);
    if (n <= 0)
        return -1;
    text[n] = 0;
    if (sscanf(text, "%lu %*u %*u %*u %*u %lu", size, data) != 2)
        return -1;
    *size *= page;
    *data *= page;
    return 0;
}

/* Memory of an isolate besides its heap: tables, zones of the parser, ICU, frames in transit. */
#define SLACK (24ull << 20)
/* Address space that V8 reserves and hardly ever uses (14.6: 332 MiB with a code range of 64 MiB), and some to
 * spare. Agents' resizable buffers reserve as much as the budget besides (worker/budget.cc). */
#define RESERVED (512ull << 20)

static int measure_memory(struct lockdown *l, struct iso_err *err)
{
    return measure(&l->size, &l->data) < 0 ? fail_lockdown(err, "reading /proc/self/statm") : 0;
}

/* Lets the kernel enforce the memory budget, because V8's own limits do not cover large objects, zones, ICU and
 * resizable buffers. RLIMIT_DATA counts private writable pages; RLIMIT_AS also limits pages that were writable and
 * then protected. Both limits add to the current use, so no table of constants for each V8 build is needed. */
static int limit_memory(const struct lockdown *l, struct iso_err *err)
{
    uint64_t room;

    if (!wanted(l, LAYER_RLIMITS) || l->budget_bytes == 0)
        return 0;
    room = l->budget_bytes + SLACK + l->code_bytes;
    if (l->saving) /* V8 writes the blob beside the heap it serialises */
        room += l->budget_bytes;
    if (set_limit(RLIMIT_DATA, l->data + room) < 0)
        return fail_lockdown(err, "RLIMIT_DATA");
    /* Without addresses left, the stack could not grow: SIGSEGV in place of an error. */
    if (set_limit(RLIMIT_AS, l->size + room + RESERVED + l->budget_bytes) < 0)
        return fail_lockdown(err, "RLIMIT_AS");
    return 0;
}

/* Descriptors of a zygote: for a short time it holds a child's channel and pidfd as well. */
#define ZYGOTE_FILES 8
/* Processes of a zygote: itself, its children, and children that have ended and are not reaped yet. */
#define ZYGOTE_PROCESSES (ZYGOTE_MOST + 16)

/* Limits that forbid to open descriptors, write to files or start processes. */
static int limit_resources(struct lockdown *l, struct iso_err *err)
{
    if (!wanted(l, LAYER_RLIMITS))
        return 0;
    if (set_limit(RLIMIT_CORE, 0) < 0 || set_limit(RLIMIT_FSIZE, 0) < 0 || set_limit(RLIMIT_MEMLOCK, 0) < 0 ||
        set_limit(RLIMIT_MSGQUEUE, 0) < 0)
        return fail_lockdown(err, "resource limits");
    /* Outside of a namespace this limit would count all processes of the user. */
    if (l->zygote && l->layers & LAYER_NAMESPACES && set_limit(RLIMIT_NPROC, ZYGOTE_PROCESSES) < 0)
        return fail_lockdown(err, "resource limits");
    if (l->zygote ? set_limit(RLIMIT_NOFILE, ZYGOTE_FILES) < 0
                  : set_limit(RLIMIT_NPROC, 0) < 0 || set_limit(RLIMIT_NOFILE, 0) < 0)
        return fail_lockdown(err, "resource limits");
    l->layers |= LAYER_RLIMITS;
    return 0;
}

/* ---- system calls, last: the steps above need calls that the filter forbids. */

static int load_filter(const unsigned char *program, size_t size)
{
    struct sock_fprog prog = {.len = (unsigned short)(size / sizeof(struct sock_filter)),
                              .filter = (struct sock_filter *)program};

    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog);
}

/* 1 when the filter with this mark is in force. Behind a filter no call is left that lists filters, and an answer of
 * seccomp(2) may come from an outer filter. So each filter has a mark: its error for getppid(2), which otherwise
 * cannot fail. When several filters answer, the kernel uses the answer of the last one. */
static int filter_holds(int mark)
{
    return syscall(SYS_getppid) == -1 && errno == mark;
}

static int filter_calls(struct lockdown *l, struct iso_err *err)
{
    int rc;

    if (!wanted(l, LAYER_SECCOMP))
        return 0;
    if (l->zygote)
        rc = l->jit ? load_filter(filter_zygote, sizeof filter_zygote)
                    : load_filter(filter_zygote_jitless, sizeof filter_zygote_jitless);
    else
        rc = l->jit ? load_filter(filter_boot, sizeof filter_boot)
                    : load_filter(filter_run, sizeof filter_run);
    if (rc < 0)
        return fail_lockdown(err, "seccomp");
    if (!filter_holds(l->zygote ? FILTER_ZYGOTE_MARK : l->jit ? FILTER_BOOT_MARK : FILTER_RUN_MARK))
        return iso_fail(err, ISO_SANDBOX_UNAVAILABLE,
                        "the worker could not be locked down: the seccomp filter is not in force");
    l->layers |= LAYER_SECCOMP;
    return 0;
}

static int nothing_missing(const struct lockdown *l, struct iso_err *err)
{
    char missing[256];

    if (!l->strict || l->layers == LAYERS_ALL)
        return 0;
    layers_names(LAYERS_ALL & ~l->layers, missing);
    return iso_fail(err, ISO_SANDBOX_UNAVAILABLE,
                    "--sandbox=strict asks for every layer, this machine does not give: %s", missing);
}

int lockdown(struct lockdown *l, struct iso_err *err)
{
    l->ruleset = -1;
    if (measure_memory(l, err) < 0 || /* first: /proc is still there */
        limit_memory(l, err) < 0 ||
        empty_root(l, err) < 0 ||        /* while we hold capabilities over our namespaces */
        no_bounding_set(l, err) < 0 ||   /* needs one */
        not_root(l, err) < 0 ||          /* needs two, and loses all that root has */
        no_capabilities(l, err) < 0 ||   /* nothing below needs any */
        no_new_privileges(l, err) < 0 || /* Landlock and seccomp ask for it */
        not_dumpable(l, err) < 0 ||      /* execve(2) would have undone it */
        landlock(l, err) < 0 ||          /* needs a descriptor, so before the limits */
        limit_resources(l, err) < 0 ||   /* prlimit(2) is not in the filter */
        filter_calls(l, err) < 0)        /* last */
        return -1;
    return nothing_missing(l, err);
}

static int next_filter(const unsigned char *program, size_t size, int mark, struct iso_err *err)
{
    if (load_filter(program, size) < 0)
        return fail_lockdown(err, "the next seccomp filter");
    if (!filter_holds(mark))
        return iso_fail(err, ISO_SANDBOX_UNAVAILABLE,
                        "the worker could not be locked down: the next seccomp filter is not in force");
    return 0;
}

int lockdown_finish(const struct lockdown *l, struct iso_err *err)
{
    if (!l->jit || !wanted(l, LAYER_SECCOMP))
        return 0;
    return l->zygote ? next_filter(filter_ready, sizeof filter_ready, FILTER_READY_MARK, err)
                     : next_filter(filter_run, sizeof filter_run, FILTER_RUN_MARK, err);
}

/* Puts the zygote's Landlock rules in force once more: siblings share namespaces, but now not a Landlock domain. */
static int leave_siblings(const struct lockdown *l, struct iso_err *err)
{
    if (l->ruleset < 0)
        return 0;
    if (landlock_enforce(l->ruleset) < 0 || close(l->ruleset) < 0)
        return fail_lockdown(err, "Landlock");
    return 0;
}

static int limit_child(const struct lockdown *l, uint64_t cpu_seconds, struct iso_err *err)
{
    if (!wanted(l, LAYER_RLIMITS))
        return 0;
    if ((cpu_seconds && set_limit(RLIMIT_CPU, cpu_seconds) < 0) || set_limit(RLIMIT_NPROC, 0) < 0 ||
        set_limit(RLIMIT_NOFILE, 0) < 0)
        return fail_lockdown(err, "resource limits");
    return 0;
}

int lockdown_forked(const struct lockdown *l, uint64_t cpu_seconds, struct iso_err *err)
{
    if (limit_memory(l, err) < 0 || leave_siblings(l, err) < 0 || limit_child(l, cpu_seconds, err) < 0)
        return -1;
    return wanted(l, LAYER_SECCOMP) ? next_filter(filter_forked, sizeof filter_forked, FILTER_RUN_MARK, err)
                                    : 0;
}
