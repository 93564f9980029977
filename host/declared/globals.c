/* SPDX-License-Identifier: MIT */
#include "host/declared/globals_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/file.h"

struct reader {
    struct globals *g;
    struct globals_document *document;
    struct stub_place place;
    int depth;
    uint64_t path_bytes;  /* of all stubs so far */
    uint64_t apart_bytes; /* of the texts of all stubs so far */
};

/* ---- names */

static char *make_path(const struct globals *g, int parent, struct json name)
{
    const char *above = parent < 0 ? NULL : g->stubs[parent].path;
    struct buf path = {0};

    buf_byte(&path, '"');
    if (above) {
        buf_add(&path, above + 1, strlen(above) - 2);
        buf_byte(&path, '.');
    }
    buf_add(&path, name.at + 1, name.len - 1);
    buf_byte(&path, 0);
    if (path.failed)
        buf_free(&path);
    else
        json_mend(path.data, path.len - 1); /* results show it */
    return path.data;
}

/* Limits of the sum of all paths. A path repeats the names of all objects that a member is in; with the limits a
 * document takes memory in proportion to its size. */
#define PATHS_FOR_ANY  (64u << 10)
#define PATHS_PER_BYTE 4

static struct stub_parts *add_parts(struct reader *r, struct stub *s, struct iso_err *err)
{
    struct stub_parts *parts = calloc(1, sizeof *parts);

    if (parts)
        parts->path = make_path(r->g, s->parent, s->name);
    if (!parts || !parts->path) {
        iso_fail(err, ISO_INTERNAL, "out of memory");
        free(parts);
        return NULL;
    }
    s->path = parts->path;
    parts->next = r->document->parts;
    r->document->parts = parts;
    return parts;
}

static int check_path(struct reader *r, const struct stub *s, struct iso_err *err)
{
    r->path_bytes += strlen(s->path);
    if (r->path_bytes <= PATHS_FOR_ANY + PATHS_PER_BYTE * (uint64_t)r->document->whole.len)
        return 0;
    return stub_fail(&r->place, s->name.at, err,
                     "is one member too many in objects with long names: give those shorter names");
}

/* ---- reading */

/* Refuses texts that several definitions share: work and memory stay in proportion to the size of the snapshot. */
static int check_apart(struct reader *r, const struct stub *s, struct iso_err *err)
{
    for (int i = 0; i < STUB_OPTION_COUNT; i++)
        if (s->apart & 1u << i)
            r->apart_bytes += s->options[i].len;
    return r->apart_bytes <= r->place.apart.len
               ? 0
               : stub_fail(&r->place, s->name.at, err, "has more texts than the snapshot");
}

static int add_all(struct reader *r, struct json object, int parent, struct iso_err *err);

static struct stub *new_stub(struct globals *g)
{
    if ((g->count & (g->count - 1)) == 0) { /* at every power of two */
        struct stub *more = realloc(g->stubs, (g->count ? 2 * g->count : 1) * sizeof *more);
        if (!more)
            return NULL;
        g->stubs = more;
    }
    g->stubs[g->count] = (struct stub){0};
    return &g->stubs[g->count++];
}

static int add_one(struct reader *r, struct json name, struct json definition, int parent,
                   struct iso_err *err)
{
    struct stub *s = r->g->count < GLOBALS_MOST_STUBS ? new_stub(r->g) : NULL;
    struct stub_parts *parts;
    int self = (int)r->g->count - 1, rc;

    if (!s)
        return stub_fail(&r->place, name.at, err, "is one definition too many: at most %d are taken",
                         GLOBALS_MOST_STUBS);
    s->name = name;
    s->parent = parent;
    s->dir = r->document->dir;
    parts = add_parts(r, s, err);
    if (!parts || check_path(r, s, err) < 0)
        return -1;
    r->place.path = s->path;
    rc = stub_parse(s, parts, definition, &r->place, err);
    if (rc == 0 && s->apart)
        rc = check_apart(r, s, err);
    s->asks |= parent >= 0 && r->g->stubs[parent].asks;
    if (rc == 0 && s->kind == &stub_members)
        rc = add_all(r, s->main, self, err); /* s may have moved */
    return rc;
}

static int add_all(struct reader *r, struct json object, int parent, struct iso_err *err)
{
    struct json name, definition;

    if (r->depth == GLOBALS_MOST_DEPTH)
        return stub_fail(&r->place, object.at, err, "is nested too deeply: at most %d levels are taken",
                         GLOBALS_MOST_DEPTH);
    if (stub_refuse_repeats(&r->place, object, "declares", err) < 0)
        return -1;
    r->depth++;
    for (struct json_walk w = json_walk(object); json_next(&w, &name, &definition);)
        if (add_one(r, name, definition, parent, err) < 0)
            return -1;
    r->depth--;
    return 0;
}

static struct globals_document *new_document(struct globals *g)
{
    struct globals_document *d = calloc(1, sizeof *d);

    if (d) {
        d->next = g->documents;
        g->documents = d;
    }
    return d;
}

/* 1 for a list of tools in the format of a model's API: [{"type": "function", "function": {...}}], also as the member
 * `tools`; or [{"name": ..., "input_schema": ...}]. */
static int is_tool_list(struct json whole)
{
    struct json list = json_kind(whole) == JSON_OBJECT ? json_member(whole, "tools") : whole, first, type;
    struct json_walk w;

    if (!list.at && json_member(whole, "function").at) { /* one tool by itself */
        type = json_member(whole, "type");
        return type.at && json_is(type, "function");
    }
    if (!list.at || json_kind(list) != JSON_ARRAY)
        return 0;
    w = json_walk(list);
    if (!json_next(&w, NULL, &first))
        return 0;
    type = json_member(first, "type");
    return (type.at && json_is(type, "function")) || json_member(first, "input_schema").at ||
           json_member(first, "inputSchema").at;
}

/* 1 for {"mcpServers": {NAME: {"command": PROGRAM}}}, also with "url". */
static int is_mcp_config(struct json whole)
{
    struct json list = json_member(whole, "mcpServers"), first, command;
    struct json_walk w;

    if (!list.at || json_kind(list) != JSON_OBJECT)
        return 0;
    w = json_walk(list);
    if (!json_next(&w, NULL, &first) || json_kind(first) != JSON_OBJECT)
        return 0;
    command = json_member(first, "command");
    return (command.at && json_kind(command) == JSON_STRING) || json_member(first, "url").at;
}

static int read_definitions(struct globals *g, struct globals_document *d, const char *file, const char *text,
                            struct iso_err *err)
{
    struct reader r = {.g = g, .document = d, .place = {file, text, NULL, d->kept, d->apart}};

    if (is_tool_list(d->whole))
        return stub_fail(&r.place, d->whole.at, err,
                         "this is a list of tools as model APIs take it: write {\"NAME\": {\"command\": "
                         "[\"PROGRAM\"], \"parameters\": {...}}}, see iso4-globals(5)");
    if (is_mcp_config(d->whole))
        return stub_fail(&r.place, d->whole.at, err, "this is a list of MCP servers, which --mcp takes");
    if (json_kind(d->whole) != JSON_OBJECT)
        return stub_fail(&r.place, d->whole.at, err, "globals are a JSON object: name to definition");
    return add_all(&r, d->whole, -1, err);
}

/* The absolute directory of the file, so that a snapshot finds its programs from any working directory. */
static char *directory_of(const char *path)
{
    char *real = strcmp(path, "-") == 0 ? NULL : realpath(path, NULL);
    char *slash = real ? strrchr(real, '/') : NULL;

    if (!real)
        return getcwd(NULL, 0);
    slash[slash == real] = 0;
    return real;
}

static const char *file_name(const char *path)
{
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

static int name_document(struct globals_document *d, const char *name, const char *start, struct iso_err *err)
{
    d->name = strdup(name);
    d->start = start;
    return d->name ? 0 : iso_fail(err, ISO_INTERNAL, "out of memory");
}

struct globals_document *globals_document(struct globals *g, const char *path, struct iso_err *err)
{
    struct globals_document *d = new_document(g);
    struct stub_place place = {.file = file_name(path), .text = ""};
    size_t at;

    if (!d) {
        iso_fail(err, ISO_INTERNAL, "out of memory");
        return NULL;
    }
    d->imports = 1;
    if (file_read_text(path, GLOBALS_MOST_BYTES, &d->text, err) < 0)
        return NULL;
    d->dir = directory_of(path);
    if (!d->dir) {
        iso_fail(err, ISO_USAGE, "%.200s: its directory cannot be found: %m", place.file);
        return NULL;
    }
    place.text = d->text.len ? d->text.data : "";
    if (json_check(d->text.data, d->text.len, NULL, &at) < 0) {
        stub_fail(&place, place.text + at, err, "not JSON from here on");
        return NULL;
    }
    d->whole = json_whole(d->text.data, d->text.len);
    return name_document(d, place.file, place.text, err) < 0 ? NULL : d;
}

struct globals_document *globals_kept_document(struct globals *g, struct json dir, struct json apart,
                                               struct iso_err *err)
{
    struct globals_document *d = new_document(g);
    struct buf text = {0};

    if (d) {
        if (dir.at && json_kind(dir) == JSON_STRING)
            json_decode(&text, dir);
        buf_byte(&text, 0);
        d->dir = text.data;
        d->imports = 1;
        d->kept = 1;
        d->apart = apart;
    }
    if (!d || text.failed) {
        iso_fail(err, ISO_INTERNAL, "out of memory");
        return NULL;
    }
    return d;
}

struct json globals_document_text(const struct globals_document *d)
{
    return d->whole;
}

void globals_place(const struct globals_document *d, struct json path, struct buf *out)
{
    AUTO_BUF struct buf given = {0};

    json_decode(&given, path);
    if (given.len && *given.data != '/') {
        buf_str(out, d->dir);
        buf_byte(out, '/');
    }
    buf_add(out, given.data, given.len);
    buf_byte(out, 0);
    out->failed |= given.failed;
}

int globals_add_module(struct globals *g, struct globals_document *d, const char *file, const char *text,
                       struct json specifier, struct json exports, struct iso_err *err)
{
    struct reader r = {.g = g, .document = d, .place = {file, text, NULL, d->kept, d->apart}};
    struct stub *s = g->count < GLOBALS_MOST_STUBS ? new_stub(g) : NULL;
    int self = (int)g->count - 1;

    if (!s)
        return stub_fail(&r.place, specifier.at, err, "is one definition too many: at most %d are taken",
                         GLOBALS_MOST_STUBS);
    *s = (struct stub){
        .kind = &stub_members, .name = specifier, .parent = -1, .main = exports, .dir = d->dir, .module = 1};
    if (!add_parts(&r, s, err) || check_path(&r, s, err) < 0)
        return -1;
    r.place.path = s->path;
    if (json_kind(exports) != JSON_OBJECT)
        return stub_fail(&r.place, exports.at, err, "exports are an object: name to definition");
    return add_all(&r, exports, self, err);
}

int globals_read(struct globals *g, const char *path, struct iso_err *err)
{
    struct globals_document *d = globals_document(g, path, err);

    if (!d)
        return -1;
    d->imports = 0;
    return read_definitions(g, d, file_name(path), d->text.data, err);
}

int globals_from_manifest(struct globals *g, const char *name, struct json manifest, struct json apart,
                          struct iso_err *err)
{
    struct json whole = json_member(manifest, "globals");
    struct globals_document *d;

    if (!whole.at || json_is_empty(whole))
        return 0;
    d = globals_kept_document(g, json_member(manifest, "directory"), apart, err);
    if (!d)
        return -1;
    d->imports = 0;
    d->whole = whole;
    if (read_definitions(g, d, name, manifest.at, err) < 0) {
        err->code = err->code == ISO_USAGE ? ISO_SNAPSHOT_INVALID : err->code;
        return -1;
    }
    return 0;
}

struct globals_document *globals_inline_document(struct globals *g, struct json whole, struct iso_err *err)
{
    struct globals_document *d = new_document(g);

    if (!d) {
        iso_fail(err, ISO_INTERNAL, "out of memory");
        return NULL;
    }
    if (!(d->dir = getcwd(NULL, 0))) {
        iso_fail(err, ISO_USAGE,
                 "the working directory, which definitions are relative to, cannot be found: %m");
        return NULL;
    }
    d->imports = 1;
    d->whole = whole;
    return d;
}

static int read_inline(struct globals *g, const char *name, const char *text, struct json whole, int kept,
                       struct iso_err *err)
{
    struct globals_document *d = globals_inline_document(g, whole, err);

    if (!d)
        return -1;
    d->imports = 0;
    d->kept = kept;
    return name_document(d, name, text, err) < 0 ? -1 : read_definitions(g, d, name, text, err);
}

int globals_inline(struct globals *g, const char *name, const char *text, struct json whole,
                   struct iso_err *err)
{
    return read_inline(g, name, text, whole, 0, err);
}

int globals_inline_checked(struct globals *g, const char *name, struct json whole, struct iso_err *err)
{
    return read_inline(g, name, whole.at, whole, 1, err);
}

void globals_free(struct globals *g)
{
    free(g->stubs);
    for (struct globals_document *d = g->documents, *next; d; d = next) {
        next = d->next;
        stub_parts_free(d->parts);
        buf_free(&d->text);
        free(d->name);
        free(d->dir);
        free(d);
    }
    *g = (struct globals){0};
}

/* ---- for messages */

static void put_shown(struct buf *out, const char *path)
{
    json_string_to_text(out, path, strlen(path));
}

void globals_name(char *to, size_t size, const struct stub *s)
{
    AUTO_BUF struct buf text = {0};

    put_shown(&text, s->path);
    snprintf(to, size, "'%.*s'", (int)(text.len < size - 4 ? text.len : size - 4), text.len ? text.data : "");
}

int globals_in_module(const struct globals *g, const struct stub *s)
{
    while (s->parent >= 0)
        s = &g->stubs[s->parent];
    return s->module;
}

const char *globals_sort(const struct globals *g, const struct stub *s)
{
    return globals_in_module(g, s) ? "export" : "global";
}

void globals_where(char *to, size_t size, const struct globals *g, const struct stub *s)
{
    size_t line, column;

    *to = 0;
    for (const struct globals_document *d = g->documents; d; d = d->next) {
        if (!d->start || s->main.at < d->whole.at || s->main.at >= d->whole.at + d->whole.len)
            continue;
        json_place(d->start, s->main.at, &line, &column);
        snprintf(to, size, "%.150s:%zu:%zu: ", d->name, line, column);
        return;
    }
}

void globals_where_named(char *to, size_t size, const struct globals *g, const char *message)
{
    const char *quoted = strchr(message, '\'');

    *to = 0;
    for (size_t i = 0; quoted && i < g->count; i++) {
        AUTO_BUF struct buf name = {0};

        json_decode(&name, (struct json){g->stubs[i].path, strlen(g->stubs[i].path)});
        buf_byte(&name, '\'');
        if (!name.failed && strncmp(quoted + 1, name.data, name.len) == 0) {
            globals_where(to, size, g, &g->stubs[i]);
            return;
        }
    }
}
