/* SPDX-License-Identifier: MIT */
#include "host/calls/rpc_error.h"

static void put_error_member(struct buf *out, const char *key, struct json value)
{
    if (value.at) {
        buf_printf(out, "%s\"%s\":", out->len > 1 ? "," : "", key);
        buf_add(out, value.at, value.len);
    }
}

void rpc_error_thrown(struct buf *out, struct json error)
{
    struct json data = json_member(error, "data"), message = json_member(error, "message"), key, value;
    struct json name = json_member(data, "name");

    if (json_kind(error) == JSON_STRING) /* not allowed by the standard, but its meaning is clear */
        message = error;
    buf_byte(out, '{');
    put_error_member(out, "message", message.at ? message : json_member(data, "message"));
    put_error_member(out, "code", json_member(error, "code"));
    if (name.at && json_kind(name) == JSON_STRING)
        put_error_member(out, "name", name);
    if (data.at && json_kind(data) != JSON_OBJECT)
        put_error_member(out, "data", data);
    for (struct json_walk w = json_walk(data); w.members && json_next(&w, &key, &value);) {
        if (json_is(key, "name") || json_is(key, "message"))
            continue;
        buf_str(out, out->len > 1 ? "," : "");
        buf_add(out, key.at, key.len);
        buf_byte(out, ':');
        buf_add(out, value.at, value.len);
    }
    buf_byte(out, '}');
}
