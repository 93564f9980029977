/* SPDX-License-Identifier: MIT */
/* host/hint/syntax_hint.h: no place and no message makes it read beyond a source. What is a slip, tests/t-slips.sh says.
 */
#include <stdlib.h>

#include "host/hint/syntax_hint.h"
#include "tests/tap.h"

static const char *const messages[] = {
    "Unexpected token ':'",
    "Unexpected token '?'",
    "Unexpected token '!'",
    "Unexpected token '<'",
    "Unexpected token ')'",
    "Unexpected token 'this'",
    "Unexpected token 'for'",
    "Unexpected token 'export'",
    "Unexpected identifier 'x'",
    "Unexpected string",
    "Unexpected strict mode reserved word",
    "Unexpected reserved word",
    "Missing initializer in const declaration",
    "Invalid or unexpected token",
    "missing ) after argument list",
    "Unexpected end of input",
    "",
};

static const char *const texts[] = {
    "",
    "\n",
    "`",
    "```",
    "\n```",
    "~~~",
    "{",
    "{\"",
    "{\"a\"",
    "<",
    "<!",
    "\"\"",
    "\"\"\"",
    ">(",
    "as",
    "export",
    "export ",
    "await",
    "enum",
    "for",
    "for (",
    "for (x",
    "=>{a:1,b",
    "'",
    "a'",
    "'a",
    "\\",
    "\\n",
    "//",
    "/*",
    "*/",
    "class A{x:",
    "a\xe2\x80",
    "\xe2\x80\x9c",
    "A b c d",
    "A b c",
    "npm",
    "npm i",
    "if:",
    "if: #",
    "(a?:",
    "a!.",
    "new Map<s, n>(",
    "b:",
};

/* From an exact copy, so that ASan sees any byte too far. */
static void look_everywhere(const char *text, size_t len)
{
    struct source s = {.text = {.data = malloc(len ? len : 1), .len = len, .size = len}};

    memcpy(s.text.data, text, len);
    for (size_t m = 0; m < sizeof messages / sizeof *messages; m++)
        for (size_t line = 0; line < 4; line++)
            for (size_t column = 0; column <= len + 2; column++) {
                (void)syntax_hint(&s, line, column, messages[m]);
                (void)syntax_hint_type_argument(&s, line, column);
            }
    (void)syntax_hint(&s, SIZE_MAX, SIZE_MAX, "");
    free(s.text.data);
}

static void test_no_place_is_read_beyond(void)
{
    char one[64];

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        size_t len = strlen(texts[i]);
        look_everywhere(texts[i], len);
        memcpy(one, texts[i], len);
        one[len] = 0; /* a NUL is a byte like others */
        look_everywhere(one, len + 1);
        one[len] = '\n';
        look_everywhere(one, len + 1);
    }
    ok(1, "%zu texts", sizeof texts / sizeof *texts);
}

static void test_a_source_without_text(void)
{
    struct source none = {0};

    ok(!syntax_hint(&none, 1, 1, "Unexpected end of input"), "has no slip");
    ok(!syntax_hint_fence(&none, 0), "and no fence");
}

static void test_nul_bytes_fit_nothing(void)
{
    struct source s = {.text = {.data = (char *)"a?\0", .len = 3}};

    ok(!syntax_hint(&s, 1, 2, "Unexpected token '?'"), "a NUL is none of a set of characters");
}

static void test_a_long_source_is_searched_once(void)
{
    size_t len = 8u << 20;
    struct source s = {.text = {.data = malloc(len), .len = len}};

    memset(s.text.data, '{', len);
    ok(!syntax_hint(&s, 1, len, "Unexpected token ':'"), "and brackets only near the place");
    free(s.text.data);
}

int main(void)
{
    test_no_place_is_read_beyond();
    test_a_source_without_text();
    test_nul_bytes_fit_nothing();
    test_a_long_source_is_searched_once();
    return done_testing();
}
