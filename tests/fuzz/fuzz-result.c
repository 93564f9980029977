/* SPDX-License-Identifier: MIT */
/* libFuzzer target for host/result/result.h: the bytes that a worker sends, as frames. Whatever they are, the result is
 * one line of JSON, also when the parent has its own word about the run. The first byte chooses the kind of job. */
#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "host/result/result.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int holds)
{
    if (!holds)
        abort();
}

static void print(const struct run_result *r)
{
    struct source source = {.name = (char *)"agent.js"};
    struct result_print how = {.sources = &source, .count = 1, .skipping = 1};
    enum json_kind kind;
    struct buf out = {0};

    buf_str(&source.text, "let a = 1;\nlet b = 2;\n");
    must(result_print(r, &how, &out) == 0);
    must(json_check(out.data, out.len, &kind, NULL) == 0 && kind == JSON_OBJECT);
    must(!memchr(out.data, '\n', out.len));
    buf_free(&out);
    buf_free(&source.text);
}

/* 1 while the frames are those of a worker. */
static int take(struct run_result *r, const struct limits *limits, enum job_mode mode, const struct frame *f)
{
    struct iso_err err = {0};
    enum result_step step;

    if (result_frame(r, limits, mode, f, &step, &err) == 0)
        return 1;
    must(err.code == ISO_INTERNAL && *err.msg);
    return 0;
}

static void read_all(struct run_result *r, enum job_mode mode, const uint8_t *data, size_t size)
{
    struct frame_reader reader = {0};
    struct limits limits;
    struct iso_err err;
    struct frame f;
    size_t room;
    char *to = frame_room(&reader, size + 1, &room);

    limits_default(&limits, LIMITS_FOR_RUN);
    limits.value[LIMIT_STDOUT] = 300;
    must(to && room > size);
    memcpy(to, data, size);
    frame_received(&reader, size);
    while (frame_next(&reader, 1, &f, &err) > 0 && take(r, &limits, mode, &f))
        ;
    buf_free(&reader.in);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct run_result r;
    struct limits limits;
    unsigned how = size ? data[0] : 0;

    if (size == 0)
        return 0;
    limits_default(&limits, LIMITS_FOR_RUN);
    result_init(&r, &limits);
    r.called = (how & 1) != 0;
    r.traced = (how & 2) != 0;
    read_all(&r, how & 4 ? JOB_PRECOMPILE : JOB_RUN, data + 1, size - 1);
    if (!r.last || r.code != ISO_OK || how & 4)
        result_fail(&r, ISO_WORKER_CRASHED, "the worker crashed: \xf0\x9f\x92\xa5 \"quoted\"");
    print(&r);
    result_free(&r);
    return 0;
}
