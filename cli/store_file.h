/* SPDX-License-Identifier: MIT */
/* cli/store_file.h - the option --store: reads the store of a run from a file, and writes it back.
 *
 * store_file_read() before the run, store_file_save() after a run that succeeded, store_file_free() at the end. */
#ifndef ISO_CLI_STORE_FILE_H
#define ISO_CLI_STORE_FILE_H
#include <sys/stat.h>

#include "core/error.h"
#include "core/json_walk.h"

struct store_file {
    const char *path;   /* NULL: no store */
    struct buf text;    /* the file's text */
    struct json object; /* points into text; or to "{}" if the file does not exist yet */
    struct buf list;    /* the store in the form that store_take() makes for the run */
    struct stat st;     /* the file when it was read; st_nlink 0: it did not exist */
};

/* Reads the store from a file; without the file the store is empty. USAGE: the file cannot be read or written, or holds
 * no store. */
int store_file_read(struct store_file *s, const char *path, struct iso_err *err);
/* Writes the changed store to the file, completely or not at all. Does nothing if the run changed nothing. OUTPUT: the
 * file cannot be written, or was changed by another program since it was read. */
int store_file_save(const struct store_file *s, struct json writes, struct iso_err *err);
void store_file_free(struct store_file *s);

#endif
