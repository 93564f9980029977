/* SPDX-License-Identifier: MIT */
/* host/slip_parts.h - what the files behind host/slip.h share: the text around a place. */
#ifndef ISO_HOST_SLIP_PARTS_H
#define ISO_HOST_SLIP_PARTS_H
#include "host/slip.h"

struct slip_place {
    const char *message;
    const char *start, *end;     /* the source */
    const char *line, *line_end; /* the line of the place */
    const char *at;              /* what could not be understood; in the line, or its end */
};

/* A slip is one of its row when the message begins with `says` and `fits` holds. */
struct slip_row {
    const char *says;
    int (*fits)(const struct slip_place *p);
    const char *hint;
};

extern const struct slip_row slip_foreign[], slip_typescript[], slip_javascript[]; /* the last: .hint NULL */

/* ---- words are ended by NULL in lists; none of these reads beyond the source */
int slip_begins(const char *text, const char *end, const char *with);
/* The same, and no letter follows. */
int slip_word(const char *text, const char *end, const char *word);
int slip_one_of(const char *text, const char *end, const char *const *words);
const char *slip_skip_blanks(const char *text, const char *end);
/* Behind the identifier that stands here; `text` itself when there is none. ASCII only. */
const char *slip_skip_name(const char *text, const char *end);
/* Behind the last character before `text` that is no blank; `start`: there is none. */
const char *slip_back(const char *start, const char *text);
/* Behind the same, line ends skipped as well. */
const char *slip_back_lines(const char *start, const char *text);
/* Whether the word before the place, on its line, is one of these. */
int slip_behind(const struct slip_place *p, const char *const *words);
/* Where the line begins, blanks aside. */
const char *slip_line_text(const struct slip_place *p);
/* The bracket that is open at the place, among the last few thousand bytes; NULL: none. Brackets in strings
 * count, too.
 */
const char *slip_bracket(const struct slip_place *p);
int slip_is_letter(char c);
int slip_is_any(char c, const char *of);

#endif
