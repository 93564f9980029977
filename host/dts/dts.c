/* SPDX-License-Identifier: MIT */
/* Types of schemas. */
#include "host/dts/dts.h"

#include <string.h>

#include "host/dts/dts_internal.h"
#include "host/schema/keywords.h"
#include "host/schema/pointer.h"

#define MOST_DEPTH   64
#define MOST_INLINED 100000 /* bytes of schemas that are inlined for references */

/* References that are being inlined; on the stack. */
struct reference {
    const struct reference *up;
    const char *target;
};

struct dts {
    struct pointers pointers;
    const struct reference *references;
    size_t inlined;
    int depth;
};

static struct dts_type type_of(struct dts *d, struct json schema, int indent);

static struct dts_type simple(const char *text)
{
    struct dts_type type = {.binding = BINDS_ALONE};

    buf_str(&type.text, text);
    return type;
}

static int is_kind(struct json v, enum json_kind kind)
{
    return v.at && json_kind(v) == kind;
}

static int is_false(struct json v)
{
    return v.at && *v.at == 'f';
}

static uint64_t size_in(struct json schema, const char *keyword, uint64_t otherwise)
{
    struct json v = json_member(schema, keyword);
    uint64_t n;

    return v.at && json_whole_number(v, UINT64_MAX, &n) == 0 ? n : otherwise;
}

/* ---- objects */

static int is_required(struct json schema, struct json name)
{
    struct json required = json_member(schema, "required"), item;

    for (struct json_walk w = json_walk(required); json_next(&w, NULL, &item);)
        if (is_kind(item, JSON_STRING) && json_same_string(item, name))
            return 1;
    return 0;
}

static struct json_walk members_of(struct json v)
{
    return json_walk(is_kind(v, JSON_OBJECT) ? v : (struct json){NULL, 0});
}

static int has_property(struct json properties, struct json name)
{
    struct json key, value;

    for (struct json_walk w = members_of(properties); json_next(&w, &key, &value);)
        if (json_same_string(key, name))
            return 1;
    return 0;
}

/* The comment of a property: its description, and a default that fits a line. */
static void put_doc(struct buf *out, struct json schema, int indent)
{
    struct json description = json_member(schema, "description"), standard = json_member(schema, "default");
    struct json deprecated = json_member(schema, "deprecated");
    struct buf text = {0}, literal = {0};

    if (is_kind(description, JSON_STRING))
        json_decode(&text, description);
    while (text.len > 0 && (text.data[text.len - 1] == '\n' || text.data[text.len - 1] == ' '))
        text.len--;
    if (standard.at && json_kind(standard) < JSON_ARRAY && standard.len < 80) {
        buf_str(&text, text.len ? "\n@default " : "@default ");
        json_pretty(&text, standard.at, standard.len, 0);
    }
    if (deprecated.at && *deprecated.at == 't')
        buf_str(&text, text.len ? "\n@deprecated" : "@deprecated");
    json_quote(&literal, text.data ? text.data : "", text.len);
    dts_comment(out, json_whole(literal.data, literal.len), indent);
    buf_free(&text);
    buf_free(&literal);
}

static void put_property(struct buf *out, struct json name, int required, const struct dts_type *type,
                         int indent)
{
    dts_indent(out, indent);
    dts_property_name(out, name);
    buf_str(out, required ? ": " : "?: ");
    buf_add(out, type->text.data, type->text.len);
    buf_str(out, ";\n");
}

/* Writes the named properties. Adds their types to `all`, because an index signature must include them. */
static void put_properties(struct dts *d, struct buf *out, struct json schema, struct dts_list *all,
                           int indent)
{
    struct json properties = json_member(schema, "properties"), required = json_member(schema, "required");
    struct json key, value;
    int optional = 0;

    for (struct json_walk w = members_of(properties); json_next(&w, &key, &value);) {
        struct dts_type type = type_of(d, value, indent);
        int needed = is_required(schema, key);
        put_doc(out, value, indent);
        put_property(out, key, needed, &type, indent);
        optional |= !needed;
        dts_add(all, type);
    }
    if (optional)
        dts_add_text(all, "undefined");
    for (struct json_walk w = json_walk(required); json_next(&w, NULL, &key);)
        if (is_kind(key, JSON_STRING) && !has_property(properties, key)) {
            struct dts_type type = simple("unknown");
            put_property(out, key, 1, &type, indent);
            dts_add(all, type);
        }
}

/* Adds the types of all other properties; 0 when the schema does not restrict them. */
static int add_other_types(struct dts *d, struct json schema, struct dts_list *types, int indent)
{
    struct json patterns = json_member(schema, "patternProperties"), value;
    struct json others = json_member(schema, "additionalProperties");
    int any = 0;

    for (struct json_walk w = json_walk(patterns); json_next(&w, NULL, &value); any = 1)
        dts_add(types, type_of(d, value, indent));
    if (others.at && !is_false(others)) {
        dts_add(types, type_of(d, others, indent));
        any = 1;
    }
    return any;
}

static int spans_lines(const struct dts_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (memchr(list->types[i].text.data, '\n', list->types[i].text.len))
            return 1;
    return 0;
}

/* The type of an index signature, which must include the types of all properties. */
static struct dts_type index_type(struct dts_list *others, struct dts_list *all)
{
    if (all->count > 0 && (spans_lines(all) || all->count > 8))
        dts_add_text(others, "unknown");
    for (size_t i = 0; i < all->count; i++)
        dts_add(others, all->types[i]);
    all->count = 0;
    return dts_join(others, BINDS_BY_OR);
}

static struct dts_type open_object(struct dts *d, struct json schema, int indent)
{
    struct dts_list others = {0};
    struct dts_type type = {.binding = BINDS_ALONE}, index;

    if (!add_other_types(d, schema, &others, indent))
        dts_add_text(&others, is_false(json_member(schema, "additionalProperties")) ? "never" : "unknown");
    index = dts_join(&others, BINDS_BY_OR);
    buf_str(&type.text, "{ [key: string]: ");
    buf_add(&type.text, index.text.data, index.text.len);
    buf_str(&type.text, " }");
    buf_free(&index.text);
    return type;
}

static struct dts_type object_of(struct dts *d, struct json schema, int indent)
{
    struct dts_list all = {0}, others = {0};
    struct dts_type type = {.binding = BINDS_ALONE}, index;
    int any;

    if (json_count(json_member(schema, "properties")) + json_count(json_member(schema, "required")) == 0)
        return open_object(d, schema, indent);
    buf_str(&type.text, "{\n");
    put_properties(d, &type.text, schema, &all, indent + 2);
    any = add_other_types(d, schema, &others, indent + 2);
    index = index_type(&others, &all);
    if (any) {
        dts_indent(&type.text, indent + 2);
        buf_str(&type.text, "[key: string]: ");
        buf_add(&type.text, index.text.data, index.text.len);
        buf_str(&type.text, ";\n");
    }
    dts_indent(&type.text, indent);
    buf_byte(&type.text, '}');
    buf_free(&index.text);
    dts_drop(&all);
    return type;
}

/* ---- arrays */

/* The schemas of the first items, and of the following ones. */
static void items_of(struct json schema, struct json *first, struct json *rest)
{
    *first = json_member(schema, "prefixItems");
    *rest = json_member(schema, "items");
    if (is_kind(*rest, JSON_ARRAY)) {
        *first = *rest;
        *rest = json_member(schema, "additionalItems");
    }
}

static struct dts_type array_of(struct dts *d, struct json items, int indent)
{
    struct dts_type item = items.at ? type_of(d, items, indent) : simple("unknown");
    struct dts_type type = {.binding = BINDS_ALONE};

    dts_put_operand(&type.text, &item);
    buf_str(&type.text, "[]");
    buf_free(&item.text);
    return type;
}

static struct dts_type tuple_of(struct dts *d, struct json schema, struct json first, struct json rest,
                                int indent)
{
    uint64_t least = size_in(schema, "minItems", 0), most = size_in(schema, "maxItems", UINT64_MAX), n = 0;
    struct dts_type type = {.binding = BINDS_ALONE}, item;
    struct json value;

    buf_byte(&type.text, '[');
    for (struct json_walk w = json_walk(first); n < most && json_next(&w, NULL, &value); n++) {
        item = type_of(d, value, indent);
        buf_str(&type.text, n ? ", " : "");
        if (n < least) {
            buf_add(&type.text, item.text.data, item.text.len);
        } else {
            dts_put_operand(&type.text, &item);
            buf_byte(&type.text, '?');
        }
        buf_free(&item.text);
    }
    if (!is_false(rest) && n < most) {
        item = array_of(d, rest, indent);
        buf_str(&type.text, n ? ", ..." : "...");
        buf_add(&type.text, item.text.data, item.text.len);
        buf_free(&item.text);
    }
    buf_byte(&type.text, ']');
    return type;
}

static struct dts_type items_type(struct dts *d, struct json schema, int indent)
{
    struct json first, rest;

    items_of(schema, &first, &rest);
    return json_count(first) ? tuple_of(d, schema, first, rest, indent) : array_of(d, rest, indent);
}

/* ---- one schema */

static struct dts_type type_called(struct dts *d, struct json schema, struct json name, int indent)
{
    switch (is_kind(name, JSON_STRING) ? type_named(name) : 0) {
    case TYPE_NULL:
        return simple("null");
    case TYPE_BOOLEAN:
        return simple("boolean");
    case TYPE_NUMBER:
    case TYPE_INTEGER:
        return simple("number");
    case TYPE_STRING:
        return simple("string");
    case TYPE_ARRAY:
        return items_type(d, schema, indent);
    case TYPE_OBJECT:
        return object_of(d, schema, indent);
    default:
        return simple("unknown");
    }
}

/* The type that the keywords imply: many schemas omit `type`. */
static struct dts_type implied_type(struct dts *d, struct json schema, int indent)
{
    static const char *const of_objects[] = {"properties", "additionalProperties", "patternProperties",
                                             "required"};
    static const char *const of_arrays[] = {"items", "prefixItems"};

    for (size_t i = 0; i < sizeof of_objects / sizeof *of_objects; i++)
        if (json_member(schema, of_objects[i]).at)
            return object_of(d, schema, indent);
    for (size_t i = 0; i < sizeof of_arrays / sizeof *of_arrays; i++)
        if (json_member(schema, of_arrays[i]).at)
            return items_type(d, schema, indent);
    return simple("unknown");
}

static struct dts_type literals(struct json values)
{
    struct dts_list list = {0};
    struct json value;

    for (struct json_walk w = json_walk(values); json_next(&w, NULL, &value);) {
        struct dts_type type = {.binding = BINDS_ALONE};
        dts_literal(&type.text, value);
        dts_add(&list, type);
    }
    return dts_join(&list, BINDS_BY_OR);
}

static struct dts_type own_type(struct dts *d, struct json schema, int indent)
{
    struct json only = json_member(schema, "const"), values = json_member(schema, "enum");
    struct json types = json_member(schema, "type"), name;
    struct dts_type type = {.binding = BINDS_ALONE};
    struct dts_list list = {0};

    if (only.at) {
        dts_literal(&type.text, only);
        return type;
    }
    if (is_kind(values, JSON_ARRAY))
        return literals(values);
    if (!types.at)
        return implied_type(d, schema, indent);
    if (!is_kind(types, JSON_ARRAY))
        return type_called(d, schema, types, indent);
    for (struct json_walk w = json_walk(types); json_next(&w, NULL, &name);)
        dts_add(&list, type_called(d, schema, name, indent));
    return dts_join(&list, BINDS_BY_OR);
}

static struct dts_type referred_type(struct dts *d, struct json ref, int indent)
{
    struct reference here = {.up = d->references};
    struct json target = {NULL, 0};
    struct dts_type type;

    if (is_kind(ref, JSON_STRING))
        (void)pointer_follow(&d->pointers, ref, &target); /* without memory the target counts as missing */
    here.target = target.at;
    if (!target.at)
        return simple("unknown /* not found */");
    for (const struct reference *r = d->references; r; r = r->up)
        if (r->target == target.at)
            return simple("unknown /* recursive */");
    if (d->inlined + target.len > MOST_INLINED)
        return simple("unknown /* too long */");
    d->inlined += target.len;
    d->references = &here;
    type = type_of(d, target, indent);
    d->references = here.up;
    return type;
}

static struct dts_type union_of(struct dts *d, struct json alternatives, int indent)
{
    struct dts_list list = {0};
    struct json schema;

    for (struct json_walk w = json_walk(alternatives); json_next(&w, NULL, &schema);)
        dts_add(&list, type_of(d, schema, indent));
    return dts_join(&list, BINDS_BY_OR);
}

/* The type from $ref, allOf, anyOf and oneOf. */
static struct dts_type parts_type(struct dts *d, struct json schema, int indent)
{
    static const char *const alternatives[] = {"anyOf", "oneOf"};
    struct json ref = json_member(schema, "$ref"), part;
    struct dts_list list = {0};

    if (ref.at)
        dts_add(&list, referred_type(d, ref, indent));
    for (struct json_walk w = json_walk(json_member(schema, "allOf")); json_next(&w, NULL, &part);)
        dts_add(&list, type_of(d, part, indent));
    for (size_t i = 0; i < 2; i++)
        if ((part = json_member(schema, alternatives[i])).at)
            dts_add(&list, union_of(d, part, indent));
    return dts_join(&list, BINDS_BY_AND);
}

static int says(const struct dts_type *type, const char *text)
{
    return type->text.len == strlen(text) && memcmp(type->text.data, text, type->text.len) == 0;
}

static struct dts_type combined(struct dts *d, struct json schema, int indent)
{
    struct dts_type own = own_type(d, schema, indent), parts = parts_type(d, schema, indent);
    struct dts_list list = {0};

    /* "Any object" is dropped when the parts say more. */
    if (says(&own, "{ [key: string]: unknown }") && !says(&parts, "unknown")) {
        buf_free(&own.text);
        return parts;
    }
    dts_add(&list, own);
    dts_add(&list, parts);
    return dts_join(&list, BINDS_BY_AND);
}

static struct dts_type type_of(struct dts *d, struct json schema, int indent)
{
    struct dts_type type;

    if (is_false(schema))
        return simple("never");
    if (json_kind(schema) != JSON_OBJECT)
        return simple("unknown");
    if (d->depth == MOST_DEPTH)
        return simple("unknown /* nested too deep */");
    d->depth++;
    type = combined(d, schema, indent);
    d->depth--;
    return type;
}

static void put_type(struct dts *d, struct buf *out, struct json schema, int indent)
{
    struct dts_type type = type_of(d, schema, indent);

    buf_add(out, type.text.data, type.text.len);
    buf_free(&type.text);
}

/* Starts with the root, which may be a target of references, too. */
void dts_type(struct buf *out, struct json schema, int indent)
{
    struct reference root = {.target = schema.at};
    struct dts d = {.pointers = {.root = schema}, .references = &root};

    put_type(&d, out, schema, indent);
    pointers_free(&d.pointers);
}

/* ---- parameters */

static int is_called(struct json schema, const char *type)
{
    struct json name = json_member(schema, "type");

    return is_kind(name, JSON_STRING) && json_is(name, type);
}

/* The title, if it can be a name and no earlier parameter has it; else argN. */
static void put_parameter_name(struct buf *out, struct json list, size_t index)
{
    struct json schema, title = {NULL, 0}, other;
    size_t n = 0;

    for (struct json_walk w = json_walk(list); n <= index && json_next(&w, NULL, &schema); n++) {
        other = json_member(schema, "title");
        if (n == index)
            title = other;
    }
    if (!is_kind(title, JSON_STRING) || !dts_is_identifier(title) || json_is(title, "rest"))
        title.at = NULL;
    n = 0;
    for (struct json_walk w = json_walk(list); title.at && n < index && json_next(&w, NULL, &schema); n++) {
        other = json_member(schema, "title");
        if (is_kind(other, JSON_STRING) && json_same_string(other, title))
            title.at = NULL;
    }
    if (title.at && !(title.len > 5 && memcmp(title.at, "\"arg", 4) == 0 && title.at[4] <= '9'))
        json_decode(out, title);
    else
        buf_printf(out, "arg%zu", index);
}

static void put_rest(struct dts *d, struct buf *out, struct json rest, int alone, int indent)
{
    struct dts_type type;

    if (!alone && (!rest.at || is_false(rest)))
        return;
    type = array_of(d, rest, indent);
    buf_str(out, alone ? "...args: " : ", ...rest: ");
    buf_add(out, type.text.data, type.text.len);
    buf_free(&type.text);
}

static void put_list(struct dts *d, struct buf *out, struct json schema, int indent)
{
    uint64_t least = size_in(schema, "minItems", 0);
    struct json first, rest, item;
    size_t n = 0;

    items_of(schema, &first, &rest);
    for (struct json_walk w = json_walk(first); json_next(&w, NULL, &item); n++) {
        buf_str(out, n ? ", " : "");
        put_parameter_name(out, first, n);
        buf_str(out, n < least ? ": " : "?: ");
        put_type(d, out, item, indent);
    }
    if (n > 0 || !is_false(rest))
        put_rest(d, out, rest, n == 0, indent);
}

/* 1 when the only argument may be left out: it may be anything, or an object without properties. */
static int is_optional(struct json schema)
{
    static const char *const demanding[] = {"allOf", "anyOf",         "oneOf", "not",  "if",
                                            "$ref",  "minProperties", "const", "enum", "dependentSchemas"};

    if (json_kind(schema) != JSON_OBJECT)
        return !is_false(schema);
    for (size_t i = 0; i < sizeof demanding / sizeof *demanding; i++)
        if (json_member(schema, demanding[i]).at)
            return 0;
    return (is_called(schema, "object") || !json_member(schema, "type").at) &&
           json_count(json_member(schema, "required")) == 0;
}

void dts_parameters(struct buf *out, struct json schema, int indent)
{
    struct reference root = {.target = schema.at};
    struct dts d = {.pointers = {.root = schema}, .references = &root};

    if (!schema.at) {
        buf_str(out, "...args: unknown[]");
    } else if (is_called(schema, "array")) {
        put_list(&d, out, schema, indent);
    } else {
        buf_str(out, is_optional(schema) ? "args?: " : "args: ");
        put_type(&d, out, schema, indent);
    }
    pointers_free(&d.pointers);
}
