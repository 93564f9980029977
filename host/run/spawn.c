/* SPDX-License-Identifier: MIT */
#include "host/run/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/close_range.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/file.h"
#include "host/io/shortage.h"
#include "protocol/worker.h"

#if defined(__x86_64__)
#define LOADER "/lib64/ld-linux-x86-64.so.2"
#elif defined(__aarch64__)
#define LOADER "/lib/ld-linux-aarch64.so.1"
#endif

/* Everything that the child needs. It is made before clone, because after it only async-signal-safe calls are
 * allowed. */
struct child {
    const struct spawn_config *cfg;
    int socket, status, contained, root;
    char uid_map[64], gid_map[64];
    char *argv[SPAWN_WORDS + 3];
    int argc;
};

/* The users that a parent with root's rights has mapped for the child, told by one byte over the channel. */
enum mapped {
    MAPPED_BOTH = 'b',   /* root and another user: the worker changes to the other one when it has started */
    MAPPED_OTHER = 'o',  /* another user only, which is root inside: the child changes to it now */
    MAPPED_NOBODY = 'n', /* no user: not permitted */
};

static void __attribute__((noreturn)) child_fail(const struct child *c, const char *step)
{
    char text[200];
    int n = snprintf(text, sizeof text, "%s: %s", step, strerrordesc_np(errno));

    (void)!write(c->status, text, (size_t)n);
    _exit(127);
}

/* Writes a map. Refusals are ignored: where a user namespace gives no rights (AppArmor on Ubuntu), or /proc is mounted
 * read-only, the worker finds later that it cannot change its root, and reports that. */
static void write_map(const struct child *c, const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);

    if ((fd < 0 || write(fd, text, strlen(text)) < 0) && errno != EPERM && errno != EACCES && errno != EROFS)
        child_fail(c, path);
    if (fd >= 0)
        close(fd);
}

/* Maps the caller's user to root inside. So the worker still has, after exec, the capabilities over its namespaces that
 * it needs to change its root directory. */
static void map_user(const struct child *c)
{
    write_map(c, "/proc/self/setgroups", "deny");
    write_map(c, "/proc/self/uid_map", c->uid_map);
    write_map(c, "/proc/self/gid_map", c->gid_map);
}

/* Becomes the other user, and checks that it can read the installed files: the dynamic linker would fail without a
 * message. */
static void become_other(struct child *c)
{
    if (setgroups(0, NULL) < 0 || setresgid(WORKER_USER, WORKER_USER, WORKER_USER) < 0 ||
        setresuid(0, 0, 0) < 0)
        child_fail(c, "becoming another user");
    for (int i = 0; i < c->argc; i++)
        if (strchr(c->argv[i], '/') && access(c->argv[i], R_OK) < 0)
            child_fail(c, "root has no CAP_SETFCAP, so the worker is started as another user, who cannot "
                          "read the installed files");
    c->root = 0;
}

/* Waits until the parent has written the map: a process may map only its own user. */
static void await_map(struct child *c)
{
    char mapped;

    if (read(WORKER_FD_PARENT, &mapped, 1) != 1)
        _exit(127); /* the parent has died */
    if (mapped == MAPPED_NOBODY)
        map_user(c);
    else if (mapped == MAPPED_OTHER)
        become_other(c);
}

/* Asks the kernel to kill this process when the parent dies. If the parent has died already, the other end of the
 * channel is closed. */
static void follow_parent(const struct child *c)
{
    struct pollfd parent = {.fd = WORKER_FD_PARENT};

    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0)
        child_fail(c, "PR_SET_PDEATHSIG");
    if (poll(&parent, 1, 0) == 1 && parent.revents & POLLHUP)
        _exit(127);
}

/* Resets the settings that the worker would inherit from the caller: signals, personality, limits. */
static void reset_process(const struct child *c)
{
    struct sigaction normal = {.sa_handler = SIG_DFL};
    sigset_t none;

    /* A new session, because kill(0, ...) reaches the whole process group, also across a pid namespace. */
    if (setsid() < 0)
        child_fail(c, "setsid");
    for (int signal = 1; signal < NSIG; signal++)
        sigaction(signal, &normal, NULL); /* fails for SIGKILL and SIGSTOP, which cannot be changed */
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    /* Before exec, which lays out memory by the personality: otherwise the worker could inherit memory without address
     * randomization, or with every readable page executable. */
    if (personality(PER_LINUX) < 0)
        child_fail(c, "personality");
    umask(077);
    if (chdir(c->cfg->folder ? c->cfg->folder : "/") < 0)
        child_fail(c, "changing to the folder of the installed files");
}

static int ascending(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

/* Closes all other descriptors: many inherited ones could leave no room for those that the child opens. */
static void close_all_but(const struct child *c, int *kept, int count)
{
    unsigned from = 3;

    qsort(kept, (size_t)count, sizeof *kept, ascending);
    for (int i = 0; i < count; i++) {
        if (kept[i] > (int)from && syscall(SYS_close_range, from, (unsigned)kept[i] - 1, 0u) < 0)
            child_fail(c, "close_range");
        if (kept[i] >= (int)from)
            from = (unsigned)kept[i] + 1;
    }
    if (syscall(SYS_close_range, from, ~0u, 0u) < 0)
        child_fail(c, "close_range");
}

/* A descriptor that gives no bytes and takes none: /dev/null, or where there is none (no /dev, a mount with nodev) an
 * eventfd, whose read(2) says EAGAIN and write(2) EINVAL. */
static int open_null(void)
{
    int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

    return fd >= 0 ? fd : eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

/* Sets descriptors 0 to 2 to open_null(), 3 to the parent, 4 to the snapshot; no other stays open. */
static void place_descriptors(const struct child *c)
{
    int kept[] = {c->socket, c->status, c->cfg->snapshot_fd}, null, high[3];

    close_all_but(c, kept, c->cfg->snapshot_fd >= 0 ? 3 : 2);
    null = open_null();
    if (null < 0)
        child_fail(c, "opening /dev/null");
    /* First moved above 10: they may have the numbers 0 to 5 when the caller had closed those. */
    high[0] = fcntl(c->socket, F_DUPFD_CLOEXEC, 10);
    high[1] = c->cfg->snapshot_fd >= 0 ? fcntl(c->cfg->snapshot_fd, F_DUPFD_CLOEXEC, 10) : 0;
    high[2] = fcntl(c->status, F_DUPFD_CLOEXEC, 10);
    if (high[0] < 0 || high[1] < 0 || high[2] < 0)
        child_fail(c, "duplicating descriptors");
    for (int fd = 0; fd < 3; fd++)
        if (dup2(null, fd) < 0)
            child_fail(c, "duplicating descriptors");
    if (dup2(high[0], WORKER_FD_PARENT) < 0 ||
        (c->cfg->snapshot_fd >= 0 && dup2(high[1], WORKER_FD_SNAPSHOT) < 0) ||
        dup3(high[2], 5, O_CLOEXEC) < 0)
        child_fail(c, "duplicating descriptors");
    if (c->cfg->snapshot_fd < 0)
        close(WORKER_FD_SNAPSHOT);
    if (syscall(SYS_close_range, 6u, ~0u, 0u) < 0)
        child_fail(c, "close_range");
}

static void limit(const struct child *c, int what, rlim_t value)
{
    struct rlimit now, want = {value, value};

    if (getrlimit(what, &now) == 0 && now.rlim_max < value)
        want.rlim_cur = want.rlim_max = now.rlim_max;
    if (setrlimit(what, &want) < 0)
        child_fail(c, "setrlimit");
}

static void set_limits(const struct child *c)
{
    limit(c, RLIMIT_CORE, 0);
    limit(c, RLIMIT_STACK, 8u << 20);
    if (c->cfg->cpu_seconds)
        limit(c, RLIMIT_CPU, c->cfg->cpu_seconds);
}

static void __attribute__((noreturn)) child_main(struct child *c)
{
    static char *const empty[] = {NULL};

    reset_process(c);
    set_limits(c);
    place_descriptors(c);
    c->status = 5;
    if (c->contained && c->root)
        await_map(c);
    else if (c->contained)
        map_user(c);
    follow_parent(c); /* after the change of the user, which would undo it */
    c->argv[c->argc] = (char *)(c->contained ? "contained" : "plain");
    c->argv[c->argc + 1] = (char *)(c->root ? "root" : "user");
    execve(c->argv[0], c->argv, empty);
    child_fail(c, "starting the worker");
}

/* Container profiles cannot check the structure that clone3 takes, so they refuse it with ENOSYS, older ones with
 * EPERM: then clone(2) is used. */
pid_t spawn_clone(uint64_t namespaces, int *pidfd)
{
    struct clone_args args = {
        .flags = namespaces | CLONE_PIDFD, .pidfd = (uintptr_t)pidfd, .exit_signal = SIGCHLD};
    pid_t pid = (pid_t)syscall(SYS_clone3, &args, sizeof args);

    if (pid < 0 && (errno == ENOSYS || errno == EPERM))
        pid = (pid_t)syscall(SYS_clone, namespaces | CLONE_PIDFD | SIGCHLD, NULL, pidfd, NULL, NULL);
    return pid;
}

/* 1 when errno means that kernel or container refuse namespaces (clone(2), user_namespaces(7)). */
static int namespaces_refused(void)
{
    return errno == EPERM || errno == ENOSPC || errno == EUSERS || errno == EINVAL || errno == ENOSYS;
}

/* 1 when the map of this user namespace gives `user` the number 0 outside, or when there is no map to tell. It shows the
 * next namespace only: in nested ones the number there may be another user. */
static int maps_to_root(unsigned user, FILE *map)
{
    unsigned inside, outside, count;

    while (map && fscanf(map, "%u %u %u", &inside, &outside, &count) == 3)
        if (user >= inside && user - inside < count)
            return outside + (user - inside) == 0;
    return 1;
}

/* 1 when the caller is the machine's root, or may be, by whatever number in user namespaces; -1 with errno: not known.
 * Files of /proc/sys belong to that root (fs/proc/proc_sysctl.c: GLOBAL_ROOT_UID), shown as a user without a mapping
 * where it has none. */
static int is_root(void)
{
    static int known, root;
    struct stat owner;
    FILE *map;

    if (known)
        return root;
    if (stat("/proc/sys/kernel/ostype", &owner) == 0) {
        root = owner.st_uid == geteuid();
    } else {
        map = fopen("/proc/self/uid_map", "re");
        if (!map && shortage_is(errno))
            return -1;
        root = maps_to_root(geteuid(), map);
        if (map)
            fclose(map);
    }
    known = 1;
    return root;
}

static int prepare_child(struct child *c, struct iso_err *err)
{
    int n = 0;

    for (; c->cfg->argv[n] && n < SPAWN_WORDS; n++)
        c->argv[n] = (char *)c->cfg->argv[n];
    if (c->cfg->argv[n])
        return iso_fail(err, ISO_INTERNAL, "a command of too many words");
    c->argc = n;
    snprintf(c->uid_map, sizeof c->uid_map, "0 %u 1", geteuid());
    snprintf(c->gid_map, sizeof c->gid_map, "0 %u 1", getegid());
    c->root = is_root();
    return c->root < 0 ? shortage_fail(err, "cannot read /proc/self/uid_map", errno) : 0;
}

static pid_t start_child(struct child *c, int *pidfd)
{
    pid_t pid = -1;

    c->contained = !c->cfg->uncontained;
    if (c->contained) {
        pid = spawn_clone(SPAWN_NAMESPACES, pidfd);
        if (pid < 0 && namespaces_refused())
            c->contained = 0;
    }
    if (!c->contained)
        pid = spawn_clone(0, pidfd);
    if (pid == 0)
        child_main(c);
    return pid;
}

/* The child's number in /proc, which may belong to another pid namespace than ours. -1 with errno. */
static pid_t number_of(int pidfd)
{
    char path[64], line[128];
    FILE *info;
    int pid = -1;

    snprintf(path, sizeof path, "/proc/self/fdinfo/%d", pidfd);
    info = fopen(path, "re");
    if (!info)
        return -1;
    while (pid < 0 && fgets(line, sizeof line, info))
        sscanf(line, "Pid: %d", &pid);
    fclose(info);
    if (pid < 0)
        errno = ESRCH;
    return pid;
}

/* Linux 6.13; include/uapi/linux/pidfd.h. */
struct info {
    uint64_t mask, cgroup;
    uint32_t pid, tgid, ppid, ids[8];
    int32_t exit_code;
};
#define GET_INFO  _IOWR(0xff, 11, struct info)
#define INFO_PIDS 1u

/* The parent of a process. -1 with errno. */
static pid_t parent_of(pid_t pid)
{
    char path[64];
    FILE *stat;
    int parent = -1;

    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    stat = fopen(path, "re");
    if (!stat)
        return -1;
    if (fscanf(stat, "%*d (%*[^)]) %*c %d", &parent) != 1) {
        parent = -1;
        errno = ESRCH; /* it has ended since the file was opened */
    }
    fclose(stat);
    return parent;
}

int spawn_is_child(int pidfd, pid_t pid, pid_t parent)
{
    struct info info = {.mask = INFO_PIDS};

    if (ioctl(pidfd, GET_INFO, &info) == 0 && info.mask & INFO_PIDS)
        return (pid_t)info.ppid == parent;
    if (syscall(SYS_pidfd_send_signal, pidfd, 0, NULL, 0) < 0)
        return errno == ESRCH ? 1 : -1;
    /* For older kernels: reads /proc. The program's name, which we chose, has no parenthesis in it. */
    pid = parent_of(pid);
    return pid < 0 ? -1 : pid == parent;
}

static int write_proc_file(pid_t pid, const char *file, const char *text)
{
    char path[64];
    AUTO_FD int fd = -1;

    snprintf(path, sizeof path, "/proc/%d/%s", pid, file);
    fd = open(path, O_WRONLY | O_CLOEXEC);
    return fd < 0 || write(fd, text, strlen(text)) < 0 ? -1 : 0;
}

/* The answer when mapping failed. A shortage of descriptors is an error: the worker must not run with fewer layers just
 * because of it. */
static int map_refused(void)
{
    return shortage_is(errno) ? -1 : MAPPED_NOBODY;
}

/* Maps users and groups for the child; returns an enum mapped, or -1 with errno. The kernel accepts a map once, whole
 * or not at all. It needs CAP_SETGID and CAP_SETUID, and CAP_SETFCAP to map root (user_namespaces(7)). */
static int map_for_child(int pidfd)
{
    pid_t pid = number_of(pidfd);
    char both[64], other[64];

    snprintf(both, sizeof both, "0 0 1\n%d %d 1", WORKER_USER, WORKER_USER);
    snprintf(other, sizeof other, "0 %d 1", WORKER_USER);
    if (pid <= 0 || write_proc_file(pid, "gid_map", both) < 0)
        return map_refused();
    if (write_proc_file(pid, "uid_map", both) == 0)
        return MAPPED_BOTH;
    return shortage_is(errno)                            ? -1
           : write_proc_file(pid, "uid_map", other) == 0 ? MAPPED_OTHER
                                                         : map_refused();
}

static int tell_mapped(const struct child *c, int socket, int pidfd)
{
    char byte;
    int mapped;

    if (!c->contained || !c->root)
        return 0;
    mapped = map_for_child(pidfd);
    byte = (char)mapped;
    return mapped >= 0 && write(socket, &byte, 1) == 1 ? 0 : -1;
}

int spawn_process(const struct spawn_config *cfg, struct spawned *out, struct iso_err *err)
{
    struct child c = {.cfg = cfg};
    int ends[2] = {-1, -1}, status[2] = {-1, -1}, rc;
    pid_t pid;

    rc = prepare_child(&c, err);
    if (rc < 0)
        return rc;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0 ||
        pipe2(status, O_CLOEXEC | O_NONBLOCK) < 0 || fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0) {
        rc = shortage_fail(err, "cannot make the worker's channel", errno);
        goto fail;
    }
    c.socket = ends[1];
    c.status = status[1];
    pid = start_child(&c, &out->pidfd);
    if (pid < 0) {
        rc = shortage_fail(err, "cannot start a process", errno);
        goto fail;
    }
    if (tell_mapped(&c, ends[0], out->pidfd) < 0) {
        rc = shortage_fail(err, "cannot start a process", errno);
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        close(out->pidfd);
        goto fail;
    }
    close(ends[1]);
    close(status[1]);
    out->pid = pid;
    out->socket = ends[0];
    out->status = status[0];
    out->contained = c.contained;
    return 0;
fail:
    for (int i = 0; i < 2; i++) {
        if (ends[i] >= 0)
            close(ends[i]);
        if (status[i] >= 0)
            close(status[i]);
    }
    return rc;
}

/* Splits the path of the file to preload into folder and name. The dynamic linker splits its list of files at spaces
 * and colons and expands words such as $LIB. The path may hold such characters; so the worker is started in the folder,
 * with the name only. */
static int split_path(const char *path, char *folder, size_t size, const char **name, struct iso_err *err)
{
    const char *slash = strrchr(path, '/');

    if (!slash || (size_t)(slash - path) >= size)
        return iso_fail(err, ISO_INTERNAL, "'%s' is not the path of a worker", path);
    snprintf(folder, size, "%.*s", (int)(slash - path), path);
    *name = slash + 1;
    return 0;
}

int spawn_worker(const struct worker_config *cfg, struct spawned *out, struct iso_err *err)
{
    const struct paths *p = cfg->paths;
    char seed[24], memory[24], folder[PATH_MAX], preloaded[NAME_MAX + 3];
    const char *name = NULL;
    const char *argv[] = {LOADER,
                          "--preload",
                          preloaded,
                          p->v8_host,
                          WORKER_OPTION,
                          cfg->jitless ? "jitless" : "jit",
                          seed,
                          memory,
                          cfg->strict ? "strict" : "default",
                          cfg->zygote ? "zygote" : "once",
                          NULL};
    struct spawn_config spawn = {
        .argv = argv, .folder = folder, .snapshot_fd = cfg->snapshot_fd, .cpu_seconds = cfg->cpu_seconds};

    if (access(p->worker, R_OK) < 0 || access(p->v8_host, X_OK) < 0)
        return iso_fail(err, ISO_SANDBOX_UNAVAILABLE,
                        "the installation is incomplete: '%s' or '%s' cannot be read", p->worker, p->v8_host);
    if (split_path(p->worker, folder, sizeof folder, &name, err) < 0)
        return -1;
    snprintf(preloaded, sizeof preloaded, "./%s", name);
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)cfg->seed);
    snprintf(memory, sizeof memory, "%llu", (unsigned long long)cfg->memory_bytes);
    return spawn_process(&spawn, out, err);
}

int spawn_error(int status_fd, struct iso_err *err)
{
    char text[200];
    ssize_t n = read(status_fd, text, sizeof text - 1);

    if (n <= 0)
        return 0;
    text[n] = 0;
    iso_fail(err, ISO_SANDBOX_UNAVAILABLE, "the worker process could not be set up: %s", text);
    return 1;
}
