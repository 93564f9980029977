/* SPDX-License-Identifier: MIT */
#include "core/terminal.h"

#include <string.h>

#include "core/utf8.h"

/* The start of every line that iso4 itself prints. */
static const char own[] = "iso4: ";
#define INDENT "  "

int terminal_obeys(uint32_t cp)
{
    return cp < 0x20 || (cp >= 0x7f && cp <= 0x9f) || cp == 0x061c || cp == 0x200e || cp == 0x200f ||
           (cp >= 0x2028 && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069);
}

static void put_code(struct buf *out, uint32_t cp)
{
    if (cp < 0x100)
        buf_printf(out, "\\x%02x", (unsigned)cp);
    else
        buf_printf(out, "\\u%04x", (unsigned)cp);
}

void terminal_put(struct buf *out, uint32_t cp, const char *keep)
{
    char utf8[4];

    if (terminal_obeys(cp) && !(cp && cp < 0x80 && strchr(keep, (int)cp)))
        put_code(out, cp);
    else
        buf_add(out, utf8, utf8_encode(utf8, cp));
}

/* Decodes the complete sequence of n bytes at p. */
static uint32_t decode(const unsigned char *p, size_t n)
{
    uint32_t cp = n == 1 ? *p : *p & (0x7fu >> n);

    for (size_t i = 1; i < n; i++)
        cp = cp << 6 | (p[i] & 0x3f);
    return cp;
}

/* The next code point, or -1 for a byte that is not UTF-8. */
static long next(const unsigned char **p, const unsigned char *end)
{
    size_t n = utf8_match(*p, end), want = utf8_length(**p);
    const unsigned char *at = *p;

    if (n == 0 || n < want) {
        *p += 1;
        return -1;
    }
    *p += n;
    return decode(at, n);
}

static void put_all(struct buf *out, const char *text, size_t len, const char *keep)
{
    const unsigned char *p = (const unsigned char *)(len ? text : ""), *end = p + len;

    while (p < end) {
        const unsigned char *at = p;
        long cp = next(&p, end);

        if (cp < 0)
            put_code(out, *at);
        else
            terminal_put(out, (uint32_t)cp, keep);
        if (cp == '\n' && *keep)
            buf_str(out, INDENT);
    }
}

void terminal_line(struct buf *out, const char *text, size_t len)
{
    put_all(out, text, len, "");
}

void terminal_lines(struct buf *out, const char *text, size_t len)
{
    if (len >= sizeof own - 1 && memcmp(text, own, sizeof own - 1) == 0)
        buf_str(out, INDENT);
    put_all(out, text, len, "\n\t");
}

/* Outside of strings and comments such text is ASCII without other controls than line breaks and tabs, so an escape
 * is never put where it would change the meaning. */
void terminal_source(struct buf *out, const char *text, size_t len)
{
    const unsigned char *p = (const unsigned char *)(len ? text : ""), *end = p + len;

    while (p < end) {
        const unsigned char *at = p;
        long cp = next(&p, end);

        if (cp >= 0 && cp != '\n' && cp != '\t' && terminal_obeys((uint32_t)cp))
            buf_printf(out, "\\u%04x", (unsigned)cp);
        else
            buf_add(out, (const char *)at, (size_t)(p - at));
    }
}
