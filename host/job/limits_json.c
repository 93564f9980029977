/* SPDX-License-Identifier: MIT */
#include "host/job/limits_json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/file.h"
#include "core/json_walk.h"
#include "core/nearest.h"

/* Many times the length of all limits. */
#define LIMITS_MOST_BYTES (16u << 10)

static size_t line_of(const char *text, const char *at)
{
    size_t line = 1;

    for (; text < at; text++)
        line += *text == '\n';
    return line;
}

static int unknown_limit(const char *where, const char *name, size_t len, struct iso_err *err)
{
    struct nearest nearest = nearest_start(name, len);
    AUTO_BUF struct buf all = {0};
    const char *best = NULL;

    for (int i = 0; i < LIMIT_COUNT; i++)
        if (nearest_offer(&nearest, limit_rows[i].json, strlen(limit_rows[i].json)) ||
            nearest_offer(&nearest, limit_rows[i].flag, strlen(limit_rows[i].flag))) /* as options spell it */
            best = limit_rows[i].json;
    if (best)
        return iso_fail(err, ISO_USAGE, "%s: unknown limit '%.*s' (did you mean '%s'?)", where,
                        (int)(len < 100 ? len : 100), len ? name : "", best);
    for (int i = 0; i < LIMIT_COUNT; i++)
        buf_printf(&all, "%s%s", i ? ", " : "", limit_rows[i].json);
    buf_byte(&all, 0);
    return iso_fail(err, ISO_USAGE, "%s: unknown limit '%.*s': there are %s", where,
                    (int)(len < 100 ? len : 100), len ? name : "", all.failed ? "" : all.data);
}

/* The limit of this name, or -1 with the error set. */
static int limit_named(struct json literal, const char *where, struct iso_err *err)
{
    struct buf name = {0};

    for (int i = 0; i < LIMIT_COUNT; i++)
        if (json_is(literal, limit_rows[i].json))
            return i;
    json_string_to_text(&name, literal.at, literal.len);
    unknown_limit(where, name.data, name.len, err);
    buf_free(&name);
    return -1;
}

static int set_all(struct limits *l, const char *where, struct json object, uint64_t *given,
                   struct iso_err *err)
{
    uint64_t seen = 0;
    struct json key, value;
    char name[160];

    for (struct json_walk w = json_walk(object); json_next(&w, &key, &value);) {
        int id = limit_named(key, where, err);

        if (id < 0)
            return -1;
        if (seen & 1ull << id)
            return iso_fail(err, ISO_USAGE, "%s: '%s' stands twice", where, limit_rows[id].json);
        seen |= 1ull << id;
        snprintf(name, sizeof name, "%.60s: %s", where, limit_rows[id].json);
        if (json_kind(value) != JSON_NUMBER)
            return iso_fail(err, ISO_USAGE, "%s takes a whole number", name);
        if (limit_set_number(l, (enum limit_id)id, json_number(value), name, err) < 0) {
            snprintf(err->path, sizeof err->path, "%s", limit_rows[id].json);
            return -1;
        }
    }
    if (given)
        *given |= seen;
    return 0;
}

static int check(const char *where, const char *text, size_t len, struct iso_err *err)
{
    enum json_kind kind;
    size_t at;

    if (len > LIMITS_MOST_BYTES)
        return iso_fail(err, ISO_USAGE, "%.200s: limits take at most %u bytes of JSON, not %zu", where,
                        LIMITS_MOST_BYTES, len);
    if (json_check(text, len, &kind, &at) < 0)
        return iso_fail(err, ISO_USAGE, "%.200s: not JSON, see line %zu", where, line_of(text, text + at));
    if (kind != JSON_OBJECT)
        return iso_fail(err, ISO_USAGE, "%.200s: limits are a JSON object such as {\"cpuTimeMs\": 1000}",
                        where);
    return 0;
}

int limits_from_json(struct limits *l, const char *where, const char *text, size_t len, uint64_t *given,
                     struct iso_err *err)
{
    if (check(where, text, len, err) < 0)
        return -1;
    return set_all(l, where, json_whole(text, len), given, err);
}

int limits_within(const struct limits *l, const struct limits *most, struct iso_err *err)
{
    for (int id = 0; id < LIMIT_COUNT; id++) {
        uint64_t value = l->value[id], bound = most->value[id];

        if (bound == 0 || (value != 0 && value <= bound))
            continue;
        snprintf(err->path, sizeof err->path, "%s", limit_rows[id].json);
        return iso_fail(err, ISO_USAGE, "limits: %s is %" PRIu64 "%s, and the command line allows %" PRIu64,
                        limit_rows[id].json, value, value ? "" : " (no limit)", bound);
    }
    return 0;
}
