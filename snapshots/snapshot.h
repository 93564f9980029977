/* SPDX-License-Identifier: MIT */
/* snapshots/snapshot.h - V8 startup snapshots kept as files.
 *
 * Layout, little endian: a 256-byte head (magic, format version, offsets, machine type, V8 version, engine
 * identity, digests), the manifest (JSON), texts that the manifest refers to, zeros up to the next multiple of
 * SNAPSHOT_ALIGN, the V8 blob. The file ends with the blob. snapshot_write() makes a file whole or not at all; snapshot_parse() finds the
 * parts in bytes that may be anything; snapshot_verify() proves that no byte has changed since they were
 * written.
 *
 * The digest (XXH3, 128 bits) finds damage, not malice: an attacker who can write the file can make a digest that
 * fits. That is why a worker reads a snapshot only after lockdown. XXH3 reads a snapshot at memory speed; a
 * cryptographic digest would cost several milliseconds at every start and protect no better.
 *
 * Manifest and texts have a digest of their own as well, so that the parent, which acts on them before a worker has
 * checked the file, need not read the blob. */
#ifndef ISO_SNAPSHOTS_SNAPSHOT_H
#define ISO_SNAPSHOTS_SNAPSHOT_H
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "core/digest.h"
#include "core/error.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SNAPSHOT_MAGIC     "iso4snap"
#define SNAPSHOT_FORMAT    2
#define SNAPSHOT_HEAD      256
#define SNAPSHOT_ALIGN     4096
#define SNAPSHOT_MAX_BYTES (1u << 30) /* V8 counts a blob's bytes in an int */

/* The V8, flags and build that made a snapshot, and that alone can load it. Texts end with NUL and are at most 63
 * bytes. */
struct snapshot_identity {
    char machine[16];
    char v8[64];     /* V8 version, embedder's part included */
    char engine[64]; /* build id of the V8 host, fingerprint of the table of native functions */
};

struct snapshot_view {
    struct snapshot_identity made_with;
    const char *manifest; /* borrowed */
    size_t manifest_len;
    const char *texts; /* borrowed; host/declared/kept.h */
    size_t texts_len;
    const char *blob; /* borrowed, aligned to SNAPSHOT_ALIGN from the start of the file */
    size_t blob_len;
};

/* Finds the parts of a snapshot in data[0..len). SNAPSHOT_INVALID: the message names the fault;
 * SNAPSHOT_MISMATCH: another version of the format. Blob and digest are not checked. `name` stands for the file
 * in messages. */
int snapshot_parse(const char *name, const void *data, size_t len, struct snapshot_view *out,
                   struct iso_err *err);

/* Checks the digest over every byte. data must have passed snapshot_parse(). SNAPSHOT_INVALID if not. */
int snapshot_verify(const char *name, const void *data, size_t len, struct iso_err *err);

/* SNAPSHOT_MISMATCH, with both identities in the message, unless the snapshot was made with `here`. */
int snapshot_check_identity(const char *name, const struct snapshot_view *s,
                            const struct snapshot_identity *here, struct iso_err *err);

/* The machine type of this build, as `made_with.machine` has it. */
const char *snapshot_machine(void);

/* An opened snapshot file. Other programs may write to it, or cut it short, at any time. So iso4 reads head and
 * manifest into a private copy, whose digest snapshot_open() checks; snapshot_file_verify() checks this copy together
 * with the rest of the file.
 *
 * Only the worker reads the blob, so it is not in `view`. A worker checks the digest, too, but of the mapped file,
 * which may change later: for a single run the parent calls snapshot_file_changed() when the heap has been restored,
 * which takes almost no time. Workers that are started over a long time get a copy that cannot change:
 * snapshot_file_seal(). */
struct snapshot_file {
    int fd;
    size_t len;  /* of the whole file */
    char *front; /* owned; head, manifest and texts; the view points into it */
    struct snapshot_view view;
    struct timespec modified; /* the file, when it was opened */
};

/* Opens and parses; checks format, machine type and the digest of manifest and texts, not the digest of all and not
 * V8's version (the worker does both).
 * USAGE: the file cannot be read, or is no snapshot. SNAPSHOT_INVALID, SNAPSHOT_MISMATCH. On success the caller
 * closes. */
int snapshot_open(const char *path, struct snapshot_file *out, struct iso_err *err);
/* 1 when the file begins as snapshots do. */
int snapshot_looks_like(const char *path);
/* Like snapshot_open() with an open descriptor, which it takes over, also on failure. */
int snapshot_open_fd(int fd, const char *name, struct snapshot_file *out, struct iso_err *err);
void snapshot_close(struct snapshot_file *f);

/* Checks the digest over the copy in memory and the rest of the file. SNAPSHOT_INVALID, also when the file has become
 * shorter. */
int snapshot_file_verify(const struct snapshot_file *f, const char *name, struct iso_err *err);

/* 1 when the file has been written to, or has another size, since it was opened. */
int snapshot_file_changed(const struct snapshot_file *f);

/* Replaces the file by a copy in memory that cannot be changed; f->fd is then its descriptor. The worker checks its
 * digest like that of a file. INTERNAL: no memory. SNAPSHOT_INVALID: the file cannot be read to its end. */
int snapshot_file_seal(struct snapshot_file *f, const char *name, struct iso_err *err);

struct snapshot_written {
    uint64_t bytes;
    char sha256[DIGEST_HEX]; /* of the whole file, lower-case hex: a name for its content */
};

/* Called before the new file replaces the target: -1 and *err leaves the target unchanged. fd is open for reading. */
typedef int snapshot_accept(void *ctx, int fd, struct iso_err *err);

/* Writes the parts of *s beside `path` and renames: the target is replaced whole or left unchanged, no temporary file stays.
 * OUTPUT: it could not be written. accept may be NULL; it is not called for a target that is not a regular file. */
int snapshot_write(const char *path, const struct snapshot_view *s, snapshot_accept *accept, void *ctx,
                   struct snapshot_written *out, struct iso_err *err);

#ifdef __cplusplus
}
#endif
#endif
