/* SPDX-License-Identifier: MIT */
/* One run of one source, and its exports. */
#include <string.h>

#include <algorithm>

#include "protocol/bounds.h"
#include "worker/engine_v8.h"

using namespace v8;

namespace iso
{

failure failure_of(TryCatch &caught)
{
    failure why;

    if (!caught.HasCaught() || caught.HasTerminated())
        return why;
    why = {caught.Exception(), caught.Message()};
    caught.Reset(); /* because reading the exception may throw again */
    return why;
}

static int refuse_source(engine *e, Local<Context> context, const failure &why, enum iso_code code,
                         engine_report *r)
{
    r->code = code;
    if (stopped(e) || why.exception.IsEmpty()) {
        e->isolate->CancelTerminateExecution();
        describe_stop(e, r);
    } else {
        describe(e, context, why.exception, why.message, r);
    }
    return -1;
}

int fail(engine *e, Local<Context> context, TryCatch *caught, enum iso_code code, engine_report *r)
{
    r->code = code;
    if (stopped(e) || caught->HasTerminated() || caught->HasCaught())
        refuse_source(e, context, failure_of(*caught), code, r);
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

static int evaluate(engine *e, Local<Context> context, const engine_source *source, formed *f,
                    engine_report *r)
{
    TryCatch caught(e->isolate);
    Local<Value> promise;
    failure why;
    int rc;

    host->phase(PHASE_COMPILE);
    if (!compile_formed(e, context, source, f, &why))
        return refuse_source(e, context, why, ISO_COMPILE, r);
    if (e->cfg.kind != ENGINE_PRECOMPILE || e->runs == 1)
        e->last.Reset(e->isolate, f->module);
    e->keeps_uncaught = source->form != FORM_MODULE && (f->form != formed::MODULE || f->exports_nothing);
    host->phase(PHASE_EVALUATE);
    if (!f->module->Evaluate(context).ToLocal(&promise) || !promise->IsPromise())
        return fail(e, context, &caught, ISO_USER_CODE, r);
    handle_rejection(e, promise.As<Promise>());
    rc = await(e, context, promise.As<Promise>(), r);
    if (r->code == ISO_DID_NOT_SETTLE)
        describe_stalled(e, context, f->module, r);
    else if (rc < 0)
        describe_wait(e, context, f->module, r);
    return rc;
}

/* ---- the value of a source that is not a module */

/* A value; when it was awaited, other calls and timers are not waited for. */
struct given {
    Local<Value> value;
    bool awaited = false;
};

static int call_whole(engine *e, Local<Context> context, given *g, engine_report *r)
{
    TryCatch caught(e->isolate);
    Local<Value> result;

    if (!g->value.As<Function>()->Call(context, Undefined(e->isolate), 0, nullptr).ToLocal(&result))
        return fail(e, context, &caught, ISO_USER_CODE, r);
    g->value = result;
    g->awaited = true;
    return 0;
}

static int await_value(engine *e, Local<Context> context, given *g, engine_report *r)
{
    Local<Promise> promise = g->value.As<Promise>();

    g->awaited = true;
    handle_rejection(e, promise);
    if (await(e, context, promise, r) == 0) {
        g->value = promise->Result();
        return 0;
    }
    describe_wait(e, context, {}, r);
    if (r->code == ISO_DID_NOT_SETTLE)
        say(r, ISO_DID_NOT_SETTLE,
            "the code awaits a promise that nothing can settle: no timer and no call is pending");
    return -1;
}

/* Makes the value: calls a function, unless an export is to be called by name, and awaits a promise. */
static int give_value(engine *e, Local<Context> context, const engine_source *source, const formed &f,
                      given *g, engine_report *r)
{
    TryCatch caught(e->isolate);
    Local<Object> exports = Object::New(e->isolate);
    bool call;

    if (!f.module->GetModuleNamespace()
             .As<Object>()
             ->Get(context, text(e->isolate, "default"))
             .ToLocal(&g->value))
        return fail(e, context, &caught, ISO_USER_CODE, r);
    call = f.form == formed::BODY || (!source->called && g->value->IsFunction() &&
                                      is_whole_text(e, context, f, g->value.As<Function>()));
    if (call && call_whole(e, context, g, r) < 0)
        return -1;
    if (g->value->IsPromise() && await_value(e, context, g, r) < 0)
        return -1;
    if (!g->value->IsUndefined())
        ignore(exports->CreateDataProperty(context, text(e->isolate, "default"), g->value));
    e->exports.Reset(e->isolate, exports);
    return 0;
}

/* Waits for the calls and timers of a source that exports nothing. An error that is not handled fails the run. */
static int linger(engine *e, Local<Context> context, engine_report *r)
{
    Local<Value> reason;

    note_unawaited(e);
    e->unawaited.waited_for = true;
    switch (settle_all(e, context)) {
    case Settled::STOPPED:
        e->isolate->CancelTerminateExecution();
        describe_stop(e, r);
        describe_wait(e, context, {}, r);
        return -1;
    case Settled::REJECTED:
        if (!e->uncaught.IsEmpty())
            reason = e->uncaught.Get(e->isolate);
        else if (!take_rejection(e).ToLocal(&reason))
            return 0;
        e->uncaught.Reset();
        return fail_rejected(e, context, reason, r);
    default:
        return 0;
    }
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

/* Adds a value to the list of skipped ones, if it fits. */
static void skip(engine *e, const Encoder &encoder, Local<String> name, engine_report *r)
{
    if (r->skipped.len > BOUND_SKIPPED - 3 * 6 * BOUND_PATH)
        return;
    buf_byte(&r->skipped, r->skipped.len ? ',' : '[');
    buf_str(&r->skipped, "{\"name\":");
    quote_clamped(e->isolate, &r->skipped, name, BOUND_PATH);
    buf_str(&r->skipped, ",\"path\":");
    quote_ascii(&r->skipped, clamped(encoder.path, BOUND_PATH));
    buf_str(&r->skipped, ",\"reason\":");
    quote_ascii(&r->skipped, encoder.what);
    buf_byte(&r->skipped, '}');
}

struct exported {
    Local<String> name;
    Local<Value> value;
};

/* Awaits an export. A promise that never settles stays in *value when unserializable exports are to be skipped: the
 * encoder then refuses it. */
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
        "export '" + clamped(utf8(e->isolate, name), 100) +
            "' cannot be serialized: it is a promise that nothing can settle");
    return -1;
}

/* Reads all exports, and awaits promises one after the other. */
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

/* Turns the encoder's failure into a reason to skip the value of an expression, which need not be meant as an export.
 * False: the run is being stopped. */
static bool is_reason(engine *e, TryCatch *caught, Encoder::Result result, Encoder *encoder)
{
    if (stopped(e) || caught->HasTerminated())
        return false;
    caught->Reset();
    if (result != Encoder::REFUSED)
        encoder->path = "default";
    if (result == Encoder::THROWN)
        encoder->what = "an object that throws when it is read";
    else if (result == Encoder::TOO_LARGE)
        encoder->what = "more than " + std::to_string(limit_bytes(&e->cfg.limits, LIMIT_EXPORT)) +
                        " bytes (maxExportBytes)";
    return true;
}

/* Sends all exports. With `lenient`, values that cannot be encoded are skipped. */
static int send_all(engine *e, Local<Context> context, const std::vector<exported> &all, bool lenient,
                    engine_report *r)
{
    bool skipping = e->cfg.skip_unserializable || lenient;
    TryCatch caught(e->isolate);
    struct buf out = {};
    bool any = false;
    int rc = 0;

    /* A piece that was sent cannot be taken back: with skipping, nothing is sent before all is encoded. */
    Encoder encoder(e, context, &out, limit_bytes(&e->cfg.limits, LIMIT_EXPORT), !skipping);
    if (!lenient) /* a value that is being measured cannot be taken back either */
        encoder.measure();
    encoder.raw("{");
    for (size_t i = 0; i < all.size() && rc == 0 && !encoder.spent(); i++) {
        HandleScope scope(e->isolate);
        size_t mark = out.len;
        bool before = any;
        Encoder::Result result = encoder.encode(all[i].name, all[i].value, &any);
        if ((result == Encoder::REFUSED && skipping) ||
            (result != Encoder::OK && lenient && is_reason(e, &caught, result, &encoder))) {
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

static int send_exports(engine *e, Local<Context> context, const formed &f, const given &g, engine_report *r)
{
    std::vector<exported> all;

    host->phase(PHASE_ENCODE);
    if (f.form == formed::MODULE) {
        if (collect(e, context, f.module, &all, r) < 0)
            return -1;
    } else if (!g.value->IsUndefined()) {
        all.push_back({text(e->isolate, "default"), g.value});
    }
    /* The value of an expression need not be meant as an export. */
    return send_all(e, context, all, f.form == formed::EXPRESSION && !g.awaited, r);
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

/* Waits for imports that the prefix has started with import() and not awaited. */
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

static MaybeLocal<Value> called_exports(engine *e, Local<Context> context)
{
    Local<Module> module;

    if (!e->exports.IsEmpty())
        return e->exports.Get(e->isolate);
    if (!e->last.IsEmpty())
        module = e->last.Get(e->isolate);
    else if (!kept_prefix(e, context).ToLocal(&module))
        return {};
    return module->GetStatus() == Module::kEvaluated ? module->GetModuleNamespace() : MaybeLocal<Value>();
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

/* Follows the path `way` from the exports: *target gets the function, *receiver the object whose method it is. */
static int find_target(engine *e, Local<Context> context, const std::string &way, Local<Value> *receiver,
                       Local<Value> *target, engine_report *r)
{
    TryCatch caught(e->isolate);
    std::string so_far;
    size_t at = 0;

    if (!called_exports(e, context).ToLocal(target))
        return no_target(way, "there are no exports", r);
    *receiver = Undefined(e->isolate);
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
        note_unawaited(e);
    }
    report_rejections(e, context);
    if (stopped(e) && !e->stop_told) {
        describe_stop(e, r);
        rc = -1;
    }
    return rc;
}

/* Compiles and runs a source, and waits for its promises, calls and timers. */
static int run_source(engine *e, Local<Context> context, const engine_source *source, formed *f, given *g,
                      engine_report *r)
{
    bool exports_nothing;

    if (evaluate(e, context, source, f, r) < 0 ||
        (f->form != formed::MODULE && give_value(e, context, source, *f, g, r) < 0))
        return -1;
    exports_nothing = f->form == formed::MODULE ? f->exports_nothing : !g->awaited || g->value->IsUndefined();
    if (source->form == FORM_MODULE || source->called || !exports_nothing)
        return 0;
    return linger(e, context, r);
}

static void begin_run(engine *e, Local<Context> context, const engine_source *source)
{
    if (e->runs++ == 0)
        start_performance_clock(e);
    e->source_name = source->name;
    e->exports.Reset();
    e->unawaited = {};
    /* Warm-up agents run like agents, so that data which libraries cache is right for later agents. */
    if (e->cfg.kind == ENGINE_PRECOMPILE && e->runs > 1)
        context->AllowCodeGenerationFromStrings(false);
}

static int run_and_encode(engine *e, const engine_source *source, int want_exports, engine_report *r)
{
    HandleScope scope(e->isolate);
    Local<Context> context = e->context.Get(e->isolate);
    Context::Scope enter(context);
    formed f;
    given g;
    int rc;

    begin_run(e, context, source);
    rc = run_source(e, context, source, &f, &g, r);
    if (rc == 0 && want_exports)
        rc = send_exports(e, context, f, g, r);
    if (rc == 0 && want_exports && !e->unawaited.waited_for)
        note_unawaited(e);
    if (rc == 0 && e->cfg.kind == ENGINE_PRECOMPILE)
        rc = all_settled(e, context, r);
    e->keeps_uncaught = false;
    report_kept(e, context);
    report_rejections(e, context);
    if (stopped(e) && !e->stop_told) { /* the run was stopped during these reports */
        describe_stop(e, r);
        rc = -1;
    }
    return rc;
}

/* Compiles and links a source without evaluating it or its imports. */
static int check(engine *e, const engine_source *source, engine_report *r)
{
    HandleScope scope(e->isolate);
    Local<Context> context = e->context.Get(e->isolate);
    Context::Scope enter(context);
    formed f;
    failure why;

    begin_run(e, context, source);
    host->phase(PHASE_COMPILE);
    return compile_formed(e, context, source, &f, &why) ? 0 : refuse_source(e, context, why, ISO_COMPILE, r);
}

} // namespace iso

/* The common end of engine_run() and engine_call(). */
static int finish_report(struct engine *e, int rc, struct engine_report *r)
{
    HeapStatistics stats;

    if (rc == 0 && e->unawaited.count)
        iso::describe_unawaited(e, r);
    iso::profile_finish(e);
    for (int stream = 0; stream < 2; stream++)
        iso::tell_dropped(e, stream);
    e->isolate->GetHeapStatistics(&stats);
    r->heap_bytes = stats.used_heap_size() + e->budget.buffers;
    return rc;
}

int engine_run(struct engine *e, const struct engine_source *source, int want_exports,
               struct engine_report *r)
{
    *r = {};
    return finish_report(e, iso::run_and_encode(e, source, want_exports, r), r);
}

int engine_check(struct engine *e, const struct engine_source *source, struct engine_report *r)
{
    *r = {};
    return finish_report(e, iso::check(e, source, r), r);
}

int engine_call(struct engine *e, const char *way, size_t way_len, const char *args, size_t args_len,
                struct engine_report *r)
{
    *r = {};
    return finish_report(e, iso::call(e, std::string(way, way_len), args, args_len, r), r);
}

void engine_report_free(struct engine_report *r)
{
    for (struct buf *b : {&r->name, &r->message, &r->stack, &r->fields, &r->skipped, &r->nearest, &r->file})
        buf_free(b);
}
