/* SPDX-License-Identifier: MIT */
/* core/json_walk.h - reads JSON text in place, value by value.
 *
 * Everything here works on text that json_check() has accepted (core/json.h) and is undefined for any other.
 * A `struct json` is one value as it stands in the text, without white space around it; nothing is copied
 * and nothing allocated, so that positions stay known, numbers keep their digits and NUL is a character like
 * any other. */
#ifndef ISO_CORE_JSON_WALK_H
#define ISO_CORE_JSON_WALK_H
#include "core/json.h"

#ifdef __cplusplus
extern "C" {
#endif

struct json {
    const char *at; /* borrowed; NULL: no value */
    size_t len;
};

/* The one value of a checked text. */
struct json json_whole(const char *text, size_t len);

enum json_kind json_kind(struct json v);

/* Members or items of a value, in their order; none for a value of another kind.
 *     for (struct json_walk w = json_walk(v); json_next(&w, &key, &value);) ...
 * For an array `key` is left without a value. key may be NULL. */
struct json_walk {
    const char *at, *end;
    int members;
};
struct json_walk json_walk(struct json v);
int json_next(struct json_walk *w, struct json *key, struct json *value);

/* The number of members or items. */
size_t json_count(struct json v);
/* 1 for an array without items, an object without members, and anything else. */
int json_is_empty(struct json v);

/* The value of an object's member of this name (plain ASCII), the last one if it stands more than once;
 * .at is NULL when there is none or v is no object. */
struct json json_member(struct json v, const char *name);

/* 1 when a string literal means exactly this text, or the same text as another literal. json_is() is 0 for a value of
 * another type. */
int json_is(struct json literal, const char *text);
int json_same_string(struct json a, struct json b);

/* The characters of a string literal, one after the other; none of a value of another type.
 *     for (struct json_letters l = json_letters(v); (n = json_next_letter(&l, bytes)) > 0;) ... */
struct json_letters {
    const char *at, *end;
};
struct json_letters json_letters(struct json literal);
/* The next character as UTF-8 in bytes[], a lone surrogate as if it were one (three bytes); its length, 0 at
 * the end. */
size_t json_next_letter(struct json_letters *l, char bytes[4]);

/* 1 when a string literal has no lone surrogate. */
int json_is_well_formed(struct json literal);

/* Appends the decoded text of a string literal, as UTF-8; a lone surrogate as if it were a character (three
 * bytes). */
void json_decode(struct buf *out, struct json literal);

/* The decoded text of a string literal as a C string, which the caller frees. NULL: it is not UTF-8 without NUL, or there is
 * no memory. */
char *json_c_string(struct json literal);

/* The deepest nesting of arrays and objects; 0 for other values. */
size_t json_nesting(struct json v);

/* The nearest double; infinite when the number is out of range, NaN when it has very many digits and there is no
 * memory to read them. */
double json_number(struct json v);
/* Reads a whole number from 0 to most (above 2^53: the nearest double); -1 for anything else. */
int json_whole_number(struct json v, uint64_t most, uint64_t *out);

/* 1 when two values are equal, 0 when not, -1 without memory. The order of members does not matter; numbers are
 * compared by value, strings by decoded text. Of members with the same name the last counts, but objects with
 * different numbers of members are different. Values nested deeper than 512 levels are equal only when their text is.
 * Takes n log n steps for n members. */
int json_equal(struct json a, struct json b);

/* Line and column, both from 1, of a place in a text; columns count bytes. */
void json_place(const char *text, const char *at, size_t *line, size_t *column);

#ifdef __cplusplus
}
#endif
#endif
