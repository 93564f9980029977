/* SPDX-License-Identifier: MIT */
/* Messages of schema_check() and schema_compile(). Names and values are not trusted: long ones are cut, and control
 * characters are escaped. */
#include <stdarg.h>
#include <stdio.h>

#include "host/schema/schema_internal.h"

#define MOST_BRIEF 48  /* bytes of a value or a name */
#define MOST_PLACE 120 /* bytes of a place */

/* The length of the first part of a literal, at most `most`, that does not cut an escape or a character. */
static size_t whole_letters(struct json literal, size_t most)
{
    struct json_letters l = json_letters(literal);
    const char *last = l.at;
    char bytes[4];

    while (json_next_letter(&l, bytes) > 0 && (size_t)(l.at - literal.at) <= most)
        last = l.at;
    return (size_t)(last - literal.at);
}

static void put_string(struct buf *out, struct json v)
{
    struct buf shown = {0};

    if (v.len <= MOST_BRIEF + 2) {
        json_pretty(out, v.at, v.len, 0);
        return;
    }
    buf_add(&shown, v.at, whole_letters(v, MOST_BRIEF));
    buf_str(&shown, "\xe2\x80\xa6\"");
    json_pretty(out, shown.data, shown.len, 0);
    buf_free(&shown);
}

/* The string literal at an opening quote. */
static struct json string_at(const char *p)
{
    const char *end = p + 1;

    while (*end != '"')
        end += *end == '\\' ? 2 : 1;
    return (struct json){p, (size_t)(end + 1 - p)};
}

/* Always on one line. */
void put_brief(struct buf *out, struct json v)
{
    const char *p = v.at, *end = v.at + v.len;
    size_t start = out->len;

    while (p < end && out->len - start < MOST_BRIEF && !out->failed) {
        if (*p == '"') {
            struct json s = string_at(p);
            put_string(out, s);
            p += s.len;
        } else {
            if (*p != ' ' && *p != '\n' && *p != '\r' && *p != '\t')
                buf_byte(out, *p);
            p++;
        }
    }
    if (p < end)
        buf_str(out, "\xe2\x80\xa6");
}

static int is_plain_name(struct json name)
{
    for (size_t i = 1; i + 1 < name.len; i++) {
        char c = name.at[i], low = (char)(c | 32);
        if (!(low >= 'a' && low <= 'z') && c != '_' && c != '$' && (i == 1 || c < '0' || c > '9'))
            return 0;
    }
    return name.len > 2 && name.len < MOST_BRIEF;
}

static void put_step(struct buf *out, const struct step *at)
{
    if (at->kind == STEP_ITEM) {
        buf_printf(out, "[%zu]", at->index);
    } else if (at->kind == STEP_NAME) {
        buf_str(out, ": the name ");
        put_brief(out, at->name);
    } else if (is_plain_name(at->name)) {
        buf_byte(out, '.');
        buf_add(out, at->name.at + 1, at->name.len - 2);
    } else {
        buf_byte(out, '[');
        put_brief(out, at->name);
        buf_byte(out, ']');
    }
}

void put_place(struct buf *out, const char *name, const struct step *at)
{
    const struct step *path[SCHEMA_MOST_DEPTH + 1];
    size_t depth = 0, start = out->len;

    for (; at && depth <= SCHEMA_MOST_DEPTH; at = at->up)
        path[depth++] = at;
    buf_str(out, name);
    start = out->len;
    while (depth-- > 0) {
        if (out->len - start > MOST_PLACE && depth > 1) {
            buf_str(out, "\xe2\x80\xa6");
            depth = 1;
        }
        put_step(out, path[depth]);
    }
}

void put_types(struct buf *out, unsigned types)
{
    static const char *const names[] = {"null",     "a boolean", "a number", "an integer",
                                        "a string", "an array",  "an object"};
    int left = 0;

    if (types & TYPE_NUMBER)
        types &= ~(unsigned)TYPE_INTEGER;
    types &= TYPE_TAGGED - 1;
    for (unsigned i = 0; i < 7; i++)
        left += types >> i & 1;
    for (unsigned i = 1; i <= 7; i++) { /* null comes last */
        if (!(types >> i % 7 & 1))
            continue;
        buf_str(out, names[i % 7]);
        left--;
        buf_str(out, left > 1 ? ", " : left == 1 ? " or " : "");
    }
}

static const char *what_is_tagged(struct json v)
{
    static const char *const numbers[] = {"NaN", "Infinity", "-Infinity"};
    enum value_tag tag = value_tag_of(v);
    struct json number = json_member(v, "value");

    if (tag == TAG_number && number.at && json_kind(number) == JSON_STRING)
        for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
            if (json_is(number, numbers[i]))
                return numbers[i];
    return value_tags[tag].said;
}

const char *what_is(struct value v)
{
    switch (json_kind(v.text)) {
    case JSON_NULL:
        return "null";
    case JSON_BOOL:
        return "a boolean";
    case JSON_NUMBER:
        return "a number";
    case JSON_STRING:
        return "a string";
    case JSON_ARRAY:
        return "an array";
    default:
        if (v.type == TYPE_STRING)
            return "a string";
        return v.type == TYPE_TAGGED ? what_is_tagged(v.text) : "an object";
    }
}

int must_begin(struct check *c, const struct step *at)
{
    if (c->silent || c->why->len - c->start > SCHEMA_MOST_WHY)
        return 0;
    put_place(c->why, c->name, at);
    buf_str(c->why, " must ");
    return 1;
}

int must(struct check *c, const struct step *at, const char *fmt, ...)
{
    char line[200];
    va_list ap;

    if (must_begin(c, at)) {
        va_start(ap, fmt);
        vsnprintf(line, sizeof line, fmt, ap);
        va_end(ap);
        buf_str(c->why, line);
    }
    return -1;
}
