/* SPDX-License-Identifier: MIT */
#include "host/result/profile.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/hash.h"
#include "core/json.h"
#include "protocol/frame.h"
#include "protocol/profile.h"

/* A position in the source, with its function and script. */
struct place {
    char *names; /* owned: two literals, the names of the function and of its script */
    size_t name_len, len;
    uint32_t line, start_line, start_column; /* from 1; 0: the start is not known */
    uint32_t function;                       /* for printing: the first place in the same function */
};

/* A node stands for the stack from the root to itself. Its `what` is a place while samples arrive, and a function for
 * printing. */
struct node {
    uint32_t parent, what, first,
        next; /* children are linked by next; 0: none, because the root is never a child */
    uint32_t hits;
};

enum { ROOT, PROGRAM, IDLE, CALLERS, FIRST_FREE };
/* The `what` of special nodes: numbers that no place has. */
#define NO_PLACE (UINT32_MAX - 8)

struct tree {
    struct node *nodes; /* owned */
    uint32_t count, room;
};

struct sample {
    uint64_t ns;
    uint32_t node, line; /* line 0: none */
};

struct profile {
    struct place *places;   /* owned */
    struct sample *samples; /* owned */
    size_t place_count, place_room, sample_count, sample_room;
    uint64_t asked, begun_ns, ended_ns;
    struct tree stacks;
};

/* Makes room for one more item. */
static int grow(void **items, size_t *room, size_t count, size_t size)
{
    size_t want = *room ? 2 * *room : 64;
    void *more;

    if (count < *room)
        return 0;
    more = realloc(*items, want * size);
    if (!more)
        return -1;
    *items = more;
    *room = want;
    return 0;
}

/* ---- trees */

/* The child of `parent` that stands for `what`, made if it is not there; `parent` itself when there is no
 * room. */
static uint32_t child_of(struct tree *t, uint32_t parent, uint32_t what)
{
    uint32_t *at = &t->nodes[parent].first;

    while (*at && t->nodes[*at].what != what)
        at = &t->nodes[*at].next;
    if (*at)
        return *at;
    if (t->count == PROFILE_MOST_NODES)
        return parent;
    if (t->count == t->room) {
        uint32_t room = t->room ? 2 * t->room : 64;
        struct node *more = realloc(t->nodes, room * sizeof *more);
        if (!more)
            return parent;
        t->nodes = more;
        t->room = room;
    }
    t->nodes[t->count] = (struct node){.parent = parent, .what = what, .next = t->nodes[parent].first};
    t->nodes[parent].first = t->count;
    return t->count++;
}

static int open_tree(struct tree *t)
{
    t->nodes = calloc(64, sizeof *t->nodes);
    if (!t->nodes)
        return -1;
    t->room = 64;
    t->count = 1;
    t->nodes[ROOT].what = NO_PLACE + ROOT;
    for (uint32_t fixed = PROGRAM; fixed < FIRST_FREE; fixed++)
        child_of(t, ROOT, NO_PLACE + fixed);
    return 0;
}

struct profile *profile_open(void)
{
    struct profile *p = calloc(1, sizeof *p);

    if (p && open_tree(&p->stacks) < 0) {
        free(p);
        return NULL;
    }
    return p;
}

/* ---- records from the worker */

static int broken_record(struct iso_err *err, const char *what)
{
    return iso_fail(err, ISO_INTERNAL, "the worker broke the protocol: %s", what);
}

static int out_of_memory(struct iso_err *err)
{
    return iso_fail(err, ISO_INTERNAL, "out of memory");
}

/* A literal of a name that a true worker may have cut, and no longer. */
static int is_name(const char *literal, size_t len)
{
    return json_check_tight(literal, len, JSON_STRING) == 0 &&
           json_string_bytes(literal, len) <= PROFILE_MOST_NAME;
}

static int take_place(struct profile *p, const char *data, size_t len, struct iso_err *err)
{
    size_t name = len >= 12 ? frame_u32(data + 8) : SIZE_MAX;
    struct place one = {0};

    if (len < 12 || name > len - 12 || !is_name(data + 12, name) ||
        !is_name(data + 12 + name, len - 12 - name))
        return broken_record(err, "a malformed place in a profile");
    if (p->place_count == PROFILE_MOST_PLACES)
        return broken_record(err, "too many places in a profile");
    if (grow((void **)&p->places, &p->place_room, p->place_count, sizeof *p->places) < 0)
        return out_of_memory(err);
    one.line = frame_u32(data);
    one.name_len = name;
    one.len = len - 12;
    one.names = malloc(one.len);
    if (!one.names)
        return out_of_memory(err);
    memcpy(one.names, data + 12, one.len);
    p->places[p->place_count++] = one;
    return 0;
}

static int take_start(struct profile *p, const char *data, size_t len, struct iso_err *err)
{
    uint32_t place = len == 12 ? frame_u32(data) : UINT32_MAX;

    if (place >= p->place_count)
        return broken_record(err, "a malformed start of a function in a profile");
    p->places[place].start_line = frame_u32(data + 4);
    p->places[place].start_column = frame_u32(data + 8);
    return 0;
}

/* The node of a stack, the outermost function first; UINT32_MAX for an invalid stack. */
static uint32_t node_of_stack(struct profile *p, const char *places, size_t count)
{
    uint32_t node = ROOT;

    if (count > PROFILE_MOST_DEPTH + 1)
        return UINT32_MAX;
    for (size_t i = count; i-- > 0;) {
        uint32_t place = frame_u32(places + 4 * i);

        if (place == PROFILE_CUT && i == count - 1)
            node = CALLERS;
        else if (place < p->place_count)
            node = child_of(&p->stacks, node, place);
        else
            return UINT32_MAX;
    }
    return count ? node : PROGRAM;
}

static int add_sample(struct profile *p, uint64_t ns, uint32_t node, uint32_t line, struct iso_err *err)
{
    if (grow((void **)&p->samples, &p->sample_room, p->sample_count, sizeof *p->samples) < 0)
        return out_of_memory(err);
    p->samples[p->sample_count++] = (struct sample){ns, node, line};
    return 0;
}

/* Takes a sample. Its time is corrected to lie between the sample before and now. */
static int take_sample(struct profile *p, const char *data, size_t len, int idle, uint64_t now_ns,
                       struct iso_err *err)
{
    uint64_t ns, before = p->sample_count ? p->samples[p->sample_count - 1].ns : p->begun_ns;
    uint32_t node, line = 0;

    if (len < 8 || len % 4 || (idle && len > 8))
        return broken_record(err, "a malformed sample in a profile");
    if (p->sample_count > p->asked) /* one more is allowed: profile_begin() has added the first */
        return broken_record(err, "more samples than it was asked for");
    memcpy(&ns, data, sizeof ns);
    node = idle ? IDLE : node_of_stack(p, data + 8, len / 4 - 2);
    if (node == UINT32_MAX)
        return broken_record(err, "a sample of places that it has not told");
    if (len > 8 && frame_u32(data + 8) != PROFILE_CUT)
        line = p->places[frame_u32(data + 8)].line;
    ns = ns > now_ns ? now_ns : ns;
    return add_sample(p, ns < before ? before : ns, node, line, err);
}

int profile_record(struct profile *p, const char *data, size_t len, uint64_t now_ns, struct iso_err *err)
{
    switch (len ? data[0] : 0) {
    case PROFILE_PLACE:
        return take_place(p, data + 1, len - 1, err);
    case PROFILE_START:
        return take_start(p, data + 1, len - 1, err);
    case PROFILE_SAMPLE:
    case PROFILE_IDLE:
        return take_sample(p, data + 1, len - 1, data[0] == PROFILE_IDLE, now_ns, err);
    default:
        return broken_record(err, "a record of a profile that is none");
    }
}

/* ---- asking */

/* Starts with a sample of "(program)": the function before the first real sample is not known. */
void profile_begin(struct profile *p, uint64_t ns)
{
    struct iso_err ignored;

    p->begun_ns = p->ended_ns = ns;
    (void)add_sample(p, ns, PROGRAM, 0, &ignored);
}

uint64_t profile_interval_ms(const struct profile *p)
{
    return UINT64_C(1) << (p->asked / PROFILE_SAMPLES_A_STEP < 16 ? p->asked / PROFILE_SAMPLES_A_STEP : 16);
}

void profile_asked(struct profile *p)
{
    p->asked++;
}

void profile_end(struct profile *p, uint64_t ns)
{
    p->ended_ns = ns > p->begun_ns ? ns : p->begun_ns;
}

/* ---- functions */

static const struct profile *compared; /* qsort(3) takes no context */

static int by_function(const void *left, const void *right)
{
    const struct place *a = &compared->places[*(const uint32_t *)left];
    const struct place *b = &compared->places[*(const uint32_t *)right];
    int names = 0;

    if (a->start_line != b->start_line)
        return a->start_line < b->start_line ? -1 : 1;
    if (a->start_column != b->start_column)
        return a->start_column < b->start_column ? -1 : 1;
    if (a->len != b->len || a->name_len != b->name_len)
        return a->len + a->name_len < b->len + b->name_len ||
                       (a->len + a->name_len == b->len + b->name_len && a->len < b->len)
                   ? -1
                   : 1;
    names = memcmp(a->names, b->names, a->len);
    return names;
}

/* Sets the function of each place. Places with the same names and start belong to one function. */
static int find_functions(struct profile *p)
{
    uint32_t *order = malloc((p->place_count + 1) * sizeof *order);

    if (!order)
        return -1;
    for (uint32_t i = 0; i < p->place_count; i++)
        order[i] = i;
    compared = p;
    qsort(order, p->place_count, sizeof *order, by_function);
    for (size_t i = 0; i < p->place_count; i++)
        p->places[order[i]].function =
            i > 0 && by_function(&order[i - 1], &order[i]) == 0 ? p->places[order[i - 1]].function : order[i];
    free(order);
    return 0;
}

/* Makes the tree of functions, and changes each sample's node to a node of that tree. */
static int fold(struct profile *p, struct tree *functions)
{
    uint32_t *now = calloc(p->stacks.count, sizeof *now);

    if (!now || open_tree(functions) < 0) {
        free(now);
        return -1;
    }
    for (uint32_t i = 1; i < p->stacks.count; i++) { /* parents come before their children */
        const struct node *n = &p->stacks.nodes[i];
        now[i] = i < FIRST_FREE ? i : child_of(functions, now[n->parent], p->places[n->what].function);
    }
    for (size_t i = 0; i < p->sample_count; i++) {
        p->samples[i].node = now[p->samples[i].node];
        functions->nodes[p->samples[i].node].hits++;
    }
    free(now);
    return 0;
}

/* ---- printing */

static void put_function(const struct profile *p, uint32_t what, struct buf *out)
{
    static const char *const fixed[] = {"(root)", "(program)", "(idle)", "(callers)"};
    const struct place *f;

    if (what >= NO_PLACE) {
        buf_printf(out,
                   "{\"functionName\":\"%s\",\"scriptId\":\"0\",\"url\":\"\",\"lineNumber\":-1,"
                   "\"columnNumber\":-1}",
                   fixed[what - NO_PLACE]);
        return;
    }
    f = &p->places[what];
    buf_str(out, "{\"functionName\":");
    buf_add(out, f->names, f->name_len);
    /* A script id for each function: DevTools would merge functions with the same script, name and start. */
    buf_printf(out, ",\"scriptId\":\"%u\",\"url\":",
               (unsigned)(hash_more(HASH_START, f->names + f->name_len, f->len - f->name_len) % 1000000000));
    buf_add(out, f->names + f->name_len, f->len - f->name_len);
    buf_printf(out, ",\"lineNumber\":%" PRId64 ",\"columnNumber\":%" PRId64 "}", (int64_t)f->start_line - 1,
               (int64_t)f->start_column - 1);
}

/* The order of samples: by node, then by line. */
static int by_line(const void *left, const void *right)
{
    const struct sample *a = left, *b = right;

    if (a->node != b->node)
        return a->node < b->node ? -1 : 1;
    return a->line < b->line ? -1 : a->line > b->line;
}

/* Prints the number of samples of a node in each line; moves *at to the samples of the next node. */
static void put_ticks(const struct sample *sorted, size_t count, size_t *at, uint32_t node, struct buf *out)
{
    const char *before = ",\"positionTicks\":[";

    while (*at < count && sorted[*at].node == node) {
        size_t first = *at;

        while (*at < count && sorted[*at].node == node && sorted[*at].line == sorted[first].line)
            ++*at;
        if (!sorted[first].line)
            continue;
        buf_printf(out, "%s{\"line\":%" PRIu32 ",\"ticks\":%zu}", before, sorted[first].line, *at - first);
        before = ",";
    }
    if (*before == ',' && !before[1])
        buf_byte(out, ']');
}

static void put_nodes(const struct profile *p, const struct tree *t, const struct sample *sorted,
                      struct buf *out)
{
    size_t at = 0;

    for (uint32_t i = 0; i < t->count; i++) {
        const struct node *n = &t->nodes[i];

        buf_printf(out, "%s{\"id\":%" PRIu32 ",\"callFrame\":", i ? "," : "", i + 1);
        put_function(p, n->what, out);
        buf_printf(out, ",\"hitCount\":%" PRIu32, n->hits);
        if (n->first) {
            buf_str(out, ",\"children\":[");
            for (uint32_t child = n->first; child; child = t->nodes[child].next)
                buf_printf(out, "%s%" PRIu32, child == n->first ? "" : ",", child + 1);
            buf_byte(out, ']');
        }
        put_ticks(sorted, p->sample_count, &at, i, out);
        buf_byte(out, '}');
    }
}

static void put_samples(const struct profile *p, struct buf *out)
{
    uint64_t before = p->begun_ns / 1000;

    buf_str(out, ",\"samples\":[");
    for (size_t i = 0; i < p->sample_count; i++)
        buf_printf(out, "%s%" PRIu32, i ? "," : "", p->samples[i].node + 1);
    buf_str(out, "],\"timeDeltas\":[");
    for (size_t i = 0; i < p->sample_count; i++) {
        uint64_t us = p->samples[i].ns / 1000;

        buf_printf(out, "%s%" PRIu64, i ? "," : "", us - before);
        before = us;
    }
    buf_byte(out, ']');
}

void profile_print(struct profile *p, struct buf *out)
{
    struct tree functions = {0};
    struct sample *sorted = malloc((p->sample_count + 1) * sizeof *sorted);
    uint64_t last = p->sample_count ? p->samples[p->sample_count - 1].ns : p->begun_ns;

    if (sorted && find_functions(p) == 0 && fold(p, &functions) == 0) {
        if (p->sample_count)
            memcpy(sorted, p->samples, p->sample_count * sizeof *sorted);
        qsort(sorted, p->sample_count, sizeof *sorted, by_line);
        buf_str(out, "{\"nodes\":[");
        put_nodes(p, &functions, sorted, out);
        buf_printf(out, "],\"startTime\":%" PRIu64 ",\"endTime\":%" PRIu64, p->begun_ns / 1000,
                   (p->ended_ns > last ? p->ended_ns : last) / 1000);
        put_samples(p, out);
        buf_str(out, "}\n");
    } else {
        out->failed = 1;
    }
    free(sorted);
    free(functions.nodes);
}

void profile_free(struct profile *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->place_count; i++)
        free(p->places[i].names);
    free(p->places);
    free(p->samples);
    free(p->stacks.nodes);
    free(p);
}
