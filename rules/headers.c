/* SPDX-License-Identifier: MIT */
#include "rules/headers.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

int header_is_token(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!isalnum((unsigned char)text[i]) && (!text[i] || !strchr("!#$%&'*+-.^_`|~", text[i])))
            return 0;
    return len > 0;
}

static const struct {
    const char *name, *what;
} reserved[] = {
    {"host", "the URL says which host is asked"},
    {"content-length", "the framing of the message"},
    {"transfer-encoding", "the framing of the message"},
    {"trailer", "the framing of the message"},
    {"te", "the framing of the message"},
    {"connection", "it is for one hop"},
    {"keep-alive", "it is for one hop"},
    {"upgrade", "it is for one hop"},
    {"http2-settings", "it is for one hop"},
    {"expect", "it is for one hop"},
    {"via", "it is for proxies"},
    {"forwarded", "it is for proxies"},
};

static int is_one_of(const char *name, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcasecmp(name, list[i]) == 0)
            return 1;
    return 0;
}

const char *header_reserved(const char *name)
{
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (strcasecmp(name, reserved[i].name) == 0)
            return reserved[i].what;
    return strncasecmp(name, "proxy-", 6) == 0 ? "it is for proxies" : NULL;
}

int header_rewrites(const char *name)
{
    static const char *const names[] = {"x-http-method-override", "x-http-method", "x-method-override",
                                        "x-original-url", "x-rewrite-url"};

    return is_one_of(name, names, sizeof names / sizeof *names) || strncasecmp(name, "x-forwarded-", 12) == 0;
}

int header_is_credential(const char *name)
{
    static const char *const names[] = {"authorization", "cookie", "cookie2", "x-api-key", "x-auth-token"};

    return is_one_of(name, names, sizeof names / sizeof *names);
}

int header_describes_body(const char *name)
{
    static const char *const names[] = {"content-type", "content-encoding", "content-language",
                                        "content-location"};

    return is_one_of(name, names, sizeof names / sizeof *names);
}

static int is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* A character of a JSON string as a byte; -1 when a header cannot hold it. */
static int letter_byte(const char letter[4], size_t n)
{
    unsigned char first = (unsigned char)letter[0];

    if (n == 1)
        return (first < 0x20 && first != '\t') || first == 0x7f ? -1 : first;
    return n == 2 && first <= 0xc3 ? (first & 3) << 6 | (letter[1] & 0x3f) : -1;
}

int header_value(struct buf *out, struct json literal)
{
    struct json_letters l = json_letters(literal);
    size_t start = out->len, n;
    char letter[4];

    while ((n = json_next_letter(&l, letter)) > 0) {
        int byte = letter_byte(letter, n);

        if (byte < 0)
            return -1;
        if (out->len > start || !is_blank((char)byte))
            buf_byte(out, (char)byte);
    }
    while (out->len > start && is_blank(out->data[out->len - 1]))
        out->len--;
    return 0;
}

void header_quote(struct buf *out, const char *bytes, size_t len)
{
    buf_byte(out, '"');
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)bytes[i];

        if (c < 0x20 || c == '"' || c == '\\' || c == 0x7f)
            json_escape(out, c);
        else if (c < 0x80)
            buf_byte(out, (char)c);
        else
            buf_printf(out, "%c%c", 0xc0 | c >> 6, 0x80 | (c & 0x3f));
    }
    buf_byte(out, '"');
}
