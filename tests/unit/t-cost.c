/* SPDX-License-Identifier: MIT */
/* One line of a batch, one definition, one manifest costs time and memory in proportion to its size, whatever
 * stands in it. Each shape has about a million bytes. What grew with the square of it took a minute or
 * gigabytes; the bounds leave ten times what a slow machine takes. */
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
#define MOST_MIB     256

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

/* Reads, rebinds by the same definitions, and prints what is done with them later. */
static int use_definitions(const struct buf *text)
{
    struct globals g = {0}, given = {0};
    struct buf out = {0};
    struct iso_err err;
    struct json whole = json_whole(text->data, text->len);
    int rc = globals_inline(&g, "job 1", text->data, whole, &err);

    if (rc == 0 && (globals_inline(&given, "job 2", text->data, whole, &err) < 0 ||
                    globals_rebind(&g, &given, &err) < 0))
        puts("# the definitions cannot be rebound");
    globals_to_install(&g, &out);
    globals_free(&given);
    globals_free(&g);
    buf_free(&out);
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
        _exit(json_reads(&text) < 0 ? 2 : use_definitions(&text) < 0);
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
    costs_little("arguments of a program", 0,
                 filled("{\"f\":{\"command\":[\"true\",", "\"%d\",\"%d\"", "]}}"));
    return done_testing();
}
