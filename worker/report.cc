/* SPDX-License-Identifier: MIT */
/* Makes reports from exceptions. Reading `name`, `message` or `stack` may run agent code; when a getter throws, only
 * that part of the report is missing. */
#include <stdio.h>
#include <string.h>

#include <algorithm>
#include <set>

#include "core/json.h"
#include "protocol/bounds.h"
#include "worker/engine_v8.h"

/* Most own properties of an error that are read. */
#define MOST_FIELDS 1000
/* As many frames as V8 gives an error, not counting those of the runtime. Inspecting a deep value can add many of
 * them. */
#define SHOWN_FRAMES 10
#define MOST_FRAMES  200

namespace iso
{

using namespace v8;

void say(engine_report *r, enum iso_code code, const std::string &message)
{
    r->code = code;
    buf_reset(&r->name);
    buf_reset(&r->message);
    quote_ascii(&r->name, "Error");
    quote_ascii(&r->message, clamped(message, BOUND_MESSAGE));
}

static std::string script_of(Isolate *isolate, Local<StackFrame> frame)
{
    Local<String> script = frame->GetScriptName();

    return script.IsEmpty() ? "<anonymous>" : utf8(isolate, script);
}

static std::string frame_line(Isolate *isolate, Local<StackFrame> frame, const std::string &script)
{
    Local<String> function = frame->GetFunctionName();
    std::string at =
        script + ":" + std::to_string(frame->GetLineNumber()) + ":" + std::to_string(frame->GetColumn());

    return function.IsEmpty() || function->Length() == 0
               ? "    at " + at
               : "    at " + clamped(utf8(isolate, function), BOUND_NAME) + " (" + at + ")";
}

/* The first frames; if all of these are in a library, also the first frame of the agent. */
std::string current_stack(Isolate *isolate)
{
    Local<StackTrace> trace = StackTrace::CurrentStackTrace(isolate, MOST_FRAMES);
    const std::string &agent = engine_of(isolate)->source_name;
    std::string out;
    bool seen = false; /* a frame of the agent */

    for (int i = 0, shown = 0; i < trace->GetFrameCount() && (shown < SHOWN_FRAMES || !seen); i++) {
        Local<StackFrame> frame = trace->GetFrame(isolate, i);
        std::string script = script_of(isolate, frame);

        if (frame->GetScriptId() == engine_of(isolate)->runtime_script || script == RUNTIME_SCRIPT ||
            (shown >= SHOWN_FRAMES && script != agent))
            continue;
        if (++shown > SHOWN_FRAMES)
            out += "\n    ...";
        seen |= script == agent;
        out += (out.empty() ? "" : "\n") + frame_line(isolate, frame, script);
    }
    return out;
}

/* A text property; empty when absent, not a string, or when reading it throws. */
static MaybeLocal<String> text_property(engine *e, Local<Context> context, Local<Object> object,
                                        const char *name)
{
    TryCatch ignore(e->isolate);
    Local<Value> value;

    if (!object->Get(context, text(e->isolate, name)).ToLocal(&value) || !value->IsString())
        return {};
    return value.As<String>();
}

/* True when a line of a stack ends with a place in the runtime. The part before the place may be anything, because
 * agent code chooses the names of functions. */
static bool is_runtime_line(const std::string &line)
{
    static const std::string name = RUNTIME_SCRIPT ":";
    size_t end = line.size(), at;

    while (end > 0 && (line[end - 1] == '\n' || line[end - 1] == ')'))
        end--;
    at = line.rfind(name, end);
    return at != std::string::npos && at > 0 && (line[at - 1] == ' ' || line[at - 1] == '(') &&
           line.find_first_not_of("0123456789:", at + name.size()) >= end;
}

/* A stack in V8's format without frames of the runtime. Only stacks that V8 makes without our callback have such
 * frames; any other text was set by the agent. */
Local<String> without_runtime(Isolate *isolate, Local<String> stack)
{
    std::string all, kept;
    Local<String> shown;

    if (stack->Length() > (int)BOUND_STACK)
        return stack; /* not made by V8; it is cut later if it is long */
    all = utf8(isolate, stack);
    if (all.find(RUNTIME_SCRIPT ":") == std::string::npos)
        return stack;
    for (size_t at = 0; at < all.size();) {
        size_t end = std::min(all.find('\n', at), all.size() - 1) + 1;
        std::string line = all.substr(at, end - at);
        if (!is_runtime_line(line))
            kept += line;
        at = end;
    }
    if (!kept.empty() && kept.back() == '\n')
        kept.pop_back();
    return String::NewFromUtf8(isolate, kept.data(), NewStringType::kNormal, static_cast<int>(kept.size()))
                   .ToLocal(&shown)
               ? shown
               : stack;
}

static void describe_primitive(engine *e, Local<Context> context, Local<Value> exception, engine_report *r)
{
    TryCatch ignore(e->isolate);
    Local<String> shown;

    quote_ascii(&r->name, "Error");
    if (exception->IsSymbol())
        shown =
            exception.As<Symbol>()->Description(e->isolate)->IsString()
                ? String::Concat(e->isolate, text(e->isolate, "Symbol("),
                                 String::Concat(e->isolate,
                                                exception.As<Symbol>()->Description(e->isolate).As<String>(),
                                                text(e->isolate, ")")))
                : text(e->isolate, "Symbol()");
    else if (!exception->ToString(context).ToLocal(&shown))
        shown = text(e->isolate, "a value that cannot be shown");
    quote_clamped(e->isolate, &r->message, shown, BOUND_MESSAGE);
}

static bool reported_elsewhere(Isolate *isolate, Local<Value> name)
{
    for (const char *known : {"name", "message", "stack"})
        if (name->StrictEquals(text(isolate, known)))
            return true;
    return false;
}

/* Writes a field as `"name":value`, nothing when it is undefined; a text replaces a value that cannot be encoded. */
static void encode_field(engine *e, Local<Context> context, Local<Object> object, Local<String> name,
                         struct buf *out)
{
    Encoder encoder(e, context, out, BOUND_FIELDS / 4, false);
    Local<Value> value;
    bool any = false;

    encoder.be_lenient();
    Encoder::Result result =
        object->Get(context, name).ToLocal(&value) ? encoder.encode(name, value, &any) : Encoder::THROWN;

    if (result == Encoder::OK)
        return;
    buf_reset(out);
    quote(e->isolate, out, name);
    buf_byte(out, ':');
    quote_ascii(out, result == Encoder::TOO_LARGE ? "[too large to show]" : "[cannot be read]");
}

/* The names of own enumerable properties, and of the non-enumerable ones that describe the error. */
static std::vector<Local<Value>> names_of_fields(engine *e, Local<Context> context, Local<Object> object)
{
    std::vector<Local<Value>> names;
    Local<Array> keys;

    if (object->IsProxy() ||
        !object
             ->GetOwnPropertyNames(context, static_cast<PropertyFilter>(ONLY_ENUMERABLE | SKIP_SYMBOLS),
                                   KeyConversionMode::kConvertToString)
             .ToLocal(&keys))
        return names;
    for (uint32_t i = 0; i < keys->Length() && i < MOST_FIELDS; i++) {
        Local<Value> name;
        if (keys->Get(context, i).ToLocal(&name) && !reported_elsewhere(e->isolate, name))
            names.push_back(name);
    }
    for (const char *extra : {ERROR_ORIGINS})
        if (object->IsNativeError() &&
            object->GetRealNamedPropertyAttributes(context, text(e->isolate, extra)).FromMaybe(None) &
                DontEnum)
            names.push_back(text(e->isolate, extra));
    return names;
}

/* Different names can become equal when U+FFFD replaces lone surrogates. Only the first of them is kept. */
static bool named_before(engine *e, Local<String> name, std::set<std::string> *mended)
{
    if (is_well_formed(e->isolate, name))
        return false;
    return name->Length() > static_cast<int>(BOUND_NAME) || !mended->insert(utf8(e->isolate, name)).second;
}

/* Writes as many fields as fit. */
static void describe_fields(engine *e, Local<Context> context, Local<Object> object, engine_report *r)
{
    TryCatch ignore(e->isolate);
    std::set<std::string> mended;

    for (Local<Value> name : names_of_fields(e, context, object)) {
        HandleScope scope(e->isolate);
        struct buf one = {};
        if (named_before(e, name.As<String>(), &mended))
            continue;
        encode_field(e, context, object, name.As<String>(), &one);
        if (one.len && !one.failed && r->fields.len + one.len + 2 < BOUND_FIELDS) {
            buf_byte(&r->fields, r->fields.len ? ',' : '{');
            buf_add(&r->fields, one.data, one.len);
        }
        buf_free(&one);
        if (stopped(e))
            break;
    }
    if (r->fields.len)
        buf_byte(&r->fields, '}');
}

static void describe_object(engine *e, Local<Context> context, Local<Object> object, engine_report *r)
{
    Local<String> name, message, stack;

    if (object->IsProxy()) {
        say(r, r->code, "a proxy was thrown");
        return;
    }
    if (!text_property(e, context, object, "name").ToLocal(&name))
        name = text(e->isolate, "Error");
    quote_clamped(e->isolate, &r->name, name, BOUND_NAME);
    if (text_property(e, context, object, "message").ToLocal(&message))
        quote_clamped(e->isolate, &r->message, message, BOUND_MESSAGE);
    else
        quote_ascii(&r->message, object->IsNativeError() ? "" : "an object was thrown that is no Error");
    if (text_property(e, context, object, "stack").ToLocal(&stack))
        quote_clamped(e->isolate, &r->stack, without_runtime(e->isolate, stack), BOUND_STACK);
    describe_fields(e, context, object, r);
}

/* Takes the place from the first frame in a source of the parent. A source that was run is preferred to an imported
 * one, so that an error inside a library points at the call into it. */
static bool place_in_stack(engine *e, Local<StackTrace> trace, engine_report *r)
{
    unsigned best = 0;

    for (int i = 0; i < trace->GetFrameCount(); i++) {
        Local<StackFrame> frame = trace->GetFrame(e->isolate, i);
        unsigned source = source_of_script(e, frame->GetScriptId());
        bool better = source && (!best || (best >= ENGINE_FIRST_IMPORT && source < ENGINE_FIRST_IMPORT) ||
                                 (source < ENGINE_FIRST_IMPORT && source > best));
        if (!better)
            continue;
        best = r->source = source;
        r->line = (unsigned)frame->GetLineNumber();
        r->column = (unsigned)frame->GetColumn();
    }
    return best > 0;
}

static void place_message(engine *e, Local<Context> context, Local<Message> message, engine_report *r)
{
    unsigned source = source_of_script(e, message->GetScriptOrigin().ScriptId());
    int line, column;

    if (!source && r->code == ISO_COMPILE)
        source = e->runs; /* a source that does not parse has no script yet */
    if (source && message->GetLineNumber(context).To(&line) && message->GetStartColumn(context).To(&column)) {
        r->source = source;
        r->line = (unsigned)line;
        r->column = (unsigned)column + 1;
    }
}

/* Takes the place from the text of the stack: only the text has frames before an `await`. Agent code may have faked the
 * text; then the place in its source is meaningless. */
static bool place_in_text(engine *e, engine_report *r)
{
    std::string text(r->stack.data, r->stack.len), name = e->source_name + ":";
    size_t at = text.find(" " + name), in_parentheses = text.find("(" + name);
    unsigned line, column;

    if (in_parentheses < at)
        at = in_parentheses;
    if (at == std::string::npos ||
        sscanf(text.c_str() + at + 1 + name.size(), "%9u:%9u", &line, &column) != 2)
        return false;
    r->source = e->runs;
    r->line = line;
    r->column = column;
    return true;
}

/* Takes the place from the first frame in a source that only the snapshot has. */
static void place_in_snapshot(engine *e, Local<StackTrace> trace, engine_report *r)
{
    for (int i = 0; i < trace->GetFrameCount(); i++) {
        Local<StackFrame> frame = trace->GetFrame(e->isolate, i);
        Local<String> script = frame->GetScriptName();

        if (script.IsEmpty() || script->Length() == 0 || frame->GetScriptId() == e->runtime_script)
            continue;
        quote_clamped(e->isolate, &r->file, script, BOUND_NAME);
        r->line = (unsigned)frame->GetLineNumber();
        r->column = (unsigned)frame->GetColumn();
        return;
    }
}

static void place(engine *e, Local<Context> context, Local<Value> exception, Local<Message> message,
                  engine_report *r)
{
    Local<StackTrace> trace = Exception::GetStackTrace(exception);

    if (!trace.IsEmpty() && place_in_stack(e, trace, r) && r->source < ENGINE_FIRST_IMPORT)
        return;
    if (r->code != ISO_COMPILE && place_in_text(e, r))
        return;
    if (!r->line && !message.IsEmpty()) /* the second choice: the place where it was thrown */
        place_message(e, context, message, r);
    if (!r->line && !trace.IsEmpty())
        place_in_snapshot(e, trace, r);
}

/* Describes the error of an import, whose place may be at the import or at the fault. False: another error. */
static bool describe_import(engine *e, Local<Context> context, Local<Value> exception, engine_report *r)
{
    import_failure why;
    std::string nearest;

    if (!import_failure_of(e, context, exception, &why))
        return false;
    r->code = why.code ? why.code : r->code;
    nearest = why.code == ISO_MODULE_NOT_FOUND ? nearest_specifier(e, why.specifier) : "";
    if (!nearest.empty())
        quote_ascii(&r->nearest, nearest);
    if (why.source) {
        r->source = why.source;
        r->line = why.line;
        r->column = why.column;
    }
    return true;
}

static const char *name_of_source(engine *e, unsigned source)
{
    return source >= ENGINE_FIRST_IMPORT ? e->modules[source - ENGINE_FIRST_IMPORT].given.name
                                         : e->source_name.c_str();
}

/* Makes a stack of one line for an error without frames, such as a syntax error: the name of its source and the
 * place. */
static void stack_for_place(engine *e, bool of_import, engine_report *r)
{
    std::string stack(r->stack.data, r->stack.len);

    if ((r->code != ISO_COMPILE && !of_import) || !r->source || !r->line || stack.size() < 2 ||
        stack.find("\\n    at ") != std::string::npos)
        return;
    struct buf name = {};
    quote_ascii(&name, name_of_source(e, r->source));
    r->stack.len--; /* the closing quote */
    buf_printf(&r->stack, "\\n    at %.*s:%u:%u\"", static_cast<int>(name.len - 2), name.data + 1, r->line,
               r->column);
    buf_free(&name);
}

void describe(engine *e, Local<Context> context, Local<Value> exception, Local<Message> message,
              engine_report *r)
{
    HandleScope scope(e->isolate);

    if (exception->IsObject())
        describe_object(e, context, exception.As<Object>(), r);
    else
        describe_primitive(e, context, exception, r);
    if (stopped(e)) {
        describe_stop(e, r);
        return;
    }
    place(e, context, exception, message, r);
    suggest(e, context, r);
    bool of_import = describe_import(e, context, exception, r);
    if (r->code == ISO_USER_CODE && is_bridge_error(context, exception, &r->broken))
        r->code = ISO_HOST_BRIDGE;
    else if (r->code == ISO_USER_CODE && is_refusal(context, exception))
        r->code = ISO_MEMORY_LIMIT; /* caused by the memory budget, not by an error of the agent */
    stack_for_place(e, of_import, r);
}

void describe_stalled(engine *e, Local<Context> context, Local<Module> module, engine_report *r)
{
    HandleScope scope(e->isolate);
    auto stalled = module->GetStalledTopLevelAwaitMessages(e->isolate);

    say(r, e->cfg.kind == ENGINE_RUN ? ISO_DID_NOT_SETTLE : ISO_PREFIX_DID_NOT_SETTLE,
        "the module awaits a promise that nothing can settle: no timer and no call is pending");
    if (stalled.second.size() > 0)
        place_message(e, context, stalled.second[0], r);
}

void describe_stop(engine *e, engine_report *r)
{
    for (struct buf *b : {&r->name, &r->message, &r->stack, &r->fields, &r->nearest, &r->file})
        buf_reset(b);
    e->stop_told = true;
    if (e->ended) {
        say(r, e->ended, e->ended_because);
        if (!e->ended_nearest.empty())
            quote_ascii(&r->nearest, e->ended_nearest);
    } else {
        r->code = ISO_INTERNAL; /* the parent sent the signal, and replaces this by the code of the limit */
        r->interrupted = e->stopped_at.empty() ? INTERRUPTED_WAITING : INTERRUPTED_RUNNING;
    }
    r->source = r->line = r->column = 0;
    if (e->stopped_at.empty())
        return;
    quote_ascii(&r->stack, clamped(e->stopped_at, BOUND_STACK));
    place_in_text(e, r);
}

/* "    at async agent.js:3:1", the place of the `await` at which a module waits; empty: not known. */
static std::string stalled_at(engine *e, Local<Context> context, Local<Module> module)
{
    auto stalled = module->GetStalledTopLevelAwaitMessages(e->isolate);
    Local<Message> message;
    Local<Value> name;
    int line, column;

    if (stalled.second.empty())
        return {};
    message = stalled.second[0];
    name = message->GetScriptOrigin().ResourceName();
    if (name.IsEmpty() || !name->IsString() || !message->GetLineNumber(context).To(&line) ||
        !message->GetStartColumn(context).To(&column))
        return {};
    return "    at async " + utf8(e->isolate, name.As<String>()) + ":" + std::to_string(line) + ":" +
           std::to_string(column + 1);
}

void describe_wait(engine *e, Local<Context> context, MaybeLocal<Module> module, engine_report *r)
{
    HandleScope scope(e->isolate);
    TryCatch ignore(e->isolate);
    Local<Module> stalled;
    Local<Value> made;
    std::string stack, at;

    if (!r->interrupted || r->stack.len)
        return;
    stack = oldest_call_stack(e, context);
    if (stack.empty() && call_internal(e, context, "nextTimerMade").ToLocal(&made) && made->IsObject())
        stack = frames_of(e, context, made.As<Object>());
    if (module.ToLocal(&stalled))
        at = stalled_at(e, context, stalled);
    if (!at.empty() && stack.find(at) == std::string::npos)
        stack += (stack.empty() ? "" : "\n") + at;
    if (stack.empty())
        return;
    quote_ascii(&r->stack, clamped(stack, BOUND_STACK));
    place_in_text(e, r);
}

void describe_unawaited(engine *e, engine_report *r)
{
    HandleScope scope(e->isolate);
    Local<Context> context = e->context.Get(e->isolate);
    Context::Scope enter(context);
    TryCatch ignore(e->isolate);
    Local<Object> error = e->unawaited.error.Get(e->isolate);
    Local<StackTrace> trace = Exception::GetStackTrace(error);
    std::string stack = frames_of(e, context, error);

    r->unawaited = e->unawaited.count;
    r->unawaited_function = e->unawaited.function;
    r->waited_for = e->unawaited.waited_for;
    if (!stack.empty())
        quote_ascii(&r->stack, clamped(stack, BOUND_STACK));
    if (trace.IsEmpty() || !place_in_stack(e, trace, r))
        place_in_text(e, r);
}

} // namespace iso
