/* SPDX-License-Identifier: MIT */
/* core/file.h - reading inputs whole. */
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

/* The same for a name that comes from others: only of a regular file, so that no pipe or device is waited for. "-" is
 * a name like any other. */
int file_read_regular(const char *path, size_t most, struct buf *out, struct iso_err *err);

/* As file_read(), less the mark that some editors put in front of UTF-8. */
int file_read_text(const char *path, size_t most, struct buf *out, struct iso_err *err);
void text_drop_mark(struct buf *text);

/* Writes all of data, retrying short writes. -1 and errno on failure. */
int fd_write_all(int fd, const void *data, size_t len);

#ifdef __cplusplus
}
#endif
#endif
