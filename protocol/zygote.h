/* SPDX-License-Identifier: MIT */
/* protocol/zygote.h - messages of fixed size between iso4 and a zygote, over the zygote's channel.
 *
 * iso4 asks for a child by a number of its choice (ZYGOTE_FORK), with one end of a socket pair attached, which
 * the child finds as its own channel. The child says ZYGOTE_FORKED over the zygote's channel, before it closes
 * that: the kernel adds the number of the process that wrote the message (SO_PASSCRED, unix(7)), and by it
 * iso4 opens a pidfd. The zygote says ZYGOTE_ENDED when it has reaped the child, or ZYGOTE_REFUSED when the
 * kernel gave it none. A zygote that breaks this is ended by its parent.
 *
 * Only iso4 passes descriptors. The kernel counts descriptors in flight for each user over the whole machine,
 * against RLIMIT_NOFILE of the process that sends one more: with its small limit a zygote would be refused as
 * soon as anything else of its user has some in flight. */
#ifndef ISO_PROTOCOL_ZYGOTE_H
#define ISO_PROTOCOL_ZYGOTE_H
#include <sched.h>
#include <signal.h>
#include <stdint.h>

enum zygote_kind { ZYGOTE_FORK = 1, ZYGOTE_FORKED, ZYGOTE_ENDED, ZYGOTE_REFUSED };

struct zygote_message {
    uint32_t kind, number;
    int32_t status; /* ENDED: as wait4(2) gives it; REFUSED: errno of clone(2) */
    uint32_t unused;
    uint64_t cpu_ns; /* ENDED */
};

/* The flags that a zygote gives to clone(2), and the only ones that its filter lets through. */
#define ZYGOTE_CLONE (CLONE_PARENT_SETTID | SIGCHLD)

/* Children that a zygote has at a time. */
#define ZYGOTE_MOST 1024

/* Requests that wait for their answers, and so the most descriptors that iso4 has in flight. */
#define ZYGOTE_MOST_ASKED 16

#endif
