/* SPDX-License-Identifier: MIT */
/* The clock that JavaScript reads. While a snapshot is made it stands still: libraries keep the time in their
 * heap (lodash does), and the same sources shall give the same bytes. */
#include "worker/engine_v8.h"

namespace iso
{

using namespace v8;

/* V8's platform in all but the time of day. */
class StillPlatform : public Platform
{
  public:
    explicit StillPlatform(std::unique_ptr<Platform> all) : inner(std::move(all)) {}

    double CurrentClockTimeMillis() override
    {
        return STILL_CLOCK_MS;
    }
    double MonotonicallyIncreasingTime() override
    {
        return inner->MonotonicallyIncreasingTime(); /* the collector's; JavaScript does not see it */
    }
    PageAllocator *GetPageAllocator() override
    {
        return inner->GetPageAllocator();
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

std::unique_ptr<Platform> with_still_clock(std::unique_ptr<Platform> all)
{
    return std::make_unique<StillPlatform>(std::move(all));
}

} // namespace iso
