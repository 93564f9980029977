/* SPDX-License-Identifier: MIT */
#include "serve/params.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int fault_set(struct fault *f, const char *path, const char *fmt, ...)
{
    char text[400];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    snprintf(f->path, sizeof f->path, "%s", path ? path : "");
    return iso_fail(&f->err, ISO_USAGE, "%s", text);
}

/* Writes the names of the types: "a string or a number". */
static void name_types(int types, char *text, size_t size)
{
    static const struct {
        int type;
        const char *name;
    } names[] = {{PARAM_STRING, "a string"},
                 {PARAM_NUMBER, "a number"},
                 {PARAM_ARRAY, "an array"},
                 {PARAM_OBJECT, "an object"}};
    size_t len = 0;

    *text = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (types & names[i].type && len < size)
            len += (size_t)snprintf(text + len, size - len, "%s%s", len ? " or " : "", names[i].name);
}

static int take_param(const struct param *row, struct json value, struct json *to, struct fault *f)
{
    char types[60];

    if (to->at)
        return fault_set(f, row->name, "%s is given twice", row->name);
    if (!(row->types & 1 << json_kind(value))) {
        name_types(row->types, types, sizeof types);
        return fault_set(f, row->name, "%s takes %s", row->name, types);
    }
    *to = value;
    return 0;
}

int params_read(const struct param *rows, size_t count, struct json params, struct json *found,
                struct fault *f)
{
    struct json key, value;

    memset(found, 0, count * sizeof *found);
    if (params.at && json_kind(params) != JSON_OBJECT)
        return fault_set(f, NULL, "params is an object");
    if (!params.at)
        params = (struct json){"{}", 2};
    for (struct json_walk w = json_walk(params); json_next(&w, &key, &value);)
        for (size_t i = 0; i < count; i++)
            if (json_is(key, rows[i].name) && take_param(&rows[i], value, &found[i], f) < 0)
                return -1;
    for (size_t i = 0; i < count; i++)
        if (rows[i].required && !found[i].at)
            return fault_set(f, rows[i].name, "%s is missing", rows[i].name);
    return 0;
}
