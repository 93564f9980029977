/* SPDX-License-Identifier: MIT */
#include "rules/address.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdint.h>
#include <string.h>

/* ---- ranges: the special-purpose registries of IANA (RFC 6890 and after), specific ones first */

struct range {
    unsigned char bytes[16];
    int bits;
    enum address_use use;
    const char *what;
};

static const struct range ranges4[] = {
    {{0}, 8, ADDRESS_NEVER, "this network"},
    {{10}, 8, ADDRESS_PRIVATE, "a private network"},
    {{100, 100, 100, 200}, 32, ADDRESS_NEVER, "a cloud's metadata service"},
    {{100, 64}, 10, ADDRESS_PRIVATE, "shared address space"},
    {{127}, 8, ADDRESS_PRIVATE, "loopback"},
    {{168, 63, 129, 16}, 32, ADDRESS_NEVER, "a cloud's metadata service"},
    {{169, 254}, 16, ADDRESS_NEVER, "link-local"},
    {{172, 16}, 12, ADDRESS_PRIVATE, "a private network"},
    {{192, 0, 0}, 24, ADDRESS_NEVER, "for protocols of the IETF"},
    {{192, 0, 2}, 24, ADDRESS_NEVER, "for documentation"},
    {{192, 31, 196}, 24, ADDRESS_NEVER, "AS112"},
    {{192, 52, 193}, 24, ADDRESS_NEVER, "AMT"},
    {{192, 88, 99}, 24, ADDRESS_NEVER, "a 6to4 relay"},
    {{192, 168}, 16, ADDRESS_PRIVATE, "a private network"},
    {{192, 175, 48}, 24, ADDRESS_NEVER, "AS112"},
    {{198, 18}, 15, ADDRESS_NEVER, "for benchmarks"},
    {{198, 51, 100}, 24, ADDRESS_NEVER, "for documentation"},
    {{203, 0, 113}, 24, ADDRESS_NEVER, "for documentation"},
    {{224}, 4, ADDRESS_NEVER, "multicast"},
    {{255, 255, 255, 255}, 32, ADDRESS_NEVER, "broadcast"},
    {{240}, 4, ADDRESS_NEVER, "reserved"},
};

static const struct range ranges6[] = {
    {{[15] = 1}, 128, ADDRESS_PRIVATE, "loopback"},
    {{0}, 128, ADDRESS_NEVER, "the unspecified address"},
    {{[10] = 0xff, 0xff}, 96, ADDRESS_NEVER, "an IPv4 address in IPv6 (mapped)"},
    {{[8] = 0xff, 0xff}, 96, ADDRESS_NEVER, "an IPv4 address in IPv6 (translated)"},
    {{0}, 96, ADDRESS_NEVER, "an IPv4 address in IPv6 (compatible)"},
    {{0x00, 0x64, 0xff, 0x9b}, 96, ADDRESS_NEVER, "an IPv4 address in IPv6 (NAT64)"},
    {{0x00, 0x64, 0xff, 0x9b, 0, 1}, 48, ADDRESS_NEVER, "an IPv4 address in IPv6 (NAT64)"},
    {{0x20, 0x01, 0, 0}, 32, ADDRESS_NEVER, "an IPv4 address in IPv6 (Teredo)"},
    {{0x20, 0x01, 0x0d, 0xb8}, 32, ADDRESS_NEVER, "for documentation"},
    {{0x20, 0x01}, 23, ADDRESS_NEVER, "for protocols of the IETF"},
    {{0x20, 0x02}, 16, ADDRESS_NEVER, "an IPv4 address in IPv6 (6to4)"},
    {{0x26, 0x20, 0, 0x4f, 0x80}, 48, ADDRESS_NEVER, "AS112"},
    {{0x3f, 0xfe}, 16, ADDRESS_NEVER, "6bone"},
    {{0x3f, 0xff}, 20, ADDRESS_NEVER, "for documentation"},
    {{0xfd, 0x00, 0x0e, 0xc2}, 32, ADDRESS_NEVER, "a cloud's metadata service"},
    {{0xfd, 0x00, 0x00, 0x42, [15] = 0x42}, 128, ADDRESS_NEVER, "a cloud's metadata service"},
    {{0xfd, 0x20, 0x00, 0xce, [14] = 0x02, 0x54}, 128, ADDRESS_NEVER, "a cloud's metadata service"},
    {{0xfc}, 7, ADDRESS_PRIVATE, "a private network"},
    {{0xfe, 0x80}, 10, ADDRESS_NEVER, "link-local"},
    {{0xfe, 0xc0}, 10, ADDRESS_NEVER, "site-local"},
    {{0xff}, 8, ADDRESS_NEVER, "multicast"},
};

static int in_range(const struct range *r, const unsigned char *bytes)
{
    int whole = r->bits / 8, rest = r->bits % 8;
    unsigned mask = (0xff00u >> rest) & 0xff;

    return memcmp(r->bytes, bytes, (size_t)whole) == 0 &&
           (rest == 0 || (r->bytes[whole] & mask) == (bytes[whole] & mask));
}

enum address_use address_use(const struct address *a, const char **what)
{
    const struct range *list = a->family == AF_INET ? ranges4 : ranges6;
    size_t count = a->family == AF_INET ? sizeof ranges4 / sizeof *ranges4 : sizeof ranges6 / sizeof *ranges6;

    *what = "public";
    for (size_t i = 0; i < count; i++) {
        if (!in_range(&list[i], a->bytes))
            continue;
        *what = list[i].what;
        return list[i].use;
    }
    if (a->family == AF_INET ||
        (a->bytes[0] & 0xe0) == 0x20) /* 2000::/3: the only global unicast range in use */
        return ADDRESS_PUBLIC;
    *what = "reserved";
    return ADDRESS_NEVER;
}

/* ---- spellings */

/* Reads one number of an IPv4 address; -1 for anything else. No overflow: more digits than fit are above any bound.
 */
static int read_number(const char *text, size_t len, uint64_t *value)
{
    unsigned base = 10;

    if (len >= 2 && text[0] == '0') {
        base = (text[1] | 0x20) == 'x' ? 16 : 8;
        text += base == 16 ? 2 : 1;
        len -= base == 16 ? 2 : 1;
    }
    *value = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        unsigned digit = isdigit(c) ? c - (unsigned)'0' : isxdigit(c) ? (c | 0x20u) - 'a' + 10u : 99;

        if (digit >= base)
            return -1;
        if (*value <= UINT32_MAX)
            *value = *value * base + digit;
    }
    return 0;
}

/* 1 when the last label is a number: then the host is an address or invalid (URL standard, section 3.5). */
static int ends_in_number(const char *host, size_t len)
{
    size_t start = len;
    uint64_t value;
    int digits = 1;

    while (start > 0 && host[start - 1] != '.')
        start--;
    for (size_t i = start; i < len; i++)
        digits &= isdigit((unsigned char)host[i]) != 0;
    return len > start && (digits || read_number(host + start, len - start, &value) == 0);
}

static int read_ipv4(const char *host, size_t len, struct address *out)
{
    uint64_t value = 0, number;
    int parts = 0;

    for (size_t at = 0, end; at <= len; at = end + 1) {
        for (end = at; end < len && host[end] != '.'; end++)
            ;
        if (end == at || ++parts > 4 || read_number(host + at, end - at, &number) < 0)
            return -1;
        if (end < len ? number > 255 : number >= 1ull << (8 * (5 - parts)))
            return -1;
        value |= end < len ? number << (8 * (4 - parts)) : number;
    }
    *out = (struct address){.family = AF_INET};
    for (int i = 0; i < 4; i++)
        out->bytes[i] = (unsigned char)(value >> (8 * (3 - i)));
    return 1;
}

static int read_ipv6(const char *host, size_t len, struct address *out)
{
    char text[INET6_ADDRSTRLEN];

    if (len < 4 || host[len - 1] != ']' || len - 2 >= sizeof text)
        return -1;
    memcpy(text, host + 1, len - 2);
    text[len - 2] = 0;
    *out = (struct address){.family = AF_INET6};
    return strlen(text) == len - 2 && inet_pton(AF_INET6, text, out->bytes) == 1 ? 1 : -1;
}

int address_read(const char *host, size_t len, struct address *out)
{
    if (len && host[0] == '[')
        return read_ipv6(host, len, out);
    if (len && host[len - 1] == '.') /* "example.org." is "example.org" */
        len--;
    return ends_in_number(host, len) ? read_ipv4(host, len, out) : 0;
}

int address_of_socket(const struct sockaddr *from, size_t len, struct address *out)
{
    *out = (struct address){.family = from->sa_family};
    if (from->sa_family == AF_INET && len >= sizeof(struct sockaddr_in))
        memcpy(out->bytes, &((const struct sockaddr_in *)from)->sin_addr, 4);
    else if (from->sa_family == AF_INET6 && len >= sizeof(struct sockaddr_in6))
        memcpy(out->bytes, &((const struct sockaddr_in6 *)from)->sin6_addr, 16);
    else
        return -1;
    return 0;
}

void address_text(const struct address *a, char text[ADDRESS_TEXT])
{
    if (!inet_ntop(a->family, a->bytes, text, ADDRESS_TEXT))
        *text = 0;
}
