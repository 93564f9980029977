/* SPDX-License-Identifier: MIT */
/* protocol/pass.h - messages over a unix stream socket that may carry a descriptor each.
 *
 * Nothing is allocated, and no call is made but sendmsg(2), recvmsg(2) and, for unexpected descriptors,
 * close(2): a zygote's filter knows them. */
#ifndef ISO_PROTOCOL_PASS_H
#define ISO_PROTOCOL_PASS_H
#include <stddef.h>
#include <sys/types.h>

/* fd -1: none. 0, or -1 when the message was not taken whole: keep it smaller than a socket's buffer. */
int pass_send(int socket, const void *message, size_t len, int fd);

/* As recvmsg(2) with these flags; *fd is the caller's, -1 when none came. A message with more than one
 * descriptor, or with one that could not be taken, is -1 with EPROTO, and none of them stays open. */
ssize_t pass_receive(int socket, void *message, size_t len, int flags, int *fd);

#endif
