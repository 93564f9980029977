/* SPDX-License-Identifier: MIT */
/* Mistakes in JavaScript. */
#include <string.h>

#include "host/hint/syntax_hint_internal.h"

static int is_await(const struct syntax_hint_place *p)
{
    const char *behind = syntax_hint_skip_blanks(syntax_hint_skip_name(p->at, p->line_end), p->line_end);

    return syntax_hint_word(p->at, p->line_end, "await") &&
           (behind == p->line_end || !syntax_hint_is_any(*behind, "=,;)}"));
}

static int is_curly_quote(const struct syntax_hint_place *p)
{
    static const char *const quotes[] = {"\xe2\x80\x98", "\xe2\x80\x99", "\xe2\x80\x9a", "\xe2\x80\x9b",
                                         "\xe2\x80\x9c", "\xe2\x80\x9d", "\xe2\x80\x9e", "\xe2\x80\x9f",
                                         "\xc2\xab",     "\xc2\xbb"};

    for (size_t i = 0; i < sizeof quotes / sizeof *quotes; i++)
        if (syntax_hint_begins(p->at, p->line_end, quotes[i]))
            return 1;
    return 0;
}

static int is_not_ascii(const struct syntax_hint_place *p)
{
    return p->at < p->line_end && (*p->at & 0x80);
}

/* 1 for zero-width characters after a name. */
static int is_invisible(const struct syntax_hint_place *p)
{
    static const char *const invisible[] = {"\xe2\x80\x8b", "\xe2\x81\xa0", "\xc2\xad", NULL};
    const char *behind = syntax_hint_skip_name(p->at, p->line_end);

    for (const char *const *c = invisible; *c; c++)
        if (syntax_hint_begins(behind, p->line_end, *c))
            return 1;
    return 0;
}

/* 1 for \\n, \\t or \\" outside of a string. */
static int is_escaped_twice(const struct syntax_hint_place *p)
{
    return syntax_hint_begins(p->at, p->line_end, "\\n") || syntax_hint_begins(p->at, p->line_end, "\\t") ||
           syntax_hint_begins(p->at, p->line_end, "\\\"");
}

static int is_decorator(const struct syntax_hint_place *p)
{
    return syntax_hint_begins(p->at, p->line_end, "@") && syntax_hint_line_text(p) == p->at;
}

static int is_open_string(const struct syntax_hint_place *p)
{
    if (p->at == p->line_end || (*p->at != '"' && *p->at != '\''))
        return 0;
    for (const char *c = p->at + 1; c < p->line_end; c++)
        if (*c == '\\')
            c++;
        else if (*c == *p->at)
            return 0;
    return 1;
}

static int is_tag(const struct syntax_hint_place *p)
{
    const char *name = p->at + (p->at < p->line_end);
    size_t rest = (size_t)(p->end - p->at);

    return name < p->line_end && (syntax_hint_is_letter(*name) || *name == '>') &&
           (memmem(p->at, rest, "</", 2) || memmem(p->at, rest, "/>", 2));
}

/* 1 for the second property of an object that was read as a block: `() => { a: 1, b: 2 }`. */
static int is_arrow_object(const struct syntax_hint_place *p)
{
    const char *bracket = syntax_hint_bracket(p),
               *arrow = bracket ? syntax_hint_back(p->start, bracket) : NULL;

    return bracket && *bracket == '{' && arrow - p->start >= 2 && memcmp(arrow - 2, "=>", 2) == 0 &&
           memchr(bracket, ':', (size_t)(p->at - bracket)) && memchr(bracket, ',', (size_t)(p->at - bracket));
}

/* 1 for `name: value` or `"name": value` at the beginning of a line, in an object, after the end of a value. */
static int lacks_comma(const struct syntax_hint_place *p)
{
    const char *before = syntax_hint_back_lines(p->start, p->at), *bracket = syntax_hint_bracket(p),
               *behind = p->at;

    if (p->at == p->line_end || syntax_hint_line_text(p) != p->at || before == p->start || !bracket ||
        *bracket != '{' || (!syntax_hint_is_letter(before[-1]) && !syntax_hint_is_any(before[-1], "\"'`)]}")))
        return 0;
    if (*p->at == '"' || *p->at == '\'') {
        behind = memchr(p->at + 1, *p->at, (size_t)(p->line_end - p->at - 1));
        behind = behind ? behind + 1 : p->at;
    } else {
        behind = syntax_hint_skip_name(p->at, p->line_end);
    }
    return behind > p->at &&
           syntax_hint_begins(syntax_hint_skip_blanks(behind, p->line_end), p->line_end, ":");
}

static int is_behind_keyword_for(const struct syntax_hint_place *p)
{
    static const char *const words[] = {"for", NULL};

    return syntax_hint_behind(p, words);
}

static int is_behind_condition(const struct syntax_hint_place *p)
{
    static const char *const words[] = {"if", "while", "switch", NULL};

    return syntax_hint_behind(p, words);
}

static int is_word_operator(const struct syntax_hint_place *p)
{
    static const char *const words[] = {"and", "or", NULL}, *const negation[] = {"not", NULL};

    return syntax_hint_one_of(p->at, p->line_end, words) || syntax_hint_behind(p, negation);
}

static int is_behind_import(const struct syntax_hint_place *p)
{
    static const char *const words[] = {"import", NULL};

    return syntax_hint_behind(p, words);
}

static int is_export(const struct syntax_hint_place *p)
{
    return syntax_hint_word(p->at, p->line_end, "export");
}

/* 1 for `export name`, which is incomplete. */
static int is_bare_export(const struct syntax_hint_place *p)
{
    static const char *const words[] = {"default", "const", "let", "var", "function", "class", "async", NULL};
    const char *name = syntax_hint_skip_blanks(syntax_hint_skip_name(p->at, p->line_end), p->line_end);

    return is_export(p) && syntax_hint_skip_name(name, p->line_end) > name &&
           !syntax_hint_one_of(name, p->line_end, words);
}

/* 1 for a letter after a quote that has ended its string too early. */
static int is_inner_quote(const struct syntax_hint_place *p)
{
    return p->at > p->line && p->at < p->line_end && syntax_hint_is_letter(*p->at) &&
           syntax_hint_is_any(p->at[-1], "'\"");
}

#define QUOTES \
    "Write a quote inside a string with a backslash before it, or put the string between backticks."
#define ASYNC "Mark the enclosing function `async`; at the top level await is allowed."

const struct syntax_hint_row syntax_hint_javascript[] = {
    {"Unexpected reserved word", is_await, ASYNC},
    {"await is only valid", NULL, ASYNC},
    {"Illegal return", NULL,
     "This is a module, not a function: use `export default VALUE` in place of `return`."},
    {"Unexpected token '<'", is_tag, "JSX is not JavaScript: build strings or plain objects in its place."},
    {"Unexpected token ':'", is_arrow_object,
     "Put parentheses around an object that an arrow function returns: `() => ({ ... })`."},
    {"Unexpected identifier", lacks_comma, "A comma is missing at the end of the property before."},
    {"Unexpected string", lacks_comma, "A comma is missing at the end of the property before."},
    {"Unexpected identifier", is_inner_quote, QUOTES},
    {"missing )", is_inner_quote, QUOTES},
    {"Unexpected identifier", is_behind_keyword_for, "Write loops as `for (const item of list) { ... }`."},
    {"Unexpected identifier", is_behind_condition,
     "Put the condition in parentheses and the body in braces."},
    {"Unexpected identifier", is_word_operator, "Write && for and, || for or, ! for not."},
    {"Unexpected identifier", is_behind_import,
     "`import` must stand at the top level of the module; elsewhere use `await import(...)`."},
    {"Unexpected token 'export'", is_bare_export, "Write `export default NAME` or `export { NAME }`."},
    {"Unexpected token 'export'", is_export,
     "`export` must stand at the top level of the module, where a statement begins."},
    {"Invalid or unexpected token", is_curly_quote, "Replace the curly quotes with straight ones."},
    {NULL, is_invisible, "Remove the invisible character behind the name."},
    {"Invalid or unexpected token", is_not_ascii,
     "Replace the character at this place: outside of strings it is no part of JavaScript."},
    {NULL, is_escaped_twice,
     "The code is escaped twice: it must hold line breaks and quotes themselves, not \\n and \\\"."},
    {"Invalid or unexpected token", is_decorator, "There are no decorators: call the function instead."},
    {"Invalid or unexpected token", is_open_string,
     "Close the string on its line, or put a text of more lines between backticks."},
    {"Unexpected end of input", NULL,
     "The code ends too early: close every bracket, and finish the last statement."},
    {"HTML comments are not", NULL, "Write comments as `//` or `/* */`, in place of `<!-- -->`."},
    {"Identifier '.default' has already", NULL, "Keep one `export default`: a module can have only one."},
    {0},
};
