/* SPDX-License-Identifier: MIT */
/* core/terminal.h - prints text of unknown origin on a terminal so that the terminal never acts on it.
 *
 * Control characters (C0, DEL, C1), marks that turn the direction of writing, and the line and paragraph
 * separators of Unicode stand as \xNN or \uNNNN. Bytes that are no UTF-8 stand as \xNN. */
#ifndef ISO_CORE_TERMINAL_H
#define ISO_CORE_TERMINAL_H
#include <stddef.h>
#include <stdint.h>

#include "core/buf.h"

#ifdef __cplusplus
extern "C" {
#endif

/* 1 when a terminal would act on this code point instead of showing it. */
int terminal_obeys(uint32_t cp);

/* Appends text that stays on one line. */
void terminal_line(struct buf *out, const char *text, size_t len);

/* Appends text that may have line breaks and tabs. Each line after the first is indented, and so is a first line
 * that begins like a message of iso4: the text cannot imitate one. */
void terminal_lines(struct buf *out, const char *text, size_t len);

/* Appends a code point as it is, or escaped when a terminal obeys it. `keep` lists ASCII controls that stay. */
void terminal_put(struct buf *out, uint32_t cp, const char *keep);

/* Copies JSON or TypeScript that iso4 made, with \uNNNN for characters that a terminal obeys: strings keep their
 * meaning. */
void terminal_source(struct buf *out, const char *text, size_t len);

#ifdef __cplusplus
}
#endif
#endif
