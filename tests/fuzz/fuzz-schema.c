/* SPDX-License-Identifier: MIT */
/* libFuzzer target for host/schema/schema.h and host/dts/dts.h: a schema, a newline, a value. What is said is plain
 * text, how the texts are laid out changes nothing, and `not` turns the answer round. */
#include <stdlib.h>
#include <string.h>

#include "core/utf8.h"
#include "host/dts/dts.h"
#include "host/schema/schema.h"

#define MOST_INPUT 2048

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int holds)
{
    if (!holds)
        abort();
}

static int gave_up(const struct buf *why)
{
    return why->len &&
           (memmem(why->data, why->len, "too much work", 13) || memmem(why->data, why->len, "too deep", 8));
}

/* 0, -1, or 1 when nothing can be said. */
static int answer(struct json schema, struct json value)
{
    struct buf why = {0};
    int rc = schema_check(schema, value, "args[0]", &why), nothing = gave_up(&why);

    must(rc == 0 ? why.len == 0 : why.len > 8 && memcmp(why.data, "args[0]", 7) == 0);
    must(why.len <= 310 && utf8_check(why.data, why.len) == why.len);
    for (size_t i = 0; i < why.len; i++)
        must((unsigned char)why.data[i] >= 0x20 && why.data[i] != 0x7f);
    buf_free(&why);
    return nothing ? 1 : rc;
}

static int is_schema(struct json schema)
{
    struct iso_err err = {.code = ISO_OK};
    int rc = schema_valid(schema, "s", &err);

    must(rc == 0 ? err.code == ISO_OK
                 : err.code == ISO_USAGE && utf8_check(err.msg, strlen(err.msg)) == strlen(err.msg));
    return rc == 0;
}

/* A text of its own, so that ASan sees any byte too far. */
static struct buf laid_out(struct json v)
{
    struct buf b = {0};

    json_pretty(&b, v.at, v.len, 0);
    return b;
}

static void try_both(struct json schema, struct json value)
{
    struct buf s = laid_out(schema), v = laid_out(value), not = {0};
    int first = answer(schema, value), again;

    must(is_schema(json_whole(s.data, s.len)));
    again = answer(json_whole(s.data, s.len), json_whole(v.data, v.len));
    must(first == again || first == 1 || again == 1);
    if (!memmem(schema.at, schema.len, "\"$ref\"", 6) && !memchr(schema.at, '\\', schema.len)) {
        buf_printf(&not, "{\"not\":%.*s}", (int)schema.len, schema.at);
        again =
            is_schema(json_whole(not .data, not .len)) ? answer(json_whole(not .data, not .len), value) : 1;
        must(first == 1 || again == 1 || first != again);
    }
    buf_free(&s);
    buf_free(&v);
    buf_free(&not );
}

static void must_be_plain(const struct buf *b)
{
    must(!b->failed && utf8_check(b->data, b->len) == b->len);
    for (size_t i = 0; i < b->len; i++) {
        unsigned char c = (unsigned char)b->data[i];
        must((c >= 0x20 && c != 0x7f) || c == '\n' || c == '\t');
        must(c != 0xc2 || (unsigned char)b->data[i + 1] >= 0xa0);
    }
}

static void try_dts(struct json v)
{
    struct buf type = {0}, parameters = {0}, of_value = {0}, comment = {0};

    dts_type(&type, v, 0);
    must_be_plain(&type);
    must(type.len > 0);
    dts_parameters(&parameters, v, 0);
    must_be_plain(&parameters);
    dts_type_of_value(&of_value, v, 0);
    must_be_plain(&of_value);
    must(of_value.len > 0);
    dts_comment(&comment, v, 2);
    must_be_plain(&comment);
    must(!comment.len || memmem(comment.data, comment.len, "*/", 2) == comment.data + comment.len - 3);
    buf_free(&type);
    buf_free(&parameters);
    buf_free(&of_value);
    buf_free(&comment);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data, *line = size ? memchr(data, '\n', size) : NULL;
    size_t len = line ? (size_t)(line - text) : size;
    struct json schema, value;

    if (size > MOST_INPUT || json_check(text, len, NULL, NULL) < 0)
        return 0;
    schema = json_whole(text, len);
    try_dts(schema);
    if (!is_schema(schema) || !line || json_check(line + 1, size - len - 1, NULL, NULL) < 0)
        return 0;
    value = json_whole(line + 1, size - len - 1);
    try_both(schema, value);
    return 0;
}
