/* SPDX-License-Identifier: MIT */
#include "host/result/fit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/digest.h"
#include "core/file.h"
#include "core/file_new.h"
#include "host/result/cut.h"

/* The greatest number of values in the list `truncated`. */
#define MOST_LISTED 100
/* The greatest length of a path in the list, in bytes. */
#define LONGEST_PATH 1024

struct fit {
    struct run_result *result;
    const char *folder;
    unsigned listed, unlisted;
    struct iso_err err; /* .code set: a file could not be written */
};

/* A part of a result that counts against the budget. */
struct part {
    const char *path;
    struct buf *text;
    int items; /* the text is the items of an array, without the brackets */
};

#define PARTS 7

static void find_parts(struct run_result *r, struct part parts[PARTS])
{
    struct part all[PARTS] = {{r->called ? "value" : "exports", &r->exports, 0},
                              {"skippedExports", &r->skipped, 0},
                              {"stdout", &r->streams[0], 1},
                              {"stderr", &r->streams[1], 1},
                              {"error.message", &r->message, 0},
                              {"error.stack", &r->stack, 0},
                              {"error.fields", &r->fields, 0}};

    memcpy(parts, all, sizeof all);
}

/* ---- whole values, in files */

int result_fit_folder(const char *folder, struct iso_err *err)
{
    struct stat st;

    if (stat(folder, &st) < 0)
        return iso_fail(err, ISO_USAGE, "--spill: cannot look at '%.200s': %m", folder);
    if (!S_ISDIR(st.st_mode))
        return iso_fail(err, ISO_USAGE, "--spill takes a folder: '%.200s' is none", folder);
    if (access(folder, W_OK | X_OK) < 0)
        return iso_fail(err, ISO_USAGE, "--spill: cannot write to '%.200s': %m", folder);
    return 0;
}

/* Writes a value to a file that is named after its digest. Replaces an older file of this name. */
static int write_file(const struct fit *f, const char *name, struct json whole, struct iso_err *err)
{
    char path[4096];
    struct file_new file;

    if (snprintf(path, sizeof path, "%s/%s", f->folder, name) >= (int)sizeof path)
        return iso_fail(err, ISO_OUTPUT, "the path of '%.200s' is too long", f->folder);
    if (unlink(path) < 0 &&
        errno != ENOENT) /* writing into an old file would keep its mode, and follow a link */
        return iso_fail(err, ISO_OUTPUT, "cannot replace '%.300s': %m", path);
    if (file_new_open(&file, path, err) < 0)
        return -1;
    if ((fchmod(file.fd, 0600) < 0 &&
         iso_fail(err, ISO_OUTPUT, "cannot set the mode of '%.300s': %m", path)) ||
        file_new_write(&file, whole.at, whole.len, err) < 0) {
        file_new_abort(&file);
        return -1;
    }
    return file_new_commit(&file, err);
}

static void keep_value(struct fit *f, struct json whole, struct buf *list)
{
    struct digest_part all[] = {{whole.at, whole.len}, {NULL, 0}};
    char sha256[DIGEST_HEX], name[DIGEST_HEX + 5];

    digest_hex(all, sha256);
    snprintf(name, sizeof name, "%s.json", sha256);
    if (!f->err.code && write_file(f, name, whole, &f->err) == 0)
        buf_printf(list, ",\"file\":\"%s\",\"sha256\":\"%s\"", name, sha256);
}

static void on_cut(void *ctx, const struct buf *path, struct json whole)
{
    struct fit *f = ctx;
    struct buf *list = &f->result->truncated;

    if (f->listed >= MOST_LISTED) {
        f->unlisted++;
        return;
    }
    if (f->listed++)
        buf_byte(list, ',');
    buf_str(list, "{\"path\":");
    json_quote(list, path->data, path->len < LONGEST_PATH ? path->len : LONGEST_PATH);
    buf_printf(list, ",\"bytes\":%zu", whole.len);
    if (f->folder)
        keep_value(f, whole, list);
    buf_byte(list, '}');
}

/* ---- cutting */

static void cut_part(struct fit *f, struct part *p, size_t room)
{
    AUTO_BUF struct buf out = {0}, list = {0};
    struct json whole = {p->text->data, p->text->len};
    struct cut c = {.out = &out, .lines = p->items, .on_cut = on_cut, .ctx = f};

    if (p->items) {
        buf_byte(&list, '[');
        buf_add(&list, p->text->data, p->text->len);
        buf_byte(&list, ']');
        whole = (struct json){list.data, list.len};
    }
    buf_str(&c.path, p->path);
    if (!list.failed && !c.path.failed)
        cut_value(&c, whole, room);
    f->result->truncated.failed |= list.failed | c.path.failed | out.failed;
    buf_free(&c.path);
    if (f->result->truncated.failed)
        return;
    buf_reset(p->text);
    buf_add(p->text, out.data + p->items, out.len - 2 * (size_t)p->items);
}

static void cut_parts(struct fit *f, size_t most)
{
    struct part parts[PARTS];
    size_t lengths[PARTS], total = 0, share;

    find_parts(f->result, parts);
    for (size_t i = 0; i < PARTS; i++)
        total += lengths[i] = parts[i].text->len + (parts[i].text->len ? 2 * (size_t)parts[i].items : 0);
    if (total <= most)
        return;
    share = cut_share(lengths, PARTS, most);
    for (size_t i = 0; i < PARTS; i++)
        if (lengths[i] > share)
            cut_part(f, &parts[i], share);
    if (f->unlisted)
        buf_printf(&f->result->truncated, ",{\"more\":%u}", f->unlisted);
}

void result_fit(struct run_result *r, uint64_t most, const char *folder)
{
    struct fit f = {.result = r, .folder = folder};

    if (!most)
        return;
    cut_parts(&f, most);
    if (r->truncated.failed) {
        buf_free(&r->truncated);
        result_fail(r, ISO_INTERNAL, "out of memory");
    } else if (f.err.code) {
        buf_reset(&r->truncated);
        result_fail(r, ISO_INTERNAL, f.err.msg);
    }
}
