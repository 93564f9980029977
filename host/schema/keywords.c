/* SPDX-License-Identifier: MIT */
#include "host/schema/keywords.h"

#include <string.h>

#include "core/nearest.h"

const struct keyword_row keyword_rows[KEYWORD_COUNT] = {
#define X(id, name, form) [KEYWORD_##id] = {name, FORM_##form},
    SCHEMA_KEYWORDS(X)
#undef X
};

enum keyword keyword_of(struct json name)
{
    int escaped = memchr(name.at, '\\', name.len) != NULL;
    unsigned k = 0;

    for (; k < KEYWORD_COUNT; k++) {
        const char *known = keyword_rows[k].name;

        if (escaped ? json_is(name, known)
                    : strlen(known) == name.len - 2 && memcmp(name.at + 1, known, name.len - 2) == 0)
            break;
    }
    return (enum keyword)k;
}

/* ---- names that are nearly a keyword */

/* Longer than any keyword with one more letter. */
#define MOST_NAME 32
/* In shorter names one changed letter is not taken for a mistake: `when` is probably another word, not `then`. */
#define LONG_NAME 5

/* The set of letters of a name: when two sets differ by more than one edit can, the names are not near. */
static unsigned letters_of(const char *text, size_t len)
{
    unsigned set = 0;

    for (size_t i = 0; i < len; i++)
        set |= 1u << (text[i] & 31);
    return set;
}

static void lower(char *to, const char *from, size_t len)
{
    for (size_t i = 0; i < len; i++)
        to[i] = (char)(from[i] >= 'A' && from[i] <= 'Z' ? from[i] | 32 : from[i]);
}

/* 1 when one edit makes one name from the other; both in lower case. */
static int is_one_edit_from(const char *name, size_t len, const char *known, size_t known_len)
{
    if (known_len < 4 || edit_distance(name, len, known, known_len) > 1)
        return 0;
    /* Names of equal length with the same letters differ by two swapped neighbours. */
    return len != known_len || len >= LONG_NAME || letters_of(name, len) == letters_of(known, known_len);
}

/* 1 for `ref` and `defs`, which lack only a dollar sign; `comment` and `schema` are keywords of other dialects. */
static int only_lacks_dollar(const char *name, size_t len, enum keyword k)
{
    const char *known = keyword_rows[k].name;

    return *known == '$' && k != KEYWORD_REF && k != KEYWORD_DEFS && strlen(known) == len + 1 &&
           memcmp(known + 1, name, len) == 0;
}

static int is_near(const char *name, size_t len, enum keyword k)
{
    const char *known = keyword_rows[k].name;
    size_t known_len = strlen(known);
    char low[MOST_NAME];

    if (len > known_len + 1 || known_len > len + 1 ||
        __builtin_popcount(letters_of(name, len) ^ letters_of(known, known_len)) > 2)
        return 0;
    lower(low, known, known_len);
    if (len == known_len && memcmp(name, low, len) == 0)
        return 1;
    return is_one_edit_from(name, len, low, known_len) && !only_lacks_dollar(name, len, k);
}

enum keyword keyword_meant(struct json name)
{
    size_t len = name.len - 2;
    char low[MOST_NAME];
    unsigned k = 0;

    if (len == 0 || len > sizeof low || (len > 2 && memcmp(name.at + 1, "x-", 2) == 0))
        return KEYWORD_COUNT;
    lower(low, name.at + 1, len);
    while (k < KEYWORD_COUNT && !is_near(low, len, (enum keyword)k))
        k++;
    return (enum keyword)k;
}

/* ---- types */

unsigned type_named(struct json name)
{
    static const char *const names[] = {"null", "boolean", "number", "integer", "string", "array", "object"};
    struct json item;
    unsigned types = 0;

    if (json_kind(name) == JSON_ARRAY)
        for (struct json_walk w = json_walk(name); json_next(&w, NULL, &item);)
            types |= type_named(item);
    for (unsigned i = 0; json_kind(name) == JSON_STRING && i < sizeof names / sizeof *names; i++)
        if (json_is(name, names[i]))
            types |= 1u << i;
    return types;
}
