/* SPDX-License-Identifier: MIT */
#include "core/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define READ_STEP (64u << 10)

/* Appends everything up to the end of fd. `name` stands for the file in messages. */
static int read_to_end(int fd, const char *name, size_t most, struct buf *out, struct iso_err *err)
{
    size_t start = out->len;

    for (;;) {
        ssize_t n;

        if (buf_reserve(out, READ_STEP) < 0)
            return iso_fail(err, ISO_USAGE, "cannot read %s: out of memory", name);
        n = read(fd, out->data + out->len, READ_STEP);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return iso_fail(err, ISO_USAGE, "cannot read %s: %m", name);
        if (n == 0)
            return 0;
        out->len += (size_t)n;
        if (out->len - start > most)
            return iso_fail(err, ISO_USAGE, "%s is too large: at most %zu MiB are read", name, most >> 20);
    }
}

static int read_stdin(size_t most, struct buf *out, struct iso_err *err)
{
    static int taken;

    if (taken++)
        return iso_fail(err, ISO_USAGE, "standard input ('-') can be only one of the inputs");
    return read_to_end(STDIN_FILENO, "standard input", most, out, err);
}

int file_read(const char *path, size_t most, struct buf *out, struct iso_err *err)
{
    AUTO_FD int fd = -1;
    char name[204];

    if (strcmp(path, "-") == 0)
        return read_stdin(most, out, err);
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return iso_fail(err, ISO_USAGE, "cannot open '%.200s': %m", path);
    snprintf(name, sizeof name, "'%.200s'", path);
    return read_to_end(fd, name, most, out, err);
}

int file_read_regular(const char *path, size_t most, struct buf *out, struct iso_err *err)
{
    /* With O_NONBLOCK a pipe without a writer opens at once, and is then refused. */
    AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    char name[204];
    struct stat st;

    if (fd < 0)
        return iso_fail(err, ISO_USAGE, "cannot open '%.200s': %m", path);
    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
        return iso_fail(err, ISO_USAGE, "cannot read '%.200s': it is not a regular file", path);
    snprintf(name, sizeof name, "'%.200s'", path);
    return read_to_end(fd, name, most, out, err);
}

void text_drop_mark(struct buf *text)
{
    if (text->len >= 3 && memcmp(text->data, "\xef\xbb\xbf", 3) == 0)
        buf_consume(text, 3);
}

int file_read_text(const char *path, size_t most, struct buf *out, struct iso_err *err)
{
    int rc = file_read(path, most, out, err);

    if (rc == 0)
        text_drop_mark(out);
    return rc;
}

int fd_write_all(int fd, const void *data, size_t len)
{
    const char *p = data;

    while (len > 0) {
        ssize_t n = write(fd, p, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN) { /* the caller made this descriptor non-blocking */
            (void)poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, -1);
            continue;
        }
        if (n < 0)
            return -1;
        p += n;
        len -= (size_t)n;
    }
    return 0;
}
