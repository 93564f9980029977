/* SPDX-License-Identifier: MIT */
#include "host/dts/declare.h"

#include <stdlib.h>
#include <string.h>

#include "host/declared/arguments.h"
#include "host/dts/dts.h"
#include "host/dts/signature.h"

#define STEP 2

static void spaces(struct buf *out, int n)
{
    while (n-- > 0)
        buf_byte(out, ' ');
}

static void put_result(struct buf *out, const struct stub *s, int indent)
{
    struct json result = stub_option(s, STUB_OPTION_RESULT);

    buf_str(out, "Promise<");
    if (s->options[STUB_OPTION_SHIM].at || !result.at)
        buf_str(out, "unknown"); /* the result of a shim has no schema */
    else
        dts_type(out, result, indent);
    buf_byte(out, '>');
}

void declare_function(const struct stub *s, const char *arrow, int indent, struct buf *out)
{
    buf_byte(out, '(');
    dts_parameters(out, stub_option(s, STUB_OPTION_PARAMETERS), indent);
    buf_printf(out, ")%s", arrow);
    put_result(out, s, indent);
}

/* The definitions, and those of them to declare: the places set in chosen[]; NULL: all. */
struct surface {
    const struct globals *g;
    const unsigned char *chosen;
};

static void put_object_type(struct buf *out, const struct surface *d, size_t self, int indent);

/* The type of a property or a constant. */
static void put_type(struct buf *out, const struct surface *d, size_t at, int indent)
{
    const struct stub *s = &d->g->stubs[at];

    if (s->kind == &stub_members)
        put_object_type(out, d, at, indent);
    else
        s->kind->type(s, " => ", indent, out);
}

/* The rest of a declaration, after its first word. */
static void put_rest(struct buf *out, const struct surface *d, size_t at, int indent)
{
    const struct stub *s = &d->g->stubs[at];

    dts_property_name(out, s->name);
    if (stub_is_callable(s)) {
        s->kind->type(s, ": ", indent, out);
    } else {
        buf_str(out, ": ");
        put_type(out, d, at, indent);
    }
    buf_str(out, ";\n");
}

/* One member of an object type. */
static void put_member_type(struct buf *out, const struct surface *d, size_t at, int indent)
{
    const struct stub *s = &d->g->stubs[at];

    dts_comment(out, stub_option(s, STUB_OPTION_DESCRIPTION), indent);
    spaces(out, indent);
    put_rest(out, d, at, indent);
}

static int is_declared(const struct surface *d, size_t at)
{
    const struct stub *s = &d->g->stubs[at];

    return d->chosen ? d->chosen[at] : !(s->kind->undeclared && s->kind->undeclared(s));
}

static void put_object_type(struct buf *out, const struct surface *d, size_t self, int indent)
{
    buf_str(out, "{\n");
    /* The members of an object, also nested ones, follow it in the table without gaps. */
    for (size_t i = self + 1; i < d->g->count && d->g->stubs[i].parent >= (int)self; i++)
        if (d->g->stubs[i].parent == (int)self && is_declared(d, i))
            put_member_type(out, d, i, indent + STEP);
    spaces(out, indent);
    buf_byte(out, '}');
}

/* A declaration that begins with `how` ("declare", "export"). */
static void put_named(struct buf *out, const struct surface *d, size_t at, const char *how, int indent)
{
    const struct stub *s = &d->g->stubs[at];

    dts_comment(out, stub_option(s, STUB_OPTION_DESCRIPTION), indent);
    spaces(out, indent);
    buf_printf(out, "%s %s ", how, stub_is_callable(s) ? "function" : "const");
    put_rest(out, d, at, indent);
}

static void put_quoted(struct buf *out, const struct buf *text)
{
    json_quote(out, text->len ? text->data : "", text->len);
}

/* Appends the lines of a text as comments. */
static void put_commented(struct buf *out, const struct buf *text)
{
    const char *line = text->len ? text->data : "", *end = line + text->len, *next;

    for (; line < end; line = next) {
        next = memchr(line, '\n', (size_t)(end - line));
        next = next ? next + 1 : end;
        buf_str(out, "// ");
        buf_add(out, line, (size_t)(next - line));
    }
    out->failed |= text->failed;
}

/* A comment for a name that TypeScript cannot declare, with its description and type: agents use globalThis[...]. */
static void put_unnameable(struct buf *out, const struct surface *d, size_t at)
{
    const struct stub *s = &d->g->stubs[at];
    struct buf name = {0}, text = {0};

    json_decode(&name, s->name);
    buf_str(out, "// globalThis[");
    put_quoted(out, &name);
    buf_str(out, "] is ");
    buf_str(out, stub_is_callable(s) ? "a function" : "a value");
    buf_str(out, ", of a name that cannot be declared here\n");
    dts_comment(&text, stub_option(s, STUB_OPTION_DESCRIPTION), 0);
    buf_str(&text, "globalThis[");
    put_quoted(&text, &name);
    buf_byte(&text, ']');
    if (stub_is_callable(s)) {
        s->kind->type(s, ": ", 0, &text);
    } else {
        buf_str(&text, ": ");
        put_type(&text, d, at, 0);
    }
    buf_str(&text, ";\n");
    put_commented(out, &text);
    buf_free(&name);
    buf_free(&text);
}

/* An export; with a local name when its own cannot be declared. */
static void put_export(struct buf *out, const struct surface *d, size_t at, size_t number)
{
    const struct stub *s = &d->g->stubs[at];

    if (dts_is_identifier(s->name)) {
        put_named(out, d, at, "export", STEP);
        return;
    }
    dts_comment(out, stub_option(s, STUB_OPTION_DESCRIPTION), STEP);
    buf_printf(out, "  const export%zu: ", number);
    put_type(out, d, at, STEP);
    if (json_is(s->name, "default")) {
        buf_printf(out, ";\n  export default export%zu;\n", number);
        return;
    }
    buf_printf(out, ";\n  export { export%zu as ", number);
    buf_add(out, s->name.at, s->name.len);
    buf_str(out, " };\n");
}

static void put_import(struct buf *out, const struct surface *d, const struct import *one)
{
    size_t number = 0;

    buf_str(out, "declare module ");
    put_quoted(out, &one->specifier);
    if (one->stub < 0) {
        buf_str(out, ";\n");
        return;
    }
    buf_str(out, " {\n");
    for (size_t at = (size_t)one->stub + 1; at < d->g->count; at++)
        if (d->g->stubs[at].parent == one->stub)
            put_export(out, d, at, number++);
    buf_str(out, "}\n");
}

static void put_globals(struct buf *out, const struct surface *d)
{
    const struct globals *g = d->g;

    for (size_t at = 0; at < g->count; at++) {
        if (g->stubs[at].parent >= 0 || g->stubs[at].module || !is_declared(d, at))
            continue;
        if (dts_is_identifier(g->stubs[at].name))
            put_named(out, d, at, "declare", 0);
        else
            put_unnameable(out, d, at);
    }
}

void declare_all(struct buf *out, const struct globals *g, const struct imports *i)
{
    struct surface d = {g, NULL};

    put_globals(out, &d);
    for (size_t n = 0; n < i->count; n++)
        put_import(out, &d, &i->list[n]);
}

void declare_chosen(struct buf *out, const struct globals *g, const unsigned char *chosen)
{
    unsigned char *shown = calloc(g->count + 1, 1);
    struct surface d = {g, shown};

    for (size_t i = 0; shown && i < g->count; i++)
        for (int at = chosen[i] ? (int)i : -1; at >= 0; at = g->stubs[at].parent)
            shown[at] = 1;
    if (shown)
        put_globals(out, &d);
    else
        out->failed = 1;
    free(shown);
}
