/* SPDX-License-Identifier: MIT */
/* host/dts/dts_internal.h - builds types: joins them with | or &, with parentheses where needed. */
#ifndef ISO_HOST_DTS_DTS_INTERNAL_H
#define ISO_HOST_DTS_DTS_INTERNAL_H
#include "host/dts/dts.h"

/* The outermost operator of a type's text: decides where an operand needs parentheses. */
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

/* Adds a type, unless the list has it already. Takes it over. */
void dts_add(struct dts_list *list, struct dts_type type);
void dts_add_text(struct dts_list *list, const char *text);
int dts_has(const struct dts_list *list, const char *text);
/* Joins the list into one type and empties it. With BINDS_BY_OR, "unknown" includes all others, and an empty list is
 * "never"; with BINDS_BY_AND, "unknown" is left out, and an empty list is "unknown". */
struct dts_type dts_join(struct dts_list *list, enum binding by);
void dts_drop(struct dts_list *list);
/* Writes a type as an operand, in parentheses if it has an operator. */
void dts_put_operand(struct buf *out, const struct dts_type *type);

void dts_indent(struct buf *out, int indent);
/* Appends the type that has only this value. */
void dts_literal(struct buf *out, struct json value);

#endif
