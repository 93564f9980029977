/* SPDX-License-Identifier: MIT */
/* Late builtins: names that V8 adds each time it makes a context from a snapshot, but not while a snapshot is made
 * (14.6, Genesis::InitializeExperimentalGlobal). When a polyfill in a prefix has defined such a name, V8 aborts, or
 * adds the name a second time, so that deleting one reveals the other. So these names are deleted before the heap is
 * saved, and V8 adds its own at load. A test compares these tables with V8 (tests/t-snapshot.sh). */
#include "worker/engine_v8.h"

namespace iso
{

using namespace v8;

/* Evaluated before the prefix runs, so that it finds the real builtins, which the prefix may replace. */
static const char late_builtins[] =
    "[[globalThis, ['Temporal', 'DisposableStack', 'AsyncDisposableStack', 'SuppressedError']],"
    " [Atomics, ['pause']],"
    " [Date.prototype, ['toTemporalInstant']],"
    " [Error, ['isError', 'stackTraceLimit']],"
    " [Iterator, ['concat']],"
    " [Iterator.prototype, [Symbol.dispose]],"
    " [Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}).prototype), [Symbol.asyncDispose]],"
    " [Map.prototype, ['getOrInsert', 'getOrInsertComputed']],"
    " [WeakMap.prototype, ['getOrInsert', 'getOrInsertComputed']],"
    " [Promise, ['try']],"
    " [RegExp, ['escape']],"
    " [Uint8Array, ['fromBase64', 'fromHex']],"
    " [Uint8Array.prototype, ['setFromBase64', 'setFromHex', 'toBase64', 'toHex']]]";

bool find_late_builtins(engine *e, Local<Context> context)
{
    ScriptOrigin origin(text(e->isolate, RUNTIME_SCRIPT));
    ScriptCompiler::Source unit(text(e->isolate, late_builtins), origin);
    Local<Script> script;
    Local<Value> table;

    if (!ScriptCompiler::Compile(context, &unit).ToLocal(&script) || !script->Run(context).ToLocal(&table) ||
        !table->IsArray())
        return false;
    e->late.Reset(e->isolate, table.As<Array>());
    return true;
}

Local<Array> absent_globals(engine *e, Local<Context> context)
{
    static const char *const unwanted[] = {UNWANTED_GLOBALS};
    Local<Array> names = Array::New(e->isolate);
    Local<Value> row, late, name;
    uint32_t at = 0;

    for (const char *one : unwanted)
        ignore(names->CreateDataProperty(context, at++, text(e->isolate, one)));
    if (e->late.IsEmpty() || !e->late.Get(e->isolate)->Get(context, 0).ToLocal(&row) || !row->IsArray() ||
        !row.As<Array>()->Get(context, 1).ToLocal(&late) || !late->IsArray())
        return names;
    for (uint32_t i = 0; i < late.As<Array>()->Length(); i++)
        if (late.As<Array>()->Get(context, i).ToLocal(&name))
            ignore(names->CreateDataProperty(context, at++, name));
    return names;
}

/* Deletes a name. False and *kept: the prefix has made it non-configurable. */
static bool drop_name(engine *e, Local<Context> context, Local<Object> holder, Local<Name> name,
                      std::string *kept)
{
    bool gone;

    if (!holder->Delete(context, name).To(&gone) || gone)
        return true;
    *kept = name->IsString() ? utf8(e->isolate, name.As<String>()) : "a symbol";
    return false;
}

static bool drop_all(engine *e, Local<Context> context, Local<Object> holder, Local<Array> names,
                     std::string *kept)
{
    Local<Value> name;

    for (uint32_t i = 0; i < names->Length(); i++)
        if (names->Get(context, i).ToLocal(&name) && name->IsName() &&
            !drop_name(e, context, holder, name.As<Name>(), kept))
            return false;
    return true;
}

bool drop_late_builtins(engine *e, Local<Context> context, std::string *kept)
{
    Local<Array> table = e->late.Get(e->isolate);
    Local<Value> row, holder, names;

    e->late.Reset();
    for (const char *name : {UNWANTED_GLOBALS})
        if (!drop_name(e, context, context->Global(), text(e->isolate, name), kept))
            return false;
    for (uint32_t i = 0; i < table->Length(); i++)
        if (table->Get(context, i).ToLocal(&row) && row->IsArray() &&
            row.As<Array>()->Get(context, 0).ToLocal(&holder) && holder->IsObject() &&
            row.As<Array>()->Get(context, 1).ToLocal(&names) && names->IsArray() &&
            !drop_all(e, context, holder.As<Object>(), names.As<Array>(), kept))
            return false;
    return true;
}

/* Most copies of a name: a snapshot that was not made by this code may hold a name more than once. */
#define MOST_COPIES 8

static bool remove(Local<Context> context, Local<String> name)
{
    Local<Object> global = context->Global();
    bool there = true, gone;

    for (int i = 0; i < MOST_COPIES && there; i++)
        if (!global->Delete(context, name).To(&gone) || !gone ||
            !global->HasRealNamedProperty(context, name).To(&there))
            return false;
    return !there;
}

/* A second protection: even code that gets hold of WebAssembly cannot compile with it. */
static bool never(Local<Context>, Local<String>)
{
    return false;
}

bool remove_unwanted(engine *e, Local<Context> context)
{
    for (const char *name : {UNWANTED_GLOBALS})
        if (!remove(context, text(e->isolate, name)))
            return false;
    e->isolate->SetAllowWasmCodeGenerationCallback(never);
    return true;
}

} // namespace iso
