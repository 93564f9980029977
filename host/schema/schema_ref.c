/* SPDX-License-Identifier: MIT */
/* References of a schema to places in its own document. */
#include <stdlib.h>

#include "host/schema/schema_internal.h"

int compile_reference(struct compiler *c, struct keyword_value *ref)
{
    if ((c->reference_count & (c->reference_count - 1)) == 0) { /* at every power of two */
        size_t room = c->reference_count ? 2 * c->reference_count : 1;
        struct keyword_value **more = realloc(c->references, room * sizeof(struct keyword_value *));
        if (!more)
            return compile_no_memory(c);
        c->references = more;
    }
    c->references[c->reference_count++] = ref;
    return 0;
}

static int resolve(struct compiler *c, struct keyword_value *ref)
{
    struct step here = {.kind = STEP_MEMBER, .name = ref->text};
    struct json target;

    if (pointer_follow(&c->pointers, ref->text, &target) < 0)
        return compile_no_memory(c);
    return target.at ? compile_node(c, target, &here, &ref->node)
                     : compile_wrong(c, NULL, "there is nothing at the $ref", ref->text);
}

/* 1 for a reference that leads to references only, in a circle. */
static int leads_nowhere(const struct keyword_value *ref)
{
    int hops = 0;

    for (const struct keyword_value *v = ref; v; v = node_value(v->node, KEYWORD_REF))
        if (hops++ == SCHEMA_MOST_DEPTH)
            return 1;
    return 0;
}

int compile_references(struct compiler *c)
{
    /* Compiling a target may find further references. */
    for (size_t i = 0; i < c->reference_count; i++)
        if (resolve(c, c->references[i]) < 0)
            return -1;
    for (size_t i = 0; i < c->reference_count; i++)
        if (leads_nowhere(c->references[i]))
            return compile_wrong(c, NULL, "leads back to itself: the $ref", c->references[i]->text);
    return 0;
}

void compile_references_free(struct compiler *c)
{
    pointers_free(&c->pointers);
    free(c->references);
}
