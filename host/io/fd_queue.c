/* SPDX-License-Identifier: MIT */
#include "host/io/fd_queue.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file.h"

/* Memory that stays when all is sent. */
#define KEPT (4u << 20)

/* Descriptors are shared with whoever gave them to us, who may not want them to be non-blocking: a pipe or a
 * terminal is opened anew, and a socket is asked not to block with each write. Files do not block. */
static void find_kind(struct fd_queue *o)
{
    char name[40];
    struct stat st;

    if (fstat(o->fd, &st) < 0)
        return;
    if (S_ISSOCK(st.st_mode))
        o->kind = FD_SOCKET;
    snprintf(name, sizeof name, "/proc/self/fd/%d", o->fd);
    if (S_ISFIFO(st.st_mode) || S_ISCHR(st.st_mode))
        o->waits_on = open(name, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (o->waits_on >= 0) {
        o->kind = FD_PIPE;
        o->fd = o->waits_on;
    }
}

/* libuv makes what it watches non-blocking: it gets to see an epoll(7) descriptor with the socket in it. */
static int watch_inside(int socket)
{
    struct epoll_event writable = {.events = EPOLLOUT};
    int fd = epoll_create1(EPOLL_CLOEXEC);

    if (fd >= 0 && epoll_ctl(fd, EPOLL_CTL_ADD, socket, &writable) < 0) {
        close(fd);
        return -1;
    }
    return fd;
}

void fd_queue_open(struct fd_queue *o, uv_loop_t *loop, int fd, void (*drained)(void *ctx), void *ctx)
{
    *o = (struct fd_queue){.given = fd, .fd = fd, .waits_on = -1, .drained = drained, .ctx = ctx};
    find_kind(o);
    if (o->kind == FD_SOCKET)
        o->waits_on = watch_inside(o->fd);
    if (o->waits_on >= 0 && uv_poll_init(loop, &o->poll, o->waits_on) < 0) {
        close(o->waits_on);
        o->waits_on = -1;
    }
    if (o->waits_on < 0) {
        o->kind = FD_BLOCKS;
        o->fd = o->given;
    }
    o->poll.data = o;
}

size_t fd_queue_backlog(const struct fd_queue *o)
{
    return o->out.len - o->sent;
}

static ssize_t write_some(struct fd_queue *o, int flags)
{
    const char *from = o->out.data + o->sent;

    return o->kind == FD_SOCKET ? send(o->fd, from, fd_queue_backlog(o), MSG_NOSIGNAL | flags)
                                : write(o->fd, from, fd_queue_backlog(o));
}

static void on_writable(uv_poll_t *poll, int status, int events);

static void wait_for_reader(struct fd_queue *o)
{
    if (!o->waiting)
        uv_poll_start(&o->poll, o->kind == FD_SOCKET ? UV_READABLE : UV_WRITABLE, on_writable);
    o->waiting = 1;
}

/* As much as goes without waiting. */
static void flush(struct fd_queue *o)
{
    while (!o->error && o->sent < o->out.len) {
        ssize_t n = write_some(o, MSG_DONTWAIT);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN && o->kind != FD_BLOCKS) {
            wait_for_reader(o);
            return;
        }
        if (n < 0)
            o->error = errno;
        else
            o->sent += (size_t)n;
    }
    if (o->out.size > KEPT)
        buf_free(&o->out);
    buf_reset(&o->out);
    o->sent = 0;
}

static void on_writable(uv_poll_t *poll, int status, int events)
{
    struct fd_queue *o = poll->data;

    (void)status;
    (void)events;
    flush(o);
    if (fd_queue_backlog(o) > 0)
        return;
    uv_poll_stop(&o->poll);
    o->waiting = 0;
    o->drained(o->ctx);
}

void fd_queue_write(struct fd_queue *o, const void *data, size_t len)
{
    if (o->error)
        return;
    if (o->sent > 1u << 20) {
        buf_consume(&o->out, o->sent);
        o->sent = 0;
    }
    buf_add(&o->out, data, len);
    if (o->out.failed)
        o->error = ENOMEM;
    else if (!o->waiting)
        flush(o);
}

void fd_queue_close(struct fd_queue *o)
{
    if (o->waits_on >= 0) {
        uv_close((uv_handle_t *)&o->poll, NULL);
        close(o->waits_on);
    }
    buf_free(&o->out);
}
