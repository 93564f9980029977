/* SPDX-License-Identifier: MIT */
/* iso4 batch: JSON Lines in, JSON Lines out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/append.h"
#include "cli/approve.h"
#include "cli/commands.h"
#include "cli/job.h"
#include "cli/job_lines.h"
#include "cli/resume.h"
#include "cli/trial.h"
#include "host/io/threads.h"
#include "snapshots/snapshot.h"

struct batch {
    const struct options *options;
    struct snapshot_file snapshot;
    struct paths paths;
    struct declarations of_snapshot; /* of the snapshot alone */
    struct declarations declared;    /* of the snapshot and the command line */
    struct mcp_option mcp;
    struct resume *answered; /* jobs that --resume found answered; NULL: none */
    uint64_t shard, shards;  /* from 0; shards 1: all */
    uint64_t seen;           /* jobs */
    struct job_lines input;
    struct runs *many;
    struct job_base base;
    struct approve approve;
    struct trace trace;
    uv_loop_t loop;
};

static int already_answered(void *ctx, const struct job *j)
{
    const struct batch *b = ctx;

    return b->answered && j->id.at && resume_has(b->answered, j->id);
}

static void empty_job(struct job *j)
{
    spec_free(&j->spec);
    buf_free(&j->text);
    *j = (struct job){.has_id = 1};
}

static enum next next_job(void *ctx, struct job *j)
{
    struct batch *b = ctx;
    struct job_line line;
    int got;

    while ((got = job_lines_next(&b->input, &line)) > 0) {
        if (b->seen++ % b->shards != b->shard)
            continue;
        job_parse(j, line.text, line.len, line.number, &b->base);
        j->cancelled = line.cancelled;
        if (!already_answered(b, j)) /* a long line is not parsed yet: runs.c asks again later */
            return NEXT_JOB;
        empty_job(j);
    }
    return got < 0 ? NEXT_NONE : NEXT_LATER;
}

static int look_ahead(void *ctx)
{
    return job_lines_ahead(&((struct batch *)ctx)->input);
}

static void cancel_jobs(void *ctx, struct json id)
{
    const struct batch *b = ctx;

    if (b->many)
        runs_cancel(b->many, id);
}

static void on_more_lines(void *ctx)
{
    runs_more(((struct batch *)ctx)->many);
}

static void stop_reading(void *ctx)
{
    struct batch *b = ctx;

    job_lines_drop(&b->input);
    lines_stop(&b->input.lines);
    if (b->input.lines.polled && !uv_is_closing((uv_handle_t *)&b->input.lines.poll))
        lines_close(&b->input.lines, NULL);
}

static uint64_t bytes_taken(void *ctx)
{
    return job_lines_taken(&((struct batch *)ctx)->input);
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
    if (name && snapshot_file_seal(&b->snapshot, name, err) < 0)
        return -1;
    b->base = (struct job_base){name,         name ? &b->of_snapshot : NULL, o, &b->mcp, &b->declared,
                                &b->snapshot, &b->approve.approver};
    if (mcp_option_read(&b->mcp, o, err) < 0 ||
        (!name && mcp_option_ask(&b->mcp, o, &b->paths, NULL, 0, err) < 0))
        return -1;
    if (name && (declarations_of_snapshot(&b->of_snapshot, &b->snapshot, name, 1, err) < 0 ||
                 declarations_copy(&b->declared, &b->of_snapshot, err) < 0))
        return -1;
    if (name && mcp_option_bind(&b->mcp, &b->of_snapshot.globals, err) < 0)
        return -1;
    return declarations_given(&b->declared, o, &b->mcp, name != NULL, err);
}

static int is_same_file(const struct stat *a, const struct stat *b)
{
    return S_ISREG(a->st_mode) && a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

static int stat_jobs(const struct options *o, struct stat *st)
{
    const char *path = o->operand_count ? o->operands[0] : "-";

    return strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, st) : stat(path, st);
}

/* Refuses the file of jobs as --resume: jobs have ids like results, so all of them would be skipped. */
static int check_resume(const struct options *o, struct iso_err *err)
{
    const char *path = o->value[OPTION_RESUME];
    struct stat jobs, results;

    if (path && stat(path, &results) == 0 && stat_jobs(o, &jobs) == 0 && is_same_file(&jobs, &results))
        return iso_fail(err, ISO_USAGE, "--resume names the jobs, '%.200s': it takes an earlier output",
                        path);
    return 0;
}

/* NULL for standard output, which "-" names as well. */
static const char *output_file(const struct options *o)
{
    const char *name = o->value[OPTION_APPEND];

    return name && strcmp(name, "-") == 0 ? NULL : name;
}

/* Puts the file in the place of standard output, where results are written. */
static int append_to(const char *path, struct iso_err *err)
{
    int fd = append_open(path, err), rc;

    if (fd < 0)
        return -1;
    rc = dup2(fd, STDOUT_FILENO);
    close(fd);
    return rc < 0 ? iso_fail(err, ISO_OUTPUT, "cannot write '%.200s': %m", path) : 0;
}

/* Refuses an output that is the input: every result would become a job. */
static int check_circle(const struct batch *b, struct iso_err *err)
{
    struct stat in, out;

    if (fstat(b->input.lines.fd, &in) == 0 && fstat(STDOUT_FILENO, &out) == 0 && is_same_file(&in, &out))
        return iso_fail(
            err, ISO_USAGE,
            "the results would be appended to the file that the jobs come from: name another file");
    return 0;
}

static int is_script(const char *path)
{
    const char *dot = strrchr(path, '.');

    return dot && (strcmp(dot, ".js") == 0 || strcmp(dot, ".mjs") == 0 || strcmp(dot, ".ts") == 0);
}

static int prepare_batch(struct batch *b, struct iso_err *err)
{
    const char *trace = b->options->value[OPTION_TRACE];
    const struct options *o = b->options;
    unsigned jobs;

    if (o->operand_count > 1)
        return iso_fail(err, ISO_USAGE, "batch takes one file of jobs, %d were given", o->operand_count);
    if (o->operand_count && is_script(o->operands[0]))
        return iso_fail(err, ISO_USAGE,
                        "'%.200s' is a script, which iso4 run takes; batch takes jobs, a line of JSON each",
                        o->operands[0]);
    if (o->operand_count && snapshot_looks_like(o->operands[0]))
        return iso_fail(
            err, ISO_USAGE,
            "'%.200s' is a snapshot, which --snapshot takes; batch takes jobs, a line of JSON each",
            o->operands[0]);
    if (options_check_call(o, err) < 0)
        return -1;
    if (options_check_spill(o, err) < 0 || check_resume(o, err) < 0 || runs_jobs(o, &jobs, err) < 0 ||
        read_shard(b, err) < 0 || approve_open(&b->approve, o, err) < 0 || paths_find(&b->paths, err) < 0 ||
        open_snapshot(b, err) < 0 || trace_open(&b->trace, trace, err) < 0)
        return -1;
    if (o->value[OPTION_RESUME] && !(b->answered = resume_read(o->value[OPTION_RESUME], err)))
        return -1;
    return output_file(o) ? append_to(output_file(o), err) : 0;
}

static int run_batch(struct batch *b, struct iso_err *err)
{
    const struct options *o = b->options;
    struct runs_config cfg = {
        .options = o,
        .paths = &b->paths,
        .snapshot_fd = b->snapshot.fd,
        .declared = &b->declared,
        .ordered = o->value[OPTION_ORDERED] != NULL,
        .stops = 1,
        .next = next_job,
        .look_ahead = look_ahead,
        .unwanted = already_answered,
        .stop = stop_reading,
        .trace = &b->trace,
        .output = output_file(o),
        .progress = bytes_taken,
        .ctx = b,
    };
    int status = -1, signal = 0;

    if (threads_check(err) < 0)
        return -1;
    if (trial_run(o, &b->paths, b->snapshot.fd, &b->declared, &signal, err) < 0)
        return signal ? 128 + signal : -1;
    uv_loop_init(&b->loop);
    b->input.cancel = cancel_jobs;
    b->input.ctx = b;
    if (lines_open(&b->input.lines, &b->loop, o->operand_count ? o->operands[0] : NULL, on_more_lines, b,
                   err) < 0) {
        uv_loop_close(&b->loop);
        return -1;
    }
    cfg.size = b->input.lines.total;
    b->many = check_circle(b, err) < 0 ? NULL : runs_open(&b->loop, &cfg, err);
    if (b->many) {
        status = runs_run(b->many, err);
        runs_close(b->many);
    }
    if (status >= 0 && b->input.lines.error && status < 2)
        status = iso_fail(err, ISO_USAGE, "cannot read the jobs to their end: %s",
                          strerrordesc_np(b->input.lines.error));
    if (!b->input.lines.polled || !b->many)
        lines_close(&b->input.lines, NULL);
    job_lines_drop(&b->input);
    uv_run(&b->loop, UV_RUN_DEFAULT);
    uv_loop_close(&b->loop);
    return status;
}

int command_batch(const struct options *o)
{
    struct batch b = {.options = o, .snapshot = {.fd = -1}, .trace = {.file = {.fd = -1}}};
    struct iso_err err;
    int status = prepare_batch(&b, &err) < 0 ? -1 : run_batch(&b, &err), signal = b.mcp.signal;

    if (status >= 0 && trace_close(&b.trace, &err) < 0)
        status = -1;
    trace_abort(&b.trace);
    approve_free(&b.approve);
    resume_free(b.answered);
    declarations_free(&b.declared);
    declarations_free(&b.of_snapshot);
    mcp_option_free(&b.mcp);
    snapshot_close(&b.snapshot);
    paths_free(&b.paths);
    status = status < 0 ? report(&err) : status;
    return signal ? 128 + signal : status;
}
