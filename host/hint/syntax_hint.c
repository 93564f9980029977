/* SPDX-License-Identifier: MIT */
#include "host/hint/syntax_hint_internal.h"

#include <string.h>

#include "core/fence.h"
#include "host/hint/line_index.h"

#define MOST_BACK 4096 /* bytes that are searched for an open bracket */

int syntax_hint_is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$';
}

int syntax_hint_is_any(char c, const char *of)
{
    return c && strchr(of, c) != NULL;
}

int syntax_hint_begins(const char *text, const char *end, const char *with)
{
    size_t len = strlen(with);

    return (size_t)(end - text) >= len && memcmp(text, with, len) == 0;
}

int syntax_hint_word(const char *text, const char *end, const char *word)
{
    const char *behind = text + strlen(word);

    return syntax_hint_begins(text, end, word) && (behind == end || !syntax_hint_is_letter(*behind));
}

int syntax_hint_one_of(const char *text, const char *end, const char *const *words)
{
    for (; *words; words++)
        if (syntax_hint_word(text, end, *words))
            return 1;
    return 0;
}

const char *syntax_hint_skip_blanks(const char *text, const char *end)
{
    while (text < end && (*text == ' ' || *text == '\t'))
        text++;
    return text;
}

const char *syntax_hint_skip_name(const char *text, const char *end)
{
    if (text < end && *text >= '0' && *text <= '9')
        return text;
    while (text < end && syntax_hint_is_letter(*text))
        text++;
    return text;
}

const char *syntax_hint_back(const char *start, const char *text)
{
    while (text > start && (text[-1] == ' ' || text[-1] == '\t'))
        text--;
    return text;
}

const char *syntax_hint_back_lines(const char *start, const char *text)
{
    while (text > start && syntax_hint_is_any(text[-1], " \t\r\n"))
        text--;
    return text;
}

int syntax_hint_behind(const struct syntax_hint_place *p, const char *const *words)
{
    const char *end = syntax_hint_back(p->line, p->at), *word = end;

    while (word > p->line && syntax_hint_is_letter(word[-1]))
        word--;
    return end < p->at && word < end && syntax_hint_one_of(word, end, words);
}

const char *syntax_hint_line_text(const struct syntax_hint_place *p)
{
    return syntax_hint_skip_blanks(p->line, p->line_end);
}

const char *syntax_hint_bracket(const struct syntax_hint_place *p)
{
    size_t depth = 0;

    for (const char *c = p->at; c > p->start && p->at - c < MOST_BACK;) {
        c--;
        if (syntax_hint_is_any(*c, ")]}"))
            depth++;
        else if (syntax_hint_is_any(*c, "([{") && depth-- == 0)
            return c;
    }
    return NULL;
}

static int find_place(struct syntax_hint_place *p, const struct source *s, size_t line, size_t column)
{
    struct line_index_line l;
    size_t chars;

    if (!s->text.len || !line || !column || !line_index_line(s, line, &l))
        return 0;
    p->start = s->text.data;
    p->end = p->start + s->text.len;
    p->line = l.text;
    p->line_end = l.text + l.len;
    p->at = l.text + line_index_column(&l, column, &chars);
    return 1;
}

/* 1 when the worker has run the code of a fenced block, and the place is in it: then that code is the source. */
static int is_unfenced(struct syntax_hint_place *p, const struct source *s)
{
    struct fence f;
    size_t at = (size_t)(p->at - p->start);

    if (s->form != FORM_AUTO || !fence_find(s->text.data, s->text.len, &f) || at < f.from || at > f.to)
        return 0;
    p->end = p->start + f.to;
    p->start += f.from;
    return 1;
}

static const char *look_up(const struct syntax_hint_row *rows, const struct syntax_hint_place *p)
{
    for (; rows->hint; rows++)
        if ((!rows->says || strncmp(p->message, rows->says, strlen(rows->says)) == 0) &&
            (!rows->fits || rows->fits(p)))
            return rows->hint;
    return NULL;
}

static const char *foreign(struct syntax_hint_place *p, const struct source *s)
{
    const char *found = is_unfenced(p, s) ? NULL : syntax_hint_fence(s, (size_t)(p->at - p->start));

    return found ? found : look_up(syntax_hint_foreign, p);
}

const char *syntax_hint(const struct source *s, size_t line, size_t column, const char *message)
{
    struct syntax_hint_place p = {.message = message, .form = s->form};
    const char *found;

    if (!find_place(&p, s, line, column))
        return syntax_hint_fence(s, 0);
    found = foreign(&p, s);
    found = found ? found : look_up(syntax_hint_colon, &p);
    return found ? found : look_up(syntax_hint_javascript, &p);
}

int syntax_hint_foreign_text(const struct source *s, size_t line, size_t column, const char *message)
{
    struct syntax_hint_place p = {.message = message, .form = s->form};

    return find_place(&p, s, line, column) && foreign(&p, s) != NULL;
}

int syntax_hint_type_argument(const struct source *s, size_t line, size_t column)
{
    struct syntax_hint_place p = {0};

    return find_place(&p, s, line, column) && syntax_hint_back(p.line, p.at) > p.line &&
           syntax_hint_back(p.line, p.at)[-1] == '<' && memchr(p.at, '>', (size_t)(p.line_end - p.at));
}
