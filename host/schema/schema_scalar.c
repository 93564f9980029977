/* SPDX-License-Identifier: MIT */
/* Keywords of strings and numbers. */
#include "core/base64.h"
#include "core/utf8.h"
#include "host/schema/decimal.h"
#include "host/schema/schema_internal.h"

/* The character at *at of UTF-16LE, at least two bytes of it; *at is left at its last unit. */
static uint32_t utf16_next(const char *text, size_t len, size_t *at)
{
    const unsigned char *p = (const unsigned char *)text + *at;
    uint32_t unit = (uint32_t)(p[0] | p[1] << 8), low = 0;

    if (unit < 0xd800 || unit >= 0xe000)
        return unit;
    if (unit < 0xdc00 && len - *at >= 4)
        low = (uint32_t)(p[2] | p[3] << 8);
    if (low < 0xdc00 || low >= 0xe000)
        return 0xfffd;
    *at += 2;
    return 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
}

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

int is_tagged_string(struct json v)
{
    struct json utf16 = json_member(v, "utf16");

    return utf16.at && json_kind(utf16) == JSON_STRING && value_tag_of(v) == TAG_string;
}

/* The string literal of a tagged string: each lone surrogate is U+FFFD there. */
static void untag_string(struct buf *out, struct json v)
{
    struct json utf16 = json_member(v, "utf16");
    struct buf units = {0};
    char bytes[4];

    buf_byte(out, '"');
    if (base64_read(&units, utf16.at + 1, utf16.len - 2) == 0) {
        for (size_t i = 0; i + 1 < units.len; i += 2) {
            uint32_t c = utf16_next(units.data, units.len, &i);
            if (c < 0x20 || c == '"' || c == '\\')
                json_escape(out, (unsigned char)c);
            else
                buf_add(out, bytes, utf8_encode(bytes, c));
        }
    }
    buf_byte(out, '"');
    out->failed |= units.failed;
    buf_free(&units);
}

static int check_text(struct check *c, const struct node *n, struct json v, const struct step *at)
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

int check_string(struct check *c, const struct node *n, struct json v, const struct step *at)
{
    struct buf text = {0};
    int rc;

    if (json_kind(v) == JSON_STRING)
        return check_text(c, n, v, at);
    if (spend(c, 2 * v.len) < 0)
        return -1;
    untag_string(&text, v);
    rc = text.failed ? out_of_work(c) : check_text(c, n, json_whole(text.data, text.len), at);
    buf_free(&text);
    return rc;
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
