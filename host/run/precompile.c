/* SPDX-License-Identifier: MIT */
#include "host/run/precompile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/digest.h"
#include "core/file.h"
#include "core/file_new.h"
#include "core/json.h"
#include "core/version.h"

/* Adds a source to the seed of V8's random numbers and hashes, so that the same sources give the same heap. */
static uint64_t mix(uint64_t seed, const struct source *source)
{
    char hex[DIGEST_HEX];

    source_digest(source, hex);
    hex[16] = 0;
    return seed * 1099511628211u + strtoull(hex, NULL, 16);
}

static uint64_t seed_from(const struct precompile *p)
{
    uint64_t seed = 0;

    for (size_t i = 0; i < p->count; i++)
        seed = mix(seed, &p->sources[i]);
    for (size_t i = 0; p->imports && i < p->imports->count; i++)
        seed = mix(seed, &p->imports->list[i].source);
    if (p->globals)
        seed ^= globals_digest(p->globals);
    return seed ? seed : 1;
}

static void describe_source(struct buf *out, const struct source *s)
{
    char hex[DIGEST_HEX];

    source_digest(s, hex);
    buf_str(out, "{\"name\":");
    json_quote(out, s->name, strlen(s->name));
    buf_printf(out, ",\"bytes\":%zu,\"sha256\":\"%s\"}", s->text.len, hex);
}

/* Makes the manifest. It holds no times, and no paths except those of programs of globals, so that the same input gives
 * the same bytes. */
static void make_manifest(const struct precompile *p, struct buf *out, struct buf *apart)
{
    static const struct globals none;
    static const struct imports no_imports;

    buf_str(out, "{\"tool\":\"iso4 " ISO4_VERSION "\",\"prefix\":");
    describe_source(out, &p->sources[0]);
    buf_str(out, ",\"warm\":[");
    for (size_t i = 1; i < p->count; i++) {
        buf_str(out, i > 1 ? "," : "");
        describe_source(out, &p->sources[i]);
    }
    buf_str(out, "],");
    globals_to_manifest(p->globals ? p->globals : &none, out, apart);
    buf_byte(out, ',');
    imports_to_manifest(p->imports ? p->imports : &no_imports, p->globals, out, apart);
    buf_byte(out, '}');
}

/* Moves the buffers of the result to the caller, because the result must outlive the run. */
static void keep_result(void *ctx, struct run_result *result)
{
    *(struct run_result *)ctx = *result;
    *result = (struct run_result){0};
}

struct attempt {
    struct precompile *p;
    struct foreground *session;
};

static int refuse_snapshot(struct run_result *result, const struct run_result *trial, struct iso_err *err)
{
    AUTO_BUF struct buf why = {0};
    char text[600];

    if (trial->message.len)
        json_string_to_text(&why, trial->message.data, trial->message.len);
    snprintf(text, sizeof text,
             "the saved heap cannot be restored; a prefix must not freeze or redefine builtins that V8 "
             "extends when it "
             "loads a snapshot (trial run: %.*s)",
             (int)(why.len < 300 ? why.len : 300), why.len ? why.data : "");
    result_fail(result, ISO_PREFIX_NOT_SERIALIZABLE, text);
    return iso_fail(err, ISO_PREFIX_NOT_SERIALIZABLE, "the saved heap cannot be restored");
}

/* Loads the snapshot in a worker before it is kept: some faults only show then, when V8 ends the process. */
static int try_snapshot(void *ctx, int fd, struct iso_err *err)
{
    struct attempt *a = ctx;
    struct source empty = {.name = (char *)"trial", .form = FORM_MODULE};
    struct run_result trial = {0};
    struct run_request request = {
        .mode = JOB_RUN,
        .limits = a->p->limits,
        .sources = &empty,
        .count = 1,
        .paths = a->p->paths,
        .snapshot_fd = fd,
        .snapshot_name = a->p->output,
        .on_done = keep_result,
        .ctx = &trial,
    };
    int rc;

    if (foreground_run(a->session, &request, err) < 0)
        return -1;
    rc = trial.code == ISO_OK ? 0 : refuse_snapshot(&a->p->result, &trial, err);
    result_free(&trial);
    return rc;
}

static int save(struct precompile *p, struct foreground *session, struct iso_err *err)
{
    struct attempt attempt = {p, session};
    AUTO_BUF struct buf manifest = {0}, apart = {0};
    struct snapshot_view parts;
    int rc;

    make_manifest(p, &manifest, &apart);
    if (manifest.failed || apart.failed)
        return iso_fail(err, ISO_INTERNAL, "out of memory");
    parts = (struct snapshot_view){
        .manifest = manifest.data,
        .manifest_len = manifest.len,
        .texts = apart.data,
        .texts_len = apart.len,
        .blob = p->result.blob.data,
        .blob_len = p->result.blob.len,
    };
    strncpy(parts.made_with.machine, snapshot_machine(), sizeof parts.made_with.machine - 1);
    memcpy(parts.made_with.v8, p->result.v8, sizeof parts.made_with.v8);
    memcpy(parts.made_with.engine, p->result.engine, sizeof parts.made_with.engine);
    rc = snapshot_write(p->output, &parts, try_snapshot, &attempt, &p->written, err);
    return rc < 0 && p->result.code == ISO_OK ? -1 : 0; /* if the trial failed, p->result says so */
}

/* Evaluates a prefix that V8 could not save once more, only to find out the objects and places that are the reason; a
 * prefix cannot have effects, so it may. The second result takes the place of the first if it knows them. */
static int explain(struct precompile *p, const struct run_request *first, struct foreground *session,
                   struct iso_err *err)
{
    struct run_request request = *first;
    struct run_result explained = {0};

    request.flags |= JOB_EXPLAIN;
    request.ctx = &explained;
    if (foreground_run(session, &request, err) < 0)
        return -1;
    if (explained.code == ISO_PREFIX_NOT_SERIALIZABLE) {
        result_free(&p->result);
        p->result = explained;
    } else {
        result_free(&explained);
    }
    return 0;
}

int precompile(struct precompile *p, struct iso_err *err)
{
    struct foreground session;
    struct run_request request = {
        .mode = p->mode,
        .flags = p->no_eval ? 0u : JOB_ALLOW_EVAL,
        .limits = p->limits,
        .sources = p->sources,
        .count = p->count,
        .paths = p->paths,
        .globals = p->globals,
        .imports = p->imports,
        .snapshot_fd = p->base_fd,
        .snapshot_name = "base.snap",
        .strict = p->strict,
        .seed = seed_from(p),
        .on_done = keep_result,
        .ctx = &p->result,
    };
    int rc;

    if (file_new_possible(p->output, err) < 0 || foreground_open(&session, err) < 0)
        return -1;
    rc = foreground_run(&session, &request, err);
    if (rc == 0 && p->result.code == ISO_OK)
        rc = save(p, &session, err);
    else if (rc == 0 && p->result.code == ISO_PREFIX_NOT_SERIALIZABLE && !session.signal)
        rc = explain(p, &request, &session, err);
    p->signal = session.signal;
    foreground_close(&session);
    return rc;
}
