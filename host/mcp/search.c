/* SPDX-License-Identifier: MIT */
#include "host/mcp/search.h"

#include <stdlib.h>
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
    for (size_t i = 0; i < len; i++) {
        if (split && i && is_capital(text[i]) && !is_capital(text[i - 1]))
            buf_byte(out, ' ');
        buf_byte(out, (char)(is_capital(text[i]) ? text[i] | 32 : text[i]));
    }
}

static void put_literal(struct buf *out, struct json literal, int split)
{
    AUTO_BUF struct buf text = {0};

    if (!literal.at || json_kind(literal) != JSON_STRING)
        return;
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

static unsigned score_of(const struct stub *s, const struct words *w)
{
    struct json properties = json_member(stub_option(s, STUB_OPTION_PARAMETERS), "properties"), name;
    AUTO_BUF struct buf path = {0}, whole = {0}, description = {0}, parameters = {0};
    unsigned score = w->count == 0;

    put_literal(&path, (struct json){s->path, strlen(s->path)}, 1);
    put_literal(&whole, (struct json){s->path, strlen(s->path)}, 0);
    put_literal(&description, stub_option(s, STUB_OPTION_DESCRIPTION), 0);
    for (struct json_walk at = json_walk(properties);
         at.members && json_next(&at, &name, &(struct json){0});) {
        put_literal(&parameters, name, 0);
        buf_byte(&parameters, ' ');
    }
    for (size_t i = 0; i < w->count; i++) {
        const char *word = w->list[i].at;
        size_t len = w->list[i].len;

        if (holds_word(&path, word, len) || holds_word(&whole, word, len))
            score += 20;
        else if (has_word(&whole, word, len))
            score += 8;
        score += has_word(&description, word, len) ? 4 : 0;
        score += has_word(&parameters, word, len) ? 2 : 0;
    }
    return score;
}

static int by_score(const void *a, const void *b)
{
    const struct search_hit *x = a, *y = b;

    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return strcmp(x->stub->path, y->stub->path);
}

long search_functions(const struct globals *g, const char *query, size_t len, const char *group,
                      struct search_hit *hits, size_t most)
{
    struct search_hit *all = calloc(g->count + 1, sizeof *all);
    AUTO_BUF struct buf small = {0};
    struct words words = {.count = 0};
    size_t count = 0;

    put_small(&small, query, len, 0);
    take_words(&words, &small);
    for (size_t i = 0; all && i < g->count; i++) {
        const struct stub *s = &g->stubs[i];

        if (!search_has(s) || (group && !json_is(search_group(g, s), group)))
            continue;
        all[count] = (struct search_hit){s, score_of(s, &words)};
        count += all[count].score > 0;
    }
    if (all && count)
        qsort(all, count, sizeof *all, by_score);
    if (all && count && most)
        memcpy(hits, all, (count < most ? count : most) * sizeof *hits);
    free(all);
    return all && !small.failed ? (long)count : -1;
}
