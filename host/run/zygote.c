/* SPDX-License-Identifier: MIT */
#include "host/run/zygote.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/json.h"
#include "host/result/result.h"
#include "host/run/job.h"
#include "host/run/spawn.h"
#include "host/run/supervisor.h"
#include "protocol/pass.h"
#include "protocol/zygote.h"

/* Read before others have their turn. */
#define MOST_MESSAGES 64

struct zygote {
    struct zygote_config cfg;
    struct zygote_events events;
    struct spawned process;
    uv_poll_t channel, end;
    uv_timer_t patience; /* until it is ready, and whenever it owes a child */
    int open_handles;
    int started, failed, closing;
    struct frame_reader reader; /* until it has started */
    struct run_result first;    /* what it says until then */
    struct forked *children;    /* all that have not been freed */
    unsigned idle, asked;       /* ready to be taken; asked for and not told of yet */
    uint32_t last_number;
};

/* ---- the end */

static void on_closed(uv_handle_t *handle)
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
    free(z);
}

static void tell_end(struct forked *f, int status, uint64_t cpu_ns)
{
    f->ended = 1;
    f->status = status;
    f->cpu_ns = cpu_ns;
    if (f->on_end)
        f->on_end(f->ctx, status, cpu_ns); /* may free it */
}

/* Its children have died with it. */
static void lose_children(struct zygote *z)
{
    struct forked *next;

    for (struct forked *f = z->children; f; f = next) {
        next = f->next;
        f->zygote = NULL;
        if (f->idle || f->pidfd < 0) /* no run has it */
            forked_free(f);
        else if (!f->ended) {
            syscall(SYS_pidfd_send_signal, f->pidfd, SIGKILL, NULL, 0); /* it may not know yet */
            tell_end(f, SIGKILL, 0);
        }
    }
    z->children = NULL;
    z->idle = z->asked = 0;
}

static void fail(struct zygote *z, const struct iso_err *err)
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
    uv_close((uv_handle_t *)&z->channel, on_closed);
    uv_close((uv_handle_t *)&z->end, on_closed);
    uv_close((uv_handle_t *)&z->patience, on_closed);
}

static void on_end(uv_poll_t *poll, int status, int events)
{
    struct zygote *z = poll->data;
    struct iso_err err;

    (void)status;
    (void)events;
    uv_poll_stop(poll);
    if (!spawn_error(z->process.status, &err))
        iso_fail(&err, ISO_WORKER_CRASHED, "the process that runs are forked from has ended%s",
                 z->started ? "" : " before it was ready");
    fail(z, &err);
}

static void on_late(uv_timer_t *timer)
{
    struct zygote *z = timer->data;
    struct iso_err err;

    iso_fail(&err, z->started ? ISO_WORKER_CRASHED : ISO_INTERNAL, "the process that runs are forked from %s",
             z->started ? "has stopped to answer" : "was not ready in time");
    fail(z, &err);
}

static void broken(struct zygote *z, const char *what)
{
    struct iso_err err;

    iso_fail(&err, ISO_INTERNAL, "the process that runs are forked from broke the protocol: %s", what);
    fail(z, &err);
}

/* ---- asking */

static int ask(struct zygote *z, int channel)
{
    struct zygote_message m = {ZYGOTE_FORK, ++z->last_number, 0, 0, 0};

    return pass_send(z->process.socket, &m, sizeof m, channel);
}

/* 0, or an error number. */
static int add_child(struct zygote *z)
{
    struct forked *f = calloc(1, sizeof *f);
    int ends[2], error;

    if (!f || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
        error = errno;
        free(f);
        return error;
    }
    *f = (struct forked){.socket = ends[0], .pidfd = -1, .zygote = z, .next = z->children};
    if (fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0 || ask(z, ends[1]) < 0) {
        error = errno;
        close(ends[0]);
        close(ends[1]);
        free(f);
        return error;
    }
    close(ends[1]);
    f->number = z->last_number;
    z->children = f;
    if (z->asked++ == 0)
        uv_timer_start(&z->patience, on_late, RUN_BOOT_MS, 0);
    return 0;
}

/* It may have died at this moment: another one may do better. */
static int hung_up(int error)
{
    return error == EPIPE || error == ECONNRESET;
}

static void top_up(struct zygote *z)
{
    struct iso_err err;
    int error;

    while (z->started && !z->failed && z->idle + z->asked < z->cfg.ready) {
        error = add_child(z);
        if (error && z->idle + z->asked == 0) { /* else it is tried again when the next one is taken */
            iso_fail(&err, hung_up(error) ? ISO_WORKER_CRASHED : ISO_INTERNAL,
                     "the process that runs are forked from takes no request: %s", strerrordesc_np(error));
            fail(z, &err);
        }
        if (error)
            return;
    }
}

struct forked *zygote_take(struct zygote *z)
{
    struct forked *f = z->failed ? NULL : z->children, *oldest = NULL;

    for (; f; f = f->next)
        if (f->idle)
            oldest = f;
    if (!oldest)
        return NULL;
    oldest->idle = 0;
    z->idle--;
    top_up(z);
    return oldest;
}

void forked_watch(struct forked *f, void (*ended)(void *ctx, int status, uint64_t cpu_ns), void *ctx)
{
    f->on_end = ended;
    f->ctx = ctx;
    if (f->ended)
        ended(ctx, f->status, f->cpu_ns);
}

void forked_lost(struct forked *f)
{
    struct iso_err err;

    if (!f->zygote)
        return;
    iso_fail(&err, ISO_WORKER_CRASHED,
             "the process that runs are forked from has kept a child that was killed");
    fail(f->zygote, &err);
}

void forked_free(struct forked *f)
{
    for (struct forked **at = f->zygote ? &f->zygote->children : NULL; at && *at; at = &(*at)->next)
        if (*at == f) {
            *at = f->next;
            break;
        }
    close(f->socket);
    if (f->pidfd >= 0) {
        /* Its end is the zygote's word only. */
        syscall(SYS_pidfd_send_signal, f->pidfd, SIGKILL, NULL, 0);
        close(f->pidfd);
    }
    free(f);
}

/* ---- listening */

/* What it says in place of being ready. */
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
        if (z->first.message.len) /* one that says that it was interrupted need not say more */
            json_string_to_text(&text, z->first.message.data, z->first.message.len);
        iso_fail(&err, z->first.code, "%.*s", (int)text.len, text.len ? text.data : "it was interrupted");
        buf_free(&text);
    }
    fail(z, &err);
}

static void take_frame(struct zygote *z, const struct frame *f)
{
    struct iso_err err;
    enum result_step step;

    if (result_frame(&z->first, &z->cfg.limits, JOB_RUN, f, &step, &err) < 0) {
        fail(z, &err);
    } else if (step == RESULT_STARTED) {
        z->started = 1;
        uv_timer_stop(&z->patience);
        top_up(z);
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
            uv_poll_stop(&z->channel); /* its end is noticed */
        return;
    }
    frame_received(&z->reader, (size_t)n);
    while (!z->started && !z->failed && (more = frame_next(&z->reader, 1, &f, &err)) != 0) {
        if (more < 0)
            fail(z, &err);
        else
            take_frame(z, &f);
    }
    /* Of what follows nothing has been asked for yet. */
    if (z->started && z->reader.at < z->reader.in.len)
        broken(z, "a message before it was asked");
}

static struct forked *find_child(struct zygote *z, uint32_t number)
{
    for (struct forked *f = z->children; f; f = f->next)
        if (f->number == number)
            return f;
    return NULL;
}

/* It has ended before there was a run for it. */
static void drop_idle(struct zygote *z, struct forked *f)
{
    forked_free(f);
    z->idle--;
    top_up(z);
}

static void take_message(struct zygote *z, const struct zygote_message *m, int fd)
{
    struct forked *f = find_child(z, m->number);

    if (m->kind == ZYGOTE_FORKED && f && f->pidfd < 0 && spawn_is_child(fd, z->process.pid)) {
        f->pidfd = fd;
        f->idle = 1;
        z->idle++;
        if (--z->asked == 0)
            uv_timer_stop(&z->patience);
        else
            uv_timer_start(&z->patience, on_late, RUN_BOOT_MS, 0);
        z->events.ready(z->events.ctx);
        return;
    }
    if (fd >= 0)
        close(fd);
    if (m->kind != ZYGOTE_ENDED || fd >= 0 || !f || f->ended || f->pidfd < 0)
        broken(z, "a message that makes no sense");
    else if (f->idle)
        drop_idle(z, f);
    else
        tell_end(f, m->status, m->cpu_ns);
}

/* One message at a time: a descriptor comes with each that has one. */
static int read_message(struct zygote *z)
{
    struct zygote_message m;
    int fd;
    ssize_t n = pass_receive(z->process.socket, &m, sizeof m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC, &fd);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return 0;
    if (n < 0 && errno == EPROTO) {
        broken(z, "a message with more than one descriptor");
        return 0;
    }
    if (n <= 0) { /* ECONNRESET: it died with a request unread */
        uv_poll_stop(&z->channel);
        return 0;
    }
    if (n != (ssize_t)sizeof m) {
        if (fd >= 0)
            close(fd);
        broken(z, "half a message");
        return 0;
    }
    take_message(z, &m, fd);
    return !z->failed && !z->closing;
}

static void on_channel(uv_poll_t *poll, int status, int events)
{
    struct zygote *z = poll->data;

    (void)status;
    (void)events;
    if (!z->started)
        read_frames(z);
    else /* not to the end of what may be a flood */
        for (int n = 0; n < MOST_MESSAGES && read_message(z); n++)
            ;
}

/* ---- starting */

static int send_job(struct zygote *z, struct iso_err *err)
{
    struct run_request request = {
        .mode = JOB_ZYGOTE, .limits = z->cfg.limits, .snapshot_name = z->cfg.snapshot_name};
    struct buf job = {0};
    int rc = 0;

    job_frame(&request, &job);
    /* Far smaller than a fresh socket's buffer. */
    if (job.failed || send(z->process.socket, job.data, job.len, MSG_NOSIGNAL) != (ssize_t)job.len)
        rc = iso_fail(err, ISO_INTERNAL, "cannot write to the worker: %m");
    buf_free(&job);
    return rc;
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
        .memory_mb = cfg->limits.value[LIMIT_MEMORY],
        .zygote = 1,
    };

    if (!z)
        return iso_fail(err, ISO_INTERNAL, "out of memory");
    z->cfg = *cfg;
    z->events = *events;
    result_init(&z->first, &cfg->limits);
    if (spawn_worker(&worker, &z->process, err) < 0) {
        free(z);
        return -1;
    }
    uv_poll_init(loop, &z->channel, z->process.socket);
    uv_poll_init(loop, &z->end, z->process.pidfd);
    uv_timer_init(loop, &z->patience);
    z->channel.data = z->end.data = z->patience.data = z;
    z->open_handles = 3;
    if (send_job(z, err) < 0) {
        zygote_close(z);
        return -1;
    }
    uv_poll_start(&z->channel, UV_READABLE, on_channel);
    uv_poll_start(&z->end, UV_READABLE, on_end);
    uv_timer_start(&z->patience, on_late, RUN_BOOT_MS, 0);
    *out = z;
    return 0;
}
