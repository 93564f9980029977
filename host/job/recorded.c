/* SPDX-License-Identifier: MIT */
#include "host/job/recorded.h"

#include <inttypes.h>
#include <stdlib.h>

#include "core/file.h"
#include "host/result/store.h"

static int replays(const struct recorded_how *how)
{
    return how->replay || how->items.at;
}

int recorded_is_apart(const struct recorded_how *how)
{
    return replays(how) && !how->live;
}

/* Each decision must be about a call that is in the record and has no answer. A decision about an answered call would
 * change nothing, and one about a call that is not in the record would be made before its arguments are known. */
static int check_decisions(const struct tape *t, const struct approver *approver, struct iso_err *err)
{
    for (size_t i = 0; i < approver->count; i++) {
        uint64_t n = approver->decisions[i].n;
        const struct tape_call *c = tape_find(t, n);

        if (!c || c->answered)
            return iso_fail(err, ISO_USAGE, "the decision on call %" PRIu64 ": it %s in the record '%.150s'",
                            n, c ? "has its answer" : "is not", t->name);
    }
    return 0;
}

/* Lets a run that failed continue from its record, if the caller said that the agent was changed since. */
static void reopen_failed(struct recorded *r, const struct recorded_how *how)
{
    if (r->tape.end != TAPE_ENDED || !how->live || !how->changed || r->tape.code == ISO_OK)
        return;
    r->tape.end = TAPE_CUT;
    r->tape.whole = r->tape.end_at;
}

static int read_tape(struct recorded *r, const struct recorded_how *how, struct iso_err *err)
{
    if (how->record)
        return writer_open(&r->writer, how->record, how->replay, &r->tape, err);
    if (how->to_memory)
        writer_to_memory(&r->writer);
    if (how->items.at)
        return tape_from_items(&r->tape, how->items, "replay", err);
    return how->replay ? tape_read(&r->tape, how->replay, err) : 0;
}

static int take_tape(struct recorded *r, const struct recorded_how *how, const struct record_names *names,
                     struct iso_err *err)
{
    if (how->changed && r->writer.added)
        return iso_fail(
            err, ISO_USAGE,
            "--replay-changed needs another file for --record: the record of the run as it was stays");
    if (record_check(&r->tape, names, how->changed, err) < 0 ||
        record_ways(&r->tape, &r->ways, &r->zone, &r->limits, err) < 0)
        return -1;
    reopen_failed(r, how);
    r->recording.tape = &r->tape;
    r->recording.live = how->live && r->tape.end != TAPE_ENDED;
    return check_decisions(&r->tape, how->approver, err);
}

/* A run that replays a record begins with the store of the record. The caller's, into which a run that goes on writes,
 * must have the same values. */
static int take_recorded_store(struct recorded *r, const struct recorded_how *how, struct json *store,
                               struct iso_err *err)
{
    *store = how->store;
    if (!replays(how))
        return 0;
    if (record_store(&r->tape, store, err) < 0)
        return -1;
    if (how->store.at && !store->at)
        return iso_fail(err, ISO_USAGE, "the record '%.150s' is of a run without a store", r->tape.name);
    if (how->store.at && json_equal(how->store, *store) != 1)
        return iso_fail(err, ISO_USAGE,
                        "the store has changed since the record '%.150s' was begun: leave it out, and apply "
                        "storeWrites of the result to it",
                        r->tape.name);
    return store->at ? store_take(*store, &r->store, err) : 0;
}

int recorded_open(struct recorded *r, const struct recorded_how *how, const struct record_subject *subject,
                  const char *v8, struct iso_err *err)
{
    AUTO_BUF struct buf head = {0};
    struct record_names names;
    struct json store;

    r->writer.fd = -1;
    if (!how->record && !how->to_memory && !replays(how))
        return 0;
    r->is_used = 1;
    r->ways = *how->ways;
    r->limits = how->limits;
    if (record_names(&names, subject, err) < 0 || read_tape(r, how, err) < 0)
        return -1;
    if ((replays(how) && take_tape(r, how, &names, err) < 0) || take_recorded_store(r, how, &store, err) < 0)
        return -1;
    if (!replays(how))
        record_fix_ways(&r->ways);
    if (!how->record && !how->to_memory)
        return 0;
    r->recording.writer = &r->writer;
    record_head(&names, &r->ways, &r->limits, v8, store, &head);
    return head.failed ? iso_fail(err, ISO_INTERNAL, "out of memory")
                       : writer_begin(&r->writer, &head, replays(how) ? &r->tape : NULL, err);
}

void recorded_request(const struct recorded *r, struct run_request *q)
{
    if (!r->is_used)
        return;
    q->recording = &r->recording;
    q->ways = &r->ways;
    q->limits = r->limits;
    if (r->recording.tape)
        q->store = r->store.len ? &r->store : NULL;
}

int recorded_end(struct recorded *r, const struct run_result *result, struct iso_err *err)
{
    return r->recording.writer ? writer_end(&r->writer, result->code, &result->message, err) : 0;
}

void recorded_print(const struct recorded *r, struct buf *out)
{
    if (!r->recording.writer || r->writer.fd >= 0)
        return;
    buf_str(out, ",\"record\":");
    writer_print(&r->writer, out);
}

void recorded_free(struct recorded *r)
{
    if (!r->is_used)
        return;
    writer_close(&r->writer);
    tape_free(&r->tape);
    free(r->zone);
    buf_free(&r->store);
    *r = (struct recorded){0};
}
