/* SPDX-License-Identifier: MIT */
/* iso4 precompile: a prefix in, a snapshot file and one JSON document out. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/declarations.h"
#include "cli/trial.h"
#include "core/json.h"
#include "host/result/fit.h"
#include "host/run/precompile.h"

static int read_sources(const struct options *o, struct source *sources, size_t *count, struct iso_err *err)
{
    if (o->operand_count != 1)
        return iso_fail(err, ISO_USAGE, "precompile takes one prefix, %d were given", o->operand_count);
    if (!o->value[OPTION_OUTPUT])
        return iso_fail(err, ISO_USAGE, "say with -o where the snapshot goes");
    if (strcmp(o->value[OPTION_OUTPUT], "-") == 0)
        return iso_fail(err, ISO_USAGE, "a snapshot cannot go to standard output: name a file with -o");
    if (source_read(&sources[(*count)++], o->operands[0], NULL, "prefix.js", err) < 0)
        return -1;
    sources[0].form = FORM_MODULE;
    if (source_speaks(&sources[0], options_language(o), err) < 0)
        return -1;
    for (int i = 0; i < o->every[OPTION_WARM].count; i++) {
        struct source *warm = &sources[(*count)++];
        if (source_read(warm, o->every[OPTION_WARM].value[i], NULL, "warm.js", err) < 0)
            return -1;
        warm->form = options_form(o);
        if (source_speaks(warm, options_language(o), err) < 0)
            return -1;
    }
    return 0;
}

static void print_success(const struct precompile *p, struct buf *out)
{
    buf_str(out, "{\"ok\":true,\"snapshot\":");
    json_quote(out, p->output, strlen(p->output));
    buf_printf(out, ",\"bytes\":%" PRIu64 ",\"sha256\":\"%s\"", p->written.bytes, p->written.sha256);
    result_print_streams(&p->result, out);
    result_print_ms(out, "durationMs", p->result.wall_ns);
    result_print_ms(out, "cpuTimeMs", p->result.cpu_ns);
    buf_byte(out, '}');
}

static int print_precompiled(const struct options *o, struct precompile *p,
                             const struct declarations *declared, struct iso_err *err)
{
    struct result_print how = {.sources = p->sources, .count = p->count, .imports = p->imports, .prefix = 1};
    struct buf out = {0};
    int rc = 0;

    if (trial_blame(&p->result, declared, err) < 0)
        return -1;
    result_fit(&p->result, o->limits.value[LIMIT_OUTPUT], NULL);
    if (p->result.code != ISO_OK)
        result_print(&p->result, &how, &out);
    else if (!o->value[OPTION_QUIET])
        print_success(p, &out);
    if (out.failed)
        rc = iso_fail(err, ISO_INTERNAL, "out of memory");
    else if (out.len)
        rc = print_json(o, &out, err);
    buf_free(&out);
    return rc;
}

static int run_precompile(const struct options *o, struct precompile *p, struct source *sources,
                          struct paths *paths, struct declarations *declared, struct mcp_option *mcp,
                          struct iso_err *err)
{
    struct snapshot_file base;
    int rc;

    if (mcp_option_read(mcp, o, err) < 0 || paths_find(paths, err) < 0 ||
        mcp_option_ask(mcp, o, paths, NULL, 0, err) < 0 || declarations_read(declared, o, mcp, err) < 0)
        return -1;
    if (o->value[OPTION_NO_HOST_COMMANDS] && globals_refuse_programs(&declared->globals, err) < 0)
        return -1;
    if (globals_check_present(&declared->globals, err) < 0)
        return -1;
    p->globals = &declared->globals;
    p->imports = &declared->imports;

    p->output = o->value[OPTION_OUTPUT];
    p->limits = o->limits;
    p->strict = options_strict(o);
    p->no_eval = o->value[OPTION_NO_EVAL] != NULL;
    p->sources = sources;
    p->paths = paths;
    if (read_sources(o, sources, &p->count, err) < 0)
        return -1;
    if (snapshot_open(paths->base, &base, err) < 0) {
        err->code = err->code == ISO_USAGE ? ISO_INTERNAL : err->code; /* not the caller's mistake */
        return -1;
    }
    p->base_fd = base.fd;
    rc = precompile(p, err);
    snapshot_close(&base);
    if (rc == 0 && o->value[OPTION_VERBOSE])
        say_layers(&p->result);
    return rc < 0 ? -1 : print_precompiled(o, p, declared, err);
}

int command_precompile(const struct options *o)
{
    struct source *sources = calloc((size_t)o->every[OPTION_WARM].count + 1, sizeof *sources);
    struct precompile p = {.mode = JOB_PRECOMPILE, .base_fd = -1};
    struct paths paths = {0};
    struct declarations declared = {0};
    struct mcp_option mcp = {0};
    struct iso_err err;
    int status;

    if (!sources) {
        iso_fail(&err, ISO_INTERNAL, "out of memory");
        return report(&err);
    }
    status = run_precompile(o, &p, sources, &paths, &declared, &mcp, &err) < 0 ? report(&err)
                                                                               : iso_code_exit(p.result.code);
    if (mcp.signal)
        p.signal = mcp.signal;
    if (p.signal)
        status = 128 + p.signal;
    for (size_t i = 0; i < p.count; i++)
        source_free(&sources[i]);
    free(sources);
    result_free(&p.result);
    paths_free(&paths);
    declarations_free(&declared);
    mcp_option_free(&mcp);
    return status;
}
