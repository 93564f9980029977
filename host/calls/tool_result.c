/* SPDX-License-Identifier: MIT */
#include "host/calls/tool_result.h"

#include <string.h>

#include "core/file.h"

/* Joins the text of all items; 0 when one of them is something else, or when there is none. */
static int join(struct json content, struct buf *text)
{
    struct json item;
    size_t count = 0;

    if (!content.at || json_kind(content) != JSON_ARRAY)
        return 0;
    for (struct json_walk w = json_walk(content); json_next(&w, NULL, &item); count++) {
        struct json type = json_member(item, "type"), one = json_member(item, "text");

        if (!type.at || json_kind(type) != JSON_STRING || !json_is(type, "text") || !one.at ||
            json_kind(one) != JSON_STRING)
            return 0;
        if (count)
            buf_byte(text, '\n');
        json_decode(text, one);
    }
    return count > 0;
}

/* A string literal of text that may hold lone surrogates, as json_decode() writes them. */
static void put_text_literal(struct buf *out, const struct buf *text)
{
    json_quote(out, text->len ? text->data : "", text->len);
}

static void put_tool_error(struct json content, int all_text, const struct buf *text, struct buf *out)
{
    buf_str(out, "{\"name\":\"ToolError\",\"message\":");
    if (all_text)
        put_text_literal(out, text);
    else
        buf_str(out, "\"the tool failed\"");
    if (content.at) {
        buf_str(out, ",\"content\":");
        buf_add(out, content.at, content.len);
    }
    buf_byte(out, '}');
}

static int is_document(const struct buf *text)
{
    enum json_kind kind;

    return text->len && strchr("{[", *text->data) && json_check(text->data, text->len, &kind, NULL) == 0;
}

int tool_result_unwrap(struct json result, struct buf *out)
{
    struct json content = json_member(result, "content"),
                structured = json_member(result, "structuredContent");
    struct json failed = json_member(result, "isError");
    AUTO_BUF struct buf text = {0};
    int all_text = join(content, &text);

    out->failed |= text.failed;
    if (failed.at && *failed.at == 't') {
        put_tool_error(content, all_text, &text, out);
        return 0;
    }
    if (structured.at)
        buf_add(out, structured.at, structured.len);
    else if (all_text && is_document(&text))
        buf_add(out, text.data, text.len);
    else if (all_text)
        put_text_literal(out, &text);
    else
        buf_add(out, result.at, result.len);
    return 1;
}
