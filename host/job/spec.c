/* SPDX-License-Identifier: MIT */
#include "host/job/spec.h"

#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/nearest.h"
#include "core/utf8.h"
#include "host/job/limits_json.h"
#include "host/job/repro.h"
#include "host/result/store.h"
#include "host/run/address_space.h"

static const struct {
    const char *name;
    unsigned kinds;
    const char *words;
    size_t offset;
} members[] = {
#define X(name, kinds, words) {#name, kinds, words, offsetof(struct spec_members, name)},
    ISO_SPEC_MEMBERS(X)
#undef X
};
#define COUNT (sizeof members / sizeof *members)

void spec_offer_names(struct nearest *nearest, const char **best)
{
    for (size_t i = 0; i < COUNT; i++)
        if (nearest_offer(nearest, members[i].name, strlen(members[i].name)))
            *best = members[i].name;
}

static int wrong_member(struct spec_fault *fault, const char *member, const char *what)
{
    fault->member = member;
    return iso_fail(&fault->err, ISO_USAGE, "%s%s%s", member ? member : "", member ? " " : "", what);
}

int spec_take(struct spec_members *m, struct json key, struct json value, struct spec_fault *fault)
{
    for (size_t i = 0; i < COUNT; i++) {
        struct json *to = (struct json *)((char *)m + members[i].offset);

        if (!json_is(key, members[i].name))
            continue;
        fault->member = members[i].name;
        if (to->at)
            return iso_fail(&fault->err, ISO_USAGE, "%s is given twice", members[i].name);
        if (!(members[i].kinds & 1u << json_kind(value)))
            return iso_fail(&fault->err, ISO_USAGE, "%s takes %s", members[i].name, members[i].words);
        *to = value;
        return 1;
    }
    return 0;
}

static int take_name(char **to, struct json literal, const char *member, struct spec_fault *fault)
{
    *to = literal.at ? json_c_string(literal) : NULL;
    return literal.at && !*to
               ? wrong_member(fault, member,
                              "must be a string without the character U+0000 and without lone surrogates")
               : 0;
}

static int take_code(struct run_spec *s, struct json code, struct spec_fault *fault)
{
    json_decode(&s->source.text, code);
    s->source.name = strdup("agent.js");
    if (s->source.text.failed || !s->source.name)
        return iso_fail(&fault->err, ISO_INTERNAL, "out of memory");
    text_drop_mark(&s->source.text);
    if (utf8_check(s->source.text.len ? s->source.text.data : "", s->source.text.len) != s->source.text.len)
        return wrong_member(fault, "code", "holds a lone surrogate, which is no character");
    return 0;
}

static int take_file(struct run_spec *s, const char *path, const struct spec_base *base,
                     struct spec_fault *fault)
{
    if (strcmp(path, "-") == 0)
        return wrong_member(fault, "file", "is not standard input");
    fault->member = "file";
    if (base->no_files)
        return wrong_member(fault, "file", "is refused by --no-files");
    if (base->may_read && base->may_read(base->ctx, path, &fault->err) < 0)
        return -1;
    return source_read_regular(&s->source, path, &fault->err);
}

static int take_form(enum source_form *form, struct json name, const struct spec_base *base,
                     struct spec_fault *fault)
{
    char *text = NULL;

    *form = base->form;
    if (!name.at)
        return 0;
    if (take_name(&text, name, "form", fault) == 0)
        *form = form_from_name(text);
    free(text);
    return !text || *form == FORM_COUNT
               ? wrong_member(fault, "form", "is \"auto\", \"module\" or \"function\"")
               : 0;
}

/* After the source has its name, which may say it. */
static int take_language(struct run_spec *s, struct json name, const struct spec_base *base,
                         struct spec_fault *fault)
{
    enum source_language asked = base->language;
    char *text = NULL;

    if (name.at) {
        asked = take_name(&text, name, "language", fault) == 0 ? language_from_name(text) : LANGUAGE_COUNT;
        free(text);
    }
    if (asked == LANGUAGE_COUNT)
        return wrong_member(fault, "language", "is \"auto\", \"js\" or \"ts\"");
    fault->member = "filename";
    return s->source.name && source_speaks(&s->source, asked, &fault->err) < 0 ? -1 : 0;
}

static int take_source(struct run_spec *s, const struct spec_members *m, const struct spec_base *base,
                       struct spec_fault *fault)
{
    enum source_form form = FORM_AUTO;
    char *file = NULL, *name = NULL;
    int rc =
        take_name(&file, m->file, "file", fault) < 0 || take_name(&name, m->filename, "filename", fault) < 0
            ? -1
            : 0;

    s->no_source = !file && !m->code.at;
    if (rc == 0)
        rc = take_form(&form, m->form, base, fault);
    if (rc == 0 && file)
        rc = take_file(s, file, base, fault);
    else if (rc == 0 && m->code.at)
        rc = take_code(s, m->code, fault);
    if (rc == 0 && name && s->source.name) {
        free(s->source.name);
        s->source.name = name;
        name = NULL;
    }
    s->source.form = form;
    if (rc == 0)
        rc = take_language(s, m->language, base, fault);
    free(file);
    free(name);
    return rc;
}

/* Reads the spec's own globals: on their own, or bound in a copy of the shared declarations. */
static int take_globals(struct run_spec *s, struct json globals, const struct spec_base *base, int apart,
                        const char *name, const char *text, struct spec_fault *fault)
{
    struct declarations given = {0};
    int rc = globals_inline(&given.globals, name, text, globals, &fault->err);

    fault->member = "globals";
    s->own_globals = 1;
    if (rc == 0 && base->no_files)
        rc = globals_refuse_files(&given.globals, &fault->err);
    if (rc == 0 && !base->declare && base->complete)
        rc = base->complete(base->ctx, &given.globals, &fault->err);
    if (rc == 0 && !base->declare) {
        s->declared = given;
        given = (struct declarations){0};
    } else if (rc == 0) {
        rc = base->declare(base->ctx, &s->declared, &fault->err);
        if (rc == 0)
            rc = declarations_rebind(&s->declared, &given, &fault->err);
    }
    declarations_free(&given);
    if (rc < 0 || apart)
        return rc;
    return globals_check_answered(&s->declared.globals, base->answered, &fault->err);
}

static int check_whole(const struct spec_members *m, const struct spec_base *base, struct spec_fault *fault)
{
    int calls = m->call.at || base->call;

    if (m->code.at && m->file.at)
        return wrong_member(fault, NULL, "give code or file, not both");
    if (!m->code.at && !m->file.at && !(calls && base->has_prefix))
        return wrong_member(fault, NULL, "there is neither code nor file");
    if (m->args.at && !calls)
        return wrong_member(fault, "args", "needs call");
    return 0;
}

static int take_spec_call(struct run_spec *s, const struct spec_members *m, const struct spec_base *base,
                          struct spec_fault *fault)
{
    if (take_name(&s->call, m->call, "call", fault) < 0)
        return -1;
    if (!m->call.at && base->call)
        s->call = strdup(base->call);
    if (m->args.at || base->args)
        s->args = m->args.at ? strndup(m->args.at, m->args.len) : strdup(base->args);
    return (base->call && !s->call) || ((m->args.at || base->args) && !s->args)
               ? iso_fail(&fault->err, ISO_INTERNAL, "out of memory")
               : 0;
}

/* A number as it is written, or the text of a string. */
static int take_way(struct run_spec *s, struct json v, const char *member,
                    int (*read)(struct repro *w, const char *name, const char *text, struct iso_err *err),
                    struct spec_fault *fault)
{
    char *text = NULL;

    fault->member = member;
    if (!v.at)
        return 0;
    if (json_kind(v) == JSON_NUMBER)
        text = strndup(v.at, v.len);
    else if (take_name(&text, v, member, fault) < 0)
        return -1;
    if (!text)
        return iso_fail(&fault->err, ISO_INTERNAL, "out of memory");
    if (read(&s->ways, member, text, &fault->err) < 0) {
        free(text);
        return -1;
    }
    if (s->ways.zone == text)
        s->zone = text; /* it is borrowed */
    else
        free(text);
    return 0;
}

static int take_ways(struct run_spec *s, const struct spec_members *m, struct spec_fault *fault)
{
    return take_way(s, m->seed, "seed", repro_seed, fault) < 0 ||
                   take_way(s, m->now, "now", repro_now, fault) < 0 ||
                   take_way(s, m->tz, "tz", repro_zone, fault) < 0
               ? -1
               : 0;
}

/* ---- records */

static int is_true(struct json v)
{
    return v.at && *v.at == 't';
}

static int take_on_miss(struct recorded_how *how, struct json v, struct spec_fault *fault)
{
    how->live = v.at && json_is(v, "live");
    return v.at && !how->live && !json_is(v, "fail")
               ? wrong_member(fault, "onMiss", "is \"fail\" or \"live\"")
               : 0;
}

/* Reads one decision: "allow", "deny", or {"decision", "reason"}. `key` is the number of the call. */
static int take_spec_decision(struct decision *d, struct json key, struct json value,
                              struct spec_fault *fault)
{
    int is_object = json_kind(value) == JSON_OBJECT;
    struct json what = is_object ? json_member(value, "decision") : value;
    struct json reason = is_object ? json_member(value, "reason") : (struct json){NULL, 0};
    int is_word =
        what.at && json_kind(what) == JSON_STRING && (json_is(what, "allow") || json_is(what, "deny"));
    char *number = json_c_string(key), *end = NULL;

    d->n = number && *number >= '1' && *number <= '9' ? strtoull(number, &end, 10) : 0;
    free(number);
    if (!end || key.len > 18 || d->n == 0 || !is_word || (reason.at && json_kind(reason) != JSON_STRING))
        return wrong_member(
            fault, "decide",
            "takes the number of a call and \"allow\", \"deny\" or {\"decision\", \"reason\"}, such as "
            "{\"3\": \"allow\"}");
    d->allow = json_is(what, "allow");
    if (reason.at && !(d->reason = json_c_string(reason)))
        return wrong_member(fault, "decide", "has a reason that holds U+0000");
    return 0;
}

static int take_decisions(struct run_spec *s, struct json decide, struct spec_fault *fault)
{
    struct json key, value;

    s->decisions = calloc(json_count(decide) + 1, sizeof *s->decisions);
    if (!s->decisions)
        return iso_fail(&fault->err, ISO_INTERNAL, "out of memory");
    s->approver.decisions = s->decisions;
    for (struct json_walk w = json_walk(decide); json_next(&w, &key, &value);)
        if (take_spec_decision(&s->decisions[s->approver.count++], key, value, fault) < 0)
            return -1;
    return 0;
}

static int check_record(const struct spec_members *m, const struct recorded_how *how,
                        struct spec_fault *fault)
{
    if (!m->replay.at && (m->replayChanged.at || m->onMiss.at || m->decide.at))
        return wrong_member(fault,
                            m->decide.at   ? "decide"
                            : m->onMiss.at ? "onMiss"
                                           : "replayChanged",
                            "needs replay");
    if (m->replay.at && (m->seed.at || m->now.at || m->tz.at || m->store.at))
        return wrong_member(fault, "replay", "has seed, now, tz and store: leave them out");
    if (how->live && !how->to_memory)
        return wrong_member(fault, "onMiss", "live needs record: true, where the calls go that are made");
    if (m->decide.at && !how->live)
        return wrong_member(fault, "decide", "needs onMiss live: what is allowed is made");
    if (m->replay.at && how->to_memory && !how->live)
        return wrong_member(fault, "record",
                            "with replay needs onMiss live: without it there is nothing to add");
    return 0;
}

static int asks(const struct declarations *d)
{
    for (size_t i = 0; d && i < d->globals.count; i++)
        if (d->globals.stubs[i].asks)
            return 1;
    return 0;
}

static int take_recorded(struct run_spec *s, const struct spec_members *m, const struct spec_base *base,
                         const struct recorded_how *how, struct spec_fault *fault)
{
    const struct declarations *d = s->own_globals ? &s->declared : base->shared;
    struct record_subject subject = {
        .sources = &s->source,
        .count = s->no_source ? 0 : 1,
        .globals = d ? &d->globals : NULL,
        .imports = d ? &d->imports : NULL,
        .call = s->call,
        .args = s->args,
        .flags = base->flags & (JOB_ALLOW_EVAL | JOB_SKIP_UNSERIALIZABLE),
        .snapshot_fd = base->snapshot_fd,
    };

    if (s->approver.what == APPROVE_PAUSE && !how->to_memory && !recorded_is_apart(how) && asks(d))
        return wrong_member(fault, NULL,
                            "approval that pauses a run needs record: true, which the run goes on from");
    if (m->decide.at && take_decisions(s, m->decide, fault) < 0)
        return -1;
    fault->member = m->replay.at ? "replay" : "record";
    return recorded_open(&s->recorded, how, &subject, base->v8, &fault->err);
}

int spec_read(struct run_spec *s, const struct spec_members *m, const struct spec_base *base,
              const char *name, const char *text, struct spec_fault *fault)
{
    struct recorded_how how = {.to_memory = is_true(m->record),
                               .items = m->replay,
                               .changed = is_true(m->replayChanged),
                               .ways = &s->ways,
                               .store = m->store,
                               .approver = &s->approver};

    *s = (struct run_spec){.limits = base->limits};
    if (base->ways)
        s->ways = *base->ways;
    if (base->approver)
        s->approver = *base->approver;
    fault->member = NULL;
    if (check_whole(m, base, fault) < 0 || take_source(s, m, base, fault) < 0 ||
        take_spec_call(s, m, base, fault) < 0 || take_ways(s, m, fault) < 0 ||
        take_on_miss(&how, m->onMiss, fault) < 0 || check_record(m, &how, fault) < 0)
        return -1;
    fault->member = "store";
    if (m->store.at && store_take(m->store, &s->store, &fault->err) < 0)
        return -1;
    fault->member = "limits";
    if (m->limits.at &&
        (limits_from_json(&s->limits, "limits", m->limits.at, m->limits.len, NULL, &fault->err) < 0 ||
         (base->most && limits_within(&s->limits, base->most, &fault->err) < 0)))
        return -1;
    how.limits = s->limits;
    if (address_space_check(ROOM_FOR_RUN, s->limits.value[LIMIT_MEMORY], &fault->err) < 0)
        return -1;
    if (m->globals.at && take_globals(s, m->globals, base, recorded_is_apart(&how), name, text, fault) < 0)
        return -1;
    return take_recorded(s, m, base, &how, fault);
}

void spec_request(const struct run_spec *s, const struct declarations *shared, struct run_request *q)
{
    const struct declarations *d = s->own_globals ? &s->declared : shared;

    q->limits = s->limits;
    q->ways = &s->ways;
    q->store = s->store.len ? &s->store : NULL;
    q->sources = &s->source;
    q->count = s->no_source ? 0 : 1;
    q->globals = d ? &d->globals : NULL;
    q->imports = d ? &d->imports : NULL;
    q->call = s->call;
    q->args = s->args;
    q->approver = &s->approver;
    recorded_request(&s->recorded, q);
}

void spec_free(struct run_spec *s)
{
    source_free(&s->source);
    declarations_free(&s->declared);
    free(s->call);
    free(s->args);
    free(s->zone);
    recorded_free(&s->recorded);
    for (size_t i = 0; s->decisions && i < s->approver.count; i++)
        free((char *)s->decisions[i].reason);
    free(s->decisions);
    buf_free(&s->store);
    *s = (struct run_spec){0};
}
