/* SPDX-License-Identifier: MIT */
/* iso4 serve: JSON-RPC on standard input and output, or on a Unix socket. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/mcp.h"
#include "cli/runs.h"
#include "serve/serve.h"

#define GRACE_MS 5000

static int read_listen(const char *text, const char **path, struct iso_err *err)
{
    *path = NULL;
    if (!text)
        return 0;
    if (strncmp(text, "unix:", 5) != 0 || !text[5])
        return iso_fail(err, ISO_USAGE, "--listen takes unix:PATH, not '%.100s'", text);
    *path = text + 5;
    return 0;
}

static int read_grace(const char *text, uint64_t *ms, struct iso_err *err)
{
    char *end = NULL;

    *ms = GRACE_MS;
    if (!text)
        return 0;
    if (*text >= '0' && *text <= '9')
        *ms = strtoull(text, &end, 10);
    if (!end || *end || *ms > ISO_MAX_MS)
        return iso_fail(err, ISO_USAGE, "--grace takes milliseconds from 0 to %d, not '%.100s'", ISO_MAX_MS,
                        text);
    return 0;
}

static void say_text(const char *text)
{
    struct iso_err err;

    iso_fail(&err, ISO_INTERNAL, "%s", text);
    say(&err);
}

static int complete_globals(void *ctx, struct globals *g, int of_snapshot, struct iso_err *err)
{
    const struct mcp_option *mcp = ctx;

    if (!of_snapshot)
        return mcp_option_declare(mcp, g, err);
    if (mcp->given)
        g->mcp = &mcp->servers;
    return 0;
}

static int run_serve(const struct options *o, struct paths *paths, struct mcp_option *mcp,
                     struct declarations *declared, struct iso_err *err)
{
    struct run_request request = run_as_asked(o);
    struct serve_config cfg = {
        .protocol = &serve_protocol,
        .paths = paths,
        .limits = o->limits,
        .most = o->most,
        .no_files = o->value[OPTION_NO_FILES] != NULL,
        .flags = request.flags,
        .jitless = request.jitless,
        .strict = request.strict,
        .strict_await = request.strict_await,
        .call_details = request.call_details,
        .answered = BY_CALLER | options_answered(o),
        .declared = declared,
        .complete = complete_globals,
        .complete_ctx = mcp,
        .say = say_text,
    };

    if (o->operand_count)
        return iso_fail(err, ISO_USAGE, "serve takes no file: requests come from its client");
    if (runs_jobs(o, &cfg.jobs, err) < 0 || read_listen(o->value[OPTION_LISTEN], &cfg.listen, err) < 0 ||
        read_grace(o->value[OPTION_GRACE], &cfg.grace_ms, err) < 0 || paths_find(paths, err) < 0 ||
        mcp_option_read(mcp, o, err) < 0 || mcp_option_ask(mcp, o, paths, NULL, 0, err) < 0 ||
        mcp_option_declare(mcp, &declared->globals, err) < 0)
        return -1;
    return serve(&cfg, err);
}

int command_serve(const struct options *o)
{
    struct paths paths = {0};
    struct mcp_option mcp = {0};
    struct declarations declared = {0};
    struct iso_err err;
    int status = run_serve(o, &paths, &mcp, &declared, &err) < 0 ? report(&err) : 0;

    if (mcp.signal)
        status = 128 + mcp.signal;
    declarations_free(&declared);
    mcp_option_free(&mcp);
    paths_free(&paths);
    return status;
}
