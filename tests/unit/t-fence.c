/* SPDX-License-Identifier: MIT */
/* core/fence.h, core/form.h, core/language.h: which texts are Markdown with one block of code, and what is left of them. */
#include <stdlib.h>

#include "core/fence.h"
#include "core/form.h"
#include "core/language.h"
#include "tests/tap.h"

/* The code that is found, with what is outside of it gone; NULL: none is. */
static void finds(const char *text, const char *want, const char *name)
{
    size_t len = strlen(text);
    char *copy = malloc(len ? len : 1); /* exactly as long, for a sanitizer to guard */
    struct fence f;
    int found;

    memcpy(copy, text, len);
    found = fence_find(copy, len, &f);
    if (!want)
        ok(!found, "%s", name);
    else if (ok(found && f.from <= f.to && f.to <= len && f.mark_at <= f.to, "%s", name))
        is_text(copy + f.from, f.to - f.from, want, "and this is it");
    free(copy);
}

static void test_one_block(void)
{
    finds("```js\n1\n```", "1\n", "a block");
    finds("```js\n1\n```\n", "1\n", "and a line end behind it");
    finds("\n  ```javascript\n1\n  ```\n\n", "1\n", "with blanks around");
    finds("```JS\r\n1\r\n```\r\n", "1\r\n", "with CRLF");
    finds("```\n1\n```", "1\n", "without a language");
    finds("~~~ts\n1\n~~~", "1\n", "of tildes");
    finds("````js\n```\n````", "```\n", "a longer fence with a shorter one in it");
    finds("```js title=\"a.js\"\n1\n```", "1\n", "with an attribute behind the language");
    finds("```js\n```", "", "an empty block");
    finds("```js\n~~~\n```", "~~~\n", "with another fence in it");
}

static void test_prose(void)
{
    finds("Here is `a`:\n```js\n1\n```\nDone (see above).", "1\n", "prose on both sides");
    finds("```sh\nnpm i;\n```\n```js\n1\n```", "1\n", "a block of another language beside it");
    finds("```js\n1\n```\n```\n2\n```", "1\n", "one without a language beside it");
    finds("```python\n1\n```", NULL, "only another language");
    finds("```js\n1\n```\n```ts\n2\n```", NULL, "two blocks of code");
    finds("```\n1\n```\n```\n2\n```", NULL, "two blocks without a language");
    finds("no fence", NULL, "no fence");
    finds("", NULL, "nothing");
    finds("``\n1\n``", NULL, "two backticks");
    finds("a ```js\n1\n```", NULL, "a fence that does not begin its line");
}

static void test_half_a_fence(void)
{
    finds("```js\n1\n", "1\n", "the opening one in the first line");
    finds("\n\n```\n1", "1", "after blank lines");
    finds("1;\n```", "1;\n", "the closing one in the last");
    finds("1;\n```\n\n", "1;\n", "before blank lines");
    finds("text\n```js\n1\n", NULL, "an opening one behind prose");
    finds("1;\n```js", NULL, "a language in the last line");
    finds("const a = `x\n```", NULL, "in a literal that is open");
    finds("/* a\n```", NULL, "in a comment that is open");
    finds("```python\n1", NULL, "of another language");
    finds("```js\n1\n```\n```", NULL, "after a whole block");
}

static void test_programs(void)
{
    finds("/**\n```js\n1\n```\n */\n", NULL, "in a comment");
    finds("const md = `\n```js\n1\n```\n`", NULL, "in a template literal");
    finds("const a = 1;\n```js\n1\n```", NULL, "behind a statement");
    finds("```js\n1\n```\nf() {", NULL, "before something that looks like code");
    finds("if (x) {\n```js\n1\n```\n}", NULL, "in a block");
}

static void blanks(const char *text, const char *want, const char *name)
{
    char *copy = strdup(text);
    struct fence f;

    if (ok(fence_find(copy, strlen(copy), &f), "%s", name)) {
        fence_blank(copy, strlen(copy), &f);
        is_text(copy, strlen(copy), want, "becomes blanks");
    }
    free(copy);
}

static void test_blanks(void)
{
    blanks("A:\n```js\n1\n```\nB", "  \n     \n1\n   \n ", "what is around");
    blanks("A\r\n```\r\n1\r\n```", " \r\n   \r\n1\r\n   ", "with CRLF");
    blanks("a\xe2\x80\xa8\xc3\xa9\n```js\n\xc3\xa9\n```", " \xe2\x80\xa8  \n     \n\xc3\xa9\n   ",
           "a line separator stays, other characters do not");
}

static void test_forms(void)
{
    is_int(form_from_name("auto"), FORM_AUTO, "auto");
    is_int(form_from_name("module"), FORM_MODULE, "module");
    is_int(form_from_name("function"), FORM_FUNCTION, "function");
    is_int(form_from_name("modul"), FORM_COUNT, "another name");
    is_int(form_from_name(""), FORM_COUNT, "no name");
}

static void test_languages(void)
{
    is_int(language_from_name("auto"), LANGUAGE_AUTO, "auto");
    is_int(language_from_name("js"), LANGUAGE_JAVASCRIPT, "js");
    is_int(language_from_name("ts"), LANGUAGE_TYPESCRIPT, "ts");
    is_int(language_from_name("tsx"), LANGUAGE_COUNT, "no other name");
    is_int(language_of_file("a.ts", LANGUAGE_AUTO), LANGUAGE_TYPESCRIPT, "a.ts");
    is_int(language_of_file("a.b.mts", LANGUAGE_AUTO), LANGUAGE_TYPESCRIPT, "a.b.mts");
    is_int(language_of_file("a.tsx", LANGUAGE_AUTO), LANGUAGE_COUNT, "a.tsx");
    is_int(language_of_file("a.ts.js", LANGUAGE_AUTO), LANGUAGE_AUTO, "a.ts.js");
    is_int(language_of_file("ts", LANGUAGE_AUTO), LANGUAGE_AUTO, "ts");
    is_int(language_of_file("a.ts", LANGUAGE_JAVASCRIPT), LANGUAGE_JAVASCRIPT,
           "what was asked for comes first");
    is_int(language_of_file("a.tsx", LANGUAGE_TYPESCRIPT), LANGUAGE_TYPESCRIPT, "also for a.tsx");
}

int main(void)
{
    test_one_block();
    test_prose();
    test_half_a_fence();
    test_programs();
    test_blanks();
    test_forms();
    test_languages();
    return done_testing();
}
