/* SPDX-License-Identifier: MIT */
/* Attempts on programs, processes and what they are allowed. */
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "probe/probe.h"

/* ---- starting programs. They start this probe again, which reports that it was executed. */

static char *const executed[] = {"probe", "executed", NULL};
static char *const no_environment[] = {NULL};

int try_execve(const struct facts *f)
{
    return answer(syscall(SYS_execve, f->program, executed, no_environment));
}

/* The started program reports the user that it has become (probe.c). */
int try_setuid_program(const struct facts *f)
{
    static char *const gained[] = {"probe", "gained", NULL};

    return answer(syscall(SYS_execve, f->setuid_program, gained, no_environment));
}

int try_execveat(const struct facts *f)
{
    return answer(syscall(SYS_execveat, f->program_fd, "", executed, no_environment, AT_EMPTY_PATH));
}

int try_memfd_exec(const struct facts *f)
{
    long memory = syscall(SYS_memfd_create, "iso4-probe", MFD_CLOEXEC), file;
    ssize_t n = 0;

    if (memory < 0)
        return answer(memory);
    file = syscall(SYS_openat, AT_FDCWD, f->program, O_RDONLY | O_CLOEXEC, 0);
    if (file < 0)
        return answer(file);
    while ((n = sendfile((int)memory, (int)file, NULL, 1 << 20)) > 0)
        ;
    if (n < 0)
        return answer(n);
    return answer(syscall(SYS_execveat, memory, "", executed, no_environment, AT_EMPTY_PATH));
}

/* ---- processes and threads */

static long fork_once(void)
{
    long pid = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);

    if (pid == 0)
        _exit(0);
    return pid;
}

int try_fork(const struct facts *f)
{
    long pid = fork_once();

    (void)f;
    if (pid > 0)
        waitpid((pid_t)pid, NULL, 0);
    return answer(pid);
}

/* Makes eight children at the same time. */
int try_forkbomb(const struct facts *f)
{
    const struct timespec moment = {0, 5000000};
    int error = 0;

    (void)f;
    for (int i = 0; i < 8 && !error; i++) {
        long pid = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
        if (pid == 0) {
            nanosleep(&moment, NULL);
            _exit(0);
        }
        error = answer(pid);
    }
    while (waitpid(-1, NULL, 0) > 0)
        ;
    return error;
}

int try_clone3(const struct facts *f)
{
    struct clone_args args = {.exit_signal = SIGCHLD};
    long pid = syscall(SYS_clone3, &args, sizeof args);

    (void)f;
    if (pid == 0)
        _exit(0);
    if (pid > 0)
        waitpid((pid_t)pid, NULL, 0);
    return answer(pid);
}

/* The body of a thread that shares our thread-local storage, so it must do nothing. */
static int nothing(void *unused)
{
    (void)unused;
    return 0;
}

int try_clone_thread(const struct facts *f)
{
    return answer(clone(nothing, f->scratch + SCRATCH,
                        CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM,
                        NULL));
}

/* ---- other processes */

/* Inside a pid namespace the parent's number may mean ourselves or our zygote: the parent was not reached then. */
static int answer_parent(const struct facts *f, long rc)
{
    return f->parent == f->pid || f->parent == f->zygote ? ESRCH : answer(rc);
}

int try_kill_parent(const struct facts *f)
{
    return answer_parent(f, syscall(SYS_kill, f->parent, 0));
}

int try_kill_all(const struct facts *f)
{
    (void)f;
    return answer(syscall(SYS_kill, -1, 0));
}

int try_kill_pgrp0(const struct facts *f)
{
    (void)f;
    return answer(syscall(SYS_kill, 0, 0));
}

int try_kill_pid1(const struct facts *f)
{
    long rc = syscall(SYS_kill, 1, 0);

    return rc == 0 && f->pid == 1 ? ESRCH : answer(rc);
}

int try_tgkill_parent(const struct facts *f)
{
    return answer_parent(f, syscall(SYS_tgkill, f->parent, f->parent, 0));
}

int try_sigqueue_parent(const struct facts *f)
{
    siginfo_t info = {.si_code = SI_QUEUE};

    return answer_parent(f, syscall(SYS_rt_sigqueueinfo, f->parent, 0, &info));
}

int try_pidfd_open(const struct facts *f)
{
    return answer_parent(f, syscall(SYS_pidfd_open, f->parent, 0));
}

/* PTRACE_SEIZE does not stop the parent, and the trace ends with this process. */
int try_ptrace_parent(const struct facts *f)
{
    return answer_parent(f, syscall(SYS_ptrace, PTRACE_SEIZE, f->parent, NULL, NULL));
}

int try_vm_read(const struct facts *f)
{
    uint64_t secret = 0;
    struct iovec here = {&secret, sizeof secret}, there = {(void *)f->secret_at, sizeof secret};
    long rc = syscall(SYS_process_vm_readv, f->parent, &here, 1, &there, 1, 0);

    if (rc < 0)
        return answer_parent(f, rc);
    return secret == PROBE_SECRET ? 0 : ESRCH; /* some other process */
}

int try_prlimit_parent(const struct facts *f)
{
    struct rlimit limit;

    return answer_parent(f, syscall(SYS_prlimit64, f->parent, RLIMIT_NOFILE, NULL, &limit));
}

/* The clock id for the processor time of another process: its pid, inverted, above three bits that choose the clock.
 * clock_getcpuclockid(3) makes the same id, but makes a system call first. */
clockid_t processor_clock(pid_t pid)
{
    return (clockid_t)(~(unsigned)pid << 3 | 2);
}

int try_clock_parent(const struct facts *f)
{
    struct timespec used;
    int error = answer_parent(f, syscall(SYS_clock_gettime, processor_clock(f->parent), &used));

    return error == EINVAL ? ESRCH : error; /* there is no such process */
}

/* ---- what a process may change about itself */

int try_sched_getaffinity(const struct facts *f)
{
    (void)f;
    return answer(syscall(SYS_sched_getaffinity, 0, SCRATCH, f->scratch));
}

int try_sched_setaffinity(const struct facts *f)
{
    for (size_t i = 0; i < SCRATCH; i++)
        f->scratch[i] = 0xff;
    return answer(syscall(SYS_sched_setaffinity, 0, 1024, f->scratch));
}

int try_setpriority(const struct facts *f)
{
    (void)f;
    return answer(syscall(SYS_setpriority, PRIO_PROCESS, 0, -1));
}

int try_setuid0(const struct facts *f)
{
    (void)f;
    return answer(syscall(SYS_setuid, 0));
}

int try_unshare_user(const struct facts *f)
{
    (void)f;
    return answer(syscall(SYS_unshare, CLONE_NEWUSER));
}
