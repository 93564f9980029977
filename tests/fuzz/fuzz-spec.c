/* SPDX-License-Identifier: MIT */
/* libFuzzer target for host/job/spec.h: a JSON object as a job of batch, or as the params of serve's run. No file is
 * read. What is taken makes a request that the job frame can be written from; what is refused names the member. */
#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "host/job/spec.h"
#include "host/run/job.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A byte below their number stands for one. */
static const char *const pieces[] = {
    "\"code\":\"1\"",
    "\"file\":\"a.js\"",
    "\"filename\":\"a.ts\"",
    "\"call\":\"f\"",
    "\"args\":[1]",
    "\"globals\":{\"f\":{\"returns\":1,\"approval\":\"ask\"}}",
    "\"limits\":{\"cpuTimeMs\":5}",
    "\"form\":\"module\"",
    "\"language\":\"ts\"",
    "\"seed\":1",
    "\"now\":2",
    "\"tz\":\"UTC\"",
    "\"record\":true",
    "\"replay\":[",
    "]",
    "{\"record\":1}",
    "{\"n\":1,\"name\":\"f\",\"args\":[]}",
    "\"onMiss\":\"live\"",
    "\"replayChanged\":true",
    "\"decide\":{\"1\":\"allow\"}",
    "\"decide\":{\"2\":{\"decision\":\"deny\",\"reason\":\"r\"}}",
    ",",
    "{",
    "}",
    "\"globals\":",
    "{\"g\":{\"caller\":true}}",
};
#define PIECES (sizeof pieces / sizeof *pieces)

static void must(int holds)
{
    if (!holds)
        abort();
}

static int refuse_files(void *ctx, const char *path, struct iso_err *err)
{
    (void)ctx;
    return iso_fail(err, ISO_USAGE, "'%.20s' is not read here", path);
}

static void check_fault(const struct spec_fault *fault)
{
    must(fault->err.code != ISO_OK && *fault->err.msg && !strchr(fault->err.msg, '\n'));
}

/* 0, or -1 when a member is refused. */
static int take_all(struct spec_members *m, struct json whole)
{
    struct spec_fault fault = {0};
    struct json key, value;

    for (struct json_walk w = json_walk(whole); json_next(&w, &key, &value);)
        if (spec_take(m, key, value, &fault) < 0) {
            check_fault(&fault);
            return -1;
        }
    return 0;
}

static void check_request(const struct run_spec *s)
{
    struct run_request q = {.mode = JOB_RUN, .snapshot_name = "base.snap"};
    struct buf frame = {0};

    spec_request(s, NULL, &q);
    job_frame(&q, &frame);
    must(!frame.failed && frame.len > 0);
    buf_free(&frame);
}

static void try_object(const char *text, struct json whole)
{
    struct spec_base base = {
        .answered = BY_CALLER, .may_read = refuse_files, .snapshot_fd = -1, .v8 = "14.6", .has_prefix = 1};
    struct spec_members members = {0};
    struct spec_fault fault = {0};
    struct run_spec s;

    limits_default(&base.limits, LIMITS_FOR_RUN);
    if (take_all(&members, whole) < 0)
        return;
    if (spec_read(&s, &members, &base, "job 1", text, &fault) < 0)
        check_fault(&fault);
    else
        check_request(&s);
    spec_free(&s);
}

/* In memory of its own, so that what is read beyond it is found. */
static void try_text(const char *bytes, size_t len)
{
    char *text = malloc(len + 1);
    enum json_kind kind;

    must(text != NULL);
    memcpy(text, bytes, len);
    text[len] = 0;
    if (json_check(text, len, &kind, NULL) == 0 && kind == JSON_OBJECT)
        try_object(text, json_whole(text, len));
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf text = {0};

    if (size)
        try_text((const char *)data, size);
    buf_byte(&text, '{');
    for (size_t i = 0; i < size; i++)
        if (data[i] < PIECES)
            buf_str(&text, pieces[data[i]]);
        else
            buf_byte(&text, (char)data[i]);
    buf_byte(&text, '}');
    must(!text.failed);
    try_text(text.data, text.len);
    buf_free(&text);
    return 0;
}
