/* SPDX-License-Identifier: MIT */
#include "worker/channel.h"

#include <errno.h>
#include <string.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

#include "protocol/worker.h"

/* Small frames are collected here, so that one write(2) sends them. The filter does not allow writev(2). */
static char together[4096];
static size_t held;

static void queue_bytes(const char *p, size_t len)
{
    while (len > 0) {
        ssize_t n = write(WORKER_FD_PARENT, p, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            _exit(1); /* the parent is gone, so there is no one to report to */
        p += n;
        len -= (size_t)n;
    }
}

static void flush(void)
{
    queue_bytes(together, held);
    held = 0;
}

static void gather(const void *data, size_t len)
{
    if (len > sizeof together - held)
        flush();
    if (len > sizeof together) {
        queue_bytes(data, len);
        return;
    }
    if (len)
        memcpy(together + held, data, len);
    held += len;
}

static void gather_frame(enum frame_type type, const void *tag, size_t tag_len, const void *data, size_t len)
{
    unsigned char head[FRAME_HEAD];

    frame_head(head, type, tag_len + len);
    gather(head, sizeof head);
    gather(tag, tag_len);
    gather(data, len);
}

void channel_send_tagged(enum frame_type type, const void *tag, size_t tag_len, const void *data, size_t len)
{
    gather_frame(type, tag, tag_len, data, len);
    flush();
}

void channel_send(enum frame_type type, const void *data, size_t len)
{
    channel_send_tagged(type, NULL, 0, data, len);
}

void channel_hold(enum frame_type type, const void *data, size_t len)
{
    gather_frame(type, NULL, 0, data, len);
}

/* ---- reading */

static struct frame_reader reader;

/* Small, because each page that a zygote's child touches takes time. */
#define JOB_STEP    4096
#define ANSWER_STEP (64u << 10)

/* Reads what has arrived, or waits for more bytes: 1 when a whole frame has arrived, 0 when more is needed. */
static int read_channel(size_t step, struct frame *f)
{
    struct iso_err err;
    size_t room;
    char *to = frame_room(&reader, step, &room);
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

/* 1 when the channel can be read. Uses pselect(2): ppoll(2) refuses more descriptors than RLIMIT_NOFILE, which is 0
 * here (Linux 6.18, fs/select.c, do_sys_poll). */
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
    return (ms < 0 || readable(ms)) && read_channel(ANSWER_STEP, f);
}

void channel_read_job(struct buf *memory, struct frame *job)
{
    while (!read_channel(JOB_STEP, job))
        ;
    if (job->type != FRAME_JOB || reader.at < reader.in.len)
        _exit(1);
    *memory = reader.in;
    reader = (struct frame_reader){0};
}
