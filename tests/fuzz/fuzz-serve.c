/* SPDX-License-Identifier: MIT */
/* libFuzzer target for the reader of iso4 serve: a line as a message (serve/message.h), its params by a table
 * (serve/params.h), and as what to run (host/job/spec.h). Nothing that is found points outside of the line; what is
 * refused says why. No file is read. */
#include <stdlib.h>
#include <string.h>

#include "host/job/spec.h"
#include "serve/message.h"
#include "serve/params.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int holds)
{
    if (!holds)
        abort();
}

static void must_be_within(struct json v, const char *line, size_t len)
{
    must(!v.at || (v.at >= line && v.len <= len && v.at + v.len <= line + len));
}

static void check_message(const struct message *m, const char *line, size_t len)
{
    const struct json all[] = {m->id, m->method, m->params, m->result, m->error};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        must_be_within(all[i], line, len);
    must(!m->id.at || (message_is_id(m->id) && message_same_id(m->id, m->id)));
    if (m->kind == MESSAGE_BROKEN)
        must(m->not_json ? m->column >= 1 && m->column <= len + 1 : m->reason != NULL);
    if (m->kind == MESSAGE_REQUEST || m->kind == MESSAGE_NOTIFICATION)
        must(json_kind(m->method) == JSON_STRING && !m->id.at == (m->kind == MESSAGE_NOTIFICATION));
    if (m->kind == MESSAGE_RESPONSE)
        must(!m->method.at && (m->result.at || m->error.at));
}

static void check_params(struct json params, const char *line, size_t len)
{
    static const struct param rows[] = {{"code", PARAM_STRING, 1},
                                        {"handle", PARAM_STRING, 0},
                                        {"seed", PARAM_NUMBER | PARAM_STRING, 0},
                                        {"events", PARAM_ARRAY, 0},
                                        {"meta", PARAM_ANY, 0}};
    struct json found[5];
    struct fault fault = {0};
    char *text;

    if (params_read(rows, 5, params, found, &fault) < 0) {
        must(fault.err.code == ISO_USAGE && *fault.err.msg);
        return;
    }
    for (size_t i = 0; i < 5; i++) {
        must_be_within(found[i], line, len);
        must(!found[i].at || rows[i].types & 1 << json_kind(found[i]));
    }
    text = json_c_string(found[0]);
    free(text);
}

static int read_nothing(void *ctx, const char *path, struct iso_err *err)
{
    (void)ctx;
    return iso_fail(err, ISO_USAGE, "'%s' is not read", path);
}

static void check_spec(struct json params)
{
    struct spec_base base = {.may_read = read_nothing, .answered = BY_CALLER};
    struct spec_members members = {0};
    struct spec_fault fault = {0};
    struct run_spec spec = {0};
    struct json key, value;
    int rc = 0;

    limits_default(&base.limits, LIMITS_FOR_RUN);
    for (struct json_walk w = json_walk(params); rc >= 0 && json_next(&w, &key, &value);)
        rc = spec_take(&members, key, value, &fault);
    if (rc >= 0)
        rc = spec_read(&spec, &members, &base, "globals", params.at, &fault);
    must(rc >= 0 || (fault.err.code != ISO_OK && *fault.err.msg));
    spec_free(&spec);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *line = malloc(size ? size : 1); /* a line of its own: one byte more is a fault */
    struct message m;

    must(line != NULL);
    memcpy(line, data, size);
    message_read(&m, line, size);
    check_message(&m, line, size);
    if (m.kind == MESSAGE_REQUEST && m.params.at) {
        check_params(m.params, line, size);
        if (json_kind(m.params) == JSON_OBJECT)
            check_spec(m.params);
    }
    free(line);
    return 0;
}
