/* SPDX-License-Identifier: MIT */
#include "host/declared/kept.h"

#include <stdint.h>

#include "core/json.h"
#include "host/declared/globals.h"

int kept_find(struct json value, struct json texts, struct json *out)
{
    struct json_walk w = json_walk(value);
    struct json at, len;
    uint64_t start, bytes;

    if (!texts.at || json_kind(value) != JSON_ARRAY || !json_next(&w, NULL, &at) ||
        !json_next(&w, NULL, &len) || json_next(&w, NULL, &(struct json){0}) ||
        json_whole_number(at, texts.len, &start) < 0 || json_whole_number(len, texts.len - start, &bytes) < 0)
        return -1;
    *out = (struct json){texts.at + start, (size_t)bytes};
    return 0;
}

static int put_all(struct json definitions, struct json from, int depth, struct buf *out, struct buf *to);

/* One description or schema. */
static int put_text(struct json value, struct json from, struct buf *out, struct buf *to)
{
    if (out->failed)
        return -1;
    if (json_kind(value) == JSON_ARRAY &&
        (kept_find(value, from, &value) < 0 || json_check(value.at, value.len, NULL, NULL) < 0))
        return -1;
    if (!to) {
        buf_add(out, value.at, value.len);
        return 0;
    }
    buf_printf(out, "[%zu,%zu]", to->len, value.len);
    buf_add(to, value.at, value.len);
    return 0;
}

static int put_definition(struct json definition, struct json from, int depth, struct buf *out,
                          struct buf *to)
{
    struct json key, value;
    const char *before = "{";

    for (struct json_walk w = json_walk(definition); json_next(&w, &key, &value); before = ",") {
        int option = stub_find_option(key), rc = 0;

        buf_str(out, before);
        buf_add(out, key.at, key.len);
        buf_byte(out, ':');
        if (option >= 0 && KEPT_APART & 1u << option) {
            rc = put_text(value, from, out, to);
        } else if (json_is(key, stub_members.key)) {
            buf_byte(out, '{');
            rc = put_all(value, from, depth + 1, out, to);
            buf_byte(out, '}');
        } else {
            buf_add(out, value.at, value.len);
        }
        if (rc < 0)
            return -1;
    }
    buf_str(out, *before == '{' ? "{}" : "}");
    return 0;
}

static int put_all(struct json definitions, struct json from, int depth, struct buf *out, struct buf *to)
{
    struct json name, definition;
    const char *before = "";

    if (depth > GLOBALS_MOST_DEPTH)
        return -1;
    for (struct json_walk w = json_walk(definitions); json_next(&w, &name, &definition); before = ",") {
        buf_str(out, before);
        buf_add(out, name.at, name.len);
        buf_byte(out, ':');
        if (put_definition(definition, from, depth, out, to) < 0)
            return -1;
    }
    return 0;
}

int kept_put(struct json definitions, struct json from, struct buf *out, struct buf *to)
{
    return put_all(definitions, from, 0, out, to);
}
