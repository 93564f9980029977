/* SPDX-License-Identifier: MIT */
#include "host/run/job.h"

#include <string.h>

static void put_globals(const struct run_request *q, struct buf *fields)
{
    struct buf text = {0};

    if (!q->globals)
        return;
    if (q->globals_in_snapshot)
        globals_to_replace(q->globals, &text);
    else
        globals_to_install(q->globals, &text);
    if (text.len)
        field_put(fields, q->globals_in_snapshot ? FIELD_REPLACE : FIELD_INSTALL, text.data, text.len);
    fields->failed |= text.failed;
    buf_free(&text);
}

/* Without a stripper the worker must not ask for one: its source counts as JavaScript. */
static enum source_language language(const struct run_request *q, const struct source *s)
{
    return q->stripper ? s->language : LANGUAGE_JAVASCRIPT;
}

static void put_imports(const struct run_request *q, struct buf *fields)
{
    if (!q->imports || q->globals_in_snapshot || q->imports_in_zygote)
        return;
    for (size_t i = 0; i < q->imports->count; i++) {
        const struct import *one = &q->imports->list[i];

        field_put(fields, FIELD_SPECIFIER, one->specifier.data, one->specifier.len);
        if (one->stub >= 0) {
            field_put_number(fields, FIELD_MODULE_STUB, (uint64_t)one->stub);
            continue;
        }
        field_put(fields, FIELD_MODULE_NAME, one->source.name, strlen(one->source.name) + 1);
        field_put_number(fields, FIELD_MODULE_LANGUAGE, language(q, &one->source));
        field_put(fields, FIELD_MODULE_TEXT, one->source.text.data, one->source.text.len);
    }
}

static void put_ways(const struct repro *w, struct buf *fields)
{
    if (w && w->has_seed)
        field_put_number(fields, FIELD_SEED, w->seed);
    if (w && w->has_now)
        field_put_number(fields, FIELD_NOW, (uint64_t)w->now_ms);
    if (w && w->zone)
        field_put(fields, FIELD_ZONE, w->zone, strlen(w->zone) + 1);
}

static uint64_t all_flags(const struct run_request *q)
{
    uint64_t flags = q->flags | (q->profile ? JOB_PROFILE : 0u);

    if (q->imports_in_zygote)
        flags |= JOB_ZYGOTE_MODULES;
    if (q->recording)
        flags |= JOB_TURNS | (q->ways && q->ways->moves ? JOB_CLOCK_MOVES : 0u);
    return flags;
}

/* The memory budget is an argument of the worker (protocol/worker.h), and stands only there. */
static void put_limits(const struct run_request *q, struct buf *fields)
{
    struct limits limits = q->limits;

    limits.value[LIMIT_MEMORY] = 0;
    field_put(fields, FIELD_LIMITS, limits.value, sizeof limits.value);
}

void job_frame(const struct run_request *q, struct buf *out)
{
    unsigned char head[FRAME_HEAD] = {0};
    size_t start = out->len;

    /* Sources are large: the fields are written where they stay, and the head when their length is known. */
    buf_add(out, head, sizeof head);
    field_put_number(out, FIELD_MODE, q->mode);
    field_put_number(out, FIELD_FLAGS, all_flags(q));
    put_limits(q, out);
    field_put(out, FIELD_SNAPSHOT, q->snapshot_name, strlen(q->snapshot_name) + 1);
    put_globals(q, out);
    put_imports(q, out);
    put_ways(q->ways, out);
    if (q->store)
        field_put(out, FIELD_STORE, q->store->data, q->store->len);
    if (q->call)
        field_put(out, FIELD_CALL, q->call, strlen(q->call));
    if (q->args)
        field_put(out, FIELD_ARGS, q->args, strlen(q->args));
    for (size_t i = 0; i < q->count; i++) {
        field_put(out, FIELD_SOURCE_NAME, q->sources[i].name, strlen(q->sources[i].name) + 1);
        field_put_number(out, FIELD_SOURCE_FORM, q->sources[i].form);
        field_put_number(out, FIELD_SOURCE_LANGUAGE, language(q, &q->sources[i]));
        field_put(out, FIELD_SOURCE_TEXT, q->sources[i].text.data, q->sources[i].text.len);
    }
    if (out->failed)
        return;
    frame_head(head, FRAME_JOB, out->len - start - sizeof head);
    memcpy(out->data + start, head, sizeof head);
}
