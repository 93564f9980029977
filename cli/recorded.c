/* SPDX-License-Identifier: MIT */
#include "cli/recorded.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/file.h"

static int goes_live(const struct options *o)
{
    return o->value[OPTION_ON_MISS] && strcmp(o->value[OPTION_ON_MISS], "live") == 0;
}

int recorded_check(const struct options *o, struct iso_err *err)
{
    static const int of_replay[] = {OPTION_REPLAY_CHANGED, OPTION_ON_MISS, OPTION_DECIDE};
    static const int fixed[] = {OPTION_SEED, OPTION_NOW, OPTION_TZ};
    const char *how = o->value[OPTION_APPROVE];

    if (o->value[OPTION_RECORD] && strcmp(o->value[OPTION_RECORD], "-") == 0)
        return iso_fail(err, ISO_USAGE, "--record takes a file: standard output has the result");
    for (size_t i = 0; i < sizeof of_replay / sizeof *of_replay; i++)
        if (o->value[of_replay[i]] && !o->value[OPTION_REPLAY])
            return iso_fail(err, ISO_USAGE, "--%s needs --replay, which names the record",
                            option_rows[of_replay[i]].name);
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (o->value[fixed[i]] && o->value[OPTION_REPLAY])
            return iso_fail(err, ISO_USAGE, "--%s stands in the record that --replay names: leave it out",
                            option_rows[fixed[i]].name);
    if (goes_live(o) && !o->value[OPTION_RECORD])
        return iso_fail(
            err, ISO_USAGE,
            "--on-miss=live needs --record, where the calls go that are made: it may be the file of "
            "--replay");
    if (o->value[OPTION_DECIDE] && !goes_live(o))
        return iso_fail(err, ISO_USAGE, "--decide needs --on-miss=live: what is allowed is made");
    if (o->value[OPTION_REPLAY] && o->value[OPTION_RECORD] && !goes_live(o))
        return iso_fail(err, ISO_USAGE,
                        "--record with --replay needs --on-miss=live: without it there is nothing to add");
    if (how && strcmp(how, "pause") == 0 && !o->value[OPTION_RECORD])
        return iso_fail(err, ISO_USAGE, "--approve=pause needs --record, which the run goes on from");
    return 0;
}

int recorded_is_apart(const struct options *o)
{
    return o->value[OPTION_REPLAY] && !goes_live(o);
}

/* A decision on what has its answer would change nothing, and on what is not there decide too early. */
static int check_decisions(const struct tape *t, const struct approver *approver, struct iso_err *err)
{
    for (size_t i = 0; i < approver->count; i++) {
        uint64_t n = approver->decisions[i].n;
        const struct tape_call *c = tape_find(t, n);

        if (!c || c->answered)
            return iso_fail(err, ISO_USAGE, "--decide: call %" PRIu64 " %s in the record '%.150s'", n,
                            c ? "has its answer" : "is not", t->name);
    }
    return 0;
}

/* A run that failed, and whose agent was changed, goes on from its record. */
static void reopen_failed(struct recorded *r, const struct options *o)
{
    if (r->tape.end != TAPE_ENDED || !goes_live(o) || !o->value[OPTION_REPLAY_CHANGED] ||
        r->tape.code == ISO_OK)
        return;
    r->tape.end = TAPE_CUT;
    r->tape.whole = r->tape.end_at;
}

static int read_replay(struct recorded *r, const struct options *o, const struct approver *approver,
                       const struct record_names *names, struct iso_err *err)
{
    int changed = o->value[OPTION_REPLAY_CHANGED] != NULL;

    if (changed && r->writer.added)
        return iso_fail(
            err, ISO_USAGE,
            "--replay-changed needs another file for --record: the record of the run as it was stays");
    if (record_check(&r->tape, names, changed, err) < 0 ||
        record_ways(&r->tape, &r->ways, &r->zone, &r->limits, err) < 0)
        return -1;
    reopen_failed(r, o);
    r->recording.tape = &r->tape;
    r->recording.live = goes_live(o) && r->tape.end != TAPE_ENDED;
    return check_decisions(&r->tape, approver, err);
}

int recorded_open(struct recorded *r, const struct options *o, const struct approver *approver,
                  const struct record_subject *subject, const char *v8, struct iso_err *err)
{
    const char *record = o->value[OPTION_RECORD], *replay = o->value[OPTION_REPLAY];
    AUTO_BUF struct buf head = {0};
    struct record_names names;

    r->writer.fd = -1;
    if (!record && !replay)
        return 0;
    r->is_used = 1;
    r->ways = o->ways;
    r->limits = o->limits;
    if (record_names(&names, subject, err) < 0)
        return -1;
    if ((record ? writer_open(&r->writer, record, replay, &r->tape, err) : tape_read(&r->tape, replay, err)) <
        0)
        return -1;
    if (replay && read_replay(r, o, approver, &names, err) < 0)
        return -1;
    if (!replay)
        record_fix_ways(&r->ways);
    if (!record)
        return 0;
    r->recording.writer = &r->writer;
    record_head(&names, &r->ways, &r->limits, v8, &head);
    return head.failed ? iso_fail(err, ISO_INTERNAL, "out of memory")
                       : writer_begin(&r->writer, &head, replay ? &r->tape : NULL, err);
}

void recorded_request(const struct recorded *r, struct run_request *q)
{
    if (!r->is_used)
        return;
    q->recording = &r->recording;
    q->ways = &r->ways;
    q->limits = r->limits;
}

int recorded_end(struct recorded *r, const struct run_result *result, struct iso_err *err)
{
    return r->recording.writer ? writer_end(&r->writer, result->code, &result->message, err) : 0;
}

void recorded_free(struct recorded *r)
{
    if (!r->is_used)
        return;
    writer_close(&r->writer);
    tape_free(&r->tape);
    free(r->zone);
}
