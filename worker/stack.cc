/* SPDX-License-Identifier: MIT */
/* Makes the `stack` of an error like V8 does, but without frames of the runtime: agent code sees neither their text
 * nor, in its own Error.prepareStackTrace, their functions and receivers.
 *
 * All builtins that are called here were taken from the realm before agent code could change them
 * (worker/prelude/stack.js). V8 does not call this, and shows all frames, while another stack is being made, or when
 * stack space is used up. */
#include "worker/engine_v8.h"

namespace iso
{

using namespace v8;

/* Calls a builtin. Empty when it threw, because stack space is used up or agent code that it called threw; the
 * exception is dropped, unless it is a termination. */
static MaybeLocal<String> call_builtin(engine *e, Local<Context> context, const Global<Function> &builtin,
                                       Local<Value> receiver, Local<Value> *thrown)
{
    TryCatch caught(e->isolate);
    Local<Value> answer;

    if (builtin.Get(e->isolate)->Call(context, receiver, 0, nullptr).ToLocal(&answer))
        return answer->IsString() ? answer.As<String>() : MaybeLocal<String>();
    *thrown = caught.Exception();
    if (caught.HasTerminated())
        caught.ReThrow();
    return {};
}

/* A number of a call site; 0: it has none, such as the line of a builtin. */
static int ask_number(engine *e, Local<Context> context, const Global<Function> &builtin,
                      Local<Value> receiver)
{
    TryCatch caught(e->isolate);
    Local<Value> answer;

    if (builtin.Get(e->isolate)->Call(context, receiver, 0, nullptr).ToLocal(&answer))
        return answer->IsInt32() ? answer.As<Int32>()->Value() : 0;
    if (caught.HasTerminated())
        caught.ReThrow();
    return 0;
}

static bool terminating(engine *e)
{
    return e->isolate->IsExecutionTerminating();
}

static MaybeLocal<Array> without_runtime_sites(engine *e, Local<Context> context, Local<Array> sites)
{
    Local<String> runtime = text(e->isolate, RUNTIME_SCRIPT), file;
    std::vector<Local<Value>> kept;
    Local<Value> site, thrown;

    for (uint32_t i = 0; i < sites->Length(); i++) {
        if (!sites->Get(context, i).ToLocal(&site))
            return {};
        if (!call_builtin(e, context, e->site_file, site, &thrown).ToLocal(&file)) {
            if (terminating(e))
                return {};
            if (!thrown.IsEmpty())
                continue; /* dropped: a site without a file may belong to the runtime */
        } else if (file->StringEquals(runtime)) {
            continue;
        }
        thrown.Clear();
        kept.push_back(site);
    }
    return Array::New(e->isolate, kept.data(), kept.size());
}

/* ---- errors of V8 after the budget has refused memory
 *
 * Agent code can throw an error with the same message. But V8 makes its error in a builtin, called at the place that
 * was refused: the first site has no line, and the next site with a line is that place. */

/* Most places that are kept; the latest count. */
#define MOST_REFUSED 32

static Local<Private> refusal_mark(Isolate *isolate)
{
    return Private::ForApi(isolate, text(isolate, "iso4:refusal"));
}

static bool was_refused(engine *e, const refused_place &place)
{
    for (const refused_place &one : e->refused)
        if (one.line == place.line && one.column == place.column && one.script == place.script)
            return true;
    return false;
}

void note_refusal(engine *e)
{
    HandleScope scope(e->isolate);
    Local<StackTrace> trace = StackTrace::CurrentStackTrace(e->isolate, 1);

    if (trace->GetFrameCount() < 1)
        return;
    Local<StackFrame> frame = trace->GetFrame(e->isolate, 0);
    Local<String> script = frame->GetScriptName();
    refused_place place = {script.IsEmpty() ? "" : utf8(e->isolate, script), frame->GetLineNumber(),
                           frame->GetColumn()};
    if (was_refused(e, place))
        return;
    if (e->refused.size() == MOST_REFUSED)
        e->refused.erase(e->refused.begin());
    e->refused.push_back(place);
}

static void mark_refusal(engine *e, Local<Context> context, Local<Value> error, Local<Array> sites)
{
    Local<Value> site, thrown;
    Local<String> file;

    if (e->refused.empty() || !error->IsNativeError())
        return;
    for (uint32_t i = 0; i < sites->Length() && sites->Get(context, i).ToLocal(&site); i++) {
        int line = ask_number(e, context, e->site_line, site);
        if (line == 0)
            continue;
        std::string script = call_builtin(e, context, e->site_file, site, &thrown).ToLocal(&file)
                                 ? utf8(e->isolate, file)
                                 : "";
        if (i > 0 && was_refused(e, {script, line, ask_number(e, context, e->site_column, site)}))
            ignore(error.As<Object>()->SetPrivate(context, refusal_mark(e->isolate), True(e->isolate)));
        return;
    }
}

bool is_refusal(Local<Context> context, Local<Value> value)
{
    return value->IsNativeError() &&
           value.As<Object>()->HasPrivate(context, refusal_mark(Isolate::GetCurrent())).FromMaybe(false);
}

/* ---- the text */

/* The first line of the stack. When making it throws, V8 writes that error in its place. */
static Local<String> header(engine *e, Local<Context> context, Local<Value> error)
{
    Local<String> shown;
    Local<Value> thrown;

    if (call_builtin(e, context, e->error_text, error, &thrown).ToLocal(&shown) || terminating(e))
        return shown;
    if (!call_builtin(e, context, e->error_text, thrown, &thrown).ToLocal(&shown))
        return text(e->isolate, "<error>");
    shown = String::Concat(e->isolate, text(e->isolate, "<error: "), shown);
    return shown.IsEmpty() ? shown : String::Concat(e->isolate, shown, text(e->isolate, ">"));
}

static MaybeLocal<Value> format(engine *e, Local<Context> context, Local<Value> error, Local<Array> sites)
{
    Local<String> all = e->frames_only ? String::Empty(e->isolate) : header(e, context, error),
                  at = text(e->isolate, "\n    at "), shown;
    Local<Value> site, thrown;

    for (uint32_t i = 0; i < sites->Length() && !all.IsEmpty() && !terminating(e); i++) {
        if (!sites->Get(context, i).ToLocal(&site))
            return {};
        if (!call_builtin(e, context, e->site_text, site, &thrown).ToLocal(&shown))
            shown = text(e->isolate, "<error>");
        all = String::Concat(e->isolate, all, at);
        if (!all.IsEmpty())
            all = String::Concat(e->isolate, all, shown);
    }
    if (terminating(e))
        return {};
    if (all.IsEmpty()) { /* it exceeds the longest string */
        e->isolate->ThrowException(Exception::RangeError(text(e->isolate, "Invalid string length")));
        return {};
    }
    return all;
}

/* True for a plain function; like V8, others are ignored as Error.prepareStackTrace. */
static bool is_plain_function(Local<Value> value)
{
    return value->IsFunction() && !value->IsProxy() &&
           value.As<Function>()->GetBoundFunction()->IsUndefined();
}

static MaybeLocal<Value> make_stack(Local<Context> context, Local<Value> error, Local<Array> sites)
{
    Isolate *isolate = Isolate::GetCurrent();
    engine *e = engine_of(isolate);
    EscapableHandleScope scope(isolate);
    Local<Function> constructor = e->error.Get(isolate);
    Local<Value> own, stack;

    if (e->reading_starts) {
        read_starts(e, context, sites);
        return scope.Escape(Local<Value>(Undefined(isolate)));
    }
    mark_refusal(e, context, error, sites);
    if (!without_runtime_sites(e, context, sites).ToLocal(&sites) ||
        !constructor->Get(context, text(isolate, "prepareStackTrace")).ToLocal(&own))
        return {};
    if (is_plain_function(own) && !e->frames_only) {
        Local<Value> args[] = {error, sites};
        if (!own.As<Function>()->Call(context, constructor, 2, args).ToLocal(&stack))
            return {};
    } else if (!format(e, context, error, sites).ToLocal(&stack)) {
        return {};
    }
    return scope.Escape(stack);
}

std::string frames_of(engine *e, Local<Context> context, Local<Object> error)
{
    TryCatch ignore(e->isolate);
    Local<Value> stack;
    std::string frames;

    e->frames_only = true;
    if (error->Get(context, text(e->isolate, "stack")).ToLocal(&stack) && stack->IsString())
        frames = utf8(e->isolate, stack.As<String>());
    e->frames_only = false;
    return frames.empty() ? frames : frames.substr(1);
}

static bool keep(engine *e, Local<Context> context, const char *name, Global<Function> *out)
{
    Local<Value> function;

    if (!e->internals.Get(e->isolate)->Get(context, text(e->isolate, name)).ToLocal(&function) ||
        !function->IsFunction())
        return false;
    out->Reset(e->isolate, function.As<Function>());
    return true;
}

bool hide_runtime(engine *e, Local<Context> context)
{
    Global<Function> next_timer;

    if (!keep(e, context, "Error", &e->error) || !keep(e, context, "errorText", &e->error_text) ||
        !keep(e, context, "siteFile", &e->site_file) || !keep(e, context, "siteLine", &e->site_line) ||
        !keep(e, context, "siteColumn", &e->site_column) || !keep(e, context, "siteText", &e->site_text) ||
        !keep(e, context, "nextTimer", &next_timer))
        return false;
    e->runtime_script = next_timer.Get(e->isolate)->ScriptId(); /* any function of the prelude has it */
    e->isolate->SetPrepareStackTraceCallback(make_stack);
    return true;
}

/* The member of the internals that is set when a prefix has changed the limit. */
static const char limit_kept[] = "stackLimitKept";

/* Frames that V8 keeps for Exception::GetStackTrace(), more than `stack` shows. With them an error takes at least twice
 * the time, and more when it is thrown in deep calls. */
#define MOST_FRAMES 64

void keep_deep_stacks(engine *e)
{
    e->isolate->SetCaptureStackTraceForUncaughtExceptions(
        true, MOST_FRAMES,
        (StackTrace::StackTraceOptions)(StackTrace::kDetailed |
                                        StackTrace::kExposeFramesAcrossSecurityOrigins));
}

void keep_stack_limit(engine *e, Local<Context> context)
{
    Local<Value> is_other;

    if (call_internal(e, context, "keepStackLimit").ToLocal(&is_other))
        ignore(e->internals.Get(e->isolate)
                   ->CreateDataProperty(context, text(e->isolate, limit_kept), is_other));
}

void restore_stack_limit(engine *e, Local<Context> context)
{
    Local<Value> kept;

    if (!e->internals.Get(e->isolate)->HasOwnProperty(context, text(e->isolate, limit_kept)).FromMaybe(false))
        return;
    keep_deep_stacks(e);
    if (e->internals.Get(e->isolate)->Get(context, text(e->isolate, limit_kept)).ToLocal(&kept) &&
        kept->IsTrue())
        (void)call_internal(e, context, "restoreStackLimit");
}

void stop_hiding_runtime(engine *e)
{
    e->isolate->SetPrepareStackTraceCallback(nullptr);
    for (Global<Function> *one :
         {&e->error, &e->error_text, &e->site_file, &e->site_line, &e->site_column, &e->site_text})
        one->Reset();
}

} // namespace iso
