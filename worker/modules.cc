/* SPDX-License-Identifier: MIT */
/* ES modules: compiling sources, and refusing every specifier that nobody declared. */
#include "worker/engine_v8.h"

namespace iso
{

using namespace v8;

MaybeLocal<Module> compile(engine *e, Local<Context>, const engine_source *source)
{
    Isolate *isolate = e->isolate;
    Local<String> name, code;

    if (!String::NewFromUtf8(isolate, source->name).ToLocal(&name) ||
        !String::NewFromUtf8(isolate, source->text, NewStringType::kNormal, static_cast<int>(source->len))
             .ToLocal(&code)) {
        isolate->ThrowException(
            Exception::RangeError(text(isolate, "the source is longer than a string can be")));
        return {};
    }
    ScriptOrigin origin(name, 0, 0, false, -1, Local<Value>(), false, false, true);
    ScriptCompiler::Source unit(code, origin);
    return ScriptCompiler::CompileModule(isolate, &unit);
}

static Local<Value> not_found(engine *e, Local<String> specifier)
{
    Isolate *isolate = e->isolate;
    struct buf message = {};
    Local<String> shown;

    buf_str(&message, "Cannot find module ");
    quote_clamped(isolate, &message, specifier, 200);
    buf_str(&message, ": only declared specifiers can be imported");
    if (!String::NewFromUtf8(isolate, message.data, NewStringType::kNormal, static_cast<int>(message.len))
             .ToLocal(&shown))
        shown = text(isolate, "Cannot find module");
    buf_free(&message);
    Local<Value> error = Exception::Error(shown);
    e->not_found.Reset(isolate, error);
    return error;
}

static void note_place(engine *e, Local<Module> referrer, Local<String> specifier)
{
    Local<FixedArray> requests = referrer->GetModuleRequests();

    for (int i = 0; i < requests->Length(); i++) {
        Local<ModuleRequest> request = requests->Get(i).As<ModuleRequest>();
        if (!request->GetSpecifier()->StringEquals(specifier))
            continue;
        Location at = referrer->SourceOffsetToLocation(request->GetSourceOffset());
        e->not_found_line = (unsigned)at.GetLineNumber() + 1;
        e->not_found_column = (unsigned)at.GetColumnNumber() + 1;
        return;
    }
}

MaybeLocal<Module> resolve(Local<Context>, Local<String> specifier, Local<FixedArray>, Local<Module> referrer)
{
    Isolate *isolate = Isolate::GetCurrent();
    engine *e = engine_of(isolate);

    note_place(e, referrer, specifier);
    isolate->ThrowException(not_found(e, specifier));
    return {};
}

static MaybeLocal<Promise> import_dynamically(Local<Context> context, Local<Data>, Local<Value>,
                                              Local<String> specifier, Local<FixedArray>)
{
    engine *e = engine_of(Isolate::GetCurrent());
    Local<Promise::Resolver> resolver;

    if (!Promise::Resolver::New(context).ToLocal(&resolver) ||
        resolver->Reject(context, not_found(e, specifier)).IsNothing())
        return {};
    return resolver->GetPromise();
}

void install_module_hooks(Isolate *isolate)
{
    isolate->SetHostImportModuleDynamicallyCallback(import_dynamically);
}

} // namespace iso
