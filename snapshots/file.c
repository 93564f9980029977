/* SPDX-License-Identifier: MIT */
/* Snapshot files on disk: opened and mapped, or written whole. Only the parent links this. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "core/digest.h"
#include "core/file.h"
#include "core/file_new.h"
#include "snapshots/head.h"
#include "snapshots/snapshot.h"

int snapshot_open(const char *path, struct snapshot_file *out, struct iso_err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

    if (fd < 0)
        return iso_fail(err, ISO_USAGE, "cannot open snapshot '%.200s': %m", path);
    return snapshot_open_fd(fd, path, out, err);
}

/* A file without the magic bytes is the caller's mistake (USAGE); a damaged snapshot is SNAPSHOT_INVALID. */
static int check_magic(int fd, const char *name, struct iso_err *err)
{
    char magic[sizeof SNAPSHOT_MAGIC - 1];

    if (pread(fd, magic, sizeof magic, 0) == (ssize_t)sizeof magic &&
        memcmp(magic, SNAPSHOT_MAGIC, sizeof magic) == 0)
        return 0;
    return iso_fail(err, ISO_USAGE, "'%.200s' is not a snapshot: make one with iso4 precompile", name);
}

int snapshot_open_fd(int fd, const char *name, struct snapshot_file *out, struct iso_err *err)
{
    struct snapshot_file f = {.fd = fd, .map = MAP_FAILED};
    struct stat st;

    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
        iso_fail(err, ISO_USAGE, "cannot open snapshot '%.200s': not a regular file", name);
        goto fail;
    }
    if (check_magic(fd, name, err) < 0)
        goto fail;
    if (st.st_size < SNAPSHOT_HEAD || (uint64_t)st.st_size > SNAPSHOT_MAX_BYTES) {
        iso_fail(err, ISO_SNAPSHOT_INVALID, "snapshot '%.200s' is damaged or cut short: precompile it again",
                 name);
        goto fail;
    }
    f.len = (size_t)st.st_size;
    f.map = mmap(NULL, f.len, PROT_READ, MAP_PRIVATE, fd, 0);
    if (f.map == MAP_FAILED) {
        iso_fail(err, ISO_USAGE, "cannot map snapshot '%.200s': %m", name);
        goto fail;
    }
    if (snapshot_parse(name, f.map, f.len, &f.view, err) < 0)
        goto fail;
    if (strcmp(f.view.made_with.machine, snapshot_machine()) != 0) {
        iso_fail(err, ISO_SNAPSHOT_MISMATCH,
                 "snapshot '%.200s' was made for %s, this is %s: precompile it here", name,
                 f.view.made_with.machine, snapshot_machine());
        goto fail;
    }
    *out = f;
    return 0;
fail:
    snapshot_close(&f);
    return -1;
}

void snapshot_close(struct snapshot_file *f)
{
    if (f->map != MAP_FAILED && f->map)
        munmap(f->map, f->len);
    if (f->fd >= 0)
        close(f->fd);
    *f = (struct snapshot_file){.fd = -1};
}

static int write_parts(struct file_new *f, struct snapshot_head *h, const char *manifest, const void *blob,
                       struct snapshot_written *out, struct iso_err *err)
{
    AUTO_BUF struct buf front = {0};
    static const char zeros[SNAPSHOT_ALIGN];

    buf_add(&front, manifest, h->manifest_len);
    buf_add(&front, zeros, h->blob_at - SNAPSHOT_HEAD - h->manifest_len);
    buf_add(&front, blob, h->blob_len);
    if (front.failed)
        return iso_fail(err, ISO_OUTPUT, "cannot write '%.200s': out of memory", f->path);
    snapshot_digest(h, front.data, front.len, h->digest);
    digest_hex((struct digest_part[]){{h, sizeof *h}, {front.data, front.len}, {NULL, 0}}, out->sha256);
    out->bytes = h->bytes;
    if (file_new_write(f, h, sizeof *h, err) < 0 || file_new_write(f, front.data, front.len, err) < 0)
        return -1;
    return 0;
}

int snapshot_write(const char *path, const struct snapshot_identity *made_with, const char *manifest,
                   size_t manifest_len, const void *blob, size_t blob_len, snapshot_accept *accept, void *ctx,
                   struct snapshot_written *out, struct iso_err *err)
{
    struct snapshot_head h = {.magic = SNAPSHOT_MAGIC, .format = SNAPSHOT_FORMAT, .identity = *made_with};
    struct file_new f;

    h.manifest_len = manifest_len;
    h.blob_at = (SNAPSHOT_HEAD + manifest_len + SNAPSHOT_ALIGN - 1) / SNAPSHOT_ALIGN * SNAPSHOT_ALIGN;
    h.blob_len = blob_len;
    h.bytes = h.blob_at + blob_len;
    if (h.bytes > SNAPSHOT_MAX_BYTES)
        return iso_fail(err, ISO_OUTPUT, "cannot write '%.200s': the heap makes a snapshot of over 1 GiB",
                        path);
    if (file_new_open(&f, path, err) < 0)
        return -1;
    if (write_parts(&f, &h, manifest, blob, out, err) < 0 ||
        (accept && !f.in_place && accept(ctx, f.fd, err) < 0)) {
        file_new_abort(&f);
        return -1;
    }
    return file_new_commit(&f, err);
}
