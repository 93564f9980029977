/* SPDX-License-Identifier: MIT */
/* import(), and the reasons why imports fail. */
#include "worker/engine_v8.h"

namespace iso
{

using namespace v8;
using Info = FunctionCallbackInfo<Value>;

/* ---- the reason for a failed import is kept with its error, because agents may catch and rethrow the error */

enum { CODE, KIND, SOURCE, LINE, COLUMN, SPECIFIER, FAILURE_LENGTH };

static Local<Private> failure_key(Isolate *isolate)
{
    return Private::ForApi(isolate, text(isolate, "iso4:import"));
}

void note_import_failure(engine *e, Local<Context> context, Local<Value> error, const import_failure &why)
{
    Isolate *isolate = e->isolate;
    Local<String> specifier;

    if (!error->IsNativeError() || !String::NewFromUtf8(isolate, why.specifier.data(), NewStringType::kNormal,
                                                        static_cast<int>(why.specifier.size()))
                                        .ToLocal(&specifier))
        return;
    Local<Value> parts[FAILURE_LENGTH] = {
        Integer::New(isolate, why.code),
        Integer::New(isolate, e->cfg.kind),
        Integer::NewFromUnsigned(isolate, why.source),
        Integer::NewFromUnsigned(isolate, why.line),
        Integer::NewFromUnsigned(isolate, why.column),
        specifier,
    };
    ignore(error.As<Object>()->SetPrivate(context, failure_key(isolate),
                                          Array::New(isolate, parts, FAILURE_LENGTH)));
}

static uint32_t part(Local<Context> context, Local<Array> parts, uint32_t which)
{
    Local<Value> value;

    return parts->Get(context, which).ToLocal(&value) && value->IsUint32() ? value.As<Uint32>()->Value() : 0;
}

bool import_failure_of(engine *e, Local<Context> context, Local<Value> error, import_failure *why)
{
    Local<Value> parts, specifier;

    if (!error->IsNativeError() ||
        !error.As<Object>()->GetPrivate(context, failure_key(e->isolate)).ToLocal(&parts) ||
        !parts->IsArray())
        return false;
    Local<Array> all = parts.As<Array>();
    why->code = static_cast<enum iso_code>(part(context, all, CODE));
    if (part(context, all, KIND) == static_cast<uint32_t>(e->cfg.kind)) { /* not for errors from a snapshot */
        why->source = part(context, all, SOURCE);
        why->line = part(context, all, LINE);
        why->column = part(context, all, COLUMN);
    }
    if (all->Get(context, SPECIFIER).ToLocal(&specifier) && specifier->IsString())
        why->specifier = utf8(e->isolate, specifier.As<String>());
    return true;
}

/* ---- import() */

/* The data of the functions below: the resolver of import()'s promise, and another value. */
static Local<Value> pair(Isolate *isolate, Local<Promise::Resolver> resolver, Local<Value> more)
{
    Local<Value> both[] = {resolver, more};

    return Array::New(isolate, both, 2);
}

static bool unpair(Local<Context> context, const Info &info, Local<Promise::Resolver> *resolver,
                   Local<Value> *more)
{
    Local<Array> both = info.Data().As<Array>();
    Local<Value> first;

    if (!both->Get(context, 0).ToLocal(&first) || !both->Get(context, 1).ToLocal(more))
        return false;
    *resolver = first.As<Promise::Resolver>();
    return true;
}

void native_imported(const Info &info)
{
    Local<Context> context = info.GetIsolate()->GetCurrentContext();
    Local<Promise::Resolver> resolver;
    Local<Value> space;

    if (unpair(context, info, &resolver, &space))
        ignore(resolver->Resolve(context, space));
}

void native_import_failed(const Info &info)
{
    Local<Context> context = info.GetIsolate()->GetCurrentContext();
    Local<Promise::Resolver> resolver;
    Local<Value> nothing;

    if (unpair(context, info, &resolver, &nothing))
        ignore(resolver->Reject(context, info[0]));
}

/* Calls then() on a promise. V8's Then() reads the property `constructor`, as promise.then() does, and agent code could
 * replace the one in Promise.prototype. So the promise gets its own, undefined, which means the builtin. */
static bool then(Local<Context> context, Local<Promise> promise, Local<Function> on_value,
                 Local<Function> on_error)
{
    Isolate *isolate = Isolate::GetCurrent();
    Local<Promise> next;

    return promise->CreateDataProperty(context, text(isolate, "constructor"), Undefined(isolate))
               .FromMaybe(false) &&
           promise->Then(context, on_value, on_error).ToLocal(&next);
}

static bool begin_import(engine *e, Local<Context> context, Local<Promise::Resolver> resolver,
                         Local<String> specifier)
{
    Local<Module> module;
    Local<Value> done;
    Local<Function> imported, failed;

    return linked_module(e, context, specifier).ToLocal(&module) &&
           module->Evaluate(context).ToLocal(&done) && done->IsPromise() &&
           Function::New(context, native_imported, pair(e->isolate, resolver, module->GetModuleNamespace()))
               .ToLocal(&imported) &&
           Function::New(context, native_import_failed, pair(e->isolate, resolver, Undefined(e->isolate)))
               .ToLocal(&failed) &&
           then(context, done.As<Promise>(), imported, failed);
}

/* Keeps the place of an error in linking, which has no stack. */
static void note_place(engine *e, Local<Context> context, const TryCatch &caught)
{
    import_failure why;

    if (import_failure_of(e, context, caught.Exception(), &why))
        return;
    why.source = source_of_script(e, caught.Message()->GetScriptOrigin().ScriptId());
    why.line = (unsigned)caught.Message()->GetLineNumber(context).FromMaybe(0);
    why.column = (unsigned)caught.Message()->GetStartColumn(context).FromMaybe(0) + 1;
    note_import_failure(e, context, caught.Exception(), why);
}

/* Runs as a microtask: V8 cannot evaluate a module while a module that it imports is being evaluated. */
void native_import(const Info &info)
{
    Isolate *isolate = info.GetIsolate();
    Local<Context> context = isolate->GetCurrentContext();
    TryCatch caught(isolate);
    Local<Promise::Resolver> resolver;
    Local<Value> specifier;

    if (unpair(context, info, &resolver, &specifier) &&
        begin_import(engine_of(isolate), context, resolver, specifier.As<String>()))
        return;
    if (caught.HasTerminated() || !caught.HasCaught()) {
        caught.ReThrow();
        return;
    }
    note_place(engine_of(isolate), context, caught);
    ignore(resolver->Reject(context, caught.Exception()));
}

static MaybeLocal<Promise> import_dynamically(Local<Context> context, Local<Data>, Local<Value>,
                                              Local<String> specifier, Local<FixedArray> attributes)
{
    Isolate *isolate = Isolate::GetCurrent();
    Local<Promise::Resolver> resolver;
    Local<Function> task;
    Local<Value> refusal;

    if (!Promise::Resolver::New(context).ToLocal(&resolver))
        return {};
    if (refuse_import(engine_of(isolate), context, specifier, attributes).ToLocal(&refusal))
        ignore(resolver->Reject(context, refusal)); /* made here, so that its stack has the call */
    else if (Function::New(context, native_import, pair(isolate, resolver, specifier)).ToLocal(&task))
        isolate->EnqueueMicrotask(task);
    else
        return {};
    return resolver->GetPromise();
}

void install_module_hooks(Isolate *isolate)
{
    isolate->SetHostImportModuleDynamicallyCallback(import_dynamically);
}

} // namespace iso
