/* SPDX-License-Identifier: MIT */
#include "core/json_walk.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/json_names.h"
#include "core/utf8.h"

static int is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static const char *skip_space(const char *p, const char *end)
{
    while (p < end && is_space(*p))
        p++;
    return p;
}

#define EACH_BYTE 0x0101010101010101u

/* The lowest bit that is set is in the first of the eight bytes that is c; 0: none is. */
static uint64_t find_byte(uint64_t eight, unsigned char c)
{
    uint64_t x = eight ^ (EACH_BYTE * c);

    return (x - EACH_BYTE) & ~x & (EACH_BYTE << 7);
}

/* Returns the place after the closing quote; p points to the opening quote. Long strings are skipped eight bytes at a
 * time. */
static const char *skip_string(const char *p, const char *end)
{
    uint64_t eight, found;

    for (p++;;) {
        if (end - p >= 8) {
            memcpy(&eight, p, 8);
            found = find_byte(eight, '"') | find_byte(eight, '\\');
            p += found ? __builtin_ctzll(found) / 8 : 8;
            if (!found)
                continue;
        }
        for (int i = 0; i < 8; i++) {
            if (*p == '"')
                return p + 1;
            p += *p == '\\' ? 2 : 1;
        }
    }
}

/* Returns the place after the value that begins at p. */
static const char *skip_value(const char *p, const char *end)
{
    size_t depth = 0;

    do {
        switch (*p) {
        case '"':
            p = skip_string(p, end);
            break;
        case '[':
        case '{':
            depth++;
            p++;
            break;
        case ']':
        case '}':
            depth--;
            p++;
            break;
        case ',':
        case ':':
        case ' ':
        case '\n':
        case '\r':
        case '\t':
            p++;
            break;
        default: /* the letters of a number or a word */
            while (p < end && *p != ',' && *p != ']' && *p != '}' && *p != ':' && !is_space(*p))
                p++;
        }
    } while (depth > 0);
    return p;
}

struct json json_whole(const char *text, size_t len)
{
    const char *end = text + len;

    text = skip_space(text, end);
    while (end > text && is_space(end[-1]))
        end--;
    return (struct json){text, (size_t)(end - text)};
}

enum json_kind json_kind(struct json v)
{
    return json_kind_of(*v.at);
}

struct json_walk json_walk(struct json v)
{
    struct json_walk w = {v.at, v.at, 0};

    if (v.at && (*v.at == '[' || *v.at == '{')) {
        w.members = *v.at == '{';
        w.at = v.at + 1;
        w.end = v.at + v.len - 1;
    }
    return w;
}

static struct json take_value(struct json_walk *w)
{
    struct json v = {w->at, 0};

    w->at = skip_value(w->at, w->end);
    v.len = (size_t)(w->at - v.at);
    w->at = skip_space(w->at, w->end);
    return v;
}

int json_next(struct json_walk *w, struct json *key, struct json *value)
{
    struct json name = {NULL, 0};

    w->at = skip_space(w->at, w->end);
    if (w->at >= w->end)
        return 0;
    if (w->members) {
        name = take_value(w);
        w->at = skip_space(w->at + 1, w->end); /* the colon */
    }
    *value = take_value(w);
    if (w->at < w->end)
        w->at++; /* the comma */
    if (key)
        *key = name;
    return 1;
}

int json_is_empty(struct json v)
{
    struct json_walk w = json_walk(v);

    return w.at == w.end || skip_space(w.at, w.end) == w.end;
}

size_t json_count(struct json v)
{
    struct json_walk w = json_walk(v);
    struct json value;
    size_t n = 0;

    while (json_next(&w, NULL, &value))
        n++;
    return n;
}

struct json json_member(struct json v, const char *name)
{
    struct json found = {NULL, 0}, key, value;

    if (!v.at || *v.at != '{')
        return found;
    for (struct json_walk w = json_walk(v); json_next(&w, &key, &value);)
        if (json_is(key, name))
            found = value;
    return found;
}

/* ---- strings */

struct json_letters json_letters(struct json literal)
{
    if (literal.len < 2 || *literal.at != '"')
        return (struct json_letters){literal.at, literal.at};
    return (struct json_letters){literal.at + 1, literal.at + literal.len - 1};
}

static uint32_t hex4(const char *p)
{
    uint32_t v = 0;

    for (int i = 0; i < 4; i++) {
        int c = p[i] | 0x20;
        v = v << 4 | (uint32_t)(c >= 'a' ? c - 'a' + 10 : p[i] - '0');
    }
    return v;
}

static uint32_t escaped(struct json_letters *l)
{
    uint32_t c, low;

    switch (*l->at++) {
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    case 'u':
        c = hex4(l->at);
        l->at += 4;
        if (c < 0xd800 || c >= 0xdc00 || l->end - l->at < 6 || l->at[0] != '\\' || l->at[1] != 'u')
            return c;
        low = hex4(l->at + 2);
        if (low < 0xdc00 || low >= 0xe000)
            return c;
        l->at += 6;
        return 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
    default:
        return (unsigned char)l->at[-1];
    }
}

size_t json_next_letter(struct json_letters *l, char bytes[4])
{
    size_t n;

    if (l->at >= l->end)
        return 0;
    if (*l->at == '\\') {
        l->at++;
        return utf8_encode(bytes, escaped(l));
    }
    n = utf8_length((unsigned char)*l->at);
    memcpy(bytes, l->at, n);
    l->at += n;
    return n;
}

int json_is(struct json literal, const char *text)
{
    struct json_letters l = json_letters(literal);
    char bytes[4];
    size_t n;

    if (literal.len < 2 || *literal.at != '"')
        return 0;
    if (l.at < l.end && *l.at != '\\' && *l.at != *text)
        return 0; /* most comparisons end here */
    if (!memchr(l.at, '\\', (size_t)(l.end - l.at)))
        return strncmp(text, l.at, (size_t)(l.end - l.at)) == 0 && !text[l.end - l.at];
    while ((n = json_next_letter(&l, bytes)) > 0) {
        if (strncmp(text, bytes, n) != 0 || !*bytes)
            return 0;
        text += n;
    }
    return !*text;
}

int json_same_string(struct json a, struct json b)
{
    struct json_letters in_a = json_letters(a), in_b = json_letters(b);
    char bytes_a[4], bytes_b[4];
    size_t n;

    if (a.len == b.len && memcmp(a.at, b.at, a.len) == 0)
        return 1;
    do {
        n = json_next_letter(&in_a, bytes_a);
        if (json_next_letter(&in_b, bytes_b) != n || memcmp(bytes_a, bytes_b, n) != 0)
            return 0;
    } while (n > 0);
    return 1;
}

int json_is_well_formed(struct json literal)
{
    char bytes[4];

    for (struct json_letters l = json_letters(literal); json_next_letter(&l, bytes) > 0;)
        if ((unsigned char)bytes[0] == 0xed && (unsigned char)bytes[1] >= 0xa0)
            return 0;
    return 1;
}

void json_decode(struct buf *out, struct json literal)
{
    struct json_letters l = json_letters(literal);
    char bytes[4];
    size_t n;

    while (l.at < l.end) {
        const char *start = l.at;
        while (l.at < l.end && *l.at != '\\')
            l.at++;
        buf_add(out, start, (size_t)(l.at - start));
        if (l.at < l.end && (n = json_next_letter(&l, bytes)) > 0)
            buf_add(out, bytes, n);
    }
}

/* ---- numbers */

double json_number(struct json v)
{
    char digits[512];

    /* strtod() needs an end, and the text has none; V8 prints at most 25 characters. */
    if (v.len < sizeof digits) {
        memcpy(digits, v.at, v.len);
        digits[v.len] = 0;
        return strtod(digits, NULL);
    }
    char *copy = strndup(v.at, v.len);
    double d = copy ? strtod(copy, NULL) : NAN;
    free(copy);
    return d;
}

/* 1 for digits alone, few enough for a number that a double can hold. */
static int read_digits(struct json v, uint64_t *out)
{
    uint64_t n = 0;

    for (size_t i = 0; i < v.len; i++) {
        if (i == 15 || v.at[i] < '0' || v.at[i] > '9')
            return 0;
        n = 10 * n + (uint64_t)(v.at[i] - '0');
    }
    *out = n;
    return 1;
}

int json_whole_number(struct json v, uint64_t most, uint64_t *out)
{
    uint64_t n;
    double d;

    if (json_kind(v) != JSON_NUMBER)
        return -1;
    if (read_digits(v, &n)) {
        if (n <= most)
            *out = n;
        return n <= most ? 0 : -1;
    }
    d = json_number(v);
    /* 2^64 is the first that fits no uint64_t, and what UINT64_MAX becomes as a double. */
    if (!(d >= 0 && d < 0x1p64) || d != (double)(uint64_t)d || (uint64_t)d > most)
        return -1;
    *out = (uint64_t)d;
    return 0;
}

/* ---- comparing */

/* Depth limit of the recursive comparison: each level takes about 300 bytes of stack, and an agent may choose the
 * depth. */
#define MOST_COMPARED 512

static int equal(struct json a, struct json b, int depth);

/* Compares two objects whose members are sorted by name. Of members with the same name the last counts. */
static int equal_sorted(const struct json_names *a, const struct json_names *b, int depth)
{
    size_t i = 0, j = 0;
    int same = 1;

    while (same > 0 && i < a->count && j < b->count) {
        size_t last_a = i, last_b = j;

        if (!json_same_string(a->list[i].name, b->list[j].name))
            return 0;
        while (last_a + 1 < a->count && json_same_string(a->list[last_a + 1].name, a->list[i].name))
            last_a++;
        while (last_b + 1 < b->count && json_same_string(b->list[last_b + 1].name, b->list[j].name))
            last_b++;
        same = equal(a->list[last_a].value, b->list[last_b].value, depth);
        i = last_a + 1;
        j = last_b + 1;
    }
    return same > 0 ? i == a->count && j == b->count : same;
}

static int equal_objects(struct json a, struct json b, int depth)
{
    struct json_names in_a = {0}, in_b = {0};
    int same;

    if (json_count(a) != json_count(b))
        return 0;
    if (json_names_sort(&in_a, a) < 0 || json_names_sort(&in_b, b) < 0)
        same = -1;
    else
        same = equal_sorted(&in_a, &in_b, depth);
    json_names_free(&in_a);
    json_names_free(&in_b);
    return same;
}

static int equal_arrays(struct json a, struct json b, int depth)
{
    struct json_walk in_a = json_walk(a), in_b = json_walk(b);
    struct json item_a, item_b;

    while (json_next(&in_a, NULL, &item_a)) {
        int same = json_next(&in_b, NULL, &item_b) ? equal(item_a, item_b, depth) : 0;

        if (same <= 0)
            return same;
    }
    return !json_next(&in_b, NULL, &item_b);
}

static int equal(struct json a, struct json b, int depth)
{
    enum json_kind kind = json_kind(a);

    if (json_kind(b) != kind)
        return 0;
    if (a.len == b.len && memcmp(a.at, b.at, a.len) == 0)
        return 1;
    switch (kind) {
    case JSON_STRING:
        return json_same_string(a, b);
    case JSON_NUMBER:
        return json_number(a) == json_number(b);
    case JSON_ARRAY:
        return depth < MOST_COMPARED ? equal_arrays(a, b, depth + 1) : 0;
    case JSON_OBJECT:
        return depth < MOST_COMPARED ? equal_objects(a, b, depth + 1) : 0;
    default:
        return a.len == b.len;
    }
}

int json_equal(struct json a, struct json b)
{
    return equal(a, b, 0);
}

void json_place(const char *text, const char *at, size_t *line, size_t *column)
{
    *line = *column = 1;
    for (; text < at; text++) {
        (*column)++;
        if (*text == '\n') {
            (*line)++;
            *column = 1;
        }
    }
}

char *json_c_string(struct json literal)
{
    struct buf text = {0};

    json_decode(&text, literal);
    buf_byte(&text, 0);
    if (text.failed || memchr(text.data, 0, text.len - 1) ||
        utf8_check(text.data, text.len - 1) != text.len - 1)
        buf_free(&text);
    return text.data;
}

size_t json_nesting(struct json v)
{
    size_t depth = 0, deepest = 0;

    for (const char *p = v.at; p < v.at + v.len; p++) {
        if (*p == '"')
            for (p++; *p != '"'; p++)
                p += *p == '\\';
        depth += *p == '[' || *p == '{';
        deepest = depth > deepest ? depth : deepest;
        depth -= *p == ']' || *p == '}';
    }
    return deepest;
}
