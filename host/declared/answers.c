/* SPDX-License-Identifier: MIT */
#include "host/declared/answers.h"

#include <stdlib.h>

#include "host/declared/stub_values.h"
#include "host/schema/value_hash.h"

struct one {
    struct json args, whole;
};

struct by_args {
    uint64_t hash;
    size_t index; /* in list */
};

struct answers {
    size_t count;
    struct by_args *sorted; /* by hash, those with the same hash in their order */
    struct one list[];
};

static int by_hash(const void *a, const void *b)
{
    const struct by_args *x = a, *y = b;

    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

struct answers *answers_compile(struct json list)
{
    size_t count = json_count(list);
    struct answers *a = malloc(sizeof *a + count * sizeof a->list[0]);
    struct json whole;

    if (a && !(a->sorted = calloc(count + 1, sizeof *a->sorted))) {
        free(a);
        a = NULL;
    }
    if (!a)
        return NULL;
    a->count = 0;
    for (struct json_walk w = json_walk(list); json_next(&w, NULL, &whole); a->count++) {
        struct json args = json_member(whole, "args");

        a->list[a->count] = (struct one){args, whole};
        a->sorted[a->count] = (struct by_args){args.at ? value_hash(args) : 0, a->count};
    }
    qsort(a->sorted, count, sizeof *a->sorted, by_hash);
    return a;
}

void answers_free(struct answers *a)
{
    if (a)
        free(a->sorted);
    free(a);
}

size_t answers_count(const struct answers *a)
{
    return a->count;
}

struct stub_answer answers_nth(const struct answers *a, uint64_t n)
{
    return n >= 1 && n <= a->count ? stub_answer(a->list[n - 1].whole) : (struct stub_answer){0};
}

/* The index of the first answer whose hash is not below this one. */
static size_t lower_bound(const struct answers *a, uint64_t hash)
{
    size_t low = 0, high = a->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (a->sorted[middle].hash < hash)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int answers_find(const struct answers *a, struct json args, struct work *work, struct stub_answer *out)
{
    uint64_t hash;

    if (work_spend(work, VALUE_HASH_WORK(args.len)) < 0)
        return -1;
    hash = value_hash(args);
    for (size_t i = lower_bound(a, hash); i < a->count && a->sorted[i].hash == hash; i++) {
        const struct one *one = &a->list[a->sorted[i].index];
        int same = one->args.at ? value_equal(one->args, args, work) : 0;

        if (same > 0)
            *out = stub_answer(one->whole);
        if (same != 0)
            return same < 0 ? -1 : 0;
    }
    return 0;
}
