/* SPDX-License-Identifier: MIT */
#include "host/schema/es_pattern.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/utf8.h"

#define MOST_CODE  0x10ffff
#define MOST_NAMES 100
/* The longest pattern: a longer one exceeds PCRE2's limit when it is compiled. */
#define MOST_BYTES (64u << 10)

/* WhiteSpace and LineTerminator of ECMAScript, for the inside of a class, and all other characters. */
#define SPACES                                                                                             \
    "\\x{9}-\\x{d}\\x{20}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}" \
    "\\x{feff}"
#define OTHERS                                                                                          \
    "\\x{0}-\\x{8}\\x{e}-\\x{1f}\\x{21}-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}" \
    "\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{fefe}\\x{ff00}-\\x{10ffff}"

struct group_name {
    const char *at;
    size_t len, number;
};

struct translation {
    const char *start, *p, *end;
    struct buf *out;
    char *why;
    struct group_name *names; /* owned */
    size_t name_count, groups, open;
    int repeatable; /* a quantifier may follow here */
};

static int __attribute__((format(printf, 3, 4)))
wrong_pattern(const struct translation *t, const char *at, const char *fmt, ...)
{
    char what[120];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(what, sizeof what, fmt, ap);
    va_end(ap);
    snprintf(t->why, ES_PATTERN_WHY, "%s, at offset %zu", what, (size_t)(at - t->start));
    return -1;
}

/* 1 when the next byte is c. */
static int is_next(const struct translation *t, char c)
{
    return t->p < t->end && *t->p == c;
}

static int take_text(struct translation *t, const char *text)
{
    size_t len = strlen(text);

    if ((size_t)(t->end - t->p) < len || memcmp(t->p, text, len) != 0)
        return 0;
    t->p += len;
    return 1;
}

/* ---- groups are found first, because a reference may stand before its group */

static int is_named_group(const char *p, const char *end)
{
    return end - p > 3 && memcmp(p, "(?<", 3) == 0 && p[3] != '=' && p[3] != '!';
}

static int add_name(struct translation *t, const char *at)
{
    const char *close = memchr(at, '>', (size_t)(t->end - at));
    size_t len = close ? (size_t)(close - at) : 0;

    if (len == 0)
        return wrong_pattern(t, at, "a group has no name");
    if (t->name_count == MOST_NAMES)
        return wrong_pattern(t, at, "more than %d groups have names", MOST_NAMES);
    for (size_t i = 0; i < t->name_count; i++)
        if (t->names[i].len == len && memcmp(t->names[i].at, at, len) == 0)
            return wrong_pattern(t, at, "two groups have the same name");
    if ((t->name_count & (t->name_count - 1)) == 0) {
        size_t room = t->name_count ? 2 * t->name_count : 1;
        struct group_name *more = realloc(t->names, room * sizeof *more);
        if (!more)
            return wrong_pattern(t, at, "no memory");
        t->names = more;
    }
    t->names[t->name_count++] = (struct group_name){at, len, t->groups};
    return 0;
}

static int find_groups(struct translation *t)
{
    int in_class = 0;

    for (const char *p = t->start; p < t->end; p++) {
        if (*p == '\\') {
            p++;
        } else if (*p == '[' || *p == ']') {
            in_class = *p == '[';
        } else if (*p == '(' && !in_class && (p + 1 == t->end || p[1] != '?' || is_named_group(p, t->end))) {
            t->groups++;
            if (is_named_group(p, t->end) && add_name(t, p + 3) < 0)
                return -1;
        }
    }
    return 0;
}

/* ---- characters */

static int hex_of(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/* Reads exactly `digits` hexadecimal digits; -1: there are fewer. */
static long take_hex(struct translation *t, int digits)
{
    long value = 0;

    for (int i = 0; i < digits; i++, t->p++) {
        if (t->p == t->end || hex_of(*t->p) < 0)
            return -1;
        value = value * 16 + hex_of(*t->p);
    }
    return value;
}

/* Reads the rest of an escape after "\u": XXXX, a pair of surrogates, or {X...}. */
static long take_unicode(struct translation *t, const char *at)
{
    long code = 0, low;

    if (take_text(t, "{")) {
        const char *first = t->p;

        while (t->p < t->end && hex_of(*t->p) >= 0 && code <= MOST_CODE)
            code = code * 16 + hex_of(*t->p++);
        if (t->p == first || code > MOST_CODE || !take_text(t, "}"))
            return wrong_pattern(t, at, "\\u{...} is no character");
    } else if ((code = take_hex(t, 4)) < 0) {
        return wrong_pattern(t, at, "\\u needs four hexadecimal digits");
    } else if (code >= 0xd800 && code < 0xdc00 && take_text(t, "\\u")) {
        low = take_hex(t, 4);
        if (low >= 0xdc00 && low < 0xe000)
            return 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        return wrong_pattern(t, at, "a lone surrogate is no character");
    }
    return code >= 0xd800 && code < 0xe000 ? wrong_pattern(t, at, "a lone surrogate is no character") : code;
}

static long take_control(struct translation *t, const char *at)
{
    if (t->p == t->end || !isalpha((unsigned char)*t->p))
        return wrong_pattern(t, at, "\\c needs a letter");
    return *t->p++ & 31;
}

/* Reads an escape, after its backslash, and returns its character; -1 and why[]. */
static long take_escape(struct translation *t)
{
    static const char letters[] = "fnrtv", codes[] = "\f\n\r\t\v";
    const char *at = t->p - 1, *letter;
    long code;
    char c;

    if (t->p == t->end)
        return wrong_pattern(t, at, "a backslash at the end");
    c = *t->p++;
    letter = strchr(letters, c);
    if (letter && c)
        return codes[letter - letters];
    if (c == 'c')
        return take_control(t, at);
    if (c == 'u')
        return take_unicode(t, at);
    if (c == 'x') {
        code = take_hex(t, 2);
        return code < 0 ? wrong_pattern(t, at, "\\x needs two hexadecimal digits") : code;
    }
    if (c == '0')
        return t->p < t->end && isdigit((unsigned char)*t->p) ? wrong_pattern(t, at, "\\0 before a digit")
                                                              : 0;
    if (ispunct((unsigned char)c) || c == ' ')
        return c;
    t->p = at + 1;
    return isgraph((unsigned char)c) ? wrong_pattern(t, at, "\\%c is no escape", c)
                                     : wrong_pattern(t, at, "this is no escape");
}

/* Reads a character that is not escaped. */
static long take_letter(struct translation *t)
{
    unsigned char first = (unsigned char)*t->p;
    size_t len = utf8_length(first);
    long code = len == 1 ? first : first & (0x7f >> len);

    for (t->p++; --len; t->p++)
        code = code << 6 | (*t->p & 0x3f);
    /* JSON escapes can write lone surrogates, which are decoded as if they were characters. */
    return code >= 0xd800 && code < 0xe000 ? wrong_pattern(t, t->p - 3, "a lone surrogate is no character")
                                           : code;
}

static void put_code(struct translation *t, long code)
{
    buf_printf(t->out, "\\x{%lx}", code);
}

/* ---- \p{...} */

static const char *const categories[][2] = {
    {"Cased_Letter", "L&"},
    {"LC", "L&"},
    {"Close_Punctuation", "Pe"},
    {"Connector_Punctuation", "Pc"},
    {"Control", "Cc"},
    {"cntrl", "Cc"},
    {"Currency_Symbol", "Sc"},
    {"Dash_Punctuation", "Pd"},
    {"Decimal_Number", "Nd"},
    {"digit", "Nd"},
    {"Enclosing_Mark", "Me"},
    {"Final_Punctuation", "Pf"},
    {"Format", "Cf"},
    {"Initial_Punctuation", "Pi"},
    {"Letter", "L"},
    {"Letter_Number", "Nl"},
    {"Line_Separator", "Zl"},
    {"Lowercase_Letter", "Ll"},
    {"Mark", "M"},
    {"Combining_Mark", "M"},
    {"Math_Symbol", "Sm"},
    {"Modifier_Letter", "Lm"},
    {"Modifier_Symbol", "Sk"},
    {"Nonspacing_Mark", "Mn"},
    {"Number", "N"},
    {"Open_Punctuation", "Ps"},
    {"Other", "C"},
    {"Other_Letter", "Lo"},
    {"Other_Number", "No"},
    {"Other_Punctuation", "Po"},
    {"Other_Symbol", "So"},
    {"Paragraph_Separator", "Zp"},
    {"Private_Use", "Co"},
    {"Punctuation", "P"},
    {"punct", "P"},
    {"Separator", "Z"},
    {"Space_Separator", "Zs"},
    {"Spacing_Mark", "Mc"},
    {"Surrogate", "Cs"},
    {"Symbol", "S"},
    {"Titlecase_Letter", "Lt"},
    {"Unassigned", "Cn"},
    {"Uppercase_Letter", "Lu"},
};

static const char *category_of(const char *name)
{
    for (size_t i = 0; i < sizeof categories / sizeof *categories; i++)
        if (strcmp(categories[i][0], name) == 0)
            return categories[i][1];
    return name;
}

/* PCRE2's name for the property before an equals sign; "" for general categories, NULL for an unknown one. */
static const char *property_of(const char *name)
{
    static const char *const names[][2] = {
        {"General_Category", ""},      {"gc", ""},      {"Script", "sc:"}, {"sc", "sc:"},
        {"Script_Extensions", "scx:"}, {"scx", "scx:"},
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i][0], name) == 0)
            return names[i][1];
    return NULL;
}

/* Translates a property, after the p or P. PCRE2 refuses names that it does not know. */
static int put_property(struct translation *t, char kind)
{
    const char *at = t->p - 2, *of;
    char name[80], *value;
    size_t len = 0;

    if (!take_text(t, "{"))
        return wrong_pattern(t, at, "\\%c needs {a property}", kind);
    while (t->p < t->end && (isalnum((unsigned char)*t->p) || *t->p == '_' || *t->p == '=') &&
           len + 1 < sizeof name)
        name[len++] = *t->p++;
    name[len] = 0;
    if (len == 0 || !take_text(t, "}"))
        return wrong_pattern(t, at, "\\%c{...} names no property", kind);
    if (strcmp(name, "Assigned") == 0) {
        buf_printf(t->out, "\\%c{Cn}", kind == 'p' ? 'P' : 'p');
        return 0;
    }
    value = strchr(name, '=');
    if (!value) {
        buf_printf(t->out, "\\%c{%s}", kind, category_of(name));
        return 0;
    }
    *value++ = 0;
    of = property_of(name);
    if (!of || !*value)
        return wrong_pattern(t, at, "\\%c{...} names no property", kind);
    buf_printf(t->out, "\\%c{%s%s}", kind, of, *of ? value : category_of(value));
    return 0;
}

/* ---- classes */

#define A_SET (-2) /* more than one character */

/* Writes the set of an escape such as \w, for the inside of a class. 0: the escape is not a set. */
static int put_set(struct translation *t)
{
    char c = t->p + 1 < t->end ? t->p[1] : 0;

    if (!c || !strchr("dDwWsSpP", c))
        return 0;
    t->p += 2;
    if (c == 's' || c == 'S')
        buf_str(t->out, c == 's' ? SPACES : OTHERS);
    else if (c == 'p' || c == 'P')
        return put_property(t, c) < 0 ? -1 : 1;
    else
        buf_printf(t->out, "\\%c", c);
    return 1;
}

/* Reads one character of a class and returns it; a set is written at once, and A_SET returned. */
static long take_class_atom(struct translation *t)
{
    int set;

    if (*t->p != '\\')
        return take_letter(t);
    set = put_set(t);
    if (set)
        return set < 0 ? -1 : A_SET;
    t->p++;
    if (take_text(t, "b"))
        return '\b';
    return take_escape(t);
}

static int is_range(const struct translation *t)
{
    return t->end - t->p > 1 && t->p[0] == '-' && t->p[1] != ']';
}

static void put_unless_set(struct translation *t, long atom)
{
    if (atom != A_SET)
        put_code(t, atom);
}

static int put_class_item(struct translation *t)
{
    const char *at = t->p;
    long first = take_class_atom(t), last;

    if (first == -1)
        return -1;
    if (!is_range(t)) {
        put_unless_set(t, first);
        return 0;
    }
    t->p++;
    last = take_class_atom(t);
    if (last == -1)
        return -1;
    if (first == A_SET || last == A_SET) { /* "[\\w-.]": the hyphen stands for itself */
        put_unless_set(t, first);
        put_code(t, '-');
        put_unless_set(t, last);
        return 0;
    }
    if (first > last)
        return wrong_pattern(t, at, "a range that is out of order");
    put_code(t, first);
    buf_byte(t->out, '-');
    put_code(t, last);
    return 0;
}

static int put_class(struct translation *t)
{
    const char *at = t->p++;

    buf_str(t->out, take_text(t, "^") ? "[^" : "[");
    while (t->p < t->end && *t->p != ']')
        if (put_class_item(t) < 0)
            return -1;
    if (!take_text(t, "]"))
        return wrong_pattern(t, at, "a class is not closed");
    buf_byte(t->out, ']');
    t->repeatable = 1;
    return 0;
}

/* ---- outside of classes */

/* Translates a named reference, after "\k". */
static int put_named_reference(struct translation *t, const char *at)
{
    const char *close = is_next(t, '<') ? memchr(t->p, '>', (size_t)(t->end - t->p)) : NULL;
    size_t len = close ? (size_t)(close - t->p) - 1 : 0;

    for (size_t i = 0; i < t->name_count; i++)
        if (t->names[i].len == len && len && memcmp(t->names[i].at, t->p + 1, len) == 0) {
            buf_printf(t->out, "\\g{%zu}", t->names[i].number);
            t->p = close + 1;
            return 0;
        }
    return wrong_pattern(t, at, "\\k names no group");
}

static int put_reference(struct translation *t, const char *at)
{
    size_t number = 0;

    while (t->p < t->end && isdigit((unsigned char)*t->p) && number <= t->groups)
        number = number * 10 + (size_t)(*t->p++ - '0');
    if (number > t->groups)
        return wrong_pattern(t, at, "there is no group \\%zu", number);
    buf_printf(t->out, "\\g{%zu}", number);
    return 0;
}

static int put_escape(struct translation *t)
{
    const char *at = t->p++;
    char c = t->p < t->end ? *t->p : 0;
    long code;

    t->repeatable = 1;
    if (c && strchr("dDwWbB", c)) {
        t->repeatable = c != 'b' && c != 'B';
        buf_printf(t->out, "\\%c", c);
        t->p++;
        return 0;
    }
    if (c == 's' || c == 'S') {
        buf_printf(t->out, c == 's' ? "[%s]" : "[^%s]", SPACES);
        t->p++;
        return 0;
    }
    if (c == 'p' || c == 'P' || c == 'k')
        t->p++;
    if (c == 'p' || c == 'P')
        return put_property(t, c);
    if (c == 'k')
        return put_named_reference(t, at);
    if (c >= '1' && c <= '9')
        return put_reference(t, at);
    code = take_escape(t);
    if (code < 0)
        return -1;
    put_code(t, code);
    return 0;
}

static int put_group(struct translation *t)
{
    static const char *const kinds[] = {"(?:", "(?=", "(?!", "(?<=", "(?<!"};
    const char *at = t->p;

    t->open++;
    t->repeatable = 0;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (take_text(t, kinds[i])) {
            buf_str(t->out, kinds[i]);
            return 0;
        }
    if (is_named_group(t->p, t->end))
        t->p = (const char *)memchr(t->p, '>', (size_t)(t->end - t->p)) + 1;
    else if (take_text(t, "(?"))
        return wrong_pattern(t, at, "(? begins no group that is known here");
    else
        t->p++;
    buf_byte(t->out, '(');
    return 0;
}

static int put_group_end(struct translation *t)
{
    if (t->open == 0)
        return wrong_pattern(t, t->p, "a closing parenthesis without its group");
    t->open--;
    t->p++;
    t->repeatable = 1;
    buf_byte(t->out, ')');
    return 0;
}

/* The length of {n}, {n,} or {n,m} at the brace; 0: there is none, so the brace is an ordinary character. */
static size_t counted_length(const struct translation *t)
{
    const char *p = t->p + 1, *first = p;

    while (p < t->end && isdigit((unsigned char)*p))
        p++;
    if (p == first)
        return 0;
    if (p < t->end && *p == ',')
        for (p++; p < t->end && isdigit((unsigned char)*p);)
            p++;
    return p < t->end && *p == '}' ? (size_t)(p + 1 - t->p) : 0;
}

static int put_quantifier(struct translation *t, size_t len)
{
    if (!t->repeatable)
        return wrong_pattern(t, t->p, "there is nothing to repeat");
    buf_add(t->out, t->p, len);
    t->p += len;
    if (take_text(t, "?"))
        buf_byte(t->out, '?');
    t->repeatable = 0;
    return 0;
}

static int put_plain(struct translation *t)
{
    long code = take_letter(t);

    if (code < 0)
        return -1;
    put_code(t, code);
    t->repeatable = 1;
    return 0;
}

static int put_next(struct translation *t)
{
    size_t counted;

    switch (*t->p) {
    case '\\':
        return put_escape(t);
    case '[':
        return put_class(t);
    case '(':
        return put_group(t);
    case ')':
        return put_group_end(t);
    case '*':
    case '+':
    case '?':
        return put_quantifier(t, 1);
    case '{':
        counted = counted_length(t);
        return counted ? put_quantifier(t, counted) : put_plain(t);
    case '.':
        buf_str(t->out, "[^\\x{a}\\x{d}\\x{2028}\\x{2029}]");
        t->repeatable = 1;
        break;
    case '^':
    case '$':
    case '|':
        buf_byte(t->out, *t->p);
        t->repeatable = 0;
        break;
    default:
        return put_plain(t);
    }
    t->p++;
    return 0;
}

int es_pattern_translate(const char *text, size_t len, struct buf *out, char why[ES_PATTERN_WHY])
{
    struct translation t = {.start = text, .p = text, .end = text + len, .out = out, .why = why};
    int rc;

    if (len > MOST_BYTES)
        return wrong_pattern(&t, text + MOST_BYTES, "a pattern of more than %u bytes", MOST_BYTES);
    rc = find_groups(&t);
    while (rc == 0 && t.p < t.end)
        rc = put_next(&t);
    free(t.names);
    if (rc == 0 && t.open > 0)
        return wrong_pattern(&t, t.end, "a group is not closed");
    if (rc == 0 && out->failed)
        return wrong_pattern(&t, text, "no memory");
    return rc;
}
