/* SPDX-License-Identifier: MIT */
/* The tools of one server as the members of an object. */
#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/terminal.h"
#include "host/mcp/tools.h"
#include "host/schema/schema.h"

struct tool {
    struct json whole, name;
    struct buf exact, word; /* its name as text and as an identifier, NUL at their ends */
    int has_word;           /* `word` is the name of no other tool */
};

struct tools {
    struct tool *list;
    size_t count;
};

/* ---- names */

static int is_word_letter(char c)
{
    return ((c | 32) >= 'a' && (c | 32) <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '$';
}

static void put_word(struct buf *out, const char *text)
{
    if (*text >= '0' && *text <= '9')
        buf_byte(out, '_');
    for (; *text; text++) {
        if (((unsigned char)*text & 0xc0) == 0x80)
            continue; /* each character becomes one underscore */
        buf_byte(out, is_word_letter(*text) ? *text : '_');
    }
}

void mcp_global_name(const struct mcp_server *server, struct buf *out)
{
    put_word(out, server->name);
}

static int by_word(const void *a, const void *b)
{
    return strcmp((*(const struct tool *const *)a)->word.data, (*(const struct tool *const *)b)->word.data);
}

static int by_exact(const void *a, const void *b)
{
    return strcmp((*(const struct tool *const *)a)->exact.data, (*(const struct tool *const *)b)->exact.data);
}

static int is_exact(const struct tool *t)
{
    return strcmp(t->word.data, t->exact.data) == 0;
}

static int refuse_repeated_tool(struct tool **sorted, size_t count, struct iso_err *err)
{
    qsort(sorted, count, sizeof *sorted, by_exact);
    for (size_t i = 1; i < count; i++)
        if (strcmp(sorted[i - 1]->exact.data, sorted[i]->exact.data) == 0)
            return iso_fail(err, ISO_USAGE, "lists the tool '%.100s' twice", sorted[i]->exact.data);
    return 0;
}

/* Decides which tools get identifiers. When several would have the same one, only the tool with exactly that name gets
 * it. */
static int settle_words(struct tools *all, struct iso_err *err)
{
    struct tool **sorted = calloc(all->count + 1, sizeof *sorted);
    int rc;

    if (!sorted)
        return iso_fail(err, ISO_INTERNAL, "out of memory");
    for (size_t i = 0; i < all->count; i++)
        sorted[i] = &all->list[i];
    rc = refuse_repeated_tool(sorted, all->count, err);
    qsort(sorted, all->count, sizeof *sorted, by_word);
    for (size_t i = 0, end; rc == 0 && i < all->count; i = end) {
        for (end = i + 1; end < all->count && by_word(&sorted[i], &sorted[end]) == 0;)
            end++;
        for (size_t k = i; k < end; k++)
            sorted[k]->has_word = end - i == 1 || is_exact(sorted[k]);
    }
    free(sorted);
    return rc;
}

/* ---- reading */

static int take_tool(const struct mcp_server *server, struct tools *all, struct json whole,
                     struct iso_err *err)
{
    struct tool *t = &all->list[all->count];
    struct json name = json_kind(whole) == JSON_OBJECT ? json_member(whole, "name") : (struct json){0};

    if (!name.at || json_kind(name) != JSON_STRING || name.len == 2)
        return iso_fail(err, ISO_USAGE, "lists a tool without a name");
    *t = (struct tool){.whole = whole, .name = name};
    json_decode(&t->exact, name);
    if (t->exact.len >= 1024 || (t->exact.len && memchr(t->exact.data, 0, t->exact.len)))
        return iso_fail(err, ISO_USAGE, "lists a tool with a name of more than 1023 bytes, or with U+0000");
    buf_byte(&t->exact, 0);
    if (t->exact.failed)
        return iso_fail(err, ISO_INTERNAL, "out of memory");
    if (!mcp_server_has(server, t->exact.data))
        return 0;
    put_word(&t->word, t->exact.data);
    buf_byte(&t->word, 0);
    all->count++;
    return t->word.failed ? iso_fail(err, ISO_INTERNAL, "out of memory") : 0;
}

static int take_all(const struct mcp_server *server, struct tools *all, struct json list, struct iso_err *err)
{
    struct json one;

    all->list = calloc(json_count(list) + 1, sizeof *all->list);
    if (!all->list)
        return iso_fail(err, ISO_INTERNAL, "out of memory");
    for (struct json_walk w = json_walk(list); json_next(&w, NULL, &one);) {
        struct tool *t = &all->list[all->count];

        if (take_tool(server, all, one, err) < 0) {
            all->count++; /* so that its memory is freed */
            return -1;
        }
        if (t == &all->list[all->count])
            buf_free(&t->exact); /* the tool is left out */
    }
    return settle_words(all, err);
}

static void free_all(struct tools *all)
{
    for (size_t i = 0; i < all->count; i++) {
        buf_free(&all->list[i].exact);
        buf_free(&all->list[i].word);
    }
    free(all->list);
}

/* ---- writing */

/* 1 when iso4 can check this schema of a tool. Otherwise only the server checks the arguments. */
static int is_usable(const struct mcp_server *server, const struct tool *t, const char *key,
                     struct json schema, struct buf *notes)
{
    struct json type = json_kind(schema) == JSON_OBJECT ? json_member(schema, "type") : (struct json){0};
    struct schema *compiled = NULL;
    struct iso_err why;

    if (json_kind(schema) != JSON_OBJECT ||
        (type.at && json_kind(type) == JSON_STRING && json_is(type, "array")))
        return 0;
    if (schema_compile(schema, key, &compiled, &why) == 0) {
        schema_free(compiled);
        return 1;
    }
    buf_printf(notes, "MCP server '%s', tool '", server->name);
    terminal_line(notes, t->exact.data, t->exact.len - 1);
    buf_printf(notes, "': %s: iso4 leaves this check to the server\n", why.msg);
    return 0;
}

static void put_option(struct buf *out, const char *key, struct json value)
{
    buf_printf(out, ",\"%s\":", key);
    buf_add(out, value.at, value.len);
}

static struct json description_of(struct json tool)
{
    static const char *const keys[] = {"description", "title"};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct json text = json_member(tool, keys[i]);

        if (text.at && json_kind(text) == JSON_STRING && text.len > 2)
            return text;
    }
    return (struct json){0};
}

/* The definition of a tool, for both of its names. */
static void put_definition(const struct mcp_server *server, const struct tool *t, int alias, struct buf *out,
                           struct buf *notes)
{
    struct json description = description_of(t->whole), in = json_member(t->whole, "inputSchema"),
                result = json_member(t->whole, "outputSchema");

    buf_str(out, ":{\"mcp\":{\"server\":");
    json_quote(out, server->name, strlen(server->name));
    buf_str(out, ",\"tool\":");
    buf_add(out, t->name.at, t->name.len);
    buf_str(out, alias ? ",\"alias\":true},\"enumerable\":false" : "}");
    if (server->asks)
        buf_str(out, ",\"approval\":\"ask\"");
    if (description.at && !alias)
        put_option(out, "description", description);
    if (in.at && is_usable(server, t, "inputSchema", in, notes))
        put_option(out, "parameters", in);
    if (result.at && !alias && !server->raw && is_usable(server, t, "outputSchema", result, notes))
        put_option(out, "result", result);
    buf_byte(out, '}');
}

static void put_tool(const struct mcp_server *server, const struct tool *t, struct buf *out,
                     struct buf *notes)
{
    struct buf none = {.cap = 1}; /* drops the notes, which are written once only */

    if (t->has_word) {
        json_quote(out, t->word.data, t->word.len - 1);
        put_definition(server, t, 0, out, notes);
        if (is_exact(t))
            return;
        buf_byte(out, ',');
    }
    buf_add(out, t->name.at, t->name.len);
    put_definition(server, t, t->has_word, out, t->has_word ? &none : notes);
    buf_free(&none);
}

int mcp_define(const struct mcp_server *server, struct json list, struct buf *out, struct buf *notes,
               struct iso_err *err)
{
    struct tools all = {0};
    int rc = take_all(server, &all, list, err);

    for (size_t i = 0; rc == 0 && i < all.count; i++) {
        buf_str(out, i ? "," : "");
        put_tool(server, &all.list[i], out, notes);
    }
    free_all(&all);
    return rc;
}
