/* SPDX-License-Identifier: MIT */
#include "worker/channel.h"

#include <errno.h>
#include <string.h>
#include <sys/select.h>
#include <time.h>
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

void channel_send_tagged(enum frame_type type, const void *tag, size_t tag_len, const void *data, size_t len)
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
    channel_send_tagged(type, NULL, 0, data, len);
}

/* ---- reading */

static struct frame_reader reader;

/* What there is, or the next that comes: 1 when a whole frame has arrived, 0 when more is needed. */
static int read_some(struct frame *f)
{
    struct iso_err err;
    size_t room;
    char *to = frame_room(&reader, 64 << 10, &room);
    ssize_t n = to ? read(WORKER_FD_PARENT, to, room) : 0;
    int got;

    if (n < 0 && errno == EINTR)
        return 0;
    if (n <= 0)
        _exit(1);
    frame_received(&reader, (size_t)n);
    got = frame_next(&reader, 0, f, &err);
    if (got < 0)
        _exit(1);
    return got;
}

/* pselect(2), because ppoll(2) refuses more descriptors than RLIMIT_NOFILE allows, which is none here
 * (Linux 6.18, fs/select.c, do_sys_poll). */
static int readable(double ms)
{
    struct timespec t = {(time_t)(ms / 1e3), 0};
    fd_set fds;

    t.tv_nsec = (long)((ms - (double)t.tv_sec * 1e3) * 1e6);
    FD_ZERO(&fds);
    FD_SET(WORKER_FD_PARENT, &fds);
    return pselect(WORKER_FD_PARENT + 1, &fds, NULL, NULL, &t, NULL) > 0;
}

int channel_receive(double ms, struct frame *f)
{
    struct iso_err err;
    int got = frame_next(&reader, 0, f, &err);

    if (got < 0)
        _exit(1);
    if (got > 0)
        return 1;
    return (ms < 0 || readable(ms)) && read_some(f);
}

void channel_read_job(struct buf *payload)
{
    struct frame f;

    while (!read_some(&f))
        ;
    if (f.type != FRAME_JOB)
        _exit(1);
    buf_add(payload, f.data, f.len);
    buf_free(&reader.in);
    reader = (struct frame_reader){0};
    if (payload->failed)
        _exit(1);
}
