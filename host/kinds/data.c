/* SPDX-License-Identifier: MIT */
/* value, expression and members: data, not functions. */
#include "core/buf.h"
#include "host/declared/stub_values.h"
#include "host/dts/dts.h"
#include "host/kinds/kinds.h"

static void encode_main(const struct stub *s, struct buf *out)
{
    buf_printf(out, ",\"%s\":", s->kind->key);
    buf_add(out, s->main.at, s->main.len);
}

static void value_type(const struct stub *s, const char *arrow, int indent, struct buf *out)
{
    (void)arrow;
    dts_type_of_value(out, s->main, indent);
}

const struct stub_kind stub_value = {
    .key = "value",
    .nature = STUB_IS_VALUE,
    .options = STUB_TAKES_DATA,
    .check = stub_check_any,
    .encode = encode_main,
    .type = value_type,
};

static void expression_type(const struct stub *s, const char *arrow, int indent, struct buf *out)
{
    (void)s, (void)arrow, (void)indent;
    buf_str(out, "any");
}

const struct stub_kind stub_expression = {
    .key = "expression",
    .nature = STUB_IS_EXPRESSION,
    .options = STUB_TAKES_DATA,
    .check = stub_check_text,
    .encode = encode_main,
    .type = expression_type,
};

static STUB_CHECK(members)
{
    return json_kind(v) == JSON_OBJECT ? 0
                                       : stub_fail(place, v.at, err, "%s is an object of definitions", key);
}

/* Members are stubs themselves: host/declared reads them and sends them to the worker, host/dts writes their types. */
const struct stub_kind stub_members = {
    .key = "members",
    .nature = STUB_IS_MEMBERS,
    .options = STUB_TAKES_DATA | STUB_TAKES(APPROVAL),
    .check = stub_check_members,
};
