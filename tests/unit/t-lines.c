/* SPDX-License-Identifier: MIT */
/* Lines of an input on an event loop: host/io/lines.h. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "host/io/lines.h"
#include "tests/tap.h"

struct reading {
    struct lines lines;
    struct buf got; /* lines, a bar behind each; "(long)" for one that is too long */
    int ended, stop_after, turns;
};

static void take(void *ctx)
{
    struct reading *r = ctx;
    const char *line;
    size_t len;
    int rc;

    r->turns++;
    while (!r->ended && (rc = lines_next(&r->lines, &line, &len)) != 0) {
        r->ended = rc < 0;
        if (rc > 0) {
            buf_add(&r->got, line ? line : "(long)", line ? len : 6);
            buf_byte(&r->got, '|');
        }
        if (r->stop_after && --r->stop_after == 0)
            lines_stop(&r->lines);
    }
}

static int file_of(const char *text, size_t len, off_t size)
{
    char name[] = "/tmp/t-lines.XXXXXX";
    int fd = mkstemp(name);

    unlink(name);
    if (write(fd, text, len) != (ssize_t)len || (size && ftruncate(fd, size) < 0))
        puts("Bail out! cannot write a file");
    lseek(fd, 0, SEEK_SET);
    return fd;
}

static void read_lines(struct reading *r, int fd, size_t longest)
{
    struct iso_err err;
    uv_loop_t loop;

    uv_loop_init(&loop);
    if (lines_open_fd(&r->lines, &loop, fd, longest, take, r, &err) < 0)
        puts("Bail out! cannot read it");
    take(r);
    while (!r->ended)
        uv_run(&loop, UV_RUN_ONCE);
    lines_close(&r->lines, NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    is_int(uv_loop_close(&loop), 0, "nothing is left on the loop");
    close(fd);
}

static void gives(const char *text, const char *want, const char *name)
{
    struct reading r = {0};

    read_lines(&r, file_of(text, strlen(text), 0), 100);
    is_text(r.got.data ? r.got.data : "", r.got.len, want, name);
    buf_free(&r.got);
}

static void test_files(void)
{
    gives("", "", "an empty file");
    gives("a\nbc\n", "a|bc|", "two lines");
    gives("a\nbc", "a|bc|", "the last one without an end");
    gives("\n\n", "||", "empty lines");
    gives("\xef\xbb\xbf"
          "a\n",
          "a|", "a byte order mark is no part of the first line");
}

static void test_many_lines(void)
{
    struct reading r = {0};
    struct buf text = {0}, want = {0};

    for (int i = 0; i < 200000; i++) {
        buf_printf(&text, "line %d\n", i);
        buf_printf(&want, "line %d|", i);
    }
    read_lines(&r, file_of(text.data, text.len, 0), 100);
    ok(r.got.len == want.len && memcmp(r.got.data, want.data, want.len) == 0, "200,000 lines in their order");
    is_int((long long)r.lines.number, 200000, "and counted");
    buf_free(&text);
    buf_free(&want);
    buf_free(&r.got);
}

static void test_lines_that_are_too_long(void)
{
    struct reading r = {0};
    struct buf text = {0};

    for (int i = 0; i < 1000000; i++)
        buf_byte(&text, 'x');
    buf_str(&text, "\nshort\n");
    read_lines(&r, file_of(text.data, text.len, 0), 1000);
    is_text(r.got.data, r.got.len, "(long)|short|",
            "a line that is too long is none, and the next one comes");
    buf_free(&text);
    buf_free(&r.got);
}

/* Each piece is a turn of the loop: a hole of 64 MiB gives it hundreds of chances to do something else. */
static void test_holes_do_not_hold_the_loop(void)
{
    struct reading r = {0};

    read_lines(&r, file_of("first\n", 6, 64 << 20), 1000);
    is_text(r.got.data, r.got.len, "first|(long)|", "a hole is one long line");
    ok(r.turns > 100, "that comes in many pieces (%d)", r.turns);
    buf_free(&r.got);
}

static void test_stopping(void)
{
    struct reading r = {.stop_after = 1};

    read_lines(&r, file_of("a\nb\nc\n", 6, (off_t)1 << 40), 1000);
    is_text(r.got.data, r.got.len, "a|", "no line follows when reading is stopped");
    buf_free(&r.got);
}

static void test_closing_while_a_thread_reads(void)
{
    struct reading r = {0};
    struct iso_err err;
    uv_loop_t loop;
    int fd = file_of("a\n", 2, (off_t)1 << 40);

    uv_loop_init(&loop);
    lines_open_fd(&r.lines, &loop, fd, 1000, take, &r, &err);
    take(&r);
    lines_close(&r.lines, NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    is_int(uv_loop_close(&loop), 0, "closed while it is read");
    is_int((long long)r.got.len, 0, "nothing comes then");
    close(fd);
    buf_free(&r.got);
}

int main(void)
{
    alarm(120);
    test_files();
    test_many_lines();
    test_lines_that_are_too_long();
    test_holes_do_not_hold_the_loop();
    test_stopping();
    test_closing_while_a_thread_reads();
    return done_testing();
}
