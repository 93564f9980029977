/* SPDX-License-Identifier: MIT */
/* Calls of host functions: sends arguments, receives answers, settles promises.
 *
 * Limits are checked here so that a run ends at the place of the call; the parent checks each of them again. Agent code
 * may have taken over this process, so nothing here protects the host. */
#include <string.h>

#include <algorithm>
#include <cmath>

#include "worker/engine_v8.h"

namespace iso
{

using namespace v8;
using Info = FunctionCallbackInfo<Value>;

static Local<Private> mark(Isolate *isolate)
{
    return Private::ForApi(isolate, text(isolate, "iso4:bridge"));
}

bool is_bridge_error(Local<Context> context, Local<Value> value, int *broken)
{
    Local<Value> kind;

    if (!value->IsNativeError() ||
        !value.As<Object>()->GetPrivate(context, mark(Isolate::GetCurrent())).ToLocal(&kind) ||
        !kind->IsBoolean())
        return false;
    *broken = kind->IsFalse();
    return true;
}

/* The function's name in quotes, such as 'users.find', for messages. */
static std::string shown_function(engine *e, Local<Context> context, uint32_t function)
{
    Local<Value> argv[] = {Integer::NewFromUnsigned(e->isolate, function)}, path;
    TryCatch ignore(e->isolate);

    if (!call_internal(e, context, "pathOf", 1, argv).ToLocal(&path) || !path->IsString())
        return "a host function";
    return "'" + utf8(e->isolate, path.As<String>()) + "'";
}

/* ---- calling */

static std::string limit_text(engine *e, enum limit_id id)
{
    return std::to_string(limit_bytes(&e->cfg.limits, id)) + " bytes (" + limit_rows[id].json + ")";
}

/* True when the run has to end before the arguments are read. */
static bool refused(engine *e, Local<Context> context, uint32_t function)
{
    uint64_t most = e->cfg.limits.value[LIMIT_BRIDGE_CALLS];

    if (e->cfg.kind != ENGINE_RUN) {
        end_run(e, ISO_PREFIX_BRIDGE_CALL,
                "the prefix called " + shown_function(e, context, function) +
                    " while it was evaluated: host functions answer only when an agent runs");
        return true;
    }
    if (most && e->calls_made >= most) {
        end_run(e, ISO_BRIDGE_CALL_LIMIT,
                "more than " + std::to_string(most) + " calls of host functions (maxBridgeCalls)");
    } else if (e->calls.size() >= ISO_MOST_CALLS) {
        end_run(e, ISO_BRIDGE_CALL_LIMIT,
                "more than " + std::to_string(ISO_MOST_CALLS) +
                    " calls of host functions under way at a time");
    } else {
        return false;
    }
    host->blocked(function, 0);
    return true;
}

static Encoder::Result encode_arguments(engine *e, const Info &info, struct buf *out, Encoder *encoder)
{
    Encoder::Result result = Encoder::OK;

    int count = info.Length();

    while (count > 0 && info[count - 1]->IsUndefined()) /* the same as missing arguments */
        count--;
    encoder->measure();
    encoder->raw("[");
    for (int i = 0; i < count && (result == Encoder::OK || result == Encoder::TOO_LARGE) && !encoder->spent();
         i++) {
        HandleScope scope(e->isolate);
        if (i > 0)
            buf_byte(out, ',');
        result = encoder->encode_item(info[i], "args[" + std::to_string(i) + "]", static_cast<uint32_t>(i));
    }
    encoder->raw("]");
    return encoder->too_large() ? Encoder::TOO_LARGE : result;
}

/* Handles arguments that could not be sent. THROWN: a getter or toJSON of the agent threw; then the promise is
 * rejected, as with any async function. */
static void arguments_failed(engine *e, Local<Context> context, uint32_t function, Encoder::Result result,
                             const Encoder &encoder, Local<Promise::Resolver> resolver, TryCatch *caught)
{
    if (result == Encoder::THROWN) {
        if (caught->HasCaught() && !caught->HasTerminated())
            ignore(resolver->Reject(context, caught->Exception()));
        return;
    }
    host->blocked(function, encoder.position());
    e->ended_nearest = result == Encoder::TOO_LARGE ? encoder.largest() : "";
    if (result == Encoder::TOO_LARGE)
        end_run(e, ISO_BRIDGE_PAYLOAD,
                "the arguments of " + shown_function(e, context, function) + " take more than " +
                    limit_text(e, LIMIT_BRIDGE_PAYLOAD));
    else
        end_run(e, ISO_ARGUMENT,
                encoder.path + " of a call of " + shown_function(e, context, function) +
                    " cannot cross to the host: it is " + encoder.what);
}

static void send_call(engine *e, uint32_t function, const struct buf &args, Local<Promise::Resolver> resolver)
{
    uint32_t call = ++e->last_call;

    e->calls_made++;
    e->calls.emplace(
        call,
        call_under_way{Global<Promise::Resolver>(e->isolate, resolver),
                       Global<Object>(e->isolate, Exception::Error(String::Empty(e->isolate)).As<Object>()),
                       function});
    host->call(call, function, args.data, args.len);
}

void native_call(const Info &info)
{
    Isolate *isolate = info.GetIsolate();
    Local<Context> context = isolate->GetCurrentContext();
    engine *e = engine_of(isolate);
    Local<Promise::Resolver> resolver;
    uint32_t function;
    struct buf args = {};

    if (!info.Data()->IsUint32() || e->stopping)
        return;
    function = info.Data().As<Uint32>()->Value();
    if (refused(e, context, function) || !Promise::Resolver::New(context).ToLocal(&resolver))
        return;
    {
        TryCatch caught(isolate);
        Encoder encoder(e, context, &args, limit_bytes(&e->cfg.limits, LIMIT_BRIDGE_PAYLOAD), false);
        Encoder::Result result = encode_arguments(e, info, &args, &encoder);
        if (e->stopping)
            ; /* a getter of the arguments made a call that ended the run: nothing more is called */
        else if (result == Encoder::OK)
            send_call(e, function, args, resolver);
        else
            arguments_failed(e, context, function, result, encoder, resolver, &caught);
        buf_free(&args);
        if (caught.HasTerminated()) {
            caught.ReThrow();
            return;
        }
    }
    info.GetReturnValue().Set(resolver->GetPromise());
}

void native_make_stub(const Info &info)
{
    Local<Function> stub;

    if (info.Length() == 1 && info[0]->IsUint32() &&
        Function::New(info.GetIsolate()->GetCurrentContext(), native_call, info[0], 0,
                      ConstructorBehavior::kThrow)
            .ToLocal(&stub))
        info.GetReturnValue().Set(stub);
}

/* cancelCall(promise): the agent does not wait for this promise of a stub any more. It still gets its answer. */
void native_cancel_call(const Info &info)
{
    engine *e = engine_of(info.GetIsolate());

    if (info.Length() != 1)
        return;
    for (auto &one : e->calls) {
        if (one.second.resolver.Get(e->isolate)->GetPromise() != info[0])
            continue;
        one.second.cancelled = true;
        host->cancel(one.first);
        return;
    }
}

std::string oldest_call_stack(engine *e, Local<Context> context)
{
    auto oldest = e->calls.begin();

    if (oldest == e->calls.end())
        return {};
    for (auto one = e->calls.begin(); one != e->calls.end(); ++one)
        if (one->first < oldest->first)
            oldest = one;
    return frames_of(e, context, oldest->second.error.Get(e->isolate));
}

void note_unawaited(engine *e)
{
    uint32_t first = 0;

    e->unawaited = {};
    for (auto &one : e->calls) {
        if (one.second.cancelled)
            continue;
        if (e->unawaited.count++ > 0 && one.first > first)
            continue;
        first = one.first;
        e->unawaited.function = one.second.function;
        e->unawaited.error.Reset(e->isolate, one.second.error);
    }
}

/* ---- answers */

/* True when the answer may contain tags; a backslash counts, because the name of a tag may be written with escapes. */
static bool contains_tags(const engine_answer &a)
{
    return memmem(a.json, a.len, "\"" VALUE_TAG_KEY "\"", sizeof VALUE_TAG_KEY + 1) != nullptr ||
           memmem(a.json, a.len, "\\u00", 4) != nullptr;
}

static bool has_shims(engine *e, Local<Context> context)
{
    Local<Value> any;

    if (!e->shims_known && call_internal(e, context, "hasShims").ToLocal(&any)) {
        e->has_shims = any->IsTrue();
        e->shims_known = true;
    }
    return e->has_shims;
}

static MaybeLocal<Value> parse(engine *e, Local<Context> context, const engine_answer &a)
{
    Local<String> json;

    if (a.len == 0)
        return Undefined(e->isolate);
    if (!String::NewFromUtf8(e->isolate, a.json, NewStringType::kNormal, static_cast<int>(a.len))
             .ToLocal(&json))
        return {};
    return JSON::Parse(context, json);
}

/* The value of an answer: revives tags and calls the shim; most answers need neither. */
static MaybeLocal<Value> receive_value(engine *e, Local<Context> context, const engine_answer &a,
                                       uint32_t function)
{
    Local<Value> value;

    if (!parse(e, context, a).ToLocal(&value))
        return {};
    if (!contains_tags(a) && !has_shims(e, context))
        return value;
    Local<Value> argv[] = {Integer::NewFromUnsigned(e->isolate, function), value};
    return call_internal(e, context, "receive", 2, argv);
}

static void reject(engine *e, Local<Context> context, const engine_answer &a, call_under_way *call,
                   Local<Promise::Resolver> resolver)
{
    Local<Object> error = call->error.Get(e->isolate);
    Local<Value> details;

    if (parse(e, context, a).ToLocal(&details) && details->IsObject()) {
        Local<Value> argv[] = {error, details};
        (void)call_internal(e, context, "describeError", 2, argv);
    }
    ignore(error->SetPrivate(context, mark(e->isolate), Boolean::New(e->isolate, !a.broken)));
    ignore(resolver->Reject(context, error));
}

static void settle_call(engine *e, Local<Context> context, const engine_answer &a, call_under_way *call)
{
    Local<Promise::Resolver> resolver = call->resolver.Get(e->isolate);
    TryCatch caught(e->isolate);
    Local<Value> value;

    if (!a.ok)
        reject(e, context, a, call, resolver);
    else if (receive_value(e, context, a, call->function).ToLocal(&value))
        ignore(resolver->Resolve(context, value));
    else if (caught.HasCaught() && !caught.HasTerminated()) /* the shim threw */
        ignore(resolver->Reject(context, caught.Exception()));
}

static void take_answer(engine *e, Local<Context> context, const engine_answer &answer)
{
    auto found = e->calls.find(answer.call);

    if (found == e->calls.end())
        return;
    call_under_way call = std::move(found->second);
    e->calls.erase(found);
    settle_call(e, context, answer, &call);
}

void receive_answer(engine *e, Local<Context> context, double ms)
{
    struct engine_answer answer;

    profile_wait(true);
    bool got = host->receive(ms, &answer);
    profile_wait(false);
    if (got)
        take_answer(e, context, answer);
}

/* A timer that is due in less than a microsecond is due in one. */
void receive_turn(engine *e, Local<Context> context, double ms)
{
    uint64_t us = ms < 0 ? WAIT_NO_TIMER : static_cast<uint64_t>(std::ceil(ms * 1e3));
    struct engine_turn turn;

    profile_wait(true);
    bool got = host->turn(us, &turn);
    profile_wait(false);
    if (!got)
        return;
    move_clock(turn.clock_us);
    if (turn.answered)
        take_answer(e, context, turn.answer);
}

/* ---- expressions in definitions */

/* The number of lines of the code. */
static int lines_of(Isolate *isolate, Local<String> code)
{
    std::string all = utf8(isolate, code);

    return 1 + (int)std::count(all.begin(), all.end(), '\n');
}

/* The message with its place. An error in the parenthesis that was added means that the code ends too early. */
static std::string located(Isolate *isolate, Local<Context> context, const std::string &what,
                           Local<Message> message, Local<String> code)
{
    int line = message->GetLineNumber(context).FromMaybe(0);

    if (line > lines_of(isolate, code))
        return "it ends too early";
    return what + " (line " + std::to_string(line) + ", column " +
           std::to_string(message->GetStartColumn(context).FromMaybe(0) + 1) + ")";
}

/* Compiles an expression. A SyntaxError has no stack with its place, so the place is put into the message. */
static MaybeLocal<Script> compile_expression(Isolate *isolate, Local<Context> context,
                                             ScriptCompiler::Source *unit, Local<String> code)
{
    TryCatch caught(isolate);
    Local<Script> script;
    Local<Value> text_of, error;

    if (ScriptCompiler::Compile(context, unit).ToLocal(&script))
        return script;
    if (!caught.HasCaught() || caught.HasTerminated() || !caught.Exception()->IsNativeError() ||
        !caught.Exception().As<Object>()->Get(context, text(isolate, "message")).ToLocal(&text_of) ||
        !text_of->IsString()) {
        caught.ReThrow();
        return {};
    }
    std::string message =
        located(isolate, context, utf8(isolate, text_of.As<String>()), caught.Message(), code);
    error = Exception::SyntaxError(text(isolate, message.c_str()));
    caught.Reset();
    isolate->ThrowException(error);
    caught.ReThrow();
    return {};
}

void native_evaluate(const Info &info)
{
    Isolate *isolate = info.GetIsolate();
    Local<Context> context = isolate->GetCurrentContext();
    Local<String> code;
    Local<Script> script;
    Local<Value> value;

    if (info.Length() != 2 || !info[0]->IsString() || !info[1]->IsString())
        return;
    /* The parenthesis comes after a line break, because the code may end with a comment. */
    code = String::Concat(isolate, text(isolate, "("), info[0].As<String>());
    if (!code.IsEmpty())
        code = String::Concat(isolate, code, text(isolate, "\n)"));
    if (code.IsEmpty())
        return;
    ScriptOrigin origin(info[1], 0, -1); /* columns do not count the first parenthesis */
    ScriptCompiler::Source unit(code, origin);
    if (compile_expression(isolate, context, &unit, info[0].As<String>()).ToLocal(&script) &&
        script->Run(context).ToLocal(&value))
        info.GetReturnValue().Set(value);
}

/* ---- installing */

static bool listed(engine *e, Local<Context> context, const char *json, size_t len, Local<Value> *list)
{
    engine_answer text = {0, 1, 0, json, len};

    return parse(e, context, text).ToLocal(list) && (*list)->IsArray();
}

static int bind_failed(engine *e, Local<Context> context, TryCatch *caught, engine_report *r)
{
    if (!stopped(e) && !caught->HasTerminated() && !caught->HasCaught())
        say(r, ISO_INTERNAL, "the globals could not be made");
    else
        fail(e, context, caught, ISO_BAD_DEFINITION, r);
    return -1;
}

/* Handles the answer of install() or replace() of the prelude: undefined, or the global that it could not make. */
static int refusal(engine *e, Local<Context> context, Local<Value> answer, engine_report *r)
{
    Local<Value> path, why, wrong;

    if (!answer->IsObject())
        return 0;
    if (answer.As<Object>()->Get(context, text(e->isolate, "wrong")).ToLocal(&wrong) && wrong->IsString()) {
        say(r, ISO_BAD_DEFINITION, utf8(e->isolate, wrong.As<String>()));
        return -1;
    }
    if (!answer.As<Object>()->Get(context, text(e->isolate, "path")).ToLocal(&path) || !path->IsString() ||
        !answer.As<Object>()->Get(context, text(e->isolate, "reserved")).ToLocal(&why)) {
        say(r, ISO_INTERNAL, "the globals could not be made");
        return -1;
    }
    std::string name = "the global '" + utf8(e->isolate, path.As<String>()) + "' ";
    if (why->IsTrue())
        say(r, ISO_RESERVED_NAME, name + "has a name that the language or the runtime owns: choose another");
    else
        say(r, ISO_INVALID_REBIND, name + "cannot be replaced: the prefix made it read-only");
    return -1;
}

static int bind(engine *e, const char *how, const char *json, size_t len, engine_report *r)
{
    HandleScope scope(e->isolate);
    Local<Context> context = e->context.Get(e->isolate);
    Context::Scope enter(context);
    TryCatch caught(e->isolate);
    Local<Value> argv[2], answer;

    if (!listed(e, context, json, len, &argv[0]))
        return bind_failed(e, context, &caught, r);
    argv[1] = absent_globals(e, context);
    if (!call_internal(e, context, how, 2, argv).ToLocal(&answer))
        return bind_failed(e, context, &caught, r);
    return refusal(e, context, answer, r);
}

} // namespace iso

int engine_bind(struct engine *e, const char *install, size_t install_len, const char *replace,
                size_t replace_len, struct engine_report *r)
{
    *r = {};
    if (install && iso::bind(e, "install", install, install_len, r) < 0)
        return -1;
    if (replace && iso::bind(e, "replace", replace, replace_len, r) < 0)
        return -1;
    return e->modules.empty() || e->cfg.kind == ENGINE_RUN ? 0 : iso::link_for_snapshot(e, r);
}
