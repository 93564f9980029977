/* SPDX-License-Identifier: MIT */
/* Samples for --cpu-profile. V8's own profiler needs a thread and signals between threads, which the filter must
 * refuse. Here the parent sends a signal each millisecond; its handler requests an interrupt, and the stack is taken
 * at the next stack check of JavaScript. So a sample may come late, but it has the time of the signal: the time of a
 * builtin counts for the function that called it.
 *
 * No agent code runs for a sample. Only V8's call sites have the start of a function; they are read when the run is
 * over. */
#include <signal.h>

#include <map>

#include "core/clock.h"
#include "protocol/profile.h"
#include "worker/engine_v8.h"

/* Most stacks that are kept until the end of the run, each with a place that is new. */
#define MOST_KEPT 500

namespace iso
{

using namespace v8;

struct profile {
    std::map<std::tuple<int, int, int>, uint32_t> places;       /* by script, line and column */
    std::map<std::string, std::vector<uint32_t>> without_start; /* by script, line and column as text */
    std::vector<Global<Object>> kept;                           /* with a stack */
};

static Isolate *volatile sampled;
static volatile sig_atomic_t waiting;
static volatile uint64_t due_ns; /* the time of a signal that has no sample yet; 0: none */

/* ---- records */

static void put_u32(struct buf *out, uint32_t v)
{
    unsigned char bytes[4];

    frame_put_u32(bytes, v);
    buf_add(out, bytes, sizeof bytes);
}

static void send(struct buf *record)
{
    if (!record->failed)
        host->profile(record->data, record->len);
    buf_free(record);
}

static void send_place(engine *e, Local<StackFrame> frame)
{
    Local<String> function = frame->GetFunctionName(), script = frame->GetScriptName();
    struct buf record = {}, name = {};

    if (function.IsEmpty())
        function = String::Empty(e->isolate);
    if (script.IsEmpty())
        script = String::Empty(e->isolate);
    quote_clamped(e->isolate, &name, function, PROFILE_MOST_TEXT);
    buf_byte(&record, PROFILE_PLACE);
    put_u32(&record, static_cast<uint32_t>(frame->GetLineNumber()));
    put_u32(&record, static_cast<uint32_t>(frame->GetColumn()));
    put_u32(&record, static_cast<uint32_t>(name.len));
    buf_add(&record, name.data, name.len);
    quote_clamped(e->isolate, &record, script, PROFILE_MOST_TEXT);
    record.failed |= name.failed;
    buf_free(&name);
    send(&record);
}

static struct buf sample(enum profile_record kind, uint64_t ns)
{
    struct buf record = {};

    buf_byte(&record, static_cast<char>(kind));
    buf_add(&record, &ns, sizeof ns);
    return record;
}

/* ---- stacks */

static std::string place_key(const std::string &script, int line, int column)
{
    return script + ":" + std::to_string(line) + ":" + std::to_string(column);
}

/* The number of a frame's place. False: there are too many places. */
static bool frame_place(engine *e, Local<StackFrame> frame, uint32_t *place, bool *fresh)
{
    profile *p = e->profiled;
    auto key = std::make_tuple(frame->GetScriptId(), frame->GetLineNumber(), frame->GetColumn());
    auto found = p->places.find(key);

    if (found == p->places.end()) {
        if (p->places.size() == PROFILE_MOST_PLACES)
            return false;
        found = p->places.emplace(key, static_cast<uint32_t>(p->places.size())).first;
        send_place(e, frame);
        Local<String> script = frame->GetScriptName();
        p->without_start[place_key(script.IsEmpty() ? "" : utf8(e->isolate, script), frame->GetLineNumber(),
                                   frame->GetColumn())]
            .push_back(found->second);
        *fresh = true;
    }
    *place = found->second;
    return true;
}

static bool is_plain(Local<Context> context, Local<Object> descriptor)
{
    Local<Value> yes;

    for (const char *what : {"writable", "enumerable", "configurable"})
        if (!descriptor->Get(context, text(Isolate::GetCurrent(), what)).ToLocal(&yes) || !yes->IsTrue())
            return false;
    return true;
}

/* Keeps the current stack for read_starts(). V8 keeps Error.stackTraceLimit functions of it, so the limit is raised
 * during that, if it is still an ordinary property. */
static void keep_stack(engine *e, Local<Context> context)
{
    TryCatch ignored(e->isolate);
    Local<Object> error = e->error.Get(e->isolate);
    Local<String> limit = text(e->isolate, "stackTraceLimit");
    Local<Value> descriptor, before;

    if (e->profiled->kept.size() == MOST_KEPT ||
        !error->GetOwnPropertyDescriptor(context, limit).ToLocal(&descriptor) || !descriptor->IsObject() ||
        !is_plain(context, descriptor.As<Object>()) ||
        !descriptor.As<Object>()->Get(context, text(e->isolate, "value")).ToLocal(&before) ||
        !error->CreateDataProperty(context, limit, Integer::New(e->isolate, 2 * PROFILE_MOST_DEPTH))
             .FromMaybe(false))
        return;
    e->profiled->kept.emplace_back(e->isolate, Exception::Error(String::Empty(e->isolate)).As<Object>());
    ignore(error->CreateDataProperty(context, limit, before));
}

static void take_sample(engine *e, uint64_t ns)
{
    Local<StackTrace> trace = StackTrace::CurrentStackTrace(e->isolate, PROFILE_MOST_DEPTH);
    struct buf record = sample(PROFILE_SAMPLE, ns);
    bool fresh = false;
    uint32_t place;

    for (int i = 0; i < trace->GetFrameCount(); i++) {
        Local<StackFrame> frame = trace->GetFrame(e->isolate, static_cast<uint32_t>(i));
        if (frame->GetScriptId() != e->runtime_script && frame_place(e, frame, &place, &fresh))
            put_u32(&record, place);
    }
    if (trace->GetFrameCount() == PROFILE_MOST_DEPTH)
        put_u32(&record, PROFILE_CUT);
    send(&record);
    if (fresh)
        keep_stack(e, e->context.Get(e->isolate));
}

static void on_sample(Isolate *isolate, void *data)
{
    engine *e = static_cast<engine *>(data);
    HandleScope scope(isolate);

    if (due_ns && sampled && !e->stopping)
        take_sample(e, due_ns);
    due_ns = 0;
}

void profile_wait(bool begins)
{
    struct buf record;

    waiting = begins;
    if (begins || !due_ns || !sampled)
        return;
    record = sample(PROFILE_IDLE, due_ns);
    send(&record);
    due_ns = 0;
}

/* ---- where functions begin */

static int ask_number(engine *e, Local<Context> context, const char *builtin, Local<Value> site)
{
    Local<Value> function, answer;

    if (e->internals.Get(e->isolate)->Get(context, text(e->isolate, builtin)).ToLocal(&function) &&
        function->IsFunction() && function.As<Function>()->Call(context, site, 0, nullptr).ToLocal(&answer) &&
        answer->IsInt32())
        return answer.As<Int32>()->Value();
    return 0;
}

static void read_site(engine *e, Local<Context> context, Local<Value> site)
{
    Local<Value> file;

    if (!e->site_file.Get(e->isolate)->Call(context, site, 0, nullptr).ToLocal(&file) || !file->IsString())
        return;
    auto found = e->profiled->without_start.find(place_key(utf8(e->isolate, file.As<String>()),
                                                           ask_number(e, context, "siteLine", site),
                                                           ask_number(e, context, "siteColumn", site)));
    if (found == e->profiled->without_start.end())
        return;
    int line = ask_number(e, context, "functionLine", site),
        column = ask_number(e, context, "functionColumn", site);
    if (line < 1) /* it begins in code that was added around the source, see form.cc */
        line = column = 1;
    for (uint32_t place : found->second) {
        struct buf record = {};
        buf_byte(&record, PROFILE_START);
        put_u32(&record, place);
        put_u32(&record, static_cast<uint32_t>(line));
        put_u32(&record, static_cast<uint32_t>(column));
        if (line > 0 && column > 0)
            send(&record);
        else
            buf_free(&record);
    }
    e->profiled->without_start.erase(found);
}

void read_starts(engine *e, Local<Context> context, Local<Array> sites)
{
    TryCatch ignored(e->isolate);
    Local<Value> site;

    for (uint32_t i = 0; i < sites->Length(); i++)
        if (sites->Get(context, i).ToLocal(&site))
            read_site(e, context, site);
}

void profile_finish(engine *e)
{
    Isolate *before = sampled;

    if (!e->profiled)
        return;
    sampled = nullptr;
    HandleScope scope(e->isolate);
    Local<Context> context = e->context.Get(e->isolate);
    Context::Scope enter(context);
    TryCatch ignored(e->isolate);
    e->reading_starts = true;
    for (const Global<Object> &one : e->profiled->kept) {
        HandleScope inner(e->isolate);
        Local<Value> stack;
        if (!one.Get(e->isolate)->Get(context, text(e->isolate, "stack")).ToLocal(&stack))
            break;
    }
    e->reading_starts = false;
    e->profiled->kept.clear();
    sampled = before;
}

} // namespace iso

void engine_profile(struct engine *e)
{
    e->profiled = new iso::profile;
    iso::sampled = e->isolate;
}

extern "C" void engine_sample(void)
{
    if (!iso::sampled || iso::due_ns)
        return;
    iso::due_ns = monotonic_ns();
    if (!iso::waiting) /* see engine_interrupt() */
        iso::sampled->RequestInterrupt(iso::on_sample, iso::engine_of(iso::sampled));
}
