/* SPDX-License-Identifier: MIT */
/* Tells the prelude what an object is by its internal slots: no property of it is read, and nothing of it runs. */
#include "worker/engine_v8.h"

namespace iso
{

using namespace v8;

static const struct {
    bool (Value::*is)() const;
    const char *name;
} kinds[] = {
    {&Value::IsProxy, ""},
    {&Value::IsMap, "Map"},
    {&Value::IsSet, "Set"},
    {&Value::IsNativeError, "Error"},
    {&Value::IsPromise, "Promise"},
    {&Value::IsDate, "Date"},
    {&Value::IsRegExp, "RegExp"},
    {&Value::IsTypedArray, "TypedArray"},
    {&Value::IsArrayBuffer, "ArrayBuffer"},
    {&Value::IsDataView, "DataView"},
    {&Value::IsMapIterator, "MapIterator"},
    {&Value::IsSetIterator, "SetIterator"},
    {&Value::IsWeakMap, "WeakMap"},
    {&Value::IsWeakSet, "WeakSet"},
    {&Value::IsNumberObject, "Number"},
    {&Value::IsStringObject, "String"},
    {&Value::IsBooleanObject, "Boolean"},
    {&Value::IsBigIntObject, "BigInt"},
    {&Value::IsSymbolObject, "Symbol"},
    {&Value::IsArgumentsObject, "Arguments"},
    {&Value::IsModuleNamespaceObject, "Module"},
    {&Value::IsGeneratorFunction, "GeneratorFunction"},
    {&Value::IsAsyncFunction, "AsyncFunction"},
};

void native_kind_of(const FunctionCallbackInfo<Value> &info)
{
    const char *name = "";

    if (info.Length() != 1 || !info[0]->IsObject())
        return;
    for (const auto &kind : kinds)
        if (((*info[0])->*kind.is)()) {
            name = kind.name;
            break;
        }
    if (info[0]->IsGeneratorFunction() && info[0]->IsAsyncFunction())
        name = "AsyncGeneratorFunction";
    info.GetReturnValue().Set(text(info.GetIsolate(), name));
}

void native_class_name(const FunctionCallbackInfo<Value> &info)
{
    if (info.Length() == 1 && info[0]->IsObject() && !info[0]->IsProxy())
        info.GetReturnValue().Set(info[0].As<Object>()->GetConstructorName());
}

} // namespace iso
