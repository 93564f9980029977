/* SPDX-License-Identifier: MIT */
#include "host/io/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define STEP      (64u << 10)
#define FILE_STEP (256u << 10) /* a thread for each */

int lines_open_fd(struct lines *l, uv_loop_t *loop, int fd, size_t longest, void (*more)(void *ctx),
                  void *ctx, struct iso_err *err)
{
    struct stat st;

    *l = (struct lines){.fd = fd, .longest = longest, .loop = loop, .more = more, .ctx = ctx};
    if (fstat(fd, &st) < 0 || S_ISDIR(st.st_mode))
        return iso_fail(err, ISO_USAGE, "cannot read %s: %s",
                        fd == STDIN_FILENO ? "standard input" : "the input",
                        strerrordesc_np(S_ISDIR(st.st_mode) ? EISDIR : errno));
    /* A thread reads files and other things that epoll(7) does not support (/dev/null). */
    l->flags = fcntl(fd, F_GETFL);
    l->total = S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
    l->polled = !S_ISREG(st.st_mode) && uv_poll_init(loop, &l->poll, fd) == 0;
    l->poll.data = l;
    return 0;
}

int lines_open(struct lines *l, uv_loop_t *loop, const char *path, void (*more)(void *ctx), void *ctx,
               struct iso_err *err)
{
    struct iso_err why;
    int fd;

    if (!path || strcmp(path, "-") == 0)
        return lines_open_fd(l, loop, STDIN_FILENO, LINES_LONGEST, more, ctx, err);
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return iso_fail(err, ISO_USAGE, "cannot read '%.200s': %m", path);
    if (lines_open_fd(l, loop, fd, LINES_LONGEST, more, ctx, &why) < 0) {
        close(fd);
        return iso_fail(err, ISO_USAGE, "cannot read '%.200s': %s", path, strerrordesc_np(EISDIR));
    }
    l->owned = 1;
    return 0;
}

static void on_readable(uv_poll_t *poll, int status, int events);

static void wait_for_more(struct lines *l)
{
    l->wanted = 1;
    if (!l->reading)
        uv_poll_start(&l->poll, UV_READABLE, on_readable);
    l->reading = 1;
}

static void end_with(struct lines *l, int error)
{
    l->error = error;
    l->at_end = 1;
}

/* Makes room in the buffer. -1: no memory; the input then ends. */
static int make_room(struct lines *l, size_t bytes)
{
    if (l->at > STEP) {
        buf_consume(&l->in, l->at);
        l->at = 0;
    }
    if (buf_reserve(&l->in, bytes) == 0)
        return 0;
    end_with(l, ENOMEM);
    return -1;
}

static void read_lines(struct lines *l)
{
    ssize_t n;

    if (make_room(l, STEP) < 0)
        return;
    n = read(l->fd, l->in.data + l->in.len, l->in.size - l->in.len);
    if (n > 0)
        l->in.len += (size_t)n;
    else if (n == 0 || (errno != EAGAIN && errno != EINTR))
        end_with(l, n < 0 ? errno : 0);
}

static void on_loaded(uv_fs_t *request)
{
    struct lines *l = request->data;
    ssize_t n = request->result;

    uv_fs_req_cleanup(request);
    l->loading = 0;
    if (l->closing) {
        lines_close(l, l->closed);
        return;
    }
    if (l->at_end) /* lines_stop() was called meanwhile */
        return;
    if (n > 0)
        l->in.len += (size_t)n;
    else
        end_with(l, (int)-n);
    l->more(l->ctx);
}

/* Starts a read in a thread. 0: on_loaded() follows. */
static int load_some(struct lines *l)
{
    uv_buf_t room;
    int rc;

    if (l->loading)
        return 0;
    if (make_room(l, FILE_STEP) < 0)
        return -1;
    room = uv_buf_init(l->in.data + l->in.len, (unsigned)FILE_STEP);
    l->load.data = l;
    rc = uv_fs_read(l->loop, &l->load, l->fd, &room, 1, -1, on_loaded);
    l->loading = rc == 0;
    if (rc < 0)
        end_with(l, -rc);
    return rc < 0 ? -1 : 0;
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
    struct lines *l = poll->data;

    (void)status;
    (void)events;
    l->wanted = 0;
    read_lines(l);
    l->more(l->ctx); /* calls lines_next(), which sets `wanted` when lines run out */
    if (l->wanted || !l->reading)
        return;
    uv_poll_stop(&l->poll);
    l->reading = 0;
}

/* Drops the byte order mark that some editors put in front of UTF-8. */
static void drop_mark(const char **line, size_t *len)
{
    if (*len >= 3 && memcmp(*line, "\xef\xbb\xbf", 3) == 0) {
        *line += 3;
        *len -= 3;
    }
}

/* Takes the next line. The rest of a line that is too long is dropped as it arrives. */
static int take_buffered_line(struct lines *l, const char **line, size_t *len)
{
    char *start = l->in.data + l->at, *end = NULL;
    size_t have = l->in.len - l->at;

    if (have > l->seen)
        end = memchr(start + l->seen, '\n', have - l->seen);
    if (!end && !l->at_end) {
        l->seen = have;
        if (have > l->longest) {
            l->skipping = 1;
            l->in.len = l->at;
            l->seen = 0;
        }
        return 0;
    }
    if (!end && have == 0 && !l->skipping)
        return -1;
    *len = end ? (size_t)(end - start) : have;
    *line = l->skipping ? NULL : start;
    l->at += *len + (end != NULL);
    l->taken += *len + 1;
    l->seen = 0;
    l->skipping = 0;
    if (l->number++ == 0 && *line)
        drop_mark(line, len);
    return 1;
}

int lines_next(struct lines *l, const char **line, size_t *len)
{
    for (;;) {
        int got = l->in.data ? take_buffered_line(l, line, len) : l->at_end ? -1 : 0;

        if (got != 0)
            return got;
        if (l->polled)
            wait_for_more(l);
        if (l->polled || load_some(l) == 0)
            return 0;
    }
}

void lines_stop(struct lines *l)
{
    l->at_end = 1;
    l->in.len = l->at;
    l->seen = 0;
    l->skipping = 0;
    if (l->reading)
        uv_poll_stop(&l->poll);
    l->reading = 0;
}

static void on_lines_closed(uv_handle_t *handle)
{
    struct lines *l = handle->data;

    if (l->closed)
        l->closed(l->ctx);
}

void lines_close(struct lines *l, void (*closed)(void *ctx))
{
    l->closing = 1;
    l->closed = closed;
    if (l->loading)
        return; /* a thread still writes into the buffer: on_loaded() frees it */
    if (l->polled) {
        uv_close((uv_handle_t *)&l->poll, on_lines_closed);
        fcntl(l->fd, F_SETFL, l->flags); /* libuv has made it non-blocking, but other programs may share it */
    }
    if (l->owned)
        close(l->fd);
    buf_free(&l->in);
    if (!l->polled && closed)
        closed(l->ctx);
}
