/* SPDX-License-Identifier: MIT */
#include "cli/job.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/overwrite.h"
#include "core/nearest.h"
#include "core/utf8.h"
#include "host/job/limits_json.h"
#include "host/run/address_space.h"

/* Longer lines are parsed in a thread. */
#define AT_ONCE (64u << 10)

#define PARTS(X) X(id) X(code) X(file) X(filename) X(globals) X(limits) X(call) X(args) X(form) X(language)

struct json job_id(struct json line)
{
    return json_member(line, "id");
}

static int bad(struct job *j, uint64_t number, const char *what)
{
    return iso_fail(&j->fault, ISO_BAD_JOB, "job %" PRIu64 ": %s", number, what);
}

static int unknown_key(struct job *j, struct json key, uint64_t number)
{
    struct nearest nearest = nearest_start(key.at + 1, key.len - 2);
    const char *best = NULL;
    char text[200];

#define X(name)                                           \
    if (nearest_offer(&nearest, #name, sizeof #name - 1)) \
        best = #name;
    PARTS(X)
#undef X
    snprintf(text, sizeof text, "unknown key %.*s%s%s%s", (int)(key.len < 100 ? key.len : 100), key.at,
             best ? " (did you mean \"" : "", best ? best : "", best ? "\"?)" : "");
    return bad(j, number, text);
}

static int take_parts(struct job *j, struct json line, struct job_parts *p, uint64_t number)
{
    struct json key, value;
    char text[200];

    for (struct json_walk w = json_walk(line); json_next(&w, &key, &value);) {
        struct json *to = NULL;
#define X(name)              \
    if (json_is(key, #name)) \
        to = &p->name;
        PARTS(X)
#undef X
        if (!to)
            return unknown_key(j, key, number);
        if (to->at) {
            snprintf(text, sizeof text, "repeated key %.*s", (int)(key.len < 100 ? key.len : 100), key.at);
            return bad(j, number, text);
        }
        *to = value;
    }
    return 0;
}

static int is(struct json v, enum json_kind kind)
{
    return !v.at || json_kind(v) == kind;
}

/* 1 for a string that can become a C string and be printed: UTF-8 without NUL. */
static int is_name(struct json literal)
{
    struct buf text = {0};
    int good = 1;

    if (literal.at) {
        json_decode(&text, literal);
        good = !text.len || (!memchr(text.data, 0, text.len) && utf8_check(text.data, text.len) == text.len);
        buf_free(&text);
    }
    return good;
}

static int check_parts(struct job *j, const struct job_parts *p, uint64_t number, const struct job_base *base)
{
    int no_source = !p->code.at && !p->file.at;
    int calls = p->call.at || base->options->value[OPTION_CALL];

    if (p->id.at && !is(p->id, JSON_STRING) && !is(p->id, JSON_NUMBER))
        return bad(j, number, "id is a text or a number");
    if (p->code.at && p->file.at)
        return bad(j, number, "give code or file, not both");
    if (no_source && !(calls && base->snapshot_name))
        return bad(j, number, "there is neither code nor file");
    if (!is(p->code, JSON_STRING) || !is(p->file, JSON_STRING) || !is(p->filename, JSON_STRING) ||
        !is(p->call, JSON_STRING))
        return bad(j, number, "code, file, filename and call are texts");
    if (!is_name(p->file) || !is_name(p->filename) || !is_name(p->call))
        return bad(j, number, "file, filename and call hold characters, and none that is U+0000");
    if (!is(p->globals, JSON_OBJECT) || !is(p->limits, JSON_OBJECT))
        return bad(j, number, "globals and limits are objects");
    if (!is(p->args, JSON_ARRAY))
        return bad(j, number, "args is an array");
    if (p->args.at && !calls)
        return bad(j, number, "args needs call");
    return 0;
}

static char *decoded(struct json literal)
{
    struct buf text = {0};

    json_decode(&text, literal);
    buf_byte(&text, 0);
    if (text.failed)
        buf_free(&text);
    return text.data;
}

static char *copied(const char *text, size_t len)
{
    return text ? strndup(text, len) : NULL;
}

/* One of a few words; NULL: something else. */
static char *word(struct json v)
{
    return v.at && json_kind(v) == JSON_STRING && is_name(v) ? decoded(v) : NULL;
}

static int take_form(struct job *j, struct json form, uint64_t number, const struct options *o)
{
    char *name = word(form);

    j->source.form = name ? form_from_name(name) : options_form(o);
    free(name);
    return (form.at && !name) || j->source.form == FORM_COUNT
               ? bad(j, number, "form is \"auto\", \"module\" or \"function\"")
               : 0;
}

/* The source has its name. */
static int take_language(struct job *j, struct json language, uint64_t number, const struct options *o)
{
    char *name = word(language);
    enum source_language asked = name ? language_from_name(name) : options_language(o);
    struct iso_err err;

    free(name);
    if ((language.at && !name) || asked == LANGUAGE_COUNT)
        return bad(j, number, "language is \"auto\", \"js\" or \"ts\"");
    return j->source.name && source_speaks(&j->source, asked, &err) < 0 ? bad(j, number, err.msg) : 0;
}

static int take_source(struct job *j, const struct job_base *base)
{
    const struct job_parts *p = &j->parts;
    uint64_t number = j->line_number;
    char *file = p->file.at ? decoded(p->file) : NULL, *name = p->filename.at ? decoded(p->filename) : NULL;
    int rc = 0;

    if (file && strcmp(file, "-") == 0) {
        rc = bad(j, number, "a job's file is not standard input");
    } else if (file) {
        struct iso_err err;
        if (overwrite_check_read(base->options, file, &err) < 0 ||
            source_read_regular(&j->source, file, &err) < 0)
            rc = bad(j, number, err.msg);
    } else if (p->code.at) {
        json_decode(&j->source.text, p->code);
        j->source.name = strdup("agent.js");
        if (utf8_check(j->source.text.len ? j->source.text.data : "", j->source.text.len) !=
            j->source.text.len)
            rc = bad(j, number, "code holds a lone surrogate, which is no character");
    }
    j->no_source = !file && !p->code.at;
    if (rc == 0)
        rc = take_form(j, p->form, number, base->options);
    if (rc == 0 && name && j->source.name) {
        free(j->source.name);
        j->source.name = name;
        name = NULL;
    }
    if (rc == 0)
        rc = take_language(j, p->language, number, base->options);
    free(file);
    free(name);
    return rc;
}

static int take_limits(struct job *j, struct json limits, uint64_t number)
{
    struct iso_err err;

    if (limits.at && limits_from_json(&j->task.request.limits, "limits", limits.at, limits.len, &err) < 0)
        return bad(j, number, err.msg);
    return address_space_check(ROOM_FOR_RUN, j->task.request.limits.value[LIMIT_MEMORY], &j->fault);
}

/* Applies the job's own globals to a copy of the snapshot's, which are read once for all jobs. */
static int take_globals(struct job *j, struct json globals, const char *line, uint64_t number,
                        const struct job_base *base)
{
    struct declarations given = {0};
    char name[80];
    int rc;

    snprintf(name, sizeof name, "job %" PRIu64, number);
    rc = globals_inline(&given.globals, name, line, globals, &j->fault);
    if (rc == 0 && !base->snapshot_name)
        rc = mcp_option_declare(base->mcp, &given.globals, &j->fault);
    if (rc == 0 && !base->snapshot_name) {
        j->declared = given;
        given = (struct declarations){0};
    } else if (rc == 0) {
        rc = declarations_copy(&j->declared, base->of_snapshot, &j->fault);
        if (rc == 0)
            rc = declarations_rebind(&j->declared, &given, &j->fault);
    }
    declarations_free(&given);
    if (rc == 0)
        rc = globals_check_answered(
            &j->declared.globals, base->options->value[OPTION_NO_HOST_COMMANDS] ? 0 : BY_PROGRAMS, &j->fault);
    if (rc < 0 && j->fault.code == ISO_USAGE)
        j->fault.code = ISO_BAD_JOB;
    return rc;
}

/* The slow part, in a thread: reads the job's file, and looks for programs and certificates of its globals. */
static void load_rest(struct job *j)
{
    const struct job_base *base = j->of;

    if (take_source(j, base) == 0 && j->parts.globals.at)
        (void)take_globals(j, j->parts.globals, j->text.data, j->line_number, base);
}

static void parse(struct job *j, const struct job_base *base)
{
    size_t len = j->text.len - 1, at;
    const struct options *o = base->options;
    struct job_parts *p = &j->parts;
    struct json whole;

    if (json_check(j->text.data, len, NULL, &at) < 0) {
        bad(j, j->line_number, "the line is not JSON");
        return;
    }
    whole = json_whole(j->text.data, len);
    if (json_kind(whole) != JSON_OBJECT) {
        bad(j, j->line_number, "a job is an object such as {\"id\": 1, \"code\": \"export default 1\"}");
        return;
    }
    j->id = job_id(whole);
    if (j->id.at && json_kind(j->id) != JSON_STRING && json_kind(j->id) != JSON_NUMBER)
        j->id.at = NULL;
    if (take_parts(j, whole, p, j->line_number) < 0 || check_parts(j, p, j->line_number, base) < 0 ||
        take_limits(j, p->limits, j->line_number) < 0)
        return;
    j->call = p->call.at ? decoded(p->call) : copied(o->value[OPTION_CALL], SIZE_MAX >> 1);
    j->args = p->args.at ? copied(p->args.at, p->args.len) : copied(o->value[OPTION_ARGS], SIZE_MAX >> 1);
    if (p->file.at || p->globals.at)
        j->load = load_rest;
    else
        (void)take_source(j, base);
}

static void load_all(struct job *j)
{
    j->load = NULL;
    parse(j, j->of);
    if (j->load)
        load_rest(j);
}

void job_parse(struct job *j, const char *line, size_t len, uint64_t number, const struct job_base *base)
{
    j->has_id = 1;
    j->line_number = number;
    j->of = base;
    if (!line) {
        bad(j, number, "the line is too long");
        return;
    }
    buf_add(&j->text, line, len);
    buf_byte(&j->text, 0);
    if (j->text.failed)
        bad(j, number, "there is no memory for it");
    else if (len > AT_ONCE)
        j->load = load_all;
    else
        parse(j, base);
}
