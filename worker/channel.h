/* SPDX-License-Identifier: MIT */
/* worker/channel.h - the worker's end of the socket. Writes block until the parent has taken them; a parent
 * that is gone ends the process. No function here allocates, but channel_read_job(). */
#ifndef ISO_WORKER_CHANNEL_H
#define ISO_WORKER_CHANNEL_H
#include <stddef.h>
#include <stdint.h>

#include "core/frame.h"

/* Waits for the job. The payload is the caller's. Exits the process on anything else. */
void channel_read_job(struct buf *payload);

void channel_send(enum frame_type type, const void *data, size_t len);
/* A frame whose payload starts with one byte. */
void channel_send_tagged(enum frame_type type, unsigned char tag, const void *data, size_t len);

#endif
