/* SPDX-License-Identifier: MIT */
/* The event loop: microtasks, V8's own tasks, timers; and the signal that ends it. */
#include <signal.h>

#include "worker/engine_v8.h"

namespace iso
{

using namespace v8;

/* Set by the signal handler, on the only thread. */
static volatile sig_atomic_t interrupt_seen;
static Isolate *volatile interrupt_isolate;

/* Stops the run here. False when no function is on the stack and the stop was postponed, to find a place later. */
static bool stop_here(engine *e)
{
    if (!e->stopping)
        e->stopped_at = current_stack(e->isolate);
    if (e->stopped_at.empty() && e->stop_postponed)
        return false;
    e->stopping = true;
    e->isolate->TerminateExecution();
    return true;
}

/* Called by V8 for every new promise, mostly while the function that makes it is on the stack: a place to stop. */
static void on_promise(PromiseHookType, Local<Promise>, Local<Value>)
{
    Isolate *isolate = Isolate::GetCurrent();
    HandleScope scope(isolate);

    if (!engine_of(isolate)->stopping)
        stop_here(engine_of(isolate));
}

/* Called at the next stack check of JavaScript, so that the report has the place where the run was stopped. V8 also
 * checks between two microtasks, where no function is running; a loop of awaits is stopped at its next promise instead,
 * or here at the second signal of the parent. */
static void on_interrupt(Isolate *isolate, void *data)
{
    engine *e = static_cast<engine *>(data);
    HandleScope scope(isolate);

    e->stop_postponed = !e->stop_postponed && !e->stopping;
    if (!stop_here(e))
        isolate->SetPromiseHook(on_promise);
}

bool stopped(engine *e)
{
    if (interrupt_seen)
        e->stopping = true;
    return e->stopping;
}

void end_run(engine *e, enum iso_code code, const std::string &why)
{
    if (!e->stopping)
        e->stopped_at = current_stack(e->isolate);
    e->stopping = true;
    e->ended = code;
    e->ended_because = why;
    e->isolate->TerminateExecution();
}

void drain(engine *e)
{
    e->isolate->PerformMicrotaskCheckpoint();
    /* Runs V8's tasks, such as finalization callbacks; each may queue microtasks. */
    while (!stopped(e) && platform::PumpMessageLoop(platform, e->isolate))
        e->isolate->PerformMicrotaskCheckpoint();
}

/* The time to wait with a clock that is set. When no call is pending, the clock moves to the next timer at once: 0. */
static double wait_by_set_clock(engine *e, double ms)
{
    if (!e->calls.empty())
        return -1;
    advance_clock(ms);
    return 0;
}

/* Runs one turn of the event loop. False when no timer and no call is left. Answers come before timers, so that timers
 * without delay that set each other cannot delay answers forever. */
static bool turn(engine *e, Local<Context> context)
{
    HandleScope scope(e->isolate);
    TryCatch ignore(e->isolate);
    Local<Value> next;
    double ms;

    if (!call_internal(e, context, "nextTimer").ToLocal(&next) || !next->NumberValue(context).To(&ms))
        return false;
    if (ms < 0 && e->calls.empty())
        return false;
    if (clock_is_set() && ms > 0)
        ms = wait_by_set_clock(e, ms);
    if ((ms != 0 || !e->calls.empty()) && !stopped(e))
        (e->takes_turns ? receive_turn : receive_answer)(e, context, ms);
    if (ms >= 0 && !stopped(e))
        (void)call_internal(e, context, "runTimers");
    return true;
}

Settled settle(engine *e, Local<Context> context, Local<Promise> promise)
{
    for (;;) {
        drain(e);
        if (stopped(e))
            return Settled::STOPPED;
        if (promise->State() != Promise::kPending)
            return promise->State() == Promise::kFulfilled ? Settled::FULFILLED : Settled::REJECTED;
        if (!turn(e, context))
            return stopped(e) ? Settled::STOPPED : Settled::NEVER;
    }
}

Settled settle_all(engine *e, Local<Context> context)
{
    for (;;) {
        drain(e);
        if (stopped(e))
            return Settled::STOPPED;
        if (!e->uncaught.IsEmpty() || !e->rejections.empty())
            return Settled::REJECTED;
        if (!turn(e, context))
            return stopped(e) ? Settled::STOPPED : Settled::FULFILLED;
    }
}

void interrupts_reach(Isolate *isolate)
{
    interrupt_isolate = isolate;
}

} // namespace iso

extern "C" void engine_interrupt(void)
{
    iso::interrupt_seen = 1;
    /* Safe in a signal handler: RequestInterrupt takes a recursive lock of this thread and adds an entry to a queue
     * that has room for it, so that it does not allocate (V8 14.6: std::queue over std::deque, 32 entries a block). */
    if (iso::interrupt_isolate)
        iso::interrupt_isolate->RequestInterrupt(iso::on_interrupt, iso::engine_of(iso::interrupt_isolate));
}
