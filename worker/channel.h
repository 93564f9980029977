/* SPDX-License-Identifier: MIT */
/* worker/channel.h - the worker's end of the socket. Writes block until the parent has taken them; a parent
 * that is gone ends the process. No function here allocates, but those that read. */
#ifndef ISO_WORKER_CHANNEL_H
#define ISO_WORKER_CHANNEL_H
#include <stddef.h>
#include <stdint.h>

#include "protocol/frame.h"

/* Waits for the job. The memory that its data lies in is the caller's. Exits the process on anything else. */
void channel_read_job(struct buf *memory, struct frame *job);

/* Waits for a frame, but `ms` milliseconds at most unless negative, or until a signal comes. 1 and *f, which
 * is borrowed until the next call, or 0. A parent that is gone or makes no sense ends the process. */
int channel_receive(double ms, struct frame *f);

void channel_send(enum frame_type type, const void *data, size_t len);
/* Goes out with the next frame that is sent, or now if it is too large to be kept: each write(2) wakes the
 * parent. */
void channel_hold(enum frame_type type, const void *data, size_t len);
/* A frame whose payload starts with a few bytes of another place. */
void channel_send_tagged(enum frame_type type, const void *tag, size_t tag_len, const void *data, size_t len);

#endif
