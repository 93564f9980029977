/* SPDX-License-Identifier: MIT */
/* Attempts of one run on another of the same zygote, on the zygote itself, and on what a zygote may do. */
#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "probe/probe.h"
#include "protocol/worker.h"
#include "protocol/zygote.h"

/* ---- signals; all have the number 0 */

int try_kill_sibling(const struct facts *f)
{
    return answer(syscall(SYS_kill, f->sibling, 0));
}

int try_kill_zygote(const struct facts *f)
{
    return answer(syscall(SYS_kill, f->zygote, 0));
}

int try_kill_group(const struct facts *f)
{
    (void)f;
    return answer(syscall(SYS_kill, 0, 0));
}

int try_tgkill_sibling(const struct facts *f)
{
    return answer(syscall(SYS_tgkill, f->sibling, f->sibling, 0));
}

int try_tgkill_zygote(const struct facts *f)
{
    return answer(syscall(SYS_tgkill, f->zygote, f->zygote, 0));
}

int try_sigqueue_sibling(const struct facts *f)
{
    siginfo_t info = {.si_code = SI_QUEUE};

    return answer(syscall(SYS_rt_sigqueueinfo, f->sibling, 0, &info));
}

static int signal_by_descriptor(pid_t pid)
{
    long fd = syscall(SYS_pidfd_open, pid, 0);

    return answer(fd < 0 ? fd : syscall(SYS_pidfd_send_signal, fd, 0, NULL, 0));
}

int try_pidfd_sibling(const struct facts *f)
{
    return signal_by_descriptor(f->sibling);
}

int try_pidfd_zygote(const struct facts *f)
{
    return signal_by_descriptor(f->zygote);
}

/* ---- descriptors: the zygote has its channel, and for a short time channels and pidfds of children */

#define MOST_FILES 64

int try_pidfd_found(const struct facts *f)
{
    (void)f;
    for (int fd = 0; fd < MOST_FILES; fd++)
        if (syscall(SYS_pidfd_send_signal, fd, 0, NULL, 0) == 0)
            return 0;
    return EBADF;
}

/* Looks for any descriptor but the channel and /dev/null three times. */
int try_other_socket(const struct facts *f)
{
    struct stat st;

    for (int fd = WORKER_FD_PARENT + 1; fd < MOST_FILES; fd++)
        if (syscall(SYS_fstat, fd, &st) == 0 && fd != f->program_fd && fd != f->memory_fd)
            return 0;
    return EBADF;
}

int try_pidfd_steal(const struct facts *f)
{
    long fd = syscall(SYS_pidfd_open, f->sibling, 0);

    return answer(fd < 0 ? fd : syscall(SYS_pidfd_getfd, fd, WORKER_FD_PARENT, 0));
}

/* ---- memory */

static int seize(pid_t pid)
{
    return answer(syscall(SYS_ptrace, PTRACE_SEIZE, pid, NULL, NULL));
}

int try_ptrace_sibling(const struct facts *f)
{
    return seize(f->sibling);
}

int try_ptrace_zygote(const struct facts *f)
{
    return seize(f->zygote);
}

/* Reads or writes a byte of another process; the scratch memory has the same address in all children of one zygote. */
static int copy(const struct facts *f, long number, pid_t pid)
{
    unsigned char byte = 0;
    struct iovec here = {&byte, 1}, there = {f->scratch, 1};

    return answer(syscall(number, pid, &here, 1, &there, 1, 0));
}

int try_vm_read_sibling(const struct facts *f)
{
    return copy(f, SYS_process_vm_readv, f->sibling);
}

int try_vm_read_zygote(const struct facts *f)
{
    return copy(f, SYS_process_vm_readv, f->zygote);
}

int try_vm_write_sibling(const struct facts *f)
{
    return copy(f, SYS_process_vm_writev, f->sibling);
}

static int open_memory(pid_t pid)
{
    char path[64];

    snprintf(path, sizeof path, "/proc/%d/mem", pid);
    return answer(syscall(SYS_openat, AT_FDCWD, path, O_RDWR, 0));
}

int try_mem_sibling(const struct facts *f)
{
    return open_memory(f->sibling);
}

int try_mem_zygote(const struct facts *f)
{
    return open_memory(f->zygote);
}

int try_kcmp_sibling(const struct facts *f)
{
    return answer(syscall(SYS_kcmp, f->pid, f->sibling, KCMP_FILE, WORKER_FD_PARENT, WORKER_FD_PARENT));
}

int try_madvise_sibling(const struct facts *f)
{
    struct iovec there = {f->scratch, 4096};
    long fd = syscall(SYS_pidfd_open, f->sibling, 0);

    return answer(fd < 0 ? fd : syscall(SYS_process_madvise, fd, &there, 1, MADV_COLD, 0));
}

/* ---- time and limits. Each limit is set to its current value. */

static int set_limit_of(pid_t pid, int limit)
{
    struct rlimit now;
    long rc = syscall(SYS_prlimit64, pid, limit, NULL, &now);

    return answer(rc < 0 ? rc : syscall(SYS_prlimit64, pid, limit, &now, NULL));
}

int try_prlimit_sibling(const struct facts *f)
{
    return set_limit_of(f->sibling, RLIMIT_CPU);
}

int try_prlimit_zygote(const struct facts *f)
{
    return set_limit_of(f->zygote, RLIMIT_CPU);
}

int try_clock_sibling(const struct facts *f)
{
    struct timespec used;

    return answer(syscall(SYS_clock_gettime, processor_clock(f->sibling), &used));
}

int try_clock_zygote(const struct facts *f)
{
    struct timespec used;

    return answer(syscall(SYS_clock_gettime, processor_clock(f->zygote), &used));
}

int try_find_sibling(const struct facts *f)
{
    struct timespec used;

    return answer(syscall(SYS_clock_getres, processor_clock(f->sibling), &used));
}

/* Waits until a time that has passed, so it never blocks. */
int try_wait_for_sibling(const struct facts *f)
{
    const struct timespec passed = {0, 1};

    return answer(syscall(SYS_clock_nanosleep, processor_clock(f->sibling), 1, &passed, NULL));
}

int try_nice_sibling(const struct facts *f)
{
    /* The lowest priority: iso4 may have been started under nice(1). */
    return answer(syscall(SYS_setpriority, PRIO_PROCESS, f->sibling, 19));
}

int try_processors_sibling(const struct facts *f)
{
    for (size_t i = 0; i < SCRATCH; i++)
        f->scratch[i] = 0xff;
    return answer(syscall(SYS_sched_setaffinity, f->sibling, 1024, f->scratch));
}

int try_scheduler_sibling(const struct facts *f)
{
    struct sched_param usual = {0};

    return answer(syscall(SYS_sched_setscheduler, f->sibling, SCHED_BATCH, &usual));
}

static int raise_limit(int limit)
{
    struct rlimit more;
    long rc = syscall(SYS_prlimit64, 0, limit, NULL, &more);

    if (rc < 0)
        return answer(rc);
    if (more.rlim_max == RLIM_INFINITY)
        return 0; /* there is none */
    more.rlim_max++;
    return answer(syscall(SYS_prlimit64, 0, limit, &more, NULL));
}

int try_raise_cpu(const struct facts *f)
{
    (void)f;
    return raise_limit(RLIMIT_CPU);
}

int try_raise_memory(const struct facts *f)
{
    (void)f;
    return raise_limit(RLIMIT_DATA);
}

int try_raise_processes(const struct facts *f)
{
    (void)f;
    return raise_limit(RLIMIT_NPROC);
}

/* ---- calls that a zygote may make, but not its children */

/* Sends a request like iso4 does to a zygote, over our own channel. It has no bytes, because the parent reads bytes
 * on this channel as a record. */
int try_ask_zygote(const struct facts *f)
{
    struct iovec none = {f->scratch, 0};
    struct msghdr message = {.msg_iov = &none, .msg_iovlen = 1};
    long rc = syscall(SYS_sendmsg, WORKER_FD_PARENT, &message, MSG_NOSIGNAL);

    return rc == 0 ? EPIPE : answer(rc); /* sent to the process that made the channel, not to a zygote */
}

int try_fork_as_zygote(const struct facts *f)
{
    pid_t same;
    long pid = syscall(SYS_clone, ZYGOTE_CLONE, NULL, &same, NULL, NULL);

    (void)f;
    if (pid == 0)
        _exit(0);
    return answer(pid);
}

int fork_endlessly(void)
{
    for (int n = 0; n < ZYGOTE_MOST + 100; n++) {
        pid_t same;
        long pid = syscall(SYS_clone, ZYGOTE_CLONE, NULL, &same, NULL, NULL);
        char byte;

        if (pid == 0) {
            (void)!read(WORKER_FD_PARENT, &byte, 1);
            _exit(0);
        }
        if (pid < 0)
            return errno;
    }
    return 0;
}

int try_wait_any(const struct facts *f)
{
    (void)f;
    return answer(syscall(SYS_wait4, -1, NULL, 0, NULL));
}

int try_swap_channel(const struct facts *f)
{
    (void)f;
    return answer(syscall(SYS_dup3, WORKER_FD_PARENT + 1, WORKER_FD_PARENT, 0));
}

int try_drop_death_signal(const struct facts *f)
{
    (void)f;
    return answer(syscall(SYS_prctl, PR_SET_PDEATHSIG, 0, 0, 0, 0));
}
