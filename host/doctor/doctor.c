/* SPDX-License-Identifier: MIT */
#include "host/doctor/doctor.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/json.h"
#include "host/doctor/trial.h"
#include "host/run/address_space.h"
#include "host/run/supervisor.h"
#include "snapshots/snapshot.h"

/* ---- the checks of each layer: the attempt; the layers in force with it, and in the control run without it; how the
 * probe is started; the first Landlock ABI that can stop the attempt */

static const struct check {
    enum layer_bit layer;
    enum attempt attempt;
    unsigned with, without;
    enum trial_start start, control;
    int abi;
} checks[] = {
#define PARENT(layer, attempt) LAYER_BIT_##layer, ATTEMPT_##attempt, 0, 0, TRIAL_PLAIN, TRIAL_BARE, 0
    {PARENT(DESCRIPTORS, fdleak)},
    {PARENT(ENVIRONMENT, envleak)},
    {PARENT(DEATH_WITH_PARENT, no_death_signal)},
#define CHECK(layer, attempt, needs) \
    LAYER_BIT_##layer, ATTEMPT_##attempt, LAYER_##layer | (needs), needs, TRIAL_PLAIN, TRIAL_PLAIN, 0
    {CHECK(RLIMITS, open_root, 0u)},
    {CHECK(RLIMITS, dup, 0u)},
    {CHECK(RLIMITS, grow_file, 0u)},
    {CHECK(RLIMITS, over_budget, 0u)},
    {CHECK(RLIMITS, over_budget_brk, 0u)},
    {CHECK(RLIMITS, over_address_space, 0u)},
    {CHECK(RLIMITS, loose_limits, 0u)},
    {CHECK(NO_NEW_PRIVS, new_privs, 0u)},
    /* root may read the memory of any process, so its capabilities are dropped first */
    {CHECK(NOT_DUMPABLE, peek_child, LAYER_NO_CAPABILITIES)},
    {CHECK(NOT_DUMPABLE, dumpable, 0u)},
#define CONTAINED(attempt) LAYER_BIT_NAMESPACES, ATTEMPT_##attempt, 0, 0, TRIAL_CONTAINED, TRIAL_PLAIN, 0
    {CONTAINED(shared_namespaces)},
    {CONTAINED(kill_parent)},
    {CONTAINED(connect_loopback)},
    {CONTAINED(abstract_connect)},
    {CONTAINED(host_queue)},
#define INSIDE(layer, attempt) \
    LAYER_BIT_##layer, ATTEMPT_##attempt, LAYER_##layer, 0, TRIAL_CONTAINED, TRIAL_CONTAINED, 0
    {INSIDE(EMPTY_ROOT, open_etc)},
    {INSIDE(EMPTY_ROOT, stat_etc)},
    {INSIDE(EMPTY_ROOT, create_file)},
    {INSIDE(EMPTY_ROOT, write_root)},
    {INSIDE(EMPTY_ROOT, execve)},
    {INSIDE(NOT_ROOT, root_outside)},
    {INSIDE(NO_CAPABILITIES, capabilities)},
    {INSIDE(NO_CAPABILITIES, mount)},
    {INSIDE(NO_CAPABILITIES, chroot)},
    {INSIDE(NO_CAPABILITIES, sethostname)},
#define LANDLOCK(attempt, abi)                                                                      \
    LAYER_BIT_LANDLOCK, ATTEMPT_##attempt, LAYER_LANDLOCK | LAYER_NO_NEW_PRIVS, LAYER_NO_NEW_PRIVS, \
        TRIAL_PLAIN, TRIAL_PLAIN, abi
    {LANDLOCK(open_etc, 1)},
    {LANDLOCK(create_file, 1)},
    {LANDLOCK(execve, 1)},
    {LANDLOCK(connect_loopback, 4)},
    {LANDLOCK(bind_tcp, 4)},
    {LANDLOCK(abstract_connect, 6)},
    {LANDLOCK(kill_parent, 6)},
    {CHECK(SECCOMP, open_etc, LAYER_NO_NEW_PRIVS)},
    {CHECK(SECCOMP, socket_unix, LAYER_NO_NEW_PRIVS)},
    {CHECK(SECCOMP, fork, LAYER_NO_NEW_PRIVS)},
    {CHECK(SECCOMP, execve, LAYER_NO_NEW_PRIVS)},
    {CHECK(SECCOMP, mmap_rwx, LAYER_NO_NEW_PRIVS)},
    {CHECK(SECCOMP, mprotect_exec, LAYER_NO_NEW_PRIVS)},
    {CHECK(SECCOMP, uname, LAYER_NO_NEW_PRIVS)},
};
#define CHECKS (sizeof checks / sizeof *checks)

static const int required[LAYER_COUNT] = {
#define X(id, name, always) [LAYER_BIT_##id] = always,
    ISO_LAYERS(X)
#undef X
};

/* ---- judging one layer */

struct examination {
    struct doctor *d;
    struct trial_host host;
    struct trial with[CHECKS], without[CHECKS];
};

static void prepare_checks(struct examination *x)
{
    for (size_t i = 0; i < CHECKS; i++) {
        const struct check *c = &checks[i];
        const char *name = attempt_rows[c->attempt].name;
        x->with[i] = (struct trial){.attempt = name, .want = c->with, .start = c->start};
        x->without[i] = (struct trial){.attempt = name, .want = c->without, .start = c->control};
    }
}

static void add_to_list(struct buf *list, const char *between, const char *text)
{
    buf_printf(list, "%s%s", list->len ? between : "", text);
}

static int has_text(const struct buf *list, const char *text)
{
    return list->len && memmem(list->data, list->len, text, strlen(text)) != NULL;
}

/* 1 when the layer stopped the attempt; adds the result to the report. */
static int judge_check(struct doctor_layer *l, const struct check *c, const struct trial *with,
                       const struct trial *without)
{
    add_to_list(&l->tried, "; ", attempt_rows[c->attempt].what);
    if (with->done)
        add_to_list(&l->result, ", ", outcome_text(with->outcome));
    else if (!has_text(&l->result, with->text)) /* each text once: mostly all are the same */
        add_to_list(&l->result, ", ", with->text);
    add_to_list(&l->control, ", ", without->done ? outcome_text(without->outcome) : "not to be tried");
    return with->done && with->outcome != 0;
}

/* The optional layers that a trial should have, the parent's included. A missing optional layer is not an error. */
static unsigned expected(const struct check *c)
{
    return c->with |
           (c->layer == LAYER_BIT_NAMESPACES || c->layer == LAYER_BIT_EMPTY_ROOT ? LAYER_NAMESPACES : 0u);
}

static void judge_layer(struct examination *x, enum layer_bit layer)
{
    struct doctor_layer *l = &x->d->layers[layer];
    int good = 1, there = 1;

    l->required = required[layer];
    for (size_t i = 0; i < CHECKS; i++) {
        const struct check *c = &checks[i];
        if (c->layer != layer || (c->abi > 1 && c->abi > x->d->machine.landlock_abi))
            continue;
        if (x->with[i].done && (x->with[i].layers & expected(c)) != expected(c))
            there = 0;
        good &= judge_check(l, c, &x->with[i], &x->without[i]);
    }
    if (!there) {
        buf_reset(&l->result);
        add_to_list(&l->result, "", "this machine does not give it");
    }
    l->held = good && there;
}

/* Judges the layer that kills a worker when its parent dies. */
static void judge_orphan(struct examination *x)
{
    static const char *const ends[] = {"not to be tried", "it lives on", "it dies"};
    struct doctor_layer *l = &x->d->layers[LAYER_BIT_DEATH_WITH_PARENT];
    int with = trial_orphan(&x->host, 0, TRIAL_CONTAINED);

    add_to_list(&l->tried, "; ", "outlive a parent that is killed");
    add_to_list(&l->result, ", ", ends[with + 1]);
    add_to_list(&l->control, ", ", ends[trial_orphan(&x->host, 0, TRIAL_BARE) + 1]);
    l->held &= with == 1;
}

static void judge_layers(struct examination *x)
{
    prepare_checks(x);
    trials_run(&x->host, x->with, CHECKS);
    trials_run(&x->host, x->without, CHECKS);
    for (int layer = 0; layer < LAYER_COUNT; layer++)
        judge_layer(x, (enum layer_bit)layer);
    judge_orphan(x);
}

/* Collects the missing layers, and the remedy for each. */
static void find_remedies(struct doctor *d)
{
    for (int layer = 0; layer < LAYER_COUNT; layer++)
        if (!d->layers[layer].held)
            remedies_for(&d->machine, (enum layer_bit)layer, d->layers[layer].mend,
                         sizeof d->layers[layer].mend);
}

/* ---- the whole stack, as a worker has it */

static void try_everything(struct examination *x, enum probe_mode mode)
{
    struct doctor *d = x->d;
    struct trial t[ATTEMPT_COUNT];

    for (int i = 0; i < ATTEMPT_COUNT; i++)
        t[i] = (struct trial){.attempt = attempt_rows[i].name, .want = LAYERS_ALL, .mode = mode};
    trials_run(&x->host, t, ATTEMPT_COUNT);
    for (int i = 0; i < ATTEMPT_COUNT; i++) {
        int refused = t[i].done && t[i].outcome != 0;
        d->attempts++;
        d->refused += refused;
        if (!refused && !t[i].done && !d->permitted.len)
            add_to_list(&d->permitted, ", ", t[i].text);
        else if (!refused && t[i].done)
            add_to_list(&d->permitted, ", ", t[i].attempt);
    }
}

/* ---- one run of the worker */

/* A value of /proc/PID/status. The functions here measure the worker, our only child, while its agent waits. */
static long status_kb(const char *status, const char *key)
{
    const char *at = strstr(status, key);

    return at ? strtol(at + strlen(key), NULL, 10) : 0;
}

static pid_t only_child(void)
{
    char text[64];
    int fd = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);

    if (fd >= 0)
        close(fd);
    text[n > 0 ? n : 0] = 0;
    return (pid_t)strtol(text, NULL, 10);
}

static void on_console(void *ctx, int stream, const char *literal, size_t len)
{
    struct doctor *d = ctx;
    char path[64], text[8192];
    ssize_t n;
    int fd;

    (void)stream;
    (void)literal;
    (void)len;
    snprintf(path, sizeof path, "/proc/%d/status", only_child());
    fd = open(path, O_RDONLY | O_CLOEXEC);
    n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (fd >= 0)
        close(fd);
    text[n > 0 ? n : 0] = 0;
    d->rss_kb = status_kb(text, "VmRSS:");
    d->data_kb = status_kb(text, "VmData:");
    d->vm_kb = status_kb(text, "VmSize:");
}

static void on_worker_done(void *ctx, struct run_result *r)
{
    struct doctor *d = ctx;
    struct buf message = {0};

    d->worker_layers = (unsigned)r->layers & LAYERS_ALL;
    d->worker_ok = r->code == ISO_OK && r->exports.len == strlen("{\"default\":1}") &&
                   memcmp(r->exports.data, "{\"default\":1}", r->exports.len) == 0;
    if (d->worker_ok)
        return;
    json_string_to_text(&message, r->message.data, r->message.len);
    snprintf(d->worker_error, sizeof d->worker_error, "%s: %.*s", iso_code_name(r->code), (int)message.len,
             message.len ? message.data : "");
    buf_free(&message);
}

static int run_agent(struct doctor *d, const struct paths *paths, int snapshot_fd, struct iso_err *err)
{
    static const char agent[] =
        "console.log(1); await new Promise((wake) => setTimeout(wake, 2)); export default 1;";
    struct source source = {0};
    struct run_request q = {.mode = JOB_RUN,
                            .sources = &source,
                            .count = 1,
                            .paths = paths,
                            .snapshot_fd = snapshot_fd,
                            .snapshot_name = paths->base,
                            .on_console = on_console,
                            .on_done = on_worker_done,
                            .ctx = d};
    uint64_t since = monotonic_ns();
    uv_loop_t loop;
    int rc = source_read(&source, "agent.js", agent, "agent.js", err);

    limits_default(&q.limits, LIMITS_FOR_RUN);
    if (rc == 0)
        rc = address_space_check(ROOM_FOR_RUN, q.limits.value[LIMIT_MEMORY], err);
    if (rc == 0 && uv_loop_init(&loop) < 0)
        rc = iso_fail(err, ISO_INTERNAL, "cannot make an event loop");
    else if (rc == 0) {
        rc = run_start(&loop, &q, NULL, err);
        uv_run(&loop, UV_RUN_DEFAULT);
        uv_loop_close(&loop);
    }
    source_free(&source);
    d->worker_ns = monotonic_ns() - since;
    return rc;
}

static void try_worker(struct doctor *d, const struct paths *paths)
{
    struct snapshot_file base;
    struct iso_err err;

    if (snapshot_open(paths->base, &base, &err) < 0) {
        snprintf(d->worker_error, sizeof d->worker_error, "%s: %s", iso_code_name(err.code), err.msg);
        return;
    }
    snprintf(d->v8, sizeof d->v8, "%s", base.view.made_with.v8);
    if (run_agent(d, paths, base.fd, &err) < 0)
        snprintf(d->worker_error, sizeof d->worker_error, "%s: %s", iso_code_name(err.code), err.msg);
    snapshot_close(&base);
}

/* ---- */

static void conclude(struct doctor *d)
{
    for (int layer = 0; layer < LAYER_COUNT; layer++) {
        const struct doctor_layer *l = &d->layers[layer];
        if (l->required && (!l->held || !(d->worker_layers & 1u << layer)))
            d->missing |= 1u << layer;
        if (!l->held && d->worker_layers & 1u << layer)
            d->claimed |= 1u << layer;
    }
    d->ok = d->worker_ok && d->attempts > 0 && d->refused == d->attempts && !d->missing && !d->claimed;
}

int doctor_examine(struct doctor *d, const struct paths *paths, struct iso_err *err)
{
    struct examination *x = calloc(1, sizeof *x);

    if (!x)
        return iso_fail(err, ISO_INTERNAL, "out of memory");
    *d = (struct doctor){0};
    x->d = d;
    if (trial_host_open(&x->host, paths, err) < 0) {
        free(x);
        return -1;
    }
    remedies_look(&d->machine);
    judge_layers(x);
    find_remedies(d);
    try_everything(x, PROBE_JIT);
    try_everything(x, PROBE_JITLESS);
    trial_host_close(&x->host);
    try_worker(d, paths);
    conclude(d);
    free(x);
    return 0;
}

void doctor_free(struct doctor *d)
{
    for (int layer = 0; layer < LAYER_COUNT; layer++) {
        buf_free(&d->layers[layer].tried);
        buf_free(&d->layers[layer].result);
        buf_free(&d->layers[layer].control);
    }
    buf_free(&d->permitted);
}
