/* SPDX-License-Identifier: MIT */
#include "host/mcp/search.h"

#include <string.h>

#include "core/file.h"

/* Bytes of a description that are looked at. */
#define MOST_LOOKED_AT 4096

struct words {
    struct {
        const char *at;
        size_t len;
    } list[SEARCH_MOST_WORDS];
    size_t count;
};

/* ---- texts */

static int is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

static int is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* Appends a text in small letters; where a word begins with a capital inside another, a blank when `split`. */
static void put_small(struct buf *out, const char *text, size_t len, int split)
{
    char *to;

    if (buf_reserve(out, 2 * len) < 0)
        return;
    to = out->data + out->len;
    for (size_t i = 0; i < len; i++) {
        if (split && i && is_capital(text[i]) && !is_capital(text[i - 1]))
            *to++ = ' ';
        *to++ = (char)(is_capital(text[i]) ? text[i] | 32 : text[i]);
    }
    out->len = (size_t)(to - out->data);
}

static void put_literal(struct buf *out, struct json literal, int split)
{
    AUTO_BUF struct buf text = {0};

    if (!literal.at || json_kind(literal) != JSON_STRING)
        return;
    if (!memchr(literal.at, '\\', literal.len)) {
        literal.len -= 2;
        put_small(out, literal.at + 1, literal.len < MOST_LOOKED_AT ? literal.len : MOST_LOOKED_AT, split);
        return;
    }
    json_decode(&text, literal);
    out->failed |= text.failed;
    put_small(out, text.data, text.len < MOST_LOOKED_AT ? text.len : MOST_LOOKED_AT, split);
}

static void take_words(struct words *w, const struct buf *query)
{
    for (size_t i = 0, from; i < query->len && w->count < SEARCH_MOST_WORDS;) {
        for (; i < query->len && !is_letter(query->data[i]); i++)
            ;
        for (from = i; i < query->len && is_letter(query->data[i]); i++)
            ;
        if (i > from) {
            w->list[w->count].at = query->data + from;
            w->list[w->count++].len = i - from;
        }
    }
}

static int has_word(const struct buf *text, const char *word, size_t len)
{
    return text->len && memmem(text->data, text->len, word, len) != NULL;
}

/* 1 when the text contains it as a separate word. */
static int holds_word(const struct buf *text, const char *word, size_t len)
{
    const char *at = text->data, *end = at + text->len, *found;

    for (; text->len && (found = memmem(at, (size_t)(end - at), word, len)); at = found + 1)
        if ((found == text->data || !is_letter(found[-1])) && (found + len == end || !is_letter(found[len])))
            return 1;
    return 0;
}

/* ---- functions */

/* Parts of a function in small letters; their memory is used again for the next one. */
struct parts {
    struct buf path; /* its words apart */
    struct buf whole, description, parameters;
};

static void free_parts(struct parts *p)
{
    buf_free(&p->path);
    buf_free(&p->whole);
    buf_free(&p->description);
    buf_free(&p->parameters);
}

int search_has(const struct stub *s)
{
    return stub_is_callable(s) && strcmp(s->path, SEARCH_PATH) != 0 &&
           !(s->kind->undeclared && s->kind->undeclared(s));
}

static const struct stub *global_of(const struct globals *g, const struct stub *s)
{
    while (s->parent >= 0)
        s = &g->stubs[s->parent];
    return s;
}

struct json search_group(const struct globals *g, const struct stub *s)
{
    return global_of(g, s)->name;
}

static void take_parts(struct parts *p, const struct stub *s)
{
    struct json properties = json_member(stub_option(s, STUB_OPTION_PARAMETERS), "properties"), name;
    struct json path = {s->path, strlen(s->path)};

    p->path.len = p->whole.len = p->description.len = p->parameters.len = 0;
    put_literal(&p->path, path, 1);
    put_literal(&p->whole, path, 0);
    put_literal(&p->description, stub_option(s, STUB_OPTION_DESCRIPTION), 0);
    for (struct json_walk at = json_walk(properties);
         at.members && json_next(&at, &name, &(struct json){0});) {
        put_literal(&p->parameters, name, 0);
        buf_byte(&p->parameters, ' ');
    }
}

static unsigned score_of(const struct parts *p, const struct words *w)
{
    unsigned score = w->count == 0;

    for (size_t i = 0; i < w->count; i++) {
        const char *word = w->list[i].at;
        size_t len = w->list[i].len;

        if (holds_word(&p->path, word, len) || holds_word(&p->whole, word, len))
            score += 20;
        else if (has_word(&p->whole, word, len))
            score += 8;
        score += has_word(&p->description, word, len) ? 4 : 0;
        score += has_word(&p->parameters, word, len) ? 2 : 0;
    }
    return score;
}

static int is_better(const struct search_hit *x, const struct search_hit *y)
{
    return x->score != y->score ? x->score > y->score : strcmp(x->stub->path, y->stub->path) < 0;
}

/* Puts a hit where it belongs among the best, of which there are `count` so far. */
static void keep_best(struct search_hit *hits, size_t count, size_t most, struct search_hit hit)
{
    size_t at = count < most ? count : most;

    for (; at > 0 && is_better(&hit, &hits[at - 1]); at--)
        if (at < most)
            hits[at] = hits[at - 1];
    if (at < most)
        hits[at] = hit;
}

long search_functions(const struct globals *g, const char *query, size_t len, const char *group,
                      struct search_hit *hits, size_t most)
{
    AUTO_BUF struct buf small = {0};
    struct words words = {.count = 0};
    struct parts parts = {0};
    size_t count = 0;
    int failed;

    put_small(&small, query, len, 0);
    take_words(&words, &small);
    for (size_t i = 0; i < g->count; i++) {
        struct search_hit hit = {.stub = &g->stubs[i]};

        if (!search_has(hit.stub) || (group && !json_is(search_group(g, hit.stub), group)))
            continue;
        take_parts(&parts, hit.stub);
        hit.score = score_of(&parts, &words);
        if (hit.score > 0)
            keep_best(hits, count++, most, hit);
    }
    failed = small.failed || parts.path.failed || parts.whole.failed || parts.description.failed ||
             parts.parameters.failed;
    free_parts(&parts);
    return failed ? -1 : (long)count;
}
