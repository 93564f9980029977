/* SPDX-License-Identifier: MIT */
/* libFuzzer target for what fetch looks at without libcurl: definitions, requests, paths, addresses, answers
 * of servers. The first byte says which. */
#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "fetch/request.h"
#include "fetch/response.h"
#include "rules/headers.h"
#include "rules/path.h"
#include "rules/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int holds)
{
    if (!holds)
        abort();
}

static void try_address(const char *text, size_t len)
{
    struct address a, again;
    char spelled[ADDRESS_TEXT];
    const char *what;

    if (address_read(text, len, &a) != 1)
        return;
    (void)address_use(&a, &what);
    must(what && *what);
    if (a.family != AF_INET)
        return;
    address_text(&a, spelled);
    must(address_read(spelled, strlen(spelled), &again) == 1 && memcmp(a.bytes, again.bytes, 4) == 0);
}

/* A canonical form is its own canonical form, and holds nothing that a server could read in another way. */
static void try_path(const char *text, size_t len)
{
    struct buf once = {0}, twice = {0};

    if (len > 2000)
        len = 2000;
    if (!path_canonical(text, len, &once) && once.len) {
        must(!path_canonical(once.data, once.len, &twice));
        must(twice.len == once.len && memcmp(once.data, twice.data, once.len) == 0);
        must(!memmem(once.data, once.len, "/../", 4) && !memmem(once.data, once.len, "//", 2));
        must(!memmem(once.data, once.len, "%2F", 3) && !memchr(once.data, '\\', once.len));
        buf_byte(&twice, 0);
        must(memchr(once.data, '*', once.len) || path_matches(once.data, once.len, twice.data) == 1);
        must(path_matches(once.data, once.len, "**") == 1);
    }
    buf_free(&once);
    buf_free(&twice);
}

static void try_rules(const char *text, size_t len)
{
    struct fetch_rules rules;
    struct fetch_fault fault;
    struct fetch_question q = {.https = 1, .host = "a.example", .port = 443, .path = "/a", .method = "GET"};
    char why[400];

    if (json_check(text, len, NULL, NULL) < 0)
        return;
    if (fetch_rules_read(&rules, json_whole(text, len), (int)len & 1, &fault) == 0)
        (void)fetch_rules_ask(&rules, &q, why, sizeof why);
    else
        must(fault.at >= text && fault.at < text + len && *fault.what);
    fetch_rules_free(&rules);
}

static void try_request(const char *text, size_t len)
{
    struct request r;
    struct refusal why = {0};

    if (json_check(text, len, NULL, NULL) < 0)
        return;
    if (request_read(&r, json_whole(text, len), 1000, &why) == 0) {
        must(header_is_token(r.method, strlen(r.method)));
        for (size_t i = 0; i < r.header_count; i++) {
            must(header_is_token(r.headers[i].name, strlen(r.headers[i].name)));
            must(!strpbrk(r.headers[i].value, "\r\n") && !header_reserved(r.headers[i].name));
        }
        request_to_get(&r);
    } else {
        must(why.reason != REASON_NONE && *why.what);
    }
    request_free(&r);
}

static void try_response(const char *text, size_t len)
{
    struct response r = {.most_body = 100};
    struct refusal why;
    struct buf out = {0};
    const char *end;

    for (; (end = memchr(text, '\n', len)); len -= (size_t)(end + 1 - text), text = end + 1)
        if (response_line(&r, text, (size_t)(end + 1 - text), &why) < 0)
            break;
    (void)response_body(&r, text, len, &why);
    buf_byte(&out, '{');
    response_print(&r, 1, &out);
    buf_byte(&out, '}');
    must(json_check(out.data, out.len, NULL, NULL) == 0);
    buf_free(&out);
    response_free(&r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const tries[])(const char *, size_t) = {try_address, try_path, try_rules, try_request,
                                                          try_response};
    char *text = size ? malloc(size) : NULL; /* of its own, so that ASan sees any byte too far */

    if (!text)
        return 0;
    memcpy(text, data + 1, size - 1);
    if (size > 1)
        tries[data[0] % 5](text, size - 1);
    free(text);
    return 0;
}
