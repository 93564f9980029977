/* SPDX-License-Identifier: MIT */
#include "rules/path.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/file.h"

static int hex(char c)
{
    return isdigit((unsigned char)c) ? c - '0' : isxdigit((unsigned char)c) ? (c | 0x20) - 'a' + 10 : -1;
}

/* The byte of an escape at `at`, -1 for none. */
static int escaped(const char *path, size_t len, size_t at)
{
    if (len - at < 3 || path[at] != '%' || hex(path[at + 1]) < 0 || hex(path[at + 2]) < 0)
        return -1;
    return hex(path[at + 1]) * 16 + hex(path[at + 2]);
}

static int is_unreserved(int c)
{
    return isalnum(c) || (c && strchr("-._~", c));
}

/* Escapes that some servers resolve into the shape of the path. */
static const char *wrong_escape(int c)
{
    if (c < 0)
        return "a percent sign that is no escape";
    if (c == '/')
        return "an encoded slash";
    if (c == '\\')
        return "an encoded backslash";
    if (c < 0x20 || c == 0x7f)
        return "an encoded control character";
    return NULL;
}

static const char *wrong_character(char c)
{
    if (c == '\\')
        return "a backslash";
    return c < 0x21 || c > 0x7e ? "a character that must be escaped" : NULL;
}

/* Finds the segments "." and "..", also with ";parameters": some servers cut those off first. */
static const char *wrong_segments(const char *path, size_t len)
{
    size_t end;

    for (size_t at = 0; at < len; at = end + 1) {
        size_t name;

        for (end = at; end < len && path[end] != '/'; end++)
            ;
        for (name = at; name < end && path[name] != ';'; name++)
            ;
        if ((name - at == 1 && path[at] == '.') || (name - at == 2 && memcmp(path + at, "..", 2) == 0))
            return "a dot segment";
        if (end == at && at > 0 && at < len)
            return "an empty segment";
    }
    return NULL;
}

/* Finds escapes that some servers decode twice. The path must be canonical, so that no digit is escaped: "%255%33" is
 * "%2553" there. */
static const char *wrong_percent(const char *path, size_t len)
{
    for (size_t at = 0; at + 5 <= len; at++)
        if (escaped(path, len, at) == '%' && hex(path[at + 3]) >= 0 && hex(path[at + 4]) >= 0)
            return "an escape that is escaped itself";
    return NULL;
}

const char *path_canonical(const char *path, size_t len, struct buf *out)
{
    size_t start = out->len;
    const char *wrong;

    for (size_t i = 0; i < len; i++) {
        int c = path[i] == '%' ? escaped(path, len, i) : 0;

        wrong = path[i] == '%' ? wrong_escape(c) : wrong_character(path[i]);
        if (wrong)
            return wrong;
        if (path[i] != '%')
            buf_byte(out, path[i]);
        else if (is_unreserved(c))
            buf_byte(out, (char)c);
        else
            buf_printf(out, "%%%02X", (unsigned)c);
        i += path[i] == '%' ? 2 : 0;
    }
    if (out->failed)
        return "more than there is memory for";
    wrong = wrong_percent(out->data + start, out->len - start);
    return wrong ? wrong : wrong_segments(out->data + start, out->len - start);
}

/* ---- globs, as an automaton: its states are the positions in the glob that the path so far can have reached */

static int is_double(const char *glob, size_t at)
{
    return glob[at + 1] == '*';
}

/* Adds the positions after stars: a star may match the empty text. */
static void skip_stars(const char *glob, size_t len, char *here)
{
    for (size_t i = 0; i < len; i++)
        if (here[i] && glob[i] == '*')
            here[i + (is_double(glob, i) ? 2 : 1)] = 1;
}

static void glob_step(const char *glob, size_t len, const char *here, char *next, char c)
{
    memset(next, 0, len + 1);
    for (size_t i = 0; i < len; i++) {
        if (!here[i])
            continue;
        if (glob[i] != '*')
            next[i + 1] |= glob[i] == c;
        else if (is_double(glob, i) || c != '/')
            next[i] = 1;
    }
    skip_stars(glob, len, next);
}

int path_matches(const char *path, size_t len, const char *glob)
{
    size_t places = strlen(glob);
    char *both = calloc(2, places + 1), *here = both, *next = both ? both + places + 1 : NULL, *other;
    int matches;

    if (!both)
        return -1;
    here[0] = 1;
    skip_stars(glob, places, here);
    for (size_t i = 0; i < len; i++) {
        glob_step(glob, places, here, next, path[i]);
        other = here;
        here = next;
        next = other;
    }
    matches = here[places];
    free(both);
    return matches;
}

const char *path_glob_wrong(const char *glob, size_t len)
{
    AUTO_BUF struct buf canonical = {0};
    const char *wrong;

    if (len == 0 || glob[0] != '/')
        return "does not begin with a slash";
    if (len > GLOB_MOST)
        return "is too long";
    if (memchr(glob, '?', len) || memchr(glob, '#', len))
        return "holds more than a path";
    if (memmem(glob, len, "***", 3))
        return "has three stars in a row";
    wrong = path_canonical(glob, len, &canonical);
    if (wrong)
        return "holds what is refused in every path (escapes of slashes, dot segments, ...)";
    return canonical.len == len && memcmp(canonical.data, glob, len) == 0
               ? NULL
               : "has escapes that are not needed, or not in capitals";
}
