/* SPDX-License-Identifier: MIT */
#include "core/fence.h"

#include <string.h>
#include <strings.h>

struct line {
    const char *at, *end; /* without blanks at either side */
    const char *next;
};

/* A fence: a line of three or more marks, and perhaps the name of a language. */
struct mark {
    char mark;
    size_t count;
    const char *language;
    size_t language_len;
};

enum kind { OF_JAVASCRIPT, OF_NO_LANGUAGE, OF_ANOTHER, KINDS };

/* The state of the scan after the lines read so far. */
struct scan {
    const char *text, *end;
    struct mark open; /* .count 0: between blocks */
    enum kind kind;
    struct fence current, found[KINDS];
    size_t count[KINDS];
    int any_text;     /* a line before the current one is not blank */
    int like_code;    /* a line outside of blocks looks like code */
    int open_literal; /* a template literal or a comment is open where the first block begins */
    size_t backticks;
    int comment;
};

static int is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static struct line read_line(const char *at, const char *end)
{
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    struct line l = {at, stop ? stop : end, stop ? stop + 1 : end};

    while (l.at < l.end && is_blank(*l.at))
        l.at++;
    while (l.end > l.at && is_blank(l.end[-1]))
        l.end--;
    return l;
}

static int read_mark(const struct line *l, struct mark *m)
{
    const char *c = l->at;

    if (c == l->end || (*c != '`' && *c != '~'))
        return 0;
    *m = (struct mark){.mark = *c};
    for (; c < l->end && *c == m->mark; c++)
        m->count++;
    while (c < l->end && is_blank(*c))
        c++;
    m->language = c;
    while (c < l->end && !is_blank(*c) && !strchr("{},:=", *c))
        c++;
    m->language_len = (size_t)(c - m->language);
    return m->count >= 3 && !memchr(m->language, '`', (size_t)(l->end - m->language));
}

static enum kind fence_kind(const struct mark *m)
{
    static const char *const names[] = {"js",         "javascript", "mjs", "jsx", "node",      "es6",
                                        "ecmascript", "ts",         "mts", "tsx", "typescript"};

    if (m->language_len == 0)
        return OF_NO_LANGUAGE;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == m->language_len && strncasecmp(names[i], m->language, m->language_len) == 0)
            return OF_JAVASCRIPT;
    return OF_ANOTHER;
}

/* Reads a line outside of blocks. A line that ends like a statement, or leaves a literal or a comment open, is
 * code and not prose. */
static void read_prose(struct scan *s, const struct line *l)
{
    s->like_code |= l->end > l->at && strchr(";{}", l->end[-1]) != NULL;
    for (const char *c = l->at; c < l->end; c++) {
        if (*c == '`')
            s->backticks++;
        else if (l->end - c > 1 && memcmp(c, "/*", 2) == 0)
            s->comment = 1;
        else if (l->end - c > 1 && memcmp(c, "*/", 2) == 0)
            s->comment = 0;
    }
}

static void open_block(struct scan *s, const struct line *l, const char *start, const struct mark *m)
{
    s->open = *m;
    s->kind = fence_kind(m);
    s->current = (struct fence){(size_t)(l->next - s->text), 0, (size_t)(start - s->text), m->mark};
    s->open_literal |= s->comment || s->backticks % 2;
}

static void close_block(struct scan *s, size_t to)
{
    s->current.to = to;
    s->open.count = 0;
    if (s->count[s->kind]++ == 0)
        s->found[s->kind] = s->current;
}

static int closes(const struct scan *s, const struct mark *m)
{
    return m->mark == s->open.mark && m->count >= s->open.count && m->language_len == 0;
}

static void scan_line(struct scan *s, const struct line *l, const char *start)
{
    struct mark m;
    int is_mark = read_mark(l, &m);

    if (s->open.count) {
        if (is_mark && closes(s, &m))
            close_block(s, (size_t)(start - s->text));
    } else if (is_mark) {
        open_block(s, l, start, &m);
        s->any_text |= s->count[0] + s->count[1] + s->count[2] > 0;
    } else {
        read_prose(s, l);
        s->any_text |= l->end > l->at;
    }
}

static int is_blank_text(const char *at, const char *end)
{
    while (at < end && (is_blank(*at) || *at == '\n'))
        at++;
    return at == end;
}

/* 1 for a text with only one fence: in its first line (the code follows) or in its last line (the code precedes). */
static int half_fenced(const struct scan *s, struct fence *f)
{
    *f = s->current;
    f->to = (size_t)(s->end - s->text);
    if (!s->any_text)
        return s->kind != OF_ANOTHER;
    if (s->count[0] + s->count[1] + s->count[2] > 0 || s->kind != OF_NO_LANGUAGE || s->open_literal ||
        !is_blank_text(s->text + f->from, s->end))
        return 0;
    f->from = 0;
    f->to = f->mark_at;
    return 1;
}

int fence_find(const char *text, size_t len, struct fence *f)
{
    struct scan s = {.text = text, .end = text + len};

    if (!memmem(text, len, "```", 3) && !memmem(text, len, "~~~", 3))
        return 0;
    for (const char *at = text; at < s.end;) {
        struct line l = read_line(at, s.end);

        scan_line(&s, &l, at);
        at = l.next;
    }
    if (s.open.count)
        return half_fenced(&s, f);
    for (enum kind kind = OF_JAVASCRIPT; kind <= OF_NO_LANGUAGE; kind++)
        if (s.count[kind]) {
            *f = s.found[kind];
            return s.count[kind] == 1 && !s.like_code && !s.open_literal;
        }
    return 0;
}

/* LF and CR, and U+2028 and U+2029, which V8 counts as ends of lines, too. */
static size_t line_end(const char *at, const char *end)
{
    if (*at == '\n' || *at == '\r')
        return 1;
    return end - at > 2 && memcmp(at, "\xe2\x80", 2) == 0 && (at[2] == '\xa8' || at[2] == '\xa9') ? 3 : 0;
}

static void blank(char *at, const char *end)
{
    while (at < end) {
        size_t skip = line_end(at, end);

        if (skip == 0)
            *at++ = ' ';
        at += skip;
    }
}

void fence_blank(char *text, size_t len, const struct fence *f)
{
    blank(text, text + f->from);
    blank(text + f->to, text + len);
}
