/* SPDX-License-Identifier: MIT */
/* iso4 doctor: tries each layer of the sandbox on this machine and reports the result. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "core/file.h"
#include "core/json.h"
#include "core/version.h"
#include "host/doctor/doctor.h"

/* The exit status when required layers are missing or a worker does not run. */
#define UNSOUND 3

static const char *const layer_names[LAYER_COUNT] = {
#define X(id, name, always) [LAYER_BIT_##id] = name,
    ISO_LAYERS(X)
#undef X
};

/* ---- for machines */

static void put_doctor_text(struct buf *out, const char *key, const char *text, size_t len)
{
    buf_printf(out, "\"%s\":", key);
    json_quote(out, len ? text : "", len);
}

static void put_doctor_member(struct buf *out, const char *key, const char *text)
{
    buf_byte(out, ',');
    put_doctor_text(out, key, text, strlen(text));
}

static void put_layer(struct buf *out, const char *name, const struct doctor_layer *l)
{
    buf_byte(out, '{');
    put_doctor_text(out, "name", name, strlen(name));
    buf_printf(out, ",\"held\":%s,\"required\":%s,", l->held ? "true" : "false",
               l->required ? "true" : "false");
    put_doctor_text(out, "tried", l->tried.data, l->tried.len);
    buf_byte(out, ',');
    put_doctor_text(out, "result", l->result.data, l->result.len);
    buf_byte(out, ',');
    put_doctor_text(out, "without", l->control.data, l->control.len);
    if (!l->held)
        put_doctor_member(out, "mend", l->mend);
    buf_byte(out, '}');
}

static void put_worker(struct buf *out, const struct doctor *d)
{
    int first = 1;

    buf_printf(out, ",\"worker\":{\"ok\":%s", d->worker_ok ? "true" : "false");
    if (!d->worker_ok)
        put_doctor_member(out, "error", d->worker_error);
    buf_str(out, ",\"layers\":[");
    for (int layer = 0; layer < LAYER_COUNT; layer++)
        if (d->worker_layers & 1u << layer) {
            buf_printf(out, "%s\"%s\"", first ? "" : ",", layer_names[layer]);
            first = 0;
        }
    buf_printf(out, "],\"runMs\":%" PRIu64 ".%03" PRIu64, d->worker_ns / 1000000, d->worker_ns / 1000 % 1000);
    buf_printf(out, ",\"memory\":{\"rssKb\":%ld,\"dataKb\":%ld,\"addressSpaceKb\":%ld}}", d->rss_kb,
               d->data_kb, d->vm_kb);
}

static void put_document(struct buf *out, const struct doctor *d)
{
    buf_printf(out, "{\"ok\":%s,\"layers\":[", d->ok ? "true" : "false");
    for (int layer = 0; layer < LAYER_COUNT; layer++) {
        if (layer)
            buf_byte(out, ',');
        put_layer(out, layer_names[layer], &d->layers[layer]);
    }
    buf_printf(out, "],\"wholeStack\":{\"attempts\":%d,\"refused\":%d,", d->attempts, d->refused);
    put_doctor_text(out, "permitted", d->permitted.data, d->permitted.len);
    buf_byte(out, '}');
    put_worker(out, d);
    put_doctor_member(out, "iso4", ISO4_VERSION);
    put_doctor_member(out, "v8", d->v8);
    put_doctor_member(out, "kernel", d->machine.kernel);
    put_doctor_member(out, "machine", d->machine.hardware);
    buf_printf(out, ",\"uid\":%u,\"landlockAbi\":%d,\"outerFilters\":%d}", d->machine.uid,
               d->machine.landlock_abi, d->machine.filters);
}

static int print_as_json(const struct options *o, const struct doctor *d, struct iso_err *err)
{
    AUTO_BUF struct buf out = {0};

    put_document(&out, d);
    if (out.failed)
        return iso_fail(err, ISO_INTERNAL, "out of memory");
    return print_json(o, &out, err);
}

/* ---- for people */

static void print_list(const char *title, const struct buf *list)
{
    printf("          %s %.*s\n", title, (int)list->len, list->len ? list->data : "");
}

static void print_layer(const char *name, const struct doctor_layer *l)
{
    printf("%-9s %s%s\n", l->held ? "held" : "MISSING", name,
           l->required ? "" : " (where the machine gives it)");
    print_list("tried:  ", &l->tried);
    print_list("result: ", &l->result);
    print_list("without:", &l->control);
    if (!l->held)
        printf("          mend:    %s\n", l->mend);
}

static void print_table(const struct doctor *d)
{
    char names[256];

    printf("iso4 %s, V8 %s, %s %s, user %u", ISO4_VERSION, *d->v8 ? d->v8 : "unknown", d->machine.kernel,
           d->machine.hardware, d->machine.uid);
    if (d->machine.landlock_abi)
        printf(", Landlock ABI %d", d->machine.landlock_abi);
    if (d->machine.filters > 0)
        printf(", inside %d seccomp filter%s", d->machine.filters, d->machine.filters == 1 ? "" : "s");
    printf("\n\n");
    for (int layer = 0; layer < LAYER_COUNT; layer++)
        print_layer(layer_names[layer], &d->layers[layer]);
    printf("\n%d of %d attacks behind the whole sandbox were refused\n", d->refused, d->attempts);
    if (d->permitted.len)
        printf("NOT REFUSED: %.*s\n", (int)d->permitted.len, d->permitted.data);
    layers_names(d->worker_layers, names);
    if (d->worker_ok)
        printf("a worker ran with: %s\n", names);
    else
        printf("NO WORKER RUNS: %s\n", d->worker_error);
    layers_names(d->claimed, names);
    if (d->claimed)
        printf("WITHOUT GROUND: the worker said so of %s\n", names);
    printf("%s\n", d->ok ? "agents can be run here" : "do not run agents here");
}

/* ---- */

static int examine(struct doctor *d, const struct options *o, struct iso_err *err)
{
    struct paths paths;
    int rc;

    if (o->operand_count)
        return iso_fail(err, ISO_USAGE, "doctor takes no operands, %d were given", o->operand_count);
    if (paths_find(&paths, err) < 0)
        return -1;
    rc = doctor_examine(d, &paths, err);
    paths_free(&paths);
    if (rc < 0)
        return rc;
    if (o->value[OPTION_JSON])
        return print_as_json(o, d, err);
    print_table(d);
    return fflush(stdout) == 0 ? 0 : stdout_fail(err, errno);
}

int command_doctor(const struct options *o)
{
    struct doctor d = {0};
    struct iso_err err;
    int rc = examine(&d, o, &err), status = d.ok ? 0 : UNSOUND;

    doctor_free(&d);
    return rc < 0 ? report(&err) : status;
}
