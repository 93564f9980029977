/* SPDX-License-Identifier: MIT */
/* worker/engine_v8.h - what the engine's own C++ files share. No C file includes it.
 *
 * Rules for everything that agent code can reach: never .Check(), ToLocalChecked() or FromJust() on a value
 * it can influence, because a termination that arrives inside makes them abort; every MaybeLocal is looked
 * at; natives use no JavaScript-visible builtins that agent code could have replaced. */
#ifndef ISO_WORKER_ENGINE_V8_H
#define ISO_WORKER_ENGINE_V8_H
#include <libplatform/libplatform.h>
#include <v8.h>

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "worker/engine.h"

static_assert(V8_MAJOR_VERSION == 14, "iso4 needs the headers of a Node.js whose V8 is 14.x (Node 26)");

/* What array buffers take of the budget that they share with the heap; see budget.cc. */
struct Budget {
    engine *owner = nullptr;
    size_t buffers = 0;  /* bytes that are memory */
    size_t reserved = 0; /* addresses of resizable buffers */

    uint64_t bytes() const; /* 0: no budget */
    bool has_room(size_t length) const;
    bool may_reserve(size_t length) const;
    void *refuse() const; /* nullptr; ends the run while a snapshot is restored */
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
    uint64_t dropped, told; /* entries; how many of them the parent knows of */
};

/* A call of a host function that has no answer yet. */
struct call_under_way {
    v8::Global<v8::Promise::Resolver> resolver;
    v8::Global<v8::Object> error; /* made at the call, so that its stack says where that was */
    uint32_t function;
    bool cancelled = false; /* its answer is not waited for any more */
};

/* The calls that had no answer when the code had run to its end. */
struct unawaited {
    uint64_t count = 0;
    uint32_t function = 0; /* of the one that was made first */
    v8::Global<v8::Object> error;
    bool waited_for = false; /* because the module exports nothing */
};

struct declared_module {
    std::string specifier;
    engine_module given;         /* all zero for one that the snapshot brings */
    int kept = -1;               /* its number among those of the snapshot */
    v8::Global<v8::Module> made; /* empty until it is needed */
    int script_id = -1;
    unsigned loaded = 0; /* the last load that came across it; see load_imports() */
};

/* The position of the call that a builtin was refused memory in. */
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
    int runtime_script = -1;            /* the prelude's number */
    std::vector<refused_place> refused; /* where requests for array buffers were refused */
    bool frames_only = false, reading_starts = false;
    iso::profile *profiled = nullptr; /* for --cpu-profile, see profile.cc */
    v8::Global<v8::Array> late;       /* unless ENGINE_RUN; see late.cc */
    std::vector<declared_module> modules;
    std::unordered_map<std::string, size_t> module_of; /* by specifier */
    bool kept_modules_known = false;                   /* those of the snapshot are among them */
    v8::Global<v8::Module> prefix;                     /* of the snapshot, once it has been asked for */
    v8::Global<v8::Module> last; /* the prefix while a snapshot is made, else the agent */
    unsigned loads = 0;          /* how many times load_imports() has begun */
    engine_stream streams[2] = {};
    std::vector<unhandled> rejections; /* promises that nobody handles, so far */
    bool keeps_uncaught = false;       /* what a callback throws may be the run's failure, so it is kept: */
    v8::Global<v8::Value> uncaught;
    std::string uncaught_in;
    v8::Global<v8::Object> exports; /* of the last source, if it was no module but has a value */
    struct unawaited unawaited;
    double started_ms = -1;
    unsigned runs = 0;
    std::vector<int> script_ids;  /* of each source, by the number of its run */
    std::string source_name;      /* of the run under way */
    bool stopping = false;        /* engine_interrupt() has taken effect, or the run was ended here */
    bool stop_postponed = false;  /* the signal has come, but at a moment without a stack */
    std::string stopped_at;       /* the stack at that moment */
    enum iso_code ended = ISO_OK; /* why it was ended here */
    std::string ended_because;
    bool stop_told = false; /* in the report */

    std::unordered_map<uint32_t, call_under_way> calls;
    uint32_t last_call = 0;
    uint64_t calls_made = 0;
    bool seeded = false;                         /* random numbers come from a seed, although this is a run */
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
/* The JSON string literal of a JS string, as JSON.stringify would write it: lone surrogates escaped. */
void quote(v8::Isolate *, struct buf *out, v8::Local<v8::String>);
/* The same, but at most `most` bytes of content, cut on a character boundary, with a marker that counts what is
 * missing; of a text that was `cut_before` that is not all. */
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
/* The same for what was kept and has not become the run's failure. */
void report_kept(engine *e, v8::Local<v8::Context>);
/* Calls internals[name](...args) and returns its result; empty when it threw or was terminated. */
v8::MaybeLocal<v8::Value> call_internal(engine *e, v8::Local<v8::Context>, const char *name, int argc = 0,
                                        v8::Local<v8::Value> argv[] = nullptr);
/* What fails here fails because the run is being terminated, which is noticed elsewhere. */
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
/* Turns the event loop until the promise has settled. */
Settled settle(engine *e, v8::Local<v8::Context>, v8::Local<v8::Promise>);
/* Turns it until no timer and no call is left: FULFILLED; or something has been thrown or rejected that nobody
 * handles: REJECTED. */
Settled settle_all(engine *e, v8::Local<v8::Context>);
void drain(engine *e);
bool stopped(engine *e);

/* Ends the run with this code as soon as control is back in JavaScript; nothing can catch it. */
void end_run(engine *e, enum iso_code, const std::string &why);

/* ---- run.cc */
/* An error that nothing is thrown of any more. Both are empty when the run is being stopped. */
struct failure {
    v8::Local<v8::Value> exception;
    v8::Local<v8::Message> message;
};
/* Takes it out of the TryCatch, but for a termination. */
failure failure_of(v8::TryCatch &);
/* Fills *r with what the TryCatch has caught, or with why the run was stopped; -1. */
int fail(engine *e, v8::Local<v8::Context>, v8::TryCatch *caught, enum iso_code, engine_report *r);

/* ---- bridge.cc */
/* A function of the prelude: makes the host function of a number. */
void native_make_stub(const v8::FunctionCallbackInfo<v8::Value> &);
void native_cancel_call(const v8::FunctionCallbackInfo<v8::Value> &);
/* What every host function is behind; here for the table of external references only. */
void native_call(const v8::FunctionCallbackInfo<v8::Value> &);
/* The value of an expression of the host's. */
void native_evaluate(const v8::FunctionCallbackInfo<v8::Value> &);
/* Waits at most `ms` milliseconds for an answer (negative: as long as it takes), and settles its promise. */
void receive_answer(engine *e, v8::Local<v8::Context>, double ms);
/* Notes in e->unawaited what has no answer yet. */
void note_unawaited(engine *e);
/* Of the calls without an answer that was made first; empty: there is none, or its stack is not known. */
std::string oldest_call_stack(engine *e, v8::Local<v8::Context>);
/* Whether this is the error that a failed call was rejected with. */
bool is_bridge_error(v8::Local<v8::Context>, v8::Local<v8::Value>);

/* ---- budget.cc */
/* For V8's platform: `all`, and an account of what it reserves. */
v8::PageAllocator *pages_in_budget(v8::PageAllocator *all);
/* The isolate is made: what is reserved from now on is for resizable buffers. */
void budget_begins(engine *e);

/* ---- clock.cc */
/* The time of day while a snapshot is made: 2000-01-01T00:00:00Z. */
#define STILL_CLOCK_MS 946684800000.0
std::unique_ptr<v8::Platform> with_own_clock(std::unique_ptr<v8::Platform>);
/* The clock stands still; or it is set, and moves by advance_clock() only. */
void still_clock();
void set_clock(double now_ms);
bool clock_is_set();
void advance_clock(double ms);
/* Milliseconds since some moment; since 1970. */
double monotonic_ms();
double wall_ms();

/* ---- zone.cc */
/* The local time zone, for Date and Intl both. TIME_ZONE: not this one. */
int set_zone(engine *e, v8::Local<v8::Context>, const char *name, struct iso_err *err);

/* ---- web_time.cc */
void start_performance_clock(engine *e);

/* ---- random.cc */
/* While a snapshot is made every random number comes from this seed. */
void seed_random(uint64_t seed);
void random_bytes(engine *e, unsigned char *bytes, size_t len);
/* The kernel's random numbers; in engine.cc. Always true. */
bool entropy(unsigned char *bytes, size_t len);
/* Math.random goes on with another sequence: for the children of a fork. */
void reseed(engine *e, v8::Local<v8::Context>);

/* ---- late.cc */
/* Globals that V8 makes and that agents shall not have: WebAssembly is a compiler of its own,
 * SharedArrayBuffer without threads is of no use but to measure time. */
#define UNWANTED_GLOBALS "WebAssembly", "SharedArrayBuffer"
bool find_late_builtins(engine *e, v8::Local<v8::Context>);
/* Names of globals that are not there now but are another time, or that are kept away. */
v8::Local<v8::Array> absent_globals(engine *e, v8::Local<v8::Context>);
/* Before the heap is saved. False: the name in *kept cannot be deleted. */
bool drop_late_builtins(engine *e, v8::Local<v8::Context>, std::string *kept);
/* After a snapshot is loaded, before agent code runs. False: an unwanted global cannot be deleted. */
bool remove_unwanted(engine *e, v8::Local<v8::Context>);

/* ---- rejections.cc */
void watch_rejections(v8::Isolate *);
/* Somebody does handle it: the engine itself. */
void handle_rejection(engine *e, v8::Local<v8::Promise>);
/* The reason of the first that is left, which is forgotten; empty: there is none. */
v8::MaybeLocal<v8::Value> take_rejection(engine *e);
/* One entry on stderr for each that is left; forgets them. */
void report_rejections(engine *e, v8::Local<v8::Context>);

/* ---- encode.cc */
/* Properties of an error that say what it came of. */
#define ERROR_ORIGINS "cause", "errors", "error", "suppressed"

class Encoder
{
  public:
    enum Result { OK, THROWN, REFUSED, TOO_LARGE };

    /* Writes to *out. With flush, what has gathered there goes to host->exports from time to time. */
    Encoder(engine *e, v8::Local<v8::Context> context, struct buf *out, size_t cap, bool flush);
    /* One `"name":value`, with a comma when *any, left out when undefined. THROWN: agent code threw or was
     * terminated. REFUSED: `path` names what could not be encoded, `what` says why. */
    Result encode(v8::Local<v8::String> name, v8::Local<v8::Value> value, bool *any);
    /* One item of a list; the comma is the caller's. */
    Result encode_item(v8::Local<v8::Value> value, const std::string &name, uint32_t index);
    void raw(const char *text);
    bool too_large() const;
    /* From now on what cannot be encoded becomes a text that says so, in its place. */
    void be_lenient()
    {
        lenient = true;
    }
    /* Values that are too large are gone through a while longer, for largest(). */
    void measure()
    {
        measuring = true;
    }
    /* That while is over: nothing that follows counts any more. */
    bool spent() const;
    /* "default.rows (2000123 bytes), ...", the paths of what took most; empty when nothing stands out. */
    std::string largest() const;

    std::string path, what;

  private:
    enum Kind { OBJECT, ARRAY, MAP, SET };
    /* What takes a good part of the bytes, and its own largest parts. */
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
        v8::Global<v8::Object> holder; /* OBJECT, ARRAY: read from here; MAP, SET: the identity only */
        v8::Global<v8::Array> items;   /* OBJECT: keys; MAP, SET: a copy of the entries */
        const char *close;
    };

    Result finish(Result so_far);
    Result unwrap(v8::Local<v8::Value> *value, v8::Local<v8::Value> key);
    Result put(v8::Local<v8::Value> value);
    Result property(v8::Local<v8::String> name, v8::Local<v8::Value> value, bool *any);
    Result object(v8::Local<v8::Object> object);
    Result instance(v8::Local<v8::Object> object);
    Result slots(v8::Local<v8::Object> object);
    Result raw_json(v8::Local<v8::String> json);
    Result primitive(v8::Local<v8::Value> value);
    Result unboxed(v8::Local<v8::Object> object);
    bool builtin(v8::Local<v8::Object> object, Result *result);
    Result push(Kind kind, v8::Local<v8::Object> holder, v8::Local<v8::Array> items, uint32_t count,
                const char *open, const char *close);
    Result plain(v8::Local<v8::Object> object);
    Result step();
    Result step_object(Level &level);
    Result step_item(Level &level);
    Result number(v8::Local<v8::Number> value);
    Result bytes(const char *type, const void *data, size_t len);
    Result error(v8::Local<v8::Object> object);
    Result regexp(v8::Local<v8::RegExp> object);
    Result refuse(const std::string &what);
    int deepest() const;
    Result too_deep();
    bool tag(const char *type, Result *refused);
    bool on_path(v8::Local<v8::Object> object) const;
    void flush_if_large();
    size_t position() const;
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

/* ---- report.cc */
/* Fills *r from an exception. `message` may be empty; then it is made from the exception. */
void describe(engine *e, v8::Local<v8::Context>, v8::Local<v8::Value> exception,
              v8::Local<v8::Message> message, engine_report *r);
void describe_stop(engine *e, engine_report *r);
/* Says which calls nobody has waited for, and where the first of them was made. */
void describe_unawaited(engine *e, engine_report *r);
/* The module waits for what nothing can settle: says so, at the `await` that hangs. */
void describe_stalled(engine *e, v8::Local<v8::Context>, v8::Local<v8::Module>, engine_report *r);
/* A run that was stopped while no function of the agent's was under way: says what it waited for, that is the
 * call that has waited longest, or else where the next timer was made, and the `await` of the module, if it
 * is still under way. */
void describe_wait(engine *e, v8::Local<v8::Context>, v8::MaybeLocal<v8::Module>, engine_report *r);
void say(engine_report *r, enum iso_code code, const std::string &message);
/* A `stack` text without the frames of the runtime. */
v8::Local<v8::String> without_runtime(v8::Isolate *, v8::Local<v8::String> stack);
/* Where control is, as the lines of a stack; empty when no function but the runtime's is under way. */
std::string current_stack(v8::Isolate *);

/* ---- suggest.cc */
/* r->nearest for a report of a name that is not there: a global, a member of one, an export of a module. */
void suggest(engine *e, v8::Local<v8::Context>, engine_report *r);
/* The same for a property of `holder`, which is reached by `holder_way`; methods of prototypes included. */
void suggest_property(engine *e, v8::Local<v8::Context>, v8::Local<v8::Object> holder,
                      const std::string &holder_way, const std::string &name, engine_report *r);

/* ---- stack.cc */
/* From now on no stack that agent code reads shows the runtime. False: the prelude is not what it should be.
 */
bool hide_runtime(engine *e, v8::Local<v8::Context>);
/* The budget has just refused an array buffer to the builtin that is running: V8 throws a RangeError next. */
void note_refusal(engine *e);
/* Whether this is such an error. Its message could be anybody's. */
bool is_refusal(v8::Local<v8::Context>, v8::Local<v8::Value>);
/* The lines of the `stack` of an error that agent code has never seen, without the first. None of the agent's
 * code runs, its Error.prepareStackTrace neither. */
std::string frames_of(engine *e, v8::Local<v8::Context>, v8::Local<v8::Object> error);
/* Before the heap is saved. */
void stop_hiding_runtime(engine *e);
/* Error.stackTraceLimit as a prefix leaves it, for its runs: V8 makes its own with every context. */
void keep_stack_limit(engine *e, v8::Local<v8::Context>);
void restore_stack_limit(engine *e, v8::Local<v8::Context>);
/* From now on the agent's frame of an error is found below many of a library. For runs that have one. */
void keep_deep_stacks(engine *e);

/* ---- profile.cc */
/* Around a wait for the parent: what is asked then finds nothing under way. */
void profile_wait(bool begins);
/* The end of a run: tells where the functions begin that were seen. */
void profile_finish(engine *e);
/* The call sites of a stack that it asked for. */
void read_starts(engine *e, v8::Local<v8::Context>, v8::Local<v8::Array> sites);

/* ---- modules.cc */
/* `first` is the number of the first line, from 0: less than 0 when something stands before the source. */
v8::MaybeLocal<v8::Module> compile_lines(v8::Isolate *, const char *name, const char *code, size_t len,
                                         int first);
v8::MaybeLocal<v8::Module> resolve(v8::Local<v8::Context>, v8::Local<v8::String>, v8::Local<v8::FixedArray>,
                                   v8::Local<v8::Module>);
/* Compiled and linked. The specifier is a declared one. */
v8::MaybeLocal<v8::Module> linked_module(engine *e, v8::Local<v8::Context>, v8::Local<v8::String> specifier);
/* The exception for an import() that cannot be; empty: it can be. */
v8::MaybeLocal<v8::Value> refuse_import(engine *e, v8::Local<v8::Context>, v8::Local<v8::String> specifier,
                                        v8::Local<v8::FixedArray> attributes);
/* Here for the table of external references only. */
v8::MaybeLocal<v8::Value> make_host_module(v8::Local<v8::Context>, v8::Local<v8::Module>);
/* Compiles what a module imports, and what that imports, as far as it is not there yet. False: thrown. */
bool load_imports(engine *e, v8::Local<v8::Context>, v8::Local<v8::Module>);
/* Links what was declared as the n-th; a host module is evaluated, too. False: thrown. */
bool link_declared(engine *e, v8::Local<v8::Context>, size_t n);
/* Its evaluation has begun and waits for something. It is one that link_declared() has linked. */
bool is_under_way(engine *e, v8::Local<v8::Context>, size_t n);
/* Links everything that is declared. Returns and reports as engine_run() does. */
int link_for_snapshot(engine *e, engine_report *r);
/* Puts the modules into the snapshot, and what they are called into the prelude. */
void keep_modules(engine *e, v8::Local<v8::Context>);
/* The module of the prefix that a snapshot was made from; empty: it is the base snapshot. */
v8::MaybeLocal<v8::Module> kept_prefix(engine *e, v8::Local<v8::Context>);
unsigned source_of_script(engine *e, int script_id);
/* What a declared specifier exports; empty while that is not known. */
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
/* What became of a source. */
struct formed {
    enum form {
        MODULE,    /* as it stands */
        BODY,      /* exports.default is an async function of which the source is the body */
        EXPRESSION /* exports.default is its value */
    } form = MODULE;
    v8::Local<v8::Module> module;
    bool exports_nothing = false; /* a MODULE */
    std::string text;             /* what was compiled, if it may be another text than that of the source */
    std::string stripped;         /* the source without its types, if they were erased */
};
/* Compiles a source in the form it has, or is asked to have, with what it imports, and links it. False: *why. */
bool compile_formed(engine *e, v8::Local<v8::Context>, const engine_source *source, formed *out,
                    failure *why);
/* Whether an EXPRESSION is this function and nothing else, comments and parentheses aside; no class. */
bool is_whole_text(engine *e, v8::Local<v8::Context>, const formed &, v8::Local<v8::Function>);

/* ---- imports.cc */
struct import_failure {
    enum iso_code code = ISO_OK; /* what the run fails with when nobody catches it; OK: as it would */
    unsigned source = 0, line = 0, column = 0; /* where the fault stands, of a static import or a source */
    std::string specifier;                     /* that is not declared */
};
void note_import_failure(engine *e, v8::Local<v8::Context>, v8::Local<v8::Value> error,
                         const import_failure &);
/* False: the error is another one. */
bool import_failure_of(engine *e, v8::Local<v8::Context>, v8::Local<v8::Value> error, import_failure *);
void install_module_hooks(v8::Isolate *);
/* The steps of an import(); here for the table of external references only. */
void native_import(const v8::FunctionCallbackInfo<v8::Value> &);
void native_imported(const v8::FunctionCallbackInfo<v8::Value> &);
void native_import_failed(const v8::FunctionCallbackInfo<v8::Value> &);

/* ---- loop.cc */
/* From now on engine_interrupt() has an isolate to stop. */
void interrupts_reach(v8::Isolate *);

} // namespace iso
#endif
