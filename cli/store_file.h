/* SPDX-License-Identifier: MIT */
/* cli/store_file.h - --store: the file that a run's store comes from and goes to.
 *
 * store_file_read() before the run, store_file_save() after one that succeeded, store_file_free() at the end. */
#ifndef ISO_CLI_STORE_FILE_H
#define ISO_CLI_STORE_FILE_H
#include <sys/stat.h>

#include "core/error.h"
#include "core/json_walk.h"

struct store_file {
    const char *path;   /* NULL: no store */
    struct buf text;    /* as it was read */
    struct json object; /* in that, or a text of its own for a file that there is not yet */
    struct buf list;    /* for the run, see host/result/store.h */
    struct stat st;     /* st_nlink 0: there was no file */
};

/* A file that does not exist holds nothing. USAGE: it cannot be read, written, or is no store. */
int store_file_read(struct store_file *s, const char *path, struct iso_err *err);
/* Writes the file, whole or not at all, if the run has written anything. OUTPUT: it cannot be written, or has been
 * changed since it was read. */
int store_file_save(const struct store_file *s, struct json writes, struct iso_err *err);
void store_file_free(struct store_file *s);

#endif
