/* SPDX-License-Identifier: MIT */
#include "worker/channel.h"

#include <errno.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "worker/worker.h"

/* One write(2) for most frames: small ones are put together here first. writev(2) is not in the filter. */
#define TOGETHER 4096

static void put(const void *data, size_t len)
{
    const char *p = data;

    while (len > 0) {
        ssize_t n = write(WORKER_FD_PARENT, p, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            _exit(1); /* nobody is left to hear about it */
        p += n;
        len -= (size_t)n;
    }
}

static void send_parts(enum frame_type type, const void *tag, size_t tag_len, const void *data, size_t len)
{
    unsigned char together[TOGETHER];
    size_t at = FRAME_HEAD + tag_len;

    frame_head(together, type, tag_len + len);
    if (tag_len)
        memcpy(together + FRAME_HEAD, tag, tag_len);
    if (len <= sizeof together - at) {
        if (len)
            memcpy(together + at, data, len);
        put(together, at + len);
        return;
    }
    put(together, at);
    put(data, len);
}

void channel_send(enum frame_type type, const void *data, size_t len)
{
    send_parts(type, NULL, 0, data, len);
}

void channel_send_tagged(enum frame_type type, unsigned char tag, const void *data, size_t len)
{
    send_parts(type, &tag, 1, data, len);
}

void channel_read_job(struct buf *payload)
{
    struct frame_reader reader = {0};
    struct iso_err err;
    struct frame f;

    for (;;) {
        size_t room;
        char *to = frame_room(&reader, 64 << 10, &room);
        ssize_t n = to ? read(WORKER_FD_PARENT, to, room) : -1;
        int got;

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            _exit(1);
        frame_received(&reader, (size_t)n);
        got = frame_next(&reader, 0, &f, &err);
        if (got < 0 || (got > 0 && f.type != FRAME_JOB))
            _exit(1);
        if (got > 0)
            break;
    }
    buf_add(payload, f.data, f.len);
    buf_free(&reader.in);
    if (payload->failed)
        _exit(1);
}
