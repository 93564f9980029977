/* SPDX-License-Identifier: MIT */
/* Encodes values as JSON text (iso4-result(5)): like JSON.stringify, with tagged objects where JSON would lose data. It
 * is iterative, so that deep values need heap and not stack. Getters, toJSON and proxies are agent code and may throw
 * or be terminated at any step. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <algorithm>

#include "core/base64.h"
#include "core/json.h"
#include "protocol/bounds.h"
#include "worker/engine_v8.h"

#define PIECE (64u << 10)

#define TEXT_OF_(x) #x
#define TEXT_OF(x)  TEXT_OF_(x)

namespace iso
{

using namespace v8;

Encoder::Encoder(engine *e, Local<Context> ctx, struct buf *to, size_t most, bool flush_pieces)
    : owner(e), isolate(e->isolate), context(ctx), out(to), cap(most), flush(flush_pieces),
      object_prototype(Object::New(e->isolate)->GetPrototypeV2())
{
}

size_t Encoder::position() const
{
    return flushed + out->len;
}

bool Encoder::too_large() const
{
    return position() > cap || out->failed;
}

/* When a value exceeds the limit, it is measured up to four times the limit, and up to this many values, to find its
 * largest parts. */
#define MOST_MEASURED 200000

bool Encoder::spent() const
{
    return too_large() && (!measuring || position() / 4 > cap || measured > MOST_MEASURED || out->failed);
}

/* Sends the text so far when there is much of it. A value beyond the limit is only counted, not sent. */
void Encoder::flush_if_large()
{
    bool count_only = measuring && too_large() && !out->failed;

    measured += count_only;
    if (out->len < PIECE || !(count_only || (flush && !too_large())))
        return;
    if (!count_only)
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

/* The step from an object to its current value: ".name" or "[0]". */
std::string Encoder::step_of(const Level &level) const
{
    std::string step, number = std::to_string(level.kind == MAP ? (level.at - 1) / 2 : level.at - 1);
    Local<Value> name;

    if (level.kind == MAP)
        return (level.at % 2 ? "<key " : "<value ") + number + ">";
    if (level.kind != OBJECT && level.kind != ENTRIES)
        return level.kind == SET ? "<" + number + ">" : "[" + number + "]";
    if (level.items.Get(isolate)->Get(context, level.at - 1).ToLocal(&name) && name->IsString())
        step = utf8(isolate, name.As<String>());
    step = clamped(step, 100);
    return identifier(step) ? "." + step : "[\"" + step + "\"]";
}

/* The path from the export to the current value, as an expression; the middle of a long path is left out. */
std::string Encoder::where() const
{
    std::string way = root;
    size_t shown = 0;

    for (const Level &level : levels) {
        std::string step = step_of(level);

        if (++shown <= 20 || shown > levels.size() - 5)
            way += step;
        else if (shown == 21)
            way += "…";
    }
    return way;
}

#define MOST_PARTS 3
#define MOST_STEPS 20

/* Adds a part and keeps the largest ones. The parts of a part are kept for a few levels only. */
void Encoder::note(std::vector<Part> *among, std::string step, size_t bytes, std::vector<Part> inner) const
{
    int deepest = 0;
    size_t at = 0;

    if (!measuring || bytes < cap / 64)
        return;
    for (const Part &one : inner)
        deepest = std::max(deepest, one.depth);
    if (deepest >= MOST_STEPS)
        inner.clear();
    while (at < among->size() && (*among)[at].bytes >= bytes)
        at++;
    among->insert(among->begin() + static_cast<ptrdiff_t>(at),
                  Part{bytes, std::move(step), std::move(inner), deepest + 1});
    if (among->size() > MOST_PARTS)
        among->pop_back();
}

std::string Encoder::largest() const
{
    const std::vector<Part> *list = &parts;
    size_t total = position();
    std::string way, shown;

    while (!list->empty() && !list->front().parts.empty() && list->front().bytes > total / 5 * 4) {
        way += list->front().step;
        total = list->front().bytes;
        list = &list->front().parts;
    }
    for (const Part &one : *list)
        shown += (shown.empty() ? "" : ", ") + way + one.step + " (" + std::to_string(one.bytes) + " bytes)";
    return shown;
}

Encoder::Result Encoder::refuse(const std::string &is)
{
    if (lenient)
        return quote_ascii(out, "[" + is + "]"), OK;
    path = where();
    what = is;
    return REFUSED;
}

int Encoder::deepest() const
{
    return lenient ? BOUND_FIELD_DEPTH : BOUND_DEPTH;
}

Encoder::Result Encoder::too_deep()
{
    return refuse(lenient ? "nested too deeply"
                          : "nested too deeply (at most " TEXT_OF(BOUND_DEPTH) " levels)");
}

void Encoder::put_tag(value_tag which)
{
    raw("{\"" VALUE_TAG_KEY "\":\"");
    raw(value_tags[which].name);
    raw("\"");
}

/* Begins a tagged object without nested values. False and *refused: it would be one level too deep. */
bool Encoder::tag(value_tag which, Result *refused)
{
    if (depth == deepest()) {
        *refused = too_deep();
        return false;
    }
    put_tag(which);
    return true;
}

bool Encoder::on_path(Local<Object> object) const
{
    for (const Level &level : levels)
        if (level.holder == object)
            return true;
    return false;
}

Encoder::Result Encoder::push(Kind kind, Local<Object> holder, Local<Array> items, uint32_t count,
                              value_tag which, const char *open, const char *close)
{
    int deeper = (kind == MAP || kind == ENTRIES) + (which != TAG_NONE); /* each entry is an array */
    size_t begin = position();

    if (on_path(holder))
        return refuse("a cycle");
    for (const char *c = open; *c; c++)
        deeper += *c == '[' || *c == '{';
    if (depth + deeper > deepest())
        return too_deep();
    depth += deeper;
    if (which != TAG_NONE)
        put_tag(which);
    buf_str(out, open);
    levels.push_back({kind,
                      false,
                      0,
                      count,
                      begin,
                      {},
                      Global<Object>(isolate, holder),
                      Global<Array>(isolate, items),
                      close});
    return OK;
}

bool Encoder::well_formed(Local<Array> keys)
{
    for (uint32_t i = 0; i < keys->Length(); i++) {
        HandleScope scope(isolate);
        Local<Value> key;
        if (keys->Get(context, i).ToLocal(&key) && key->IsString() &&
            !is_well_formed(isolate, key.As<String>()))
            return false;
    }
    return true;
}

Encoder::Result Encoder::plain(Local<Object> object)
{
    Local<Array> keys;
    bool tagged;

    if (!object
             ->GetOwnPropertyNames(context, static_cast<PropertyFilter>(ONLY_ENUMERABLE | SKIP_SYMBOLS),
                                   KeyConversionMode::kConvertToString)
             .ToLocal(&keys) ||
        !object->HasOwnProperty(context, text(isolate, VALUE_TAG_KEY)).To(&tagged))
        return THROWN;
    if (!well_formed(keys))
        return push(ENTRIES, object, keys, keys->Length(), TAG_object, ",\"entries\":[", "]}");
    if (tagged)
        return push(OBJECT, object, keys, keys->Length(), TAG_object, ",\"value\":{", "}}");
    return push(OBJECT, object, keys, keys->Length(), TAG_NONE, "{", "}");
}

Encoder::Result Encoder::bytes(value_tag which, const void *data, size_t len)
{
    if (position() + (len + 2) / 3 * 4 > cap) {
        if (!measuring)
            return TOO_LARGE;
        flushed += (len + 2) / 3 * 4;
        len = 0;
    }
    Result refused;
    if (!tag(which, &refused))
        return refused;
    raw(",\"base64\":\"");
    base64_write(out, static_cast<const char *>(data), len);
    raw("\"}");
    return OK;
}

static value_tag view_tag(Local<Value> v)
{
#define X(name, ...)   \
    if (v->Is##name()) \
        return TAG_##name;
    ISO_VIEW_TAGS(X)
#undef X
    return TAG_ArrayBuffer;
}

/* The properties of an error that name its causes; the engine has made them, so they are not enumerable. */
static Local<Array> origins(Isolate *isolate, Local<Context> context, Local<Object> error)
{
    Local<Array> names = Array::New(isolate);
    uint32_t count = 0;

    for (const char *one : {ERROR_ORIGINS}) {
        Local<String> name = text(isolate, one);
        if (error->GetRealNamedPropertyAttributes(context, name).FromMaybe(None) & DontEnum)
            ignore(names->CreateDataProperty(context, count++, name));
    }
    return names;
}

Encoder::Result Encoder::error(Local<Object> object)
{
    const char *const names[] = {"name", "message"};
    Local<Array> more = origins(isolate, context, object);
    size_t before = levels.size();
    Result result = push(OBJECT, object, more, more->Length(), TAG_error, "", "}");

    if (result != OK || levels.size() == before)
        return result;
    levels.back().any = true;
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
    Result refused;

    for (const auto &row : letters)
        if (object->GetFlags() & row.bit)
            flags += row.letter;
    if (!tag(TAG_regexp, &refused))
        return refused;
    raw(",\"source\":");
    depth++;
    refused = put_text(object->GetSource());
    depth--;
    if (refused != OK)
        return refused;
    raw(",\"flags\":");
    quote_ascii(out, flags);
    raw("}");
    return OK;
}

Encoder::Result Encoder::number(Local<Number> value)
{
    double d = value->Value();
    Local<String> shown;
    Result refused;

    if (isnan(d) || isinf(d)) {
        if (!tag(TAG_number, &refused))
            return refused;
        buf_printf(out, ",\"value\":\"%s\"}", isnan(d) ? "NaN" : d > 0 ? "Infinity" : "-Infinity");
    } else if (d == 0 && signbit(d)) {
        raw("-0");
    } else if (d == static_cast<int32_t>(d)) {
        buf_str(out,
                std::to_string(static_cast<int32_t>(d)).c_str()); /* printf would load seven pages of code */
    } else {
        if (!value->ToString(context).ToLocal(&shown))
            return THROWN;
        buf_str(out, utf8(isolate, shown).c_str());
    }
    return OK;
}

/* Writes a string without loss, even if it has lone surrogates. */
Encoder::Result Encoder::put_text(Local<String> s)
{
    size_t before = out->len;
    Result refused;

    if (quote(isolate, out, s))
        return OK;
    if (out->failed)
        return OK;
    out->len = before;
    if (!tag(TAG_string, &refused))
        return refused;
    raw(",\"utf16\":\"");
    put_utf16(isolate, out, s);
    raw("\"}");
    return OK;
}

Encoder::Result Encoder::primitive(Local<Value> v)
{
    Local<String> shown;
    Result refused;

    if (v->IsString())
        return put_text(v.As<String>());
    if (v->IsNumber())
        return number(v.As<Number>());
    if (v->IsBigInt()) {
        if (!v->ToString(context).ToLocal(&shown))
            return THROWN;
        if (!tag(TAG_bigint, &refused))
            return refused;
        buf_printf(out, ",\"value\":\"%s\"}", utf8(isolate, shown).c_str());
        return OK;
    }
    if (v->IsSymbol())
        return refuse("a symbol");
    raw(v->IsTrue() ? "true" : v->IsFalse() ? "false" : "null");
    return OK;
}

/* Appends the text that JSON.rawJSON() was given, a number, string or other scalar, unchanged; but readers of JSON cannot
 * hold numbers that no double holds. */
Encoder::Result Encoder::raw_json(Local<String> json)
{
    std::string shown = utf8(isolate, json);
    Local<Value> value;

    if (!JSON::Parse(context, json).ToLocal(&value))
        return THROWN;
    if (value->IsString() || (value->IsNumber() && isinf(value.As<Number>()->Value())))
        return primitive(value);
    buf_add(out, shown.data(), shown.size());
    return OK;
}

/* Encodes a wrapper object as JSON.stringify does: with the object's own valueOf or toString. */
Encoder::Result Encoder::unboxed(Local<Object> o)
{
    Local<Number> as_number;
    Local<String> as_text;

    if (o->IsNumberObject())
        return o->ToNumber(context).ToLocal(&as_number) ? number(as_number) : THROWN;
    return o->ToString(context).ToLocal(&as_text) ? put_text(as_text) : THROWN;
}

/* Encodes builtin objects that need a tag, and refuses those with state that JSON would lose. */
bool Encoder::builtin(Local<Object> o, Result *result)
{
    if (o->IsMap()) {
        Local<Array> items = o.As<Map>()->AsArray();
        *result = push(MAP, o, items, items->Length(), TAG_map, ",\"entries\":[", "]}");
    } else if (o->IsSet()) {
        Local<Array> items = o.As<Set>()->AsArray();
        *result = push(SET, o, items, items->Length(), TAG_set, ",\"values\":[", "]}");
    } else if (o->IsArrayBufferView()) {
        Local<ArrayBufferView> view = o.As<ArrayBufferView>();
        const char *from = static_cast<const char *>(view->Buffer()->Data());
        *result = bytes(view_tag(o), from + view->ByteOffset(), view->ByteLength());
    } else if (o->IsArrayBuffer()) {
        *result = bytes(TAG_ArrayBuffer, o.As<ArrayBuffer>()->Data(), o.As<ArrayBuffer>()->ByteLength());
    } else if (o->IsRegExp()) {
        *result = regexp(o.As<RegExp>());
    } else if (o->IsNativeError()) {
        *result = error(o);
    } else if (o->IsPromise()) {
        *result = refuse("a promise");
    } else if (o->IsWeakMap() || o->IsWeakSet() || o->IsWeakRef()) {
        *result = refuse("a weak collection");
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

/* The name with an article: "a Date object", "an Intl.NumberFormat object". */
static std::string with_article(const std::string &name)
{
    return (strchr("AEIOU", name[0]) ? "an " : "a ") + name + " object";
}

static bool ends_with(const std::string &text, const char *end)
{
    return text.size() >= strlen(end) && text.compare(text.size() - strlen(end), std::string::npos, end) == 0;
}

/* Refuses an object of a builtin class that keeps its content in internal slots, because JSON would lose all of it.
 * GetConstructorName() reads the object's map, so agent code cannot change the name. */
Encoder::Result Encoder::slots(Local<Object> o)
{
    static const char *const of_intl[] = {
        "Collator",    "DateTimeFormat", "DisplayNames",       "Locale",    "DurationFormat", "ListFormat",
        "PluralRules", "NumberFormat",   "RelativeTimeFormat", "Segmenter", "v8BreakIterator"};
    std::string name = utf8(isolate, o->GetConstructorName());
    Local<Value> raw;

    for (const char *one : of_intl)
        if (name == one)
            return refuse(with_article("Intl." + name));
    if (o->IsGeneratorObject() || ends_with(name, "Iterator"))
        return refuse(name == "AsyncGenerator" ? "an async iterator" : "an iterator");
    if (name != "Object")
        return refuse(with_article(name));
    /* JSON.rawJSON() returns an object whose only property is the text. */
    if (o->GetPrototypeV2()->IsNull() && o->Get(context, text(isolate, "rawJSON")).ToLocal(&raw) &&
        raw->IsString())
        return raw_json(raw.As<String>());
    return plain(o); /* the prototype of a class, or globalThis: their slots are empty */
}

/* True for an object without internal slots: all its content is in properties. */
static bool is_ordinary(Local<Object> o)
{
    using namespace v8::internal;

    return Internals::CanHaveInternalField(Internals::GetInstanceType(ValueHelper::ValueAsAddress(*o))) ||
           o->IsArgumentsObject() || o->IsModuleNamespaceObject();
}

/* Encodes an object of a class. Classes of the prelude keep their content in private fields, so these are refused. */
Encoder::Result Encoder::instance(Local<Object> o)
{
    Local<Value> argv[] = {o}, is;

    if (!call_internal(owner, context, "withoutJSON", 1, argv).ToLocal(&is) || !is->IsString())
        return THROWN;
    return is.As<String>()->Length() ? refuse(utf8(isolate, is.As<String>())) : plain(o);
}

Encoder::Result Encoder::object(Local<Object> o)
{
    Result result;

    if (builtin(o, &result))
        return result;
    if (o->IsArray()) {
        Local<Array> array = o.As<Array>();
        return push(ARRAY, array, array, array->Length(), TAG_NONE, "[", "]");
    }
    if (!is_ordinary(o))
        return slots(o);
    Local<Value> prototype = o->GetPrototypeV2();
    return prototype->IsNull() || prototype == object_prototype ? plain(o) : instance(o);
}

/* Replaces *v by the result of its toJSON, called with the key, if it has one, as JSON.stringify does. */
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

/* Encodes a value on which unwrap() was called. */
Encoder::Result Encoder::put(Local<Value> v)
{
    Result refused;

    if (v->IsFunction())
        return refuse("a function");
    if (v->IsProxy())
        return refuse("a proxy");
    if (v->IsUndefined())
        return tag(TAG_undefined, &refused) ? (raw("}"), OK) : refused;
    return v->IsObject() ? object(v.As<Object>()) : primitive(v);
}

/* Writes the name before a value, or the beginning of an entry. The next entry, or the end of the level, closes it. */
Encoder::Result Encoder::key(Local<String> name, bool is_entry, bool first)
{
    Result result = OK;

    if (!first)
        raw(is_entry ? "]," : ",");
    if (!is_entry) {
        quote(isolate, out, name);
        buf_byte(out, ':');
        return OK;
    }
    buf_byte(out, '[');
    result = put_text(name);
    buf_byte(out, ',');
    return result;
}

/* Encodes a property, or nothing when its value is undefined. *any: the object has a property already. */
Encoder::Result Encoder::property(Local<String> name, Local<Value> v, bool *any, bool is_entry)
{
    Result result = unwrap(&v, name);

    if (result != OK || v->IsUndefined())
        return result;
    result = key(name, is_entry, !*any);
    *any = true;
    return result == OK ? put(v) : result;
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
    size_t self = levels.size() - 1, begin = position();
    Result result = property(name.As<String>(), v, &any, level.kind == ENTRIES);
    if (self < levels.size())
        levels[self].any = any;
    note_primitive(self, begin);
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
    size_t self = levels.size() - 1, begin = position();
    Result result = unwrap(&v, Integer::NewFromUnsigned(isolate, at));
    if (result == OK)
        result = put(v);
    note_primitive(self, begin);
    return result;
}

/* Notes the size of a value of the level with this number, unless the value opened a level itself. */
void Encoder::note_primitive(size_t level, size_t begin)
{
    if (measuring && position() - begin >= cap / 64 && level + 1 == levels.size())
        note(&levels[level].parts, step_of(levels[level]), position() - begin, {});
}

/* Ends the last level. */
void Encoder::close_level()
{
    HandleScope scope(isolate);
    Level last = std::move(levels.back());

    levels.pop_back();
    if (levels.empty())
        note(&parts, root, position() - last.begin, std::move(last.parts));
    else if (measuring && position() - last.begin >= cap / 64)
        note(&levels.back().parts, step_of(levels.back()), position() - last.begin, std::move(last.parts));
}

Encoder::Result Encoder::step()
{
    HandleScope scope(isolate);
    Level &level = levels.back();

    if (level.at < level.count)
        return level.kind == OBJECT || level.kind == ENTRIES ? step_object(level) : step_item(level);
    if ((level.kind == MAP && level.count > 0) || (level.kind == ENTRIES && level.any))
        buf_byte(out, ']');
    for (const char *c = level.close; *c; c++)
        depth -= *c == ']' || *c == '}';
    depth -= level.kind == MAP || level.kind == ENTRIES;
    buf_str(out, level.close);
    close_level();
    return OK;
}

Encoder::Result Encoder::encode(Local<String> name, Local<Value> v, bool *any)
{
    root = clamped(utf8(isolate, name), 100);
    root_begin = position();
    levels.clear();
    depth = 1;
    return finish(property(name, v, any));
}

Encoder::Result Encoder::encode_item(Local<Value> v, const std::string &name, uint32_t index)
{
    Result result;

    root = name;
    root_begin = position();
    levels.clear();
    depth = 1;
    result = unwrap(&v, Integer::NewFromUnsigned(isolate, index));
    return finish(result == OK ? put(v) : result);
}

/* Encodes all levels that the value has opened. Failures are ignored while a value beyond the limit is measured. */
Encoder::Result Encoder::finish(Result result)
{
    if (levels.empty())
        note(&parts, root, position() - root_begin, {});
    flush_if_large();
    while (result == OK && !levels.empty() && !spent()) {
        result = step();
        flush_if_large();
    }
    while (too_large() && !levels.empty())
        close_level();
    return too_large() ? TOO_LARGE : result;
}

} // namespace iso
