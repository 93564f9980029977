/* SPDX-License-Identifier: MIT */
#include "host/declared/arguments.h"

#include "core/file.h"
#include "host/schema/schema.h"

int arguments_are_listed(struct json parameters)
{
    struct json type = json_member(parameters, "type");

    return type.at && json_kind(type) == JSON_STRING && json_is(type, "array");
}

int arguments_are_optional(struct json parameters)
{
    AUTO_BUF struct buf why = {0};

    return schema_check(parameters, (struct json){"{}", 2}, "args[0]", &why) == 0;
}

int arguments_check(struct json parameters, struct json args, struct buf *why)
{
    struct json_walk w = json_walk(args);
    struct json first;

    if (arguments_are_listed(parameters))
        return schema_check(parameters, args, "args", why);
    if (!json_next(&w, NULL, &first)) {
        if (arguments_are_optional(parameters))
            return 0;
        buf_str(why, "args[0] must be given");
        return -1;
    }
    if (schema_check(parameters, first, "args[0]", why) < 0)
        return -1;
    if (!json_next(&w, NULL, &first))
        return 0;
    buf_str(why, "there must be one argument, not more");
    return -1;
}
