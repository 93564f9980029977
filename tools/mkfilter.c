/* SPDX-License-Identifier: MIT */
/* tools/mkfilter.c - compiles the seccomp filters of the worker or of the fetch helper with libseccomp, and prints
 * them as C arrays; a step of the build. So no start needs the library or has to compile filters.
 *
 * A worker has two: BOOT is loaded before the first untrusted byte and still lets V8 make its one executable
 * mapping and load the second filter; RUN is loaded when the context stands (without a JIT: in place of
 * BOOT). A zygote and its children have filters of their own, see below. The kernel applies both from then on, the
 * stricter answer wins. What is allowed and why: measured with V8 14.6 over feature, memory and CPU programs; taking
 * any rule of the first list away breaks one of them. */
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <linux/netlink.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "protocol/worker.h"
#include "protocol/zygote.h"
#include "worker/process/hugeheap.h"

static scmp_filter_ctx filter;

static void check(int rc, const char *what)
{
    if (rc == 0)
        return;
    fprintf(stderr, "mkfilter: %s: error %d\n", what, rc);
    exit(1);
}

#define ALLOW(call, ...) check(seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(call), __VA_ARGS__), #call)
#define ANSWER(error, call, ...) \
    check(seccomp_rule_add(filter, SCMP_ACT_ERRNO(error), SCMP_SYS(call), __VA_ARGS__), #call)
#define KILL(call, ...) \
    check(seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, SCMP_SYS(call), __VA_ARGS__), #call)
#define ARG(n, value)          SCMP_CMP64(n, SCMP_CMP_EQ, (scmp_datum_t)(value), 0)
#define MASKED(n, mask, value) SCMP_CMP64(n, SCMP_CMP_MASKED_EQ, (scmp_datum_t)(mask), (scmp_datum_t)(value))

/* Memory: anonymous and private only. Executable never, but for the JIT's code range while V8 boots. */
static void memory(int boot)
{
    ALLOW(mmap, 2, MASKED(2, PROT_EXEC, 0),
          MASKED(3, ~(unsigned long)(MAP_NORESERVE | MAP_FIXED), MAP_PRIVATE | MAP_ANONYMOUS));
    ALLOW(munmap, 0);
    ALLOW(mremap, 1, MASKED(3, ~(unsigned long)MREMAP_MAYMOVE, 0));
    ALLOW(brk, 0);
    ALLOW(madvise, 1, ARG(2, MADV_DONTNEED));
    ALLOW(madvise, 1, ARG(2, MADV_FREE));
    ALLOW(madvise, 1, ARG(2, MADV_DONTFORK));
    if (boot)
        ALLOW(mprotect, 0);
    else
        ALLOW(mprotect, 1, MASKED(2, ~(unsigned long)(PROT_READ | PROT_WRITE), 0));
}

/* Time, waiting and the signal that says that time is up. Only clocks: no timer can be made. */
static void time_and_signals(void)
{
    /* Only called when the vDSO cannot read the clock. Negative numbers are clocks of other processes or of devices
     * (Linux 6.18, include/linux/posix-timers.h). */
    ALLOW(clock_gettime, 1, MASKED(0, 0x80000000u, 0));
    ALLOW(clock_getres, 1, MASKED(0, 0x80000000u, 0));
    ALLOW(gettimeofday, 0);
    ALLOW(clock_nanosleep, 1, MASKED(0, 0x80000000u, 0));
    ALLOW(nanosleep, 0);
    ALLOW(restart_syscall, 0);
    ALLOW(sched_yield, 0);
    ALLOW(rt_sigreturn, 0);
    ALLOW(rt_sigprocmask, 0);
    ALLOW(futex, 1, ARG(1, FUTEX_WAIT_PRIVATE));
    ALLOW(futex, 1, ARG(1, FUTEX_WAKE_PRIVATE));
    ALLOW(futex, 1, ARG(1, FUTEX_WAIT_BITSET_PRIVATE));
    ALLOW(futex, 1, ARG(1, FUTEX_WAIT_BITSET_PRIVATE | FUTEX_CLOCK_REALTIME));
}

/* Calls for the channel, and to end. */
static void channel(void)
{
    ALLOW(read, 1, ARG(0, WORKER_FD_PARENT));
    ALLOW(pselect6, 1,
          ARG(0, WORKER_FD_PARENT + 1)); /* waiting for an answer, but not longer than until the next timer */
    ALLOW(write, 1, ARG(0, WORKER_FD_PARENT));
    ALLOW(exit_group, 0);
    ALLOW(exit, 0);
    ALLOW(getpid, 0); /* V8's garbage collector, at every collection */
    ALLOW(gettid, 0);
    ALLOW(getrandom, 0);
}

/* Calls that glibc, ICU and abseil make but do not need: refused with an error that they handle. */
static void refusals(void)
{
    ANSWER(ENOENT, open, 0);
    ANSWER(ENOENT, openat, 0);
    ANSWER(ENOENT, readlink, 0);
    ANSWER(ENOENT, readlinkat, 0);
    ANSWER(ENOENT, newfstatat, 0);
    ANSWER(EPERM, sched_getaffinity, 0);
    ANSWER(EPERM, sched_getparam, 0);
    ANSWER(EPERM, sched_getscheduler, 0);
    ANSWER(EPERM, rt_sigaction, 0);
    ANSWER(EBADF, writev, 0);
    check(seccomp_rule_add(filter, SCMP_ACT_ERRNO(EBADF), SCMP_SYS(write), 1,
                           SCMP_CMP64(0, SCMP_CMP_NE, WORKER_FD_PARENT, 0)),
          "write");
}

/* libseccomp writes the program to a descriptor; a pipe is larger than any filter here. */
static void print(const char *name)
{
    unsigned char bytes[65536];
    int ends[2];
    ssize_t n;

    check(pipe(ends), "pipe");
    check(seccomp_export_bpf(filter, ends[1]), "seccomp_export_bpf");
    n = read(ends[0], bytes, sizeof bytes);
    if (n <= 0 || n % 8 != 0)
        check(-EIO, "reading the program");
    printf("static const unsigned char %s[] = {", name);
    for (ssize_t i = 0; i < n; i++)
        printf("%s0x%02x,", i % 16 ? "" : "\n    ", bytes[i]);
    printf("\n};\n");
    close(ends[0]);
    close(ends[1]);
}

static void begin(uint32_t otherwise)
{
    filter = seccomp_init(otherwise);
    if (!filter)
        check(-ENOMEM, "seccomp_init");
    /* Calls of another architecture (int 0x80, x32) kill the process, too. */
    check(seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS), "bad architecture");
}

/* More calls for a zygote: take a channel, fork, reap; and for its children until they take their own filter. No other
 * filter of the worker has these calls. No process of a worker sends a descriptor. */
#define CALLS_OF_ZYGOTE(X)                                                                        \
    X(recvmsg, 1, ARG(0, WORKER_FD_PARENT))                                                       \
    X(clone, 1, ARG(0, ZYGOTE_CLONE))                                                             \
    X(wait4, 0)                                                                                   \
    X(close, 0)                                                                                   \
    X(dup2, 1, ARG(1, WORKER_FD_PARENT))                                                          \
    X(dup3, 1, ARG(1, WORKER_FD_PARENT))                                                          \
    X(prctl, 2, ARG(0, PR_SET_PDEATHSIG), ARG(1, SIGKILL)) /* only to die with the parent */      \
    X(prlimit64, 1, ARG(0, 0))                             /* lower only: it has no capability */ \
    X(landlock_restrict_self, 1, ARG(1, 0))

enum { RUN = 0, BOOT = 1, ZYGOTE = 2 };

static void make(const char *name, int what, int mark)
{
    begin(SCMP_ACT_KILL_PROCESS);
    memory(what & BOOT);
    time_and_signals();
    channel();
    refusals();
    ANSWER(mark, getppid, 0);
#define X(call, ...) ALLOW(call, __VA_ARGS__);
    if (what & ZYGOTE) {
        ALLOW(madvise, 1, ARG(2, MADV_GUARD_INSTALL));
        CALLS_OF_ZYGOTE(X)
    }
#undef X
    if (what != RUN)
        /* SECCOMP_SET_MODE_FILTER without flags, for the second filter: it cannot notify another process. */
        ALLOW(seccomp, 2, ARG(0, 1), ARG(1, 0));
    print(name);
    seccomp_release(filter);
}

/* The second filter of a zygote with a JIT, when the context stands: no executable memory from here on, in
 * the zygote and in its children. */
static void make_ready(void)
{
    begin(SCMP_ACT_ALLOW);
    KILL(mprotect, 1, SCMP_CMP64(2, SCMP_CMP_GT, PROT_READ | PROT_WRITE, 0));
    ANSWER(FILTER_READY_MARK, getppid, 0);
    print("filter_ready");
    seccomp_release(filter);
}

/* The last filter of a zygote's child, on top of the zygote's: forbids all calls that RUN forbids. Loading RUN itself
 * would have the same effect, but take each child half as much time again (tests/unit/t-filters.c compares the two
 * call by call). */
static void make_forked(void)
{
    begin(SCMP_ACT_ALLOW);
#define X(call, ...) KILL(call, 0);
    CALLS_OF_ZYGOTE(X)
#undef X
    KILL(seccomp, 0);
    KILL(madvise, 1, ARG(2, MADV_GUARD_INSTALL));
    ANSWER(FILTER_RUN_MARK, getppid, 0);
    print("filter_forked");
    seccomp_release(filter);
}

/* ---- the fetch helper: sockets to the Internet, reading of files that Landlock allows, threads for the resolver.
 * Other calls of libcurl, OpenSSL and the resolver, in some version, are refused with an error that they handle; calls
 * that only an attacker makes kill the process. */
static void sockets(void)
{
    ALLOW(socket, 1, ARG(0, AF_INET));
    ALLOW(socket, 1, ARG(0, AF_INET6));
    ALLOW(socket, 2, ARG(0, AF_NETLINK),
          ARG(2, NETLINK_ROUTE)); /* getaddrinfo(3): which families there are */
    ALLOW(socketpair, 1, ARG(0, AF_UNIX));
    ALLOW(bind, 0);
    ALLOW(connect, 0);
    ALLOW(getsockname, 0);
    ALLOW(getpeername, 0);
    ALLOW(getsockopt, 0);
    ALLOW(setsockopt, 0);
    ALLOW(shutdown, 0);
    ALLOW(sendto, 0);
    ALLOW(sendmsg, 0);
    ALLOW(sendmmsg, 0);
    ALLOW(recvfrom, 0);
    ALLOW(recvmsg, 0);
}

static void files(void)
{
    ALLOW(openat, 1, MASKED(2, O_ACCMODE | O_CREAT | O_TRUNC, O_RDONLY));
    ALLOW(read, 0);
    ALLOW(pread64, 0);
    ALLOW(readv, 0);
    ALLOW(write, 0);
    ALLOW(writev, 0);
    ALLOW(lseek, 0);
    ALLOW(close, 0);
    ALLOW(fstat, 0);
    ALLOW(newfstatat, 0);
    ALLOW(getdents64, 0);
    ALLOW(fcntl, 0);
    ALLOW(ioctl, 1, ARG(1, FIONBIO));
    ALLOW(ioctl, 1, ARG(1, FIONREAD));
    ALLOW(poll, 0);
    ALLOW(ppoll, 0);
    ALLOW(pipe2, 0);
    ALLOW(eventfd2, 0);
}

static void threads(void)
{
    ALLOW(clone, 1,
          MASKED(0, CLONE_VM | CLONE_THREAD | CLONE_SIGHAND, CLONE_VM | CLONE_THREAD | CLONE_SIGHAND));
    ANSWER(ENOSYS, clone3, 0); /* a filter cannot check its flags; the C library then uses clone(2) */
    ALLOW(set_robust_list, 0);
    ALLOW(rseq, 0);
    ALLOW(futex, 0);
    ALLOW(rt_sigaction, 0);
    ALLOW(sigaltstack, 0);
    ALLOW(getuid, 0);
    ALLOW(geteuid, 0);
    ALLOW(uname, 0);
    ALLOW(sysinfo, 0);
}

static void fetching(void)
{
    begin(SCMP_ACT_ERRNO(EPERM));
    ALLOW(mmap, 1, MASKED(2, PROT_EXEC, 0));
    ALLOW(mprotect, 1, MASKED(2, PROT_EXEC, 0));
    ALLOW(munmap, 0);
    ALLOW(mremap, 0);
    ALLOW(brk, 0);
    ALLOW(madvise, 0);
    ALLOW(clock_gettime, 0);
    ALLOW(clock_nanosleep, 0);
    ALLOW(gettimeofday, 0);
    ALLOW(restart_syscall, 0);
    ALLOW(sched_yield, 0);
    ALLOW(rt_sigreturn, 0);
    ALLOW(rt_sigprocmask, 0);
    ALLOW(exit_group, 0);
    ALLOW(exit, 0);
    ALLOW(getpid, 0);
    ALLOW(gettid, 0);
    ALLOW(getrandom, 0);
    sockets();
    files();
    threads();
    KILL(execve, 0);
    KILL(execveat, 0);
    KILL(fork, 0);
    KILL(vfork, 0);
    KILL(ptrace, 0);
    KILL(process_vm_readv, 0);
    KILL(process_vm_writev, 0);
    KILL(mount, 0);
    KILL(unshare, 0);
    KILL(setns, 0);
    KILL(bpf, 0);
    KILL(io_uring_setup, 0);
    KILL(listen, 0);
    KILL(accept, 0);
    KILL(accept4, 0);
    print("filter_fetch");
    seccomp_release(filter);
}

/* mkfilter worker|fetch */
int main(int argc, char **argv)
{
    printf("/* Made by tools/mkfilter.c. */\n");
    /* Otherwise libseccomp asks the kernel of the build, which need not be that of the runs. Level 3 is Linux 4.14. */
    check(seccomp_api_set(3), "seccomp_api_set");
    if (argc > 1 && strcmp(argv[1], "fetch") == 0) {
        fetching();
        return 0;
    }
    make("filter_boot", BOOT, FILTER_BOOT_MARK);
    make("filter_run", RUN, FILTER_RUN_MARK);
    make("filter_zygote", BOOT | ZYGOTE, FILTER_ZYGOTE_MARK);
    make("filter_zygote_jitless", ZYGOTE, FILTER_ZYGOTE_MARK);
    make_ready();
    make_forked();
    return 0;
}
