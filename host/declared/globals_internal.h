/* SPDX-License-Identifier: MIT */
/* host/declared/globals_internal.h - what the files that make up host/declared/globals.h share. */
#ifndef ISO_HOST_DECLARED_GLOBALS_INTERNAL_H
#define ISO_HOST_DECLARED_GLOBALS_INTERNAL_H
#include "host/declared/globals.h"

struct globals_document {
    int kept;                 /* the definitions were checked when they were made */
    struct buf text;          /* owned, unless borrowed from a snapshot's manifest */
    struct json whole;        /* the definitions */
    struct json apart;        /* borrowed; the texts of the snapshot that it is from */
    char *dir;                /* absolute; paths of programs are relative to it */
    struct stub_parts *parts; /* owned; of the stubs that were read from it */
    int imports;              /* its definitions are exports of host modules */
    char *name;               /* owned; for messages; NULL: a snapshot's */
    const char *start; /* the text that holds `whole`, in which lines are counted; NULL: a snapshot's */
    struct globals_document *next;
};

/* Writes "'a.b'", for messages; a long name is cut. */
void globals_name(char *to, size_t size, const struct stub *s);
int globals_in_module(const struct globals *g, const struct stub *s);
/* "export" or "global", for messages. */
const char *globals_sort(const struct globals *g, const struct stub *s);
/* Writes "file.json:3:5: ", the place where the stub is defined; "" when a snapshot holds it. */
void globals_where(char *to, size_t size, const struct globals *g, const struct stub *s);

/* Like globals_inline(), for definitions that iso4 itself makes. Their schemas are known to compile. */
int globals_inline_checked(struct globals *g, const char *name, struct json whole, struct iso_err *err);

#endif
