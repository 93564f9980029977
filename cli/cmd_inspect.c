/* SPDX-License-Identifier: MIT */
/* iso4 inspect: what a snapshot file says about itself, after its digest has been checked. */
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/declarations.h"
#include "core/file.h"
#include "core/json_walk.h"
#include "host/declare.h"
#include "snapshots/snapshot.h"

static void print_source(const char *what, const cJSON *source)
{
    const cJSON *name = cJSON_GetObjectItemCaseSensitive(source, "name");
    const cJSON *sha256 = cJSON_GetObjectItemCaseSensitive(source, "sha256");
    const cJSON *bytes = cJSON_GetObjectItemCaseSensitive(source, "bytes");

    if (cJSON_IsString(name) && cJSON_IsString(sha256) && cJSON_IsNumber(bytes))
        printf("%-9s %s, %.0f bytes, sha256 %s\n", what, name->valuestring, bytes->valuedouble,
               sha256->valuestring);
}

static void print_table(const char *path, const struct snapshot_file *f, const cJSON *manifest)
{
    const cJSON *tool = cJSON_GetObjectItemCaseSensitive(manifest, "tool"), *one;

    printf("%-9s %s, %zu bytes\n", "snapshot", path, f->len);
    if (cJSON_IsString(tool))
        printf("%-9s %s\n", "made by", tool->valuestring);
    printf("%-9s %s\n%-9s %s\n%-9s %s\n", "V8", f->view.made_with.v8, "engine", f->view.made_with.engine,
           "machine", f->view.made_with.machine);
    print_source("prefix", cJSON_GetObjectItemCaseSensitive(manifest, "prefix"));
    cJSON_ArrayForEach(one, cJSON_GetObjectItemCaseSensitive(manifest, "warm")) print_source("warm", one);
}

static int print_as_json(const struct options *o, const struct snapshot_file *f, cJSON *manifest,
                         struct iso_err *err)
{
    struct buf out = {0};
    char *text;
    int rc;

    cJSON_AddNumberToObject(manifest, "bytes", (double)f->len);
    cJSON_AddStringToObject(manifest, "v8", f->view.made_with.v8);
    cJSON_AddStringToObject(manifest, "engine", f->view.made_with.engine);
    cJSON_AddStringToObject(manifest, "machine", f->view.made_with.machine);
    text = cJSON_PrintUnformatted(manifest);
    if (!text)
        return iso_fail(err, ISO_INTERNAL, "out of memory");
    buf_str(&out, text);
    free(text);
    rc = print_json(o, &out, err);
    buf_free(&out);
    return rc;
}

static int print_declarations(const char *name, const struct snapshot_file *f, struct iso_err *err)
{
    struct declarations d = {0};
    struct buf out = {0};
    int rc = 0;

    if (json_check(f->view.manifest, f->view.manifest_len, NULL, NULL) < 0)
        return iso_fail(err, ISO_SNAPSHOT_INVALID, "snapshot '%s' has no readable manifest", name);
    rc = declarations_from_manifest(&d, name, json_whole(f->view.manifest, f->view.manifest_len), err);
    if (rc == 0)
        declare_all(&out, &d.globals, &d.imports);
    if (out.failed)
        rc = iso_fail(err, ISO_INTERNAL, "out of memory");
    if (rc == 0 && fd_write_all(STDOUT_FILENO, out.data, out.len) < 0)
        rc = iso_fail(err, ISO_OUTPUT, "cannot write to standard output: %m");
    buf_free(&out);
    declarations_free(&d);
    return rc;
}

static int inspect(const struct options *o, struct iso_err *err)
{
    struct snapshot_file f;
    cJSON *manifest;
    int rc = 0;

    if (o->operand_count != 1)
        return iso_fail(err, ISO_USAGE, "inspect takes one snapshot, %d were given", o->operand_count);
    if (snapshot_open(o->operands[0], &f, err) < 0)
        return -1;
    if (snapshot_verify(o->operands[0], f.map, f.len, err) < 0) {
        snapshot_close(&f);
        return -1;
    }
    if (o->value[OPTION_DTS]) {
        rc = print_declarations(o->operands[0], &f, err);
        snapshot_close(&f);
        return rc;
    }
    manifest = cJSON_ParseWithLength(f.view.manifest, f.view.manifest_len);
    if (!cJSON_IsObject(manifest))
        rc = iso_fail(err, ISO_SNAPSHOT_INVALID, "snapshot '%s' has no readable manifest", o->operands[0]);
    else if (o->value[OPTION_JSON] || o->value[OPTION_PRETTY] || o->value[OPTION_COMPACT])
        rc = print_as_json(o, &f, manifest, err);
    else
        print_table(o->operands[0], &f, manifest);
    cJSON_Delete(manifest);
    snapshot_close(&f);
    return rc;
}

int command_inspect(const struct options *o)
{
    struct iso_err err;

    if (inspect(o, &err) < 0)
        return report(&err);
    if (fflush(stdout) == 0)
        return 0;
    iso_fail(&err, ISO_OUTPUT, "cannot write to standard output: %m");
    return report(&err);
}
