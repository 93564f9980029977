/* SPDX-License-Identifier: MIT */
#include "cli/guide.h"

#include <inttypes.h>
#include <string.h>

#include "core/error.h"
#include "core/limits.h"

static const char head[] =
    "---\n"
    "name: iso4\n"
    "description: Run JavaScript or TypeScript that you write, in a locked-down process, with the functions "
    "of a host.\n"
    "---\n"
    "\n"
    "# Code that iso4 runs\n"
    "\n"
    "## Write it\n"
    "\n"
    "- One text of JavaScript, as new as V8 knows it, or TypeScript. Send the whole program each time: it "
    "starts in a\n"
    "  fresh process, and nothing of an earlier one is left, except what `store` keeps.\n"
    "- Give the result as `export default VALUE`, as named exports, or with `return VALUE` at the top level. "
    "A text that is\n"
    "  one expression or one function is evaluated, or called. Top-level `await` works.\n"
    "- Results are data: what JSON has, and Map, Set, Date, BigInt, RegExp, Error, typed arrays, NaN and "
    "undefined. They are\n"
    "  not functions, symbols or promises: await those first.\n"
    "- Print with `console.log`. Filter and count in the code, and give the small answer, not the large "
    "data.\n"
    "- Of TypeScript only types are erased. `enum`, namespaces with values, parameter properties, "
    "decorators, `import x =\n"
    "  require()` and JSX are refused: write an object, exports, an assignment, a call, or plain objects.\n"
    "\n"
    "## Use what is there\n"
    "\n"
    "- The language, timers, `console`, URL, text encodings, streams, `structuredClone`, `AbortController`, "
    "`crypto`, Headers,\n"
    "  Request, Response, Blob and FormData.\n"
    "- There is no Node.js, file, network, process, `require`, `eval` or other module. Only specifiers that "
    "the host declared can\n"
    "  be imported.\n"
    "- Functions of the host are globals, or members of modules that the host declared. Each call gives a "
    "promise: await it.\n"
    "  Make calls that do not need one another at the same time, with `Promise.all`.\n"
    "- A call that fails throws: read `error.name`, `error.message` and its other fields, and catch it if "
    "you can go on.\n"
    "- With `store`: `store.get(key)`, `store.set(key, value)`, `store.delete(key)`, `store.keys()`. It is "
    "kept when the run\n"
    "  succeeds. Where it is not declared, there is none.\n"
    "\n"
    "## Read a failure\n"
    "\n"
    "`error.code` says what kind it is, `error.message` what happened, `error.frame` where, with the lines "
    "around it,\n"
    "`error.hint` what to do. Lines and columns are those of the text as you wrote it. Mend that place, and "
    "send the whole program\n"
    "again. `hint` on a run that is ok names what is probably missing: a result, or an `await`.\n"
    "\n"
    "Values that were too long for the budget of the caller end in `… [N more characters]` or "
    "`{\"$type\":\"cut\"}`: ask for less.\n"
    "\n"
    "## Limits\n"
    "\n"
    "Unless the host says otherwise; 0 means none, and in bytes 64 MiB:\n"
    "\n";

static const char for_caller[] =
    "\n"
    "# For the program that calls iso4\n"
    "\n"
    "    iso4 run --compact --globals TOOLS.json - < CODE     one run, one RunResult\n"
    "    iso4 batch --ordered JOBS.jsonl                      a job a line, {\"id\", \"code\"}\n"
    "    iso4 serve, iso4 mcp                                 for clients that stay\n"
    "    iso4 inspect --dts SNAPSHOT                          declarations of what the code may use, for the "
    "prompt\n"
    "\n"
    "Give the model `error.message`, `error.frame` and `error.hint` as they are. `--max-output-bytes N` "
    "keeps a result small,\n"
    "`--spill DIR` keeps what it cuts, `--store FILE` keeps state between turns.\n"
    "\n"
    "## What to retry\n"
    "\n"
    "The exit status says who is at fault, `error.code` how:\n"
    "\n";

static const char foot[] =
    "\nMore: `iso4 help COMMAND`, iso4-howto(7), iso4-result(5), iso4-api(7), iso4-globals(5).\n";

static void print_limits(FILE *to)
{
    for (int i = 0; i < LIMIT_COUNT; i++)
        fprintf(to, "- `%s`: %s, %" PRIu64 "\n", limit_rows[i].json, limit_rows[i].help, limit_rows[i].run);
}

/* Prints the codes of one exit status, in the order of their table. Codes that do not begin with ERR_ are never in a
 * RunResult, and are left out. */
static void print_codes(FILE *to, int status, int final, const char *what)
{
    const char *between = "";

    for (int code = ISO_OK + 1; code < ISO_CODE_COUNT; code++) {
        const char *name = iso_code_name((enum iso_code)code);
        if (strncmp(name, "ERR_", 4) != 0 || iso_code_exit((enum iso_code)code) != status ||
            iso_code_final((enum iso_code)code) != final)
            continue;
        if (!*between)
            fprintf(to, "- %s\n  ", what);
        fprintf(to, "%s`%s`", between, name);
        between = ", ";
    }
    if (*between)
        fputc('\n', to);
}

void guide_print(FILE *to)
{
    fputs(head, to);
    print_limits(to);
    fputs(for_caller, to);
    print_codes(to, 1, 1, "1, the code: the same code ends the same way. Back to the model, with the error:");
    print_codes(to, 1, 0, "1, interrupted: run the same again:");
    print_codes(to, 2, 1,
                "2, the caller: definitions, options or the job are wrong. Mend them; the model cannot:");
    print_codes(to, 3, 0,
                "3, iso4 or the machine: nothing is known of the code. Run the same again, then see `iso4 "
                "doctor`; a snapshot "
                "of\n  another version is made anew:");
    print_codes(to, 4, 1, "4, a person: a call waits for approval, and the run goes on after it:");
    fputs(foot, to);
}
