/* SPDX-License-Identifier: MIT */
/* Finds out which objects keep V8 from saving a heap, and where they were made. V8 only says that there are some: it is
 * those of Intl, which hold data of ICU outside of the heap (14.6).
 *
 * This runs in a second evaluation of a prefix, which is never saved: the constructors of Intl are replaced by proxies,
 * which are told from them only by Function.prototype.toString. Each new object is noted with its place by a weak
 * reference; those that a collection leaves are the answer. */
#include <algorithm>

#include "protocol/bounds.h"
#include "worker/engine_v8.h"

namespace iso
{

using namespace v8;

/* Most objects that are noted at a time; those that are collected make room. */
#define MOST_NOTED 10000
/* Most places that a message names. */
#define MOST_TOLD 4

struct unsaved {
    Global<Value> object; /* weak */
    std::string what, at, stack;
    unsigned source, line, column;
};

/* One per process: a worker evaluates one prefix. */
static std::vector<unsaved> noted;

static const char watcher[] =
    "((note) => {\n"
    "    const { apply, construct, getOwnPropertyDescriptor, ownKeys } = Reflect;\n"
    "    const { defineProperty, getPrototypeOf } = Object;\n"
    "    const watch = (holder, key, what) => {\n"
    "        const real = getOwnPropertyDescriptor(holder, key);\n"
    "        const value = new Proxy(real.value, {\n"
    "            __proto__: null,\n"
    "            apply: (target, self, args) => note(apply(target, self, args), what),\n"
    "            construct: (target, args, made) =>\n"
    "                note(construct(target, args, made === value ? target : made), what),\n"
    "        });\n"
    "        defineProperty(holder, key, { __proto__: null, ...real, value });\n"
    "        return value;\n"
    "    };\n"
    "    const { prototype } = Intl.Segmenter;\n"
    "    const segments = getPrototypeOf(new Intl.Segmenter().segment(''));\n"
    "    watch(segments, Symbol.iterator, 'an iterator of an Intl.Segmenter');\n"
    "    watch(prototype, 'segment', 'segments of an Intl.Segmenter');\n"
    "    for (const name of ['maximize', 'minimize']) watch(Intl.Locale.prototype, name, 'an Intl.Locale');\n"
    "    for (const name of ownKeys(Intl)) {\n"
    "        const own = Intl[name]?.prototype;\n"
    "        if (own === undefined) continue;\n"
    "        const value = watch(Intl, name, `an Intl.${name}`);\n"
    "        defineProperty(own, 'constructor', { __proto__: null, value });\n"
    "    }\n"
    "})";

/* The place: the first frame in a source that the parent gave, or else (from a Function or eval) the first of all. */
static void place_here(engine *e, unsaved *one)
{
    Local<StackTrace> trace = StackTrace::CurrentStackTrace(e->isolate, 64);

    for (int i = 0; i < trace->GetFrameCount() && !one->source; i++) {
        Local<StackFrame> frame = trace->GetFrame(e->isolate, i);
        Local<String> name = frame->GetScriptName();
        std::string script = name.IsEmpty() ? "<anonymous>" : utf8(e->isolate, name);
        unsigned source = source_of_script(e, frame->GetScriptId());

        if (script == RUNTIME_SCRIPT || (!source && !one->at.empty()))
            continue;
        one->source = source;
        one->line = (unsigned)frame->GetLineNumber();
        one->column = (unsigned)frame->GetColumn();
        one->at =
            clamped(script, BOUND_NAME) + ":" + std::to_string(one->line) + ":" + std::to_string(one->column);
    }
}

static bool has_room()
{
    if (noted.size() == MOST_NOTED)
        noted.erase(std::remove_if(noted.begin(), noted.end(),
                                   [](const unsaved &one) { return one.object.IsEmpty(); }),
                    noted.end());
    return noted.size() < MOST_NOTED;
}

/* note(object, what): returns the object. */
static void native_note(const FunctionCallbackInfo<Value> &info)
{
    Isolate *isolate = info.GetIsolate();
    unsaved one = {};

    info.GetReturnValue().Set(info[0]);
    if (!info[0]->IsObject() || !info[1]->IsString() || !has_room())
        return;
    one.object.Reset(isolate, info[0]);
    one.object.SetWeak();
    one.what = utf8(isolate, info[1].As<String>());
    one.stack = current_stack(isolate);
    place_here(engine_of(isolate), &one);
    noted.push_back(std::move(one));
}

static bool watch(engine *e, Local<Context> context)
{
    ScriptOrigin origin(text(e->isolate, RUNTIME_SCRIPT));
    ScriptCompiler::Source unit(text(e->isolate, watcher), origin);
    Local<Function> note;
    Local<Script> script;
    Local<Value> install;

    if (!ScriptCompiler::Compile(context, &unit).ToLocal(&script) ||
        !script->Run(context).ToLocal(&install) || !install->IsFunction() ||
        !Function::New(context, native_note).ToLocal(&note))
        return false;
    Local<Value> args[] = {note};
    return !install.As<Function>()->Call(context, Undefined(e->isolate), 1, args).IsEmpty();
}

/* The objects that are still alive, without those of a place that was named before. */
static std::vector<const unsaved *> kept_objects()
{
    std::vector<const unsaved *> kept;

    for (const unsaved &one : noted) {
        bool known = one.object.IsEmpty();
        for (size_t i = 0; i < kept.size() && !known; i++)
            known = kept[i]->at == one.at && kept[i]->what == one.what;
        if (!known && kept.size() <= MOST_TOLD)
            kept.push_back(&one);
    }
    return kept;
}

static std::string describe_kept(const std::vector<const unsaved *> &kept)
{
    std::string out = kept.size() > 1 ? "the prefix keeps objects that a snapshot cannot hold: "
                                      : "the prefix keeps an object that a snapshot cannot hold: ";

    for (size_t i = 0; i < kept.size() && i < MOST_TOLD; i++)
        out += (i ? ", " : "") + kept[i]->what + " made at " + kept[i]->at;
    return out + (kept.size() > MOST_TOLD ? ", and more" : "");
}

} // namespace iso

using namespace v8;

void engine_watch_unsaved(struct engine *e)
{
    HandleScope scope(e->isolate);
    Local<Context> context = e->context.Get(e->isolate);
    Context::Scope enter(context);
    TryCatch ignore(e->isolate);

    (void)iso::watch(e, context);
}

int engine_tell_unsaved(struct engine *e, struct engine_report *report)
{
    iso::collect_unused(e);
    std::vector<const iso::unsaved *> kept = iso::kept_objects();

    if (kept.empty())
        return 0;
    engine_report_free(report);
    iso::say(report, ISO_PREFIX_NOT_SERIALIZABLE, iso::describe_kept(kept));
    if (!kept[0]->stack.empty())
        iso::quote_ascii(&report->stack, iso::clamped(kept[0]->stack, BOUND_STACK));
    report->source = kept[0]->source;
    report->line = kept[0]->line;
    report->column = kept[0]->column;
    return -1;
}
