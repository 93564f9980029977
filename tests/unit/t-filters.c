/* SPDX-License-Identifier: MIT */
/* The filters of tools/mkfilter.c: a zygote's child has a small one on top of the zygote's, and together they
 * must give the answers of the one that any other run has. Run as the kernel runs them (classic BPF,
 * Documentation/networking/filter.rst; precedence of answers, seccomp(2)). */
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "filters.h" /* made by tools/mkfilter.c */
#include "protocol/zygote.h"
#include "tests/tap.h"

#ifdef __aarch64__
#define HERE  AUDIT_ARCH_AARCH64
#define OTHER AUDIT_ARCH_ARM
#else
#define HERE  AUDIT_ARCH_X86_64
#define OTHER AUDIT_ARCH_I386
#endif

/* More than any system call's number. */
#define MOST_CALLS 1024
#define X32        0x40000000

struct program {
    struct sock_filter code[256];
    size_t len;
};

static struct program run, jit, ready, jitless, forked;

#define READ(p, bytes)                                                                       \
    do {                                                                                     \
        _Static_assert(sizeof(bytes) <= sizeof((p)->code), "a program is longer than that"); \
        memcpy((p)->code, bytes, sizeof(bytes));                                             \
        (p)->len = sizeof(bytes) / sizeof(struct sock_filter);                               \
    } while (0)

static uint32_t load(const struct seccomp_data *data, uint32_t at)
{
    uint32_t word;

    memcpy(&word, (const char *)data + at, sizeof word);
    return word;
}

static int holds(const struct sock_filter *i, uint32_t a)
{
    switch (BPF_OP(i->code)) {
    case BPF_JEQ:
        return a == i->k;
    case BPF_JGT:
        return a > i->k;
    case BPF_JGE:
        return a >= i->k;
    case BPF_JSET:
        return (a & i->k) != 0;
    }
    printf("Bail out! a jump that this test does not know: %#x\n", i->code);
    exit(1);
}

static uint32_t answer_of(const struct program *p, const struct seccomp_data *data)
{
    uint32_t a = 0;

    for (size_t at = 0; at < p->len; at++) {
        const struct sock_filter *i = &p->code[at];

        if (i->code == (BPF_LD | BPF_W | BPF_ABS))
            a = load(data, i->k);
        else if (i->code == (BPF_ALU | BPF_AND | BPF_K))
            a &= i->k;
        else if (i->code == (BPF_JMP | BPF_JA))
            at += i->k;
        else if (BPF_CLASS(i->code) == BPF_JMP)
            at += holds(i, a) ? i->jt : i->jf;
        else if (i->code == (BPF_RET | BPF_K))
            return i->k;
        else
            break;
    }
    printf("Bail out! a program that does not end, or an instruction that this test does not know\n");
    exit(1);
}

/* The answer of two filters: the action that comes first in the kernel's order, as a signed number; the later one's
 * among equals. */
static uint32_t stricter(uint32_t first, uint32_t second)
{
    int32_t a = (int32_t)(first & SECCOMP_RET_ACTION_FULL), b = (int32_t)(second & SECCOMP_RET_ACTION_FULL);

    return a < b ? first : second;
}

/* 1 when a program names the call: it treats all others alike, whatever their arguments. */
static int names(const struct program *p, uint32_t call)
{
    for (size_t at = 0; at < p->len; at++)
        if (BPF_CLASS(p->code[at].code) == BPF_JMP && p->code[at].k == call)
            return 1;
    return 0;
}

/* All that a rule compares with, its neighbours, and what is more than 32 bits. */
static const uint64_t values[] = {
    0,
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    9,
    15,
    17,
    MAP_PRIVATE | MAP_ANONYMOUS,
    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
    MAP_SHARED | MAP_ANONYMOUS,
    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
    0x100022,
    102,
    103,
    128,
    129,
    137,
    393,
    SIGCHLD,
    ZYGOTE_CLONE,
    CLONE_PIDFD | SIGCHLD,
    CLONE_VM | SIGCHLD,
    PROT_GROWSDOWN | PROT_READ,
    0x80000000,
    0xfffffffa, /* the clock of a process */
    0xffffffff,
    1ull << 32,
    (1ull << 32) | 3,
    UINT64_MAX,
};
#define VALUES (sizeof values / sizeof *values)

static unsigned long differences, compared;

/* With a JIT a zygote has two filters. */
static uint32_t answer_of_zygote(const struct program *zygote, const struct seccomp_data *data)
{
    uint32_t first = answer_of(zygote, data);

    return zygote == &jit ? stricter(first, answer_of(&ready, data)) : first;
}

static void compare(const struct program *zygote, const struct seccomp_data *data)
{
    uint32_t want = answer_of(&run, data);
    uint32_t got = stricter(answer_of_zygote(zygote, data), answer_of(&forked, data));

    compared++;
    if (want != got && differences++ < 10)
        printf("# call %d of %#x, arguments %#llx %#llx %#llx %#llx: %#x, want %#x\n", data->nr, data->arch,
               (unsigned long long)data->args[0], (unsigned long long)data->args[1],
               (unsigned long long)data->args[2], (unsigned long long)data->args[3], got, want);
}

/* Every pair of the first four arguments with every pair of values; the other two are 0, or 3. */
static void compare_arguments(const struct program *zygote, struct seccomp_data *data)
{
    for (int i = 0; i < 4; i++)
        for (int j = i + 1; j < 4; j++)
            for (size_t a = 0; a < VALUES; a++)
                for (size_t b = 0; b < VALUES; b++)
                    for (uint64_t others = 0; others <= 3; others += 3) {
                        for (int k = 0; k < 6; k++)
                            data->args[k] = others;
                        data->args[i] = values[a];
                        data->args[j] = values[b];
                        compare(zygote, data);
                    }
}

static void compare_all(const struct program *zygote, const char *what)
{
    const uint32_t machines[] = {HERE, OTHER}, kinds[] = {0, X32};

    differences = compared = 0;
    for (int m = 0; m < 2; m++)
        for (int k = 0; k < 2; k++)
            for (uint32_t call = 0; call < MOST_CALLS; call++) {
                struct seccomp_data data = {.nr = (int)(call | kinds[k]), .arch = machines[m]};

                if (names(&run, call) || names(zygote, call) || names(&forked, call))
                    compare_arguments(zygote, &data);
                else
                    compare(zygote, &data);
            }
    ok(differences == 0, "%s: %lu calls, each as in any other run", what, compared);
}

static uint32_t of_child(const struct program *zygote, int call, uint64_t first, uint64_t third)
{
    struct seccomp_data data = {.nr = call, .arch = HERE, .args = {first, 0, third}};

    return stricter(answer_of_zygote(zygote, &data), answer_of(&forked, &data));
}

static void test_what_a_zygote_may_and_its_child_may_not(void)
{
    struct seccomp_data fork = {.nr = SYS_clone, .arch = HERE, .args = {ZYGOTE_CLONE}};

    struct seccomp_data code = {.nr = SYS_mprotect, .arch = HERE, .args = {0, 0, PROT_READ | PROT_EXEC}};

    ok(answer_of_zygote(&jit, &fork) == SECCOMP_RET_ALLOW, "a zygote forks");
    ok(answer_of(&jit, &code) == SECCOMP_RET_ALLOW, "it makes its code range while it restores the heap");
    ok(answer_of_zygote(&jit, &code) == SECCOMP_RET_KILL_PROCESS, "and no executable memory afterwards");
    ok(of_child(&jit, SYS_clone, ZYGOTE_CLONE, 0) == SECCOMP_RET_KILL_PROCESS, "its child does not");
    fork.nr = SYS_sendmsg;
    fork.args[0] = 3;
    ok(answer_of_zygote(&jit, &fork) == SECCOMP_RET_KILL_PROCESS, "a zygote passes no descriptors");
    ok(of_child(&jit, SYS_mprotect, 0, PROT_READ | PROT_EXEC) == SECCOMP_RET_KILL_PROCESS,
       "its child makes no memory executable");
    ok(of_child(&jit, SYS_mprotect, 0, PROT_READ | PROT_WRITE) == SECCOMP_RET_ALLOW,
       "its child makes memory writable");
    ok(of_child(&jit, SYS_seccomp, 1, 0) == SECCOMP_RET_KILL_PROCESS, "its child loads no filter");
}

int main(void)
{
    READ(&run, filter_run);
    READ(&jit, filter_zygote);
    READ(&ready, filter_ready);
    READ(&jitless, filter_zygote_jitless);
    READ(&forked, filter_forked);
    test_what_a_zygote_may_and_its_child_may_not();
    compare_all(&jit, "with a JIT");
    compare_all(&jitless, "without");
    return done_testing();
}
