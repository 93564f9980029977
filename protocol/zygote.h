/* SPDX-License-Identifier: MIT */
/* protocol/zygote.h - messages of fixed size between iso4 and a zygote, over the zygote's channel.
 *
 * iso4 asks for a fork by a number of its choice, with one end of a socket pair attached; the child finds it
 * as its channel. The zygote answers ZYGOTE_FORKED with a pidfd of the child attached, and ZYGOTE_ENDED when
 * it has reaped it. A zygote that breaks this is ended by its parent. */
#ifndef ISO_PROTOCOL_ZYGOTE_H
#define ISO_PROTOCOL_ZYGOTE_H
#include <stdint.h>

enum zygote_kind { ZYGOTE_FORK = 1, ZYGOTE_FORKED, ZYGOTE_ENDED };

struct zygote_message {
    uint32_t kind, number;
    int32_t status; /* ENDED: as wait4(2) gives it */
    uint32_t unused;
    uint64_t cpu_ns; /* ENDED */
};

/* Children that a zygote has at a time. */
#define ZYGOTE_MOST 1024

#endif
