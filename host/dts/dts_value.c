/* SPDX-License-Identifier: MIT */
/* Types of values. */
#include "core/value_tags.h"
#include "host/dts/dts_internal.h"

#define MOST_DEPTH   32
#define MOST_MEMBERS 100 /* listed members */
#define MOST_KINDS   8   /* different types of items */

static struct dts_type type_of(struct json v, int indent, int depth);

static struct dts_type simple(const char *text)
{
    struct dts_type type = {.binding = BINDS_ALONE};

    buf_str(&type.text, text);
    return type;
}

/* The type of all items, or of all members' values. */
static struct dts_type type_of_parts(struct json v, int indent, int depth)
{
    struct dts_list list = {0};
    struct json part;

    for (struct json_walk w = json_walk(v); list.count <= MOST_KINDS && json_next(&w, NULL, &part);)
        dts_add(&list, type_of(part, indent, depth + 1));
    if (list.count == 0 || list.count > MOST_KINDS)
        dts_add_text(&list, "unknown");
    return dts_join(&list, BINDS_BY_OR);
}

static struct dts_type type_of_array(struct json v, int indent, int depth)
{
    struct dts_type item = type_of_parts(v, indent, depth), type = {.binding = BINDS_ALONE};

    dts_put_operand(&type.text, &item);
    buf_str(&type.text, "[]");
    buf_free(&item.text);
    return type;
}

static void put_members_type(struct buf *out, struct json v, int indent, int depth)
{
    struct json key, value;

    buf_str(out, "{\n");
    for (struct json_walk w = json_walk(v); json_next(&w, &key, &value);) {
        struct dts_type type = type_of(value, indent + 2, depth + 1);
        dts_indent(out, indent + 2);
        dts_property_name(out, key);
        buf_str(out, ": ");
        buf_add(out, type.text.data, type.text.len);
        buf_str(out, ";\n");
        buf_free(&type.text);
    }
    dts_indent(out, indent);
    buf_byte(out, '}');
}

static struct dts_type type_of_object(struct json v, int indent, int depth)
{
    struct json inside = json_member(v, "value");
    enum value_tag tag = value_tag_of(v);
    struct dts_type type = {.binding = BINDS_ALONE};
    size_t count;

    if (tag != TAG_NONE && json_kind(json_member(v, VALUE_TAG_KEY)) == JSON_STRING) {
        if (tag == TAG_object && json_member(v, "entries").at)
            return simple("{ [key: string]: unknown }");
        if (tag != TAG_object || !inside.at || json_kind(inside) != JSON_OBJECT)
            return simple(value_tags[tag].type);
        v = inside;
    }
    count = json_count(v);
    if (count == 0)
        return simple("{ [key: string]: unknown }");
    if (count <= MOST_MEMBERS) {
        put_members_type(&type.text, v, indent, depth);
        return type;
    }
    buf_str(&type.text, "{ [key: string]: ");
    struct dts_type member = type_of_parts(v, indent, depth);
    buf_add(&type.text, member.text.data, member.text.len);
    buf_str(&type.text, " }");
    buf_free(&member.text);
    return type;
}

static struct dts_type type_of(struct json v, int indent, int depth)
{
    if (depth == MOST_DEPTH)
        return simple("unknown");
    switch (json_kind(v)) {
    case JSON_NULL:
        return simple("null");
    case JSON_BOOL:
        return simple("boolean");
    case JSON_NUMBER:
        return simple("number");
    case JSON_STRING:
        return simple("string");
    case JSON_ARRAY:
        return type_of_array(v, indent, depth);
    default:
        return type_of_object(v, indent, depth);
    }
}

void dts_type_of_value(struct buf *out, struct json value, int indent)
{
    struct dts_type type = type_of(value, indent, 0);

    buf_add(out, type.text.data, type.text.len);
    buf_free(&type.text);
}
