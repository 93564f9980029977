/* SPDX-License-Identifier: MIT */
#include "cli/job_lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/json.h"

/* Lines that are kept, and their bytes. */
#define MOST_KEPT       1024
#define MOST_KEPT_BYTES (1u << 20)

struct kept_line {
    struct kept_line *next;
    struct job_line line;
    struct buf text;
    struct json id; /* .at NULL: it has none, or is_read is 0 */
    int is_read;
};

static int is_blank_line(const struct job_line *line)
{
    for (size_t i = 0; line->text && i < line->len; i++)
        if (!strchr(" \t\r", line->text[i]))
            return 0;
    return line->text != NULL;
}

/* The id of an object; .at NULL: it is no object, or has no id. */
static struct json id_of(const char *text, size_t len)
{
    const struct json none = {NULL, 0};
    struct json id;

    if (!text || json_check(text, len, NULL, NULL) < 0)
        return none;
    id = json_member(json_whole(text, len), "id");
    return id.at && (json_kind(id) == JSON_STRING || json_kind(id) == JSON_NUMBER) ? id : none;
}

/* The id that the line cancels; .at NULL: it does not cancel. A line that has `cancel` and is of another form is
 * refused as a job. */
static struct json cancelled_id(const struct job_line *line)
{
    struct json id = {NULL, 0}, cancel;

    if (!line->text || !memmem(line->text, line->len, "\"cancel\"", 8))
        return id;
    id = id_of(line->text, line->len);
    cancel = id.at ? json_member(json_whole(line->text, line->len), "cancel") : id;
    if (!cancel.at || *cancel.at != 't' || json_count(json_whole(line->text, line->len)) != 2)
        id.at = NULL;
    return id;
}

static void cancel_kept(struct job_lines *l, struct json id)
{
    for (struct kept_line *k = l->first; k; k = k->next) {
        if (!k->is_read)
            k->id = id_of(k->line.text, k->line.len);
        k->is_read = 1;
        if (k->id.at && json_equal(k->id, id) == 1)
            k->line.cancelled = 1;
    }
}

/* Reads a line that is not blank. 1: a job. 2: jobs were cancelled. 0 and -1 as lines_next(). */
static int read_job_line(struct job_lines *l, struct job_line *line)
{
    struct json id;
    int got;

    do {
        *line = (struct job_line){0};
        got = lines_next(&l->lines, &line->text, &line->len);
        line->number = l->lines.number;
    } while (got > 0 && is_blank_line(line));
    if (got <= 0)
        return got;
    id = cancelled_id(line);
    if (!id.at)
        return 1;
    cancel_kept(l, id);
    l->cancel(l->ctx, id);
    return 2;
}

static void free_kept(struct kept_line *k)
{
    if (k)
        buf_free(&k->text);
    free(k);
}

/* -1: no memory. */
static int keep_job_line(struct job_lines *l, const struct job_line *line)
{
    struct kept_line *k = calloc(1, sizeof *k);

    if (!k || (line->text && buf_add(&k->text, line->text, line->len) < 0)) {
        free_kept(k);
        return -1;
    }
    k->line = *line;
    if (line->text)
        k->line.text = k->text.data ? k->text.data : "";
    if (l->last)
        l->last->next = k;
    else
        l->first = k;
    l->last = k;
    l->count++;
    l->bytes += line->len;
    return 0;
}

int job_lines_ahead(struct job_lines *l)
{
    struct job_line line;
    int got, cancelled = 0;

    while (l->count < MOST_KEPT && l->bytes < MOST_KEPT_BYTES && (got = read_job_line(l, &line)) > 0) {
        cancelled |= got == 2;
        if (got == 1 && keep_job_line(l, &line) < 0) {
            l->lines.error =
                ENOMEM; /* the line is lost: no later one may be run as if nothing had happened */
            lines_stop(&l->lines);
        }
    }
    return cancelled;
}

int job_lines_next(struct job_lines *l, struct job_line *line)
{
    struct kept_line *k = l->first;
    int got;

    free_kept(l->taken);
    l->taken = k;
    if (!k) {
        while ((got = read_job_line(l, line)) == 2)
            ;
        return got;
    }
    l->first = k->next;
    if (!l->first)
        l->last = NULL;
    l->count--;
    l->bytes -= k->line.len;
    *line = k->line;
    return 1;
}

uint64_t job_lines_taken(const struct job_lines *l)
{
    return l->lines.taken > l->bytes ? l->lines.taken - l->bytes : 0;
}

void job_lines_drop(struct job_lines *l)
{
    for (struct kept_line *k = l->first, *next; k; k = next) {
        next = k->next;
        free_kept(k);
    }
    free_kept(l->taken);
    l->first = l->last = l->taken = NULL;
    l->count = l->bytes = 0;
}
