/* SPDX-License-Identifier: MIT */
/* libFuzzer target for host/hint: messages, sources and places that an agent chose. A hint is text in UTF-8, bounded,
 * whatever they are. The input: code, line, column, then message, name and source with zero bytes between. */
#include <stdlib.h>
#include <string.h>

#include "core/utf8.h"
#include "host/hint/codeframe.h"
#include "host/hint/hint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MOST_HINT  4096
#define MOST_FRAME 16384

static void must(int holds)
{
    if (!holds)
        abort();
}

/* The next text, with a NUL; *at moves behind it. */
static char *next_text(const uint8_t *data, size_t size, size_t *at)
{
    const uint8_t *end = memchr(data + *at, 0, size - *at);
    size_t len = end ? (size_t)(end - data) - *at : size - *at;
    char *text = malloc(len + 1);

    must(text != NULL);
    memcpy(text, data + *at, len);
    text[len] = 0;
    *at += len + (end != NULL);
    return text;
}

static void check(const struct buf *out, size_t most)
{
    must(!out->failed && out->len <= most);
    must(out->len == 0 || utf8_check(out->data, out->len) == out->len);
}

static void try_hints(const uint8_t *numbers, const char *message, const char *name, const struct source *s)
{
    struct hint_about about = {.code = (enum iso_code)(numbers[0] % ISO_CODE_COUNT),
                               .message = message,
                               .nearest = numbers[0] & 128 ? name : "",
                               .source = s,
                               .line = numbers[1],
                               .column = numbers[2],
                               .waiting = numbers[0] & 64 ? name : "",
                               .prefix = numbers[3] & 1};
    struct hint_completed completed = {.unawaited = numbers[0],
                                       .waited_for = numbers[3] & 2,
                                       .waiting = name,
                                       .source = s,
                                       .line = numbers[1],
                                       .column = numbers[2],
                                       .nothing = numbers[3] & 4};
    struct buf out = {0};

    hint(&out, &about);
    check(&out, MOST_HINT);
    buf_reset(&out);
    hint_completed(&out, &completed);
    check(&out, MOST_HINT);
    buf_reset(&out);
    codeframe(&out, s, numbers[1], numbers[2]);
    check(&out, MOST_FRAME);
    buf_free(&out);
}

/* Sources and texts of a result are UTF-8 when they come here. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct source s = {.name = (char *)"agent.js"};
    char *message, *name, *source;
    size_t at = 4;

    if (size < 4 || utf8_check((const char *)data + 4, size - 4) != size - 4)
        return 0;
    message = next_text(data, size, &at);
    name = next_text(data, size, &at);
    source = next_text(data, size, &at);
    buf_str(&s.text, source);
    try_hints(data, message, name, &s);
    buf_free(&s.text);
    free(message);
    free(name);
    free(source);
    return 0;
}
