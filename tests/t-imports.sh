#!/bin/sh
# Imports: sources and host modules, static and dynamic, in agents and in snapshots; what is refused, and how.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016 # the $ and ` in quotes are JavaScript's
. "$(dirname "$0")/lib.sh"

# module FILE TEXT
module() {
    printf '%s\n' "$2" >"$1"
}

# imports TEXT: the file of --imports
imports() {
    printf '%s\n' "$1" >imports.json
}

# error FILTER WANT: of .error
error() {
    json ".error | $1" "$2"
}

module counter.js 'export let n = 0; export function inc() { return ++n; } console.log("evaluated");'

# ---- sources at run

test_that 'a declared source can be imported'
agent 'import { n, inc } from "counter"; inc(); export default n;' -I counter=counter.js
completes '{"default":1}' '"evaluated"'

test_that 'an agent cannot import itself; its file, declared as a module, is another instance'
for name in agent.js ./agent.js; do
    agent "import * as me from '$name'; export default me;"
    fails ERR_MODULE_NOT_FOUND
    agent "export default await import('$name').catch((error) => error.code ?? error.name);"
    exits 0
done
agent 'export const made = {}; import * as me from "me"; export const same = me.made === made;' -I me=agent.js
completes '{"made":{},"same":false}'

test_that 'a source without an import is neither compiled nor evaluated'
module broken.js 'export const = ;'
agent 'export default 1;' -I broken=broken.js -I counter=counter.js
completes '{"default":1}'

test_that 'sources import one another'
module a.js 'import b from "b"; export default b + 1;'
module b.js 'import c from "c"; export default c + 1;'
module c.js 'export default 1;'
agent 'export { default } from "a";' -I a=a.js -I b=b.js -I c=c.js
completes '{"default":3}'

test_that 'a module that is imported by two others is evaluated once'
module left.js 'export { inc as left } from "counter";'
module right.js 'export { inc as right } from "counter";'
agent 'import { left } from "left"; import { right } from "right"; export default [left === right, left(), right()];' \
    -I left=left.js -I right=right.js -I counter=counter.js
completes '{"default":[true,1,2]}' '"evaluated"'

test_that 'modules are evaluated in the order of the imports, what they import first'
module one.js 'import "three"; console.log("one");'
module two.js 'import "three"; console.log("two");'
module three.js 'console.log("three");'
agent 'import "one"; import "two"; console.log("agent");' -I one=one.js -I two=two.js -I three=three.js
completes '{}' '"three","one","two","agent"'

test_that 'modules may import one another in a circle'
module even.js 'import { odd } from "odd"; export const even = (n) => n === 0 || odd(n - 1);'
module odd.js 'import { even } from "even"; export const odd = (n) => n !== 0 && even(n - 1);'
agent 'import { even } from "even"; export default [even(10), even(7)];' -I even=even.js -I odd=odd.js
completes '{"default":[true,false]}'

test_that 'a module may import itself'
module self.js 'import * as me from "self"; export const a = 1; export const same = () => me.a;'
agent 'import { same } from "self"; export default same();' -I self=self.js
completes '{"default":1}'

test_that 'a binding that is used before it is initialized in a circle is a ReferenceError'
module x.js 'import { y } from "y"; export const x = y;'
module y.js 'import { x } from "x"; export const y = x;'
agent 'import "x";' -I x=x.js -I y=y.js
fails ERR_USER_CODE
error '[.name, .message, .line]' "[\"ReferenceError\",\"Cannot access 'x' before initialization\",1]"

test_that 'top-level await in a source is waited for'
module slow.js 'await new Promise((done) => setTimeout(done, 20)); export default "ready";'
agent 'import slow from "slow"; export default slow;' -I slow=slow.js
completes '{"default":"ready"}'

test_that 'sources with top-level await that do not need one another wait at the same time'
module s1.js 'console.log("s1"); await new Promise((done) => setTimeout(done, 20)); console.log("s1 done");'
module s2.js 'console.log("s2"); await null; console.log("s2 done");'
agent 'import "s1"; import "s2";' -I s1=s1.js -I s2=s2.js
completes '{}' '"s1","s2","s2 done","s1 done"'

test_that 'exports of an import are live bindings'
agent 'import { n, inc } from "counter"; const before = n; inc(); export default [before, n];' -I counter=counter.js
completes '{"default":[0,1]}' '"evaluated"'

test_that 'what is imported cannot be assigned'
agent 'import { n } from "counter"; n = 5;' -I counter=counter.js
fails ERR_USER_CODE
error '[.name, .message]' '["TypeError","Assignment to constant variable."]'

test_that 'exports that an agent passes on are its own'
agent 'export { n } from "counter"; export * as all from "counter";' -I counter=counter.js --skip-unserializable
json '[.exports.n, .skippedExports[0].path]' '[0,"all.inc"]'

test_that 'two specifiers for one file are two modules'
agent 'import { inc } from "a"; import { n } from "b"; inc(); export default n;' -I a=counter.js -I b=counter.js
completes '{"default":0}' '"evaluated","evaluated"'

test_that 'import.meta is empty, without a prototype'
module meta.js 'export default [Reflect.ownKeys(import.meta).length, Object.getPrototypeOf(import.meta)];'
agent 'import meta from "meta"; export default [meta, Reflect.ownKeys(import.meta).length, Object.getPrototypeOf(import.meta)];' -I meta=meta.js
completes '{"default":[[0,null],0,null]}'

test_that 'a source has the globals of the agent, and no scope of its'
module scope.js 'export default [typeof shared, typeof mine, typeof require, this === undefined];'
agent 'globalThis.shared = 1; const mine = 2; const m = await import("scope"); export default m.default;' -I scope=scope.js
completes '{"default":["number","undefined","undefined",true]}'

test_that 'eval is as forbidden in a source as in the agent'
module ev.js 'export let name; try { eval("1"); } catch (e) { name = e.name; }'
agent 'export { name } from "ev";' -I ev=ev.js
completes '{"name":"EvalError"}'

test_that 'what a source throws in its functions names both files'
module thrower.js 'export function fall() {
    throw new RangeError("fallen");
}'
agent 'import { fall } from "lib";
fall();' -I lib=thrower.js
fails ERR_USER_CODE
error '[.line, .column, .stack]' '[2,1,"RangeError: fallen\n    at fall (thrower.js:2:11)\n    at agent.js:2:1"]'

test_that 'a source with a byte order mark and CRLF'
printf '%sexport const a = 1;\r\nexport const b = 2;\r\n' "$BOM" >crlf.js
agent 'import * as m from "crlf"; export default Object.keys(m);' -I crlf=crlf.js
completes '{"default":["a","b"]}'

test_that 'a source from standard input'
echo 'export default "piped";' >piped
iso run -I in=- -e 'export { default } from "in"' <piped
completes '{"default":"piped"}'

# ---- import()

test_that 'import() gives the namespace of the module'
agent 'const m = await import("counter"); m.inc(); export default [m.n, Object.keys(m), m[Symbol.toStringTag]];' -I counter=counter.js
completes '{"default":[1,["inc","n"],"Module"]}' '"evaluated"'

test_that 'import() gives the same namespace each time, that of import * too'
agent 'import * as ns from "counter"; export default (await Promise.all([import("counter"), import("counter")])).map((m) => m === ns);' -I counter=counter.js
completes '{"default":[true,true]}' '"evaluated"'

test_that 'import() evaluates later, not within the call'
agent 'const p = import("counter"); console.log("called"); await p;' -I counter=counter.js
completes '{}' '"called","evaluated"'

test_that 'import() waits for top-level await'
agent 'export default (await import("slow")).default;' -I slow=slow.js
completes '{"default":"ready"}'

test_that 'import() in a module of that module itself, while it is evaluated'
module selfish.js 'export const me = import("selfish").then((m) => m.late); export const late = 7;'
agent 'import { me } from "selfish"; export default await me;' -I selfish=selfish.js
completes '{"default":7}'

test_that 'import() of a module that is just being evaluated'
module outer.js 'import "inner"; export const done = 1;'
module inner.js 'export const back = import("outer").then((m) => m.done);'
agent 'import "outer"; import { back } from "inner"; export default await back;' -I outer=outer.js -I inner=inner.js
completes '{"default":1}'

test_that 'import() of a specifier that is computed, and of an object that becomes one'
agent 'export default [(await import("count" + "er")).n, (await import({ toString: () => "counter" })).n];' -I counter=counter.js
completes '{"default":[0,0]}' '"evaluated"'

test_that 'import() of what cannot become a string rejects'
agent 'const out = []; for (const s of [Symbol("s"), { toString() { throw new RangeError("no"); } }]) await import(s).catch((e) => out.push(e.name)); export default out;'
completes '{"default":["TypeError","RangeError"]}'

test_that 'import() in a function of a source'
module lazy.js 'export const load = () => import("counter");'
agent 'import { load } from "lazy"; export default (await load()).n;' -I lazy=lazy.js -I counter=counter.js
completes '{"default":0}' '"evaluated"'

test_that 'a namespace that has an export `then` is a thenable for import(), and none for import *'
module then.js 'export function then(resolve) { resolve("taken"); }'
agent 'import * as ns from "then"; export default [await import("then"), typeof ns.then];' -I then=then.js
completes '{"default":["taken","function"]}'

test_that 'an error of the evaluation is kept: every import() rejects with the same'
module boom.js 'console.log("once"); throw new TypeError("boom");'
agent 'const seen = []; for (let i = 0; i < 3; i++) await import("boom").catch((e) => seen.push(e)); export default [seen[0].message, seen[0] === seen[1], seen[1] === seen[2]];' -I boom=boom.js
completes '{"default":["boom",true,true]}' '"once"'

test_that 'an error of a module is one of what imports it'
module onboom.js 'import "boom"; console.log("never");'
agent 'const seen = []; for (const s of ["onboom", "boom"]) await import(s).catch((e) => seen.push(e)); export default seen[0] === seen[1];' -I boom=boom.js -I onboom=onboom.js
completes '{"default":true}' '"once"'

test_that 'import() without await ends with the run'
agent 'import("slow").then(() => console.log("never")); export default 1;' -I slow=slow.js
completes '{"default":1}'

test_that 'a failed import() without await is told on stderr'
agent 'import("boom"); export default 1; await null;' -I boom=boom.js
exits 0
has 'stderr' "$(jq -r '.stderr[]' out)" 'Uncaught in a promise that is not handled: TypeError: boom'

# ---- what is not declared

test_that 'a specifier that is not declared: code, place and frame'
agent 'const x = 1;
import lib from "lib";'
fails ERR_MODULE_NOT_FOUND
error '[.name, .message, .line, .column]' '["Error","Cannot find module \"lib\": only declared specifiers can be imported",2,17]'
has 'frame' "$(jq -r .error.frame out)" '>    2 | import lib from "lib";'
has 'stack' "$(jq -r .error.stack out)" 'at agent.js:2:17'

test_that 'a static import that is not declared fails before anything is evaluated'
agent 'import "counter"; import "nothing"; console.log("no");' -I counter=counter.js
fails ERR_MODULE_NOT_FOUND
json .stdout '[]'

test_that 'the nearest declared specifier is the hint'
agent 'import "lib:cuonter";' -I lib:counter=counter.js -I other=counter.js
fails ERR_MODULE_NOT_FOUND
error .hint '"Did you mean `lib:counter`?"'

test_that 'a long specifier is near to none'
long=$(printf 'long%.0s' $(seq 100))
agent "import '$long';" -I lib:counter=counter.js
fails ERR_MODULE_NOT_FOUND
error '[.hint, (.message | length < 300)]' '["Import what the host declared: `lib:counter`.",true]'

test_that 'import() of what is not declared can be caught'
agent 'export default await import("counte").catch((e) => [e instanceof Error, e.message]);' -I counter=counter.js
completes '{"default":[true,"Cannot find module \"counte\": only declared specifiers can be imported"]}'

test_that 'import() of what is not declared, not caught: code, hint, and the call in the stack'
agent 'function load() { return import("counte"); }
await load();' -I counter=counter.js
fails ERR_MODULE_NOT_FOUND
error '[.line, .column, .hint]' '[1,19,"Did you mean `counter`?"]'
has 'stack' "$(jq -r .error.stack out)" 'at load (agent.js:1:19)' 'at agent.js:2:7'

test_that 'the first of two failed imports keeps its code, also when it is thrown again later'
agent 'let first; try { await import("x"); } catch (e) { first = e; } await import("y").catch(() => {}); throw first;'
fails ERR_MODULE_NOT_FOUND
has 'message' "$(jq -r .error.message out)" '"x"'

test_that 'an error with the same words is not that of an import'
agent 'throw new Error("Cannot find module \"x\": only declared specifiers can be imported");'
fails ERR_USER_CODE

test_that 'what a source imports has to be declared: the place is in the source'
module needs.js 'export const a = 1;
import "nowhere";'
agent 'import "needs";' -I needs=needs.js
fails ERR_MODULE_NOT_FOUND
error '[.line, .column, (.stack | contains("at needs.js:2:8"))]' '[2,8,true]'

test_that 'the same through import()'
agent 'await import("needs");' -I needs=needs.js
fails ERR_MODULE_NOT_FOUND
error '[.line, .column, (.stack | contains("at needs.js:2:8"))]' '[2,8,true]'

test_that 'import() of a module with an import that is not declared fails every time'
agent 'const out = []; for (let i = 0; i < 3; i++) await import("needs").catch((e) => out.push(e.message.slice(0, 28))); export default out;' -I needs=needs.js
completes '{"default":["Cannot find module \"nowhere\"","Cannot find module \"nowhere\"","Cannot find module \"nowhere\""]}'

for specifier in node:fs fs file:///etc/passwd data:text/javascript,1 http://localhost/ https://localhost/x.js blob:1 \
    ./counter.js ../here/counter.js counter.js /etc/passwd '#internal' npm:x '' ' ' '%2e'; do
    test_that "nothing is read for '$specifier'"
    agent "export default await import('$specifier').catch((e) => e.message);"
    completes "{\"default\":\"Cannot find module \\\"$specifier\\\": only declared specifiers can be imported\"}"
done

test_that 'Node.js modules have a hint of their own'
agent 'import fs from "node:fs";'
fails ERR_MODULE_NOT_FOUND
error .hint '"Node.js modules do not exist here: use what the host declared."'

test_that 'such specifiers can be declared'
imports '{ "node:fs": { "source": "counter.js" }, "https://cdn.example/x.js": { "source": "counter.js" }, "./counter.js": { "source": "counter.js" } }'
agent 'import { n } from "node:fs"; import { n as m } from "https://cdn.example/x.js"; import { n as k } from "./counter.js"; export default [n, m, k];' --imports imports.json
completes '{"default":[0,0,0]}' '"evaluated","evaluated","evaluated"'

test_that 'specifiers are compared as they stand: nothing is resolved'
agent 'const out = []; for (const s of ["./a", "a/", "A", "a "]) await import(s).catch(() => out.push(s)); export default out;' -I a=counter.js
completes '{"default":["./a","a/","A","a "]}'

# ---- odd specifiers

test_that 'odd specifiers: empty, quotes, __proto__, NUL, other planes'
imports '{ "": { "source": "c.js" }, "it'"'"'s \"q\"": { "source": "c.js" }, "__proto__": { "source": "c.js" }, "constructor": { "source": "c.js" },
  "a\u0000b": { "source": "c.js" }, "\u00e9\ud83d\ude00": { "source": "c.js" }, "line\nbreak": { "source": "c.js" } }'
agent 'export default await Promise.all(["", `it'"'"'s "q"`, "__proto__", "constructor", "a\0b", "é😀", "line\nbreak"].map(async (s) => (await import(s)).default));' --imports imports.json
completes '{"default":[1,1,1,1,1,1,1]}'

test_that 'a specifier with NUL is not the one that it begins with'
imports '{ "a\u0000b": { "source": "c.js" } }'
agent 'export default [await import("a").catch((e) => e.message), await import("a\0c").catch((e) => e.message)];' --imports imports.json
completes '{"default":["Cannot find module \"a\": only declared specifiers can be imported","Cannot find module \"a\\u0000c\": only declared specifiers can be imported"]}'

test_that 'odd specifiers live on in a snapshot'
imports '{ "": { "source": "c.js" }, "__proto__": { "source": "c.js" }, "a\u0000b": { "source": "c.js" }, "é😀": { "source": "c.js" } }'
prefix '0' --imports imports.json
exits 0
agent 'import e from ""; export default [e, (await import("__proto__")).default, (await import("a\0b")).default, (await import("é😀")).default];' -s p.snap
completes '{"default":[1,1,1,1]}'
iso inspect --json p.snap
json '.imports | keys' '["","__proto__","a\u0000b","é😀"]'

test_that 'a very long specifier'
long=$(printf 'é%.0s' $(seq 5000))
imports "{ \"$long\": { \"source\": \"c.js\" } }"
agent "import v from '$long'; export default v;" --imports imports.json
completes '{"default":1}'

test_that 'a long specifier that is cut in a message leaves the message UTF-8'
prefix '0' -I c=c.js
agent '0' -s p.snap -I "x$(printf 'é%.0s' $(seq 200))=c.js"
refused 'was not declared by precompile'
holds 'UTF-8' iconv -f utf-8 -t utf-8 err

test_that '-I splits at the last ='
agent 'import v from "a=b"; export default v;' -I a=b=c.js
completes '{"default":1}'

test_that 'a lone surrogate is no declared specifier'
agent 'export default await import("\ud800").catch((e) => e.message);' -I c=c.js
exits 0
json '.ok' 'true'

# ---- import attributes

test_that 'a static import with attributes is refused, at its place'
agent 'import data from "c" with { type: "json" };' -I c=c.js
fails ERR_COMPILE
error '[.name, .message, .line, .column]' '["TypeError","import attributes are not supported: import the declared specifier without `with`",1,18]'

test_that 'import() with attributes rejects'
agent 'export default await import("c", { with: { type: "json" } }).catch((e) => [e.name, e.message]);' -I c=c.js
completes '{"default":["TypeError","import attributes are not supported: import the declared specifier without `with`"]}'

test_that 'import() with options but no attributes'
agent 'export default [(await import("c", {})).default, (await import("c", { with: {} })).default, (await import("c", undefined)).default];' -I c=c.js
completes '{"default":[1,1,1]}'

test_that 'attributes in a source are refused however often it is imported'
module attributes.js 'import v from "c" with { type: "javascript" }; export { v };'
module on.js 'export * from "attributes";'
agent 'const out = []; for (let i = 0; i < 3; i++) await import("on").catch((e) => out.push(e.name)); export default out;' -I c=c.js -I attributes=attributes.js -I on=on.js
completes '{"default":["TypeError","TypeError","TypeError"]}'

# ---- sources that fail

test_that 'a source that does not parse: line, column, frame and stack are of that file'
module broken.js 'export const ok = 1;
export const bad = ;'
agent 'console.log("no");
import "broken";' -I broken=broken.js
fails ERR_COMPILE
error '[.name, .message, .line, .column, .stack]' "[\"SyntaxError\",\"Unexpected token ';'\",2,20,\"SyntaxError: Unexpected token ';'\\n    at broken.js:2:20\"]"
has 'frame' "$(jq -r .error.frame out)" '>    2 | export const bad = ;'

test_that 'the same in a source that a source imports'
module onbroken.js 'import "broken";'
agent 'import "onbroken";' -I broken=broken.js -I onbroken=onbroken.js
fails ERR_COMPILE
has 'stack' "$(jq -r .error.stack out)" 'at broken.js:2:20'

test_that 'import() of a source that does not parse can be caught'
agent 'export default await import("broken").catch((e) => [e.name, e.message]);' -I broken=broken.js
completes "{\"default\":[\"SyntaxError\",\"Unexpected token ';'\"]}"

test_that 'import() of a source that does not parse, not caught'
agent 'await import("broken");' -I broken=broken.js
fails ERR_COMPILE
error '[.line, .column, (.stack | contains("at broken.js:2:20"))]' '[2,20,true]'

test_that 'an export that is not there: the place is in the import'
agent 'import { inc,
    dec } from "counter";' -I counter=counter.js
fails ERR_COMPILE
error '[.name, .message, .line, .column]' "[\"SyntaxError\",\"The requested module 'counter' does not provide an export named 'dec'\",2,5]"

test_that 'an export that is not there, in a source: the place is in that source'
module wants.js 'const a = 1;
import { dec } from "counter";'
agent 'import "wants";' -I counter=counter.js -I wants=wants.js
fails ERR_COMPILE
error '[.line, .column, (.stack | contains("at wants.js:2:10"))]' '[2,10,true]'

test_that 'the same through import()'
agent 'await import("wants");' -I counter=counter.js -I wants=wants.js
fails ERR_USER_CODE
error '[.name, .line, .column, (.stack | contains("at wants.js:2:10"))]' '["SyntaxError",2,10,true]'

test_that 'a name that two modules export is ambiguous'
module n1.js 'export const n = 1;'
module both.js 'export * from "n1"; export * from "counter";'
agent 'import { n } from "both";' -I n1=n1.js -I counter=counter.js -I both=both.js
fails ERR_COMPILE
has 'message' "$(jq -r .error.message out)" 'conflicting star exports'

test_that 'an error of the evaluation: place and frame are of the source'
module boom.js 'const a = 1;
function f() { throw new TypeError("boom"); }
f();'
agent 'import "boom";' -I boom=boom.js
fails ERR_USER_CODE
error '[.name, .line, .column, .stack]' '["TypeError",2,22,"TypeError: boom\n    at f (boom.js:2:22)\n    at boom.js:3:1"]'

test_that 'a rejection in a top-level await of a source'
module late.js 'await null;
throw Object.assign(new RangeError("late"), { detail: 1 });'
agent 'import "late"; console.log("no");' -I late=late.js
fails ERR_USER_CODE
error '[.name, .fields.detail, .line]' '["RangeError",1,2]'
json .stdout '[]'

test_that 'a top-level await that nothing can settle: the place is in the source'
module never.js 'export const a = 1;
await new Promise(() => {});'
agent 'import "never";' -I never=never.js
fails ERR_DID_NOT_SETTLE
error '[.line, .column]' '[2,1]'

test_that 'a source that does not end'
module loop.js 'for (;;);'
agent 'import "loop";' -I loop=loop.js --cpu-time-ms 100
fails ERR_CPU_TIMEOUT
has 'stack' "$(jq -r .error.stack out)" 'loop.js:1:'

test_that 'a source that does not end, through import() with a catch'
agent 'await import("loop").catch(() => {}); console.log("no");' -I loop=loop.js --cpu-time-ms 100
fails ERR_CPU_TIMEOUT
json .stdout '[]'

test_that 'a source that takes all memory'
module hoard.js 'const all = []; for (;;) all.push(new Array(1000).fill(0));'
agent 'import "hoard";' -I hoard=hoard.js --memory-mb 32
fails ERR_MEMORY_LIMIT

# ---- live instances in a snapshot

test_that 'what the prefix imported is the instance that the agent imports'
prefix 'import { n, inc } from "counter"; inc(); inc(); globalThis.seen = () => n;' -I counter=counter.js
json '[.ok, .stdout]' '[true,["evaluated"]]'
agent 'import { n, inc } from "counter"; const before = n; inc(); export default [before, n, seen()];' -s p.snap
completes '{"default":[2,3,3]}'

test_that 'each run starts from the instance as the snapshot has it'
agent 'import { inc } from "counter"; export default inc();' -s p.snap
completes '{"default":3}'
agent 'import { inc } from "counter"; export default inc();' -s p.snap
completes '{"default":3}'

test_that 'what the prefix did not import is evaluated at the first import of the agent'
prefix 'globalThis.before = 1;' -I counter=counter.js
json '.stdout' '[]'
agent 'console.log("agent"); const m = await import("counter"); export default m.inc();' -s p.snap
completes '{"default":1}' '"agent","evaluated"'

test_that 'closures and private fields of a module live on'
module bank.js 'class Account { #balance = 0; put(n) { this.#balance += n; return this.#balance; } static is(o) { return #balance in o; } }
let made = 0; export const open = () => { made++; return new Account(); }; export const count = () => made; export const first = open(); export { Account };'
prefix 'import { first } from "bank"; first.put(40); globalThis.mine = first;' -I bank=bank.js
agent 'import { first, open, count, Account } from "bank"; export default [first.put(2), first === mine, Account.is(mine), open() instanceof Account, count()];' -s p.snap
completes '{"default":[42,true,true,true,2]}'

test_that 'a namespace that the prefix keeps is the namespace of the agent'
prefix 'import * as ns from "counter"; globalThis.ns = ns; ns.inc(); globalThis.later = import("counter");' -I counter=counter.js
exits 0
agent 'import * as mine from "counter"; mine.inc(); export default [ns === mine, ns.n, await later === mine, await import("counter") === mine];' -s p.snap
completes '{"default":[true,2,true,true]}'

test_that 'a namespace that import() gave to the prefix'
prefix 'const m = await import("counter"); m.inc(); globalThis.n = () => m.n;' -I counter=counter.js
exits 0
agent 'import { inc } from "counter"; inc(); export default n();' -s p.snap
completes '{"default":2}'

test_that 'functions of the prefix import what is declared, and nothing else'
prefix 'globalThis.load = (s) => import(s);' -I counter=counter.js
agent 'export default [(await load("counter")).n, await load("x").catch((e) => e.message.slice(0, 22))];' -s p.snap
completes '{"default":[0,"Cannot find module \"x\""]}' '"evaluated"'

test_that 'top-level await of a source is over when the snapshot is made'
prefix 'import slow from "slow"; globalThis.slow = slow;' -I slow=slow.js
exits 0
agent 'import s from "slow"; export default [s, slow];' -s p.snap
completes '{"default":["ready","ready"]}'

test_that 'a source with top-level await that only the agent imports'
prefix '0' -I slow=slow.js
agent 'import s from "slow"; export default s;' -s p.snap
completes '{"default":"ready"}'

test_that 'a source that never settles, which only the agent imports'
prefix '0' -I never=never.js
exits 0
agent 'import "never";' -s p.snap
fails ERR_DID_NOT_SETTLE

test_that 'a prefix that imports what never settles'
prefix 'import "never";' -I never=never.js
fails ERR_PREFIX_DID_NOT_SETTLE
error '[.line, .column]' '[2,1]'

test_that 'an import() that is under way when the prefix ends'
prefix 'import("slow");' -I slow=slow.js
fails ERR_PREFIX_DID_NOT_SETTLE
error .message "\"the import of 'slow' has not settled when the prefix ends\""

test_that 'an error that the prefix caught is what the agent gets'
prefix 'globalThis.caught = await import("boom").catch((e) => e);' -I boom=boom.js
exits 0
agent 'export default await import("boom").catch((e) => e === caught);' -s p.snap
completes '{"default":true}'

test_that 'a failed import that the prefix kept fails the agent that throws it, with its code'
prefix 'globalThis.caught = await import("nothing").catch((e) => e);' -I counter=counter.js
agent 'throw caught;' -s p.snap
fails ERR_MODULE_NOT_FOUND

test_that 'modules in a circle live on'
prefix 'import { even } from "even"; globalThis.even = even;' -I even=even.js -I odd=odd.js
agent 'import { odd } from "odd"; export default [even(4), odd(4)];' -s p.snap
completes '{"default":[true,false]}'

test_that 'a warm-up agent imports what is declared'
echo 'import { inc } from "counter"; inc();' >warm.js
prefix 'import "counter";' -I counter=counter.js --warm warm.js
exits 0
agent 'export { n } from "counter";' -s p.snap
completes '{"n":1}'

test_that 'the agent sees an error of a library in its own place'
prefix 'import "lib";' -I lib=thrower.js
agent 'import { fall } from "lib";
fall();' -s p.snap
fails ERR_USER_CODE
error '[.line, .column]' '[2,1]'
has 'stack' "$(jq -r .error.stack out)" 'at fall (thrower.js:2:11)' 'at agent.js:2:1'

test_that 'specifiers that the snapshot does not declare: hint'
prefix '0' -I lib:counter=counter.js
agent 'import "lib:countr";' -s p.snap
fails ERR_MODULE_NOT_FOUND
error .hint '"Did you mean `lib:counter`?"'

test_that 'import.meta of a module in a snapshot is empty'
prefix 'import m from "meta"; globalThis.m = m;' -I meta=meta.js
agent 'import again from "meta"; export default [m, again === m];' -s p.snap
completes '{"default":[[0,null],true]}'

# ---- precompile

test_that 'precompile compiles every source that is declared'
prefix '0' -I broken=broken.js
fails ERR_COMPILE
error '[.line, .column, (.stack | contains("at broken.js:2:20"))]' '[2,20,true]'

test_that 'precompile links every source that is declared'
prefix '0' -I needs=needs.js
fails ERR_MODULE_NOT_FOUND
error '[.line, .column, (.stack | contains("at needs.js:2:8"))]' '[2,8,true]'

test_that 'a failed precompile leaves no file'
fresh
module broken.js 'export const = ;'
prefix '0' -I broken=broken.js
fails ERR_COMPILE
files broken.js prefix.js

test_that 'an import that the prefix lacks'
prefix 'import "counte";' -I counter=counter.js
fails ERR_MODULE_NOT_FOUND
error '[.line, .hint]' '[1,"Did you mean `counter`?"]'

test_that 'a prefix catches what import() lacks'
prefix 'globalThis.said = await import("counte").catch((e) => e.message);' -I counter=counter.js
exits 0
agent 'export default said;' -s p.snap
completes '{"default":"Cannot find module \"counte\": only declared specifiers can be imported"}'

test_that 'a source that throws for the prefix'
prefix 'import "boom";' -I boom=boom.js
fails ERR_USER_CODE
error '[.name, .line, .column, (.stack | contains("boom.js:2:22"))]' '["TypeError",2,22,true]'

test_that 'the same imports give the same bytes'
imports '{ "c": { "source": "counter.js" }, "bank": { "source": "bank.js" }, "host:db": { "exports": { "get": { "returns": [1] }, "conf": { "value": { "a": 1 } } } } }'
prefix 'import "c"; import { get } from "host:db"; globalThis.get = get; globalThis.ns = await import("bank");' --imports imports.json
exits 0
mv p.snap first.snap
prefix 'import "c"; import { get } from "host:db"; globalThis.get = get; globalThis.ns = await import("bank");' --imports imports.json
exits 0
holds 'same bytes' cmp first.snap p.snap

test_that 'the place of the sources is not in the snapshot'
mkdir -p elsewhere
cp imports.json counter.js bank.js elsewhere/
prefix 'import "c"; import { get } from "host:db"; globalThis.get = get; globalThis.ns = await import("bank");' --imports elsewhere/imports.json
holds 'same bytes' cmp first.snap p.snap

test_that 'inspect shows imports with their digests'
sum=$(sha256sum <counter.js | cut -d ' ' -f 1)
iso inspect --json p.snap
json .imports.c "{\"source\":{\"name\":\"counter.js\",\"bytes\":$(wc -c <counter.js),\"sha256\":\"$sum\"}}"
json '.imports["host:db"]' '{"exports":{"get":{"returns":[1]},"conf":{"value":{"a":1}}}}'
iso inspect p.snap
has 'table' "$line" "import    c, source counter.js, $(wc -c <counter.js) bytes, sha256 $sum" 'import    host:db, host module' \
    'export    host:db.get, returns'

# ---- host modules

HOST='{ "host:db": { "exports": {
    "query": { "returns": [1, 2] }, "fail": { "throws": { "name": "RangeError", "message": "no rows", "code": "E1" } },
    "config": { "value": { "deep": { "list": [1] }, "at": { "$type": "date", "value": "2020-01-01T00:00:00.000Z" } } },
    "tables": { "members": { "users": { "members": { "find": { "returns": "found" }, "size": { "value": 3 } } } } },
    "sum": { "expression": "40 + 2" }, "default": { "returns": "by default" } } } }'

test_that 'host modules export functions, data, expressions and a default'
imports "$HOST"
agent 'import db, { query, config, tables, sum } from "host:db"; export default [await query(), config.deep.list, config.at instanceof Date, await tables.users.find(), tables.users.size, sum, await db()];' --imports imports.json
exits 0
json '[.exports.default, [.bridgeCalls[].name]]' '[[[1,2],[1],true,"found",3,42,"by default"],["host:db.query","host:db.tables.users.find","host:db.default"]]'

test_that 'a function of a host module rejects with an Error of its class'
agent 'import { fail } from "host:db"; export default await fail().catch((e) => [e instanceof RangeError, e.message, e.code]);' --imports imports.json
exits 0
json .exports.default '[true,"no rows","E1"]'

test_that 'an uncaught failure of a host module'
agent 'import { fail } from "host:db";
await fail();' --imports imports.json
fails ERR_HOST_BRIDGE
error '[.name, .fields]' '["RangeError",{"code":"E1"}]'

test_that 'exports of host modules cannot be assigned, data can be changed'
agent 'import * as db from "host:db"; let name; try { db.query = 1; } catch (e) { name = e.name; } db.config.deep.list.push(2); export default [name, db.config.deep.list];' --imports imports.json
completes '{"default":["TypeError",[1,2]]}'

test_that 'host modules are imported by sources'
module uses.js 'import { query } from "host:db"; export const rows = async () => (await query()).length;'
agent 'import { rows } from "uses"; export default await rows();' --imports imports.json -I uses=uses.js
exits 0
json .exports.default 2

test_that 'odd export names: then, __proto__, empty, with blanks and quotes'
imports '{ "odd": { "exports": { "__proto__": { "value": 1 }, "": { "value": 2 }, "a b": { "value": 3 }, "\"": { "value": 4 }, "constructor": { "value": 5 }, "é😀": { "value": 6 }, "0": { "value": 7 } } } }'
agent 'import { "__proto__" as a, "" as b, "a b" as c, "\"" as d, constructor as e, "é😀" as f, "0" as g } from "odd"; import * as ns from "odd"; export default [a, b, c, d, e, f, g, Object.keys(ns).length];' --imports imports.json
completes '{"default":[1,2,3,4,5,6,7,7]}'

test_that 'a host module that exports `then`'
imports '{ "t": { "exports": { "then": { "value": 1 }, "v": { "value": 2 } } }, "called": { "exports": { "then": { "returns": 3 } } } }'
agent 'import { v } from "t"; export default [v, (await import("t")).v];' --imports imports.json
completes '{"default":[2,2]}'

test_that 'a host module without exports'
imports '{ "empty": { "exports": {} } }'
agent 'import "empty"; import * as ns from "empty"; export default [Object.keys(ns), await import("empty") === ns];' --imports imports.json
completes '{"default":[[],true]}'

test_that 'an export that a host module lacks'
imports "$HOST"
agent 'import { queery } from "host:db";' --imports imports.json
fails ERR_COMPILE
error '[.name, .message, .line, .column]' "[\"SyntaxError\",\"The requested module 'host:db' does not provide an export named 'queery'\",1,10]"

test_that 'limits on calls hold for host modules'
agent 'import { query } from "host:db"; for (;;) await query();' --imports imports.json --max-bridge-calls 3
fails ERR_BRIDGE_CALL_LIMIT_EXCEEDED
json '.bridgeCalls | length' 4

test_that 'host modules live on in a snapshot, in closures of the prefix too'
prefix 'import { query, config } from "host:db"; config.deep.list.push(9); globalThis.ask = () => query("x");' --imports imports.json
exits 0
agent 'import { query, config } from "host:db"; export default [await ask(), await query(), config.deep.list];' -s p.snap
exits 0
json .exports.default '[[1,2],[1,2],[1,9]]'

test_that 'a prefix must not call host modules'
prefix 'import { query } from "host:db";
await query();' --imports imports.json
fails ERR_PREFIX_BRIDGE_CALL
has 'message' "$(jq -r .error.message out)" "'host:db.query'"

test_that 'neither may a source that the prefix imports, nor is it caught'
module calls.js 'import { query } from "host:db"; try { await query(); } catch {}'
prefix 'import "calls";' --imports imports.json -I calls=calls.js
fails ERR_PREFIX_BRIDGE_CALL

# ---- rebinding

test_that 'a run rebinds functions of a host module, for closures of the prefix as well'
imports "$HOST"
prefix 'import db, { query, tables } from "host:db"; globalThis.ask = () => Promise.all([query(), tables.users.find(), db()]);' --imports imports.json
echo '{ "host:db": { "exports": { "query": { "returns": "Q" }, "tables": { "members": { "users": { "members": { "find": { "throws": { "message": "F" } } } } } } } } }' >rebind.json
agent 'import { query, tables } from "host:db"; export default [await query(), await tables.users.find().catch((e) => e.message), await ask().catch((e) => e.message)];' -s p.snap --imports rebind.json
exits 0
json .exports.default '["Q","F","F"]'

test_that 'what a run does not give keeps its answer'
echo '{ "host:db": { "exports": { "query": { "returns": "Q" } } } }' >rebind.json
agent 'export default await ask();' -s p.snap --imports rebind.json
exits 0
json .exports.default '["Q","found","by default"]'

test_that 'rebinding holds for its run only'
agent 'export default await ask();' -s p.snap
exits 0
json .exports.default '[[1,2],"found","by default"]'

# rebinding MESSAGE-PART OPTION...
rebinding() {
    _says=$1
    shift
    agent 'console.log("must not run");' -s p.snap "$@"
    refused "$_says"
}

# gives EXPORTS: of host:db
gives() {
    printf '{ "host:db": { "exports": %s } }\n' "$1" >rebind.json
}

test_that 'data of a host module cannot be rebound'
gives '{ "config": { "value": 1 } }'
rebinding "'host:db.config' cannot be rebound" --imports rebind.json

test_that 'nor nested data'
gives '{ "tables": { "members": { "users": { "members": { "size": { "value": 4 } } } } } }'
rebinding "'host:db.tables.users.size'" --imports rebind.json

test_that 'a function cannot be rebound as data, nor data as a function'
gives '{ "query": { "value": 1 } }'
rebinding "was declared as a function and is given as a value" --imports rebind.json
gives '{ "config": { "returns": 1 } }'
rebinding "'host:db.config'" --imports rebind.json

test_that 'an expression cannot be rebound'
gives '{ "sum": { "returns": 1 } }'
rebinding "'host:db.sum'" --imports rebind.json

test_that 'an export that was not declared: the nearest is named'
gives '{ "qeury": { "returns": 1 } }'
rebinding "the export 'host:db.qeury' was not declared by precompile (did you mean 'host:db.query'?)" --imports rebind.json

test_that 'a host module that was not declared: the nearest is named'
echo '{ "host:bd": { "exports": { "query": { "returns": 1 } } } }' >rebind.json
rebinding "the import 'host:bd' was not declared by precompile (did you mean 'host:db'?)" --imports rebind.json

test_that 'a host module cannot be rebound by a source'
echo '{ "host:db": { "source": "c.js" } }' >rebind.json
rebinding 'it is a host module' --imports rebind.json
rebinding 'it is a host module' -I host:db=c.js

test_that 'a source of the snapshot cannot be rebound, by whatever'
prefix '0' -I c=c.js
rebinding 'its source is part of the snapshot' -I c=c.js
echo '{ "c": { "exports": { "f": { "returns": 1 } } } }' >rebind.json
rebinding 'its source is part of the snapshot' --imports rebind.json

test_that 'a run adds no source to a snapshot'
rebinding "the import 'd' was not declared by precompile" -I d=c.js

# ---- command lines and files

test_that '-I without a file, without =, without a value'
agent 0 -I x=
refused "--import takes SPECIFIER=FILE, not 'x='"
agent 0 -I x
refused "--import takes SPECIFIER=FILE, not 'x'"
iso run agent.js -I
refused "option '-I' needs a value"

test_that 'a source that is not there, is a directory, or is no UTF-8'
agent 0 -I x=missing.js
refused "cannot open 'missing.js'"
mkdir -p directory
agent 0 -I x=directory
refused directory
printf '\377' >latin.js
agent 0 -I x=latin.js
refused 'is not UTF-8'

test_that 'a specifier that is declared twice by -I'
agent 0 -I x=c.js -I x=counter.js
refused "--import: 'x' is declared twice"

test_that 'a specifier that is declared by --imports and by -I'
imports '{ "x": { "source": "c.js" } }'
agent 0 --imports imports.json -I x=c.js
refused "--import: 'x' is declared twice"

test_that 'sources are found from the directory of the imports file'
mkdir -p lib
echo 'export default "in lib";' >lib/m.js
echo '{ "m": { "source": "m.js" }, "up": { "source": "../c.js" } }' >lib/imports.json
agent 'import m from "m"; import up from "up"; export default [m, up];' --imports lib/imports.json
completes '{"default":["in lib",1]}'

test_that 'a source with an absolute path'
imports "{ \"m\": { \"source\": \"$PWD/c.js\" } }"
agent 'export { default } from "m";' --imports imports.json
completes '{"default":1}'

# bad_imports TEXT MESSAGE-PART
bad_imports() {
    imports "$1"
    agent 0 --imports imports.json
    refused "$2"
}

test_that 'an imports file that is not there'
agent 0 --imports missing.json
refused "cannot open 'missing.json'"

test_that 'an imports file that is no JSON: line and column'
bad_imports '{ "a": { "source": "c.js" },
  "b": }' 'imports.json:2:8: not JSON from here on'
bad_imports '' 'imports.json:'

test_that 'an imports file that is no object'
bad_imports '[]' 'imports.json:1:1: imports are a JSON object'

test_that 'an import with both keys, with none, with another'
bad_imports '{ "a": { "source": "c.js", "exports": {} } }' 'imports.json:1:8: an import is {"source": FILE} or {"exports": {NAME: definition}}'
bad_imports '{ "a": {} }' 'imports.json:1:8: an import is'
bad_imports '{ "a": { "file": "c.js" } }' 'imports.json:1:8: an import is'
bad_imports '{ "a": "c.js" }' 'imports.json:1:8: an import is'

test_that 'a source that is no path'
bad_imports '{ "a": { "source": 7 } }' 'source is the path of a file'
bad_imports '{ "a": { "source": "" } }' 'source is the path of a file'
bad_imports '{ "a": { "source": "c.js\u0000x" } }' 'source is a path that holds a NUL character'
bad_imports '{ "a": { "source": "missing.js" } }' 'missing.js'

test_that 'a specifier that one file declares twice, in other letters: the second place'
bad_imports '{ "a": { "source": "c.js" },
  "\u0061": { "source": "c.js" } }' 'imports.json:2:3: declares "\u0061" twice'

test_that 'a wrong definition in a host module: its path'
bad_imports '{ "m": { "exports": { "f": { "retruns": 1 } } } }' "'m.f'"
bad_imports '{ "m": { "exports": { "f": { "returns": 1 }, "f": { "returns": 2 } } } }' '"f"'
bad_imports '{ "m": { "exports": [] } }' 'exports are an object'

test_that 'standard input is only one of the inputs'
iso run -I x=- - <c.js
refused 'standard input'

# ---- many and large

test_that '5,000 modules, imported by one agent'
mkdir -p many
i=0
: >many/list
while test $i -lt 5000; do
    echo "export default $i;" >many/$i.js
    echo "\"m$i\":{\"source\":\"many/$i.js\"}" >>many/list
    i=$((i + 1))
done
{ echo '{' && sed '$!s/$/,/' many/list && echo '}'; } >many.json
{ seq 0 4999 | sed 's/.*/import v& from "m&";/' && echo "export default [$(seq -s , -f v%g 0 4999)].reduce((a, b) => a + b);"; } >many-agent.js
iso run --imports many.json many-agent.js
completes '{"default":12497500}'

test_that '5,000 modules in a snapshot'
prefix 'globalThis.ready = 1;' --imports many.json
exits 0
iso run -s p.snap many-agent.js
completes '{"default":12497500}'

# chain N: c0 imports c1 imports ... the last one
chain() {
    rm -rf chain
    mkdir chain
    last=$(($1 - 1))
    i=0
    while test $i -lt $last; do
        echo "import v from 'c$((i + 1))'; export default v + 1;" >chain/$i.js
        i=$((i + 1))
    done
    echo 'export default 1;' >chain/$last.js
    { echo '{' && seq 0 $last | sed 's|.*|"c&":{"source":"chain/&.js"}|;$!s/$/,/' && echo '}'; } >chain.json
}

test_that 'a chain of 2,000 modules'
chain 2000
agent 'export { default } from "c0";' --imports chain.json
completes '{"default":2000}'

test_that 'a chain that is too long for the stack is a RangeError that can be caught'
chain 5000
agent 'export default await import("c0").catch((e) => [e.name, e.message]);' --imports chain.json
completes '{"default":["RangeError","Maximum call stack size exceeded"]}'

test_that 'a chain that is too long is precompiled, and evaluated from its end piece by piece'
prefix '0' --imports chain.json
exits 0
agent 'for (let i = 4000; i >= 0; i -= 1000) await import("c" + i); export default (await import("c0")).default;' -s p.snap
completes '{"default":5000}'

test_that 'more imports than are taken'
{ echo '{' && seq 0 10000 | sed 's|.*|"x&":{"source":"c.js"}|;$!s/$/,/' && echo '}'; } >toomany.json
agent 0 --imports toomany.json
refused 'at most 10000 imports are taken'

test_that 'a module of 10 MB'
{ printf 'export const text = "' && head -c 10000000 /dev/zero | tr '\0' x && echo '"; export const size = () => text.length;'; } >large.js
agent 'import { size } from "large"; export default size();' -I large=large.js
completes '{"default":10000000}'
prefix 'import "large";' -I large=large.js
exits 0
agent 'import { size } from "large"; export default size();' -s p.snap
completes '{"default":10000000}'

# ---- hostile code

test_that 'what agents do to Promise.prototype does not reach import()'
agent 'const seen = []; Promise.prototype.constructor = { [Symbol.species]: function (start) { seen.push("species"); start(() => {}, () => {}); return { fake: 1 }; } };
const p = import("counter"); delete Promise.prototype.constructor; export default [p instanceof Promise, (await p).n, seen];' -I counter=counter.js
completes '{"default":[true,0,[]]}' '"evaluated"'

test_that 'a then() of Promise.prototype is not called by import()'
agent 'let called = 0; const then = Promise.prototype.then; Promise.prototype.then = function (...a) { called++; return then.apply(this, a); };
const m = await import("counter"); const n = called; Promise.prototype.then = then; export default [n, m.n];' -I counter=counter.js
completes '{"default":[0,0]}' '"evaluated"'

test_that 'accessors of Object.prototype and Array.prototype see nothing of imports'
agent 'const seen = []; for (const [o, k] of [[Object.prototype, "0"], [Object.prototype, "1"], [Array.prototype, "0"], [Array.prototype, "2"], [Object.prototype, "constructor"]])
    Object.defineProperty(o, k, { get() { seen.push("get " + k); }, set() { seen.push("set " + k); }, configurable: true });
const a = await import("counter"); const b = await import("nothing").catch((e) => e.message.length); export default [a.n, b > 10, seen.length];' -I counter=counter.js
completes '{"default":[0,true,0]}' '"evaluated"'

test_that 'a then of Object.prototype does not reach namespaces, which have no prototype'
agent 'Object.prototype.then = function (resolve) { resolve("stolen"); }; const m = await import("counter"); delete Object.prototype.then; export default m.n;' -I counter=counter.js
completes '{"default":0}' '"evaluated"'

test_that 'an Array.prototype without iterator and methods'
agent 'for (const k of Reflect.ownKeys(Array.prototype)) if (k !== "length") delete Array.prototype[k]; export default [(await import("counter")).n, (await import("c")).default];' -I counter=counter.js -I c=c.js
completes '{"default":[0,1]}' '"evaluated"'

test_that 'a thenable namespace that never resolves'
module stuck.js 'export function then() {}'
agent 'await import("stuck");' -I stuck=stuck.js
fails ERR_DID_NOT_SETTLE

test_that 'a thenable namespace that resolves with itself'
module turning.js 'export function then(resolve) { console.log("turn"); resolve(1); }'
agent 'const ns = {}; export default await import("turning");' -I turning=turning.js
completes '{"default":1}' '"turn"'

test_that 'a flood of imports that are not declared ends at the memory limit or goes well'
agent 'for (let i = 0; i < 20000; i++) await import("x" + i).catch(() => {}); export default 1;' --memory-mb 64
completes '{"default":1}'

test_that 'import() in a loop without end is stopped'
agent 'for (;;) await import("counter");' -I counter=counter.js --cpu-time-ms 200
fails ERR_CPU_TIMEOUT

test_that 'exports of a module of a snapshot that a prefix overshadowed'
prefix 'import * as ns from "counter"; globalThis.Promise = class {}; Object.prototype.polluted = 1;' -I counter=counter.js
exits 0
agent 'import { inc } from "counter"; export default [inc(), "polluted" in {}, (await import("counter")).n];' -s p.snap
completes '{"default":[1,true,1]}'

test_that 'a module cannot be reached by the names of the tool'
agent 'const out = []; for (const s of ["iso4 runtime", "agent.js", "prefix.js", "trial"]) await import(s).catch(() => out.push(s)); export default out.length;'
completes '{"default":4}'

test_that 'runs of a batch share the declared imports, and a job with globals of its own has none'
module counted.js 'export let n = 0; export const inc = () => ++n;'
cat >jobs.jsonl <<'END'
{"id":1,"code":"import { inc } from \"counted\"; inc(); export default inc();"}
{"id":2,"code":"import { inc } from \"counted\"; export default inc();"}
{"id":3,"code":"export default 3;"}
{"id":4,"code":"import { inc } from \"counted\"; export default inc();","globals":{"x":{"value":4}}}
{"id":6,"code":"import { nothing } from \"counted\";"}
END
iso batch -j 2 -I counted=counted.js -I other=counted.js jobs.jsonl
is 'results' "$(jq -c '[.id, .exports.default // .error.code]' out | sort | tr '\n' ' ')" \
    '[1,2] [2,1] [3,3] [4,"ERR_MODULE_NOT_FOUND"] [6,"ERR_COMPILE"] '
cp out forked
iso batch -j 1 -I counted=counted.js -I other=counted.js jobs.jsonl
is 'errors' "$(jq -c 'select(.id == 6) | .error' out)" "$(jq -c 'select(.id == 6) | .error' forked)"

test_that 'imports that are larger than the buffer of a socket reach a batch'
{ echo 'export default "end"; /*'; head -c 3000000 /dev/zero | tr '\0' x; echo '*/'; } >large.js
seq 8 | sed 's/.*/{"id":&,"code":"export { default } from \\"large\\";"}/' >jobs.jsonl
iso batch -j 2 -I large=large.js jobs.jsonl
exits 0
is 'exports' "$(jq -r .exports.default out | sort | uniq -c | tr -s ' ')" ' 8 end'

test_done
