/* SPDX-License-Identifier: MIT */
/* The native functions of the prelude. One table gives their names, V8's external references (which must be the same,
 * in the same order, when a snapshot is made and when it is loaded) and the fingerprint that ensures this. Only the
 * prelude has these functions, never agent code. */
#include <string.h>

#include <algorithm>

#include "core/hash.h"
#include "prelude_digest.h" /* made by the Makefile */
#include "worker/natives.h"
#include "worker/prelude_text.h"

namespace iso
{

using namespace v8;
using Info = FunctionCallbackInfo<Value>;

void tell_dropped(engine *e, int stream)
{
    engine_stream *s = &e->streams[stream];

    if (s->dropped > s->told)
        host->dropped(stream, s->dropped);
    s->told = s->dropped;
}

/* An entry that does not fit is left out when fewer bytes than this remain. */
#define LEAST_HEAD 256
/* "… [at least 4294967295 more characters]", and the byte that an entry costs */
#define MARKER_ROOM 50
/* UTF-16 units at which the prelude cuts (MAX_ENTRY in worker/prelude/text.js) */
#define MOST_UNITS (1 << 20)

/* The bytes that an entry gets when it does not fit into the rest: some of the rest is kept for later entries. */
static size_t room_for_head(size_t left)
{
    size_t room = left - std::min<size_t>(left / 8, 64u << 10);

    return room < LEAST_HEAD ? 0 : room - MARKER_ROOM;
}

static void drop_entry(engine *e, int stream)
{
    engine_stream *s = &e->streams[stream];

    s->dropped++;
    /* Sent at powers of two, so that a flood takes few frames; the final count comes with the end of the run. */
    if ((s->dropped & (s->dropped - 1)) == 0)
        tell_dropped(e, stream);
}

void emit(engine *e, int stream, Local<String> line)
{
    engine_stream *s = &e->streams[stream];
    size_t left = s->limit - s->used, cost = line->Utf8LengthV2(e->isolate) + 1;
    size_t head = room_for_head(left);
    struct buf literal = {};

    if (cost > left && head == 0) {
        drop_entry(e, stream);
        return;
    }
    if (cost > left) {
        quote_clamped(e->isolate, &literal, line, head, line->Length() >= MOST_UNITS);
        cost = head + MARKER_ROOM;
    } else {
        quote(e->isolate, &literal, line);
    }
    if (!literal.failed) {
        s->used += cost;
        host->console(stream, literal.data, literal.len);
    }
    buf_free(&literal);
}

static void native_emit(const Info &info)
{
    Isolate *isolate = info.GetIsolate();

    if (info.Length() == 2 && info[0]->IsInt32() && info[1]->IsString())
        emit(engine_of(isolate), info[0].As<Int32>()->Value() == 1, info[1].As<String>());
}

static void native_now(const Info &info)
{
    engine *e = engine_of(info.GetIsolate());
    double now = monotonic_ms();

    if (e->started_ms < 0)
        e->started_ms = now;
    info.GetReturnValue().Set(now - e->started_ms);
}

static void native_max_timers(const Info &info)
{
    info.GetReturnValue().Set(
        static_cast<double>(engine_of(info.GetIsolate())->cfg.limits.value[LIMIT_TIMERS]));
}

static void native_queue_microtask(const Info &info)
{
    if (info.Length() == 1 && info[0]->IsFunction())
        info.GetIsolate()->EnqueueMicrotask(info[0].As<Function>());
}

void report_uncaught(engine *e, Local<Context> context, Local<Value> error, Local<String> where,
                     const char *hint)
{
    Isolate *isolate = e->isolate;
    TryCatch ignore(isolate);
    Local<String> shown;
    Local<Value> stack;

    if (error->IsNativeError() && error.As<Object>()->Get(context, text(isolate, "stack")).ToLocal(&stack) &&
        stack->IsString())
        shown = without_runtime(isolate, stack.As<String>());
    else if (!error->ToDetailString(context).ToLocal(&shown))
        shown = text(isolate, "a value that cannot be shown");
    Local<String> parts[] = {text(isolate, "Uncaught in "), where,
                             text(isolate, ": "),           shown,
                             text(isolate, "\n  Hint: "),   text(isolate, hint)};
    Local<String> line = parts[0];
    for (size_t i = 1; i < sizeof parts / sizeof *parts && !line.IsEmpty(); i++)
        line = String::Concat(isolate, line, parts[i]); /* empty when it exceeds the longest string */
    if (!line.IsEmpty())
        emit(e, 1, line);
}

#define HINT_CATCH "Catch errors inside the callback: no other code can."

void report_kept(engine *e, Local<Context> context)
{
    Local<Value> error;

    if (e->uncaught.IsEmpty())
        return;
    error = e->uncaught.Get(e->isolate);
    e->uncaught.Reset();
    report_uncaught(e, context, error, text(e->isolate, e->uncaught_in.c_str()), HINT_CATCH);
}

static void native_report_uncaught(const Info &info)
{
    Isolate *isolate = info.GetIsolate();

    engine *e = engine_of(isolate);

    if (info.Length() < 2 || !info[1]->IsString())
        return;
    if (e->keeps_uncaught && e->uncaught.IsEmpty()) {
        e->uncaught.Reset(isolate, info[0]);
        e->uncaught_in = utf8(isolate, info[1].As<String>());
        return;
    }
    std::string hint =
        info.Length() == 3 && info[2]->IsString() ? utf8(isolate, info[2].As<String>()) : HINT_CATCH;
    report_uncaught(e, isolate->GetCurrentContext(), info[0], info[1].As<String>(), hint.c_str());
}

static void native_proxy_target(const Info &info)
{
    Isolate *isolate = info.GetIsolate();

    if (info.Length() != 1 || !info[0]->IsProxy())
        return;
    Local<Value> pair[] = {info[0].As<Proxy>()->GetTarget(), info[0].As<Proxy>()->GetHandler()};
    info.GetReturnValue().Set(Array::New(isolate, pair, 2));
}

/* True for a function of the prelude. */
static void native_is_runtime(const Info &info)
{
    info.GetReturnValue().Set(info.Length() == 1 && info[0]->IsFunction() && !info[0]->IsProxy() &&
                              info[0].As<Function>()->ScriptId() ==
                                  engine_of(info.GetIsolate())->runtime_script);
}

static void native_promise_state(const Info &info)
{
    Isolate *isolate = info.GetIsolate();

    if (info.Length() != 1 || !info[0]->IsPromise())
        return;
    Local<Promise> promise = info[0].As<Promise>();
    Local<Value> pair[] = {Integer::New(isolate, promise->State()), Undefined(isolate)};
    if (promise->State() != Promise::kPending)
        pair[1] = promise->Result();
    info.GetReturnValue().Set(Array::New(isolate, pair, promise->State() == Promise::kPending ? 1 : 2));
}

/* Makes a global at its first use; until then it looks like any other global. The prelude makes it by its name: V8
 * (14.6) stores an accessor's data without a context, so the data cannot be a function. */
static void make_lazily(Local<Name> name, const PropertyCallbackInfo<Value> &info)
{
    Isolate *isolate = info.GetIsolate();
    Local<Value> argv[] = {name}, made;

    if (call_internal(engine_of(isolate), isolate->GetCurrentContext(), "makeLazily", 1, argv).ToLocal(&made))
        info.GetReturnValue().Set(made);
}

static void native_define_lazily(const Info &info)
{
    if (info.Length() == 2 && info[0]->IsObject() && info[1]->IsName())
        info[0]
            .As<Object>()
            ->SetLazyDataProperty(info.GetIsolate()->GetCurrentContext(), info[1].As<Name>(), make_lazily,
                                  Local<Value>(), DontEnum)
            .Check();
}

static void native_preview_entries(const Info &info)
{
    Isolate *isolate = info.GetIsolate();
    Local<Array> entries;
    bool pairs;

    if (info.Length() != 1 || !(info[0]->IsMapIterator() || info[0]->IsSetIterator()) ||
        !info[0].As<Object>()->PreviewEntries(&pairs).ToLocal(&entries))
        return;
    Local<Value> both[] = {entries, Boolean::New(isolate, pairs)};
    info.GetReturnValue().Set(Array::New(isolate, both, 2));
}

#define NATIVES(X)                              \
    X("emit", native_emit)                      \
    X("now", native_now)                        \
    X("maxTimers", native_max_timers)           \
    X("queueMicrotask", native_queue_microtask) \
    X("reportUncaught", native_report_uncaught) \
    X("proxyTarget", native_proxy_target)       \
    X("promiseState", native_promise_state)     \
    X("previewEntries", native_preview_entries) \
    X("isRuntime", native_is_runtime)           \
    X("kindOf", native_kind_of)                 \
    X("className", native_class_name)           \
    X("defineLazily", native_define_lazily)     \
    X("makeStub", native_make_stub)             \
    X("cancelCall", native_cancel_call)         \
    X("evaluate", native_evaluate)              \
    X("textOf", native_text_of)                 \
    X("randomFill", random_fill)                \
    X("makingSnapshot", making_snapshot)        \
    X("utf8Encode", utf8_encode)                \
    X("utf8EncodeInto", utf8_encode_into)       \
    X("decode", decode)                         \
    X("encodingOf", encoding_of)                \
    X("atob", base64_decode)                    \
    X("btoa", base64_encode)                    \
    X("urlParse", url_parse)                    \
    X("urlSet", url_set)                        \
    X("urlCanParse", url_can_parse)             \
    X("formParse", form_parse)                  \
    X("formSerialize", form_serialize)          \
    X("structuredClone", structured_clone)      \
    X("cryptoDigest", crypto_digest)            \
    X("cryptoHmac", crypto_hmac)                \
    X("cryptoCipher", crypto_cipher)            \
    X("cryptoPbkdf2", crypto_pbkdf2)            \
    X("cryptoHkdf", crypto_hkdf)                \
    X("cryptoKeyRead", crypto_key_read)         \
    X("cryptoKeyFrom", crypto_key_from)         \
    X("cryptoKeyParts", crypto_key_parts)       \
    X("cryptoKeyMake", crypto_key_make)         \
    X("cryptoSign", crypto_sign)                \
    X("cryptoVerify", crypto_verify)            \
    X("cryptoAgree", crypto_agree)              \
    X("cryptoOaep", crypto_oaep)                \
    X("compressBegin", compress_begin)          \
    X("compressStep", compress_step)            \
    X("performanceNow", performance_now)        \
    X("timeOrigin", time_origin)

/* Further references of a heap: functions with data, which are made elsewhere. */
#define REFERENCES(X)                       \
    X("makeLazily", make_lazily)            \
    X("call", native_call)                  \
    X("import", native_import)              \
    X("imported", native_imported)          \
    X("importFailed", native_import_failed) \
    X("makeHostModule", make_host_module)

static const struct {
    const char *name;
    FunctionCallback call;
} natives[] = {
#define X(name, call) {name, call},
    NATIVES(X)
#undef X
};

#define X(name, call) name,
static const char *const reference_names[] = {NATIVES(X) REFERENCES(X)};
#undef X

/* The prelude's text as an external string: it is not copied into the heap. */
class PreludeText : public String::ExternalOneByteStringResource
{
  public:
    const char *data() const override
    {
        size_t len;
        return prelude_text(&len);
    }
    size_t length() const override
    {
        size_t len;
        (void)prelude_text(&len);
        return len;
    }
    void Dispose() override {} /* the text is constant, not allocated */
};

static PreludeText prelude_resource;

#define X(name, call) reinterpret_cast<intptr_t>(call),
const intptr_t external_references[] = {
    NATIVES(X) REFERENCES(X) reinterpret_cast<intptr_t>(&prelude_resource), 0};
#undef X

uint64_t external_fingerprint()
{
    uint64_t hash = HASH_START;

    for (const char *name :
         reference_names) /* with their NULs, so that different lists have different hashes */
        hash = hash_more(hash, name, strlen(name) + 1);
    return hash_more(hash, PRELUDE_DIGEST, sizeof PRELUDE_DIGEST);
}

static MaybeLocal<Object> make_natives(Isolate *isolate, Local<Context> context)
{
    Local<Object> table = Object::New(isolate);

    for (const auto &row : natives) {
        Local<Function> function;
        if (!Function::New(context, row.call, Local<Value>(), 0, ConstructorBehavior::kThrow)
                 .ToLocal(&function) ||
            table->CreateDataProperty(context, text(isolate, row.name), function).IsNothing())
            return {};
        /* no other function has such a name: tests look for it where agents look */
        function->SetName(text(isolate, (std::string("native ") + row.name).c_str()));
    }
    return table;
}

/* The prelude's text as a string. A text from elsewhere (to measure variants of the prelude) is copied into the
 * heap. */
static MaybeLocal<String> text_of_prelude(Isolate *isolate, const char *script, size_t len)
{
    size_t own_len;
    const char *own = prelude_text(&own_len);

    if (len == own_len && memcmp(script, own, len) == 0)
        return String::NewExternalOneByte(isolate, &prelude_resource);
    return String::NewFromUtf8(isolate, script, NewStringType::kNormal, static_cast<int>(len));
}

/* Evaluates the bundled prelude; its value is the function install(). */
static MaybeLocal<Value> load_prelude(Isolate *isolate, Local<Context> context, const char *script,
                                      size_t len)
{
    ScriptOrigin origin(text(isolate, RUNTIME_SCRIPT));
    Local<String> code;
    Local<Script> compiled;

    if (!text_of_prelude(isolate, script, len).ToLocal(&code))
        return {};
    ScriptCompiler::Source unit(code, origin);
    if (!ScriptCompiler::Compile(context, &unit).ToLocal(&compiled))
        return {};
    return compiled->Run(context);
}

/* Runs install() of the prelude, which makes the globals for agents. The natives that it gets, and the internals that
 * it returns, never become globals. */
bool install_prelude(engine *e, Local<Context> context)
{
    Isolate *isolate = e->isolate;
    Local<Value> install, internals;
    Local<Object> table;

    if (!load_prelude(isolate, context, e->cfg.prelude, e->cfg.prelude_len).ToLocal(&install) ||
        !install->IsFunction() || !make_natives(isolate, context).ToLocal(&table))
        return false;
    Local<Value> args[] = {table, context->Global()};
    if (!install.As<Function>()->Call(context, Undefined(isolate), 2, args).ToLocal(&internals) ||
        !internals->IsObject())
        return false;
    e->internals.Reset(isolate, internals.As<Object>());
    return true;
}

MaybeLocal<Value> call_internal(engine *e, Local<Context> context, const char *name, int argc,
                                Local<Value> argv[])
{
    Local<Value> function;
    Local<Object> internals = e->internals.Get(e->isolate);

    if (!internals->Get(context, text(e->isolate, name)).ToLocal(&function) || !function->IsFunction())
        return {};
    return function.As<Function>()->Call(context, internals, argc, argv);
}

} // namespace iso
