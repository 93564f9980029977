/* SPDX-License-Identifier: MIT */
/* iso4 run: agents, each in a worker of its own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/approve.h"
#include "cli/commands.h"
#include "cli/messages.h"
#include "cli/record.h"
#include "cli/runs.h"
#include "cli/store_file.h"
#include "cli/stream.h"
#include "cli/trial.h"
#include "core/file.h"
#include "core/file_new.h"
#include "core/json.h"
#include "core/json_walk.h"
#include "host/result/fit.h"
#include "host/result/profile.h"
#include "host/run/address_space.h"
#include "host/run/foreground.h"
#include "snapshots/snapshot.h"

struct run_command {
    const struct options *options;
    struct source *sources; /* owned array, one for each agent */
    const char **names;     /* owned array; as the operands were given */
    int count;
    int no_agent; /* --call of an export of the prefix: one run without a source */
    struct snapshot_file snapshot;
    struct declarations declared; /* what agents may use */
    struct mcp_option mcp;
    struct paths paths;
    struct store_file store;
    struct file_new output;
    struct trace trace;
    struct file_new profile_file;
    struct profile *profile; /* NULL: none was asked for */
    struct foreground session;
    struct approve approve;
    struct recorded recorded;
    struct buf label;    /* of the run in events of --stream=jsonl */
    struct buf document; /* the result of the only agent, to be written when its run is over */
    int at;              /* index of the next agent */
    int status;
    struct iso_err failure; /* .code set: writing a result failed, no further agent is run */
};

/* NULL for standard output, which "-" names as well. */
static const char *output_file(const struct options *o)
{
    const char *name = o->value[OPTION_OUTPUT];

    return name && strcmp(name, "-") == 0 ? NULL : name;
}

/* The output file, as the target of json_pretty_write(). */
struct result_file {
    struct file_new *file;
    struct iso_err *err;
};

static int write_part(void *ctx, const char *bytes, size_t len)
{
    const struct result_file *to = ctx;

    return file_new_write(to->file, bytes, len, to->err);
}

static int write_result(struct run_command *c, const struct buf *json, struct iso_err *err)
{
    struct options lines = *c->options;
    struct result_file to = {&c->output, err};
    int pretty = c->options->value[OPTION_PRETTY] && c->count == 1, rc;

    err->code = ISO_OK;
    if (c->count > 1) /* JSON Lines */
        lines.value[OPTION_COMPACT] = "";
    if (!output_file(c->options))
        return print_json(&lines, json, err);
    rc = pretty ? json_pretty_write(json->data, json->len, 0, write_part, &to)
                : write_part(&to, json->data, json->len);
    if (rc < 0 && !err->code)
        return iso_fail(err, ISO_OUTPUT, "cannot write '%.200s': out of memory", c->output.path);
    return rc < 0 ? -1 : write_part(&to, "\n", 1);
}

static void trace_one(struct run_command *c, const struct run_result *result)
{
    AUTO_BUF struct buf name = {0};
    const char *text = c->no_agent ? c->options->value[OPTION_CALL] : c->names[c->at];

    json_quote(&name, text, strlen(text));
    trace_run(&c->trace,
              &(struct traced){{name.data, name.len}, result->phases[PHASE_SPAWN], &c->declared.globals},
              result);
}

/* Leaves the document in c->document. */
static void finish_agent(struct run_command *c, struct run_result *result)
{
    struct result_print how = {
        .file = c->count > 1 ? c->names[c->at] : NULL,
        .sources = &c->sources[c->at],
        .count = c->no_agent ? 0 : 1,
        .imports = &c->declared.imports,
        .globals = &c->declared.globals,
        .skipping = c->options->value[OPTION_SKIP] != NULL,
    };

    if (trial_blame(result, &c->declared, &c->failure) < 0 ||
        recorded_end(&c->recorded, result, &c->failure) < 0)
        return;
    result_fit(result, c->options->limits.value[LIMIT_OUTPUT], c->options->value[OPTION_SPILL]);
    if (c->options->value[OPTION_TRACE])
        trace_one(c, result);
    c->status = iso_worse_exit(c->status, iso_code_exit(result->code));
    if (result->code == ISO_OK && c->store.path &&
        store_file_save(&c->store, (struct json){result->store.data, result->store.len}, &c->failure) < 0)
        return;
    buf_reset(&c->document);
    if (result_print(result, &how, &c->document) < 0)
        iso_fail(&c->failure, ISO_INTERNAL, "out of memory");
}

static int write_document(struct run_command *c, struct iso_err *err)
{
    if (!c->failure.code)
        (void)write_result(c, &c->document, &c->failure);
    if (!c->failure.code)
        return 0;
    *err = c->failure;
    return -1;
}

static void on_agent_done(void *ctx, struct run_result *result)
{
    struct run_command *c = ctx;

    if (c->options->value[OPTION_VERBOSE])
        say_layers(result);
    finish_agent(c, result);
}

/* Writes the result of a run that could not start: it is a failed run. */
static void finish_unstarted(struct run_command *c, const struct iso_err *err)
{
    struct run_result result;

    result_init(&result, &c->options->limits);
    result_fail(&result, err->code, err->msg);
    finish_agent(c, &result);
    result_free(&result);
}

static void on_agent_console(void *ctx, int stream, const char *literal, size_t len)
{
    const struct run_command *c = ctx;

    stream_console_event((struct json){c->label.data, c->label.len}, stream, literal, len);
}

static void on_agent_call(void *ctx, const struct bridge_call_event *event)
{
    const struct run_command *c = ctx;

    stream_call_event((struct json){c->label.data, c->label.len}, event);
}

/* --stream=jsonl: events have the name of the agent. */
static void stream_events(struct run_command *c, struct run_request *request)
{
    const char *name = c->no_agent ? c->options->value[OPTION_CALL] : c->names[c->at];

    buf_reset(&c->label);
    json_quote(&c->label, name, strlen(name));
    request->on_console = on_agent_console;
    request->on_call = on_agent_call;
}

static void run_one(struct run_command *c)
{
    const struct options *o = c->options;
    struct iso_err err;
    struct run_request request = run_as_asked(o);

    request.sources = &c->sources[c->at];
    request.count = c->no_agent ? 0 : 1;
    request.paths = &c->paths;
    request.globals = &c->declared.globals;
    request.imports = &c->declared.imports;
    request.call = o->value[OPTION_CALL];
    request.args = o->value[OPTION_ARGS];
    request.snapshot_fd = c->snapshot.fd;
    request.snapshot_file = &c->snapshot;
    request.profile = c->profile;
    request.approver = &c->approve.approver;
    request.store = c->store.path ? &c->store.list : NULL;
    request.on_done = on_agent_done;
    request.ctx = c;
    if (stream_has_events(o))
        stream_events(c, &request);
    recorded_request(&c->recorded, &request);
    if (foreground_run(&c->session, &request, &err) < 0)
        finish_unstarted(c, &err);
}

static int read_agents(struct run_command *c, struct iso_err *err)
{
    const struct options *o = c->options;

    c->count = o->operand_count + o->every[OPTION_EVAL].count;
    if (options_check_call(o, err) < 0)
        return -1;
    if (o->value[OPTION_SPILL] && !o->limits.value[LIMIT_OUTPUT])
        return iso_fail(err, ISO_USAGE, "--spill needs --max-output-bytes, which says what is too much");
    if (options_check_spill(o, err) < 0)
        return -1;
    c->no_agent = c->count == 0 && o->value[OPTION_CALL] && o->value[OPTION_SNAPSHOT];
    if (c->no_agent)
        c->count = 1;
    if (c->count > 1 && (o->value[OPTION_RECORD] || o->value[OPTION_REPLAY]))
        return iso_fail(err, ISO_USAGE, "a record is of one run: give one agent, not %d", c->count);
    if (c->count == 0)
        return iso_fail(err, ISO_USAGE,
                        "no agent given: name a file, '-' for standard input, or use -e CODE");
    c->sources = calloc((size_t)c->count, sizeof *c->sources);
    c->names = calloc((size_t)c->count, sizeof *c->names);
    if (!c->sources || !c->names)
        return iso_fail(err, ISO_INTERNAL, "out of memory");
    for (int i = 0; i < c->count && !c->no_agent; i++) {
        const char *code = i < o->operand_count ? NULL : o->every[OPTION_EVAL].value[i - o->operand_count];
        c->names[i] = code ? "-e" : o->operands[i];
        if (source_read(&c->sources[i], c->names[i], code, "agent.js", err) < 0)
            return -1;
        c->sources[i].form = options_form(o);
        if (source_speaks(&c->sources[i], options_language(o), err) < 0)
            return -1;
    }
    return 0;
}

static int open_snapshot(struct run_command *c, struct iso_err *err)
{
    const char *given = c->options->value[OPTION_SNAPSHOT];

    if (snapshot_open(given ? given : c->paths.base, &c->snapshot, err) == 0)
        return given && c->count > 1 ? snapshot_file_seal(&c->snapshot, given, err) : 0;
    if (!given && err->code == ISO_USAGE)
        err->code = ISO_INTERNAL; /* not the caller's mistake */
    return -1;
}

/* Reads the declarations of the snapshot, if there is one, and applies those of the command line. */
static int read_declarations(struct run_command *c, struct iso_err *err)
{
    const char *snapshot = c->options->value[OPTION_SNAPSHOT];

    if (mcp_option_read(&c->mcp, c->options, err) < 0 ||
        (!snapshot && mcp_option_ask(&c->mcp, c->options, &c->paths, c->sources, (size_t)c->count, err) < 0))
        return -1;

    if (snapshot && declarations_of_snapshot(&c->declared, &c->snapshot, snapshot, c->count > 1, err) < 0)
        return -1;
    return declarations_given(&c->declared, c->options, &c->mcp, snapshot != NULL, err);
}

/* ---- several agents */

static enum next next_agent(void *ctx, struct job *j)
{
    struct run_command *c = ctx;
    const struct options *o = c->options;

    if (c->at == c->count)
        return NEXT_NONE;
    j->file = c->names[c->at];
    j->spec.source = c->sources[c->at];
    c->sources[c->at++] = (struct source){0}; /* the job owns the source now */
    j->spec.call = o->value[OPTION_CALL] ? strdup(o->value[OPTION_CALL]) : NULL;
    j->spec.args = o->value[OPTION_ARGS] ? strdup(o->value[OPTION_ARGS]) : NULL;
    return NEXT_JOB;
}

static void no_more_agents(void *ctx)
{
    struct run_command *c = ctx;

    c->at = c->count;
}

/* Up to this many agents a process for each is faster than a zygote for all. */
#define FEW_AGENTS 8

static int run_several(struct run_command *c, struct iso_err *err)
{
    const struct options *o = c->options;
    struct runs_config cfg = {
        .options = o,
        .paths = &c->paths,
        .snapshot_fd = c->snapshot.fd,
        .declared = &c->declared,
        .ordered = 1,
        .alone = c->count <= FEW_AGENTS,
        .abort_at_once = 1,
        .approver = &c->approve.approver,
        .trace = &c->trace,
        .file = output_file(o) ? &c->output : NULL,
        .next = next_agent,
        .stop = no_more_agents,
        .ctx = c,
    };
    uv_loop_t loop;
    struct runs *many;
    int signal = 0;

    if (!cfg.alone && address_space_check(ROOM_FOR_ZYGOTE, o->limits.value[LIMIT_MEMORY], err) < 0)
        return -1;
    if (trial_run(o, &c->paths, c->snapshot.fd, &c->declared, &signal, err) < 0) {
        c->status = 128 + signal;
        return signal ? 0 : -1;
    }
    uv_loop_init(&loop);
    many = runs_open(&loop, &cfg, err);
    if (!many) {
        uv_loop_close(&loop);
        return -1;
    }
    c->status = runs_run(many, err);
    runs_close(many);
    uv_loop_close(&loop);
    return c->status < 0 ? -1 : 0;
}

/* ---- one agent */

static int open_profile(struct run_command *c, struct iso_err *err)
{
    const char *path = c->options->value[OPTION_CPU_PROFILE];

    if (!path)
        return 0;
    if (c->count > 1)
        return iso_fail(err, ISO_USAGE, "--cpu-profile takes one agent, %d were given", c->count);
    if (strcmp(path, "-") == 0)
        return iso_fail(err, ISO_USAGE, "--cpu-profile takes a file: standard output has the result");
    if (file_new_open(&c->profile_file, path, err) < 0)
        return -1;
    c->profile = profile_open();
    return c->profile ? 0 : iso_fail(err, ISO_INTERNAL, "out of memory");
}

static int open_store(struct run_command *c, struct iso_err *err)
{
    const char *path = c->options->value[OPTION_STORE];

    if (path && c->count > 1)
        return iso_fail(err, ISO_USAGE, "--store takes one agent, %d were given", c->count);
    return path ? store_file_read(&c->store, path, err) : 0;
}

static int save_profile(struct run_command *c, struct iso_err *err)
{
    AUTO_BUF struct buf text = {0};

    if (!c->profile)
        return 0;
    profile_print(c->profile, &text);
    if (text.failed)
        return iso_fail(err, ISO_OUTPUT, "cannot write '%.200s': out of memory", c->profile_file.path);
    return file_new_write(&c->profile_file, text.data, text.len, err) < 0
               ? -1
               : file_new_commit(&c->profile_file, err);
}

static int open_recorded(struct run_command *c, struct iso_err *err)
{
    const struct options *o = c->options;
    struct record_subject subject = {
        .sources = c->sources,
        .count = c->no_agent ? 0 : 1,
        .globals = &c->declared.globals,
        .imports = &c->declared.imports,
        .call = o->value[OPTION_CALL],
        .args = o->value[OPTION_ARGS],
        .flags = run_as_asked(o).flags & (JOB_ALLOW_EVAL | JOB_SKIP_UNSERIALIZABLE),
        .snapshot_fd = o->value[OPTION_SNAPSHOT] ? c->snapshot.fd : -1,
    };
    struct recorded_how how = record_asked(o, &c->approve.approver);

    if (c->store.path)
        how.store = c->store.object;
    return recorded_open(&c->recorded, &how, &subject, c->snapshot.view.made_with.v8, err);
}

static int run_single(struct run_command *c, struct iso_err *err)
{
    if (open_recorded(c, err) < 0)
        return -1;
    if (foreground_open(&c->session, err) < 0)
        return -1;
    run_one(c);
    foreground_close(&c->session);
    /* Written only now, when signals end iso4 again: the reader may never read. */
    if (write_document(c, err) < 0)
        return -1;
    messages_end(!c->session.signal);
    if (c->session.signal)
        c->status = 128 + c->session.signal;
    return 0;
}

/* When no run can be started each agent still gets its result. */
static int finish_all_unstarted(struct run_command *c, const struct iso_err *why, struct iso_err *err)
{
    for (c->at = 0; c->at < c->count; c->at++) {
        finish_unstarted(c, why);
        if (write_document(c, err) < 0)
            return -1;
    }
    return 0;
}

static int run_agents(struct run_command *c, struct iso_err *err)
{
    const char *output = output_file(c->options), *trace = c->options->value[OPTION_TRACE];
    struct iso_err why = {0};
    unsigned jobs;
    int rc;

    if (record_check_options(c->options, err) < 0 || approve_open(&c->approve, c->options, err) < 0 ||
        read_agents(c, err) < 0 || runs_jobs(c->options, &jobs, err) < 0 || paths_find(&c->paths, err) < 0)
        return -1;
    if (output && file_new_open(&c->output, output, err) < 0)
        return -1;
    if (trace_open(&c->trace, trace, err) < 0 || open_profile(c, err) < 0 || open_store(c, err) < 0)
        return -1;
    rc = open_snapshot(c, err);
    if (rc == 0)
        rc = read_declarations(c, err);
    if (rc < 0 && iso_code_exit(err->code) == 2)
        return -1;
    if (rc < 0)
        why = *err;
    if ((rc < 0         ? finish_all_unstarted(c, &why, err)
         : c->count > 1 ? run_several(c, err)
                        : run_single(c, err)) < 0)
        return -1;
    if (output && file_new_commit(&c->output, err) < 0)
        return -1;
    return trace_close(&c->trace, err) < 0 ? -1 : save_profile(c, err);
}

int command_run(const struct options *o)
{
    struct run_command c = {.options = o,
                            .snapshot = {.fd = -1},
                            .output = {.fd = -1},
                            .trace = {.file = {.fd = -1}},
                            .profile_file = {.fd = -1}};
    struct iso_err err;
    int status = run_agents(&c, &err) < 0 ? report(&err) : c.status;

    if (c.mcp.signal)
        status = 128 + c.mcp.signal;
    if (c.output.fd >= 0)
        file_new_abort(&c.output);
    trace_abort(&c.trace);
    if (c.profile_file.fd >= 0)
        file_new_abort(&c.profile_file);
    profile_free(c.profile);
    recorded_free(&c.recorded);
    approve_free(&c.approve);
    declarations_free(&c.declared);
    mcp_option_free(&c.mcp);
    snapshot_close(&c.snapshot);
    paths_free(&c.paths);
    for (int i = 0; c.sources && i < c.count; i++)
        source_free(&c.sources[i]);
    free(c.sources);
    free(c.names);
    buf_free(&c.document);
    buf_free(&c.label);
    store_file_free(&c.store);
    return status;
}
