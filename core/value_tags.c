/* SPDX-License-Identifier: MIT */
#include "core/value_tags.h"

#include "core/json_walk.h"

const struct value_tag_row value_tags[TAG_COUNT] = {[TAG_NONE] = {NULL, "object", "an object"},
                                                    [TAG_UNKNOWN] = {NULL, "unknown", VALUE_TAGGED},
#define X(name, type, said) [TAG_##name] = {#name, type, said},
                                                    ISO_VALUE_TAGS(X)
#undef X
#define X(name, said) [TAG_##name] = {#name, #name, said},
                                                        ISO_VIEW_TAGS(X)
#undef X
};

enum value_tag value_tag_of(struct json object)
{
    struct json tag = json_member(object, VALUE_TAG_KEY);

    if (!tag.at)
        return TAG_NONE;
    for (int i = TAG_UNKNOWN + 1; json_kind(tag) == JSON_STRING && i < TAG_COUNT; i++)
        if (json_is(tag, value_tags[i].name))
            return (enum value_tag)i;
    return TAG_UNKNOWN;
}
