/* SPDX-License-Identifier: MIT */
/* Keywords of strings and numbers. */
#include "host/schema/decimal.h"
#include "host/schema/schema_internal.h"

static uint64_t characters(struct json v)
{
    struct json_letters l = json_letters(v);
    char bytes[4];
    uint64_t n = 0;

    while (json_next_letter(&l, bytes) > 0)
        n++;
    return n;
}

static int check_length(struct check *c, const struct node *n, struct json v, const struct step *at)
{
    uint64_t least = 0, most = UINT64_MAX, length;
    struct json min = n->keyword[KEYWORD_MIN_LENGTH], max = n->keyword[KEYWORD_MAX_LENGTH];

    if (!min.at && !max.at)
        return 0;
    if (spend(c, 2 * v.len) < 0)
        return -1;
    length = characters(v);
    if (min.at && json_whole_number(min, UINT64_MAX, &least) == 0 && length < least)
        return must(c, at, "have at least %llu character%s, not %llu", (unsigned long long)least,
                    least == 1 ? "" : "s", (unsigned long long)length);
    if (max.at && json_whole_number(max, UINT64_MAX, &most) == 0 && length > most)
        return must(c, at, "have at most %llu character%s, not %llu", (unsigned long long)most,
                    most == 1 ? "" : "s", (unsigned long long)length);
    return 0;
}

int check_string(struct check *c, const struct node *n, struct json v, const struct step *at)
{
    int matches;

    if (check_length(c, n, v, at) < 0)
        return -1;
    if (!n->pattern)
        return 0;
    if (spend(c, 4 * v.len + 500) < 0)
        return -1;
    matches = pattern_match(n->pattern, v, &c->work);
    if (matches < 0)
        return stop(c, "takes too much work to be checked");
    if (!matches && must_begin(c, at)) {
        buf_str(c->why, "match the pattern ");
        put_brief(c->why, n->keyword[KEYWORD_PATTERN]);
    }
    return matches ? 0 : -1;
}

static int wrong_number(struct check *c, const char *what, struct json bound, struct json v,
                        const struct step *at)
{
    if (must_begin(c, at)) {
        buf_str(c->why, what);
        put_brief(c->why, bound);
        buf_str(c->why, ", not ");
        put_brief(c->why, v);
    }
    return -1;
}

int check_number(struct check *c, const struct node *n, struct json v, const struct step *at)
{
    const struct json *k = n->keyword;
    double d;

    if (spend(c, 4 * v.len) < 0)
        return -1;
    d = json_number(v);
    if (k[KEYWORD_MINIMUM].at && !(d >= json_number(k[KEYWORD_MINIMUM])))
        return wrong_number(c, "be at least ", k[KEYWORD_MINIMUM], v, at);
    if (k[KEYWORD_MAXIMUM].at && !(d <= json_number(k[KEYWORD_MAXIMUM])))
        return wrong_number(c, "be at most ", k[KEYWORD_MAXIMUM], v, at);
    if (k[KEYWORD_EXCLUSIVE_MINIMUM].at && !(d > json_number(k[KEYWORD_EXCLUSIVE_MINIMUM])))
        return wrong_number(c, "be more than ", k[KEYWORD_EXCLUSIVE_MINIMUM], v, at);
    if (k[KEYWORD_EXCLUSIVE_MAXIMUM].at && !(d < json_number(k[KEYWORD_EXCLUSIVE_MAXIMUM])))
        return wrong_number(c, "be less than ", k[KEYWORD_EXCLUSIVE_MAXIMUM], v, at);
    if (k[KEYWORD_MULTIPLE_OF].at && !decimal_is_multiple(v, k[KEYWORD_MULTIPLE_OF]))
        return wrong_number(c, "be a multiple of ", k[KEYWORD_MULTIPLE_OF], v, at);
    return 0;
}
