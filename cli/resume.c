/* SPDX-License-Identifier: MIT */
#include "cli/resume.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "core/hash.h"

/* An open hash table of the ids' texts, one behind the other in `texts`. */
struct resume {
    struct buf texts;
    size_t *slots; /* offset into texts, plus 1; 0: empty */
    size_t size, count;
};

/* A number and a text that look alike are two ids: the text keeps a mark. */
static int key_of(struct buf *key, struct json id)
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

static size_t *find(const struct resume *a, const struct buf *key)
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
        *find(&larger, &key) = a->slots[i];
    }
    buf_free(&key);
    free(a->slots);
    a->slots = larger.slots;
    a->size = larger.size;
    return 0;
}

static int add(struct resume *a, const struct buf *key)
{
    uint32_t len = (uint32_t)key->len;
    size_t *slot;

    if (2 * a->count >= a->size && grow(a) < 0)
        return -1;
    slot = find(a, key);
    if (*slot)
        return 0;
    *slot = a->texts.len + 1;
    a->count++;
    buf_add(&a->texts, &len, sizeof len);
    buf_add(&a->texts, key->data, key->len);
    return a->texts.failed ? -1 : 0;
}

static int read_all(struct resume *a, FILE *f)
{
    struct buf key = {0};
    char *line = NULL;
    size_t room = 0;
    ssize_t n;
    int rc = 0;

    while (rc == 0 && (n = getline(&line, &room, f)) > 0) {
        struct json id;

        if (json_check(line, (size_t)n, NULL, NULL) < 0)
            continue;
        id = json_member(json_whole(line, (size_t)n), "id");
        if (id.at && (json_kind(id) == JSON_STRING || json_kind(id) == JSON_NUMBER))
            rc = key_of(&key, id) < 0 ? -1 : add(a, &key);
    }
    free(line);
    buf_free(&key);
    return rc < 0 || ferror(f) ? -1 : 0;
}

struct resume *resume_read(const char *path, struct iso_err *err)
{
    struct resume *a = calloc(1, sizeof *a);
    FILE *f = a ? fopen(path, "re") : NULL;

    if (a && !f && errno == ENOENT && grow(a) == 0)
        return a;
    if (f && grow(a) == 0 && read_all(a, f) == 0) {
        fclose(f);
        return a;
    }
    iso_fail(err, ISO_USAGE, "cannot read '%.200s': %m", path);
    if (f)
        fclose(f);
    resume_free(a);
    return NULL;
}

int resume_has(const struct resume *a, struct json id)
{
    struct buf key = {0};
    int has = key_of(&key, id) == 0 && *find(a, &key) != 0;

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
