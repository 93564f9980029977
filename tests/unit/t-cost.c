/* SPDX-License-Identifier: MIT */
/* One line of a batch, one definition, one manifest costs time and memory in proportion to its size, whatever
 * stands in it. Each shape has about a million bytes. What grew with the square of it took a minute or
 * gigabytes; the bounds leave ten times what a slow machine takes. AddressSanitizer puts red zones around each
 * block and keeps up to 256 MiB of freed ones (quarantine_size_mb), so its build gets that on top. */
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/json.h"
#include "host/declared/globals.h"
#include "tests/tap.h"

#define BYTES        1000000
#define MOST_SECONDS 10
#ifndef __has_feature /* gcc before 14 */
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define MOST_MIB (4 * 256 + 256)
#else
#define MOST_MIB 256
#endif

/* Repeats a format with a number, from 0, until the text has its bytes; commas between. */
static struct buf filled(const char *before, const char *each, const char *after)
{
    struct buf b = {0};

    buf_str(&b, before);
    for (int i = 0; b.len < BYTES; i++) {
        buf_str(&b, i ? "," : "");
        buf_printf(&b, each, i, i);
    }
    buf_str(&b, after);
    return b;
}

static int json_reads(const struct buf *text)
{
    return json_check(text->data, text->len, NULL, NULL);
}

/* Rebinds definitions by the same, and prints what is done with them later. */
static void use_definitions(struct globals *g, struct json whole)
{
    struct globals given = {0};
    struct buf out = {0};
    struct iso_err err;

    if (globals_inline(&given, "job 2", whole.at, whole, &err) < 0 || globals_rebind(g, &given, &err) < 0)
        _exit(3);
    globals_to_install(g, &out);
    globals_free(&given);
    buf_free(&out);
}

static int read_definitions(const struct buf *text)
{
    struct globals g = {0};
    struct iso_err err;
    struct json whole = json_whole(text->data, text->len);
    int rc = globals_inline(&g, "job 1", text->data, whole, &err);

    if (rc == 0)
        use_definitions(&g, whole);
    globals_free(&g);
    return rc;
}

/* In a process of its own, whose use of memory and time is its own. */
static void costs_little(const char *name, int want, struct buf text)
{
    struct rusage used;
    int status = 1;
    pid_t child;

    fflush(stdout);
    child = fork();
    if (child == 0) {
        alarm(6 * MOST_SECONDS); /* a busy machine; the CPU time is what is checked */
        _exit(json_reads(&text) < 0 ? 2 : read_definitions(&text) < 0);
    }
    wait4(child, &status, 0, &used);
    ok(WIFEXITED(status) && WEXITSTATUS(status) == want, "%s: %s", name, want ? "refused" : "read");
    ok(used.ru_utime.tv_sec + used.ru_stime.tv_sec < MOST_SECONDS, "%s: in %ld s", name,
       used.ru_utime.tv_sec + used.ru_stime.tv_sec);
    ok(used.ru_maxrss < MOST_MIB * 1024L, "%s: with %ld MiB", name, used.ru_maxrss >> 10);
    buf_free(&text);
}

/* A long name above many short ones. */
static struct buf long_paths(void)
{
    struct buf b = {0};

    buf_str(&b, "{\"");
    for (int i = 0; i < BYTES / 2; i++)
        buf_byte(&b, 'n');
    buf_str(&b, "\":{\"members\":{");
    for (int i = 0; b.len < BYTES; i++)
        buf_printf(&b, "%s\"m%d\":{\"value\":1}", i ? "," : "", i);
    buf_str(&b, "}}}");
    return b;
}

int main(void)
{
    costs_little("globals", 0, filled("{", "\"f%d\":{\"returns\":%d}", "}"));
    costs_little("members", 0, filled("{\"m\":{\"members\":{", "\"f%d\":{\"returns\":%d}", "}}}"));
    costs_little("objects of members", 0, filled("{", "\"f%d\":{\"members\":{\"a\":{\"value\":%d}}}", "}"));
    costs_little("members of a long name", 1, long_paths());
    costs_little("variables of a program", 0,
                 filled("{\"f\":{\"command\":[\"true\"],\"env\":{", "\"N%d\":\"%d\"", "}}}"));
    costs_little("headers of a rule", 0,
                 filled("{\"fetch\":{\"fetch\":{\"allow\":[{\"host\":\"a\",\"headers\":{", "\"N%d\":\"%d\"",
                        "}}]}}}"));
    costs_little("hosts of rules", 0, filled("{\"fetch\":{\"fetch\":{\"allow\":[", "\"h%d.n%d\"", "]}}}"));
    costs_little("cases", 0, filled("{\"f\":{\"cases\":[", "{\"args\":[%d],\"returns\":%d}", "]}}"));
    costs_little("a sequence", 0, filled("{\"f\":{\"sequence\":[", "{\"returns\":[%d,%d]}", "]}}"));
    costs_little("properties of a schema", 0,
                 filled("{\"f\":{\"returns\":1,\"parameters\":{\"properties\":{",
                        "\"p%d\":{\"maxLength\":%d}", "}}}}"));
    costs_little("names that are required", 0,
                 filled("{\"f\":{\"returns\":1,\"parameters\":{\"required\":[", "\"p%d\",\"%d\"", "]}}}"));
    costs_little("words that are no keywords", 0,
                 filled("{\"f\":{\"returns\":1,\"parameters\":{", "\"additional%dProper%dties\":1", "}}}"));
    costs_little("schemas for anything", 0,
                 filled("{\"f\":{\"returns\":1,\"parameters\":{\"allOf\":[", "{},{\"not\":false}", "]}}}"));
    costs_little("patterns", 0,
                 filled("{\"f\":{\"returns\":1,\"parameters\":{\"patternProperties\":{",
                        "\"^(?:p%d|[^q]*%d)$\":{}", "}}}}"));
    costs_little("references", 0,
                 filled("{\"f\":{\"returns\":1,\"parameters\":{\"$defs\":{",
                        "\"d%d\":{\"not\":{\"$ref\":\"#/$defs/d%d\"}}", "}}}}"));
    costs_little("references into annotations", 0,
                 filled("{\"f\":{\"returns\":1,\"parameters\":{\"x-defs\":[{\"type\":\"null\"}],\"allOf\":[",
                        "{\"$ref\":\"#/x-defs/0\",\"maxLength\":%d,\"minLength\":%d}", "]}}}"));
    costs_little("arguments of a program", 0,
                 filled("{\"f\":{\"command\":[\"true\",", "\"%d\",\"%d\"", "]}}"));
    return done_testing();
}
