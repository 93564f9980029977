/* SPDX-License-Identifier: MIT */
/* zygote.c - a zygote that lies. Put in the place of V8's program it shows what the parent makes of each lie.
 *
 * A zygote never sees an agent. Which lie it tells stands in the name of the snapshot, which comes in its job:
 * `DIR/NAME [ARG]....snap`. Up to a request that a lie chooses it is a good one, whose children are good workers that
 * answer every job with `export default 1`. t-hostile-zygote.sh says what must come of each. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "protocol/zygote.h"
#include "tests/hostile/words.h"

static char name[64], args[3][64], directory[512]; /* from the snapshot's name */

/* ---- the protocol: protocol/zygote.h. Each side of it in its own words, so that nothing checks for us. */

/* With descriptors, or in the name of another process, which takes the right to (unix(7)); or with neither. */
static void tell(const void *bytes, size_t len, const int *fds, int count, pid_t forged)
{
    char control[CMSG_SPACE(200 * sizeof(int))] = {0};
    struct ucred name = {forged, getuid(), getgid()};
    struct iovec part = {(void *)bytes, len};
    struct msghdr all = {.msg_iov = &part, .msg_iovlen = 1};
    struct cmsghdr *c = (struct cmsghdr *)(void *)control;
    size_t size = forged ? sizeof name : (size_t)count * sizeof(int);

    if (size) {
        all.msg_control = control;
        all.msg_controllen = CMSG_SPACE(size);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = forged ? SCM_CREDENTIALS : SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(size);
        memcpy(CMSG_DATA(c), forged ? (const void *)&name : fds, size);
    }
    if (sendmsg(CHANNEL, &all, MSG_NOSIGNAL) != (ssize_t)len)
        _exit(99);
}

static void say(uint32_t kind, uint32_t number, int32_t status)
{
    struct zygote_message m = {kind, number, status, 0, 1000000};

    tell(&m, sizeof m, NULL, 0, 0);
}

/* The next request; *channel is the other end of the child's. */
static uint32_t request(int *channel)
{
    char control[CMSG_SPACE(sizeof(int))] = {0};
    struct zygote_message m;
    struct iovec part = {&m, sizeof m};
    struct msghdr all = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};

    if (recvmsg(CHANNEL, &all, MSG_WAITALL) != (ssize_t)sizeof m || !CMSG_FIRSTHDR(&all))
        _exit(0);
    memcpy(channel, CMSG_DATA(CMSG_FIRSTHDR(&all)), sizeof *channel);
    return m.number;
}

/* ---- children */

static void __attribute__((noreturn)) good_worker(void)
{
    read_job();
    truth();
    _exit(0);
}

static void __attribute__((noreturn)) late_worker(void)
{
    read_job();
    started();
    nap(700);
    exports("{\"default\":1}");
    done_code(ISO_OK);
    _exit(0);
}

static void __attribute__((noreturn)) silent_worker(void)
{
    sleep_on();
}

/* Says in a file that it has outlived its run. */
static void __attribute__((noreturn)) surviving_worker(void)
{
    char path[600];
    int fd;

    read_job();
    honest();
    nap(1500);
    snprintf(path, sizeof path, "%s/survived", directory);
    fd = open(path, O_WRONLY | O_CREAT, 0644);
    (void)!write(fd, "x", 1);
    sleep_on();
}

static struct {
    uint32_t number;
    pid_t pid;
} children[1024];
static int count, lazy; /* lazy: ends are not told */

/* The message that an honest child sends before it becomes a worker. */
static void say_forked(uint32_t number)
{
    say(ZYGOTE_FORKED, number, 0);
}

static pid_t make_child_that(void (*speak)(uint32_t number), uint32_t number, int channel, void (*be)(void))
{
    pid_t pid = fork();

    if (pid == 0) {
        speak(number);
        dup2(channel, CHANNEL);
        close(channel);
        be();
    }
    children[count].number = number;
    children[count++].pid = pid;
    close(channel);
    return pid;
}

static void reap(void)
{
    int status;
    pid_t pid;

    while (!lazy && (pid = waitpid(-1, &status, WNOHANG)) > 0)
        for (int i = 0; i < count; i++)
            if (children[i].pid == pid) {
                say(ZYGOTE_ENDED, children[i].number, status);
                children[i] = children[--count];
                break;
            }
}

static void answer_well(uint32_t number, int channel, void (*be)(void))
{
    make_child_that(say_forked, number, channel, be);
}

/* The next request, while children are looked after. */
static uint32_t await_request(int *channel)
{
    struct pollfd p = {.fd = CHANNEL, .events = POLLIN};

    while (poll(&p, 1, 2) == 0)
        reap();
    return request(channel);
}

static void serve(int requests, void (*be)(void))
{
    for (; requests != 0; requests -= requests > 0) {
        int channel;
        uint32_t number = await_request(&channel);
        answer_well(number, channel, be);
    }
}

/* ---- lies in place of being ready */

static void lie_start(void)
{
    struct buf fields = {0};

    if (strcmp(args[0], "memory") == 0)
        frame(FRAME_MEMORY, "", 0);
    else if (strcmp(args[0], "fatal") == 0)
        frame(FRAME_FATAL, "\"}\n\033why", 8);
    else if (strcmp(args[0], "code") == 0)
        done_code(strtoull(args[1], NULL, 0));
    else if (strcmp(args[0], "interrupted") == 0) {
        field_put_number(&fields, FIELD_CODE, ISO_INTERNAL);
        field_put_number(&fields, FIELD_INTERRUPTED, 1);
        done(&fields);
    } else if (strcmp(args[0], "frame") == 0)
        frame((unsigned)strtoul(args[1], NULL, 0), "x", 1);
    else if (strcmp(args[0], "length") == 0)
        head((unsigned)strtoul(args[1], NULL, 0), strtoul(args[2], NULL, 0));
    else if (strcmp(args[0], "garbage") == 0)
        put("garbage garbage", 15);
    else if (strcmp(args[0], "short") == 0)
        frame(FRAME_STARTED, "0123456789", 10);
    else
        _exit(96);
    sleep_on();
}

static void lie_endless(void)
{
    static char bytes[65536];

    memset(bytes, atoi(args[0]), sizeof bytes);
    if (strcmp(args[1], "started") == 0)
        started();
    for (;;)
        put(bytes, sizeof bytes);
}

static void lie_drip(void)
{
    if (strcmp(args[0], "started") == 0)
        started();
    else
        head(FRAME_FATAL, 4000);
    for (;;) {
        put("\2", 1);
        nap(50);
    }
}

/* More than it was asked for, in one piece with being ready. */
static void lie_early(void)
{
    struct zygote_message m = {(uint32_t)strtoul(args[0], NULL, 0), (uint32_t)strtoul(args[1], NULL, 0), 0, 0,
                               0};
    uint64_t numbers[2] = {0, 0};
    unsigned char bytes[FRAME_HEAD];
    struct buf all = {0};

    frame_head(bytes, FRAME_STARTED, sizeof numbers);
    buf_add(&all, bytes, sizeof bytes);
    buf_add(&all, numbers, sizeof numbers);
    buf_add(&all, &m, args[2][0] ? (size_t)atoi(args[2]) : sizeof m);
    put(all.data, all.len);
    serve(-1, good_worker);
}

static void lie_ends(void)
{
    if (strcmp(args[0], "never-started") != 0)
        started();
    if (strcmp(args[0], "serving") == 0)
        serve(3, good_worker);
    if (strcmp(args[0], "giving") == 0)
        serve(2, silent_worker);
    if (strcmp(args[1], "SEGV") == 0)
        *(volatile int *)8 = 1; /* NOLINT: meant */
    if (strcmp(args[1], "stops") == 0)
        kill(getpid(), SIGSTOP);
    ends(args[1]);
}

/* ---- lies about who a child is: the ARGth request gets one, those before it are answered well */

static void stay_silent(uint32_t number)
{
    (void)number;
}

static void say_as_grandchild(uint32_t number)
{
    if (fork() == 0) {
        say_forked(number);
        sleep_on();
    }
}

/* The number of a process that has ended and was reaped. */
static pid_t number_of_the_dead(void)
{
    pid_t pid = fork();

    if (pid == 0)
        _exit(0);
    waitpid(pid, NULL, 0);
    return pid;
}

static void say_as(pid_t pid, uint32_t number)
{
    struct zygote_message m = {ZYGOTE_FORKED, number, 0, 0, 0};

    tell(&m, sizeof m, NULL, 0, pid);
}

static void say_with_descriptors(uint32_t number)
{
    struct zygote_message m = {ZYGOTE_FORKED, number, 0, 0, 0};
    int many[200];

    for (int i = 0; i < 200; i++)
        many[i] = CHANNEL;
    tell(&m, sizeof m, many, atoi(args[2]), 0);
}

static void lie_sender(void)
{
    const char *what = args[1];
    uint32_t number;
    int channel;

    started();
    serve(atoi(args[0]), good_worker);
    number = await_request(&channel);
    if (strcmp(what, "itself") == 0) {
        say_forked(number);
    } else if (strcmp(what, "grandchild") == 0) {
        make_child_that(say_as_grandchild, number, channel, good_worker);
    } else if (strcmp(what, "descriptors") == 0) {
        make_child_that(say_with_descriptors, number, channel, good_worker);
    } else if (strcmp(what, "dead") == 0) {
        close(channel);
        say_as(number_of_the_dead(), number);
    } else if (strcmp(what, "parent") == 0) { /* without namespaces: iso4 */
        say_as(getppid(), number);
    } else if (strcmp(what, "forged") == 0) {
        say_as(getpid(), number);
    } else {
        _exit(96);
    }
    serve(-1, good_worker);
}

/* ---- lies in what a child says */

static void say_message(uint32_t number)
{
    struct zygote_message m[4];
    const char *what = args[1];
    size_t len = sizeof *m;

    for (int i = 0; i < 4; i++)
        m[i] = (struct zygote_message){ZYGOTE_FORKED, number, 0, 0, 0};
    if (strcmp(what, "kind") == 0)
        m[0].kind = (uint32_t)strtoul(args[2], NULL, 0);
    else if (strcmp(what, "number") == 0) /* of a child that was not requested */
        m[0].number += (uint32_t)strtoul(args[2], NULL, 0);
    else if (strcmp(what, "half") == 0)
        len = (size_t)atoi(args[2]);
    else if (strcmp(what, "long") == 0) {
        memset(m + 1, 0x5a, sizeof *m);
        len += (size_t)atoi(args[2]);
    }
    tell(m, len, NULL, 0, 0);
    if (strcmp(what, "twice") == 0)
        tell(m, len, NULL, 0, 0);
    while (strcmp(what, "flood") == 0)
        tell(m, len, NULL, 0, 0);
}

static void lie_message(void)
{
    uint32_t number;
    int channel;

    started();
    serve(atoi(args[0]), good_worker);
    number = await_request(&channel);
    if (strcmp(args[1], "never") == 0)
        sleep_on();
    make_child_that(strcmp(args[1], "silent") == 0 ? stay_silent : say_message, number, channel, good_worker);
    serve(-1, good_worker);
}

/* No child, for want of processes as it says: always, for the first ARG requests, or of one not asked for. */
static void lie_refuses(void)
{
    int left = strcmp(args[0], "always") == 0 ? -1 : atoi(args[0]);

    started();
    for (; left != 0; left -= left > 0) {
        int channel;
        uint32_t number = await_request(&channel);

        close(channel);
        say(ZYGOTE_REFUSED, number, EAGAIN);
        if (strcmp(args[1], "twice") == 0)
            say(ZYGOTE_REFUSED, number, EAGAIN);
        if (strcmp(args[1], "unknown") == 0)
            say(ZYGOTE_REFUSED, number + 1000, EAGAIN);
    }
    serve(-1, good_worker);
}

/* ---- lies about ends */

static void say_end_of_sibling(uint32_t number)
{
    say(ZYGOTE_ENDED, number - 1, 0);
}

static void lie_end(void)
{
    const char *what = args[1];
    uint32_t number;
    int channel;

    started();
    serve(atoi(args[0]), good_worker);
    number = await_request(&channel);
    if (strcmp(what, "before") == 0) { /* before it has begun */
        say(ZYGOTE_ENDED, number, 0);
    } else if (strcmp(what, "unknown") == 0) {
        say(ZYGOTE_ENDED, (uint32_t)strtoul(args[2], NULL, 0), 0);
    } else if (strcmp(what, "idle") == 0) { /* one after the other, before there is a job for them */
        answer_well(number, channel, silent_worker);
        for (;;) {
            say(ZYGOTE_ENDED, number, 0);
            number = await_request(&channel);
            answer_well(number, channel, silent_worker);
        }
    } else if (strcmp(what, "descriptor") == 0) {
        struct zygote_message m = {ZYGOTE_ENDED, number, 0, 0, 0};
        int null = 0;

        answer_well(number, channel, late_worker);
        nap(200);
        tell(&m, sizeof m, &null, 1, 0);
    } else if (strcmp(what, "twice") == 0) {
        answer_well(number, channel, late_worker);
        nap(200);
        say(ZYGOTE_ENDED, number, 0);
        say(ZYGOTE_ENDED, number, 0);
    } else if (strcmp(what, "early") == 0) { /* while it runs */
        answer_well(number, channel, late_worker);
        nap(200);
        say(ZYGOTE_ENDED, number, atoi(args[2]));
        lazy = 1;
    } else if (strcmp(what, "survives") == 0) {
        answer_well(number, channel, surviving_worker);
        count--; /* its end is not told once more */
        nap(200);
        say(ZYGOTE_ENDED, number, 0);
        serve(-1, late_worker);
    } else if (strcmp(what, "status") == 0) { /* of each child, in place of 0 */
        answer_well(number, channel, good_worker);
        waitpid(children[count - 1].pid, NULL, 0);
        say(ZYGOTE_ENDED, number, (int32_t)strtol(args[2], NULL, 0));
    } else if (strcmp(what, "by-child") == 0) { /* of its sibling */
        answer_well(number, channel, late_worker);
        number = await_request(&channel);
        make_child_that(say_end_of_sibling, number, channel, good_worker);
    } else if (strcmp(what, "never") == 0) {
        lazy = 1;
        answer_well(number, channel, good_worker);
    } else {
        _exit(96);
    }
    if (lazy) /* others are looked after */
        for (;;) {
            number = await_request(&channel);
            answer_well(number, channel, good_worker);
        }
    serve(-1, good_worker);
}

/* Writes on for a child that was killed, whose end it does not tell. */
static void lie_drips(void)
{
    uint32_t number;
    int channel;

    started();
    number = await_request(&channel);
    make_child_that(say_forked, number, dup(channel), silent_worker);
    for (;;) {
        if (send(channel, "\2", 1, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
            nap(1);
        nap(1);
    }
}

/* ---- children that die without a word */

/* With a job that it has not taken. */
static void __attribute__((noreturn)) leaving_worker(void)
{
    struct pollfd p = {.fd = CHANNEL, .events = POLLIN};

    poll(&p, 1, -1);
    _exit(1);
}

static void __attribute__((noreturn)) taking_worker(void)
{
    read_job();
    _exit(1);
}

/* The first ARG of them; their zygote with them, if it is the first. */
static void lie_child(void)
{
    char path[600];

    started();
    if (strcmp(args[0], "leaves") == 0)
        serve(atoi(args[1]), leaving_worker);
    else if (strcmp(args[0], "takes") == 0)
        serve(atoi(args[1]), taking_worker);
    snprintf(path, sizeof path, "%s/starved", directory);
    if (strcmp(args[0], "starves") == 0 && open(path, O_WRONLY | O_CREAT | O_EXCL, 0644) >= 0) {
        serve(atoi(args[1]), silent_worker);
        nap(300);
        _exit(1);
    }
    serve(-1, good_worker);
}

/* ---- no lies, but odd: in another order, by processes that serve two */

static void lie_reversed(void)
{
    started();
    for (;;) {
        int channels[2];
        uint32_t numbers[2];
        for (int i = 0; i < 2; i++)
            numbers[i] = await_request(&channels[i]);
        for (int i = 1; i >= 0; i--)
            answer_well(numbers[i], channels[i], good_worker);
    }
}

static uint32_t other_number;

static void say_other_number(uint32_t number)
{
    (void)number;
    say_forked(other_number);
}

static void lie_swapped(void)
{
    started();
    for (;;) {
        int channels[2];
        uint32_t numbers[2];
        for (int i = 0; i < 2; i++)
            numbers[i] = await_request(&channels[i]);
        for (int i = 0; i < 2; i++) {
            other_number = numbers[1 - i];
            make_child_that(say_other_number, numbers[i], channels[i], good_worker);
        }
    }
}

static void lie_truth(void)
{
    started();
    serve(-1, good_worker);
}

/* Leaves its children to themselves. */
static void lie_forks(void)
{
    started();
    for (int i = atoi(args[0]); i > 0; i--)
        if (fork() == 0)
            sleep_on();
    serve(-1, good_worker);
}

static const struct {
    const char *name;
    void (*tell)(void);
} lies[] = {
    {"truth", lie_truth},     {"start", lie_start}, {"endless", lie_endless},   {"drip", lie_drip},
    {"early", lie_early},     {"ends", lie_ends},   {"sender", lie_sender},     {"message", lie_message},
    {"refuses", lie_refuses}, {"end", lie_end},     {"reversed", lie_reversed}, {"swapped", lie_swapped},
    {"forks", lie_forks},     {"child", lie_child},
};

/* Reads the job as far as it goes: a zygote's is small. */
static int find_lie(void)
{
    char bytes[65536];
    struct field f;
    size_t at = 0;
    ssize_t n;

    nap(5); /* it is one write */
    n = recv(CHANNEL, bytes, sizeof bytes, 0);
    while (n > FRAME_HEAD && field_next(bytes + FRAME_HEAD, (size_t)n - FRAME_HEAD, &at, &f) > 0) {
        char *slash;
        if (f.tag != FIELD_SNAPSHOT)
            continue;
        snprintf(directory, sizeof directory, "%.*s", (int)f.len, f.data);
        slash = strrchr(directory, '/');
        if (!slash)
            return 0;
        *slash = 0;
        return sscanf(slash + 1, "%63[^ .] %63[^ .] %63[^ .] %63[^ .]", name, args[0], args[1], args[2]) > 0;
    }
    return 0;
}

/* A byte for each time, next to the snapshot. */
static void count_start(void)
{
    char path[600];
    int fd;

    snprintf(path, sizeof path, "%s/started", directory);
    fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0644);
    (void)!write(fd, "x", 1);
    close(fd);
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    if (argc < 7)
        return 95;
    if (strcmp(argv[6], "zygote") != 0) /* a process for one run, in place of forks */
        good_worker();
    if (!find_lie())
        return 94;
    count_start();
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++)
        if (strcmp(lies[i].name, name) == 0)
            lies[i].tell();
    return 93; /* no such lie: the test that asked for it fails */
}
