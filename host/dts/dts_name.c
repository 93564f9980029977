/* SPDX-License-Identifier: MIT */
/* Names and comments of declarations. */
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "host/dts/dts_internal.h"

static int is_word_of_the_language(const char *name, size_t len)
{
    static const char words[] = " arguments async await break case catch class const continue debugger "
                                "default delete do else enum eval "
                                "export extends false finally for function globalThis if implements import "
                                "in Infinity instanceof interface "
                                "let NaN new null of package private protected public return static super "
                                "switch this throw true try typeof "
                                "undefined var void while with yield ";
    struct buf word = {0};
    int found;

    buf_byte(&word, ' ');
    buf_add(&word, name, len);
    buf_add(&word, " ", 2);
    found = word.failed || strstr(words, word.data) != NULL;
    buf_free(&word);
    return found;
}

/* 1 for an identifier of ECMAScript, with the letters that PCRE2 knows. U+2E2F is a letter, but not ID_Start. */
static int is_identifier_name(const struct buf *name)
{
    static const char grammar[] =
        "^(?!.*\\x{2e2f})[$_\\p{L}\\p{Nl}][$_\\p{L}\\p{Nl}\\p{Mn}\\p{Mc}\\p{Nd}\\p{Pc}\\x{200c}\\x{200d}]*$";
    PCRE2_SIZE at;
    int error, rc = -1;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)grammar, PCRE2_ZERO_TERMINATED,
                                     PCRE2_UTF | PCRE2_DOLLAR_ENDONLY, &error, &at, NULL);
    pcre2_match_data *data = code ? pcre2_match_data_create(1, NULL) : NULL;

    if (data)
        rc = pcre2_match(code, (PCRE2_SPTR)name->data, name->len, 0, 0, data, NULL);
    pcre2_match_data_free(data);
    pcre2_code_free(code);
    return rc >= 0;
}

static int is_ascii_name(const struct buf *name)
{
    for (size_t i = 0; i < name->len; i++) {
        char c = name->data[i], low = (char)(c | 32);
        if (!(low >= 'a' && low <= 'z') && c != '_' && c != '$' && (i == 0 || c < '0' || c > '9'))
            return 0;
    }
    return name->len > 0;
}

int dts_is_identifier(struct json literal)
{
    struct buf name = {0};
    int is = 0;

    if (literal.len <= 256) {
        json_decode(&name, literal);
        is = name.len > 0 && !name.failed && (is_ascii_name(&name) || is_identifier_name(&name)) &&
             !is_word_of_the_language(name.data, name.len);
    }
    buf_free(&name);
    return is;
}

void dts_property_name(struct buf *out, struct json name)
{
    if (dts_is_identifier(name))
        json_decode(out, name);
    else
        json_pretty(out, name.at, name.len, 0);
}

/* ---- comments */

/* Writes a line of a comment without blanks at its end. A backslash divides the text that would end the comment. */
static void put_line(struct buf *out, const char *line, size_t len)
{
    while (len > 0 && (line[len - 1] == ' ' || line[len - 1] == '\t'))
        len--;
    for (size_t i = 0; i < len; i++) {
        if (i > 0 && line[i - 1] == '*' && line[i] == '/')
            buf_byte(out, '\\');
        buf_byte(out, line[i]);
    }
}

static void put_lines(struct buf *out, const char *p, const char *end, int indent)
{
    const char *line;

    buf_str(out, "/**\n");
    for (; p < end; p = line + 1) {
        struct buf one = {0};
        line = memchr(p, '\n', (size_t)(end - p));
        line = line ? line : end;
        put_line(&one, p, (size_t)(line - p));
        dts_indent(out, indent);
        buf_str(out, one.len ? " * " : " *");
        buf_add(out, one.data, one.len);
        buf_byte(out, '\n');
        buf_free(&one);
    }
    dts_indent(out, indent);
    buf_str(out, " */\n");
}

static void put_comment(struct buf *out, const char *text, size_t len, int indent)
{
    dts_indent(out, indent);
    if (memchr(text, '\n', len)) {
        put_lines(out, text, text + len, indent);
    } else {
        buf_str(out, "/** ");
        put_line(out, text, len);
        buf_str(out, " */\n");
    }
}

static int is_white(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

void dts_comment(struct buf *out, struct json description, int indent)
{
    struct buf text = {0}, decoded = {0}, quoted = {0};
    size_t start = 0;

    if (!description.at || json_kind(description) != JSON_STRING)
        return;
    /* "\r\n" ends a line like "\n"; any other "\r" is an ordinary control character. */
    json_decode(&decoded, description);
    for (size_t i = 0; i + 1 < decoded.len; i++)
        if (decoded.data[i] == '\r' && decoded.data[i + 1] == '\n')
            decoded.data[i] = ' ';
    json_quote(&quoted, decoded.data, decoded.len);
    json_string_to_text(&text, quoted.data, quoted.len);
    while (text.len > 0 && is_white(text.data[text.len - 1]))
        text.len--;
    while (start < text.len && is_white(text.data[start]))
        start++;
    if (text.len > start)
        put_comment(out, text.data + start, text.len - start, indent);
    buf_free(&text);
    buf_free(&decoded);
    buf_free(&quoted);
}
