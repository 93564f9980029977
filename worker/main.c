/* SPDX-License-Identifier: MIT */
/* The worker: boots V8, locks down, restores a snapshot, runs the sources of one job, sends the result, ends. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/json.h"
#include "protocol/bounds.h"
#include "protocol/worker.h"
#include "sandbox/lockdown.h"
#include "worker/channel.h"
#include "worker/engine.h"
#include "worker/process/hugeheap.h"
#include "worker/process/hugehost.h"
#include "worker/process/memory.h"
#include "worker/process/start.h"
#include "worker/process/zygote.h"

/* More sources than any command line names. */
#define MOST_SOURCES 1000
#define MOST_MODULES 10000

struct job {
    struct buf memory; /* owns the texts below */
    uint64_t mode, flags;
    const char *snapshot; /* the snapshot's name */
    struct field install, replace, store, call, args;
    struct engine_ways ways;
    struct engine_module *modules; /* owned array */
    size_t module_count;
    struct limits limits;
    size_t count;
    struct engine_source sources[MOST_SOURCES]; /* last: see forget_job() */
};

/* 1 while a zygote runs the warm-up agent, whose output is dropped. */
static int muted;

/* ---- functions for the engine */

static void on_console(int stream, const char *literal, size_t len)
{
    unsigned char head[1] = {(unsigned char)stream};

    if (!muted)
        channel_send_tagged(FRAME_CONSOLE, head, sizeof head, literal, len);
}

static void on_dropped(int stream, uint64_t count)
{
    unsigned char head[1] = {(unsigned char)stream};

    if (!muted)
        channel_send_tagged(FRAME_DROPPED, head, sizeof head, &count, sizeof count);
}

/* Texts of any length go out in frames of this size at most. */
#define PIECE (512u << 10)

typedef void send_fn(enum frame_type type, const void *data, size_t len);

static void send_pieces(send_fn *send, enum frame_type type, const char *data, size_t len)
{
    for (size_t at = 0; at < len; at += PIECE)
        send(type, data + at, len - at < PIECE ? len - at : PIECE);
}

/* Sends a piece of the exports. Small ones wait for the result, which follows at once. */
static void on_exports(const char *piece, size_t len)
{
    if (!muted)
        send_pieces(channel_hold, FRAME_EXPORTS, piece, len);
}

static void send_call(uint32_t call, uint32_t function, const char *args, size_t len)
{
    unsigned char head[FRAME_CALL_HEAD];

    frame_put_u32(head, call);
    frame_put_u32(head + 4, function);
    channel_send_tagged(FRAME_CALL, head, sizeof head, args, len);
}

static void on_blocked(uint32_t function, uint64_t arg_bytes)
{
    unsigned char head[4];

    frame_put_u32(head, function);
    channel_send_tagged(FRAME_BLOCKED, head, sizeof head, &arg_bytes, sizeof arg_bytes);
}

static void on_cancel(uint32_t call)
{
    unsigned char number[4];

    frame_put_u32(number, call);
    channel_send(FRAME_CANCEL, number, sizeof number);
}

/* Answers of calls that have come while a source was waited for. */
static struct frame_reader early;

static int take_early(struct frame *f)
{
    struct iso_err err;
    int got = frame_next(&early, 0, f, &err);

    if (got < 0)
        _exit(1);
    if (got == 0) {
        buf_reset(&early.in);
        early.at = 0;
    }
    return got;
}

static void keep_early(const struct frame *f)
{
    unsigned char head[FRAME_HEAD];

    frame_head(head, f->type, f->len);
    buf_add(&early.in, head, sizeof head);
    buf_add(&early.in, f->data, f->len);
    if (early.in.failed)
        _exit(1);
}

/* Waits for an answer. The parent is trusted, but an invalid frame ends the process. */
static int on_receive(double ms, struct engine_answer *answer)
{
    struct frame f;

    if (!take_early(&f) && !channel_receive(ms, &f))
        return 0;
    if (f.type != FRAME_ANSWER || f.len < FRAME_ANSWER_HEAD)
        _exit(1);
    *answer = (struct engine_answer){.call = frame_u32(f.data),
                                     .ok = f.data[4] == ANSWER_RETURNED,
                                     .broken = f.data[4] == ANSWER_BROKEN,
                                     .json = f.data + FRAME_ANSWER_HEAD,
                                     .len = f.len - FRAME_ANSWER_HEAD};
    return 1;
}

/* The time in which the worker waited for sources without types, which does not count for the agent. */
static uint64_t waited_ns;

static void on_strip(struct engine_strip *s)
{
    unsigned char head[FRAME_STRIP_HEAD];
    uint64_t since = monotonic_ns();
    struct frame f;

    frame_put_u32(head, s->source);
    frame_put_u32(head + 4, s->fenced ? 1 : 0);
    frame_put_u32(head + 8, s->line);
    frame_put_u32(head + 12, s->column);
    channel_send_tagged(FRAME_STRIP, head, sizeof head, s->said, s->said_len);
    for (;;) {
        if (!channel_receive(-1, &f))
            continue;
        if (f.type == FRAME_STRIPPED)
            break;
        keep_early(&f);
    }
    if (f.len < FRAME_STRIPPED_HEAD)
        _exit(1);
    s->status = (enum strip_status)frame_u32(f.data);
    s->text_line = frame_u32(f.data + 4);
    s->text_column = frame_u32(f.data + 8);
    s->text = f.data + FRAME_STRIPPED_HEAD;
    s->len = f.len - FRAME_STRIPPED_HEAD;
    waited_ns += monotonic_ns() - since;
}

static int on_turn(uint64_t us, struct engine_turn *turn)
{
    static int asked; /* a signal may come before the turn does */
    struct frame f;

    if (!asked)
        channel_send(FRAME_WAIT, &us, sizeof us);
    asked = 1;
    if (!channel_receive(-1, &f))
        return 0;
    if (f.type != FRAME_TURN || f.len != sizeof turn->clock_us + 1)
        _exit(1);
    asked = 0;
    memcpy(&turn->clock_us, f.data, sizeof turn->clock_us);
    turn->answered = f.data[sizeof turn->clock_us] == 1;
    while (turn->answered && !on_receive(-1, &turn->answer))
        ;
    return 1;
}

static void on_store(const char *json, size_t len)
{
    channel_hold(FRAME_STORE, json, len);
}

static void on_profile(const char *record, size_t len)
{
    channel_send(FRAME_PROFILE, record, len);
}

/* The start of each phase, kept until the job shows whether the parent wants them. */
static uint64_t phases[PHASE_COUNT];
static int tracing;

static void send_phase(enum phase phase, uint64_t ns)
{
    unsigned char id[1] = {(unsigned char)phase};

    channel_send_tagged(FRAME_PHASE, id, sizeof id, &ns, sizeof ns);
}

static void on_phase(enum phase phase)
{
    phases[phase] = monotonic_ns();
    if (tracing)
        send_phase(phase, phases[phase]);
}

static void send_phases(void)
{
    for (unsigned id = 0; id < PHASE_COUNT; id++)
        if (phases[id])
            send_phase((enum phase)id, phases[id]);
}

static void __attribute__((noreturn)) on_memory(void)
{
    channel_send(FRAME_MEMORY, NULL, 0);
    _exit(0);
}

static void __attribute__((noreturn)) give_up(const struct iso_err *err);

/* 1 while the heap is being saved. When V8 finds an object that it cannot serialise it calls on_fatal(), and the
 * process is still in order, so the error is reported as one of the prefix. */
static int saving;

static void __attribute__((noreturn)) refuse_heap(const char *what)
{
    struct iso_err err;

    iso_fail(&err, ISO_PREFIX_NOT_SERIALIZABLE,
             "the prefix keeps an object that a snapshot cannot hold, such as an Intl formatter (V8: %.120s)",
             what);
    give_up(&err);
}

static void __attribute__((noreturn)) on_fatal(const char *where, const char *what)
{
    char text[512];
    size_t n = 0;

    if (saving)
        refuse_heap(what);

    for (const char *parts[] = {where, ": ", what, NULL}, **p = parts; *p; p++)
        for (const char *c = *p; *c && n < sizeof text; c++)
            text[n++] = *c;
    channel_send(FRAME_FATAL, text, n);
    _exit(0);
}

void worker_abort(void)
{
    on_fatal("abort", "called by V8 or a library");
}

static const struct engine_host host = {
    .console = on_console,
    .dropped = on_dropped,
    .exports = on_exports,
    .call = send_call,
    .blocked = on_blocked,
    .cancel = on_cancel,
    .receive = on_receive,
    .strip = on_strip,
    .turn = on_turn,
    .profile = on_profile,
    .store = on_store,
    .phase = on_phase,
    .out_of_memory = on_memory,
    .fatal = on_fatal,
};

static void when_spent(void)
{
    on_memory();
}

/* The parent's signal to stop at a limit. */
static void on_stop_signal(int signal)
{
    (void)signal;
    engine_interrupt();
}

/* The parent's signal to take a sample for the profile. */
static void on_question(int signal)
{
    (void)signal;
    engine_sample();
}

static void install_signals(void)
{
    struct sigaction stop = {.sa_handler = on_stop_signal}, ask = {.sa_handler = on_question},
                     ignore = {.sa_handler = SIG_IGN};

    sigaction(SIGUSR1, &stop, NULL);
    sigaction(SIGUSR2, &ask, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
}

/* ---- the end of a job */

struct stopwatch {
    uint64_t wall, cpu;
};

static struct stopwatch now(void)
{
    /* The clock of the only thread. After RLIMIT_CPU is set, the clock of the process only moves with the timer tick
     * (Linux 6.18, kernel/time/posix-cpu-timers.c, cpu_clock_sample_group). */
    return (struct stopwatch){clock_ns(CLOCK_MONOTONIC), clock_ns(CLOCK_THREAD_CPUTIME_ID)};
}

static void put_text_field(struct buf *out, enum field_tag tag, const struct buf *text)
{
    if (text->len && !text->failed)
        field_put(out, tag, text->data, text->len);
}

_Static_assert(BOUND_DONE < ISO_DONE_CAP, "what the engine reports fits its frame");

/* When agent code started; all zero before. */
static struct stopwatch started;

static void __attribute__((noreturn))
done(const struct engine_report *r, const struct snapshot_identity *saved)
{
    struct buf out = {0};
    struct stopwatch end = now();

    field_put_number(&out, FIELD_CODE, r->code);
    field_put_number(&out, FIELD_INTERRUPTED, (uint64_t)r->interrupted);
    put_text_field(&out, FIELD_NAME, &r->name);
    put_text_field(&out, FIELD_MESSAGE, &r->message);
    put_text_field(&out, FIELD_STACK, &r->stack);
    put_text_field(&out, FIELD_FIELDS, &r->fields);
    put_text_field(&out, FIELD_SKIPPED, &r->skipped);
    put_text_field(&out, FIELD_NEAREST, &r->nearest);
    put_text_field(&out, FIELD_FILE, &r->file);
    field_put_number(&out, FIELD_BROKEN, (uint64_t)r->broken);
    field_put_number(&out, FIELD_SOURCE, r->source);
    field_put_number(&out, FIELD_LINE, r->line);
    field_put_number(&out, FIELD_COLUMN, r->column);
    if (r->unawaited) {
        uint64_t numbers[3] = {r->unawaited, r->unawaited_function, (uint64_t)r->waited_for};
        field_put(&out, FIELD_UNAWAITED, numbers, sizeof numbers);
    }
    field_put_number(&out, FIELD_WALL_NS, started.wall ? end.wall - started.wall - waited_ns : 0);
    field_put_number(&out, FIELD_CPU_NS, started.wall ? end.cpu - started.cpu : 0);
    field_put_number(&out, FIELD_HEAP_BYTES, r->heap_bytes);
    if (saved) {
        field_put(&out, FIELD_V8, saved->v8, strlen(saved->v8));
        field_put(&out, FIELD_ENGINE, saved->engine, strlen(saved->engine));
    }
    channel_send(FRAME_DONE, out.data, out.len);
    _exit(0);
}

static void __attribute__((noreturn)) give_up(const struct iso_err *err)
{
    struct engine_report r = {.code = err->code};

    json_quote(&r.name, "Error", 5);
    json_quote(&r.message, err->msg, strlen(err->msg));
    done(&r, NULL);
}

/* ---- the job */

static void read_limits(struct job *job, const struct field *f)
{
    memcpy(job->limits.value, f->data, sizeof job->limits.value);
}

/* Adds a module; its other fields follow its specifier. */
static int add_module(struct job *job, const struct field *f)
{
    if (job->module_count == MOST_MODULES)
        return -1;
    if ((job->module_count & (job->module_count - 1)) == 0) {
        size_t room = job->module_count ? 2 * job->module_count : 1;
        struct engine_module *more = realloc(job->modules, room * sizeof *more);
        if (!more)
            return -1;
        job->modules = more;
    }
    job->modules[job->module_count++] =
        (struct engine_module){f->data, f->len, NULL, NULL, 0, 0, LANGUAGE_JAVASCRIPT};
    return 0;
}

static int language_field(enum source_language *language, const struct field *f)
{
    uint64_t number = field_number(f);

    if (number >= LANGUAGE_COUNT)
        return -1;
    *language = (enum source_language)number;
    return 0;
}

static int module_field(struct job *job, const struct field *f)
{
    struct engine_module *m = job->module_count ? &job->modules[job->module_count - 1] : NULL;

    if (!m)
        return -1;
    if (f->tag == FIELD_MODULE_NAME) {
        m->name = f->data;
        return 0;
    }
    if (f->tag == FIELD_MODULE_LANGUAGE)
        return language_field(&m->language, f);
    if (f->tag == FIELD_MODULE_STUB) {
        m->stub = (uint32_t)field_number(f);
        return 0;
    }
    m->text = f->data;
    m->len = f->len;
    return m->name ? 0 : -1;
}

/* Takes a field of a source; the text is the last one. */
static int source_field(struct job *job, struct engine_source *next, const struct field *f)
{
    if (f->tag == FIELD_SOURCE_NAME) {
        next->name = f->data;
        return 0;
    }
    if (f->tag == FIELD_SOURCE_FORM) {
        if (field_number(f) >= FORM_COUNT)
            return -1;
        next->form = (enum source_form)field_number(f);
        return 0;
    }
    if (f->tag == FIELD_SOURCE_LANGUAGE)
        return language_field(&next->language, f);
    if (!next->name || job->count == MOST_SOURCES)
        return -1;
    next->text = f->data;
    next->len = f->len;
    job->sources[job->count++] = *next;
    return 0;
}

static void way_field(struct engine_ways *w, const struct field *f)
{
    if (f->tag == FIELD_ZONE) {
        w->zone = f->data;
    } else if (f->tag == FIELD_SEED) {
        w->has_seed = 1;
        w->seed = field_number(f);
    } else {
        w->has_now = 1;
        w->now_ms = (double)(int64_t)field_number(f);
    }
}

/* The parent is trusted, but a job that does not parse must not be guessed at. */
static int read_job(struct job *job)
{
    struct engine_source next = {0};
    struct frame frame;
    struct field f;
    size_t at = 0;
    int more, bad = 0;

    channel_read_job(&job->memory, &frame);
    while ((more = field_next(frame.data, frame.len, &at, &f)) > 0 && !bad) {
        if (f.tag == FIELD_MODE)
            job->mode = field_number(&f);
        else if (f.tag == FIELD_FLAGS)
            job->flags = field_number(&f);
        else if (f.tag == FIELD_LIMITS)
            read_limits(job, &f);
        else if (f.tag == FIELD_SNAPSHOT)
            job->snapshot = f.data;
        else if (f.tag == FIELD_INSTALL)
            job->install = f;
        else if (f.tag == FIELD_REPLACE)
            job->replace = f;
        else if (f.tag == FIELD_SEED || f.tag == FIELD_NOW || f.tag == FIELD_ZONE)
            way_field(&job->ways, &f);
        else if (f.tag == FIELD_STORE)
            job->store = f;
        else if (f.tag == FIELD_CALL)
            job->call = f;
        else if (f.tag == FIELD_ARGS)
            job->args = f;
        else if (f.tag == FIELD_SPECIFIER)
            bad = add_module(job, &f);
        else if (f.tag == FIELD_MODULE_STUB || f.tag == FIELD_MODULE_NAME || f.tag == FIELD_MODULE_LANGUAGE ||
                 f.tag == FIELD_MODULE_TEXT)
            bad = module_field(job, &f);
        else if (f.tag == FIELD_SOURCE_NAME || f.tag == FIELD_SOURCE_FORM || f.tag == FIELD_SOURCE_LANGUAGE ||
                 f.tag == FIELD_SOURCE_TEXT)
            bad = source_field(job, &next, &f);
        else
            bad = -1;
    }
    return more < 0 || bad || (!job->count && !job->call.data && job->mode != JOB_ZYGOTE) || !job->snapshot
               ? -1
               : 0;
}

/* Clears the job, except for unused sources: clearing these would cost each child of a zygote six pages. */
static void forget_job(struct job *job)
{
    memset(job, 0, offsetof(struct job, sources));
}

struct mapped {
    const void *data;
    size_t len;
};

/* Maps the snapshot without reading a byte of it. There is none when a base snapshot is made. */
static int map_snapshot(struct mapped *m, struct iso_err *err)
{
    struct stat st;

    *m = (struct mapped){0};
    if (fstat(WORKER_FD_SNAPSHOT, &st) < 0)
        return errno == EBADF ? 0 : iso_fail(err, ISO_SNAPSHOT_INVALID, "the snapshot cannot be read: %m");
    m->len = (size_t)st.st_size;
    m->data = mmap(NULL, m->len, PROT_READ, MAP_PRIVATE, WORKER_FD_SNAPSHOT, 0);
    close(WORKER_FD_SNAPSHOT);
    if (m->data == MAP_FAILED)
        return iso_fail(err, ISO_SNAPSHOT_INVALID, "the snapshot cannot be mapped: %m");
    return 0;
}

static int open_engine(const struct job *job, const struct mapped *snapshot,
                       const struct snapshot_identity *here, struct engine **e, struct iso_err *err)
{
    struct engine_config cfg = {
        .limits = job->limits,
        .allow_eval = (job->flags & JOB_ALLOW_EVAL) != 0,
        .skip_unserializable = (job->flags & JOB_SKIP_UNSERIALIZABLE) != 0,
    };
    struct snapshot_view view;

    if (job->mode == JOB_BASE) {
        cfg.kind = ENGINE_BASE;
        cfg.prelude = job->sources[0].text;
        cfg.prelude_len = job->sources[0].len;
        return engine_open(&cfg, e, err);
    }
    cfg.kind = job->mode == JOB_PRECOMPILE ? ENGINE_PRECOMPILE : ENGINE_RUN;
    if (snapshot_parse(job->snapshot, snapshot->data, snapshot->len, &view, err) < 0 ||
        snapshot_check_identity(job->snapshot, &view, here, err) < 0 ||
        snapshot_verify(job->snapshot, snapshot->data, snapshot->len, err) < 0)
        return -1;
    cfg.blob = view.blob;
    cfg.blob_len = view.blob_len;
    return engine_open(&cfg, e, err);
}

static void send_blob(struct engine *e)
{
    const char *blob;
    struct iso_err err;
    size_t len;

    saving = 1;
    if (engine_save(e, (const void **)&blob, &len, &err) < 0)
        give_up(&err);
    send_pieces(channel_send, FRAME_BLOB, blob, len);
}

static void tell_started(send_fn *send, uint64_t cpu_ns, unsigned layers)
{
    uint64_t numbers[2] = {cpu_ns, layers};

    send(FRAME_STARTED, numbers, sizeof numbers);
}

static void declare_modules(struct engine *e, const struct job *job)
{
    for (size_t i = 0; i < job->module_count; i++)
        engine_declare(e, &job->modules[i]);
}

/* Does all parts of the job that may run agent code; -1 at the first failure. */
static int run_job(struct engine *e, const struct job *job, struct engine_report *report)
{
    struct engine_ways ways = job->ways;
    struct iso_err err;

    ways.turns = (job->flags & JOB_TURNS) != 0;
    ways.moves = (job->flags & JOB_CLOCK_MOVES) != 0;
    if (engine_set_ways(e, &ways, &err) < 0)
        give_up(&err);
    declare_modules(e, job);
    if (engine_bind(e, job->install.data, job->install.len, job->replace.data, job->replace.len, report) < 0)
        return -1;
    if (job->store.data && engine_open_store(e, job->store.data, job->store.len, report) < 0)
        return -1;
    for (size_t i = job->mode == JOB_BASE; i < job->count; i++) {
        struct engine_source source = job->sources[i];
        source.called = job->call.data != NULL;
        engine_report_free(report);
        if (job->flags & JOB_CHECK)
            return engine_check(e, &source, report);
        if (engine_run(e, &source, job->mode == JOB_RUN && !job->call.data, report) < 0)
            return -1;
    }
    if (job->call.data) {
        engine_report_free(report);
        if (engine_call(e, job->call.data, job->call.len, job->args.data, job->args.len, report) < 0)
            return -1;
    }
    return job->store.data ? engine_save_store(e, report) : 0;
}

/* 1 when the job is to say why the heap cannot be saved, which is in *report. */
static int explains(struct engine *e, const struct job *job, struct engine_report *report)
{
    if (job->flags & JOB_EXPLAIN)
        (void)engine_tell_unsaved(e, report);
    return (job->flags & JOB_EXPLAIN) != 0;
}

static void __attribute__((noreturn)) serve_open(struct job *job, struct engine *e, const struct lockdown *l)
{
    struct engine_report report = {0};
    struct snapshot_identity here;

    if (job->flags & JOB_PROFILE)
        engine_profile(e);
    started = now();
    /* The start of a child is the time when it gets its job, so its STARTED frame can wait for the next frame. */
    tell_started(l->zygote ? channel_hold : channel_send, started.cpu, l->layers);
    tracing = (job->flags & JOB_TRACE) != 0;
    if (tracing)
        send_phases();
    on_phase(PHASE_BIND);
    if (job->flags & JOB_EXPLAIN)
        engine_watch_unsaved(e);
    if (run_job(e, job, &report) == 0 && job->mode != JOB_RUN && !explains(e, job, &report)) {
        engine_identity(&here);
        send_blob(e);
        done(&report, &here);
    }
    done(&report, NULL);
}

static void __attribute__((noreturn))
serve(struct job *job, const struct mapped *snapshot, const struct lockdown *l)
{
    struct snapshot_identity here;
    struct engine *e;
    struct iso_err err;

    on_phase(PHASE_RESTORE);
    memory_arm(when_spent);
    engine_identity(&here);
    if (open_engine(job, snapshot, &here, &e, &err) < 0 || lockdown_finish(l, &err) < 0)
        give_up(&err);
    serve_open(job, e, l);
}

/* Runs a zygote, which sends one frame itself, when it is ready or has failed; children send their own frames. */
static void __attribute__((noreturn))
serve_children(struct job *job, const struct mapped *snapshot, const struct lockdown *l)
{
    struct snapshot_identity here;
    struct engine *e;
    struct iso_err err;

    memory_arm(when_spent);
    engine_identity(&here);
    if (open_engine(job, snapshot, &here, &e, &err) < 0 || lockdown_finish(l, &err) < 0)
        give_up(&err);
    declare_modules(e, job);
    muted = 1;
    engine_warm(e);
    if (job->call.data)
        engine_warm_prefix(e, job->call.data, job->call.len);
    hugeheap_close();
    muted = 0;
    tell_started(channel_send, now().cpu, l->layers);
    zygote_serve();
    if (lockdown_forked(l, limits_cpu_seconds(&job->limits), &err) < 0)
        give_up(&err);
    forget_job(job);
    memset(phases, 0, sizeof phases); /* drops the phases of the zygote */
    on_phase(PHASE_JOB);
    if (read_job(job) < 0 || job->mode != JOB_RUN)
        _exit(1);
    if (!(job->flags & JOB_ZYGOTE_MODULES))
        engine_undeclare(e);
    engine_forked(e, &job->limits, (job->flags & JOB_ALLOW_EVAL) != 0,
                  (job->flags & JOB_SKIP_UNSERIALIZABLE) != 0);
    serve_open(job, e, l);
}

int worker_main(int argc, char **argv, char **envp)
{
    static struct job job;
    struct lockdown l = {.want = LAYERS_ALL};
    struct engine_options boot = {.host = &host};
    struct mapped snapshot;
    struct iso_err err;

    (void)envp;
    if (argc != 9)
        _exit(2);
    boot.jitless = strcmp(argv[2], "jitless") == 0;
    boot.seed = strtoull(argv[3], NULL, 10);
    boot.memory_bytes = l.budget_bytes = strtoull(argv[4], NULL, 10);
    l.zygote = strcmp(argv[6], "zygote") == 0;
    l.layers = LAYERS_OF_PARENT | (strcmp(argv[7], "contained") == 0 ? LAYER_NAMESPACES : 0u);
    l.root = strcmp(argv[8], "root") == 0;
    l.strict = strcmp(argv[5], "strict") == 0;
    l.jit = !boot.jitless;
    l.code_bytes = l.jit ? ENGINE_CODE_RANGE : 0;
    l.saving = boot.seed != 0;
    boot.positions = l.saving && fcntl(WORKER_FD_SNAPSHOT, F_GETFD) >= 0; /* a prefix, not the prelude */
    /* The parent started this process in the folder of the installed files, for the dynamic linker. */
    if (chdir("/") < 0) {
        iso_fail(&err, ISO_SANDBOX_UNAVAILABLE, "the worker could not be locked down: chdir: %m");
        give_up(&err);
    }
    on_phase(PHASE_BOOT);
    install_signals();
    memory_stack();
    if (!l.saving) /* a saved heap depends on addresses, which V8 must then choose by its seed */
        memory_together();
    if (l.zygote) {
        hugehost_move();
        zygote_prepare();
        memory_for_children();
    }
    engine_boot(&boot);
    on_phase(PHASE_LOCKDOWN);
    if (map_snapshot(&snapshot, &err) < 0 || lockdown(&l, &err) < 0)
        give_up(&err);
    on_phase(PHASE_JOB);
    if (read_job(&job) < 0)
        _exit(1);
    if ((job.mode == JOB_ZYGOTE) != l.zygote)
        _exit(1);
    if (l.zygote)
        serve_children(&job, &snapshot, &l);
    serve(&job, &snapshot, &l);
}
