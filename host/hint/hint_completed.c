/* SPDX-License-Identifier: MIT */
/* Hints for a run that completed, but perhaps not as its author meant it. */
#include <inttypes.h>

#include "host/hint/hint.h"

/* Writes "`ask` (agent.js:3:22)", and the number of further calls. */
static void put_unawaited(struct buf *out, const struct hint_completed *about)
{
    buf_printf(out, *about->waiting ? "`%s`" : "A host function", about->waiting);
    if (about->source && about->line)
        buf_printf(out, " (%s:%" PRIu64 ":%" PRIu64 ")", about->source->name, about->line, about->column);
    if (about->unawaited > 1)
        buf_printf(out, " and %" PRIu64 " more %s", about->unawaited - 1,
                   about->unawaited > 2 ? "calls" : "call");
    buf_str(out, " had not answered when the code had run to its end");
}

void hint_completed(struct buf *out, const struct hint_completed *about)
{
    if (about->unawaited) {
        put_unawaited(out, about);
        buf_str(out, about->waited_for
                         ? ", and iso4 waited because nothing is exported: put `await` before what is not "
                           "awaited, up to the top level."
                         : ", and what it would have given is lost: put `await` before the call and before "
                           "every function that makes it, as in `await Promise.all(list.map(async ...))`.");
    }
    if (about->nothing)
        buf_printf(out,
                   "%sNothing is exported and nothing was printed: write `export default VALUE` for the "
                   "result, or print it with console.log().",
                   out->len ? " " : "");
}
