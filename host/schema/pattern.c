/* SPDX-License-Identifier: MIT */
#include "host/schema/pattern.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* As near to JavaScript with the flag u as PCRE2 comes. */
#define OPTIONS                                                                    \
    (PCRE2_UTF | PCRE2_ALT_BSUX | PCRE2_ALLOW_EMPTY_CLASS | PCRE2_DOLLAR_ENDONLY | \
     PCRE2_MATCH_UNSET_BACKREF | PCRE2_NEVER_BACKSLASH_C | PCRE2_AUTO_CALLOUT)
#define MOST_HEAP_KIB 65536
#define STEP_WORK     16 /* what a step of the matcher takes, in nanoseconds */

struct pattern {
    pcre2_code *code;
    pcre2_match_data *data;
    pcre2_match_context *context;
    int refers_back;
};

/* What the matcher is watched with: it calls back before every item of the pattern. The limits of PCRE2
 * itself count anew from each place where a match may begin, and do not count what one item runs over. */
struct meter {
    uint64_t *work;
    size_t last;
    int refers_back;
};

static int charge(pcre2_callout_block *block, void *of)
{
    struct meter *m = of;
    size_t here = block->current_position, ran = here > m->last ? here - m->last : m->last - here;
    /* A reference compares up to all of the text without moving. */
    uint64_t cost = STEP_WORK + ran + (m->refers_back ? block->subject_length / 16 : 0);

    m->last = here;
    if (cost > *m->work)
        return PCRE2_ERROR_MATCHLIMIT;
    *m->work -= cost;
    return 0;
}

static pcre2_code *compile(const struct buf *text, char why[160])
{
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    PCRE2_UCHAR message[120];
    PCRE2_SIZE at;
    pcre2_code *code;
    int number;

    if (!context) {
        snprintf(why, 160, "no memory");
        return NULL;
    }
    pcre2_set_newline(context, PCRE2_NEWLINE_ANYCRLF);
    pcre2_set_compile_extra_options(context, PCRE2_EXTRA_ALT_BSUX);
    code =
        pcre2_compile((PCRE2_SPTR)(text->len ? text->data : ""), text->len, OPTIONS, &number, &at, context);
    pcre2_compile_context_free(context);
    if (!code) {
        pcre2_get_error_message(number, message, sizeof message);
        snprintf(why, 160, "%s, at offset %zu", (char *)message, (size_t)at);
    }
    return code;
}

static int prepare(struct pattern *p)
{
    uint32_t highest = 0;

    p->data = pcre2_match_data_create(1, NULL);
    p->context = pcre2_match_context_create(NULL);
    if (!p->data || !p->context)
        return -1;
    pcre2_set_heap_limit(p->context, MOST_HEAP_KIB);
    pcre2_pattern_info(p->code, PCRE2_INFO_BACKREFMAX, &highest);
    p->refers_back = highest > 0;
    return 0;
}

struct pattern *pattern_compile(struct json literal, char why[160])
{
    struct pattern *p = calloc(1, sizeof *p);
    struct buf text = {0};

    json_decode(&text, literal);
    snprintf(why, 160, "no memory");
    if (p && !text.failed)
        p->code = compile(&text, why);
    buf_free(&text);
    if (p && p->code && prepare(p) == 0)
        return p;
    pattern_free(p);
    return NULL;
}

void pattern_free(struct pattern *p)
{
    if (!p)
        return;
    pcre2_match_context_free(p->context);
    pcre2_match_data_free(p->data);
    pcre2_code_free(p->code);
    free(p);
}

/* PCRE2 takes UTF-8 only, where a surrogate cannot be: U+FFFD is as long. */
static void replace_surrogates(struct buf *text)
{
    for (size_t i = 0; i < text->len; i++)
        if ((unsigned char)text->data[i] == 0xed && (unsigned char)text->data[i + 1] >= 0xa0)
            memcpy(text->data + i, "\xef\xbf\xbd", 3);
}

int pattern_match(const struct pattern *p, struct json literal, uint64_t *work)
{
    struct meter m = {.work = work, .refers_back = p->refers_back};
    struct buf text = {0};
    int rc = PCRE2_ERROR_NOMEMORY;

    json_decode(&text, literal);
    replace_surrogates(&text);
    pcre2_set_callout(p->context, charge, &m);
    if (!text.failed)
        rc = pcre2_match(p->code, (PCRE2_SPTR)(text.len ? text.data : ""), text.len, 0, 0, p->data,
                         p->context);
    buf_free(&text);
    return rc >= 0 ? 1 : rc == PCRE2_ERROR_NOMATCH ? 0 : -1;
}
