/* SPDX-License-Identifier: MIT */
#include "host/run/stripper.h"

#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/file.h"
#include "core/json.h"
#include "core/json_walk.h"
#include "core/utf8.h"
#include "snapshots/snapshot.h"

/* Memory of a worker: the parser needs about a hundred bytes for each byte of a source. */
#define MEMORY_MB 256

struct stripper {
    struct stripper_config cfg;
    uv_loop_t *loop;
    struct snapshot_file snapshot;
    struct pool *pool; /* NULL until there is a text */
    int closing;
};

struct strip {
    struct pool_task task; /* first, see on_strip_done() */
    struct stripper *stripper;
    struct buf args;
    size_t len; /* of the text */
    uint64_t begun_ns;
    void (*done)(void *ctx, struct strip_result *result); /* NULL: it is cancelled */
    void *ctx;
};

struct stripper *stripper_open(uv_loop_t *loop, const struct stripper_config *cfg)
{
    struct stripper *s = calloc(1, sizeof *s);

    if (!s)
        return NULL;
    s->cfg = *cfg;
    s->loop = loop;
    s->snapshot.fd = -1;
    return s;
}

void stripper_close(struct stripper *s)
{
    if (!s)
        return;
    s->closing = 1;
    if (s->pool && pool_load(s->pool) > 0)
        return;
    pool_close(s->pool);
    if (s->snapshot.fd >= 0)
        snapshot_close(&s->snapshot);
    free(s);
}

static struct limits limits_for(const struct limits *of_run)
{
    struct limits l;

    limits_default(&l, LIMITS_FOR_RUN);
    l.value[LIMIT_CPU] = of_run->value[LIMIT_CPU];
    l.value[LIMIT_WALL] = of_run->value[LIMIT_WALL];
    l.value[LIMIT_MEMORY] = MEMORY_MB;
    l.value[LIMIT_EXPORT] = 0;
    return l;
}

/* ---- results */

static int take_place(struct json value, struct strip_result *out)
{
    double line = json_number(json_member(value, "line")), column = json_number(json_member(value, "column"));

    if (!(line >= 1 && line < INT32_MAX && column >= 1 && column < INT32_MAX))
        return -1;
    out->line = (uint32_t)line;
    out->column = (uint32_t)column;
    return 0;
}

/* Reads {"code"} or {"message", "line", "column"}. -1: another value. */
static int take_value(const struct buf *json, size_t len, struct strip_result *out)
{
    struct json value = json_whole(json->data, json->len), text;

    if (json_kind(value) != JSON_OBJECT)
        return -1;
    text = json_member(value, "code");
    out->status = text.at ? STRIP_TEXT : STRIP_ERROR;
    out->refused = json_member(value, "refused").at != NULL;
    if (!text.at)
        text = json_member(value, "message");
    if (!text.at || json_kind(text) != JSON_STRING ||
        (out->status == STRIP_ERROR && take_place(value, out) < 0))
        return -1;
    json_decode(&out->text, text);
    if (out->text.failed || utf8_check(out->text.data, out->text.len) != out->text.len)
        return -1;
    return out->status == STRIP_TEXT && out->text.len != len ? -1 : 0;
}

/* Takes a failed run. A limit, or used-up stack, is a fault of the text, not of iso4. */
static void take_failure(const struct run_result *result, struct strip_result *out)
{
    AUTO_BUF struct buf why = {0};

    if (result->message.len)
        json_string_to_text(&why, result->message.data, result->message.len);
    buf_byte(&why, 0);
    if (iso_code_exit(result->code) == 3 || result->code == ISO_ABORTED) {
        iso_fail(&out->fault, result->code, "the worker that erases types failed: %.300s",
                 why.failed ? "out of memory" : why.data);
        return;
    }
    out->status = STRIP_ERROR;
    out->line = out->column = 1;
    buf_printf(&out->text, "the types cannot be erased: %.300s", why.failed ? "" : why.data);
}

static void end(struct strip *strip, const struct run_result *result)
{
    struct strip_result out = {.begun_ns = strip->begun_ns, .ended_ns = monotonic_ns()};

    if (strip->done) {
        if (result->code != ISO_OK)
            take_failure(result, &out);
        else if (take_value(&result->exports, strip->len, &out) < 0)
            iso_fail(&out.fault, ISO_INTERNAL, "the worker that erases types gave something else");
        strip->done(strip->ctx, &out);
    }
    buf_free(&out.text);
    buf_free(&strip->args);
    free(strip);
}

static void on_strip_done(struct pool_task *task, struct run_result *result)
{
    struct strip *strip = (struct strip *)task;
    struct stripper *s = strip->stripper;

    end(strip, result);
    if (s->closing)
        stripper_close(s);
}

/* ---- starting */

static int open_pool(struct stripper *s, struct iso_err *err)
{
    struct pool_config pool = {
        .zygote = {.paths = s->cfg.paths,
                   .snapshot_name = "ts.snap",
                   .limits = limits_for(&s->cfg.limits),
                   .warm = "warm",
                   .jitless = s->cfg.jitless,
                   .strict = s->cfg.strict},
        .jobs = s->cfg.jobs,
    };

    if (s->pool)
        return 0;
    if (s->snapshot.fd < 0 && snapshot_open(s->cfg.paths->ts, &s->snapshot, err) < 0) {
        s->snapshot.fd = -1;
        err->code = err->code == ISO_USAGE ? ISO_INTERNAL : err->code; /* not the caller's mistake */
        return -1;
    }
    pool.zygote.snapshot_fd = s->snapshot.fd;
    s->pool = pool_open(s->loop, &pool);
    return s->pool ? 0 : iso_fail(err, ISO_INTERNAL, "out of memory");
}

static void fail_at_once(struct strip *strip, const struct iso_err *err)
{
    struct run_result result;

    result_init(&result, &strip->task.request.limits);
    result_fail(&result, err->code, err->msg);
    end(strip, &result);
    result_free(&result);
}

static struct run_request request_for(const struct stripper *s, const struct strip *strip,
                                      const struct limits *limits)
{
    return (struct run_request){
        .mode = JOB_RUN,
        .limits = limits_for(limits),
        .paths = s->cfg.paths,
        .snapshot_fd = s->snapshot.fd,
        .snapshot_name = "ts.snap",
        .call = "strip",
        .args = strip->args.data,
        .jitless = s->cfg.jitless,
        .strict = s->cfg.strict,
    };
}

int stripper_start(struct stripper *s, const char *text, size_t len, const struct limits *limits,
                   void (*done)(void *ctx, struct strip_result *result), void *ctx, struct strip **out)
{
    struct strip *strip = calloc(1, sizeof *strip);
    struct iso_err err;

    if (!strip)
        return -1;
    *strip = (struct strip){.stripper = s, .len = len, .begun_ns = monotonic_ns(), .done = done, .ctx = ctx};
    buf_byte(&strip->args, '[');
    json_quote(&strip->args, text, len);
    buf_str(&strip->args, "]");
    buf_byte(&strip->args, 0);
    if (strip->args.failed) {
        buf_free(&strip->args);
        free(strip);
        return -1;
    }
    *out = strip;
    if (open_pool(s, &err) < 0) {
        fail_at_once(strip, &err);
        return 0;
    }
    strip->task.request = request_for(s, strip, limits);
    strip->task.alone = !s->cfg.forks;
    strip->task.done = on_strip_done;
    pool_add(s->pool, &strip->task);
    return 0;
}

void stripper_cancel(struct strip *strip)
{
    strip->done = NULL;
    pool_cancel(strip->task.pool, &strip->task);
}
