/* SPDX-License-Identifier: MIT */
#include "cli/trace.h"

#include <inttypes.h>
#include <string.h>

#include "core/clock.h"
#include "core/json.h"
#include "core/version.h"

/* Bytes of events that are collected for one write. */
#define TOGETHER (64u << 10)

int trace_open(struct trace *t, const char *path, struct iso_err *err)
{
    *t = (struct trace){.file = {.fd = -1}, .begun_ns = monotonic_ns()};
    if (!path)
        return 0;
    if (strcmp(path, "-") == 0)
        return iso_fail(err, ISO_USAGE, "--trace takes a file: standard output has the results");
    if (file_new_open(&t->file, path, err) < 0)
        return -1;
    buf_str(&t->out, "{\"displayTimeUnit\":\"ms\",\"otherData\":{\"producer\":\"iso4 " ISO4_VERSION
                     "\"},\"traceEvents\":[\n");
    return 0;
}

static void trace_broke(struct trace *t, const char *why)
{
    if (!t->fault.code)
        iso_fail(&t->fault, ISO_OUTPUT, "cannot write '%.200s': %s", t->file.path, why);
}

static void flush(struct trace *t)
{
    if (t->out.failed)
        trace_broke(t, "out of memory");
    if (!t->fault.code && t->entered) {
        fd_queue_write(&t->queue, t->out.data, t->out.len);
        if (t->queue.error)
            trace_broke(t, strerrordesc_np(t->queue.error));
    } else if (!t->fault.code) {
        (void)file_new_write(&t->file, t->out.data, t->out.len, &t->fault);
    }
    buf_reset(&t->out);
}

void trace_enter(struct trace *t, uv_loop_t *loop, void (*drained)(void *ctx), void *ctx)
{
    if (t->file.fd < 0)
        return;
    fd_queue_open(&t->queue, loop, t->file.fd, drained, ctx);
    t->entered = 1;
}

size_t trace_backlog(struct trace *t)
{
    return t->entered ? fd_queue_backlog(&t->queue) : 0;
}

void trace_leave(struct trace *t)
{
    int unread = trace_backlog(t) > 0;

    if (!t->entered)
        return;
    t->entered = 0;
    if (t->queue.error)
        trace_broke(t, strerrordesc_np(t->queue.error));
    fd_queue_close(&t->queue);
    if (unread)
        trace_abort(t);
}

/* ---- events */

static void put_us(struct trace *t, const char *key, uint64_t ns)
{
    buf_printf(&t->out, ",\"%s\":%" PRIu64 ".%03u", key, ns / 1000, (unsigned)(ns % 1000));
}

static uint64_t since(const struct trace *t, uint64_t ns)
{
    return ns > t->begun_ns ? ns - t->begun_ns : 0;
}

/* Begins an event of the current run; the caller adds members and the closing brace. */
static void begin_event(struct trace *t, const char *phase, const char *category, uint64_t ns)
{
    if (t->entered && t->out.len > TOGETHER)
        flush(t);
    buf_printf(&t->out, "%s{\"ph\":\"%s\",\"cat\":\"%s\",\"pid\":%" PRIu64 ",\"tid\":1",
               t->events++ ? ",\n" : "", phase, category, t->runs);
    put_us(t, "ts", since(t, ns));
}

/* Names the row of the run: a string as it is, other values as JSON. */
static void put_row(struct trace *t, const char *what, struct json name)
{
    begin_event(t, "M", "__metadata", 0);
    buf_printf(&t->out, ",\"name\":\"%s\",\"args\":{\"name\":", what);
    if (json_kind(name) == JSON_STRING)
        buf_add(&t->out, name.at, name.len);
    else
        json_quote(&t->out, name.at, name.len);
    buf_str(&t->out, "}}");
}

static void put_slice(struct trace *t, const char *category, const char *name, uint64_t from_ns,
                      uint64_t to_ns)
{
    begin_event(t, "X", category, from_ns);
    put_us(t, "dur", to_ns > from_ns ? to_ns - from_ns : 0);
    buf_printf(&t->out, ",\"name\":\"%s\"}", name);
}

static void put_phases(struct trace *t, const struct run_result *r)
{
    static const char *const names[] = {
#define X(id, name, ...) name,
        ISO_PHASES(X)
#undef X
    };

    for (unsigned id = 0; id < PHASE_COUNT; id++) {
        uint64_t end = r->over_ns;

        for (unsigned next = PHASE_COUNT; next-- > id + 1;)
            if (r->phases[next])
                end = r->phases[next];
        if (r->phases[id])
            put_slice(t, "phase", names[id], r->phases[id], end);
    }
}

/* ---- calls, out of the list that the RunResult has of them */

static uint64_t member_ns(struct json call, const char *name)
{
    return (uint64_t)(json_number(json_member(call, name)) * 1e6 + 0.5);
}

static int is_true(struct json call, const char *name)
{
    struct json v = json_member(call, name);

    return v.at && *v.at == 't';
}

static const char *called_kind(const struct globals *g, struct json path)
{
    for (size_t i = 0; g && i < g->count; i++)
        if (strlen(g->stubs[i].path) == path.len && memcmp(g->stubs[i].path, path.at, path.len) == 0)
            return g->stubs[i].kind->key;
    return "";
}

static void put_call_event(struct trace *t, const char *phase, struct json name, uint64_t ns)
{
    begin_event(t, phase, "call", ns);
    buf_printf(&t->out, ",\"id\":%" PRIu64 ",\"name\":%.*s", t->calls, (int)name.len, name.at);
}

static void put_call(struct trace *t, struct json call, const struct globals *globals, uint64_t start_ns)
{
    struct json name = json_member(call, "name");
    uint64_t from = start_ns + member_ns(call, "startMs"), to = from + member_ns(call, "durationMs");
    struct json args = json_member(call, "argBytes"), result = json_member(call, "resultBytes");

    t->calls++;
    put_call_event(t, "b", name, from);
    buf_printf(&t->out,
               ",\"args\":{\"kind\":\"%s\",\"outcome\":\"%s\",\"argBytes\":%.*s,\"resultBytes\":%.*s}}",
               called_kind(globals, name),
               is_true(call, "ok")        ? "returned"
               : is_true(call, "blocked") ? "blocked"
               : is_true(call, "pending") ? "pending"
                                          : "failed",
               (int)args.len, args.at, (int)result.len, result.at);
    put_call_event(t, "e", name, to);
    buf_byte(&t->out, '}');
}

static void put_traced_calls(struct trace *t, const struct globals *globals, const struct run_result *r)
{
    struct buf list = {0};
    struct json call;

    if (!r->calls.len)
        return;
    buf_byte(&list, '[');
    buf_add(&list, r->calls.data, r->calls.len);
    buf_byte(&list, ']');
    for (struct json_walk w = json_walk((struct json){list.data, list.len});
         !list.failed && json_next(&w, NULL, &call);)
        put_call(t, call, globals, r->started_ns);
    t->out.failed |= list.failed;
    buf_free(&list);
}

static void put_strips(struct trace *t, const struct run_result *r)
{
    uint64_t both[2];

    for (size_t at = 0; at + sizeof both <= r->strips.len; at += sizeof both) {
        memcpy(both, r->strips.data + at, sizeof both);
        put_slice(t, "strip", "strip", both[0], both[1]);
    }
}

void trace_run(struct trace *t, const struct traced *run, const struct run_result *r)
{
    uint64_t spawned = r->phases[PHASE_SPAWN], over = r->over_ns ? r->over_ns : monotonic_ns();

    if (t->file.fd < 0)
        return;
    t->runs++;
    put_row(t, "process_name", run->name);
    put_row(t, "thread_name", (struct json){"\"run\"", 5});
    begin_event(t, "X", "run", run->begun_ns);
    put_us(t, "dur", over > run->begun_ns ? over - run->begun_ns : 0);
    buf_str(&t->out, ",\"name\":\"run\",\"args\":{\"id\":");
    buf_add(&t->out, run->name.at, run->name.len);
    buf_printf(&t->out, ",\"outcome\":\"%s\"}}", iso_code_name(r->code));
    if (spawned > run->begun_ns)
        put_slice(t, "phase", "queue", run->begun_ns, spawned);
    put_phases(t, r);
    put_strips(t, r);
    put_traced_calls(t, run->globals, r);
}

/* ---- the end */

int trace_close(struct trace *t, struct iso_err *err)
{
    if (t->file.fd < 0)
        return 0;
    buf_str(&t->out, "\n]}\n");
    flush(t);
    if (t->fault.code) {
        *err = t->fault;
        trace_abort(t);
        return -1;
    }
    buf_free(&t->out);
    return file_new_commit(&t->file, err);
}

void trace_abort(struct trace *t)
{
    if (t->file.fd >= 0)
        file_new_abort(&t->file);
    buf_free(&t->out);
}
