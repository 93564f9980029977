/* SPDX-License-Identifier: MIT */
#include "host/declared/stubs.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/json_names.h"
#include "core/nearest.h"
#include "host/declared/answers.h"
#include "host/declared/kept.h"
#include "host/declared/stub_values.h"
#include "host/schema/schema.h"

static const struct {
    const char *key;
    int (*check)(struct json v, const char *key, const struct stub_place *place, struct iso_err *err);
} options[STUB_OPTION_COUNT] = {
#define X(id, key, type) [STUB_OPTION_##id] = {key, stub_check_##type},
    ISO_STUB_OPTIONS(X)
#undef X
};

int stub_fail(const struct stub_place *place, const char *at, struct iso_err *err, const char *fmt, ...)
{
    AUTO_BUF struct buf path = {0};
    size_t line, column;
    char what[300];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(what, sizeof what, fmt, ap);
    va_end(ap);
    json_place(place->text, at, &line, &column);
    if (place->path) {
        buf_byte(&path, '\'');
        json_string_to_text(&path, place->path, strlen(place->path));
        buf_str(&path, "' ");
    }
    iso_fail(err, ISO_USAGE, "%.150s:%zu:%zu: %.*s%s", place->file, line, column,
             (int)(path.len < 100 ? path.len : 100), path.len ? path.data : "", what);
    err->line = line;
    err->column = column;
    if (path.len > 3) /* without the quotes and the blank */
        snprintf(err->path, sizeof err->path, "%.*s", (int)(path.len - 3), path.data + 1);
    return -1;
}

int stub_refuse_repeats(const struct stub_place *place, struct json object, const char *verb,
                        struct iso_err *err)
{
    struct json_names names = {0};
    struct json again;

    if (json_names_sort(&names, object) < 0)
        return iso_fail(err, ISO_INTERNAL, "out of memory");
    again = json_names_repeated(&names);
    json_names_free(&names);
    return again.at ? stub_fail(place, again.at, err, "%s %.*s twice", verb,
                                (int)(again.len < 80 ? again.len : 80), again.at)
                    : 0;
}

static int unknown_key(struct json key, const struct stub_place *place, struct iso_err *err)
{
    struct nearest n = nearest_start(key.at + 1, key.len - 2);
    const char *best = NULL;

    for (const struct stub_kind *const *k = stub_kinds; *k; k++)
        if (nearest_offer(&n, (*k)->key, strlen((*k)->key)))
            best = (*k)->key;
    for (int i = 0; i < STUB_OPTION_COUNT; i++)
        if (nearest_offer(&n, options[i].key, strlen(options[i].key)))
            best = options[i].key;
    return stub_fail(place, key.at, err, "unknown key %.*s%s%s%s", (int)(key.len < 80 ? key.len : 80), key.at,
                     best ? " (did you mean \"" : "", best ? best : "", best ? "\"?)" : "");
}

static int no_kind(struct json definition, const struct stub_place *place, struct iso_err *err)
{
    AUTO_BUF struct buf list = {0};

    for (const struct stub_kind *const *k = stub_kinds; *k; k++)
        buf_printf(&list, "%s%s", k == stub_kinds ? "" : k[1] ? ", " : " or ", (*k)->key);
    return stub_fail(place, definition.at, err, "does not say what it is: give it %.*s", (int)list.len,
                     list.len ? list.data : "");
}

static const struct stub_kind *find_kind(struct json key)
{
    for (const struct stub_kind *const *k = stub_kinds; *k; k++)
        if (json_is(key, (*k)->key))
            return *k;
    return NULL;
}

int stub_find_option(struct json key)
{
    for (int i = 0; i < STUB_OPTION_COUNT; i++)
        if (json_is(key, options[i].key))
            return i;
    return -1;
}

/* Finds kind and options in the definition; the values are checked when the kind is known. */
static int take_keys(struct stub *s, struct json definition, const struct stub_place *place,
                     struct iso_err *err)
{
    struct json key, value;

    for (struct json_walk w = json_walk(definition); json_next(&w, &key, &value);) {
        const struct stub_kind *kind = find_kind(key);
        int option = stub_find_option(key);

        if (kind && kind == s->kind)
            return stub_fail(place, key.at, err, "has %s twice", kind->key);
        if (kind && s->kind)
            return stub_fail(place, key.at, err, "is both %s and %s: a definition is one of them",
                             s->kind->key, kind->key);
        if (!kind && option < 0)
            return unknown_key(key, place, err);
        if (kind) {
            s->kind = kind;
            s->main = value;
        } else if (s->options[option].at) {
            return stub_fail(place, key.at, err, "has %s twice", options[option].key);
        } else {
            s->options[option] = value;
        }
    }
    return s->kind ? 0 : no_kind(definition, place, err);
}

static void take_number(uint64_t *to, struct json v)
{
    if (v.at)
        (void)json_whole_number(v, UINT32_MAX, to); /* checked before */
}

void stub_parts_free(struct stub_parts *all)
{
    for (struct stub_parts *p = all, *next; p; p = next) {
        next = p->next;
        free(p->path);
        schema_free(p->parameters.compiled);
        answers_free(p->answers);
        if (p->prepared.data)
            explicit_bzero(p->prepared.data, p->prepared.size);
        buf_free(&p->prepared);
        free(p);
    }
}

/* Compiles schemas and answers of the definition once, so that calls need not. */
static int compile_parts(struct stub *s, struct stub_parts *parts, struct iso_err *err)
{
    if (s->kind->compile && s->kind->compile(s, parts) < 0)
        return iso_fail(err, ISO_INTERNAL, "out of memory");
    s->parts = parts;
    s->parameters = parts->parameters.text.at ? &parts->parameters : NULL;
    s->answers = parts->answers;
    return 0;
}

static int check_parameters(struct stub_parts *parts, struct json v, const struct stub_place *place,
                            struct iso_err *err)
{
    struct schema *compiled = NULL;
    int rc =
        place->kept ? 0 : stub_compile_schema(v, options[STUB_OPTION_PARAMETERS].key, place, &compiled, err);

    parts->parameters.text = v;
    parts->parameters.compiled = compiled;
    return rc;
}

/* Schemas of definitions in a snapshot are compiled, and texts that stand apart are checked, when they are used. */
static int check_option(struct stub *s, struct stub_parts *parts, int option, const struct stub_place *place,
                        struct iso_err *err)
{
    struct json v = s->options[option];

    if (place->apart.at && KEPT_APART & 1u << option && json_kind(v) == JSON_ARRAY) {
        if (kept_find(v, place->apart, &s->options[option]) < 0)
            return stub_fail(place, v.at, err, "%s is no place in the texts of the snapshot",
                             options[option].key);
        s->apart |= 1u << option;
        if (option == STUB_OPTION_PARAMETERS)
            parts->parameters = (struct late_schema){.text = s->options[option], .apart = 1};
        return 0;
    }
    if (option == STUB_OPTION_PARAMETERS)
        return check_parameters(parts, v, place, err);
    return option == STUB_OPTION_RESULT && place->kept
               ? 0
               : options[option].check(v, options[option].key, place, err);
}

static int is_text_for(enum stub_option option, struct json v)
{
    enum json_kind kind;

    if (json_check(v.at, v.len, &kind, NULL) < 0 || json_whole(v.at, v.len).len != v.len)
        return 0;
    return option == STUB_OPTION_DESCRIPTION ? kind == JSON_STRING : kind == JSON_OBJECT || kind == JSON_BOOL;
}

struct json stub_option(const struct stub *s, enum stub_option option)
{
    struct json v = s->options[option];

    if (!v.at || !(s->apart & 1u << option) || s->parts->checked & 1u << option)
        return v;
    if (!is_text_for(option, v))
        return (struct json){0};
    s->parts->checked |= 1u << option;
    return v;
}

const struct schema *stub_schema(const struct late_schema *late)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    struct schema *compiled = late->compiled;
    struct iso_err ignored;

    if (compiled)
        return compiled;
    pthread_mutex_lock(&lock);
    compiled = late->compiled;
    if (!compiled && (!late->apart || is_text_for(STUB_OPTION_PARAMETERS, late->text)) &&
        schema_compile(late->text, "parameters", &compiled, &ignored) == 0)
        ((struct late_schema *)late)->compiled = compiled; /* only this function writes it */
    pthread_mutex_unlock(&lock);
    return compiled;
}

int stub_parse(struct stub *s, struct stub_parts *parts, struct json definition,
               const struct stub_place *place, struct iso_err *err)
{
    if (json_kind(definition) != JSON_OBJECT)
        return stub_fail(place, definition.at, err,
                         "is no definition: write an object such as {\"value\": 1} or {\"returns\": []}");
    if (take_keys(s, definition, place, err) < 0 || s->kind->check(s->main, s->kind->key, place, err) < 0)
        return -1;
    for (int i = 0; i < STUB_OPTION_COUNT; i++) {
        if (!s->options[i].at)
            continue;
        if (!(s->kind->options & 1u << i))
            return stub_fail(place, s->options[i].at, err, "has %s, which does not go with %s",
                             options[i].key, s->kind->key);
        if (check_option(s, parts, i, place, err) < 0)
            return -1;
    }
    s->asks = s->options[STUB_OPTION_APPROVAL].at != NULL;
    take_number(&s->max_calls, s->options[STUB_OPTION_MAX_CALLS]);
    take_number(&s->timeout_ms, s->options[STUB_OPTION_TIMEOUT]);
    take_number(&s->delay_ms, s->options[STUB_OPTION_DELAY]);
    return compile_parts(s, parts, err);
}
