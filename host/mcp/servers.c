/* SPDX-License-Identifier: MIT */
#include "host/mcp/servers.h"

#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/json_names.h"
#include "host/declared/stub_values.h"

static const char *const versions[] = {"2024-11-05", "2025-03-26", "2025-06-18", MCP_VERSION_LEGACY,
                                       MCP_VERSION_MODERN};

const char *mcp_version_known(struct json version)
{
    for (size_t i = 0; version.at && i < sizeof versions / sizeof *versions; i++)
        if (json_kind(version) == JSON_STRING && json_is(version, versions[i]))
            return versions[i];
    return NULL;
}

int mcp_version_is_modern(const char *version)
{
    return strcmp(version, MCP_VERSION_MODERN) == 0;
}

/* ---- reading one server */

struct reader {
    struct stub_place place; /* its path is the server's name */
    char *dir;               /* of the file */
    struct mcp_server *server;
};

static int out_of_memory(struct iso_err *err)
{
    return iso_fail(err, ISO_INTERNAL, "out of memory");
}

/* Reads the name in ${NAME} or ${env:NAME} at `at`; returns the end, or NULL: there is no variable. */
static const char *variable(const char *at, const char *end, char name[MCP_NAME_LONGEST])
{
    size_t len;

    at += 2;
    if (end - at > 4 && memcmp(at, "env:", 4) == 0)
        at += 4;
    for (len = 0; at + len < end && at[len] != '}'; len++) {
        char c = at[len];

        if (len + 1 == MCP_NAME_LONGEST ||
            !((c | 32) >= 'a' && (c | 32) <= 'z' ? 1 : c == '_' || (len && c >= '0' && c <= '9')))
            return NULL;
        name[len] = c;
    }
    name[len] = 0;
    return len && at + len < end ? at + len + 1 : NULL;
}

/* Sets the fault of a server, unless it has one. */
static void set_fault(struct mcp_server *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void set_fault(struct mcp_server *s, const char *fmt, ...)
{
    va_list ap;

    if (*s->fault)
        return;
    va_start(ap, fmt);
    vsnprintf(s->fault, sizeof s->fault, fmt, ap);
    va_end(ap);
}

/* Appends a text with variables filled in. */
static void put_filled(struct mcp_server *s, struct buf *out, const struct buf *text)
{
    const char *at = text->data, *end = at + text->len, *dollar, *next;
    char name[MCP_NAME_LONGEST];

    while (at < end && (dollar = memmem(at, (size_t)(end - at), "${", 2))) {
        buf_add(out, at, (size_t)(dollar - at));
        next = variable(dollar, end, name);
        if (!next)
            set_fault(s, "holds ${...} around what is no name of an environment variable");
        else if (!getenv(name))
            set_fault(s, "wants the environment variable %s, which is not set", name);
        else
            buf_str(out, getenv(name));
        at = next ? next : dollar + 2;
    }
    if (at < end)
        buf_add(out, at, (size_t)(end - at));
}

/* The text of a literal with variables filled in, NUL at its end, to be freed; NULL: USAGE, or there is no memory. */
static char *filled(struct reader *r, struct json v, const char *key, struct iso_err *err)
{
    AUTO_BUF struct buf text = {0};
    struct buf out = {0};

    if (json_kind(v) != JSON_STRING) {
        stub_fail(&r->place, v.at, err, "%s is a text", key);
        return NULL;
    }
    json_decode(&text, v);
    if (text.len && memchr(text.data, 0, text.len)) {
        stub_fail(&r->place, v.at, err, "%s holds the character U+0000", key);
        return NULL;
    }
    put_filled(r->server, &out, &text);
    buf_byte(&out, 0);
    if (!out.failed && !text.failed)
        return out.data;
    buf_free(&out);
    out_of_memory(err);
    return NULL;
}

/* The path relative to the folder of the file. Takes over `path`. */
static char *placed(const struct reader *r, char *path)
{
    char *whole;

    if (!path || *path == '/')
        return path;
    if (asprintf(&whole, "%s/%s", r->dir, path) < 0)
        whole = NULL;
    free(path);
    return whole;
}

static int take_args(struct reader *r, struct json command, struct json args, struct iso_err *err)
{
    struct process_plan *p = &r->server->plan;
    struct json item;
    size_t n = 1;

    if (args.at && json_kind(args) != JSON_ARRAY)
        return stub_fail(&r->place, args.at, err, "args is an array of texts");
    if (!(p->argv = calloc(json_count(args) + 2, sizeof *p->argv)))
        return out_of_memory(err);
    if (!(p->argv[0] = filled(r, command, "command", err)))
        return -1;
    for (struct json_walk w = json_walk(args.at ? args : command); args.at && json_next(&w, NULL, &item);)
        if (!(p->argv[n++] = filled(r, item, "each of args", err)))
            return -1;
    if (!*p->argv[0])
        return stub_fail(&r->place, command.at, err, "command names no program");
    p->file = strdup(p->argv[0]);
    if (p->file && strchr(p->file, '/'))
        p->file = placed(r, p->file);
    return p->file ? 0 : out_of_memory(err);
}

static int add_variable(struct process_plan *p, const char *name, size_t len, const char *value)
{
    size_t n = 0;

    while (p->env[n])
        n++;
    return asprintf(&p->env[n], "%.*s=%s", (int)len, name, value) < 0 ? -1 : 0;
}

static int take_env(struct reader *r, struct json env, struct iso_err *err)
{
    static const char *const kept[] = {"PATH", "HOME", "LANG", "TZ"};
    struct process_plan *p = &r->server->plan;
    struct json name, value;

    if (env.at && json_kind(env) != JSON_OBJECT)
        return stub_fail(&r->place, env.at, err, "env is an object of texts");
    p->env = calloc((env.at ? json_count(env) : 0) + sizeof kept / sizeof *kept + 1, sizeof *p->env);
    if (!p->env)
        return out_of_memory(err);
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        if (getenv(kept[i]) && !(env.at && json_member(env, kept[i]).at) &&
            add_variable(p, kept[i], strlen(kept[i]), getenv(kept[i])) < 0)
            return out_of_memory(err);
    for (struct json_walk w = json_walk(env); env.at && json_next(&w, &name, &value);) {
        AUTO_BUF struct buf text = {0};
        char *content;
        int rc;

        json_decode(&text, name);
        if (text.failed || text.len == 0 || memchr(text.data, '=', text.len) ||
            memchr(text.data, 0, text.len))
            return stub_fail(&r->place, name.at, err, "env holds a name that no variable can have");
        if (!(content = filled(r, value, "each of env", err)))
            return -1;
        rc = add_variable(p, text.data, text.len, content);
        free(content);
        if (rc < 0)
            return out_of_memory(err);
    }
    return 0;
}

static int take_program(struct reader *r, struct json definition, struct json command, struct iso_err *err)
{
    struct json cwd = json_member(definition, "cwd");
    struct iso_err why;

    if (take_args(r, command, json_member(definition, "args"), err) < 0 ||
        take_env(r, json_member(definition, "env"), err) < 0)
        return -1;
    if (cwd.at && !(r->server->plan.cwd = placed(r, filled(r, cwd, "cwd", err))))
        return -1;
    if (!*r->server->fault && process_plan_check(&r->server->plan, &why) < 0)
        set_fault(r->server, "%s", why.msg);
    return 0;
}

static int take_headers(struct reader *r, struct json headers, struct iso_err *err)
{
    struct buf *out = &r->server->headers;
    struct json name, value;

    if (headers.at && json_kind(headers) != JSON_OBJECT)
        return stub_fail(&r->place, headers.at, err, "headers is an object of texts");
    for (struct json_walk w = json_walk(headers); headers.at && json_next(&w, &name, &value);) {
        char *text = filled(r, value, "each of headers", err);

        if (!text)
            return -1;
        buf_byte(out, out->len ? ',' : '{');
        buf_add(out, name.at, name.len);
        buf_byte(out, ':');
        json_quote(out, text, strlen(text));
        explicit_bzero(text, strlen(text));
        free(text);
    }
    buf_str(out, out->len ? "}" : "{}");
    return out->failed ? out_of_memory(err) : 0;
}

static int take_url(struct reader *r, struct json definition, struct json url, struct iso_err *err)
{
    if (!(r->server->url = filled(r, url, "url", err)))
        return -1;
    if (strncmp(r->server->url, "http://", 7) != 0 && strncmp(r->server->url, "https://", 8) != 0)
        return stub_fail(&r->place, url.at, err, "url begins with https:// or http://");
    return take_headers(r, json_member(definition, "headers"), err);
}

/* Reads the transport: a program, or a URL. */
static int take_transport(struct reader *r, struct json definition, struct iso_err *err)
{
    struct json type = json_member(definition, "type"), url = json_member(definition, "url"),
                command = json_member(definition, "command");
    int is_text = type.at && json_kind(type) == JSON_STRING, is_program = !url.at, is_http = url.at != NULL;

    if (type.at && !(is_text && json_is(type, "stdio")) && !(is_text && json_is(type, "http")) &&
        !(is_text && json_is(type, "streamable-http")) && !(is_text && json_is(type, "streamableHttp")))
        return stub_fail(&r->place, type.at, err,
                         "has a type that iso4 does not speak: it takes \"stdio\" and \"http\"");
    if (is_text)
        is_http = !(is_program = json_is(type, "stdio"));
    if (is_program && !command.at)
        return stub_fail(&r->place, definition.at, err,
                         "names neither a program (command) nor an address (url)");
    if (is_http && !url.at)
        return stub_fail(&r->place, definition.at, err, "has no url, which type http wants");
    if (command.at && url.at && !type.at)
        return stub_fail(&r->place, definition.at, err, "has both command and url: a server has one of them");
    return is_http ? take_url(r, definition, url, err) : take_program(r, definition, command, err);
}

/* ---- members that iso4 adds to the usual format of the file */

static int take_patterns(struct reader *r, struct json list, const char *key, char ***to, struct iso_err *err)
{
    struct json item;
    size_t n = 0;

    if (!list.at)
        return 0;
    if (json_kind(list) != JSON_ARRAY)
        return stub_fail(&r->place, list.at, err, "%s is an array of names of tools; * stands for any text",
                         key);
    if (!(*to = calloc(json_count(list) + 1, sizeof **to)))
        return out_of_memory(err);
    for (struct json_walk w = json_walk(list); json_next(&w, NULL, &item);)
        if (!((*to)[n++] = filled(r, item, key, err)))
            return -1;
    return 0;
}

static int take_flag(struct reader *r, struct json definition, const char *key, int *to, struct iso_err *err)
{
    struct json v = json_member(definition, key);

    if (v.at && stub_check_bool(v, key, &r->place, err) < 0)
        return -1;
    *to = v.at && *v.at == 't';
    return 0;
}

static int take_extras(struct reader *r, struct json definition, struct iso_err *err)
{
    struct json timeout = json_member(definition, "timeoutMs"),
                protocol = json_member(definition, "protocol"), result = json_member(definition, "result"),
                approval = json_member(definition, "approval");
    struct mcp_server *s = r->server;

    if (take_patterns(r, json_member(definition, "include"), "include", &s->include, err) < 0 ||
        take_patterns(r, json_member(definition, "exclude"), "exclude", &s->exclude, err) < 0 ||
        take_flag(r, definition, "shared", &s->shared, err) < 0 ||
        (timeout.at && stub_check_ms(timeout, "timeoutMs", &r->place, err) < 0))
        return -1;
    if (timeout.at)
        (void)json_whole_number(timeout, UINT32_MAX, &s->timeout_ms);
    if (protocol.at && !(json_kind(protocol) == JSON_STRING && json_is(protocol, "auto")) &&
        !(s->version = mcp_version_known(protocol)))
        return stub_fail(&r->place, protocol.at, err,
                         "has a protocol that iso4 does not speak: it takes \"auto\", \"2024-11-05\", "
                         "\"2025-03-26\", \"2025-06-18\", \"2025-11-25\" and \"2026-07-28\"");
    s->raw = result.at && json_kind(result) == JSON_STRING && json_is(result, "raw");
    if (result.at && !s->raw && !(json_kind(result) == JSON_STRING && json_is(result, "value")))
        return stub_fail(&r->place, result.at, err, "has a result that is neither \"value\" nor \"raw\"");
    s->asks = approval.at != NULL;
    return approval.at ? stub_check_approval(approval, "approval", &r->place, err) : 0;
}

/* ---- the file */

static int read_server(struct reader *r, struct json name, struct json definition, struct iso_err *err)
{
    AUTO_BUF struct buf text = {0};

    if (json_kind(definition) != JSON_OBJECT)
        return stub_fail(&r->place, definition.at, err,
                         "is no definition of a server: {\"command\": ...} or "
                         "{\"type\": \"http\", \"url\": ...}");
    json_decode(&text, name);
    if (text.failed)
        return out_of_memory(err);
    if (text.len == 0 || text.len >= MCP_NAME_LONGEST || memchr(text.data, 0, text.len))
        return stub_fail(&r->place, name.at, err, "is no name for a server: it takes 1 to %d bytes",
                         MCP_NAME_LONGEST - 1);
    r->server->name = strndup(text.data, text.len);
    if (!r->server->name)
        return out_of_memory(err);
    return take_transport(r, definition, err) < 0 ? -1 : take_extras(r, definition, err);
}

/* 1 when the server is switched off, by the same member as for other clients. */
static int is_off(struct json definition)
{
    struct json off = json_member(definition, "disabled");

    return off.at && *off.at == 't';
}

static int read_list(struct mcp_servers *s, struct reader *r, struct json list, struct iso_err *err)
{
    struct json_names names = {0};
    struct json name, definition, again;

    if (json_names_sort(&names, list) < 0)
        return out_of_memory(err);
    again = json_names_repeated(&names);
    json_names_free(&names);
    if (again.at)
        return stub_fail(&r->place, again.at, err, "names the server %.*s twice",
                         (int)(again.len < 80 ? again.len : 80), again.at);
    if (json_count(list) > MCP_MOST_SERVERS)
        return stub_fail(&r->place, list.at, err, "names more than %d servers", MCP_MOST_SERVERS);
    if (!(s->list = calloc(json_count(list) + 1, sizeof *s->list)))
        return out_of_memory(err);
    for (struct json_walk w = json_walk(list); json_next(&w, &name, &definition);) {
        AUTO_BUF struct buf path = {0};

        if (is_off(definition))
            continue;
        buf_add(&path, name.at, name.len);
        buf_byte(&path, 0);
        if (path.failed)
            return out_of_memory(err);
        r->place.path = path.data;
        r->server = &s->list[s->count++];
        if (read_server(r, name, definition, err) < 0)
            return -1;
    }
    return 0;
}

static char *folder_of(const char *path)
{
    char *real = strcmp(path, "-") == 0 ? NULL : realpath(path, NULL),
         *slash = real ? strrchr(real, '/') : NULL;

    if (!real)
        return realpath(".", NULL);
    slash[slash == real] = 0;
    return real;
}

int mcp_servers_read(struct mcp_servers *s, const char *path, struct iso_err *err)
{
    AUTO_BUF struct buf text = {0};
    struct reader r = {.place = {.file = strcmp(path, "-") == 0 ? "standard input" : path, .text = ""}};
    struct json whole, list;
    size_t at;
    int rc;

    s->file = r.place.file;
    if (file_read_text(path, MCP_MOST_FILE_BYTES, &text, err) < 0)
        return -1;
    r.place.text = text.len ? text.data : "";
    if (json_check(text.data, text.len, NULL, &at) < 0)
        return stub_fail(&r.place, r.place.text + at, err, "not JSON from here on");
    whole = json_whole(text.data, text.len);
    list = json_member(whole, "mcpServers");
    if (!list.at)
        list = json_member(whole, "servers");
    if (!list.at || json_kind(list) != JSON_OBJECT)
        return stub_fail(
            &r.place, whole.at, err,
            "names no MCP servers: write {\"mcpServers\": {\"NAME\": {\"command\": \"PROGRAM\"}}}");
    if (!(r.dir = folder_of(path)))
        return iso_fail(err, ISO_USAGE, "%.200s: its folder cannot be found: %m", r.place.file);
    rc = read_list(s, &r, list, err);
    free(r.dir);
    return rc;
}

static void free_texts(char **list)
{
    for (size_t i = 0; list && list[i]; i++)
        free(list[i]);
    free(list);
}

void mcp_servers_free(struct mcp_servers *s)
{
    for (size_t i = 0; i < s->count; i++) {
        struct mcp_server *one = &s->list[i];

        if (one->headers.data)
            explicit_bzero(one->headers.data, one->headers.size);
        buf_free(&one->headers);
        process_plan_free(&one->plan);
        free_texts(one->include);
        free_texts(one->exclude);
        free(one->name);
        free(one->url);
    }
    free(s->list);
    *s = (struct mcp_servers){0};
}

const struct mcp_server *mcp_servers_find(const struct mcp_servers *s, struct json name)
{
    for (size_t i = 0; s && i < s->count; i++)
        if (json_is(name, s->list[i].name))
            return &s->list[i];
    return NULL;
}

static int matches(char *const *patterns, const char *tool)
{
    for (; *patterns; patterns++)
        if (fnmatch(*patterns, tool, 0) == 0)
            return 1;
    return 0;
}

int mcp_server_has(const struct mcp_server *server, const char *tool)
{
    return (!server->include || matches(server->include, tool)) &&
           !(server->exclude && matches(server->exclude, tool));
}
