/* SPDX-License-Identifier: MIT */
#include "host/record/head.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/file.h"
#include "core/json.h"
#include "core/version.h"
#include "snapshots/snapshot.h"

/* ---- names */

static void add(struct buf *all, const char *text, size_t len)
{
    buf_printf(all, "%zu:", len);
    buf_add(all, len ? text : "", len);
}

static void add_json(struct buf *all, struct json v)
{
    add(all, v.at, v.len);
}

static void hash_names(const struct buf *all, char out[DIGEST_HEX])
{
    digest_hex((struct digest_part[]){{all->len ? all->data : "", all->len}, {NULL, 0}}, out);
}

/* For a single source the same as `sha256sum` prints. */
static int name_source(const struct record_subject *q, char out[DIGEST_HEX])
{
    AUTO_BUF struct buf all = {0};

    for (size_t i = 0; i < q->count; i++)
        buf_add(&all, q->sources[i].text.len ? q->sources[i].text.data : "", q->sources[i].text.len);
    hash_names(&all, out);
    return all.failed;
}

static int name_definitions(const struct record_subject *q, char out[DIGEST_HEX])
{
    AUTO_BUF struct buf all = {0};

    for (size_t i = 0; q->globals && i < q->globals->count; i++) {
        const struct stub *s = &q->globals->stubs[i];

        add(&all, s->path, strlen(s->path));
        add(&all, s->kind->key, strlen(s->kind->key));
        if (s->kind != &stub_members) /* its members follow */
            add_json(&all, s->main);
        for (int option = 0; option < STUB_OPTION_COUNT; option++)
            add_json(&all, stub_option(s, (enum stub_option)option));
    }
    for (size_t i = 0; q->imports && i < q->imports->count; i++) {
        add(&all, q->imports->list[i].specifier.data, q->imports->list[i].specifier.len);
        add(&all, q->imports->list[i].source.text.data, q->imports->list[i].source.text.len);
    }
    hash_names(&all, out);
    return all.failed;
}

static int name_options(const struct record_subject *q, char out[DIGEST_HEX])
{
    AUTO_BUF struct buf all = {0};

    for (size_t i = 0; i < q->count; i++)
        buf_printf(&all, "%d,%d;", (int)q->sources[i].form, (int)q->sources[i].language);
    buf_printf(&all, "%" PRIu64 ";", q->flags);
    add(&all, q->call, q->call ? strlen(q->call) : 0);
    add(&all, q->args, q->args ? strlen(q->args) : 0);
    hash_names(&all, out);
    return all.failed;
}

/* Hashes only the head of the file, which has a digest of the rest: hashing all of it would take longer than the
 * run. */
static int name_snapshot(const struct record_subject *q, char out[DIGEST_HEX], struct iso_err *err)
{
    char head[SNAPSHOT_HEAD];

    *out = 0;
    if (q->snapshot_fd < 0)
        return 0;
    if (pread(q->snapshot_fd, head, sizeof head, 0) != sizeof head)
        return iso_fail(err, ISO_USAGE, "the snapshot cannot be read: %m");
    digest_hex((struct digest_part[]){{head, sizeof head}, {NULL, 0}}, out);
    return 0;
}

int record_names(struct record_names *names, const struct record_subject *q, struct iso_err *err)
{
    if (name_source(q, names->source) || name_definitions(q, names->definitions) ||
        name_options(q, names->options))
        return iso_fail(err, ISO_INTERNAL, "out of memory");
    return name_snapshot(q, names->snapshot, err);
}

/* ---- writing */

/* Chooses a seed that every reader of JSON can represent exactly. */
void record_fix_ways(struct repro *w)
{
    if (!w->has_seed) {
        if (getrandom(&w->seed, sizeof w->seed, 0) != sizeof w->seed)
            w->seed = monotonic_ns();
        w->seed &= (1ull << 53) - 1;
        w->has_seed = 1;
    }
    if (!w->has_now) {
        w->now_ms = (int64_t)(clock_ns(CLOCK_REALTIME) / 1000000u);
        w->has_now = w->moves = 1;
    }
}

void record_head(const struct record_names *names, const struct repro *w, const struct limits *limits,
                 const char *v8, struct json store, struct buf *out)
{
    buf_printf(out,
               "{\"iso4\":\"%s\",\"record\":%d,\"v8\":\"%s\",\"source\":\"%s\",\"snapshot\":", ISO4_VERSION,
               TAPE_FORMAT, v8, names->source);
    buf_printf(out, *names->snapshot ? "\"%s\"" : "null", names->snapshot);
    buf_printf(out, ",\"definitions\":\"%s\",\"options\":\"%s\"", names->definitions, names->options);
    buf_printf(out, ",\"seed\":%" PRIu64 ",\"now\":%" PRId64 ",\"clock\":\"%s\",\"tz\":", w->seed, w->now_ms,
               w->moves ? "moves" : "set");
    if (w->zone)
        json_quote(out, w->zone, strlen(w->zone));
    else
        buf_str(out, "null");
    buf_str(out, ",\"limits\":{");
    for (int i = 0; i < LIMIT_COUNT; i++)
        buf_printf(out, "%s\"%s\":%" PRIu64, i ? "," : "", limit_rows[i].json, limits->value[i]);
    buf_byte(out, '}');
    if (store.at) {
        buf_str(out, ",\"store\":");
        json_compact(out, store.at, store.len);
    }
    buf_byte(out, '}');
}

/* ---- reading */

static int differs(const struct tape *t, const char *member, const char *ours)
{
    struct json theirs = json_member(t->head, member);

    if (!*ours)
        return theirs.at && json_kind(theirs) != JSON_NULL;
    return !theirs.at || json_kind(theirs) != JSON_STRING || !json_is(theirs, ours);
}

int record_check(const struct tape *t, const struct record_names *names, int changed, struct iso_err *err)
{
    const struct {
        const char *member, *ours, *what;
        int may_change;
    } rows[] = {
        {"source", names->source,
         "another agent: give the same, or say that it may be another (--replay-changed, replayChanged)", 1},
        {"options", names->options,
         "a run with another --call, --args, --form, --allow-eval or --skip-unserializable", 1},
        {"snapshot", names->snapshot, "a run with another snapshot", 0},
        {"definitions", names->definitions, "a run with other definitions (globals or imports)", 0},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (!(changed && rows[i].may_change) && differs(t, rows[i].member, rows[i].ours))
            return iso_fail(err, ISO_USAGE, "the record '%.150s' is of %s", t->name, rows[i].what);
    return 0;
}

static int bad_head(const struct tape *t, const char *member, struct iso_err *err)
{
    return iso_fail(err, ISO_USAGE, "the record '%.150s', line 1: %s is not what iso4 writes there", t->name,
                    member);
}

/* Copies a whole number as text, because a double cannot represent every seed. */
static int whole(struct json v, char text[32])
{
    if (!v.at || v.len > 30 || json_kind(v) != JSON_NUMBER)
        return -1;
    snprintf(text, 32, "%.*s", (int)v.len, v.at);
    return strspn(text, "-0123456789") == v.len ? 0 : -1;
}

static int take_zone(const struct tape *t, struct repro *w, char **zone, struct iso_err *err)
{
    struct json tz = json_member(t->head, "tz");
    struct buf text = {0};

    if (!tz.at || json_kind(tz) == JSON_NULL)
        return 0;
    if (json_kind(tz) != JSON_STRING)
        return bad_head(t, "tz", err);
    json_decode(&text, tz);
    buf_byte(&text, 0);
    if (text.failed) {
        buf_free(&text);
        return iso_fail(err, ISO_INTERNAL, "out of memory");
    }
    w->zone = *zone = text.data;
    return strlen(text.data) > 64 || memchr(text.data, 0, text.len - 1) ? bad_head(t, "tz", err) : 0;
}

static int take_limits(const struct tape *t, struct limits *limits, struct iso_err *err)
{
    struct json all = json_member(t->head, "limits");
    struct limits defaults, recorded = *limits;
    struct iso_err why;

    limits_default(&defaults, LIMITS_FOR_RUN);
    for (int i = 0; i < LIMIT_COUNT; i++) {
        struct json one = all.at ? json_member(all, limit_rows[i].json) : all;

        if (one.at && (json_kind(one) != JSON_NUMBER ||
                       limit_set_number(&recorded, (enum limit_id)i, json_number(one), "", &why) < 0))
            return bad_head(t, "limits", err);
        if (limits->value[i] == defaults.value[i])
            limits->value[i] = recorded.value[i];
    }
    return 0;
}

int record_ways(const struct tape *t, struct repro *w, char **zone, struct limits *limits,
                struct iso_err *err)
{
    struct json clock = json_member(t->head, "clock");
    char seed[32], now[32];

    *w = (struct repro){.has_seed = 1, .has_now = 1};
    if (whole(json_member(t->head, "seed"), seed) < 0 || *seed == '-')
        return bad_head(t, "seed", err);
    if (whole(json_member(t->head, "now"), now) < 0)
        return bad_head(t, "now", err);
    w->seed = strtoull(seed, NULL, 10);
    w->now_ms = strtoll(now, NULL, 10);
    w->moves = !(clock.at && json_kind(clock) == JSON_STRING && json_is(clock, "set"));
    return take_zone(t, w, zone, err) < 0 ? -1 : take_limits(t, limits, err);
}

int record_store(const struct tape *t, struct json *store, struct iso_err *err)
{
    *store = json_member(t->head, "store");
    return store->at && json_kind(*store) != JSON_OBJECT ? bad_head(t, "store", err) : 0;
}
