/* SPDX-License-Identifier: MIT */
#include "host/schema/pattern.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define OPTIONS                                                                               \
    (PCRE2_UTF | PCRE2_ALLOW_EMPTY_CLASS | PCRE2_DOLLAR_ENDONLY | PCRE2_MATCH_UNSET_BACKREF | \
     PCRE2_NEVER_BACKSLASH_C | PCRE2_AUTO_CALLOUT)
#define MOST_HEAP_KIB 65536
#define STEP_WORK     16 /* work for a step of the matcher, in nanoseconds */

struct pattern {
    pcre2_code *code;
    int refers_back;
};

/* Measures the work of the matcher, which calls back before every item of the pattern. PCRE2's own limits start again
 * at each place where a match may begin, and do not count the text that one item skips. */
struct meter {
    struct work *work;
    size_t last;
    int refers_back;
};

static int charge(pcre2_callout_block *block, void *of)
{
    struct meter *m = of;
    size_t here = block->current_position, ran = here > m->last ? here - m->last : m->last - here;

    m->last = here;
    /* A back reference may compare all of the text without moving on. */
    return work_spend(m->work, STEP_WORK + ran + (m->refers_back ? block->subject_length / 16 : 0)) < 0
               ? PCRE2_ERROR_MATCHLIMIT
               : 0;
}

/* Switches an optimisation off for patterns with groups "(?". PCRE2 (10.42) counts the length of a lookahead twice when
 * it looks for the start of a match, and so misses "ab" for "(?=b)(?<=a)c?b". In the output of es_pattern_translate()
 * the text "(?" always begins a group. */
static uint32_t options_for(const struct buf *text)
{
    static const char *const around[] = {"(?=", "(?!", "(?<"};

    for (size_t i = 0; i < sizeof around / sizeof *around; i++)
        if (text->len && memmem(text->data, text->len, around[i], 3))
            return OPTIONS | PCRE2_NO_START_OPTIMIZE;
    return OPTIONS;
}

static pcre2_code *compile(const struct buf *text, char why[ES_PATTERN_WHY])
{
    PCRE2_UCHAR message[120];
    PCRE2_SIZE at;
    pcre2_code *code;
    int number;

    code = pcre2_compile((PCRE2_SPTR)(text->len ? text->data : ""), text->len, options_for(text), &number,
                         &at, NULL);
    if (!code) {
        /* Without the offset: it is a place in the translated pattern, which the caller does not know. */
        pcre2_get_error_message(number, message, sizeof message);
        snprintf(why, ES_PATTERN_WHY, "%s", (char *)message);
    }
    return code;
}

struct pattern *pattern_compile(struct json literal, char why[ES_PATTERN_WHY])
{
    struct pattern *p = calloc(1, sizeof *p);
    struct buf text = {0}, translated = {0};
    uint32_t highest = 0;

    json_decode(&text, literal);
    snprintf(why, ES_PATTERN_WHY, "no memory");
    if (p && !text.failed && es_pattern_translate(text.len ? text.data : "", text.len, &translated, why) == 0)
        p->code = compile(&translated, why);
    buf_free(&text);
    buf_free(&translated);
    if (!p || !p->code) {
        pattern_free(p);
        return NULL;
    }
    pcre2_pattern_info(p->code, PCRE2_INFO_BACKREFMAX, &highest);
    p->refers_back = highest > 0;
    return p;
}

void pattern_free(struct pattern *p)
{
    if (!p)
        return;
    pcre2_code_free(p->code);
    free(p);
}

/* ---- matching */

static int matcher_ready(struct matcher *m)
{
    if (!m->data)
        m->data = pcre2_match_data_create(1, NULL);
    if (!m->context && (m->context = pcre2_match_context_create(NULL)))
        pcre2_set_heap_limit(m->context, MOST_HEAP_KIB);
    return m->data && m->context;
}

void matcher_free(struct matcher *m)
{
    pcre2_match_data_free(m->data);
    pcre2_match_context_free(m->context);
    *m = (struct matcher){0};
}

/* Replaces lone surrogates, which PCRE2 does not accept, by U+FFFD, which has the same length. */
static void replace_surrogates(struct buf *text)
{
    for (size_t i = 0; i < text->len; i++)
        if ((unsigned char)text->data[i] == 0xed && (unsigned char)text->data[i + 1] >= 0xa0)
            memcpy(text->data + i, "\xef\xbf\xbd", 3);
}

int pattern_match(const struct pattern *p, struct matcher *m, struct json literal, struct work *work)
{
    struct meter meter = {.work = work, .refers_back = p->refers_back};
    struct buf text = {0};
    int rc = PCRE2_ERROR_NOMEMORY;

    json_decode(&text, literal);
    replace_surrogates(&text);
    if (!text.failed && matcher_ready(m)) {
        pcre2_set_callout(m->context, charge, &meter);
        rc = pcre2_match(p->code, (PCRE2_SPTR)(text.len ? text.data : ""), text.len, 0, 0, m->data,
                         m->context);
    }
    buf_free(&text);
    return rc >= 0 ? 1 : rc == PCRE2_ERROR_NOMATCH ? 0 : -1;
}
