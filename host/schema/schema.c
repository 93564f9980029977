/* SPDX-License-Identifier: MIT */
/* Holding a value to a schema: what holds for every type, and the state of a check. Objects, arrays and
 * scalars have files of their own. */
#include "host/schema/schema.h"

#include "host/schema/decimal.h"
#include "host/schema/schema_internal.h"

/* The work that any value may take, what each of its bytes adds, and the most: some seconds, for 64 MiB that
 * were made to take them. */
#define WORK_FOR_ANY  (64u << 20)
#define WORK_PER_BYTE 64
#define MOST_WORK     (2ull << 30)
#define VALUE_WORK    32

int stop(struct check *c, const char *why)
{
    if (!c->stopped)
        c->stopped = why;
    return -1;
}

int spend(struct check *c, uint64_t work)
{
    if (work > c->work)
        c->work = 0;
    else
        c->work -= work;
    return c->stopped || c->work == 0 ? stop(c, "takes too much work to be checked") : 0;
}

/* ---- values */

static unsigned type_of_number(struct check *c, struct json v)
{
    spend(c, 2 * v.len);
    return decimal_is_whole(v) ? TYPE_NUMBER | TYPE_INTEGER : TYPE_NUMBER;
}

static struct value object_of(struct check *c, struct json text)
{
    struct json tag = json_member(text, "$type"), inside = json_member(text, "value");

    spend(c, 2 * text.len);
    if (!tag.at)
        return (struct value){text, TYPE_OBJECT};
    if (json_kind(tag) == JSON_STRING && json_is(tag, "object") && inside.at &&
        json_kind(inside) == JSON_OBJECT)
        return (struct value){inside, TYPE_OBJECT};
    return (struct value){text, TYPE_TAGGED};
}

struct value value_of(struct check *c, struct json text)
{
    switch (json_kind(text)) {
    case JSON_NULL:
        return (struct value){text, TYPE_NULL};
    case JSON_BOOL:
        return (struct value){text, TYPE_BOOLEAN};
    case JSON_NUMBER:
        return (struct value){text, type_of_number(c, text)};
    case JSON_STRING:
        return (struct value){text, TYPE_STRING};
    case JSON_ARRAY:
        return (struct value){text, TYPE_ARRAY};
    default:
        return object_of(c, text);
    }
}

/* ---- keywords for every type */

int wrong_type(struct check *c, unsigned types, struct value v, const struct step *at)
{
    if (!must_begin(c, at))
        return -1;
    buf_str(c->why, "be ");
    put_types(c->why, types);
    buf_str(c->why, ", not ");
    if (v.type == TYPE_NUMBER && types & TYPE_INTEGER)
        put_brief(c->why, v.text);
    else
        buf_str(c->why, what_is(v));
    return -1;
}

static int wrong_value(struct check *c, struct json only, const struct step *at)
{
    if (must_begin(c, at)) {
        buf_str(c->why, "be ");
        put_brief(c->why, only);
    }
    return -1;
}

static int none_of(struct check *c, struct json values, const struct step *at)
{
    struct json want;
    size_t start, n = 0;

    if (!must_begin(c, at))
        return -1;
    buf_str(c->why, json_count(values) == 1 ? "be " : "be one of ");
    start = c->why->len;
    for (struct json_walk w = json_walk(values); json_next(&w, NULL, &want); n++) {
        if (c->why->len - start > 160) {
            buf_printf(c->why, " and %zu more", json_count(values) - n);
            break;
        }
        buf_str(c->why, n ? ", " : "");
        put_brief(c->why, want);
    }
    return -1;
}

static int check_fixed(struct check *c, const struct node *n, struct json v, const struct step *at)
{
    struct json values = n->keyword[KEYWORD_ENUM], only = n->keyword[KEYWORD_CONST], want;
    int found = !values.at;

    for (struct json_walk w = json_walk(values); !found && json_next(&w, NULL, &want);)
        found = is_same_as(c, want, v);
    if (!found)
        return none_of(c, values, at);
    return only.at && !is_same_as(c, only, v) ? wrong_value(c, only, at) : 0;
}

static int check_type(struct check *c, const struct node *n, struct value v, const struct step *at)
{
    switch (v.type & ~(unsigned)TYPE_INTEGER) {
    case TYPE_OBJECT:
        return check_object(c, n, v.text, at);
    case TYPE_ARRAY:
        return check_array(c, n, v.text, at);
    case TYPE_STRING:
        return check_string(c, n, v.text, at);
    case TYPE_NUMBER:
        return check_number(c, n, v.text, at);
    default:
        return 0;
    }
}

static int check_node(struct check *c, const struct node *n, struct json text, const struct step *at)
{
    struct value v = value_of(c, text);

    if (n->never)
        return must(c, at, "not be there");
    if (n->keyword[KEYWORD_TYPE].at && !(n->types & v.type))
        return wrong_type(c, n->types, v, at);
    if (check_fixed(c, n, text, at) < 0 || check_type(c, n, v, at) < 0)
        return -1;
    if (n->keyword[KEYWORD_REF].at && check_value(c, n->target, text, at) < 0)
        return -1;
    return check_alternatives(c, n, text, at);
}

int check_value(struct check *c, struct json schema, struct json value, const struct step *at)
{
    struct node *n;
    int rc;

    if (spend(c, VALUE_WORK) < 0)
        return -1;
    if (c->depth == SCHEMA_MOST_DEPTH)
        return stop(c, "is nested too deep to be checked");
    n = schema.at ? schemas_node(&c->schemas, schema) : NULL;
    if (!n)
        return stop(c, "cannot be checked: no memory");
    c->depth++;
    rc = check_node(c, n, value, at);
    c->depth--;
    return rc;
}

int check_quietly(struct check *c, struct json schema, struct json value, const struct step *at)
{
    int rc;

    c->silent++;
    rc = check_value(c, schema, value, at);
    c->silent--;
    return rc;
}

/* The end of a text that got long, cut between characters. */
static void cut(struct buf *why, size_t start)
{
    if (why->failed || why->len - start <= SCHEMA_MOST_WHY)
        return;
    why->len = start + SCHEMA_MOST_WHY;
    while (why->len > start && ((unsigned char)why->data[why->len] & 0xc0) == 0x80)
        why->len--;
    buf_str(why, "\xe2\x80\xa6");
}

int schema_check(struct json schema, struct json value, const char *name, struct buf *why)
{
    size_t start = why->len;
    struct check c = {.schemas = {.root = schema}, .name = name, .why = why, .start = start};
    int rc;

    c.work = WORK_FOR_ANY + WORK_PER_BYTE * (uint64_t)value.len;
    if (c.work > MOST_WORK)
        c.work = MOST_WORK;
    rc = check_value(&c, schema, value, NULL);
    if (c.stopped) {
        why->len = start;
        buf_printf(why, "%s %s", name, c.stopped);
        rc = -1;
    }
    cut(why, start);
    schemas_free(&c.schemas);
    return rc;
}
