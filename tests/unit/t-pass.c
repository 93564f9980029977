/* SPDX-License-Identifier: MIT */
/* Messages and descriptors through protocol/pass.h, and descriptors that stay open. */
#include "protocol/pass.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/tap.h"

static int ends[2];

/* The lowest number that is free: the same afterwards when nothing has been left open. */
static int next_free(void)
{
    int fd = dup(ends[0]);

    close(fd);
    return fd;
}

static void send_many(int count)
{
    char byte = 'x', control[CMSG_SPACE(8 * sizeof(int))] = {0};
    struct iovec part = {&byte, 1};
    struct msghdr all = {.msg_iov = &part,
                         .msg_iovlen = 1,
                         .msg_control = control,
                         .msg_controllen = CMSG_SPACE((size_t)count * sizeof(int))};
    struct cmsghdr *c = CMSG_FIRSTHDR(&all);

    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN((size_t)count * sizeof(int));
    for (int i = 0; i < count; i++)
        memcpy(CMSG_DATA(c) + (size_t)i * sizeof(int), &ends[0], sizeof(int));
    if (sendmsg(ends[0], &all, 0) != 1)
        printf("# sendmsg: %s\n", strerror(errno));
}

static void test_one(void)
{
    struct stat sent, came;
    char text[8] = "";
    int null = open("/dev/null", O_RDONLY), fd;

    is_int(pass_send(ends[0], "abc", 4, null), 0, "a message with a descriptor is sent");
    is_int((int)pass_receive(ends[1], text, sizeof text, MSG_CMSG_CLOEXEC, &fd), 4, "and arrives whole");
    ok(strcmp(text, "abc") == 0 && fd >= 0 && fd != null, "with its text and a descriptor of its own");
    ok(fstat(null, &sent) == 0 && fstat(fd, &came) == 0 && sent.st_rdev == came.st_rdev, "of the same file");
    is_int(fcntl(fd, F_GETFD), FD_CLOEXEC, "that no program inherits");
    close(fd);
    close(null);
}

static void test_none(void)
{
    char text[8];
    int fd = 5;

    pass_send(ends[0], "abc", 4, -1);
    is_int((int)pass_receive(ends[1], text, sizeof text, 0, &fd), 4,
           "a message without a descriptor arrives");
    is_int(fd, -1, "without one");
    is_int((int)pass_receive(ends[1], text, sizeof text, MSG_DONTWAIT, &fd), -1, "no message");
    is_int(errno, EAGAIN, "is an error");
    is_int(fd, -1, "without a descriptor");
}

static void test_many(void)
{
    char text[8];
    int before = next_free(), fd;

    for (int count = 2; count <= 8; count++) {
        send_many(count);
        errno = 0;
        ok(pass_receive(ends[1], text, sizeof text, 0, &fd) == -1 && errno == EPROTO && fd == -1,
           "%d descriptors at once are refused", count);
        is_int(next_free(), before, "and none of them stays open");
    }
}

/* The kernel drops what there is no number for, and says so. */
static void test_no_number_left(void)
{
    struct rlimit usual, none = {0, 0};
    char text[8];
    int fd;

    getrlimit(RLIMIT_NOFILE, &usual);
    none.rlim_max = usual.rlim_max;
    pass_send(ends[0], "abc", 4, ends[0]);
    setrlimit(RLIMIT_NOFILE, &none);
    errno = 0;
    ok(pass_receive(ends[1], text, sizeof text, 0, &fd) == -1 && errno == EPROTO,
       "a descriptor that cannot be taken is no message without one");
    setrlimit(RLIMIT_NOFILE, &usual);
}

/* A message of this process, one of a child, and one with a descriptor. */
static void test_senders(void)
{
    int before, status, named[2];
    char text[8] = "";
    pid_t child, from = 1;

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, named) < 0)
        return;
    is_int(pass_name_senders(named[1]), 0, "senders can be named");
    (void)!write(named[0], "abc", 4);
    child = fork();
    if (child == 0)
        _exit(write(named[0], "def", 4) != 4);
    waitpid(child, &status, 0);
    is_int((int)pass_receive_from(named[1], text, sizeof text, 0, &from), 4,
           "what two processes wrote comes apart");
    ok(from == getpid() && strcmp(text, "abc") == 0, "the first with this process's number");
    is_int((int)pass_receive_from(named[1], text, sizeof text, 0, &from), 4, "then the other");
    ok(from == child && strcmp(text, "def") == 0, "with the child's number, though it has ended");
    before = next_free();
    pass_send(named[0], "abc", 4, ends[0]);
    errno = 0;
    ok(pass_receive_from(named[1], text, sizeof text, 0, &from) == -1 && errno == EPROTO,
       "a message with a descriptor is refused");
    is_int(next_free(), before, "and the descriptor does not stay open");
    is_int((int)pass_receive_from(named[1], text, sizeof text, MSG_DONTWAIT, &from), -1, "no message");
    is_int(errno, EAGAIN, "is an error");
    close(named[0]);
    is_int((int)pass_receive_from(named[1], text, sizeof text, 0, &from), 0, "and so the end comes");
    close(named[1]);
}

static void test_ends(void)
{
    char text[8];
    int fd;

    close(ends[0]);
    is_int((int)pass_receive(ends[1], text, sizeof text, 0, &fd), 0, "the end is no message");
    is_int(pass_send(ends[1], "abc", 4, ends[1]), -1, "and nothing can be sent any more");
}

int main(void)
{
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
        return 1;
    test_one();
    test_none();
    test_many();
    test_no_number_left();
    test_senders();
    test_ends();
    return done_testing();
}
