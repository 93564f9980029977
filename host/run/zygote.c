/* SPDX-License-Identifier: MIT */
#include "host/run/zygote.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/json.h"
#include "host/io/shortage.h"
#include "host/result/result.h"
#include "host/run/job.h"
#include "host/run/spawn.h"
#include "host/run/supervisor.h"
#include "host/run/watchdog.h"
#include "protocol/pass.h"
#include "protocol/zygote.h"

/* Messages that are read before the loop handles other events. */
#define MOST_MESSAGES 64

/* After a child was refused because descriptors or processes are short, the next request waits this long. */
#define PAUSE_NS 50000000u

/* Children in a row that end before a run takes them, after which the zygote is given up. */
#define MOST_WASTED 64

struct zygote {
    struct zygote_config cfg;
    struct zygote_events events;
    struct spawned process;
    uv_poll_t channel, end;
    uv_timer_t
        patience; /* runs until the zygote is ready, and then until the oldest requested child exists */
    int open_handles;
    int started, failed, closing;
    struct buf job; /* not yet sent from byte `sent` on */
    size_t sent;
    struct frame_reader reader; /* until the zygote is ready */
    struct run_result first;    /* its result, if it fails before that */
    struct forked *children;    /* all children whose end was not reported, the latest first */
    unsigned count, idle, asked, wasted;
    uint64_t not_before_ns; /* the earliest time of the next request */
    uint32_t last_number;
};

/* ---- the end */

static void on_zygote_closed(uv_handle_t *handle)
{
    struct zygote *z = handle->data;

    if (--z->open_handles > 0)
        return;
    waitpid(z->process.pid, NULL, 0);
    close(z->process.socket);
    close(z->process.pidfd);
    close(z->process.status);
    result_free(&z->first);
    buf_free(&z->reader.in);
    buf_free(&z->job);
    free(z);
}

/* Reports the end of a child to its run, which may free the child. */
static void tell_end(struct forked *f, int status, uint64_t cpu_ns)
{
    f->state = FORKED_ENDED;
    f->status = status;
    f->cpu_ns = cpu_ns;
    if (f->on_end)
        f->on_end(f->ctx, status, cpu_ns);
}

static void leave_list(struct forked *f)
{
    for (struct forked **at = f->zygote ? &f->zygote->children : NULL; at && *at; at = &(*at)->next)
        if (*at == f) {
            *at = f->next;
            f->zygote->count--;
            break;
        }
    f->zygote = NULL;
}

static void close_descriptors(struct forked *f)
{
    if (f->socket >= 0)
        close(f->socket);
    if (f->pidfd >= 0) {
        /* Only the zygote claims that the child has ended, so it is killed in any case. */
        syscall(SYS_pidfd_send_signal, f->pidfd, SIGKILL, NULL, 0);
        close(f->pidfd);
    }
    f->socket = f->pidfd = -1;
}

static void destroy(struct forked *f)
{
    leave_list(f);
    close_descriptors(f);
    free(f);
}

/* Gives up a child whose end the zygote has not reported yet. */
static void drop_child(struct forked *f)
{
    close_descriptors(f);
    f->state = FORKED_DROPPED;
}

/* Handles the death of a zygote, with which its children die. */
static void lose_children(struct zygote *z)
{
    struct forked *next;

    for (struct forked *f = z->children; f; f = next) {
        next = f->next;
        f->zygote = NULL;
        if (f->state == FORKED_TAKEN) {
            syscall(SYS_pidfd_send_signal, f->pidfd, SIGKILL, NULL, 0); /* it may not have died yet */
            tell_end(f, SIGKILL, 0);
        } else if (f->state != FORKED_ENDED) {
            destroy(f);
        }
    }
    z->children = NULL;
    z->count = z->idle = z->asked = 0;
}

static void fail_zygote(struct zygote *z, const struct iso_err *err)
{
    if (z->failed || z->closing)
        return;
    z->failed = 1;
    lose_children(z);
    z->events.failed(z->events.ctx, err);
}

void zygote_close(struct zygote *z)
{
    if (z->closing)
        return;
    z->closing = 1;
    lose_children(z);
    syscall(SYS_pidfd_send_signal, z->process.pidfd, SIGKILL, NULL, 0);
    uv_close((uv_handle_t *)&z->channel, on_zygote_closed);
    uv_close((uv_handle_t *)&z->end, on_zygote_closed);
    uv_close((uv_handle_t *)&z->patience, on_zygote_closed);
}

static void on_zygote_end(uv_poll_t *poll, int status, int events)
{
    struct zygote *z = poll->data;
    struct iso_err err;

    (void)status;
    (void)events;
    uv_poll_stop(poll);
    if (!spawn_error(z->process.status, &err))
        iso_fail(&err, ISO_WORKER_CRASHED, "the process that runs are forked from has ended%s",
                 z->started ? "" : " before it was ready");
    fail_zygote(z, &err);
}

static void broken_zygote(struct zygote *z, const char *what)
{
    struct iso_err err;

    iso_fail(&err, ISO_INTERNAL, "the process that runs are forked from broke the protocol: %s", what);
    fail_zygote(z, &err);
}

/* ---- deadlines */

static int read_message(struct zygote *z);

static void expect_in(struct zygote *z, uint64_t ms);

static struct forked *oldest(const struct zygote *z, enum forked_state state)
{
    struct forked *found = NULL;

    for (struct forked *f = z->children; f; f = f->next)
        if (f->state == state)
            found = f;
    return found;
}

/* Milliseconds that are left for the oldest requested child. Other answers of the zygote do not extend them. */
static uint64_t ms_left(const struct zygote *z)
{
    const struct forked *f = oldest(z, FORKED_ASKED);
    uint64_t age = f ? (monotonic_ns() - f->asked_ns) / 1000000u : 0;

    return age < WATCHDOG_BOOT_MS ? WATCHDOG_BOOT_MS - age : 0;
}

static void read_frames(struct zygote *z);

/* Reads messages that have arrived, up to a limit: a hostile zygote could send without end. */
static void read_arrived(struct zygote *z)
{
    if (!z->started)
        read_frames(z);
    for (int n = 0; z->started && !z->failed && n < MOST_MESSAGES + ZYGOTE_MOST && read_message(z); n++)
        ;
}

/* Called at the deadline. If only iso4 itself was late, the answer has arrived: messages are read before the zygote is
 * given up. */
static void on_late(uv_timer_t *timer)
{
    struct zygote *z = timer->data;
    int started = z->started;
    struct iso_err err;

    read_arrived(z);
    if (z->failed || z->closing || (z->started && z->asked == 0))
        return;
    if (z->started && (!started || ms_left(z) > 0)) {
        expect_in(z, ms_left(z));
        return;
    }
    iso_fail(&err, ISO_WORKER_CRASHED, "the process that runs are forked from %s",
             z->started ? "has stopped to answer" : "was not ready in time");
    fail_zygote(z, &err);
}

/* Sets the deadline. Updates the loop's clock first, which stands still while callbacks run. */
static void expect_in(struct zygote *z, uint64_t ms)
{
    uv_update_time(z->patience.loop);
    uv_timer_start(&z->patience, on_late, ms, 0);
}

/* ---- requesting children */

static int ask_for_child(struct zygote *z, struct forked *f, int channel)
{
    struct zygote_message m = {ZYGOTE_FORK, f->number, 0, 0, 0};

    return pass_send(z->process.socket, &m, sizeof m, channel);
}

/* Descriptors that must stay free for other uses. */
#define SPARE_DESCRIPTORS 24

/* 1 when fd is near the limit. The kernel assigns the lowest free number, so few are free then. */
static int is_spare(int fd)
{
    struct rlimit limit;

    return getrlimit(RLIMIT_NOFILE, &limit) == 0 && (rlim_t)fd + SPARE_DESCRIPTORS >= limit.rlim_cur;
}

/* Requests a child. 0, or an error number. */
static int add_child(struct zygote *z)
{
    struct forked *f = calloc(1, sizeof *f);
    int ends[2], error = 0;

    if (!f || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
        error = errno;
        free(f);
        return error;
    }
    *f = (struct forked){.state = FORKED_ASKED,
                         .socket = ends[0],
                         .pidfd = -1,
                         .number = ++z->last_number,
                         .asked_ns = monotonic_ns(),
                         .zygote = z,
                         .next = z->children};
    z->children = f;
    z->count++;
    if (is_spare(ends[1]))
        error = EMFILE;
    else if (fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0 || ask_for_child(z, f, ends[1]) < 0)
        error = errno;
    if (error)
        destroy(f);
    close(ends[1]);
    if (!error && z->asked++ == 0)
        expect_in(z, WATCHDOG_BOOT_MS);
    return error;
}

static void pause_asking(struct zygote *z)
{
    z->not_before_ns = monotonic_ns() + PAUSE_NS;
}

/* Requests children until enough are ready. After an error a later zygote_take() tries again. */
static void top_up(struct zygote *z)
{
    struct iso_err err;
    int error = 0;

    while (!error && z->started && !z->failed && !z->closing && z->asked < ZYGOTE_MOST_ASKED &&
           z->count < ZYGOTE_MOST && z->idle + z->asked < z->cfg.ready &&
           (!z->not_before_ns || monotonic_ns() >= z->not_before_ns)) {
        z->not_before_ns = 0;
        error = add_child(z);
    }
    if (!error || error == EPIPE || error == ECONNRESET) /* the zygote has died, which is handled elsewhere */
        return;
    pause_asking(z);
    if (shortage_is(error))
        return;
    iso_fail(&err, ISO_INTERNAL, "the process that runs are forked from takes no request: %s",
             strerrordesc_np(error));
    fail_zygote(z, &err);
}

struct forked *zygote_take(struct zygote *z)
{
    struct forked *f = z->failed || z->closing ? NULL : oldest(z, FORKED_IDLE);

    if (f) {
        f->state = FORKED_TAKEN;
        z->idle--;
        z->wasted = 0;
    }
    top_up(z);
    return f;
}

int zygote_owes(const struct zygote *z)
{
    return !z->failed && (!z->started || z->asked > 0);
}

void zygote_shrink(struct zygote *z)
{
    struct forked *f;

    z->cfg.ready = z->idle > 1 ? z->idle / 2 : 1;
    while (z->idle > z->cfg.ready && (f = oldest(z, FORKED_IDLE))) {
        z->idle--;
        drop_child(f);
    }
}

void forked_watch(struct forked *f, void (*ended)(void *ctx, int status, uint64_t cpu_ns), void *ctx)
{
    f->on_end = ended;
    f->ctx = ctx;
    if (f->state == FORKED_ENDED)
        ended(ctx, f->status, f->cpu_ns);
}

void forked_lost(struct forked *f)
{
    struct zygote *z = f->zygote;
    struct iso_err err;

    if (z)
        read_arrived(z); /* the end may have been told, and read late */
    if (!f->zygote)
        return;
    iso_fail(&err, ISO_WORKER_CRASHED,
             "the process that runs are forked from has kept a child that was killed");
    fail_zygote(z, &err);
}

void forked_free(struct forked *f)
{
    if (f->zygote && f->state == FORKED_TAKEN)
        drop_child(f);
    else
        destroy(f);
}

/* ---- messages from the zygote */

/* Reports why the zygote failed to start. */
static void not_ready(struct zygote *z)
{
    struct buf text = {0};
    struct iso_err err;

    if (z->first.last == FRAME_MEMORY) {
        iso_fail(&err, ISO_MEMORY_LIMIT, "the memory budget of %llu MiB is spent",
                 (unsigned long long)z->cfg.limits.value[LIMIT_MEMORY]);
    } else if (z->first.last == FRAME_FATAL) {
        iso_fail(&err, ISO_WORKER_CRASHED, "the worker crashed: V8 gave up: %s", z->first.fatal);
    } else {
        if (z->first.message.len) /* an interrupted one sends no message */
            json_string_to_text(&text, z->first.message.data, z->first.message.len);
        iso_fail(&err, z->first.code, "%.*s", (int)text.len, text.len ? text.data : "it was interrupted");
        buf_free(&text);
    }
    fail_zygote(z, &err);
}

static void take_frame(struct zygote *z, const struct frame *f)
{
    struct iso_err err;
    enum result_step step;

    if (result_frame(&z->first, &z->cfg.limits, JOB_RUN, f, &step, &err) < 0) {
        fail_zygote(z, &err);
    } else if (step == RESULT_STARTED) {
        z->started = 1;
        uv_timer_stop(&z->patience);
        top_up(z);
        z->events.ready(z->events.ctx);
    } else if (step == RESULT_LAST) {
        not_ready(z);
    }
}

static void read_frames(struct zygote *z)
{
    size_t room;
    char *to = frame_room(&z->reader, 4096, &room);
    ssize_t n = to ? read(z->process.socket, to, room) : -1;
    struct iso_err err;
    struct frame f;
    int more;

    if (n <= 0) {
        if (n == 0 || (errno != EAGAIN && errno != EINTR))
            uv_poll_stop(&z->channel); /* the end of the process is handled elsewhere */
        return;
    }
    frame_received(&z->reader, (size_t)n);
    while (!z->started && !z->failed && (more = frame_next(&z->reader, 1, &f, &err)) != 0) {
        if (more < 0)
            fail_zygote(z, &err);
        else
            take_frame(z, &f);
    }
    /* Nothing was requested yet, so no bytes may follow. */
    if (z->started && z->reader.at < z->reader.in.len)
        broken_zygote(z, "a message before it was asked");
}

static struct forked *find_child(struct zygote *z, uint32_t number)
{
    for (struct forked *f = z->children; f; f = f->next)
        if (f->number == number)
            return f;
    return NULL;
}

/* Counts a request that was answered: the child exists, or will never exist. */
static void answered(struct zygote *z)
{
    if (--z->asked == 0)
        uv_timer_stop(&z->patience);
}

/* Handles a child for which no pidfd could be opened. */
static void take_unopened(struct zygote *z, struct forked *f, int error)
{
    struct iso_err err;

    answered(z);
    drop_child(f);
    if (error == ESRCH) /* the child has ended */
        return;
    pause_asking(z);
    if (shortage_is(error))
        return;
    iso_fail(&err, ISO_INTERNAL, "a process that was forked cannot be watched: pidfd_open: %s",
             strerrordesc_np(error));
    fail_zygote(z, &err);
}

/* Takes a new child. The kernel vouches for the number `from`, but if the child has ended, another process may have the
 * number now. It must be a child of the same zygote; otherwise the zygote is given up. */
static void take_child(struct zygote *z, struct forked *f, pid_t from)
{
    int own, error = 0;

    f->pid = from;
    f->pidfd = (int)syscall(SYS_pidfd_open, from, 0);
    own = f->pidfd < 0 ? -1 : spawn_is_child(f->pidfd, from, z->process.pid);
    if (own < 0)
        error = errno;
    if (own == 0) {
        broken_zygote(z, "a child that is not its own");
    } else if (own < 0) {
        take_unopened(z, f, error);
    } else {
        answered(z);
        f->state = FORKED_IDLE;
        z->idle++;
    }
    top_up(z);
    z->events.ready(z->events.ctx);
}

/* Handles a child that ended before a run took it. */
static void take_waste(struct zygote *z, struct forked *f)
{
    struct iso_err err;

    if (f->state == FORKED_IDLE)
        z->idle--;
    else if (f->state == FORKED_ASKED)
        answered(z);
    z->wasted += f->state != FORKED_DROPPED;
    destroy(f);
    if (z->wasted >= MOST_WASTED) {
        iso_fail(&err, ISO_WORKER_CRASHED, "children of the process that runs are forked from do not live");
        fail_zygote(z, &err);
        return;
    }
    top_up(z);
    z->events.ready(z->events.ctx);
}

static void take_end(struct zygote *z, struct forked *f, const struct zygote_message *m)
{
    if (f->state != FORKED_TAKEN) {
        take_waste(z, f);
        return;
    }
    leave_list(f);
    tell_end(f, m->status, m->cpu_ns);
}

static void take_refusal(struct zygote *z, struct forked *f)
{
    answered(z);
    destroy(f);
    pause_asking(z);
    z->events.ready(z->events.ctx);
}

static void take_message(struct zygote *z, const struct zygote_message *m, pid_t from)
{
    struct forked *f = find_child(z, m->number);
    int from_zygote = from == z->process.pid;

    if (m->kind == ZYGOTE_FORKED && !from_zygote && f && f->state == FORKED_ASKED)
        take_child(z, f, from);
    else if (m->kind == ZYGOTE_ENDED && from_zygote && f)
        take_end(z, f, m);
    else if (m->kind == ZYGOTE_REFUSED && from_zygote && f && f->state == FORKED_ASKED)
        take_refusal(z, f);
    else
        broken_zygote(z, "a message that makes no sense");
}

/* Reads one message; each has its own sender. 0 when there is none, or no more are wanted. */
static int read_message(struct zygote *z)
{
    struct zygote_message m;
    pid_t from;
    ssize_t n = pass_receive_from(z->process.socket, &m, sizeof m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC, &from);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return 0;
    if (n < 0 && errno == EPROTO)
        broken_zygote(z, "a message with something attached");
    else if (n <= 0) /* the end; ECONNRESET: it died with an unread request */
        uv_poll_stop(&z->channel);
    else if (n != (ssize_t)sizeof m)
        broken_zygote(z, "half a message");
    else
        take_message(z, &m, from);
    return n > 0 && !z->failed && !z->closing;
}

/* Sends as much of the job as the socket takes. When the zygote does not read, it is given up as late. */
static void send_job(struct zygote *z)
{
    ssize_t n =
        send(z->process.socket, z->job.data + z->sent, z->job.len - z->sent, MSG_NOSIGNAL | MSG_DONTWAIT);

    if (n > 0)
        z->sent += (size_t)n;
    else if (errno == EAGAIN || errno == EINTR)
        return;
    if (n > 0 && z->sent < z->job.len)
        return;
    buf_free(&z->job); /* sent, or the zygote has ended, which is handled elsewhere */
}

static void on_channel(uv_poll_t *poll, int status, int events)
{
    struct zygote *z = poll->data;

    (void)status;
    if (events & UV_WRITABLE) {
        send_job(z);
        if (!z->job.len)
            uv_poll_start(&z->channel, UV_READABLE, on_channel);
    }
    if (!(events & UV_READABLE) && status == 0)
        return;
    if (!z->started)
        read_frames(z);
    else /* limited: a hostile zygote could send without end */
        for (int n = 0; n < MOST_MESSAGES && read_message(z); n++)
            ;
}

/* ---- starting */

static int make_job(struct zygote *z, struct iso_err *err)
{
    struct run_request request = {.mode = JOB_ZYGOTE,
                                  .limits = z->cfg.limits,
                                  .snapshot_name = z->cfg.snapshot_name,
                                  .imports = z->cfg.imports,
                                  .stripper = z->cfg.stripper,
                                  .call = z->cfg.warm};

    job_frame(&request, &z->job);
    return z->job.failed ? iso_fail(err, ISO_INTERNAL, "out of memory") : 0;
}

int zygote_open(uv_loop_t *loop, const struct zygote_config *cfg, const struct zygote_events *events,
                struct zygote **out, struct iso_err *err)
{
    struct zygote *z = calloc(1, sizeof *z);
    struct worker_config worker = {
        .paths = cfg->paths,
        .snapshot_fd = cfg->snapshot_fd,
        .jitless = cfg->jitless,
        .strict = cfg->strict,
        .memory_bytes = limits_memory_bytes(&cfg->limits),
        .zygote = 1,
    };
    int rc;

    if (!z)
        return iso_fail(err, ISO_INTERNAL, "out of memory");
    z->cfg = *cfg;
    z->events = *events;
    result_init(&z->first, &cfg->limits);
    rc = spawn_worker(&worker, &z->process, err);
    if (rc < 0) {
        free(z);
        return rc;
    }
    (void)pass_name_senders(z->process.socket); /* if it fails, the first message counts as malformed */
    uv_poll_init(loop, &z->channel, z->process.socket);
    uv_poll_init(loop, &z->end, z->process.pidfd);
    uv_timer_init(loop, &z->patience);
    z->channel.data = z->end.data = z->patience.data = z;
    z->open_handles = 3;
    if (make_job(z, err) < 0) {
        zygote_close(z);
        return -1;
    }
    uv_poll_start(&z->channel, UV_READABLE | UV_WRITABLE, on_channel);
    uv_poll_start(&z->end, UV_READABLE, on_zygote_end);
    expect_in(z, WATCHDOG_BOOT_MS);
    *out = z;
    return 0;
}
