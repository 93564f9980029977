/* SPDX-License-Identifier: MIT */
#include "cli/job.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/overwrite.h"

/* Longer lines are parsed in a thread. */
#define AT_ONCE (64u << 10)

/* name, the kinds of JSON that it takes: what a job has besides what is run */
#define PARTS(X)                                                            \
    X(id, SPEC_TAKES(STRING) | SPEC_TAKES(NUMBER), "is a text or a number") \
    X(meta, ~0u, "is anything")

struct json job_id(struct json line)
{
    return json_member(line, "id");
}

static int bad_job(struct job *j, const char *what)
{
    return iso_fail(&j->fault, ISO_BAD_JOB, "job %" PRIu64 ": %s", j->line_number, what);
}

static int unknown_key(struct job *j, struct json key)
{
    struct nearest nearest = nearest_start(key.at + 1, key.len - 2);
    const char *best = NULL;
    char text[200];

    if (json_is(key, "cancel"))
        return bad_job(j, "cancel takes true, and stands beside the id of a job and nothing else");
    spec_offer_names(&nearest, &best);
#define X(name, kinds, words)                             \
    if (nearest_offer(&nearest, #name, sizeof #name - 1)) \
        best = #name;
    PARTS(X)
#undef X
    snprintf(text, sizeof text, "unknown key %.*s%s%s%s", (int)(key.len < 100 ? key.len : 100), key.at,
             best ? " (did you mean \"" : "", best ? best : "", best ? "\"?)" : "");
    return bad_job(j, text);
}

/* 1: it is one of a job's own. 0: it is none. */
static int take_part(struct job *j, struct json key, struct json value)
{
    struct job_parts *p = &j->parts;
#define X(name, kinds, words)                                                    \
    if (json_is(key, #name)) {                                                   \
        if (p->name.at)                                                          \
            return bad_job(j, #name " is given twice");                          \
        p->name = value;                                                         \
        return (kinds)&1u << json_kind(value) ? 1 : bad_job(j, #name " " words); \
    }
    PARTS(X)
#undef X
    return 0;
}

static int take_members(struct job *j, struct json line)
{
    struct spec_fault wrong;
    struct json key, value;

    for (struct json_walk w = json_walk(line); json_next(&w, &key, &value);) {
        int taken = take_part(j, key, value);

        if (taken == 0 && (taken = spec_take(&j->parts.spec, key, value, &wrong)) < 0)
            return bad_job(j, wrong.err.msg);
        if (taken <= 0)
            return taken < 0 ? -1 : unknown_key(j, key);
    }
    return 0;
}

static int may_read(void *ctx, const char *path, struct iso_err *err)
{
    const struct job_base *base = ctx;

    return overwrite_check_read(base->options, path, err);
}

/* The snapshot's globals are read once for all jobs; each job changes a copy. */
static int declare_for_job(void *ctx, struct declarations *d, struct iso_err *err)
{
    const struct job_base *base = ctx;

    return declarations_copy(d, base->of_snapshot, err);
}

/* Tools of MCP servers belong to every job. */
static int add_tools(void *ctx, struct globals *g, struct iso_err *err)
{
    const struct job_base *base = ctx;

    return mcp_option_declare(base->mcp, g, err);
}

/* The slow part, in a thread: reads the job's file, and looks for programs and certificates of its globals. */
static void load(struct job *j)
{
    const struct job_base *base = j->of;
    const struct options *o = base->options;
    struct spec_base from = {.limits = o->limits,
                             .most = &o->most,
                             .no_files = o->value[OPTION_NO_FILES] != NULL,
                             .has_prefix = base->snapshot_name != NULL,
                             .call = o->value[OPTION_CALL],
                             .args = o->value[OPTION_ARGS],
                             .form = options_form(o),
                             .language = options_language(o),
                             .ways = &o->ways,
                             .answered = options_answered(o),
                             .declare = base->snapshot_name ? declare_for_job : NULL,
                             .approver = base->approver,
                             .shared = base->declared,
                             .flags = run_as_asked(o).flags,
                             .snapshot_fd = base->snapshot_name ? base->snapshot->fd : -1,
                             .v8 = base->snapshot->view.made_with.v8,
                             .complete = add_tools,
                             .may_read = may_read,
                             .ctx = (void *)base};
    struct spec_fault wrong = {0};
    char name[80];

    snprintf(name, sizeof name, "job %" PRIu64, j->line_number);
    if (spec_read(&j->spec, &j->parts.spec, &from, name, j->text.data, &wrong) == 0)
        return;
    j->fault = wrong.err;
    if (wrong.err.code != ISO_USAGE)
        return;
    j->fault.code = ISO_BAD_JOB;
    if (!wrong.member || strcmp(wrong.member, "globals") != 0) /* these name the job, and the place in it */
        bad_job(j, wrong.err.msg);
}

static void parse(struct job *j)
{
    size_t len = j->text.len - 1, at;
    const struct spec_members *m = &j->parts.spec;
    struct json whole;

    if (json_check(j->text.data, len, NULL, &at) < 0) {
        bad_job(j, "the line is not JSON");
        return;
    }
    whole = json_whole(j->text.data, len);
    if (json_kind(whole) != JSON_OBJECT) {
        bad_job(j, "a job is an object such as {\"id\": 1, \"code\": \"export default 1\"}");
        return;
    }
    j->id = job_id(whole);
    if (j->id.at && json_kind(j->id) == JSON_STRING && !json_is_well_formed(j->id)) {
        j->id.at = NULL; /* the result repeats it */
        bad_job(j, "id holds a lone surrogate, which is no character");
        return;
    }
    if (j->id.at && json_kind(j->id) != JSON_STRING && json_kind(j->id) != JSON_NUMBER)
        j->id.at = NULL;
    if (take_members(j, whole) < 0)
        return;
    if (m->file.at || m->globals.at || m->record.at || m->replay.at)
        j->load = load;
    else
        load(j);
}

static void parse_and_load(struct job *j)
{
    j->load = NULL;
    parse(j);
    if (j->load)
        load(j);
}

void job_parse(struct job *j, const char *line, size_t len, uint64_t number, const struct job_base *base)
{
    j->has_id = 1;
    j->line_number = number;
    j->of = base;
    if (!line) {
        bad_job(j, "the line is too long");
        return;
    }
    buf_add(&j->text, line, len);
    buf_byte(&j->text, 0);
    if (j->text.failed)
        bad_job(j, "there is no memory for it");
    else if (len > AT_ONCE)
        j->load = parse_and_load;
    else
        parse(j);
}
