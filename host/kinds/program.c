/* SPDX-License-Identifier: MIT */
#include "host/kinds/program.h"

#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/terminal.h"
#include "host/calls/process_plan.h"

int program_present(const struct stub *s, struct iso_err *err)
{
    struct process_plan plan;
    struct iso_err why;
    int rc = process_plan_make(&plan, s);

    if (rc < 0)
        iso_fail(err, ISO_INTERNAL, "out of memory");
    else if ((rc = process_plan_check(&plan, &why)) < 0)
        iso_fail(err, why.code, "%s", why.msg);
    process_plan_free(&plan);
    return rc;
}

int program_prepare(const struct stub *s, const struct globals *g, struct iso_err *err)
{
    struct json variable, value;

    (void)g;
    for (struct json_walk w = json_walk(s->options[STUB_OPTION_ENV]); json_next(&w, &variable, &value);) {
        struct json from = json_member(value, "fromEnv");
        AUTO_BUF struct buf wanted = {0};

        if (!from.at)
            continue;
        json_decode(&wanted, from);
        buf_byte(&wanted, 0);
        if (!wanted.failed && !getenv(wanted.data))
            return iso_fail(err, ISO_USAGE, "wants the environment variable %.100s, which is not set",
                            wanted.data);
    }
    return program_present(s, err);
}

int program_depends_on_place(const struct stub *s)
{
    struct json_walk w = json_walk(s->main);
    struct json program;

    if (s->options[STUB_OPTION_CWD].at)
        return 1;
    if (json_next(&w, NULL, &program) && memchr(program.at, '/', program.len))
        return 1;
    while (json_next(&w, NULL, &program)) {
        AUTO_BUF struct buf argument = {0};
        json_decode(&argument, program);
        buf_byte(&argument, 0);
        if (!argument.failed && process_is_neighbour(s, argument.data))
            return 1;
    }
    return 0;
}

/* Visits the program, unless it is looked for in PATH because its name has no slash, and all arguments, which may be
 * files. */
int program_each_file(const struct stub *s, int (*visit)(void *ctx, struct json path), void *ctx)
{
    struct json item;
    int is_argument = 0, rc = 0;

    for (struct json_walk w = json_walk(s->main); rc == 0 && json_next(&w, NULL, &item); is_argument = 1)
        if (is_argument || memchr(item.at, '/', item.len))
            rc = visit(ctx, item);
    return rc;
}

static void put_literal(struct buf *out, struct json literal)
{
    AUTO_BUF struct buf text = {0};

    json_decode(&text, literal);
    terminal_line(out, text.data, text.len);
    out->failed |= text.failed;
}

void program_describe(const struct stub *s, struct buf *out)
{
    struct json cwd = s->options[STUB_OPTION_CWD], item;
    AUTO_BUF struct buf dir = {0};

    for (struct json_walk w = json_walk(s->main); json_next(&w, NULL, &item);) {
        buf_str(out, " '");
        put_literal(out, item);
        buf_byte(out, '\'');
    }
    if (cwd.at) {
        buf_str(out, ", cwd ");
        put_literal(out, cwd);
    }
    if (!program_depends_on_place(s) || !*s->dir)
        return;
    json_quote(&dir, s->dir, strlen(s->dir));
    buf_str(out, ", relative to ");
    if (!dir.failed)
        put_literal(out, (struct json){dir.data, dir.len});
}
