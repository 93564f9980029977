/* SPDX-License-Identifier: MIT */
/* inprivate USER COMMAND... - runs a command in mount, pid, net, ipc and uts namespaces of its own, so that
 * an attack that succeeds reaches nothing: /tmp is empty and gone at the end, the loopback device is up,
 * /proc shows what is inside. USER is "root" or "nobody" and needs root; other users get a user
 * namespace in which he is himself and says "self". The exit status is the command's; 125 when the namespaces
 * are not to be had. In the environment: INPRIVATE_SETUID, a program of which /tmp/setuid is to be a set-uid
 * copy, of root's; INPRIVATE_TREE, a folder that is to be /tmp/tree. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY 65534

static void __attribute__((noreturn)) die(const char *what)
{
    fprintf(stderr, "inprivate: %s: %s\n", what, strerror(errno));
    exit(125);
}

static void put(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY);

    if (fd < 0 || write(fd, text, strlen(text)) < 0)
        die(path);
    close(fd);
}

static void map_self(unsigned uid, unsigned gid)
{
    char text[64];

    put("/proc/self/setgroups", "deny");
    snprintf(text, sizeof text, "%u %u 1", uid, uid);
    put("/proc/self/uid_map", text);
    snprintf(text, sizeof text, "%u %u 1", gid, gid);
    put("/proc/self/gid_map", text);
}

static void enter(int self)
{
    unsigned uid = getuid(), gid = getgid();

    if (unshare((self ? CLONE_NEWUSER : 0) | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC |
                CLONE_NEWUTS) < 0)
        die("unshare");
    if (self)
        map_self(uid, gid);
}

static void loopback_up(void)
{
    struct ifreq lo = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &lo) < 0)
        die("loopback");
    close(fd);
}

/* A tree that is built below /tmp would be hidden. */
static int live_in_tmp(void)
{
    char path[16] = "";

    return readlink("/proc/self/exe", path, sizeof path - 1) > 0 && strncmp(path, "/tmp/", 5) == 0;
}

static int open_tree_of_tests(void)
{
    const char *path = getenv("INPRIVATE_TREE");
    int tree = path ? open(path, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;

    if (path && tree < 0)
        die(path);
    return tree;
}

static void mount_tree(int tree)
{
    char path[32];

    snprintf(path, sizeof path, "/proc/self/fd/%d", tree);
    if (mkdir("/tmp/tree", 0755) < 0 || mount(path, "/tmp/tree", NULL, MS_BIND, NULL) < 0)
        die("/tmp/tree");
    unsetenv("INPRIVATE_TREE"); /* the command may start us again */
}

static void furnish(int own_tmp)
{
    int tree = open_tree_of_tests();

    if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
        die("prctl");
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
        die("making mounts private");
    if (mount("proc", "/proc", "proc", 0, NULL) < 0)
        die("/proc");
    if (own_tmp && mount("tmp", "/tmp", "tmpfs", 0, "size=64m,mode=1777") < 0)
        die("/tmp");
    if (tree >= 0)
        mount_tree(tree);
    loopback_up();
}

static void copy_setuid(const char *from)
{
    int in = open(from, O_RDONLY), out = open("/tmp/setuid", O_WRONLY | O_CREAT, 0755);
    ssize_t n;

    while ((n = sendfile(out, in, NULL, 1 << 20)) > 0)
        ;
    if (n < 0 || fchmod(out, 04755) < 0)
        die(from);
    close(in);
    close(out);
}

static void become_nobody(void)
{
    if (setgroups(0, NULL) < 0 || setresgid(NOBODY, NOBODY, NOBODY) < 0 ||
        setresuid(NOBODY, NOBODY, NOBODY) < 0)
        die("becoming nobody");
}

int main(int argc, char **argv)
{
    int status, own_tmp = getenv("INPRIVATE_TREE") || !live_in_tmp();
    pid_t pid;

    if (argc < 3)
        return 2;
    enter(strcmp(argv[1], "self") == 0);
    pid = fork();
    if (pid < 0)
        die("fork");
    if (pid == 0) {
        furnish(own_tmp);
        if (own_tmp && getenv("INPRIVATE_SETUID"))
            copy_setuid(getenv("INPRIVATE_SETUID"));
        if (strcmp(argv[1], "nobody") == 0)
            become_nobody();
        execvp(argv[2], argv + 2);
        die(argv[2]);
    }
    while (waitpid(pid, &status, 0) != pid)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
