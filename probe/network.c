/* SPDX-License-Identifier: MIT */
/* Attempts on the network. */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>

#include "probe/probe.h"

static long make(int family, int type, int protocol)
{
    return syscall(SYS_socket, family, type, protocol);
}

int try_socket_inet(const struct facts *f)
{
    (void)f;
    return answer(make(AF_INET, SOCK_STREAM, 0));
}

int try_socket_inet6(const struct facts *f)
{
    (void)f;
    return answer(make(AF_INET6, SOCK_STREAM, 0));
}

int try_socket_unix(const struct facts *f)
{
    (void)f;
    return answer(make(AF_UNIX, SOCK_STREAM, 0));
}

int try_socket_netlink(const struct facts *f)
{
    (void)f;
    return answer(make(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE));
}

int try_socket_packet(const struct facts *f)
{
    (void)f;
    return answer(make(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL)));
}

int try_socket_vsock(const struct facts *f)
{
    (void)f;
    return answer(make(AF_VSOCK, SOCK_STREAM, 0));
}

int try_socketpair(const struct facts *f)
{
    int ends[2];

    (void)f;
    return answer(syscall(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, ends));
}

static struct sockaddr_in loopback(unsigned port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

int try_connect_loopback(const struct facts *f)
{
    struct sockaddr_in to = loopback(f->port);
    long fd = make(AF_INET, SOCK_STREAM, 0);

    if (fd < 0)
        return answer(fd);
    return answer(syscall(SYS_connect, fd, &to, sizeof to));
}

int try_connect_udp(const struct facts *f)
{
    struct sockaddr_in to = loopback(f->port);
    long fd = make(AF_INET, SOCK_DGRAM, 0);

    if (fd < 0)
        return answer(fd);
    return answer(syscall(SYS_sendto, fd, "", 0, 0, &to, sizeof to));
}

int try_bind_tcp(const struct facts *f)
{
    struct sockaddr_in any = loopback(0);
    long fd = make(AF_INET, SOCK_STREAM, 0);

    (void)f;
    if (fd < 0)
        return answer(fd);
    return answer(syscall(SYS_bind, fd, &any, sizeof any));
}

int try_abstract_connect(const struct facts *f)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    int n = snprintf(to.sun_path + 1, sizeof to.sun_path - 1, PROBE_SOCKET, f->parent);
    long fd = make(AF_UNIX, SOCK_STREAM, 0);

    if (fd < 0)
        return answer(fd);
    return answer(syscall(SYS_connect, fd, &to, sizeof to.sun_family + 1 + (size_t)n));
}
