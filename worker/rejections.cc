/* SPDX-License-Identifier: MIT */
/* Rejected promises that are not handled: reported on stderr when the run is over, except the one that is the run's
 * failure. */
#include <algorithm>

#include "worker/engine_v8.h"

/* The first of them are enough for a report. */
#define MOST 100

namespace iso
{

using namespace v8;

void handle_rejection(engine *e, Local<Promise> promise)
{
    promise->MarkAsHandled();
    e->rejections.erase(std::remove_if(e->rejections.begin(), e->rejections.end(),
                                       [&](const unhandled &one) { return one.promise == promise; }),
                        e->rejections.end());
}

static void on_rejection(PromiseRejectMessage message)
{
    Isolate *isolate = Isolate::GetCurrent();
    engine *e = engine_of(isolate);

    if (message.GetEvent() == kPromiseHandlerAddedAfterReject)
        handle_rejection(e, message.GetPromise());
    else if (message.GetEvent() == kPromiseRejectWithNoHandler && e->rejections.size() < MOST)
        e->rejections.push_back(
            {Global<Promise>(isolate, message.GetPromise()), Global<Value>(isolate, message.GetValue())});
}

void watch_rejections(Isolate *isolate)
{
    isolate->SetPromiseRejectCallback(on_rejection);
}

MaybeLocal<Value> take_rejection(engine *e)
{
    Local<Value> reason;

    if (e->rejections.empty())
        return {};
    reason = e->rejections.front().reason.Get(e->isolate);
    e->rejections.erase(e->rejections.begin());
    return reason;
}

void report_rejections(engine *e, Local<Context> context)
{
    std::vector<unhandled> all;

    all.swap(e->rejections); /* reporting one may reject another promise */
    for (const unhandled &one : all) {
        HandleScope scope(e->isolate);
        if (stopped(e))
            return;
        report_uncaught(e, context, one.reason.Get(e->isolate),
                        text(e->isolate, "a promise that is not handled"),
                        "Await the promise where it is made, or handle its rejection with .catch().");
    }
}

} // namespace iso
