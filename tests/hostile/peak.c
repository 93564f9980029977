/* SPDX-License-Identifier: MIT */
/* peak.c - runs a command, and says what it took and what it left behind.
 *
 *   peak [-p] RECORD SECONDS COMMAND [ARG]...
 *
 * The command's exit status becomes ours: 128 + n for signal n, 124 when it had to be ended after SECONDS. RECORD gets
 * one line of three numbers:
 *
 *   PEAK     most KiB resident at one time in the command or in any process that it waited for. Linux keeps this
 *            figure across execve(2), so that a large launcher would be measured in place of its command: this one is
 *            small, and writes its own size nowhere.
 *   WALL     milliseconds from start to end
 *   LEFT     processes of the command's that were still there when it had ended, dead ones without a wait
 *            included; they are killed. We are their subreaper, so that none can get away.
 *
 * -p: in a user namespace that may have no other inside it, as on machines that refuse namespaces. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void __attribute__((noreturn)) die(const char *what)
{
    perror(what);
    exit(125);
}

static void write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);

    if (fd < 0 || write(fd, text, strlen(text)) < 0)
        die(path);
    close(fd);
}

static void refuse_namespaces(void)
{
    char uid[64], gid[64];

    snprintf(uid, sizeof uid, "0 %u 1", getuid());
    snprintf(gid, sizeof gid, "0 %u 1", getgid());
    if (unshare(CLONE_NEWUSER) < 0)
        return; /* so they are refused already */
    write_file("/proc/self/setgroups", "deny");
    write_file("/proc/self/uid_map", uid);
    write_file("/proc/self/gid_map", gid);
    write_file("/proc/sys/user/max_user_namespaces", "0");
}

static long now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* 1 when the process ends in time. */
static int ends_within(pid_t pid, int ms)
{
    struct pollfd end = {.fd = (int)syscall(SYS_pidfd_open, pid, 0), .events = POLLIN};
    int n;

    if (end.fd < 0)
        die("pidfd_open");
    do
        n = poll(&end, 1, ms);
    while (n < 0 && errno == EINTR);
    close(end.fd);
    return n > 0;
}

/* Ends and collects what is left of our descendants, one generation after the other. */
static int sweep(void)
{
    char path[64], pids[4096];
    int left = 0;

    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    for (;;) {
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        ssize_t n = fd < 0 ? -1 : read(fd, pids, sizeof pids - 1);

        if (fd >= 0)
            close(fd);
        if (n < 0)
            die(path);
        if (n == 0)
            return left;
        pids[n] = 0;
        for (char *at = pids, *end; *at; at = end) {
            pid_t pid = (pid_t)strtol(at, &end, 10);
            if (end == at)
                break;
            kill(pid, SIGKILL);
            waitpid(pid, NULL, 0);
            left++;
        }
    }
}

int main(int argc, char **argv)
{
    int plain = argc > 1 && strcmp(argv[1], "-p") == 0, status, timed_out;
    struct rusage usage;
    long began;
    FILE *record;
    pid_t pid;

    argv += plain;
    argc -= plain;
    if (argc < 4) {
        fprintf(stderr, "usage: peak [-p] RECORD SECONDS COMMAND [ARG]...\n");
        return 125;
    }
    record = fopen(argv[1], "we");
    if (!record)
        die(argv[1]);
    if (plain)
        refuse_namespaces();
    if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0)
        die("subreaper");
    began = now_ms();
    pid = fork();
    if (pid < 0)
        die("fork");
    if (pid == 0) {
        execvp(argv[3], argv + 3);
        _exit(127);
    }
    timed_out = !ends_within(pid, atoi(argv[2]) * 1000);
    if (timed_out)
        kill(pid, SIGKILL);
    if (wait4(pid, &status, 0, &usage) != pid) /* usage: the process itself and all that it waited for */
        die("wait4");
    fprintf(record, "%ld %ld ", usage.ru_maxrss, now_ms() - began);
    fprintf(record, "%d\n", sweep());
    if (fclose(record) != 0)
        die(argv[1]);
    return timed_out ? 124 : WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
