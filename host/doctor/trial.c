/* SPDX-License-Identifier: MIT */
#include "host/doctor/trial.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/msg.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/file.h"
#include "host/io/shortage.h"
#include "host/run/spawn.h"
#include "protocol/worker.h"

/* Probes that run at the same time. */
#define MOST_RUNNING 8
#define LONGEST_MS   5000

const struct attempt_row attempt_rows[ATTEMPT_COUNT] = {
#define X(name, group, what, outcome) [ATTEMPT_##name] = {#name, #group, what, outcome},
    ISO_ATTEMPTS(X)
#undef X
};

const char *const probe_mode_names[PROBE_MODES] = {
#define X(id, name) [PROBE_##id] = name,
    ISO_PROBE_MODES(X)
#undef X
};

extern char **environ;

const char *outcome_text(int outcome)
{
    static char texts[8][24];
    static unsigned next;
    char *text = texts[next++ % 8];
    const char *name = outcome > 0 ? strerrorname_np(outcome) : sigabbrev_np(-outcome);

    if (outcome == 0)
        return "permitted";
    if (outcome == OUTCOME_ENDED)
        return "ended";
    if (name)
        snprintf(text, sizeof *texts, "%s%s", outcome < 0 ? "SIG" : "", name);
    else
        snprintf(text, sizeof *texts, "%s %d", outcome < 0 ? "signal" : "error", abs(outcome));
    return text;
}

/* ---- the targets of the probes */

static volatile uint64_t secret;

static int listen_on(const void *address, socklen_t len)
{
    int fd =
        socket(((const struct sockaddr *)address)->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd >= 0 && (bind(fd, address, len) < 0 || listen(fd, 64) < 0)) {
        close(fd);
        return -1;
    }
    return fd;
}

/* Opens a TCP port. Some containers have no IPv4: then there is no target, and the control run shows that. */
static unsigned open_port(struct trial_host *h)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;

    h->port = listen_on(&address, len);
    if (h->port < 0 || getsockname(h->port, (struct sockaddr *)&address, &len) < 0)
        return 0;
    return ntohs(address.sin_port);
}

static void open_abstract(struct trial_host *h)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int n = snprintf(address.sun_path + 1, sizeof address.sun_path - 1, PROBE_SOCKET, getpid());

    h->socket = listen_on(&address, (socklen_t)(sizeof address.sun_family + 1 + (size_t)n));
}

/* Opens a descriptor without close-on-exec, above the numbers that spawn.c uses. */
static int open_leak(void)
{
    AUTO_FD int fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    return fd < 0 ? -1 : fcntl(fd, F_DUPFD, 20);
}

static unsigned long namespace_number(const char *name)
{
    char path[64];
    struct stat st = {0};

    snprintf(path, sizeof path, "/proc/self/ns/%s", name);
    return stat(path, &st) < 0 ? 0 : st.st_ino;
}

static void describe_targets(struct trial_host *h, unsigned port)
{
    static const char *const names[PROBE_NAMESPACE_COUNT] = {PROBE_NAMESPACES};
    size_t at = (size_t)snprintf(h->targets, sizeof h->targets, "%u:%lx", port, (unsigned long)&secret);

    for (int i = 0; i < PROBE_NAMESPACE_COUNT; i++)
        at += (size_t)snprintf(h->targets + at, sizeof h->targets - at, "%c%lu", i ? ',' : ':',
                               namespace_number(names[i]));
    snprintf(h->parent, sizeof h->parent, "%d", getpid());
}

/* Finds the probe beside the worker. */
static int find_probe(struct trial_host *h, const struct paths *paths, struct iso_err *err)
{
    const char *slash = strrchr(paths->worker, '/');

    if (asprintf(&h->probe, "%.*s/probe", slash ? (int)(slash - paths->worker) : 0, paths->worker) < 0)
        return iso_fail(err, ISO_INTERNAL, "out of memory");
    if (access(h->probe, X_OK) == 0)
        return 0;
    iso_fail(err, ISO_SANDBOX_UNAVAILABLE, "the installation is incomplete: '%s' cannot be started: %m",
             h->probe);
    free(h->probe);
    h->probe = NULL;
    return -1;
}

int trial_host_open(struct trial_host *h, const struct paths *paths, struct iso_err *err)
{
    *h = (struct trial_host){.port = -1, .socket = -1, .leak = -1, .queue = -1};
    if (find_probe(h, paths, err) < 0)
        return -1;
    secret = PROBE_SECRET;
    open_abstract(h);
    h->queue = msgget(PROBE_QUEUE(getpid()), IPC_CREAT | 0666);
    h->leak = open_leak();
    describe_targets(h, open_port(h));
    if (h->leak >= 0 && setenv("ISO4_PROBE_LEAK", "1", 1) == 0)
        return 0;
    iso_fail(err, ISO_INTERNAL, "cannot make what the probes are to find: %m");
    trial_host_close(h);
    return -1;
}

void trial_host_close(struct trial_host *h)
{
    for (int *fds[] = {&h->port, &h->socket, &h->leak, NULL}, **fd = fds; *fd; fd++)
        if (**fd >= 0)
            close(**fd);
    if (h->queue >= 0)
        msgctl(h->queue, IPC_RMID, NULL);
    unsetenv("ISO4_PROBE_LEAK");
    free(h->probe);
    *h = (struct trial_host){.port = -1, .socket = -1, .leak = -1, .queue = -1};
}

/* ---- starting */

static void __attribute__((noreturn)) exec_bare(char **argv, int socket)
{
    if (dup2(socket, WORKER_FD_PARENT) == WORKER_FD_PARENT)
        execve(argv[0], argv, environ);
    _exit(127);
}

/* Starts a probe like an ordinary program: fork and exec. */
static int start_bare(const struct spawn_config *cfg, struct spawned *out, struct iso_err *err)
{
    char *argv[SPAWN_WORDS + 3] = {NULL};
    int ends[2], n = 0;

    for (; cfg->argv[n]; n++)
        argv[n] = (char *)cfg->argv[n];
    argv[n] = (char *)"plain";
    argv[n + 1] = (char *)"user";
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
        return iso_fail(err, ISO_INTERNAL, "cannot make a channel: %m");
    *out = (struct spawned){.pid = fork(), .socket = ends[0], .status = -1};
    if (out->pid == 0)
        exec_bare(argv, ends[1]);
    close(ends[1]);
    out->pidfd = out->pid < 0 ? -1 : (int)syscall(SYS_pidfd_open, out->pid, 0);
    if (out->pidfd >= 0 && fcntl(out->socket, F_SETFL, O_NONBLOCK) == 0)
        return 0;
    close(out->socket);
    return shortage_fail(err, "cannot start a process", errno);
}

static int start_probe(const struct trial_host *h, const char *attempt, const struct trial *t, int extra_fd,
                       struct spawned *out, struct iso_err *err)
{
    char want[16];
    const char *argv[] = {h->probe, attempt, want, probe_mode_names[t->mode], h->parent, h->targets, NULL};
    struct spawn_config cfg = {
        .argv = argv, .snapshot_fd = extra_fd, .uncontained = t->start != TRIAL_CONTAINED};

    snprintf(want, sizeof want, "0x%x", t->want);
    return t->start == TRIAL_BARE ? start_bare(&cfg, out, err) : spawn_process(&cfg, out, err);
}

/* ---- results */

static void take_records(struct trial *t, const struct spawned *s)
{
    struct probe_record r;

    while (recv(s->socket, &r, sizeof r, MSG_WAITALL | MSG_DONTWAIT) == sizeof r) {
        t->layers = r.layers;
        r.text[sizeof r.text - 1] = 0;
        if (r.step == PROBE_FAILED)
            snprintf(t->text, sizeof t->text, "%s", r.text);
        if (r.step == PROBE_READY) {
            t->done = 1;
            t->outcome = OUTCOME_ENDED;
        }
        if (r.step == PROBE_RESULT) {
            t->done = 1;
            t->outcome = r.outcome;
        }
    }
}

static void judge_trial(struct trial *t, const struct spawned *s, int status)
{
    struct iso_err err;

    take_records(t, s);
    if (t->done && WIFSIGNALED(status))
        t->outcome = OUTCOME_SIGNAL(WTERMSIG(status));
    if (t->done || *t->text)
        return;
    if (s->status >= 0 && spawn_error(s->status, &err))
        snprintf(t->text, sizeof t->text, "%s", err.msg);
    else if (WIFSIGNALED(status))
        snprintf(t->text, sizeof t->text, "the probe died of SIG%s before the sandbox was closed",
                 sigabbrev_np(WTERMSIG(status)));
    else
        snprintf(t->text, sizeof t->text, "the probe ended with status %d before the sandbox was closed",
                 WEXITSTATUS(status));
}

static void release(struct spawned *s)
{
    close(s->pidfd);
    close(s->socket);
    if (s->status >= 0)
        close(s->status);
}

static long now_ms(void)
{
    return (long)(monotonic_ns() / 1000000);
}

struct running {
    struct trial *trial; /* NULL: the place is free */
    struct spawned process;
    long since;
};

/* 1, or 0 or SHORTAGE when the probe was not started, with the reason in the trial. */
static int begin_trial(const struct trial_host *h, struct running *r, struct trial *t)
{
    struct iso_err err;
    int rc;

    t->done = 0;
    *t->text = 0;
    rc = start_probe(h, t->attempt, t, -1, &r->process, &err);
    if (rc < 0) {
        snprintf(t->text, sizeof t->text, "%s", err.msg);
        return rc == SHORTAGE ? SHORTAGE : 0;
    }
    r->trial = t;
    r->since = now_ms();
    return 1;
}

static int end_if_over(struct running *r)
{
    int status;

    if (now_ms() - r->since > LONGEST_MS)
        kill(r->process.pid, SIGKILL);
    if (waitpid(r->process.pid, &status, WNOHANG) != r->process.pid)
        return 0;
    judge_trial(r->trial, &r->process, status);
    release(&r->process);
    r->trial = NULL;
    return 1;
}

static void wait_for_one(const struct running *running)
{
    struct pollfd fds[MOST_RUNNING];
    nfds_t n = 0;

    for (int i = 0; i < MOST_RUNNING; i++)
        if (running[i].trial)
            fds[n++] = (struct pollfd){.fd = running[i].process.pidfd, .events = POLLIN};
    poll(fds, n, LONGEST_MS);
}

/* Starts probes as far as there are places for them, and processes: a shortage is waited out while others run. */
static int begin_some(const struct trial_host *h, struct running *running, int busy, struct trial **next,
                      const struct trial *end)
{
    for (int i = 0; i < MOST_RUNNING && *next < end; i++) {
        int rc;

        if (running[i].trial)
            continue;
        rc = begin_trial(h, &running[i], *next);
        if (rc == SHORTAGE && busy)
            break;
        *next += 1;
        busy += rc == 1;
    }
    return busy;
}

void trials_run(const struct trial_host *h, struct trial *trials, size_t count)
{
    struct running running[MOST_RUNNING] = {0};
    struct trial *next = trials;
    int busy = 0;

    while (busy || next < trials + count) {
        busy = begin_some(h, running, busy, &next, trials + count);
        if (busy)
            wait_for_one(running);
        for (int i = 0; i < MOST_RUNNING; i++)
            if (running[i].trial)
                busy -= end_if_over(&running[i]);
    }
}

/* ---- death with the parent */

/* Runs in a child: starts a probe that stays, waits until it is locked down, reports its number and dies. */
static void __attribute__((noreturn))
be_parent(const struct trial_host *h, const struct trial *t, int tell, int held)
{
    struct spawned s;
    struct iso_err err;
    struct probe_record r = {0};
    struct pollfd ready;

    if (start_probe(h, "linger", t, held, &s, &err) < 0)
        _exit(1);
    ready = (struct pollfd){.fd = s.socket, .events = POLLIN};
    poll(&ready, 1, LONGEST_MS);
    if (recv(s.socket, &r, sizeof r, MSG_WAITALL | MSG_DONTWAIT) != sizeof r || r.step != PROBE_READY)
        _exit(1);
    (void)!write(tell, &s.pid, sizeof s.pid);
    raise(SIGKILL);
    _exit(1);
}

/* 1 when the probe ends in time: it alone has the write end of a pipe open, so the pipe ends with it. */
static int orphan_ends(int held, int ms)
{
    struct pollfd end = {.fd = held, .events = POLLIN};

    return poll(&end, 1, ms) == 1 && end.revents & POLLHUP;
}

static int watch_orphan(pid_t parent, int told, int held, enum trial_start start)
{
    pid_t probe;
    int status, gone;

    if (waitpid(parent, &status, 0) != parent || read(told, &probe, sizeof probe) != sizeof probe)
        return -1;
    gone = orphan_ends(held, start == TRIAL_BARE ? 50 : LONGEST_MS / 5);
    if (!gone)
        kill(probe, SIGKILL);
    return gone;
}

int trial_orphan(const struct trial_host *h, unsigned want, enum trial_start how)
{
    struct trial t = {.want = want, .start = how};
    int tell[2], held[2], result;
    pid_t parent;

    if (pipe2(tell, O_CLOEXEC) < 0)
        return -1;
    if (pipe2(held, how == TRIAL_BARE ? 0 : O_CLOEXEC) < 0) {
        close(tell[0]);
        close(tell[1]);
        return -1;
    }
    parent = fork();
    if (parent == 0)
        be_parent(h, &t, tell[1], held[1]);
    close(tell[1]);
    close(held[1]);
    result = parent < 0 ? -1 : watch_orphan(parent, tell[0], held[0], how);
    close(tell[0]);
    close(held[0]);
    return result;
}
