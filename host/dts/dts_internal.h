/* SPDX-License-Identifier: MIT */
/* host/dts/dts_internal.h - types in the making: what is joined by | or &, and where parentheses are needed. */
#ifndef ISO_HOST_DTS_DTS_INTERNAL_H
#define ISO_HOST_DTS_DTS_INTERNAL_H
#include "host/dts/dts.h"

/* What a text is as an operand. */
enum binding { BINDS_ALONE, BINDS_BY_AND, BINDS_BY_OR };

struct dts_type {
    struct buf text;
    enum binding binding;
};

/* Different types, in the order in which they were added. */
struct dts_list {
    struct dts_type *types;
    size_t count;
    int failed;
};

/* Takes the type; one that is there already is not added again. */
void dts_add(struct dts_list *list, struct dts_type type);
void dts_add_text(struct dts_list *list, const char *text);
int dts_has(const struct dts_list *list, const char *text);
/* The list as one type, and nothing left of it. Joined by BINDS_BY_OR, "unknown" takes in all others, and
 * nothing is "never"; by BINDS_BY_AND, it is left out, and nothing is "unknown". */
struct dts_type dts_join(struct dts_list *list, enum binding by);
void dts_drop(struct dts_list *list);
/* A type as an operand of what binds tighter than it may. */
void dts_put_operand(struct buf *out, const struct dts_type *type);

void dts_indent(struct buf *out, int indent);
/* The type that has but one value. */
void dts_literal(struct buf *out, struct json value);

#endif
