/* SPDX-License-Identifier: MIT */
/* Schemas, looked up by where they stand: their keywords, their properties by name, what they refer to. */
#include <stdlib.h>
#include <string.h>

#include "host/schema/schema_internal.h"

enum keyword keyword_of(struct json name)
{
    static const char *const names[KEYWORD_COUNT] = {
#define X(id, name, form) [KEYWORD_##id] = name,
        SCHEMA_KEYWORDS(X)
#undef X
    };
    unsigned k = 0;

    while (k < KEYWORD_COUNT && !json_is(name, names[k]))
        k++;
    return (enum keyword)k;
}

unsigned type_named(struct json name)
{
    static const char *const names[] = {"null", "boolean", "number", "integer", "string", "array", "object"};
    struct json item;
    unsigned types = 0;

    if (json_kind(name) == JSON_ARRAY)
        for (struct json_walk w = json_walk(name); json_next(&w, NULL, &item);)
            types |= type_named(item);
    for (unsigned i = 0; json_kind(name) == JSON_STRING && i < sizeof names / sizeof *names; i++)
        if (json_is(name, names[i]))
            types |= 1u << i;
    return types;
}

/* FNV-1a, 64 bits. */
uint64_t hash_letters(struct json literal)
{
    struct json_letters l = json_letters(literal);
    uint64_t h = 0xcbf29ce484222325;
    char bytes[4];
    size_t n;

    while ((n = json_next_letter(&l, bytes)) > 0)
        for (size_t i = 0; i < n; i++)
            h = (h ^ (unsigned char)bytes[i]) * 0x100000001b3;
    return h;
}

/* ---- what a schema consists of */

static struct member *place_of(const struct node *n, uint64_t hash, struct json name)
{
    size_t i = hash & n->member_mask;

    while (n->members[i].name.at &&
           !(n->members[i].hash == hash && json_same_string(n->members[i].name, name)))
        i = (i + 1) & n->member_mask;
    return &n->members[i];
}

struct json node_property(const struct node *n, struct json name)
{
    return n->members ? place_of(n, hash_letters(name), name)->value : (struct json){NULL, 0};
}

static int add_properties(struct node *n, struct json properties)
{
    size_t places = 4, count = json_count(properties);
    struct member m;

    while (places < 2 * count)
        places *= 2;
    n->members = calloc(places, sizeof *n->members);
    if (!n->members)
        return -1;
    n->member_mask = places - 1;
    for (struct json_walk w = json_walk(properties); json_next(&w, &m.name, &m.value);) {
        m.hash = hash_letters(m.name);
        *place_of(n, m.hash, m.name) = m;
    }
    return 0;
}

static int add_patterns(struct node *n, struct json patterns)
{
    struct json key, value;
    char why[160];

    n->patterns = calloc(json_count(patterns) + 1, sizeof *n->patterns);
    if (!n->patterns)
        return -1;
    for (struct json_walk w = json_walk(patterns); json_next(&w, &key, &value);) {
        struct pattern *p = pattern_compile(key, why);
        if (!p)
            return -1;
        n->patterns[n->pattern_count++] = (struct pattern_member){p, value};
    }
    return 0;
}

static int fill(struct node *n, struct json root)
{
    struct json key, value;
    char why[160];

    n->never = *n->schema.at == 'f';
    for (struct json_walk w = json_walk(n->schema); json_next(&w, &key, &value);) {
        enum keyword k = key.at ? keyword_of(key) : KEYWORD_COUNT;
        if (k < KEYWORD_ANNOTATION)
            n->keyword[k] = value;
    }
    if (n->keyword[KEYWORD_TYPE].at)
        n->types = type_named(n->keyword[KEYWORD_TYPE]);
    if (n->keyword[KEYWORD_REF].at)
        n->target = schema_target(root, n->keyword[KEYWORD_REF]);
    if (n->keyword[KEYWORD_PROPERTIES].at && add_properties(n, n->keyword[KEYWORD_PROPERTIES]) < 0)
        return -1;
    if (n->keyword[KEYWORD_PATTERN_PROPERTIES].at &&
        add_patterns(n, n->keyword[KEYWORD_PATTERN_PROPERTIES]) < 0)
        return -1;
    if (n->keyword[KEYWORD_PATTERN].at)
        n->pattern = pattern_compile(n->keyword[KEYWORD_PATTERN], why);
    return n->keyword[KEYWORD_PATTERN].at && !n->pattern ? -1 : 0;
}

static void node_free(struct node *n)
{
    pattern_free(n->pattern);
    for (size_t i = 0; i < n->pattern_count; i++)
        pattern_free(n->patterns[i].pattern);
    free(n->patterns);
    free(n->members);
    free(n);
}

/* ---- finding them again */

static struct node **slot_of(struct node **table, size_t mask, const char *at)
{
    size_t i = (size_t)((uintptr_t)at * 0x9e3779b97f4a7c15 >> 20) & mask;

    while (table[i] && table[i]->schema.at != at)
        i = (i + 1) & mask;
    return &table[i];
}

static int grow(struct schemas *s)
{
    size_t places = s->mask ? 2 * (s->mask + 1) : 64;
    struct node **table = calloc(places, sizeof(struct node *));

    if (!table)
        return -1;
    for (struct node *n = s->all; n; n = n->next)
        *slot_of(table, places - 1, n->schema.at) = n;
    free(s->table);
    s->table = table;
    s->mask = places - 1;
    return 0;
}

struct node *schemas_node(struct schemas *s, struct json schema)
{
    struct node **slot, *n;

    if (2 * s->count >= s->mask && grow(s) < 0)
        return NULL;
    slot = slot_of(s->table, s->mask, schema.at);
    if (*slot)
        return *slot;
    n = calloc(1, sizeof *n);
    if (!n)
        return NULL;
    n->schema = schema;
    if (fill(n, s->root) < 0) {
        node_free(n);
        return NULL;
    }
    n->next = s->all;
    s->all = n;
    s->count++;
    return *slot = n;
}

int schemas_known(const struct schemas *s, struct json schema)
{
    return s->table && *slot_of(s->table, s->mask, schema.at) != NULL;
}

void schemas_free(struct schemas *s)
{
    for (struct node *n = s->all, *next; n; n = next) {
        next = n->next;
        node_free(n);
    }
    free(s->table);
}

/* ---- references */

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/* A part of a pointer up to `end`, out of its two escapes (%41, then ~1), NUL-terminated. -1: it is none. */
static int part_of(struct buf *out, const char *p, const char *end)
{
    size_t to = 0;

    buf_reset(out);
    while (p < end) {
        char c = *p++;
        if (c == '%') {
            if (end - p < 2 || hex_digit(p[0]) < 0 || hex_digit(p[1]) < 0)
                return -1;
            c = (char)(hex_digit(p[0]) * 16 + hex_digit(p[1]));
            p += 2;
        }
        if (!c)
            return -1;
        buf_byte(out, c);
    }
    for (size_t i = 0; i < out->len; i++) {
        char c = out->data[i];
        if (c == '~') {
            if (++i == out->len || (out->data[i] != '0' && out->data[i] != '1'))
                return -1;
            c = out->data[i] == '0' ? '~' : '/';
        }
        out->data[to++] = c;
    }
    out->len = to;
    buf_byte(out, 0);
    return out->failed ? -1 : 0;
}

static struct json item_at(struct json array, const char *index)
{
    struct json item;
    size_t at = 0;
    char *end;
    unsigned long wanted = strtoul(index, &end, 10);

    if (index[0] < '0' || index[0] > '9' || *end || (index[0] == '0' && index[1]))
        return (struct json){NULL, 0};
    for (struct json_walk w = json_walk(array); json_next(&w, NULL, &item); at++)
        if (at == wanted)
            return item;
    return (struct json){NULL, 0};
}

struct json schema_target(struct json root, struct json ref)
{
    struct json found = root;
    struct buf text = {0}, part = {0};
    const char *p, *end, *slash;

    json_decode(&text, ref);
    if (text.len == 0 || text.failed || *text.data != '#')
        found.at = NULL;
    p = found.at ? text.data + 1 : NULL;
    end = found.at ? text.data + text.len : NULL;
    if (p < end && *p != '/')
        found.at = NULL;
    for (; found.at && p < end; p = slash) {
        slash = memchr(p + 1, '/', (size_t)(end - p - 1));
        if (!slash)
            slash = end;
        if (part_of(&part, p + 1, slash) < 0)
            found.at = NULL;
        else
            found =
                json_kind(found) == JSON_ARRAY ? item_at(found, part.data) : json_member(found, part.data);
    }
    buf_free(&text);
    buf_free(&part);
    return found;
}
