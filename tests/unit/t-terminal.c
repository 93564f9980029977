/* SPDX-License-Identifier: MIT */
/* Text for a terminal, core/terminal.h. */
#include "core/terminal.h"

#include <stdlib.h>

#include "core/file.h"
#include "core/utf8.h"
#include "tests/tap.h"

#define TEXT(s) s, sizeof s - 1

static void line_is(const char *text, size_t len, const char *want, const char *name)
{
    AUTO_BUF struct buf out = {0};

    terminal_line(&out, text, len);
    is_text(out.len ? out.data : "", out.len, want, name);
}

static void lines_are(const char *text, size_t len, const char *want, const char *name)
{
    AUTO_BUF struct buf out = {0};

    terminal_lines(&out, text, len);
    is_text(out.len ? out.data : "", out.len, want, name);
}

static void source_is(const char *text, size_t len, const char *want, const char *name)
{
    AUTO_BUF struct buf out = {0};

    terminal_source(&out, text, len);
    is_text(out.len ? out.data : "", out.len, want, name);
}

/* General categories Cc and Zl, Zp, and Bidi_Control, as the Unicode standard lists them. */
static int is_listed(uint32_t cp)
{
    static const uint32_t others[] = {0x061c, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202b,
                                      0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069};

    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (cp == others[i])
            return 1;
    return cp < 0x20 || (cp >= 0x7f && cp < 0xa0);
}

static void test_every_code_point_is_shown_or_escaped(void)
{
    int wrong = 0, escaped = 0;

    for (uint32_t cp = 0; cp <= 0x10ffff; cp++) {
        AUTO_BUF struct buf out = {0};
        char utf8[4];
        size_t n = utf8_encode(utf8, cp);

        if (cp >= 0xd800 && cp <= 0xdfff)
            continue;
        terminal_line(&out, utf8, n);
        if (is_listed(cp)) {
            char want[8];
            escaped++;
            snprintf(want, sizeof want, cp < 0x100 ? "\\x%02x" : "\\u%04x", (unsigned)cp);
            wrong += out.len != strlen(want) || memcmp(out.data, want, out.len) != 0;
        } else {
            wrong += out.len != n || memcmp(out.data, utf8, n) != 0;
        }
    }
    is_int(escaped, 32 + 33 + 14, "controls, separators and marks of direction");
    is_int(wrong, 0, "these stand escaped, all others as they are");
}

static void test_bytes_that_are_no_utf8_are_escaped(void)
{
    line_is(TEXT("a\x9b"
                 "b"),
            "a\\x9bb", "a C1 byte of another encoding");
    line_is(TEXT("\xe2\x80"), "\\xe2\\x80", "a sequence that is cut off");
    line_is(TEXT("\xc0\x9b\xc1\xbf"), "\\xc0\\x9b\\xc1\\xbf", "two bytes for one");
    line_is(TEXT("\xed\xa0\x80"), "\\xed\\xa0\\x80", "a surrogate");
    line_is(TEXT("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80", "beyond Unicode");
    line_is(TEXT("\xff\xc3\xa9"), "\\xff\xc3\xa9", "and what follows is read again");
}

static void test_a_line_stays_one(void)
{
    line_is(TEXT("a\nb\tc\rd\0e"), "a\\x0ab\\x09c\\x0dd\\x00e", "with breaks, tabs and NUL");
    line_is(TEXT(""), "", "nothing is nothing");
    line_is(NULL, 0, "", "also of an empty buffer");
}

static void test_lines_pass_for_no_line_of_iso4(void)
{
    lines_are(TEXT("one\ntwo\n\nthree\tx"), "one\n  two\n  \n  three\tx", "each but the first is indented");
    lines_are(TEXT("iso4: all is well"), "  iso4: all is well", "and the first when it looks like one");
    lines_are(TEXT("x\niso4: all is well\n"), "x\n  iso4: all is well\n  ", "behind a break, too");
    lines_are(TEXT("x\r\x1b[2K\x1b[Giso4: y\xe2\x80\xa8iso4: z\x0b\x0c\xc2\x85iso4: 0"),
              "x\\x0d\\x1b[2K\\x1b[Giso4: y\\u2028iso4: z\\x0b\\x0c\\x85iso4: 0",
              "no other way leads to a line");
}

static void test_source_keeps_its_meaning(void)
{
    source_is(TEXT("{\"a\xe2\x80\xae\": \"\xc2\x9b\x7f\xe2\x80\xa9\"}"),
              "{\"a\\u202e\": \"\\u009b\\u007f\\u2029\"}", "in strings escapes of JSON");
    source_is(TEXT("/** a\x1b[1m\r */\n\tx"), "/** a\\u001b[1m\\u000d */\n\tx",
              "layout stays, controls in comments go");
    source_is(TEXT("\"\xf0\x9f\x98\x80\xff\""), "\"\xf0\x9f\x98\x80\xff\"", "all else is copied");
}

int main(void)
{
    test_every_code_point_is_shown_or_escaped();
    test_bytes_that_are_no_utf8_are_escaped();
    test_a_line_stays_one();
    test_lines_pass_for_no_line_of_iso4();
    test_source_keeps_its_meaning();
    return done_testing();
}
