/* SPDX-License-Identifier: MIT */
/* resign.c - makes a damaged snapshot look sound, as an attacker who can write the file would.
 *
 *   resign SNAPSHOT NUMBER OUT [HOW]
 *
 * Copies SNAPSHOT to OUT with a mutation of V8's blob that NUMBER decides, always the same for the same number, and
 * with a digest that fits. HOW, or NUMBER modulo the number of ways, picks the kind; it is printed. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "snapshots/head.h"

static uint64_t state;

/* splitmix64 */
static uint64_t draw(uint64_t below)
{
    uint64_t z = (state += 0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return (z ^ z >> 31) % below;
}

static void flip_bit(unsigned char *p, size_t len)
{
    p[draw(len)] ^= (unsigned char)(1u << draw(8));
}

static void flip_bits(unsigned char *p, size_t len)
{
    for (uint64_t n = 2 + draw(30); n > 0; n--)
        flip_bit(p, len);
}

static void set_byte(unsigned char *p, size_t len)
{
    static const unsigned char odd[] = {0, 1, 0x7f, 0x80, 0xff};

    p[draw(len)] = odd[draw(sizeof odd)];
}

static void set_bytes(unsigned char *p, size_t len)
{
    size_t n = 1 + draw(64), at = draw(len - n);

    for (size_t i = 0; i < n; i++)
        p[at + i] = (unsigned char)draw(256);
}

/* Lengths, offsets and tagged values are words. */
static void set_word(unsigned char *p, size_t len)
{
    static const uint64_t odd[] = {0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 0x4141414141414141, UINT64_MAX};
    uint64_t v = odd[draw(sizeof odd / sizeof *odd)];
    size_t width = draw(2) ? 4 : 8;

    memcpy(p + draw((len - 8) / 4) * 4, &v, width);
}

static void add_to_word(unsigned char *p, size_t len)
{
    uint32_t v;
    size_t at = draw((len - 4) / 4) * 4;

    memcpy(&v, p + at, 4);
    v += (uint32_t)draw(33) - 16;
    memcpy(p + at, &v, 4);
}

static void copy_block(unsigned char *p, size_t len)
{
    size_t n = 1 + draw(4096), from = draw(len - n), to = draw(len - n);

    memmove(p + to, p + from, n);
}

static void zero_block(unsigned char *p, size_t len)
{
    size_t n = 1 + draw(4096);

    memset(p + draw(len - n), 0, n);
}

/* V8's own header: version, counts, offsets of the parts. */
static void near_start(unsigned char *p, size_t len)
{
    for (uint64_t n = 1 + draw(4); n > 0; n--)
        p[draw(len < 256 ? len : 256)] = (unsigned char)draw(256);
}

static const struct {
    const char *name;
    void (*mutate)(unsigned char *, size_t);
} ways[] = {
    {"bit", flip_bit},     {"bits", flip_bits},   {"byte", set_byte},
    {"bytes", set_bytes},  {"word", set_word},    {"word-step", add_to_word},
    {"block", copy_block}, {"zeros", zero_block}, {"header", near_start},
};
#define WAYS (sizeof ways / sizeof *ways)

static void __attribute__((noreturn)) die(const char *what)
{
    perror(what);
    exit(2);
}

static unsigned char *read_all(const char *path, size_t *len)
{
    FILE *f = fopen(path, "rbe");
    unsigned char *data = NULL;
    size_t n;

    *len = 0;
    if (!f)
        die(path);
    do {
        data = realloc(data, *len + (1u << 20));
        if (!data)
            die("realloc");
        n = fread(data + *len, 1, 1u << 20, f);
        *len += n;
    } while (n > 0);
    fclose(f);
    return data;
}

int main(int argc, char **argv)
{
    struct snapshot_head head;
    unsigned char *data;
    size_t len, way;
    FILE *out;

    if (argc < 4) {
        fprintf(stderr, "usage: resign SNAPSHOT NUMBER OUT [HOW]\n");
        return 2;
    }
    data = read_all(argv[1], &len);
    if (len < sizeof head || memcmp(data, SNAPSHOT_MAGIC, sizeof head.magic) != 0) {
        fprintf(stderr, "resign: '%s' is no snapshot\n", argv[1]);
        return 2;
    }
    memcpy(&head, data, sizeof head);
    state = strtoull(argv[2], NULL, 10) * 0x2545f4914f6cdd1d + 1;
    way = strtoull(argv[2], NULL, 10) % WAYS;
    for (size_t i = 0; argc > 4 && i < WAYS; i++)
        if (strcmp(ways[i].name, argv[4]) == 0)
            way = i;
    if (argc <= 4 || strcmp(argv[4], "none") != 0)
        ways[way].mutate(data + head.blob_at, (size_t)head.blob_len);
    snapshot_front_digest(&head, data + sizeof head, head.front_digest);
    snapshot_digest(&head, data + sizeof head, len - sizeof head, head.digest);
    memcpy(data, &head, sizeof head);
    out = fopen(argv[3], "wbe");
    if (!out || fwrite(data, 1, len, out) != len || fclose(out) != 0)
        die(argv[3]);
    free(data);
    puts(ways[way].name);
    return 0;
}
