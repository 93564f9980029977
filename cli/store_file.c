/* SPDX-License-Identifier: MIT */
#include "cli/store_file.h"

#include <errno.h>
#include <string.h>

#include "core/file.h"
#include "core/file_new.h"
#include "host/result/store.h"

/* Enough for the largest store, with three bytes for each character, and for white space between the values. */
#define MOST_BYTES (8u << 20)

static int look(const char *path, struct stat *st, struct iso_err *err)
{
    if (stat(path, st) == 0)
        return 0;
    *st = (struct stat){0};
    return errno == ENOENT ? 0 : iso_fail(err, ISO_USAGE, "cannot read '%.200s': %m", path);
}

static int parse_store(struct store_file *s, struct iso_err *err)
{
    size_t at, line, column;
    const char *text = s->text.len ? s->text.data : "";

    if (s->text.len == 0)
        return iso_fail(
            err, ISO_USAGE,
            "'%.200s' is empty and no store, which is a JSON object: remove it, or write {} into it",
            s->path);
    if (json_check(text, s->text.len, NULL, &at) < 0) {
        json_place(text, text + at, &line, &column);
        return iso_fail(err, ISO_USAGE, "%.200s:%zu:%zu: the store is not JSON", s->path, line, column);
    }
    s->object = json_whole(text, s->text.len);
    return json_kind(s->object) == JSON_OBJECT
               ? 0
               : iso_fail(err, ISO_USAGE, "'%.200s' is no store, which is a JSON object", s->path);
}

int store_file_read(struct store_file *s, const char *path, struct iso_err *err)
{
    char why[sizeof err->msg];

    s->path = path;
    s->object = (struct json){"{}", 2};
    if (strcmp(path, "-") == 0)
        return iso_fail(err, ISO_USAGE, "--store takes a file, which is read and written");
    if (look(path, &s->st, err) < 0)
        return -1;
    if (s->st.st_nlink && (file_read_regular(path, MOST_BYTES, &s->text, err) < 0 ||
                           (text_drop_mark(&s->text), parse_store(s, err)) < 0))
        return -1;
    if (store_take(s->object, &s->list, err) < 0) {
        memcpy(why, err->msg, sizeof why);
        return iso_fail(err, err->code, "'%.200s': %.300s", path, why);
    }
    if (file_new_possible(path, err) < 0) {
        err->code = ISO_USAGE;
        return -1;
    }
    return 0;
}

static int is_as_it_was(const struct store_file *s)
{
    struct stat now;
    struct iso_err err;

    return look(s->path, &now, &err) == 0 && now.st_nlink == s->st.st_nlink && now.st_dev == s->st.st_dev &&
           now.st_ino == s->st.st_ino && now.st_size == s->st.st_size &&
           memcmp(&now.st_mtim, &s->st.st_mtim, sizeof now.st_mtim) == 0;
}

static int is_nothing(struct json writes)
{
    return json_count(json_member(writes, "set")) == 0 && json_count(json_member(writes, "delete")) == 0;
}

int store_file_save(const struct store_file *s, struct json writes, struct iso_err *err)
{
    AUTO_BUF struct buf text = {0};
    struct file_new file = {.fd = -1};

    if (!s->path || is_nothing(writes))
        return 0;
    if (store_apply(s->object, writes, &text) < 0)
        return iso_fail(err, ISO_INTERNAL, "the worker broke the protocol: a store over the limits");
    if (file_new_open(&file, s->path, err) < 0)
        return -1;
    if (file_new_write(&file, text.data, text.len, err) < 0) {
        file_new_abort(&file);
        return -1;
    }
    if (!is_as_it_was(s)) {
        file_new_abort(&file);
        return iso_fail(
            err, ISO_OUTPUT,
            "cannot write '%.200s': it has been changed while the run went on, and is left as it is",
            s->path);
    }
    return file_new_commit(&file, err);
}

void store_file_free(struct store_file *s)
{
    buf_free(&s->text);
    buf_free(&s->list);
}
