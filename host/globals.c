/* SPDX-License-Identifier: MIT */
#include "host/globals.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/digest.h"
#include "core/file.h"
#include "core/hash.h"
#include "core/nearest.h"
#include "host/fetch.h"

struct globals_document {
    struct buf text;   /* owned, unless borrowed from a snapshot's manifest */
    struct json whole; /* the definitions */
    char *dir;         /* absolute; what paths of programs are relative to */
    int imports;       /* its definitions are exports of host modules */
    struct globals_document *next;
};

struct reader {
    struct globals *g;
    struct globals_document *document;
    struct stub_place place;
    int depth;
};

/* ---- names */

struct name {
    uint64_t hash;
    struct json literal;
};

static uint64_t hash_name(struct json literal, struct buf *room)
{
    buf_reset(room);
    json_decode(room, literal);
    return hash_more(HASH_START, room->data, room->len);
}

static int by_hash(const void *a, const void *b)
{
    uint64_t x = ((const struct name *)a)->hash, y = ((const struct name *)b)->hash;

    return (x > y) - (x < y);
}

/* cJSON and JSON.parse would take the last of two; here somebody would lose a definition. */
static int refuse_duplicates(const struct reader *r, struct json object, struct iso_err *err)
{
    size_t count = json_count(object), n = 0;
    struct name *names = calloc(count + 1, sizeof *names);
    AUTO_BUF struct buf room = {0};
    struct json key, value;
    int rc = 0;

    if (!names)
        return iso_fail(err, ISO_INTERNAL, "out of memory");
    for (struct json_walk w = json_walk(object); json_next(&w, &key, &value);)
        names[n++] = (struct name){hash_name(key, &room), key};
    qsort(names, n, sizeof *names, by_hash);
    for (size_t i = 1; i < n && rc == 0; i++)
        if (names[i].hash == names[i - 1].hash && json_same_string(names[i].literal, names[i - 1].literal))
            rc = stub_fail(&r->place, names[i].literal.at, err, "declares %.*s twice",
                           (int)(names[i].literal.len < 80 ? names[i].literal.len : 80), names[i].literal.at);
    free(names);
    return rc;
}

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
    return path.data;
}

/* ---- reading */

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
    int self = (int)r->g->count - 1, rc;

    if (!s)
        return stub_fail(&r->place, name.at, err, "is one definition too many: at most %d are taken",
                         GLOBALS_MOST_STUBS);
    s->name = name;
    s->parent = parent;
    s->dir = r->document->dir;
    s->path = make_path(r->g, parent, name);
    if (!s->path)
        return iso_fail(err, ISO_INTERNAL, "out of memory");
    r->place.path = s->path;
    rc = stub_parse(s, definition, &r->place, err);
    if (rc == 0 && s->kind == STUB_MEMBERS)
        rc = add_all(r, s->main, self, err); /* s may have moved */
    return rc;
}

static int add_all(struct reader *r, struct json object, int parent, struct iso_err *err)
{
    struct json name, definition;

    if (r->depth == GLOBALS_MOST_DEPTH)
        return stub_fail(&r->place, object.at, err, "is nested too deeply: at most %d levels are taken",
                         GLOBALS_MOST_DEPTH);
    if (refuse_duplicates(r, object, err) < 0)
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

static int read_definitions(struct globals *g, struct globals_document *d, const char *file, const char *text,
                            struct iso_err *err)
{
    struct reader r = {g, d, {file, text, NULL}, 0};

    if (json_kind(d->whole) != JSON_OBJECT)
        return stub_fail(&r.place, d->whole.at, err, "globals are a JSON object: name to definition");
    return add_all(&r, d->whole, -1, err);
}

/* The directory of the file, absolute, so that a snapshot finds its programs from anywhere. */
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

struct globals_document *globals_document(struct globals *g, const char *path, struct iso_err *err)
{
    struct globals_document *d = new_document(g);
    struct stub_place place = {file_name(path), "", NULL};
    size_t at;

    if (!d) {
        iso_fail(err, ISO_INTERNAL, "out of memory");
        return NULL;
    }
    d->imports = 1;
    if (file_read(path, GLOBALS_MOST_BYTES, &d->text, err) < 0)
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
    return d;
}

struct globals_document *globals_kept_document(struct globals *g, struct json dir, struct iso_err *err)
{
    struct globals_document *d = new_document(g);
    struct buf text = {0};

    if (d) {
        if (dir.at && json_kind(dir) == JSON_STRING)
            json_decode(&text, dir);
        buf_byte(&text, 0);
        d->dir = text.data;
        d->imports = 1;
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
    struct reader r = {g, d, {file, text, NULL}, 0};
    struct stub *s = g->count < GLOBALS_MOST_STUBS ? new_stub(g) : NULL;
    int self = (int)g->count - 1;

    if (!s)
        return stub_fail(&r.place, specifier.at, err, "is one definition too many: at most %d are taken",
                         GLOBALS_MOST_STUBS);
    *s = (struct stub){.kind = STUB_MEMBERS,
                       .name = specifier,
                       .parent = -1,
                       .main = exports,
                       .dir = d->dir,
                       .module = 1,
                       .path = make_path(g, -1, specifier)};
    if (!s->path)
        return iso_fail(err, ISO_INTERNAL, "out of memory");
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

int globals_from_manifest(struct globals *g, const char *name, struct json manifest, struct iso_err *err)
{
    struct json whole = json_member(manifest, "globals");
    struct globals_document *d;

    if (!whole.at || json_count(whole) == 0)
        return 0;
    d = globals_kept_document(g, json_member(manifest, "directory"), err);
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

int globals_inline(struct globals *g, const char *name, const char *text, struct json whole,
                   struct iso_err *err)
{
    struct globals_document *d = new_document(g);

    if (!d || !(d->dir = getcwd(NULL, 0)))
        return iso_fail(err, ISO_INTERNAL, "out of memory");
    d->whole = whole;
    return read_definitions(g, d, name, text, err);
}

void globals_free(struct globals *g)
{
    for (size_t i = 0; i < g->count; i++)
        free(g->stubs[i].path);
    free(g->stubs);
    for (struct globals_document *d = g->documents, *next; d; d = next) {
        next = d->next;
        buf_free(&d->text);
        free(d->dir);
        free(d);
    }
    *g = (struct globals){0};
}

/* ---- keeping */

static int has_slash(struct json literal)
{
    return memchr(literal.at, '/', literal.len) != NULL;
}

/* A place is kept only when something depends on it: else the same definitions give the same bytes wherever
 * they lie. */
int globals_depend_on_place(const struct globals *g, const char *dir)
{
    struct json program;

    for (size_t i = 0; i < g->count; i++) {
        const struct stub *s = &g->stubs[i];
        struct json_walk w = json_walk(s->main);

        if (s->dir == dir && s->kind == STUB_FETCH && fetch_depends_on_place(s))
            return 1;
        if (stub_group(s->kind) != STUB_PROGRAM || s->dir != dir)
            continue;
        if (s->options[STUB_OPTION_CWD].at || (json_next(&w, NULL, &program) && has_slash(program)))
            return 1;
    }
    return 0;
}

static const struct globals_document *own_document(const struct globals *g)
{
    const struct globals_document *d = g->documents;

    while (d && d->imports)
        d = d->next;
    return d;
}

void globals_to_manifest(const struct globals *g, struct buf *out)
{
    const struct globals_document *d = own_document(g);

    buf_str(out, "\"globals\":");
    if (!d) {
        buf_str(out, "{}");
        return;
    }
    buf_add(out, d->whole.at, d->whole.len);
    if (globals_depend_on_place(g, d->dir)) {
        buf_str(out, ",\"directory\":");
        json_quote(out, d->dir, strlen(d->dir));
    }
}

uint64_t globals_digest(const struct globals *g)
{
    AUTO_BUF struct buf all = {0};
    char hex[DIGEST_HEX];

    globals_to_install(g, &all);
    digest_hex((struct digest_part[]){{all.len ? all.data : "", all.len}, {NULL, 0}}, hex);
    hex[16] = 0;
    return strtoull(hex, NULL, 16);
}

/* ---- telling the worker */

static void put_entry(const struct globals *g, size_t *at, struct buf *out);

static void put_text(struct buf *out, const char *key, struct json value)
{
    if (value.at) {
        buf_printf(out, ",\"%s\":", key);
        buf_add(out, value.at, value.len);
    }
}

/* The members of an object stand behind it in the table. */
static void put_members(const struct globals *g, int self, size_t *at, struct buf *out)
{
    size_t first = *at;

    buf_str(out, ",\"members\":[");
    while (*at < g->count && g->stubs[*at].parent == self) {
        if (*at > first)
            buf_byte(out, ',');
        put_entry(g, at, out);
    }
    buf_byte(out, ']');
}

static void put_entry(const struct globals *g, size_t *at, struct buf *out)
{
    size_t self = (*at)++;
    const struct stub *s = &g->stubs[self];
    struct json hidden = s->options[STUB_OPTION_ENUMERABLE];

    buf_printf(out, "{\"id\":%zu,\"path\":%s", self, s->path);
    put_text(out, "name", s->name);
    if (s->module)
        buf_str(out, ",\"module\":true");
    if (hidden.at && *hidden.at == 'f')
        buf_str(out, ",\"hidden\":true");
    put_text(out, "shim", s->options[STUB_OPTION_SHIM]);
    if (s->kind == STUB_FETCH)
        buf_str(out, ",\"fetch\":true");
    if (s->kind == STUB_MEMBERS)
        put_members(g, (int)self, at, out);
    else if (stub_group(s->kind) == STUB_DATA)
        put_text(out, stub_kind_key(s->kind), s->main);
    buf_byte(out, '}');
}

void globals_to_install(const struct globals *g, struct buf *out)
{
    for (size_t at = 0; at < g->count;) {
        buf_byte(out, at ? ',' : '[');
        put_entry(g, &at, out);
    }
    if (g->count)
        buf_byte(out, ']');
}

void globals_to_replace(const struct globals *g, struct buf *out)
{
    const char *before = "[";

    for (size_t i = 0; i < g->count; i++) {
        const struct stub *s = &g->stubs[i];

        if (!s->new_shim && !(s->rebound && s->kind == STUB_VALUE))
            continue;
        buf_printf(out, "%s{\"id\":%zu,\"path\":%s", before, i, s->path);
        if (s->kind == STUB_VALUE)
            put_text(out, "value", s->main);
        else
            put_text(out, "shim", s->options[STUB_OPTION_SHIM]);
        buf_byte(out, '}');
        before = ",";
    }
    if (*before == ',')
        buf_byte(out, ']');
}

/* ---- rebinding */

static void shown(struct buf *out, const char *path)
{
    json_string_to_text(out, path, strlen(path));
}

/* "'a.b'", for messages; a full one is cut. */
static void name_of(char *to, size_t size, const struct stub *s)
{
    AUTO_BUF struct buf text = {0};

    shown(&text, s->path);
    snprintf(to, size, "'%.*s'", (int)(text.len < size - 4 ? text.len : size - 4), text.len ? text.data : "");
}

static int in_module(const struct globals *g, const struct stub *s)
{
    while (s->parent >= 0)
        s = &g->stubs[s->parent];
    return s->module;
}

static const char *sort_of(const struct globals *g, const struct stub *s)
{
    return in_module(g, s) ? "export" : "global";
}

static int undeclared(const struct globals *declared, const struct globals *all, const struct stub *given,
                      struct iso_err *err)
{
    struct nearest n = nearest_start(given->path + 1, strlen(given->path) - 2);
    const struct stub *best = NULL;
    char name[120], near[120] = "";

    for (size_t i = 0; i < declared->count; i++)
        if (nearest_offer(&n, declared->stubs[i].path + 1, strlen(declared->stubs[i].path) - 2))
            best = &declared->stubs[i];
    name_of(name, sizeof name, given);
    if (best)
        name_of(near, sizeof near, best);
    return iso_fail(err, ISO_UNDECLARED_BINDING, "the %s %s was not declared by precompile%s%s%s",
                    sort_of(all, given), name, best ? " (did you mean " : "", near, best ? "?)" : "");
}

static const char *nature(const struct stub *s)
{
    return s->kind == STUB_FETCH                 ? "a fetch function"
           : stub_group(s->kind) & STUB_CALLABLE ? "a function"
           : s->kind == STUB_MEMBERS             ? "an object with members"
           : s->kind == STUB_VALUE               ? "a value"
                                                 : "an expression";
}

static int may_rebind(const struct globals *g, const struct stub *declared, const struct stub *given,
                      struct iso_err *err)
{
    char name[120];

    if (declared->kind == STUB_VALUE && in_module(g, declared)) {
        name_of(name, sizeof name, declared);
        return iso_fail(
            err, ISO_INVALID_REBIND,
            "the export %s cannot be rebound: it is data that the modules of the snapshot have imported",
            name);
    }
    if (declared->kind != STUB_EXPRESSION && strcmp(nature(declared), nature(given)) == 0)
        return 0;
    /* Whoever answers, what agents see stays a fetch: see worker/prelude/fetch.js. */
    if (declared->kind == STUB_FETCH && stub_group(given->kind) & STUB_CALLABLE)
        return 0;
    name_of(name, sizeof name, given);
    return iso_fail(err, ISO_INVALID_REBIND, "the %s %s cannot be rebound: it was declared as %s%s%s",
                    sort_of(g, declared), name, nature(declared),
                    declared->kind == STUB_EXPRESSION ? ", which precompile has evaluated"
                                                      : " and is given as ",
                    declared->kind == STUB_EXPRESSION ? "" : nature(given));
}

static int find(const struct globals *g, int parent, int module, struct json name)
{
    for (size_t i = (size_t)(parent + 1); i < g->count; i++)
        if (g->stubs[i].parent == parent && g->stubs[i].module == module &&
            json_same_string(g->stubs[i].name, name))
            return (int)i;
    return -1;
}

/* The declaration (what agents see) stays where the run is silent; the answer is the run's. */
static void replace(struct stub *to, const struct stub *from)
{
    static const enum stub_option declaration[] = {STUB_OPTION_DESCRIPTION, STUB_OPTION_ENUMERABLE,
                                                   STUB_OPTION_PARAMETERS, STUB_OPTION_RESULT,
                                                   STUB_OPTION_SHIM};
    struct stub old = *to;

    *to = *from;
    to->name = old.name;
    to->path = old.path;
    to->parent = old.parent;
    to->rebound = 1;
    to->new_shim = from->options[STUB_OPTION_SHIM].at != NULL;
    for (size_t i = 0; i < sizeof declaration / sizeof *declaration; i++)
        if (!from->options[declaration[i]].at)
            to->options[declaration[i]] = old.options[declaration[i]];
}

static void adopt_documents(struct globals *g, struct globals *from)
{
    struct globals_document **end = &g->documents;

    while (*end)
        end = &(*end)->next;
    *end = from->documents;
    from->documents = NULL;
    globals_free(from);
}

int globals_rebind(struct globals *declared, struct globals *given, struct iso_err *err)
{
    int *at = calloc(given->count + 1, sizeof *at), rc = at ? 0 : -1;

    if (!at)
        return iso_fail(err, ISO_INTERNAL, "out of memory");
    for (size_t i = 0; i < given->count && rc == 0; i++) {
        const struct stub *s = &given->stubs[i];

        at[i] = find(declared, s->parent < 0 ? -1 : at[s->parent], s->module, s->name);
        rc = at[i] < 0 ? undeclared(declared, given, s, err)
                       : may_rebind(declared, &declared->stubs[at[i]], s, err);
    }
    for (size_t i = 0; i < given->count && rc == 0; i++)
        if (given->stubs[i].kind != STUB_MEMBERS)
            replace(&declared->stubs[at[i]], &given->stubs[i]);
    if (rc == 0)
        adopt_documents(declared, given);
    free(at);
    return rc;
}

/* ---- programs */

static int check_environment(const struct globals *g, const struct stub *s, struct iso_err *err)
{
    struct json name, value;
    char global[120];

    for (struct json_walk w = json_walk(s->options[STUB_OPTION_ENV]); json_next(&w, &name, &value);) {
        struct json from = json_member(value, "fromEnv");
        AUTO_BUF struct buf variable = {0};

        if (!from.at)
            continue;
        json_decode(&variable, from);
        buf_byte(&variable, 0);
        if (variable.failed || getenv(variable.data))
            continue;
        name_of(global, sizeof global, s);
        return iso_fail(err, ISO_USAGE, "the %s %s wants the environment variable %.100s, which is not set",
                        sort_of(g, s), global, variable.data);
    }
    return 0;
}

/* What a snapshot that nobody has looked at must not bring along: fetch, too, has variables and a network. */
static int acts_on_host(const struct stub *s)
{
    return (stub_group(s->kind) & (STUB_PROGRAM | STUB_HTTP)) != 0;
}

int globals_refuse_programs(const struct globals *g, struct iso_err *err)
{
    char name[120];

    for (size_t i = 0; i < g->count; i++) {
        if (!acts_on_host(&g->stubs[i]))
            continue;
        name_of(name, sizeof name, &g->stubs[i]);
        return iso_fail(
            err, ISO_USAGE,
            "the %s %s is answered by a program, which --no-host-commands refuses: rebind it with --%ss",
            sort_of(g, &g->stubs[i]), name, in_module(g, &g->stubs[i]) ? "import" : "global");
    }
    return 0;
}

static int check_program(const struct globals *g, const struct stub *s, struct iso_err *err)
{
    char name[120], whole[140];

    if (s->kind != STUB_FETCH)
        return check_environment(g, s, err);
    name_of(name, sizeof name, s);
    snprintf(whole, sizeof whole, "%s %s", sort_of(g, s), name);
    return fetch_check(s, whole, err);
}

int globals_check_programs(const struct globals *g, int programs, struct iso_err *err)
{
    if (!programs && globals_refuse_programs(g, err) < 0)
        return -1;
    for (size_t i = 0; i < g->count; i++)
        if (acts_on_host(&g->stubs[i]) && check_program(g, &g->stubs[i], err) < 0)
            return -1;
    return 0;
}
