/* SPDX-License-Identifier: MIT */
/* core/json_names.h - the members of a JSON object sorted by their names.
 *
 * Looking for a name member by member costs the square of the members when it is done for each of them. Every
 * loop over names that come from outside sorts them once: n log n comparisons, whatever the names are (a hash
 * table of names that an attacker chooses can be made slow).
 *
 * json_names_sort() on a zeroed struct, look-ups, then json_names_free(). All results point into the object's
 * text, which must stay until then. */
#ifndef ISO_CORE_JSON_NAMES_H
#define ISO_CORE_JSON_NAMES_H
#include "core/json_walk.h"

#ifdef __cplusplus
extern "C" {
#endif

struct json_named {
    struct json name, value; /* the name is a string literal */
    size_t index;            /* of the member, from 0 */
};

struct json_names {
    struct json_named *list; /* owned; sorted by name, members of the same name in their order */
    size_t count;
};

/* Sorts the members of an object; any other value has none. -1: no memory, and *n is untouched. */
int json_names_sort(struct json_names *n, struct json object);

/* The member of this name, the last one if it stands more than once; NULL when there is none. */
const struct json_named *json_names_find(const struct json_names *n, struct json name);

/* The first literal of an object that repeats a name; .at is NULL when no name stands twice. */
struct json json_names_repeated(const struct json_names *n);

void json_names_free(struct json_names *n);

/* The order of two string literals by their characters in UTF-8: below, above or 0, as memcmp() has it. */
int json_compare_strings(struct json a, struct json b);

#ifdef __cplusplus
}
#endif
#endif
