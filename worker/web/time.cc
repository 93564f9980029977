/* SPDX-License-Identifier: MIT */
/* The clock of `performance`. It counts from the start of a run; while a snapshot is made it stands still, like Date
 * (clock.cc). */
#include "worker/natives.h"

namespace iso
{

using namespace v8;

void start_performance_clock(engine *e)
{
    e->performance_zero = monotonic_ms();
    e->time_origin = wall_ms();
}

void performance_now(const NativeInfo &info)
{
    engine *e = engine_of(info.GetIsolate());
    bool running = e->cfg.kind == ENGINE_RUN;

    info.GetReturnValue().Set(running ? monotonic_ms() - e->performance_zero : 0.0);
}

void time_origin(const NativeInfo &info)
{
    engine *e = engine_of(info.GetIsolate());

    info.GetReturnValue().Set(e->cfg.kind == ENGINE_RUN ? e->time_origin : STILL_CLOCK_MS);
}

} // namespace iso
