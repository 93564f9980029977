/* SPDX-License-Identifier: MIT */
/* Bytes to a reader that may be slow: host/io/fd_queue.h. That a write never waits is what is tested: alarm() ends a
 * test that does. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/io/fd_queue.h"
#include "tests/tap.h"

#define MANY (8u << 20)

static int drained;

static void on_drained(void *ctx)
{
    (void)ctx;
    drained++;
}

static char byte_at(size_t i)
{
    return (char)(i * 7 + i / 251);
}

static void fill(struct fd_queue *q, size_t bytes)
{
    char block[1000];

    for (size_t sent = 0; sent < bytes;) {
        size_t n = bytes - sent < sizeof block ? bytes - sent : sizeof block;

        for (size_t i = 0; i < n; i++)
            block[i] = byte_at(sent + i);
        fd_queue_write(q, block, n);
        sent += n;
    }
}

/* The number of bytes before the first wrong one, or the end. */
static size_t read_all(int fd, size_t bytes)
{
    static char block[64 << 10];
    size_t got = 0;
    ssize_t n;

    while (got < bytes && (n = read(fd, block, sizeof block)) > 0)
        for (ssize_t i = 0; i < n; i++, got++)
            if (block[i] != byte_at(got))
                return got;
    return got;
}

static void on_timer(uv_timer_t *timer)
{
    (void)timer; /* keeps the loop turning */
}

static void run_until_drained(uv_loop_t *loop)
{
    uv_timer_t turn;

    uv_timer_init(loop, &turn);
    uv_timer_start(&turn, on_timer, 10, 10);
    while (!drained)
        uv_run(loop, UV_RUN_ONCE);
    uv_close((uv_handle_t *)&turn, NULL);
    uv_run(loop, UV_RUN_DEFAULT);
}

/* Writes more than fits, then reads it. Only a descriptor that this user may open again is written `at_once`; others
 * leave it to the thread. */
static void test_slow_reader(const char *name, int to, int from, int at_once)
{
    struct fd_queue q;
    uv_loop_t loop;
    size_t got = 0;
    pid_t reader;
    int status = 1;

    uv_loop_init(&loop);
    drained = 0;
    fd_queue_open(&q, &loop, to, on_drained, NULL);
    fill(&q, MANY);
    ok(fd_queue_backlog(&q) > MANY / 2, "%s: what does not fit is kept", name);
    is_int(drained, 0, "and it is not drained");
    fflush(stdout);
    reader = fork();
    if (reader == 0)
        _exit(read_all(from, MANY) != MANY);
    run_until_drained(&loop);
    waitpid(reader, &status, 0);
    ok(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%s: all of it comes, in order", name);
    is_int((long long)fd_queue_backlog(&q), 0, "nothing is kept any more");
    fd_queue_write(&q, "x", 1);
    got = read(from, &(char){0}, 1) == 1;
    if (!at_once)
        fd_queue_flush(&q);
    ok(got && fd_queue_backlog(&q) == 0, "%s: what fits is written again", name);
    fd_queue_close(&q);
    uv_run(&loop, UV_RUN_DEFAULT);
    is_int(uv_loop_close(&loop), 0, "nothing is left on the loop");
    close(to);
    close(from);
}

static void test_pipe(void)
{
    int ends[2];

    if (pipe(ends) == 0)
        test_slow_reader("a pipe", ends[1], ends[0], 1);
}

static void test_socket(void)
{
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0)
        test_slow_reader("a socket", ends[1], ends[0], 1);
}

/* A pipe that this user may not open again, as under su(1). */
static void test_pipe_of_another_user(void)
{
    int ends[2];

    if (geteuid() != 0) {
        ok(1, "a pipe of another user # SKIP needs root");
        return;
    }
    if (pipe(ends) < 0 || setresuid(65534, 65534, 0) < 0)
        return;
    test_slow_reader("a pipe of another user", ends[1], ends[0], 0);
    ok(setresuid(0, 0, 0) == 0, "root again");
}

static void test_nobody_reads(void)
{
    struct fd_queue q;
    int ends[2];

    if (pipe(ends) < 0)
        return;
    fd_queue_open(&q, NULL, ends[1], NULL, NULL);
    fill(&q, MANY);
    fd_queue_close(&q);
    ok(1, "a queue that is never read can be closed");
    close(ends[0]);
    close(ends[1]);
}

static void test_reader_that_is_gone(void)
{
    struct fd_queue q;
    int ends[2];

    if (pipe(ends) < 0)
        return;
    fd_queue_open(&q, NULL, ends[1], NULL, NULL);
    close(ends[0]);
    fd_queue_write(&q, "x", 1);
    is_int(q.error, EPIPE, "a reader that is gone is an error");
    fd_queue_write(&q, "x", 1);
    is_int((long long)fd_queue_backlog(&q), 0, "nothing is kept for it");
    fd_queue_close(&q);
    close(ends[1]);
}

static void test_reader_that_goes(void)
{
    struct fd_queue q;
    int ends[2];

    if (pipe(ends) < 0)
        return;
    fd_queue_open(&q, NULL, ends[1], NULL, NULL);
    fill(&q, MANY);
    ok(fd_queue_backlog(&q) > 0, "something is kept");
    close(ends[0]);
    fd_queue_flush(&q);
    is_int(q.error, EPIPE, "a reader that goes meanwhile is an error");
    is_int((long long)fd_queue_backlog(&q), 0, "which ends the wait");
    fd_queue_close(&q);
    close(ends[1]);
}

static void test_file(void)
{
    char name[] = "/tmp/t-fd-queue.XXXXXX";
    int fd = mkstemp(name);
    struct fd_queue q;
    struct stat st;

    fd_queue_open(&q, NULL, fd, NULL, NULL);
    fill(&q, 100000);
    ok(fd_queue_backlog(&q) == 0 && fstat(fd, &st) == 0 && st.st_size == 100000, "a file is written at once");
    fd_queue_close(&q);
    unlink(name);
    close(fd);
    fd_queue_open(&q, NULL, fd, NULL, NULL);
    fd_queue_write(&q, "x", 1);
    fd_queue_flush(&q);
    is_int(q.error, EBADF, "a descriptor that is closed is an error");
    fd_queue_close(&q);
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    alarm(120);
    test_pipe();
    test_socket();
    test_pipe_of_another_user();
    test_nobody_reads();
    test_reader_that_is_gone();
    test_reader_that_goes();
    test_file();
    return done_testing();
}
