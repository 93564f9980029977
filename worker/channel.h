/* SPDX-License-Identifier: MIT */
/* worker/channel.h - the worker's end of the socket. Writes block until the parent reads; when the parent is gone, they
 * end the process. Only the functions that read allocate memory. */
#ifndef ISO_WORKER_CHANNEL_H
#define ISO_WORKER_CHANNEL_H
#include <stddef.h>
#include <stdint.h>

#include "protocol/frame.h"

/* Waits for the job; its data is in *memory, which the caller owns. Any other frame ends the process. */
void channel_read_job(struct buf *memory, struct frame *job);

/* Waits for a frame, at most `ms` milliseconds unless negative, or until a signal comes. 1 and *f, which is borrowed
 * until the next call, or 0. An invalid frame, or the end of the channel, ends the process. */
int channel_receive(double ms, struct frame *f);

void channel_send(enum frame_type type, const void *data, size_t len);
/* Keeps a frame and sends it with the next one, because each write(2) wakes the parent; a large frame is sent now. */
void channel_hold(enum frame_type type, const void *data, size_t len);
/* Sends a frame whose payload is `tag` followed by `data`. */
void channel_send_tagged(enum frame_type type, const void *tag, size_t tag_len, const void *data, size_t len);

#endif
