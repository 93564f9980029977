/* SPDX-License-Identifier: MIT */
/* core/fence.h - finds code in a fenced block of Markdown, perhaps with prose around it.
 *
 * Only lines are looked at, so a program with a fence in a comment or a literal can look like Markdown. The worker
 * asks V8 to tell the two apart, see worker/form.cc. */
#ifndef ISO_CORE_FENCE_H
#define ISO_CORE_FENCE_H
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct fence {
    size_t from, to; /* bytes of the code, which are whole lines */
    size_t mark_at;  /* where the line of the first fence begins */
    char mark;       /* ` or ~ */
};

/* 1 and *f when the text has exactly one fenced block of JavaScript or TypeScript (or exactly one block without
 * a language) and nothing around it that looks like code. The closing fence may be missing if the opening one
 * is the first line, the opening one if the closing one is the last line. */
int fence_find(const char *text, size_t len, struct fence *f);

/* Puts blanks in place of everything but the code. Line ends stay, so that lines keep their numbers. */
void fence_blank(char *text, size_t len, const struct fence *f);

#ifdef __cplusplus
}
#endif
#endif
