/* SPDX-License-Identifier: MIT */
#include "host/io/signals.h"

static const struct {
    int number, always;
} ENDING[ENDING_SIGNALS] = {
#define X(name, always) [ENDING_##name] = {name, always},
    ISO_ENDING_SIGNALS(X)
#undef X
};

static void on_signal(uv_signal_t *handle, int signal)
{
    const struct signals *s = handle->data;

    s->on_signal(s->ctx, signal);
}

void signals_open(struct signals *s, uv_loop_t *loop, int background, void (*taken)(void *ctx, int signal),
                  void *ctx)
{
    s->on_signal = taken;
    s->ctx = ctx;
    for (int i = 0; i < ENDING_SIGNALS; i++) {
        uv_signal_init(loop, &s->handles[i]);
        s->handles[i].data = s;
        sigaction(ENDING[i].number, NULL, &s->before[i]);
        if (ENDING[i].always || s->before[i].sa_handler != SIG_IGN)
            uv_signal_start(&s->handles[i], on_signal, ENDING[i].number);
        if (background)
            uv_unref((uv_handle_t *)&s->handles[i]);
    }
}

/* libuv leaves the default behind: right for one that was taken although the caller had it ignored. */
void signals_close(struct signals *s)
{
    if (uv_is_closing((uv_handle_t *)&s->handles[0]))
        return;
    for (int i = 0; i < ENDING_SIGNALS; i++) {
        uv_signal_stop(&s->handles[i]);
        if (s->before[i].sa_handler != SIG_IGN)
            sigaction(ENDING[i].number, &s->before[i], NULL);
        uv_close((uv_handle_t *)&s->handles[i], NULL);
    }
}
