/* SPDX-License-Identifier: MIT */
#include "serve/session.h"
#include "core/file.h"

#include <stdlib.h>
#include <string.h>

#include "core/version.h"
#include "sandbox/layers.h"
#include "serve/reply.h"
#include "serve/trial.h"

/* ---- initialize */

enum { P_VERSION, P_CLIENT, P_CAPABILITIES, P_LIMITS, P_COUNT };
static const struct param initialize_params[P_COUNT] = {
    [P_VERSION] = {"protocolVersion", PARAM_NUMBER, 1},
    [P_CLIENT] = {"client", PARAM_OBJECT, 0},
    [P_CAPABILITIES] = {"capabilities", PARAM_OBJECT, 0},
    [P_LIMITS] = {"limits", PARAM_OBJECT, 0},
};

static int take_longest(struct peer *p, struct json limits, struct fault *f)
{
    static const struct param rows[] = {{"maxMessageBytes", PARAM_NUMBER, 0}};
    struct json found[1];
    uint64_t bytes;

    if (params_read(rows, 1, limits, found, f) < 0)
        return -1;
    if (!found[0].at)
        return 0;
    if (json_whole_number(found[0], INT64_MAX, &bytes) < 0 || bytes < PEER_LEAST_MESSAGE)
        return fault_set(f, "limits.maxMessageBytes",
                         "limits.maxMessageBytes takes a whole number, at least %u", PEER_LEAST_MESSAGE);
    p->longest = bytes < SERVE_LONGEST_RESULT ? (size_t)bytes : SERVE_LONGEST_RESULT;
    return 0;
}

static void put_layers(struct buf *out, uint64_t layers)
{
    char names[256], *one, *rest = names;
    const char *between = "";

    layers_names((unsigned)layers & LAYERS_ALL, names);
    buf_str(out, "[");
    while ((one = strtok_r(rest, ", ", &rest))) {
        buf_printf(out, "%s\"%s\"", between, one);
        between = ",";
    }
    buf_str(out, "]");
}

static void answer_initialize(struct peer *p, struct json id)
{
    const struct server *s = p->server;
    AUTO_BUF struct buf out = {0};

    reply_begin(&out, id);
    buf_printf(&out,
               "{\"protocolVersion\":%d,\"server\":{\"name\":\"iso4\",\"version\":\"%s\",\"v8\":\"%s\"}",
               SERVE_PROTOCOL, ISO4_VERSION, s->base->warm->snapshot.view.made_with.v8);
    buf_str(&out, ",\"capabilities\":{\"events\":{\"console\":{},\"call\":{}},\"check\":{},\"approvals\":{},"
                  "\"records\":{},"
                  "\"forms\":{\"auto\":{},\"module\":{},\"function\":{}},\"languages\":{\"auto\":{},\"js\":{}"
                  ",\"ts\":{}}}");
    buf_printf(&out, ",\"limits\":{\"maxMessageBytes\":%u,\"maxConcurrentRuns\":%u,\"maxQueuedRuns\":%u}",
               SERVE_LONGEST_MESSAGE, s->cfg->jobs, SERVE_MOST_QUEUED);
    buf_printf(&out, ",\"sandbox\":{\"mode\":\"%s\",\"layers\":", s->cfg->strict ? "strict" : "default");
    put_layers(&out, s->layers);
    buf_str(&out, "}}}");
    reply_send(p, id, &out);
}

/* Called when the trial run of `initialize` has ended, which shows the layers of the sandbox. */
static void on_tried(struct trial *t, struct run_result *result)
{
    struct request *request = t->ctx;
    struct peer *p = request->peer;
    struct server *s = p->server;

    if (result->code == ISO_OK) {
        s->sandbox_known = 1;
        s->layers = result->layers;
        answer_initialize(p, request_id(request));
    } else {
        reply_result_failure(p, request_id(request), NULL, result);
    }
    request_end(request);
    free(request);
    trial_free(t);
    s->trying--;
    peer_settle(p);
    server_schedule(s);
}

static void try_sandbox(struct peer *p, struct json id)
{
    struct request *request = calloc(1, sizeof *request);
    struct trial *t = trial_new("", 0, "initialize");
    struct handle *h = NULL;
    struct iso_err err;

    if (!request || !t)
        iso_fail(&err, ISO_INTERNAL, "out of memory");
    else
        h = handle_base(p->server, &err);
    if (!h) {
        reply_failure(p, id, NULL, &err);
    } else if (request_begin(request, p, id, NULL) == 0) {
        t->ctx = request;
        t->done = on_tried;
        p->server->trying++;
        trial_start(t, h, 0);
        handle_release(h);
        return;
    }
    if (h)
        handle_release(h);
    free(request);
    trial_discard(t);
}

void method_initialize(struct peer *p, const struct message *m)
{
    struct json found[P_COUNT];
    struct fault fault;
    uint64_t version;

    if (p->initialized) {
        reply_invalid(p, m->id, "initialize comes once");
        return;
    }
    if (params_read(initialize_params, P_COUNT, m->params, found, &fault) < 0 ||
        take_longest(p, found[P_LIMITS], &fault) < 0) {
        reply_fault(p, m->id, &fault);
        return;
    }
    if (json_whole_number(found[P_VERSION], INT32_MAX, &version) < 0 || version < 1) {
        fault_set(&fault, "protocolVersion", "protocolVersion takes a whole number from 1");
        reply_fault(p, m->id, &fault);
        return;
    }
    p->answers_approvals =
        json_member(found[P_CAPABILITIES].at ? found[P_CAPABILITIES] : (struct json){"{}", 2}, "approvals")
            .at != NULL;
    /* A client with another version gets ours, and disconnects if it does not support it. */
    p->initialized = 1;
    if (p->server->sandbox_known)
        answer_initialize(p, m->id);
    else
        try_sandbox(p, m->id);
}

/* ---- $/cancelRequest */

void method_cancel(struct peer *p, const struct message *m)
{
    struct json id = json_member(m->params.at ? m->params : (struct json){"{}", 2}, "id");
    struct request *r = message_is_id(id) ? request_find(p, id) : NULL;

    if (r && r->cancel)
        r->cancel(r);
}

/* ---- check */

enum { C_HANDLE, C_CODE, C_FORM, C_LANGUAGE, C_COUNT };
static const struct param check_params[C_COUNT] = {
    [C_HANDLE] = {"handle", PARAM_STRING, 0},
    [C_CODE] = {"code", PARAM_STRING, 1},
    [C_FORM] = {"form", PARAM_STRING, 0},
    [C_LANGUAGE] = {"language", PARAM_STRING, 0},
};

struct check {
    struct request request; /* the first member */
    struct trial *trial;
};

static void put_check_error(const struct trial *t, const struct run_result *result, struct buf *out)
{
    struct result_print how = {.sources = &t->source, .count = 1, .imports = &t->handle->declared.imports};

    buf_str(out, "{\"ok\":false,");
    result_print_error(result, &how, out);
    buf_str(out, "}}");
}

static void on_checked(struct trial *t, struct run_result *result)
{
    struct check *check = t->ctx;
    struct peer *p = check->request.peer;
    struct json id = request_id(&check->request);
    AUTO_BUF struct buf out = {0};

    reply_begin(&out, id);
    if (result->code == ISO_ABORTED || iso_code_exit(result->code) == 3) {
        reply_result_failure(p, id, NULL, result);
    } else {
        if (result->code == ISO_OK)
            buf_str(&out, "{\"ok\":true}}");
        else
            put_check_error(t, result, &out);
        reply_send(p, id, &out);
    }
    request_end(&check->request);
    trial_free(t);
    free(check);
    peer_settle(p);
}

static void cancel_check(struct request *request)
{
    trial_cancel(((struct check *)request)->trial);
}

/* Code, form and language, read as those of a run. */
static struct trial *trial_of_code(const struct json *found, const struct handle *h, struct fault *f)
{
    struct spec_members members = {
        .code = found[C_CODE], .form = found[C_FORM], .language = found[C_LANGUAGE]};
    struct spec_base base = {.limits = h->limits};
    struct spec_fault wrong = {0};
    struct run_spec spec;
    struct trial *t = NULL;

    if (spec_read(&spec, &members, &base, "params", "", &wrong) < 0) {
        f->err = wrong.err;
        snprintf(f->path, sizeof f->path, "%s", wrong.member ? wrong.member : "");
    } else if (!(t = trial_new("", 0, "agent.js"))) {
        iso_fail(&f->err, ISO_INTERNAL, "out of memory");
    } else {
        source_free(&t->source);
        t->source = spec.source;
        spec.source = (struct source){0};
    }
    spec_free(&spec);
    return t;
}

void method_check(struct peer *p, const struct message *m)
{
    struct json found[C_COUNT];
    struct check *check = NULL;
    struct trial *t = NULL;
    struct handle *h = NULL;
    struct fault f = {0};

    if (params_read(check_params, C_COUNT, m->params, found, &f) < 0)
        goto fail;
    if (!(h = handle_named(p, found[C_HANDLE], &f)) || !(t = trial_of_code(found, h, &f)))
        goto fail;
    check = calloc(1, sizeof *check);
    if (!check) {
        iso_fail(&f.err, ISO_INTERNAL, "out of memory");
        goto fail;
    }
    if (request_begin(&check->request, p, m->id, cancel_check) < 0)
        goto free_all;
    check->trial = t;
    t->ctx = check;
    t->done = on_checked;
    trial_start(t, h, JOB_CHECK);
    handle_release(h);
    return;
fail:
    reply_failure(p, m->id, f.path, &f.err);
free_all:
    if (h)
        handle_release(h);
    free(check);
    trial_discard(t);
}
