#!/bin/sh
# Places in sources that another process made, that a library covers, or that the agent's own Error.prepareStackTrace asks for.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016 # the $ and ` in quotes are JavaScript's
. "$(dirname "$0")/lib.sh"

# ---- errors of a prefix whose stack is first read in a run

cat >made.js <<'JS'
// one
globalThis.made = {};
made.top = new Error("top");
made.inner = (() => {
    function inner() { return new TypeError("inner"); }
    return inner();
})();
class Mine extends Error {}
made.mine = (function make() { return new Mine("mine"); })();
try { null.x; } catch (e) { made.thrown = e; }
made.async = await (async () => { await 1; return new Error("async"); })();
made.holder = {};
(function capture() { Error.captureStackTrace(made.holder); })();
made.outer = new Error("outer", { cause: new RangeError("cause") });
made.cause = made.outer.cause;
made.all = new AggregateError([new Error("part")], "all");
made.part = made.all.errors[0];
made.kept = new Set([new Error("in a set")]);
made.set = [...made.kept][0];
made.method = { make() { return new Error("method"); } }.make();
made.getter = { get it() { return new Error("getter"); } }.it;
made.field = new (class { error = new Error("field"); })().error;
made.callback = [1].map(() => new Error("callback"))[0];
made.generator = (function* () { yield new Error("generator"); })().next().value;
made.exception = new DOMException("dom", "AbortError");
setTimeout(() => { made.timer = new Error("timer"); }, 0);
await new Promise((done) => setTimeout(done, 1));
made.never = () => new Error("never");
JS

test_that 'an error that a prefix made has its place, also when its stack is first read in a run'
iso precompile made.js -o p.snap --quiet
exits 0
for row in top=3:12 inner=5:31 mine=9:39 thrown=10:12 async=11:51 holder=13:29 outer=14:14 cause=14:42 part=16:32 set=18:22 \
    method=20:33 getter=21:35 field=22:35 callback=23:31 generator=24:40 exception=25:18 timer=26:33; do
    agent "export default made.${row%%=*}.stack.split('\\n')[1];" -s p.snap
    has "${row%%=*}" "$(jq -r .exports.default out)" "made.js:${row#*=}"
done

test_that 'so has one that a function of the prefix makes in a run'
agent 'export default made.never().stack.split("\n").slice(1);' -s p.snap
completes '{"default":["    at made.never (made.js:28:20)","    at agent.js:1:21"]}'

test_that 'and one that is thrown in a run'
agent 'throw made.inner;' -s p.snap
fails ERR_USER_CODE
json '.error.stack' '"TypeError: inner\n    at inner (made.js:5:31)\n    at made.js:6:12\n    at made.js:7:3"'

test_that 'and one from code that V8 has compiled, once or again'
cat >hot.js <<'JS'
const fail = (n) => n ? fail(n - 1) : new Error("deep");
globalThis.kept = [fail(30), fail(3)];
class A {
    constructor(i) { this.i = i; if (i % 20000 === 19999) this.error = new Error("hot"); }
}
for (let i = 0; i < 100000; i++) { const a = new A(i); if (a.error) kept.push(a.error); }
JS
iso precompile hot.js -o hot.snap --quiet
exits 0
agent 'export default kept.map((e) => e.stack.split("\n")[1]);' -s hot.snap
completes '{"default":["    at fail (hot.js:1:39)","    at fail (hot.js:1:39)","    at new A (hot.js:4:72)","    at new A (hot.js:4:72)","    at new A (hot.js:4:72)","    at new A (hot.js:4:72)","    at new A (hot.js:4:72)"]}'

test_that 'a prefix that imports may keep errors, too'
echo 'export const fail = (n) => n ? fail(n - 1) : new Error("deep"); export const kept = fail(30);' >deep.mjs
echo 'import { kept, fail } from "app:deep"; globalThis.kept = [kept, fail(2)];' >deep.js
iso precompile deep.js -I app:deep=deep.mjs -o deep.snap --quiet
exits 0
agent 'export default kept.map((e) => e.stack.split("\n").length);' -s deep.snap
completes '{"default":[11,5]}'

# ---- Error.stackTraceLimit

frames='(function f(n) { return n ? f(n - 1) : String(new Error("x").stack).split("\n").length - 1; })(100)'

# limit CODE FOUND FRAMES: what an agent finds after a prefix
limit() {
    prefix "$1"
    exits 0
    agent "export default [typeof Error.stackTraceLimit, String(Error.stackTraceLimit), $frames];" -s p.snap
    completes "{\"default\":[$2,$3]}"
}

test_that 'what a prefix makes of Error.stackTraceLimit holds in its runs'
limit 'Error.stackTraceLimit = 50;' '"number","50"' 50
limit 'Error.stackTraceLimit = 0;' '"number","0"' 0
limit 'Error.stackTraceLimit = Infinity;' '"number","Infinity"' 102
limit 'delete Error.stackTraceLimit;' '"undefined","undefined"' 0
limit 'Error.stackTraceLimit = "many";' '"string","many"' 0
limit 'Object.defineProperty(Error, "stackTraceLimit", { get() { return 7; }, configurable: true });' '"number","7"' 0
limit 'Error.stackTraceLimit = 10;' '"number","10"' 10
limit 'globalThis.x = 1;' '"number","10"' 10

test_that 'no limit of the agent ends iso4, with a library or without'
: >empty.mjs
for value in Infinity -Infinity NaN 2147483647 2147483648 -1 1e300 1n '{}' null '"x"'; do
    agent "Error.stackTraceLimit = $value; export default typeof $frames;"
    completes '{"default":"number"}'
    agent "Error.stackTraceLimit = $value; export default typeof $frames;" -I app:empty=empty.mjs
    completes '{"default":"number"}'
done

test_that 'a limit that a prefix makes read-only stays so'
prefix 'Object.defineProperty(Error, "stackTraceLimit", { value: 20, writable: false });'
agent 'let failed = ""; try { Error.stackTraceLimit = 1; } catch (e) { failed = e.name; } export default [failed, Error.stackTraceLimit];' -s p.snap
completes '{"default":["TypeError",20]}'

# ---- below a library

cat >lib.mjs <<'JS'
export function walk(n) {
    if (n === 0) throw new TypeError("bad leaf");
    return walk(n - 1);
}
export function spin(n) {
    if (n === 0) for (;;);
    return spin(n - 1);
}
export const soon = () => new Promise((done, fail) => setTimeout(() => { try { walk(2); } catch (e) { fail(e); } }, 0));
export async function later(n) {
    await 0;
    if (n === 0) throw new TypeError("async leaf");
    return await later(n - 1);
}
export const each = (list, call) => { for (const one of list) call(one); };
JS
echo 'import * as lib from "app:lib"; globalThis.lib = lib;' >lib.js
iso precompile lib.js -I app:lib=lib.mjs -o lib.snap --quiet

# at LINE COLUMN FILE CODE: where the error of the code is, which stands on the third line; FILE null: the agent
at() {
    printf '\n%s\n%s\n' 'import * as lib from "app:lib";' "$4" >agent.js
    iso run -I app:lib=lib.mjs --cpu-time-ms 500 agent.js
    exits 1
    json '.error | [.line, .column, .file]' "[$1,$2,$3]"
    has 'frame' "$(jq -r .error.frame out)" '^'
    printf '\n\n%s\n' "$4" >agent.js
    iso run -s lib.snap --cpu-time-ms 500 agent.js
    exits 1
    json '.error | [.line, .column, .file]' "[$1,$2,$3]"
}

test_that "the agent's line is found below ten frames of a library and more, imported or in a snapshot"
for depth in 0 8 9 10 11 20 50; do
    at 3 5 null "lib.walk($depth);"
done

test_that 'so it is from functions, callbacks and timers of the agent'
at 3 20 null 'function f() { lib.walk(20); } f();'
at 3 20 null '[1].map((n) => lib.walk(20));'
at 3 26 null 'lib.each([1], (n) => lib.walk(20));'

test_that 'also where a timeout has stopped the library, and its stack says so'
at 3 5 null 'lib.spin(20);'
has 'stack' "$(jq -r .error.stack out)" '    at spin (lib.mjs:6:18)' "    ...${NL}    at agent.js:3:5"

test_that 'with Error.stackTraceLimit set to nothing, too'
at 3 40 null 'Error.stackTraceLimit = undefined; lib.walk(20);'

test_that 'behind an await it is found in the stack'
at 3 1 null 'await lib.later(5);'

test_that 'where no line of the agent is known, the file is named'
at 2 24 '"lib.mjs"' 'await lib.soon();'
at 2 24 '"lib.mjs"' 'lib.walk(100);'

test_that 'an import that does not parse is named'
echo 'export const x = ;' >broken.mjs
agent 'import "app:broken";' -I app:broken=broken.mjs
fails ERR_COMPILE
json '.error | [.file, .line, .column]' '["broken.mjs",1,18]'

test_that 'a warm-up agent that fails is named, a prefix is not'
echo 'const missing = null; missing.x;' >w.js
prefix '1;' --warm w.js
json '.error | [.file, .line, .column]' '["w.js",1,31]'
prefix 'throw new Error("p");'
json '.error | [.file, .line]' '[null,1]'

# ---- errors of host functions

globals '{"bad": {"throws": {"name": "RangeError", "message": "no", "status": 5}}}'

test_that 'an Error.prepareStackTrace of the agent sees the frames of errors of the host'
agent 'Error.prepareStackTrace = (error, sites) => [String(error), sites.map((s) => s.getLineNumber())];
async function ask() { await bad(); }
let stack; try {
    await ask();
} catch (error) { stack = error.stack; }
export default stack;' -g globals.json
gives '{"default":["RangeError: no",[2,4]]}'

test_that 'without one their stack is text that begins with what they are called'
agent 'let s = []; async function ask() { await bad(); }
try { await ask(); } catch (e) { s.push(e.stack, Object.keys(e), e instanceof RangeError, Object.hasOwn(e, "stack")); } export default s;' -g globals.json
gives '{"default":["RangeError: no\n    at ask (agent.js:1:42)\n    at agent.js:2:13",["status"],true,true]}'

test_that 'a name that the agent gives such an error before it reads the stack is in the stack, as in others'
agent 'try { await bad(); } catch (e) { e.message = "changed"; globalThis.s = e.stack.split("\n")[0]; } export default s;' -g globals.json
gives '{"default":"RangeError: changed"}'

test_done
