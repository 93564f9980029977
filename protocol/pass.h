/* SPDX-License-Identifier: MIT */
/* protocol/pass.h - messages over a unix stream socket: with a descriptor attached, or with the number of the
 * process that wrote them.
 *
 * Nothing is allocated, and no call is made but sendmsg(2), recvmsg(2) and, for unexpected descriptors,
 * close(2): a zygote's filter knows the last two. */
#ifndef ISO_PROTOCOL_PASS_H
#define ISO_PROTOCOL_PASS_H
#include <stddef.h>
#include <sys/types.h>

/* fd -1: none. 0, or -1 when the message was not taken whole: keep it smaller than a socket's buffer.
 * ETOOMANYREFS: the user has too many descriptors in flight, in whatever processes. */
int pass_send(int socket, const void *message, size_t len, int fd);

/* As recvmsg(2) with these flags; *fd is the caller's, -1 when none came. A message with more than one
 * descriptor, or with one that could not be taken, is -1 with EPROTO, and none of them stays open. */
ssize_t pass_receive(int socket, void *message, size_t len, int flags, int *fd);

/* From now on pass_receive_from() knows who wrote what arrives at this socket. 0, or -1 with errno. */
int pass_name_senders(int socket);

/* As recvmsg(2) with these flags; *from is the number of the process that wrote the message, as the caller's
 * pid namespace has it, 0 for a process outside of it. Never more than one process's bytes at once. A message
 * with descriptors is -1 with EPROTO, and none of them stays open. */
ssize_t pass_receive_from(int socket, void *message, size_t len, int flags, pid_t *from);

#endif
