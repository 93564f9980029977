/* SPDX-License-Identifier: MIT */
#include "host/schema/value_hash.h"

#include <string.h>

#include "core/hash.h"

#define HASHED_LEVELS 32

static uint64_t mix(uint64_t h, uint64_t more)
{
    h = (h ^ more) * 0x9e3779b97f4a7c15;
    return h ^ h >> 29;
}

static uint64_t hash_string(struct json literal)
{
    struct json_letters l = json_letters(literal);
    uint64_t h = HASH_START;
    char bytes[4];
    size_t n;

    while ((n = json_next_letter(&l, bytes)) > 0)
        h = hash_more(h, bytes, n);
    return mix(mix(1, JSON_STRING), h);
}

static uint64_t hash_number(struct json v)
{
    double d = json_number(v);
    uint64_t bits;

    if (d == 0)
        d = 0; /* -0 is 0 */
    memcpy(&bits, &d, sizeof bits);
    return mix(mix(1, JSON_NUMBER), bits);
}

static void skip_space(const char **p, const char *end)
{
    while (*p < end && (**p == ' ' || **p == '\n' || **p == '\r' || **p == '\t'))
        (*p)++;
}

/* The value at *p; moves *p to its end. */
static struct json take_hashed(const char **p, const char *end)
{
    struct json_walk w = {*p, end, 0};
    struct json v = {*p, 0};

    json_next(&w, NULL, &v);
    *p = v.at + v.len;
    return v;
}

static uint64_t hash_at(const char **p, const char *end, int levels);

/* The hash of an array or object; moves *p from after the opening bracket to after the closing one. */
static uint64_t hash_items(const char **p, const char *end, enum json_kind kind, int levels)
{
    uint64_t h = mix(1, kind), count = 0, name;

    for (skip_space(p, end); **p != ']' && **p != '}'; skip_space(p, end), count++) {
        if (kind == JSON_ARRAY) {
            h = mix(h, hash_at(p, end, levels));
        } else {
            name = hash_string(take_hashed(p, end));
            skip_space(p, end);
            (*p)++;                                  /* the colon */
            h += mix(name, hash_at(p, end, levels)); /* a sum, because members may have any order */
        }
        skip_space(p, end);
        *p += **p == ',';
    }
    (*p)++;
    return mix(h, count);
}

static uint64_t hash_at(const char **p, const char *end, int levels)
{
    enum json_kind kind;
    struct json v;

    skip_space(p, end);
    kind = json_kind_of(**p);
    if (kind >= JSON_ARRAY && levels > 0) {
        (*p)++;
        return hash_items(p, end, kind, levels - 1);
    }
    v = take_hashed(p, end);
    switch (kind) {
    case JSON_STRING:
        return hash_string(v);
    case JSON_NUMBER:
        return hash_number(v);
    case JSON_ARRAY:
    case JSON_OBJECT:
        return mix(2, kind);
    default:
        return mix(mix(1, kind), v.len);
    }
}

uint64_t value_hash(struct json v)
{
    const char *p = v.at;

    return hash_at(&p, v.at + v.len, HASHED_LEVELS);
}

/* Comparing takes more work for deep values: it reads the rest of both texts at each level, a few times. */
int value_equal(struct json a, struct json b, struct work *work)
{
    uint64_t bytes = (uint64_t)a.len + b.len;

    if (work_spend(work, 100 + bytes) < 0)
        return -1;
    if (a.len == b.len && memcmp(a.at, b.at, a.len) == 0)
        return 1;
    if (work_spend(work, bytes + 4 * (json_nesting(a) + 4) * bytes) < 0)
        return -1;
    return json_equal(a, b);
}
