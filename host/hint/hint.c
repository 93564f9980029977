/* SPDX-License-Identifier: MIT */
#include "host/hint/hint.h"

#include <string.h>

#include "core/nearest.h"
#include "host/hint/await_hint.h"
#include "host/hint/declared_hint.h"
#include "host/hint/syntax_hint.h"
#include "host/hint/value_hint.h"

/* Bytes of a name that a hint repeats; longer ones are not worth reading. */
#define HINT_MOST_NAME    130
#define HINT_MOST_IMPORTS 5
/* Bytes of the paths to the largest values. */
#define HINT_MOST_PATHS 1000

/* The hint of the first row that fits is used: the code is the same, and the message contains `says` (NULL: any). */
static const struct {
    enum iso_code code;
    const char *says, *hint;
} rows[] = {
    {ISO_USER_CODE, "Code generation from strings",
     "eval and new Function are not allowed: write the code out, or have the host allow it with "
     "--allow-eval."},
    {ISO_COMPILE, "does not provide an export named 'default'",
     "The module has no default export: use `import { NAME }` or `import * as NAME`."},
    {ISO_COMPILE, "does not provide an export named",
     "Check the name: `import * as NAME` and Object.keys(NAME) show what the module exports."},
    {ISO_COMPILE, "`enum` cannot be erased",
     "Write an object in its place: `const Color = { Red: 0, Green: 1 };` for `enum Color { Red, Green }`."},
    {ISO_COMPILE, "a parameter property cannot be erased",
     "Declare the property in the class and assign it in the constructor: `this.name = name;`."},
    {ISO_COMPILE, "`namespace` cannot be erased",
     "Write an object in its place, `const N = { ... };`, or export its members from the module."},
    {ISO_COMPILE, "a decorator cannot be erased",
     "Call the function in its place: `const A = decorator(class A { ... });`."},
    {ISO_COMPILE, "JSX cannot be erased", "Build strings or plain objects in place of JSX."},
    {ISO_COMPILE, "`import = require` cannot be erased",
     "Write `import NAME from \"SPECIFIER\"` in its place."},
    {ISO_COMPILE, "`import =` cannot be erased",
     "Write `const NAME = A.B;` in place of `import NAME = A.B;`."},
    {ISO_COMPILE, "`export =` cannot be erased", "Write `export default VALUE` in its place."},
    {ISO_COMPILE, "`<T>value` over several lines cannot be erased", "Write `value as T` in its place."},
    {ISO_USER_CODE, "crypto.createHash is not a function",
     "This is the web's crypto: `await crypto.subtle.digest(\"SHA-256\", bytes)` gives an ArrayBuffer."},
    {ISO_USER_CODE, "crypto.createHmac is not a function",
     "This is the web's crypto: use crypto.subtle.importKey() and crypto.subtle.sign() with \"HMAC\"."},
    {ISO_USER_CODE, "crypto.randomBytes is not a function",
     "This is the web's crypto: use crypto.getRandomValues(new Uint8Array(n))."},
    {ISO_USER_CODE, "Assignment to constant variable",
     "Declare the variable with `let` if it has to change."},
    {ISO_USER_CODE, "before initialization", "Move the declaration above the first use of the name."},
    {ISO_USER_CODE, "\"[object Promise]\" is not valid JSON",
     "Put `await` before the promise that is parsed."},
    {ISO_USER_CODE, "\"[object Object]\" is not valid JSON",
     "The value is an object already: leave JSON.parse out."},
    {ISO_USER_CODE, "Do not know how to serialize a BigInt",
     "Export the BigInt as it is, or convert it with Number() or String() before JSON.stringify."},
    {ISO_USER_CODE, "Converting circular structure to JSON", "Leave the back references out of the data."},
    {ISO_USER_CODE, "Cannot read properties of null (reading '",
     "What stands before the property is null: check for that first, for example with `?.`."},
    {ISO_USER_CODE, "Maximum call stack size",
     "A recursion does not end, or goes too deep: use a loop or a smaller input."},
    {ISO_USER_CODE, "Cannot read properties of undefined (reading 'then')",
     "Check that the call returns a promise."},
    {ISO_USER_CODE, "Cannot read properties of undefined (reading '",
     "What stands before the property is undefined: check its name, or for a missing `await` where it comes "
     "from."},
    {ISO_USER_CODE, "Illegal invocation: ",
     "Call the method on its object: `object.method()`, or `() => object.method()` where a function is "
     "passed."},
    {ISO_EXPORT_NOT_SERIALIZABLE, "the result of the call",
     "Return plain data: call functions, await promises and collect iterators first."},
    {ISO_EXPORT_NOT_SERIALIZABLE, ".then' cannot be serialized: it is a function",
     "Put `await` before the value: it has a then() method, as promises have."},
    {ISO_EXPORT_NOT_SERIALIZABLE, "it is a function",
     "Export the result of calling the function, not the function."},
    {ISO_EXPORT_NOT_SERIALIZABLE, "nothing can settle", "Make sure that something resolves the promise."},
    {ISO_EXPORT_NOT_SERIALIZABLE, "]' cannot be serialized: it is a promise",
     "Await every item: `await Promise.all(array)`."},
    {ISO_EXPORT_NOT_SERIALIZABLE, "it is a promise", "Put `await` before the value where it is made."},
    {ISO_EXPORT_NOT_SERIALIZABLE, "it is a cycle",
     "Export only the data that is needed, without back references."},
    {ISO_EXPORT_NOT_SERIALIZABLE, "it is a symbol", "Export a string in place of the symbol."},
    {ISO_EXPORT_NOT_SERIALIZABLE, "it is a proxy", "Export a copy of the data, for example with {...value}."},
    {ISO_EXPORT_NOT_SERIALIZABLE, "it is a weak collection", "Export an array or a Map in its place."},
    {ISO_CALL_TARGET, "it is no function", "Export a function under this name."},
    {ISO_CALL_TARGET, NULL, "Export the function under the name by which it is called."},
    {ISO_EXPORT_TOO_LARGE, "the result of the call", "Return a summary or a part of the data."},
    {ISO_EXPORT_TOO_LARGE, NULL, "Export a summary or a part of the data."},
    {ISO_DID_NOT_SETTLE, NULL,
     "Check that every promise that is awaited gets resolved: a `new Promise` must call resolve or reject."},
    {ISO_PREFIX_NOT_SERIALIZABLE, "cannot be restored",
     "Leave the builtins extensible, and do not define what a newer ECMAScript has with non-configurable "
     "properties."},
    {ISO_PREFIX_NOT_SERIALIZABLE, NULL,
     "Make such objects when they are first used, in a function, not in the prefix."},
    {ISO_PREFIX_DID_NOT_SETTLE, NULL, "Check that every promise that is awaited gets resolved."},
    {ISO_CPU_TIMEOUT, "place is not known",
     "Look for one operation on very much: a text, a number, an array, or a length that is made up."},
    {ISO_CPU_TIMEOUT, NULL, "Check the loop at the top of the stack for an end, or do less work."},
    {ISO_WALL_TIMEOUT, "place is not known",
     "Look for one operation on very much: a text, a number, an array, or a length that is made up."},
    {ISO_WALL_TIMEOUT, NULL, "Wait for less, or run the waits at the same time with Promise.all."},
    {ISO_HOST_BRIDGE, "(timeoutMs)",
     "The host took too long: catch the error and go on without the answer, or ask for less."},
    {ISO_HOST_BRIDGE, NULL,
     "A host function failed: catch the error (try and catch around the await), or call it with other "
     "arguments."},
    {ISO_BRIDGE_CALL_LIMIT, "at a time", "Await some of the calls before making more."},
    {ISO_BRIDGE_CALL_LIMIT, NULL,
     "Make fewer calls: keep results in variables, and ask for many things with one call."},
    {ISO_BRIDGE_PAYLOAD, "that wait", "Await some of the calls before making more."},
    {ISO_BRIDGE_PAYLOAD, "the result", "Ask for less with one call: a part, a page, a summary."},
    {ISO_BRIDGE_PAYLOAD, NULL, "Send less with one call: only what the function needs, or in parts."},
    {ISO_ARGUMENT, "it is a promise", "Put `await` before the value that is the argument."},
    {ISO_ARGUMENT, ".then of a call of ",
     "Put `await` before the value: it has a then() method, as promises have."},
    {ISO_ARGUMENT, "it is a function", "Send the result of calling the function, not the function."},
    {ISO_ARGUMENT, NULL, "Send plain data, without back references, symbols and proxies."},
    {ISO_UNAWAITED_CALL, NULL,
     "Put `await` before the call and before every function that makes it, as in `await "
     "Promise.all(list.map(async ...))`."},
    {ISO_UNDECLARED_BINDING, NULL,
     "Declare it when the snapshot is made, by precompile with the same option, or leave it out of the run."},
    {ISO_INVALID_REBIND, "read-only", "Let the prefix leave the property writable or configurable."},
    {ISO_INVALID_REBIND, NULL,
     "Give a function for a function and a value for a value; make a new snapshot for anything else."},
    {ISO_RESERVED_NAME, NULL,
     "Give it another name, or make it a member of an object with a name of its own."},
    {ISO_PREFIX_BRIDGE_CALL, NULL,
     "Call it in a function that agents call, not while the prefix is evaluated."},
    {ISO_MEMORY_LIMIT, NULL, "Keep less data at a time: work in pieces and drop what is done with."},
};

/* Messages about features that V8 (14.6) adds to a context only when a snapshot is loaded: agents have them, a prefix
 * does not while it is evaluated. */
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

/* Names that other hosts of JavaScript, or other languages, define. */
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
    {"__filename", "There are no files here: pass data through globals instead."},
    {"global", "This is not Node.js: use globalThis."},
    {"setImmediate", "This is not Node.js: use setTimeout or queueMicrotask."},
    {"Deno", "This is not Deno: there are no files, no environment and no network."},
    {"Bun", "This is not Bun: there are no files, no environment and no network."},
    {"window", "This is not a browser: use globalThis."},
    {"document", "This is not a browser: there is no DOM."},
    {"location", "This is not a browser: there is no page and no address."},
    {"localStorage", "This is not a browser: nothing is stored between runs, so export what is to be kept."},
    {"sessionStorage",
     "This is not a browser: nothing is stored between runs, so export what is to be kept."},
    {"indexedDB", "This is not a browser: nothing is stored between runs, so export what is to be kept."},
    {"alert", "There is no user to ask or to tell: use console.log() and exports."},
    {"prompt", "There is no user to ask or to tell: use console.log() and exports."},
    {"confirm", "There is no user to ask or to tell: use console.log() and exports."},
    {"WebAssembly", "WebAssembly is not available here: use JavaScript."},
    {"fetch", "There is no network here: have the host declare a fetch, or pass data through globals."},
    {"XMLHttpRequest", "There is no network here: pass data through globals instead."},
    {"WebSocket", "There is no network here: pass data through globals instead."},
    {"BroadcastChannel", "A run has no others to talk to: use EventTarget or MessageChannel."},
    {"addEventListener", "The global object gets no events here: use an EventTarget, or MessageChannel."},
    {"onmessage", "The global object gets no messages here: use MessageChannel, or globals of the host."},
    {"postMessage", "There is no window and no other thread: use MessageChannel, console.log() or exports."},
    {"Worker", "There are no threads here: do the work in the module itself."},
    {"SharedArrayBuffer", "There are no threads here: use ArrayBuffer."},
    {"print", "This looks like Python: use console.log() in place of print()."},
    {"None", "This looks like Python: write null, true and false in JavaScript."},
    {"True", "This looks like Python: write null, true and false in JavaScript."},
    {"False", "This looks like Python: write null, true and false in JavaScript."},
};

/* Modules of Node.js that need no "node:"; the first part of a specifier. */
static const char *const node_modules[] = {"assert",
                                           "async_hooks",
                                           "buffer",
                                           "child_process",
                                           "cluster",
                                           "crypto",
                                           "dgram",
                                           "dns",
                                           "events",
                                           "fs",
                                           "http",
                                           "http2",
                                           "https",
                                           "module",
                                           "net",
                                           "os",
                                           "path",
                                           "perf_hooks",
                                           "process",
                                           "querystring",
                                           "readline",
                                           "stream",
                                           "tls",
                                           "tty",
                                           "url",
                                           "util",
                                           "v8",
                                           "vm",
                                           "worker_threads",
                                           "zlib"};

/* The methods that are called most, to correct a misspelt one on a value of unknown type. */
static const char *const methods[] = {"at",
                                      "concat",
                                      "entries",
                                      "every",
                                      "fill",
                                      "filter",
                                      "find",
                                      "findIndex",
                                      "findLast",
                                      "flat",
                                      "flatMap",
                                      "forEach",
                                      "includes",
                                      "indexOf",
                                      "join",
                                      "keys",
                                      "lastIndexOf",
                                      "map",
                                      "pop",
                                      "push",
                                      "reduce",
                                      "reduceRight",
                                      "reverse",
                                      "shift",
                                      "slice",
                                      "some",
                                      "sort",
                                      "splice",
                                      "toReversed",
                                      "toSorted",
                                      "unshift",
                                      "values",
                                      "charAt",
                                      "charCodeAt",
                                      "codePointAt",
                                      "endsWith",
                                      "localeCompare",
                                      "match",
                                      "matchAll",
                                      "normalize",
                                      "padEnd",
                                      "padStart",
                                      "repeat",
                                      "replace",
                                      "replaceAll",
                                      "search",
                                      "split",
                                      "startsWith",
                                      "substring",
                                      "toLowerCase",
                                      "toUpperCase",
                                      "trim",
                                      "trimEnd",
                                      "trimStart",
                                      "toFixed",
                                      "toString",
                                      "add",
                                      "clear",
                                      "delete",
                                      "get",
                                      "has",
                                      "set",
                                      "catch",
                                      "finally",
                                      "then",
                                      "getDate",
                                      "getDay",
                                      "getFullYear",
                                      "getHours",
                                      "getMinutes",
                                      "getMonth",
                                      "getSeconds",
                                      "getTime",
                                      "toISOString",
                                      "toJSON",
                                      "toLocaleString",
                                      "hasOwnProperty",
                                      "test",
                                      "exec"};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static int is_one_of(const char *word, size_t len, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(words[i]) == len && memcmp(words[i], word, len) == 0)
            return 1;
    return 0;
}

/* 1 and the part of `text` between `begin` and `end`, which must be its beginning and its end. */
static int between(const char *text, const char *begin, const char *end, const char **rest, size_t *len)
{
    size_t all = strlen(text), before = strlen(begin), behind = strlen(end);

    if (all < before + behind || memcmp(text, begin, before) != 0 || strcmp(text + all - behind, end) != 0)
        return 0;
    *rest = text + before;
    *len = all - before - behind;
    return 1;
}

/* A misspelt name of a method, such as "list.fliter is not a function". */
static int hint_method(struct buf *out, const char *message)
{
    const char *way, *name, *best = NULL;
    struct nearest nearest;
    size_t len;

    if (!between(message, "", " is not a function", &way, &len) || !(name = memrchr(way, '.', len)))
        return 0;
    len -= (size_t)(++name - way);
    if (is_one_of(name, len, methods, COUNT(methods)))
        return 0;
    nearest = nearest_start(name, len);
    for (size_t i = 0; i < COUNT(methods); i++)
        if (nearest_offer(&nearest, methods[i], strlen(methods[i])))
            best = methods[i];
    if (best)
        buf_printf(out, "Did you mean `%s`?", best);
    return best != NULL;
}

static const char *known_name(const char *message)
{
    const char *name;
    size_t len;

    if (!between(message, "", " is not defined", &name, &len))
        return NULL;
    for (size_t i = 0; i < COUNT(missing); i++)
        if (strlen(missing[i].name) == len && memcmp(missing[i].name, name, len) == 0)
            return missing[i].hint;
    return NULL;
}

/* `new Set<string>()` is a comparison with an undefined name. */
static int hint_type(struct buf *out, const struct hint_about *about)
{
    static const char *const types[] = {"string", "number", "boolean", "any", "unknown", "object"};
    const char *name;
    size_t len;

    if (about->code != ISO_USER_CODE || !about->source ||
        !between(about->message, "", " is not defined", &name, &len) ||
        !is_one_of(name, len, types, COUNT(types)) ||
        !syntax_hint_type_argument(about->source, about->line, about->column))
        return 0;
    buf_str(out, "This looks like TypeScript: remove the type arguments between < and >.");
    return 1;
}

/* A value that is too large; the worker has sent the paths to its largest parts. */
static int hint_large(struct buf *out, const struct hint_about *about)
{
    const char *advice = about->code == ISO_BRIDGE_PAYLOAD
                             ? "Send less with one call: only what the function needs, or in parts."
                         : strstr(about->message, "the result of the call")
                             ? "Return a summary or a part of the data."
                             : "Export a summary or a part of the data.";

    if ((about->code != ISO_EXPORT_TOO_LARGE && about->code != ISO_BRIDGE_PAYLOAD) || !*about->nearest ||
        strlen(about->nearest) > HINT_MOST_PATHS)
        return 0;
    buf_printf(out, "%s Largest: %s.", advice, about->nearest);
    return 1;
}

/* An undefined name: one that other hosts define, unless a global differs from it in one letter only. */
static int hint_nearest(struct buf *out, const struct hint_about *about)
{
    const char *known = about->code == ISO_USER_CODE ? known_name(about->message) : NULL;
    size_t len = strlen(about->nearest), name = strcspn(about->message, " ");

    if (known && (!len || edit_distance(about->message, name, about->nearest, len) > 1)) {
        buf_str(out, known);
        return 1;
    }
    if (!len || len > HINT_MOST_NAME)
        return 0;
    buf_printf(out, "Did you mean `%s`?", about->nearest);
    return 1;
}

/* ---- imports */

static void hint_declared(struct buf *out, const struct imports *imports)
{
    size_t shown = 0;

    if (!imports || !imports->count) {
        buf_str(out,
                "No imports are declared here: write the code without them, or use globals of the host.");
        return;
    }
    buf_str(out, "Import what the host declared: ");
    for (size_t i = 0; i < imports->count && shown < HINT_MOST_IMPORTS; i++) {
        const struct buf *name = &imports->list[i].specifier;

        if (!name->len || name->len > HINT_MOST_NAME)
            continue;
        buf_printf(out, "%s`", shown++ ? ", " : "");
        buf_add(out, name->data, name->len);
        buf_byte(out, '`');
    }
    if (shown < imports->count)
        buf_printf(out, "%s%zu more", shown ? " and " : "", imports->count - shown);
    buf_byte(out, '.');
}

/* The global of the web that does the work of a module of Node.js. */
static const struct {
    const char *module, *global;
} web_globals[] = {
    {"buffer", "Uint8Array, TextEncoder and TextDecoder"},
    {"crypto", "crypto.subtle and crypto.getRandomValues()"},
    {"events", "EventTarget"},
    {"perf_hooks", "performance"},
    {"stream", "ReadableStream and TransformStream"},
    {"timers", "setTimeout"},
    {"url", "URL and URLSearchParams"},
    {"zlib", "CompressionStream and DecompressionStream"},
};

static void hint_node_module(struct buf *out, const char *name)
{
    size_t len = strcspn(name, "/\"");

    buf_str(out, "Node.js modules do not exist here: use ");
    for (size_t i = 0; i < COUNT(web_globals); i++)
        if (strlen(web_globals[i].module) == len && memcmp(web_globals[i].module, name, len) == 0) {
            buf_printf(out, "the global %s.", web_globals[i].global);
            return;
        }
    buf_str(out, "what the host declared.");
}

static void hint_import(struct buf *out, const struct hint_about *about)
{
    static const char begin[] = "Cannot find module \"";
    const char *specifier =
        strncmp(about->message, begin, sizeof begin - 1) == 0 ? about->message + sizeof begin - 1 : "";
    size_t first = strcspn(specifier, "/\"");

    if (strncmp(specifier, "node:", 5) == 0 || is_one_of(specifier, first, node_modules, COUNT(node_modules)))
        hint_node_module(out, strncmp(specifier, "node:", 5) == 0 ? specifier + 5 : specifier);
    else if (strncmp(specifier, "./", 2) == 0 || strncmp(specifier, "../", 3) == 0 || *specifier == '/')
        buf_str(out, "No files can be imported here: write everything in one module.");
    else if (strncmp(specifier, "http:", 5) == 0 || strncmp(specifier, "https:", 6) == 0)
        buf_str(out, "Nothing can be imported from the network: have the host declare the module.");
    else
        hint_declared(out, about->imports);
}

/* ---- choosing the hint */

/* A value without JSON whose class has a replacement. */
static int hint_value(struct buf *out, const struct hint_about *about)
{
    int is_value = about->code == ISO_EXPORT_NOT_SERIALIZABLE || about->code == ISO_ARGUMENT;
    const char *found = is_value ? value_hint(about->message) : NULL;

    buf_str(out, found ? found : "");
    return found != NULL;
}

static int hint_row(struct buf *out, const struct hint_about *about)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        if (rows[i].code == about->code && (!rows[i].says || strstr(about->message, rows[i].says))) {
            buf_str(out, rows[i].hint);
            return 1;
        }
    return 0;
}

/* A syntax error; or a fence of Markdown, which parses as a call of template literals. */
static int hint_slip(struct buf *out, const struct hint_about *about)
{
    const char *found = NULL;

    if (about->source && about->code == ISO_COMPILE)
        found = syntax_hint(about->source, about->line, about->column, about->message);
    else if (about->source && about->code == ISO_USER_CODE &&
             strcmp(about->message, "\"\" is not a function") == 0)
        found = syntax_hint_fence(about->source, 0);
    buf_str(out, found ? found : "");
    return found != NULL;
}

/* The real time is up. Code that runs hinders all answers and timers, so that a call under way is not to blame. */
static int hint_time_up(struct buf *out, const struct hint_about *about)
{
    if (about->code != ISO_WALL_TIMEOUT)
        return 0;
    if (about->busy) {
        buf_str(out, "The code was still working: check the loop at the top of the stack for an end, or do "
                     "less work.");
        return 1;
    }
    if (!*about->waiting || strlen(about->waiting) > HINT_MOST_NAME ||
        strstr(about->message, "place is not known"))
        return 0;
    buf_printf(out,
               "`%s` had not answered: ask it for less, or make calls at the same time with Promise.all.",
               about->waiting);
    return 1;
}

void hint(struct buf *out, const struct hint_about *about)
{
    const char *name;
    size_t len;

    if (about->prefix && hint_late(out, about->message))
        return;
    if (hint_type(out, about) || hint_large(out, about) || hint_nearest(out, about))
        return;
    if (hint_time_up(out, about) || await_hint(out, about) || declared_hint(out, about))
        return;
    if (hint_value(out, about) || hint_row(out, about) || hint_slip(out, about))
        return;
    if (about->code == ISO_MODULE_NOT_FOUND)
        hint_import(out, about);
    else if (about->code == ISO_USER_CODE && !hint_method(out, about->message) &&
             between(about->message, "", " is not defined", &name, &len))
        buf_str(out, "Define the name, or have the host declare it as a global.");
}
