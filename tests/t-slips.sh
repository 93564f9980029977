#!/bin/sh
# The hints of errors for the slips that language models make, and none for code that only looks like one.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC1112,SC2016 # the $ and ` in quotes are JavaScript's
. "$(dirname "$0")/lib.sh"

# slip CODE PART [ARG...]: the hint for CODE has PART in it; "none" when there is to be none
slip() {
    _slip=$1 _part=$2
    shift 2
    agent "$_slip" "$@"
    exits 1
    has "hint for $_slip" "$(jq -r '.error.hint // "none"' out)" "$_part"
}

# ---- what is no JavaScript

test_that 'Markdown around the code'
slip '```js
export default 1;
```' 'Markdown fence' --form=module
slip 'Here is the code:

```javascript
export default 1;
```' 'Markdown fence' --form=module
slip "Sure! Here's what you asked for.
\`\`\`
export default 1;
\`\`\`" 'Markdown fence' --form=module
slip '```js
export default 1;
```

This code exports 1.' 'Markdown fence' --form=module
slip 'Code:
```js
export default 1;
```' 'Markdown fence' --form=module
slip '~~~js
export default 1;
~~~' 'Markdown fence' --form=module
slip 'export default 1;
```' 'Markdown fence' --form=module
slip '```js
const a = 1;
```
and
```js
export default a;
```' 'Markdown fence'

test_that 'a fence that is part of a correct program is no Markdown'
agent 'const md = "```js\nx\n```";
// ```js
/*
```js
*/
export default `
\`\`\`js
${md.length}`;'
exits 0
slip 'const md = "```js"; const y = ;' none
slip '/**
 * docs
```js
x
```
 */
const a = ;' none
slip 'const md = `
\`\`\`js
code
\`\`\`
`; const a = ;' none
slip '// one ` in a comment
const a = ;
const url = `https://example.com/`;' none

test_that 'backticks inside a template literal'
slip 'const md = `
```js
code
```
`;' 'backtick'
slip 'const t = `the `name` of it`;' 'backtick'
slip 'const t = `
You should always call `name` first
`;' 'backtick'
slip 'const t = `
You should always call this name first
`; const a = ;' none

test_that 'a sentence'
slip 'To solve this, I will first fetch the users.
export default 1;' '//'
slip "export default 1;
Here's how it works in detail" '//'
slip 'const a = <b;' none

test_that 'HTML'
slip '<!DOCTYPE html>
<html></html>' HTML
slip '<script>
export default 1;
</script>' HTML

test_that 'JSON'
slip '{"a": 1, "b": [1, 2]}' 'export default' --form=module
slip '{
  "a": 1
}' 'export default' --form=module
slip '{"a": 1, "b": [1, 2}' none

test_that 'Python'
slip 'def f(x):
    return x' Python
slip 'from json import dumps' Python
slip 'x = [i for i in range(3)]' Python
slip '"""doc
string"""' Python
slip 'print("hi")' Python
slip 'let x = None' Python
slip '# comment' //
slip 'if (1):
    x = 1' Python
slip 'if x > 3:
    x = 1' parentheses
slip 'for x in range(3):
    x' 'for (const item of list)'
slip 'for (const x : list) {}' 'for (const item of list)'
slip 'const m = 1 and 2' '&&'

test_that 'commands'
slip 'npm install lodash' 'command'
slip 'sudo apt install x' 'command'
slip '#!/bin/sh
echo hi' 'command'

# ---- TypeScript, of which t-typescript.sh has what runs

test_that 'what is more than types'
slip 'enum Color { Red, Green }' 'Write an object in its place'
slip 'class A { constructor(private x: number) {} }' 'assign it in the constructor'
slip 'namespace A { export const x = 1; }' 'Write an object in its place'
slip '@dec class A {}' 'Call the function'
slip 'const a: number = 1;
export default <div>{a}</div>;' 'in place of JSX'
slip 'import a = require("a");' 'import NAME from'
slip 'import a = b.c; export default a;' 'const NAME = A.B'
slip 'const a: number = 1;
export = a;' 'export default'
slip 'const f = () => { return <
  string>x; };' 'value as T'

test_that 'what only looks like TypeScript'
slip 'const x = a ? b : c : d;' none
slip '(a ? b : c : d)' none
slip 'f(a: b)' none
slip 'const interface = 1' none
slip 'const enum = 1;' none
slip 'x = y ?: z' none
slip 'string.length;' 'Did you mean'

# ---- JavaScript of elsewhere

test_that 'JSX'
slip 'export default <div>hi</div>;' JSX
slip 'function A() { return <br />; }' JSX

test_that 'what Node.js has'
slip 'const fs = require("fs");' 'There is no require'
slip 'module.exports = { a: 1 };' '`export`'
slip 'exports.a = 1;' '`export`'
slip 'console.log(process.env.HOME);' 'not Node.js'
slip 'Buffer.from("a");' Uint8Array
slip 'console.log(__dirname);' 'no files'
slip 'console.log(__filename);' 'no files'
slip 'global.x = 1;' globalThis
slip 'setImmediate(() => 1);' setTimeout
for specifier in fs node:fs fs/promises path child_process; do
    slip "import x from \"$specifier\";" 'Node.js modules do not exist'
done

test_that 'what the web has for what Node.js has'
slip 'import { createHash } from "node:crypto";' 'crypto.subtle'
slip 'import crypto from "crypto";' 'crypto.subtle'
slip 'import { gunzipSync } from "zlib";' 'DecompressionStream'
slip 'import { setTimeout } from "node:timers/promises";' 'setTimeout'
slip 'import x from "node:crypt";' 'use what the host declared'
slip 'crypto.createHash("sha256");' 'crypto.subtle.digest'
slip 'crypto.createHmac("sha256", "k");' 'crypto.subtle.sign'
slip 'crypto.randomBytes(4);' 'getRandomValues'
slip 'addEventListener("message", () => {});' 'MessageChannel'
slip 'postMessage(1);' 'MessageChannel'
slip 'new BroadcastChannel("a");' 'EventTarget'

test_that 'what browsers and others have'
slip 'window.x;' globalThis
slip 'document.querySelector("a");' DOM
slip 'localStorage.setItem("a", 1);' 'stored'
slip 'prompt("x");' console.log
slip 'new WebSocket("ws://a/");' network
slip 'await fetch("http://a/");' network
slip 'Deno.readTextFile("x");' Deno

test_that 'a name of an agent is its own'
slip 'const process = { env: {} }; process.exit();' none
slip 'const window = {}; window.open();' none
agent 'const document = { title: "a" }, require = (x) => x; export default require(document.title);'
completes '{"default":"a"}'

# ---- slips in JavaScript

test_that 'return, await, import and export in the wrong place'
slip 'return 1;' 'export default VALUE' --form=module
slip 'export const a = 1;
return a;' 'export default VALUE'
slip 'function f() { await g(); }' '`async`'
slip '[1].forEach((x) => { await f(x); });' '`async`'
slip 'const await = 1;' none
slip 'function f() { export const a = 1; }' 'top level'
slip 'function f() { import x from "y"; }' 'top level'
slip 'export foo;' 'export default NAME'
slip 'export default 1;
export default 2;' 'only one'

test_that 'quotes, characters and escapes'
slip 'const a = “x”;' 'curly quotes'
slip 'const a = ‘x’;' 'curly quotes'
slip '<!-- a note -->
export default 1' 'in place of `<!-- -->`'
slip 'const a = "“x”"; const b = ;' none
slip 'const a = 1 – 2;' 'Replace the character'
slip 'const a = 1；' 'Replace the character'
slip "$(printf 'const a\342\200\213 = 1;')" 'invisible'
slip 'const a = 1;\nconst b = 2;' 'escaped twice'
slip "const s = 'it's me';" 'backslash'
slip 'const s = "abc
def";' 'Close the string'

test_that 'brackets and commas'
slip 'const a = [1, 2' 'ends too early'
slip 'const a = {
  b: 1
  c: 2
};' 'comma'
slip 'const a = {
  "b": "x"
  "c": 2
};' 'comma'
slip 'const f = (x) => { a: x, b: 2 };' 'parentheses'
slip '@dec
class A {}' 'Call the function'
slip '@dec
class A {}' decorators --language=js
slip 'const a = user@example.com;' none

test_that 'errors at run time'
slip 'const x = 1; x = 2;' '`let`'
slip 'console.log(a); const a = 1;' declaration
slip 'const f = async () => "1"; JSON.parse(f());' '`await`'
slip 'JSON.parse({});' 'JSON.parse out'
slip 'JSON.stringify(1n);' BigInt
slip 'let a = null; a.b;' null
slip 'eval("1");' eval
slip 'new Function("return 1")();' eval

test_that 'functions and promises as exports'
slip 'export default async function () { return 1 }' 'result of calling'
slip 'const main = () => 1; export const result = main;' 'result of calling'
slip 'const f = async () => 1; export const r = { a: f() };' '`await`'
slip 'export const r = [1, 2].map(async (x) => x);' Promise.all

# ---- names

test_that 'the nearest function of a global'
slip 'console.lgo(1);' '`console.log`'
slip 'Math.sqr(4);' '`Math.sqrt`'
slip 'consloe.log(1);' '`console`'
slip 'console.frobnicate();' none

test_that 'the nearest member that the host declared'
globals '{"users": {"members": {"find": {"returns": 1}, "list": {"returns": []}, "size": {"value": 1},
    "deep": {"members": {"remove": {"returns": 1}}}}}}'
slip 'await users.fnd();' '`users.find`' -g globals.json
slip 'await users.deep.remvoe();' '`users.deep.remove`' -g globals.json
slip 'await users.siez();' 'Call what the host declared: `users.find`' -g globals.json
slip 'await user.find();' '`users`' -g globals.json

test_that 'the nearest method of a value'
slip '[1].fliter((x) => x);' '`filter`'
slip '"a".toUppercase();' '`toUpperCase`'
slip 'Promise.resolve([1]).map((x) => x);' '`await`'
slip '({}).frobnicate();' none

test_that 'looking for a near name runs no code of the agent'
agent 'globalThis.a = {
    get food() { console.log("ran"); return () => 1; },
    p: new Proxy({}, { get() { console.log("ran"); }, ownKeys() { console.log("ran"); return ["foo"]; },
        getOwnPropertyDescriptor() { console.log("ran"); } }),
};
Object.defineProperty(Object.prototype, "value", { get() { console.log("ran"); return () => 1; } });
throw new TypeError(`${"a.p.fo"} is not a function`);'
json '[.stdout, .error.hint]' '[[],null]'
agent 'globalThis.a = { get food() { console.log("ran"); return () => 1; } };
throw new TypeError("a.foo is not a function");'
json '[.stdout, .error.hint]' '[[],null]'

test_that 'the nearest export of a module'
echo 'export const vat = (n) => n; export function gross() {}' >tax.js
slip 'import { vta } from "app:tax";' '`vat`' -I app:tax=tax.js
slip 'import { frobnicate } from "app:tax";' 'import * as NAME' -I app:tax=tax.js
slip 'import tax from "app:tax";' 'no default export' -I app:tax=tax.js
echo '{"app:users": {"exports": {"find": {"returns": 1}}}}' >imports.json
slip 'import { fnd } from "app:users";' '`find`' --imports imports.json

test_that 'the nearest export to call'
slip 'export const total = () => 1;' '`total`' --call totla
slip 'export const o = { total() {} };' '`o.total`' --call o.totla

test_that 'what can be imported'
slip 'import _ from "lodash";' 'No imports are declared'
slip 'import _ from "lodash";' 'host declared: `app:tax`.' -I app:tax=tax.js
slip 'import _ from "app:tx";' 'Did you mean `app:tax`' -I app:tax=tax.js
slip 'import _ from "lodash";' '`a5` and 2 more.' -I a1=tax.js -I a2=tax.js -I a3=tax.js -I a4=tax.js -I a5=tax.js -I a6=tax.js -I a7=tax.js
slip 'import x from "./util.js";' 'one module'
slip 'import x from "https://esm.sh/lodash";' network

test_that 'the call that had not answered when the time was up'
globals '{"slow": {"returns": 1, "delayMs": 20000}, "quick": {"returns": 1}}'
slip 'await quick(); await slow();' '`slow` had not answered' -g globals.json --wall-time-ms 300
slip 'await quick(); await new Promise((r) => setTimeout(r, 20000));' 'Wait for less' -g globals.json --wall-time-ms 300

test_that 'code that still runs when the time is up: no call and no wait is to blame'
for code in 'for (;;);' 'await quick(); for (;;);' 'setTimeout(() => { for (;;); }); await new Promise((r) => setTimeout(r, 20000));' \
    'for (;;) await null;' 'const s = slow(); for (;;); await s;' 'const work = () => { while (true); }; export default work();'; do
    slip "$code" 'was still working' -g globals.json --wall-time-ms 300
done
slip 'Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1);' 'one operation' --wall-time-ms 300

# ---- values of another kind, functions that are not there, arguments that do not fit

echo '{"list": {"returns": {"items": [1]}}, "search": {"returns": [1]}, "listOrders": {"returns": []}, "docs": {"members": {"find": {"returns": 1}}},
    "find": {"returns": 1, "parameters": {"type": "object", "properties": {"q": {"type": "string"}, "n": {"type": "integer"}}, "required": ["q"]}}}' >tools.json

# pair FAULTY PART CORRECT: a program with its hint, and the nearest correct one, which has none
pair() {
    slip "$1" "$2" -g tools.json
    agent "$3" -g tools.json
    exits 0
    json "$(printf '%s' '.hint')" null
}

test_that 'a missing await has its hint, and code that has the await has none that asks for it'
pair 'const [a] = search(); export { a };' 'missing `await`' 'const [a] = await search(); export { a };'
pair 'export default search().map((x) => x);' 'missing `await`' 'export default (await search()).map((x) => x);'
pair 'const r = search(); export default r.map((x) => x);' 'missing `await`' 'const r = await search(); export default r.map((x) => x);'
pair 'const r = search(); for (const x of r) console.log(x); export default 1;' 'missing `await`' \
    'const r = await search(); for (const x of r) console.log(x); export default 1;'

test_that 'what the source does not show is no object that is known'
for code in 'const o = { a: search() }; export default o.a.map((x) => x);' 'const api = { get: () => search() }; export default api.get().map((x) => x);' \
    'const r = await search(); const t = { get: () => search() }; export default t.get().filter((x) => r);'; do
    slip "$code" 'missing `await`' -g tools.json
done
pair 'function rows() { return {}; } const [a] = rows(); export { a };' 'an object where a list' 'function rows() { return [1]; } const [a] = rows(); export { a };'

test_that 'methods without their object, of every kind of class'
while read -r member from <&8; do
    slip "const { $member: taken } = $from; await taken();" 'Call the method on its object' -g tools.json
    has "message for $member of $from" "$(jq -r .error.message out)" "Illegal invocation: $member needs a"
    lacks "message for $member of $from" "$(jq -r .error.message out)" '#'
done 8<<'EOF'
now performance
toJSON performance
getRandomValues crypto
randomUUID crypto
digest crypto.subtle
sign crypto.subtle
encode new TextEncoder()
decode new TextDecoder()
get new URLSearchParams()
get new Headers()
append new FormData()
json new Response()
text new Request("a:b")
text new Blob()
bytes new File([], "a")
abort new AbortController()
throwIfAborted new AbortController().signal
addEventListener new EventTarget()
preventDefault new Event("a")
test new URLPattern()
toString new URL("a:b")
postMessage new MessageChannel().port1
getReader new ReadableStream()
getWriter new WritableStream()
read new ReadableStream().getReader()
write new WritableStream().getWriter()
EOF
agent 'const { now } = performance, get = () => performance.now(); export default [typeof now, typeof now.call(performance), typeof get()];'
json '[.exports.default, .hint]' '[["function","number","number"],null]'

test_that 'an object in place of a list is named, where the await stands'
for code in 'const [a] = await list(); export { a };' 'for (const x of await list()) console.log(x);' 'for (const x of {}) console.log(x);' \
    'const r = await list(); for (const x of r) console.log(x);' 'const r = await list(); export default [...r];' \
    'const r = await list(); export default r.map((x) => x);' 'export default (await list()).map((x) => x);' \
    'const o = { a: 1 }; export default o.filter((x) => x);' 'export default new Map(await list());' 'export default new Set(await list());'; do
    agent "$code" -g tools.json
    exits 1
    lacks "hint for $code" "$(jq -r .error.hint out)" 'await'
    has "hint for $code" "$(jq -r .error.hint out)" 'Object.values(value)'
done
pair 'const [a] = await list(); export { a };' 'Object.values(value)' 'const [a] = Object.values(await list()); export { a };'
agent 'const r = await list(); export default r.things.length;' -g tools.json
lacks 'hint' "$(jq -r .error.hint out)" 'await'

test_that 'functions that are not there: those that the host declared'
pair 'export default await searchDocuments({ q: 1 });' '`search`' 'export default await search({ q: 1 });'
pair 'export default await tools.search({ q: 1 });' 'Did you mean `search`?' 'export default await search({ q: 1 });'
pair 'export default await api.listOrder();' 'Did you mean `listOrders`?' 'export default await listOrders();'
pair 'export default await docs.query();' '`docs.find`' 'export default await docs.find();'
slip 'export default totals + 1;' 'Define the name' -g tools.json
slip 'export default await searchDocuments();' 'Define the name'

test_that 'arguments that do not fit: the parameter and the signature'
pair 'export default await find({ q: 1 });' 'find(' 'export default await find({ q: "1" });'
has 'message' "$(agent 'await find({ n: 1.5, q: "" })' -g tools.json; jq -r '.error | .message, .hint' out)" 'args[0].n' 'q: string' 'n?: number'

test_done
