/* SPDX-License-Identifier: MIT */
/* Spellings of addresses, and the ranges that they are in, of rules/address.h. */
#include <arpa/inet.h>
#include <stdint.h>

#include "rules/address.h"
#include "tests/tap.h"

static void reads(const char *host, const char *want)
{
    struct address a;
    char text[ADDRESS_TEXT] = "";
    int rc = address_read(host, strlen(host), &a);

    if (rc == 1)
        address_text(&a, text);
    ok(strcmp(rc == 1 ? text : rc == 0 ? "a name" : "nothing", want) == 0, "%s is %s (%s)", host, want, text);
}

static void test_spellings(void)
{
    reads("127.0.0.1", "127.0.0.1");
    reads("127.0.0.1.", "127.0.0.1");
    reads("127.1", "127.0.0.1");
    reads("127.0.257", "127.0.1.1");
    reads("127.65537", "127.1.0.1");
    reads("2130706433", "127.0.0.1");
    reads("0x7f000001", "127.0.0.1");
    reads("0X7F.0x0.0.01", "127.0.0.1");
    reads("017700000001", "127.0.0.1");
    reads("0177.1", "127.0.0.1");
    reads("0", "0.0.0.0");
    reads("0x", "0.0.0.0");
    reads("00000000000000000000000", "0.0.0.0");
    reads("4294967295", "255.255.255.255");
    reads("4294967296", "nothing");
    reads("0xffffffffffffffffffffffff", "nothing");
    reads("1.16777216", "nothing");
    reads("1.16777215", "1.255.255.255");
    reads("256.1", "nothing");
    reads("1.2.3.4.5", "nothing");
    reads("1..2", "nothing");
    reads(".1", "nothing");
    reads("1.2.3.08", "nothing");
    reads("a.1", "nothing");
    reads("a.0x1", "nothing");
    reads("1.a", "a name");
    reads("a.0x1g", "a name");
    reads("1e3", "a name");
    reads("localhost", "a name");
    reads("", "a name");
    reads(".", "a name");
    reads("[::1]", "::1");
    reads("[0:0:0:0:0:0:0:1]", "::1");
    reads("[::ffff:127.0.0.1]", "::ffff:127.0.0.1");
    reads("[::ffff:7f00:1]", "::ffff:127.0.0.1");
    reads("[fe80::1%lo]", "nothing");
    reads("[]", "nothing");
    reads("[::1", "nothing");
    reads("[::g]", "nothing");
    reads("[127.0.0.1]", "nothing");
    reads("[1:2:3:4:5:6:7:8:9]", "nothing");
    is_int(address_read("[::1\0]", 6, &(struct address){0}), -1, "a NUL in an address");
}

static enum address_use use_of(const char *text)
{
    struct address a = {.family = strchr(text, ':') ? AF_INET6 : AF_INET};
    const char *what;

    if (inet_pton(a.family, text, a.bytes) != 1)
        ok(0, "%s is an address", text);
    return address_use(&a, &what);
}

/* First and last of each range, and what is next to it. */
static void test_ranges(void)
{
    static const struct {
        const char *first, *last;
        enum address_use use;
        const char *below, *above;
    } rows[] = {
        {"0.0.0.0", "0.255.255.255", ADDRESS_NEVER, NULL, "1.0.0.0"},
        {"10.0.0.0", "10.255.255.255", ADDRESS_PRIVATE, "9.255.255.255", "11.0.0.0"},
        {"100.64.0.0", "100.127.255.255", ADDRESS_PRIVATE, "100.63.255.255", "100.128.0.0"},
        {"127.0.0.0", "127.255.255.255", ADDRESS_PRIVATE, "126.255.255.255", "128.0.0.0"},
        {"168.63.129.16", "168.63.129.16", ADDRESS_NEVER, "168.63.129.15", "168.63.129.17"},
        {"169.254.0.0", "169.254.255.255", ADDRESS_NEVER, "169.253.255.255", "169.255.0.0"},
        {"172.16.0.0", "172.31.255.255", ADDRESS_PRIVATE, "172.15.255.255", "172.32.0.0"},
        {"192.0.0.0", "192.0.0.255", ADDRESS_NEVER, "191.255.255.255", "192.0.1.0"},
        {"192.0.2.0", "192.0.2.255", ADDRESS_NEVER, "192.0.1.255", "192.0.3.0"},
        {"192.88.99.0", "192.88.99.255", ADDRESS_NEVER, "192.88.98.255", "192.88.100.0"},
        {"192.168.0.0", "192.168.255.255", ADDRESS_PRIVATE, "192.167.255.255", "192.169.0.0"},
        {"198.18.0.0", "198.19.255.255", ADDRESS_NEVER, "198.17.255.255", "198.20.0.0"},
        {"198.51.100.0", "198.51.100.255", ADDRESS_NEVER, "198.51.99.255", "198.51.101.0"},
        {"203.0.113.0", "203.0.113.255", ADDRESS_NEVER, "203.0.112.255", "203.0.114.0"},
        {"224.0.0.0", "255.255.255.255", ADDRESS_NEVER, "223.255.255.255", NULL},
        {"::2", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ADDRESS_NEVER, NULL, "2000::"},
        {"::1", "::1", ADDRESS_PRIVATE, NULL, NULL},
        {"::ffff:8.8.8.8", "::ffff:127.0.0.1", ADDRESS_NEVER, NULL, NULL},
        {"64:ff9b::8.8.8.8", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff", ADDRESS_NEVER, NULL, NULL},
        {"2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", ADDRESS_NEVER, "2000:ffff::", "2001:200::"},
        {"2001:db8::", "2001:db8:ffff::", ADDRESS_NEVER, "2001:db7:ffff::", "2001:db9::"},
        {"2002::", "2002:ffff:ffff::", ADDRESS_NEVER, "2001:ffff:ffff::", "2003::"},
        {"3fff::", "3fff:fff:ffff::", ADDRESS_NEVER, "3ffd::", "3fff:1000::"},
        {"4000::", "fbff:ffff::", ADDRESS_NEVER, "3fff:ffff::", NULL},
        {"fc00::", "fdff:ffff::", ADDRESS_PRIVATE, NULL, NULL},
        {"fd00:ec2::254", "fd00:ec2:ffff::", ADDRESS_NEVER, NULL, NULL},
        {"fd20:ce::254", "fd20:ce::254", ADDRESS_NEVER, NULL, NULL},
        {"fd00:42::42", "fd00:42::42", ADDRESS_NEVER, NULL, NULL},
        {"fd20:ce::253", "fd20:ce::255", ADDRESS_PRIVATE, NULL, NULL},
        {"fd00:42::41", "fd00:42::43", ADDRESS_PRIVATE, NULL, NULL},
        {"fe00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ADDRESS_NEVER, NULL, NULL},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ok(use_of(rows[i].first) == rows[i].use, "%s", rows[i].first);
        ok(use_of(rows[i].last) == rows[i].use, "%s", rows[i].last);
        ok(!rows[i].below || use_of(rows[i].below) == ADDRESS_PUBLIC, "below it: %s", rows[i].below);
        ok(!rows[i].above || use_of(rows[i].above) == ADDRESS_PUBLIC, "above it: %s", rows[i].above);
    }
}

/* Every IPv4 address has the spellings of inet_aton(3), and no other meaning than it gives them. */
static void test_against_libc(void)
{
    static const char *const formats[] = {"%u", "0x%x", "0%o"};
    uint32_t value = 12345;
    int same = 1;

    for (int i = 0; i < 20000; i++) {
        struct address a;
        struct in_addr libc;
        char text[40];

        value = value * 1664525 + 1013904223;
        snprintf(text, sizeof text, formats[i % 3], value);
        same &= address_read(text, strlen(text), &a) == 1 && inet_aton(text, &libc) == 1 &&
                memcmp(a.bytes, &libc, 4) == 0;
    }
    ok(same, "numbers are read as inet_aton reads them");
}

static void test_sockets(void)
{
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000001)};
    struct sockaddr unix_ = {.sa_family = AF_UNIX};
    struct address a;
    char text[ADDRESS_TEXT];

    is_int(address_of_socket((struct sockaddr *)&four, sizeof four, &a), 0, "an address of a socket");
    address_text(&a, text);
    is_text(text, strlen(text), "127.0.0.1", "is that address");
    is_int(address_of_socket((struct sockaddr *)&four, 4, &a), -1, "one that is cut off");
    is_int(address_of_socket(&unix_, sizeof unix_, &a), -1, "one of another family");
}

int main(void)
{
    test_spellings();
    test_ranges();
    test_against_libc();
    test_sockets();
    return done_testing();
}
