/* SPDX-License-Identifier: MIT */
/* host/hint/syntax_hint_internal.h - for the files of host/hint/syntax_hint.h: reads the text around a place. */
#ifndef ISO_HOST_HINT_SYNTAX_HINT_INTERNAL_H
#define ISO_HOST_HINT_SYNTAX_HINT_INTERNAL_H
#include "host/hint/syntax_hint.h"

struct syntax_hint_place {
    const char *message;
    enum source_form form;
    const char *start, *end;     /* the source */
    const char *line, *line_end; /* the line of the place */
    const char *at;              /* where parsing failed; in the line, or its end */
};

/* A row is used when the message begins with `says` and `fits` returns 1. */
struct syntax_hint_row {
    const char *says;
    int (*fits)(const struct syntax_hint_place *p);
    const char *hint;
};

/* The last row has .hint NULL. Those of `colon` may fit TypeScript as well, which has been tried before. */
extern const struct syntax_hint_row syntax_hint_foreign[], syntax_hint_colon[], syntax_hint_javascript[];

/* ---- lists of words end with NULL; none of these functions reads beyond the source */
int syntax_hint_begins(const char *text, const char *end, const char *with);
/* 1 when the text begins with the word and no letter follows. */
int syntax_hint_word(const char *text, const char *end, const char *word);
int syntax_hint_one_of(const char *text, const char *end, const char *const *words);
const char *syntax_hint_skip_blanks(const char *text, const char *end);
/* The place after the identifier at `text`; `text` itself when there is none. ASCII only. */
const char *syntax_hint_skip_name(const char *text, const char *end);
/* The place after the last character before `text` that is not a blank; `start`: there is none. */
const char *syntax_hint_back(const char *start, const char *text);
/* Like syntax_hint_back(), but skips line ends, too. */
const char *syntax_hint_back_lines(const char *start, const char *text);
/* 1 when the word before the place, on its line, is one of these. */
int syntax_hint_behind(const struct syntax_hint_place *p, const char *const *words);
/* The first character of the line that is not a blank. */
const char *syntax_hint_line_text(const struct syntax_hint_place *p);
/* The bracket that is open at the place, among the last few thousand bytes; NULL: none. Brackets in strings
 * count, too.
 */
const char *syntax_hint_bracket(const struct syntax_hint_place *p);
int syntax_hint_is_letter(char c);
int syntax_hint_is_any(char c, const char *of);

#endif
