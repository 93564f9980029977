/* SPDX-License-Identifier: MIT */
#include "host/job/limits_json.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/json.h"
#include "core/nearest.h"

/* Many times the length of all limits. The bound is low because a parsed tree is far larger than its text. */
#define LIMITS_MOST_BYTES (16u << 10)

static void free_json(cJSON **json)
{
    cJSON_Delete(*json);
}

static size_t line_of(const char *text, const char *at)
{
    size_t line = 1;

    for (; text < at; text++)
        line += *text == '\n';
    return line;
}

static int unknown_limit(const char *where, const char *name, struct iso_err *err)
{
    struct nearest nearest = nearest_start(name, strlen(name));
    const char *best = NULL;

    for (int i = 0; i < LIMIT_COUNT; i++)
        if (nearest_offer(&nearest, limit_rows[i].json, strlen(limit_rows[i].json)) ||
            nearest_offer(&nearest, limit_rows[i].flag, strlen(limit_rows[i].flag))) /* as options spell it */
            best = limit_rows[i].json;
    return iso_fail(err, ISO_USAGE, "%s: unknown limit '%.100s'%s%s%s", where, name,
                    best ? " (did you mean '" : "", best ? best : "", best ? "'?)" : "");
}

static int set_all(struct limits *l, const char *where, const cJSON *object, uint64_t *given,
                   struct iso_err *err)
{
    const cJSON *one;
    char name[160];

    cJSON_ArrayForEach(one, object)
    {
        int id = limit_by_json_name(one->string);

        if (id < 0)
            return unknown_limit(where, one->string, err);
        if (cJSON_GetObjectItemCaseSensitive(object, one->string) != one)
            return iso_fail(err, ISO_USAGE, "%s: '%.100s' stands twice", where, one->string);
        snprintf(name, sizeof name, "%.60s: %s", where, one->string);
        if (!cJSON_IsNumber(one))
            return iso_fail(err, ISO_USAGE, "%s takes a whole number", name);
        if (limit_set_number(l, (enum limit_id)id, one->valuedouble, name, err) < 0) {
            snprintf(err->path, sizeof err->path, "%s", limit_rows[id].json);
            return -1;
        }
        if (given)
            *given |= 1ull << id;
    }
    return 0;
}

/* Checks strictly before cJSON parses: cJSON accepts more than JSON (leading zeros, text after the value). */
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
    __attribute__((cleanup(free_json))) cJSON *json = NULL;

    if (check(where, text, len, err) < 0)
        return -1;
    json = cJSON_ParseWithLength(text, len);
    if (!json) /* nested too deep for cJSON */
        return iso_fail(err, ISO_USAGE, "%.200s: not a list of limits", where);
    return set_all(l, where, json, given, err);
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
