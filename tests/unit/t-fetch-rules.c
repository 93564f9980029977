/* SPDX-License-Identifier: MIT */
/* Definitions of fetch, paths and headers: rules/rules.h, path.h, headers.h. */
#include <stdlib.h>

#include "rules/headers.h"
#include "rules/path.h"
#include "rules/rules.h"
#include "tests/tap.h"

static struct json json_of(const char *text)
{
    return json_whole(text, strlen(text));
}

/* A definition is refused with a message that holds `want`, at `at`; or read, when that is NULL. */
static void reads(const char *text, const char *want, const char *at)
{
    struct fetch_rules rules;
    struct fetch_fault fault = {0};
    int rc = fetch_rules_read(&rules, json_of(text), 0, &fault);

    fetch_rules_free(&rules);
    if (!want) {
        ok(rc == 0, "%s is read%s%s", text, rc ? ": " : "", rc ? fault.what : "");
        return;
    }
    ok(rc < 0 && strstr(fault.what, want) && strncmp(fault.at, at, strlen(at)) == 0, "%s: %s (%s)", text,
       want, rc ? fault.what : "read");
}

static void test_definitions(void)
{
    reads("{\"allow\":[]}", NULL, NULL);
    reads("{\"allow\":[\"a.b\",\"*.a.b\",\"10.0.0.1\",\"[::1]\",\"A_b-1.X\",\"0x7f.1\"]}", NULL, NULL);
    reads("{\"allow\":[{\"host\":\"a\",\"ports\":[1,65535],\"methods\":[\"GET\",\"x-y\"],\"paths\":[\"/"
          "**\",\"/a/*.b\"],"
          "\"headers\":{\"a\":\"b\",\"c\":{\"fromEnv\":\"D\"}},\"httpOnly\":false,\"allowPrivate\":true,"
          "\"caFile\":\"x\"}],\"maxRedirects\":20,\"timeoutMs\":1,\"maxBodyBytes\":33554432}",
          NULL, NULL);
    reads("1", "fetch is an object", "1");
    reads("{}", "needs allow", "{");
    reads("{\"allow\":1}", "allow is an array", "1");
    reads("{\"allow\":[],\"allow\":[]}", "\"allow\" twice", "\"allow\":[]}");
    reads("{\"allow\":[],\"cookies\":1}", "unknown key \"cookies\"", "\"cookies\"");
    reads("{\"allow\":[],\"maxRedirects\":21}", "maxRedirects takes", "21");
    reads("{\"allow\":[],\"maxRedirects\":1,\"maxRedirects\":1}", "twice", "\"maxRedirects\":1}");
    reads("{\"allow\":[],\"timeoutMs\":0}", "timeoutMs takes", "0");
    reads("{\"allow\":[],\"maxBodyBytes\":33554433}", "maxBodyBytes takes", "33554433");
    reads("{\"allow\":[1]}", "a rule is a host", "1");
    reads("{\"allow\":[{}]}", "needs a host", "{}");
    reads("{\"allow\":[{\"host\":1}]}", "host is a text", "1");
    reads("{\"allow\":[{\"host\":\"a\",\"hosts\":1}]}", "unknown key \"hosts\"", "\"hosts\"");
    reads("{\"allow\":[{\"host\":\"a\",\"host\":\"b\"}]}", "host twice", "\"host\":\"b\"");
}

static const char *const bad_hosts[] = {
    "",
    "*",
    "*.",
    "a.*",
    "**.a",
    "*a.b",
    "a.",
    ".a",
    "a..b",
    "a b",
    "a/b",
    "a:80",
    "http://a",
    "a@b",
    "*.1.2.3.4",
    "256.1.1.1",
    "[::g]",
    "::1",
    "b\u00fccher.example",
    "a?b",
    "a#b",
    "a%2eb",
    "\\u0000",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.b"};

static void test_hosts(void)
{
    for (size_t i = 0; i < sizeof bad_hosts / sizeof *bad_hosts; i++) {
        char text[200];

        snprintf(text, sizeof text, "{\"allow\":[\"%s\"]}", bad_hosts[i]);
        reads(text, "host ", "\"");
    }
}

static const struct {
    const char *member, *want, *at;
} bad[] = {
    {"\"ports\":[]", "ports is an array", "[]"},
    {"\"ports\":443", "ports is an array", "443"},
    {"\"ports\":[0]", "from 1 to 65535", "0"},
    {"\"ports\":[65536]", "from 1 to 65535", "65536"},
    {"\"ports\":[\"80\"]", "from 1 to 65535", "\"80\""},
    {"\"ports\":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]", "1 to 16 numbers", "["},
    {"\"methods\":[]", "methods is an array", "[]"},
    {"\"methods\":[1]", "methods is an array", "1"},
    {"\"methods\":[\"\"]", "no method", "\"\""},
    {"\"methods\":[\"G T\"]", "no method", "\"G"},
    {"\"methods\":[\"connect\"]", "no method", "\"connect\""},
    {"\"methods\":[\"TRACE\"]", "no method", "\"TRACE\""},
    {"\"paths\":{}", "paths is an array", "{}"},
    {"\"paths\":[\"\"]", "does not begin with a slash", "\"\""},
    {"\"paths\":[\"a\"]", "does not begin with a slash", "\"a\""},
    {"\"paths\":[\"/a?b\"]", "more than a path", "\"/a?b\""},
    {"\"paths\":[\"/a#b\"]", "more than a path", "\"/a#b\""},
    {"\"paths\":[\"/../b\"]", "refused in every path", "\"/.."},
    {"\"paths\":[\"/a%2fb\"]", "refused in every path", "\"/a%"},
    {"\"paths\":[\"/a\\\\b\"]", "refused in every path", "\"/a"},
    {"\"paths\":[\"/a b\"]", "refused in every path", "\"/a"},
    {"\"paths\":[\"/%41\"]", "not needed", "\"/%41\""},
    {"\"paths\":[\"/%c3%a9\"]", "not in capitals", "\"/%c3"},
    {"\"paths\":[\"/***\"]", "three stars", "\"/***\""},
    {"\"headers\":[]", "headers is an object", "[]"},
    {"\"headers\":{\"a b\":\"c\"}", "no header name", "\"a b\""},
    {"\"headers\":{\"Host\":\"c\"}", "cannot be set", "\"Host\""},
    {"\"headers\":{\"content-length\":\"c\"}", "cannot be set", "\"content"},
    {"\"headers\":{\"a\":1}", "takes a text", "1"},
    {"\"headers\":{\"a\":{\"fromenv\":\"b\"}}", "takes a text", "{\"fromenv"},
    {"\"headers\":{\"a\":{\"fromEnv\":\"\"}}", "takes a text", "{\"fromEnv"},
    {"\"headers\":{\"a\":{\"fromEnv\":\"A=B\"}}", "takes a text", "{\"fromEnv"},
    {"\"headers\":{\"a\":\"b\\r\\nc: d\"}", "no header can hold", "\"b"},
    {"\"headers\":{\"a\":\"b\\u0100\"}", "no header can hold", "\"b"},
    {"\"headers\":{\"a\":\"b\",\"A\":\"b\"}", "\"A\" twice", "\"A\""},
    {"\"httpOnly\":1", "httpOnly is true or false", "1"},
    {"\"schemes\":\"http\"", "schemes is an array", "\"http\""},
    {"\"schemes\":[]", "schemes is an array", "[]"},
    {"\"schemes\":[\"ftp\"]", "\"https\" and \"http\" are known", "\"ftp\""},
    {"\"schemes\":[1]", "\"https\" and \"http\" are known", "1"},
    {"\"schemes\":[\"http\"],\"httpOnly\":false", "schemes alone", "\"httpOnly\""},
    {"\"allowPrivate\":\"yes\"", "allowPrivate is true or false", "\"yes\""},
    {"\"caFile\":\"\"", "caFile names a file", "\"\""},
    {"\"caFile\":1", "caFile names a file", "1"},
};

static void test_members_of_rules(void)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char text[300];

        snprintf(text, sizeof text, "{\"allow\":[\"x\",{\"host\":\"a\",%s}]}", bad[i].member);
        reads(text, bad[i].want, bad[i].at);
    }
}

static int scheme_allowed(const char *members, int https)
{
    char text[300], why[400];
    struct fetch_question q = {
        .https = https, .host = "a", .port = https ? 443 : 80, .path = "/", .method = "GET"};
    struct fetch_rules rules;
    struct fetch_fault fault;
    int allowed;

    snprintf(text, sizeof text, "{\"allow\":[{\"host\":\"a\"%s}]}", members);
    allowed = fetch_rules_read(&rules, json_of(text), 0, &fault) == 0 &&
              fetch_rules_ask(&rules, &q, why, sizeof why) != NULL;
    fetch_rules_free(&rules);
    return allowed;
}

static void test_schemes(void)
{
    static const struct {
        const char *members;
        int https, http;
    } rows[] = {
        {"", 1, 0},
        {",\"schemes\":[\"https\"]", 1, 0},
        {",\"schemes\":[\"http\"]", 0, 1},
        {",\"schemes\":[\"http\",\"https\"]", 1, 1},
        {",\"httpOnly\":false", 1, 1},
        {",\"httpOnly\":true", 1, 0},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ok(scheme_allowed(rows[i].members, 1) == rows[i].https, "https, with members %s", rows[i].members);
        ok(scheme_allowed(rows[i].members, 0) == rows[i].http, "http, with members %s", rows[i].members);
    }
}

static int matches(const char *path, const char *glob)
{
    return path_matches(path, strlen(path), glob);
}

/* The definition of globs, in the plainest way. */
static int slow_match(const char *path, const char *glob)
{
    if (!*glob)
        return !*path;
    if (*glob == '*') {
        int both = glob[1] == '*';
        const char *rest = glob + 1 + both;

        return slow_match(path, rest) || (*path && (both || *path != '/') && slow_match(path + 1, glob));
    }
    return *path == *glob && slow_match(path + 1, glob + 1);
}

static void test_globs(void)
{
    static const char letters[] = "/a*b";
    unsigned seed = 1;
    int agree = 1;

    ok(matches("/v1/a", "/v1/*") && !matches("/v1/a/b", "/v1/*") && matches("/v1/", "/v1/*"), "one star");
    ok(matches("/v1/a/b", "/v1/**") && matches("/v1/", "/v1/**") && !matches("/v1", "/v1/**"), "two stars");
    ok(matches("/a/x/y/b", "/a/**/b") && !matches("/a/b", "/a/**/b") && !matches("/a/x/bc", "/a/**/b"),
       "in between");
    ok(matches("/a", "/a") && !matches("/A", "/a") && !matches("/ab", "/a"), "all else is itself");
    for (int i = 0; i < 200000; i++) {
        char path[8], glob[8];
        size_t n;

        for (n = 0; n < 7; n++) {
            seed = seed * 1103515245 + 12345;
            path[n] = "/ab"[(seed >> 16) % 3];
            glob[n] = letters[(seed >> 20) % 4];
        }
        path[(seed >> 8) % 8] = glob[(seed >> 12) % 8] = path[7] = glob[7] = 0;
        agree &= strstr(glob, "***") || matches(path, glob) == slow_match(path, glob);
    }
    ok(agree, "as a plain matcher has it");
}

static void canonical(const char *path, const char *want)
{
    struct buf out = {0};
    const char *wrong = path_canonical(path, strlen(path), &out);

    is_text(wrong ? wrong : out.data, wrong ? strlen(wrong) : out.len, want, path);
    buf_free(&out);
}

static void test_paths(void)
{
    canonical("/", "/");
    canonical("/%41%7e%2D", "/A~-");
    canonical("/%c3%a9%20*%2A", "/%C3%A9%20*%2A");
    canonical("/a/", "/a/");
    canonical("/...", "/...");
    canonical("/..a", "/..a");
    canonical("/a%2fb", "an encoded slash");
    canonical("/a%5Cb", "an encoded backslash");
    canonical("/a\\b", "a backslash");
    canonical("/a%00", "an encoded control character");
    canonical("/a%7f", "an encoded control character");
    canonical("/%2e", "a dot segment");
    canonical("/a/%2E./b", "a dot segment");
    canonical("/..;x=1/b", "a dot segment");
    canonical("//a", "an empty segment");
    canonical("/a//b", "an empty segment");
    canonical("/%252e", "an escape that is escaped itself");
    canonical("/%255%33", "an escape that is escaped itself");
    canonical("/%25%35%32e", "an escape that is escaped itself");
    canonical("/%25zz", "/%25zz");
    canonical("/%", "a percent sign that is no escape");
    canonical("/%4", "a percent sign that is no escape");
    canonical("/a b", "a character that must be escaped");
}

static void test_headers(void)
{
    struct buf out = {0};

    ok(header_is_token("X-a!1", 5) && !header_is_token("", 0) && !header_is_token("a:", 2) &&
           !header_is_token("a\0b", 3),
       "names");
    ok(header_reserved("HOST") && header_reserved("Proxy-Anything") && !header_reserved("x-proxy"),
       "reserved names");
    is_int(header_value(&out, json_of("\" \\tca\\u00e9 \"")), 0, "a value");
    is_text(out.data, out.len, "ca\xe9", "is bytes without blanks around them");
    out.len = 0;
    header_quote(&out, "a\xe9\"\\", 4);
    is_text(out.data, out.len, "\"a\xc3\xa9\\\"\\\\\"", "and the other way");
    is_int(header_value(&out, json_of("\"\\n\"")), -1, "no line break");
    is_int(header_value(&out, json_of("\"\\u010a\"")), -1, "nothing that would become one");
    is_int(header_value(&out, json_of("\"\\ud800\"")), -1, "no surrogate");
    buf_free(&out);
}

int main(void)
{
    test_definitions();
    test_hosts();
    test_members_of_rules();
    test_schemes();
    test_globs();
    test_paths();
    test_headers();
    return done_testing();
}
