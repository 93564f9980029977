/* SPDX-License-Identifier: MIT */
/* host/result/result.h: what a worker may say, in which order, and the RunResult that comes of it. The worker of
 * these tests is as hostile as one can be that has taken over V8. */
#include <cjson/cJSON.h>
#include <stdlib.h>

#include "core/json.h"
#include "host/result/result.h"
#include "tests/tap.h"

#define COUNT(array)  (sizeof(array) / sizeof(array)[0])
#define TEXT(literal) literal, sizeof literal - 1

struct worker {
    struct run_result r;
    struct limits limits;
    enum job_mode mode;
    enum result_step step;
    struct iso_err err;
};

static struct worker worker_of(enum job_mode mode)
{
    struct worker w = {.mode = mode};

    limits_default(&w.limits, LIMITS_FOR_RUN);
    result_init(&w.r, &w.limits);
    return w;
}

static struct worker worker_with(enum limit_id id, uint64_t value)
{
    struct worker w = {.mode = JOB_RUN};

    limits_default(&w.limits, LIMITS_FOR_RUN);
    w.limits.value[id] = value;
    result_init(&w.r, &w.limits);
    return w;
}

/* One frame, from an exact copy, so that ASan sees any byte too far. */
static int say(struct worker *w, enum frame_type type, const char *data, size_t len)
{
    char *copy = malloc(len ? len : 1);
    struct frame f = {type, copy, len};
    int rc;

    if (len)
        memcpy(copy, data, len);
    w->err = (struct iso_err){0};
    rc = result_frame(&w->r, &w->limits, w->mode, &f, &w->step, &w->err);
    free(copy);
    return rc;
}

/* A payload with a stream in front. */
static int say_to(struct worker *w, enum frame_type type, int stream, const char *data, size_t len)
{
    struct buf b = {0};
    int rc;

    buf_byte(&b, (char)stream);
    buf_add(&b, data, len);
    rc = say(w, type, b.data, b.len);
    buf_free(&b);
    return rc;
}

static int say_log(struct worker *w, int stream, const char *literal)
{
    return say_to(w, FRAME_CONSOLE, stream, literal, strlen(literal));
}

static int say_dropped(struct worker *w, int stream, uint64_t count)
{
    return say_to(w, FRAME_DROPPED, stream, (const char *)&count, sizeof count);
}

static int say_exports(struct worker *w, const char *piece)
{
    return say(w, FRAME_EXPORTS, piece, strlen(piece));
}

/* Numbers that are for reports only; the frame is always as long as its cap. */
static size_t start_len(void)
{
    static const size_t caps[FRAME_TYPE_COUNT] = {
#define X(id, worker, cap) [FRAME_##id] = cap,
        ISO_FRAMES(X)
#undef X
    };

    return caps[FRAME_STARTED];
}

static int say_started(struct worker *w)
{
    static const char numbers[64] = {1};

    return say(w, FRAME_STARTED, numbers, start_len());
}

static int say_done(struct worker *w, struct buf *fields)
{
    int rc = say(w, FRAME_DONE, fields->data, fields->len);

    buf_free(fields);
    return rc;
}

static struct buf fields_of(enum iso_code code)
{
    struct buf b = {0};

    field_put_number(&b, FIELD_CODE, code);
    return b;
}

static void put(struct buf *fields, enum field_tag tag, const char *text)
{
    field_put(fields, tag, text, strlen(text));
}

static struct buf failure_of(enum iso_code code)
{
    struct buf b = fields_of(code);

    put(&b, FIELD_NAME, "\"Error\"");
    put(&b, FIELD_MESSAGE, "\"boom\"");
    return b;
}

static struct buf success(void)
{
    return fields_of(ISO_OK);
}

static int is_broken(const struct worker *w, int rc)
{
    return rc == -1 && w->err.code == ISO_INTERNAL && w->err.msg[0];
}

static void refused(struct worker *w, int rc, const char *name)
{
    if (!ok(is_broken(w, rc), "%s", name))
        printf("# rc %d, code %d, '%s'\n", rc, w->err.code, w->err.msg);
}

/* A text as it can stand in a line of TAP; good until the next call. */
static const char *shown(const char *text)
{
    static char line[100];
    size_t i;

    for (i = 0; text[i] && i < sizeof line - 1; i++)
        line[i] = text[i] < ' ' || text[i] > '~' || text[i] == '#' ? '?' : text[i];
    line[i] = 0;
    return *line ? line : "nothing";
}

/* Starts, does one thing that must be refused, ends. */
static void all_refused(const char *const *literals, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct worker w = worker_of(JOB_RUN);

        say_started(&w);
        refused(&w, say_log(&w, 0, literals[i]), shown(literals[i]));
        is_int((long long)w.r.streams[0].len, 0, "and nothing of it is kept");
        result_free(&w.r);
    }
}

/* The RunResult, which must be one JSON document on one line. NULL: it is not. */
static cJSON *printed(const struct run_result *r, const struct result_print *how)
{
    static const struct result_print plain = {.file = NULL};
    struct buf out = {0};
    const char *end = NULL;
    cJSON *doc = NULL;
    enum json_kind kind;

    if (!ok(result_print(r, how ? how : &plain, &out) == 0 &&
                json_check(out.data, out.len, &kind, NULL) == 0 && kind == JSON_OBJECT &&
                !memchr(out.data, '\n', out.len) && !memchr(out.data, '\r', out.len),
            "it prints as one JSON object on one line"))
        printf("# %.*s\n", (int)out.len, out.data);
    buf_byte(&out, 0);
    doc = cJSON_ParseWithLengthOpts(out.data, out.len, &end, 1);
    ok(doc && end == out.data + out.len - 1, "that another parser reads as well");
    buf_free(&out);
    return doc;
}

/* The printed RunResult is the same as `want`, whatever the order of the members. */
static void prints_as(const struct run_result *r, const struct result_print *how, const char *want,
                      const char *name)
{
    cJSON *got = printed(r, how), *wanted = cJSON_Parse(want);

    if (!ok(got && wanted && cJSON_Compare(got, wanted, 1), "%s", name)) {
        char *text = cJSON_PrintUnformatted(got);
        printf("# got  %s\n# want %s\n", text ? text : "?", want);
        free(text);
    }
    cJSON_Delete(got);
    cJSON_Delete(wanted);
}

/* ---- runs as they should be */

static void test_a_run_that_completes(void)
{
    struct worker w = worker_of(JOB_RUN);
    struct buf f = success();

    is_int(say_started(&w), 0, "it starts");
    is_int(w.step, RESULT_STARTED, "the supervisor is told");
    is_int(say_log(&w, 0, "\"one\""), 0, "it logs");
    is_int(w.step, RESULT_MORE, "there is more to come");
    say_log(&w, 1, "\"two\\n\"");
    say_log(&w, 0, "\"\"");
    is_int(say_exports(&w, "{\"default\":[1,"), 0, "it exports");
    is_int(say_exports(&w, "{\"$type\":\"undefined\"}],\"e\\u0301\":null}"), 0, "in pieces");
    field_put_number(&f, FIELD_WALL_NS, 1872600);
    field_put_number(&f, FIELD_CPU_NS, 1250499);
    field_put_number(&f, FIELD_HEAP_BYTES, 812345);
    is_int(say_done(&w, &f), 0, "it is done");
    is_int(w.step, RESULT_LAST, "the supervisor is told that, too");
    is_int(w.r.code, ISO_OK, "all is well");
    prints_as(&w.r, NULL,
              "{\"ok\":true,\"status\":\"completed\",\"exports\":{\"default\":[1,{\"$type\":\"undefined\"}],"
              "\"e\\u0301\":null},\"stdout\":[\"one\",\"\"],\"stderr\":[\"two\\n\"],\"durationMs\":1.873,"
              "\"cpuTimeMs\":1.25,\"heapUsedBytes\":812345,\"bridgeCalls\":[]}",
              "every part in its place");
    result_free(&w.r);
}

static void test_a_run_that_fails(void)
{
    struct source source = {.name = (char[]){"agent.js"}, .text = {.data = (char[]){"throw x"}, .len = 7}};
    struct result_print how = {.file = "dir/agent.js", .sources = &source, .count = 1};
    struct worker w = worker_of(JOB_RUN);
    struct buf f = fields_of(ISO_USER_CODE);

    say_started(&w);
    say_log(&w, 1, "\"before\"");
    put(&f, FIELD_NAME, "\"TypeError\"");
    put(&f, FIELD_MESSAGE, "\"a \\\"quoted\\\" text\\u00e9\"");
    put(&f, FIELD_STACK, "\"    at agent.js:1:7\"");
    put(&f, FIELD_FIELDS, "{\"code\":\"ENOENT\",\"cause\":{\"$type\":\"error\"}}");
    field_put_number(&f, FIELD_SOURCE, 1);
    field_put_number(&f, FIELD_LINE, 1);
    field_put_number(&f, FIELD_COLUMN, 7);
    is_int(say_done(&w, &f), 0, "it is done");
    prints_as(
        &w.r, &how,
        "{\"ok\":false,\"status\":\"failed\",\"file\":\"dir/agent.js\",\"error\":{"
        "\"code\":\"ERR_USER_CODE\",\"origin\":\"agent\",\"name\":\"TypeError\",\"message\":\"a "
        "\\\"quoted\\\" text\\u00e9\","
        "\"stack\":\"    at agent.js:1:7\",\"fields\":{\"code\":\"ENOENT\",\"cause\":{\"$type\":\"error\"}},"
        "\"line\":1,\"column\":7,\"frame\":\">    1 | throw x\\n       |       ^\"},"
        "\"stdout\":[],\"stderr\":[\"before\"],"
        "\"durationMs\":0,\"cpuTimeMs\":0,\"heapUsedBytes\":0,\"bridgeCalls\":[]}",
        "the error with all its parts");
    result_free(&w.r);
}

static void test_parts_that_are_not_there_are_not_printed(void)
{
    struct worker w = worker_of(JOB_RUN);
    struct buf f = failure_of(ISO_USER_CODE);

    say_started(&w);
    say_done(&w, &f);
    prints_as(&w.r, NULL,
              "{\"ok\":false,\"status\":\"failed\",\"error\":{\"code\":\"ERR_USER_CODE\",\"origin\":"
              "\"agent\",\"name\":\"Error\","
              "\"message\":\"boom\"},\"stdout\":[],\"stderr\":[],\"durationMs\":0,\"cpuTimeMs\":0,"
              "\"heapUsedBytes\":0,\"bridgeCalls\":[]}",
              "no stack, fields, position, hint");
    result_free(&w.r);
}

static void skips(const char *skipped, int skipping, const char *want, const char *name)
{
    struct result_print how = {.skipping = skipping};
    struct worker w = worker_of(JOB_RUN);
    struct buf f = success();
    cJSON *doc, *list;
    char *text;

    say_started(&w);
    say_exports(&w, "{}");
    if (skipped)
        put(&f, FIELD_SKIPPED, skipped);
    say_done(&w, &f);
    doc = printed(&w.r, &how);
    list = cJSON_GetObjectItemCaseSensitive(doc, "skippedExports");
    text = list ? cJSON_PrintUnformatted(list) : NULL;
    ok(text && want ? strcmp(text, want) == 0 : !text && !want, "%s", name);
    free(text);
    cJSON_Delete(doc);
    result_free(&w.r);
}

static void test_skipped_exports_are_printed(void)
{
    skips("[\"default\"]", 1, "[\"default\"]", "when there are some");
    skips(NULL, 1, "[]", "also when there are none but they were to be skipped");
    skips(NULL, 0, NULL, "not when they were not");
}

static void test_a_failure_before_the_start(void)
{
    struct worker w = worker_of(JOB_RUN);
    struct buf f = failure_of(ISO_SNAPSHOT_MISMATCH);

    is_int(say_done(&w, &f), 0, "is taken: a snapshot may not fit");
    is_int(w.step, RESULT_LAST, "and is the last word");
    is_int(w.r.code, ISO_SNAPSHOT_MISMATCH, "with its code");
    result_free(&w.r);
}

static void test_what_was_logged_stays_with_a_failure(void)
{
    struct worker w = worker_of(JOB_RUN);
    struct buf f = failure_of(ISO_USER_CODE);

    say_started(&w);
    say_log(&w, 0, "\"seen\"");
    say_dropped(&w, 0, 3);
    say_exports(&w, "{\"secret\":1}");
    put(&f, FIELD_FIELDS, "{\"a\":1}");
    put(&f, FIELD_NEAREST, "\"x\"");
    put(&f, FIELD_SKIPPED, "[]");
    say_done(&w, &f);
    result_fail(&w.r, ISO_WORKER_CRASHED, "the worker crashed: \"SIGSEGV\"\n");
    prints_as(&w.r, NULL,
              "{\"ok\":false,\"status\":\"failed\",\"error\":{\"code\":\"ERR_WORKER_CRASHED\",\"origin\":"
              "\"iso4\",\"name\":\"Error\","
              "\"message\":\"the worker crashed: \\\"SIGSEGV\\\"\\n\"},\"stdout\":[\"seen\"],\"stderr\":[],"
              "\"droppedStdout\":3,\"durationMs\":0,\"cpuTimeMs\":0,\"heapUsedBytes\":0,\"bridgeCalls\":[]}",
              "the rest gives way to the parent's word");
    result_free(&w.r);
}

static void test_a_success_can_be_made_a_failure(void)
{
    struct worker w = worker_of(JOB_RUN);
    struct buf f = success();
    cJSON *doc;

    say_started(&w);
    say_exports(&w, "{}");
    say_done(&w, &f);
    result_fail(&w.r, ISO_ABORTED, "the run was interrupted");
    doc = printed(&w.r, NULL);
    ok(cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(doc, "ok")) && !cJSON_HasObjectItem(doc, "exports") &&
           strcmp(cJSON_GetObjectItemCaseSensitive(doc, "status")->valuestring, "aborted") == 0,
       "and an abort has a status of its own");
    cJSON_Delete(doc);
    result_free(&w.r);
}

static void test_a_result_that_never_came_is_printed(void)
{
    struct worker w = worker_of(JOB_RUN);
    cJSON *doc;

    result_fail(&w.r, ISO_SANDBOX_UNAVAILABLE, "no \xff user namespaces");
    doc = printed(&w.r, NULL);
    ok(cJSON_HasObjectItem(doc, "error"), "as a failure, whatever bytes are in its text");
    cJSON_Delete(doc);
    result_free(&w.r);
}

/* ---- out of place */

static void test_nothing_but_the_end_comes_before_the_start(void)
{
    struct worker w = worker_of(JOB_RUN), p = worker_of(JOB_PRECOMPILE);

    refused(&w, say_log(&w, 0, "\"x\""), "no console entry");
    refused(&w, say_exports(&w, "{}"), "no exports");
    refused(&w, say_dropped(&w, 0, 1), "no count of dropped entries");
    refused(&p, say(&p, FRAME_BLOB, "x", 1), "no snapshot");
    result_free(&w.r);
    result_free(&p.r);
}

static void test_success_needs_a_start(void)
{
    struct worker w = worker_of(JOB_RUN), p = worker_of(JOB_PRECOMPILE);
    struct buf f = success();

    refused(&w, say_done(&w, &f), "of a run");
    f = success();
    refused(&p, say_done(&p, &f), "of a prefix");
    result_free(&w.r);
    result_free(&p.r);
}

static void test_there_is_one_start(void)
{
    struct worker w = worker_of(JOB_RUN);

    say_started(&w);
    refused(&w, say_started(&w), "a second is refused");
    result_free(&w.r);
}

static void test_a_start_has_its_length(void)
{
    static const char numbers[64] = {1};

    for (size_t len = 0; len <= sizeof numbers; len++) {
        struct worker w = worker_of(JOB_RUN);

        if (len != start_len())
            ok(is_broken(&w, say(&w, FRAME_STARTED, numbers, len)) && !w.r.started, "not %zu bytes", len);
        result_free(&w.r);
    }
}

static void test_nothing_comes_after_the_last_frame(void)
{
    static const enum frame_type lasts[] = {FRAME_DONE, FRAME_MEMORY, FRAME_FATAL};

    for (size_t i = 0; i < COUNT(lasts); i++)
        for (unsigned t = 1; t < FRAME_TYPE_COUNT; t++) {
            struct worker w = worker_of(JOB_RUN);
            struct buf f = failure_of(ISO_USER_CODE);
            int first;

            say_started(&w);
            first = lasts[i] == FRAME_DONE ? say(&w, FRAME_DONE, f.data, f.len) : say(&w, lasts[i], NULL, 0);
            buf_free(&f);
            ok(first == 0 && w.r.last == (int)lasts[i] && w.step == RESULT_LAST &&
                   is_broken(&w, say(&w, (enum frame_type)t, "\0\"x\"", 4)),
               "frame %u after %u", t, lasts[i]);
            result_free(&w.r);
        }
}

static void test_the_parents_frames_are_refused(void)
{
    struct worker w = worker_of(JOB_RUN);

    say_started(&w);
    refused(&w, say(&w, FRAME_JOB, NULL, 0), "a job");
    refused(&w, say(&w, FRAME_NONE, NULL, 0), "no type");
    refused(&w, say(&w, FRAME_TYPE_COUNT, NULL, 0), "an unknown type");
    result_free(&w.r);
}

static void test_a_run_sends_no_snapshot_and_a_prefix_no_exports(void)
{
    struct worker w = worker_of(JOB_RUN), p = worker_of(JOB_PRECOMPILE), b = worker_of(JOB_BASE);

    say_started(&w);
    say_started(&p);
    say_started(&b);
    refused(&w, say(&w, FRAME_BLOB, "x", 1), "a run");
    refused(&p, say_exports(&p, "{}"), "a prefix");
    refused(&b, say_exports(&b, "{}"), "the prelude");
    result_free(&w.r);
    result_free(&p.r);
    result_free(&b.r);
}

/* ---- console */

static void test_entries_are_json_strings(void)
{
    static const char *const literals[] = {
        "no JSON",
        "1",
        "null",
        "[]",
        "{}",
        "[\"x\"]",
        "\"",
        "\"unterminated",
        "\"a\"\"b\"",
        "\"a\",\"b\"",
        "\"a\"]",
        "\"a\nb\"",
        "\"\x1b[31m\"",
        "\"\\x41\"",
        "\"\\ud83\"",
        "\"\xff\"",
        "\"\\ud800\"",
        "\"\\udc00\"",
        "\"\\ud83d\\ud83d\"",
        "\"\\ud83dx\"",
        "\"\xc3\"",
        "\"\xed\xa0\x80\"",
        "'x'",
    };
    struct worker w = worker_of(JOB_RUN);

    all_refused(literals, COUNT(literals));
    say_started(&w);
    refused(&w, say_to(&w, FRAME_CONSOLE, 0, TEXT("\"a\0b\"")), "NUL in a string");
    refused(&w, say_to(&w, FRAME_CONSOLE, 0, TEXT("\"a\"\0")), "NUL behind a string");
    is_int(say_log(&w, 0, "\"\\ud83d\\ude00 \\u0000 \xf0\x9f\x98\x80\""), 0,
           "an escaped pair of surrogates and NUL are taken");
    result_free(&w.r);
}

/* White space costs memory that no limit counts, and a line break in it would end the line of JSON around it. */
static void test_an_entry_is_the_literal_alone(void)
{
    static const char *const literals[] = {" \"x\"", "\"x\" ", "\"x\"\n", "\r\n\"x\"", "\t\"x\""};

    all_refused(literals, COUNT(literals));
}

static void test_streams_are_0_and_1(void)
{
    for (int stream = 2; stream < 256; stream += 23) {
        struct worker w = worker_of(JOB_RUN);

        say_started(&w);
        ok(is_broken(&w, say_log(&w, stream, "\"x\"")) && is_broken(&w, say_dropped(&w, stream, 1)), "not %d",
           stream);
        result_free(&w.r);
    }
}

static void test_console_frames_that_are_too_short(void)
{
    struct worker w = worker_of(JOB_RUN);

    say_started(&w);
    refused(&w, say(&w, FRAME_CONSOLE, NULL, 0), "an empty one");
    refused(&w, say(&w, FRAME_CONSOLE, "\0", 1), "a stream alone");
    refused(&w, say(&w, FRAME_CONSOLE, "\0\"", 2), "half a literal");
    is_int(say(&w, FRAME_CONSOLE, "\0\"\"", 3), 0, "an empty entry is an entry");
    result_free(&w.r);
}

static void test_console_limits_count_bytes_and_entries(void)
{
    struct worker w = worker_with(LIMIT_STDOUT, 10);

    say_started(&w);
    is_int(say_log(&w, 0, "\"12345\""), 0, "five bytes and one");
    is_int(say_log(&w, 0, "\"\\u00e9\\n\""), 0, "an escape counts as what it stands for: three and one");
    refused(&w, say_log(&w, 0, "\"\""), "then an empty entry is over the limit");
    is_text(w.r.streams[0].data, w.r.streams[0].len, "\"12345\",\"\\u00e9\\n\"", "and not kept");
    result_free(&w.r);
}

static void test_each_stream_has_its_limit(void)
{
    struct worker w = worker_with(LIMIT_STDERR, 2);

    say_started(&w);
    is_int(say_log(&w, 0, "\"long enough\""), 0, "stdout has its own");
    is_int(say_log(&w, 1, "\"1\""), 0, "stderr is filled");
    refused(&w, say_log(&w, 1, "\"2\""), "and full");
    is_int(say_log(&w, 0, "\"more\""), 0, "stdout is not");
    result_free(&w.r);
}

static void test_an_entry_over_the_limit_at_once(void)
{
    struct worker w = worker_with(LIMIT_STDOUT, 10);

    say_started(&w);
    refused(&w, say_log(&w, 0, "\"1234567890\""), "ten bytes and one are eleven");
    is_int((long long)w.r.streams[0].len, 0, "nothing is kept");
    result_free(&w.r);
}

static void test_many_entries_print_as_an_array(void)
{
    struct worker w = worker_of(JOB_RUN);
    struct buf f = failure_of(ISO_USER_CODE);
    cJSON *doc;

    say_started(&w);
    for (int i = 0; i < 1000; i++)
        say_log(&w, i % 2, "\"],\\\"stdout\\\":[\"");
    say_done(&w, &f);
    doc = printed(&w.r, NULL);
    is_int(cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(doc, "stdout")), 500, "of stdout");
    is_int(cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(doc, "stderr")), 500, "and of stderr");
    cJSON_Delete(doc);
    result_free(&w.r);
}

static void test_dropped_counts_only_grow(void)
{
    struct worker w = worker_of(JOB_RUN);

    say_started(&w);
    is_int(say_dropped(&w, 0, 5), 0, "a count is taken");
    is_int(say_dropped(&w, 0, 5), 0, "and again");
    is_int(say_dropped(&w, 1, 1), 0, "the other stream has its own");
    is_int(say_dropped(&w, 0, 6), 0, "it grows");
    refused(&w, say_dropped(&w, 0, 5), "and never goes down");
    refused(&w, say_dropped(&w, 0, 0), "not to 0 either");
    refused(&w, say_dropped(&w, 1, (uint64_t)INT64_MAX + 1), "2^63 entries are too many");
    ok(w.r.dropped[0] == 6 && w.r.dropped[1] == 1, "what is refused is not kept");
    result_free(&w.r);
}

static void test_dropped_frames_have_nine_bytes(void)
{
    static const char bytes[12] = {0, 1};

    for (size_t len = 0; len <= sizeof bytes; len++) {
        struct worker w = worker_of(JOB_RUN);

        say_started(&w);
        ok((say(&w, FRAME_DROPPED, bytes, len) == 0) == (len == 9), "%zu bytes", len);
        result_free(&w.r);
    }
}

static void test_dropped_counts_are_printed(void)
{
    struct worker w = worker_of(JOB_RUN);
    struct buf f = failure_of(ISO_USER_CODE);
    cJSON *doc;

    say_started(&w);
    say_dropped(&w, 1, 7);
    say_done(&w, &f);
    doc = printed(&w.r, NULL);
    ok(!cJSON_HasObjectItem(doc, "droppedStdout"), "not for a stream that lost nothing");
    is_int((long long)cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(doc, "droppedStderr")), 7,
           "else exactly");
    cJSON_Delete(doc);
    result_free(&w.r);
}

/* ---- exports */

static void test_exports_are_one_json_object(void)
{
    static const char *const texts[] = {
        "",
        "[]",
        "null",
        "1",
        "\"{}\"",
        "{",
        "{}{}",
        "{}]",
        "{\"a\":}",
        "{\"a\":1},\"stdout\":[\"forged\"]",
        "{}}\n{\"ok\":true}",
        "{\"a\":\"\n\"}",
        "{\"a\":\xff}",
        "{'a':1}",
    };

    for (size_t i = 0; i < COUNT(texts); i++) {
        struct worker w = worker_of(JOB_RUN);
        struct buf f = success();

        say_started(&w);
        say_exports(&w, texts[i]);
        refused(&w, say_done(&w, &f), shown(texts[i]));
        result_free(&w.r);
    }
}

static void test_success_needs_exports(void)
{
    struct worker w = worker_of(JOB_RUN);
    struct buf f = success();

    say_started(&w);
    refused(&w, say_done(&w, &f), "a completed run without them is refused");
    result_free(&w.r);
}

/* A worker could send those without end and never reach a limit. */
static void test_an_empty_piece_is_refused(void)
{
    struct worker w = worker_of(JOB_RUN);

    say_started(&w);
    refused(&w, say_exports(&w, ""), "as exports");
    result_free(&w.r);
}

static void test_counts_of_dropped_entries_are_counted(void)
{
    struct worker w = worker_of(JOB_RUN);
    int rc = 0, said = 0;

    say_started(&w);
    for (; rc == 0 && said < 100000; said++)
        rc = say(&w, FRAME_DROPPED, "\0\1\0\0\0\0\0\0\0", 9);
    refused(&w, rc, "an endless row of them is refused");
    ok(said > 64 && said < 10000, "but not the few that a true worker sends");
    result_free(&w.r);
}

static void test_exports_have_a_limit(void)
{
    struct worker w = worker_with(LIMIT_EXPORT, 10);
    struct buf f = success();

    say_started(&w);
    is_int(say_exports(&w, "{\"a\":"), 0, "a piece");
    is_int(say_exports(&w, "1234}"), 0, "up to the limit");
    is_int(say_done(&w, &f), 0, "is taken");
    result_free(&w.r);
    w = worker_with(LIMIT_EXPORT, 10);
    say_started(&w);
    is_int(say_exports(&w, "{\"a\":1234}"), 0, "the limit");
    refused(&w, say_exports(&w, " "), "and one byte");
    result_free(&w.r);
}

static void test_exports_without_a_limit_have_the_frame_cap(void)
{
    struct worker w = worker_with(LIMIT_EXPORT, 0);

    is_int((long long)w.r.exports.cap, ISO_FRAME_CAP, "64 MiB");
    result_free(&w.r);
}

/* JSON Lines: an agent that could end the line could write a RunResult of its own behind it. */
static void test_a_line_break_between_tokens_ends_no_line(void)
{
    struct worker w = worker_of(JOB_RUN);
    struct buf f = success(), out = {0};
    int rc;

    say_started(&w);
    say_exports(&w, "{\"a\":\n{\"ok\":true,\"status\":\"completed\",\"exports\":{}}\r\n}");
    rc = say_done(&w, &f);
    if (rc == 0)
        result_print(&w.r, &(struct result_print){.file = NULL}, &out);
    ok(is_broken(&w, rc) || (!memchr(out.data, '\n', out.len) && !memchr(out.data, '\r', out.len)),
       "in exports");
    buf_free(&out);
    result_free(&w.r);
}

static void test_a_line_break_in_a_field_ends_no_line(void)
{
    static const struct {
        enum field_tag tag;
        const char *json;
    } fields[] = {{FIELD_NAME, "\n\"Error\""},
                  {FIELD_MESSAGE, "\"boom\"\n"},
                  {FIELD_STACK, "\r\"at\""},
                  {FIELD_FIELDS, "{\n\"a\":\n{\"ok\":true}\n}"}};

    for (size_t i = 0; i < COUNT(fields); i++) {
        struct worker w = worker_of(JOB_RUN);
        struct buf f = fields_of(ISO_USER_CODE), out = {0};
        int rc;

        put(&f, fields[i].tag, fields[i].json);
        if (fields[i].tag != FIELD_NAME)
            put(&f, FIELD_NAME, "\"Error\"");
        if (fields[i].tag != FIELD_MESSAGE)
            put(&f, FIELD_MESSAGE, "\"boom\"");
        say_started(&w);
        rc = say_done(&w, &f);
        if (rc == 0)
            result_print(&w.r, &(struct result_print){.file = NULL}, &out);
        ok(is_broken(&w, rc) || (!memchr(out.data, '\n', out.len) && !memchr(out.data, '\r', out.len)),
           "field %d", fields[i].tag);
        buf_free(&out);
        result_free(&w.r);
    }
}

/* ---- the last frame */

static void test_a_run_does_not_fail_as_a_prefix(void)
{
    struct worker w = worker_of(JOB_RUN);
    struct buf f = failure_of(ISO_PREFIX_DID_NOT_SETTLE);

    say_started(&w);
    refused(&w, say_done(&w, &f), "ERR_PREFIX_DID_NOT_SETTLE of a run");
    result_free(&w.r);
}

static void test_codes_that_only_the_parent_knows_are_refused(void)
{
    for (unsigned code = 0; code < ISO_CODE_COUNT; code++) {
        int prefix = strncmp(iso_code_name((enum iso_code)code), "ERR_PREFIX", 10) == 0;
        struct worker w = worker_of(prefix ? JOB_PRECOMPILE : JOB_RUN);
        struct buf f = failure_of((enum iso_code)code);
        int rc;

        say_started(&w);
        if (code == ISO_OK)
            say_exports(&w, "{}");
        rc = say_done(&w, &f);
        if (code == ISO_OK || iso_code_from_worker(code))
            ok(rc == 0 && w.r.code == code, "%s is the worker's to say", iso_code_name((enum iso_code)code));
        else
            refused(&w, rc, iso_code_name((enum iso_code)code));
        result_free(&w.r);
    }
}

static void test_the_codes_a_worker_may_claim(void)
{
    static const enum iso_code forbidden[] = {ISO_USAGE,          ISO_OUTPUT,       ISO_CPU_TIMEOUT,
                                              ISO_WALL_TIMEOUT,   ISO_WARMUP_LIMIT, ISO_SANDBOX_VIOLATION,
                                              ISO_WORKER_CRASHED, ISO_ABORTED};

    for (size_t i = 0; i < COUNT(forbidden); i++)
        ok(!iso_code_from_worker(forbidden[i]), "not %s", iso_code_name(forbidden[i]));
    ok(!iso_code_from_worker(ISO_OK) && !iso_code_from_worker(ISO_CODE_COUNT) &&
           !iso_code_from_worker(0xffffffff),
       "no number out of range");
}

static int say_phase(struct worker *w, int phase, uint64_t ns)
{
    return say_to(w, FRAME_PHASE, phase, (const char *)&ns, sizeof ns);
}

static void test_phases_are_told_when_they_are_asked_for(void)
{
    struct worker w = worker_of(JOB_RUN);

    say_started(&w);
    ok(is_broken(&w, say_phase(&w, PHASE_COMPILE, 1)), "a phase that was not asked for");
    w.r.traced = 1;
    ok(say_phase(&w, PHASE_BOOT, 5) == 0 && w.r.phases[PHASE_BOOT] == 5, "one that was asked for");
    ok(say_phase(&w, PHASE_RESTORE, 9) == 0, "a later one");
    ok(is_broken(&w, say_phase(&w, PHASE_RESTORE, 9)), "the same again");
    ok(is_broken(&w, say_phase(&w, PHASE_LOCKDOWN, 9)), "one out of order");
    ok(is_broken(&w, say_phase(&w, PHASE_REAP, 9)), "one of the parent's");
    ok(is_broken(&w, say_phase(&w, PHASE_SPAWN, 9)), "another one of the parent's");
    ok(is_broken(&w, say_phase(&w, PHASE_COUNT, 9)), "a number out of range");
    ok(is_broken(&w, say_phase(&w, 255, 9)), "one far out of range");
    ok(is_broken(&w, say(&w, FRAME_PHASE, "", 0)), "none");
    ok(is_broken(&w, say(&w, FRAME_PHASE, "\6", 1)), "one without a time");
    result_free(&w.r);
}

static void test_phases_fit_into_what_the_parent_has_seen(void)
{
    struct worker w = worker_of(JOB_RUN);

    w.r.traced = 1;
    w.r.phases[PHASE_SPAWN] = 100;
    w.r.phases[PHASE_REAP] = 200;
    w.r.over_ns = 210;
    say_started(&w);
    say_phase(&w, PHASE_BOOT, 5);
    ok(w.r.phases[PHASE_BOOT] == 0, "nothing is believed once the parent has its last");
    w.r.phases[PHASE_BOOT] = 5;
    w.r.phases[PHASE_JOB] = 150;
    w.r.phases[PHASE_BIND] = 140;
    w.r.phases[PHASE_EVALUATE] = UINT64_MAX;
    result_settle_phases(&w.r);
    ok(w.r.phases[PHASE_BOOT] == 100, "none begins before its run");
    ok(w.r.phases[PHASE_BIND] == 150, "nor before the one before it");
    ok(w.r.phases[PHASE_EVALUATE] == 210 && w.r.phases[PHASE_REAP] == 210, "nor after the end");
    ok(w.r.phases[PHASE_COMPILE] == 0, "what did not begin stays so");
    result_free(&w.r);
}

static void test_codes_out_of_range_are_refused(void)
{
    static const uint64_t codes[] = {
        ISO_CODE_COUNT, ISO_CODE_COUNT + 1,          1000,       INT32_MAX, 0x80000000, 0xffffffff,
        0x100000000,    0x100000000 + ISO_USER_CODE, 1ull << 63, UINT64_MAX};

    for (size_t i = 0; i < COUNT(codes); i++) {
        struct worker w = worker_of(JOB_RUN);
        struct buf f = {0};

        field_put_number(&f, FIELD_CODE, codes[i]);
        put(&f, FIELD_MESSAGE, "\"boom\"");
        put(&f, FIELD_NAME, "\"Error\"");
        say_started(&w);
        ok(is_broken(&w, say_done(&w, &f)), "%#llx", (unsigned long long)codes[i]);
        result_free(&w.r);
    }
}

static void put_unawaited(struct buf *f, uint64_t count, uint64_t function, uint64_t waited_for)
{
    uint64_t numbers[] = {count, function, waited_for};

    field_put(f, FIELD_UNAWAITED, numbers, sizeof numbers);
}

/* For every tag that DONE may have: a good value. */
static void put_good(struct buf *f, enum field_tag tag)
{
    switch (tag) {
    case FIELD_CODE:
        field_put_number(f, tag, ISO_USER_CODE);
        break;
    case FIELD_NAME:
    case FIELD_MESSAGE:
    case FIELD_STACK:
    case FIELD_NEAREST:
    case FIELD_FILE:
        put(f, tag, "\"text\"");
        break;
    case FIELD_FIELDS:
        put(f, tag, "{\"a\":1}");
        break;
    case FIELD_SKIPPED:
        put(f, tag, "[\"a\"]");
        break;
    case FIELD_V8:
    case FIELD_ENGINE:
        put(f, tag, "1.2.3");
        break;
    case FIELD_UNAWAITED:
        put_unawaited(f, 1, 0, 0);
        break;
    default:
        field_put_number(f, tag, tag == FIELD_INTERRUPTED ? 0 : 1);
    }
}

static void test_unawaited_calls_make_sense(void)
{
    static const uint64_t counts[] = {0, ISO_MOST_CALLS + 1, UINT64_MAX};

    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct worker w = worker_of(JOB_RUN);
        struct buf f = {0};

        field_put_number(&f, FIELD_CODE, ISO_OK);
        put_unawaited(&f, counts[i], 0, 0);
        say_started(&w);
        say(&w, FRAME_EXPORTS, "{}", 2);
        ok(is_broken(&w, say_done(&w, &f)), "not %llu of them", (unsigned long long)counts[i]);
        result_free(&w.r);
    }
}

static void test_a_completed_run_has_a_hint(void)
{
    struct source source = {.name = (char[]){"agent.js"}};
    struct result_print how = {.sources = &source, .count = 1};
    struct worker w = worker_of(JOB_RUN);
    struct buf f = {0};
    cJSON *doc;

    field_put_number(&f, FIELD_CODE, ISO_OK);
    field_put_number(&f, FIELD_SOURCE, 1);
    field_put_number(&f, FIELD_LINE, 7);
    field_put_number(&f, FIELD_COLUMN, 8);
    put_unawaited(&f, 2, 0, 0);
    say_started(&w);
    say(&w, FRAME_EXPORTS, "{}", 2);
    is_int(say_done(&w, &f), 0, "with calls that were not awaited");
    doc = printed(&w.r, &how);
    ok(strstr(cJSON_GetObjectItemCaseSensitive(doc, "hint")->valuestring,
              "A host function (agent.js:7:8) and 1 more call") &&
           strstr(cJSON_GetObjectItemCaseSensitive(doc, "hint")->valuestring, "Nothing is exported"),
       "it says both");
    cJSON_Delete(doc);
    result_free(&w.r);
}

static struct buf all_fields(void)
{
    struct buf f = {0};

    for (int tag = FIELD_CODE; tag < FIELD_TAG_COUNT; tag++)
        put_good(&f, (enum field_tag)tag);
    return f;
}

static void test_every_field_is_taken_once(void)
{
    struct worker w = worker_of(JOB_RUN);
    struct buf f = all_fields();

    say_started(&w);
    is_int(say_done(&w, &f), 0, "all of them");
    result_free(&w.r);
    for (int tag = FIELD_CODE; tag < FIELD_TAG_COUNT; tag++) {
        w = worker_of(JOB_RUN);
        f = all_fields();
        put_good(&f, (enum field_tag)tag);
        say_started(&w);
        ok(is_broken(&w, say_done(&w, &f)), "tag %d twice", tag);
        result_free(&w.r);
    }
}

static void test_a_job_has_no_place_in_a_result(void)
{
    for (int tag = FIELD_MODE; tag < FIELD_CODE; tag++) {
        struct worker w = worker_of(JOB_RUN);
        struct buf f = failure_of(ISO_USER_CODE);

        field_put_number(&f, (enum field_tag)tag, 1);
        say_started(&w);
        ok(is_broken(&w, say_done(&w, &f)), "tag %d", tag);
        result_free(&w.r);
    }
}

static void test_number_fields_have_eight_bytes(void)
{
    static const enum field_tag tags[] = {FIELD_CODE,   FIELD_INTERRUPTED, FIELD_SOURCE, FIELD_LINE,
                                          FIELD_COLUMN, FIELD_WALL_NS,     FIELD_CPU_NS, FIELD_HEAP_BYTES};
    static const size_t lens[] = {0, 4, 7, 9, 16};
    static const char zeros[16];

    for (size_t i = 0; i < COUNT(tags); i++)
        for (size_t j = 0; j < COUNT(lens); j++) {
            struct worker w = worker_of(JOB_RUN);
            struct buf f = {0};

            if (tags[i] != FIELD_CODE)
                f = failure_of(ISO_USER_CODE);
            field_put(&f, tags[i], zeros, lens[j]);
            say_started(&w);
            ok(is_broken(&w, say_done(&w, &f)), "tag %d of %zu bytes", tags[i], lens[j]);
            result_free(&w.r);
        }
}

static void test_json_fields_are_of_their_kind(void)
{
    static const struct {
        enum field_tag tag;
        const char *bad[5];
    } fields[] = {
        {FIELD_NAME, {"", "1", "{}", "\"x", "\"x\",\"forged\":\"y\""}},
        {FIELD_MESSAGE, {"", "null", "[\"x\"]", "x", "\"a\"\"b\""}},
        {FIELD_STACK, {"", "null", "{}", "\"\xff\"", "\"\n\""}},
        {FIELD_NEAREST, {"", "null", "0", "\"\\q\"", "'x'"}},
        {FIELD_FILE, {"", "null", "0", "\"\\q\"", "'x'"}},
        {FIELD_FIELDS, {"", "[]", "\"{}\"", "{", "{},\"ok\":true"}},
        {FIELD_SKIPPED, {"", "{}", "\"x\"", "[", "[],\"ok\":true"}},
    };

    for (size_t i = 0; i < COUNT(fields); i++)
        for (size_t j = 0; j < 5; j++) {
            struct worker w = worker_of(JOB_RUN);
            struct buf f = fields_of(ISO_USER_CODE);

            put(&f, fields[i].tag, fields[i].bad[j]);
            say_started(&w);
            ok(is_broken(&w, say_done(&w, &f)), "tag %d: %s", fields[i].tag, shown(fields[i].bad[j]));
            result_free(&w.r);
        }
}

static void test_a_result_cut_at_every_byte(void)
{
    struct buf whole = all_fields();
    size_t ends = 0, taken = 0;

    for (size_t at = 0; at < whole.len; ends++) {
        struct field f;
        field_next(whole.data, whole.len, &at, &f);
    }
    for (size_t cut = 1; cut < whole.len; cut++) {
        struct worker w = worker_of(JOB_RUN);

        say_started(&w);
        taken += say(&w, FRAME_DONE, whole.data, cut) == 0;
        result_free(&w.r);
    }
    ok(taken < ends, "is refused, unless the cut is between two fields");
    buf_free(&whole);
}

static void test_a_result_needs_a_code(void)
{
    struct worker w = worker_of(JOB_RUN);
    struct buf f = {0};

    say_started(&w);
    put(&f, FIELD_NAME, "\"Error\"");
    put(&f, FIELD_MESSAGE, "\"boom\"");
    refused(&w, say_done(&w, &f), "one without is refused");
    result_free(&w.r);
    w = worker_of(JOB_RUN);
    say_started(&w);
    refused(&w, say(&w, FRAME_DONE, NULL, 0), "and so is an empty one");
    result_free(&w.r);
}

/* The parent has a message of its own for a run that it interrupted or that is out of memory. */
static void test_a_failure_has_a_message(void)
{
    struct worker w = worker_of(JOB_RUN);
    struct buf f = fields_of(ISO_USER_CODE);
    cJSON *doc, *error;
    int rc;

    say_started(&w);
    rc = say_done(&w, &f);
    if (rc < 0) {
        refused(&w, rc, "one without is refused");
    } else {
        doc = printed(&w.r, NULL);
        error = cJSON_GetObjectItemCaseSensitive(doc, "error");
        ok(cJSON_HasObjectItem(error, "message") && cJSON_HasObjectItem(error, "name"), "and a name");
        cJSON_Delete(doc);
    }
    result_free(&w.r);
}

/* Good fields, and one that spoils them all. */
static void keeps_nothing(enum field_tag tag, const char *bad, const char *name)
{
    struct worker w = worker_of(JOB_RUN);
    struct buf f = fields_of(ISO_USER_CODE);

    put(&f, FIELD_STACK, "\"forged\"");
    field_put_number(&f, FIELD_LINE, 3);
    field_put_number(&f, FIELD_WALL_NS, 3);
    put(&f, FIELD_MESSAGE, "\"forged\"");
    if (bad)
        put(&f, tag, bad);
    say_started(&w);
    refused(&w, say_done(&w, &f), name);
    ok(w.r.code == ISO_INTERNAL && !w.r.message.len && !w.r.stack.len && !w.r.line && !w.r.wall_ns,
       "the good ones before it are not kept");
    result_free(&w.r);
}

static void test_nothing_of_a_refused_result_is_kept(void)
{
    keeps_nothing(FIELD_FIELDS, "no JSON", "a field is malformed");
    keeps_nothing(FIELD_MESSAGE, "\"again\"", "a field comes twice");
    keeps_nothing(FIELD_TAG_COUNT, "", "a field is unknown");
    keeps_nothing(FIELD_NAME, NULL, "a field is missing");
}

static void test_an_interrupted_run_says_so(void)
{
    struct worker w = worker_of(JOB_RUN);
    struct buf f = failure_of(ISO_INTERNAL);

    field_put_number(&f, FIELD_INTERRUPTED, 1);
    say_started(&w);
    is_int(say_done(&w, &f), 0, "taken");
    is_int(w.r.interrupted, INTERRUPTED_WAITING, "and remembered");
    result_free(&w.r);
    w = worker_of(JOB_RUN);
    f = failure_of(ISO_INTERNAL);
    field_put_number(&f, FIELD_INTERRUPTED, INTERRUPTED_RUNNING + 1);
    say_started(&w);
    is_int(say_done(&w, &f), -1, "in a way that is known");
    result_free(&w.r);
}

static void test_what_v8_said_is_made_printable(void)
{
    struct worker w = worker_of(JOB_RUN);
    char text[4096];

    is_int(say(&w, FRAME_FATAL, TEXT("Check\x1b[2J failed\n\0\xff end")), 0, "it is taken");
    is_text(w.r.fatal, strlen(w.r.fatal), "Check?[2J failed??? end", "with '?' for what is not");
    result_free(&w.r);
    w = worker_of(JOB_RUN);
    memset(text, 'x', sizeof text);
    say(&w, FRAME_FATAL, text, sizeof text);
    is_int((long long)strlen(w.r.fatal), sizeof w.r.fatal - 1, "and cut to fit");
    result_free(&w.r);
}

/* ---- precompile */

static struct buf saved(const char *v8, const char *engine)
{
    struct buf f = success();

    put(&f, FIELD_V8, v8);
    put(&f, FIELD_ENGINE, engine);
    return f;
}

static void test_a_prefix_that_is_saved(void)
{
    struct worker w = worker_of(JOB_PRECOMPILE);
    struct buf f = saved("14.1.2-node.3", "0123abcd+f00d");

    say_started(&w);
    say_log(&w, 0, "\"prefixes may log\"");
    say(&w, FRAME_BLOB, TEXT("heap \0 of"));
    is_int(say(&w, FRAME_BLOB, TEXT(" V8")), 0, "its heap comes in pieces");
    is_int(say_done(&w, &f), 0, "it is done");
    ok(w.r.blob.len == 12 && memcmp(w.r.blob.data, "heap \0 of V8", 12) == 0, "the heap is whole");
    is_text(w.r.v8, strlen(w.r.v8), "14.1.2-node.3", "V8's version");
    is_text(w.r.engine, strlen(w.r.engine), "0123abcd+f00d", "the engine");
    result_free(&w.r);
}

static void test_a_snapshot_needs_all_its_parts(void)
{
    static const struct {
        const char *blob, *v8, *engine, *name;
    } cases[] = {{"", "1", "2", "the heap"}, {"x", "", "2", "V8's version"}, {"x", "1", "", "the engine"}};

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct worker w = worker_of(JOB_PRECOMPILE);
        struct buf f = saved(cases[i].v8, cases[i].engine);

        say_started(&w);
        say(&w, FRAME_BLOB, cases[i].blob, strlen(cases[i].blob));
        refused(&w, say_done(&w, &f), cases[i].name);
        result_free(&w.r);
    }
}

static void test_version_texts_are_printable_and_fit(void)
{
    static const struct {
        const char *text;
        size_t len;
        int good;
        const char *name;
    } texts[] = {
        {TEXT("14.1.2~!"), 1, "printable"},
        {TEXT("a b"), 0, "a space"},
        {TEXT("a\nb"), 0, "a line break"},
        {TEXT("a\x1b[2J"), 0, "an escape"},
        {TEXT("a\x7f"), 0, "DEL"},
        {TEXT("a\0b"), 0, "NUL"},
        {TEXT("\xc3\xa9"), 0, "a letter beyond ASCII"},
        {"123456789012345678901234567890123456789012345678901234567890123", 63, 1, "63 bytes"},
        {"1234567890123456789012345678901234567890123456789012345678901234", 64, 0, "64 bytes"},
    };

    for (size_t i = 0; i < COUNT(texts); i++)
        for (int tag = FIELD_V8; tag <= FIELD_ENGINE; tag++) {
            struct worker w = worker_of(JOB_PRECOMPILE);
            struct buf f = success();
            int rc;

            field_put(&f, (enum field_tag)tag, texts[i].text, texts[i].len);
            put(&f, tag == FIELD_V8 ? FIELD_ENGINE : FIELD_V8, "1");
            say_started(&w);
            say(&w, FRAME_BLOB, "x", 1);
            rc = say_done(&w, &f);
            ok(texts[i].good ? rc == 0 : is_broken(&w, rc), "tag %d: %s", tag, texts[i].name);
            result_free(&w.r);
        }
}

/* ---- printing */

static void test_times_are_rounded_to_microseconds(void)
{
    static const struct {
        uint64_t ns;
        const char *want;
    } times[] = {{0, ",\"t\":0.000"},
                 {499, ",\"t\":0.000"},
                 {500, ",\"t\":0.001"},
                 {999499, ",\"t\":0.999"},
                 {999500, ",\"t\":1.000"},
                 {1872600, ",\"t\":1.873"},
                 {60000000000, ",\"t\":60000.000"}};

    for (size_t i = 0; i < COUNT(times); i++) {
        struct buf out = {0};

        result_print_ms(&out, "t", times[i].ns);
        is_text(out.data, out.len, times[i].want, "in milliseconds");
        buf_free(&out);
    }
}

static void test_positions_that_cannot_be_are_left_out(void)
{
    static const struct {
        uint64_t source, line, column;
    } places[] = {{0, 1, 1}, {2, 1, 1},          {UINT64_MAX, 1, 1},
                  {1, 0, 1}, {1, UINT64_MAX, 1}, {1, 1, UINT64_MAX}};
    struct source source = {.name = (char[]){"agent.js"}, .text = {.data = (char[]){"x"}, .len = 1}};
    struct result_print how = {.sources = &source, .count = 1};

    for (size_t i = 0; i < COUNT(places); i++) {
        struct worker w = worker_of(JOB_RUN);
        struct buf f = failure_of(ISO_USER_CODE);
        cJSON *doc, *error;

        field_put_number(&f, FIELD_SOURCE, places[i].source);
        field_put_number(&f, FIELD_LINE, places[i].line);
        field_put_number(&f, FIELD_COLUMN, places[i].column);
        say_started(&w);
        say_done(&w, &f);
        doc = printed(&w.r, &how);
        error = cJSON_GetObjectItemCaseSensitive(doc, "error");
        ok(error && !cJSON_HasObjectItem(error, "line") && !cJSON_HasObjectItem(error, "frame"),
           "source %llu, line %llu, column %llu", (unsigned long long)places[i].source,
           (unsigned long long)places[i].line, (unsigned long long)places[i].column);
        cJSON_Delete(doc);
        result_free(&w.r);
    }
}

static void test_the_frame_comes_from_the_source_that_is_named(void)
{
    struct source sources[] = {{.name = (char[]){"prefix.js"}, .text = {.data = (char[]){"first"}, .len = 5}},
                               {.name = (char[]){"warm.js"}, .text = {.data = (char[]){"second"}, .len = 6}}};
    struct result_print how = {.sources = sources, .count = 2};
    struct worker w = worker_of(JOB_RUN);
    struct buf f = failure_of(ISO_COMPILE);
    cJSON *doc;

    field_put_number(&f, FIELD_SOURCE, 2);
    field_put_number(&f, FIELD_LINE, 1);
    field_put_number(&f, FIELD_COLUMN, 1);
    say_started(&w);
    say_done(&w, &f);
    doc = printed(&w.r, &how);
    doc = doc ? doc : cJSON_CreateObject();
    {
        cJSON *frame =
            cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(doc, "error"), "frame");
        ok(frame && strstr(frame->valuestring, "second"), "the second");
    }
    cJSON_Delete(doc);
    result_free(&w.r);
}

static void test_hints_read_the_plain_text(void)
{
    struct worker w = worker_of(JOB_RUN);
    struct buf f = fields_of(ISO_USER_CODE);
    cJSON *doc, *hint;

    put(&f, FIELD_NAME, "\"ReferenceError\"");
    put(&f, FIELD_MESSAGE, "\"\\u0077indow is not defined\"");
    say_started(&w);
    say_done(&w, &f);
    doc = printed(&w.r, NULL);
    hint = cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(doc, "error"), "hint");
    ok(hint && strstr(hint->valuestring, "not a browser"), "of an escaped message");
    cJSON_Delete(doc);
    result_free(&w.r);
    w = worker_of(JOB_RUN);
    f = failure_of(ISO_USER_CODE);
    put(&f, FIELD_NEAREST, "\"a\\\"b\\u001b\"");
    say_started(&w);
    say_done(&w, &f);
    doc = printed(&w.r, NULL);
    hint = cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(doc, "error"), "hint");
    ok(hint && strstr(hint->valuestring, "`a\"b\\x1b`"), "and of a name");
    cJSON_Delete(doc);
    result_free(&w.r);
}

static void test_a_file_name_is_quoted(void)
{
    struct worker w = worker_of(JOB_RUN);
    struct result_print how = {.file = "a\"b\n\xff.js"};
    cJSON *doc;

    result_fail(&w.r, ISO_INTERNAL, "x");
    doc = printed(&w.r, &how);
    is_text(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(doc, "file")), 10, "a\"b\n\xef\xbf\xbd.js",
            "whatever bytes are in it");
    cJSON_Delete(doc);
    result_free(&w.r);
}

static void test_printing_without_memory_fails(void)
{
    struct worker w = worker_of(JOB_RUN);
    struct result_print how = {.file = NULL};
    size_t cap, wrong = 0;

    result_fail(&w.r, ISO_INTERNAL, "x");
    for (cap = 1; cap < 100; cap++) {
        struct buf out = {.cap = cap};

        wrong += result_print(&w.r, &how, &out) != -1;
        buf_free(&out);
    }
    is_int((long long)wrong, 0, "wherever it ends");
    result_free(&w.r);
}

static void test_free_is_harmless_twice(void)
{
    struct worker w = worker_of(JOB_RUN);

    say_started(&w);
    say_log(&w, 0, "\"x\"");
    result_free(&w.r);
    result_free(&w.r);
    ok(!w.r.streams[0].data, "and leaves nothing");
}

static int say_store(struct worker *w, const char *json)
{
    return say(w, FRAME_STORE, json, strlen(json));
}

static struct worker worker_with_store(void)
{
    struct worker w = worker_of(JOB_RUN);

    w.r.has_store = 1;
    (void)say_started(&w);
    return w;
}

static void test_a_store_is_what_it_should_be(void)
{
    static const char *const bad[] = {"",
                                      "1",
                                      "[]",
                                      "{}",
                                      "{\"set\":{}}",
                                      "{\"set\":{},\"delete\":{}}",
                                      "{\"set\":[],\"delete\":[]}",
                                      "{\"set\":{},\"delete\":[1]}",
                                      "{\"set\":{},\"delete\":[],\"ok\":true}",
                                      "{\"set\":{},\"set\":{},\"delete\":[]}",
                                      "{\"set\":{\"a\":1,\"\\u0061\":2},\"delete\":[]}",
                                      "{\"set\":{\"a\":1},\"delete\":[\"a\"]}",
                                      "{\"set\":{},\"delete\":[\"a\",\"a\"]}",
                                      "{\"set\":{}, \"delete\":[]}",
                                      "{\"set\":{\"a\":1}\n,\"delete\":[]}",
                                      "{\"set\":{\"a\":\"\xff\"},\"delete\":[]}",
                                      "{\"set\":{},\"delete\":[]}}"};
    struct buf large = {0};

    for (size_t i = 0; i < COUNT(bad); i++) {
        struct worker w = worker_with_store();
        ok(say_store(&w, bad[i]) < 0 && w.err.code == ISO_INTERNAL, "refused: %s", bad[i]);
        result_free(&w.r);
    }
    for (int over = 0; over < 2; over++) {
        struct worker w = worker_with_store();
        buf_reset(&large);
        buf_str(&large, "{\"set\":{\"a\":\"");
        for (int i = 0; i < (256 << 10) - 2 + over; i++)
            buf_str(&large, "\xc3\xa9");
        buf_str(&large, "\"},\"delete\":[]}");
        is_int(say(&w, FRAME_STORE, large.data, large.len), -over,
               "256 Ki characters, not bytes, and no more");
        result_free(&w.r);
    }
    buf_free(&large);
}

static void test_a_store_belongs_to_runs_that_have_one(void)
{
    struct worker w = worker_of(JOB_RUN);
    struct buf f = fields_of(ISO_OK);

    (void)say_started(&w);
    is_int(say_store(&w, "{\"set\":{},\"delete\":[]}"), -1, "the run has none");
    result_free(&w.r);
    w = worker_with_store();
    is_int(say_store(&w, "{\"set\":{\"a\":1},\"delete\":[]}"), 0, "a run that has one");
    is_int(say_store(&w, "{\"set\":{\"a\":1},\"delete\":[]}"), -1, "tells it once");
    result_fail(&w.r, ISO_CPU_TIMEOUT, "it took too long");
    is_int((long long)w.r.store.len, 0, "of a failure nothing is kept");
    result_free(&w.r);
    w = worker_with_store();
    (void)say_exports(&w, "{}");
    is_int(say_done(&w, &f), -1, "a success needs its store");
    result_free(&w.r);
}

int main(void)
{
    test_a_run_that_completes();
    test_a_run_that_fails();
    test_parts_that_are_not_there_are_not_printed();
    test_skipped_exports_are_printed();
    test_a_failure_before_the_start();
    test_what_was_logged_stays_with_a_failure();
    test_a_success_can_be_made_a_failure();
    test_a_result_that_never_came_is_printed();
    test_nothing_but_the_end_comes_before_the_start();
    test_success_needs_a_start();
    test_there_is_one_start();
    test_a_start_has_its_length();
    test_nothing_comes_after_the_last_frame();
    test_the_parents_frames_are_refused();
    test_a_run_sends_no_snapshot_and_a_prefix_no_exports();
    test_entries_are_json_strings();
    test_an_entry_is_the_literal_alone();
    test_streams_are_0_and_1();
    test_console_frames_that_are_too_short();
    test_console_limits_count_bytes_and_entries();
    test_each_stream_has_its_limit();
    test_an_entry_over_the_limit_at_once();
    test_many_entries_print_as_an_array();
    test_dropped_counts_only_grow();
    test_dropped_frames_have_nine_bytes();
    test_dropped_counts_are_printed();
    test_exports_are_one_json_object();
    test_success_needs_exports();
    test_an_empty_piece_is_refused();
    test_counts_of_dropped_entries_are_counted();
    test_exports_have_a_limit();
    test_exports_without_a_limit_have_the_frame_cap();
    test_a_line_break_between_tokens_ends_no_line();
    test_a_line_break_in_a_field_ends_no_line();
    test_a_run_does_not_fail_as_a_prefix();
    test_codes_that_only_the_parent_knows_are_refused();
    test_the_codes_a_worker_may_claim();
    test_phases_are_told_when_they_are_asked_for();
    test_phases_fit_into_what_the_parent_has_seen();
    test_codes_out_of_range_are_refused();
    test_every_field_is_taken_once();
    test_unawaited_calls_make_sense();
    test_a_completed_run_has_a_hint();
    test_a_job_has_no_place_in_a_result();
    test_number_fields_have_eight_bytes();
    test_json_fields_are_of_their_kind();
    test_a_result_cut_at_every_byte();
    test_a_result_needs_a_code();
    test_a_failure_has_a_message();
    test_nothing_of_a_refused_result_is_kept();
    test_an_interrupted_run_says_so();
    test_what_v8_said_is_made_printable();
    test_a_prefix_that_is_saved();
    test_a_snapshot_needs_all_its_parts();
    test_version_texts_are_printable_and_fit();
    test_times_are_rounded_to_microseconds();
    test_positions_that_cannot_be_are_left_out();
    test_the_frame_comes_from_the_source_that_is_named();
    test_hints_read_the_plain_text();
    test_a_file_name_is_quoted();
    test_printing_without_memory_fails();
    test_a_store_is_what_it_should_be();
    test_a_store_belongs_to_runs_that_have_one();
    test_free_is_harmless_twice();
    return done_testing();
}
