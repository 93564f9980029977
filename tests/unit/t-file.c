/* SPDX-License-Identifier: MIT */
/* Reading inputs, core/file.h. */
#include <limits.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/time.h>

#include "tests/scratch.h"

/* ---- reading */

static void test_read_appends_the_whole_file(void)
{
    struct buf b = {0};
    struct iso_err err = {0};

    make("in", "content");
    buf_str(&b, "before ");
    is_int(file_read("in", 100, &b, &err), 0, "a file is read");
    is_text(b.data, b.len, "before content", "behind what was there");
    is_int(file_read("in", 7, &b, &err), 0, "and once more");
    is_text(b.data, b.len, "before contentcontent", "the cap counts each by itself");
    is_int(err.code, ISO_OK, "no failure is reported");
    buf_free(&b);
    entries(1);
}

static void test_read_takes_large_files(void)
{
    struct buf in = {0}, out = {0};
    struct iso_err err;

    for (int i = 0; i < 50000; i++)
        buf_printf(&in, "%d ", i);
    buf_byte(&in, 0);
    make("in", in.data);
    is_int(file_read("in", 1 << 20, &out, &err), 0, "of several reads");
    ok(out.len == in.len - 1 && memcmp(out.data, in.data, out.len) == 0, "whole and in order");
    buf_free(&in);
    buf_free(&out);
    entries(1);
}

static void test_read_of_an_empty_file(void)
{
    struct buf b = {0};
    struct iso_err err;

    make("in", "");
    is_int(file_read("in", 0, &b, &err), 0, "is no failure, also with a cap of 0");
    is_int((long long)b.len, 0, "and gives nothing");
    buf_free(&b);
    entries(1);
}

static void test_read_stops_over_the_cap(void)
{
    struct buf b = {0};
    struct iso_err err = {0};

    make("in", "12345678");
    is_int(file_read("in", 8, &b, &err), 0, "as many bytes as the cap are read");
    buf_reset(&b);
    is_int(file_read("in", 7, &b, &err), -1, "one more is refused");
    ok(err.code == ISO_USAGE && strstr(err.msg, "'in'"), "as a usage error that names the file: %s", err.msg);
    buf_free(&b);
    entries(1);
}

static void test_read_of_an_endless_file_ends(void)
{
    struct buf b = {0};
    struct iso_err err = {0};

    is_int(file_read("/dev/zero", 1 << 20, &b, &err), -1, "/dev/zero is refused");
    is_int(err.code, ISO_USAGE, "as a usage error");
    ok(b.size <= 4 << 20, "soon after the cap");
    buf_free(&b);
}

static void test_read_failures_name_the_file(void)
{
    struct buf b = {0};
    struct iso_err err = {0};

    is_int(file_read("missing", 100, &b, &err), -1, "a missing file");
    ok(err.code == ISO_USAGE && strstr(err.msg, "'missing'") && strstr(err.msg, "No such file"), "%s",
       err.msg);
    is_int(file_read(".", 100, &b, &err), -1, "a directory");
    ok(err.code == ISO_USAGE && strstr(err.msg, "'.'"), "%s", err.msg);
    is_int(file_read("", 100, &b, &err), -1, "an empty name");
    is_int(err.code, ISO_USAGE, "is a usage error");
    buf_free(&b);
}

static int read_forbidden(void)
{
    struct buf b = {0};
    struct iso_err err = {0};

    become_nobody();
    return !(file_read("secret", 100, &b, &err) == -1 && err.code == ISO_USAGE && strstr(err.msg, "denied"));
}

/* Reading a pipe without a writer would wait forever. */
static void test_only_regular_files_are_read_for_others(void)
{
    static const char *const others[] = {"pipe", ".", "/dev/zero", "/dev/null", "-"};
    struct buf out = {0};
    struct iso_err err;

    unlink("pipe");
    if (mkfifo("pipe", 0600) < 0)
        puts("# no pipe can be made");
    alarm(60);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        ok(file_read_regular(others[i], 100, &out, &err) < 0 && err.code == ISO_USAGE, "not %s: %s",
           others[i], err.msg);
    alarm(0);
    unlink("pipe");
    make("one", "text");
    ok(file_read_regular("one", 100, &out, &err) == 0, "but a file");
    is_text(out.data, out.len, "text", "with what is in it");
    ok(file_read_regular("one", 3, &out, &err) < 0 && strstr(err.msg, "too large"), "up to the bound");
    buf_free(&out);
    entries(1);
}

static void test_read_without_permission_is_refused(void)
{
    make("secret", "x");
    chmod("secret", 0);
    is_int(apart(read_forbidden), 0, "as a usage error that says so");
    entries(1);
}

static void test_a_buffer_that_is_full_is_no_crash(void)
{
    struct buf b = {.cap = 10};
    struct iso_err err = {0};

    make("in", "12345678901234567890");
    is_int(file_read("in", 100, &b, &err), -1, "reading into it is refused");
    is_int(err.code, ISO_USAGE, "as a usage error");
    buf_free(&b);
    entries(1);
}

static int read_stdin(void)
{
    struct buf b = {0};
    struct iso_err err = {0};
    int fd = open("in", O_RDONLY);

    dup2(fd, STDIN_FILENO);
    if (file_read("-", 100, &b, &err) < 0 || b.len != 8 || memcmp(b.data, "from in\n", 8) != 0)
        return 1;
    lseek(STDIN_FILENO, 0, SEEK_SET);
    if (file_read("-", 7, &b, &err) == 0 || err.code != ISO_USAGE || !strstr(err.msg, "standard input"))
        return 2;
    close(STDIN_FILENO);
    return file_read("-", 100, &b, &err) == 0 || err.code != ISO_USAGE ? 3 : 0;
}

static void test_a_dash_is_standard_input(void)
{
    make("in", "from in\n");
    make("-", "from a file of that name");
    is_int(apart(read_stdin), 0, "read whole, under the same cap, and refused when it is closed");
    entries(1);
}

static void on_alarm(int signal)
{
    (void)signal;
}

/* Signals every millisecond, without SA_RESTART. */
static void be_interrupted(void)
{
    struct sigaction act = {.sa_handler = on_alarm};
    struct itimerval often = {{0, 1000}, {0, 1000}};

    alarm(0); /* the same timer */
    sigaction(SIGALRM, &act, NULL);
    setitimer(ITIMER_REAL, &often, NULL);
}

static int read_interrupted(void)
{
    struct buf b = {0};
    struct iso_err err = {0};
    int p[2];

    if (pipe(p) < 0)
        return 1;
    if (fork() == 0) {
        close(p[0]);
        usleep(30000);
        _exit(fd_write_all(p[1], "late", 4) < 0);
    }
    close(p[1]);
    dup2(p[0], STDIN_FILENO);
    be_interrupted();
    return file_read("-", 100, &b, &err) < 0 || b.len != 4;
}

static void test_a_signal_does_not_end_reading(void)
{
    is_int(apart(read_interrupted), 0, "the rest is waited for");
}

/* ---- writing to a descriptor */

/* A slow reader that says whether the bytes were those that write_interrupted() sends. */
static void read_slowly(int fd)
{
    unsigned char bytes[4096];
    size_t at = 0;
    ssize_t n;

    while ((n = read(fd, bytes, sizeof bytes)) > 0) {
        for (ssize_t i = 0; i < n; i++, at++)
            if (bytes[i] != (unsigned char)(at / 3))
                _exit(1);
        usleep(200);
    }
    _exit(at != 1 << 20);
}

static int nonblocking;

static int write_interrupted(void)
{
    static unsigned char bytes[1 << 20];
    int p[2];
    pid_t reader;

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(i / 3);
    if (pipe(p) < 0)
        return 1;
    reader = fork();
    if (reader == 0) {
        close(p[1]);
        read_slowly(p[0]);
    }
    close(p[0]);
    if (nonblocking)
        fcntl(p[1], F_SETFL, O_NONBLOCK);
    be_interrupted();
    if (fd_write_all(p[1], bytes, sizeof bytes) < 0)
        return 2;
    close(p[1]);
    return wait_for(reader);
}

static void test_write_all_goes_on_after_short_writes(void)
{
    is_int(apart(write_interrupted), 0, "every byte arrives once, in order");
    nonblocking = 1;
    is_int(apart(write_interrupted), 0, "also when the descriptor was made non-blocking");
}

static void test_write_all_reports_what_failed(void)
{
    int fd = open("/dev/full", O_WRONLY);

    errno = 0;
    ok(fd_write_all(fd, "x", 1) == -1 && errno == ENOSPC, "a full device");
    is_int(fd_write_all(fd, "", 0), 0, "nothing always fits");
    close(fd);
    errno = 0;
    ok(fd_write_all(-1, "x", 1) == -1 && errno == EBADF, "no file at all");
}

int main(void)
{
    enter_scratch();
    test_read_appends_the_whole_file();
    test_read_takes_large_files();
    test_read_of_an_empty_file();
    test_read_stops_over_the_cap();
    test_read_of_an_endless_file_ends();
    test_read_failures_name_the_file();
    test_only_regular_files_are_read_for_others();
    test_read_without_permission_is_refused();
    test_a_buffer_that_is_full_is_no_crash();
    test_a_dash_is_standard_input();
    test_a_signal_does_not_end_reading();
    test_write_all_goes_on_after_short_writes();
    test_write_all_reports_what_failed();
    leave_scratch();
    return done_testing();
}
