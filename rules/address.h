/* SPDX-License-Identifier: MIT */
/* rules/address.h - IP addresses: their spellings in URLs, and the ranges that are refused.
 *
 * A fetch may connect to global unicast addresses, and to private ones (loopback, local networks) when a rule says
 * allowPrivate. All others are always refused: link-local addresses, where clouds have their metadata services,
 * multicast, and every IPv6 form that wraps an IPv4 address, whose only use here would be to get past a check. */
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
 * of which the last fills the rest; IPv6 in brackets, without a zone. 1: an address. 0: a name. -1: an invalid
 * address (256.1.1.1, [::g], 1.2.3.4.5) that some resolver might accept. */
int address_read(const char *host, size_t len, struct address *out);

/* The address that a socket is about to be connected to; -1 for another family. */
int address_of_socket(const struct sockaddr *from, size_t len, struct address *out);

/* The class of an address: public, private, or refused always. *what: its kind for messages ("loopback"). */
enum address_use address_use(const struct address *a, const char **what);

#define ADDRESS_TEXT 48
/* The usual spelling; IPv6 without brackets. */
void address_text(const struct address *a, char text[ADDRESS_TEXT]);

#endif
