/* SPDX-License-Identifier: MIT */
/* host/io/loop_turns.h - the longest time for which one turn of an event loop kept the loop busy. Everything else that the
 * loop serves waits for so long.
 *
 * loop_turns_open() before the first uv_run(); loop_turns_close(), then the loop runs once more. */
#ifndef ISO_HOST_IO_LOOP_TURNS_H
#define ISO_HOST_IO_LOOP_TURNS_H
#include <uv.h>

struct loop_turns {
    uv_check_t check;
    uint64_t seen_ns, idle_ns;
    uint64_t longest_ns; /* real time: on a busy machine other processes are in it */
};

void loop_turns_open(struct loop_turns *t, uv_loop_t *loop);
void loop_turns_close(struct loop_turns *t);

#endif
