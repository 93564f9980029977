/* SPDX-License-Identifier: MIT */
/* Children of a zygote: forked and locked down by the worker's own code (worker/process/zygote.c, lockdown_forked()),
 * in place of whose job they get an attempt. */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/run/spawn.h"
#include "protocol/pass.h"
#include "protocol/zygote.h"
#include "tests/probe/sandbox.h"

#define LONGEST_MS 20000 /* of real time, for two seconds of processor time */

static const struct {
    const char *name, *what;
    int outcome, unfiltered;
} siblings[SIBLING_COUNT] = {
#define X(name, what, outcome, unfiltered) [SIBLING_##name] = {#name, what, outcome, unfiltered},
    ISO_SIBLING_ATTEMPTS(X)
#undef X
};

/* ---- a zygote */

struct zygote {
    struct spawned process;
    int open;
    uint32_t last;
};

/* `files` is the attempt that needs some open, or NULL. */
static int zygote_start(const struct trial_host *h, struct zygote *z, const char *files,
                        const struct trial *t)
{
    char want[16];
    const char *argv[] = {
        h->probe, files ? files : "linger", want, probe_mode_names[t->mode], h->parent, h->targets, NULL};
    struct spawn_config cfg = {.argv = argv, .snapshot_fd = -1, .uncontained = t->start != TRIAL_CONTAINED};
    struct iso_err err;

    *z = (struct zygote){0};
    snprintf(want, sizeof want, "0x%x", t->want);
    if (spawn_process(&cfg, &z->process, &err) < 0) {
        printf("# %s\n", err.msg);
        return -1;
    }
    z->open = 1;
    /* One thing after the other here. */
    return fcntl(z->process.socket, F_SETFL, 0) < 0 ? -1 : pass_name_senders(z->process.socket);
}

static void zygote_end(struct zygote *z)
{
    if (!z->open)
        return;
    kill(z->process.pid, SIGKILL);
    waitpid(z->process.pid, NULL, 0);
    close(z->process.pidfd);
    close(z->process.socket);
    close(z->process.status);
    z->open = 0;
}

static int arrives(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};

    return poll(&p, 1, LONGEST_MS) == 1;
}

struct child {
    int channel, pidfd;
    uint32_t number;
    struct probe_record ready;
};

static int take_record(int channel, struct probe_record *r)
{
    return arrives(channel) && recv(channel, r, sizeof *r, MSG_WAITALL) == (ssize_t)sizeof *r ? 0 : -1;
}

/* As host/run/zygote.c does. *c is the caller's, also on failure: child_free(). */
static int fork_child(struct zygote *z, struct child *c)
{
    struct zygote_message m = {ZYGOTE_FORK, ++z->last, 0, 0, 0};
    int ends[2];
    pid_t pid;

    *c = (struct child){.channel = -1, .pidfd = -1, .number = z->last};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
        return -1;
    c->channel = ends[0];
    if (pass_send(z->process.socket, &m, sizeof m, ends[1]) < 0) {
        close(ends[1]);
        return -1;
    }
    close(ends[1]);
    if (!arrives(z->process.socket) ||
        pass_receive_from(z->process.socket, &m, sizeof m, MSG_WAITALL, &pid) != (ssize_t)sizeof m ||
        m.kind != ZYGOTE_FORKED || m.number != c->number || pid <= 0 || pid == z->process.pid ||
        (c->pidfd = (int)syscall(SYS_pidfd_open, pid, 0)) < 0 || take_record(c->channel, &c->ready) < 0)
        return -1;
    return c->ready.step == PROBE_READY ? 0 : -1;
}

static void child_free(struct child *c)
{
    if (c->channel >= 0)
        close(c->channel);
    if (c->pidfd >= 0)
        close(c->pidfd);
}

static int order(const struct child *c, const struct probe_order *o)
{
    return send(c->channel, o, sizeof *o, MSG_NOSIGNAL) == (ssize_t)sizeof *o ? 0 : -1;
}

/* The end of the child, as its zygote tells it. */
static int await_end(struct zygote *z, const struct child *c, int *status)
{
    struct zygote_message m;
    pid_t from;

    if (!arrives(z->process.socket) ||
        pass_receive_from(z->process.socket, &m, sizeof m, MSG_WAITALL, &from) != (ssize_t)sizeof m ||
        m.kind != ZYGOTE_ENDED || m.number != c->number || from != z->process.pid)
        return -1;
    *status = m.status;
    return 0;
}

/* ---- an attempt in a child */

static void judge(struct trial *t, const struct child *c, int status)
{
    struct probe_record r;

    t->done = 1;
    t->outcome = OUTCOME_ENDED;
    while (recv(c->channel, &r, sizeof r, MSG_WAITALL | MSG_DONTWAIT) == (ssize_t)sizeof r) {
        t->layers = r.layers;
        if (r.step == PROBE_RESULT)
            t->outcome = r.outcome;
    }
    if (WIFSIGNALED(status))
        t->outcome = OUTCOME_SIGNAL(WTERMSIG(status));
}

static void try_in(struct zygote *z, struct trial *t, int sibling)
{
    struct probe_order o = {.zygote = t->start == TRIAL_CONTAINED ? 1 : z->process.pid, .sibling = sibling};
    struct child c;
    int status;

    t->done = 0;
    snprintf(t->text, sizeof t->text, "the zygote gave no child");
    snprintf(o.attempt, sizeof o.attempt, "%s", t->attempt);
    if (fork_child(z, &c) == 0)
        t->layers = c.ready.layers;
    if (c.ready.step == PROBE_READY && order(&c, &o) == 0 && await_end(z, &c, &status) == 0)
        judge(t, &c, status);
    else if (c.ready.step == PROBE_FAILED)
        snprintf(t->text, sizeof t->text, "%.*s", (int)sizeof c.ready.text - 1, c.ready.text);
    child_free(&c);
}

static int needs_files(int attempt)
{
    return attempt == ATTEMPT_execveat || attempt == ATTEMPT_mmap_file || attempt == ATTEMPT_grow_file;
}

/* All attempts of the table; one zygote does for those that need nothing open, until it fails. */
static void try_all(const struct trial_host *h, struct trial *trials)
{
    struct zygote common = {0}, own;

    for (int i = 0; i < ATTEMPT_COUNT; i++) {
        struct trial *t = &trials[i];
        if (needs_files(i)) {
            if (zygote_start(h, &own, t->attempt, t) == 0)
                try_in(&own, t, 0);
            zygote_end(&own);
            continue;
        }
        if (!common.open && zygote_start(h, &common, NULL, t) < 0)
            return;
        try_in(&common, t, 0);
        if (!t->done)
            zygote_end(&common);
    }
    zygote_end(&common);
}

static void prepare(struct trial *trials, unsigned want, enum probe_mode mode, enum trial_start start)
{
    for (int i = 0; i < ATTEMPT_COUNT; i++)
        trials[i] =
            (struct trial){.attempt = attempt_rows[i].name, .want = want, .mode = mode, .start = start};
}

static int as_it_shall(const struct trial *t, int want)
{
    if (!t->done)
        printf("# not tried: %s\n", t->text);
    else if (t->outcome != want)
        printf("# got %s\n", outcome_text(t->outcome));
    return t->done && t->outcome == want;
}

static const char *where(enum trial_start start)
{
    return start == TRIAL_CONTAINED ? "all layers" : "all layers but namespaces";
}

/* ---- what a cold worker has and a forked one has not */

static const struct difference {
    enum attempt attempt;
    int only_contained;
    unsigned with; /* there is a difference when this layer is in force; 0: always */
    int outcome;
    const char *why;
} differences[] = {
    {ATTEMPT_odd_signals, 0, 0, 0, "SIGCHLD is blocked as in the zygote; there are no children"},
    {ATTEMPT_shared_session, 0, 0, 0, "the session is the zygote's alone"},
    {ATTEMPT_kill_pid1, 1, LAYER_LANDLOCK, EPERM,
     "process 1 is the zygote, of another domain, and not itself"},
    {ATTEMPT_kill_pid1, 1, 0, 0, "the same, where Landlock does not keep them apart"},
    {ATTEMPT_grow_file, 1, LAYER_RLIMITS, OUTCOME_SIGNAL(SIGXFSZ), "process 1 would survive that signal"},
};

/* But for the first, the filter comes before all that. */
static int wanted(int attempt, unsigned layers, enum trial_start start, int cold)
{
    for (size_t i = 0; i < sizeof differences / sizeof *differences; i++) {
        const struct difference *d = &differences[i];
        if ((int)d->attempt == attempt && (attempt == ATTEMPT_odd_signals || !(layers & LAYER_SECCOMP)) &&
            (start == TRIAL_CONTAINED || !d->only_contained) && (layers & d->with) == d->with)
            return d->outcome;
    }
    return cold;
}

static void test_stack(const struct trial_host *h, enum probe_mode mode, enum trial_start start)
{
    unsigned all =
        start == TRIAL_CONTAINED ? LAYERS_ALL : LAYERS_ALL & ~(LAYER_NAMESPACES | LAYER_EMPTY_ROOT);
    static struct trial t[ATTEMPT_COUNT];
    int in_force = 0;

    prepare(t, LAYERS_ALL, mode, start);
    try_all(h, t);
    for (int i = 0; i < ATTEMPT_COUNT; i++) {
        int want = wanted(i, LAYERS_ALL, start, attempt_outcome(i));
        check(as_it_shall(&t[i], want), "%s, %s: %s: %s", mode_titles[mode], where(start),
              attempt_rows[i].what, outcome_text(want));
        in_force += t[i].layers == all;
    }
    check(in_force == ATTEMPT_COUNT, "%s: every layer was in force each time, %s", mode_titles[mode],
          where(start));
}

/* Without the filter, which would hide it. */
static void test_against_cold(const struct trial_host *h, unsigned without, const char *title,
                              enum trial_start start)
{
    static struct trial cold[ATTEMPT_COUNT], forked[ATTEMPT_COUNT];
    int bad = 0;

    prepare(cold, LAYERS_ALL & ~without, PROBE_JIT, start);
    trials_run(h, cold, ATTEMPT_COUNT);
    prepare(forked, LAYERS_ALL & ~without, PROBE_FORKED, start);
    try_all(h, forked);
    for (int i = 0; i < ATTEMPT_COUNT; i++) {
        int want = wanted(i, LAYERS_ALL & ~without, start, cold[i].outcome);
        if (cold[i].done && as_it_shall(&forked[i], want) && cold[i].layers == forked[i].layers)
            continue;
        printf("# %s: cold %s, forked %s\n", attempt_rows[i].name, outcome_text(cold[i].outcome),
               outcome_text(forked[i].outcome));
        bad++;
    }
    check(bad == 0, "%s%s: a forked worker is stopped as a cold one is", title,
          start == TRIAL_PLAIN ? ", without namespaces" : "");
}

/* ---- one child and another */

static void try_siblings(const struct trial_host *h, struct trial *t, struct zygote *z, struct child *other)
{
    for (int i = 0; i < SIBLING_COUNT; i++) {
        struct trial all = t[0];
        t[i] = (struct trial){
            .attempt = siblings[i].name, .want = all.want, .mode = all.mode, .start = all.start};
        if (!z->open) {
            struct probe_order linger = {.attempt = "linger"};
            if (zygote_start(h, z, NULL, &t[i]) < 0 || fork_child(z, other) < 0 ||
                order(other, &linger) < 0) {
                snprintf(t[i].text, sizeof t[i].text, "there is no other child");
                continue;
            }
        }
        try_in(z, &t[i], other->ready.outcome);
        if (t[i].done)
            continue;
        zygote_end(z);
        child_free(other);
    }
}

static int is_alive(int pidfd)
{
    return syscall(SYS_pidfd_send_signal, pidfd, 0, NULL, 0) == 0;
}

/* Without a layer an attempt may go well: then that is what the control run is for. */
static void run_siblings(const struct trial_host *h, unsigned want, enum probe_mode mode,
                         enum trial_start start, struct trial *t)
{
    struct zygote z = {0};
    struct child other = {.channel = -1, .pidfd = -1};

    t[0] = (struct trial){.want = want, .mode = mode, .start = start};
    try_siblings(h, t, &z, &other);
    if (want == LAYERS_ALL)
        check(other.pidfd >= 0 && is_alive(other.pidfd), "%s, %s: the other run has seen nothing of it",
              mode_titles[mode], where(start));
    zygote_end(&z);
    child_free(&other);
}

static void test_siblings(const struct trial_host *h, enum probe_mode mode, enum trial_start start)
{
    static struct trial t[SIBLING_COUNT];

    run_siblings(h, LAYERS_ALL, mode, start, t);
    for (int i = 0; i < SIBLING_COUNT; i++)
        check(as_it_shall(&t[i], siblings[i].outcome), "%s, %s: %s: %s", mode_titles[mode], where(start),
              siblings[i].what, outcome_text(siblings[i].outcome));
}

static void test_siblings_unfiltered(const struct trial_host *h, enum trial_start start)
{
    static struct trial t[SIBLING_COUNT];

    if (landlock_abi() < 6) {
        printf("# not tried: before ABI 6 Landlock does not keep signals from siblings\n");
        return;
    }
    run_siblings(h, LAYERS_ALL & ~(unsigned)LAYER_SECCOMP, PROBE_FORKED, start, t);
    for (int i = 0; i < SIBLING_COUNT; i++) {
        int want = siblings[i].unfiltered;
        check(as_it_shall(&t[i], want), "forked, without seccomp%s: %s: %s",
              start == TRIAL_PLAIN ? " and namespaces" : "", siblings[i].what, outcome_text(want));
    }
}

/* ---- what it may use up */

static void test_processor_time(const struct trial_host *h, enum trial_start start)
{
    struct trial t = {.attempt = "spin", .want = LAYERS_ALL, .mode = PROBE_FORKED, .start = start};
    struct probe_order linger = {.attempt = "linger"};
    struct zygote z;
    struct child other = {.channel = -1, .pidfd = -1};

    if (check(zygote_start(h, &z, NULL, &t) == 0 && fork_child(&z, &other) == 0 &&
                  order(&other, &linger) == 0,
              "there are two children, %s", where(start))) {
        try_in(&z, &t, other.ready.outcome);
        check(as_it_shall(&t, OUTCOME_SIGNAL(SIGKILL)),
              "one that spends its processor time is ended by the kernel");
        check(is_alive(other.pidfd), "and the other is not");
    }
    zygote_end(&z);
    child_free(&other);
}

/* Without namespaces the limit would count all that the user runs, and is not set. */
static void test_processes(const struct trial_host *h)
{
    struct trial t = {.attempt = "fork-on", .want = LAYERS_ALL, .start = TRIAL_CONTAINED};

    for (t.mode = PROBE_ZYGOTE; t.mode <= PROBE_ZYGOTE_JITLESS; t.mode++) {
        trials_run(h, &t, 1);
        check(as_it_shall(&t, EAGAIN), "%s: it cannot fork without end", mode_titles[t.mode]);
    }
}

/* ---- its end */

static void test_death(const struct trial_host *h, enum trial_start start)
{
    struct trial t = {.want = LAYERS_ALL, .mode = PROBE_FORKED, .start = start};
    struct probe_order linger = {.attempt = "linger"};
    struct zygote z;
    struct child c = {.channel = -1, .pidfd = -1};
    char byte;
    int ready = zygote_start(h, &z, NULL, &t) == 0 && fork_child(&z, &c) == 0 && order(&c, &linger) == 0;

    check(ready && is_alive(c.pidfd), "a child lives on while its zygote does, %s", where(start));
    zygote_end(&z);
    check(ready && arrives(c.pidfd), "and dies with it");
    check(ready && arrives(c.channel) && read(c.channel, &byte, 1) <= 0, "and its channel ends");
    child_free(&c);
}

void test_forked(const struct trial_host *h)
{
    for (enum trial_start start = TRIAL_CONTAINED; start <= TRIAL_PLAIN; start++) {
        for (enum probe_mode mode = PROBE_FORKED; mode <= PROBE_FORKED_JITLESS; mode++) {
            test_stack(h, mode, start);
            test_siblings(h, mode, start);
        }
        test_against_cold(h, LAYER_SECCOMP, "without seccomp", start);
        test_against_cold(h, LAYER_SECCOMP | LAYER_LANDLOCK, "without seccomp and Landlock", start);
        test_against_cold(h, LAYER_SECCOMP | LAYER_RLIMITS, "without seccomp and limits", start);
        test_siblings_unfiltered(h, start);
        test_processor_time(h, start);
        test_death(h, start);
    }
    test_processes(h);
    for (size_t i = 0; i < sizeof differences / sizeof *differences; i++)
        printf("# not the same in a forked worker: %s: %s\n", attempt_rows[differences[i].attempt].what,
               differences[i].why);
}
