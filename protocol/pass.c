/* SPDX-License-Identifier: MIT */
#include "protocol/pass.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

union room {
    struct cmsghdr head;
    char bytes[CMSG_SPACE(sizeof(int))];
};

int pass_send(int socket, const void *message, size_t len, int fd)
{
    struct iovec part = {(void *)message, len};
    union room room = {0};
    struct msghdr all = {.msg_iov = &part, .msg_iovlen = 1};

    if (fd >= 0) {
        struct cmsghdr *c;

        all.msg_control = room.bytes;
        all.msg_controllen = sizeof room.bytes;
        c = CMSG_FIRSTHDR(&all);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(sizeof fd);
        memcpy(CMSG_DATA(c), &fd, sizeof fd);
    }
    return sendmsg(socket, &all, MSG_NOSIGNAL) == (ssize_t)len ? 0 : -1;
}

ssize_t pass_receive(int socket, void *message, size_t len, int flags, int *fd)
{
    struct iovec part = {message, len};
    union room room = {0};
    /* CMSG_SPACE would make room for a second descriptor, which would stay open. */
    struct msghdr all = {.msg_iov = &part,
                         .msg_iovlen = 1,
                         .msg_control = room.bytes,
                         .msg_controllen = CMSG_LEN(sizeof(int))};
    ssize_t n = recvmsg(socket, &all, flags);
    struct cmsghdr *c = n >= 0 ? CMSG_FIRSTHDR(&all) : NULL;

    *fd = -1;
    if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS && c->cmsg_len == CMSG_LEN(sizeof *fd))
        memcpy(fd, CMSG_DATA(c), sizeof *fd);
    if (n < 0 || !(all.msg_flags & MSG_CTRUNC))
        return n;
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
    errno = EPROTO;
    return -1;
}

int pass_name_senders(int socket)
{
    int on = 1;

    return setsockopt(socket, SOL_SOCKET, SO_PASSCRED, &on, sizeof on);
}

ssize_t pass_receive_from(int socket, void *message, size_t len, int flags, pid_t *from)
{
    struct iovec part = {message, len};
    union {
        struct cmsghdr head;
        char bytes[CMSG_SPACE(sizeof(struct ucred))];
    } room = {0};
    /* The kernel writes credentials first, and drops descriptors that there is no room for. */
    struct msghdr all = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = room.bytes, .msg_controllen = sizeof room.bytes};
    ssize_t n = recvmsg(socket, &all, flags);
    struct cmsghdr *c = n > 0 ? CMSG_FIRSTHDR(&all) : NULL;
    struct ucred sender;

    *from = 0;
    if (n <= 0)
        return n;
    if (!c || c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_CREDENTIALS ||
        c->cmsg_len != CMSG_LEN(sizeof sender) || all.msg_flags & MSG_CTRUNC) {
        errno = EPROTO;
        return -1;
    }
    memcpy(&sender, CMSG_DATA(c), sizeof sender);
    *from = sender.pid;
    return n;
}
