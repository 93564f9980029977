/* SPDX-License-Identifier: MIT */
/* service.c - a service for tests and benchmarks: JSON-RPC, one message a line, in all the ways of doing it.
 *
 *   service answer TEMPLATE...   for each request a line of each; % stands for its id, @ for its params, #
 * for its method, and & for the process's id service pieces TEMPLATE...   the same, written byte by byte
 *   service reverse N TEMPLATE   answers N requests at a time, the last one first
 *   service late MS              answers the first request with "late" after MS, all others with "now" at
 * once service dies N STATUS        answers N requests, then exits, having said so on standard error service
 * half STATUS          writes half an answer and exits service raises SIGNAL        dies of it with the first
 * request service silent               reads and says nothing service deaf                 does not even read
 *   service flood                one line that does not end
 *   service noise BYTES TEMPLATE writes so much to standard error before each answer */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct request {
    char *line;
    long id;
    char *method, *params; /* within the line */
};

/* Only what iso4 writes, in its order: this is no parser. */
static int read_request(struct request *r)
{
    size_t size = 0;
    ssize_t n;
    char *id, *end;

    r->line = NULL;
    n = getline(&r->line, &size, stdin);
    if (n < 2)
        return 0;
    r->line[n - 2] = 0; /* the last brace */
    id = strstr(r->line, "\"id\":");
    r->method = strstr(r->line, "\"method\":");
    r->params = strstr(r->line, ",\"params\":");
    if (!id || !r->method || !r->params)
        exit(90);
    r->id = strtol(id + 5, &end, 10);
    r->method += 9;
    *r->params = 0;
    r->params += 10;
    return 1;
}

static void say(const char *template, const struct request *r, FILE *out)
{
    for (; *template; template ++)
        switch (*template) {
        case '%':
            fprintf(out, "%ld", r->id);
            break;
        case '@':
            fputs(r->params, out);
            break;
        case '#':
            fputs(r->method, out);
            break;
        case '&':
            fprintf(out, "%ld", (long)getpid());
            break;
        default:
            fputc(*template, out);
        }
    fputc('\n', out);
}

static void wait_ms(long ms)
{
    struct timespec t = {ms / 1000, ms % 1000 * 1000000};

    nanosleep(&t, NULL);
}

static void answer(char **templates)
{
    struct request r;

    while (read_request(&r)) {
        for (char **t = templates; *t; t++)
            say(*t, &r, stdout);
        fflush(stdout);
        free(r.line);
    }
}

static void reverse(size_t count, const char *template)
{
    struct request *all = calloc(count, sizeof *all);
    size_t n = 0;

    while (all && read_request(&all[n])) {
        if (++n < count)
            continue;
        while (n > 0)
            say(template, &all[--n], stdout);
        fflush(stdout);
    }
}

static void late(long ms)
{
    struct request first, r;

    if (!read_request(&first))
        return;
    wait_ms(ms);
    say("{\"id\":%,\"result\":\"late\"}", &first, stdout);
    fflush(stdout);
    while (read_request(&r)) {
        say("{\"id\":%,\"result\":\"now\"}", &r, stdout);
        fflush(stdout);
    }
}

static void dies(long after, int status)
{
    struct request r;

    while (read_request(&r)) {
        if (after-- == 0) {
            fputs("nothing works any more\n", stderr);
            exit(status);
        }
        say("{\"id\":%,\"result\":&}", &r, stdout);
        fflush(stdout);
    }
}

static void noise(size_t bytes, const char *template)
{
    char *words = calloc(1, bytes + 1);
    struct request r;

    while (words && read_request(&r)) {
        fwrite(words, 1, bytes, stderr);
        say(template, &r, stdout);
        fflush(stdout);
    }
}

int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "";
    struct request r;

    if (strcmp(how, "deaf") == 0)
        for (;;)
            wait_ms(1000);
    if (strcmp(how, "pieces") == 0)
        setvbuf(stdout, NULL, _IONBF, 0);
    if (strcmp(how, "answer") == 0 || strcmp(how, "pieces") == 0)
        answer(argv + 2);
    else if (strcmp(how, "reverse") == 0 && argc > 3)
        reverse((size_t)atol(argv[2]), argv[3]);
    else if (strcmp(how, "late") == 0 && argc > 2)
        late(atol(argv[2]));
    else if (strcmp(how, "dies") == 0 && argc > 3)
        dies(atol(argv[2]), atoi(argv[3]));
    else if (strcmp(how, "noise") == 0 && argc > 3)
        noise((size_t)atol(argv[2]), argv[3]);
    else if (strcmp(how, "half") == 0 && argc > 2 && read_request(&r))
        return printf("{\"id\":%ld,\"res", r.id) < 0 ? 91 : atoi(argv[2]);
    else if (strcmp(how, "raises") == 0 && argc > 2 && read_request(&r))
        raise(atoi(argv[2]));
    else if (strcmp(how, "flood") == 0 && read_request(&r))
        for (;;)
            fputs("[0,", stdout);
    else if (strcmp(how, "silent") == 0)
        while (read_request(&r))
            free(r.line);
    else
        return 92;
    return 0;
}
