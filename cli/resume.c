/* SPDX-License-Identifier: MIT */
#include "cli/resume.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "core/file.h"
#include "core/hash.h"

/* A hash table with open addressing. Its keys, the texts of ids, stand one after the other in `texts`. */
struct resume {
    struct buf texts;
    size_t *slots; /* offset into texts, plus 1; 0: empty */
    size_t size, count;
};

/* Makes the key of an id. The number 1 and the string "1" are different ids, so keys of strings have a mark. */
static int id_key(struct buf *key, struct json id)
{
    buf_reset(key);
    if (json_kind(id) == JSON_STRING) {
        buf_byte(key, '"');
        json_decode(key, id);
    } else {
        buf_add(key, id.at, id.len);
    }
    return key->failed ? -1 : 0;
}

static size_t *find_id(const struct resume *a, const struct buf *key)
{
    size_t at = hash_more(HASH_START, key->data, key->len) & (a->size - 1);

    for (; a->slots[at]; at = (at + 1) & (a->size - 1)) {
        uint32_t len;
        const char *entry = a->texts.data + a->slots[at] - 1;

        memcpy(&len, entry, sizeof len);
        if (len == key->len && memcmp(entry + sizeof len, key->data, len) == 0)
            break;
    }
    return &a->slots[at];
}

static int grow(struct resume *a)
{
    struct resume larger = {.texts = a->texts, .size = a->size ? 2 * a->size : 1024};
    struct buf key = {0};

    larger.slots = calloc(larger.size, sizeof *larger.slots);
    if (!larger.slots)
        return -1;
    for (size_t i = 0; i < a->size; i++) {
        uint32_t len;
        if (!a->slots[i])
            continue;
        memcpy(&len, a->texts.data + a->slots[i] - 1, sizeof len);
        buf_reset(&key);
        buf_add(&key, a->texts.data + a->slots[i] - 1 + sizeof len, len);
        *find_id(&larger, &key) = a->slots[i];
    }
    buf_free(&key);
    free(a->slots);
    a->slots = larger.slots;
    a->size = larger.size;
    return 0;
}

static int add_id(struct resume *a, const struct buf *key)
{
    uint32_t len = (uint32_t)key->len;
    size_t *slot;

    if (2 * a->count >= a->size && grow(a) < 0)
        return -1;
    slot = find_id(a, key);
    if (*slot)
        return 0;
    *slot = a->texts.len + 1;
    a->count++;
    buf_add(&a->texts, &len, sizeof len);
    buf_add(&a->texts, key->data, key->len);
    return a->texts.failed ? -1 : 0;
}

/* 1 when the result in a line answers its job: it is ok, or its code is final. 0 for other codes, also for unknown
 * ones. -1: the line is not a result. */
static int is_answer(struct json line)
{
    struct json ok = json_member(line, "ok"), code = json_member(json_member(line, "error"), "code");
    AUTO_BUF struct buf name = {0};
    int known;

    if (!ok.at || json_kind(ok) != JSON_BOOL)
        return -1;
    if (*ok.at == 't')
        return 1;
    if (code.at && json_kind(code) == JSON_STRING)
        json_decode(&name, code);
    buf_byte(&name, 0);
    known = name.failed ? -1 : iso_code_by_name(name.data);
    return known >= 0 && iso_code_final((enum iso_code)known);
}

static int take_result_line(struct resume *a, struct json line, struct buf *key, const char *path,
                            uint64_t number, struct iso_err *err)
{
    struct json id = json_member(line, "id");
    int answer = json_kind(line) == JSON_OBJECT ? is_answer(line) : -1;

    if (answer < 0)
        return iso_fail(err, ISO_USAGE,
                        "line %" PRIu64
                        " of '%.200s' is no result of iso4 batch: --resume takes an earlier output",
                        number, path);
    if (!answer || !id.at || (json_kind(id) != JSON_STRING && json_kind(id) != JSON_NUMBER))
        return 0;
    return id_key(key, id) < 0 || add_id(a, key) < 0 ? iso_fail(err, ISO_INTERNAL, "out of memory") : 0;
}

static int read_all(struct resume *a, FILE *f, const char *path, struct iso_err *err)
{
    struct buf key = {0};
    char *line = NULL;
    size_t room = 0;
    ssize_t n;
    int rc = 0;

    for (uint64_t number = 1; rc == 0 && (n = getline(&line, &room, f)) > 0; number++)
        if (json_check(line, (size_t)n, NULL, NULL) == 0) /* an invalid line was cut off: ignored */
            rc = take_result_line(a, json_whole(line, (size_t)n), &key, path, number, err);
    free(line);
    buf_free(&key);
    if (rc == 0 && ferror(f))
        rc = iso_fail(err, ISO_USAGE, "cannot read '%.200s': %m", path);
    return rc;
}

struct resume *resume_read(const char *path, struct iso_err *err)
{
    struct resume *a = calloc(1, sizeof *a);
    FILE *f = NULL;
    int rc = -1;

    if (!a || grow(a) < 0)
        iso_fail(err, ISO_INTERNAL, "out of memory");
    else if ((f = fopen(path, "re")))
        rc = read_all(a, f, path, err);
    else
        rc = errno == ENOENT ? 0 : iso_fail(err, ISO_USAGE, "cannot read '%.200s': %m", path);
    if (f)
        fclose(f);
    if (rc == 0)
        return a;
    resume_free(a);
    return NULL;
}

int resume_has(const struct resume *a, struct json id)
{
    struct buf key = {0};
    int has = id_key(&key, id) == 0 && *find_id(a, &key) != 0;

    buf_free(&key);
    return has;
}

void resume_free(struct resume *a)
{
    if (!a)
        return;
    buf_free(&a->texts);
    free(a->slots);
    free(a);
}
