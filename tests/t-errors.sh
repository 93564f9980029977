#!/bin/sh
# Error codes, and what a RunResult says of an error: name, message, stack, fields, position, code frame, hint.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016 # the $ and ` in quotes are JavaScript's
. "$(dirname "$0")/lib.sh"

# ---- uncaught throws

test_that 'a thrown error is reported whole: name, message, stack, position and frame'
agent '// one
const a = 1;
  function f() { throw new TypeError("bad \"thing\""); }
f();'
fails ERR_USER_CODE
is 'start' "${line%%,\"stdout*}" '{"ok":false,"status":"failed","error":{"code":"ERR_USER_CODE","origin":"agent","name":"TypeError","message":"bad \"thing\"","stack":"TypeError: bad \"thing\"\n    at f (agent.js:3:24)\n    at agent.js:4:1","line":3,"column":24,"frame":"     1 | // one\n     2 | const a = 1;\n>    3 |   function f() { throw new TypeError(\"bad \\\"thing\\\"\"); }\n       |                        ^"}'

test_that 'line 1 is line 1 and column 1 is column 1'
agent 'throw new Error("x");'
json '.error | [.line, .column, .stack]' '[1,7,"Error: x\n    at agent.js:1:7"]'
agent 'nope;'
json '.error | [.line, .column]' '[1,1]'

test_that 'the caret stands under its place also behind wide and tabbed text'
agent '	const s = "é😀"; nope;'
json '.error | [.line, .column]' '[1,19]'
is 'caret' "$(jq -r .error.frame out | tail -n 1)" '       |                  ^'

test_that 'the frame of a very long line is cut around its place'
long=$(head -c 3000 /dev/zero | tr '\0' x)
agent "const a = \"$long\"; nope; const b = \"$long\";"
fails ERR_USER_CODE
json '.error.column' 3015
has 'frame' "$(jq -r .error.frame out)" 'nope;'
within 'length' "$(jq '.error.frame | length' out)" 30 300
json '(.error.frame | split("\n")) as [$text, $caret] | $text[($caret | index("^")):][:4]' '"nope"'

test_that 'an error thrown in a function that was called later names both places'
agent 'async function inner() { await null; throw new RangeError("late"); }
await inner();'
fails ERR_USER_CODE
json '.error | [.name, .message, .line, .column]' '["RangeError","late",1,44]'
has 'stack' "$line" 'at inner (agent.js:1:44)' 'at async agent.js:2:1'

test_that 'a rejection that the module awaits is the error of the run'
agent 'await new Promise((_, no) => setTimeout(() => no(new Error("rejected")), 10));'
fails ERR_USER_CODE
json '.error.message' '"rejected"'

test_that 'an unhandled rejection is told on stderr, and the result stays'
agent 'Promise.reject(new TypeError("unhandled")); await null; export default 1;'
json '[.ok, .exports.default, .stderr]' \
    '[true,1,["Uncaught in a promise that is not handled: TypeError: unhandled\n    at agent.js:1:16\n  Hint: Await the promise where it is made, or handle its rejection with .catch()."]]'

test_that 'a rejected promise that is handled in time does not fail the run'
agent 'const p = Promise.reject(new Error("x")); await null; try { await p; } catch (e) { console.log(e.message); } export default 1;'
completes '{"default":1}' '"x"'

test_that 'an uncaught throw in a timer is told on stderr, and the result stays'
agent 'setTimeout(() => { throw new RangeError("in a timer"); }, 10); await new Promise((r) => setTimeout(r, 50)); export default 1;'
json '[.ok, .exports.default, .stderr]' \
    '[true,1,["Uncaught in a setTimeout callback: RangeError: in a timer\n    at agent.js:1:26\n  Hint: Catch errors inside the callback: no other code can."]]'

test_that 'an uncaught throw in a microtask is told on stderr, and the result stays'
agent 'queueMicrotask(() => { throw new RangeError("in a microtask"); }); await new Promise((r) => setTimeout(r, 10)); export default 1;'
json '[.ok, .exports.default, .stderr]' \
    '[true,1,["Uncaught in a queueMicrotask callback: RangeError: in a microtask\n    at agent.js:1:30\n  Hint: Catch errors inside the callback: no other code can."]]'

test_that 'an endless recursion is an error with a hint'
agent 'function f() { return f() + 1; }
f();'
fails ERR_USER_CODE
json '.error | [.name, .message, .line]' '["RangeError","Maximum call stack size exceeded",1]'
json '.error | has("hint")' true

test_that 'an endless recursion can be caught'
agent 'let n = 0; function f() { n++; f(); } try { f(); } catch (e) { console.log(e.name); } export default n > 1000;'
completes '{"default":true}' '"RangeError"'

test_that 'a getter of an export that throws is the error of the run'
agent 'export const a = { get b() { throw new SyntaxError("from a getter"); } };'
fails ERR_USER_CODE
json '.error | [.name, .message, .line, .column]' '["SyntaxError","from a getter",1,36]'

# ---- what is thrown

test_that 'subclasses of Error keep their names'
agent 'class HttpError extends Error { constructor(m, status) { super(m); this.name = "HttpError"; this.status = status; } }
throw new HttpError("gone", 410);'
fails ERR_USER_CODE
json '.error | [.name, .message, .fields]' '["HttpError","gone",{"status":410}]'

test_that 'a subclass that does not set a name has the name that it inherits'
agent 'class Mine extends TypeError {} throw new Mine("m");'
json '.error | [.name, .message, has("fields")]' '["TypeError","m",false]'

test_that 'every builtin class keeps its name'
for class in Error TypeError RangeError SyntaxError ReferenceError EvalError URIError; do
    agent "throw new $class(\"m\");"
    json '.error | [.name, .message]' "[\"$class\",\"m\"]"
done

test_that 'own properties of a thrown object go under fields, never beside code'
agent 'throw Object.assign(new Error("m"), { code: "E_MINE", ok: true, hint: "x", line: 7, frame: "f", fields: [1], status: "completed" });'
fails ERR_USER_CODE
json '.error.fields' '{"code":"E_MINE","ok":true,"hint":"x","line":7,"frame":"f","fields":[1],"status":"completed"}'
json '[.ok, .status, .error.code, .error.line]' '[false,"failed","ERR_USER_CODE",1]'

test_that 'fields hold values as exports do'
agent 'throw Object.assign(new Error("m"), { n: 1n, d: new Date(0), m: new Map([[1, NaN]]), u: undefined, o: { $type: "x" } });'
json '.error.fields' '{"n":{"$type":"bigint","value":"1"},"d":"1970-01-01T00:00:00.000Z","m":{"$type":"map","entries":[[1,{"$type":"number","value":"NaN"}]]},"o":{"$type":"object","value":{"$type":"x"}}}'

test_that 'a field that cannot be a value does not hide the others'
agent 'const e = Object.assign(new Error("m"), { a: 1, f() {}, s: Symbol("s"), z: 2 });
Object.defineProperty(e, "g", { enumerable: true, get() { throw 1; } }); throw e;'
fails ERR_USER_CODE
json '.error.fields | [.a, .z, (.f | type), (.s | type), (.g | type)]' '[1,2,"string","string","string"]'

test_that 'a cyclic field does not hide the others'
agent 'const e = new Error("m"); e.request = { e }; e.a = 1; throw e;'
fails ERR_USER_CODE
json '.error | [.message, .fields.a]' '["m",1]'

test_that 'own __proto__ keys of a thrown object are fields'
agent 'throw Object.assign(new Error("m"), JSON.parse("{\"b\":{\"__proto__\":1}}"));'
has 'fields' "$line" '"fields":{"b":{"__proto__":1}}'

test_that 'the cause of an error is a field'
agent 'throw new Error("outer", { cause: new TypeError("inner") });'
json '.error | [.message, .fields.cause]' '["outer",{"$type":"error","name":"TypeError","message":"inner"}]'

test_that 'the errors of an AggregateError are a field'
agent 'await Promise.any([Promise.reject(new Error("a")), Promise.reject(new TypeError("b"))]);'
json '.error | [.name, .fields.errors]' '["AggregateError",[{"$type":"error","name":"Error","message":"a"},{"$type":"error","name":"TypeError","message":"b"}]]'

test_that 'thrown primitives: name Error, the message is their text, no stack, no fields'
primitive() {
    agent "throw $1;"
    fails ERR_USER_CODE
    json '.error | [.name, .message, has("stack"), has("fields")]' "[\"Error\",$2,false,false]"
}
primitive '"a text"' '"a text"'
primitive 42 '"42"'
primitive -0 '"0"'
primitive NaN '"NaN"'
primitive 10n '"10"'
primitive undefined '"undefined"'
primitive null '"null"'
primitive true '"true"'
primitive 'Symbol("s")' '"Symbol(s)"'
primitive '""' '""'

test_that 'a rejection with a primitive is like a throw of it'
agent 'await Promise.reject("why");'
json '.error | [.name, .message, has("stack"), has("fields")]' '["Error","why",false,false]'

test_that 'a thrown object that is no error has its name, message and fields'
agent 'throw { name: "Custom", message: "m", a: [1] };'
fails ERR_USER_CODE
json '.error | [.name, .message, .fields, has("stack")]' '["Custom","m",{"a":[1]},false]'

test_that 'any object can be thrown'
for code in '[]' '() => {}' 'new Proxy({}, {})' 'Object.create(null)' 'new Map()' '{ get message() { throw 1; }, get name() { throw 2; } }' \
    'Object.defineProperty(new Error("m"), "stack", { get() { throw 3; } })' 'new Proxy(new Error("m"), { get() { throw 4; } })' \
    '{ name: 1, message: {}, stack: [] }' 'globalThis' 'Promise.resolve()'; do
    agent "throw $code;"
    fails ERR_USER_CODE
    json '.error | [(.name | type), (.message | type)]' '["string","string"]'
done

test_that 'texts of an error are exact: NUL, escapes; U+FFFD for lone surrogates'
agent 'throw new Error("a\u0000b\ud800\u2028\u001b\"\\");'
fails ERR_USER_CODE
has 'message' "$line" "\"message\":\"a\\u0000b$(printf '\357\277\275\342\200\250')\\u001b\\\"\\\\\""

# ---- stacks

test_that 'a stack has no path of the host and no frame of the runtime'
mkdir -p some/where
cat >some/where/agent.js <<'JS'
function f() { throw new Error("x"); }
await new Promise((resolve, reject) => setTimeout(() => { try { f(); } catch (e) { reject(e); } }, 1));
JS
iso run some/where/agent.js
fails ERR_USER_CODE
json '.error.stack' '"Error: x\n    at f (agent.js:1:22)\n    at agent.js:2:65"'
lacks 'result' "$line" iso4: some/where node: "$work"

test_that 'an agent cannot get at functions of the runtime through Error.prepareStackTrace'
agent 'Error.prepareStackTrace = (e, sites) => sites.every((s) => s.getFunction() === undefined && s.getThis() === undefined);
export default await new Promise((r) => setTimeout(() => r(new Error("x").stack), 1));'
completes '{"default":true}'

test_that 'error.stack and call sites of a timer, a microtask and a console callback are the agent'"'"'s own'
agent 'const seen = [];
const look = () => {
    seen.push(new Error("x").stack.split("\n").length);
    Error.prepareStackTrace = (error, sites) => sites.map((site) => site.getFileName() + ":" + site.getLineNumber());
    seen.push(new Error("x").stack);
    delete Error.prepareStackTrace;
};
setTimeout(look, 1);
queueMicrotask(look);
console.log({ get a() { return 1; }, [Symbol.for("nodejs.util.inspect.custom")]: look });
await new Promise((wake) => setTimeout(wake, 5));
export default seen;'
completes '{"default":[2,["agent.js:5"],2,["agent.js:5"],2,["agent.js:5"]]}' '"undefined"'

test_that 'a stack reads as Node.js writes it, the first line as the error is when it is read'
cat >stacks.mjs <<'JS'
const first = (error) => error.stack.split('\n    at ')[0];
class Mine extends TypeError {}
class Named extends Error { constructor(m) { super(m); this.name = 'Named'; } }
const nameless = new Error('m'); nameless.name = '';
const plain = {}; Error.captureStackTrace(plain);
const changed = new Error('before'); changed.message = 'after';
const texts = [new Error('two\nlines'), new Mine('m'), new Named('m'), nameless, plain, new Error(''), changed].map(first);
function f() { return new Error('f'); }
const o = { m() { return f(); }, get g() { return new Error('g'); }, async a() { await null; return new Error('a'); } };
class C { static s() { return new Error('s'); } constructor() { this.e = new Error('c'); } }
const places = [f(), o.m(), o.g, await o.a(), C.s(), new C().e, [1].map(() => new Error('map'))[0], new (class extends C {})().e]
    .map((error) => error.stack.split('\n').map((line) => line.replace(/[^ (]*stacks.mjs/, '')).filter((line) => !line.includes('node:')));
console.log(JSON.stringify([texts, places]));
JS
"$NODE" stacks.mjs >want
iso run stacks.mjs
exits 0
is 'texts and places' "$(jq -r '.stdout[0]' out)" "$(cat want)"

test_that 'the first line of a stack says what making it has thrown'
agent 'const first = (what) => Object.defineProperty(new Error("m"), "name", { get() { throw what; } }).stack.split("\n")[0];
export default [first(new TypeError("t")), first(1), first({ get name() { throw 2; } }), first({ name: "N", message: "m" })];'
completes '{"default":["<error: TypeError: t>","<error>","<error>","<error: N: m>"]}'

test_that 'a prepareStackTrace is asked as V8 asks it'
agent 'const e = new Error("m"); let self;
Error.prepareStackTrace = function (error, sites) { self = this === Error && error === e && Array.isArray(sites); return { mine: sites.length }; };
export const any = [e.stack, self, e.stack === e.stack];
Error.prepareStackTrace = () => { throw new RangeError("from prepare"); };
try { new Error("x").stack; } catch (error) { Error.prepareStackTrace = undefined; console.log(error.message); }
for (const other of [undefined, null, 1, "text", {}, (() => "bound").bind(null), new Proxy(() => "proxy", {})]) {
    Error.prepareStackTrace = other;
    if (new Error("plain").stack !== "Error: plain\n    at agent.js:8:9") console.log(other, new Error("plain").stack);
}
Object.defineProperty(Error, "prepareStackTrace", { get() { throw new TypeError("from a getter"); } });
try { new Error("x").stack; } catch (error) { console.log(error.message); }'
completes '{"any":[{"mine":1},true,true]}' '"from prepare","from a getter"'

test_that 'stacks are made of what agent code cannot change'
agent 'let proto; Error.prepareStackTrace = (_, sites) => { proto = Object.getPrototypeOf(sites[0]); }; new Error().stack; delete Error.prepareStackTrace;
const names = ["toString", "call", "map", "join", "0", "length", "getFileName", "then", Symbol.iterator, Symbol.species, Symbol.toPrimitive];
const holders = [proto, Error.prototype, Array.prototype, Object.prototype, String.prototype, Function.prototype];
const define = Object.defineProperty, trap = { __proto__: null, configurable: true, get() { throw 1; }, set() { throw 2; } };
for (let h = 0; h < 6; h++) for (let n = 0; n < 11; n++) try { define(holders[h], names[n], trap); } catch {}
const said = await new Promise((wake) => setTimeout(() => { try { wake(new Error("x").stack); } catch (e) { wake("threw " + e); } }, 1));
delete Error.prototype.name;
export default said;
export const unnamed = new Error("y").stack;'
completes '{"default":"Error: x\n    at agent.js:6:72","unnamed":"Error: y\n    at agent.js:9:24"}'

test_that 'a stack that is read where none is left to make it on'
agent 'let worst = ""; const reads = new Set();
function f() { try { f(); } catch (error) { let text; try { text = error.stack; } catch (other) { text = other.message; } reads.add(text.slice(0, 20)); throw error; } }
try { f(); } catch {}
function g() { let text; try { g(); } catch {} try { text = new Error("deep").stack; } catch (other) { text = other.message; } reads.add(typeof text); }
g();
export default [...reads].sort();'
exits 0
json '.exports.default - ["Maximum call stack s", "RangeError: Maximum ", "string"]' '[]'

test_that 'stacks are the same behind a snapshot'
prefix 'globalThis.thrower = () => new Error("from the prefix"); globalThis.before = thrower().stack; Error.prepareStackTrace = (e, sites) => sites.length;
globalThis.count = new Error().stack; delete Error.prepareStackTrace;'
exits 0
agent 'export default await new Promise((wake) => setTimeout(() => wake([before, count, thrower().stack]), 1));' --snapshot p.snap
completes '{"default":["Error: from the prefix\n    at globalThis.thrower (prefix.js:1:28)\n    at prefix.js:1:78",1,"Error: from the prefix\n    at globalThis.thrower (prefix.js:1:28)\n    at agent.js:1:82"]}'

test_that 'a stack of the agent that is no text is left out'
agent 'const e = new Error("m"); e.stack = { a: 1 }; throw e;'
fails ERR_USER_CODE
json '.error | [.message, has("stack")]' '["m",false]'

test_that 'frames of -e and of standard input are those of agent.js'
iso run -e 'throw new Error("e")'
json '.error.stack' '"Error: e\n    at agent.js:1:7"'
echo 'throw new Error("i")' >in
iso run - <in
json '.error.stack' '"Error: i\n    at agent.js:1:7"'

test_that 'frames of a prefix stand under the name of the prefix'
mkdir -p lib
cat >lib/mathlib.js <<'JS'
// one
function half(n) {
    if (n % 2) throw new RangeError(`odd: ${n}`);
    return n / 2;
}
globalThis.half = half;
JS
iso precompile lib/mathlib.js -o lib.snap
exits 0
agent 'const a = half(4);
const b = half(3);' --snapshot lib.snap
fails ERR_USER_CODE
json '.error.stack' '"RangeError: odd: 3\n    at half (mathlib.js:3:22)\n    at agent.js:2:11"'
lacks 'result' "$line" lib/

test_that 'the position of an error thrown by a prefix is the line of the agent that called it'
agent '// one
half(3);' --snapshot lib.snap
json '.error | [.line, .column, .frame]' '[2,1,"     1 | // one\n>    2 | half(3);\n       | ^"]'

test_that 'an error in a prefix while it is precompiled has the position in the prefix'
prefix 'const a = 1;
a.b.c;'
fails ERR_USER_CODE
json '.error | [.name, .line, .column, .stack]' '["TypeError",2,5,"TypeError: Cannot read properties of undefined (reading '"'c'"')\n    at prefix.js:2:5"]'

# ---- sizes

test_that 'a message of 70 MB is clamped with a marker'
agent 'throw new Error("x".repeat(70e6));' --memory-mb 512 --cpu-time-ms 20000
fails ERR_USER_CODE
within 'length of the message' "$(jq '.error.message | length' out)" 1000 1000000
within 'length of the result' "$(wc -c <out)" 1000 2000000
has 'end of the message' "$(jq -r .error.message out | tail -c 60)" 'xxx…' 'more'

test_that 'a message is clamped between characters'
agent 'throw new Error("a" + "😀".repeat(1e5));'
fails ERR_USER_CODE
holds 'valid UTF-8' iconv -f UTF-8 -t UTF-16 -o /dev/null out
lacks 'message' "$line" '\ud8' '\ude'
agent 'throw new Error("ab" + "é".repeat(1e6));'
fails ERR_USER_CODE
holds 'valid UTF-8' iconv -f UTF-8 -t UTF-16 -o /dev/null out

test_that 'a thrown text of 70 MB is clamped'
agent 'throw "y".repeat(70e6);' --memory-mb 512 --cpu-time-ms 20000
fails ERR_USER_CODE
within 'length of the message' "$(jq '.error.message | length' out)" 1000 1000000

test_that 'a name, a stack and fields of megabytes are clamped'
agent 'const e = new Error("m"); e.big = "f".repeat(5e6); e.small = 1; e.stack = "s".repeat(5e6); e.name = "n".repeat(5e6); throw e;'
fails ERR_USER_CODE
json '.error | [.message, .fields.small]' '["m",1]'
within 'length of the result' "$(wc -c <out)" 1000 2000000

test_that 'many fields are clamped'
agent 'const e = new Error("m"); for (let i = 0; i < 50000; i++) e["k" + i] = "v".repeat(100); throw e;'
fails ERR_USER_CODE
within 'length of the result' "$(wc -c <out)" 1000 2000000

# ---- ERR_COMPILE

test_that 'ERR_COMPILE gives line, column and frame'
agent 'const ok = 1;
let x = ;
export default x;'
fails ERR_COMPILE
json '.error | [.name, .message, .line, .column]' '["SyntaxError","Unexpected token '"';'"'",2,9]'
json '.error.frame' '"     1 | const ok = 1;\n>    2 | let x = ;\n       |         ^"'

test_that 'ERR_COMPILE before a line runs'
agent 'console.log("must not be seen"); }'
fails ERR_COMPILE
json '[.stdout, .error.line, .error.column]' '[[],1,34]'

test_that 'ERR_COMPILE for what modules forbid'
for code in 'export const a = 1; return a;' 'with ({}) {}' 'export default 1; export default 2;' 'let a; let a;' 'delete a;' 'await = 1;' 'export { nope };'; do
    agent "$code"
    fails ERR_COMPILE
    json '.error | [.name, .line, (.column >= 1), (.frame | type)]' '["SyntaxError",1,true,"string"]'
done

test_that 'ERR_COMPILE has no path of the host'
agent 'let x = ;'
lacks 'result' "$line" "$work" iso4:

test_that 'a syntax error in code that eval is given is the error of the agent'
agent 'eval("let x = ;");' --allow-eval
fails ERR_USER_CODE
json '.error.name' '"SyntaxError"'

# ---- ERR_DID_NOT_SETTLE

test_that 'ERR_DID_NOT_SETTLE names the await'
agent 'const a = 1;
await new Promise(() => {});'
fails ERR_DID_NOT_SETTLE
json '.error | [.name, .line, .column]' '["Error",2,1]'
json '.error.frame' '"     1 | const a = 1;\n>    2 | await new Promise(() => {});\n       | ^"'

# ---- ERR_MODULE_NOT_FOUND

test_that 'ERR_MODULE_NOT_FOUND for every static import that is not declared'
echo 'export default 1;' >file.mjs
for specifier in node:fs fs ./file.mjs file.mjs "$PWD/file.mjs" data:text/javascript,1 https://example.com/a.js lodash ''; do
    agent "console.log('no'); import * as x from '$specifier';"
    fails ERR_MODULE_NOT_FOUND
    json '.stdout' '[]'
done

test_that 'ERR_MODULE_NOT_FOUND names the specifier'
agent 'import "left-pad";'
has 'message' "$(jq -r .error.message out)" left-pad

test_that 'ERR_MODULE_NOT_FOUND of a static import has its position'
agent 'const a = 1;
import "left-pad";'
fails ERR_MODULE_NOT_FOUND
json '.error.line' 2

test_that 'ERR_MODULE_NOT_FOUND of a dynamic import can be caught'
agent 'try { await import("node:fs"); } catch (e) { console.log(e instanceof Error); } export default 1;'
completes '{"default":1}' '"true"'

test_that 'ERR_MODULE_NOT_FOUND of a dynamic import that is not caught'
agent 'const a = 1;
await import("./other.js");'
fails ERR_MODULE_NOT_FOUND
json '.error | [.line, .column]' '[2,1]'

test_that 'a static import cannot be caught'
agent 'try { import("x"); } catch {} import y from "y";'
fails ERR_MODULE_NOT_FOUND

# ---- hints

hint() {
    agent "$1"
    has "hint for $1" "$(jq -r '.error.hint // "none"' out)" "$2"
}

test_that 'a hint names the nearest global for one that is not declared'
hint 'consol.log(1);' '`console`'
hint 'Promis.resolve();' '`Promise`'

test_that 'a hint names the nearest global that a prefix made'
echo 'globalThis.fetchUsers = () => []; globalThis.unrelated = 1;' >users.js
iso precompile users.js -o users.snap
exits 0
agent 'fetchUser();' -s users.snap
fails ERR_USER_CODE
has 'hint' "$(jq -r '.error.hint // "none"' out)" '`fetchUsers`'

test_that 'a hint knows what Node.js and browsers have and iso4 does not'
hint 'require("fs");' import
hint 'module.exports = 1;' export
hint 'process.exit();' Node.js
hint 'Buffer.from("a");' Uint8Array
hint 'window.x;' globalThis
hint 'import "node:fs";' Node.js
hint 'await fetch("http://a/");' network
hint 'new XMLHttpRequest();' network

test_that 'a hint for a missing await'
hint 'const f = async () => [1]; for (const x of f()) x;' '`await`'
hint 'const f = async () => [1]; const [a] = f();' '`await`'

test_that 'a hint for a function as export'
hint 'export default () => 1;' 'calling the function'

test_that 'a hint for a promise that nothing can settle'
hint 'await new Promise(() => {});' resolve

test_that 'a hint for what is more than types, and for Markdown'
hint 'enum A { B }' 'Write an object'
hint '```js
1
```
```js
2
```' Markdown

test_that 'a hint for eval'
hint 'eval("1");' 'eval'

test_that 'a hint is one sentence of one line'
for code in 'nope;' 'require("x");' 'export default () => 1;' 'import "x";' 'await new Promise(() => {});'; do
    agent "$code"
    holds "hint for $code" jq -e '.error.hint | test("^[^\\n]{10,200}[.?]$")' out >/dev/null
done

test_that 'an error that needs no hint has none'
agent 'throw new Error("mine");'
json '.error | has("hint")' false

test_done
