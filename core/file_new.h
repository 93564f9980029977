/* SPDX-License-Identifier: MIT */
/* core/file_new.h - writes a file whole or not at all.
 *
 * file_new_open(), writes, then file_new_commit() or file_new_abort(). Until the commit the file has no name, so
 * nothing is left of it however the process ends. Where the file system needs names the file has a temporary one;
 * commit and abort remove it, and so does file_new_remove_all() in a signal handler. A file that is replaced
 * passes on its mode and owner. A target that is not a regular file (a pipe, /dev/null) is written in place. */
#ifndef ISO_CORE_FILE_NEW_H
#define ISO_CORE_FILE_NEW_H
#include <stddef.h>

#include "core/error.h"
#include "core/place.h"

#ifdef __cplusplus
extern "C" {
#endif

struct file_new {
    int fd;           /* for reading and writing; in place for writing only; -1: not open */
    const char *path; /* borrowed; as it was given */
    struct place place;
    int in_place;
    char tmp[24]; /* name beside the target; "": it has none yet */
};

/* OUTPUT when `path` could not be written now: a check to make before the long work whose result goes there. */
int file_new_possible(const char *path, struct iso_err *err);
int file_new_open(struct file_new *f, const char *path, struct iso_err *err);
int file_new_write(struct file_new *f, const void *data, size_t len, struct iso_err *err);
int file_new_commit(struct file_new *f, struct iso_err *err);
void file_new_abort(struct file_new *f);

/* Removes all temporary names of this process. Safe in a signal handler that ends it. */
void file_new_remove_all(void);

#ifdef __cplusplus
}
#endif
#endif
