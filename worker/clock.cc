/* SPDX-License-Identifier: MIT */
/* The clocks that JavaScript reads. In a run it is the machine's clock. While a snapshot is made the clock stands
 * still: libraries keep the time in their heap (lodash does), and the same sources must give the same bytes. A clock
 * that the host has set (--now) moves only when everything waits for a timer. The clock of a
 * run that is recorded moves with each turn of the event loop, as the host says. */
#include <time.h>

#include "core/clock.h"
#include "worker/engine_v8.h"

namespace iso
{

using namespace v8;

static enum { REAL, STILL, SET, MOVED } kind = REAL;
static double set_at, elapsed; /* of a clock that the host has set or moves, in ms */

void still_clock()
{
    kind = STILL;
}

void set_clock(double now_ms, bool moved)
{
    kind = moved ? MOVED : SET;
    set_at = now_ms;
    elapsed = 0;
}

bool clock_is_set()
{
    return kind == SET;
}

void advance_clock(double ms)
{
    elapsed += ms;
}

void move_clock(uint64_t us)
{
    if (kind == MOVED)
        elapsed = (double)us / 1e3;
}

static double read_clock(clockid_t clock)
{
    return (double)clock_ns(clock) / 1e6;
}

double monotonic_ms()
{
    return kind == SET || kind == MOVED ? elapsed : read_clock(CLOCK_MONOTONIC);
}

double wall_ms()
{
    return kind == SET || kind == MOVED ? set_at + elapsed
           : kind == STILL              ? STILL_CLOCK_MS
                                        : read_clock(CLOCK_REALTIME);
}

/* V8's platform with our time of day and our page allocator (budget.cc). */
class OwnClock : public Platform
{
  public:
    explicit OwnClock(std::unique_ptr<Platform> all) : inner(std::move(all)) {}

    double CurrentClockTimeMillis() override
    {
        return kind == REAL ? inner->CurrentClockTimeMillis() : wall_ms();
    }
    double MonotonicallyIncreasingTime() override
    {
        return inner
            ->MonotonicallyIncreasingTime(); /* for the garbage collector; JavaScript does not see it */
    }
    PageAllocator *GetPageAllocator() override
    {
        return pages_in_budget(inner->GetPageAllocator());
    }
    int NumberOfWorkerThreads() override
    {
        return inner->NumberOfWorkerThreads();
    }
    std::shared_ptr<TaskRunner> GetForegroundTaskRunner(Isolate *isolate, TaskPriority priority) override
    {
        return inner->GetForegroundTaskRunner(isolate, priority);
    }
    TracingController *GetTracingController() override
    {
        return inner->GetTracingController();
    }

  protected:
    std::unique_ptr<JobHandle> CreateJobImpl(TaskPriority priority, std::unique_ptr<JobTask> task,
                                             const SourceLocation &location) override
    {
        return inner->CreateJob(priority, std::move(task), location);
    }
    void PostTaskOnWorkerThreadImpl(TaskPriority priority, std::unique_ptr<Task> task,
                                    const SourceLocation &location) override
    {
        inner->PostTaskOnWorkerThread(priority, std::move(task), location);
    }
    void PostDelayedTaskOnWorkerThreadImpl(TaskPriority priority, std::unique_ptr<Task> task, double seconds,
                                           const SourceLocation &location) override
    {
        inner->PostDelayedTaskOnWorkerThread(priority, std::move(task), seconds, location);
    }

  private:
    std::unique_ptr<Platform> inner;
};

std::unique_ptr<Platform> with_own_clock(std::unique_ptr<Platform> all)
{
    return std::make_unique<OwnClock>(std::move(all));
}

} // namespace iso
