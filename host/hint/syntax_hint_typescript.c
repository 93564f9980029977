/* SPDX-License-Identifier: MIT */
/* TypeScript in a file of JavaScript. */
#include <string.h>

#include "host/hint/syntax_hint_internal.h"

static int has_on_line(const struct syntax_hint_place *p, const char *what)
{
    return memmem(p->at, (size_t)(p->line_end - p->at), what, strlen(what)) != NULL;
}

/* 1 for `name:`, `name?:` or `name!:` here. */
static int is_typed_name(const struct syntax_hint_place *p)
{
    const char *behind = syntax_hint_skip_name(p->at, p->line_end);

    if (behind == p->at)
        return 0;
    if (behind < p->line_end && (*behind == '?' || *behind == '!'))
        behind++;
    behind = syntax_hint_skip_blanks(behind, p->line_end);
    return behind < p->line_end && *behind == ':';
}

/* 1 for `const name: type` or `const {a}: type`. */
static int is_typed_constant(const struct syntax_hint_place *p)
{
    return is_typed_name(p) || has_on_line(p, "}:") || has_on_line(p, "]:");
}

/* 1 for the colon of `(a: type`, `let a: type` or `): type {`, not for one of an object or of `?:`. */
static int is_annotation(const struct syntax_hint_place *p)
{
    static const char *const declarations[] = {"let", "var", "const", NULL};
    const char *end = syntax_hint_back(p->line, p->at), *name = end, *bracket = syntax_hint_bracket(p);
    const char *type = syntax_hint_skip_blanks(p->at + 1, p->line_end);
    struct syntax_hint_place named = *p;

    if (type >= p->line_end || end == p->line)
        return 0;
    if (end[-1] == ')')
        return syntax_hint_is_letter(*type) && (has_on_line(p, "=>") || has_on_line(p, "{")) &&
               !memchr(p->line, '?', (size_t)(p->at - p->line));
    if (end[-1] == '}' || end[-1] == ']')
        return bracket && *bracket == '(';
    while (name > p->line && syntax_hint_is_letter(name[-1]))
        name--;
    if (name == end)
        return 0;
    named.at = name;
    return syntax_hint_behind(&named, declarations) ||
           (bracket && *bracket == '(' && !memchr(bracket, '?', (size_t)(p->at - bracket)));
}

static int is_optional(const struct syntax_hint_place *p)
{
    const char *behind = syntax_hint_skip_blanks(p->at + (p->at < p->line_end), p->line_end);

    return behind < p->line_end && syntax_hint_is_any(*behind, ":),");
}

static int is_certain(const struct syntax_hint_place *p)
{
    return p->at > p->line && p->line_end - p->at > 1 && syntax_hint_is_any(p->at[1], ".);[,") &&
           (syntax_hint_is_letter(p->at[-1]) || p->at[-1] == ')' || p->at[-1] == ']');
}

static int is_cast(const struct syntax_hint_place *p)
{
    static const char *const casts[] = {"as", "satisfies", NULL};
    static const char *const modules[] = {"import", "export", NULL};

    return syntax_hint_one_of(p->at, p->line_end, casts) &&
           !syntax_hint_one_of(syntax_hint_line_text(p), p->line_end, modules);
}

static int is_behind_modifier(const struct syntax_hint_place *p)
{
    static const char *const modifiers[] = {"type",   "namespace", "declare",  "abstract", "private",
                                            "public", "protected", "readonly", NULL};

    return syntax_hint_behind(p, modifiers);
}

static int is_reserved_pair(const struct syntax_hint_place *p)
{
    static const char *const words[] = {"interface", "implements", "private", "public", "protected", NULL};
    const char *name = syntax_hint_skip_blanks(syntax_hint_skip_name(p->at, p->line_end), p->line_end);

    return syntax_hint_one_of(p->at, p->line_end, words) && syntax_hint_skip_name(name, p->line_end) > name;
}

static int is_enum(const struct syntax_hint_place *p)
{
    const char *name = syntax_hint_skip_blanks(syntax_hint_skip_name(p->at, p->line_end), p->line_end);

    return syntax_hint_word(p->at, p->line_end, "enum") && syntax_hint_skip_name(name, p->line_end) > name;
}

static int is_exported_type(const struct syntax_hint_place *p)
{
    static const char *const words[] = {"interface", "type",      "enum", "abstract",
                                        "declare",   "namespace", NULL};

    return syntax_hint_word(p->at, p->line_end, "export") &&
           syntax_hint_one_of(syntax_hint_skip_blanks(syntax_hint_skip_name(p->at, p->line_end), p->line_end),
                              p->line_end, words);
}

/* 1 in the body of a class, where JavaScript has no colon after a property. */
static int is_typed_property(const struct syntax_hint_place *p)
{
    const char *bracket = syntax_hint_bracket(p), *line = bracket;

    if (!bracket || *bracket != '{' || !is_typed_name(p))
        return 0;
    while (line > p->start && line[-1] != '\n' && line[-1] != ';' && line[-1] != '}')
        line--;
    return memmem(line, (size_t)(bracket - line), "class ", 6) != NULL;
}

/* 1 for `<T>(` or `<T>value`, unless a tag is closed later in the source. */
static int is_generic(const struct syntax_hint_place *p)
{
    const char *name = p->at + (p->at < p->line_end);

    return syntax_hint_skip_name(name, p->line_end) > name && has_on_line(p, ">") &&
           !memmem(p->at, (size_t)(p->end - p->at), "</", 2) &&
           !memmem(p->at, (size_t)(p->end - p->at), "/>", 2);
}

/* 1 for `new Map<string, number>()`, which reads as two comparisons with empty parentheses. */
static int is_generic_call(const struct syntax_hint_place *p)
{
    return p->at - p->line > 2 && memcmp(p->at - 2, ">(", 2) == 0;
}

static int is_second_argument(const struct syntax_hint_place *p)
{
    const char *behind = syntax_hint_skip_name(p->at, p->line_end);

    return behind > p->at && behind < p->line_end && *behind == '>';
}

static int is_typed_this(const struct syntax_hint_place *p)
{
    return syntax_hint_begins(p->at, p->line_end, "this:");
}

#define TYPES "This looks like TypeScript: remove the type annotations."
#define DECLARATIONS \
    "This looks like TypeScript: remove interfaces, types, enums and modifiers like `private`."
#define GENERICS "This looks like TypeScript: remove the type arguments between < and >."

const struct syntax_hint_row syntax_hint_typescript[] = {
    {"Missing initializer in", is_typed_constant, TYPES},
    {"Missing initializer in const", is_second_argument, GENERICS},
    {"Unexpected token ':'", is_annotation, TYPES},
    {"Unexpected token '?'", is_optional, TYPES},
    {"Unexpected token 'this'", is_typed_this, TYPES},
    {"Unexpected identifier", is_typed_property, TYPES},
    {"Unexpected identifier", is_cast,
     "This looks like TypeScript: remove `as` and `satisfies` with their types."},
    {"Unexpected identifier", is_behind_modifier, DECLARATIONS},
    {"Unexpected token", is_behind_modifier, DECLARATIONS},
    {"Unexpected strict mode reserved word", is_reserved_pair, DECLARATIONS},
    {"Unexpected reserved word", is_enum, DECLARATIONS},
    {"Unexpected token 'export'", is_exported_type, DECLARATIONS},
    {"Unexpected token '!'", is_certain, "This looks like TypeScript: remove the `!` behind the value."},
    {"Unexpected token '<'", is_generic, GENERICS},
    {"Unexpected token ')'", is_generic_call, GENERICS},
    {0},
};
