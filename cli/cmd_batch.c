/* SPDX-License-Identifier: MIT */
/* iso4 batch: JSON Lines in, JSON Lines out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/job.h"
#include "cli/lines.h"
#include "cli/resume.h"
#include "snapshots/snapshot.h"

struct batch {
    const struct options *options;
    struct snapshot_file snapshot;
    struct paths paths;
    struct declarations declared;
    struct resume *answered; /* --resume; NULL: nothing is */
    uint64_t shard, shards;  /* from 0; shards 1: all */
    uint64_t seen;           /* lines that hold something */
    struct lines lines;
    struct runs *many;
    struct job_base base;
    struct trace trace;
    uv_loop_t loop;
};

static int is_blank(const char *line, size_t len)
{
    for (size_t i = 0; line && i < len; i++)
        if (!strchr(" \t\r", line[i]))
            return 0;
    return line != NULL;
}

static int already_answered(const struct batch *b, const struct job *j)
{
    return b->answered && j->id.at && resume_has(b->answered, j->id);
}

static void empty_job(struct job *j)
{
    source_free(&j->source);
    declarations_free(&j->declared);
    buf_free(&j->text);
    free(j->call);
    free(j->args);
    j->id.at = j->call = j->args = NULL;
    j->fault.code = ISO_OK;
}

static enum next next_job(void *ctx, struct job *j)
{
    struct batch *b = ctx;
    const char *line;
    size_t len;
    int got;

    while ((got = lines_next(&b->lines, &line, &len)) > 0) {
        if (is_blank(line, len))
            continue;
        if (b->seen++ % b->shards != b->shard)
            continue;
        j->task.request.limits = b->options->limits;
        job_parse(j, line, len, b->lines.number, &b->base);
        if (!already_answered(b, j))
            return NEXT_JOB;
        empty_job(j);
    }
    return got < 0 ? NEXT_NONE : NEXT_LATER;
}

static void on_more_lines(void *ctx)
{
    runs_more(((struct batch *)ctx)->many);
}

static void stop_reading(void *ctx)
{
    struct batch *b = ctx;

    lines_stop(&b->lines);
    if (b->lines.polled && !uv_is_closing((uv_handle_t *)&b->lines.poll))
        lines_close(&b->lines);
}

static uint64_t bytes_taken(void *ctx)
{
    return ((struct batch *)ctx)->lines.taken;
}

/* ---- options */

static int read_shard(struct batch *b, struct iso_err *err)
{
    const char *text = b->options->value[OPTION_SHARD];
    unsigned long i, n;
    char rest;

    b->shards = 1;
    if (!text)
        return 0;
    if (strspn(text, "0123456789/") != strlen(text) || sscanf(text, "%9lu/%9lu%c", &i, &n, &rest) != 2 ||
        i < 1 || i > n)
        return iso_fail(err, ISO_USAGE, "--shard takes I/N with I from 1 to N, not '%.100s'", text);
    b->shard = i - 1;
    b->shards = n;
    return 0;
}

static int open_snapshot(struct batch *b, struct iso_err *err)
{
    const struct options *o = b->options;
    const char *name = o->value[OPTION_SNAPSHOT];

    if (snapshot_open(name ? name : b->paths.base, &b->snapshot, err) < 0) {
        err->code = !name && err->code == ISO_USAGE ? ISO_INTERNAL : err->code;
        return -1;
    }
    b->base = (struct job_base){name, {0}, o};
    if (name && declarations_of_snapshot(&b->declared, &b->base.manifest, &b->snapshot, name, err) < 0)
        return -1;
    return declarations_given(&b->declared, o, name != NULL, err);
}

static int prepare(struct batch *b, struct iso_err *err)
{
    const char *trace = b->options->value[OPTION_TRACE];
    const struct options *o = b->options;
    unsigned jobs;

    if (o->operand_count > 1)
        return iso_fail(err, ISO_USAGE, "batch takes one file of jobs, %d were given", o->operand_count);
    if (o->value[OPTION_ARGS] && !o->value[OPTION_CALL])
        return iso_fail(err, ISO_USAGE, "--args needs --call, which says what to call with them");
    if (runs_jobs(o, &jobs, err) < 0 || read_shard(b, err) < 0 || paths_find(&b->paths, err) < 0 ||
        open_snapshot(b, err) < 0 || trace_open(&b->trace, trace, err) < 0)
        return -1;
    if (o->value[OPTION_RESUME]) {
        b->answered = resume_read(o->value[OPTION_RESUME], err);
        return b->answered ? 0 : -1;
    }
    return 0;
}

static int run(struct batch *b, struct iso_err *err)
{
    const struct options *o = b->options;
    struct runs_config cfg = {
        .options = o,
        .paths = &b->paths,
        .snapshot_fd = b->snapshot.fd,
        .declared = &b->declared,
        .ordered = o->value[OPTION_ORDERED] != NULL,
        .next = next_job,
        .stop = stop_reading,
        .trace = &b->trace,
        .progress = bytes_taken,
        .ctx = b,
    };
    int status = -1;

    uv_loop_init(&b->loop);
    if (lines_open(&b->lines, &b->loop, o->operand_count ? o->operands[0] : NULL, on_more_lines, b, err) <
        0) {
        uv_loop_close(&b->loop);
        return -1;
    }
    cfg.size = b->lines.total;
    b->many = runs_open(&b->loop, &cfg, err);
    if (b->many) {
        status = runs_run(b->many, err);
        runs_close(b->many);
    }
    if (status >= 0 && b->lines.error && status < 2)
        status = iso_fail(err, ISO_USAGE, "cannot read the jobs to their end: %s",
                          strerrordesc_np(b->lines.error));
    if (!b->lines.polled || !b->many)
        lines_close(&b->lines);
    uv_run(&b->loop, UV_RUN_DEFAULT);
    uv_loop_close(&b->loop);
    return status;
}

int command_batch(const struct options *o)
{
    struct batch b = {.options = o, .snapshot = {.fd = -1}, .trace = {.file = {.fd = -1}}};
    struct iso_err err;
    int status = prepare(&b, &err) < 0 ? -1 : run(&b, &err);

    if (status >= 0 && trace_close(&b.trace, &err) < 0)
        status = -1;
    trace_abort(&b.trace);
    resume_free(b.answered);
    declarations_free(&b.declared);
    snapshot_close(&b.snapshot);
    paths_free(&b.paths);
    return status < 0 ? report(&err) : status;
}
