/* SPDX-License-Identifier: MIT */
/* structuredClone(), with V8's serialiser. The serialiser copies objects of the language; for objects of the web
 * platform, which are classes of the prelude, it calls the prelude. */
#include <stdlib.h>

#include "worker/natives.h"

namespace iso
{

using namespace v8;

/* The answers of kindOf() of the prelude about an object. */
enum { PLAIN = 0, CLONEABLE = 1, REFUSED = 2 };

class Cloner : public ValueSerializer::Delegate, public ValueDeserializer::Delegate
{
  public:
    Cloner(engine *owner, Local<Context> ctx, Local<Function> ask_kind, Local<Function> copy,
           Local<Function> throw_)
        : e(owner), context(ctx), kind_of(ask_kind), clone_of(copy), fail(throw_)
    {
    }

    /* Throws a DataCloneError, or the error that occurs when it is made. */
    void ThrowDataCloneError(Local<String> message) override
    {
        Local<Value> args[] = {message}, error;

        if (fail->Call(context, Undefined(e->isolate), 1, args).ToLocal(&error))
            e->isolate->ThrowException(error);
    }

    bool HasCustomHostObject(Isolate *) override
    {
        return true;
    }

    Maybe<bool> IsHostObject(Isolate *isolate, Local<Object> object) override
    {
        int kind;

        return ask(isolate, object, &kind) ? Just(kind != PLAIN) : Nothing<bool>();
    }

    Maybe<bool> WriteHostObject(Isolate *isolate, Local<Object> object) override
    {
        Local<String> name = object->GetConstructorName();
        Local<Value> args[] = {object}, copy;
        int kind;

        if (!ask(isolate, object, &kind))
            return Nothing<bool>();
        if (kind != CLONEABLE) {
            ThrowDataCloneError(String::Concat(isolate, name, text(isolate, " object could not be cloned.")));
            return Nothing<bool>();
        }
        /* The reader must not run JavaScript, so the copy is made now. */
        if (!clone_of->Call(context, Undefined(isolate), 1, args).ToLocal(&copy) || !copy->IsObject())
            return Nothing<bool>();
        serializer->WriteUint32(static_cast<uint32_t>(copies.size()));
        copies.emplace_back(isolate, copy.As<Object>());
        return Just(true);
    }

    MaybeLocal<Object> ReadHostObject(Isolate *isolate) override
    {
        uint32_t index;

        if (!deserializer->ReadUint32(&index) || index >= copies.size())
            return {};
        return copies[index].Get(isolate);
    }

    /* The serialised form is in malloc'd memory, which counts towards the budget. */
    void *ReallocateBufferMemory(void *old, size_t size, size_t *actual) override
    {
        uint64_t budget = e->budget.bytes;

        if (budget && size + e->budget.buffers > budget)
            host->out_of_memory();
        *actual = size;
        return realloc(old, size);
    }

    void FreeBufferMemory(void *memory) override
    {
        free(memory);
    }

    ValueSerializer *serializer = nullptr;
    ValueDeserializer *deserializer = nullptr;

  private:
    /* Recognises objects of literals and of the language's classes, nearly all objects, without a call of the
     * prelude. */
    bool ask(Isolate *isolate, Local<Object> object, int *kind)
    {
        Local<Value> args[] = {object}, said;

        *kind = PLAIN;
        if (object->IsArray() || object->IsMap() || object->IsSet() || object->IsDate() ||
            object->IsRegExp() || object->IsProxy() || object->IsArrayBufferView() || object->IsArrayBuffer())
            return true;
        if (!kind_of->Call(context, Undefined(isolate), 1, args).ToLocal(&said))
            return false;
        *kind = said->IsInt32() ? said.As<Int32>()->Value() : PLAIN;
        return true;
    }

    engine *e;
    Local<Context> context;
    Local<Function> kind_of, clone_of, fail;
    std::vector<Global<Object>> copies;
};

static bool refuse_clone(Cloner *cloner, Isolate *isolate, const char *message)
{
    cloner->ThrowDataCloneError(text(isolate, message));
    return false;
}

/* Reads the list of array buffers; each must be detachable and may occur only once. */
static bool read_transfer(Isolate *isolate, Local<Context> context, Local<Value> given, Cloner *cloner,
                          std::vector<Local<ArrayBuffer>> *out)
{
    if (!given->IsArray())
        return true;
    Local<Array> list = given.As<Array>();
    for (uint32_t i = 0; i < list->Length(); i++) {
        Local<Value> item;
        if (!list->Get(context, i).ToLocal(&item))
            return false;
        if (!item->IsArrayBuffer())
            return refuse_clone(cloner, isolate, "Value not transferable");
        Local<ArrayBuffer> buffer = item.As<ArrayBuffer>();
        if (buffer->WasDetached() || !buffer->IsDetachable())
            return refuse_clone(cloner, isolate, "An ArrayBuffer is detached and could not be cloned.");
        for (Local<ArrayBuffer> other : *out)
            if (other == buffer)
                return refuse_clone(cloner, isolate, "Transfer list contains duplicate ArrayBuffer");
        out->push_back(buffer);
    }
    return true;
}

static MaybeLocal<Value> revive(Isolate *isolate, Local<Context> context, Cloner *cloner, const uint8_t *data,
                                size_t len, const std::vector<Local<ArrayBuffer>> &transfer)
{
    ValueDeserializer reader(isolate, data, len, cloner);

    cloner->deserializer = &reader;
    for (size_t i = 0; i < transfer.size(); i++) {
        std::shared_ptr<BackingStore> store = transfer[i]->GetBackingStore();
        if (!transfer[i]->Detach(Local<Value>()).FromMaybe(false)) {
            refuse_clone(cloner, isolate, "An ArrayBuffer could not be transferred.");
            return {};
        }
        reader.TransferArrayBuffer(static_cast<uint32_t>(i), ArrayBuffer::New(isolate, std::move(store)));
    }
    if (!reader.ReadHeader(context).FromMaybe(false))
        return {};
    return reader.ReadValue(context);
}

/* structuredClone(value, [buffer, ...] | undefined, kindOf(object), cloneOf(object), fail(message): error) */
void structured_clone(const NativeInfo &info)
{
    Isolate *isolate = info.GetIsolate();
    Local<Context> context = isolate->GetCurrentContext();
    std::vector<Local<ArrayBuffer>> transfer;
    Local<Value> copy;

    if (info.Length() != 5 || !info[2]->IsFunction() || !info[3]->IsFunction() || !info[4]->IsFunction())
        return;
    Cloner cloner(engine_of(isolate), context, info[2].As<Function>(), info[3].As<Function>(),
                  info[4].As<Function>());
    if (!read_transfer(isolate, context, info[1], &cloner, &transfer))
        return;
    ValueSerializer writer(isolate, &cloner);
    cloner.serializer = &writer;
    for (size_t i = 0; i < transfer.size(); i++)
        writer.TransferArrayBuffer(static_cast<uint32_t>(i), transfer[i]);
    writer.WriteHeader();
    if (!writer.WriteValue(context, info[0]).FromMaybe(false))
        return;
    for (Local<ArrayBuffer> buffer : transfer)
        if (buffer->WasDetached()) {
            refuse_clone(&cloner, isolate, "An ArrayBuffer is detached and could not be cloned.");
            return;
        }
    std::pair<uint8_t *, size_t> bytes = writer.Release();
    if (revive(isolate, context, &cloner, bytes.first, bytes.second, transfer).ToLocal(&copy))
        info.GetReturnValue().Set(copy);
    cloner.FreeBufferMemory(bytes.first);
}

} // namespace iso
