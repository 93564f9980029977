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

/* `name` as it stands in messages. */
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

static int open_in_place(struct file_new *f, struct iso_err *err)
{
    f->fd = open(f->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (f->fd < 0)
        return iso_fail(err, ISO_OUTPUT, "cannot write '%.200s': %m", f->path);
    return 0;
}

/* A pipe, a device, or a link to one: it is to be written, not replaced. */
static int is_special(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

/* The path that is replaced: the file that a link leads to, not the link. */
static char *real_target(const char *path)
{
    char *target = realpath(path, NULL);

    return target || errno != ENOENT ? target : strdup(path);
}

/* A short name in the same directory, so that a name of full length has room for it. */
static char *temporary_beside(const char *target)
{
    const char *slash = strrchr(target, '/');
    char *tmp;

    return asprintf(&tmp, "%.*s.iso4-XXXXXX", slash ? (int)(slash - target) + 1 : 0, target) < 0 ? NULL : tmp;
}

static int open_beside(struct file_new *f, struct iso_err *err)
{
    mode_t mask = umask(0);

    umask(mask);
    f->target = real_target(f->path);
    f->tmp = f->target ? temporary_beside(f->target) : NULL;
    f->fd = f->tmp ? mkostemp(f->tmp, O_CLOEXEC) : -1;
    if (f->fd < 0) {
        iso_fail(err, ISO_OUTPUT, "cannot write '%.200s': %m", f->path);
        free(f->tmp); /* there is no such file to remove */
        f->tmp = NULL;
        file_new_abort(f);
        return -1;
    }
    if (fchmod(f->fd, 0666 & ~mask) < 0) {
        iso_fail(err, ISO_OUTPUT, "cannot write '%.200s': %m", f->path);
        file_new_abort(f);
        return -1;
    }
    return 0;
}

int file_new_open(struct file_new *f, const char *path, struct iso_err *err)
{
    *f = (struct file_new){.fd = -1, .path = path};
    if (!*path)
        return iso_fail(err, ISO_OUTPUT, "cannot write '': the name of the output file is empty");
    return is_special(path) ? open_in_place(f, err) : open_beside(f, err);
}

int file_new_possible(const char *path, struct iso_err *err)
{
    struct file_new f;
    struct stat st;

    /* Opening a pipe and closing it again would end its reader. */
    if (stat(path, &st) == 0 && S_ISFIFO(st.st_mode) && access(path, W_OK) == 0)
        return 0;
    if (file_new_open(&f, path, err) < 0)
        return -1;
    file_new_abort(&f);
    return 0;
}

int file_new_write(struct file_new *f, const void *data, size_t len, struct iso_err *err)
{
    if (fd_write_all(f->fd, data, len) < 0)
        return iso_fail(err, ISO_OUTPUT, "cannot write '%.200s': %m", f->path);
    return 0;
}

int file_new_commit(struct file_new *f, struct iso_err *err)
{
    int fd = f->fd;

    f->fd = -1;
    /* close() reports what a full disk or a network file system put off. */
    if (close(fd) < 0 || (f->tmp && rename(f->tmp, f->target) < 0)) {
        iso_fail(err, ISO_OUTPUT, "cannot write '%.200s': %m", f->path);
        file_new_abort(f);
        return -1;
    }
    free(f->tmp);
    free(f->target);
    f->tmp = f->target = NULL;
    return 0;
}

void file_new_abort(struct file_new *f)
{
    if (f->fd >= 0)
        close(f->fd);
    if (f->tmp)
        (void)unlink(f->tmp); /* the first failure is the one to report */
    free(f->tmp);
    free(f->target);
    *f = (struct file_new){.fd = -1, .path = f->path};
}
