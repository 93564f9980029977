/* SPDX-License-Identifier: MIT */
/* protocol/pass.h - messages over a Unix stream socket: with a descriptor attached, or with the pid of the sender.
 *
 * Nothing is allocated, and no call is made but sendmsg(2), recvmsg(2) and, for unexpected descriptors,
 * close(2): a zygote's filter knows the last two. */
#ifndef ISO_PROTOCOL_PASS_H
#define ISO_PROTOCOL_PASS_H
#include <stddef.h>
#include <sys/types.h>

/* Sends a message, with descriptor fd unless it is -1. 0, or -1 when the message was not sent whole: keep it smaller
 * than a socket's buffer. ETOOMANYREFS: all processes of the user together have too many descriptors in flight. */
int pass_send(int socket, const void *message, size_t len, int fd);

/* As recvmsg(2) with these flags; *fd is the caller's, -1 when none came. A message with more than one
 * descriptor, or with one that could not be taken, is -1 with EPROTO, and none of them stays open. */
ssize_t pass_receive(int socket, void *message, size_t len, int flags, int *fd);

/* Asks the kernel for the sender of each message at this socket, for pass_receive_from(). 0, or -1 with errno. */
int pass_name_senders(int socket);

/* As recvmsg(2) with these flags; *from is the number of the process that wrote the message, as the caller's
 * pid namespace has it, 0 for a process outside of it. Never more than one process's bytes at once. A message
 * with descriptors is -1 with EPROTO, and none of them stays open. */
ssize_t pass_receive_from(int socket, void *message, size_t len, int flags, pid_t *from);

#endif
