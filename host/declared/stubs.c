/* SPDX-License-Identifier: MIT */
#include "host/declared/stubs.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/file.h"
#include "core/json_names.h"
#include "core/limits.h"
#include "core/nearest.h"
#include "host/schema/schema.h"
#include "rules/rules.h"

enum value_type {
    TYPE_ANY,
    TYPE_TEXT,
    TYPE_BOOL,
    TYPE_OBJECT,
    TYPE_LIST,
    TYPE_COUNT,
    TYPE_MS,
    TYPE_SCHEMA,
    TYPE_ARGV,
    TYPE_ENVIRONMENT,
    TYPE_RULES,
    TYPE_ERROR,
    TYPE_ANSWER
};

static const struct {
    const char *key;
    enum stub_group group;
    enum value_type type;
} kinds[STUB_KIND_COUNT] = {
#define X(id, key, group, type) [STUB_##id] = {key, STUB_##group, TYPE_##type},
    ISO_STUB_KINDS(X)
#undef X
};

static const struct {
    const char *key;
    int groups;
    enum value_type type;
} options[STUB_OPTION_COUNT] = {
#define X(id, key, groups, type) [STUB_OPTION_##id] = {key, groups, TYPE_##type},
    ISO_STUB_OPTIONS(X)
#undef X
};

const char *stub_kind_key(enum stub_kind kind)
{
    return kinds[kind].key;
}

enum stub_group stub_group(enum stub_kind kind)
{
    return kinds[kind].group;
}

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
    return iso_fail(err, ISO_USAGE, "%.150s:%zu:%zu: %.*s%s", place->file, line, column,
                    (int)(path.len < 100 ? path.len : 100), path.len ? path.data : "", what);
}

/* ---- values of keys */

static int is_kind(struct json v, enum json_kind kind)
{
    return json_kind(v) == kind;
}

static int has_nul(struct json literal)
{
    for (size_t i = 0; i + 6 <= literal.len; i++) {
        if (literal.at[i] != '\\')
            continue;
        if (memcmp(literal.at + i, "\\u0000", 6) == 0)
            return 1;
        i++; /* what is escaped may be a backslash itself */
    }
    return 0;
}

static int check_argv(struct json v, const char *key, const struct stub_place *place, struct iso_err *err)
{
    struct json item;
    size_t count = 0;

    if (!is_kind(v, JSON_ARRAY))
        return stub_fail(place, v.at, err, "%s is an array: the program and its arguments, no shell", key);
    for (struct json_walk w = json_walk(v); json_next(&w, NULL, &item); count++)
        if (!is_kind(item, JSON_STRING) || has_nul(item) || (count == 0 && item.len == 2))
            return stub_fail(place, item.at, err, "%s holds texts: the program and its arguments", key);
    return count ? 0 : stub_fail(place, v.at, err, "%s names no program", key);
}

static int refuse_repeated(struct json object, const char *key, const struct stub_place *place,
                           struct iso_err *err)
{
    struct json_names names = {0};
    struct json again;

    if (json_names_sort(&names, object) < 0)
        return iso_fail(err, ISO_INTERNAL, "out of memory");
    again = json_names_repeated(&names);
    json_names_free(&names);
    return again.at ? stub_fail(place, again.at, err, "%s has %.*s twice", key,
                                (int)(again.len < 80 ? again.len : 80), again.at)
                    : 0;
}

static int check_variable(struct json name, struct json value, const struct stub_place *place,
                          struct iso_err *err)
{
    struct json from = json_member(value, "fromEnv");

    if (name.len == 2 || has_nul(name) || memchr(name.at, '=', name.len))
        return stub_fail(place, name.at, err, "env has a name that no variable can have");
    if (is_kind(value, JSON_STRING) && !has_nul(value))
        return 0;
    if (!from.at || json_count(value) != 1 || !is_kind(from, JSON_STRING) || has_nul(from) || from.len == 2)
        return stub_fail(place, value.at, err, "env takes a text or {\"fromEnv\": \"NAME\"}");
    return 0;
}

static int check_environment(struct json v, const struct stub_place *place, struct iso_err *err)
{
    struct json name, value;

    if (!is_kind(v, JSON_OBJECT))
        return stub_fail(place, v.at, err, "env is an object such as {\"NAME\": \"text\"}");
    if (refuse_repeated(v, "env", place, err) < 0)
        return -1;
    for (struct json_walk w = json_walk(v); json_next(&w, &name, &value);)
        if (check_variable(name, value, place, err) < 0)
            return -1;
    return 0;
}

static int check_error(struct json v, const struct stub_place *place, struct iso_err *err)
{
    struct json name = json_member(v, "name"), message = json_member(v, "message");

    if (!is_kind(v, JSON_OBJECT) || (name.at && !is_kind(name, JSON_STRING)) || !message.at ||
        !is_kind(message, JSON_STRING))
        return stub_fail(place, v.at, err,
                         "throws is an object such as {\"name\": \"TypeError\", \"message\": \"why\"}");
    return 0;
}

/* An object with `returns` or `throws`, and with args when it is one of the cases. */
static int check_answer(struct json v, int is_case, const struct stub_place *place, struct iso_err *err)
{
    struct json key, value;
    int answers = 0, args = 0;

    if (!is_kind(v, JSON_OBJECT))
        return stub_fail(place, v.at, err, "an answer is an object with returns or throws");
    for (struct json_walk w = json_walk(v); json_next(&w, &key, &value);) {
        if (json_is(key, "returns")) {
            answers++;
        } else if (json_is(key, "throws")) {
            answers++;
            if (check_error(value, place, err) < 0)
                return -1;
        } else if (is_case && json_is(key, "args")) {
            args++;
            if (!is_kind(value, JSON_ARRAY))
                return stub_fail(place, value.at, err,
                                 "args is the array of arguments that this case is for");
        } else {
            return stub_fail(place, key.at, err, "unknown key %.*s", (int)(key.len < 80 ? key.len : 80),
                             key.at);
        }
    }
    if (answers != 1)
        return stub_fail(place, v.at, err, "an answer takes one of returns and throws");
    return args == is_case ? 0 : stub_fail(place, v.at, err, "a case needs its args once");
}

static int check_list(struct json v, const char *key, const struct stub_place *place, struct iso_err *err)
{
    int cases = strcmp(key, "cases") == 0;
    struct json item;

    if (!is_kind(v, JSON_ARRAY))
        return stub_fail(place, v.at, err, "%s is an array of answers", key);
    for (struct json_walk w = json_walk(v); json_next(&w, NULL, &item);)
        if (check_answer(item, cases, place, err) < 0)
            return -1;
    return 0;
}

static int check_count(struct json v, const char *key, uint64_t most, const struct stub_place *place,
                       struct iso_err *err)
{
    uint64_t n;

    if (json_whole_number(v, most, &n) < 0 || n == 0)
        return stub_fail(place, v.at, err, "%s takes a whole number from 1 to %" PRIu64, key, most);
    return 0;
}

static int check_schema(struct json v, const char *key, const struct stub_place *place, struct iso_err *err)
{
    struct iso_err why;

    if (!is_kind(v, JSON_OBJECT) && !is_kind(v, JSON_BOOL))
        return stub_fail(place, v.at, err, "%s is a JSON Schema", key);
    return schema_valid(v, key, &why) < 0 ? stub_fail(place, v.at, err, "%s", why.msg) : 0;
}

static int check_rules(struct json v, const struct stub_place *place, struct iso_err *err)
{
    struct fetch_rules rules;
    struct fetch_fault fault;
    int rc = fetch_rules_read(&rules, v, 0, &fault);

    fetch_rules_free(&rules);
    return rc < 0 ? stub_fail(place, fault.at, err, "%s", fault.what) : 0;
}

static int check_value(enum value_type type, const char *key, struct json v, const struct stub_place *place,
                       struct iso_err *err)
{
    switch (type) {
    case TYPE_ANY:
        return 0;
    case TYPE_TEXT:
        return is_kind(v, JSON_STRING) ? 0 : stub_fail(place, v.at, err, "%s is a text", key);
    case TYPE_BOOL:
        return is_kind(v, JSON_BOOL) ? 0 : stub_fail(place, v.at, err, "%s is true or false", key);
    case TYPE_OBJECT:
        return is_kind(v, JSON_OBJECT) ? 0
                                       : stub_fail(place, v.at, err, "%s is an object of definitions", key);
    case TYPE_LIST:
        return check_list(v, key, place, err);
    case TYPE_COUNT:
        return check_count(v, key, 1000000000, place, err);
    case TYPE_MS:
        return check_count(v, key, ISO_MAX_MS, place, err);
    case TYPE_SCHEMA:
        return check_schema(v, key, place, err);
    case TYPE_ARGV:
        return check_argv(v, key, place, err);
    case TYPE_ENVIRONMENT:
        return check_environment(v, place, err);
    case TYPE_RULES:
        return check_rules(v, place, err);
    case TYPE_ERROR:
        return check_error(v, place, err);
    case TYPE_ANSWER:
        return check_answer(v, 0, place, err);
    }
    return -1;
}

/* ---- the definition */

static int unknown_key(struct json key, const struct stub_place *place, struct iso_err *err)
{
    struct nearest n = nearest_start(key.at + 1, key.len - 2);
    const char *best = NULL;

    for (int i = 0; i < STUB_KIND_COUNT; i++)
        if (nearest_offer(&n, kinds[i].key, strlen(kinds[i].key)))
            best = kinds[i].key;
    for (int i = 0; i < STUB_OPTION_COUNT; i++)
        if (nearest_offer(&n, options[i].key, strlen(options[i].key)))
            best = options[i].key;
    return stub_fail(place, key.at, err, "unknown key %.*s%s%s%s", (int)(key.len < 80 ? key.len : 80), key.at,
                     best ? " (did you mean \"" : "", best ? best : "", best ? "\"?)" : "");
}

static int find_kind(struct json key)
{
    for (int i = 0; i < STUB_KIND_COUNT; i++)
        if (json_is(key, kinds[i].key))
            return i;
    return -1;
}

static int find_option(struct json key)
{
    for (int i = 0; i < STUB_OPTION_COUNT; i++)
        if (json_is(key, options[i].key))
            return i;
    return -1;
}

/* Takes the definition apart; what the parts are worth is looked at when the kind is known. */
static int take_keys(struct stub *s, struct json definition, const struct stub_place *place,
                     struct iso_err *err)
{
    struct json key, value;
    int kind;

    for (struct json_walk w = json_walk(definition); json_next(&w, &key, &value);) {
        int option = find_option(key);

        kind = find_kind(key);
        if (kind >= 0 && s->main.at && kind == (int)s->kind)
            return stub_fail(place, key.at, err, "has %s twice", kinds[kind].key);
        if (kind >= 0 && s->main.at)
            return stub_fail(place, key.at, err, "is both %s and %s: a definition is one of them",
                             kinds[s->kind].key, kinds[kind].key);
        if (kind < 0 && option < 0)
            return unknown_key(key, place, err);
        if (kind >= 0) {
            s->kind = (enum stub_kind)kind;
            s->main = value;
        } else if (s->options[option].at) {
            return stub_fail(place, key.at, err, "has %s twice", options[option].key);
        } else {
            s->options[option] = value;
        }
    }
    return s->main.at ? 0
                      : stub_fail(place, definition.at, err,
                                  "does not say what it is: give it value, expression, members, returns, "
                                  "throws, cases, sequence, command, service or fetch");
}

static int fits(const struct stub *s, int option)
{
    if (option == STUB_OPTION_OTHERWISE)
        return s->kind == STUB_CASES;
    if (option == STUB_OPTION_METHOD || option == STUB_OPTION_SHARED)
        return s->kind == STUB_SERVICE;
    return (options[option].groups & (int)kinds[s->kind].group) != 0;
}

static void take_number(uint64_t *to, struct json v)
{
    if (v.at)
        (void)json_whole_number(v, UINT32_MAX, to); /* checked before */
}

int stub_parse(struct stub *s, struct json definition, const struct stub_place *place, struct iso_err *err)
{
    if (!is_kind(definition, JSON_OBJECT))
        return stub_fail(place, definition.at, err,
                         "is no definition: write an object such as {\"value\": 1} or {\"returns\": []}");
    if (take_keys(s, definition, place, err) < 0 ||
        check_value(kinds[s->kind].type, kinds[s->kind].key, s->main, place, err) < 0)
        return -1;
    for (int i = 0; i < STUB_OPTION_COUNT; i++) {
        if (!s->options[i].at)
            continue;
        if (!fits(s, i))
            return stub_fail(place, s->options[i].at, err, "has %s, which does not go with %s",
                             options[i].key, kinds[s->kind].key);
        if (check_value(options[i].type, options[i].key, s->options[i], place, err) < 0)
            return -1;
    }
    take_number(&s->max_calls, s->options[STUB_OPTION_MAX_CALLS]);
    take_number(&s->timeout_ms, s->options[STUB_OPTION_TIMEOUT]);
    take_number(&s->delay_ms, s->options[STUB_OPTION_DELAY]);
    return 0;
}

struct stub_answer stub_answer(struct json object)
{
    struct json throws = json_member(object, "throws");

    return throws.at ? (struct stub_answer){1, throws}
                     : (struct stub_answer){0, json_member(object, "returns")};
}
