/* SPDX-License-Identifier: MIT */
/* Attempts that look for inherited things and for rights. Permitted means: found. */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe/probe.h"
#include "protocol/worker.h"

static int found(int yes, int error)
{
    return yes ? 0 : error;
}

/* 1 for /dev/null, and for the eventfd that open_null() in host/run/spawn.c opens where there is none. */
static int is_null(int fd)
{
    struct stat st;
    uint64_t count;

    if (fstat(fd, &st) < 0)
        return 0;
    if (S_ISCHR(st.st_mode))
        return st.st_rdev == makedev(1, 3);
    return (st.st_mode & S_IFMT) == 0 && read(fd, &count, sizeof count) < 0 && errno == EAGAIN;
}

/* Looks for descriptors other than the channel and three that give and take nothing. */
int try_fdleak(const struct facts *f)
{
    (void)f;
    for (int fd = 0; fd < 4096; fd++)
        if (syscall(SYS_fcntl, fd, F_GETFD) >= 0 && fd != WORKER_FD_PARENT && !(fd <= 2 && is_null(fd)))
            return 0;
    return EBADF;
}

int try_envleak(const struct facts *f)
{
    return found(f->envp[0] != NULL, ENOENT);
}

int try_no_death_signal(const struct facts *f)
{
    int signal = 0;
    long rc = syscall(SYS_prctl, PR_GET_PDEATHSIG, &signal, 0, 0, 0);

    (void)f;
    return rc < 0 ? answer(rc) : found(signal != SIGKILL, EPERM);
}

int try_new_privs(const struct facts *f)
{
    (void)f;
    return found(syscall(SYS_prctl, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1, EPERM);
}

int try_capabilities(const struct facts *f)
{
    struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct set[2] = {{0, 0, 0}, {0, 0, 0}};
    long rc = syscall(SYS_capget, &head, set);
    unsigned any = 0;

    (void)f;
    for (int i = 0; i < 2; i++)
        any |= set[i].effective | set[i].permitted | set[i].inheritable;
    return rc < 0 ? 0 : found(any != 0, EPERM);
}

/* Looks for user 0 in a process that root started. In namespaces root is mapped to 0, too, or has no rights there. */
int try_root_outside(const struct facts *f)
{
    long uid = syscall(SYS_geteuid);

    return found(f->root && uid == 0, EPERM);
}

int try_bounding_set(const struct facts *f)
{
    (void)f;
    for (int cap = 0; cap < 64; cap++)
        if (syscall(SYS_prctl, PR_CAPBSET_READ, cap, 0, 0, 0) == 1)
            return 0;
    return EPERM;
}

int try_dumpable(const struct facts *f)
{
    (void)f;
    return found(syscall(SYS_prctl, PR_GET_DUMPABLE, 0, 0, 0, 0) == 1, EPERM);
}

/* Reads the memory of a child, which stands for any process of the same user with the same protection. It has to be a
 * descendant because Yama may refuse all others. */
int try_peek_child(const struct facts *f)
{
    unsigned char byte;
    struct iovec here = {&byte, 1}, there = {f->scratch, 1};
    long pid = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0), rc;
    int error;

    if (pid == 0)
        for (;;)
            pause();
    if (pid < 0)
        return answer(pid);
    rc = syscall(SYS_process_vm_readv, pid, &here, 1, &there, 1, 0);
    error = answer(rc);
    kill((pid_t)pid, SIGKILL);
    waitpid((pid_t)pid, NULL, 0);
    return error;
}

int try_shared_session(const struct facts *f)
{
    return found(syscall(SYS_getsid, 0) != f->pid, EPERM);
}

int try_odd_signals(const struct facts *f)
{
    sigset_t blocked;

    (void)f;
    if (sigprocmask(SIG_BLOCK, NULL, &blocked) < 0 || !sigisemptyset(&blocked))
        return 0;
    for (int signal = 1; signal < NSIG; signal++) {
        struct sigaction now;
        if (sigaction(signal, NULL, &now) == 0 && now.sa_handler != SIG_DFL)
            return 0;
    }
    return EPERM;
}

int try_working_directory(const struct facts *f)
{
    char path[4096] = "";

    (void)f;
    syscall(SYS_getcwd, path, sizeof path);
    return found(strcmp(path, "/") != 0, EPERM);
}

static int is_zero(int limit)
{
    struct rlimit now;

    return syscall(SYS_prlimit64, 0, limit, NULL, &now) == 0 && now.rlim_cur == 0 && now.rlim_max == 0;
}

int try_core_limit(const struct facts *f)
{
    (void)f;
    return found(!is_zero(RLIMIT_CORE), EPERM);
}

int try_loose_limits(const struct facts *f)
{
    static const int limits[] = {RLIMIT_FSIZE, RLIMIT_NPROC, RLIMIT_MEMLOCK, RLIMIT_MSGQUEUE, RLIMIT_NOFILE};

    (void)f;
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        if (!is_zero(limits[i]))
            return 0;
    return EPERM;
}

int try_shared_namespaces(const struct facts *f)
{
    static const char *const names[PROBE_NAMESPACE_COUNT] = {PROBE_NAMESPACES};

    for (int i = 0; i < PROBE_NAMESPACE_COUNT; i++) {
        char path[64];
        struct stat st;
        long rc;
        snprintf(path, sizeof path, "/proc/self/ns/%s", names[i]);
        rc = syscall(SYS_newfstatat, AT_FDCWD, path, &st, 0);
        if (rc < 0)
            return answer(rc);
        if (st.st_ino == f->namespaces[i])
            return 0;
    }
    return ESRCH;
}

int try_host_queue(const struct facts *f)
{
    return answer(syscall(SYS_msgget, PROBE_QUEUE(f->parent), 0));
}
