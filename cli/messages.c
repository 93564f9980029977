/* SPDX-License-Identifier: MIT */
#include "cli/messages.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host/io/fd_queue.h"

/* One instance, because a process has one standard error. */
static struct {
    struct fd_queue queue;
    int open;
    uint64_t left_out; /* lines since the last one that was written */
} messages;

static struct fd_queue *standard_error(void)
{
    if (!messages.open)
        fd_queue_open(&messages.queue, NULL, STDERR_FILENO, NULL, NULL);
    messages.open = 1;
    return &messages.queue;
}

static uint64_t count_lines(const char *lines, size_t len)
{
    uint64_t count = 0;

    for (size_t i = 0; i < len; i++)
        count += lines[i] == '\n';
    return count;
}

static void say_left_out(struct fd_queue *q)
{
    char text[120];
    int n;

    if (messages.left_out == 0)
        return;
    n = snprintf(text, sizeof text,
                 "iso4: %" PRIu64 " lines were left out: standard error was not read in time\n",
                 messages.left_out);
    messages.left_out = 0;
    fd_queue_write(q, text, (size_t)n);
}

void messages_write(const char *lines, size_t len)
{
    struct fd_queue *q = standard_error();

    if (fd_queue_backlog(q) + len > MESSAGES_MOST) {
        messages.left_out += count_lines(lines, len);
        return;
    }
    say_left_out(q);
    fd_queue_write(q, lines, len);
}

void messages_write_progress(const char *line, size_t len)
{
    struct fd_queue *q = standard_error();

    if (fd_queue_backlog(q) == 0)
        fd_queue_write(q, line, len);
}

void messages_end(int wait)
{
    struct fd_queue *q = &messages.queue;

    if (!messages.open)
        return;
    say_left_out(q);
    if (wait && fd_queue_backlog(q) > 0) {
        close(STDOUT_FILENO);
        fd_queue_flush(q);
    }
    fd_queue_close(q);
    messages.open = 0;
}
