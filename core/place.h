/* SPDX-License-Identifier: MIT */
/* core/place.h - resolves an output path to an open directory and a name in it.
 *
 * Links are resolved one by one, so that the place found is the place used, and by the rules of
 * fs.protected_symlinks and fs.protected_regular in proc_sys_fs(5), which not every machine has switched on:
 * in a folder that all may write to (/tmp), neither links nor files of other users are taken. */
#ifndef ISO_CORE_PLACE_H
#define ISO_CORE_PLACE_H
#include <limits.h>
#include <sys/stat.h>

#include "core/error.h"

#ifdef __cplusplus
extern "C" {
#endif

struct place {
    int dir;                 /* owned; O_PATH */
    char name[NAME_MAX + 1]; /* in `dir` */
    int exists;              /* the name exists */
    int special;    /* ... and is not a regular file that could be replaced: a pipe, a device, a descriptor */
    int magic;      /* ... and is a link of /proc that the kernel has to follow */
    struct stat st; /* of the existing file */
};

/* OUTPUT with `path` in the message: there is no such directory, it is a directory itself, or another user's.
 * *p is closed then. */
int place_find(struct place *p, const char *path, struct iso_err *err);
/* Opens the file, or makes a new one, with these flags of open(2) and O_CLOEXEC. -1 and errno. */
int place_open(const struct place *p, int flags);
void place_close(struct place *p);

#ifdef __cplusplus
}
#endif
#endif
