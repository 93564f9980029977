/* SPDX-License-Identifier: MIT */
/* core/file.h - reading inputs whole and replacing outputs whole. */
#ifndef ISO_CORE_FILE_H
#define ISO_CORE_FILE_H
#include <stddef.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/error.h"

#ifdef __cplusplus
extern "C" {
#endif

#define AUTO_FD __attribute__((cleanup(fd_closep)))
static inline void fd_closep(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

#define AUTO_BUF __attribute__((cleanup(buf_free)))

/* Appends all of `path` to *out; "-" is standard input, once in a process. USAGE: it cannot be read, or holds
 * more than `most` bytes (reading stops there, so an endless file ends too); what was read until then stays
 * in *out. */
int file_read(const char *path, size_t most, struct buf *out, struct iso_err *err);

/* The same, less the mark that some editors put in front of UTF-8. */
int file_read_text(const char *path, size_t most, struct buf *out, struct iso_err *err);
void text_drop_mark(struct buf *text);

/* Writes all of data, retrying short writes. -1 and errno on failure. */
int fd_write_all(int fd, const void *data, size_t len);

/* A file being written beside its target. Order: file_new_open, writes to fd, then file_new_commit or
 * file_new_abort; both leave no temporary file. A target that exists and is no regular file (a pipe,
 * /dev/null) is written in place. */
struct file_new {
    int fd;
    const char *path; /* borrowed; as it was given */
    char *target;     /* owned; the file it stands for, links resolved; NULL when written in place */
    char *tmp;        /* owned; NULL when written in place */
};
/* OUTPUT when `path` could not be written now. For a check before long work that writes its result there. */
int file_new_possible(const char *path, struct iso_err *err);
int file_new_open(struct file_new *f, const char *path, struct iso_err *err);
int file_new_write(struct file_new *f, const void *data, size_t len, struct iso_err *err);
int file_new_commit(struct file_new *f, struct iso_err *err);
void file_new_abort(struct file_new *f);

#ifdef __cplusplus
}
#endif
#endif
