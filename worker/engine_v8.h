/* SPDX-License-Identifier: MIT */
/* worker/engine_v8.h - shared by the engine's C++ files. No C file includes it.
 *
 * Rules for all code that works on agents' values: never use .Check(), ToLocalChecked() or FromJust() on such a value,
 * because a termination that arrives inside makes them abort; check every MaybeLocal; natives use no builtins that
 * agent code could have replaced. */
#ifndef ISO_WORKER_ENGINE_V8_H
#define ISO_WORKER_ENGINE_V8_H
#include <libplatform/libplatform.h>
#include <v8.h>

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/value_tags.h"
#include "worker/engine.h"

static_assert(V8_MAJOR_VERSION == 14, "iso4 needs the headers of a Node.js whose V8 is 14.x (Node 26)");

/* The memory budget, which array buffers share with the heap; see budget.cc. */
struct Budget {
    engine *owner = nullptr;
    uint64_t bytes = 0;  /* 0: no budget */
    size_t buffers = 0;  /* bytes that are memory */
    size_t reserved = 0; /* addresses of resizable buffers */

    bool has_room(size_t length) const;
    bool may_reserve(size_t length) const;
    void *refuse() const; /* nullptr; while a snapshot is being restored, ends the run */
};

class BudgetAllocator : public v8::ArrayBuffer::Allocator
{
  public:
    void *Allocate(size_t length) override;
    void *AllocateUninitialized(size_t length) override;
    void Free(void *data, size_t length) override;

    Budget *budget = nullptr;

  private:
    void *take(size_t length, bool zeroed);
    size_t last_refused = 0;
    int refusals = 0;
};

struct engine_stream {
    uint64_t used, limit;
    uint64_t dropped, told; /* dropped entries; the number that the parent was told */
};

/* A call of a host function that has no answer yet. */
struct call_under_way {
    v8::Global<v8::Promise::Resolver> resolver;
    v8::Global<v8::Object> error; /* made at the call, so that its stack has the place */
    uint32_t function;
    bool cancelled = false; /* the agent does not wait for its answer */
};

/* The calls that had no answer when the code had run to its end. */
struct unawaited {
    uint64_t count = 0;
    uint32_t function = 0; /* of the first one */
    v8::Global<v8::Object> error;
    bool waited_for = false; /* because the module exports nothing */
};

struct declared_module {
    std::string specifier;
    engine_module given;         /* all zero for a module of the snapshot */
    int kept = -1;               /* its number among the modules of the snapshot */
    v8::Global<v8::Module> made; /* empty until it is needed */
    int script_id = -1;
    unsigned loaded = 0; /* the last load that visited it; see load_imports() */
};

/* The position of a call in which the budget refused memory to a builtin. */
struct refused_place {
    std::string script;
    int line, column;
};

struct unhandled {
    v8::Global<v8::Promise> promise;
    v8::Global<v8::Value> reason;
};

namespace iso
{
struct profile;
}

struct engine {
    engine_config cfg;
    v8::Isolate *isolate = nullptr;
    std::unique_ptr<v8::SnapshotCreator> creator; /* unless ENGINE_RUN */
    Budget budget;
    BudgetAllocator allocator;
    v8::StartupData blob = {nullptr, 0};
    v8::Global<v8::Context> context;
    v8::Global<v8::Object> internals; /* the prelude's functions for the event loop; see natives.cc */
    v8::Global<v8::Function> error, error_text, site_file, site_line, site_column,
        site_text;                      /* see stack.cc */
    int runtime_script = -1;            /* the script id of the prelude */
    std::vector<refused_place> refused; /* places where array buffers were refused */
    bool frames_only = false, reading_starts = false;
    iso::profile *profiled = nullptr; /* for --cpu-profile, see profile.cc */
    v8::Global<v8::Array> late;       /* unless ENGINE_RUN; see late.cc */
    std::vector<declared_module> modules;
    std::unordered_map<std::string, size_t> module_of; /* by specifier */
    bool kept_modules_known = false;                   /* `modules` includes those of the snapshot */
    v8::Global<v8::Module> prefix;                     /* of the snapshot, after its first use */
    v8::Global<v8::Module> last; /* the prefix while a snapshot is made, else the agent */
    unsigned loads = 0;          /* how many times load_imports() has begun */
    engine_stream streams[2] = {};
    std::vector<unhandled> rejections; /* rejected promises that are not handled so far */
    bool keeps_uncaught = false;       /* errors of callbacks may fail the run, so the first is kept here: */
    v8::Global<v8::Value> uncaught;
    std::string uncaught_in;
    v8::Global<v8::Object> exports; /* of the last source, if it was not a module but has a value */
    struct unawaited unawaited;
    double started_ms = -1;
    unsigned runs = 0;
    std::vector<int> script_ids;  /* of each source, by the number of its run */
    std::string source_name;      /* of the current run */
    bool stopping = false;        /* engine_interrupt() has taken effect, or end_run() was called */
    bool stop_postponed = false;  /* the signal came at a time without a stack */
    std::string stopped_at;       /* the stack when the run was stopped */
    enum iso_code ended = ISO_OK; /* the code given to end_run() */
    std::string ended_because;
    std::string ended_nearest; /* what the report's `nearest` says then */
    bool stop_told = false;    /* the report has it */

    std::unordered_map<uint32_t, call_under_way> calls;
    uint32_t last_call = 0;
    uint64_t calls_made = 0;
    bool takes_turns = false;                    /* the parent says what comes next */
    bool seeded = false;                         /* a run whose random numbers come from a seed */
    bool shims_known = false, has_shims = false; /* see bridge.cc */

    /* milliseconds; see web_time.cc */
    double performance_zero = 0, time_origin = 0;
};

namespace iso
{

extern const engine_host *host;
extern v8::Platform *platform;

/* ---- text.cc */
v8::Local<v8::String> text(v8::Isolate *, const char *ascii);
/* Writes the JSON string literal of a JS string. Returns false when it had to put U+FFFD in place of lone surrogates. */
bool quote(v8::Isolate *, struct buf *out, v8::Local<v8::String>);
bool is_well_formed(v8::Isolate *, v8::Local<v8::String>);
/* Writes the UTF-16LE of a string that is not well-formed, as base64. */
void put_utf16(v8::Isolate *, struct buf *out, v8::Local<v8::String>);
/* Like quote(), with at most `most` bytes of content, cut between characters, and a marker with the number of missing
 * characters: "at least" that many if the text was `cut_before`. */
void quote_clamped(v8::Isolate *, struct buf *out, v8::Local<v8::String>, size_t most,
                   bool cut_before = false);
void quote_ascii(struct buf *out, const std::string &);
std::string utf8(v8::Isolate *, v8::Local<v8::String>);
/* UTF-8 text, cut between two characters if it has more than `most` bytes, with a mark. */
std::string clamped(const std::string &, size_t most);

/* ---- natives.cc */
extern const intptr_t external_references[];
uint64_t external_fingerprint();
/* The prelude's name in stack traces; reports leave its frames out. With the blank no `//# sourceURL=` can be the
 * same, and compile() refuses it. */
#define RUNTIME_SCRIPT "iso4 runtime"
/* Runs the prelude and keeps what it returns in e->internals. */
bool install_prelude(engine *e, v8::Local<v8::Context>);
void emit(engine *e, int stream, v8::Local<v8::String>);
void tell_dropped(engine *e, int stream);
/* One entry on stderr: "Uncaught in WHERE: ERROR", and a hint. */
void report_uncaught(engine *e, v8::Local<v8::Context>, v8::Local<v8::Value> error,
                     v8::Local<v8::String> where, const char *hint);
/* Reports the error in e->uncaught, when it has not become the run's failure. */
void report_kept(engine *e, v8::Local<v8::Context>);
/* Calls internals[name](...args) and returns its result; empty when it threw or was terminated. */
v8::MaybeLocal<v8::Value> call_internal(engine *e, v8::Local<v8::Context>, const char *name, int argc = 0,
                                        v8::Local<v8::Value> argv[] = nullptr);
/* Ignores a failure: the only cause is that the run is being terminated, which is handled elsewhere. */
inline void ignore(v8::Maybe<bool> done)
{
    (void)done.FromMaybe(false);
}
inline engine *engine_of(v8::Isolate *isolate)
{
    return static_cast<engine *>(isolate->GetData(0));
}

/* ---- loop.cc */
enum class Settled { FULFILLED, REJECTED, NEVER, STOPPED };
/* Runs the event loop until the promise has settled. */
Settled settle(engine *e, v8::Local<v8::Context>, v8::Local<v8::Promise>);
/* Runs the event loop until no timer and no call is left: FULFILLED; or until an exception or rejection is not handled:
 * REJECTED. */
Settled settle_all(engine *e, v8::Local<v8::Context>);
void drain(engine *e);
bool stopped(engine *e);

/* Ends the run with this code as soon as control is back in JavaScript; nothing can catch it. */
void end_run(engine *e, enum iso_code, const std::string &why);

/* ---- run.cc */
/* A caught error. Both members are empty when the run is being stopped. */
struct failure {
    v8::Local<v8::Value> exception;
    v8::Local<v8::Message> message;
};
/* Takes the error out of the TryCatch, which keeps a termination. */
failure failure_of(v8::TryCatch &);
/* Fills *r from the caught error, or with the reason why the run was stopped; returns -1. */
int fail(engine *e, v8::Local<v8::Context>, v8::TryCatch *caught, enum iso_code, engine_report *r);

/* ---- store.cc */
/* A function for the prelude: encodes a value as the JSON text that the store keeps. */
void native_text_of(const v8::FunctionCallbackInfo<v8::Value> &);

/* ---- bridge.cc */
/* A function of the prelude: makes the host function of a number. */
void native_make_stub(const v8::FunctionCallbackInfo<v8::Value> &);
void native_cancel_call(const v8::FunctionCallbackInfo<v8::Value> &);
/* The implementation of every host function; declared for the table of external references only. */
void native_call(const v8::FunctionCallbackInfo<v8::Value> &);
/* Evaluates an expression of a definition. */
void native_evaluate(const v8::FunctionCallbackInfo<v8::Value> &);
/* Waits at most `ms` milliseconds for an answer (negative: without limit), and settles its promise. */
void receive_answer(engine *e, v8::Local<v8::Context>, double ms);
/* The same when the parent says what comes next: an answer, or the next timer, which is due in `ms` (negative: there is
 * none). */
void receive_turn(engine *e, v8::Local<v8::Context>, double ms);
/* Puts the calls without an answer into e->unawaited. */
void note_unawaited(engine *e);
/* The stack of the first call without an answer; empty: there is none, or its stack is not known. */
std::string oldest_call_stack(engine *e, v8::Local<v8::Context>);
/* True for the error with which a failed call was rejected. */
bool is_bridge_error(v8::Local<v8::Context>, v8::Local<v8::Value>, int *broken);

/* ---- budget.cc */
/* The page allocator for V8's platform: passes requests to `all` and counts reservations. */
v8::PageAllocator *pages_in_budget(v8::PageAllocator *all);
/* To be called when the isolate is made: reservations from now on are for resizable buffers. */
void budget_begins(engine *e);

/* ---- clock.cc */
/* The time of day while a snapshot is made: 2000-01-01T00:00:00Z. */
#define STILL_CLOCK_MS 946684800000.0
std::unique_ptr<v8::Platform> with_own_clock(std::unique_ptr<v8::Platform>);
/* still_clock() stops the clock; a clock that is set moves only by advance_clock(), or by move_clock() if it is moved. */
void still_clock();
void set_clock(double now_ms, bool moved);
void move_clock(uint64_t us); /* to so many microseconds since it was set */
bool clock_is_set();
void advance_clock(double ms);
/* Milliseconds since an arbitrary start; since 1970. */
double monotonic_ms();
double wall_ms();

/* ---- zone.cc */
/* Sets the local time zone, for both Date and Intl. TIME_ZONE: it is not supported. */
int set_zone(engine *e, v8::Local<v8::Context>, const char *name, struct iso_err *err);

/* ---- web_time.cc */
void start_performance_clock(engine *e);

/* ---- random.cc */
/* From now on all random numbers come from this seed. */
void seed_random(uint64_t seed);
void random_bytes(engine *e, unsigned char *bytes, size_t len);
/* Random numbers of the kernel; in engine.cc. Always true. */
bool entropy(unsigned char *bytes, size_t len);
/* Gives Math.random a new sequence, in the children of a fork. */
void reseed(engine *e, v8::Local<v8::Context>);

/* ---- kind.cc */
/* Functions of the prelude: the kind of an object, a word of the table; the name of the class that V8 made it for. */
void native_kind_of(const v8::FunctionCallbackInfo<v8::Value> &);
void native_class_name(const v8::FunctionCallbackInfo<v8::Value> &);

/* ---- late.cc */
/* Globals of V8 that agents must not have: WebAssembly is one more compiler to attack, and SharedArrayBuffer without
 * threads is useful only to measure time. */
#define UNWANTED_GLOBALS "WebAssembly", "SharedArrayBuffer"
bool find_late_builtins(engine *e, v8::Local<v8::Context>);
/* Names of globals that are missing now but exist at other times, or that are removed. */
v8::Local<v8::Array> absent_globals(engine *e, v8::Local<v8::Context>);
/* Deletes such names before the heap is saved. False: the name in *kept cannot be deleted. */
bool drop_late_builtins(engine *e, v8::Local<v8::Context>, std::string *kept);
/* Deletes unwanted globals after a snapshot is loaded, before agent code runs. False: one cannot be deleted. */
bool remove_unwanted(engine *e, v8::Local<v8::Context>);

/* ---- rejections.cc */
void watch_rejections(v8::Isolate *);
/* Counts a rejection as handled, because the engine itself handles it. */
void handle_rejection(engine *e, v8::Local<v8::Promise>);
/* Takes the first unhandled rejection and returns its reason; empty: there is none. */
v8::MaybeLocal<v8::Value> take_rejection(engine *e);
/* Reports each unhandled rejection on stderr, and forgets them. */
void report_rejections(engine *e, v8::Local<v8::Context>);

/* ---- encode.cc */
/* Properties of an error that name its causes. */
#define ERROR_ORIGINS "cause", "errors", "error", "suppressed"

class Encoder
{
  public:
    enum Result { OK, THROWN, REFUSED, TOO_LARGE };

    /* Writes to *out. With flush, its content is sent to host->exports from time to time. */
    Encoder(engine *e, v8::Local<v8::Context> context, struct buf *out, size_t cap, bool flush);
    /* Writes `"name":value`, after a comma when *any; nothing for undefined. THROWN: agent code threw or was
     * terminated. REFUSED: `path` names the value that could not be encoded, `what` the reason. */
    Result encode(v8::Local<v8::String> name, v8::Local<v8::Value> value, bool *any);
    /* Writes an item of a list; the caller writes the comma. */
    Result encode_item(v8::Local<v8::Value> value, const std::string &name, uint32_t index);
    void raw(const char *text);
    bool too_large() const;
    /* From now on a value that cannot be encoded is replaced by a string that says so. */
    void be_lenient()
    {
        lenient = true;
    }
    /* From now on values that are too large are measured further, for largest(). */
    void measure()
    {
        measuring = true;
    }
    /* True when the measurement is over: values that follow are not counted. */
    bool spent() const;
    /* The bytes so far. */
    size_t position() const;
    /* "default.rows (2000123 bytes), ...", the paths of the largest values; empty when none is much larger. */
    std::string largest() const;

    std::string path, what;

  private:
    enum Kind { OBJECT, ENTRIES, ARRAY, MAP, SET }; /* ENTRIES: an object as a list, for its keys */
    /* A value that takes a large share of the bytes, and its own largest parts. */
    struct Part {
        size_t bytes;
        std::string step; /* of the path */
        std::vector<Part> parts;
        int depth;
    };
    struct Level {
        Kind kind;
        bool any;
        uint32_t at, count;
        size_t begin;
        std::vector<Part> parts;
        v8::Global<v8::Object> holder; /* objects, ARRAY: read from here; MAP, SET: the identity only */
        v8::Global<v8::Array> items;   /* objects: keys; MAP, SET: a copy of the entries */
        const char *close;
    };

    Result finish(Result so_far);
    Result unwrap(v8::Local<v8::Value> *value, v8::Local<v8::Value> key);
    Result put(v8::Local<v8::Value> value);
    Result put_text(v8::Local<v8::String> text);
    Result key(v8::Local<v8::String> name, bool is_entry, bool first);
    Result property(v8::Local<v8::String> name, v8::Local<v8::Value> value, bool *any, bool is_entry = false);
    bool well_formed(v8::Local<v8::Array> keys);
    Result object(v8::Local<v8::Object> object);
    Result instance(v8::Local<v8::Object> object);
    Result slots(v8::Local<v8::Object> object);
    Result raw_json(v8::Local<v8::String> json);
    Result primitive(v8::Local<v8::Value> value);
    Result unboxed(v8::Local<v8::Object> object);
    bool builtin(v8::Local<v8::Object> object, Result *result);
    Result push(Kind kind, v8::Local<v8::Object> holder, v8::Local<v8::Array> items, uint32_t count,
                value_tag which, const char *open, const char *close);
    Result plain(v8::Local<v8::Object> object);
    Result step();
    Result step_object(Level &level);
    Result step_item(Level &level);
    Result number(v8::Local<v8::Number> value);
    Result bytes(value_tag which, const void *data, size_t len);
    Result error(v8::Local<v8::Object> object);
    Result regexp(v8::Local<v8::RegExp> object);
    Result refuse(const std::string &what);
    int deepest() const;
    Result too_deep();
    void put_tag(value_tag which);
    bool tag(value_tag which, Result *refused);
    bool on_path(v8::Local<v8::Object> object) const;
    void flush_if_large();
    std::string step_of(const Level &level) const;
    std::string where() const;
    void note(std::vector<Part> *among, std::string step, size_t bytes, std::vector<Part> parts) const;
    void note_primitive(size_t level, size_t begin);
    void close_level();

    engine *owner;
    v8::Isolate *isolate;
    v8::Local<v8::Context> context;
    struct buf *out;
    size_t cap, flushed = 0, measured = 0;
    bool flush, lenient = false, measuring = false;
    v8::Local<v8::Value> object_prototype;
    std::string root;
    size_t root_begin = 0;
    std::vector<Part> parts;
    std::vector<Level> levels;
    int depth = 1; /* the exports object is the first level of the text */
};

/* ---- engine.cc */
/* Lets go of timers, calls and errors, and collects garbage, as it is done before a heap is saved. */
void collect_unused(engine *e);

/* ---- report.cc */
/* Fills *r from an exception. `message` may be empty; then it is made from the exception. */
void describe(engine *e, v8::Local<v8::Context>, v8::Local<v8::Value> exception,
              v8::Local<v8::Message> message, engine_report *r);
void describe_stop(engine *e, engine_report *r);
/* Reports the calls that were not awaited, and the place of the first one. */
void describe_unawaited(engine *e, engine_report *r);
/* Reports that the module waits for a promise that nothing can settle, and the place of that `await`. */
void describe_stalled(engine *e, v8::Local<v8::Context>, v8::Local<v8::Module>, engine_report *r);
/* Reports what a run waited for when it was stopped while no function of the agent was running: the place of the oldest
 * call without an answer, or else of the next timer, and of the module's `await` if it has not finished. */
void describe_wait(engine *e, v8::Local<v8::Context>, v8::MaybeLocal<v8::Module>, engine_report *r);
void say(engine_report *r, enum iso_code code, const std::string &message);
/* A `stack` text without the frames of the runtime. */
v8::Local<v8::String> without_runtime(v8::Isolate *, v8::Local<v8::String> stack);
/* The current stack as lines of text; empty when only functions of the runtime are running. */
std::string current_stack(v8::Isolate *);

/* ---- suggest.cc */
/* Sets r->nearest for an unknown name: of a global, a member of a global, or an export of a module. */
void suggest(engine *e, v8::Local<v8::Context>, engine_report *r);
/* Sets r->nearest for an unknown property of `holder`, whose path is `holder_way`; includes methods of prototypes. */
void suggest_property(engine *e, v8::Local<v8::Context>, v8::Local<v8::Object> holder,
                      const std::string &holder_way, const std::string &name, engine_report *r);

/* ---- stack.cc */
/* From now on stacks that agent code reads do not show the runtime. False: the prelude is not the expected one. */
bool hide_runtime(engine *e, v8::Local<v8::Context>);
/* Notes that the budget has refused an array buffer to the running builtin: V8 throws a RangeError next. */
void note_refusal(engine *e);
/* True for such an error. Its message is not enough, because agent code can throw one with the same message. */
bool is_refusal(v8::Local<v8::Context>, v8::Local<v8::Value>);
/* The lines of the `stack`, without the first, of an error that agent code has never had. No agent code runs, not even
 * its Error.prepareStackTrace. */
std::string frames_of(engine *e, v8::Local<v8::Context>, v8::Local<v8::Object> error);
/* To be called before the heap is saved. */
void stop_hiding_runtime(engine *e);
/* Keeps the value that a prefix gave Error.stackTraceLimit, for its runs: V8 resets it in every new context. */
void keep_stack_limit(engine *e, v8::Local<v8::Context>);
void restore_stack_limit(engine *e, v8::Local<v8::Context>);
/* From now on the agent's frame of an error is found even below many frames of a library. For runs with a library. */
void keep_deep_stacks(engine *e);

/* ---- profile.cc */
/* To be called before and after a wait for the parent: samples during the wait count as idle. */
void profile_wait(bool begins);
/* Sends, at the end of a run, the start of each function in the samples. */
void profile_finish(engine *e);
/* Reads the call sites of a stack, for profile_finish(). */
void read_starts(engine *e, v8::Local<v8::Context>, v8::Local<v8::Array> sites);

/* ---- modules.cc */
/* `first` is the number of the first line, from 0: below 0 when lines were added before the source. */
v8::MaybeLocal<v8::Module> compile_lines(v8::Isolate *, const char *name, const char *code, size_t len,
                                         int first);
v8::MaybeLocal<v8::Module> resolve(v8::Local<v8::Context>, v8::Local<v8::String>, v8::Local<v8::FixedArray>,
                                   v8::Local<v8::Module>);
/* The module of a declared specifier, compiled and linked. */
v8::MaybeLocal<v8::Module> linked_module(engine *e, v8::Local<v8::Context>, v8::Local<v8::String> specifier);
/* The exception for an import() that is not allowed; empty: it is allowed. */
v8::MaybeLocal<v8::Value> refuse_import(engine *e, v8::Local<v8::Context>, v8::Local<v8::String> specifier,
                                        v8::Local<v8::FixedArray> attributes);
/* Declared for the table of external references only. */
v8::MaybeLocal<v8::Value> make_host_module(v8::Local<v8::Context>, v8::Local<v8::Module>);
/* Compiles the modules that a module imports, directly or indirectly, unless they are compiled. False: thrown. */
bool load_imports(engine *e, v8::Local<v8::Context>, v8::Local<v8::Module>);
/* Links the declared module with number n; a host module is evaluated, too. False: thrown. */
bool link_declared(engine *e, v8::Local<v8::Context>, size_t n);
/* True when the evaluation of module n, which link_declared() has linked, has begun and waits. */
bool is_under_way(engine *e, v8::Local<v8::Context>, size_t n);
/* Links all declared modules. Returns and reports like engine_run(). */
int link_for_snapshot(engine *e, engine_report *r);
/* Puts the modules into the snapshot, and their specifiers into the prelude's data. */
void keep_modules(engine *e, v8::Local<v8::Context>);
/* The module of the snapshot's prefix; empty in the base snapshot. */
v8::MaybeLocal<v8::Module> kept_prefix(engine *e, v8::Local<v8::Context>);
unsigned source_of_script(engine *e, int script_id);
/* The names that a declared specifier exports; empty while they are not known. */
v8::MaybeLocal<v8::Array> exported_names(engine *e, v8::Local<v8::Context>, const std::string &specifier);
/* The declared specifier that is closest, if any is close. */
std::string nearest_specifier(engine *e, const std::string &wanted);

/* ---- strip.cc */
/* In a source, from 1; 0: unknown. */
struct position {
    unsigned line = 0, column = 0;
};
position position_of(engine *e, v8::Local<v8::Context>, const failure &);
/* The second error stands behind the first. */
bool got_further(engine *e, v8::Local<v8::Context>, const failure &first, const failure &second);

struct typed_source {
    enum source_language language;
    unsigned number; /* as reports count sources */
    bool fenced;     /* `text` is what the source's Markdown fence holds */
    const char *text;
    size_t len;
};
/* Compiles a text; false and *why. */
using compile_text = std::function<bool(const char *text, size_t len, failure *why)>;
/* As JavaScript, and if V8 refuses that, or the source says that it is TypeScript, without its types, which is
 * *stripped then. */
bool compile_typed(engine *e, v8::Local<v8::Context>, const typed_source &, const compile_text &,
                   std::string *stripped, failure *why);

/* ---- form.cc */
/* The form in which a source was compiled. */
struct formed {
    enum form {
        MODULE,    /* a module */
        BODY,      /* the body of an async function, which is exports.default */
        EXPRESSION /* an expression, whose value is exports.default */
    } form = MODULE;
    v8::Local<v8::Module> module;
    bool exports_nothing = false; /* a MODULE */
    std::string text;             /* the compiled text, if it may differ from the source's */
    std::string stripped;         /* the source without its types, if they were erased */
};
/* Compiles a source in its form, or in the requested form, with its imports, and links it. False: *why. */
bool compile_formed(engine *e, v8::Local<v8::Context>, const engine_source *source, formed *out,
                    failure *why);
/* True when an EXPRESSION consists of this function only, apart from comments and parentheses, and it is not a
 * class. */
bool is_whole_text(engine *e, v8::Local<v8::Context>, const formed &, v8::Local<v8::Function>);

/* ---- imports.cc */
struct import_failure {
    enum iso_code code = ISO_OK; /* the code of the run if the error is not caught; OK: the usual one */
    unsigned source = 0, line = 0, column = 0; /* the place of the fault, of a static import or in a source */
    std::string specifier;                     /* a specifier that is not declared */
};
void note_import_failure(engine *e, v8::Local<v8::Context>, v8::Local<v8::Value> error,
                         const import_failure &);
/* False: the error is not from an import. */
bool import_failure_of(engine *e, v8::Local<v8::Context>, v8::Local<v8::Value> error, import_failure *);
void install_module_hooks(v8::Isolate *);
/* The steps of an import(); declared for the table of external references only. */
void native_import(const v8::FunctionCallbackInfo<v8::Value> &);
void native_imported(const v8::FunctionCallbackInfo<v8::Value> &);
void native_import_failed(const v8::FunctionCallbackInfo<v8::Value> &);

/* ---- loop.cc */
/* From now on engine_interrupt() has an isolate to stop. */
void interrupts_reach(v8::Isolate *);

} // namespace iso
#endif
