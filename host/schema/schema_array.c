/* SPDX-License-Identifier: MIT */
/* Keywords of arrays. */
#include "host/schema/schema_internal.h"

static int wrong_count(struct check *c, const char *least_or_most, uint64_t bound, uint64_t count,
                       const char *of, const struct step *at)
{
    return must(c, at, "have at %s %llu item%s%s, not %llu", least_or_most, (unsigned long long)bound,
                bound == 1 ? "" : "s", of, (unsigned long long)count);
}

static int check_count(struct check *c, const struct node *n, uint64_t count, const struct step *at)
{
    const struct keyword_value *min = node_value(n, KEYWORD_MIN_ITEMS),
                               *max = node_value(n, KEYWORD_MAX_ITEMS);

    if (min && count < min->size)
        return wrong_count(c, "least", min->size, count, "", at);
    if (max && count > max->size)
        return wrong_count(c, "most", max->size, count, "", at);
    return 0;
}

/* The schemas for the first items, and the one for the following items; both may be NULL. */
static void schemas_of(const struct node *n, const struct node_list **first, const struct node **rest)
{
    const struct keyword_value *prefix = node_value(n, KEYWORD_PREFIX_ITEMS),
                               *items = node_value(n, KEYWORD_ITEMS),
                               *others = node_value(n, KEYWORD_ADDITIONAL_ITEMS);

    *first = prefix ? prefix->nodes : NULL;
    *rest = NULL;
    if (items && *items->text.at == '[') {
        *first = items->nodes;
        *rest = others ? others->node : NULL;
    } else if (items) {
        *rest = items->node;
    }
}

static int check_item(struct check *c, const struct node *schema, int is_rest, struct json item, size_t index,
                      const struct step *at)
{
    struct step here = {.up = at, .kind = STEP_ITEM, .index = index};

    if (is_rest && schema->never)
        return must(c, at, "have at most %zu item%s", index, index == 1 ? "" : "s");
    return check_value(c, schema, item, &here, NULL);
}

static int check_items(struct check *c, const struct node *n, struct json v, const struct step *at,
                       struct marks *marks)
{
    const struct node_list *first;
    const struct node *rest;
    struct json item;
    size_t index = 0;

    schemas_of(n, &first, &rest);
    if (!first && !rest && !node_value(n, KEYWORD_MIN_ITEMS) && !node_value(n, KEYWORD_MAX_ITEMS))
        return 0;
    for (struct json_walk w = json_walk(v); json_next(&w, NULL, &item); index++) {
        int is_rest = !first || index >= first->count;
        const struct node *schema = is_rest ? rest : first->list[index];

        if (spend(c, item.len + 1) < 0 || (schema && check_item(c, schema, is_rest, item, index, at) < 0))
            return -1;
        if (schema)
            marks_set(marks, index);
    }
    return check_count(c, n, index, at);
}

static int check_contains(struct check *c, const struct node *n, struct json v, const struct step *at,
                          struct marks *marks)
{
    static const char of[] = " that `contains` describes";
    const struct keyword_value *contains = node_value(n, KEYWORD_CONTAINS),
                               *min = node_value(n, KEYWORD_MIN_CONTAINS),
                               *max = node_value(n, KEYWORD_MAX_CONTAINS);
    uint64_t least = min ? min->size : 1, found = 0;
    struct json item;
    size_t index = 0;

    if (!contains)
        return 0;
    for (struct json_walk w = json_walk(v); json_next(&w, NULL, &item); index++) {
        if (spend(c, item.len + 1) < 0)
            return -1;
        if (check_branch(c, contains->node, item, at, NULL) < 0)
            continue;
        marks_set(marks, index);
        found++;
    }
    if (c->stopped)
        return -1;
    if (found < least)
        return wrong_count(c, "least", least, found, of, at);
    return max && found > max->size ? wrong_count(c, "most", max->size, found, of, at) : 0;
}

int check_array(struct check *c, const struct node *n, struct json v, const struct step *at,
                struct marks *marks)
{
    const struct keyword_value *unique = node_value(n, KEYWORD_UNIQUE_ITEMS);

    if (check_items(c, n, v, at, marks) < 0 || check_contains(c, n, v, at, marks) < 0)
        return -1;
    return unique && unique->on ? check_unique(c, v, at) : 0;
}
