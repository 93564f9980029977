/* SPDX-License-Identifier: MIT */
/* underfilter RULE[,RULE...] [--report FILE] -- COMMAND... - runs a command under a seccomp filter that makes
 * system calls fail, as a container does, or a machine that is in trouble. The exit status is the command's.
 *
 *   CALL=ERRNO         every call of that name fails (with errno 0: does nothing and says it went well)
 *   CALL&MASK=ERRNO    those whose first argument has a bit of MASK set
 *   CALL:VALUE=ERRNO   those whose first argument is VALUE
 *   CALL=kill          such a call is the end of the process
 *   CALL@WHO#K=ERRNO   the K-th such call fails, counted from 1, of WHO: host (the command's own process) or
 * child (the first process that it starts as spawn.c does, with a pidfd)
 *   @WHO#K=ERRNO       the K-th of all its calls
 *   thp=off            not a rule: transparent huge pages are off, as on a machine without them
 *
 * --report writes to FILE which call was made to fail, how many calls the child made, and what the kernel
 * says about the child at its first write to descriptor 3: the moment before an agent runs. A line each, "KEY
 * VALUE". */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST_RULES 64
#define STACK      (256 << 10)

enum who { NOBODY, HOST, CHILD };

struct rule {
    int call; /* -1: all */
    int error, kills;
    unsigned long mask, value; /* of the first argument; a mask of ~0 asks for the value itself */
    enum who who;              /* NOBODY: a rule of the filter itself */
    long at, seen;
};

static struct rule rules[MOST_RULES];
static int rule_count, counted; /* rules of single calls */
static FILE *report;

struct start { /* shared with the process that becomes the command */
    char **argv;
    volatile int listener; /* -1: not yet */
};

static void __attribute__((noreturn)) die(const char *what)
{
    fprintf(stderr, "underfilter: %s: %s\n", what, strerror(errno));
    exit(125);
}

static void __attribute__((noreturn)) refuse(const char *text)
{
    fprintf(stderr, "underfilter: bad rule '%s'\n", text);
    exit(125);
}

/* ---- rules */

static int error_number(const char *name)
{
    for (int error = 0; error < 200; error++) {
        const char *known = strerrorname_np(error);
        if (known && strcmp(known, name) == 0)
            return error;
    }
    return strcmp(name, "0") == 0 ? 0 : -1;
}

static void read_who(struct rule *r, char *text)
{
    char *hash = strchr(text, '#');

    if (!hash)
        refuse(text);
    *hash = 0;
    r->who = strcmp(text, "host") == 0 ? HOST : CHILD;
    r->at = strtol(hash + 1, NULL, 10);
    counted++;
}

static void read_rule(char *text)
{
    struct rule *r = &rules[rule_count++];
    char *equals = strrchr(text, '='), *part;

    if (strcmp(text, "thp=off") == 0) {
        rule_count--;
        if (prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0) < 0)
            die("PR_SET_THP_DISABLE");
        return;
    }
    if (!equals || rule_count == MOST_RULES)
        refuse(text);
    *equals = 0;
    r->kills = strcmp(equals + 1, "kill") == 0;
    r->error = r->kills ? 0 : error_number(equals + 1);
    part = strpbrk(text, "@&:");
    if (part && *part == '@')
        read_who(r, part + 1);
    else if (part)
        r->mask = r->value = strtoul(part + 1, NULL, 0);
    if (part && *part == ':')
        r->mask = ~0ul;
    if (part)
        *part = 0;
    r->call = *text ? seccomp_syscall_resolve_name(text) : -1;
    if ((*text && r->call == __NR_SCMP_ERROR) || r->error < 0)
        refuse(text);
}

static void read_rules(char *text)
{
    for (char *one = strtok(text, ","); one; one = strtok(NULL, ","))
        read_rule(one);
}

/* ---- the filter. Calls that are counted, and all of them for a report, are answered by us. */

static void add_rule(scmp_filter_ctx filter, const struct rule *r)
{
    uint32_t action = r->kills ? SCMP_ACT_KILL_PROCESS : SCMP_ACT_ERRNO((uint32_t)r->error);
    int rc = 0;

    if (!r->mask)
        rc = seccomp_rule_add(filter, action, r->call, 0);
    else if (r->mask == ~0ul)
        rc = seccomp_rule_add(filter, action, r->call, 1, SCMP_CMP64(0, SCMP_CMP_EQ, r->value, 0));
    for (unsigned long bit = 1; bit && rc == 0; bit <<= 1)
        if (r->mask != ~0ul && r->mask & bit)
            rc = seccomp_rule_add(filter, action, r->call, 1, SCMP_CMP64(0, SCMP_CMP_MASKED_EQ, bit, bit));
    if (rc < 0) {
        errno = -rc;
        die("adding a rule");
    }
}

static scmp_filter_ctx make_filter(void)
{
    scmp_filter_ctx filter = seccomp_init(counted || report ? SCMP_ACT_NOTIFY : SCMP_ACT_ALLOW);

    seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ALLOW);
    for (int i = 0; i < rule_count; i++)
        if (rules[i].who == NOBODY)
            add_rule(filter, &rules[i]);
    return filter;
}

static struct sock_fprog export(scmp_filter_ctx filter)
{
    static struct sock_filter program[4096];
    int fd = memfd_create("filter", MFD_CLOEXEC);
    ssize_t n;

    if (fd < 0 || seccomp_export_bpf(filter, fd) < 0)
        die("compiling the filter");
    n = pread(fd, program, sizeof program, 0);
    close(fd);
    return (struct sock_fprog){(unsigned short)((size_t)n / sizeof *program), program};
}

/* By hand: from the call on, every other call of this process waits for an answer, those of libraries
 * included. */
static int load_filter(const struct sock_fprog *program)
{
    unsigned long flags = counted || report ? SECCOMP_FILTER_FLAG_NEW_LISTENER : 0;
    long rc = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, program);

    if (rc < 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) /* not root: then it has to be */
        rc = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, program);
    if (rc < 0)
        die("loading the filter");
    return flags ? (int)rc : -2;
}

/* Shares our descriptors until it executes the command, so that we get the listener without a call that the
 * filter would catch. By execveat, where a rule forbids execve. */
static int become(void *data)
{
    struct start *s = data;
    extern char **environ;
    int fd = open(s->argv[0], O_PATH);
    struct sock_fprog program = export(make_filter());

    if (fd < 0)
        die(s->argv[0]);
    s->listener = load_filter(&program);
    syscall(SYS_execve, s->argv[0], s->argv, environ);
    syscall(SYS_execveat, fd, "", s->argv, environ, AT_EMPTY_PATH);
    die(s->argv[0]);
}

/* ---- answering */

static pid_t host, child;
static int child_comes; /* the next process that is new is the child */
static long child_calls;
static int reported;

static int applies(struct rule *r, enum who who, int call)
{
    if (r->who != who || (r->call >= 0 && r->call != call))
        return 0;
    return ++r->seen == r->at;
}

/* The lines of a file of /proc that start with one of these words. */
static void copy_lines(const char *path, const char *const *keys)
{
    FILE *f = fopen(path, "re");
    char line[256];

    while (f && fgets(line, sizeof line, f))
        for (int i = 0; keys[i]; i++)
            if (strncmp(line, keys[i], strlen(keys[i])) == 0)
                fprintf(report, "%s", line);
    if (f)
        fclose(f);
}

/* A file of one number, without a word before it. */
static void copy_personality(void)
{
    char path[64], number[16];
    FILE *f;

    snprintf(path, sizeof path, "/proc/%d/personality", child);
    f = fopen(path, "re");
    if (f && fgets(number, sizeof number, f))
        fprintf(report, "Personality:\t%s", number);
    if (f)
        fclose(f);
}

static void report_child(void)
{
    static const char *const status[] = {
        "Uid:", "NoNewPrivs:", "Seccomp_filters:", "CapInh:", "CapPrm:", "CapEff:", "CapAmb:", NULL};
    static const char *const limits[] = {"Max core", "Max open files", "Max processes", "Max file size",
                                         NULL};
    char path[64];

    snprintf(path, sizeof path, "/proc/%d/status", child);
    copy_lines(path, status);
    snprintf(path, sizeof path, "/proc/%d/limits", child);
    copy_lines(path, limits);
    copy_personality();
    reported = 1;
}

/* 1 for a thread of the command's process, such as its watchdog: no process of its own. */
static int is_thread_of_host(pid_t pid)
{
    char path[64];

    snprintf(path, sizeof path, "/proc/%d/task/%d", host, pid);
    return access(path, F_OK) == 0;
}

static enum who who_is(pid_t pid)
{
    if (pid != host && child_comes && !child && !is_thread_of_host(pid))
        child = pid;
    return pid == host ? HOST : pid == child ? CHILD : NOBODY;
}

static void answer(int listener, const struct seccomp_notif *req)
{
    struct seccomp_notif_resp resp = {.id = req->id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
    enum who who = who_is((pid_t)req->pid);

    if (who == HOST &&
        (req->data.nr == SYS_clone3 || (req->data.nr == SYS_clone && req->data.args[0] & CLONE_PIDFD)))
        child_comes = 1;
    child_calls += who == CHILD;
    if (report && who == CHILD && !reported && req->data.nr == SYS_write && req->data.args[0] == 3)
        report_child();
    for (int i = 0; who && i < rule_count; i++)
        if (applies(&rules[i], who, req->data.nr)) {
            char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, req->data.nr);
            resp.flags = 0;
            resp.error = -rules[i].error;
            if (report)
                fprintf(report, "failed %s\n", name ? name : "?");
            free(name);
        }
    ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &resp); /* fails when the process was killed meanwhile */
}

static void serve(int listener)
{
    struct pollfd p = {.fd = listener, .events = POLLIN};

    while (poll(&p, 1, -1) >= 0 &&
           !(p.revents & POLLHUP)) { /* hung up: no process is left under the filter */
        struct seccomp_notif req = {0};
        if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &req) == 0)
            answer(listener, &req);
    }
    if (report)
        fprintf(report, "calls %ld\n", child_calls);
}

int main(int argc, char **argv)
{
    struct start *s = mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    char *stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int at = 2, status;

    if (argc > 3 && strcmp(argv[at], "--report") == 0) {
        report = fopen(argv[at + 1], "we");
        at += 2;
    }
    if (argc < at + 2 || strcmp(argv[at], "--") != 0 || s == MAP_FAILED || stack == MAP_FAILED) {
        fprintf(stderr, "usage: underfilter RULE,... [--report FILE] -- /PATH/OF/COMMAND [WORD...]\n");
        return 125;
    }
    read_rules(argv[1]);
    s->argv = argv + at + 1;
    s->listener = -1;
    signal(SIGINT, SIG_IGN);
    host = clone(become, stack + STACK, CLONE_FILES | SIGCHLD, s);
    if (host < 0)
        die("clone");
    while (s->listener == -1 && waitpid(host, &status, WNOHANG) == 0)
        sched_yield();
    if (s->listener >= 0)
        serve(s->listener);
    if (report)
        fclose(report);
    while (waitpid(host, &status, 0) == -1 && errno == EINTR)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
