/* SPDX-License-Identifier: MIT */
#include "cli/append.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/file.h"
#include "core/json_walk.h"
#include "core/place.h"
#include "host/io/lines.h"

#define STEP       (64 << 10)
#define MOST_TRIES 8

/* The start of every line that batch writes. */
static const char opening[] = "{\"id\":";

/* The offset of the last line: after the last line break, or 0. -1 and errno. */
static off_t last_line(int fd, off_t end)
{
    char block[STEP];

    for (off_t from = end; from > 0;) {
        size_t want = from < STEP ? (size_t)from : STEP;
        ssize_t n = pread(fd, block, want, from - (off_t)want);
        const char *found;

        if (n != (ssize_t)want)
            return -1;
        from -= n;
        found = memrchr(block, '\n', want);
        if (found)
            return from + (found - block) + 1;
    }
    return 0;
}

static int read_tail(int fd, off_t from, off_t end, struct buf *out)
{
    size_t want = (size_t)(end - from);

    if (want > LINES_LONGEST || buf_reserve(out, want) < 0)
        return -1;
    for (ssize_t n; out->len < want; out->len += (size_t)n) {
        n = pread(fd, out->data + out->len, want - out->len, from + (off_t)out->len);
        if (n <= 0)
            return -1;
    }
    return 0;
}

/* 1 when the line begins like a result of a batch. */
static int is_begun(const struct buf *line)
{
    size_t len = line->len < sizeof opening - 1 ? line->len : sizeof opening - 1;

    return memcmp(line->data, opening, len) == 0;
}

static int refuse_line(const char *path, struct iso_err *err)
{
    return iso_fail(err, ISO_USAGE,
                    "the last line of '%.200s' has no end and is no result of iso4 batch: name another file",
                    path);
}

static int mend_last_line(int fd, const char *path, struct iso_err *err)
{
    AUTO_BUF struct buf tail = {0};
    off_t end = lseek(fd, 0, SEEK_END), from = end < 0 ? -1 : last_line(fd, end);
    int rc = 0;

    if (from < 0 || (from < end && read_tail(fd, from, end, &tail) < 0))
        return iso_fail(err, ISO_OUTPUT, "cannot read the last line of '%.200s': %m", path);
    if (from == end)
        return 0;
    if (!is_begun(&tail))
        return refuse_line(path, err);
    if (json_check(tail.data, tail.len, NULL, NULL) == 0)
        rc = fd_write_all(fd, "\n", 1);
    else
        rc = ftruncate(fd, from);
    return rc < 0 ? iso_fail(err, ISO_OUTPUT, "cannot write '%.200s': %m", path) : 0;
}

/* Mends the last line, unless another batch holds the lock: its unfinished line must not be cut off. */
static int mend_alone(int fd, const char *path, struct iso_err *err)
{
    int rc = 0;

    if (flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) /* or the file system has no locks */
        rc = mend_last_line(fd, path, err);
    (void)flock(fd, LOCK_SH);
    return rc;
}

/* Another batch can make the file between place_find() and place_open(): then the place is found again. */
static int open_place(struct place *place, const char *path, struct iso_err *err)
{
    for (int tries = 0;; tries++) {
        int fd, raced;

        if (place_find(place, path, err) < 0)
            return -1;
        fd = place_open(place, O_APPEND | (place->special ? O_WRONLY : O_RDWR));
        if (fd >= 0)
            return fd;
        raced = errno == EEXIST && !place->exists && tries < MOST_TRIES;
        if (!raced)
            iso_fail(err, ISO_OUTPUT, "cannot write '%.200s': %m", path);
        place_close(place);
        if (!raced)
            return -1;
    }
}

int append_open(const char *path, struct iso_err *err)
{
    struct place place;
    int fd = open_place(&place, path, err);

    if (fd < 0)
        return -1;
    if (!place.special && mend_alone(fd, path, err) < 0) {
        close(fd);
        fd = -1;
    }
    place_close(&place);
    return fd;
}
