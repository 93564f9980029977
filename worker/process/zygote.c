/* SPDX-License-Identifier: MIT */
#include "worker/process/zygote.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "protocol/pass.h"
#include "protocol/worker.h"
#include "protocol/zygote.h"

static struct {
    pid_t pid;
    uint32_t number;
} children[ZYGOTE_MOST];
static size_t count;

static void on_child(int signal)
{
    (void)signal;
}

void zygote_prepare(void)
{
    struct sigaction noticed = {.sa_handler = on_child};
    sigset_t set;

    sigaction(SIGCHLD, &noticed, NULL);
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, NULL);
}

/* ---- messages */

/* Sends a message. It is smaller than any socket buffer, so it is sent whole or not at all. */
static void send_message(const struct zygote_message *m)
{
    if (write(WORKER_FD_PARENT, m, sizeof *m) != (ssize_t)sizeof *m)
        _exit(1);
}

static int receive(struct zygote_message *m)
{
    int fd;
    ssize_t n = pass_receive(WORKER_FD_PARENT, m, sizeof *m, MSG_WAITALL, &fd);

    if (n != (ssize_t)sizeof *m || m->kind != ZYGOTE_FORK || fd < 0)
        _exit(n == 0 ? 0 : 1); /* 0: the parent has closed the channel */
    return fd;
}

/* ---- children */

static uint64_t cpu_ns(const struct rusage *u)
{
    return ((uint64_t)(u->ru_utime.tv_sec + u->ru_stime.tv_sec) * 1000000u +
            (uint64_t)(u->ru_utime.tv_usec + u->ru_stime.tv_usec)) *
           1000u;
}

static void reap(void)
{
    struct rusage usage;
    int status;
    pid_t pid;

    while (count > 0 && (pid = wait4(-1, &status, WNOHANG, &usage)) > 0)
        for (size_t i = 0; i < count; i++) {
            struct zygote_message m = {ZYGOTE_ENDED, children[i].number, status, 0, cpu_ns(&usage)};
            if (children[i].pid != pid)
                continue;
            children[i] = children[--count];
            send_message(&m);
            break;
        }
}

/* Tells iso4 that the child exists, and closes the zygote's channel, which a child must not have. */
static void become_child(uint32_t number, int channel)
{
    struct zygote_message m = {ZYGOTE_FORKED, number, 0, 0, 0};

    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0)
        _exit(1);
    send_message(&m);
    if (dup2(channel, WORKER_FD_PARENT) < 0 || close(channel) < 0)
        _exit(1);
}

/* Reports that the kernel has refused a new process, because a limit of the user or the machine is reached. */
static void refuse_fork(uint32_t number, int error)
{
    struct zygote_message m = {ZYGOTE_REFUSED, number, error, 0, 0};

    send_message(&m);
}

/* Forks; 0 in the child. Uses clone(2), because the filter cannot check the flags of clone3(2). */
static int fork_once(void)
{
    struct zygote_message m;
    int channel = receive(&m);
    pid_t pid, same;

    if (count == ZYGOTE_MOST)
        _exit(1);
    pid = (pid_t)syscall(SYS_clone, ZYGOTE_CLONE, NULL, &same, NULL, NULL);
    if (pid == 0) {
        become_child(m.number, channel);
        return 0;
    }
    close(channel);
    if (pid < 0) {
        refuse_fork(m.number, errno);
        return 1;
    }
    children[count].pid = pid;
    children[count++].number = m.number;
    return 1;
}

void zygote_serve(void)
{
    sigset_t nothing;
    fd_set fds;

    sigemptyset(&nothing);
    for (;;) {
        reap();
        FD_ZERO(&fds);
        FD_SET(WORKER_FD_PARENT, &fds);
        if (pselect(WORKER_FD_PARENT + 1, &fds, NULL, NULL, NULL, &nothing) > 0 && !fork_once())
            return;
    }
}
