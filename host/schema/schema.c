/* SPDX-License-Identifier: MIT */
/* Checks a value against a schema: keywords for every type, and the state of a check. Objects, arrays and scalars have
 * their own files. */
#include "host/schema/schema.h"

#include "host/schema/decimal.h"
#include "host/schema/schema_internal.h"

/* The work that any value may take, the work for each of its bytes, and the most: some seconds, for 64 MiB of hostile
 * input. */
#define WORK_FOR_ANY  (64u << 20)
#define WORK_PER_BYTE 64
#define MOST_WORK     (2ull << 30)
#define VALUE_WORK    32

uint64_t schema_work_for(size_t bytes)
{
    uint64_t work = WORK_FOR_ANY + WORK_PER_BYTE * (uint64_t)bytes;

    return work < MOST_WORK ? work : MOST_WORK;
}

int stop(struct check *c, const char *why)
{
    if (!c->stopped)
        c->stopped = why;
    return -1;
}

int out_of_work(struct check *c)
{
    return stop(c, "takes too much work to be checked");
}

int spend(struct check *c, uint64_t work)
{
    return work_spend(c->work, work) < 0 || c->stopped ? out_of_work(c) : 0;
}

/* ---- values */

static unsigned type_of_number(struct check *c, struct json v)
{
    spend(c, 2 * v.len);
    return decimal_is_whole(v) ? TYPE_NUMBER | TYPE_INTEGER : TYPE_NUMBER;
}

static struct value object_of(struct check *c, struct json text)
{
    struct json inside = json_member(text, "value");
    enum value_tag tag = value_tag_of(text);

    spend(c, 2 * text.len);
    if (tag == TAG_NONE)
        return (struct value){text, TYPE_OBJECT};
    if (tag == TAG_object && inside.at && json_kind(inside) == JSON_OBJECT)
        return (struct value){inside, TYPE_OBJECT};
    if (is_tagged_string(text))
        return (struct value){text, TYPE_STRING};
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
    const struct keyword_value *values = node_value(n, KEYWORD_ENUM), *only = node_value(n, KEYWORD_CONST);
    struct json want;
    int found = !values;

    if (values)
        for (struct json_walk w = json_walk(values->text); !found && json_next(&w, NULL, &want);)
            found = is_same_as(c, want, v);
    if (!found)
        return none_of(c, values->text, at);
    return only && !is_same_as(c, only->text, v) ? wrong_value(c, only->text, at) : 0;
}

static int check_type(struct check *c, const struct node *n, struct value v, const struct step *at,
                      struct marks *marks)
{
    switch (v.type & ~(unsigned)TYPE_INTEGER) {
    case TYPE_OBJECT:
        return check_object(c, n, v.text, at, marks);
    case TYPE_ARRAY:
        return check_array(c, n, v.text, at, marks);
    case TYPE_STRING:
        return check_string(c, n, v.text, at);
    case TYPE_NUMBER:
        return check_number(c, n, v.text, at);
    default:
        return 0;
    }
}

static int check_keywords(struct check *c, const struct node *n, struct json text, struct value v,
                          const struct step *at, struct marks *marks)
{
    const struct keyword_value *ref = node_value(n, KEYWORD_REF);

    if (n->types && !(n->types & v.type))
        return wrong_type(c, n->types, v, at);
    if (check_fixed(c, n, text, at) < 0 || check_type(c, n, v, at, marks) < 0)
        return -1;
    if (ref && check_value(c, ref->node, text, at, marks) < 0)
        return -1;
    return check_alternatives(c, n, text, at, marks);
}

/* Checks a schema with unevaluated... keywords, which collects its own marks: keywords in other parts of its parent
 * schema ("cousins" in the standard) do not count. */
static int check_with_marks(struct check *c, const struct node *n, struct json text, struct value v,
                            const struct step *at, struct marks *outer)
{
    struct marks own = {0};
    int rc;

    if (marks_open(c, &own, json_count(v.text)) < 0)
        return -1;
    rc = check_keywords(c, n, text, v, at, &own);
    if (rc == 0)
        rc = check_unevaluated(c, n, v, at, &own);
    if (rc == 0 && outer)
        marks_merge(outer, &own);
    marks_free(&own);
    return rc;
}

static int check_node(struct check *c, const struct node *n, struct json text, const struct step *at,
                      struct marks *marks)
{
    struct value v = value_of(c, text);

    if (n->never)
        return must(c, at, "not be there");
    return node_needs_marks(n, v.type) ? check_with_marks(c, n, text, v, at, marks)
                                       : check_keywords(c, n, text, v, at, marks);
}

int check_value(struct check *c, const struct node *n, struct json value, const struct step *at,
                struct marks *marks)
{
    int rc;

    if (spend(c, VALUE_WORK) < 0)
        return -1;
    if (c->depth == SCHEMA_MOST_DEPTH)
        return stop(c, "is nested too deep to be checked");
    c->depth++;
    rc = check_node(c, n, value, at, marks);
    c->depth--;
    return c->stopped ? -1 : rc;
}

int check_branch(struct check *c, const struct node *n, struct json value, const struct step *at,
                 struct marks *marks)
{
    struct marks own = {0};
    int rc;

    if (marks && marks_open(c, &own, marks->count) < 0)
        return -1;
    c->silent++;
    rc = check_value(c, n, value, at, marks ? &own : NULL);
    c->silent--;
    if (marks && rc == 0)
        marks_merge(marks, &own);
    marks_free(&own);
    return rc;
}

/* Cuts a message that became too long, between characters. */
static void cut(struct buf *why, size_t start)
{
    if (why->failed || why->len - start <= SCHEMA_MOST_WHY)
        return;
    why->len = start + SCHEMA_MOST_WHY;
    while (why->len > start && ((unsigned char)why->data[why->len] & 0xc0) == 0x80)
        why->len--;
    buf_str(why, "\xe2\x80\xa6");
}

enum schema_answer schema_check(const struct schema *s, struct json value, const char *name,
                                struct work *work, struct buf *why)
{
    size_t start = why->len;
    struct check c = {.work = work, .name = name, .why = why, .start = start};
    int rc = check_value(&c, s->root, value, NULL, NULL);

    matcher_free(&c.matcher);
    if (c.stopped) {
        why->len = start;
        buf_printf(why, "%s %s", name, c.stopped);
        return SCHEMA_UNDECIDED;
    }
    cut(why, start);
    return rc < 0 ? SCHEMA_DIFFERS : SCHEMA_FITS;
}
