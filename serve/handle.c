/* SPDX-License-Identifier: MIT */
#include "serve/handle.h"
#include "core/file.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/dts/declare.h"
#include "host/job/limits_json.h"
#include "host/job/repro.h"
#include "serve/reply.h"
#include "serve/trial.h"

/* ---- handles */

static struct handle *new_handle(struct server *s, struct iso_err *err)
{
    struct handle *h = calloc(1, sizeof *h);

    if (!h) {
        iso_fail(err, ISO_INTERNAL, "out of memory");
        return NULL;
    }
    h->server = s;
    h->users = 1;
    h->limits = s->cfg->limits;
    return h;
}

void handle_release(struct handle *h)
{
    if (--h->users > 0)
        return;
    if (h->warm)
        warm_release(h->warm);
    declarations_free(&h->declared);
    buf_free(&h->text);
    free(h->zone);
    free(h);
}

struct handle *handle_base(struct server *s, struct iso_err *err)
{
    struct handle *h = s->base ? s->base : new_handle(s, err);

    if (h && !h->warm &&
        (!(h->warm = warm_take(s, s->cfg->snapshot, &h->limits, err)) ||
         (s->cfg->declared && declarations_copy(&h->declared, s->cfg->declared, err) < 0))) {
        handle_release(h);
        return NULL;
    }
    s->base = h;
    if (h)
        h->users++;
    return h;
}

static struct handle **handle_slot(struct peer *p, struct json name)
{
    struct handle **at = &p->handles;

    while (*at && !json_is(name, (*at)->name))
        at = &(*at)->next;
    return at;
}

static const char no_handle[] = "there is no handle of this name, or it has been released";

struct handle *handle_named(struct peer *p, struct json name, struct fault *fault)
{
    struct handle *h;

    *fault->path = 0;
    if (!name.at)
        return handle_base(p->server, &fault->err);
    h = *handle_slot(p, name);
    if (h)
        h->users++;
    else
        fault_set(fault, "handle", no_handle);
    return h;
}

void handles_release_all(struct peer *p)
{
    struct handle *next;

    for (struct handle *h = p->handles; h; h = next) {
        next = h->next;
        handle_release(h);
    }
    p->handles = NULL;
}

/* ---- declarations */

static int read_given(const struct handle *h, struct declarations *d, struct iso_err *err)
{
    struct json g = h->globals, i = h->imports;

    if (g.at && globals_inline(&d->globals, "globals", g.at, g, err) < 0)
        return -1;
    return i.at ? imports_inline(&d->imports, &d->globals, "imports", i.at, i, err) : 0;
}

int handle_declare(void *handle, struct declarations *d, struct iso_err *err)
{
    const struct handle *h = handle;

    return declarations_copy(d, &h->declared, err);
}

int handle_complete(void *handle, struct globals *g, struct iso_err *err)
{
    const struct handle *h = handle;
    const struct serve_config *cfg = h->server->cfg;

    return cfg->complete ? cfg->complete(cfg->complete_ctx, g, !h->warm->is_base, err) : 0;
}

/* Reads the declarations: those of the snapshot with the given ones bound, or without a snapshot the given ones. */
static int declare_for_handle(struct handle *h, struct iso_err *err)
{
    struct declarations *d = &h->declared, given = {0};
    int rc;

    if (h->warm->is_base)
        return read_given(h, d, err) < 0 ? -1 : handle_complete(h, &d->globals, err);
    rc = declarations_of_snapshot(d, &h->warm->snapshot, h->warm->name, 1, err);
    if (rc == 0)
        rc = read_given(h, &given, err);
    if (rc == 0)
        rc = declarations_rebind(d, &given, err);
    declarations_free(&given);
    return rc < 0 ? -1 : handle_complete(h, &d->globals, err);
}

struct run_request handle_request(const struct handle *h)
{
    const struct serve_config *cfg = h->server->cfg;

    return (struct run_request){
        .mode = JOB_RUN,
        .flags = cfg->flags,
        .paths = cfg->paths,
        .snapshot_fd = h->warm->snapshot.fd,
        .snapshot_name = h->warm->name,
        .globals_in_snapshot = !h->warm->is_base,
        .ways = &h->ways,
        .stripper = h->server->stripper,
        .jitless = cfg->jitless,
        .strict = cfg->strict,
        .strict_await = cfg->strict_await,
        .call_details = cfg->call_details,
        .on_note = cfg->note,
    };
}

/* ---- prepare */

enum { P_SNAPSHOT, P_GLOBALS, P_IMPORTS, P_LIMITS, P_SEED, P_NOW, P_TZ, P_COUNT };
static const struct param prepare_params[P_COUNT] = {
    [P_SNAPSHOT] = {"snapshot", PARAM_STRING, 0},
    [P_GLOBALS] = {"globals", PARAM_OBJECT, 0},
    [P_IMPORTS] = {"imports", PARAM_OBJECT, 0},
    [P_LIMITS] = {"limits", PARAM_OBJECT, 0},
    [P_SEED] = {"seed", PARAM_NUMBER, 0},
    [P_NOW] = {"now", PARAM_NUMBER | PARAM_STRING, 0},
    [P_TZ] = {"tz", PARAM_STRING, 0},
};

/* A number or a string as text, to be freed; NULL for a string that cannot be a C string. */
static char *param_text(struct json v)
{
    return json_kind(v) == JSON_STRING ? json_c_string(v) : strndup(v.at, v.len);
}

static int take_way(struct handle *h, int param, struct json v, struct iso_err *err)
{
    char *text = v.at ? param_text(v) : NULL;
    int rc = 0;

    if (v.at && !text)
        return iso_fail(err, ISO_USAGE,
                        "%s must be a string without the character U+0000 and without lone surrogates",
                        prepare_params[param].name);
    if (text && param == P_SEED)
        rc = repro_seed(&h->ways, "seed", text, err);
    else if (text && param == P_NOW)
        rc = repro_now(&h->ways, "now", text, err);
    else if (text && (rc = repro_zone(&h->ways, "tz", text, err)) == 0) {
        h->zone = text; /* kept, because the run's settings borrow it */
        text = NULL;
    }
    free(text);
    return rc;
}

static int take_snapshot(struct handle *h, struct json snapshot, struct iso_err *err)
{
    char *path = snapshot.at ? json_c_string(snapshot) : NULL;

    if (snapshot.at && !path)
        return iso_fail(err, ISO_USAGE, "snapshot is the path of a file");
    if (path && h->server->cfg->no_files) {
        free(path);
        return iso_fail(err, ISO_USAGE, "snapshot names a file, which --no-files refuses");
    }
    h->warm = warm_take(h->server, path, &h->limits, err);
    free(path);
    return h->warm ? 0 : -1;
}

/* Copies the definitions, which the handle needs as long as it exists. */
static int keep_text(struct handle *h, struct json params, const struct json *found, struct iso_err *err)
{
    if (!params.at)
        return 0;
    buf_add(&h->text, params.at, params.len);
    if (h->text.failed)
        return iso_fail(err, ISO_INTERNAL, "out of memory");
    h->globals = found[P_GLOBALS];
    h->imports = found[P_IMPORTS];
    if (h->globals.at)
        h->globals.at = h->text.data + (h->globals.at - params.at);
    if (h->imports.at)
        h->imports.at = h->text.data + (h->imports.at - params.at);
    return 0;
}

/* Fills the handle from the params. -1 and *err; *path is the invalid member. */
static int fill(struct handle *h, struct json params, const struct json *found, const char **path,
                struct iso_err *err)
{
    for (int way = P_SEED; way <= P_TZ; way++) {
        *path = prepare_params[way].name;
        if (take_way(h, way, found[way], err) < 0)
            return -1;
    }
    *path = "limits";
    if (found[P_LIMITS].at &&
        (limits_from_json(&h->limits, "limits", found[P_LIMITS].at, found[P_LIMITS].len, NULL, err) < 0 ||
         limits_within(&h->limits, &h->server->cfg->most, err) < 0))
        return -1;
    *path = "snapshot";
    if (take_snapshot(h, found[P_SNAPSHOT], err) < 0)
        return -1;
    *path = found[P_GLOBALS].at ? "globals" : found[P_IMPORTS].at ? "imports" : "snapshot";
    return keep_text(h, params, found, err) < 0 || declare_for_handle(h, err) < 0
               ? -1
               : globals_check_answered(&h->declared.globals, h->server->cfg->answered, err);
}

static void put_function(struct buf *out, const struct stub *s, const char *between)
{
    struct json description = stub_option(s, STUB_OPTION_DESCRIPTION);

    buf_printf(out, "%s{\"name\":%s,\"kind\":\"%s\"", between, s->path, s->kind->key);
    if (description.at) {
        buf_str(out, ",\"description\":");
        buf_add(out, description.at, description.len);
    }
    buf_byte(out, '}');
}

static void put_declared(struct buf *out, const struct declarations *d)
{
    const char *between = "";

    buf_str(out, "{\"globals\":[");
    for (size_t i = 0; i < d->globals.count; i++)
        if (!d->globals.stubs[i].module) {
            put_function(out, &d->globals.stubs[i], between);
            between = ",";
        }
    buf_str(out, "],\"imports\":[");
    for (size_t i = 0; i < d->imports.count; i++) {
        const struct import *one = &d->imports.list[i];

        buf_printf(out, "%s{\"specifier\":", i ? "," : "");
        json_quote(out, one->specifier.len ? one->specifier.data : "", one->specifier.len);
        buf_printf(out, ",\"kind\":\"%s\"}", one->stub < 0 ? "source" : "exports");
    }
    buf_str(out, "]}");
}

/* A request `prepare`, until its trial run has ended. */
struct preparation {
    struct request request; /* the first member */
    struct trial *trial;
};

static void answer_prepared(struct peer *p, struct json id, const struct handle *h)
{
    AUTO_BUF struct buf out = {0}, dts = {0};

    reply_begin(&out, id);
    buf_printf(&out, "{\"handle\":\"%s\",\"declared\":", h->name);
    put_declared(&out, &h->declared);
    declare_all(&dts, &h->declared.globals, &h->declared.imports);
    buf_str(&out, ",\"dts\":");
    json_quote(&out, dts.len ? dts.data : "", dts.len);
    buf_str(&out, "}}");
    out.failed |= dts.failed;
    reply_send(p, id, &out);
}

static void add_handle(struct peer *p, struct handle *h)
{
    struct handle **end = &p->handles;

    h->users++;
    snprintf(h->name, sizeof h->name, "h%" PRIu64, ++p->last_handle);
    while (*end)
        end = &(*end)->next;
    *end = h;
}

static void on_tried(struct trial *t, struct run_result *result)
{
    struct preparation *prep = t->ctx;
    struct peer *p = prep->request.peer;
    struct json id = request_id(&prep->request);

    if (result->code == ISO_OK) {
        add_handle(p, t->handle);
        answer_prepared(p, id, t->handle);
    } else {
        reply_result_failure(p, id, "globals", result);
    }
    request_end(&prep->request);
    trial_free(t);
    free(prep);
    peer_settle(p);
}

static void cancel_preparation(struct request *request)
{
    struct preparation *prep = (struct preparation *)request;

    trial_cancel(prep->trial);
}

static void try_handle(struct peer *p, struct json id, struct handle *h)
{
    struct preparation *prep = calloc(1, sizeof *prep);
    struct trial *t = trial_new("", 0, "prepare");
    struct iso_err err;

    if (!prep || !t) {
        iso_fail(&err, ISO_INTERNAL, "out of memory");
        reply_failure(p, id, NULL, &err);
    } else if (request_begin(&prep->request, p, id, cancel_preparation) == 0) {
        prep->trial = t;
        t->ctx = prep;
        t->done = on_tried;
        trial_start(t, h, 0);
        return;
    }
    free(prep);
    trial_discard(t);
}

void method_prepare(struct peer *p, const struct message *m)
{
    struct json found[P_COUNT];
    const char *path = NULL;
    struct iso_err err;
    struct fault fault;
    struct handle *h;

    if (params_read(prepare_params, P_COUNT, m->params, found, &fault) < 0) {
        reply_fault(p, m->id, &fault);
        return;
    }
    h = new_handle(p->server, &err);
    if (!h || fill(h, m->params, found, &path, &err) < 0)
        reply_failure(p, m->id, path, &err);
    else
        try_handle(p, m->id, h);
    if (h)
        handle_release(h); /* twice: for the trial and for the peer */
}

/* ---- release */

void method_release(struct peer *p, const struct message *m)
{
    static const struct param params[] = {{"handle", PARAM_STRING, 1}};
    AUTO_BUF struct buf out = {0};
    struct handle **at, *h;
    struct json found[1];
    struct fault fault;

    if (params_read(params, 1, m->params, found, &fault) < 0) {
        reply_fault(p, m->id, &fault);
        return;
    }
    at = handle_slot(p, found[0]);
    h = *at;
    if (!h) {
        fault_set(&fault, "handle", no_handle);
        reply_fault(p, m->id, &fault);
        return;
    }
    *at = h->next;
    handle_release(h);
    reply_begin(&out, m->id);
    buf_str(&out, "{}}");
    reply_send(p, m->id, &out);
}
