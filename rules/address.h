/* SPDX-License-Identifier: MIT */
/* rules/address.h - IP addresses: their spellings in URLs, and the ranges that are refused.
 *
 * Only global unicast addresses may be fetched from. Private ones (loopback, networks of one's own) may when
 * a rule says allowPrivate; what is neither, never: link-local with the metadata services of clouds,
 * multicast, and every form that wraps an IPv4 address, for the wrapping has no use but to get past a check.
 */
#ifndef ISO_RULES_ADDRESS_H
#define ISO_RULES_ADDRESS_H
#include <netinet/in.h>
#include <stddef.h>
#include <sys/socket.h>

struct address {
    int family; /* AF_INET, AF_INET6 */
    unsigned char bytes[16];
};

enum address_use { ADDRESS_PUBLIC, ADDRESS_PRIVATE, ADDRESS_NEVER };

/* Reads the host of a URL. IPv4 as URLs have it: one to four numbers, decimal, octal (0) or hexadecimal (0x),
 * of which the last fills the rest; IPv6 in brackets, without a zone. 1: an address. 0: a name. -1: it looks
 * like an address and is none (256.1.1.1, [::g], 1.2.3.4.5): some resolver might take it for one. */
int address_read(const char *host, size_t len, struct address *out);

/* The address that a socket is about to be connected to; -1 for another family. */
int address_of_socket(const struct sockaddr *from, size_t len, struct address *out);

/* The use that rules may allow of an address, and for refused ones its kind ("loopback"). */
enum address_use address_use(const struct address *a, const char **what);

#define ADDRESS_TEXT 48
/* The usual spelling; IPv6 without brackets. */
void address_text(const struct address *a, char text[ADDRESS_TEXT]);

#endif
