/* SPDX-License-Identifier: MIT */
/* core/utf8.h - UTF-8 as the Unicode standard defines it (table 3-7): shortest forms only, no surrogates. */
#ifndef ISO_CORE_UTF8_H
#define ISO_CORE_UTF8_H
#include <stddef.h>
#include <stdint.h>

/* The length of the sequence that this byte starts; 0: the byte cannot start one. */
static inline size_t utf8_length(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if (lead < 0xc2 || lead > 0xf4)
        return 0;
    return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/* The number of well-formed bytes at p < end: utf8_length() of them, or fewer. */
static inline size_t utf8_match(const unsigned char *p, const unsigned char *end)
{
    unsigned char low = *p == 0xe0 ? 0xa0 : *p == 0xf0 ? 0x90 : 0x80;
    unsigned char high = *p == 0xed ? 0x9f : *p == 0xf4 ? 0x8f : 0xbf;
    size_t want = utf8_length(*p), n = 1;

    if (want < 2)
        return want;
    if (want > (size_t)(end - p))
        want = (size_t)(end - p);
    for (; n < want && p[n] >= low && p[n] <= high; n++) {
        low = 0x80;
        high = 0xbf;
    }
    return n;
}

/* Offset of the first byte that is not part of a complete sequence, or len. */
static inline size_t utf8_check(const char *text, size_t len)
{
    const unsigned char *start = (const unsigned char *)(len ? text : ""), *p = start, *end = p + len;

    while (p < end) {
        size_t n = utf8_match(p, end);
        if (n == 0 || n < utf8_length(*p))
            break;
        p += n;
    }
    return (size_t)(p - start);
}

/* Writes one code point, a surrogate as if it were a character; returns 1 to 4. */
static inline size_t utf8_encode(char at[4], uint32_t cp)
{
    size_t n = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};

    for (size_t i = n; i-- > 1; cp >>= 6)
        at[i] = (char)(0x80 | (cp & 0x3f));
    at[0] = (char)(lead[n] | cp);
    return n;
}

#endif
