/* SPDX-License-Identifier: MIT */
/* host/hint/syntax_hint.h - hints for sources that do not parse: the mistakes that models make most often.
 *
 * A mistake is recognised by V8's message and by the text around the place that V8 names, never by text alone that a
 * correct program could hold, too: a wrong hint is worse than none. */
#ifndef ISO_HOST_HINT_SYNTAX_HINT_H
#define ISO_HOST_HINT_SYNTAX_HINT_H
#include "host/declared/source.h"

/* One sentence, or NULL. `line` and `column` are V8's, or 0. */
const char *syntax_hint(const struct source *s, size_t line, size_t column, const char *message);

/* 1 when the text there is Markdown, HTML, JSON, Python, a command or a sentence, and not code of JavaScript or
 * TypeScript. */
int syntax_hint_foreign_text(const struct source *s, size_t line, size_t column, const char *message);

/* The sentence for a Markdown fence around the code, or in a template literal; NULL: there is none. `at` is the byte at
 * which parsing failed. */
const char *syntax_hint_fence(const struct source *s, size_t at);
/* 1 when type arguments of TypeScript (`f<string>(x)`) were read as a comparison here. */
int syntax_hint_type_argument(const struct source *s, size_t line, size_t column);

#endif
