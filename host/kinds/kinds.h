/* SPDX-License-Identifier: MIT */
/* host/kinds/kinds.h - the kinds of stub definitions: one row and one file each.
 *
 * A new kind is a name in ISO_STUB_KINDS, in the order of iso4-globals(5), and a file in this folder that defines
 * `const struct stub_kind stub_NAME`, see host/declared/stubs.h. Several kinds that work the same way may share a
 * file. No other part of iso4 refers to a kind by its name. */
#ifndef ISO_HOST_KINDS_KINDS_H
#define ISO_HOST_KINDS_KINDS_H
#include "host/declared/stubs.h"

#define ISO_STUB_KINDS(X) \
    X(value)              \
    X(expression)         \
    X(members)            \
    X(returns)            \
    X(throws)             \
    X(cases)              \
    X(sequence)           \
    X(command)            \
    X(service)            \
    X(caller)             \
    X(mcp)                \
    X(fetch)

#define X(name) extern const struct stub_kind stub_##name;
ISO_STUB_KINDS(X)
#undef X

#endif
