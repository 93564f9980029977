/* SPDX-License-Identifier: MIT */
/* libFuzzer target for host/schema/schema.h and host/dts/dts.h: a schema, a newline, a value. What is said is plain
 * text, a second check says the same, how the texts are laid out changes nothing, and `not` turns the answer
 * round. */
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

static struct schema *compiled(struct json text)
{
    struct iso_err err = {.code = ISO_OK};
    struct schema *s;
    int rc = schema_compile(text, "s", &s, &err);

    must(rc == 0 ? s && err.code == ISO_OK
                 : !s && err.code == ISO_USAGE && utf8_check(err.msg, strlen(err.msg)) == strlen(err.msg));
    return s;
}

static void must_be_a_reason(const struct buf *why)
{
    must(why->len > 8 && memcmp(why->data, "args[0]", 7) == 0);
    must(why->len <= 310 && utf8_check(why->data, why->len) == why->len);
    for (size_t i = 0; i < why->len; i++)
        must((unsigned char)why->data[i] >= 0x20 && why->data[i] != 0x7f);
}

/* The schema again and again gives the same answer; little work gives this answer or none. */
static enum schema_answer answer(const struct schema *s, struct json value)
{
    struct work work = {.left = schema_work_for(value.len)}, little = {.left = 2000};
    struct buf why = {0}, again = {0};
    enum schema_answer first = schema_check(s, value, "args[0]", &work, &why), second;

    if (first == SCHEMA_FITS)
        must(why.len == 0);
    else
        must_be_a_reason(&why);
    second = schema_check(s, value, "args[0]", &little, &again);
    must(second == first || second == SCHEMA_UNDECIDED);
    must(second != first ||
         (why.len == again.len && (!why.len || memcmp(why.data, again.data, why.len) == 0)));
    buf_free(&why);
    buf_free(&again);
    return first;
}

/* A text of its own, so that ASan sees any byte too far. */
static struct buf laid_out(struct json v)
{
    struct buf b = {0};

    json_pretty(&b, v.at, v.len, 0);
    return b;
}

/* The layout of the texts changes nothing. */
static void try_layout(struct json schema, struct json value, enum schema_answer first)
{
    struct buf s = laid_out(schema), v = laid_out(value);
    struct schema *again = compiled(json_whole(s.data, s.len));
    enum schema_answer second;

    must(again != NULL);
    second = answer(again, json_whole(v.data, v.len));
    must(first == second || first == SCHEMA_UNDECIDED || second == SCHEMA_UNDECIDED);
    schema_free(again);
    buf_free(&s);
    buf_free(&v);
}

static void try_not(struct json schema, struct json value, enum schema_answer first)
{
    struct buf text = {0};
    struct schema * not ;
    enum schema_answer second;

    if (memmem(schema.at, schema.len, "\"$ref\"", 6) || memchr(schema.at, '\\', schema.len))
        return;
    buf_printf(&text, "{\"not\":%.*s}", (int)schema.len, schema.at);
    not = compiled(json_whole(text.data, text.len));
    second = not ? answer(not, value) : SCHEMA_UNDECIDED;
    must(first == SCHEMA_UNDECIDED || second == SCHEMA_UNDECIDED || first != second);
    schema_free(not );
    buf_free(&text);
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
    enum schema_answer first;
    struct schema *s;

    if (size > MOST_INPUT || json_check(text, len, NULL, NULL) < 0)
        return 0;
    schema = json_whole(text, len);
    try_dts(schema);
    s = compiled(schema);
    if (s && line && json_check(line + 1, size - len - 1, NULL, NULL) == 0) {
        value = json_whole(line + 1, size - len - 1);
        first = answer(s, value);
        try_layout(schema, value, first);
        try_not(schema, value, first);
    }
    schema_free(s);
    return 0;
}
