/* SPDX-License-Identifier: MIT */
#include "cli/runs.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/messages.h"
#include "cli/stream.h"
#include "cli/timings.h"
#include "core/clock.h"
#include "core/file.h"
#include "core/json.h"
#include "core/terminal.h"
#include "host/io/loop_turns.h"
#include "host/io/signals.h"
#include "host/result/fit.h"
#include "host/run/processors.h"
#include "host/run/stripper.h"

/* Bytes of results, and number of jobs taken but not printed, from which on no new run is started. Results wait for a
 * slow reader, or for an earlier result. */
#define MOST_BACKLOG (8u << 20)
#define MOST_AHEAD   16 /* times the runs at a time */
/* Time that running jobs get to end after the first signal. */
#define DRAIN_MS 5000
/* Stop after this many jobs in a row whose agents never began through a fault of iso4: later ones would fail, too. */
#define MOST_UNSTARTED 3
#define PROGRESS_MS    200
#define MOST_JOBS      512

struct runs {
    struct runs_config cfg;
    uv_loop_t *loop;
    struct pool *pool;
    struct stripper *stripper;
    unsigned jobs, printed_ahead;
    struct fd_queue out;
    int on_terminal; /* results are printed to a terminal */
    struct signals signals;
    uv_timer_t drain, ticker;
    struct job *first, **end; /* jobs taken but not printed yet, in order */
    uint64_t number, done, failed, begun_ns;
    unsigned ahead;   /* jobs in that list */
    unsigned loading; /* those of them that are being loaded in threads */
    size_t held;      /* bytes of their results */
    int status, signal, hurried, input_ended, closing, taking, gave_up, shows_progress;
    unsigned unstarted;        /* jobs in a row that could not start */
    struct iso_err stopped_by; /* .code set: why no run can be started any more */
    struct timings timings;
    struct loop_turns turns; /* with --timings */
};

/* ---- jobs */

static void free_job(struct job *j)
{
    spec_free(&j->spec);
    buf_free(&j->text);
    buf_free(&j->line);
    buf_free(&j->label);
    buf_free(&j->to_cancel);
    free(j);
}

static const struct declarations *declared_for(const struct job *j)
{
    return j->spec.own_globals ? &j->spec.declared : j->many->cfg.declared;
}

/* Runs of `batch` are named by their ids, those of `run` by their files. */
static struct json label_of(struct job *j)
{
    if (!j->file)
        return j->id.at ? j->id : (struct json){"null", 4};
    if (!j->label.len)
        json_quote(&j->label, j->file, strlen(j->file));
    return j->label.failed ? (struct json){"null", 4} : (struct json){j->label.data, j->label.len};
}

static void on_job_console(void *ctx, int stream, const char *literal, size_t len)
{
    const struct job *j = ctx;

    stream_console_event(j->task.request.label, stream, literal, len);
}

static void on_job_call(void *ctx, const struct bridge_call_event *event)
{
    struct job *j = ctx;

    j->task.observed = 1;
    stream_call_event(j->task.request.label, event);
}

static void make_request(struct job *j)
{
    const struct runs_config *cfg = &j->many->cfg;
    struct run_request *q = &j->task.request;

    *q = run_as_asked(cfg->options);
    spec_request(&j->spec, cfg->declared, q);
    q->paths = cfg->paths;
    q->snapshot_fd = cfg->snapshot_fd;
    q->stripper = j->many->stripper;
    q->label = label_of(j);
    if (stream_has_events(cfg->options)) {
        q->on_console = on_job_console;
        q->on_call = on_job_call;
    }
    if (!j->has_id) /* a job of batch has its own approver */
        q->approver = cfg->approver;
}

/* ---- results */

static void print_line(struct runs *m, const struct buf *line)
{
    AUTO_BUF struct buf safe = {0};

    if (m->on_terminal) {
        terminal_source(&safe, line->data, line->len);
        line = &safe;
        m->out.error = safe.failed ? ENOMEM : m->out.error;
    }
    fd_queue_write(&m->out, line->data, line->len);
}

static void print_ready(struct runs *m)
{
    struct job *j;

    while ((j = m->first) && j->ended) {
        m->first = j->next;
        if (!m->first)
            m->end = &m->first;
        m->ahead--;
        m->held -= j->line.len;
        print_line(m, &j->line);
        free_job(j);
    }
}

static void unlink_job(struct runs *m, struct job *j)
{
    for (struct job **at = &m->first; *at; at = &(*at)->next)
        if (*at == j) {
            *at = j->next;
            if (!*at)
                m->end = at;
            m->ahead--;
            return;
        }
}

/* Adds the job's meta at the end of the RunResult, a JSON object. */
static void put_meta(struct job *j)
{
    struct json meta = j->parts.meta;

    if (!meta.at || j->line.failed || j->line.len == 0)
        return;
    j->line.len--;
    buf_str(&j->line, ",\"meta\":");
    buf_add(&j->line, meta.at, meta.len);
    buf_byte(&j->line, '}');
}

/* Inserts the record before the '}' that ends the line. */
static void put_record(struct job *j)
{
    if (!j->line.failed && j->line.len)
        j->line.len--;
    recorded_print(&j->spec.recorded, &j->line);
    buf_byte(&j->line, '}');
}

static void make_line(struct job *j, const struct run_result *result)
{
    const struct runs_config *cfg = &j->many->cfg;
    struct result_print how = {
        .file = j->file,
        .sources = &j->spec.source,
        .count = j->spec.no_source || !j->spec.source.name ? 0 : 1,
        .imports = &declared_for(j)->imports,
        .globals = &declared_for(j)->globals,
        .skipping = cfg->options->value[OPTION_SKIP] != NULL,
    };
    struct buf text = {0};

    result_print(result, &how, &text);
    if (j->has_id) {
        buf_str(&j->line, "{\"id\":");
        buf_add(&j->line, j->id.at ? j->id.at : "null", j->id.at ? j->id.len : 4);
        buf_byte(&j->line, ',');
        buf_add(&j->line, text.data + 1, text.len - 1);
    } else {
        buf_add(&j->line, text.data, text.len);
    }
    put_record(j);
    put_meta(j);
    buf_byte(&j->line, '\n');
    if (text.failed || j->line.failed)
        j->many->out.error = ENOMEM;
    buf_free(&text);
}

static void trace_job(struct job *j, const struct run_result *result)
{
    AUTO_BUF struct buf name = {0};
    struct traced run = {j->id, j->begun_ns, &declared_for(j)->globals};

    if (j->file)
        json_quote(&name, j->file, strlen(j->file));
    else if (!j->id.at)
        buf_printf(&name, "%" PRIu64, j->number);
    if (name.len)
        run.name = (struct json){name.data, name.len};
    trace_run(j->many->cfg.trace, &run, result);
}

static void finish_job(struct job *j, struct run_result *result)
{
    struct runs *m = j->many;
    struct iso_err err;
    int exit_status;

    if (recorded_end(&j->spec.recorded, result, &err) < 0)
        m->out.error = ENOMEM;
    result_fit(result, j->spec.limits.value[LIMIT_OUTPUT], m->cfg.options->value[OPTION_SPILL]);
    exit_status = iso_code_exit(result->code);
    if (exit_status == 2) /* an invalid job counts as a failed one */
        exit_status = 1;
    if (m->cfg.options->value[OPTION_VERBOSE])
        say_layers(result);
    if (m->cfg.options->value[OPTION_TRACE])
        trace_job(j, result);
    make_line(j, result);
    m->done++;
    m->failed += result->code != ISO_OK;
    m->status = iso_worse_exit(m->status, exit_status);
    timings_add(&m->timings, j->begun_ns, monotonic_ns());
    j->ended = 1;
    if (m->cfg.ordered) {
        m->held += j->line.len;
        print_ready(m);
        return;
    }
    print_line(m, &j->line);
    unlink_job(m, j);
    free_job(j);
}

static void close_runs(struct runs *m);

/* Takes no more jobs; waiting jobs are dropped without a result, running ones may end. */
static void stop_for(struct runs *m, const struct run_result *result)
{
    AUTO_BUF struct buf text = {0};

    if (result->message.len)
        json_string_to_text(&text, result->message.data, result->message.len);
    iso_fail(&m->stopped_by, result->code, "%.*s", (int)text.len, text.len ? text.data : "");
    m->input_ended = 1;
    m->cfg.stop(m->cfg.ctx);
    pool_drain(m->pool);
}

static void count_unstarted(struct runs *m, const struct run_result *result)
{
    if (result->begun || iso_code_final(result->code))
        m->unstarted = 0;
    else if (result->code != ISO_ABORTED && ++m->unstarted >= MOST_UNSTARTED && m->cfg.stops &&
             !m->stopped_by.code)
        stop_for(m, result);
}

/* Drops a job without a result: its agent has not begun, and the batch has stopped. */
static void drop_job(struct job *j)
{
    struct runs *m = j->many;

    unlink_job(m, j);
    free_job(j);
    if (m->cfg.ordered)
        print_ready(m);
}

static void on_job_done(struct pool_task *task, struct run_result *result)
{
    struct job *j = (struct job *)task; /* the task is the job's first member */
    struct runs *m = j->many;

    if (m->stopped_by.code && result->code == ISO_ABORTED && !result->begun) {
        drop_job(j);
    } else {
        finish_job(j, result);
        count_unstarted(m, result);
    }
    runs_more(m);
}

static void finish_unrunnable(struct job *j)
{
    struct run_result result;

    result_init(&result, &j->spec.limits);
    result_fail(&result, j->fault.code, j->fault.msg);
    finish_job(j, &result);
    result_free(&result);
}

/* ---- taking jobs */

/* Bytes that wait for the readers of results and of the trace. */
static size_t unread(struct runs *m)
{
    return fd_queue_backlog(&m->out) + trace_backlog(m->cfg.trace);
}

static int has_room(struct runs *m)
{
    /* Jobs that run one at a time run in the order of the input: the next one waits until this one is loaded. */
    if (m->jobs == 1 && m->loading > 0)
        return 0;
    /* Takes one job more than can run, so that a worker that becomes free always finds one. */
    return !m->input_ended && !m->out.error && pool_load(m->pool) + m->loading < m->jobs + 1 &&
           m->ahead < m->jobs * MOST_AHEAD && unread(m) + m->held < MOST_BACKLOG;
}

static void start_job(struct job *j)
{
    struct runs *m = j->many;

    if (j->cancelled && !j->fault.code)
        iso_fail(&j->fault, ISO_ABORTED, "the run was cancelled before it began");
    if (j->fault.code) {
        finish_unrunnable(j);
        return;
    }
    make_request(j);
    j->task.done = on_job_done;
    j->task.alone = m->cfg.alone;
    pool_add(m->pool, &j->task);
}

static int has_id(const struct job *j, struct json id)
{
    return j->id.at && json_equal(j->id, id) == 1;
}

/* Cancels the job if a line has done so while the job was loading. */
static void settle_cancel(struct job *j)
{
    struct json id;

    j->is_loading = 0;
    if (!j->to_cancel.len)
        return;
    buf_byte(&j->to_cancel, ']');
    for (struct json_walk w = json_walk((struct json){j->to_cancel.data, j->to_cancel.len});
         !j->to_cancel.failed && json_next(&w, NULL, &id);)
        j->cancelled |= has_id(j, id);
}

/* The next job that has the id and is with the pool. */
static struct job *find_cancelled(const struct runs *m, struct json id)
{
    struct job *j = m->first;

    while (j && (j->ended || j->cancelled || j->is_loading || !has_id(j, id)))
        j = j->next;
    return j;
}

void runs_cancel(struct runs *m, struct json id)
{
    struct job *j;

    for (j = m->first; j; j = j->next)
        if (j->is_loading) { /* a thread may be writing its id */
            buf_byte(&j->to_cancel, j->to_cancel.len ? ',' : '[');
            buf_add(&j->to_cancel, id.at, id.len);
        }
    while ((j = find_cancelled(m, id))) {
        j->cancelled = 1;
        pool_cancel(m->pool, &j->task);
    }
}

static void on_load(uv_work_t *request)
{
    struct job *j = request->data;

    j->load(j);
}

static void on_loaded(uv_work_t *request, int status)
{
    struct job *j = request->data;
    struct runs *m = j->many;

    (void)status; /* nothing cancels the request */
    m->loading--;
    settle_cancel(j);
    if (m->hurried || m->out.error)
        iso_fail(&j->fault, ISO_ABORTED, "the run was interrupted");
    if (m->cfg.unwanted && m->cfg.unwanted(m->cfg.ctx, j))
        drop_job(j);
    else
        start_job(j);
    runs_more(m);
}

/* Starts job->load() in a thread, because slow files and long lines must not block the event loop. */
static void load(struct runs *m, struct job *j)
{
    m->loading++;
    j->is_loading = 1;
    j->loading.data = j;
    uv_queue_work(m->loop, &j->loading, on_load, on_loaded);
}

static void accept_job(struct runs *m, struct job *j)
{
    j->many = m;
    j->number = ++m->number;
    j->begun_ns = monotonic_ns();
    *m->end = j;
    m->end = &j->next;
    m->ahead++;
    if (j->load)
        load(m, j);
    else
        start_job(j);
}

/* 0: there is no memory, or next() has no job now. */
static int take_job(struct runs *m)
{
    struct job *j = calloc(1, sizeof *j);
    enum next next;

    if (!j) {
        m->out.error = ENOMEM;
        return 0;
    }
    j->spec.limits = m->cfg.options->limits;
    j->spec.ways = m->cfg.options->ways;
    next = m->cfg.next(m->cfg.ctx, j);
    if (next == NEXT_JOB) {
        accept_job(m, j);
        return 1;
    }
    free(j);
    m->input_ended = next == NEXT_NONE;
    return 0;
}

static void take_jobs(struct runs *m)
{
    do {
        while (has_room(m))
            if (!take_job(m))
                return;
    } while (!m->input_ended && !m->out.error && m->cfg.look_ahead && m->cfg.look_ahead(m->cfg.ctx));
}

void runs_more(struct runs *m)
{
    if (m->taking || m->closing)
        return;
    m->taking = 1;
    take_jobs(m);
    m->taking = 0;
    if (m->out.error && !m->gave_up) {
        m->gave_up = m->input_ended = 1;
        m->cfg.stop(m->cfg.ctx);
        pool_abort(m->pool);
    }
    if (!m->closing && m->input_ended && pool_load(m->pool) == 0 && m->loading == 0 &&
        (m->hurried || m->out.error || unread(m) == 0))
        close_runs(m);
}

/* ---- progress: one line, on a terminal only */

static void show_progress(struct runs *m)
{
    double seconds = (double)(monotonic_ns() - m->begun_ns) / 1e9, part = 0;
    char left[40] = "", line[200];
    int n;

    if (m->cfg.size && m->cfg.progress)
        part = (double)m->cfg.progress(m->cfg.ctx) / (double)m->cfg.size;
    if (part > 0 && part <= 1)
        snprintf(left, sizeof left, ", %.0f s left", seconds / part - seconds);
    n = snprintf(line, sizeof line, "\r\033[Kiso4: %" PRIu64 " done, %" PRIu64 " failed, %.0f a second%s",
                 m->done, m->failed, seconds > 0 ? (double)m->done / seconds : 0, left);
    messages_write_progress(line, (size_t)n);
}

static void on_tick(uv_timer_t *timer)
{
    show_progress(timer->data);
}

/* ---- the end */

static void close_runs(struct runs *m)
{
    if (m->closing)
        return;
    m->closing = 1;
    pool_close(m->pool);
    stripper_close(m->stripper);
    m->pool = NULL;
    signals_close(&m->signals);
    uv_close((uv_handle_t *)&m->drain, NULL);
    uv_close((uv_handle_t *)&m->ticker, NULL);
    if (m->cfg.options->value[OPTION_TIMINGS])
        loop_turns_close(&m->turns);
    fd_queue_close(&m->out);
    trace_leave(m->cfg.trace);
    m->cfg.stop(m->cfg.ctx);
}

/* Aborts all runs, and does not wait for the reader of results either. */
static void hurry(struct runs *m)
{
    m->hurried = 1;
    pool_abort(m->pool);
    runs_more(m);
}

static void on_drain_time(uv_timer_t *timer)
{
    hurry(timer->data);
}

/* After the first signal running jobs get some time to end; the second aborts them. */
static void on_runs_signal(void *ctx, int signal)
{
    struct runs *m = ctx;

    if (m->signal) {
        hurry(m);
        return;
    }
    if (m->cfg.abort_at_once)
        pool_abort(m->pool);
    m->signal = signal;
    m->input_ended = 1;
    m->cfg.stop(m->cfg.ctx);
    uv_timer_start(&m->drain, on_drain_time, DRAIN_MS, 0);
    runs_more(m);
}

static void on_drained(void *ctx)
{
    runs_more(ctx);
}

static void say_slower(void *ctx, const char *text)
{
    const struct runs *m = ctx;
    struct iso_err err;

    iso_fail(&err, ISO_INTERNAL, "%s", text);
    if (!m->cfg.options->value[OPTION_QUIET])
        say(&err);
}

static struct stripper *open_runs_stripper(struct runs *m)
{
    struct stripper_config cfg = {
        .paths = m->cfg.paths,
        .limits = m->cfg.options->limits,
        .jobs = m->jobs,
        .forks = !m->cfg.alone,
        .jitless = m->cfg.options->value[OPTION_JITLESS] != NULL,
        .strict = options_strict(m->cfg.options),
    };

    return stripper_open(m->loop, &cfg);
}

struct runs *runs_open(uv_loop_t *loop, const struct runs_config *cfg, struct iso_err *err)
{
    struct runs *m = calloc(1, sizeof *m);
    int out = cfg->file ? cfg->file->fd : STDOUT_FILENO;
    const struct run_request asked = run_as_asked(cfg->options);
    struct pool_config pool = {
        .zygote = {.paths = cfg->paths,
                   .snapshot_fd = cfg->snapshot_fd,
                   .snapshot_name = asked.snapshot_name,
                   .imports = asked.globals_in_snapshot ? NULL : &cfg->declared->imports,
                   .limits = cfg->options->limits,
                   .jitless = cfg->options->value[OPTION_JITLESS] != NULL,
                   .strict = options_strict(cfg->options)},
        .note = say_slower,
        .ctx = m};

    if (!m) {
        iso_fail(err, ISO_INTERNAL, "out of memory");
        return NULL;
    }
    m->cfg = *cfg;
    m->loop = loop;
    m->end = &m->first;
    m->begun_ns = monotonic_ns();
    m->pool = NULL;
    if (runs_jobs(cfg->options, &m->jobs, err) == 0) {
        pool.jobs = m->jobs;
        m->stripper = open_runs_stripper(m);
        pool.zygote.stripper = m->stripper;
        m->pool = m->stripper ? pool_open(loop, &pool) : NULL;
    }
    if (!m->pool) {
        stripper_close(m->stripper);
        free(m);
        return NULL;
    }
    fd_queue_open(&m->out, loop, out, on_drained, m);
    trace_enter(cfg->trace, loop, on_drained, m);
    m->on_terminal = isatty(out);
    signals_open(&m->signals, loop, 0, on_runs_signal, m);
    uv_timer_init(loop, &m->drain);
    uv_timer_init(loop, &m->ticker);
    if (cfg->options->value[OPTION_TIMINGS])
        loop_turns_open(&m->turns, loop);
    m->drain.data = m->ticker.data = m;
    m->shows_progress = isatty(STDERR_FILENO) && !cfg->options->value[OPTION_QUIET];
    if (m->shows_progress)
        uv_timer_start(&m->ticker, on_tick, PROGRESS_MS, PROGRESS_MS);
    return m;
}

static int fail_output(const struct runs *m, struct iso_err *err)
{
    const char *name = m->cfg.output, *why = strerrordesc_np(m->out.error);

    if (m->cfg.file)
        return iso_fail(err, ISO_OUTPUT, "cannot write '%.200s': %s", m->cfg.file->path, why);
    if (name)
        return iso_fail(err, ISO_OUTPUT, "cannot write '%.150s': %s; --resume '%.150s' goes on from there",
                        name, why, name);
    return stdout_fail(err, m->out.error);
}

int runs_run(struct runs *m, struct iso_err *err)
{
    runs_more(m);
    uv_run(m->loop, UV_RUN_DEFAULT);
    if (m->shows_progress) {
        show_progress(m);
        messages_write("\n", 1);
    }
    messages_end(!m->hurried);
    if (m->cfg.options->value[OPTION_TIMINGS])
        timings_print(&m->timings, m->turns.longest_ns);
    if (m->out.error)
        return fail_output(m, err);
    if (m->stopped_by.code && !m->signal)
        return iso_fail(err, m->stopped_by.code,
                        "stopped after %" PRIu64
                        " results, because no run can be started any more: %.300s; the same "
                        "command with --resume goes on with what has no answer yet",
                        m->done, m->stopped_by.msg);
    return m->signal ? 128 + m->signal : m->status;
}

void runs_close(struct runs *m)
{
    uv_run(m->loop, UV_RUN_DEFAULT);
    free(m);
}

int runs_jobs(const struct options *o, unsigned *jobs, struct iso_err *err)
{
    const char *text = o->value[OPTION_JOBS];
    unsigned long n = 0;
    char *end = NULL;

    if (!text) {
        *jobs = processors_allowed(o->limits.value[LIMIT_MEMORY]);
        *jobs = *jobs < MOST_JOBS ? *jobs : MOST_JOBS;
        return 0;
    }
    if (*text >= '0' && *text <= '9')
        n = strtoul(text, &end, 10);
    if (!end || *end || n < 1 || n > MOST_JOBS)
        return iso_fail(err, ISO_USAGE, "--jobs takes a whole number from 1 to %d, not '%.100s'", MOST_JOBS,
                        text);
    *jobs = (unsigned)n;
    return 0;
}
