/* SPDX-License-Identifier: MIT */
/* Starts V8, makes the isolate, saves it; sets the memory budget. */
#include "worker/engine.h"

#include <elf.h>
#include <errno.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "core/build_id.h"
#include "host.h" /* made by tools/mkhost.c */
#include "worker/engine_v8.h"

using namespace v8;

namespace iso
{
const engine_host *host;
Platform *platform;
static std::unique_ptr<Platform> owned_platform;
static uint64_t memory_bytes;  /* the budget; 0: none */
static uint64_t machine_bytes; /* read before lockdown: sysinfo(2) is not in the filter */

/* Data that a snapshot keeps besides the heap, by index. */
enum { KEPT_INTERNALS = 0 };

static void on_oom(const char *, const OOMDetails &)
{
    host->out_of_memory();
}

static void on_fatal(const char *where, const char *what)
{
    host->fatal(where ? where : "", what ? what : "");
}

static void on_v8_fatal(const char *file, int line, const char *what)
{
    char where[128];

    snprintf(where, sizeof where, "%s:%d", file ? file : "", line);
    on_fatal(where, what);
}

/* Ends the run at the limit of the heap. V8 also calls this when an array buffer was refused, far below the limit: then
 * the limit stays as it is, and V8 throws. */
static size_t near_heap_limit(void *data, size_t current, size_t initial)
{
    engine *e = static_cast<engine *>(data);
    HeapStatistics stats;

    e->isolate->GetHeapStatistics(&stats);
    if (stats.used_heap_size() + stats.used_heap_size() / 8 < initial)
        return current;
    host->out_of_memory();
}

/* Never returns false: V8 would then read /dev/urandom, or use the clock as a seed. */
bool entropy(unsigned char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = getrandom(bytes, len, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            host->fatal("getrandom", strerror(errno));
        bytes += n;
        len -= (size_t)n;
    }
    return true;
}

} // namespace iso

/* Node's build of abseil detects deadlocks and allocates a large table for that at the first lock: 0.9 ms of every
 * start. There is only one thread, so it is switched off. Weak: a build without abseil has no such function. */
namespace absl
{
enum class OnDeadlockCycle { kIgnore };
__attribute__((weak)) void SetMutexDeadlockDetectionMode(OnDeadlockCycle mode);
} // namespace absl

/* Checks the build id of the executable that holds V8: the addresses of V8's functions in this object are only valid
 * for one (tools/mkhost.c). The executable is the first entry. */
static int check_host(struct dl_phdr_info *info, size_t, void *)
{
    char id[BUILD_ID_TEXT] = "unknown";

    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *p = &info->dlpi_phdr[i];
        if (p->p_type == PT_NOTE &&
            build_id_find(reinterpret_cast<const char *>(info->dlpi_addr + p->p_vaddr), p->p_memsz, id))
            break;
    }
    if (strcmp(id, HOST_BUILD_ID) != 0)
        iso::on_fatal("v8-host", "is not the executable that worker.so was built for");
    return 1;
}

void engine_boot(const struct engine_options *boot)
{
    iso::host = boot->host;
    iso::memory_bytes = boot->memory_bytes;
    dl_iterate_phdr(check_host, nullptr);
    if (absl::SetMutexDeadlockDetectionMode)
        absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
    iso::machine_bytes = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
    /* --single-threaded: no helper threads, so one seccomp filter covers all and fork stays possible.
     * --no-memory-protection-keys: where the processor has them V8 would call pkey_mprotect under the filter.
     */
    V8::SetFlagsFromString("--single-threaded --no-memory-protection-keys");
    /* --enable-sharedarraybuffer-per-context: V8 leaves SharedArrayBuffer out of every context. */
    V8::SetFlagsFromString("--enable-sharedarraybuffer-per-context");
    if (boot->jitless)
        V8::SetFlagsFromString("--jitless");
    if (boot->positions)
        V8::SetFlagsFromString("--no-enable-lazy-source-positions --no-sparkplug");
    if (boot->seed) {
        char flags[96];
        iso::seed_random(boot->seed);
        /* V8 (14.6) takes a random seed of 31 bits and a hash seed of 63 bits; 0 means none. */
        snprintf(flags, sizeof flags, "--random-seed=%u --hash-seed=%llu",
                 (unsigned)(boot->seed % 0x7fffffffu) + 1, (unsigned long long)(boot->seed >> 1) + 1);
        V8::SetFlagsFromString(flags);
    }
    V8::SetFatalErrorHandler(iso::on_v8_fatal);
    V8::SetEntropySource(iso::entropy);
    iso::owned_platform = platform::NewSingleThreadedDefaultPlatform();
    iso::platform = iso::owned_platform.get(); /* PumpMessageLoop() needs the default platform */
    iso::owned_platform = iso::with_own_clock(std::move(iso::owned_platform));
    if (boot->seed)
        iso::still_clock();
    V8::InitializePlatform(iso::owned_platform.get());
    V8::Initialize();
}

/* The identity includes the executable that holds V8: two builds of one V8 version have different builtins. */
void engine_identity(struct snapshot_identity *out)
{
    memset(out, 0, sizeof *out);
    snprintf(out->machine, sizeof out->machine, "%s", snapshot_machine());
    snprintf(out->v8, sizeof out->v8, "%s", V8::GetVersion());
    snprintf(out->engine, sizeof out->engine, HOST_BUILD_ID "-%016llx",
             (unsigned long long)iso::external_fingerprint());
}

static void set_constraints(engine *e, Isolate::CreateParams *params)
{
    uint64_t budget = e->budget.bytes;

    if (!budget) /* no limit: all of the machine's memory */
        budget = iso::machine_bytes;
    params->constraints.ConfigureDefaultsFromHeapSize(0, budget);
    params->constraints.set_code_range_size_in_bytes(ENGINE_CODE_RANGE);
}

/* ---- opening */

namespace iso
{

/* V8 adds Error.stackTraceLimit only to a context that is not going to be saved; without it no error has a
 * stack. */
static bool give_stacks(Isolate *isolate, Local<Context> context)
{
    Local<Value> error;

    return context->Global()->Get(context, text(isolate, "Error")).ToLocal(&error) && error->IsObject() &&
           error.As<Object>()
               ->CreateDataProperty(context, text(isolate, "stackTraceLimit"), Integer::New(isolate, 10))
               .FromMaybe(false);
}

static MaybeLocal<Context> make_context(engine *e)
{
    Local<Context> context = Context::New(e->isolate);
    Local<Object> internals;

    if (context.IsEmpty())
        return {};
    Context::Scope enter(context);
    if (e->cfg.kind != ENGINE_RUN && (!find_late_builtins(e, context) || !give_stacks(e->isolate, context)))
        return {};
    if (e->cfg.kind == ENGINE_BASE)
        return install_prelude(e, context) ? MaybeLocal<Context>(context) : MaybeLocal<Context>();
    if (!context->GetDataFromSnapshotOnce<Object>(KEPT_INTERNALS).ToLocal(&internals))
        return {};
    e->internals.Reset(e->isolate, internals);
    return context;
}

static void configure_isolate(engine *e)
{
    Isolate *isolate = e->isolate;

    isolate->SetData(0, e);
    isolate->AddNearHeapLimitCallback(near_heap_limit, e);
    isolate->SetMicrotasksPolicy(MicrotasksPolicy::kExplicit);
    isolate->SetAllowAtomicsWait(false);
    install_module_hooks(isolate);
    watch_rejections(isolate);
}

} // namespace iso

static void set_streams(engine *e)
{
    e->streams[0] = {0, limit_bytes(&e->cfg.limits, LIMIT_STDOUT), 0, 0};
    e->streams[1] = {0, limit_bytes(&e->cfg.limits, LIMIT_STDERR), 0, 0};
}

static void code_from_strings(engine *e, Local<Context> context)
{
    context->AllowCodeGenerationFromStrings(e->cfg.kind == ENGINE_BASE || e->cfg.allow_eval);
}

int engine_open(const struct engine_config *cfg, struct engine **out, struct iso_err *err)
{
    engine *e = new engine;
    Isolate::CreateParams params;
    Local<Context> context;

    e->cfg = *cfg;
    e->budget.owner = e;
    e->budget.bytes = iso::memory_bytes;
    e->allocator.budget = &e->budget;
    e->blob = {static_cast<const char *>(cfg->blob), static_cast<int>(cfg->blob_len)};
    set_streams(e);
    params.array_buffer_allocator = &e->allocator;
    params.external_references = iso::external_references;
    params.fatal_error_callback = iso::on_fatal;
    params.oom_error_callback = iso::on_oom;
    params.snapshot_blob = cfg->blob ? &e->blob : nullptr;
    set_constraints(e, &params);
    if (cfg->kind == ENGINE_RUN) {
        e->isolate = Isolate::New(params);
        e->isolate->Enter();
    } else {
        e->creator = std::make_unique<SnapshotCreator>(params);
        e->isolate = e->creator->GetIsolate();
    }
    iso::configure_isolate(e);
    iso::budget_begins(e); /* a snapshot's context brings buffers */
    HandleScope scope(e->isolate);
    TryCatch caught(e->isolate);
    if (!iso::make_context(e).ToLocal(&context)) {
        std::string why =
            caught.HasCaught() ? ": " + iso::utf8(e->isolate, caught.Message()->Get()) : std::string();
        return iso_fail(err, ISO_INTERNAL, "the heap has no usable context%.200s", why.c_str());
    }
    e->context.Reset(e->isolate, context);
    Context::Scope enter(context);
    if (!iso::hide_runtime(e, context))
        return iso_fail(err, ISO_INTERNAL, "the heap lacks functions of the runtime");
    if (cfg->kind == ENGINE_RUN && !iso::remove_unwanted(e, context))
        return iso_fail(err, ISO_SNAPSHOT_INVALID,
                        "the snapshot keeps a global that no agent may have: make it again");
    if (cfg->kind == ENGINE_RUN)
        iso::restore_stack_limit(e, context);
    code_from_strings(e, context);
    iso::interrupts_reach(e->isolate);
    *out = e;
    return 0;
}

/* ---- forking */

/* Does work that most agents would otherwise do in each process: compiles lazy code, grows tables of the heap, such as
 * the cache of number strings, and touches pages. */
static const char warming_agent[] =
    "for (let i = 0; i < 999; i++) `${i + 0.5}`;\n"
    "JSON.parse(JSON.stringify([3, 1].map((n) => n ** 2).sort())).join();\n"
    "const t = setTimeout(() => {}, 1e6); clearTimeout(t); console.log('warm', { a: [1] });\n"
    "export default await Promise.resolve({ a: [1, 'b'] });";

/* The context of the base snapshot; a snapshot with a prefix has it as a second context. */
static MaybeLocal<Context> clean_context(engine *e)
{
    return iso::kept_prefix(e, e->context.Get(e->isolate)).IsEmpty() ? Context::New(e->isolate)
                                                                     : Context::FromSnapshot(e->isolate, 0);
}

static bool use_context(engine *e, Local<Context> context, Local<Object> internals)
{
    e->context.Reset(e->isolate, context);
    e->internals.Reset(e->isolate, internals);
    return iso::hide_runtime(e, context);
}

/* Nothing of it stays. */
static void forget_warming(engine *e)
{
    e->last.Reset();
    e->unawaited = {};
    e->rejections.clear();
    e->script_ids.clear();
    e->runs = 0;
    e->started_ms = -1;
    set_streams(e);
}

static void run_warming_agent(engine *e)
{
    struct engine_source source = {"agent.js",  warming_agent,       sizeof warming_agent - 1,
                                   FORM_MODULE, LANGUAGE_JAVASCRIPT, 0};
    struct engine_report report;

    (void)engine_run(e, &source, 1, &report);
    engine_report_free(&report);
    forget_warming(e);
}

/* True when the budget has room for a second context, which takes half a MiB until it is collected. When a prefix
 * leaves little of the budget, the runs need it. */
static bool has_room(engine *e)
{
    HeapStatistics stats;

    e->isolate->GetHeapStatistics(&stats);
    return stats.used_heap_size() < stats.heap_size_limit() / 2;
}

void engine_warm(struct engine *e)
{
    HandleScope scope(e->isolate);
    Local<Context> own = e->context.Get(e->isolate), clean;
    Local<Object> own_internals = e->internals.Get(e->isolate), internals;
    TryCatch ignore(e->isolate);

    if (!has_room(e) || !clean_context(e).ToLocal(&clean))
        return;
    Context::Scope enter(clean);
    if (clean->GetDataFromSnapshotOnce<Object>(iso::KEPT_INTERNALS).ToLocal(&internals) &&
        use_context(e, clean, internals))
        run_warming_agent(e);
    (void)use_context(e, own, own_internals);
}

void engine_warm_prefix(struct engine *e, const char *way, size_t way_len)
{
    struct engine_report report;

    (void)engine_call(e, way, way_len, nullptr, 0, &report);
    engine_report_free(&report);
    forget_warming(e);
}

void engine_forked(struct engine *e, const struct limits *limits, int allow_eval, int skip_unserializable)
{
    bool change = e->cfg.allow_eval != allow_eval;

    e->cfg.limits = *limits;
    e->cfg.allow_eval = allow_eval;
    e->cfg.skip_unserializable = skip_unserializable;
    set_streams(e);
    if (change) { /* otherwise the heap is not touched; engine_warm() has removed the seed of Math.random */
        HandleScope scope(e->isolate);
        code_from_strings(e, e->context.Get(e->isolate));
    }
}

int engine_set_ways(struct engine *e, const struct engine_ways *ways, struct iso_err *err)
{
    HandleScope scope(e->isolate);
    Local<Context> context = e->context.Get(e->isolate);
    Context::Scope enter(context);
    TryCatch ignore(e->isolate);

    if (ways->has_now)
        iso::set_clock(ways->now_ms, ways->moves);
    e->takes_turns = ways->turns;
    if (ways->has_seed) {
        iso::seed_random(ways->seed);
        e->seeded = true;
        iso::reseed(e, context);
    }
    return ways->zone ? iso::set_zone(e, context, ways->zone, err) : 0;
}

/* ---- saving */

/* Adds the second context, for engine_warm(). */
static bool add_clean_context(engine *e)
{
    Local<Context> clean = Context::New(e->isolate);
    Local<Object> internals;

    if (clean.IsEmpty() || !clean->GetDataFromSnapshotOnce<Object>(iso::KEPT_INTERNALS).ToLocal(&internals))
        return false;
    e->creator->AddData(clean, internals);
    e->creator->AddContext(clean);
    return true;
}

/* Removes garbage that V8 cannot serialise (Intl objects, cleared finalization cells): collects it, runs the
 * callbacks, and collects again. */
static void collect(engine *e)
{
    for (int i = 0; i < 2; i++) {
        e->isolate->LowMemoryNotification();
        while (platform::PumpMessageLoop(iso::platform, e->isolate))
            e->isolate->PerformMicrotaskCheckpoint();
    }
}

/* Lets go of timers, calls and errors, which do not belong to a heap that is saved. */
static void forget_work(engine *e, Local<Context> context)
{
    (void)iso::call_internal(e, context, "resetTimers");
    e->exports.Reset();
    e->unawaited = {};
    e->calls.clear();
    e->rejections.clear();
}

void iso::collect_unused(engine *e)
{
    {
        HandleScope scope(e->isolate);
        Local<Context> context = e->context.Get(e->isolate);
        Context::Scope enter(context);
        TryCatch ignore(e->isolate);

        forget_work(e, context);
    }
    collect(e);
}

int engine_save(struct engine *e, const void **blob, size_t *len, struct iso_err *err)
{
    StartupData data;
    std::string kept;
    {
        HandleScope scope(e->isolate);
        Local<Context> context = e->context.Get(e->isolate);
        Context::Scope enter(context);
        TryCatch ignore(e->isolate);

        forget_work(e, context);
        if (e->cfg.kind == ENGINE_PRECOMPILE)
            iso::keep_stack_limit(e, context);
        iso::stop_hiding_runtime(e);
        if (!iso::drop_late_builtins(e, context, &kept))
            return iso_fail(
                err, ISO_PREFIX_NOT_SERIALIZABLE,
                "the saved heap cannot be restored: the prefix makes '%.100s' non-configurable, which V8 "
                "adds when it loads a snapshot",
                kept.c_str());
        e->creator->AddData(context, e->internals.Get(e->isolate));
        iso::keep_modules(e, context);
        e->creator->SetDefaultContext(context);
        if (e->cfg.kind == ENGINE_PRECOMPILE && !add_clean_context(e))
            return iso_fail(err, ISO_INTERNAL, "V8 could not make a second context");
        e->internals.Reset();
        e->context.Reset();
    }
    collect(e);
    data = e->creator->CreateBlob(SnapshotCreator::FunctionCodeHandling::kKeep);
    if (!data.data || data.raw_size <= 0)
        return iso_fail(err, ISO_INTERNAL, "V8 could not serialise the heap");
    *blob = data.data;
    *len = (size_t)data.raw_size;
    return 0;
}
