/* SPDX-License-Identifier: MIT */
/* words.h - what liar.c and zygote.c lie with: frames of a worker, and ways of not ending. */
#ifndef ISO_HOSTILE_WORDS_H
#define ISO_HOSTILE_WORDS_H
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "protocol/frame.h"
#include "protocol/worker.h"

#define CHANNEL WORKER_FD_PARENT
#define MIB     (1u << 20)

/* ---- words of the protocol. A parent that has hung up ends us. */

static void put(const void *data, size_t len)
{
    for (const char *p = data; len > 0;) {
        ssize_t n = send(CHANNEL, p, len, MSG_NOSIGNAL);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            _exit(99);
        p += n;
        len -= (size_t)n;
    }
}

static void head(unsigned type, size_t len)
{
    unsigned char bytes[FRAME_HEAD];

    frame_head(bytes, (enum frame_type)type, len);
    put(bytes, sizeof bytes);
}

static void frame(unsigned type, const void *data, size_t len)
{
    head(type, len);
    put(data, len);
}

static void started(void)
{
    uint64_t numbers[2] = {0, 0};

    frame(FRAME_STARTED, numbers, sizeof numbers);
}

static void tagged(unsigned type, unsigned char tag, const void *data, size_t len)
{
    head(type, len + 1);
    put(&tag, 1);
    put(data, len);
}

static void console(const char *literal)
{
    tagged(FRAME_CONSOLE, 0, literal, strlen(literal));
}

static void dropped(unsigned char stream, uint64_t count)
{
    tagged(FRAME_DROPPED, stream, &count, sizeof count);
}

static void exports(const char *json)
{
    frame(FRAME_EXPORTS, json, strlen(json));
}

/* A result's fields, with or without a lie among them. */
static struct buf result(uint64_t code)
{
    struct buf out = {0};

    field_put_number(&out, FIELD_CODE, code);
    if (code != ISO_OK) {
        field_put(&out, FIELD_NAME, "\"Error\"", 7);
        field_put(&out, FIELD_MESSAGE, "\"a lie\"", 7);
    }
    return out;
}

static void done(struct buf *fields)
{
    frame(FRAME_DONE, fields->data, fields->len);
    buf_free(fields);
}

static void done_code(uint64_t code)
{
    struct buf fields = result(code);

    done(&fields);
}

/* All that a good worker says about `export default 1`. */
static void honest(void)
{
    started();
    exports("{\"default\":1}");
    done_code(ISO_OK);
}

static void truth(void)
{
    honest();
    _exit(0);
}

/* Takes the job from the socket, as a worker does. */
static void read_job(void)
{
    char bytes[65536];
    unsigned char first[FRAME_HEAD];
    size_t left;

    if (recv(CHANNEL, first, sizeof first, MSG_WAITALL) != (ssize_t)sizeof first)
        _exit(98);
    left = first[0] | (size_t)first[1] << 8 | (size_t)first[2] << 16 | (size_t)first[3] << 24;
    while (left > 0) {
        ssize_t n = read(CHANNEL, bytes, left < sizeof bytes ? left : sizeof bytes);

        if (n <= 0)
            _exit(98);
        left -= (size_t)n;
    }
}

/* ---- ways of not ending */

static void nap(long ms)
{
    struct timespec t = {ms / 1000, ms % 1000 * 1000000};

    nanosleep(&t, NULL);
}

static void __attribute__((noreturn)) sleep_on(void)
{
    for (;;)
        nap(1000);
}

static void __attribute__((noreturn)) spin(void)
{
    for (volatile unsigned n = 0;; n++)
        ;
}

static void deafen(void)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};

    for (int s = 1; s < NSIG; s++)
        sigaction(s, &ignore, NULL);
}

static void __attribute__((noreturn)) ends(const char *how)
{
    if (strcmp(how, "sleeps") == 0)
        sleep_on();
    if (strcmp(how, "spins") == 0)
        spin();
    if (strcmp(how, "deaf-spins") == 0) {
        deafen();
        spin();
    }
    if (strcmp(how, "deaf-sleeps") == 0) {
        deafen();
        sleep_on();
    }
    if (strcmp(how, "hangs-up") == 0) {
        close(CHANNEL);
        sleep_on();
    }
    if (strcmp(how, "half-hangs-up") == 0) { /* nothing more will come, but it still listens */
        shutdown(CHANNEL, SHUT_WR);
        sleep_on();
    }
    _exit(atoi(how));
}

#endif
