/* SPDX-License-Identifier: MIT */
/* iso4 inspect: prints the manifest of a snapshot file after checking its digest. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/declarations.h"
#include "core/file.h"
#include "core/json_walk.h"
#include "core/terminal.h"
#include "host/dts/declare.h"
#include "snapshots/snapshot.h"

/* ---- the table */

/* Begins a line of the table. Texts of the snapshot are printed so that the terminal does not act on them. */
static void put_label(struct buf *out, const char *what)
{
    buf_printf(out, "%-9s ", what);
}

static void put_literal(struct buf *out, struct json literal)
{
    AUTO_BUF struct buf text = {0};

    json_decode(&text, literal);
    terminal_line(out, text.data, text.len);
    out->failed |= text.failed;
}

static void put_fact(struct buf *out, const char *what, const char *text)
{
    put_label(out, what);
    terminal_line(out, text, strlen(text));
    buf_byte(out, '\n');
}

/* Name, size and digest of a source. */
static void put_description(struct buf *out, struct json source)
{
    struct json name = json_member(source, "name"), sha256 = json_member(source, "sha256");
    struct json size = json_member(source, "bytes");
    uint64_t bytes;

    if (!name.at || json_kind(name) != JSON_STRING || !sha256.at || json_kind(sha256) != JSON_STRING ||
        !size.at || json_whole_number(size, INT64_MAX, &bytes) < 0)
        return;
    put_literal(out, name);
    buf_printf(out, ", %" PRIu64 " bytes, sha256 ", bytes);
    put_literal(out, sha256);
}

static void put_source(struct buf *out, const char *what, struct json source)
{
    if (!source.at)
        return;
    put_label(out, what);
    put_description(out, source);
    buf_byte(out, '\n');
}

static int is_export(const struct globals *g, const struct stub *s)
{
    while (s->parent >= 0)
        s = &g->stubs[s->parent];
    return s->module;
}

static void put_stub(struct buf *out, const struct globals *g, const struct stub *s)
{
    put_label(out, s->module ? "import" : is_export(g, s) ? "export" : "global");
    put_literal(out, (struct json){s->path, strlen(s->path)});
    buf_printf(out, ", %s", s->module ? "host module" : s->kind->key);
    if (s->kind->describe)
        s->kind->describe(s, out);
    buf_byte(out, '\n');
}

static void put_import(struct buf *out, const struct import *one)
{
    put_label(out, "import");
    terminal_line(out, one->specifier.data, one->specifier.len);
    buf_str(out, ", source ");
    put_description(out, one->description);
    buf_byte(out, '\n');
}

static void put_surface(struct buf *out, const struct declarations *d)
{
    for (size_t i = 0; i < d->globals.count; i++)
        put_stub(out, &d->globals, &d->globals.stubs[i]);
    for (size_t i = 0; i < d->imports.count; i++)
        if (d->imports.list[i].stub < 0)
            put_import(out, &d->imports.list[i]);
}

static void put_table(struct buf *out, const char *path, const struct snapshot_file *f, struct json manifest,
                      const struct declarations *d)
{
    struct json tool = json_member(manifest, "tool"), one;

    put_label(out, "snapshot");
    terminal_line(out, path, strlen(path));
    buf_printf(out, ", %zu bytes\n", f->len);
    if (tool.at && json_kind(tool) == JSON_STRING) {
        put_label(out, "made by");
        put_literal(out, tool);
        buf_byte(out, '\n');
    }
    put_fact(out, "V8", f->view.made_with.v8);
    put_fact(out, "engine", f->view.made_with.engine);
    put_fact(out, "machine", f->view.made_with.machine);
    put_source(out, "prefix", json_member(manifest, "prefix"));
    for (struct json_walk w = json_walk(json_member(manifest, "warm")); json_next(&w, NULL, &one);)
        put_source(out, "warm", one);
    put_surface(out, d);
}

/* ---- JSON */

/* Appends a value without line breaks; manifests keep definitions as they were written, over many lines. */
static void put_on_one_line(struct buf *out, struct json v)
{
    int in_string = 0;

    for (size_t i = 0; i < v.len; i++) {
        char c = v.at[i];

        if (in_string && c == '\\')
            buf_byte(out, v.at[i++]);
        else if (c == '"')
            in_string = !in_string;
        if (in_string || !memchr(" \t\r\n", c, 4))
            buf_byte(out, v.at[i]);
    }
}

static void put_inspect_text(struct buf *out, const char *key, const char *text)
{
    buf_printf(out, ",\"%s\":", key);
    json_quote(out, text, strlen(text));
}

/* The manifest with the facts of the file: size, digest, versions. */
static void put_json(struct buf *out, const struct snapshot_file *f, struct json manifest)
{
    if (!manifest.len)
        return; /* out of memory */
    put_on_one_line(out, (struct json){manifest.at, manifest.len - 1});
    buf_printf(out, "%s\"bytes\":%zu", json_count(manifest) ? "," : "", f->len);
    put_inspect_text(out, "v8", f->view.made_with.v8);
    put_inspect_text(out, "engine", f->view.made_with.engine);
    put_inspect_text(out, "machine", f->view.made_with.machine);
    buf_byte(out, '}');
    if (!out->failed)
        json_mend(out->data, out->len);
}

/* ---- the command */

static int print_text(const struct buf *out, struct iso_err *err)
{
    if (out->failed)
        return iso_fail(err, ISO_INTERNAL, "out of memory");
    return fd_write_all(STDOUT_FILENO, out->data, out->len) < 0 ? stdout_fail(err, errno) : 0;
}

static int print_inspection(const struct options *o, const struct snapshot_file *f, struct json manifest,
                            struct iso_err *err)
{
    struct json apart = {f->view.texts, f->view.texts_len};
    struct declarations d = {0};
    AUTO_BUF struct buf out = {0}, safe = {0}, full = {0};
    int json = o->value[OPTION_JSON] || o->value[OPTION_PRETTY] || o->value[OPTION_COMPACT];
    int rc = declarations_from_manifest(&d, o->operands[0], manifest, apart, err);

    if (rc == 0 && o->value[OPTION_DTS])
        declare_all(&out, &d.globals, &d.imports);
    else if (rc == 0 && json && (rc = declarations_in_full(o->operands[0], manifest, apart, &full, err)) == 0)
        put_json(&out, f, (struct json){full.data, full.len});
    else if (rc == 0)
        put_table(&safe, o->operands[0], f, manifest, &d);
    terminal_source(&safe, out.data, out.len);
    safe.failed |= out.failed | full.failed;
    if (rc == 0 && json && !o->value[OPTION_DTS] && !safe.failed)
        rc = print_json(o, &safe, err);
    else if (rc == 0)
        rc = print_text(&safe, err);
    declarations_free(&d);
    return rc;
}

/* 1 for a file of definitions, told by its name: there need not be a snapshot yet. */
static int is_definitions(const char *path)
{
    const char *dot = strrchr(path, '.');

    return dot && strcmp(dot, ".json") == 0;
}

static int print_declarations(const char *path, struct iso_err *err)
{
    struct declarations d = {0};
    AUTO_BUF struct buf out = {0}, safe = {0};
    int rc = globals_read(&d.globals, path, err);

    if (rc == 0) {
        declare_all(&out, &d.globals, &d.imports);
        terminal_source(&safe, out.data, out.len);
        safe.failed |= out.failed;
        rc = print_text(&safe, err);
    }
    declarations_free(&d);
    return rc;
}

static int inspect(const struct options *o, struct iso_err *err)
{
    struct snapshot_file f;
    enum json_kind kind;
    int rc;

    if (o->operand_count != 1)
        return iso_fail(err, ISO_USAGE, "inspect takes one snapshot, %d were given", o->operand_count);
    if (o->value[OPTION_JSON] && o->value[OPTION_DTS])
        return iso_fail(err, ISO_USAGE, "inspect prints JSON or declarations: leave --json or --dts out");
    if (o->value[OPTION_DTS] && is_definitions(o->operands[0]))
        return print_declarations(o->operands[0], err);
    if (snapshot_open(o->operands[0], &f, err) < 0)
        return -1;
    rc = snapshot_file_verify(&f, o->operands[0], err);
    if (rc == 0 && (json_check(f.view.manifest, f.view.manifest_len, &kind, NULL) < 0 || kind != JSON_OBJECT))
        rc =
            iso_fail(err, ISO_SNAPSHOT_INVALID, "snapshot '%.200s' has no readable manifest", o->operands[0]);
    if (rc == 0)
        rc = print_inspection(o, &f, json_whole(f.view.manifest, f.view.manifest_len), err);
    snapshot_close(&f);
    return rc;
}

int command_inspect(const struct options *o)
{
    struct iso_err err;

    return inspect(o, &err) < 0 ? report(&err) : 0;
}
