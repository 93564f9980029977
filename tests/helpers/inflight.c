/* SPDX-License-Identifier: MIT */
/* inflight COUNT - has COUNT descriptors in flight (unix(7)) as its user, says so in a line on standard output, and
 * ends when its standard input does. What is in flight counts against every process of the user. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

static int send_descriptor(int to, int fd)
{
    union {
        struct cmsghdr head;
        char bytes[CMSG_SPACE(sizeof(int))];
    } room = {0};
    char byte = 'x';
    struct iovec part = {&byte, 1};
    struct msghdr all = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = room.bytes, .msg_controllen = sizeof room.bytes};
    struct cmsghdr *c = CMSG_FIRSTHDR(&all);

    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(c), &fd, sizeof fd);
    return sendmsg(to, &all, 0) == 1 ? 0 : -1;
}

int main(int argc, char **argv)
{
    int count = argc == 2 ? atoi(argv[1]) : 0, ends[2];
    struct rlimit most = {65536, 65536};
    char byte;

    if (count <= 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
        return 2;
    (void)setrlimit(RLIMIT_NOFILE, &most);
    for (int i = 0; i < count; i++)
        if (send_descriptor(ends[0], ends[0]) < 0) {
            perror("inflight");
            return 1;
        }
    printf("%d in flight\n", count);
    fflush(stdout);
    while (read(STDIN_FILENO, &byte, 1) > 0)
        ;
    return 0;
}
