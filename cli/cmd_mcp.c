/* SPDX-License-Identifier: MIT */
/* iso4 mcp: a server of the Model Context Protocol on standard input and output. */
#include <string.h>

#include "cli/commands.h"
#include "cli/declarations.h"
#include "cli/runs.h"
#include "cli/trial.h"
#include "mcp/mcp.h"
#include "serve/serve.h"

struct mcp_command {
    const struct options *options;
    struct paths paths;
    struct snapshot_file snapshot;
    struct declarations declared;
    struct mcp_option servers;
    struct toolbox toolbox;
    int signal;
};

static void say_text(const char *text)
{
    struct iso_err err;

    iso_fail(&err, ISO_INTERNAL, "%s", text);
    say(&err);
}

static enum toolbox_listing listing_of(const struct options *o)
{
    const char *word = o->value[OPTION_TOOLS];

    return word && strcmp(word, "inline") == 0   ? TOOLBOX_INLINE
           : word && strcmp(word, "search") == 0 ? TOOLBOX_SEARCH
                                                 : TOOLBOX_AUTO;
}

static int declare_tools(struct mcp_command *c, struct iso_err *err)
{
    const struct options *o = c->options;
    const char *name = o->value[OPTION_SNAPSHOT];
    int rc;

    if (snapshot_open(name ? name : c->paths.base, &c->snapshot, err) < 0) {
        err->code = !name && err->code == ISO_USAGE ? ISO_INTERNAL : err->code;
        return -1;
    }
    if (name && declarations_of_snapshot(&c->declared, &c->snapshot, name, 1, err) < 0)
        return -1;
    if (mcp_option_read(&c->servers, o, err) < 0 ||
        (!name && mcp_option_ask(&c->servers, o, &c->paths, NULL, 0, err) < 0))
        return -1;
    rc = declarations_given(&c->declared, o, &c->servers, name != NULL, err);
    if (rc == 0 && !name && !c->servers.given)
        rc = mcp_declare_search(&c->declared.globals, err);
    return rc < 0 ? -1 : trial_run(o, &c->paths, c->snapshot.fd, &c->declared, &c->signal, err);
}

static int run(struct mcp_command *c, struct iso_err *err)
{
    const struct options *o = c->options;
    struct run_request request = run_as_asked(o);
    struct serve_config cfg = {
        .paths = &c->paths,
        .limits = o->limits,
        .flags = request.flags,
        .jitless = request.jitless,
        .strict = request.strict,
        .strict_await = request.strict_await,
        .answered = options_answered(o),
        .note = request.on_note,
        .say = say_text,
        .protocol = &mcp_protocol,
        .snapshot = o->value[OPTION_SNAPSHOT],
        .declared = &c->declared,
        .ctx = &c->toolbox,
    };

    if (o->operand_count)
        return iso_fail(err, ISO_USAGE, "mcp takes no file: code comes from its client");
    if (runs_jobs(o, &cfg.jobs, err) < 0 || paths_find(&c->paths, err) < 0 || declare_tools(c, err) < 0 ||
        toolbox_open(&c->toolbox, &c->declared, listing_of(o), err) < 0)
        return -1;
    return serve(&cfg, err);
}

int command_mcp(const struct options *o)
{
    struct mcp_command c = {.options = o, .snapshot = {.fd = -1}};
    struct iso_err err;
    int status = run(&c, &err) < 0 ? report(&err) : 0;

    if (c.servers.signal || c.signal)
        status = 128 + (c.servers.signal ? c.servers.signal : c.signal);
    toolbox_close(&c.toolbox);
    declarations_free(&c.declared);
    mcp_option_free(&c.servers);
    snapshot_close(&c.snapshot);
    paths_free(&c.paths);
    return status;
}
