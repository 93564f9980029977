/* SPDX-License-Identifier: MIT */
/* The code that parent and worker share: finds the parts of a snapshot, checks its digest and identity. */
#include "snapshots/snapshot.h"

#include <string.h>

#include "snapshots/head.h"

const char *snapshot_machine(void)
{
#if defined(__x86_64__)
    return "x86_64";
#elif defined(__aarch64__)
    return "aarch64";
#else
#error "iso4 knows x86_64 and aarch64"
#endif
}

static int text_ends(const char *text, size_t size)
{
    return memchr(text, 0, size) != NULL;
}

static int parts_fit(const struct snapshot_head *h, size_t len)
{
    return h->bytes == len && h->manifest_len <= len - SNAPSHOT_HEAD &&
           h->texts_len <= len - SNAPSHOT_HEAD - h->manifest_len && h->blob_at % SNAPSHOT_ALIGN == 0 &&
           h->blob_at >= SNAPSHOT_HEAD + h->manifest_len + h->texts_len && h->blob_at < len &&
           h->blob_len == len - h->blob_at;
}

int snapshot_read_head(const char *name, const void *data, size_t len, struct snapshot_head *h,
                       struct iso_err *err)
{
    if (len < SNAPSHOT_HEAD || memcmp(data, SNAPSHOT_MAGIC, sizeof h->magic) != 0)
        return iso_fail(err, ISO_SNAPSHOT_INVALID,
                        "'%.200s' is not a snapshot: make one with iso4 precompile", name);
    memcpy(h, data, sizeof *h);
    if (h->format != SNAPSHOT_FORMAT)
        return iso_fail(err, ISO_SNAPSHOT_MISMATCH,
                        "'%.200s' has snapshot format %u, this iso4 reads format %u: precompile it again",
                        name, h->format, SNAPSHOT_FORMAT);
    if (!parts_fit(h, len) || len > SNAPSHOT_MAX_BYTES ||
        !text_ends(h->identity.machine, sizeof h->identity.machine) ||
        !text_ends(h->identity.v8, sizeof h->identity.v8) ||
        !text_ends(h->identity.engine, sizeof h->identity.engine))
        return iso_fail(err, ISO_SNAPSHOT_INVALID,
                        "snapshot '%.200s' is damaged or cut short: precompile it again", name);
    return 0;
}

int snapshot_parse(const char *name, const void *data, size_t len, struct snapshot_view *out,
                   struct iso_err *err)
{
    struct snapshot_head h;

    if (snapshot_read_head(name, data, len, &h, err) < 0)
        return -1;
    *out = (struct snapshot_view){
        .made_with = h.identity,
        .manifest = (const char *)data + SNAPSHOT_HEAD,
        .manifest_len = h.manifest_len,
        .texts = (const char *)data + SNAPSHOT_HEAD + h.manifest_len,
        .texts_len = h.texts_len,
        .blob = (const char *)data + h.blob_at,
        .blob_len = h.blob_len,
    };
    return 0;
}

int snapshot_verify(const char *name, const void *data, size_t len, struct iso_err *err)
{
    struct snapshot_head h;
    unsigned char digest[SNAPSHOT_DIGEST];

    memcpy(&h, data, sizeof h);
    snapshot_digest(&h, (const char *)data + SNAPSHOT_HEAD, len - SNAPSHOT_HEAD, digest);
    if (memcmp(digest, h.digest, sizeof digest) != 0)
        return iso_fail(err, ISO_SNAPSHOT_INVALID,
                        "snapshot '%.200s' is damaged (its digest does not fit): precompile it again", name);
    return 0;
}

int snapshot_check_identity(const char *name, const struct snapshot_view *s,
                            const struct snapshot_identity *here, struct iso_err *err)
{
    const struct snapshot_identity *made = &s->made_with;

    if (strcmp(made->machine, here->machine) != 0)
        return iso_fail(err, ISO_SNAPSHOT_MISMATCH,
                        "snapshot '%.200s' was made for %s, this is %s: precompile it here", name,
                        made->machine, here->machine);
    if (strcmp(made->v8, here->v8) != 0)
        return iso_fail(err, ISO_SNAPSHOT_MISMATCH,
                        "snapshot '%.200s' was made by V8 %s, this is V8 %s: precompile it again", name,
                        made->v8, here->v8);
    if (strcmp(made->engine, here->engine) != 0)
        return iso_fail(err, ISO_SNAPSHOT_MISMATCH,
                        "snapshot '%.200s' was made by engine %s, this is engine %s: precompile it again",
                        name, made->engine, here->engine);
    return 0;
}
