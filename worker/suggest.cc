/* SPDX-License-Identifier: MIT */
/* "Did you mean": finds existing names near an unknown name. The unknown name is taken from V8's message. Agent code
 * can fake such a message, but only gets names of its own realm. No agent code runs here: no getter and no proxy is
 * called. */
#include <string.h>

#include "core/nearest.h"
#include "worker/engine_v8.h"

/* Most names that are compared; more than any host declares. */
#define MOST_NAMES 5000

namespace iso
{

using namespace v8;

/* The value of an own data property. */
static MaybeLocal<Value> data_property(engine *e, Local<Context> context, Local<Object> holder,
                                       Local<Name> name)
{
    Local<String> key = text(e->isolate, "value");
    Local<Value> descriptor, value;

    if (holder->IsProxy() || !holder->GetOwnPropertyDescriptor(context, name).ToLocal(&descriptor) ||
        !descriptor->IsObject() || !descriptor.As<Object>()->HasOwnProperty(context, key).FromMaybe(false) ||
        !descriptor.As<Object>()->Get(context, key).ToLocal(&value))
        return {};
    return value;
}

static MaybeLocal<String> utf16(engine *e, const std::string &from)
{
    return String::NewFromUtf8(e->isolate, from.data(), NewStringType::kNormal,
                               static_cast<int>(from.size()));
}

/* Offers the closest name of the list, after `way` and a dot. With `holder` only names of its functions count. */
static void offer(engine *e, Local<Context> context, Local<Array> names, const std::string &wanted,
                  const std::string &way, Local<Object> holder, engine_report *r)
{
    struct nearest nearest = nearest_start(wanted.data(), wanted.size());
    Local<Value> one, value;
    std::string best;

    for (uint32_t i = 0; i < names->Length() && i < MOST_NAMES; i++) {
        if (!names->Get(context, i).ToLocal(&one) || !one->IsString() ||
            one.As<String>()->Length() > NEAREST_MOST)
            continue;
        if (!holder.IsEmpty() &&
            (!data_property(e, context, holder, one.As<Name>()).ToLocal(&value) || !value->IsFunction()))
            continue;
        std::string candidate = utf8(e->isolate, one.As<String>());
        if (nearest_offer(&nearest, candidate.data(), candidate.size()))
            best = candidate;
    }
    if (!best.empty())
        quote_ascii(&r->nearest, way.empty() ? best : way + "." + best);
}

void suggest_property(engine *e, Local<Context> context, Local<Object> holder, const std::string &holder_way,
                      const std::string &name, engine_report *r)
{
    Local<Array> names;

    if (holder
            ->GetPropertyNames(context, KeyCollectionMode::kIncludePrototypes, SKIP_SYMBOLS,
                               IndexFilter::kSkipIndices, KeyConversionMode::kConvertToString)
            .ToLocal(&names))
        offer(e, context, names, name, holder_way, {}, r);
}

static MaybeLocal<Array> own_names(Local<Context> context, Local<Object> holder)
{
    if (holder->IsProxy())
        return {};
    return holder->GetPropertyNames(context, KeyCollectionMode::kOwnOnly, SKIP_SYMBOLS,
                                    IndexFilter::kSkipIndices, KeyConversionMode::kConvertToString);
}

/* "x is not defined": the closest global. */
static void suggest_global(engine *e, Local<Context> context, const std::string &name, engine_report *r)
{
    Local<Array> names;

    if (own_names(context, context->Global()).ToLocal(&names))
        offer(e, context, names, name, "", {}, r);
}

/* "a.b.c is not a function": the closest function of a.b, if a is a global. If `a` is a variable of the agent with the
 * name of a global, the hint is wrong, but that is rare. */
static void suggest_member(engine *e, Local<Context> context, const std::string &way, engine_report *r)
{
    size_t last = way.rfind('.');
    Local<Value> at = context->Global();
    Local<Array> names;
    Local<String> name;

    if (last == std::string::npos)
        return;
    for (size_t from = 0, end; from < last; from = end + 1) {
        end = way.find('.', from);
        if (!utf16(e, way.substr(from, end - from)).ToLocal(&name) ||
            !data_property(e, context, at.As<Object>(), name).ToLocal(&at) || !at->IsObject())
            return;
    }
    if (own_names(context, at.As<Object>()).ToLocal(&names))
        offer(e, context, names, way.substr(last + 1), way.substr(0, last), at.As<Object>(), r);
}

/* "The requested module 'a' does not provide an export named 'b'": the closest export. */
static void suggest_export(engine *e, Local<Context> context, const std::string &specifier,
                           const std::string &name, engine_report *r)
{
    Local<Array> names;

    if (exported_names(e, context, specifier).ToLocal(&names))
        offer(e, context, names, name, "", {}, r);
}

/* Removes `begin` and `end` from the text; false when it does not begin and end so. */
static bool between(std::string *text, const char *begin, const char *end)
{
    size_t before = strlen(begin), behind = strlen(end);

    if (text->size() < before + behind || text->compare(0, before, begin) != 0 ||
        text->compare(text->size() - behind, behind, end) != 0)
        return false;
    *text = text->substr(before, text->size() - before - behind);
    return true;
}

void suggest(engine *e, Local<Context> context, engine_report *r)
{
    static const char provide[] = "' does not provide an export named '";
    std::string said(r->message.data, r->message.len);
    TryCatch ignore(e->isolate);

    if (said.size() > 1000)
        return;
    if (std::string name = said; between(&name, "\"", " is not defined\""))
        suggest_global(e, context, name, r);
    else if (std::string way = said; between(&way, "\"", " is not a function\""))
        suggest_member(e, context, way, r);
    else if (between(&said, "\"The requested module '", "'\""))
        if (size_t at = said.find(provide); at != std::string::npos)
            suggest_export(e, context, said.substr(0, at), said.substr(at + strlen(provide)), r);
}

} // namespace iso
