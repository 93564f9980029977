/* SPDX-License-Identifier: MIT */
/* Values to JSON text, as contract section 5 says: JSON.stringify's meaning, tagged objects where JSON would
 * lose data. Iterative, so that depth costs heap and not stack; getters, toJSON and proxies are agent code
 * and may throw or be terminated at any step. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base64.h"
#include "core/json.h"
#include "worker/engine_v8.h"

#define PIECE (64u << 10)

#define TEXT_OF_(x) #x
#define TEXT_OF(x)  TEXT_OF_(x)

namespace iso
{

using namespace v8;

Encoder::Encoder(engine *owner, Local<Context> ctx, struct buf *to, size_t most, bool flush_pieces)
    : isolate(owner->isolate), context(ctx), out(to), cap(most), flush(flush_pieces)
{
}

bool Encoder::too_large() const
{
    return flushed + out->len > cap || out->failed;
}

void Encoder::flush_if_large()
{
    if (!flush || out->len < PIECE || too_large())
        return;
    host->exports(out->data, out->len);
    flushed += out->len;
    buf_reset(out);
}

void Encoder::raw(const char *bytes)
{
    buf_str(out, bytes);
}

static bool identifier(const std::string &s)
{
    if (s.empty() || (s[0] >= '0' && s[0] <= '9'))
        return false;
    for (unsigned char c : s)
        if (!(c == '_' || c == '$' || c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
              (c >= 'A' && c <= 'Z')))
            return false;
    return true;
}

/* The way from the export to the value at hand, as an expression; long ways keep their two ends. */
std::string Encoder::where() const
{
    std::string way = root;
    size_t shown = 0;

    for (const Level &level : levels) {
        std::string step;

        if (level.kind == OBJECT) {
            Local<Value> name;
            if (level.items.Get(isolate)->Get(context, level.at - 1).ToLocal(&name) && name->IsString())
                step = utf8(isolate, name.As<String>());
            if (step.size() > 100)
                step = step.substr(0, step.find_last_not_of("\x80\xbf", 100)) + "…";
            step = identifier(step) ? "." + step : "[\"" + step + "\"]";
        } else if (level.kind == MAP) {
            step = level.at % 2 ? "<key " : "<value ";
            step += std::to_string((level.at - 1) / 2) + ">";
        } else {
            step = (level.kind == SET ? "<" : "[") + std::to_string(level.at - 1) +
                   (level.kind == SET ? ">" : "]");
        }
        if (++shown <= 20 || shown > levels.size() - 5)
            way += step;
        else if (shown == 21)
            way += "…";
    }
    return way;
}

Encoder::Result Encoder::refuse(const char *is)
{
    path = where();
    what = is;
    return REFUSED;
}

bool Encoder::on_path(Local<Object> object) const
{
    for (const Level &level : levels)
        if (level.holder == object)
            return true;
    return false;
}

Encoder::Result Encoder::push(Kind kind, Local<Object> holder, Local<Array> items, uint32_t count,
                              const char *open, const char *close)
{
    if (on_path(holder))
        return refuse("a cycle");
    for (const char *c = open; *c; c++)
        depth += *c == '[' || *c == '{';
    if (depth > JSON_MAX_DEPTH)
        return refuse("nested too deeply (at most " TEXT_OF(JSON_MAX_DEPTH) " levels)");
    buf_str(out, open);
    levels.push_back(
        {kind, false, 0, count, Global<Object>(isolate, holder), Global<Array>(isolate, items), close});
    return OK;
}

Encoder::Result Encoder::plain(Local<Object> object)
{
    Local<Array> keys;
    bool tagged;

    if (!object
             ->GetOwnPropertyNames(context, static_cast<PropertyFilter>(ONLY_ENUMERABLE | SKIP_SYMBOLS),
                                   KeyConversionMode::kConvertToString)
             .ToLocal(&keys) ||
        !object->HasOwnProperty(context, text(isolate, "$type")).To(&tagged))
        return THROWN;
    return push(OBJECT, object, keys, keys->Length(), tagged ? "{\"$type\":\"object\",\"value\":{" : "{",
                tagged ? "}}" : "}");
}

Encoder::Result Encoder::bytes(const char *type, const void *data, size_t len)
{
    if (flushed + out->len + (len + 2) / 3 * 4 > cap)
        return TOO_LARGE;
    buf_printf(out, "{\"$type\":\"%s\",\"base64\":\"", type);
    base64_write(out, static_cast<const char *>(data), len);
    raw("\"}");
    return OK;
}

static const char *array_type(Local<Value> v)
{
#define TYPED(name)    \
    if (v->Is##name()) \
        return #name;
    TYPED(Uint8Array)
    TYPED(Uint8ClampedArray)
    TYPED(Int8Array)
    TYPED(Uint16Array)
    TYPED(Int16Array)
    TYPED(Uint32Array)
    TYPED(Int32Array)
    TYPED(Float16Array)
    TYPED(Float32Array)
    TYPED(Float64Array)
    TYPED(BigUint64Array)
    TYPED(BigInt64Array)
    TYPED(DataView)
#undef TYPED
    return "ArrayBuffer";
}

Encoder::Result Encoder::error(Local<Object> object)
{
    const char *const names[] = {"name", "message"};

    raw("{\"$type\":\"error\"");
    for (const char *name : names) {
        Local<Value> value;
        Local<String> shown;
        if (!object->Get(context, text(isolate, name)).ToLocal(&value))
            return THROWN;
        buf_printf(out, ",\"%s\":", name);
        if (!value->IsString() || !value->ToString(context).ToLocal(&shown))
            shown = text(isolate, strcmp(name, "name") == 0 ? "Error" : "");
        quote(isolate, out, shown);
    }
    raw("}");
    return OK;
}

Encoder::Result Encoder::regexp(Local<RegExp> object)
{
    static const struct {
        int bit;
        char letter;
    } letters[] = {
        {RegExp::kHasIndices, 'd'},  {RegExp::kGlobal, 'g'}, {RegExp::kIgnoreCase, 'i'},
        {RegExp::kMultiline, 'm'},   {RegExp::kDotAll, 's'}, {RegExp::kUnicode, 'u'},
        {RegExp::kUnicodeSets, 'v'}, {RegExp::kSticky, 'y'},
    };
    std::string flags;

    for (const auto &row : letters)
        if (object->GetFlags() & row.bit)
            flags += row.letter;
    raw("{\"$type\":\"regexp\",\"source\":");
    quote(isolate, out, object->GetSource());
    raw(",\"flags\":");
    quote_ascii(out, flags);
    raw("}");
    return OK;
}

Encoder::Result Encoder::number(Local<Number> value)
{
    double d = value->Value();
    Local<String> shown;

    if (isnan(d) || isinf(d)) {
        buf_printf(out, "{\"$type\":\"number\",\"value\":\"%s\"}",
                   isnan(d) ? "NaN"
                   : d > 0  ? "Infinity"
                            : "-Infinity");
    } else if (d == 0 && signbit(d)) {
        raw("-0");
    } else if (d == static_cast<int32_t>(d)) {
        buf_str(out, std::to_string(static_cast<int32_t>(d)).c_str()); /* printf is seven pages of code */
    } else {
        if (!value->ToString(context).ToLocal(&shown))
            return THROWN;
        buf_str(out, utf8(isolate, shown).c_str());
    }
    return OK;
}

Encoder::Result Encoder::primitive(Local<Value> v)
{
    Local<String> shown;

    if (v->IsString())
        return quote(isolate, out, v.As<String>()), OK;
    if (v->IsNumber())
        return number(v.As<Number>());
    if (v->IsBigInt()) {
        if (!v->ToString(context).ToLocal(&shown))
            return THROWN;
        buf_printf(out, "{\"$type\":\"bigint\",\"value\":\"%s\"}", utf8(isolate, shown).c_str());
        return OK;
    }
    if (v->IsSymbol())
        return refuse("a symbol");
    raw(v->IsTrue() ? "true" : v->IsFalse() ? "false" : "null");
    return OK;
}

/* As JSON.stringify does it: with the object's own valueOf or toString. */
Encoder::Result Encoder::unboxed(Local<Object> o)
{
    Local<Number> as_number;
    Local<String> as_text;

    if (o->IsNumberObject())
        return o->ToNumber(context).ToLocal(&as_number) ? number(as_number) : THROWN;
    return o->ToString(context).ToLocal(&as_text) ? (quote(isolate, out, as_text), OK) : THROWN;
}

/* Builtin objects that need a tag, or that hold state which JSON would lose. */
bool Encoder::builtin(Local<Object> o, Result *result)
{
    if (o->IsMap()) {
        Local<Array> items = o.As<Map>()->AsArray();
        *result = push(MAP, o, items, items->Length(), "{\"$type\":\"map\",\"entries\":[", "]}");
        depth += *result == OK; /* each entry is an array of its own */
    } else if (o->IsSet()) {
        Local<Array> items = o.As<Set>()->AsArray();
        *result = push(SET, o, items, items->Length(), "{\"$type\":\"set\",\"values\":[", "]}");
    } else if (o->IsArrayBufferView()) {
        Local<ArrayBufferView> view = o.As<ArrayBufferView>();
        const char *from = static_cast<const char *>(view->Buffer()->Data());
        *result = bytes(array_type(o), from + view->ByteOffset(), view->ByteLength());
    } else if (o->IsArrayBuffer()) {
        *result = bytes("ArrayBuffer", o.As<ArrayBuffer>()->Data(), o.As<ArrayBuffer>()->ByteLength());
    } else if (o->IsRegExp()) {
        *result = regexp(o.As<RegExp>());
    } else if (o->IsNativeError()) {
        *result = error(o);
    } else if (o->IsPromise()) {
        *result = refuse("a promise");
    } else if (o->IsWeakMap() || o->IsWeakSet() || o->IsWeakRef()) {
        *result = refuse("a weak collection");
    } else if (o->IsGeneratorObject() || o->IsMapIterator() || o->IsSetIterator()) {
        *result = refuse("an iterator");
    } else if (o->IsSymbolObject()) {
        *result = refuse("a symbol");
    } else if (o->IsNumberObject() || o->IsStringObject()) {
        *result = unboxed(o);
    } else if (o->IsBooleanObject()) {
        *result = (raw(o.As<BooleanObject>()->ValueOf() ? "true" : "false"), OK);
    } else if (o->IsBigIntObject()) {
        *result = primitive(o.As<BigIntObject>()->ValueOf());
    } else {
        return false;
    }
    return true;
}

Encoder::Result Encoder::object(Local<Object> o)
{
    Result result;

    if (builtin(o, &result))
        return result;
    if (o->IsArray()) {
        Local<Array> array = o.As<Array>();
        return push(ARRAY, array, array, array->Length(), "[", "]");
    }
    return plain(o);
}

/* What JSON.stringify looks at in place of `*v`: the answer of its toJSON, called with the key, if it has
 * one. */
Encoder::Result Encoder::unwrap(Local<Value> *v, Local<Value> name)
{
    Local<Value> to_json;
    Local<Object> holder;
    Local<String> name_text;

    if ((*v)->IsObject() ? (*v)->IsProxy() : !(*v)->IsBigInt())
        return OK;
    if (!(*v)->ToObject(context).ToLocal(&holder) ||
        !holder->Get(context, text(isolate, "toJSON")).ToLocal(&to_json))
        return THROWN;
    if (!to_json->IsFunction())
        return OK;
    if (!name->ToString(context).ToLocal(&name_text))
        return THROWN;
    Local<Value> args[] = {name_text};
    return to_json.As<Function>()->Call(context, *v, 1, args).ToLocal(v) ? OK : THROWN;
}

/* A value that unwrap() has seen. */
Encoder::Result Encoder::put(Local<Value> v)
{
    if (v->IsFunction())
        return refuse("a function");
    if (v->IsProxy())
        return refuse("a proxy");
    if (v->IsUndefined())
        return raw("{\"$type\":\"undefined\"}"), OK;
    return v->IsObject() ? object(v.As<Object>()) : primitive(v);
}

/* One property; left out when it is undefined. *any says whether one stands before it. */
Encoder::Result Encoder::property(Local<String> name, Local<Value> v, bool *any)
{
    Result result = unwrap(&v, name);

    if (result != OK || v->IsUndefined())
        return result;
    if (*any)
        buf_byte(out, ',');
    *any = true;
    quote(isolate, out, name);
    buf_byte(out, ':');
    return put(v);
}

Encoder::Result Encoder::step_object(Level &level)
{
    Local<Value> name, v;
    Local<Object> holder = level.holder.Get(isolate);

    if (!level.items.Get(isolate)->Get(context, level.at++).ToLocal(&name) ||
        !holder->Get(context, name).ToLocal(&v))
        return THROWN;
    /* property() may grow `levels`, which moves this level: its flag is set before. */
    bool any = level.any;
    size_t self = levels.size() - 1;
    Result result = property(name.As<String>(), v, &any);
    if (self < levels.size())
        levels[self].any = any;
    return result;
}

Encoder::Result Encoder::step_item(Level &level)
{
    Local<Value> v;
    uint32_t at = level.at++;
    bool entry = level.kind == MAP && at % 2 == 0;

    if (level.kind == ARRAY ? !level.holder.Get(isolate)->Get(context, at).ToLocal(&v)
                            : !level.items.Get(isolate)->Get(context, at).ToLocal(&v))
        return THROWN;
    if (level.kind == MAP && entry && at > 0)
        buf_byte(out, ']');
    if (at > 0)
        buf_byte(out, ',');
    if (entry)
        buf_byte(out, '[');
    Result result = unwrap(&v, Integer::NewFromUnsigned(isolate, at));
    return result == OK ? put(v) : result;
}

Encoder::Result Encoder::step()
{
    HandleScope scope(isolate);
    Level &level = levels.back();

    if (level.at < level.count)
        return level.kind == OBJECT ? step_object(level) : step_item(level);
    if (level.kind == MAP && level.count > 0)
        buf_byte(out, ']');
    for (const char *c = level.close; *c; c++)
        depth -= *c == ']' || *c == '}';
    depth -= level.kind == MAP;
    buf_str(out, level.close);
    levels.pop_back();
    return OK;
}

Encoder::Result Encoder::encode(Local<String> name, Local<Value> v, bool *any)
{
    root = utf8(isolate, name);
    levels.clear();
    depth = 1;
    return finish(property(name, v, any));
}

Encoder::Result Encoder::encode_item(Local<Value> v, const std::string &name, uint32_t index)
{
    Result result;

    root = name;
    levels.clear();
    depth = 1;
    result = unwrap(&v, Integer::NewFromUnsigned(isolate, index));
    return finish(result == OK ? put(v) : result);
}

/* The levels that the value has opened. */
Encoder::Result Encoder::finish(Result result)
{
    while (result == OK && !levels.empty() && !too_large()) {
        result = step();
        flush_if_large();
    }
    return result == OK && too_large() ? TOO_LARGE : result;
}

} // namespace iso
