/* SPDX-License-Identifier: MIT */
#include "host/declared/stub_values.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/buf.h"
#include "core/limits.h"
#include "host/schema/schema.h"

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
        i++; /* skips the escaped character, which may be a backslash */
    }
    return 0;
}

STUB_CHECK(any)
{
    (void)v, (void)key, (void)place, (void)err;
    return 0;
}

STUB_CHECK(text)
{
    return is_kind(v, JSON_STRING) ? 0 : stub_fail(place, v.at, err, "%s is a text", key);
}

STUB_CHECK(bool)
{
    return is_kind(v, JSON_BOOL) ? 0 : stub_fail(place, v.at, err, "%s is true or false", key);
}

STUB_CHECK(approval)
{
    return is_kind(v, JSON_STRING) && json_is(v, "ask")
               ? 0
               : stub_fail(place, v.at, err, "%s is \"ask\": there is nothing else to say", key);
}

static int check_whole(struct json v, const char *key, uint64_t most, const struct stub_place *place,
                       struct iso_err *err)
{
    uint64_t n;

    if (json_whole_number(v, most, &n) < 0 || n == 0)
        return stub_fail(place, v.at, err, "%s takes a whole number from 1 to %" PRIu64, key, most);
    return 0;
}

STUB_CHECK(count)
{
    return check_whole(v, key, 1000000000, place, err);
}

STUB_CHECK(ms)
{
    return check_whole(v, key, ISO_MAX_MS, place, err);
}

int stub_compile_schema(struct json v, const char *key, const struct stub_place *place, struct schema **out,
                        struct iso_err *err)
{
    struct iso_err why;

    if (!is_kind(v, JSON_OBJECT) && !is_kind(v, JSON_BOOL))
        return stub_fail(place, v.at, err, "%s is a JSON Schema", key);
    if (schema_compile(v, key, out, &why) == 0)
        return 0;
    return why.code == ISO_USAGE ? stub_fail(place, v.at, err, "%s", why.msg)
                                 : iso_fail(err, why.code, "%s", why.msg);
}

STUB_CHECK(schema)
{
    struct schema *s = NULL;
    int rc = stub_compile_schema(v, key, place, &s, err);

    schema_free(s);
    return rc;
}

/* ---- programs */

STUB_CHECK(argv)
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

static int check_variable(struct json name, struct json value, const char *key,
                          const struct stub_place *place, struct iso_err *err)
{
    struct json from = json_member(value, "fromEnv");

    if (name.len == 2 || has_nul(name) || memchr(name.at, '=', name.len))
        return stub_fail(place, name.at, err, "%s has a name that no variable can have", key);
    if (is_kind(value, JSON_STRING) && !has_nul(value))
        return 0;
    if (!from.at || json_count(value) != 1 || !is_kind(from, JSON_STRING) || has_nul(from) || from.len == 2)
        return stub_fail(place, value.at, err, "%s takes a text or {\"fromEnv\": \"NAME\"}", key);
    return 0;
}

STUB_CHECK(environment)
{
    struct json name, value;
    char verb[64];

    if (!is_kind(v, JSON_OBJECT))
        return stub_fail(place, v.at, err, "%s is an object such as {\"NAME\": \"text\"}", key);
    snprintf(verb, sizeof verb, "%s has", key);
    if (stub_refuse_repeats(place, v, verb, err) < 0)
        return -1;
    for (struct json_walk w = json_walk(v); json_next(&w, &name, &value);)
        if (check_variable(name, value, key, place, err) < 0)
            return -1;
    return 0;
}

/* ---- canned answers */

STUB_CHECK(error)
{
    struct json name = json_member(v, "name"), message = json_member(v, "message");

    if (!is_kind(v, JSON_OBJECT) || (name.at && !is_kind(name, JSON_STRING)) || !message.at ||
        !is_kind(message, JSON_STRING))
        return stub_fail(place, v.at, err,
                         "%s is an object such as {\"name\": \"TypeError\", \"message\": \"why\"}", key);
    return 0;
}

/* Checks an object with `returns` or `throws`, and with args when it is one of the cases. */
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
            if (stub_check_error(value, "throws", place, err) < 0)
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

static int check_list(struct json v, const char *key, int cases, const struct stub_place *place,
                      struct iso_err *err)
{
    struct json item;

    if (!is_kind(v, JSON_ARRAY))
        return stub_fail(place, v.at, err, "%s is an array of answers", key);
    for (struct json_walk w = json_walk(v); json_next(&w, NULL, &item);)
        if (check_answer(item, cases, place, err) < 0)
            return -1;
    return 0;
}

STUB_CHECK(answer)
{
    (void)key;
    return check_answer(v, 0, place, err);
}

STUB_CHECK(answers)
{
    return check_list(v, key, 0, place, err);
}

STUB_CHECK(cases)
{
    return check_list(v, key, 1, place, err);
}

struct stub_answer stub_answer(struct json object)
{
    struct json throws = json_member(object, "throws");

    return throws.at ? (struct stub_answer){1, throws}
                     : (struct stub_answer){0, json_member(object, "returns")};
}
