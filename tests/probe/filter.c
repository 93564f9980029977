/* SPDX-License-Identifier: MIT */
/* The filters, tried over every number and over the arguments that they look at: what they let through is
 * exactly what this file lists, everything else is the end of the process. */
#include <linux/futex.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "protocol/worker.h"
#include "protocol/zygote.h"
#include "tests/probe/sandbox.h"
#include "worker/process/hugeheap.h"

/* Past the last call there is, and some way on. */
#define NUMBERS 640
#define MOST    2048

static struct trial trials[MOST];
static char texts[MOST][96];
static int wants[MOST], count;

#define ANYTHING_BUT_DEATH 2000

static void add(int want, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void add(int want, const char *fmt, ...)
{
    va_list ap;

    if (count == MOST)
        abort();
    va_start(ap, fmt);
    vsnprintf(texts[count], sizeof *texts, fmt, ap);
    va_end(ap);
    wants[count++] = want;
}

/* Linux lets these two past every filter since 6.14: they are part of probes that root has set, and a process that
 * calls them from elsewhere gets nothing but a signal or an error (kernel/seccomp.c). */
static int is_uprobe_trap(const struct trial *t)
{
#ifdef __x86_64__
    return (strncmp(t->attempt, "raw:335,", 8) == 0 && t->outcome == OUTCOME_SIGNAL(SIGILL)) ||
           (strncmp(t->attempt, "raw:336,", 8) == 0 && t->outcome == ENXIO);
#else
    (void)t;
    return 0;
#endif
}

static int as_wanted(const struct trial *t, int want)
{
    if (!t->done)
        return 0;
    if (want == OUTCOME_SIGSYS && is_uprobe_trap(t))
        return 1;
    return want == ANYTHING_BUT_DEATH ? t->outcome >= 0 : t->outcome == want;
}

/* All of them without namespaces, which are slow to make and say nothing about a filter. */
static void run_added(const struct trial_host *h, enum probe_mode mode, const char *what)
{
    int bad = 0;

    for (int i = 0; i < count; i++)
        trials[i] =
            (struct trial){.attempt = texts[i], .want = LAYERS_ALL, .mode = mode, .start = TRIAL_PLAIN};
    trials_run(h, trials, (size_t)count);
    for (int i = 0; i < count; i++) {
        if (as_wanted(&trials[i], wants[i]))
            continue;
        printf("# %s: got %s, want %s\n", texts[i],
               trials[i].done ? outcome_text(trials[i].outcome) : trials[i].text,
               wants[i] == ANYTHING_BUT_DEATH ? "anything but death" : outcome_text(wants[i]));
        bad++;
    }
    check(bad == 0 && count > 0, "%s, %s: %d calls", mode_titles[mode], what, count);
    count = 0;
}

/* ---- numbers, each with -1 for all arguments */

enum which_filter { ALL_FILTERS, WITH_CODE_RANGE, OF_ZYGOTES };

static int is_zygote(enum probe_mode mode)
{
    return mode == PROBE_ZYGOTE || mode == PROBE_ZYGOTE_READY || mode == PROBE_ZYGOTE_JITLESS;
}

/* V8 has still to map its code range. */
static int makes_code_range(enum probe_mode mode)
{
    return mode == PROBE_BOOT || mode == PROBE_ZYGOTE;
}

static int is_of(enum probe_mode mode, enum which_filter which)
{
    return which == ALL_FILTERS || (which == OF_ZYGOTES ? is_zygote(mode) : makes_code_range(mode));
}

static const struct {
    int number, outcome;
    enum which_filter which;
} survivors[] = {
    {SYS_munmap, EINVAL, ALL_FILTERS},
    {SYS_brk, 0, ALL_FILTERS},
    {SYS_gettimeofday, EFAULT, ALL_FILTERS},
    {SYS_nanosleep, EFAULT, ALL_FILTERS},
    {SYS_restart_syscall, EINTR, ALL_FILTERS},
    {SYS_sched_yield, 0, ALL_FILTERS},
    {SYS_rt_sigreturn, OUTCOME_SIGNAL(SIGSEGV), ALL_FILTERS},
    {SYS_rt_sigprocmask, EINVAL, ALL_FILTERS},
    {SYS_exit_group, OUTCOME_ENDED, ALL_FILTERS},
    {SYS_exit, OUTCOME_ENDED, ALL_FILTERS},
    {SYS_getpid, 0, ALL_FILTERS},
    {SYS_gettid, 0, ALL_FILTERS},
    {SYS_getrandom, EINVAL, ALL_FILTERS},
    {SYS_write, EBADF, ALL_FILTERS},
    {SYS_writev, EBADF, ALL_FILTERS},
    {SYS_openat, ENOENT, ALL_FILTERS},
    {SYS_readlinkat, ENOENT, ALL_FILTERS},
    {SYS_newfstatat, ENOENT, ALL_FILTERS},
#ifdef SYS_open
    {SYS_open, ENOENT, ALL_FILTERS},
    {SYS_readlink, ENOENT, ALL_FILTERS},
#endif
    {SYS_sched_getaffinity, EPERM, ALL_FILTERS},
    {SYS_sched_getparam, EPERM, ALL_FILTERS},
    {SYS_sched_getscheduler, EPERM, ALL_FILTERS},
    {SYS_rt_sigaction, EPERM, ALL_FILTERS},
    {SYS_mprotect, EINVAL, WITH_CODE_RANGE},
    {SYS_wait4, EINVAL, OF_ZYGOTES},
    {SYS_close, EBADF, OF_ZYGOTES},
};

/* The marks of the filters; of two, that of the one loaded last. */
static int want_of_mark(enum probe_mode mode)
{
    return mode == PROBE_ZYGOTE_READY ? FILTER_READY_MARK
           : is_zygote(mode)          ? FILTER_ZYGOTE_MARK
           : mode == PROBE_BOOT       ? FILTER_BOOT_MARK
                                      : FILTER_RUN_MARK;
}

static int want_of_number(int number, enum probe_mode mode)
{
    if (number == SYS_getppid)
        return want_of_mark(mode);
    for (size_t i = 0; i < sizeof survivors / sizeof *survivors; i++)
        if (survivors[i].number == number && is_of(mode, survivors[i].which))
            return survivors[i].outcome;
    return OUTCOME_SIGSYS;
}

static void test_numbers(const struct trial_host *h, enum probe_mode mode)
{
    static const unsigned odd[] = {1000,       4095,       0x3fffffff, 0x40000000 | NUMBERS,
                                   0x7fffffff, 0x80000000, 0xffffffff};

    for (int n = 0; n < NUMBERS; n++)
        add(want_of_number(n, mode), "raw:%d,-1,-1,-1,-1,-1,-1", n);
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        add(OUTCOME_SIGSYS, "raw:0x%x,-1,-1,-1,-1,-1,-1", odd[i]);
    run_added(h, mode, "every number");
}

/* The numbers of another ABI mean other calls; none may pass, whatever it is called. */
static void test_other_abis(const struct trial_host *h, enum probe_mode mode)
{
#ifdef __x86_64__
    for (int n = 0; n < NUMBERS; n++)
        add(OUTCOME_SIGSYS, "x32:%d,-1,-1,-1,-1,-1,-1", n);
    run_added(h, mode, "every number of the x32 ABI");
    for (int n = 0; n < NUMBERS; n++)
        add(refused_int80(), "int80:%d,-1,-1,-1,-1,-1", n);
    run_added(h, mode, "every number of the 32-bit ABI");
#else
    (void)h;
    (void)mode;
#endif
}

/* ---- arguments. @ is 64 KiB of memory to read and write. */

static void add_mmap(unsigned long protection, unsigned long flags)
{
    int good = !(protection & PROT_EXEC) && (flags & ~(unsigned long)(MAP_NORESERVE | MAP_FIXED)) == 0x22;

    add(good ? 0 : OUTCOME_SIGSYS, "raw:%d,@,4096,0x%lx,0x%lx,-1,0", SYS_mmap, protection, flags);
}

static void test_mmap(const struct trial_host *h, enum probe_mode mode)
{
    const unsigned long usual = MAP_PRIVATE | MAP_ANONYMOUS;

    for (unsigned long protection = 0; protection < 8; protection++)
        for (int bit = 0; bit < 33; bit++)
            add_mmap(protection, usual ^ 1ul << bit);
    for (int bit = 0; bit < 64; bit++)
        add_mmap(PROT_READ | PROT_EXEC | 1ul << bit, usual);
    add_mmap(PROT_READ | PROT_WRITE, usual);
    add_mmap(PROT_NONE, usual | MAP_NORESERVE);
    add_mmap(PROT_READ, usual | MAP_FIXED | MAP_NORESERVE);
    run_added(h, mode, "mmap");
}

static void test_mprotect(const struct trial_host *h, enum probe_mode mode)
{
    for (int bit = -1; bit < 64; bit++) {
        unsigned long protection = bit < 0 ? 0 : 1ul << bit;
        int good = (protection & ~3ul) == 0;
        add(good                     ? 0
            : makes_code_range(mode) ? ANYTHING_BUT_DEATH
                                     : OUTCOME_SIGSYS,
            "raw:%d,@,4096,0x%lx", SYS_mprotect, protection);
    }
    for (unsigned long protection = 4; protection < 8; protection++)
        add(makes_code_range(mode) ? 0 : OUTCOME_SIGSYS, "raw:%d,@,4096,%lu", SYS_mprotect, protection);
    run_added(h, mode, "mprotect");
}

static int want_of_advice(enum probe_mode mode, int advice)
{
    if (advice == MADV_GUARD_INSTALL && is_zygote(mode))
        return ANYTHING_BUT_DEATH; /* before Linux 6.13 there is no such advice */
    return advice == MADV_DONTNEED || advice == MADV_FREE || advice == MADV_DONTFORK ? 0 : OUTCOME_SIGSYS;
}

static void test_memory_calls(const struct trial_host *h, enum probe_mode mode)
{
    for (int advice = 0; advice < 110; advice++)
        add(want_of_advice(mode, advice), "raw:%d,@,4096,%d", SYS_madvise, advice);
    add(OUTCOME_SIGSYS, "raw:%d,@,4096,0x%lx", SYS_madvise, 1ul << 32 | MADV_DONTNEED);
    for (int bit = 0; bit < 64; bit++)
        add(bit == 0 ? 0 : OUTCOME_SIGSYS, "raw:%d,@,4096,4096,0x%lx,0", SYS_mremap, 1ul << bit);
    for (int flags = 0; flags < 8; flags++)
        add(flags < 2 ? 0 : OUTCOME_SIGSYS, "raw:%d,@,4096,8192,%d,0", SYS_mremap, flags == 0 ? 1 : flags);
    run_added(h, mode, "madvise and mremap");
}

/* The clocks of the machine and of the process itself; all negative ones are of others. */
static void test_clocks(const struct trial_host *h, enum probe_mode mode)
{
    static const int calls[] = {SYS_clock_gettime, SYS_clock_getres};

    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        for (int clock = 0; clock < 16; clock++)
            add(ANYTHING_BUT_DEATH, "raw:%d,%d,@", calls[i], clock);
        add(OUTCOME_SIGSYS, "raw:%d,0x80000000,@", calls[i]);
        for (int pid = 0; pid < 8; pid++)
            for (int kind = 0; kind < 8; kind++)
                add(OUTCOME_SIGSYS, "raw:%d,%d,@", calls[i], (int)(~(unsigned)pid << 3 | (unsigned)kind));
    }
    for (int clock = 0; clock < 2; clock++) /* @ is no time at all */
        add(0, "raw:%d,%d,0,@,0", SYS_clock_nanosleep, clock);
    add(OUTCOME_SIGSYS, "raw:%d,-6,0,@,0", SYS_clock_nanosleep);
    run_added(h, mode, "clocks");
}

static int want_of_futex(unsigned long operation)
{
    switch (operation) {
    case FUTEX_WAIT_PRIVATE: /* the word is 0, not 1 */
    case FUTEX_WAIT_BITSET_PRIVATE:
    case FUTEX_WAIT_BITSET_PRIVATE | FUTEX_CLOCK_REALTIME:
        return EAGAIN;
    case FUTEX_WAKE_PRIVATE:
        return 0;
    default:
        return OUTCOME_SIGSYS;
    }
}

static void test_futex(const struct trial_host *h, enum probe_mode mode)
{
    for (unsigned long operation = 0; operation < 512; operation++)
        add(want_of_futex(operation), "raw:%d,@,%lu,1,0,0,-1", SYS_futex, operation);
    add(OUTCOME_SIGSYS, "raw:%d,@,0x%lx,1,0,0,-1", SYS_futex, 1ul << 32 | FUTEX_WAKE_PRIVATE);
    run_added(h, mode, "futex");
}

/* Descriptor 3 is the channel. Reading and writing nothing says whether the call passed. */
static void test_descriptors(const struct trial_host *h, enum probe_mode mode)
{
    for (long fd = -1; fd < 64; fd++) {
        add(fd == 3 ? 0 : OUTCOME_SIGSYS, "raw:%d,%ld,@,0", SYS_read, fd);
        add(fd == 3 ? 0 : EBADF, "raw:%d,%ld,@,0", SYS_write, fd);
        add(EBADF, "raw:%d,%ld,@,0", SYS_writev, fd);
    }
    for (int bit = 31; bit < 64; bit++) {
        add(OUTCOME_SIGSYS, "raw:%d,0x%lx,@,0", SYS_read, 1ul << bit | 3);
        add(EBADF, "raw:%d,0x%lx,@,0", SYS_write, 1ul << bit | 3);
    }
    run_added(h, mode, "read and write");
}

/* Before the last filter is loaded another one can be; no other operation passes, then or later, and no flag.
 */
static void test_seccomp(const struct trial_host *h, enum probe_mode mode)
{
    int more = mode == PROBE_BOOT || is_zygote(mode);

    for (unsigned long operation = 0; operation < 8; operation++)
        add(operation == 1 && more ? EFAULT : OUTCOME_SIGSYS, "raw:%d,%lu,0,0", SYS_seccomp, operation);
    add(OUTCOME_SIGSYS, "raw:%d,0x%lx,0,0", SYS_seccomp, 1ul << 32 | 1);
    for (int bit = 0; bit < 64; bit++)
        add(OUTCOME_SIGSYS, "raw:%d,1,0x%lx,0", SYS_seccomp, 1ul << bit);
    run_added(h, mode, "seccomp");
}

/* ---- what only zygotes have */

static void test_clone(const struct trial_host *h, enum probe_mode mode)
{
    const unsigned long usual = ZYGOTE_CLONE;

    add(is_zygote(mode) ? 0 : OUTCOME_SIGSYS, "raw:%d,0x%lx,0,@,0,0", SYS_clone, usual);
    for (int bit = 0; bit < 64; bit++)
        add(OUTCOME_SIGSYS, "raw:%d,0x%lx,0,@,0,0", SYS_clone, usual ^ 1ul << bit);
    add(OUTCOME_SIGSYS, "raw:%d,0,0,0,0,0", SYS_clone);
    add(OUTCOME_SIGSYS, "raw:%d,@,88", SYS_clone3);
#ifdef SYS_fork
    add(OUTCOME_SIGSYS, "raw:%d", SYS_fork);
    add(OUTCOME_SIGSYS, "raw:%d", SYS_vfork);
#endif
    run_added(h, mode, "clone");
}

/* @ is 64 KiB of zeroes: a message without parts. */
static void test_messages(const struct trial_host *h, enum probe_mode mode)
{
    static const int calls[] = {SYS_recvmsg, SYS_sendmsg};

    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        for (long fd = -1; fd < 64; fd++)
            add(is_zygote(mode) && fd == 3 && calls[i] == SYS_recvmsg ? ANYTHING_BUT_DEATH : OUTCOME_SIGSYS,
                "raw:%d,%ld,@,0x%x", calls[i], fd, MSG_DONTWAIT | MSG_NOSIGNAL);
        for (int bit = 31; bit < 64; bit++)
            add(OUTCOME_SIGSYS, "raw:%d,0x%lx,@,0x40", calls[i], 1ul << bit | 3);
    }
    run_added(h, mode, "recvmsg and sendmsg");
}

static void test_dup(const struct trial_host *h, enum probe_mode mode)
{
    for (long to = -1; to < 64; to++) {
        int want = is_zygote(mode) && to == 3 ? EBADF : OUTCOME_SIGSYS;
#ifdef SYS_dup2
        add(want, "raw:%d,40,%ld", SYS_dup2, to);
#endif
        add(want, "raw:%d,40,%ld,0", SYS_dup3, to);
    }
    run_added(h, mode, "dup2 and dup3");
}

/* The death signal only, and that only as it is; limits only of the process itself; Landlock only to lose
 * more. */
static void test_limits(const struct trial_host *h, enum probe_mode mode)
{
    for (int what = 0; what < 80; what++)
        for (int value = 0; value < 16; value += 9)
            add(is_zygote(mode) && what == 1 && value == 9 ? 0 : OUTCOME_SIGSYS, "raw:%d,%d,%d,0,0,0",
                SYS_prctl, what, value);
    add(OUTCOME_SIGSYS, "raw:%d,1,0x%lx,0,0,0", SYS_prctl, 1ul << 32 | 9);
    for (int limit = 0; limit < 20; limit++)
        add(!is_zygote(mode) ? OUTCOME_SIGSYS
            : limit < 16     ? 0
                             : EINVAL,
            "raw:%d,0,%d,0,@", SYS_prlimit64, limit);
    for (int bit = 0; bit < 64; bit++)
        add(OUTCOME_SIGSYS, "raw:%d,0x%lx,7,0,@", SYS_prlimit64, 1ul << bit);
#ifdef SYS_setrlimit
    for (int limit = 0; limit < 20; limit++)
        add(OUTCOME_SIGSYS, "raw:%d,%d,@", SYS_setrlimit, limit);
#endif
    add(OUTCOME_SIGSYS, "raw:444,0,0,1"); /* landlock_create_ruleset */
    add(OUTCOME_SIGSYS, "raw:445,0,0,0,0");
    add(is_zygote(mode) ? EBADF : OUTCOME_SIGSYS, "raw:446,40,0");
    add(OUTCOME_SIGSYS, "raw:446,40,1");
    run_added(h, mode, "prctl, prlimit and Landlock");
}

void test_filters(const struct trial_host *h)
{
    for (enum probe_mode mode = PROBE_JIT; mode <= PROBE_ZYGOTE_JITLESS; mode++) {
        test_numbers(h, mode);
        test_other_abis(h, mode);
        test_mmap(h, mode);
        test_mprotect(h, mode);
        test_memory_calls(h, mode);
        test_clocks(h, mode);
        test_futex(h, mode);
        test_descriptors(h, mode);
        test_seccomp(h, mode);
        test_clone(h, mode);
        test_messages(h, mode);
        test_dup(h, mode);
        test_limits(h, mode);
    }
}
