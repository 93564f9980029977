/* SPDX-License-Identifier: MIT */
#include "core/place.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

/* Symbolic links followed in one path, as many as in the kernel. */
#define MOST_LINKS 40

struct walk {
    struct place *place;
    char rest[PATH_MAX]; /* the part of the path that is not walked yet */
    int links, strange;  /* strange: EACCES came from is_strange() */
};

static int fail_errno(int error)
{
    errno = error;
    return -1;
}

static int enter(struct place *p, const char *name, int follows)
{
    int dir = openat(p->dir, name, O_PATH | O_DIRECTORY | O_CLOEXEC | (follows ? 0 : O_NOFOLLOW));

    if (dir < 0)
        return -1;
    if (p->dir >= 0)
        close(p->dir);
    p->dir = dir;
    return 0;
}

/* 1 when the entry is in a folder that all users may write to, and belongs neither to this user nor to the owner of
 * the folder. */
static int is_strange(struct walk *w, const struct stat *st)
{
    struct stat dir;

    w->strange = fstat(w->place->dir, &dir) < 0 || ((dir.st_mode & S_ISVTX) && (dir.st_mode & S_IWOTH) &&
                                                    st->st_uid != geteuid() && st->st_uid != dir.st_uid);
    return w->strange;
}

/* 1 for a link in /proc/self/fd or the like: it has no path to follow, the kernel opens the file itself. */
static int is_magic(const struct place *p)
{
    struct statfs fs;

    return fstatfs(p->dir, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC;
}

static int follow_link(struct walk *w, const char *name, const struct stat *st)
{
    char target[PATH_MAX], whole[2 * PATH_MAX];
    ssize_t n;

    if (is_strange(w, st))
        return fail_errno(EACCES);
    if (++w->links > MOST_LINKS)
        return fail_errno(ELOOP);
    n = readlinkat(w->place->dir, name, target, sizeof target - 1);
    if (n < 0)
        return -1;
    target[n] = 0;
    snprintf(whole, sizeof whole, "%s%s%s", target, *w->rest ? "/" : "", w->rest);
    if (strlen(whole) >= sizeof w->rest)
        return fail_errno(ENAMETOOLONG);
    memcpy(w->rest, whole, strlen(whole) + 1);
    return *target == '/' ? enter(w->place, "/", 0) : 0;
}

/* Handles the last name of the path. 1: found. */
static int arrive(struct walk *w, const char *name, const struct stat *st, int magic)
{
    struct place *p = w->place;

    if (is_strange(w, st))
        return fail_errno(EACCES);
    memcpy(p->name, name, strlen(name) + 1);
    p->exists = 1;
    p->magic = magic;
    p->special = magic || !S_ISREG(st->st_mode);
    p->st = *st;
    return 1;
}

/* Takes the next name of the path. 1: it was the last one; 0: there are more. */
static int place_step(struct walk *w)
{
    struct place *p = w->place;
    size_t len, after;
    char name[NAME_MAX + 1];
    struct stat st;
    int magic;

    len = strcspn(w->rest, "/");
    after = len + strspn(w->rest + len, "/");
    if (len == 0)
        return fail_errno(EISDIR);
    if (len > NAME_MAX)
        return fail_errno(ENAMETOOLONG);
    memcpy(name, w->rest, len);
    name[len] = 0;
    memmove(w->rest, w->rest + after, strlen(w->rest + after) + 1);
    if (fstatat(p->dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
        if (errno != ENOENT || after != len)
            return -1;
        memcpy(p->name, name, len + 1);
        return 1;
    }
    magic = S_ISLNK(st.st_mode) && is_magic(p);
    if (S_ISLNK(st.st_mode) && !magic)
        return follow_link(w, name, &st);
    if (magic && fstatat(p->dir, name, &st, 0) < 0)
        return -1;
    if (S_ISDIR(st.st_mode) && !*w->rest)
        return fail_errno(EISDIR);
    if (after != len || S_ISDIR(st.st_mode))
        return enter(p, name, magic);
    return arrive(w, name, &st, magic);
}

static int walk_all(struct walk *w, const char *path)
{
    int rc;

    w->place->dir = -1;
    if (!*path)
        return fail_errno(ENOENT);
    if (strlen(path) >= sizeof w->rest)
        return fail_errno(ENAMETOOLONG);
    memcpy(w->rest, path, strlen(path) + 1);
    w->place->dir = open(*path == '/' ? "/" : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (w->place->dir < 0)
        return -1;
    do {
        memmove(w->rest, w->rest + strspn(w->rest, "/"), strlen(w->rest + strspn(w->rest, "/")) + 1);
        rc = place_step(w);
    } while (rc == 0);
    return rc;
}

int place_find(struct place *p, const char *path, struct iso_err *err)
{
    struct walk w = {.place = p};

    *p = (struct place){.dir = -1};
    if (walk_all(&w, path) > 0)
        return 0;
    if (!*path)
        iso_fail(err, ISO_OUTPUT, "cannot write '': the name of the output file is empty");
    else if (errno == EACCES && w.strange)
        iso_fail(err, ISO_OUTPUT,
                 "cannot write '%.200s': it belongs to another user, in a folder that all may write to",
                 path);
    else
        iso_fail(err, ISO_OUTPUT, "cannot write '%.200s': %m", path);
    place_close(p);
    return -1;
}

void place_close(struct place *p)
{
    if (p->dir >= 0)
        close(p->dir);
    p->dir = -1;
}

int place_open(const struct place *p, int flags)
{
    return openat(p->dir, p->name,
                  flags | O_CLOEXEC | O_NOCTTY | (p->magic ? 0 : O_NOFOLLOW) |
                      (p->exists ? 0 : O_CREAT | O_EXCL),
                  0666);
}
