/* SPDX-License-Identifier: MIT */
#include "host/hint/value_hint.h"

#include <string.h>

/* `says` is compared with the end of the message; the first row that fits is used. */
static const struct {
    const char *says, *hint;
} rows[] = {
    {"an async iterator", "Collect the values first: `await Array.fromAsync(iterator)`."},
    {"an iterator", "Collect the values first: `[...iterator]`."},
    {"a thenable", "Put `await` before the value: it has a then() method, as promises have."},
    {"a Response object", "Read it first: `await response.json()` or `await response.text()`."},
    {"a Request object", "Use its parts: `request.url`, `request.method`, `await request.text()`."},
    {"a Headers object", "Use `Object.fromEntries(headers)`."},
    {"a FormData object", "Use `Object.fromEntries(form)`, and read files first: `await file.text()`."},
    {"a URLSearchParams object", "Use `Object.fromEntries(params)` or `String(params)`."},
    {"a Blob object", "Read it first: `await blob.text()` or `await blob.bytes()`."},
    {"a File object", "Read it first: `await file.text()` or `await file.bytes()`."},
    {"a ReadableStream object",
     "Read it first: `await Array.fromAsync(stream)` or `await new Response(stream).text()`."},
    {"Reader object", "Read all of the stream first, and use what it gave."},
    {"Stream object", "Use what is read from `stream.readable`, not the stream."},
    {"Writer object", "Use the data that is written, not its writer."},
    {"an AbortController object", "Use `controller.signal.aborted` and `controller.signal.reason`."},
    {"an AbortSignal object", "Use `signal.aborted` and `signal.reason`."},
    {"a CustomEvent object", "Use its members, such as `event.type` and `event.detail`."},
    {"Event object", "Use its members, such as `event.type`."},
    {"a TextEncoder object", "Use what it makes: `encoder.encode(text)`."},
    {"a TextDecoder object", "Use what it makes: `decoder.decode(bytes)`."},
    {"a Crypto object", "Use what it makes, such as `crypto.randomUUID()`."},
    {"a Segments object", "Collect the segments first: `[...segments]`."},
    {"an Intl.Segmenter object", "Use what it makes: `[...segmenter.segment(text)]`."},
    {"an Intl.Locale object", "Use its text: `String(locale)`."},
    {"an Intl.Collator object", "Use what it makes, such as a list that is sorted by `collator.compare`."},
    {"an Intl.PluralRules object", "Use what it makes: `rules.select(number)`."},
    {"an Intl.DisplayNames object", "Use what it makes: `names.of(code)`."},
    {"Format object", "Use what it makes: `format.format(value)`."},
    {"a CallSite object", "Use its text: `String(site)`."},
    {"a Date object", "It has no toJSON(): use `Date.prototype.toISOString.call(date)`."},
    {" object", "Use plain data in its place: the part of it that matters."},
};

static int ends_with(const char *text, const char *end)
{
    size_t len = strlen(text), most = strlen(end);

    return len >= most && memcmp(text + len - most, end, most) == 0;
}

const char *value_hint(const char *message)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strstr(message, "it is a") && ends_with(message, rows[i].says))
            return rows[i].hint;
    return NULL;
}
