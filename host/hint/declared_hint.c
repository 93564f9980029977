/* SPDX-License-Identifier: MIT */
#include "host/hint/declared_hint.h"

#include <string.h>

#include "core/nearest.h"
#include "host/dts/signature.h"

#define MOST_LISTED 5
/* Bytes of a name, and of a signature, that a hint repeats. */
#define MOST_NAME      130
#define MOST_SIGNATURE 600

/* The path of a function as plain text; empty when it is none of the globals that code calls by a short name. */
static struct buf path_of(const struct globals *g, size_t at)
{
    const struct stub *s = &g->stubs[at];
    struct buf path = {0};
    int top = (int)at;

    while (g->stubs[top].parent >= 0)
        top = g->stubs[top].parent;
    if (!stub_is_callable(s) || g->stubs[top].module)
        return path;
    json_string_to_text(&path, s->path, strlen(s->path));
    if (path.failed || path.len > MOST_NAME)
        buf_reset(&path);
    return path;
}

static int same_text(const struct buf *path, const char *text, size_t len)
{
    return path->len == len && len > 0 && memcmp(path->data, text, len) == 0;
}

static const char *behind_name(const char *p, const char *end)
{
    while (p < end &&
           (*p == '_' || *p == '$' || (*p >= '0' && *p <= '9') || ((*p | 32) >= 'a' && (*p | 32) <= 'z')))
        p++;
    return p;
}

/* Finds a call of the unknown name in the source: `name(`, or `name.member(` with the member. 0: there is none. */
static int is_called(const struct hint_about *about, const char *name, size_t len, const char **member,
                     size_t *member_len)
{
    const char *p = about->source && about->source->text.len ? about->source->text.data : NULL;
    const char *end = p ? p + about->source->text.len : NULL, *behind;

    for (; p && (p = memmem(p, (size_t)(end - p), name, len)) != NULL; p += len) {
        behind = p + len;
        if (behind < end && *behind == '(') {
            *member = name;
            *member_len = len;
            return 1;
        }
        if (behind == end || *behind != '.')
            continue;
        *member = behind + 1;
        behind = behind_name(behind + 1, end);
        *member_len = (size_t)(behind - *member);
        if (*member_len && behind < end && *behind == '(')
            return 1;
    }
    return 0;
}

/* The declared function whose name, or last name, is nearest to the one that the code wants. */
static int hint_nearest_function(struct buf *out, const struct globals *g, const char *wanted, size_t len)
{
    struct nearest nearest = nearest_start(wanted, len);
    struct buf best = {0};

    for (size_t at = 0; at < g->count; at++) {
        struct buf path = path_of(g, at);
        const char *dot = path.len ? memrchr(path.data, '.', path.len) : NULL;
        const char *last = dot ? dot + 1 : path.data;
        size_t last_len = path.len ? path.len - (size_t)(last - path.data) : 0;

        if (last_len && nearest_offer(&nearest, last, last_len)) {
            buf_reset(&best);
            buf_add(&best, path.data, path.len);
        }
        buf_free(&path);
    }
    if (best.len && !best.failed)
        buf_printf(out, "Did you mean `%.*s`?", (int)best.len, best.data);
    len = best.len;
    buf_free(&best);
    return len > 0;
}

/* Lists functions: those of one object, or all. */
static int list_functions(struct buf *out, const struct globals *g, const char *object, size_t len)
{
    size_t shown = 0, more = 0;

    for (size_t at = 0; at < g->count; at++) {
        struct buf path = path_of(g, at);

        if (path.len &&
            (!object || (path.len > len && memcmp(path.data, object, len) == 0 && path.data[len] == '.'))) {
            if (shown == MOST_LISTED)
                more++;
            else
                buf_printf(out, "%s`%.*s`", shown++ ? ", " : "Call what the host declared: ", (int)path.len,
                           path.data);
        }
        buf_free(&path);
    }
    if (more)
        buf_printf(out, " and %zu more", more);
    buf_str(out, shown ? "." : "");
    return shown > 0;
}

static int hint_unknown(struct buf *out, const struct hint_about *about)
{
    static const char not_defined[] = " is not defined", no_function[] = " is not a function";
    const char *message = about->message, *end, *member = NULL, *dot;
    size_t len;

    if ((end = strstr(message, not_defined)) && !end[sizeof not_defined - 1]) {
        return is_called(about, message, (size_t)(end - message), &member, &len) &&
               (hint_nearest_function(out, about->globals, member, len) ||
                list_functions(out, about->globals, NULL, 0));
    }
    end = strstr(message, no_function);
    if (!end || end[sizeof no_function - 1] || !(dot = memrchr(message, '.', (size_t)(end - message))))
        return 0;
    return list_functions(out, about->globals, message, (size_t)(dot - message));
}

/* The message begins with the function's name in quotes. */
static int hint_signature(struct buf *out, const struct hint_about *about)
{
    const char *name = about->message + 1, *end = strstr(name, "' was called with arguments that do not fit");

    for (size_t at = 0; *about->message == '\'' && end && at < about->globals->count; at++) {
        struct buf path = path_of(about->globals, at), signature = {0};
        int same = same_text(&path, name, (size_t)(end - name));

        if (same)
            declare_signature(&signature, &about->globals->stubs[at]);
        same = same && signature.len && signature.len <= MOST_SIGNATURE && !signature.failed;
        if (same)
            buf_printf(out, "Call it with other arguments: `%.*s`.", (int)signature.len, signature.data);
        buf_free(&path);
        buf_free(&signature);
        if (same)
            return 1;
    }
    if (end)
        buf_str(out, "Call it with other arguments: the message says which and how.");
    return end != NULL;
}

int declared_hint(struct buf *out, const struct hint_about *about)
{
    if (!about->globals)
        return 0;
    return (about->code == ISO_USER_CODE && hint_unknown(out, about)) ||
           (about->code == ISO_HOST_BRIDGE && hint_signature(out, about));
}
