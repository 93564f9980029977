/* SPDX-License-Identifier: MIT */
/* Keywords of arrays. */
#include "host/schema/schema_internal.h"

static int check_count(struct check *c, const struct node *n, uint64_t count, const struct step *at)
{
    struct json min = n->keyword[KEYWORD_MIN_ITEMS], max = n->keyword[KEYWORD_MAX_ITEMS];
    uint64_t least, most;

    if (min.at && json_whole_number(min, UINT64_MAX, &least) == 0 && count < least)
        return must(c, at, "have at least %llu item%s, not %llu", (unsigned long long)least,
                    least == 1 ? "" : "s", (unsigned long long)count);
    if (max.at && json_whole_number(max, UINT64_MAX, &most) == 0 && count > most)
        return must(c, at, "have at most %llu item%s, not %llu", (unsigned long long)most,
                    most == 1 ? "" : "s", (unsigned long long)count);
    return 0;
}

/* The list of schemas for the first items, and the schema for those behind. */
static void schemas_of(const struct node *n, struct json *first, struct json *rest)
{
    *first = n->keyword[KEYWORD_PREFIX_ITEMS];
    *rest = n->keyword[KEYWORD_ITEMS];
    if (rest->at && *rest->at == '[') {
        *first = *rest;
        *rest = n->keyword[KEYWORD_ADDITIONAL_ITEMS];
    }
}

static int check_item(struct check *c, struct json_walk *first, struct json rest, struct json item,
                      size_t index, const struct step *at)
{
    struct step here = {.up = at, .kind = STEP_ITEM, .index = index};
    struct json schema;

    if (json_next(first, NULL, &schema))
        return check_value(c, schema, item, &here);
    if (rest.at && *rest.at == 'f')
        return must(c, at, "have at most %zu item%s", index, index == 1 ? "" : "s");
    return rest.at ? check_value(c, rest, item, &here) : 0;
}

static int check_items(struct check *c, const struct node *n, struct json v, const struct step *at)
{
    struct json first, rest, item;
    struct json_walk w = json_walk(v), of;
    size_t index = 0;

    schemas_of(n, &first, &rest);
    of = json_walk(first);
    for (; (first.at || rest.at || n->keyword[KEYWORD_MIN_ITEMS].at || n->keyword[KEYWORD_MAX_ITEMS].at) &&
           json_next(&w, NULL, &item);
         index++)
        if (spend(c, item.len + 1) < 0 || check_item(c, &of, rest, item, index, at) < 0)
            return -1;
    return check_count(c, n, index, at);
}

static int check_contains(struct check *c, const struct node *n, struct json v, const struct step *at)
{
    struct json schema = n->keyword[KEYWORD_CONTAINS], item;
    uint64_t least = 1, most = UINT64_MAX, found = 0;

    if (!schema.at)
        return 0;
    if (n->keyword[KEYWORD_MIN_CONTAINS].at)
        json_whole_number(n->keyword[KEYWORD_MIN_CONTAINS], UINT64_MAX, &least);
    if (n->keyword[KEYWORD_MAX_CONTAINS].at)
        json_whole_number(n->keyword[KEYWORD_MAX_CONTAINS], UINT64_MAX, &most);
    for (struct json_walk w = json_walk(v); json_next(&w, NULL, &item);)
        found += spend(c, item.len + 1) == 0 && check_quietly(c, schema, item, at) == 0;
    if (found < least)
        return must(c, at, "have at least %llu item%s that `contains` describes, not %llu",
                    (unsigned long long)least, least == 1 ? "" : "s", (unsigned long long)found);
    if (found > most)
        return must(c, at, "have at most %llu item%s that `contains` describes, not %llu",
                    (unsigned long long)most, most == 1 ? "" : "s", (unsigned long long)found);
    return 0;
}

int check_array(struct check *c, const struct node *n, struct json v, const struct step *at)
{
    struct json unique = n->keyword[KEYWORD_UNIQUE_ITEMS];

    if (check_items(c, n, v, at) < 0 || check_contains(c, n, v, at) < 0)
        return -1;
    return unique.at && *unique.at == 't' ? check_unique(c, v, at) : 0;
}
