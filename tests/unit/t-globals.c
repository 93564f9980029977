/* SPDX-License-Identifier: MIT */
/* host/declared/globals.h and host/declared/stubs.h where no command line reaches: numbering, counts, depth, what a snapshot
 * keeps and what a hostile one may say. What agents see of it is t-globals.sh's. */
#include <stdlib.h>
#include <unistd.h>

#include "core/buf.h"
#include "host/declared/globals.h"
#include "tests/tap.h"

static char file_name[] = "/tmp/t-globals.XXXXXX";

static void write_file(const char *text, size_t len)
{
    FILE *file = fopen(file_name, "w");

    if (!file || fwrite(text, 1, len, file) != len || fclose(file) != 0)
        puts("Bail out! cannot write a file");
}

static int read_text(struct globals *g, const char *text, struct iso_err *err)
{
    *g = (struct globals){0};
    *err = (struct iso_err){.code = ISO_OK};
    write_file(text, strlen(text));
    return globals_read(g, file_name, err);
}

static struct globals good(const char *text)
{
    struct iso_err err;
    struct globals g;

    ok(read_text(&g, text, &err) == 0, "%.60s", text);
    return g;
}

static void refuses(const char *text, const char *why)
{
    struct iso_err err;
    struct globals g;

    ok(read_text(&g, text, &err) < 0 && err.code == ISO_USAGE && strstr(err.msg, why), "refused: %.50s", why);
    if (!strstr(err.msg, why))
        printf("# got '%s'\n", err.msg);
    globals_free(&g);
}

static struct buf installed(const struct globals *g)
{
    struct buf out = {0};

    globals_to_install(g, &out);
    return out;
}

static void same(const struct buf *a, const struct buf *b, const char *name)
{
    ok(a->len == b->len && (a->len == 0 || memcmp(a->data, b->data, a->len) == 0), "%s", name);
}

/* ---- numbers and places */

static void test_members_stand_behind_their_object(void)
{
    static const char *const paths[] = {"\"a\"", "\"a.b\"", "\"a.c\"", "\"a.c.d\"", "\"e\""};
    static const int parents[] = {-1, 0, 0, 2, -1};
    struct globals g =
        good("{\"a\":{\"members\":{\"b\":{\"returns\":1},\"c\":{\"members\":{\"d\":{\"value\":1}}}}},"
             "\"e\":{\"expression\":\"1\"}}");

    is_int((long long)g.count, 5, "members count");
    for (size_t i = 0; i < g.count; i++) {
        is_text(g.stubs[i].path, strlen(g.stubs[i].path), paths[i], "its path");
        is_int(g.stubs[i].parent, parents[i], "its parent");
    }
    globals_free(&g);
}

static void test_what_is_told_to_a_worker(void)
{
    struct globals g = good("{\"f\":{\"returns\":{\"secret\":1},\"shim\":\"(x) => x\"},\"v\":{\"value\":[1]},"
                            "\"m\":{\"enumerable\":false,\"members\":{\"x\":{\"command\":[\"secret\"]}}}}");
    struct buf out = installed(&g);

    is_text(out.data, out.len,
            "[{\"id\":0,\"path\":\"f\",\"name\":\"f\",\"shim\":\"(x) => x\"},"
            "{\"id\":1,\"path\":\"v\",\"name\":\"v\",\"value\":[1]},"
            "{\"id\":2,\"path\":\"m\",\"name\":\"m\",\"hidden\":true,\"members\":["
            "{\"id\":3,\"path\":\"m.x\",\"name\":\"x\"}]}]",
            "names, data and shims, and nothing of the answers");
    buf_free(&out);
    globals_free(&g);
    g = good("{}");
    out = installed(&g);
    is_int((long long)out.len, 0, "nothing to install");
    buf_free(&out);
    globals_free(&g);
}

/* ---- bounds */

static struct buf many(size_t count)
{
    struct buf out = {0};

    for (size_t i = 0; i < count; i++)
        buf_printf(&out, "%s\"g%zu\":{\"value\":0}", i ? "," : "{", i);
    buf_str(&out, "}");
    buf_byte(&out, 0);
    return out;
}

static void test_counts(void)
{
    struct buf text = many(GLOBALS_MOST_STUBS);
    struct globals g = good(text.data);

    is_int((long long)g.count, GLOBALS_MOST_STUBS, "as many as there may be");
    globals_free(&g);
    buf_free(&text);
    text = many(GLOBALS_MOST_STUBS + 1);
    refuses(text.data, "one definition too many");
    buf_free(&text);
}

static struct buf nested(int levels)
{
    struct buf out = {0};

    for (int i = 1; i < levels; i++)
        buf_str(&out, "{\"m\":{\"members\":");
    buf_str(&out, "{\"m\":{\"value\":0}}");
    for (int i = 1; i < levels; i++)
        buf_str(&out, "}}");
    buf_byte(&out, 0);
    return out;
}

static void test_depths(void)
{
    struct buf text = nested(GLOBALS_MOST_DEPTH);
    struct globals g = good(text.data);

    is_int((long long)g.count, GLOBALS_MOST_DEPTH, "as deep as it may be");
    globals_free(&g);
    buf_free(&text);
    text = nested(GLOBALS_MOST_DEPTH + 1);
    refuses(text.data, "nested too deeply");
    buf_free(&text);
    text = nested(4000);
    refuses(text.data, "nested too deeply");
    buf_free(&text);
}

static void test_duplicates(void)
{
    struct buf text = many(5000);

    text.len -= 2;
    buf_str(&text, ",\"\\u00674321\":{\"value\":1}}");
    buf_byte(&text, 0);
    refuses(text.data, "declares ");
    buf_free(&text);
    refuses("{\"\\ud800\":{\"value\":1},\"\\ud800\":{\"value\":1}}", "twice");
    refuses("{\"\\u00e9\":{\"value\":1},\"\xc3\xa9\":{\"value\":1}}", "twice");
    globals_free(&(struct globals){0});
}

static void test_names_that_are_alike_are_two(void)
{
    struct globals g = good("{\"a\":{\"value\":1},\"a\\u0000\":{\"value\":1},\"A\":{\"value\":1},"
                            "\"e\\u0301\":{\"value\":1},\"\\u00e9\":{\"value\":1},\"\":{\"value\":1}}");

    is_int((long long)g.count, 6, "six names");
    globals_free(&g);
}

/* ---- snapshots */

static int from_parts(struct globals *g, const char *manifest, struct json apart, struct iso_err *err)
{
    *g = (struct globals){0};
    *err = (struct iso_err){.code = ISO_OK};
    return globals_from_manifest(g, "p.snap", json_whole(manifest, strlen(manifest)), apart, err);
}

static int from_manifest(struct globals *g, const char *manifest, struct iso_err *err)
{
    return from_parts(g, manifest, (struct json){"", 0}, err);
}

static void round_trip(const char *text, int has_directory)
{
    struct globals g = good(text), back;
    struct buf manifest = {0}, apart = {0}, before = installed(&g), after;
    struct iso_err err;

    buf_byte(&manifest, '{');
    globals_to_manifest(&g, &manifest, &apart);
    buf_str(&manifest, "}");
    ok(json_check(manifest.data, manifest.len, NULL, NULL) == 0, "the manifest is JSON");
    buf_byte(&manifest, 0);
    ok(!!strstr(manifest.data, "\"directory\":\"/") == has_directory,
       "its directory is kept when it matters");
    ok(from_parts(&back, manifest.data, (struct json){apart.len ? apart.data : "", apart.len}, &err) == 0,
       "it is read again");
    after = installed(&back);
    same(&before, &after, "and says the same");
    ok(globals_digest(&g) == globals_digest(&back), "under the same digest");
    buf_free(&before);
    buf_free(&after);
    globals_free(&g);
    globals_free(&back);
    buf_free(&manifest);
    buf_free(&apart);
}

static void test_round_trips(void)
{
    round_trip("{}", 0);
    round_trip("{\"f\":{\"returns\":\"\\u0000\\ud800\"},\"v\":{\"value\":12345678901234567890}}", 0);
    round_trip("{\"f\":{\"command\":[\"ls\",\"./x\"]}}", 0);
    round_trip("{\"f\":{\"command\":[\"./ls\"]}}", 1);
    round_trip("{\"m\":{\"members\":{\"f\":{\"service\":[\"ls\"],\"cwd\":\"sub\"}}}}", 1);
    round_trip("  {\n\t\"\\u043a\" : { \"members\" : { \"\" : { \"value\" : [ ] } } }\n}  ", 0);
}

/* Descriptions and schemas stand apart, and are what they were. */
static void test_texts_stand_apart(void)
{
    struct globals g = good("{\"m\":{\"members\":{\"f\":{\"returns\":1,\"description\":\"Gives one\","
                            "\"parameters\":{\"type\":\"object\"},\"result\":true}}}}"),
                   back;
    struct buf manifest = {0}, apart = {0};
    struct iso_err err;
    const struct stub *f;
    struct json got;

    buf_byte(&manifest, '{');
    globals_to_manifest(&g, &manifest, &apart);
    buf_str(&manifest, "}");
    buf_byte(&manifest, 0);
    is_text(manifest.data, strlen(manifest.data),
            "{\"globals\":{\"m\":{\"members\":{\"f\":{\"returns\":1,\"description\":[0,11],\"parameters\":["
            "11,17],"
            "\"result\":[28,4]}}}}}",
            "the manifest has their places");
    is_text(apart.data, apart.len, "\"Gives one\"{\"type\":\"object\"}true", "they follow one another");
    ok(from_parts(&back, manifest.data, (struct json){apart.data, apart.len}, &err) == 0, "both are read");
    f = &back.stubs[1];
    got = stub_option(f, STUB_OPTION_DESCRIPTION);
    is_text(got.at, got.len, "\"Gives one\"", "a description");
    got = stub_option(f, STUB_OPTION_RESULT);
    is_text(got.at, got.len, "true", "a schema");
    ok(stub_schema(f->parameters) != NULL, "a schema that is compiled");
    globals_free(&back);
    memset(apart.data, '[', apart.len);
    ok(from_parts(&back, manifest.data, (struct json){apart.data, apart.len}, &err) == 0,
       "texts are read late");
    f = &back.stubs[1];
    ok(!stub_option(f, STUB_OPTION_DESCRIPTION).at && !stub_option(f, STUB_OPTION_RESULT).at &&
           !stub_schema(f->parameters),
       "those that are no JSON are none");
    globals_free(&back);
    memset(apart.data, ' ', apart.len);
    memcpy(apart.data + 12, "{}", 2);
    memcpy(apart.data, "5", 1);
    ok(from_parts(&back, manifest.data, (struct json){apart.data, apart.len}, &err) == 0, "with spaces, too");
    f = &back.stubs[1];
    ok(!stub_option(f, STUB_OPTION_DESCRIPTION).at && !stub_option(f, STUB_OPTION_PARAMETERS).at,
       "nor are those of another kind, or with spaces around them");
    globals_free(&back);
    globals_free(&g);
    buf_free(&manifest);
    buf_free(&apart);
}

static void hostile_with(const char *manifest, const char *apart)
{
    struct iso_err err;
    struct globals g;

    ok(from_parts(&g, manifest, (struct json){apart, strlen(apart)}, &err) < 0 &&
           err.code == ISO_SNAPSHOT_INVALID && strstr(err.msg, "p.snap"),
       "refused: %s", manifest);
    globals_free(&g);
}

static void hostile(const char *manifest)
{
    hostile_with(manifest, "");
}

static void test_hostile_places(void)
{
    static const char *const places[] = {"[0,6]",     "[4,2]",    "[6,0]",   "[-1,2]",   "[0.5,1]",
                                         "[0]",       "[]",       "[0,1,1]", "[[0],1]",  "[\"0\",1]",
                                         "[1e400,1]", "[0,1e19]", "[5,-5]",  "[null,1]", "[0,{}]"};

    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct buf text = {0};

        buf_printf(&text, "{\"globals\":{\"f\":{\"returns\":1,\"description\":%s}}}", places[i]);
        buf_byte(&text, 0);
        hostile_with(text.data, "\"abc\"");
        buf_free(&text);
    }
    hostile("{\"globals\":{\"f\":{\"returns\":1,\"parameters\":[0,1]}}}");
    hostile_with("{\"globals\":{\"f\":{\"returns\":1,\"description\":[0,5]},\"g\":{\"returns\":1,"
                 "\"description\":[0,5]}}}",
                 "\"abc\"");
}

static void test_hostile_manifests(void)
{
    struct buf text = {0}, deep = nested(GLOBALS_MOST_DEPTH + 1);
    struct iso_err err;
    struct globals g;

    hostile("{\"globals\":[1]}");
    hostile("{\"globals\":{\"f\":1}}");
    hostile("{\"globals\":{\"f\":{}}}");
    hostile("{\"globals\":{\"f\":{\"command\":[]}}}");
    hostile("{\"globals\":{\"f\":{\"command\":[\"a\\u0000b\"]}}}");
    hostile("{\"globals\":{\"f\":{\"command\":[\"x\"],\"env\":{\"A=B\":\"\"}}}}");
    hostile("{\"globals\":{\"f\":{\"returns\":1,\"maxCalls\":1e99}}}");
    hostile("{\"globals\":{\"f\":{\"returns\":1},\"f\":{\"returns\":2}}}");
    hostile("{\"globals\":{\"f\":{\"nonsense\":1}},\"directory\":\"/\"}");
    buf_printf(&text, "{\"globals\":%s}", deep.data);
    buf_byte(&text, 0);
    hostile(text.data);
    buf_free(&text);
    buf_free(&deep);
    for (const char *const *one = (const char *const[]){"{}", "{\"globals\":{}}", "{\"globals\":null}", NULL};
         *one; one++) {
        ok(from_manifest(&g, *one, &err) == 0 && g.count == 0, "none: %s", *one);
        globals_free(&g);
    }
    ok(from_manifest(&g, "{\"globals\":{\"f\":{\"command\":[\"./x\"]}},\"directory\":[1]}", &err) == 0 &&
           strcmp(g.stubs[0].dir, "") == 0,
       "a directory that is no text is none");
    globals_free(&g);
}

/* ---- rebinding */

static int rebind(struct globals *declared, const char *text, struct iso_err *err)
{
    struct globals given = good(text);
    int rc = globals_rebind(declared, &given, err);

    globals_free(&given);
    return rc;
}

#define DECLARED                                                                                      \
    "{\"f\":{\"returns\":1,\"maxCalls\":5,\"shim\":\"a\",\"description\":\"d\",\"parameters\":true}," \
    "\"v\":{\"value\":1,\"description\":\"d\"},\"m\":{\"members\":{\"f\":{\"returns\":2}}}}"

static void test_a_rebinding_that_fails_changes_nothing(void)
{
    static const char *const bad[] = {"{\"f\":{\"returns\":9},\"x\":{\"returns\":1}}",
                                      "{\"f\":{\"returns\":9},\"v\":{\"returns\":1}}",
                                      "{\"f\":{\"returns\":9},\"m\":{\"members\":{\"g\":{\"returns\":1}}}}"};
    struct globals g = good(DECLARED);
    struct buf out = {0};
    struct iso_err err;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ok(rebind(&g, bad[i], &err) < 0, "it fails");
        is_int(err.code, i == 1 ? ISO_INVALID_REBIND : ISO_UNDECLARED_BINDING, "with its code");
        is_text(g.stubs[0].main.at, g.stubs[0].main.len, "1", "what came before the fault is as it was");
    }
    globals_to_replace(&g, &out);
    is_int((long long)out.len, 0, "there is nothing to replace");
    buf_free(&out);
    globals_free(&g);
}

static void test_a_rebinding_keeps_the_declaration(void)
{
    struct globals g = good(DECLARED);
    struct buf out = {0};
    struct iso_err err;

    ok(rebind(&g, "{\"f\":{\"throws\":{\"message\":\"no\"}},\"v\":{\"value\":2}}", &err) == 0, "rebound");
    ok(strcmp(g.stubs[0].kind->key, "throws") == 0 && g.stubs[0].max_calls == 0,
       "answer and limits are the run's");
    is_text(g.stubs[0].options[STUB_OPTION_SHIM].at, g.stubs[0].options[STUB_OPTION_SHIM].len, "\"a\"",
            "the shim is the declared one");
    ok(g.stubs[0].options[STUB_OPTION_DESCRIPTION].at && g.stubs[0].options[STUB_OPTION_PARAMETERS].at,
       "so are description and parameters");
    globals_to_replace(&g, &out);
    is_text(out.data, out.len, "[{\"id\":1,\"path\":\"v\",\"value\":2}]",
            "only the value is replaced in the heap");
    buf_reset(&out);
    ok(rebind(&g, "{\"m\":{\"members\":{\"f\":{\"returns\":1,\"shim\":\"b\"}}}}", &err) == 0,
       "rebound again");
    globals_to_replace(&g, &out);
    is_text(out.data, out.len,
            "[{\"id\":1,\"path\":\"v\",\"value\":2},{\"id\":3,\"path\":\"m.f\",\"shim\":\"b\"}]",
            "and the new shim");
    buf_free(&out);
    globals_free(&g);
}

static void test_places_of_mistakes(void)
{
    refuses("{\n  \"f\": {\n    \"retruns\": 1\n  }\n}\n", ":3:5: 'f' unknown key");
    refuses("{\"m\":{\"members\":{\"\\u0007x\":{}}}}", "'m.\\x07x' does not say");
    refuses("", ":1:1: not JSON");
    refuses("{} x", ":1:4: not JSON");
}

int main(void)
{
    close(mkstemp(file_name));
    test_members_stand_behind_their_object();
    test_what_is_told_to_a_worker();
    test_counts();
    test_depths();
    test_duplicates();
    test_names_that_are_alike_are_two();
    test_round_trips();
    test_texts_stand_apart();
    test_hostile_manifests();
    test_hostile_places();
    test_a_rebinding_that_fails_changes_nothing();
    test_a_rebinding_keeps_the_declaration();
    test_places_of_mistakes();
    unlink(file_name);
    return done_testing();
}
