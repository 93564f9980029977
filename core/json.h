/* SPDX-License-Identifier: MIT */
/* core/json.h - JSON as text: checked strictly, printed, never turned into a tree.
 *
 * Values that come from a worker are opaque JSON text. Before the parent prints one, json_check() proves that
 * it is exactly one well-formed RFC 8259 value in valid UTF-8 and no deeper than the limit, so that it can
 * neither end nor forge the document around it. All functions are iterative: the depth of the text costs no
 * stack. */
#ifndef ISO_CORE_JSON_H
#define ISO_CORE_JSON_H
#include <stddef.h>

#include "core/buf.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Deepest nesting of arrays and objects that is accepted. With the documents around it this stays below what
 * common parsers reach (Go's encoding/json and jq stop at 10,000). A worker tells less (protocol/bounds.h). */
#define JSON_MAX_DEPTH 9994

enum json_kind { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT, JSON_ANY };

/* The kind of a value, told by its first character. */
static inline enum json_kind json_kind_of(char first)
{
    return first == '"'                   ? JSON_STRING
           : first == '{'                 ? JSON_OBJECT
           : first == '['                 ? JSON_ARRAY
           : first == 'n'                 ? JSON_NULL
           : first == 't' || first == 'f' ? JSON_BOOL
                                          : JSON_NUMBER;
}

/* Exactly one value in text[0..len), white space around it allowed. Strict: no trailing commas, no leading
 * zeros, no control bytes in strings, shortest UTF-8 only and no encoded surrogates (an escaped lone
 * surrogate such as \ud800 is well-formed JSON and accepted). Returns 0 and the kind of the outermost value,
 * or -1 with *at set to the offset of the first invalid byte (len: it ends too early). kind and at may be
 * NULL. */
int json_check(const char *text, size_t len, enum json_kind *kind, size_t *at);

/* Like json_check(), for text that will be part of a line: 0 only when it is one value of this kind (JSON_ANY: of
 * any kind) without white space between its tokens and lone surrogates, with numbers that a double can hold: many
 * readers cannot hold others. */
int json_check_tight(const char *text, size_t len, enum json_kind want);

/* Appends text[0..len) as a JSON string literal with its quotes. The text may hold any bytes: those that are not
 * UTF-8 become U+FFFD. Control characters, quote and backslash are escaped. */
void json_quote(struct buf *out, const char *text, size_t len);

/* Appends checked JSON text without the white space between its tokens. */
void json_compact(struct buf *out, const char *text, size_t len);

/* The escape of one ASCII character that a string literal cannot hold as it is: a control, quote or
 * backslash. */
void json_escape(struct buf *out, unsigned char c);

/* Replaces each escape of a lone surrogate by the escape of U+FFFD. Use it for checked text from outside that is
 * printed again, because strict readers refuse lone surrogates. */
void json_mend(char *text, size_t len);

/* Levels that json_pretty() indents; values nested deeper stand on one line. Without this limit the output for deep
 * text would grow with the square of its depth. */
#define JSON_PRETTY_LEVELS 32

/* Appends checked JSON text again, indented by two spaces a level in the way JSON.stringify(v, null, 2) does
 * (empty arrays and objects stay on one line), strings and numbers byte for byte, but for DEL and the C1
 * controls, which are escaped. With color, keys, strings, numbers and literals carry ANSI SGR colours. A token
 * takes at most 2 * JSON_PRETTY_LEVELS + 16 bytes more than it had. Undefined for text that json_check()
 * refuses. */
void json_pretty(struct buf *out, const char *text, size_t len, int color);

/* Like json_pretty(), but passes the output to write() in pieces, so that a large text is not held twice. write()
 * returns 0, or -1 with errno to stop. Returns 0 or -1. */
typedef int json_writer(void *ctx, const char *bytes, size_t len);
int json_pretty_write(const char *text, size_t len, int color, json_writer *write, void *ctx);

/* Appends the plain text of a checked JSON string literal (with its quotes) for people to read: escapes
 * resolved, lone surrogates as U+FFFD, and control characters other than \n and \t as \xNN, so that nothing
 * an agent wrote can drive a terminal (C1 controls U+0080..U+009F included). */
void json_string_to_text(struct buf *out, const char *literal, size_t len);

/* Bytes that the string of a checked literal takes in UTF-8; a lone surrogate counts three. */
size_t json_string_bytes(const char *literal, size_t len);

#ifdef __cplusplus
}
#endif
#endif
