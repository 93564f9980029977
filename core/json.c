/* SPDX-License-Identifier: MIT */
#include "core/json.h"

#include <endian.h>
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/terminal.h"
#include "core/utf8.h"

/* One list for both directions: the letter after a backslash, and the byte it stands for. */
#define ESCAPES(X) \
    X('"', '"')    \
    X('\\', '\\')  \
    X('/', '/')    \
    X('b', '\b')   \
    X('f', '\f')   \
    X('n', '\n')   \
    X('r', '\r')   \
    X('t', '\t')

static const char byte_of_letter[256] = {
#define X(letter, byte) [letter] = byte,
    ESCAPES(X)
#undef X
};

static const char letter_of_byte[256] = {
#define X(letter, byte) [byte] = letter,
    ESCAPES(X)
#undef X
};

#define REPLACEMENT 0xfffd

/* Bytes that json_pretty_write() collects for one write. */
#define PRETTY_STEP (64u << 10)

/* Text being read. A function that refuses the text leaves p at the first invalid byte, or at end if bytes are
 * missing. */
struct scan {
    const unsigned char *start, *p, *end;
    int tight; /* white space between tokens is refused, and so are lone surrogates */
};

static struct scan scan_start(const char *text, size_t len)
{
    /* An empty buf has no data, and adding even 0 to NULL is undefined. */
    const unsigned char *start = (const unsigned char *)(len ? text : "");

    return (struct scan){.start = start, .p = start, .end = start + len};
}

/* The next byte, or -1 at the end. */
static inline int scan_peek(const struct scan *s)
{
    return s->p < s->end ? *s->p : -1;
}

static inline void skip_space(struct scan *s)
{
    while (!s->tight && s->p < s->end && (*s->p == ' ' || *s->p == '\n' || *s->p == '\r' || *s->p == '\t'))
        s->p++;
}

/* Skips string bytes that need no attention: ASCII but for controls, quote and backslash. */
static inline void skip_plain(struct scan *s)
{
    const uint64_t ones = 0x0101010101010101;
    uint64_t w, stop;

    for (; s->end - s->p >= 8; s->p += 8) {
        memcpy(&w, s->p, 8);
        w = le64toh(w);
        /* Sets the top bit of every byte to stop at. A borrow can only flag bytes after such a one, so the
         * lowest is always right. */
        stop = ((w - ones * 0x20) | ((w ^ ones * '"') - ones) | ((w ^ ones * '\\') - ones) | w) & ones * 0x80;
        if (stop) {
            s->p += __builtin_ctzll(stop) / 8;
            return;
        }
    }
    while (s->p < s->end && *s->p >= 0x20 && *s->p < 0x80 && *s->p != '"' && *s->p != '\\')
        s->p++;
}

static inline int hex_value(int c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int check_utf8(struct scan *s)
{
    size_t want = utf8_length(*s->p), n = utf8_match(s->p, s->end);

    s->p += n;
    return n > 0 && n == want ? 0 : -1;
}

/* The value of the four digits after "\u"; -1: there are not four digits. */
static int check_unit(struct scan *s)
{
    int unit = 0;

    for (int i = 0; i < 4; i++, s->p++) {
        int digit = hex_value(scan_peek(s));
        if (digit < 0)
            return -1;
        unit = unit << 4 | digit;
    }
    return unit;
}

/* 0 when the escape of a surrogate is followed by the escape of its other half; else -1. */
static int check_pair(struct scan *s, int unit)
{
    if (unit >= 0xdc00 || s->end - s->p < 6 || s->p[0] != '\\' || s->p[1] != 'u')
        return -1;
    s->p += 2;
    return check_unit(s) >> 10 == 0xdc00 >> 10 ? 0 : -1;
}

static int check_escape(struct scan *s)
{
    int c, unit;

    s->p++;
    c = scan_peek(s);
    if (c < 0 || (c != 'u' && !byte_of_letter[c]))
        return -1;
    s->p++;
    if (c != 'u')
        return 0;
    unit = check_unit(s);
    if (unit < 0)
        return -1;
    return s->tight && unit >> 11 == 0xd800 >> 11 ? check_pair(s, unit) : 0;
}

static int check_string(struct scan *s)
{
    int c;

    for (s->p++;;) {
        skip_plain(s);
        c = scan_peek(s);
        if (c == '"') {
            s->p++;
            return 0;
        }
        if (c < 0x20 || (c == '\\' ? check_escape(s) : check_utf8(s)) < 0)
            return -1;
    }
}

static int check_digits(struct scan *s)
{
    const unsigned char *first = s->p;

    while (s->p < s->end && *s->p >= '0' && *s->p <= '9')
        s->p++;
    return s->p > first ? 0 : -1;
}

static int skip_number(struct scan *s)
{
    if (scan_peek(s) == '-')
        s->p++;
    if (scan_peek(s) == '0')
        s->p++;
    else if (check_digits(s) < 0)
        return -1;
    if (scan_peek(s) == '.') {
        s->p++;
        if (check_digits(s) < 0)
            return -1;
    }
    if (scan_peek(s) != 'e' && scan_peek(s) != 'E')
        return 0;
    s->p++;
    if (scan_peek(s) == '+' || scan_peek(s) == '-')
        s->p++;
    return check_digits(s);
}

/* The longest number without an exponent that is within a double's range, whatever its digits are: as V8 prints them. */
#define PLAIN_NUMBER 24

/* 0 when a double can hold the number: readers of JSON refuse others, or make Infinity of them. */
static int check_range(const unsigned char *at, size_t len)
{
    char *copy;
    double value;

    if (len <= PLAIN_NUMBER && !memchr(at, 'e', len) && !memchr(at, 'E', len))
        return 0;
    copy = strndup((const char *)at, len);
    value = copy ? strtod(copy, NULL) : HUGE_VAL;
    free(copy);
    return isfinite(value) ? 0 : -1;
}

static int check_number(struct scan *s)
{
    const unsigned char *first = s->p;
    int rc = skip_number(s);

    return rc == 0 && s->tight ? check_range(first, (size_t)(s->p - first)) : rc;
}

static int check_word(struct scan *s, const char *word)
{
    for (; *word; word++, s->p++)
        if (scan_peek(s) != *word)
            return -1;
    return 0;
}

static int check_scalar(struct scan *s)
{
    switch (scan_peek(s)) {
    case '"':
        return check_string(s);
    case 'n':
        return check_word(s, "null");
    case 't':
        return check_word(s, "true");
    case 'f':
        return check_word(s, "false");
    default:
        return check_number(s);
    }
}

/* Skips a member's name and its colon. */
static int check_key(struct scan *s)
{
    skip_space(s);
    if (scan_peek(s) != '"' || check_string(s) < 0)
        return -1;
    skip_space(s);
    if (scan_peek(s) != ':')
        return -1;
    s->p++;
    return 0;
}

/* The arrays and objects that are open, a bit for each: 1 for an object. */
struct nest {
    size_t depth;
    unsigned char bits[(JSON_MAX_DEPTH + 7) / 8];
};

static int nest_push(struct nest *n, int object)
{
    unsigned bit = 1u << n->depth % 8;

    if (n->depth == JSON_MAX_DEPTH)
        return -1;
    if (object)
        n->bits[n->depth / 8] |= bit;
    else
        n->bits[n->depth / 8] &= ~bit;
    n->depth++;
    return 0;
}

static inline int nest_in_object(const struct nest *n)
{
    return n->bits[(n->depth - 1) / 8] >> (n->depth - 1) % 8 & 1;
}

static inline int nest_closer(const struct nest *n)
{
    return nest_in_object(n) ? '}' : ']';
}

/* Reads opening brackets and names until the end of the first scalar, or the closing bracket of an empty container. */
static int check_descent(struct scan *s, struct nest *n)
{
    int c;

    for (;;) {
        skip_space(s);
        c = scan_peek(s);
        if (c != '[' && c != '{')
            return check_scalar(s);
        if (nest_push(n, c == '{') < 0)
            return -1;
        s->p++;
        skip_space(s);
        if (scan_peek(s) == nest_closer(n))
            return 0;
        if (nest_in_object(n) && check_key(s) < 0)
            return -1;
    }
}

/* Reads closing brackets and a comma after a value, until the next value begins or, at depth 0, to the end. */
static int check_ascent(struct scan *s, struct nest *n)
{
    for (; n->depth; n->depth--, s->p++) {
        skip_space(s);
        if (scan_peek(s) == ',') {
            s->p++;
            return nest_in_object(n) ? check_key(s) : 0;
        }
        if (scan_peek(s) != nest_closer(n))
            return -1;
    }
    return 0;
}

static int check_document(struct scan *s)
{
    struct nest nest = {0};

    do {
        if (check_descent(s, &nest) < 0 || check_ascent(s, &nest) < 0)
            return -1;
    } while (nest.depth);
    skip_space(s);
    return s->p == s->end ? 0 : -1;
}

int json_check(const char *text, size_t len, enum json_kind *kind, size_t *at)
{
    struct scan s = scan_start(text, len);

    if (check_document(&s) < 0) {
        if (at)
            *at = (size_t)(s.p - s.start);
        return -1;
    }
    s.p = s.start;
    skip_space(&s);
    if (kind)
        *kind = json_kind_of((char)*s.p);
    return 0;
}

int json_check_tight(const char *text, size_t len, enum json_kind want)
{
    struct scan s = scan_start(text, len);

    s.tight = 1;
    return check_document(&s) < 0 || (want != JSON_ANY && json_kind_of((char)*s.start) != want) ? -1 : 0;
}

void json_mend(char *text, size_t len)
{
    char *end = text + len;

    for (char *p = text; (p = memchr(p, '\\', (size_t)(end - p))) != NULL;) {
        struct scan s = {.p = (unsigned char *)p, .end = (unsigned char *)end, .tight = 1};
        char *behind = p + (p[1] == 'u' ? 6 : 2);

        if (check_escape(&s) == 0)
            behind = (char *)s.p; /* of both halves, if there are two */
        else
            memcpy(p + 2, "fffd", 4);
        p = behind;
    }
}

static void add_hex(struct buf *out, const char *prefix, unsigned char byte)
{
    static const char digits[] = "0123456789abcdef";

    buf_str(out, prefix);
    buf_byte(out, digits[byte >> 4]);
    buf_byte(out, digits[byte & 15]);
}

static void add_utf8(struct buf *out, uint32_t cp)
{
    char bytes[4];

    buf_add(out, bytes, utf8_encode(bytes, cp));
}

void json_escape(struct buf *out, unsigned char c)
{
    if (letter_of_byte[c]) {
        buf_byte(out, '\\');
        buf_byte(out, letter_of_byte[c]);
    } else {
        add_hex(out, "\\u00", c);
    }
}

/* Skips what a string literal may contain as it is. */
static void skip_quotable(struct scan *s)
{
    size_t n;

    for (skip_plain(s); scan_peek(s) >= 0x80; skip_plain(s)) {
        n = utf8_match(s->p, s->end);
        if (n == 0 || n < utf8_length(*s->p))
            return;
        s->p += n;
    }
}

void json_quote(struct buf *out, const char *text, size_t len)
{
    struct scan s = scan_start(text, len);
    const unsigned char *run;
    size_t n;

    buf_byte(out, '"');
    for (;;) {
        run = s.p;
        skip_quotable(&s);
        buf_add(out, run, (size_t)(s.p - run));
        if (s.p == s.end)
            break;
        /* One byte that skip_plain() and utf8_match() do not let pass. */
        if (*s.p < 0x80)
            json_escape(out, *s.p);
        else
            add_utf8(out, REPLACEMENT);
        n = utf8_match(s.p, s.end);
        s.p += n ? n : 1;
    }
    buf_byte(out, '"');
}

enum paint { PAINT_KEY, PAINT_STRING, PAINT_NUMBER, PAINT_LITERAL };

#define PAINT_END "\033[0m"
static const char *const paint_start[] = {
    [PAINT_KEY] = "\033[1;34m",
    [PAINT_STRING] = "\033[32m",
    [PAINT_NUMBER] = "\033[36m",
    [PAINT_LITERAL] = "\033[35m",
};

/* State of json_pretty_write(): the number of open brackets, and the collected output with its target. */
struct pretty {
    struct buf *out;
    size_t depth;
    int color;
};

/* Deeper levels stay on the line of the last one that is indented: each token takes a bounded number of bytes,
 * however deep it stands. */
static void pretty_line(const struct pretty *p, size_t depth)
{
    struct buf *out = p->out;
    size_t len = 1 + 2 * depth;

    if (depth > JSON_PRETTY_LEVELS || buf_reserve(out, len) < 0)
        return;
    memset(out->data + out->len, ' ', len);
    out->data[out->len] = '\n';
    out->len += len;
}

static void pretty_open(struct pretty *p, struct scan *s)
{
    buf_byte(p->out, (char)*s->p++);
    skip_space(s);
    if (*s->p == ']' || *s->p == '}')
        buf_byte(p->out, (char)*s->p++);
    else
        pretty_line(p, ++p->depth);
}

static enum paint paint_of(unsigned char first, int next)
{
    switch (json_kind_of((char)first)) {
    case JSON_STRING:
        return next == ':' ? PAINT_KEY : PAINT_STRING;
    case JSON_NUMBER:
        return PAINT_NUMBER;
    default:
        return PAINT_LITERAL;
    }
}

/* DEL and the C1 controls are legal in JSON text, but a terminal may obey them: they are escaped. */
static void add_shown(struct buf *out, const unsigned char *p, const unsigned char *end)
{
    const unsigned char *run = p;

    for (; p < end; p++) {
        size_t n = *p == 0x7f ? 1 : *p == 0xc2 && p + 1 < end && p[1] < 0xa0 ? 2 : 0;

        if (n == 0)
            continue;
        buf_add(out, run, (size_t)(p - run));
        add_hex(out, "\\u00", p[n - 1]);
        p += n - 1;
        run = p + 1;
    }
    buf_add(out, run, (size_t)(end - run));
}

static void pretty_scalar(struct pretty *p, struct scan *s)
{
    const unsigned char *first = s->p, *last;

    check_scalar(s);
    last = s->p;
    skip_space(s);
    if (p->color)
        buf_str(p->out, paint_start[paint_of(*first, scan_peek(s))]);
    add_shown(p->out, first, last);
    if (p->color)
        buf_str(p->out, PAINT_END);
}

static void pretty_token(struct pretty *p, struct scan *s)
{
    switch (*s->p) {
    case '[':
    case '{':
        pretty_open(p, s);
        break;
    case ']':
    case '}':
        /* The bracket of a level that is indented stands on a line of its own. */
        if (p->depth-- <= JSON_PRETTY_LEVELS)
            pretty_line(p, p->depth);
        buf_byte(p->out, (char)*s->p++);
        break;
    case ',':
        buf_byte(p->out, (char)*s->p++);
        pretty_line(p, p->depth);
        break;
    case ':':
        buf_str(p->out, p->depth > JSON_PRETTY_LEVELS ? ":" : ": ");
        s->p++;
        break;
    default:
        pretty_scalar(p, s);
    }
}

void json_pretty(struct buf *out, const char *text, size_t len, int color)
{
    struct scan s = scan_start(text, len);
    struct pretty p = {out, 0, color};

    for (skip_space(&s); s.p < s.end && !out->failed; skip_space(&s))
        pretty_token(&p, &s);
}

int json_pretty_write(const char *text, size_t len, int color, json_writer *write, void *ctx)
{
    struct scan s = scan_start(text, len);
    struct buf out = {0};
    struct pretty p = {&out, 0, color};
    int rc = 0;

    for (skip_space(&s); rc == 0 && s.p < s.end && !out.failed; skip_space(&s)) {
        pretty_token(&p, &s);
        if (out.len >= PRETTY_STEP) {
            rc = write(ctx, out.data, out.len);
            buf_reset(&out);
        }
    }
    if (rc == 0 && out.failed) {
        errno = ENOMEM;
        rc = -1;
    }
    if (rc == 0 && out.len)
        rc = write(ctx, out.data, out.len);
    buf_free(&out);
    return rc;
}

static uint32_t hex4(const unsigned char *p)
{
    uint32_t unit = 0;
    int i;

    for (i = 0; i < 4; i++)
        unit = unit << 4 | (uint32_t)hex_value(p[i]);
    return unit;
}

/* Takes one escape of a checked literal, or two if they are a surrogate pair. */
static uint32_t take_escape(struct scan *s)
{
    uint32_t unit, low;

    s->p += 2;
    if (s->p[-1] != 'u')
        return (unsigned char)byte_of_letter[s->p[-1]];
    unit = hex4(s->p);
    s->p += 4;
    if (unit < 0xd800 || unit > 0xdfff)
        return unit;
    if (unit > 0xdbff || s->p[0] != '\\' || s->p[1] != 'u')
        return REPLACEMENT;
    low = hex4(s->p + 2);
    if (low < 0xdc00 || low > 0xdfff)
        return REPLACEMENT;
    s->p += 6;
    return 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
}

static uint32_t take_utf8(struct scan *s)
{
    size_t n = utf8_length(*s->p);
    uint32_t cp = n == 1 ? *s->p : *s->p & 0x7fu >> n;

    for (s->p++; --n; s->p++)
        cp = cp << 6 | (*s->p & 0x3f);
    return cp;
}

void json_string_to_text(struct buf *out, const char *literal, size_t len)
{
    struct scan s = scan_start(literal, len);
    uint32_t cp;

    skip_space(&s);
    for (s.p++; *s.p != '"';) {
        cp = *s.p == '\\' ? take_escape(&s) : take_utf8(&s);
        terminal_put(out, cp >= 0xd800 && cp <= 0xdfff ? REPLACEMENT : cp, "\n\t");
    }
}

size_t json_string_bytes(const char *literal, size_t len)
{
    struct scan s = scan_start(literal, len);
    size_t bytes = 0;
    char at[4];

    skip_space(&s);
    for (s.p++; *s.p != '"';)
        bytes += utf8_encode(at, *s.p == '\\' ? take_escape(&s) : take_utf8(&s));
    return bytes;
}

void json_compact(struct buf *out, const char *text, size_t len)
{
    size_t from = 0;
    int quoted = 0;

    for (size_t i = 0; i < len; i++) {
        if (text[i] == '"')
            quoted = !quoted;
        else if (quoted && text[i] == '\\')
            i++; /* what it escapes may be a quote */
        else if (!quoted && memchr(" \t\r\n", text[i], 4)) {
            buf_add(out, text + from, i - from);
            from = i + 1;
        }
    }
    buf_add(out, text + from, len - from);
}
