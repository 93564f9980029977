/* SPDX-License-Identifier: MIT */
/* host/hint/syntax_hint_internal.h - what the files behind host/hint/syntax_hint.h share: the text around a place. */
#ifndef ISO_HOST_HINT_SYNTAX_HINT_INTERNAL_H
#define ISO_HOST_HINT_SYNTAX_HINT_INTERNAL_H
#include "host/hint/syntax_hint.h"

struct syntax_hint_place {
    const char *message;
    enum source_form form;
    const char *start, *end;     /* the source */
    const char *line, *line_end; /* the line of the place */
    const char *at;              /* what could not be understood; in the line, or its end */
};

/* A slip is one of its row when the message begins with `says` and `fits` holds. */
struct syntax_hint_row {
    const char *says;
    int (*fits)(const struct syntax_hint_place *p);
    const char *hint;
};

extern const struct syntax_hint_row syntax_hint_foreign[], syntax_hint_typescript[],
    syntax_hint_javascript[]; /* the last: .hint NULL */

/* ---- words are ended by NULL in lists; none of these reads beyond the source */
int syntax_hint_begins(const char *text, const char *end, const char *with);
/* The same, and no letter follows. */
int syntax_hint_word(const char *text, const char *end, const char *word);
int syntax_hint_one_of(const char *text, const char *end, const char *const *words);
const char *syntax_hint_skip_blanks(const char *text, const char *end);
/* Behind the identifier that stands here; `text` itself when there is none. ASCII only. */
const char *syntax_hint_skip_name(const char *text, const char *end);
/* Behind the last character before `text` that is no blank; `start`: there is none. */
const char *syntax_hint_back(const char *start, const char *text);
/* Behind the same, line ends skipped as well. */
const char *syntax_hint_back_lines(const char *start, const char *text);
/* Whether the word before the place, on its line, is one of these. */
int syntax_hint_behind(const struct syntax_hint_place *p, const char *const *words);
/* Where the line begins, blanks aside. */
const char *syntax_hint_line_text(const struct syntax_hint_place *p);
/* The bracket that is open at the place, among the last few thousand bytes; NULL: none. Brackets in strings
 * count, too.
 */
const char *syntax_hint_bracket(const struct syntax_hint_place *p);
int syntax_hint_is_letter(char c);
int syntax_hint_is_any(char c, const char *of);

#endif
