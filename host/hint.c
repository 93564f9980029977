/* SPDX-License-Identifier: MIT */
#include "host/hint.h"

#include <string.h>

/* The first row that fits speaks. A row fits when the code is the same (ISO_OK: any), the message contains `says`
 * and the source contains `holds` (NULL: whatever). */
static const struct {
    enum iso_code code;
    const char *says, *holds, *hint;
} rows[] = {
    {ISO_COMPILE, NULL, "```", "Remove the Markdown fence: the file must hold JavaScript only."},
    {ISO_COMPILE, "Illegal return", NULL,
     "This is a module, not a function: use `export default VALUE` in place of `return`."},
    {ISO_COMPILE, "await is only valid", NULL, "Mark the enclosing function `async`; at the top level await is allowed."},
    {ISO_COMPILE, "Missing initializer in const", ": ", "This looks like TypeScript: remove the type annotations."},
    {ISO_COMPILE, "Unexpected token ':'", NULL, "This looks like TypeScript: remove the type annotations."},
    {ISO_COMPILE, NULL, "\ninterface ", "This looks like TypeScript: remove interfaces and type annotations."},
    {ISO_COMPILE, "Invalid or unexpected token", "\xe2\x80\x9c", "Replace the curly quotes with straight ones."},
    {ISO_USER_CODE, "require is not defined", NULL,
     "There is no require: use `import` with a declared specifier, or a global that the host declared."},
    {ISO_USER_CODE, "module is not defined", NULL, "Use `export` in place of `module.exports`: the code is an ES module."},
    {ISO_USER_CODE, "exports is not defined", NULL, "Use `export` in place of `exports`: the code is an ES module."},
    {ISO_USER_CODE, "process is not defined", NULL,
     "This is not Node.js: there is no process, no environment and no file system."},
    {ISO_USER_CODE, "Buffer is not defined", NULL, "This is not Node.js: use Uint8Array, TextEncoder and TextDecoder."},
    {ISO_USER_CODE, "__dirname is not defined", NULL, "There are no files here: pass data through globals instead."},
    {ISO_USER_CODE, "window is not defined", NULL, "This is not a browser: use globalThis."},
    {ISO_USER_CODE, "document is not defined", NULL, "This is not a browser: there is no DOM."},
    {ISO_USER_CODE, "WebAssembly is not defined", NULL, "WebAssembly is not available here: use JavaScript."},
    {ISO_USER_CODE, "SharedArrayBuffer is not defined", NULL, "There are no threads here: use ArrayBuffer."},
    {ISO_USER_CODE, "Code generation from strings", NULL,
     "eval and new Function are not allowed: write the code out, or have the host allow it with --allow-eval."},
    {ISO_USER_CODE, "Maximum call stack size", NULL,
     "A recursion does not end, or goes too deep: use a loop or a smaller input."},
    {ISO_USER_CODE, "Cannot read properties of undefined (reading 'then')", NULL, "Check that the call returns a promise."},
    {ISO_USER_CODE, "is not a function or its return value is not iterable", NULL,
     "Check for a missing `await` before the call."},
    {ISO_USER_CODE, "is not iterable", NULL, "Check for a missing `await` before the value."},
    {ISO_EXPORT_NOT_SERIALIZABLE, "it is a function", NULL, "Export the result of calling the function, not the function."},
    {ISO_EXPORT_NOT_SERIALIZABLE, "nothing can settle", NULL, "Make sure that something resolves the promise."},
    {ISO_EXPORT_NOT_SERIALIZABLE, "it is a promise", NULL, "Put `await` before the value where it is made."},
    {ISO_EXPORT_NOT_SERIALIZABLE, "it is a cycle", NULL, "Export only the data that is needed, without back references."},
    {ISO_EXPORT_NOT_SERIALIZABLE, "it is a symbol", NULL, "Export a string in place of the symbol."},
    {ISO_EXPORT_NOT_SERIALIZABLE, "it is a proxy", NULL, "Export a copy of the data, for example with {...value}."},
    {ISO_EXPORT_NOT_SERIALIZABLE, "it is an iterator", NULL, "Collect the values first: [...value]."},
    {ISO_EXPORT_NOT_SERIALIZABLE, "it is a weak collection", NULL, "Export an array or a Map in its place."},
    {ISO_EXPORT_TOO_LARGE, NULL, NULL, "Export a summary or a part of the data."},
    {ISO_DID_NOT_SETTLE, NULL, NULL,
     "Check that every promise that is awaited gets resolved: a `new Promise` must call resolve or reject."},
    {ISO_PREFIX_NOT_SERIALIZABLE, NULL, NULL, "Make such objects when they are first used, in a function, not in the prefix."},
    {ISO_PREFIX_DID_NOT_SETTLE, NULL, NULL, "Check that every promise that is awaited gets resolved."},
    {ISO_MODULE_NOT_FOUND, "node:", NULL, "Node.js modules do not exist here: use what the host declared."},
    {ISO_MODULE_NOT_FOUND, NULL, NULL, "Only specifiers that the host declared can be imported."},
    {ISO_CPU_TIMEOUT, NULL, NULL, "Check the loop at the top of the stack for an end, or do less work."},
    {ISO_WALL_TIMEOUT, NULL, NULL, "Wait for less, or run the waits at the same time with Promise.all."},
    {ISO_MEMORY_LIMIT, NULL, NULL, "Keep less data at a time: work in pieces and drop what is done with."},
};

static int contains(const struct buf *text, const char *what)
{
    return memmem(text->data, text->len, what, strlen(what)) != NULL;
}

void hint(struct buf *out, const struct hint_about *about)
{
    if (*about->nearest) {
        buf_printf(out, "Did you mean `%s`?", about->nearest);
        return;
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].code != about->code || (rows[i].says && !strstr(about->message, rows[i].says)))
            continue;
        if (rows[i].holds && (!about->source || !about->source->text.data ||
                              !contains(&about->source->text, rows[i].holds)))
            continue;
        buf_str(out, rows[i].hint);
        return;
    }
    if (about->code == ISO_USER_CODE && strstr(about->message, " is not defined"))
        buf_str(out, "Define the name, or have the host declare it as a global.");
}
