/* SPDX-License-Identifier: MIT */
#include "host/hint.h"

#include <string.h>

/* The first row that fits speaks. A row fits when the code is the same, the message contains `says` and the
 * source contains `holds` (NULL: whatever; with ^ in front: starts with it, white space aside). */
static const struct {
    enum iso_code code;
    const char *says, *holds, *hint;
} rows[] = {
    {ISO_COMPILE, NULL, "^```", "Remove the Markdown fence: the file must hold JavaScript only."},
    {ISO_USER_CODE, "is not a function", "^```",
     "Remove the Markdown fence: the file must hold JavaScript only."},
    {ISO_COMPILE, "Illegal return", NULL,
     "This is a module, not a function: use `export default VALUE` in place of `return`."},
    {ISO_COMPILE, "Unexpected reserved word", "await",
     "Mark the enclosing function `async`; at the top level await is allowed."},
    {ISO_COMPILE, "await is only valid", NULL,
     "Mark the enclosing function `async`; at the top level await is allowed."},
    {ISO_COMPILE, "Missing initializer in const", ": ",
     "This looks like TypeScript: remove the type annotations."},
    {ISO_COMPILE, "Unexpected token ':'", NULL, "This looks like TypeScript: remove the type annotations."},
    {ISO_COMPILE, "strict mode reserved word", "interface ",
     "This looks like TypeScript: remove interfaces and type annotations."},
    {ISO_COMPILE, NULL, "\ninterface ",
     "This looks like TypeScript: remove interfaces and type annotations."},
    {ISO_COMPILE, "Invalid or unexpected token", "\xe2\x80\x9c",
     "Replace the curly quotes with straight ones."},
    {ISO_USER_CODE, "Code generation from strings", NULL,
     "eval and new Function are not allowed: write the code out, or have the host allow it with "
     "--allow-eval."},
    {ISO_USER_CODE, "Maximum call stack size", NULL,
     "A recursion does not end, or goes too deep: use a loop or a smaller input."},
    {ISO_USER_CODE, "Cannot read properties of undefined (reading 'then')", NULL,
     "Check that the call returns a promise."},
    {ISO_USER_CODE, "Cannot read properties of undefined (reading '", NULL,
     "What stands before the property is undefined: check its name, or for a missing `await` where it comes "
     "from."},
    {ISO_USER_CODE, "is not a function or its return value is not iterable", NULL,
     "Check for a missing `await` before the call."},
    {ISO_USER_CODE, "is not iterable", NULL, "Check for a missing `await` before the value."},
    {ISO_EXPORT_NOT_SERIALIZABLE, "the result of the call", NULL,
     "Return plain data: call functions, await promises and collect iterators first."},
    {ISO_EXPORT_NOT_SERIALIZABLE, "it is a function", NULL,
     "Export the result of calling the function, not the function."},
    {ISO_EXPORT_NOT_SERIALIZABLE, "nothing can settle", NULL,
     "Make sure that something resolves the promise."},
    {ISO_EXPORT_NOT_SERIALIZABLE, "it is a promise", NULL, "Put `await` before the value where it is made."},
    {ISO_EXPORT_NOT_SERIALIZABLE, "it is a cycle", NULL,
     "Export only the data that is needed, without back references."},
    {ISO_EXPORT_NOT_SERIALIZABLE, "it is a symbol", NULL, "Export a string in place of the symbol."},
    {ISO_EXPORT_NOT_SERIALIZABLE, "it is a proxy", NULL,
     "Export a copy of the data, for example with {...value}."},
    {ISO_EXPORT_NOT_SERIALIZABLE, "it is an iterator", NULL, "Collect the values first: [...value]."},
    {ISO_EXPORT_NOT_SERIALIZABLE, "it is a weak collection", NULL, "Export an array or a Map in its place."},
    {ISO_CALL_TARGET, "it is no function", NULL, "Export a function under this name."},
    {ISO_CALL_TARGET, NULL, NULL,
     "Export the function that is to be called, under the name that it is called by."},
    {ISO_EXPORT_TOO_LARGE, "the result of the call", NULL, "Return a summary or a part of the data."},
    {ISO_EXPORT_TOO_LARGE, NULL, NULL, "Export a summary or a part of the data."},
    {ISO_DID_NOT_SETTLE, NULL, NULL,
     "Check that every promise that is awaited gets resolved: a `new Promise` must call resolve or reject."},
    {ISO_PREFIX_NOT_SERIALIZABLE, "cannot be restored", NULL,
     "Leave the builtins extensible, and do not define what a newer ECMAScript has with non-configurable "
     "properties."},
    {ISO_PREFIX_NOT_SERIALIZABLE, NULL, NULL,
     "Make such objects when they are first used, in a function, not in the prefix."},
    {ISO_PREFIX_DID_NOT_SETTLE, NULL, NULL, "Check that every promise that is awaited gets resolved."},
    {ISO_MODULE_NOT_FOUND, "node:", NULL, "Node.js modules do not exist here: use what the host declared."},
    {ISO_MODULE_NOT_FOUND, NULL, NULL, "Only specifiers that the host declared can be imported."},
    {ISO_CPU_TIMEOUT, NULL, NULL, "Check the loop at the top of the stack for an end, or do less work."},
    {ISO_WALL_TIMEOUT, NULL, NULL, "Wait for less, or run the waits at the same time with Promise.all."},
    {ISO_HOST_BRIDGE, "(timeoutMs)", NULL,
     "The host took too long: catch the error and go on without the answer, or ask for less."},
    {ISO_HOST_BRIDGE, NULL, NULL,
     "A host function failed: catch the error (try and catch around the await), or call it with other "
     "arguments."},
    {ISO_BRIDGE_CALL_LIMIT, "at a time", NULL, "Await some of the calls before making more."},
    {ISO_BRIDGE_CALL_LIMIT, NULL, NULL,
     "Make fewer calls: keep results in variables, and ask for many things with one call."},
    {ISO_BRIDGE_PAYLOAD, "that wait", NULL, "Await some of the calls before making more."},
    {ISO_BRIDGE_PAYLOAD, "the result", NULL, "Ask for less with one call: a part, a page, a summary."},
    {ISO_BRIDGE_PAYLOAD, NULL, NULL, "Send less with one call: only what the function needs, or in parts."},
    {ISO_ARGUMENT, "it is a promise", NULL, "Put `await` before the value that is the argument."},
    {ISO_ARGUMENT, "it is a function", NULL, "Send the result of calling the function, not the function."},
    {ISO_ARGUMENT, NULL, NULL, "Send plain data, without back references, symbols and proxies."},
    {ISO_UNDECLARED_BINDING, NULL, NULL,
     "Declare it when the snapshot is made, by precompile with the same option, or leave it out of the run."},
    {ISO_INVALID_REBIND, "read-only", NULL, "Let the prefix leave the property writable or configurable."},
    {ISO_INVALID_REBIND, NULL, NULL,
     "Give a function for a function and a value for a value; make a new snapshot for anything else."},
    {ISO_RESERVED_NAME, NULL, NULL,
     "Give it another name, or make it a member of an object with a name of its own."},
    {ISO_PREFIX_BRIDGE_CALL, NULL, NULL,
     "Call it in a function that agents call, not while the prefix is evaluated."},
    {ISO_MEMORY_LIMIT, NULL, NULL, "Keep less data at a time: work in pieces and drop what is done with."},
};

/* What V8 adds to a context only when a snapshot is loaded (14.6): agents have it, a prefix under way has
 * not. */
static const char *const late[] = {
    "Temporal is not defined",
    "DisposableStack is not defined",
    "AsyncDisposableStack is not defined",
    "SuppressedError is not defined",
    "Promise.try is not a function",
    "Uint8Array.fromBase64 is not a function",
    "Uint8Array.fromHex is not a function",
    "RegExp.escape is not a function",
    "Error.isError is not a function",
};

static int hint_late(struct buf *out, const char *message)
{
    for (size_t i = 0; i < sizeof late / sizeof *late; i++)
        if (strcmp(message, late[i]) == 0) {
            buf_str(
                out,
                "This exists when agents run, but not yet while a prefix is evaluated: use it in a function "
                "that agents call.");
            return 1;
        }
    return 0;
}

/* Names that other hosts of JavaScript define. */
static const struct {
    const char *name, *hint;
} missing[] = {
    {"require",
     "There is no require: use `import` with a declared specifier, or a global that the host declared."},
    {"module", "Use `export` in place of `module.exports`: the code is an ES module."},
    {"exports", "Use `export` in place of `exports`: the code is an ES module."},
    {"process", "This is not Node.js: there is no process, no environment and no file system."},
    {"Buffer", "This is not Node.js: use Uint8Array, TextEncoder and TextDecoder."},
    {"__dirname", "There are no files here: pass data through globals instead."},
    {"window", "This is not a browser: use globalThis."},
    {"document", "This is not a browser: there is no DOM."},
    {"WebAssembly", "WebAssembly is not available here: use JavaScript."},
    {"fetch", "There is no network here: have the host declare a fetch, or pass data through globals."},
    {"XMLHttpRequest", "There is no network here: pass data through globals instead."},
    {"SharedArrayBuffer", "There are no threads here: use ArrayBuffer."},
};

static int contains(const struct buf *text, const char *what)
{
    size_t start = 0;

    if (*what == '^') {
        while (start < text->len && strchr(" \t\r\n", text->data[start]))
            start++;
        what++;
        return text->len - start >= strlen(what) && memcmp(text->data + start, what, strlen(what)) == 0;
    }
    return memmem(text->data, text->len, what, strlen(what)) != NULL;
}

/* What people call on the array that a function of the host promises. */
static const char *const of_arrays[] = {"map",  "filter", "forEach", "find", "reduce", "some", "every",
                                        "sort", "slice",  "join",    "flat", "push",   "at",   "flatMap"};

/* "users.map is not a function": the likeliest reason is that users is a promise. */
static int hint_method(struct buf *out, const char *message)
{
    static const char suffix[] = " is not a function";
    const char *dot = strrchr(message, '.');

    for (size_t i = 0; dot && i < sizeof of_arrays / sizeof *of_arrays; i++) {
        size_t len = strlen(of_arrays[i]);
        if (strncmp(dot + 1, of_arrays[i], len) == 0 && strcmp(dot + 1 + len, suffix) == 0) {
            buf_printf(
                out,
                "Only arrays and the like have `%s`: check for a missing `await` where the value comes "
                "from.",
                of_arrays[i]);
            return 1;
        }
    }
    return 0;
}

static void hint_missing(struct buf *out, const char *message)
{
    static const char suffix[] = " is not defined";
    size_t len = strlen(message), name = len - (sizeof suffix - 1);

    if (len < sizeof suffix || strcmp(message + name, suffix) != 0)
        return;
    for (size_t i = 0; i < sizeof missing / sizeof *missing; i++)
        if (strlen(missing[i].name) == name && memcmp(missing[i].name, message, name) == 0) {
            buf_str(out, missing[i].hint);
            return;
        }
    buf_str(out, "Define the name, or have the host declare it as a global.");
}

void hint(struct buf *out, const struct hint_about *about)
{
    if (about->prefix && hint_late(out, about->message))
        return;
    if (*about->nearest) {
        buf_printf(out, "Did you mean `%s`?", about->nearest);
        return;
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].code != about->code || (rows[i].says && !strstr(about->message, rows[i].says)))
            continue;
        if (rows[i].holds &&
            (!about->source || !about->source->text.data || !contains(&about->source->text, rows[i].holds)))
            continue;
        buf_str(out, rows[i].hint);
        return;
    }
    if (about->code == ISO_USER_CODE && !hint_method(out, about->message))
        hint_missing(out, about->message);
}
