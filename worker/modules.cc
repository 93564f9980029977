/* SPDX-License-Identifier: MIT */
/* ES modules: compiles sources, finds declared modules, and refuses all other specifiers.
 *
 * A declared module is compiled when it is needed, unless the snapshot has it: there it is linked, and evaluated if the
 * prefix imported it, and agents get the same instance. */
#include <string.h>

#include "core/nearest.h"
#include "worker/engine_v8.h"

namespace iso
{

using namespace v8;

MaybeLocal<Module> compile_lines(Isolate *isolate, const char *name, const char *code, size_t len, int first)
{
    Local<String> name_text, code_text;

    if (strcmp(name, RUNTIME_SCRIPT) == 0) /* a file may have any name */
        name = "agent.js";
    if (!String::NewFromUtf8(isolate, name).ToLocal(&name_text) ||
        !String::NewFromUtf8(isolate, code, NewStringType::kNormal, static_cast<int>(len))
             .ToLocal(&code_text)) {
        isolate->ThrowException(
            Exception::RangeError(text(isolate, "the source is longer than a string can be")));
        return {};
    }
    ScriptOrigin origin(name_text, first, 0, false, -1, Local<Value>(), false, false, true);
    ScriptCompiler::Source unit(code_text, origin);
    return ScriptCompiler::CompileModule(isolate, &unit);
}

unsigned source_of_script(engine *e, int script_id)
{
    for (size_t run = e->script_ids.size(); run > 0; run--)
        if (e->script_ids[run - 1] == script_id)
            return (unsigned)run;
    for (size_t i = 0; i < e->modules.size(); i++)
        if (e->modules[i].given.text && e->modules[i].script_id == script_id)
            return ENGINE_FIRST_IMPORT + (unsigned)i;
    return 0;
}

/* ---- data in a snapshot, by index: the internals, the prefix, then the modules. */
enum { KEPT_PREFIX = 1, KEPT_MODULES = 2 };

static void know_kept_modules(engine *e, Local<Context> context)
{
    Local<Value> list, specifier;

    if (e->kept_modules_known || e->cfg.kind == ENGINE_BASE)
        return;
    e->kept_modules_known = true;
    if (!call_internal(e, context, "keptModules").ToLocal(&list) || !list->IsArray())
        return;
    for (uint32_t i = 0; i < list.As<Array>()->Length(); i++) {
        declared_module one = {};
        if (!list.As<Array>()->Get(context, i).ToLocal(&specifier) || !specifier->IsString())
            return;
        one.specifier = utf8(e->isolate, specifier.As<String>());
        one.kept = (int)i;
        if (e->module_of.emplace(one.specifier, e->modules.size()).second)
            e->modules.push_back(std::move(one));
    }
}

void keep_modules(engine *e, Local<Context> context)
{
    Local<Array> specifiers = Array::New(e->isolate);
    Local<String> name;
    uint32_t at = 0;

    if (e->cfg.kind == ENGINE_BASE)
        return;
    e->creator->AddData(context, e->last.Get(e->isolate));
    for (declared_module &one : e->modules) {
        if (one.made.IsEmpty() ||
            !String::NewFromUtf8(e->isolate, one.specifier.data(), NewStringType::kNormal,
                                 static_cast<int>(one.specifier.size()))
                 .ToLocal(&name))
            continue;
        ignore(specifiers->CreateDataProperty(context, at++, name));
        e->creator->AddData(context, one.made.Get(e->isolate));
        one.made.Reset();
    }
    Local<Value> argv[] = {specifiers};
    (void)call_internal(e, context, "keepModules", 1, argv);
    e->last.Reset();
}

/* The prefix is kept in e->prefix, because V8 returns it only once. */
MaybeLocal<Module> kept_prefix(engine *e, Local<Context> context)
{
    Local<Module> prefix;

    if (e->prefix.IsEmpty() && context->GetDataFromSnapshotOnce<Module>(KEPT_PREFIX).ToLocal(&prefix))
        e->prefix.Reset(e->isolate, prefix);
    return e->prefix.Get(e->isolate);
}

/* ---- finding */

static declared_module *find_module(engine *e, Local<Context> context, Local<String> specifier)
{
    know_kept_modules(e, context);
    auto found = e->module_of.find(utf8(e->isolate, specifier));
    return found == e->module_of.end() ? nullptr : &e->modules[found->second];
}

/* The object that the prelude has made for a host module. */
static MaybeLocal<Object> host_exports(engine *e, Local<Context> context, uint32_t stub)
{
    Local<Value> argv[] = {Integer::NewFromUnsigned(e->isolate, stub)}, exports;

    if (!call_internal(e, context, "moduleExports", 1, argv).ToLocal(&exports) || !exports->IsObject())
        return {};
    return exports.As<Object>();
}

static MaybeLocal<Array> export_names(Local<Context> context, Local<Object> exports)
{
    return exports->GetOwnPropertyNames(context, ALL_PROPERTIES, KeyConversionMode::kConvertToString);
}

/* Evaluates a host module: sets all its exports. */
MaybeLocal<Value> make_host_module(Local<Context> context, Local<Module> module)
{
    Isolate *isolate = Isolate::GetCurrent();
    engine *e = engine_of(isolate);
    Local<Value> name, value;
    Local<Promise::Resolver> done;
    Local<Object> exports;
    Local<Array> names;
    declared_module *one = find_module(e, context, module->GetResourceName().As<String>());

    if (!one || !host_exports(e, context, one->given.stub).ToLocal(&exports) ||
        !export_names(context, exports).ToLocal(&names) || !Promise::Resolver::New(context).ToLocal(&done))
        return {};
    for (uint32_t i = 0; i < names->Length(); i++)
        if (!names->Get(context, i).ToLocal(&name) || !exports->Get(context, name).ToLocal(&value) ||
            module->SetSyntheticModuleExport(isolate, name.As<String>(), value).IsNothing())
            return {};
    ignore(done->Resolve(context, Undefined(isolate)));
    return done->GetPromise();
}

static MaybeLocal<Module> new_host_module(engine *e, Local<Context> context, const declared_module *one)
{
    std::vector<Local<String>> all;
    Local<String> specifier;
    Local<Object> exports;
    Local<Value> name;
    Local<Array> names;

    if (!host_exports(e, context, one->given.stub).ToLocal(&exports) ||
        !export_names(context, exports).ToLocal(&names) ||
        !String::NewFromUtf8(e->isolate, one->specifier.data(), NewStringType::kInternalized,
                             static_cast<int>(one->specifier.size()))
             .ToLocal(&specifier))
        return {};
    for (uint32_t i = 0; i < names->Length(); i++) {
        if (!names->Get(context, i).ToLocal(&name))
            return {};
        all.push_back(name.As<String>());
    }
    return Module::CreateSyntheticModule(
        e->isolate, specifier, MemorySpan<const Local<String>>(all.data(), all.size()), make_host_module);
}

/* Compiles a declared source. Keeps the place of a syntax error, because a source that does not parse has no script. */
static MaybeLocal<Module> compile_declared(engine *e, Local<Context> context, const declared_module *one)
{
    const engine_module *given = &one->given;
    typed_source source = {given->language, ENGINE_FIRST_IMPORT + (unsigned)(one - e->modules.data()), false,
                           given->text, given->len};
    std::string stripped;
    Local<Module> module;
    import_failure noted;
    failure why;

    if (compile_typed(
            e, context, source,
            [&](const char *text, size_t len, failure *refused) {
                TryCatch caught(e->isolate);
                if (compile_lines(e->isolate, given->name, text, len, 0).ToLocal(&module))
                    return true;
                *refused = failure_of(caught);
                return false;
            },
            &stripped, &why))
        return module;
    if (why.exception.IsEmpty())
        return {};
    position at = position_of(e, context, why);
    noted.code = ISO_COMPILE;
    noted.source = source.number;
    noted.line = at.line;
    noted.column = at.column;
    note_import_failure(e, context, why.exception, noted);
    e->isolate->ThrowException(why.exception);
    return {};
}

/* The module, made on first use. */
static MaybeLocal<Module> module_of(engine *e, Local<Context> context, declared_module *one)
{
    Local<Module> module;

    if (!one->made.IsEmpty())
        return one->made.Get(e->isolate);
    if (one->kept >= 0) {
        if (!context->GetDataFromSnapshotOnce<Module>(KEPT_MODULES + (size_t)one->kept).ToLocal(&module))
            return {};
    } else if (!one->given.text) {
        if (!new_host_module(e, context, one).ToLocal(&module))
            return {};
    } else {
        if (!compile_declared(e, context, one).ToLocal(&module))
            return {};
        one->script_id = module->ScriptId();
    }
    one->made.Reset(e->isolate, module);
    return module;
}

/* ---- refusing */

static Local<Value> not_found(engine *e, Local<String> specifier)
{
    Isolate *isolate = e->isolate;
    struct buf message = {};
    Local<String> shown;

    buf_str(&message, "Cannot find module ");
    quote_clamped(isolate, &message, specifier, 200);
    buf_str(&message, ": only declared specifiers can be imported");
    if (!String::NewFromUtf8(isolate, message.data, NewStringType::kNormal, static_cast<int>(message.len))
             .ToLocal(&shown))
        shown = text(isolate, "Cannot find module");
    buf_free(&message);
    return Exception::Error(shown);
}

/* The exception for an import that is not allowed, with its reason kept for the report; empty: it is allowed. */
static MaybeLocal<Value> refuse_specifier(engine *e, Local<Context> context, Local<String> specifier,
                                          Local<FixedArray> attributes, import_failure *why)
{
    if (!find_module(e, context, specifier)) {
        why->code = ISO_MODULE_NOT_FOUND;
        why->specifier = utf8(e->isolate, specifier);
        return not_found(e, specifier);
    }
    if (attributes->Length() > 0)
        return Exception::TypeError(text(e->isolate, "import attributes are not supported: import the "
                                                     "declared specifier without `with`"));
    return {};
}

MaybeLocal<Value> refuse_import(engine *e, Local<Context> context, Local<String> specifier,
                                Local<FixedArray> attributes)
{
    import_failure why;
    Local<Value> error;

    if (!refuse_specifier(e, context, specifier, attributes, &why).ToLocal(&error))
        return {};
    note_import_failure(e, context, error, why);
    return error;
}

std::string nearest_specifier(engine *e, const std::string &wanted)
{
    struct nearest nearest = nearest_start(wanted.data(), wanted.size());
    std::string best;

    for (const declared_module &one : e->modules)
        if (nearest_offer(&nearest, one.specifier.data(), one.specifier.size()))
            best = one.specifier;
    return best;
}

MaybeLocal<Array> exported_names(engine *e, Local<Context> context, const std::string &specifier)
{
    auto found = e->module_of.find(specifier);

    if (found == e->module_of.end() || e->modules[found->second].made.IsEmpty())
        return {};
    Local<Module> module = e->modules[found->second].made.Get(e->isolate);
    /* Keys only: reading the values of a module that is not evaluated throws. */
    if (module->GetStatus() < Module::kInstantiated || module->GetStatus() == Module::kErrored)
        return {};
    return module->GetModuleNamespace().As<Object>()->GetOwnPropertyNames(
        context, SKIP_SYMBOLS, KeyConversionMode::kConvertToString);
}

/* ---- linking */

/* True when a static import is allowed. It has no stack, so the place of its specifier is kept for the report. */
static bool may_request(engine *e, Local<Context> context, Local<Module> referrer,
                        Local<ModuleRequest> request)
{
    import_failure why;
    Local<Value> error;

    if (!refuse_specifier(e, context, request->GetSpecifier(), request->GetImportAttributes(), &why)
             .ToLocal(&error))
        return true;
    Location at = referrer->SourceOffsetToLocation(request->GetSourceOffset());
    why.source = source_of_script(e, referrer->ScriptId());
    why.line = (unsigned)at.GetLineNumber() + 1;
    why.column = (unsigned)at.GetColumnNumber() + 1;
    note_import_failure(e, context, error, why);
    e->isolate->ThrowException(error);
    return false;
}

static bool load_request(engine *e, Local<Context> context, Local<Module> referrer,
                         Local<ModuleRequest> request, std::vector<Local<Module>> *next)
{
    Local<Module> module;

    if (!may_request(e, context, referrer, request))
        return false;
    declared_module *one = find_module(e, context, request->GetSpecifier());
    if (!module_of(e, context, one).ToLocal(&module))
        return false;
    /* Modules that a failed import has left unlinked are visited again. */
    if (one->loaded != e->loads && module->GetStatus() == Module::kUninstantiated &&
        module->IsSourceTextModule())
        next->push_back(module);
    one->loaded = e->loads;
    return true;
}

bool load_imports(engine *e, Local<Context> context, Local<Module> root)
{
    std::vector<Local<Module>> found = {root};

    e->loads++;
    for (size_t at = 0; at < found.size(); at++) {
        Local<Module> module = found[at];
        Local<FixedArray> requests = module->GetModuleRequests();

        for (int i = 0; i < requests->Length(); i++)
            if (!load_request(e, context, module, requests->Get(i).As<ModuleRequest>(), &found))
                return false;
    }
    /* V8 links recursively, so the modules found last are linked first: a long chain cannot overflow the stack. */
    for (size_t at = found.size(); at-- > 1;)
        if (found[at]->GetStatus() == Module::kUninstantiated &&
            !found[at]->InstantiateModule(context, resolve).FromMaybe(false))
            return false;
    return true;
}

/* Called by V8 for each import when it links; load_imports() has found the module. */
MaybeLocal<Module> resolve(Local<Context> context, Local<String> specifier, Local<FixedArray>, Local<Module>)
{
    engine *e = engine_of(Isolate::GetCurrent());

    return module_of(e, context, find_module(e, context, specifier));
}

static bool link(engine *e, Local<Context> context, Local<Module> module)
{
    return module->GetStatus() != Module::kUninstantiated ||
           ((!module->IsSourceTextModule() || load_imports(e, context, module)) &&
            module->InstantiateModule(context, resolve).FromMaybe(false));
}

bool link_declared(engine *e, Local<Context> context, size_t n)
{
    Local<Module> module;
    Local<Value> done;

    return module_of(e, context, &e->modules[n]).ToLocal(&module) && link(e, context, module) &&
           (!module->IsSyntheticModule() || module->Evaluate(context).ToLocal(&done));
}

/* V8 14.6 crashes when it saves a module in the middle of its top-level await. Evaluating a module again returns the
 * same promise, which is pending then. */
bool is_under_way(engine *e, Local<Context> context, size_t n)
{
    Local<Module> module = e->modules[n].made.Get(e->isolate);
    Local<Value> done;

    return module->IsSourceTextModule() && module->GetStatus() == Module::kEvaluated &&
           module->Evaluate(context).ToLocal(&done) && done->IsPromise() &&
           done.As<Promise>()->State() == Promise::kPending;
}

MaybeLocal<Module> linked_module(engine *e, Local<Context> context, Local<String> specifier)
{
    Local<Module> module;

    if (!module_of(e, context, find_module(e, context, specifier)).ToLocal(&module) ||
        !link(e, context, module))
        return {};
    return module;
}

} // namespace iso

extern "C" void engine_declare(struct engine *e, const struct engine_module *module)
{
    declared_module one = {};

    one.specifier.assign(module->specifier, module->specifier_len);
    one.given = *module;
    e->module_of[one.specifier] = e->modules.size();
    e->modules.push_back(std::move(one));
    if (e->cfg.kind == ENGINE_RUN)
        iso::keep_deep_stacks(e);
}

extern "C" void engine_undeclare(struct engine *e)
{
    e->modules.clear();
    e->module_of.clear();
}
