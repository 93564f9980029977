/* SPDX-License-Identifier: MIT */
/* The clock behind `performance`. It counts from the moment a run begins; while a snapshot is made it stands
 * still, as Date does (clock.cc). */
#include <time.h>

#include "worker/web.h"

namespace iso
{

using namespace v8;

static double ms_of(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

void start_performance_clock(engine *e)
{
    e->performance_zero = ms_of(CLOCK_MONOTONIC);
    e->time_origin = ms_of(CLOCK_REALTIME);
}

void performance_now(const NativeInfo &info)
{
    engine *e = engine_of(info.GetIsolate());
    bool running = e->cfg.kind == ENGINE_RUN;

    info.GetReturnValue().Set(running ? ms_of(CLOCK_MONOTONIC) - e->performance_zero : 0.0);
}

void time_origin(const NativeInfo &info)
{
    engine *e = engine_of(info.GetIsolate());

    info.GetReturnValue().Set(e->cfg.kind == ENGINE_RUN ? e->time_origin : STILL_CLOCK_MS);
}

} // namespace iso
