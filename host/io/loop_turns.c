/* SPDX-License-Identifier: MIT */
#include "host/io/loop_turns.h"

#include "core/clock.h"

/* Callbacks for descriptors are called in the poll phase, which also waits; libuv counts the wait apart (1.39). */
static void on_check(uv_check_t *check)
{
    struct loop_turns *t = check->data;
    uint64_t now = monotonic_ns(), idle = uv_metrics_idle_time(check->loop);
    uint64_t passed = now - t->seen_ns, waited = idle - t->idle_ns;

    if (passed > waited && passed - waited > t->longest_ns)
        t->longest_ns = passed - waited;
    t->seen_ns = now;
    t->idle_ns = idle;
}

void loop_turns_open(struct loop_turns *t, uv_loop_t *loop)
{
    *t = (struct loop_turns){.seen_ns = monotonic_ns()};
    (void)uv_loop_configure(loop, UV_METRICS_IDLE_TIME); /* cannot fail */
    uv_check_init(loop, &t->check);
    t->check.data = t;
    uv_check_start(&t->check, on_check);
    uv_unref((uv_handle_t *)&t->check);
}

void loop_turns_close(struct loop_turns *t)
{
    uv_close((uv_handle_t *)&t->check, NULL);
}
