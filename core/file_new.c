/* SPDX-License-Identifier: MIT */
#include "core/file_new.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file.h"

/* The random names (48 bits) that are tried before giving up. */
#define MOST_TRIES 100

/* Temporary names that the signal handler removes; `dir` is set last and cleared first. It does not know about
 * more than this many. */
#define MOST_NAMED 8
static struct {
    volatile sig_atomic_t used;
    int dir;
    char name[24];
} named[MOST_NAMED];

static void remember(const struct file_new *f)
{
    for (int i = 0; i < MOST_NAMED; i++)
        if (!named[i].used) {
            named[i].dir = f->place.dir;
            memcpy(named[i].name, f->tmp, sizeof named[i].name);
            named[i].used = 1;
            return;
        }
}

static void forget_name(const struct file_new *f)
{
    for (int i = 0; i < MOST_NAMED; i++)
        if (named[i].used && named[i].dir == f->place.dir && strcmp(named[i].name, f->tmp) == 0)
            named[i].used = 0;
}

void file_new_remove_all(void)
{
    for (int i = 0; i < MOST_NAMED; i++)
        if (named[i].used)
            (void)unlinkat(named[i].dir, named[i].name, 0);
}

static int fail_output(const struct file_new *f, struct iso_err *err)
{
    return iso_fail(err, ISO_OUTPUT, "cannot write '%.200s': %m", f->path);
}

/* A short name in the same directory, so that a target with a name of full length has room for it. */
static int draw_name(struct file_new *f)
{
    unsigned char random[6];

    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
        return -1;
    snprintf(f->tmp, sizeof f->tmp, ".iso4-%02x%02x%02x%02x%02x%02x", random[0], random[1], random[2],
             random[3], random[4], random[5]);
    return 0;
}

/* The mode while the new file is written: only its owner may open it. The old file's mode comes at the end. */
static mode_t first_mode(const struct file_new *f)
{
    return f->place.exists ? 0600 : 0666;
}

static int open_with_name(struct file_new *f)
{
    for (int i = 0; i < MOST_TRIES; i++) {
        if (draw_name(f) < 0)
            break;
        f->fd =
            openat(f->place.dir, f->tmp, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, first_mode(f));
        if (f->fd >= 0) {
            remember(f);
            return 0;
        }
        if (errno != EEXIST)
            break;
    }
    *f->tmp = 0;
    return -1;
}

/* Opens a file without a name. linkat(2) names it later through /proc, which has to be mounted. */
static int open_without_name(struct file_new *f)
{
    if (access("/proc/self/fd", X_OK) < 0)
        return -1;
    f->fd = openat(f->place.dir, ".", O_RDWR | O_TMPFILE | O_CLOEXEC, first_mode(f));
    return f->fd < 0 ? -1 : 0;
}

static int give_name(struct file_new *f)
{
    char self[40];

    snprintf(self, sizeof self, "/proc/self/fd/%d", f->fd);
    for (int i = 0; i < MOST_TRIES; i++) {
        if (draw_name(f) < 0)
            break;
        if (linkat(AT_FDCWD, self, f->place.dir, f->tmp, AT_SYMLINK_FOLLOW) == 0)
            return 0;
        if (errno != EEXIST)
            break;
    }
    *f->tmp = 0;
    return -1;
}

/* Gives the new file the mode and owner of the old one. When the group cannot be kept, the group's rights are
 * dropped: another group must not get them. */
static int keep_mode(struct file_new *f)
{
    const struct stat *st = &f->place.st;
    mode_t mode = st->st_mode & 0777;

    if (fchown(f->fd, st->st_uid, st->st_gid) < 0 && fchown(f->fd, (uid_t)-1, st->st_gid) < 0)
        mode &= ~(mode_t)0070;
    return fchmod(f->fd, mode);
}

static int open_beside(struct file_new *f)
{
    if (open_without_name(f) < 0 && open_with_name(f) < 0)
        return -1;
    return f->place.exists ? keep_mode(f) : 0;
}

int file_new_open(struct file_new *f, const char *path, struct iso_err *err)
{
    *f = (struct file_new){.fd = -1, .path = path};
    if (place_find(&f->place, path, err) < 0)
        return -1;
    f->in_place = f->place.special;
    if (f->in_place)
        f->fd = place_open(&f->place, O_WRONLY);
    if (f->in_place ? f->fd >= 0 : open_beside(f) == 0)
        return 0;
    fail_output(f, err);
    file_new_abort(f);
    return -1;
}

int file_new_possible(const char *path, struct iso_err *err)
{
    struct file_new f = {.fd = -1, .path = path};

    if (place_find(&f.place, path, err) < 0)
        return -1;
    /* Opening a pipe and closing it again would end its reader. */
    if (f.place.special && S_ISFIFO(f.place.st.st_mode) &&
        faccessat(f.place.dir, f.place.name, W_OK, AT_EACCESS) == 0) {
        place_close(&f.place);
        return 0;
    }
    place_close(&f.place);
    if (file_new_open(&f, path, err) < 0)
        return -1;
    file_new_abort(&f);
    return 0;
}

int file_new_write(struct file_new *f, const void *data, size_t len, struct iso_err *err)
{
    return fd_write_all(f->fd, data, len) < 0 ? fail_output(f, err) : 0;
}

int file_new_commit(struct file_new *f, struct iso_err *err)
{
    int fd, rc = 0;

    if (!f->in_place && !*f->tmp)
        rc = give_name(f);
    fd = f->fd;
    f->fd = -1;
    /* close() reports what a full disk or a network file system put off. */
    if (close(fd) < 0 || rc < 0 ||
        (!f->in_place && renameat(f->place.dir, f->tmp, f->place.dir, f->place.name) < 0)) {
        fail_output(f, err);
        file_new_abort(f);
        return -1;
    }
    forget_name(f);
    *f->tmp = 0;
    place_close(&f->place);
    return 0;
}

void file_new_abort(struct file_new *f)
{
    if (f->fd >= 0)
        close(f->fd);
    if (*f->tmp)
        (void)unlinkat(f->place.dir, f->tmp, 0); /* the first failure is the one to report */
    forget_name(f);
    place_close(&f->place);
    *f = (struct file_new){.fd = -1, .path = f->path, .place = {.dir = -1}};
}
