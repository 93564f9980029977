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
    const struct keyword_value *min = node_value(n, KEYWORD_MIN_LENGTH),
                               *max = node_value(n, KEYWORD_MAX_LENGTH);
    uint64_t length;

    if (!min && !max)
        return 0;
    if (spend(c, 2 * v.len) < 0)
        return -1;
    length = characters(v);
    if (min && length < min->size)
        return must(c, at, "have at least %llu character%s, not %llu", (unsigned long long)min->size,
                    min->size == 1 ? "" : "s", (unsigned long long)length);
    if (max && length > max->size)
        return must(c, at, "have at most %llu character%s, not %llu", (unsigned long long)max->size,
                    max->size == 1 ? "" : "s", (unsigned long long)length);
    return 0;
}

int check_string(struct check *c, const struct node *n, struct json v, const struct step *at)
{
    const struct keyword_value *pattern = node_value(n, KEYWORD_PATTERN);
    int matches;

    if (check_length(c, n, v, at) < 0)
        return -1;
    if (!pattern)
        return 0;
    if (spend(c, 4 * v.len + 500) < 0)
        return -1;
    matches = pattern_match(pattern->pattern, &c->matcher, v, c->work);
    if (matches < 0)
        return out_of_work(c);
    if (!matches && must_begin(c, at)) {
        buf_str(c->why, "match the pattern ");
        put_brief(c->why, pattern->text);
    }
    return matches ? 0 : -1;
}

static int wrong_number(struct check *c, const char *what, const struct keyword_value *bound, struct json v,
                        const struct step *at)
{
    if (must_begin(c, at)) {
        buf_str(c->why, what);
        put_brief(c->why, bound->text);
        buf_str(c->why, ", not ");
        put_brief(c->why, v);
    }
    return -1;
}

int check_number(struct check *c, const struct node *n, struct json v, const struct step *at)
{
    const struct keyword_value *least = node_value(n, KEYWORD_MINIMUM),
                               *most = node_value(n, KEYWORD_MAXIMUM),
                               *above = node_value(n, KEYWORD_EXCLUSIVE_MINIMUM),
                               *below = node_value(n, KEYWORD_EXCLUSIVE_MAXIMUM),
                               *divisor = node_value(n, KEYWORD_MULTIPLE_OF);
    double d;

    if (spend(c, 4 * v.len) < 0)
        return -1;
    d = json_number(v);
    if (least && !(d >= least->number))
        return wrong_number(c, "be at least ", least, v, at);
    if (most && !(d <= most->number))
        return wrong_number(c, "be at most ", most, v, at);
    if (above && !(d > above->number))
        return wrong_number(c, "be more than ", above, v, at);
    if (below && !(d < below->number))
        return wrong_number(c, "be less than ", below, v, at);
    if (divisor && !decimal_is_multiple(v, divisor->text))
        return wrong_number(c, "be a multiple of ", divisor, v, at);
    return 0;
}
