/* SPDX-License-Identifier: MIT */
#include "host/slip_parts.h"

#include <string.h>

#include "host/place.h"

#define MOST_BACK 4096 /* bytes that are searched for an open bracket */

int slip_is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$';
}

int slip_is_any(char c, const char *of)
{
    return c && strchr(of, c) != NULL;
}

int slip_begins(const char *text, const char *end, const char *with)
{
    size_t len = strlen(with);

    return (size_t)(end - text) >= len && memcmp(text, with, len) == 0;
}

int slip_word(const char *text, const char *end, const char *word)
{
    const char *behind = text + strlen(word);

    return slip_begins(text, end, word) && (behind == end || !slip_is_letter(*behind));
}

int slip_one_of(const char *text, const char *end, const char *const *words)
{
    for (; *words; words++)
        if (slip_word(text, end, *words))
            return 1;
    return 0;
}

const char *slip_skip_blanks(const char *text, const char *end)
{
    while (text < end && (*text == ' ' || *text == '\t'))
        text++;
    return text;
}

const char *slip_skip_name(const char *text, const char *end)
{
    if (text < end && *text >= '0' && *text <= '9')
        return text;
    while (text < end && slip_is_letter(*text))
        text++;
    return text;
}

const char *slip_back(const char *start, const char *text)
{
    while (text > start && (text[-1] == ' ' || text[-1] == '\t'))
        text--;
    return text;
}

const char *slip_back_lines(const char *start, const char *text)
{
    while (text > start && slip_is_any(text[-1], " \t\r\n"))
        text--;
    return text;
}

int slip_behind(const struct slip_place *p, const char *const *words)
{
    const char *end = slip_back(p->line, p->at), *word = end;

    while (word > p->line && slip_is_letter(word[-1]))
        word--;
    return end < p->at && word < end && slip_one_of(word, end, words);
}

const char *slip_line_text(const struct slip_place *p)
{
    return slip_skip_blanks(p->line, p->line_end);
}

const char *slip_bracket(const struct slip_place *p)
{
    size_t depth = 0;

    for (const char *c = p->at; c > p->start && p->at - c < MOST_BACK;) {
        c--;
        if (slip_is_any(*c, ")]}"))
            depth++;
        else if (slip_is_any(*c, "([{") && depth-- == 0)
            return c;
    }
    return NULL;
}

static int find_place(struct slip_place *p, const struct source *s, size_t line, size_t column)
{
    struct place_line l;
    size_t chars;

    if (!s->text.len || !line || !column || !place_line(s, line, &l))
        return 0;
    p->start = s->text.data;
    p->end = p->start + s->text.len;
    p->line = l.text;
    p->line_end = l.text + l.len;
    p->at = l.text + place_column(&l, column, &chars);
    return 1;
}

static const char *look_up(const struct slip_row *rows, const struct slip_place *p)
{
    for (; rows->hint; rows++)
        if ((!rows->says || strncmp(p->message, rows->says, strlen(rows->says)) == 0) &&
            (!rows->fits || rows->fits(p)))
            return rows->hint;
    return NULL;
}

const char *slip(const struct source *s, size_t line, size_t column, const char *message)
{
    struct slip_place p = {.message = message};
    const char *found;

    if (!find_place(&p, s, line, column))
        return slip_fence(s, 0);
    found = slip_fence(s, (size_t)(p.at - p.start));
    found = found ? found : look_up(slip_foreign, &p);
    found = found ? found : look_up(slip_typescript, &p);
    return found ? found : look_up(slip_javascript, &p);
}

int slip_type_argument(const struct source *s, size_t line, size_t column)
{
    struct slip_place p = {0};

    return find_place(&p, s, line, column) && slip_back(p.line, p.at) > p.line &&
           slip_back(p.line, p.at)[-1] == '<' && memchr(p.at, '>', (size_t)(p.line_end - p.at));
}
