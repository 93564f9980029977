/* SPDX-License-Identifier: MIT */
#include "host/dts/dts_internal.h"

#include <stdlib.h>
#include <string.h>

static int is_text(const struct dts_type *type, const char *text, size_t len)
{
    return type->text.len == len && memcmp(type->text.data, text, len) == 0;
}

void dts_add(struct dts_list *list, struct dts_type type)
{
    struct dts_type *more = NULL;

    for (size_t i = 0; i < list->count; i++)
        if (is_text(&list->types[i], type.text.data, type.text.len)) {
            buf_free(&type.text);
            return;
        }
    if (!type.text.failed && type.text.len > 0)
        more = realloc(list->types, (list->count + 1) * sizeof *more);
    if (!more) {
        list->failed = 1;
        buf_free(&type.text);
        return;
    }
    list->types = more;
    list->types[list->count++] = type;
}

void dts_add_text(struct dts_list *list, const char *text)
{
    struct dts_type type = {.binding = BINDS_ALONE};

    buf_str(&type.text, text);
    dts_add(list, type);
}

int dts_has(const struct dts_list *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++)
        if (is_text(&list->types[i], text, strlen(text)))
            return 1;
    return 0;
}

void dts_put_operand(struct buf *out, const struct dts_type *type)
{
    int bare = type->binding == BINDS_ALONE;

    buf_str(out, bare ? "" : "(");
    buf_add(out, type->text.data, type->text.len);
    buf_str(out, bare ? "" : ")");
}

void dts_drop(struct dts_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        buf_free(&list->types[i].text);
    free(list->types);
    memset(list, 0, sizeof *list);
}

/* 1 when a type matters as one of several that are joined. */
static int counts(const struct dts_type *type, enum binding by)
{
    return !is_text(type, "unknown", 7) && !(by == BINDS_BY_OR && is_text(type, "never", 5));
}

static void put_joined(struct dts_type *joined, const struct dts_list *list, enum binding by, size_t most)
{
    size_t n = 0;

    for (size_t i = 0; i < list->count; i++) {
        const struct dts_type *type = &list->types[i];
        if (!counts(type, by))
            continue;
        buf_str(&joined->text, n == 0 ? "" : by == BINDS_BY_OR ? " | " : " & ");
        if (most > 1 && type->binding > by)
            dts_put_operand(&joined->text, type);
        else
            buf_add(&joined->text, type->text.data, type->text.len);
        joined->binding = n++ ? by : type->binding;
    }
}

struct dts_type dts_join(struct dts_list *list, enum binding by)
{
    struct dts_type joined = {.binding = BINDS_ALONE};
    int any = by == BINDS_BY_OR && dts_has(list, "unknown");
    size_t n = 0;

    for (size_t i = 0; i < list->count; i++)
        n += (size_t)counts(&list->types[i], by);
    if (any || n == 0)
        buf_str(&joined.text, any || by == BINDS_BY_AND ? "unknown" : "never");
    else
        put_joined(&joined, list, by, n);
    joined.text.failed |= list->failed;
    dts_drop(list);
    return joined;
}

void dts_indent(struct buf *out, int indent)
{
    buf_printf(out, "%*s", indent, "");
}

/* ---- literals */

/* Deeper levels of constants are not written out. */
#define MOST_LITERAL 32

static void literal(struct buf *out, struct json v, int depth)
{
    struct json key, value;
    int is_object = json_kind(v) == JSON_OBJECT;
    size_t n = 0;

    if (json_kind(v) < JSON_ARRAY) {
        json_pretty(out, v.at, v.len, 0);
        return;
    }
    if (depth == MOST_LITERAL) {
        buf_str(out, "unknown /* nested too deep */");
        return;
    }
    buf_str(out, is_object ? "{ " : "[");
    for (struct json_walk w = json_walk(v); json_next(&w, &key, &value); n++) {
        buf_str(out, n == 0 ? "" : is_object ? "; " : ", ");
        if (key.at) {
            dts_property_name(out, key);
            buf_str(out, ": ");
        }
        literal(out, value, depth + 1);
    }
    buf_str(out, !is_object ? "]" : n ? " }" : "[key: string]: never }");
}

void dts_literal(struct buf *out, struct json value)
{
    literal(out, value, 0);
}
