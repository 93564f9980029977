/* SPDX-License-Identifier: MIT */
#include "core/base64.h"

#include <string.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_write(struct buf *out, const char *bytes, size_t len)
{
    const unsigned char *p = (const unsigned char *)bytes;

    if (buf_reserve(out, (len + 2) / 3 * 4) < 0)
        return;
    for (size_t i = 0; i < len; i += 3) {
        unsigned have = len - i < 3 ? (unsigned)(len - i) : 3;
        unsigned group = (unsigned)p[i] << 16 | (have > 1 ? p[i + 1] : 0u) << 8 | (have > 2 ? p[i + 2] : 0u);
        char four[4] = {digits[group >> 18], digits[group >> 12 & 63],
                        have > 1 ? digits[group >> 6 & 63] : '=', have > 2 ? digits[group & 63] : '='};

        buf_add(out, four, 4);
    }
}

static int value_of(char c)
{
    const char *at = c ? strchr(digits, c) : NULL;

    return at ? (int)(at - digits) : -1;
}

int base64_read(struct buf *out, const char *text, size_t len)
{
    size_t padding = 0;
    unsigned group = 0;

    if (len % 4 != 0 || buf_reserve(out, len / 4 * 3) < 0)
        return -1;
    while (padding < 2 && padding < len && text[len - 1 - padding] == '=')
        padding++;
    for (size_t i = 0; i < len; i++) {
        int value = i < len - padding ? value_of(text[i]) : 0;

        if (value < 0)
            return -1;
        group = group << 6 | (unsigned)value;
        if (i % 4 == 3) {
            char three[3] = {(char)(group >> 16), (char)(group >> 8), (char)group};
            buf_add(out, three, i + 1 == len ? 3 - padding : 3);
            group = 0;
        }
    }
    return out->failed ? -1 : 0;
}
