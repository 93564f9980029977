/* SPDX-License-Identifier: MIT */
/* sandbox TABLE [SETUID] - proves the sandbox by real system calls: attacks are made behind the worker's own
 * lockdown, and each must end exactly as expected. TABLE is the file that says which layer stops what; SETUID
 * a set-uid copy of the probe. --print instead of TABLE writes one as measured. Started by
 * tests/t-sandbox.sh. */
#include "tests/probe/sandbox.h"

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/doctor/remedies.h"
#include "host/run/spawn.h"
#include "tests/tap.h"

const char *const mode_titles[PROBE_MODES] = {[PROBE_JIT] = "JIT",
                                              [PROBE_JITLESS] = "jitless",
                                              [PROBE_BOOT] = "JIT, restoring the heap",
                                              [PROBE_ZYGOTE] = "zygote, JIT, restoring the heap",
                                              [PROBE_ZYGOTE_READY] = "zygote, JIT",
                                              [PROBE_ZYGOTE_JITLESS] = "zygote, jitless",
                                              [PROBE_FORKED] = "forked, JIT",
                                              [PROBE_FORKED_JITLESS] = "forked, jitless"};

int check(int pass, const char *fmt, ...)
{
    char text[256];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    return ok(pass, "%s", text);
}

/* Calls that a filter before the last one lets through, and why. The zygote's filter knows fork() with other
 * flags than those of the attempts: see tests/probe/filter.c. */
static const struct exception {
    enum attempt attempt;
    int boot, zygote, zygote_ready; /* outcomes; without a JIT a zygote's only filter is like the latter */
    const char *why;
} exceptions[] = {
    {ATTEMPT_mprotect_exec, 0, 0, OUTCOME_SIGSYS, "V8 has to make its code range"},
    {ATTEMPT_second_filter, 0, 0, 0, "the last filter has to be loaded"},
    {ATTEMPT_receive_channel, OUTCOME_SIGSYS, 0, 0, "the channels of children come over it"},
    {ATTEMPT_raise_nofile, OUTCOME_SIGSYS, EPERM, EPERM, "limits are lowered for children"},
    {ATTEMPT_core_limit, OUTCOME_SIGSYS, EPERM, EPERM, "the same: the limit is 0"},
    {ATTEMPT_loose_limits, OUTCOME_SIGSYS, 0, 0, "the same: some descriptors and processes are left"},
    {ATTEMPT_odd_signals, EPERM, 0, 0, "SIGCHLD is blocked until it waits for it"},
};

static int int80_outcome;

int refused_int80(void)
{
    return int80_outcome;
}

/* Found out in a process that has no filter. Anything else than an answer and SIGSEGV fails the tests. */
static void find_int80(const struct trial_host *h)
{
#ifdef __x86_64__
    struct trial t = {.attempt = attempt_rows[ATTEMPT_int80].name, .start = TRIAL_BARE};
    int missing;

    trials_run(h, &t, 1);
    missing = t.done && t.outcome == OUTCOME_SIGNAL(SIGSEGV);
    check(t.done && (t.outcome == 0 || missing), "without a filter int 0x80 is a call, or SIGSEGV");
    if (missing)
        printf(
            "# this kernel has no calls of the 32-bit ABI: int 0x80 is SIGSEGV before a filter is asked\n");
    int80_outcome = missing ? t.outcome : OUTCOME_SIGSYS;
#else
    (void)h;
    int80_outcome = OUTCOME_SIGSYS;
#endif
}

int attempt_outcome(int attempt)
{
#ifdef __x86_64__
    if (attempt == ATTEMPT_int80)
        return refused_int80();
#endif
    return attempt_rows[attempt].outcome;
}

static int wanted_outcome(int attempt, enum probe_mode mode)
{
    for (size_t i = 0; i < sizeof exceptions / sizeof *exceptions; i++) {
        const struct exception *e = &exceptions[i];
        if ((int)e->attempt == attempt && mode >= PROBE_BOOT && mode < PROBE_FORKED)
            return mode == PROBE_BOOT ? e->boot : mode == PROBE_ZYGOTE ? e->zygote : e->zygote_ready;
    }
    return attempt_outcome(attempt);
}

static void check_one(const struct trial *t, int attempt, const char *where)
{
    int want = wanted_outcome(attempt, t->mode);

    if (!t->done)
        printf("# not tried: %s\n", t->text);
    else if (t->outcome != want)
        printf("# got %s\n", outcome_text(t->outcome));
    ok(t->done && t->outcome == want, "%s, %s: %s: %s", mode_titles[t->mode], where,
       attempt_rows[attempt].what, outcome_text(want));
}

static void check_stack(const struct trial_host *h, enum probe_mode mode, enum trial_start start)
{
    const char *where = start == TRIAL_CONTAINED ? "all layers" : "all layers but namespaces";
    unsigned all =
        start == TRIAL_CONTAINED ? LAYERS_ALL : LAYERS_ALL & ~(LAYER_NAMESPACES | LAYER_EMPTY_ROOT);
    struct trial t[ATTEMPT_COUNT];
    int in_force = 0;

    for (int i = 0; i < ATTEMPT_COUNT; i++)
        t[i] =
            (struct trial){.attempt = attempt_rows[i].name, .want = LAYERS_ALL, .mode = mode, .start = start};
    trials_run(h, t, ATTEMPT_COUNT);
    for (int i = 0; i < ATTEMPT_COUNT; i++) {
        check_one(&t[i], i, where);
        in_force += t[i].layers == all;
    }
    is_int(in_force, ATTEMPT_COUNT,
           start == TRIAL_CONTAINED ? "every layer was in force each time"
                                    : "every other layer was in force each time");
}

void test_whole_stack(const struct trial_host *h)
{
    for (enum probe_mode mode = PROBE_JIT; mode <= PROBE_BOOT; mode++) {
        check_stack(h, mode, TRIAL_CONTAINED);
        check_stack(h, mode, TRIAL_PLAIN);
    }
}

void test_zygote(const struct trial_host *h)
{
    for (enum probe_mode mode = PROBE_ZYGOTE; mode <= PROBE_ZYGOTE_JITLESS; mode++) {
        check_stack(h, mode, TRIAL_CONTAINED);
        check_stack(h, mode, TRIAL_PLAIN);
    }
    for (size_t i = 0; i < sizeof exceptions / sizeof *exceptions; i++)
        printf("# not the same for a zygote: %s: %s\n", attempt_rows[exceptions[i].attempt].what,
               exceptions[i].why);
}

/* Everything that a worker must not inherit is there to be inherited: a program that is started as any other finds it.
 */
static void test_inheritance(const struct trial_host *h)
{
    static const enum attempt attempts[] = {ATTEMPT_fdleak,          ATTEMPT_envleak,
                                            ATTEMPT_no_death_signal, ATTEMPT_shared_session,
                                            ATTEMPT_odd_signals,     ATTEMPT_working_directory};

    for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++) {
        struct trial t = {.attempt = attempt_rows[attempts[i]].name, .start = TRIAL_BARE};
        trials_run(h, &t, 1);
        ok(t.done && t.outcome == 0, "control: another program can %s", attempt_rows[attempts[i]].what);
    }
}

static int have_odd_settings(void)
{
    sigset_t one;

    sigemptyset(&one);
    sigaddset(&one, SIGUSR2);
    sigprocmask(SIG_BLOCK, &one, NULL);
    signal(SIGUSR1, SIG_IGN);
    return chdir("/tmp");
}

/* ---- from outside */

static void test_death_with_parent(const struct trial_host *h)
{
    is_int(trial_orphan(h, LAYERS_ALL, TRIAL_CONTAINED), 1, "a locked-down process dies with its parent");
    is_int(trial_orphan(h, LAYERS_ALL, TRIAL_PLAIN), 1, "also without namespaces");
    is_int(trial_orphan(h, 0, TRIAL_CONTAINED), 1, "also before lockdown");
    is_int(trial_orphan(h, 0, TRIAL_BARE), 0, "control: another program does not");
}

/* The error of reading the memory of a process that has locked itself down, at an address that is none:
 * EFAULT when it is allowed. */
static int read_memory_of_one(const struct trial_host *h, unsigned want, enum trial_start start)
{
    char number[16];
    const char *argv[] = {h->probe, "linger", number, "jit", h->parent, h->targets, NULL};
    struct spawn_config cfg = {.argv = argv, .snapshot_fd = -1, .uncontained = start == TRIAL_PLAIN};
    struct probe_record ready = {0};
    struct iovec here = {&ready, 1}, there = {(void *)8, 1};
    struct pollfd p = {.events = POLLIN};
    struct spawned s;
    struct iso_err err;
    int error = -1;

    snprintf(number, sizeof number, "0x%x", want);
    if (spawn_process(&cfg, &s, &err) < 0)
        return -1;
    p.fd = s.socket;
    if (poll(&p, 1, 5000) == 1 && read(s.socket, &ready, sizeof ready) == sizeof ready &&
        ready.step == PROBE_READY)
        error = syscall(SYS_process_vm_readv, s.pid, &here, 1, &there, 1, 0) < 0 ? errno : 0;
    kill(s.pid, SIGKILL);
    waitpid(s.pid, NULL, 0);
    close(s.pidfd);
    close(s.socket);
    close(s.status);
    return error;
}

void test_from_outside(const struct trial_host *h)
{
    int root = geteuid() == 0;

    test_death_with_parent(h);
    is_int(read_memory_of_one(h, LAYERS_ALL, TRIAL_PLAIN), root ? EFAULT : EPERM,
           root ? "root can look into a locked-down process"
                : "the same user cannot look into a locked-down process");
    is_int(read_memory_of_one(h, LAYERS_ALL & ~(unsigned)LAYER_NOT_DUMPABLE, TRIAL_PLAIN), EFAULT,
           "control: into a dumpable one anybody of the same user can");
    is_int(read_memory_of_one(h, LAYERS_ALL, TRIAL_CONTAINED), EFAULT,
           "in namespaces, their owner can: they are his");
}

/* ---- */

/* A process of the same user that a signal to all processes can reach; process 1 is never among them. */
static pid_t start_bystander(void)
{
    pid_t pid = fork();

    if (pid == 0)
        for (;;)
            pause();
    return pid;
}

static int run(struct trial_host *h, const char *table, const char *setuid)
{
    if (setuid)
        snprintf(h->targets + strlen(h->targets), sizeof h->targets - strlen(h->targets), ":%s", setuid);
    if (strcmp(table, "--print") == 0) {
        print_each_layer(h);
        return 0;
    }
    find_int80(h);
    test_inheritance(h);
    test_whole_stack(h);
    test_zygote(h);
    test_forked(h);
    test_each_layer(h, table);
    test_filters(h);
    test_from_outside(h);
    return done_testing();
}

int main(int argc, char **argv)
{
    struct paths paths;
    struct trial_host host;
    struct iso_err err = {0};
    pid_t bystander;
    int status;

    if (argc < 2)
        return 2;
    if (have_odd_settings() < 0 || paths_find(&paths, &err) < 0 || trial_host_open(&host, &paths, &err) < 0) {
        printf("Bail out! %s\n", err.msg);
        return 1;
    }
    bystander = start_bystander();
    status = run(&host, argv[1], argc > 2 ? argv[2] : NULL);
    if (bystander > 0)
        kill(bystander, SIGKILL);
    trial_host_close(&host);
    paths_free(&paths);
    return status;
}
