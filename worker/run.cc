/* SPDX-License-Identifier: MIT */
/* One run of one module, and its exports. */
#include <string.h>

#include <algorithm>

#include "worker/engine_v8.h"

using namespace v8;

namespace iso
{

int fail(engine *e, Local<Context> context, TryCatch *caught, enum iso_code code, engine_report *r)
{
    r->code = code;
    if (stopped(e) || caught->HasTerminated()) {
        e->isolate->CancelTerminateExecution();
        describe_stop(e, r);
    } else if (caught->HasCaught()) {
        Local<Value> exception = caught->Exception();
        Local<Message> message = caught->Message();
        caught->Reset(); /* reading the exception may throw again */
        describe(e, context, exception, message, r);
    }
    return -1;
}

static int fail_rejected(engine *e, Local<Context> context, Local<Value> reason, engine_report *r)
{
    TryCatch caught(e->isolate);

    r->code = ISO_USER_CODE;
    describe(e, context, reason, Exception::CreateMessage(e->isolate, reason), r);
    return -1;
}

/* Waits for a promise; 0 when it is fulfilled. */
static int await(engine *e, Local<Context> context, Local<Promise> promise, engine_report *r)
{
    switch (settle(e, context, promise)) {
    case Settled::FULFILLED:
        return 0;
    case Settled::REJECTED:
        return fail_rejected(e, context, promise->Result(), r);
    case Settled::NEVER:
        r->code = ISO_DID_NOT_SETTLE;
        return -1;
    case Settled::STOPPED:
        e->isolate->CancelTerminateExecution();
        describe_stop(e, r);
        return -1;
    }
    return -1;
}

static int evaluate(engine *e, Local<Context> context, const engine_source *source, Local<Module> *module,
                    engine_report *r)
{
    TryCatch caught(e->isolate);
    Local<Value> promise;
    int rc;

    host->phase(PHASE_COMPILE);
    if (!compile(e, context, source).ToLocal(module))
        return fail(e, context, &caught, ISO_COMPILE, r);
    e->script_ids.push_back((*module)->ScriptId());
    if (e->cfg.kind != ENGINE_PRECOMPILE || e->runs == 1)
        e->last.Reset(e->isolate, *module);
    if (!load_imports(e, context, *module) || (*module)->InstantiateModule(context, resolve).IsNothing())
        return fail(e, context, &caught, ISO_COMPILE, r);
    host->phase(PHASE_EVALUATE);
    if (!(*module)->Evaluate(context).ToLocal(&promise) || !promise->IsPromise())
        return fail(e, context, &caught, ISO_USER_CODE, r);
    handle_rejection(e, promise.As<Promise>());
    rc = await(e, context, promise.As<Promise>(), r);
    if (r->code == ISO_DID_NOT_SETTLE)
        describe_stalled(e, context, *module, r);
    else if (rc < 0)
        describe_wait(e, context, *module, r);
    return rc;
}

static int refuse_export(const Encoder &encoder, bool called, engine_report *r)
{
    say(r, ISO_EXPORT_NOT_SERIALIZABLE,
        (called ? "the result of the call cannot be serialized, at '" + encoder.path + "'"
                : "export '" + encoder.path + "' cannot be serialized") +
            ": it is " + encoder.what);
    return -1;
}

static int encode_failed(engine *e, Local<Context> context, TryCatch *caught, const Encoder &encoder,
                         Encoder::Result result, bool called, engine_report *r)
{
    if (result == Encoder::THROWN)
        return fail(e, context, caught, ISO_USER_CODE, r);
    if (result == Encoder::REFUSED)
        return refuse_export(encoder, called, r);
    std::string largest = encoder.largest();
    say(r, ISO_EXPORT_TOO_LARGE,
        (called ? "the result of the call takes more than " : "the exports take more than ") +
            std::to_string(limit_bytes(&e->cfg.limits, LIMIT_EXPORT)) + " bytes (maxExportBytes)");
    if (!largest.empty())
        quote_ascii(&r->nearest, largest);
    return -1;
}

static void skip(engine *e, const Encoder &encoder, Local<String> name, engine_report *r)
{
    buf_byte(&r->skipped, r->skipped.len ? ',' : '[');
    buf_str(&r->skipped, "{\"name\":");
    quote(e->isolate, &r->skipped, name);
    buf_str(&r->skipped, ",\"path\":");
    quote_ascii(&r->skipped, encoder.path);
    buf_str(&r->skipped, ",\"reason\":");
    quote_ascii(&r->skipped, encoder.what);
    buf_byte(&r->skipped, '}');
}

struct exported {
    Local<String> name;
    Local<Value> value;
};

/* An unsettled promise stays in *value when unserializable exports are to be skipped: the encoder refuses it.
 */
static int await_export(engine *e, Local<Context> context, Local<String> name, Local<Value> *value,
                        engine_report *r)
{
    handle_rejection(e, value->As<Promise>());
    if (await(e, context, value->As<Promise>(), r) == 0) {
        *value = value->As<Promise>()->Result();
        return 0;
    }
    describe_wait(e, context, {}, r);
    if (r->code != ISO_DID_NOT_SETTLE)
        return -1;
    r->code = ISO_OK;
    if (e->cfg.skip_unserializable)
        return 0;
    say(r, ISO_EXPORT_NOT_SERIALIZABLE,
        "export '" + utf8(e->isolate, name) +
            "' cannot be serialized: it is a promise that nothing can settle");
    return -1;
}

/* Reads every export; the ones that are promises are awaited, one after the other. */
static int collect(engine *e, Local<Context> context, Local<Module> module, std::vector<exported> *all,
                   engine_report *r)
{
    TryCatch caught(e->isolate);
    Local<Object> space = module->GetModuleNamespace().As<Object>();
    Local<Array> names;

    if (!space->GetOwnPropertyNames(context, static_cast<PropertyFilter>(ONLY_ENUMERABLE | SKIP_SYMBOLS))
             .ToLocal(&names))
        return fail(e, context, &caught, ISO_USER_CODE, r);
    for (uint32_t i = 0; i < names->Length(); i++) {
        Local<Value> name, value;
        if (!names->Get(context, i).ToLocal(&name) || !space->Get(context, name).ToLocal(&value))
            return fail(e, context, &caught, ISO_USER_CODE, r);
        if (value->IsPromise() && await_export(e, context, name.As<String>(), &value, r) < 0)
            return -1;
        all->push_back({name.As<String>(), value});
    }
    return 0;
}

static int send_exports(engine *e, Local<Context> context, Local<Module> module, engine_report *r)
{
    std::vector<exported> all;
    struct buf out = {};
    bool skipping = e->cfg.skip_unserializable, any = false;
    int rc;

    host->phase(PHASE_ENCODE);
    if (collect(e, context, module, &all, r) < 0)
        return -1;
    TryCatch caught(e->isolate);
    /* A piece that is gone cannot be taken back: with skipping, nothing is sent before all is encoded. */
    Encoder encoder(e, context, &out, limit_bytes(&e->cfg.limits, LIMIT_EXPORT), !skipping);
    encoder.measure();
    encoder.raw("{");
    rc = 0;
    for (size_t i = 0; i < all.size() && rc == 0 && !encoder.spent(); i++) {
        HandleScope scope(e->isolate);
        size_t mark = out.len;
        bool before = any;
        Encoder::Result result = encoder.encode(all[i].name, all[i].value, &any);
        if (result == Encoder::REFUSED && skipping) {
            skip(e, encoder, all[i].name, r);
            out.len = mark;
            any = before;
        } else if (result != Encoder::OK && result != Encoder::TOO_LARGE) {
            rc = encode_failed(e, context, &caught, encoder, result, false, r);
        }
    }
    encoder.raw("}");
    if (rc == 0 && encoder.too_large())
        rc = encode_failed(e, context, &caught, encoder, Encoder::TOO_LARGE, false, r);
    if (rc == 0)
        host->exports(out.data, out.len);
    buf_free(&out);
    if (r->skipped.len)
        buf_byte(&r->skipped, ']');
    return rc;
}

/* ---- linking */

int link_for_snapshot(engine *e, engine_report *r)
{
    HandleScope scope(e->isolate);
    Local<Context> context = e->context.Get(e->isolate);
    Context::Scope enter(context);
    TryCatch caught(e->isolate);

    for (size_t i = 0; i < e->modules.size(); i++)
        if (!link_declared(e, context, i))
            return fail(e, context, &caught, ISO_COMPILE, r);
    return 0;
}

/* An import() that the prefix does not await can be under way when it ends. */
static int all_settled(engine *e, Local<Context> context, engine_report *r)
{
    for (size_t i = 0; i < e->modules.size(); i++) {
        HandleScope scope(e->isolate);
        if (!is_under_way(e, context, i))
            continue;
        say(r, ISO_PREFIX_DID_NOT_SETTLE,
            "the import of '" + e->modules[i].specifier + "' has not settled when the prefix ends");
        return -1;
    }
    return 0;
}

/* ---- calling an export */

static int no_target(const std::string &way, const std::string &why, engine_report *r)
{
    say(r, ISO_CALL_TARGET, "cannot call '" + way + "': " + why);
    return -1;
}

static MaybeLocal<Module> called_module(engine *e, Local<Context> context)
{
    if (!e->last.IsEmpty())
        return e->last.Get(e->isolate);
    return kept_prefix(e, context);
}

static int no_property(engine *e, Local<Context> context, Local<Object> holder, const std::string &way,
                       const std::string &so_far, const std::string &step, engine_report *r)
{
    no_target(way,
              so_far.empty() ? "there is no export '" + step + "'" : "'" + so_far + "' has no '" + step + "'",
              r);
    suggest_property(e, context, holder, so_far, step, r);
    return -1;
}

/* Follows `way` from the exports: the function in *target, what it is a method of in *receiver. */
static int find_target(engine *e, Local<Context> context, const std::string &way, Local<Value> *receiver,
                       Local<Value> *target, engine_report *r)
{
    Local<Module> module;
    TryCatch caught(e->isolate);
    std::string so_far;
    size_t at = 0;

    if (!called_module(e, context).ToLocal(&module) || module->GetStatus() != Module::kEvaluated)
        return no_target(way, "there are no exports", r);
    *receiver = Undefined(e->isolate);
    *target = module->GetModuleNamespace();
    for (bool first = true, there; at <= way.size(); first = false) {
        size_t end = std::min(way.find('.', at), way.size());
        std::string step = way.substr(at, end - at);
        Local<String> name;
        Local<Object> holder;

        if ((*target)->IsNullOrUndefined())
            return no_target(way, "'" + so_far + "' is " + ((*target)->IsNull() ? "null" : "undefined"), r);
        if (!(*target)->ToObject(context).ToLocal(&holder) ||
            !String::NewFromUtf8(e->isolate, step.data(), NewStringType::kNormal,
                                 static_cast<int>(step.size()))
                 .ToLocal(&name))
            return fail(e, context, &caught, ISO_USER_CODE, r);
        if (!(first ? holder->HasOwnProperty(context, name) : holder->Has(context, name)).To(&there))
            return fail(e, context, &caught, ISO_USER_CODE, r);
        if (!there)
            return no_property(e, context, holder, way, so_far, step, r);
        *receiver = first ? Local<Value>(Undefined(e->isolate)) : *target;
        if (!holder->Get(context, name).ToLocal(target))
            return fail(e, context, &caught, ISO_USER_CODE, r);
        so_far += (first ? "" : ".") + step;
        at = end + 1;
    }
    return (*target)->IsFunction() ? 0 : no_target(way, "it is no function", r);
}

static int read_arguments(engine *e, Local<Context> context, const char *json, size_t len,
                          std::vector<Local<Value>> *args)
{
    Local<String> text;
    Local<Value> list, one;

    if (!json)
        return 0;
    if (!String::NewFromUtf8(e->isolate, json, NewStringType::kNormal, static_cast<int>(len))
             .ToLocal(&text) ||
        !JSON::Parse(context, text).ToLocal(&list) ||
        !call_internal(e, context, "revive", 1, &list).ToLocal(&list) || !list->IsArray())
        return -1;
    for (uint32_t i = 0; i < list.As<Array>()->Length(); i++) {
        if (!list.As<Array>()->Get(context, i).ToLocal(&one))
            return -1;
        args->push_back(one);
    }
    return 0;
}

static int send_value(engine *e, Local<Context> context, Local<Value> value, engine_report *r)
{
    TryCatch caught(e->isolate);
    struct buf out = {};
    Encoder encoder(e, context, &out, limit_bytes(&e->cfg.limits, LIMIT_EXPORT), true);
    encoder.measure();
    Encoder::Result result = value->IsUndefined() ? Encoder::OK : encoder.encode_item(value, "value", 0);
    int rc = 0;

    if (result != Encoder::OK)
        rc = encode_failed(e, context, &caught, encoder, result, true, r);
    else if (out.len)
        host->exports(out.data, out.len);
    buf_free(&out);
    return rc;
}

static int call_target(engine *e, Local<Context> context, const std::string &way, const char *json,
                       size_t len, Local<Value> *value, engine_report *r)
{
    std::vector<Local<Value>> args;
    Local<Value> receiver, target;
    TryCatch caught(e->isolate);

    if (find_target(e, context, way, &receiver, &target, r) < 0)
        return -1;
    if (read_arguments(e, context, json, len, &args) < 0 ||
        !target.As<Function>()
             ->Call(context, receiver, static_cast<int>(args.size()), args.data())
             .ToLocal(value))
        return fail(e, context, &caught, ISO_USER_CODE, r);
    if (!(*value)->IsPromise())
        return 0;
    Local<Promise> promise = value->As<Promise>();
    handle_rejection(e, promise);
    if (await(e, context, promise, r) == 0) {
        *value = promise->Result();
        return 0;
    }
    describe_wait(e, context, {}, r);
    if (r->code == ISO_DID_NOT_SETTLE)
        say(r, ISO_DID_NOT_SETTLE, "the call of '" + way + "' awaits a promise that nothing can settle");
    return -1;
}

static int call(engine *e, const std::string &way, const char *args, size_t len, engine_report *r)
{
    HandleScope scope(e->isolate);
    Local<Context> context = e->context.Get(e->isolate);
    Context::Scope enter(context);
    Local<Value> value;
    int rc;

    host->phase(PHASE_CALL);
    rc = call_target(e, context, way, args, len, &value, r);
    if (rc == 0) {
        drain(e);
        host->phase(PHASE_ENCODE);
        rc = send_value(e, context, value, r);
    }
    report_rejections(e, context);
    if (stopped(e) && !e->stop_told) {
        describe_stop(e, r);
        rc = -1;
    }
    return rc;
}

static int run(engine *e, const engine_source *source, int want_exports, engine_report *r)
{
    HandleScope scope(e->isolate);
    Local<Context> context = e->context.Get(e->isolate);
    Context::Scope enter(context);
    Local<Module> module;
    int rc;

    if (e->runs++ == 0)
        start_performance_clock(e);
    e->source_name = source->name;
    /* A warm-up agent is an agent: what libraries find out from it has to hold for others. */
    if (e->cfg.kind == ENGINE_PRECOMPILE && e->runs > 1)
        context->AllowCodeGenerationFromStrings(false);
    rc = evaluate(e, context, source, &module, r);
    if (rc == 0 && want_exports)
        rc = send_exports(e, context, module, r);
    if (rc == 0 && e->cfg.kind == ENGINE_PRECOMPILE)
        rc = all_settled(e, context, r);
    report_rejections(e, context);
    if (stopped(e) && !e->stop_told) { /* while the rejections were shown */
        describe_stop(e, r);
        rc = -1;
    }
    return rc;
}

} // namespace iso

/* What engine_run() and engine_call() have in common at their end. */
static int finish(struct engine *e, int rc, struct engine_report *r)
{
    HeapStatistics stats;

    iso::profile_finish(e);
    for (int stream = 0; stream < 2; stream++)
        iso::tell_dropped(e, stream);
    e->isolate->GetHeapStatistics(&stats);
    r->heap_bytes = stats.used_heap_size() + e->allocator.used;
    return rc;
}

int engine_run(struct engine *e, const struct engine_source *source, int want_exports,
               struct engine_report *r)
{
    *r = {};
    return finish(e, iso::run(e, source, want_exports, r), r);
}

int engine_call(struct engine *e, const char *way, size_t way_len, const char *args, size_t args_len,
                struct engine_report *r)
{
    *r = {};
    return finish(e, iso::call(e, std::string(way, way_len), args, args_len, r), r);
}

void engine_report_free(struct engine_report *r)
{
    for (struct buf *b : {&r->name, &r->message, &r->stack, &r->fields, &r->skipped, &r->nearest})
        buf_free(b);
}
