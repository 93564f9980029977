/* SPDX-License-Identifier: MIT */
/* Describes the tools, and the functions that code can call, for clients. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/nearest.h"
#include "host/dts/declare.h"
#include "host/dts/signature.h"
#include "host/mcp/search.h"
#include "mcp/mcp.h"

/* Most bytes of a description. */
#define MOST_DESCRIPTION (4u << 20)
#define MOST_FOUND       100
#define MOST_NAMES       100

/* ---- tools/list */

static const char run_code_schemas[] =
    "\"inputSchema\":{\"type\":\"object\",\"properties\":{"
    "\"code\":{\"type\":\"string\",\"description\":\"JavaScript or TypeScript: the body of an async "
    "function, or an ES "
    "module\"},"
    "\"timeoutMs\":{\"type\":\"integer\",\"minimum\":1,\"description\":\"Milliseconds after which it is "
    "stopped\"}},"
    "\"required\":[\"code\"]},"
    "\"outputSchema\":{\"type\":\"object\",\"properties\":{\"ok\":{\"type\":\"boolean\"},"
    "\"value\":{\"description\":\"What the code returned; or an object of its exports\"},"
    "\"stdout\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
    "\"stderr\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
    "\"error\":{\"type\":\"object\",\"properties\":{\"code\":{\"type\":\"string\"},\"name\":{\"type\":"
    "\"string\"},"
    "\"message\":{\"type\":\"string\"}},\"required\":[\"code\",\"message\"]},"
    "\"calls\":{\"type\":\"array\",\"description\":\"The host functions that it "
    "called\",\"items\":{\"type\":\"object\"}},"
    "\"moreCalls\":{\"type\":\"integer\"},"
    "\"truncated\":{\"type\":\"array\",\"description\":\"What was too long to be shown in full\"}},"
    "\"required\":[\"ok\",\"stdout\",\"stderr\",\"calls\"]}";

static const char search_tools[] = "{\"name\":\"search_tools\",\"title\":\"Search "
                                   "functions\",\"description\":\"Finds functions that run_code can call, by "
                                   "words of their names, descriptions and parameters; best "
                                   "first.\",\"inputSchema\":{\"type\":\"object\",\"properties\":{"
                                   "\"query\":{\"type\":\"string\"},\"server\":{\"type\":\"string\","
                                   "\"description\":\"Only functions of this "
                                   "global\"},\"limit\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":100,"
                                   "\"default\":10},\"detail\":{\"enum\":[\"names\","
                                   "\"signatures\",\"full\"],\"default\":\"signatures\"}},\"required\":["
                                   "\"query\"]},\"annotations\":{\"readOnlyHint\":true,"
                                   "\"openWorldHint\":false}}";

static const char describe_tools[] =
    "{\"name\":\"describe_tools\",\"title\":\"Describe functions\",\"description\":\"TypeScript declarations "
    "of functions "
    "that run_code can "
    "call.\",\"inputSchema\":{\"type\":\"object\",\"properties\":{\"names\":{\"type\":\"array\",\"items\":{"
    "\"type\":\"string\"},\"maxItems\":100,\"description\":\"Functions such as docs.search, or globals such "
    "as docs for all "
    "that they "
    "have\"}},\"required\":[\"names\"]},\"annotations\":{\"readOnlyHint\":true,\"openWorldHint\":false}}";

void put_tools(const struct toolbox *t, struct buf *out)
{
    buf_str(out, "[{\"name\":\"run_code\",\"title\":\"Run code\",\"description\":");
    buf_add(out, t->description.data, t->description.len);
    buf_byte(out, ',');
    buf_str(out, run_code_schemas);
    buf_byte(out, '}');
    if (t->searched) {
        buf_byte(out, ',');
        buf_str(out, search_tools);
        buf_byte(out, ',');
        buf_str(out, describe_tools);
    }
    buf_byte(out, ']');
}

/* ---- the description of run_code */

/* A global that is a function, or has functions. */
struct group {
    struct json name;
    size_t functions,
        next; /* number of its functions; index of the stub at which to look for the next signature */
    int done;
};

static const char intro[] = "Runs JavaScript or TypeScript in a sandbox. The code is the body of an async "
                            "function (or an ES module): what it "
                            "returns is the result, as JSON; console lines are given back, too. There is no "
                            "network, no file system and "
                            "nothing to import.";

static const char with_functions[] = " It calls functions of the host, which are async: await them. Make "
                                     "several calls in one program, in parallel "
                                     "where they do not need one another, and return only what is needed.";

static struct group *group_named(struct group *list, size_t count, struct json name)
{
    for (size_t i = 0; i < count; i++)
        if (json_same_string(list[i].name, name))
            return &list[i];
    return NULL;
}

/* The groups of all globals, owned by the caller. Functions of one global follow each other, so the latest group is
 * checked first. */
static struct group *groups_of(const struct globals *g, size_t *count, size_t *functions)
{
    struct group *list = calloc(g->count + 1, sizeof *list), *last = NULL;

    *count = *functions = 0;
    for (size_t i = 0; list && i < g->count; i++) {
        struct json name;

        if (!search_has(&g->stubs[i]))
            continue;
        name = search_group(g, &g->stubs[i]);
        if (!last || !json_same_string(last->name, name))
            last = group_named(list, *count, name);
        if (!last) {
            last = &list[(*count)++];
            *last = (struct group){.name = name, .next = i};
        }
        last->functions++;
        ++*functions;
    }
    return list;
}

/* Appends the next signature of a group; 0: there is none, or it does not fit. */
static int put_next_signature(const struct globals *g, struct group *group, struct buf *out, size_t most)
{
    AUTO_BUF struct buf signature = {0};

    for (; group->next < g->count; group->next++) {
        const struct stub *s = &g->stubs[group->next];

        if (!search_has(s) || !json_same_string(search_group(g, s), group->name))
            continue;
        declare_signature(&signature, s);
        if (signature.failed || out->len + signature.len + 1 > most)
            break;
        group->next++;
        buf_add(out, signature.data, signature.len);
        buf_byte(out, '\n');
        return 1;
    }
    group->done = 1;
    return 0;
}

/* Appends signatures of each group in turn, as many as fit. */
static size_t put_signatures(const struct globals *g, struct group *list, size_t count, struct buf *out)
{
    size_t put = 0, before;

    do {
        before = put;
        for (size_t i = 0; i < count; i++)
            if (!list[i].done)
                put += (size_t)put_next_signature(g, &list[i], out, MCP_MOST_INLINE);
    } while (put > before);
    return put;
}

static void put_overview(const struct globals *g, struct buf *out)
{
    AUTO_BUF struct buf signatures = {0}, names = {0};
    size_t count, functions, put, shown = 0;
    struct group *list = groups_of(g, &count, &functions);

    if (!list) {
        out->failed = 1;
        return;
    }
    put = put_signatures(g, list, count, &signatures);
    for (; shown < count && names.len < MCP_MOST_INLINE / 2; shown++) {
        buf_str(&names, shown ? ", " : "");
        json_string_to_text(&names, list[shown].name.at, list[shown].name.len);
        buf_printf(&names, " (%zu)", list[shown].functions);
    }
    if (shown < count)
        buf_printf(&names, " and %zu more", count - shown);
    free(list);
    buf_str(out, "\n\nGlobals and how many functions they have: ");
    buf_add(out, names.data, names.len);
    if (put == functions)
        buf_printf(out, "\n\nSignatures, COMPLETE; describe_tools has the descriptions:\n");
    else
        buf_printf(out, "\n\nSignatures, PARTIAL (%zu of %zu); search_tools finds the others:\n", put,
                   functions);
    buf_add(out, signatures.data, signatures.len);
    out->failed |= signatures.failed | names.failed;
}

static int has_functions(const struct declarations *d)
{
    for (size_t i = 0; i < d->globals.count; i++)
        if (search_has(&d->globals.stubs[i]))
            return 1;
    return 0;
}

int toolbox_open(struct toolbox *t, const struct declarations *declared, enum toolbox_listing listing,
                 struct iso_err *err)
{
    AUTO_BUF struct buf text = {0}, dts = {0};

    *t = (struct toolbox){.declared = declared};
    declare_all(&dts, &declared->globals, &declared->imports);
    t->searched = has_functions(declared) &&
                  (listing == TOOLBOX_SEARCH || (listing == TOOLBOX_AUTO && dts.len > MCP_MOST_INLINE));
    if (!t->searched && dts.len > MOST_DESCRIPTION)
        return iso_fail(err, ISO_USAGE,
                        "--tools=inline makes a description of %zu bytes, more than %u: use search", dts.len,
                        MOST_DESCRIPTION);
    buf_str(&text, intro);
    if (has_functions(declared))
        buf_str(&text, with_functions);
    if (t->searched) {
        put_overview(&declared->globals, &text);
    } else if (dts.len) {
        buf_str(&text, "\n\nAll that is declared, COMPLETE:\n");
        buf_add(&text, dts.data, dts.len);
    }
    json_quote(&t->description, text.data, text.len);
    return text.failed || dts.failed || t->description.failed ? iso_fail(err, ISO_INTERNAL, "out of memory")
                                                              : 0;
}

void toolbox_close(struct toolbox *t)
{
    buf_free(&t->description);
}

/* ---- search_tools */

enum { S_QUERY, S_SERVER, S_LIMIT, S_DETAIL, S_COUNT };
static const struct param search_params[S_COUNT] = {
    [S_QUERY] = {"query", PARAM_STRING, 1},
    [S_SERVER] = {"server", PARAM_STRING, 0},
    [S_LIMIT] = {"limit", PARAM_NUMBER, 0},
    [S_DETAIL] = {"detail", PARAM_STRING, 0},
};

enum detail { NAMES, SIGNATURES, FULL, NO_DETAIL };

static enum detail detail_of(struct json v)
{
    static const char *const names[] = {"names", "signatures", "full"};

    for (int i = 0; v.at && i < NO_DETAIL; i++)
        if (json_is(v, names[i]))
            return (enum detail)i;
    return v.at ? NO_DETAIL : SIGNATURES;
}

static void put_hit(struct buf *out, const struct stub *s, enum detail detail)
{
    struct json description = stub_option(s, STUB_OPTION_DESCRIPTION);
    AUTO_BUF struct buf text = {0};
    const char *end;

    if (detail == NAMES)
        json_string_to_text(out, s->path, strlen(s->path));
    else
        declare_signature(out, s);
    buf_byte(out, '\n');
    if (detail == NAMES || !description.at)
        return;
    json_string_to_text(&text, description.at, description.len);
    end = detail == SIGNATURES && text.len ? memchr(text.data, '\n', text.len) : NULL;
    if (end)
        text.len = (size_t)(end - text.data);
    clamp_text(&text, detail == FULL ? 4000 : 300);
    buf_str(out, "    ");
    buf_add(out, text.data, text.len);
    buf_byte(out, '\n');
}

void tool_search(const struct asked *a, struct json arguments)
{
    const struct globals *g = &a->toolbox->declared->globals;
    struct search_hit hits[MOST_FOUND];
    AUTO_BUF struct buf text = {0}, query = {0};
    struct json found[S_COUNT];
    uint64_t limit = 10;
    enum detail detail;
    struct fault fault;
    char *group;
    long count;

    if (params_read(search_params, S_COUNT, arguments, found, &fault) < 0) {
        answer_fault(a, "%s", fault.err.msg);
        return;
    }
    detail = detail_of(found[S_DETAIL]);
    if (detail == NO_DETAIL ||
        (found[S_LIMIT].at && (json_whole_number(found[S_LIMIT], MOST_FOUND, &limit) < 0 || !limit))) {
        answer_fault(a, "limit takes a whole number from 1 to %d, detail is names, signatures or full",
                     MOST_FOUND);
        return;
    }
    group = found[S_SERVER].at ? json_c_string(found[S_SERVER]) : NULL;
    json_decode(&query, found[S_QUERY]);
    count = search_functions(g, query.len ? query.data : "", query.len, group, hits, limit);
    free(group);
    if ((long)limit > count)
        limit = count < 0 ? 0 : (uint64_t)count;
    buf_printf(&text, "%" PRIu64 " of %ld functions that match, best first\n", limit, count < 0 ? 0 : count);
    for (uint64_t i = 0; i < limit; i++)
        put_hit(&text, hits[i].stub, detail);
    clamp_text(&text, MCP_MOST_TOLD);
    text.failed |= count < 0;
    answer_text(a, &text, 0);
}

/* ---- describe_tools */

/* Marks the function with this name, or all of the global; 0: there is neither. */
static int choose(const struct globals *g, const char *name, unsigned char *chosen)
{
    int found = 0;

    for (size_t i = 0; i < g->count; i++) {
        const struct stub *s = &g->stubs[i];
        struct json path = {s->path, strlen(s->path)};

        if (!stub_is_callable(s))
            continue;
        if (json_is(path, name) || (search_has(s) && json_is(search_group(g, s), name)))
            chosen[i] = found = 1;
    }
    return found;
}

static void put_unknown(const struct globals *g, const char *name, struct buf *out)
{
    struct nearest n = nearest_start(name, strlen(name));
    const struct stub *best = NULL;

    for (size_t i = 0; i < g->count; i++)
        if (search_has(&g->stubs[i]) && nearest_offer(&n, g->stubs[i].path + 1, strlen(g->stubs[i].path) - 2))
            best = &g->stubs[i];
    buf_printf(out, "// There is no function %.100s", name);
    if (best) {
        buf_str(out, "; did you mean ");
        json_string_to_text(out, best->path, strlen(best->path));
        buf_byte(out, '?');
    }
    buf_byte(out, '\n');
}

void tool_describe(const struct asked *a, struct json arguments)
{
    const struct globals *g = &a->toolbox->declared->globals;
    struct json names = json_member(arguments, "names"), one;
    AUTO_BUF struct buf text = {0}, unknown = {0};
    unsigned char *chosen;
    int found = 0;

    if (!names.at || json_kind(names) != JSON_ARRAY || json_count(names) > MOST_NAMES) {
        answer_fault(a, "names is an array of at most %d names of functions", MOST_NAMES);
        return;
    }
    chosen = calloc(g->count + 1, 1);
    text.failed = !chosen;
    for (struct json_walk w = json_walk(names); chosen && json_next(&w, NULL, &one);) {
        char *name = json_kind(one) == JSON_STRING ? json_c_string(one) : NULL;

        if (name && choose(g, name, chosen))
            found = 1;
        else
            put_unknown(g, name ? name : "of this kind", &unknown);
        free(name);
    }
    if (chosen)
        declare_chosen(&text, g, chosen);
    free(chosen);
    buf_add(&text, unknown.len ? unknown.data : "", unknown.len);
    clamp_text(&text, MCP_MOST_TOLD);
    answer_text(a, &text, !found);
}
