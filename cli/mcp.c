/* SPDX-License-Identifier: MIT */
#include "cli/mcp.h"

#include <string.h>

#include "cli/messages.h"
#include "core/file.h"
#include "host/mcp/tools.h"

int mcp_option_read(struct mcp_option *m, const struct options *o, struct iso_err *err)
{
    const char *path = o->value[OPTION_MCP];

    if (!path)
        return 0;
    if (o->value[OPTION_NO_HOST_COMMANDS])
        return iso_fail(err, ISO_USAGE,
                        "--mcp names servers, which --no-host-commands refuses: give one of them");
    m->given = 1;
    return mcp_servers_read(&m->servers, path, err);
}

/* ---- which servers code can name */

struct wanting {
    const struct source *sources;
    size_t count;
};

static int in_word(char c)
{
    return ((c | 32) >= 'a' && (c | 32) <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
           (unsigned char)c >= 0x80;
}

/* 1 when the source contains the text as a separate word. */
static int contains(const struct source *s, const char *text)
{
    const char *at = s->text.data, *end = at + s->text.len, *found;
    size_t len = strlen(text);

    for (; s->text.len && (found = memmem(at, (size_t)(end - at), text, len)); at = found + 1)
        if ((found == s->text.data || !in_word(found[-1])) && (found + len == end || !in_word(found[len])))
            return 1;
    return 0;
}

/* 1 when the code may use the global: by its name, plain or with escapes; through an object that has all globals as
 * properties; or by a search among the tools. Code made at run time is not considered: see mcp_option_ask(). */
static int can_name(void *ctx, const char *global)
{
    static const char *const ways[] = {"globalThis", "self", "tools"};
    const struct wanting *w = ctx;

    for (size_t i = 0; i < w->count; i++) {
        const struct buf *text = &w->sources[i].text;

        if (contains(&w->sources[i], global) || (text->len && memmem(text->data, text->len, "\\u", 2)))
            return 1;
        for (size_t n = 0; n < sizeof ways / sizeof *ways; n++)
            if (contains(&w->sources[i], ways[n]))
                return 1;
    }
    return 0;
}

static int makes_code(const struct options *o)
{
    return o->value[OPTION_ALLOW_EVAL] || o->value[OPTION_IMPORTS] || o->every[OPTION_IMPORT].count;
}

int mcp_option_ask(struct mcp_option *m, const struct options *o, const struct paths *paths,
                   const struct source *sources, size_t count, struct iso_err *err)
{
    AUTO_BUF struct buf notes = {0};
    struct wanting wanting = {sources, count};
    struct mcp_asking asking = {
        .servers = &m->servers,
        .helper = paths->fetch,
        .wanted = sources && !makes_code(o) ? can_name : NULL,
        .ctx = &wanting,
        .definitions = &m->definitions,
        .notes = &notes,
    };
    int rc = m->given ? mcp_ask(&asking, err) : 0;

    m->signal = asking.signal;
    if (rc == 0 && notes.len && o->value[OPTION_VERBOSE])
        messages_write(notes.data, notes.len);
    return rc;
}

/* ---- definitions */

int mcp_declare_search(struct globals *g, struct iso_err *err)
{
    static const char text[] =
        "{\"tools\":{\"members\":{\"$search\":{\"mcp\":{\"search\":true},\"description\":"
        "\"Finds functions by words of their names, descriptions and parameters: at most 20, best first.\","
        "\"parameters\":{\"type\":\"string\"},\"result\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
        "\"properties\":{\"name\":{\"type\":\"string\"},\"signature\":{\"type\":\"string\"},"
        "\"description\":{\"type\":\"string\"}},\"required\":[\"name\",\"signature\"]}}}}}}";

    int functions = 0;

    for (size_t i = 0; i < g->count; i++) {
        functions |= stub_is_callable(&g->stubs[i]);
        if (g->stubs[i].parent < 0 && !g->stubs[i].module && json_is(g->stubs[i].name, "tools"))
            return 0; /* the name is taken */
    }
    return !functions ? 0 : globals_join(g, "iso4", json_whole(text, sizeof text - 1), err);
}

int mcp_option_declare(const struct mcp_option *m, struct globals *g, struct iso_err *err)
{
    if (!m->given)
        return 0;
    g->mcp = &m->servers;
    if (globals_join(g, "the tools of MCP servers", json_whole(m->definitions.data, m->definitions.len),
                     err) < 0)
        return -1;
    return mcp_declare_search(g, err);
}

int mcp_option_bind(const struct mcp_option *m, struct globals *g, struct iso_err *err)
{
    int found = 0;

    if (!m->given)
        return 0;
    g->mcp = &m->servers;
    for (size_t i = 0; i < g->count; i++) {
        struct stub *s = &g->stubs[i];
        const struct mcp_server *server;
        struct json name;

        if (strcmp(s->kind->key, "mcp") != 0)
            continue;
        found = 1;
        name = json_member(s->main, "server"); /* the search among tools has none */
        server = name.at ? mcp_servers_find(&m->servers, name) : NULL;
        s->asks |= server && server->asks; /* the snapshot may have been made with a different --mcp file */
    }
    if (found)
        return 0;
    return iso_fail(
        err, ISO_USAGE,
        "--mcp gives servers to a snapshot that has no tools of them: make it with precompile --mcp");
}

void mcp_option_free(struct mcp_option *m)
{
    mcp_servers_free(&m->servers);
    buf_free(&m->definitions);
}
