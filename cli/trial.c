/* SPDX-License-Identifier: MIT */
#include "cli/trial.h"

#include "cli/commands.h"
#include "core/file.h"
#include "core/json_walk.h"

struct trial {
    const struct declarations *declared;
    struct iso_err *err;
    int blamed;
};

static int blame(const struct run_result *result, const struct declarations *declared, struct iso_err *err)
{
    AUTO_BUF struct buf message = {0};
    char where[200];

    if (result->message.len)
        json_decode(&message, (struct json){result->message.data, result->message.len});
    buf_byte(&message, 0);
    globals_where_named(where, sizeof where, &declared->globals, message.failed ? "" : message.data);
    return iso_fail(err, result->code, "%s%.300s", where, message.failed ? "out of memory" : message.data);
}

int trial_blame(const struct run_result *result, const struct declarations *declared, struct iso_err *err)
{
    return iso_code_exit(result->code) == 2 ? blame(result, declared, err) : 0;
}

/* The agent does nothing, so a failure of the agent is a fault of the definitions. */
static void on_trial_done(void *ctx, struct run_result *result)
{
    struct trial *t = ctx;
    int status = iso_code_exit(result->code);

    if (result->code == ISO_ABORTED || (status != 1 && status != 2))
        return;
    t->blamed = blame(result, t->declared, t->err) < 0;
    if (status == 1)
        t->err->code = ISO_BAD_DEFINITION;
}

int trial_run(const struct options *o, const struct paths *paths, int snapshot_fd,
              const struct declarations *declared, int *signal, struct iso_err *err)
{
    struct source nothing = {.name = (char *)"agent.js"};
    struct trial t = {declared, err, 0};
    struct run_request request = run_as_asked(o);
    struct foreground session;
    struct iso_err ignored;

    if (!o->value[OPTION_GLOBALS] && !o->value[OPTION_IMPORTS] && !o->value[OPTION_TZ])
        return 0;
    request.flags &= ~JOB_TRACE;
    request.sources = &nothing;
    request.count = 1;
    request.paths = paths;
    request.globals = &declared->globals;
    request.imports = &declared->imports;
    request.snapshot_fd = snapshot_fd;
    request.on_console = NULL;
    request.on_note = NULL;
    request.on_done = on_trial_done;
    request.ctx = &t;
    if (foreground_open(&session, err) < 0)
        return -1;
    (void)foreground_run(&session, &request, &ignored);
    foreground_close(&session);
    *signal = session.signal;
    if (session.signal)
        return iso_fail(err, ISO_ABORTED, "aborted");
    return t.blamed ? -1 : 0;
}
