/* SPDX-License-Identifier: MIT */
#include "host/io/hangup.h"

#include <sys/epoll.h>
#include <unistd.h>

static void on_event(uv_poll_t *poll, int status, int events)
{
    struct hangup *h = poll->data;

    (void)status;
    (void)events;
    uv_poll_stop(poll);
    h->gone(h->ctx);
}

/* Makes an epoll descriptor for fd. The kernel reports EPOLLERR (pipes) and EPOLLHUP (sockets) without a request. */
static int look_at(int fd)
{
    struct epoll_event none = {0};
    int epoll = epoll_create1(EPOLL_CLOEXEC);

    if (epoll >= 0 && epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &none) < 0) {
        close(epoll);
        return -1;
    }
    return epoll;
}

void hangup_open(struct hangup *h, uv_loop_t *loop, int fd, void (*gone)(void *ctx), void *ctx)
{
    *h = (struct hangup){.epoll = look_at(fd), .gone = gone, .ctx = ctx};
    if (h->epoll >= 0 && uv_poll_init(loop, &h->poll, h->epoll) < 0) {
        close(h->epoll);
        h->epoll = -1;
    }
    h->poll.data = h;
    if (h->epoll >= 0)
        uv_poll_start(&h->poll, UV_READABLE, on_event);
}

static void on_hangup_closed(uv_handle_t *handle)
{
    struct hangup *h = handle->data;

    h->closed(h->ctx);
}

void hangup_close(struct hangup *h, void (*closed)(void *ctx))
{
    h->closed = closed;
    if (h->epoll < 0) {
        closed(h->ctx);
        return;
    }
    uv_close((uv_handle_t *)&h->poll, on_hangup_closed);
    close(h->epoll);
    h->epoll = -1;
}
