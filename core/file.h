/* SPDX-License-Identifier: MIT */
/* core/file.h - reads whole files. */
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

/* Appends the whole file `path` to *out; "-" is standard input, which can be read once in a process. USAGE: the
 * file cannot be read, or holds more than `most` bytes (reading stops there, so an endless file ends too); bytes
 * read until then stay in *out. */
int file_read(const char *path, size_t most, struct buf *out, struct iso_err *err);

/* Like file_read(), for a name that is not the caller's own: reads regular files only, so it never waits for a
 * pipe or a device. "-" is a name like any other. */
int file_read_regular(const char *path, size_t most, struct buf *out, struct iso_err *err);

/* Like file_read(), without the byte order mark that some editors put in front of UTF-8. */
int file_read_text(const char *path, size_t most, struct buf *out, struct iso_err *err);
void text_drop_mark(struct buf *text);

/* Writes all of data, retrying short writes. -1 and errno on failure. */
int fd_write_all(int fd, const void *data, size_t len);

#ifdef __cplusplus
}
#endif
#endif
