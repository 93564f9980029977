/* SPDX-License-Identifier: MIT */
/* One attempt behind the sandbox, reported to the process that started it (host/doctor/trial.c). */
#include "probe/probe.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "protocol/worker.h"
#include "sandbox/lockdown.h"
#include "worker/process/zygote.h"

static const struct {
    const char *name;
    int (*try)(const struct facts *f);
} attempts[] = {
#define X(name, ...) {#name, try_##name},
    ISO_ATTEMPTS(X) ISO_SIBLING_ATTEMPTS(X)
#undef X
};
#define ATTEMPTS ((int)(sizeof attempts / sizeof *attempts))

static const char *const modes[] = {
#define X(id, name) [PROBE_##id] = name,
    ISO_PROBE_MODES(X)
#undef X
};

static struct lockdown layers = {.budget_bytes = PROBE_BUDGET};

int answer(long rc)
{
    return rc < 0 ? errno : 0;
}

int answer_but(long rc, int passed)
{
    return rc < 0 && errno != passed ? errno : 0;
}

/* ---- reports. Failed writes are ignored: there is no other way to report. */

static void report(enum probe_step step, int outcome, const char *text)
{
    struct probe_record r = {.step = step, .outcome = outcome, .layers = layers.layers};

    if (text)
        snprintf(r.text, sizeof r.text, "%s", text);
    (void)!write(WORKER_FD_PARENT, &r, sizeof r);
}

void report_result(int outcome)
{
    report(PROBE_RESULT, outcome, NULL);
}

static void __attribute__((noreturn)) probe_fail(const char *text)
{
    report(PROBE_FAILED, 0, text);
    _exit(1);
}

/* ---- the command line */

static int find_attempt(const char *name)
{
    for (int i = 0; i < ATTEMPTS; i++)
        if (strcmp(attempts[i].name, name) == 0)
            return i;
    return -1;
}

static enum probe_mode find_mode(const char *name)
{
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
        if (strcmp(modes[i], name) == 0)
            return (enum probe_mode)i;
    probe_fail("no such mode");
}

static void read_targets(struct facts *f, const char *text)
{
    unsigned long *n = f->namespaces;
    const char *path = strchr(text, '/');

    if (sscanf(text, "%u:%lx:%lu,%lu,%lu,%lu,%lu,%lu,%lu", &f->port, &f->secret_at, &n[0], &n[1], &n[2],
               &n[3], &n[4], &n[5], &n[6]) != 9)
        probe_fail("malformed targets");
    f->setuid_program = path ? path : "/iso4-none";
}

/* Opens the files that this attempt needs. */
static void open_files(struct facts *f, int which)
{
    f->program_fd = f->memory_fd = -1;
    if (which == ATTEMPT_execveat || which == ATTEMPT_mmap_file)
        f->program_fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    if (which == ATTEMPT_grow_file)
        f->memory_fd = memfd_create("iso4-probe", MFD_CLOEXEC);
}

/* ---- the layers */

/* 1 for modes after the heap is restored, which have a second filter. */
static int finishes(enum probe_mode mode)
{
    return mode != PROBE_BOOT && mode != PROBE_ZYGOTE;
}

static void lock(enum probe_mode mode)
{
    struct iso_err err;

    layers.jit = mode != PROBE_JITLESS && mode != PROBE_ZYGOTE_JITLESS && mode != PROBE_FORKED_JITLESS;
    layers.zygote = mode >= PROBE_ZYGOTE;
    if (layers.zygote)
        zygote_prepare();
    if (lockdown(&layers, &err) < 0 || (finishes(mode) && lockdown_finish(&layers, &err) < 0))
        probe_fail(err.msg);
    if (mode < PROBE_FORKED)
        report(PROBE_READY, 0, NULL);
}

/* Limit of processor time of a child, in seconds: more than any attempt takes. */
#define CHILD_SECONDS 2

/* Acts as a zygote and returns only in its children, with their order. The worker's own code forks and locks them
 * down. */
static void fork_and_lock(struct facts *f, struct probe_order *order)
{
    struct iso_err err;

    zygote_serve();
    f->pid = getpid();
    if (lockdown_forked(&layers, CHILD_SECONDS, &err) < 0)
        probe_fail(err.msg);
    report(PROBE_READY, f->pid, NULL);
    if (read(WORKER_FD_PARENT, order, sizeof *order) != (ssize_t)sizeof *order)
        _exit(1);
    order->attempt[sizeof order->attempt - 1] = 0;
    f->zygote = order->zygote;
    f->sibling = order->sibling;
}

/* Stays longer than host/doctor/trial.c waits to see the process die with its parent. */
static void __attribute__((noreturn)) linger(enum probe_mode mode)
{
    const struct timespec moment = {3, 0};
    char byte;

    if (mode >= PROBE_FORKED)
        (void)!read(WORKER_FD_PARENT, &byte, 1);
    else
        nanosleep(&moment, NULL);
    _exit(0);
}

static void __attribute__((noreturn)) carry_out(const struct facts *f, enum probe_mode mode, const char *name)
{
    int which = find_attempt(name);

    if (strcmp(name, "fork-on") == 0) {
        report_result(fork_endlessly());
        _exit(0);
    }
    if (strcmp(name, "spin") == 0)
        for (volatile unsigned n = 0;; n++)
            ;
    if (which < 0 && !is_raw(name))
        linger(mode);
    if (which < 0 && !(layers.layers & LAYER_SECCOMP))
        probe_fail("raw calls are made behind the filter only");
    report_result(which < 0 ? try_raw(f, name) : attempts[which].try(f));
    _exit(0);
}

int main(int argc, char **argv, char **envp)
{
    struct facts f = {.program = argv[0], .envp = envp, .pid = getpid()};
    struct probe_order order;
    enum probe_mode mode;
    int which;

    if (argc == 2) { /* executed by an attempt, see processes.c */
        report_result(strcmp(argv[1], "gained") != 0 || geteuid() != getuid() ? 0 : EPERM);
        return 0;
    }
    if (argc != 8)
        probe_fail("usage: probe ATTEMPT WANT MODE PARENT TARGETS contained|plain root|user");
    which = find_attempt(argv[1]);
    if (which < 0 && !is_raw(argv[1]) && strcmp(argv[1], "linger") != 0 && strcmp(argv[1], "fork-on") != 0)
        probe_fail("no such attempt");
    layers.want = (unsigned)strtoul(argv[2], NULL, 0);
    mode = find_mode(argv[3]);
    f.parent = (pid_t)strtol(argv[4], NULL, 10);
    read_targets(&f, argv[5]);
    layers.layers = LAYERS_OF_PARENT | (strcmp(argv[6], "contained") == 0 ? LAYER_NAMESPACES : 0u);
    layers.root = f.root = strcmp(argv[7], "root") == 0;
    f.scratch = mmap(NULL, SCRATCH, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    open_files(&f, which);
    lock(mode);
    if (mode >= PROBE_FORKED)
        fork_and_lock(&f, &order);
    carry_out(&f, mode, mode >= PROBE_FORKED ? order.attempt : argv[1]);
}
