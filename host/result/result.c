/* SPDX-License-Identifier: MIT */
/* Collects a result: checks every frame of a worker before it keeps any part of it. */
#include "host/result/result.h"

#include <inttypes.h>
#include <string.h>

#include "core/file.h"
#include "core/json.h"
#include "host/hint/codeframe.h"
#include "host/hint/hint.h"
#include "host/result/store.h"

/* Larger than any heap that precompile's memory limits allow to be saved. */
#define BLOB_MOST (1u << 30)

/* Most DROPPED frames. An honest worker sends one at each power of two, and one at the end of each source. */
#define MOST_DROP_FRAMES 4096

static const char *const stream_names[] = {"stdout", "stderr"};

void result_init(struct run_result *r, const struct limits *limits)
{
    *r = (struct run_result){.code = ISO_INTERNAL};
    r->exports.cap = limit_bytes(limits, LIMIT_EXPORT);
    r->blob.cap = BLOB_MOST;
}

void result_free(struct run_result *r)
{
    struct buf *all[] = {&r->message, &r->name, &r->stack,   &r->fields,     &r->skipped,
                         &r->nearest, &r->file, &r->exports, &r->streams[0], &r->streams[1],
                         &r->calls,   &r->blob, &r->strips,  &r->pending,    &r->store};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        buf_free(all[i]);
}

static void drop_error(struct run_result *r)
{
    struct buf *error[] = {&r->message, &r->name, &r->stack, &r->fields, &r->skipped, &r->nearest, &r->file};

    for (size_t i = 0; i < sizeof error / sizeof *error; i++)
        buf_reset(error[i]);
    r->source = r->line = r->column = r->wall_ns = r->cpu_ns = r->heap_bytes = r->unawaited = 0;
    r->code = ISO_INTERNAL;
    r->interrupted = INTERRUPTED_NOT;
    *r->v8 = *r->engine = 0;
}

static int broken_result(struct iso_err *err, const char *what)
{
    return iso_fail(err, ISO_INTERNAL, "the worker broke the protocol: %s", what);
}

static int take_console(struct run_result *r, const struct limits *limits, const struct frame *f,
                        struct iso_err *err)
{
    static const enum limit_id ids[] = {LIMIT_STDOUT, LIMIT_STDERR};
    int stream;

    if (f->len < 3 || (unsigned char)f->data[0] > 1)
        return broken_result(err, "a console frame without a stream");
    stream = f->data[0];
    if (json_check_tight(f->data + 1, f->len - 1, JSON_STRING) < 0)
        return broken_result(err, "a console entry that is no JSON string");
    r->kept[stream] += json_string_bytes(f->data + 1, f->len - 1) + 1;
    if (r->kept[stream] > limit_bytes(limits, ids[stream]))
        return broken_result(err, "console entries over the limit");
    if (r->streams[stream].len)
        buf_byte(&r->streams[stream], ',');
    buf_add(&r->streams[stream], f->data + 1, f->len - 1);
    return r->streams[stream].failed ? iso_fail(err, ISO_INTERNAL, "out of memory") : 0;
}

static int take_dropped(struct run_result *r, const struct frame *f, struct iso_err *err)
{
    uint64_t count;

    if (f->len != 9 || (unsigned char)f->data[0] > 1)
        return broken_result(err, "a malformed count of dropped entries");
    memcpy(&count, f->data + 1, sizeof count);
    if (count < r->dropped[(int)f->data[0]] || count > INT64_MAX || ++r->drop_frames > MOST_DROP_FRAMES)
        return broken_result(err, "a count of dropped entries that makes no sense");
    r->dropped[(int)f->data[0]] = count;
    return 0;
}

static int take_phase(struct run_result *r, const struct frame *f, struct iso_err *err)
{
    static const unsigned char of_worker[] = {
#define X(id, name, worker) worker,
        ISO_PHASES(X)
#undef X
    };
    unsigned id = f->len == 9 ? (unsigned char)f->data[0] : PHASE_COUNT;

    if (!r->traced || id >= PHASE_COUNT || !of_worker[id])
        return broken_result(err, "a malformed phase, or one that was not requested");
    for (unsigned later = id; later < PHASE_COUNT; later++)
        if (r->phases[later])
            return broken_result(err, "phases in the wrong order");
    memcpy(&r->phases[id], f->data + 1, sizeof r->phases[id]);
    return 0;
}

void result_add_strip(struct run_result *r, uint64_t begun_ns, uint64_t ended_ns)
{
    uint64_t both[2] = {begun_ns, ended_ns};

    buf_add(&r->strips, both, sizeof both);
}

void result_settle_phases(struct run_result *r)
{
    uint64_t least = 0;

    for (unsigned id = 0; id < PHASE_COUNT; id++) {
        if (!r->phases[id])
            continue;
        if (r->phases[id] < least)
            r->phases[id] = least;
        if (r->phases[id] > r->over_ns)
            r->phases[id] = r->over_ns;
        least = r->phases[id];
    }
}

static int take_json(struct buf *to, const struct field *f)
{
    enum field_form form = field_form(f->tag);
    enum json_kind want = form == FORM_OF_STRING  ? JSON_STRING
                          : form == FORM_OF_ARRAY ? JSON_ARRAY
                                                  : JSON_OBJECT;

    if (json_check_tight(f->data, f->len, want) < 0)
        return -1;
    return buf_add(to, f->data, f->len);
}

/* Copies a version or an id, which must be printable and shorter than `size`. */
static int take_text(char *to, size_t size, const struct field *f)
{
    if (f->len >= size)
        return -1;
    for (size_t i = 0; i < f->len; i++)
        if (f->data[i] <= ' ' || f->data[i] > '~')
            return -1;
    memset(to, 0, size);
    memcpy(to, f->data, f->len);
    return 0;
}

static int take_code(struct run_result *r, const struct field *f)
{
    uint64_t code = field_number(f);

    if (code != ISO_OK && (code > INT32_MAX || !iso_code_from_worker((unsigned)code)))
        return -1;
    r->code = (enum iso_code)code;
    return 0;
}

static int take_unawaited(struct run_result *r, const struct field *f)
{
    uint64_t numbers[3];

    memcpy(numbers, f->data, sizeof numbers);
    r->unawaited = numbers[0];
    r->unawaited_function = numbers[1];
    r->waited_for = numbers[2] != 0;
    return numbers[0] == 0 || numbers[0] > ISO_MOST_CALLS ? -1 : 0;
}

/* The places in a result for numbers and JSON texts; NULL for other fields. */
static uint64_t *kept_number(struct run_result *r, enum field_tag tag)
{
    switch (tag) {
    case FIELD_SOURCE:
        return &r->source;
    case FIELD_LINE:
        return &r->line;
    case FIELD_COLUMN:
        return &r->column;
    case FIELD_WALL_NS:
        return &r->wall_ns;
    case FIELD_CPU_NS:
        return &r->cpu_ns;
    case FIELD_HEAP_BYTES:
        return &r->heap_bytes;
    default:
        return NULL;
    }
}

static struct buf *kept_json(struct run_result *r, enum field_tag tag)
{
    switch (tag) {
    case FIELD_NAME:
        return &r->name;
    case FIELD_MESSAGE:
        return &r->message;
    case FIELD_STACK:
        return &r->stack;
    case FIELD_FIELDS:
        return &r->fields;
    case FIELD_SKIPPED:
        return &r->skipped;
    case FIELD_NEAREST:
        return &r->nearest;
    case FIELD_FILE:
        return &r->file;
    default:
        return NULL;
    }
}

static int take_field(struct run_result *r, const struct field *f)
{
    uint64_t *number = kept_number(r, f->tag);
    struct buf *text = kept_json(r, f->tag);

    if (number)
        *number = field_number(f);
    if (text)
        return take_json(text, f);
    switch (f->tag) {
    case FIELD_CODE:
        return take_code(r, f);
    case FIELD_INTERRUPTED:
        if (field_number(f) > INTERRUPTED_RUNNING)
            return -1;
        r->interrupted = (enum interrupted)field_number(f);
        return 0;
    case FIELD_BROKEN:
        r->broken = field_number(f) != 0;
        return 0;
    case FIELD_UNAWAITED:
        return take_unawaited(r, f);
    case FIELD_V8:
        return take_text(r->v8, sizeof r->v8, f);
    case FIELD_ENGINE:
        return take_text(r->engine, sizeof r->engine, f);
    default:
        return number ? 0 : -1; /* the field of a job */
    }
}

static int take_fields(struct run_result *r, const struct frame *f)
{
    uint64_t seen = 0;
    struct field field;
    size_t at = 0;
    int more;

    while ((more = field_next(f->data, f->len, &at, &field)) > 0) {
        if (seen & 1ull << field.tag || take_field(r, &field) < 0)
            return -1;
        seen |= 1ull << field.tag;
    }
    return more < 0 || !(seen & 1ull << FIELD_CODE) ? -1 : 0;
}

/* NULL, or the contradiction between the fields of a result, each of which is valid. */
static const char *contradiction(const struct run_result *r, enum job_mode mode)
{
    /* Before the start no agent code can have failed, only iso4 and its sandbox. */
    if (!r->started && iso_code_exit(r->code) != 3)
        return "the result of a run that has not started";
    if (mode == JOB_RUN && (r->code == ISO_PREFIX_DID_NOT_SETTLE || r->code == ISO_PREFIX_NOT_SERIALIZABLE ||
                            r->code == ISO_PREFIX_BRIDGE_CALL))
        return "the failure of a prefix where there is none";
    /* For a run that the parent or the memory budget ended, the supervisor sets code and message. */
    if (r->code != ISO_OK)
        return r->interrupted || r->code == ISO_MEMORY_LIMIT || (r->name.len && r->message.len)
                   ? NULL
                   : "a failure that does not say what failed";
    if (r->has_store && !r->store.len)
        return "a result without its store";
    if (mode == JOB_RUN && r->called && r->exports.len == 0)
        return NULL; /* no value: the called export returned undefined */
    if (mode == JOB_RUN)
        return json_check_tight(r->exports.data, r->exports.len, r->called ? JSON_ANY : JSON_OBJECT) < 0
                   ? "exports that are no JSON"
                   : NULL;
    return r->blob.len && *r->v8 && *r->engine ? NULL : "a snapshot that is not whole";
}

static int take_done(struct run_result *r, enum job_mode mode, const struct frame *f, struct iso_err *err)
{
    const char *wrong = take_fields(r, f) < 0 ? "a malformed result" : contradiction(r, mode);

    if (!wrong)
        return 0;
    drop_error(r); /* no part of an invalid result is trusted */
    return broken_result(err, wrong);
}

static int take_piece(struct buf *to, const struct frame *f, struct iso_err *err)
{
    if (f->len == 0)
        return broken_result(err, "an empty piece of data");
    return buf_add(to, f->data, f->len) < 0 ? broken_result(err, "more data than the limits allow") : 0;
}

static int take_store(struct run_result *r, const struct frame *f, struct iso_err *err)
{
    if (!r->has_store || r->store.len || store_check_writes(f->data, f->len) < 0)
        return broken_result(err, "a malformed store, or one where there is none");
    return buf_add(&r->store, f->data, f->len) < 0 ? iso_fail(err, ISO_INTERNAL, "out of memory") : 0;
}

static int take_started(struct run_result *r, const struct frame *f, struct iso_err *err)
{
    if (r->started || f->len != 16)
        return broken_result(err, "a second or malformed start");
    memcpy(&r->boot_cpu_ns, f->data, 8);
    memcpy(&r->layers, f->data + 8, 8);
    r->started = 1;
    return 0;
}

static void take_fatal(struct run_result *r, const struct frame *f)
{
    for (size_t i = 0; i < f->len && i < sizeof r->fatal - 1; i++)
        r->fatal[i] = f->data[i] >= ' ' && f->data[i] <= '~' ? f->data[i] : '?';
}

int result_frame(struct run_result *r, const struct limits *limits, enum job_mode mode, const struct frame *f,
                 enum result_step *step, struct iso_err *err)
{
    *step = RESULT_MORE;
    if (r->last)
        return broken_result(err, "a frame after the last one");
    if (!r->started && f->type != FRAME_STARTED && f->type != FRAME_DONE && f->type != FRAME_MEMORY &&
        f->type != FRAME_FATAL)
        return broken_result(err, "results before the start");
    switch (f->type) {
    case FRAME_STARTED:
        *step = RESULT_STARTED;
        return take_started(r, f, err);
    case FRAME_CONSOLE:
        return take_console(r, limits, f, err);
    case FRAME_DROPPED:
        return take_dropped(r, f, err);
    case FRAME_PHASE:
        return take_phase(r, f, err);
    case FRAME_STRIP: /* the supervisor answers it */
        *step = RESULT_STRIP;
        return 0;
    case FRAME_PROFILE: /* the supervisor refuses it when no profile was requested */
        *step = RESULT_PROFILE;
        return 0;
    case FRAME_CALL:
    case FRAME_BLOCKED:
    case FRAME_CANCEL:
    case FRAME_WAIT: /* the bridge checks them */
        *step = f->type == FRAME_CALL      ? RESULT_CALL
                : f->type == FRAME_BLOCKED ? RESULT_BLOCKED
                : f->type == FRAME_CANCEL  ? RESULT_CANCEL
                                           : RESULT_WAIT;
        return mode == JOB_RUN ? 0 : broken_result(err, "a call of a prefix");
    case FRAME_EXPORTS:
        return mode == JOB_RUN ? take_piece(&r->exports, f, err) : broken_result(err, "exports of a prefix");
    case FRAME_STORE:
        return take_store(r, f, err);
    case FRAME_BLOB:
        return mode != JOB_RUN ? take_piece(&r->blob, f, err) : broken_result(err, "a snapshot of a run");
    case FRAME_DONE:
        r->last = FRAME_DONE;
        *step = RESULT_LAST;
        return take_done(r, mode, f, err);
    case FRAME_MEMORY:
        r->last = FRAME_MEMORY;
        *step = RESULT_LAST;
        return 0;
    case FRAME_FATAL:
        r->last = FRAME_FATAL;
        *step = RESULT_LAST;
        take_fatal(r, f);
        return 0;
    default:
        return broken_result(err, "a frame that only the parent sends");
    }
}

void result_fail(struct run_result *r, enum iso_code code, const char *message)
{
    struct buf *gone[] = {&r->message, &r->name,    &r->fields, &r->skipped, &r->nearest,
                          &r->file,    &r->exports, &r->blob,   &r->store};

    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
        buf_reset(gone[i]);
    r->code = code;
    json_quote(&r->name, "Error", 5);
    json_quote(&r->message, message, strlen(message));
}

/* ---- printing */

static void put_result_member(struct buf *out, const char *key, const struct buf *json)
{
    if (json->len == 0)
        return;
    buf_printf(out, ",\"%s\":", key);
    buf_add(out, json->data, json->len);
}

/* Turns a checked JSON string into a C string; "" when there is none. */
static void to_text(struct buf *text, const struct buf *literal)
{
    if (literal->len)
        json_string_to_text(text, literal->data, literal->len);
    buf_byte(text, 0);
}

static void put_result_text(struct buf *out, const char *key, const struct buf *text)
{
    if (text->len == 0)
        return;
    buf_printf(out, ",\"%s\":", key);
    json_quote(out, text->data, text->len);
}

/* The source of the position, if the parent has it; else NULL. */
static const struct source *positioned(const struct run_result *r, const struct result_print *how)
{
    uint64_t import = r->source - FRAME_FIRST_IMPORT;

    if (r->source >= 1 && r->source <= how->count)
        return &how->sources[r->source - 1];
    if (r->source >= FRAME_FIRST_IMPORT && how->imports && import < how->imports->count &&
        how->imports->list[import].source.name)
        return &how->imports->list[import].source;
    return NULL;
}

/* Prints line and column, and the file when it is not the agent's. */
static void print_place(const struct run_result *r, const struct source *source, struct buf *out)
{
    AUTO_BUF struct buf text = {0};

    if ((!source && !r->file.len) || !r->line || !r->column || r->line >= INT32_MAX || r->column >= INT32_MAX)
        return;
    if (source && r->source > 1) {
        buf_str(out, ",\"file\":");
        json_quote(out, source->name, strlen(source->name));
    } else if (!source) {
        put_result_member(out, "file", &r->file);
    }
    buf_printf(out, ",\"line\":%" PRIu64 ",\"column\":%" PRIu64, r->line, r->column);
    if (source)
        codeframe(&text, source, r->line, r->column);
    put_result_text(out, "frame", &text);
    out->failed |= text.failed;
}

void result_print_error(const struct run_result *r, const struct result_print *how, struct buf *out)
{
    const struct source *source = positioned(r, how);
    struct buf message = {0}, nearest = {0}, text = {0};
    struct hint_about about;

    buf_printf(out, "\"error\":{\"code\":\"%s\"", iso_code_name(r->code));
    buf_printf(out, ",\"origin\":\"%s\"", iso_code_origin(r->code, r->broken));
    put_result_member(out, "name", &r->name);
    put_result_member(out, "message", &r->message);
    put_result_member(out, "stack", &r->stack);
    put_result_member(out, "fields", &r->fields);
    print_place(r, source, out);
    to_text(&message, &r->message);
    to_text(&nearest, &r->nearest);
    about = (struct hint_about){.code = r->code,
                                .message = message.failed ? "" : message.data,
                                .nearest = nearest.failed ? "" : nearest.data,
                                .source = source       ? source
                                          : how->count ? &how->sources[0]
                                                       : NULL,
                                .line = source ? r->line : 0,
                                .column = source ? r->column : 0,
                                .imports = how->imports,
                                .globals = how->globals,
                                .waiting = r->waiting,
                                .busy = r->interrupted == INTERRUPTED_RUNNING,
                                .prefix = how->prefix};
    hint(&text, &about);
    put_result_text(out, "hint", &text);
    buf_byte(out, '}');
    out->failed |= message.failed | nearest.failed | text.failed;
    buf_free(&message);
    buf_free(&nearest);
    buf_free(&text);
}

void result_print_streams(const struct run_result *r, struct buf *out)
{
    for (int i = 0; i < 2; i++) {
        buf_printf(out, ",\"%s\":[", stream_names[i]);
        buf_add(out, r->streams[i].data, r->streams[i].len);
        buf_byte(out, ']');
    }
}

void result_print_ms(struct buf *out, const char *key, uint64_t ns)
{
    uint64_t us = (ns + 500) / 1000;

    buf_printf(out, ",\"%s\":%" PRIu64 ".%03" PRIu64, key, us / 1000, us % 1000);
}

static int printed_nothing(const struct run_result *r)
{
    return !r->streams[0].len && !r->streams[1].len && !r->dropped[0] && !r->dropped[1];
}

static void print_hint(const struct run_result *r, const struct result_print *how, struct buf *out)
{
    int exports_nothing = r->exports.len == 2 && memcmp(r->exports.data, "{}", 2) == 0;
    struct hint_completed about = {
        .unawaited = r->unawaited,
        .waited_for = r->waited_for,
        .waiting = r->waiting,
        .source = positioned(r, how),
        .line = r->line,
        .column = r->column,
        .nothing = !r->called && !r->skipped.len && exports_nothing && printed_nothing(r),
    };
    AUTO_BUF struct buf text = {0};

    hint_completed(&text, &about);
    put_result_text(out, "hint", &text);
    out->failed |= text.failed;
}

static void print_pending(const struct run_result *r, struct buf *out)
{
    buf_str(out, ",\"pending\":[");
    buf_add(out, r->pending.len ? r->pending.data : "", r->pending.len);
    buf_byte(out, ']');
}

int result_print(const struct run_result *r, const struct result_print *how, struct buf *out)
{
    static const char *const dropped[] = {"droppedStdout", "droppedStderr"};
    int ok = r->code == ISO_OK, is_paused = r->code == ISO_APPROVAL_PENDING;

    buf_printf(out, "{\"ok\":%s,\"status\":\"%s\"", ok ? "true" : "false",
               ok                       ? "completed"
               : r->code == ISO_ABORTED ? "aborted"
               : is_paused              ? "paused"
                                        : "failed");
    if (how->file) {
        buf_str(out, ",\"file\":");
        json_quote(out, how->file, strlen(how->file));
    }
    if (ok) {
        put_result_member(out, r->called ? "value" : "exports", &r->exports);
        if (how->skipping && !r->skipped.len)
            buf_str(out, ",\"skippedExports\":[]");
        put_result_member(out, "skippedExports", &r->skipped);
        print_hint(r, how, out);
    } else {
        buf_byte(out, ',');
        result_print_error(r, how, out);
    }
    result_print_streams(r, out);
    for (int i = 0; i < 2; i++)
        if (r->dropped[i])
            buf_printf(out, ",\"%s\":%" PRIu64, dropped[i], r->dropped[i]);
    if (r->truncated.len) {
        buf_str(out, ",\"truncated\":[");
        buf_add(out, r->truncated.data, r->truncated.len);
        buf_byte(out, ']');
    }
    result_print_ms(out, "durationMs", r->wall_ns);
    result_print_ms(out, "cpuTimeMs", r->cpu_ns);
    if (r->strip_ns)
        result_print_ms(out, "stripMs", r->strip_ns);
    buf_printf(out, ",\"heapUsedBytes\":%" PRIu64 ",\"bridgeCalls\":[", r->heap_bytes);
    buf_add(out, r->calls.data, r->calls.len);
    buf_byte(out, ']');
    if (is_paused)
        print_pending(r, out);
    if (ok)
        put_result_member(out, "storeWrites", &r->store);
    if (r->unlisted_calls)
        buf_printf(out, ",\"unlistedBridgeCalls\":%" PRIu64, r->unlisted_calls);
    buf_byte(out, '}');
    out->failed |= r->calls.failed | r->pending.failed;
    return out->failed ? -1 : 0;
}
