/* SPDX-License-Identifier: MIT */
/* The Unix socket that clients connect to. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "serve/peer.h"

/* Connections that wait to be accepted. */
#define BACKLOG  128
#define AGAIN_MS 100

static void on_connection(uv_poll_t *poll, int status, int events);

static void on_accept_again(uv_timer_t *timer)
{
    struct server *s = timer->data;

    if (s->listen_fd >= 0)
        uv_poll_start(&s->listener, UV_READABLE, on_connection);
}

static void on_connection(uv_poll_t *poll, int status, int events)
{
    struct server *s = poll->data;
    int fd = accept4(s->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    struct iso_err err;

    (void)status;
    (void)events;
    if (fd < 0 && errno != EAGAIN && errno != EINTR && errno != ECONNABORTED) {
        uv_poll_stop(poll); /* no descriptors are free: try again later */
        uv_timer_start(&s->accept, on_accept_again, AGAIN_MS, 0);
    }
    if (fd < 0)
        return;
    if (!peer_open(s, fd, fd, 1, &err)) {
        s->cfg->say(err.msg);
        close(fd);
    }
}

/* 1 when no process listens on the socket: an earlier server has left it behind. */
static int is_left_behind(const struct sockaddr_un *address)
{
    struct stat st;
    int fd, dead;

    if (lstat(address->sun_path, &st) < 0 || !S_ISSOCK(st.st_mode))
        return 0;
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    dead = fd >= 0 && connect(fd, (const struct sockaddr *)address, sizeof *address) < 0 &&
           errno == ECONNREFUSED;
    if (fd >= 0)
        close(fd);
    return dead;
}

static int bind_private(int fd, const struct sockaddr_un *address)
{
    mode_t before = umask(0177);
    int rc = bind(fd, (const struct sockaddr *)address, sizeof *address), error = errno;

    umask(before);
    errno = error;
    return rc;
}

static int make_socket(const char *path, struct iso_err *err)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd;

    if (strlen(path) >= sizeof address.sun_path)
        return iso_fail(err, ISO_USAGE, "'%.200s' is too long for a socket: at most %zu bytes are", path,
                        sizeof address.sun_path - 1);
    strcpy(address.sun_path, path);
    if (is_left_behind(&address))
        unlink(path);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || bind_private(fd, &address) < 0 || listen(fd, BACKLOG) < 0) {
        iso_fail(err, ISO_USAGE, "cannot listen on '%.200s': %s", path,
                 errno == EADDRINUSE ? "something is there, or another server listens"
                                     : strerrordesc_np(errno));
        if (fd >= 0)
            close(fd);
        return -1;
    }
    return fd;
}

int listen_open(struct server *s, struct iso_err *err)
{
    s->listen_fd = make_socket(s->cfg->listen, err);
    if (s->listen_fd < 0)
        return -1;
    uv_poll_init(&s->loop, &s->listener, s->listen_fd);
    s->listener.data = s;
    uv_poll_start(&s->listener, UV_READABLE, on_connection);
    return 0;
}

void listen_close(struct server *s)
{
    if (s->listen_fd < 0)
        return;
    unlink(s->cfg->listen);
    uv_close((uv_handle_t *)&s->listener, NULL);
    close(s->listen_fd);
    s->listen_fd = -1;
}
