/* SPDX-License-Identifier: MIT */
/* Snapshot files on disk: opened and copied, or written whole. Only the parent links this. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
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

static int has_magic(int fd)
{
    char magic[sizeof SNAPSHOT_MAGIC - 1];

    return pread(fd, magic, sizeof magic, 0) == (ssize_t)sizeof magic &&
           memcmp(magic, SNAPSHOT_MAGIC, sizeof magic) == 0;
}

int snapshot_looks_like(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK), is;
    struct stat st;

    if (fd < 0)
        return 0;
    is = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && has_magic(fd);
    close(fd);
    return is;
}

/* A file without the magic bytes is the caller's mistake (USAGE); a damaged snapshot is SNAPSHOT_INVALID. */
static int check_magic(int fd, const char *name, struct iso_err *err)
{
    if (has_magic(fd))
        return 0;
    return iso_fail(err, ISO_USAGE, "'%.200s' is not a snapshot: make one with iso4 precompile", name);
}

/* Longer manifests than any host's definitions make. */
#define MANIFEST_MOST (128u << 20)
#define PIECE         (256u << 10)

static int damaged(const char *name, struct iso_err *err)
{
    return iso_fail(err, ISO_SNAPSHOT_INVALID,
                    "snapshot '%.200s' is damaged or cut short: precompile it again", name);
}

static int unfit(const char *name, struct iso_err *err)
{
    return iso_fail(err, ISO_SNAPSHOT_INVALID,
                    "snapshot '%.200s' is damaged (its digest does not fit): precompile it again", name);
}

static int no_memory(const char *name, struct iso_err *err)
{
    return iso_fail(err, ISO_INTERNAL, "cannot read snapshot '%.200s': out of memory", name);
}

/* -1: fewer bytes are there. */
static int read_at(int fd, void *to, size_t len, size_t at)
{
    char *p = to;

    while (len > 0) {
        ssize_t n = pread(fd, p, len, (off_t)at);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return -1;
        p += n;
        at += (size_t)n;
        len -= (size_t)n;
    }
    return 0;
}

/* Copies head, manifest and texts, checks their digest, and parses the copy. */
static int read_front(struct snapshot_file *f, const char *name, struct iso_err *err)
{
    unsigned char digest[SNAPSHOT_DIGEST];
    struct snapshot_head h;
    size_t len;

    if (read_at(f->fd, &h, sizeof h, 0) < 0)
        return damaged(name, err);
    if (snapshot_read_head(name, &h, f->len, &h, err) < 0)
        return -1;
    if (snapshot_front_len(&h) > MANIFEST_MOST)
        return damaged(name, err);
    len = sizeof h + snapshot_front_len(&h);
    f->front = malloc(len);
    if (!f->front)
        return no_memory(name, err);
    memcpy(f->front, &h, sizeof h);
    if (read_at(f->fd, f->front + sizeof h, len - sizeof h, sizeof h) < 0)
        return damaged(name, err);
    snapshot_front_digest(&h, f->front + sizeof h, digest);
    if (memcmp(digest, h.front_digest, sizeof digest) != 0)
        return unfit(name, err);
    f->view = (struct snapshot_view){.made_with = h.identity,
                                     .manifest = f->front + sizeof h,
                                     .manifest_len = h.manifest_len,
                                     .texts = f->front + sizeof h + h.manifest_len,
                                     .texts_len = h.texts_len,
                                     .blob_len = h.blob_len};
    return 0;
}

static int open_file(struct snapshot_file *f, const char *name, struct iso_err *err)
{
    struct stat st;

    if (fstat(f->fd, &st) < 0 || !S_ISREG(st.st_mode))
        return iso_fail(err, ISO_USAGE, "cannot open snapshot '%.200s': not a regular file", name);
    if (check_magic(f->fd, name, err) < 0)
        return -1;
    if (st.st_size < SNAPSHOT_HEAD || (uint64_t)st.st_size > SNAPSHOT_MAX_BYTES)
        return damaged(name, err);
    f->len = (size_t)st.st_size;
    f->modified = st.st_mtim;
    if (read_front(f, name, err) < 0)
        return -1;
    if (strcmp(f->view.made_with.machine, snapshot_machine()) != 0)
        return iso_fail(err, ISO_SNAPSHOT_MISMATCH,
                        "snapshot '%.200s' was made for %s, this is %s: precompile it here", name,
                        f->view.made_with.machine, snapshot_machine());
    return 0;
}

int snapshot_open_fd(int fd, const char *name, struct snapshot_file *out, struct iso_err *err)
{
    struct snapshot_file f = {.fd = fd};

    if (open_file(&f, name, err) < 0) {
        snapshot_close(&f);
        return -1;
    }
    *out = f;
    return 0;
}

void snapshot_close(struct snapshot_file *f)
{
    free(f->front);
    if (f->fd >= 0)
        close(f->fd);
    *f = (struct snapshot_file){.fd = -1};
}

int snapshot_file_verify(const struct snapshot_file *f, const char *name, struct iso_err *err)
{
    AUTO_BUF struct buf piece = {0};
    size_t at = SNAPSHOT_HEAD + f->view.manifest_len + f->view.texts_len;
    unsigned char digest[SNAPSHOT_DIGEST];
    struct snapshot_head h;
    XXH3_state_t state;

    if (buf_reserve(&piece, PIECE) < 0)
        return no_memory(name, err);
    memcpy(&h, f->front, sizeof h);
    snapshot_digest_begin(&state, &h);
    XXH3_128bits_update(&state, f->front + SNAPSHOT_HEAD, at - SNAPSHOT_HEAD);
    for (size_t n; at < f->len; at += n) {
        n = f->len - at < PIECE ? f->len - at : PIECE;
        if (read_at(f->fd, piece.data, n, at) < 0)
            return damaged(name, err);
        XXH3_128bits_update(&state, piece.data, n);
    }
    snapshot_digest_end(&state, digest);
    return memcmp(digest, h.digest, sizeof digest) != 0 ? unfit(name, err) : 0;
}

/* Not by st_ctim: that is another, too, when the file has been replaced, and lives on without its name. */
int snapshot_file_changed(const struct snapshot_file *f)
{
    struct stat st;

    return fstat(f->fd, &st) < 0 || (uint64_t)st.st_size != f->len ||
           st.st_mtim.tv_sec != f->modified.tv_sec || st.st_mtim.tv_nsec != f->modified.tv_nsec;
}

/* ---- a copy that cannot change */

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 8u /* Linux 6.3, where it may be demanded */
#endif

static int new_memory(void)
{
    int fd = memfd_create("snapshot", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL);

    return fd < 0 && errno == EINVAL ? memfd_create("snapshot", MFD_CLOEXEC | MFD_ALLOW_SEALING) : fd;
}

/* Head, manifest and texts are those that were parsed. -1 and *err. */
static int fill_memory(const struct snapshot_file *f, int to, const char *name, struct iso_err *err)
{
    AUTO_BUF struct buf piece = {0};
    size_t at = SNAPSHOT_HEAD + f->view.manifest_len + f->view.texts_len;

    if (buf_reserve(&piece, PIECE) < 0)
        return no_memory(name, err);
    if (fd_write_all(to, f->front, at) < 0)
        return iso_fail(err, ISO_INTERNAL, "cannot copy snapshot '%.200s': %m", name);
    for (size_t n; at < f->len; at += n) {
        n = f->len - at < PIECE ? f->len - at : PIECE;
        if (read_at(f->fd, piece.data, n, at) < 0)
            return damaged(name, err);
        if (fd_write_all(to, piece.data, n) < 0)
            return iso_fail(err, ISO_INTERNAL, "cannot copy snapshot '%.200s': %m", name);
    }
    return 0;
}

int snapshot_file_seal(struct snapshot_file *f, const char *name, struct iso_err *err)
{
    AUTO_FD int fd = new_memory();
    struct stat st;
    int old = f->fd;

    if (fd < 0)
        return iso_fail(err, ISO_INTERNAL, "cannot copy snapshot '%.200s': %m", name);
    if (fill_memory(f, fd, name, err) < 0)
        return -1;
    if (fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0 ||
        fstat(fd, &st) < 0)
        return iso_fail(err, ISO_INTERNAL, "cannot copy snapshot '%.200s': %m", name);
    f->modified = st.st_mtim;
    f->fd = fd;
    fd = -1;
    close(old);
    return 0;
}

/* ---- writing */

static const void *bytes_of(const char *text)
{
    return text ? text : "";
}

static int write_parts(struct file_new *f, struct snapshot_head *h, const struct snapshot_view *s,
                       struct snapshot_written *out, struct iso_err *err)
{
    static const char zeros[SNAPSHOT_ALIGN];
    const struct digest_part parts[] = {{h, sizeof *h},
                                        {bytes_of(s->manifest), s->manifest_len},
                                        {bytes_of(s->texts), s->texts_len},
                                        {zeros, h->blob_at - SNAPSHOT_HEAD - snapshot_front_len(h)},
                                        {s->blob, s->blob_len},
                                        {NULL, 0}};
    XXH128_canonical_t front;
    XXH3_state_t state;

    XXH3_128bits_reset(&state);
    XXH3_128bits_update(&state, parts[1].data, parts[1].len);
    XXH3_128bits_update(&state, parts[2].data, parts[2].len);
    XXH128_canonicalFromHash(&front, XXH3_128bits_digest(&state));
    memcpy(h->front_digest, front.digest, sizeof h->front_digest);
    snapshot_digest_begin(&state, h);
    for (const struct digest_part *p = parts + 1; p->data; p++)
        XXH3_128bits_update(&state, p->data, p->len);
    snapshot_digest_end(&state, h->digest);
    digest_hex(parts, out->sha256);
    out->bytes = h->bytes;
    for (const struct digest_part *p = parts; p->data; p++)
        if (file_new_write(f, p->data, p->len, err) < 0)
            return -1;
    return 0;
}

int snapshot_write(const char *path, const struct snapshot_view *s, snapshot_accept *accept, void *ctx,
                   struct snapshot_written *out, struct iso_err *err)
{
    struct snapshot_head h = {.magic = SNAPSHOT_MAGIC, .format = SNAPSHOT_FORMAT, .identity = s->made_with};
    struct file_new f;

    h.manifest_len = s->manifest_len;
    h.texts_len = s->texts_len;
    h.blob_at =
        (SNAPSHOT_HEAD + snapshot_front_len(&h) + SNAPSHOT_ALIGN - 1) / SNAPSHOT_ALIGN * SNAPSHOT_ALIGN;
    h.blob_len = s->blob_len;
    h.bytes = h.blob_at + s->blob_len;
    if (h.bytes > SNAPSHOT_MAX_BYTES)
        return iso_fail(err, ISO_OUTPUT, "cannot write '%.200s': the heap makes a snapshot of over 1 GiB",
                        path);
    if (file_new_open(&f, path, err) < 0)
        return -1;
    if (write_parts(&f, &h, s, out, err) < 0 || (accept && !f.in_place && accept(ctx, f.fd, err) < 0)) {
        file_new_abort(&f);
        return -1;
    }
    return file_new_commit(&f, err);
}
