/* SPDX-License-Identifier: MIT */
#include "host/declared/arguments.h"

#include "core/file.h"

int arguments_are_listed(struct json parameters)
{
    struct json type = json_member(parameters, "type");

    return type.at && json_kind(type) == JSON_STRING && json_is(type, "array");
}

int arguments_are_optional(const struct schema *parameters)
{
    struct work work = {.left = schema_work_for(2)};
    AUTO_BUF struct buf why = {0};

    return schema_check(parameters, (struct json){"{}", 2}, "args[0]", &work, &why) == SCHEMA_FITS;
}

enum schema_answer arguments_check(const struct schema *parameters, struct json args, struct work *work,
                                   struct buf *why)
{
    struct json_walk w = json_walk(args);
    struct json first;
    enum schema_answer answer;

    if (arguments_are_listed(schema_text(parameters)))
        return schema_check(parameters, args, "args", work, why);
    if (!json_next(&w, NULL, &first)) {
        if (arguments_are_optional(parameters))
            return SCHEMA_FITS;
        buf_str(why, "args[0] must be given");
        return SCHEMA_DIFFERS;
    }
    answer = schema_check(parameters, first, "args[0]", work, why);
    if (answer != SCHEMA_FITS || !json_next(&w, NULL, &first))
        return answer;
    buf_str(why, "there must be one argument, not more");
    return SCHEMA_DIFFERS;
}
