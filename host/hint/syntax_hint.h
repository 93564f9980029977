/* SPDX-License-Identifier: MIT */
/* host/hint/syntax_hint.h - what a source that does not parse was meant to be: the slips that models make most often.
 *
 * A slip is told from the text around the place that V8 names and from V8's message, never from the text
 * alone where a correct program could hold it, too: a wrong hint is worse than none. */
#ifndef ISO_HOST_HINT_SYNTAX_HINT_H
#define ISO_HOST_HINT_SYNTAX_HINT_H
#include "host/declared/source.h"

/* One sentence, or NULL. `line` and `column` are V8's, or 0. */
const char *syntax_hint(const struct source *s, size_t line, size_t column, const char *message);

/* The sentence for a Markdown fence around the code, or in a template literal; NULL: there is none. `at` is
 * the byte that could not be understood. */
const char *syntax_hint_fence(const struct source *s, size_t at);
/* Whether type arguments of TypeScript (`f<string>(x)`) were read as a comparison here. */
int syntax_hint_type_argument(const struct source *s, size_t line, size_t column);

#endif
