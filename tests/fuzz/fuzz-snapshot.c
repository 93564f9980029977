/* SPDX-License-Identifier: MIT */
/* libFuzzer target for snapshots/snapshot.h. The first byte chooses: the rest as a file; the rest as edits of
 * a valid file, each of which must be noticed; the same with a new digest, as an attacker would make it. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "snapshots/head.h" /* for snapshot_digest() */
#include "snapshots/snapshot.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

static struct buf valid;
static struct snapshot_identity here = {.v8 = "14.1.2-node.3", .engine = "0123abcd+f00d"};

static void must(int holds)
{
    if (!holds)
        abort();
}

/* As snapshot_write() makes it: written once, then kept in memory. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static const char blob[] = "pretend this is a heap", manifest[] = "{\"tool\":\"iso4 fuzz\"}",
                      texts[] = "\"a text\"";
    char path[] = "/tmp/fuzz-snapshot.XXXXXX";
    struct snapshot_written w;
    struct iso_err err;
    int fd = mkstemp(path);

    (void)argc;
    (void)argv;
    must(fd >= 0);
    close(fd);
    strcpy(here.machine, snapshot_machine());
    must(snapshot_write(path,
                        &(struct snapshot_view){.made_with = here,
                                                .manifest = manifest,
                                                .manifest_len = sizeof manifest - 1,
                                                .texts = texts,
                                                .texts_len = sizeof texts - 1,
                                                .blob = blob,
                                                .blob_len = sizeof blob - 1},
                        NULL, NULL, &w, &err) == 0);
    must(file_read(path, 1 << 20, &valid, &err) == 0 && valid.len == w.bytes);
    unlink(path);
    return 0;
}

static void must_say_why(const struct iso_err *err, int mismatch_may_be)
{
    must(err->code == ISO_SNAPSHOT_INVALID || (mismatch_may_be && err->code == ISO_SNAPSHOT_MISMATCH));
    must(memchr(err->msg, 0, sizeof err->msg) != NULL && strstr(err->msg, "x.snap") != NULL);
}

static void check_view(const struct snapshot_view *v, const char *file, size_t len)
{
    const struct snapshot_identity *id = &v->made_with;

    must(v->manifest == file + SNAPSHOT_HEAD && v->manifest_len <= len - SNAPSHOT_HEAD);
    must(v->texts == v->manifest + v->manifest_len && v->texts_len <= len - SNAPSHOT_HEAD - v->manifest_len);
    must(v->blob >= v->texts + v->texts_len && v->blob_len > 0 && v->blob + v->blob_len == file + len);
    must((v->blob - file) % SNAPSHOT_ALIGN == 0);
    must(memchr(id->machine, 0, sizeof id->machine) && memchr(id->v8, 0, sizeof id->v8) &&
         memchr(id->engine, 0, sizeof id->engine));
}

static void try_identity(const struct snapshot_view *v)
{
    const struct snapshot_identity *id = &v->made_with;
    int same = strcmp(id->machine, here.machine) == 0 && strcmp(id->v8, here.v8) == 0 &&
               strcmp(id->engine, here.engine) == 0;
    struct iso_err err = {0};

    must((snapshot_check_identity("x.snap", v, &here, &err) == 0) == same);
    must(same ? err.code == ISO_OK : err.code == ISO_SNAPSHOT_MISMATCH && strstr(err.msg, "x.snap") != NULL);
}

/* From an exact copy. 1: the file is good. */
static int try_file(const void *bytes, size_t len)
{
    char *file = malloc(len ? len : 1);
    struct snapshot_view view;
    struct iso_err err = {0};
    int good = 0;

    if (len)
        memcpy(file, bytes, len);
    if (snapshot_parse("x.snap", file, len, &view, &err) < 0) {
        must_say_why(&err, 1);
    } else {
        check_view(&view, file, len);
        try_identity(&view);
        good = snapshot_verify("x.snap", file, len, &err) == 0;
        if (!good)
            must_say_why(&err, 0);
    }
    free(file);
    return good;
}

/* Edits of three bytes: where, and what to add. The first two bytes cut the file, or make it longer. */
static struct buf edited(const uint8_t *data, size_t size)
{
    struct buf b = {0};

    buf_add(&b, valid.data, valid.len);
    if (size >= 2 && data[0] == 1)
        b.len -= data[1] < b.len ? data[1] : b.len;
    else if (size >= 2 && data[0] == 2)
        buf_add(&b, data, data[1] < size ? data[1] : size);
    for (size_t i = 2; i + 2 < size && b.len > 0; i += 3)
        b.data[(data[i] | (size_t)data[i + 1] << 8) % b.len] += (char)data[i + 2];
    return b;
}

static void seal(struct buf *b)
{
    struct snapshot_head h;

    if (b->len < sizeof h)
        return;
    memcpy(&h, b->data, sizeof h);
    if (h.manifest_len <= b->len - sizeof h && h.texts_len <= b->len - sizeof h - h.manifest_len)
        snapshot_front_digest(&h, b->data + sizeof h, h.front_digest);
    snapshot_digest(&h, b->data + sizeof h, b->len - sizeof h, h.digest);
    memcpy(b->data, &h, sizeof h);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf b;
    int same;

    if (size == 0)
        return 0;
    if (data[0] % 3 == 0) {
        try_file(data + 1, size - 1);
        return 0;
    }
    b = edited(data + 1, size - 1);
    same = b.len == valid.len && memcmp(b.data, valid.data, b.len) == 0;
    must(try_file(b.data, b.len) == same);
    if (data[0] % 3 == 2) {
        seal(&b);
        try_file(b.data, b.len);
    }
    buf_free(&b);
    return 0;
}
