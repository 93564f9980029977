/* SPDX-License-Identifier: MIT */
#include "host/hint/await_hint.h"

#include <string.h>

/* The origin of the value, as far as the source shows it. */
enum await_origin { FROM_UNKNOWN, FROM_AWAIT, FROM_CALL, FROM_LITERAL };

struct await_text {
    const char *start, *at, *end; /* the source, and the place of the error in it */
};

static int is_word(char c)
{
    return c == '_' || c == '$' || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') ||
           (unsigned char)c >= 0x80;
}

static const char *skip_spaces(const char *p, const char *end)
{
    while (p < end && strchr(" \t\r\n", *p))
        p++;
    return p;
}

static int word_at(const char *p, const char *end, const char *word)
{
    size_t len = strlen(word);

    return (size_t)(end - p) >= len && memcmp(p, word, len) == 0 &&
           ((size_t)(end - p) == len || !is_word(p[len]));
}

/* Finds the place; columns count UTF-16 units. 0: it is not in the source. */
static int find_place(const struct hint_about *about, struct await_text *t)
{
    const char *p;

    if (!about->source || !about->line || !about->column || !about->source->text.len)
        return 0;
    t->start = p = about->source->text.data;
    t->end = p + about->source->text.len;
    for (uint64_t line = 1; line < about->line; line++) {
        p = memchr(p, '\n', (size_t)(t->end - p));
        if (!p)
            return 0;
        p++;
    }
    for (uint64_t column = 1; column < about->column && p < t->end; p++) {
        unsigned char c = (unsigned char)*p;
        column += (c < 0x80 || c >= 0xc0) + (c >= 0xf0);
    }
    t->at = p;
    return p < t->end;
}

static enum await_origin origin_of_expression(const char *p, const char *end)
{
    p = skip_spaces(p, end);
    while (p < end && *p == '(')
        p = skip_spaces(p + 1, end);
    if (word_at(p, end, "await"))
        return FROM_AWAIT;
    if (p == end || strchr("{[\"'`0123456789", *p) || word_at(p, end, "new"))
        return FROM_LITERAL;
    while (p < end && (is_word(*p) || *p == '.'))
        p++;
    return p < end && *p == '(' ? FROM_CALL : FROM_UNKNOWN;
}

/* The last value that the source gives the name before the place. */
static enum await_origin origin_of_name(const struct await_text *t, const char *name, size_t len)
{
    enum await_origin found = FROM_UNKNOWN;
    const char *p = t->start, *behind;

    for (; (p = memmem(p, (size_t)(t->at - p), name, len)) != NULL; p += len) {
        behind = skip_spaces(p + len, t->end);
        if ((p == t->start || (!is_word(p[-1]) && p[-1] != '.')) && behind + 1 < t->end && *behind == '=' &&
            !strchr("=>", behind[1]))
            found = origin_of_expression(behind + 1, t->end);
    }
    return found;
}

/* The opening parenthesis of a closing one. */
static const char *opening(const struct await_text *t, const char *close)
{
    int depth = 0;

    for (const char *p = close; p >= t->start; p--) {
        depth += *p == ')';
        depth -= *p == '(';
        if (depth == 0)
            return p;
    }
    return close;
}

/* The value that has no name of its own: what begins at the place, or ends before it, as in `(await f()).map`. */
static enum await_origin origin_at(const struct await_text *t)
{
    const char *end = t->at, *p = t->at;

    if (p - t->start >= 2 && p[-1] == '.' && p[-2] == ')')
        return origin_of_expression(opening(t, p - 2), t->end);
    if (*p == '{' || *p == '[')
        return FROM_LITERAL;
    while (end < t->end && *end != ';' && *end != '\n')
        end++;
    for (; p < end; p++)
        if ((p == t->at || !is_word(p[-1])) && word_at(p, end, "await"))
            return FROM_AWAIT;
    return origin_of_expression(t->at, end);
}

/* The first name of "users.list" or "users"; 0 when V8 shows an expression. */
static size_t first_name(const char *shown, size_t len)
{
    size_t n = 0;

    while (n < len && is_word(shown[n]))
        n++;
    return n > 0 && (n == len || shown[n] == '.') && (*shown < '0' || *shown > '9') ? n : 0;
}

/* `shown` is what V8 calls the value. */
static enum await_origin origin_of(const struct hint_about *about, const char *shown, size_t len)
{
    enum await_origin found;
    struct await_text t;
    size_t name = first_name(shown, len);

    if (!find_place(about, &t))
        return FROM_UNKNOWN;
    if (!name || (len == 6 && memcmp(shown, "object", 6) == 0))
        return origin_at(&t);
    if (memchr(shown, '(', len))
        return FROM_CALL;
    found = origin_of_name(&t, shown, name);
    return found == FROM_LITERAL && name < len ? FROM_UNKNOWN : found; /* a member may hold a promise */
}

#define NO_LIST "use Object.values(value) or Object.entries(value), or the list that is a property of it."

static int hint_iterable(struct buf *out, const struct hint_about *about)
{
    const char *found = strstr(about->message, " is not iterable");
    enum await_origin origin;

    if (!found)
        return 0;
    if (strstr(about->message, "is not a function or its return value")) {
        buf_str(out, "Check for a missing `await` before the call, or for an object where a list is needed.");
        return 1;
    }
    origin = origin_of(about, about->message, (size_t)(found - about->message));
    if (origin == FROM_AWAIT || origin == FROM_LITERAL)
        buf_str(out, "The value is an object and no list: " NO_LIST);
    else
        buf_str(out, "Check for a missing `await` before the value.");
    return 1;
}

/* Methods of arrays that are called on what a function of the host promises. */
static const char *const of_arrays[] = {"map",  "filter", "forEach", "find", "reduce", "some", "every",
                                        "sort", "slice",  "join",    "flat", "push",   "at",   "flatMap"};

static int hint_array_method(struct buf *out, const struct hint_about *about)
{
    const char *found = strstr(about->message, " is not a function"), *dot;
    enum await_origin origin;
    size_t len;

    dot = found ? memrchr(about->message, '.', (size_t)(found - about->message)) : NULL;
    if (!dot || strcmp(found, " is not a function") != 0)
        return 0;
    len = (size_t)(found - ++dot);
    for (size_t i = 0; i < sizeof of_arrays / sizeof *of_arrays; i++) {
        if (strlen(of_arrays[i]) != len || memcmp(of_arrays[i], dot, len) != 0)
            continue;
        origin = origin_of(about, about->message, (size_t)(dot - 1 - about->message));
        if (origin == FROM_AWAIT || origin == FROM_LITERAL)
            buf_printf(out, "Only arrays and the like have `%s`, and the value is none: " NO_LIST,
                       of_arrays[i]);
        else
            buf_printf(
                out,
                "Only arrays and the like have `%s`: check for a missing `await` where the value comes "
                "from.",
                of_arrays[i]);
        return 1;
    }
    return 0;
}

/* The place is that of the property; the way to it stands before. */
static int hint_undefined(struct buf *out, const struct hint_about *about)
{
    static const char says[] = "Cannot read properties of undefined (reading '";
    struct await_text t;
    const char *first;
    size_t len;

    if (strncmp(about->message, says, sizeof says - 1) != 0 ||
        strncmp(about->message + sizeof says - 1, "then'", 5) == 0 || !find_place(about, &t))
        return 0;
    for (first = t.at; first > t.start && (is_word(first[-1]) || strchr(".?", first[-1])); first--)
        ;
    len = first_name(first, (size_t)(t.end - first));
    if (!len || origin_of_name(&t, first, len) != FROM_AWAIT)
        return 0;
    buf_str(out, "What stands before the property is undefined: check its name, or print the object to see "
                 "which properties it has.");
    return 1;
}

int await_hint(struct buf *out, const struct hint_about *about)
{
    return about->code == ISO_USER_CODE &&
           (hint_iterable(out, about) || hint_array_method(out, about) || hint_undefined(out, about));
}
