/* SPDX-License-Identifier: MIT */
/* Texts that are not JavaScript: Markdown, HTML, JSON, Python, commands of a shell, sentences. */
#include <string.h>

#include "host/hint/syntax_hint_internal.h"

static const char *first_text(const char *text, const char *end)
{
    while (text < end && syntax_hint_is_any(*text, " \t\r\n"))
        text++;
    return text;
}

/* 1 for a fence: a line of three backticks and at most the name of a language. */
static int is_fence(const char *line, const char *end)
{
    const char *c = syntax_hint_skip_blanks(line, end);

    if (!syntax_hint_begins(c, end, "```"))
        return 0;
    for (c += 3; c < end && *c != '\n' && *c != '\r'; c++)
        if (!syntax_hint_is_letter(*c) && !syntax_hint_is_any(*c, " +-#."))
            return 0;
    return 1;
}

struct so_far {
    size_t backticks;
    int comment;
};

/* Counts backticks and comments of several lines, to know whether the next line is code. */
static void count_line(struct so_far *seen, const char *line, const char *end)
{
    for (const char *c = line; c < end; c++) {
        if (*c == '\\' && c + 1 < end)
            c++;
        else if (syntax_hint_begins(c, end, "//") && !seen->comment && (c == line || c[-1] != ':'))
            return;
        else if (syntax_hint_begins(c, end, "/*"))
            seen->comment = 1;
        else if (syntax_hint_begins(c, end, "*/"))
            seen->comment = 0;
        else if (*c == '`' && !seen->comment)
            seen->backticks++;
    }
}

#define BACKTICKS "Write each backtick inside a template literal as \\` (a backslash before it)."

/* 1 when the line of the place begins inside a template literal. */
static int in_template(const struct syntax_hint_place *p)
{
    struct so_far seen = {0};

    for (const char *line = p->start, *next; line < p->line; line = next) {
        next = memchr(line, '\n', (size_t)(p->line - line));
        next = next ? next + 1 : p->line;
        count_line(&seen, line, next);
    }
    return seen.backticks % 2;
}

/* 1 after a backtick, which may have ended its literal too early. */
static int is_inner_backtick(const struct syntax_hint_place *p)
{
    return p->at > p->line && p->at[-1] == '`';
}

const char *syntax_hint_fence(const struct source *s, size_t at)
{
    static const char around[] =
        "Remove the Markdown fence and the text around it: the file must hold JavaScript only.";
    const char *start = s->text.len ? s->text.data : "", *end = start + s->text.len, *next;
    struct so_far seen = {0};

    if (syntax_hint_begins(first_text(start, end), end, "```") ||
        syntax_hint_begins(first_text(start, end), end, "~~~"))
        return around;
    for (const char *line = start; line < end; line = next) {
        next = memchr(line, '\n', (size_t)(end - line));
        next = next ? next + 1 : end;
        if (!seen.comment && is_fence(line, next)) {
            if (seen.backticks % 2 == 0)
                return around;
            return at >= (size_t)(line - start) ? BACKTICKS : NULL;
        }
        count_line(&seen, line, next);
    }
    return NULL;
}

static int is_html(const struct syntax_hint_place *p)
{
    static const char *const tags[] = {"!DOCTYPE", "!doctype", "html", "head", "body",
                                       "script",   "style",    "?xml", "?php", NULL};
    const char *text = first_text(p->start, p->end);

    return p->at == text && syntax_hint_begins(text, p->end, "<") &&
           syntax_hint_one_of(text + 1, p->end, tags);
}

/* 1 for JSON that has to be a module; in other forms JSON is run as an expression. */
static int is_json(const struct syntax_hint_place *p)
{
    const char *text = first_text(p->start, p->end), *key;

    if (p->form != FORM_MODULE || !syntax_hint_begins(text, p->end, "{"))
        return 0;
    key = first_text(text + 1, p->end);
    return syntax_hint_begins(key, p->end, "\"") && p->at > key &&
           syntax_hint_back(p->start, p->at)[-1] == '"';
}

/* ---- Python */

static int is_python_word(const struct syntax_hint_place *p)
{
    static const char *const before[] = {"def", "elif", "lambda", "raise", "except", "from", NULL};
    static const char *const list[] = {"from", NULL};

    /* `from` is an ordinary name in JavaScript, so only `from module import name` counts. */
    return syntax_hint_behind(p, before) &&
           (!syntax_hint_behind(p, list) || memmem(p->at, (size_t)(p->line_end - p->at), " import ", 8));
}

static int is_python_block(const struct syntax_hint_place *p)
{
    static const char *const words[] = {"if",     "else",    "elif",  "for",  "while", "try",
                                        "except", "finally", "class", "with", "def",   NULL};
    const char *rest = syntax_hint_skip_blanks(p->at + (p->at < p->line_end), p->line_end);

    return (rest == p->line_end || *rest == '#') &&
           syntax_hint_one_of(syntax_hint_line_text(p), p->line_end, words);
}

static int is_comprehension(const struct syntax_hint_place *p)
{
    const char *name = syntax_hint_skip_blanks(syntax_hint_skip_name(p->at, p->line_end), p->line_end);
    const char *in = syntax_hint_skip_blanks(syntax_hint_skip_name(name, p->line_end), p->line_end);

    return syntax_hint_word(p->at, p->line_end, "for") && syntax_hint_word(in, p->line_end, "in");
}

static int is_docstring(const struct syntax_hint_place *p)
{
    return p->at - p->line >= 2 && memcmp(p->at - 2, "\"\"", 2) == 0 &&
           syntax_hint_begins(p->at, p->line_end, "\"");
}

static int is_hash(const struct syntax_hint_place *p)
{
    return syntax_hint_begins(p->at, p->line_end, "#") && syntax_hint_line_text(p) == p->at;
}

/* ---- others */

/* 1 for `for (x : list)`, as in Java. */
static int is_colon_loop(const struct syntax_hint_place *p)
{
    const char *bracket = syntax_hint_bracket(p), *word;

    if (!bracket || *bracket != '(')
        return 0;
    word = syntax_hint_back(p->start, bracket);
    return word - p->start >= 3 && memcmp(word - 3, "for", 3) == 0 &&
           memchr(p->at, ':', (size_t)(p->line_end - p->at)) != NULL;
}

static int is_command(const struct syntax_hint_place *p)
{
    static const char *const programs[] = {"npm",  "npx",     "yarn",    "pnpm",  "pip",  "pip3",
                                           "apt",  "apt-get", "sudo",    "cd",    "echo", "git",
                                           "node", "python",  "python3", "mkdir", NULL};
    const char *text = syntax_hint_line_text(p), *end = syntax_hint_back(p->line, p->at);

    for (const char *const *name = programs; *name; name++)
        if (end > text && end < p->at && (size_t)(end - text) == strlen(*name) &&
            memcmp(text, *name, strlen(*name)) == 0)
            return 1;
    return 0;
}

/* 1 for a sentence: a capital letter, and four words with only blanks and commas between them. */
static int is_sentence(const struct syntax_hint_place *p)
{
    const char *c = syntax_hint_line_text(p);
    int words = 0;

    if (c == p->line_end || *c < 'A' || *c > 'Z' || in_template(p) || p->at == p->line_end)
        return 0;
    while (words < 4) {
        const char *word = c;
        while (c < p->line_end && ((syntax_hint_is_letter(*c) && *c != '_' && *c != '$') || *c == '\''))
            c++;
        if (c == word)
            return 0;
        words++;
        if (words < 4 && c < p->line_end && *c == ',')
            c++;
        if (words < 4 && (c == p->line_end || *c != ' '))
            return 0;
        c = syntax_hint_skip_blanks(c, p->line_end);
    }
    return 1;
}

static int is_apostrophe(const struct syntax_hint_place *p)
{
    return p->at > p->line && syntax_hint_begins(p->at, p->line_end, "'") &&
           syntax_hint_is_letter(p->at[-1]) && is_sentence(p);
}

#define SENTENCE "This line is no JavaScript: make it a comment with //, or leave it out."
#define LOOP     "Write loops as `for (const item of list) { ... }`."
#define PYTHON   "This looks like Python: write it in JavaScript."

const struct syntax_hint_row syntax_hint_foreign[] = {
    {NULL, is_html, "This is HTML: the file must hold JavaScript only."},
    {"Unexpected identifier", is_command,
     "This is a command for a shell: nothing can be installed or started here, only JavaScript runs."},
    {"Unexpected identifier", is_python_word, PYTHON},
    {"Unexpected token 'for'", is_comprehension, PYTHON},
    {"Invalid or unexpected token", is_docstring, PYTHON},
    {"Invalid or unexpected token", is_hash, "Comments begin with // in JavaScript, not with #."},
    {"Unexpected identifier", is_inner_backtick, BACKTICKS},
    {"missing )", is_inner_backtick, BACKTICKS},
    {"Unexpected", is_sentence, SENTENCE},
    {"missing )", is_sentence, SENTENCE},
    {"Invalid or unexpected token", is_apostrophe, SENTENCE},
    {0},
};

const struct syntax_hint_row syntax_hint_colon[] = {
    {"Unexpected token ':'", is_json,
     "This is JSON: put `export default` in front of it to make it the result."},
    {"Unexpected token ':'", is_python_block, PYTHON},
    {"Unexpected token ':'", is_colon_loop, LOOP},
    {"Missing initializer", is_colon_loop, LOOP},
    {0},
};
