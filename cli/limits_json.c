/* SPDX-License-Identifier: MIT */
#include "cli/limits_json.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#include "core/file.h"

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

static int set_all(struct limits *l, const char *where, const cJSON *object, struct iso_err *err)
{
    const cJSON *one;
    char name[160];

    cJSON_ArrayForEach(one, object)
    {
        int id = limit_by_json_name(one->string);

        if (id < 0)
            return iso_fail(err, ISO_USAGE, "%s: unknown limit '%.100s'", where, one->string);
        if (cJSON_GetObjectItemCaseSensitive(object, one->string) != one)
            return iso_fail(err, ISO_USAGE, "%s: '%.100s' stands twice", where, one->string);
        snprintf(name, sizeof name, "%.60s: %s", where, one->string);
        if (!cJSON_IsNumber(one))
            return iso_fail(err, ISO_USAGE, "%s takes a whole number", name);
        if (limit_set_number(l, (enum limit_id)id, one->valuedouble, name, err) < 0)
            return -1;
    }
    return 0;
}

int limits_from_json(struct limits *l, const char *what, struct iso_err *err)
{
    int inline_text = what[strspn(what, " \t\r\n")] == '{';
    const char *where = inline_text ? "--limits" : what, *end = NULL;
    AUTO_BUF struct buf text = {0};
    __attribute__((cleanup(free_json))) cJSON *json = NULL;

    if (inline_text)
        buf_str(&text, what);
    else if (file_read(what, 1 << 20, &text, err) < 0)
        return -1;
    buf_byte(&text, 0);
    if (text.failed)
        return iso_fail(err, ISO_INTERNAL, "out of memory");
    json = cJSON_ParseWithLengthOpts(text.data, text.len, &end, 1);
    if (!json)
        return iso_fail(err, ISO_USAGE, "%s: not JSON, see line %zu", where,
                        line_of(text.data, end ? end : text.data));
    if (!cJSON_IsObject(json))
        return iso_fail(err, ISO_USAGE, "%s: limits are a JSON object such as {\"cpuTimeMs\": 1000}", where);
    return set_all(l, where, json, err);
}
