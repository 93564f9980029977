/* SPDX-License-Identifier: MIT */
#include "cli/outlet.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file.h"

/* Descriptors are shared with whoever gave them to us: not blocking is asked for on a description of our own,
 * where there is a way to get one (a pipe or a terminal, not a socket). */
static int own_description(void)
{
    struct stat st;

    if (fstat(STDOUT_FILENO, &st) < 0 || !(S_ISFIFO(st.st_mode) || S_ISCHR(st.st_mode)))
        return -1;
    return open("/proc/self/fd/1", O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
}

void outlet_open(struct outlet *o, uv_loop_t *loop, void (*drained)(void *ctx), void *ctx)
{
    *o = (struct outlet){.drained = drained, .ctx = ctx};
    o->own_fd = own_description();
    o->fd = o->own_fd >= 0 ? o->own_fd : STDOUT_FILENO;
    if (o->own_fd >= 0 && uv_poll_init(loop, &o->poll, o->fd) < 0) {
        close(o->own_fd);
        o->own_fd = -1;
        o->fd = STDOUT_FILENO;
    }
    o->poll.data = o;
}

size_t outlet_backlog(const struct outlet *o)
{
    return o->out.len - o->sent;
}

static void on_writable(uv_poll_t *poll, int status, int events);

/* As much as goes without waiting. */
static void flush(struct outlet *o)
{
    while (!o->error && o->sent < o->out.len) {
        ssize_t n = write(o->fd, o->out.data + o->sent, o->out.len - o->sent);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN && o->own_fd >= 0) {
            if (!o->waiting)
                uv_poll_start(&o->poll, UV_WRITABLE, on_writable);
            o->waiting = 1;
            return;
        }
        if (n < 0)
            o->error = errno;
        else
            o->sent += (size_t)n;
    }
    buf_reset(&o->out);
    o->sent = 0;
}

static void on_writable(uv_poll_t *poll, int status, int events)
{
    struct outlet *o = poll->data;

    (void)status;
    (void)events;
    flush(o);
    if (outlet_backlog(o) > 0)
        return;
    uv_poll_stop(&o->poll);
    o->waiting = 0;
    o->drained(o->ctx);
}

void outlet_write(struct outlet *o, const void *data, size_t len)
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

void outlet_close(struct outlet *o)
{
    if (!o->error && outlet_backlog(o) > 0 && o->own_fd >= 0) {
        fcntl(o->fd, F_SETFL, O_WRONLY);
        if (fd_write_all(o->fd, o->out.data + o->sent, outlet_backlog(o)) < 0)
            o->error = errno;
    }
    if (o->own_fd >= 0) {
        uv_close((uv_handle_t *)&o->poll, NULL);
        close(o->own_fd);
    }
    buf_free(&o->out);
}
