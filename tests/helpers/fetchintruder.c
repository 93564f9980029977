/* SPDX-License-Identifier: MIT */
/* A shared object that takes the place of curl_multi_poll() in the program that fetches: what libcurl could
 * do there if it were taken over. Prints what got through, a word each, and ends the program. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

int curl_multi_poll(void *multi, void *more, unsigned count, int timeout_ms, int *ready);

static char through[1000];

static void note(const char *what, int got_through)
{
    size_t used = strlen(through);

    if (got_through)
        snprintf(through + used, sizeof through - used, " %s", what);
}

static void files(void)
{
    static const char *const secret[] = {
        "/etc/passwd", "/etc/shadow", "/proc/self/environ", "/proc/self/mem", "/", "/etc",
        "/root",       "/tmp",        "/var/run",           "/dev/null"};

    for (size_t i = 0; i < sizeof secret / sizeof *secret; i++)
        note(secret[i], open(secret[i], O_RDONLY) >= 0);
    note("writing", open("/etc/ssl/iso4-test", O_WRONLY | O_CREAT, 0600) >= 0);
    note("making-a-directory", mkdirat(AT_FDCWD, "/tmp/iso4-test", 0700) == 0);
    note("removing", unlinkat(AT_FDCWD, "/etc/hosts", 0) == 0);
    note("memfd", syscall(SYS_memfd_create, "x", 0) >= 0);
}

static void network(void)
{
    struct sockaddr_un nscd = {.sun_family = AF_UNIX, .sun_path = "/run/dbus/system_bus_socket"};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    note("unix-socket", fd >= 0);
    note("unix-connect", connect(fd, (struct sockaddr *)&nscd, sizeof nscd) == 0);
    note("packet-socket", socket(AF_PACKET, SOCK_RAW, 0) >= 0);
    note("netlink-audit", socket(AF_NETLINK, SOCK_RAW, 9) >= 0);
    note("vsock", socket(40, SOCK_STREAM, 0) >= 0);
}

static void processes(void)
{
    note("executable-memory", mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                                   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
    note("signal", kill(getppid(), 0) == 0);
    note("own-signal", kill(1, 0) == 0);
    note("dumpable", prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0);
    note("priority", setpriority(PRIO_PROCESS, 0, -5) == 0);
    note("limits", setrlimit(RLIMIT_CORE, &(struct rlimit){1, 1}) == 0);
    note("clone", syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0) >= 0);
    note("keys", syscall(SYS_add_key, "user", "x", "y", 1, -3) >= 0);
    note("perf", syscall(SYS_perf_event_open, NULL, 0, -1, -1, 0) >= 0);
    note("userfaultfd", syscall(SYS_userfaultfd, 0) >= 0);
    note("pidfd", syscall(SYS_pidfd_open, getppid(), 0) >= 0);
}

/* The last act, which is death. */
int curl_multi_poll(void *multi, void *more, unsigned count, int timeout_ms, int *ready)
{
    char line[1100];
    int n;

    (void)multi;
    (void)more;
    (void)count;
    (void)timeout_ms;
    (void)ready;
    files();
    network();
    processes();
    n = snprintf(line, sizeof line, "through:%s\n", through);
    (void)!write(STDOUT_FILENO, line, (size_t)n);
    execve("/bin/true", (char *[]){"true", NULL}, (char *[]){NULL});
    n = snprintf(line, sizeof line, "survived execve: %d\n", errno);
    (void)!write(STDOUT_FILENO, line, (size_t)n);
    _exit(0);
}
