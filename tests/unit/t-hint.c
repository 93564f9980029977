/* SPDX-License-Identifier: MIT */
/* The hints of host/hint/hint.h: the sentence for each message, and that no row of the table hides another. */
#include <stdlib.h>

#include "tests/tap.h"

/* Only hint() and this test use the table: a second copy would drift. */
#define hint(out, about) hint_of_the_table(out, about) /* the function, not the member */
#include "host/hint/hint.c"
#undef hint

void hint(struct buf *out, const struct hint_about *about);

static struct buf ask(enum iso_code code, const char *message, const char *nearest, const char *text)
{
    struct source source = {.text = {.data = (char *)text, .len = text ? strlen(text) : 0}};
    struct hint_about about = {
        .code = code, .message = message, .nearest = nearest, .source = text ? &source : NULL, .waiting = ""};
    struct buf out = {0};

    hint(&out, &about);
    return out;
}

static void says(enum iso_code code, const char *message, const char *text, const char *want)
{
    struct buf out = ask(code, message, "", text);

    buf_byte(&out, 0);
    if (!ok(*want ? strstr(out.data, want) != NULL : !*out.data, "%s: %s", iso_code_name(code), message))
        printf("# got '%s', want '%s'\n", out.data, want);
    buf_free(&out);
}

static void test_each_row_is_reached_by_its_own_words(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf out = ask(rows[i].code, rows[i].says ? rows[i].says : "", "", NULL);

        if (!ok(out.len == strlen(rows[i].hint) && memcmp(out.data, rows[i].hint, out.len) == 0, "%s: %s",
                iso_code_name(rows[i].code), rows[i].says ? rows[i].says : "any"))
            printf("# got '%.*s'\n# want '%s'\n", (int)out.len, out.data, rows[i].hint);
        buf_free(&out);
    }
}

static void test_each_name_of_other_hosts_has_its_hint(void)
{
    for (size_t i = 0; i < COUNT(missing); i++) {
        char message[64];

        snprintf(message, sizeof message, "%s is not defined", missing[i].name);
        says(ISO_USER_CODE, message, "", missing[i].hint);
    }
}

/* A prefix that is under way lacks what V8 adds when a snapshot is loaded. */
static void test_what_comes_late_is_hinted_at_in_a_prefix_only(void)
{
    for (size_t i = 0; i < COUNT(late); i++) {
        struct hint_about about = {
            .code = ISO_USER_CODE, .message = late[i], .nearest = "", .waiting = "", .prefix = 1};
        struct buf out = {0};

        hint(&out, &about);
        buf_byte(&out, 0);
        ok(strstr(out.data, "not yet while a prefix") != NULL, "in a prefix: %s", late[i]);
        buf_reset(&out);
        about.prefix = 0;
        hint(&out, &about);
        buf_byte(&out, 0);
        ok(!strstr(out.data, "prefix"), "not in an agent: %s", late[i]);
        buf_free(&out);
    }
}

static void is_sentence(const char *h)
{
    size_t len = strlen(h);

    ok(len > 10 && len < 120 && h[len - 1] == '.' && !strchr(h, '\n'), "%s", h);
}

static void test_each_hint_is_one_sentence(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        is_sentence(rows[i].hint);
    for (size_t i = 0; i < COUNT(missing); i++)
        is_sentence(missing[i].hint);
}

static void test_no_row_is_for_a_code_that_says_enough(void)
{
    int wrong = 0;

    for (size_t i = 0; i < COUNT(rows); i++)
        wrong += iso_code_exit(rows[i].code) != 1 && iso_code_exit(rows[i].code) != 2;
    is_int(wrong, 0, "only failures that the author of code or definitions can mend have hints");
}

static void test_a_fence_inside_the_source_is_no_fence_around_it(void)
{
    says(ISO_USER_CODE, "x is not a function", "const doc = '```'; x();", "");
    says(ISO_USER_CODE, "\"\" is not a function", "\n  ```js\nexport default 1;\n```\n", "Markdown");
}

/* Messages as V8 and the worker write them. */
static void test_real_messages_find_their_hint(void)
{
    says(ISO_USER_CODE, "require is not defined", "", "import");
    says(ISO_USER_CODE, "process is not defined", "", "not Node.js");
    says(ISO_USER_CODE, "Buffer is not defined", "", "Uint8Array");
    says(ISO_USER_CODE, "Code generation from strings disallowed for this context", "", "--allow-eval");
    says(ISO_USER_CODE, "Maximum call stack size exceeded", "", "recursion");
    says(ISO_USER_CODE, "Cannot read properties of undefined (reading 'then')", "", "promise");
    says(ISO_USER_CODE, "f is not a function or its return value is not iterable", "", "before the call");
    says(ISO_USER_CODE, "x is not iterable", "", "before the value");
    says(ISO_USER_CODE, "frobnicate is not defined", "", "Define the name");
    says(ISO_MODULE_NOT_FOUND, "Cannot find module \"node:fs\": only declared specifiers can be imported", "",
         "Node.js");
    says(ISO_MODULE_NOT_FOUND, "Cannot find module \"lodash\": only declared specifiers can be imported", "",
         "declared");
    says(ISO_CPU_TIMEOUT, "the agent used more than 5000 ms of CPU time", "", "loop");
    says(ISO_CPU_TIMEOUT,
         "the agent used more than 5000 ms of CPU time; it did not stop when it was told to, so its place is "
         "not known",
         "", "one operation");
    says(ISO_WALL_TIMEOUT, "the agent used more than 30000 ms of real time", "", "Promise.all");
    says(ISO_WALL_TIMEOUT,
         "the agent used more than 30000 ms of real time; it did not stop when it was told to, so its place "
         "is "
         "not known",
         "", "one operation");
    says(ISO_USER_CODE, "Illegal invocation: now needs a Performance", "", "object.method()");
    says(ISO_MEMORY_LIMIT, "the memory budget of 128 MiB is spent", "", "Keep less");
    says(ISO_DID_NOT_SETTLE, "", "", "resolve");
    says(ISO_EXPORT_TOO_LARGE, "", "", "summary");
}

static void test_a_source_without_text_is_no_crash(void)
{
    struct source none = {0};
    struct hint_about about = {.code = ISO_COMPILE,
                               .message = "Unexpected end of input",
                               .nearest = "",
                               .source = &none,
                               .waiting = ""};
    struct buf out = {0};

    hint(&out, &about);
    is_int((long long)out.len, 0, "and no hint");
    buf_free(&out);
}

static void test_nothing_is_said_when_the_message_says_it(void)
{
    says(ISO_USER_CODE, "boom", "throw new Error('boom')", "");
    says(ISO_USER_CODE, "", "", "");
    says(ISO_COMPILE, "Unexpected token '}'", "}", "");
    says(ISO_INTERNAL, "require is not defined", "", "");
    says(ISO_WORKER_CRASHED, "the worker crashed: signal SIGSEGV", "", "");
    says(ISO_SANDBOX_VIOLATION, "", "", "");
    says(ISO_ABORTED, "the run was interrupted", "", "");
}

static void test_a_name_that_only_ends_like_another_is_another(void)
{
    says(ISO_USER_CODE, "subprocess is not defined", "", "Define the name");
    says(ISO_USER_CODE, "RingBuffer is not defined", "", "Define the name");
    says(ISO_USER_CODE, "SharedArrayBuffer is not defined", "", "no threads");
}

static void test_a_near_name_comes_first(void)
{
    struct buf out = ask(ISO_USER_CODE, "Bufer is not defined", "Buffer", NULL);

    is_text(out.data, out.len, "Did you mean `Buffer`?", "of a global");
    buf_free(&out);
    out = ask(ISO_MODULE_NOT_FOUND, "Cannot find module \"node:lodsh\"", "lodash", NULL);
    is_text(out.data, out.len, "Did you mean `lodash`?", "of a specifier");
    buf_free(&out);
}

/* Each message as the tool has it, from host/calls/bridge.c, host/declared/globals_rebind.c and worker/bridge.cc. */
static void test_failures_of_host_functions_have_hints(void)
{
    says(ISO_HOST_BRIDGE, "no users", NULL, "try and catch");
    says(ISO_HOST_BRIDGE, "'f' did not answer within 5 ms (timeoutMs)", NULL, "took too long");
    says(ISO_BRIDGE_CALL_LIMIT, "more than 100 calls of host functions (maxBridgeCalls)", NULL,
         "fewer calls");
    says(ISO_BRIDGE_CALL_LIMIT, "more than 262144 calls of host functions under way at a time", NULL,
         "Await");
    says(ISO_BRIDGE_PAYLOAD, "the arguments of 'f' take more than 100 bytes (x)", NULL, "Send less");
    says(ISO_BRIDGE_PAYLOAD, "the result of 'f' takes more than 100 bytes (x)", NULL, "Ask for less");
    says(ISO_BRIDGE_PAYLOAD, "arguments and results that wait take more than 256 MiB", NULL, "Await");
    says(ISO_ARGUMENT, "args[0] of a call of 'f' cannot cross to the host: it is a function", NULL,
         "result of");
    says(ISO_ARGUMENT, "args[0] of a call of 'f' cannot cross to the host: it is a promise", NULL, "`await`");
    says(ISO_ARGUMENT, "args[0] of a call of 'f' cannot cross to the host: it is a cycle", NULL,
         "plain data");
    says(ISO_PREFIX_BRIDGE_CALL, "the prefix called 'f'", NULL, "function that agents call");
}

static void test_what_a_promise_lacks_is_hinted_at(void)
{
    static const char *const of_arrays[] = {"map", "filter", "forEach", "find", "reduce", "sort", "at"};

    for (size_t i = 0; i < COUNT(of_arrays); i++) {
        char message[64];

        snprintf(message, sizeof message, "users.%s is not a function", of_arrays[i]);
        says(ISO_USER_CODE, message, NULL, "missing `await`");
    }
    says(ISO_USER_CODE, "(intermediate value).map is not a function", NULL, "`map`");
    says(ISO_USER_CODE, "users.mapper is not a function", NULL, "");
    says(ISO_USER_CODE, "map is not a function", NULL, "");
    says(ISO_USER_CODE, "Cannot read properties of undefined (reading 'id')", NULL, "missing `await`");
}

static void test_the_hint_is_appended(void)
{
    struct hint_about about = {.code = ISO_EXPORT_TOO_LARGE, .message = "", .nearest = "", .waiting = ""};
    struct buf out = {0};

    buf_str(&out, "before ");
    hint(&out, &about);
    ok(out.len > 7 && memcmp(out.data, "before E", 8) == 0, "behind what was there");
    buf_free(&out);
}

static void test_the_copy_under_test_is_the_one_that_is_linked(void)
{
    struct hint_about about = {.code = ISO_MEMORY_LIMIT, .message = "", .nearest = "", .waiting = ""};
    struct buf a = {0}, b = {0};

    hint(&a, &about);
    hint_of_the_table(&b, &about);
    ok(a.len == b.len && memcmp(a.data, b.data, a.len) == 0, "they say the same");
    buf_free(&a);
    buf_free(&b);
}

static void completed(struct hint_completed about, const char *want, const char *name)
{
    struct buf out = {0};

    hint_completed(&out, &about);
    is_text(out.len ? out.data : "", out.len, want, name);
    buf_free(&out);
}

static void test_runs_that_completed(void)
{
    struct source source = {.name = (char[]){"agent.js"}};

    completed((struct hint_completed){.waiting = ""}, "", "nothing to say");
    completed(
        (struct hint_completed){.unawaited = 1, .waiting = "ask", .source = &source, .line = 3, .column = 4},
        "`ask` (agent.js:3:4) had not answered when the code had run to its end, and what it would have "
        "given "
        "is lost: put `await` before the call and before every function that makes it, as in `await "
        "Promise.all(list.map(async ...))`.",
        "one call");
    completed(
        (struct hint_completed){.unawaited = 3, .waiting = "ask", .waited_for = 1},
        "`ask` and 2 more calls had not answered when the code had run to its end, and iso4 waited because "
        "nothing is exported: put `await` before what is not awaited, up to the top level.",
        "three that were waited for, made at an unknown place");
    completed(
        (struct hint_completed){.waiting = "", .nothing = 1},
        "Nothing is exported and nothing was printed: write `export default VALUE` for the result, or print "
        "it with console.log().",
        "nothing came of it");
}

int main(void)
{
    test_each_row_is_reached_by_its_own_words();
    test_each_name_of_other_hosts_has_its_hint();
    test_what_comes_late_is_hinted_at_in_a_prefix_only();
    test_each_hint_is_one_sentence();
    test_no_row_is_for_a_code_that_says_enough();
    test_a_fence_inside_the_source_is_no_fence_around_it();
    test_real_messages_find_their_hint();
    test_a_source_without_text_is_no_crash();
    test_nothing_is_said_when_the_message_says_it();
    test_a_name_that_only_ends_like_another_is_another();
    test_a_near_name_comes_first();
    test_failures_of_host_functions_have_hints();
    test_what_a_promise_lacks_is_hinted_at();
    test_the_hint_is_appended();
    test_the_copy_under_test_is_the_one_that_is_linked();
    test_runs_that_completed();
    return done_testing();
}
