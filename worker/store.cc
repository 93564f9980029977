/* SPDX-License-Identifier: MIT */
/* Makes the store of a run before the agent runs, and sends its changes afterwards. The values are in
 * worker/prelude/store.js. */
#include "worker/engine_v8.h"

namespace iso
{

using namespace v8;
using Info = FunctionCallbackInfo<Value>;

/* A text of more bytes is too long for certain, because a UTF-16 unit takes at most three bytes. */
#define MOST_BYTES (3 * STORE_MOST_VALUE + 3)

/* The exception for a value that cannot be kept. */
static Local<Value> refusal(Isolate *isolate, Encoder::Result result, const Encoder &encoder)
{
    if (result == Encoder::TOO_LARGE)
        return Exception::RangeError(text(isolate, ("store.set: the value takes more than " +
                                                    std::to_string(STORE_MOST_VALUE) + " characters")
                                                       .c_str()));
    std::string why = "store.set: " + encoder.path + " cannot be kept: it is " + encoder.what;
    Local<String> message;

    if (!String::NewFromUtf8(isolate, why.data(), NewStringType::kNormal, static_cast<int>(why.size()))
             .ToLocal(&message))
        message = text(isolate, "store.set: the value cannot be kept");
    return Exception::TypeError(message);
}

void native_text_of(const Info &info)
{
    Isolate *isolate = info.GetIsolate();
    Local<Context> context = isolate->GetCurrentContext();
    Local<String> made;
    struct buf out = {};

    if (info.Length() != 1)
        return;
    Encoder encoder(engine_of(isolate), context, &out, MOST_BYTES, false);
    Encoder::Result result = encoder.encode_item(info[0], "value", 0);
    if (result == Encoder::OK && encoder.too_large())
        result = Encoder::TOO_LARGE;
    if (result == Encoder::OK &&
        String::NewFromUtf8(isolate, out.data, NewStringType::kNormal, static_cast<int>(out.len))
            .ToLocal(&made))
        info.GetReturnValue().Set(made);
    buf_free(&out);
    /* THROWN: a getter or a toJSON of the agent threw; its exception is already pending. */
    if (result == Encoder::REFUSED || result == Encoder::TOO_LARGE)
        isolate->ThrowException(refusal(isolate, result, encoder));
}

static Local<Object> limits(Isolate *isolate, Local<Context> context)
{
    Local<Object> all = Object::New(isolate);
    const struct {
        const char *name;
        uint32_t value;
    } rows[] = {{"value", STORE_MOST_VALUE}, {"together", STORE_MOST}, {"keys", STORE_MOST_KEYS}};

    for (const auto &row : rows)
        ignore(all->CreateDataProperty(context, text(isolate, row.name),
                                       Integer::NewFromUnsigned(isolate, row.value)));
    return all;
}

static int open_store(engine *e, const char *json, size_t len, engine_report *r)
{
    HandleScope scope(e->isolate);
    Local<Context> context = e->context.Get(e->isolate);
    Context::Scope enter(context);
    TryCatch caught(e->isolate);
    Local<Value> argv[2], made;
    Local<String> list;

    if (!String::NewFromUtf8(e->isolate, json, NewStringType::kNormal, static_cast<int>(len))
             .ToLocal(&list) ||
        !JSON::Parse(context, list).ToLocal(&argv[0]))
        return fail(e, context, &caught, ISO_INTERNAL, r);
    argv[1] = limits(e->isolate, context);
    if (!call_internal(e, context, "openStore", 2, argv).ToLocal(&made))
        return fail(e, context, &caught, ISO_INTERNAL, r);
    if (made->IsTrue())
        return 0;
    say(r, ISO_RESERVED_NAME,
        "the run has a store, but the prefix or the host has a global 'store' of its own: give it another "
        "name");
    return -1;
}

static int save_store(engine *e, engine_report *r)
{
    HandleScope scope(e->isolate);
    Local<Context> context = e->context.Get(e->isolate);
    Context::Scope enter(context);
    TryCatch caught(e->isolate);
    Local<Value> json;

    if (call_internal(e, context, "storeWrites").ToLocal(&json) && json->IsString()) {
        std::string bytes = utf8(e->isolate, json.As<String>());
        host->store(bytes.data(), bytes.size());
        return 0;
    }
    engine_report_free(r);
    *r = {};
    return fail(e, context, &caught, ISO_INTERNAL, r);
}

} // namespace iso

int engine_open_store(struct engine *e, const char *json, size_t len, struct engine_report *r)
{
    *r = {};
    return iso::open_store(e, json, len, r);
}

int engine_save_store(struct engine *e, struct engine_report *r)
{
    return iso::save_store(e, r);
}
