/* SPDX-License-Identifier: MIT */
/* What V8 adds to the builtins each time it makes a context from a snapshot, and does not add while a
 * snapshot is made (14.6, Genesis::InitializeExperimentalGlobal). V8 aborts when a name is there already, as
 * a polyfill in a prefix would leave it: so these are taken off before the heap is saved, and V8's own appear
 * at load. A test compares this table with what V8 does. */
#include "worker/engine_v8.h"

namespace iso
{

using namespace v8;

/* Evaluated before the prefix runs: it finds the real builtins, whatever the prefix puts in their place
 * later. */
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

static void drop(Local<Context> context, Local<Object> holder, Local<Array> names)
{
    for (uint32_t i = 0; i < names->Length(); i++) {
        Local<Value> name;
        bool gone;
        /* A property that cannot be deleted is found when the snapshot is tried. */
        if (!names->Get(context, i).ToLocal(&name) || !holder->Delete(context, name).To(&gone))
            return;
    }
}

void drop_late_builtins(engine *e, Local<Context> context)
{
    Local<Array> table = e->late.Get(e->isolate);

    for (uint32_t i = 0; i < table->Length(); i++) {
        Local<Value> row, holder, names;
        if (table->Get(context, i).ToLocal(&row) && row->IsArray() &&
            row.As<Array>()->Get(context, 0).ToLocal(&holder) && holder->IsObject() &&
            row.As<Array>()->Get(context, 1).ToLocal(&names) && names->IsArray())
            drop(context, holder.As<Object>(), names.As<Array>());
    }
    e->late.Reset();
}

} // namespace iso
