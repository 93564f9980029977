/* SPDX-License-Identifier: MIT */
/* host/io/signals.h - the signals that end iso4, taken by an event loop.
 *
 * signals_open(), then the loop, signals_close(), and the loop once more until it has no handles. Outside of that time
 * the signals do what was set before. */
#ifndef ISO_HOST_IO_SIGNALS_H
#define ISO_HOST_IO_SIGNALS_H
#include <signal.h>
#include <uv.h>

/* Signal; 1: taken also from a caller that has iso4 ignore it. Shells without job control have programs in the
 * background ignore SIGINT, and those who start them still end them by it. nohup means what it says. */
#define ISO_ENDING_SIGNALS(X) X(SIGHUP, 0) X(SIGINT, 1) X(SIGQUIT, 0) X(SIGTERM, 1)

enum {
#define X(name, always) ENDING_##name,
    ISO_ENDING_SIGNALS(X)
#undef X
        ENDING_SIGNALS
};

struct signals {
    uv_signal_t handles[ENDING_SIGNALS];
    struct sigaction before[ENDING_SIGNALS];
    void (*on_signal)(void *ctx, int signal);
    void *ctx;
};

/* With `background` the handles do not keep the loop alive. */
void signals_open(struct signals *s, uv_loop_t *loop, int background,
                  void (*on_signal)(void *ctx, int signal), void *ctx);
void signals_close(struct signals *s); /* a second call does nothing */

#endif
