/* SPDX-License-Identifier: MIT */
/* Marks for `unevaluatedProperties` and `unevaluatedItems`: the members and items that other keywords have
 * evaluated. */
#include <stdlib.h>
#include <string.h>

#include "host/schema/schema_internal.h"

/* The work to open, merge or free marks, and for each 64 of them. */
#define MARKS_WORK 100

int marks_open(struct check *c, struct marks *m, size_t count)
{
    *m = (struct marks){.count = count};
    if (spend(c, MARKS_WORK + count / 16) < 0)
        return -1;
    m->bits = calloc(count / 64 + 1, sizeof *m->bits);
    return m->bits ? 0 : stop(c, "cannot be checked: no memory");
}

void marks_free(struct marks *m)
{
    free(m->bits);
    *m = (struct marks){0};
}

void marks_set(struct marks *m, size_t index)
{
    if (m)
        m->bits[index / 64] |= 1ull << index % 64;
}

int marks_has(const struct marks *m, size_t index)
{
    return m && (m->bits[index / 64] >> index % 64 & 1);
}

void marks_set_all(struct marks *m)
{
    if (m)
        memset(m->bits, 0xff, (m->count / 64 + 1) * sizeof *m->bits);
}

void marks_merge(struct marks *to, const struct marks *from)
{
    for (size_t i = 0; i < to->count / 64 + 1; i++)
        to->bits[i] |= from->bits[i];
}

static const struct keyword_value *unevaluated(const struct node *n, unsigned type)
{
    return type == TYPE_OBJECT  ? node_value(n, KEYWORD_UNEVALUATED_PROPERTIES)
           : type == TYPE_ARRAY ? node_value(n, KEYWORD_UNEVALUATED_ITEMS)
                                : NULL;
}

int node_needs_marks(const struct node *n, unsigned type)
{
    return unevaluated(n, type) != NULL;
}

static int check_left(struct check *c, const struct node *n, struct json key, struct json value, size_t index,
                      const struct step *at)
{
    struct step here = {.up = at, .kind = key.at ? STEP_MEMBER : STEP_ITEM, .index = index, .name = key};

    if (!n->never)
        return check_value(c, n, value, &here, NULL);
    if (!key.at)
        return must(c, at, "not have the item [%zu]: no schema is for it", index);
    if (must_begin(c, at)) {
        buf_str(c->why, "not have the property ");
        put_brief(c->why, key);
    }
    return -1;
}

int check_unevaluated(struct check *c, const struct node *n, struct value v, const struct step *at,
                      struct marks *marks)
{
    const struct keyword_value *left = unevaluated(n, v.type);
    struct json key, value;
    size_t index = 0;

    for (struct json_walk w = json_walk(v.text); json_next(&w, &key, &value); index++) {
        if (spend(c, key.len + value.len + 1) < 0)
            return -1;
        if (!marks_has(marks, index) && check_left(c, left->node, key, value, index, at) < 0)
            return -1;
    }
    marks_set_all(marks);
    return 0;
}
