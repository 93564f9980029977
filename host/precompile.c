/* SPDX-License-Identifier: MIT */
#include "host/precompile.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "core/digest.h"
#include "core/file.h"
#include "core/version.h"

static void source_digest(const struct source *s, char out[DIGEST_HEX])
{
    digest_hex((struct digest_part[]){{s->text.len ? s->text.data : "", s->text.len}, {NULL, 0}}, out);
}

/* The same sources give the same heap: V8's random numbers and hashes start from the sources' digest. */
static uint64_t seed_from(const struct precompile *p)
{
    uint64_t seed = 0;

    for (size_t i = 0; i < p->count; i++) {
        char hex[DIGEST_HEX];
        source_digest(&p->sources[i], hex);
        hex[16] = 0;
        seed = seed * 1099511628211u + strtoull(hex, NULL, 16);
    }
    return seed ? seed : 1;
}

static cJSON *describe_source(const struct source *s)
{
    cJSON *one = cJSON_CreateObject();
    char hex[DIGEST_HEX];

    source_digest(s, hex);
    cJSON_AddStringToObject(one, "name", s->name);
    cJSON_AddNumberToObject(one, "bytes", (double)s->text.len);
    cJSON_AddStringToObject(one, "sha256", hex);
    return one;
}

/* Nothing of time or place goes in: the same input gives the same bytes. */
static char *make_manifest(const struct precompile *p)
{
    cJSON *m = cJSON_CreateObject(), *warm;
    char *text;

    cJSON_AddStringToObject(m, "tool", "iso4 " ISO4_VERSION);
    cJSON_AddItemToObject(m, "prefix", describe_source(&p->sources[0]));
    warm = cJSON_AddArrayToObject(m, "warm");
    for (size_t i = 1; i < p->count; i++)
        cJSON_AddItemToArray(warm, describe_source(&p->sources[i]));
    cJSON_AddObjectToObject(m, "globals");
    cJSON_AddObjectToObject(m, "imports");
    text = cJSON_PrintUnformatted(m);
    cJSON_Delete(m);
    return text;
}

static int save(struct precompile *p, struct iso_err *err)
{
    struct snapshot_identity made_with = {0};
    char *manifest = make_manifest(p);
    int rc;

    if (!manifest)
        return iso_fail(err, ISO_INTERNAL, "out of memory");
    strncpy(made_with.machine, snapshot_machine(), sizeof made_with.machine - 1);
    memcpy(made_with.v8, p->result.v8, sizeof made_with.v8);
    memcpy(made_with.engine, p->result.engine, sizeof made_with.engine);
    rc = snapshot_write(p->output, &made_with, manifest, strlen(manifest), p->result.blob.data, p->result.blob.len,
                        &p->written, err);
    free(manifest);
    return rc;
}

/* The result outlives the run: its buffers move to the caller. */
static void on_done(void *ctx, struct run_result *result)
{
    struct precompile *p = ctx;

    p->result = *result;
    *result = (struct run_result){0};
}

int precompile(struct precompile *p, struct iso_err *err)
{
    struct session session;
    struct run_request request = {
        .mode = p->mode,
        .limits = p->limits,
        .sources = p->sources,
        .count = p->count,
        .paths = p->paths,
        .snapshot_fd = p->base_fd,
        .seed = seed_from(p),
        .on_done = on_done,
        .ctx = p,
    };
    int rc;

    if (file_new_possible(p->output, err) < 0 || session_open(&session, err) < 0)
        return -1;
    rc = session_run(&session, &request, err);
    p->signal = session.signal;
    session_close(&session);
    if (rc == 0 && p->result.code == ISO_OK)
        rc = save(p, err);
    return rc;
}
