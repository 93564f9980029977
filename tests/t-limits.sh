#!/bin/sh
# Limits: each one fires with its code, nothing outlives it, 0 is none, and what is no limit is refused.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016 # the $ and ` in quotes are JavaScript's
. "$(dirname "$0")/lib.sh"

# stopped CODE LIMIT_MS: the run failed with the code, and did not outlive the limit
stopped() {
    fails "$1"
    case $1 in
    ERR_CPU_TIMEOUT) within 'ms of CPU time' "$spent" $(($2 - 20)) $(($2 + 1000)) ;;
    *) within 'ms until the end' "$took" "$2" $(($2 + 5000)) ;;
    esac
}

# ---- CPU time

# busy WHAT CODE: the code is ended by a limit of 200 ms of CPU time
busy() {
    test_that "CPU time ends $1"
    timed agent "console.log('logged'); $2" --cpu-time-ms 200
    stopped ERR_CPU_TIMEOUT 200
    json '.stdout[0]' '"logged"'
}

busy 'a busy loop' 'for (;;);'
busy 'a busy loop in a function that was awaited' 'await null; (() => { for (;;); })();'
busy 'a loop that catches everything' 'for (;;) try { for (;;) null.x; } catch {}'
busy 'a loop in finally' 'function f() { try { throw 1; } finally { for (;;); } } f();'
busy 'endless recursion that is caught again and again' 'function f() { try { f(); } finally { f(); } } f();'
busy 'a flood of microtasks' 'const f = () => Promise.resolve().then(f); f(); await new Promise(() => {});'
busy 'a flood of queueMicrotask' 'const f = () => queueMicrotask(f); f(); await new Promise(() => {});'
busy 'an endless await' 'for (;;) await null;'
busy 'a flood of timers' 'const f = () => setTimeout(f, 0); f(); await new Promise(() => {});'
busy 'an interval of busy work' 'setInterval(() => { for (let i = 0; i < 1e6; i++); }, 1); await new Promise(() => {});'
busy 'an export whose toJSON loops' 'export default { toJSON() { for (;;); } };'
busy 'an export whose getter loops' 'export default { get a() { for (;;); } };'
busy 'an export without end' 'class Endless { get next() { return [new Endless(), new Endless()]; } }
    export default [1, 2, 3].map(() => ({ toJSON: () => { for (let i = 0; i < 1e9; i++) new Endless().next; } }));'
busy 'an error whose message loops' 'throw { get message() { for (;;); } };'
busy 'an error whose stack loops' 'throw Object.defineProperty(new Error("x"), "stack", { get() { for (;;); } });'
busy 'an error with a field that loops' 'throw { name: "a", message: "b", get field() { for (;;); } };'
busy 'a thrown object whose conversion loops' 'throw { toString() { for (;;); }, get name() { for (;;); } };'
busy 'a regular expression that backtracks' '/^(a+)+$/.test("a".repeat(40) + "b");'
busy 'a console line that loops' 'console.log("%s", { toString() { for (;;); } });'
busy 'a builtin that cannot be interrupted' 'Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1);'
busy 'a sort that compares for ever' '[3, 2, 1].sort(() => { for (;;); });'
busy 'a generator without end' 'for (const x of (function* () { for (;;) yield 1; })());'
busy 'a bigint that takes too long' 'let n = 3n; for (;;) n = n * n % (1n << 200000n) + 1n;'
busy 'a thenable that never stops' 'await { then(r) { r(this); } };'

test_that 'CPU time ends an export that an uninterruptible builtin makes'
timed agent 'export default { toJSON() { return Array.prototype.lastIndexOf.call({ length: 2 ** 53 - 1 }, 1); } };' --cpu-time-ms 200
stopped ERR_CPU_TIMEOUT 200

test_that 'CPU time does not count waits'
agent 'for (let i = 0; i < 12; i++) await new Promise((r) => setTimeout(r, 100)); export default 1;' --cpu-time-ms 500
completes '{"default":1}'

test_that 'CPU time is counted across waits'
timed agent 'for (;;) { const end = Date.now() + 20; while (Date.now() < end); await new Promise((r) => setTimeout(r, 10)); }' --cpu-time-ms 300
stopped ERR_CPU_TIMEOUT 300

test_that 'a CPU timeout says where the agent was'
agent 'function inner() {
    for (;;);
}
inner();' --cpu-time-ms 100
fails ERR_CPU_TIMEOUT
has 'stack' "$(jq -r .error.stack out)" 'at inner (agent.js:2:' 'at agent.js:4:1'
json '.error | [.name, (.message | contains("100 ms")), has("hint")]' '["Error",true,true]'

# where CODE PLACE...: an agent that a limit stops after 100 ms was at these places, in its own code
where() {
    _code=$1
    shift
    agent "$_code" -g globals.json --cpu-time-ms 100 --wall-time-ms 3000
    fails ERR_CPU_TIMEOUT
    has 'stack' "$(jq -r .error.stack out)" "$@"
    has 'frame' "$(jq -r .error.frame out)" '>    2 |'
    json '.error.line' 2
}
globals '{"f": {"returns": 1}, "slow": {"returns": 1, "delayMs": 60000}}'

test_that 'a CPU timeout says where a loop of awaits was'
where '// its start is as good a place as any
async function spin() { for (;;) await null; }
await spin();' 'at spin (agent.js:2:'

test_that 'and one that calls async functions'
where '// the same
async function spin() { for (;;) await (async (x) => { let s = ""; for (let i = 0; i < 100; i++) s += x; return s; })(1); }
await spin();' 'at spin (agent.js:2:'

test_that 'and one in a callback of a builtin'
where 'const many = [3, 2, 1];
for (;;) many.sort((a, b) => a - b);' 'at agent.js:2:'

test_that 'and one in what the console was given, under many functions of the runtime'
where 'let deep = {
    get loops() { for (;;); } };
for (let i = 0; i < 4; i++) deep = { deep, toJSON: undefined };
console.log("%j", deep);' 'at get loops' '(agent.js:2:' 'at agent.js:4:9'

test_that 'a CPU timeout in what V8 cannot interrupt says that it does not know the place'
agent 'Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1);' --cpu-time-ms 100
fails ERR_CPU_TIMEOUT
json '.error | [has("stack"), has("line"), has("frame")]' '[false,false,false]'
has 'message' "$(jq -r .error.message out)" 'its place is not known'
has 'hint' "$(jq -r .error.hint out)" 'one operation'

test_that 'finding out where an agent is when its time is up calls none of its functions'
agent 'const said = (what) => function () { console.log(what); for (;;); };
Error.prepareStackTrace = said("prepare");
Object.defineProperty(Error.prototype, "name", { get: said("name") });
Object.defineProperty(Error.prototype, "message", { get: said("message") });
Object.defineProperty(Function.prototype, "name", { get: said("function name") });
async function f() { await slow(); }
await f();' -g globals.json --wall-time-ms 200
fails ERR_WALL_TIMEOUT
has 'stack' "$(jq -r .error.stack out)" 'at f (agent.js:6:28)' 'at agent.js:7:7'
json .stdout '[]'

test_that 'a CPU timeout reports the CPU time that was used'
agent 'for (;;);' --cpu-time-ms 300
fails ERR_CPU_TIMEOUT
within 'cpuTimeMs' "$(jq .cpuTimeMs out)" 295 900

test_that 'a CPU timeout cannot be caught'
agent 'try { for (;;); } catch (e) { console.log("caught"); } finally { console.log("finally"); }
console.log("after"); export default 1;' --cpu-time-ms 100
fails ERR_CPU_TIMEOUT
json '.stdout' '[]'

test_that 'a CPU timeout has no exports'
agent 'export const a = 1; for (;;);' --cpu-time-ms 100
fails ERR_CPU_TIMEOUT
json 'has("exports")' false

test_that 'the default of CPU time lets a second of work pass'
agent 'const end = Date.now() + 1000; while (Date.now() < end); export default 1;'
completes '{"default":1}'

test_that 'a CPU time of 0 is none'
agent 'const end = Date.now() + 600; while (Date.now() < end); export default 1;' --cpu-time-ms 0
completes '{"default":1}'

# ---- real time

test_that 'real time ends an agent that waits for a timer'
timed agent 'console.log("logged"); await new Promise((r) => setTimeout(r, 60000));' --wall-time-ms 300
stopped ERR_WALL_TIMEOUT 300
json '.stdout' '["logged"]'
json '.error | [.name, (.message | contains("300 ms")), has("hint")]' '["Error",true,true]'

test_that 'real time ends an agent that ticks'
timed agent 'setInterval(() => console.log("tick"), 50); await new Promise(() => {});' --wall-time-ms 500
stopped ERR_WALL_TIMEOUT 500
holds 'ticks' jq -e '.stdout | length >= 1 and all(. == "tick")' out >/dev/null

test_that 'real time ends a wait that is longer than any timer'
timed agent 'await new Promise((r) => setTimeout(r, 2 ** 31 - 1));' --wall-time-ms 200
stopped ERR_WALL_TIMEOUT 200

# waits CODE PLACE...: an agent that real time ends was waiting at these places, the first in line 2
waits() {
    _code=$1
    shift
    agent "$_code" -g globals.json --wall-time-ms 200
    fails ERR_WALL_TIMEOUT
    has 'stack' "$(jq -r .error.stack out)" "$@"
    has 'frame' "$(jq -r .error.frame out)" '>    2 |'
    json '.error.line' 2
}

test_that 'a wall timeout says which await the module was in'
waits '// waits for what a timer settles
await new Promise((done) => setTimeout(done, 60000));' 'at async agent.js:2:1'

test_that 'and where the timer was made that it waited for'
waits 'const sleep = (ms) => new Promise((done) => {
    setTimeout(done, ms); });
async function poll() { for (;;) await sleep(20); }
await poll();' 'at agent.js:2:5' 'at sleep (agent.js:1:' 'at poll (agent.js:3:40)' 'at async agent.js:4:1'

test_that 'and where the call was made that has waited longest'
waits 'async function load(id) {
    return await slow(id); }
async function main() { await f(); await Promise.all([load(1), slow(2), f()]); }
await main();' 'at load (agent.js:2:18)' 'at main (agent.js:3:' 'at async agent.js:4:1'
has 'message' "$(jq -r .error.message out)" "200 ms of real time, while 2 calls were under way, the first of 'slow'"
json '.bridgeCalls | map([.name, .ok, .pending])' '[["f",true,null],["slow",false,true],["slow",false,true],["f",true,null]]'

test_that 'a wall timeout names the one call that is under way'
agent 'await slow();' -g globals.json --wall-time-ms 200
fails ERR_WALL_TIMEOUT
has 'message' "$(jq -r .error.message out)" ", while a call of 'slow' was under way"

test_that 'a wall timeout says where an export waits, and a call of one'
agent 'export const a = slow();' -g globals.json --wall-time-ms 200
fails ERR_WALL_TIMEOUT
has 'stack of an export' "$(jq -r .error.stack out)" 'at agent.js:1:18'
agent 'export async function go() { await slow(); }' -g globals.json --call go --wall-time-ms 200
fails ERR_WALL_TIMEOUT
has 'stack of a call' "$(jq -r .error.stack out)" 'at go (agent.js:1:36)'

test_that 'a wall timeout in a loop says where that was'
agent 'function f() { for (;;); }
f();' --wall-time-ms 200
fails ERR_WALL_TIMEOUT
has 'stack' "$(jq -r .error.stack out)" 'at f (agent.js:1:' 'at agent.js:2:1'

test_that 'a wall timeout reports the time that passed'
agent 'await new Promise((r) => setTimeout(r, 60000));' --wall-time-ms 300
within 'durationMs' "$(jq .durationMs out)" 300 2300

test_that 'a real time of 0 is none'
agent 'await new Promise((r) => setTimeout(r, 400)); export default 1;' --wall-time-ms 0
completes '{"default":1}'

test_that 'without a limit of time at all an agent still ends'
agent 'let n = 0; for (let i = 0; i < 1e7; i++) n++; export default n;' --wall-time-ms 0 --cpu-time-ms 0
completes '{"default":10000000}'

# ---- which limit it was

test_that 'the limit that fires first names the run: real time before CPU time'
timed agent 'for (;;);' --wall-time-ms 200 --cpu-time-ms 10000
stopped ERR_WALL_TIMEOUT 200

test_that 'the limit that fires first names the run: CPU time before real time'
timed agent 'for (;;);' --wall-time-ms 10000 --cpu-time-ms 200
stopped ERR_CPU_TIMEOUT 200

test_that 'the limit that fires first names the run: memory before time'
timed agent 'const a = []; for (;;) a.push(new Array(1000).fill(1.5));' --memory-mb 32 --wall-time-ms 20000 --cpu-time-ms 20000
stopped ERR_MEMORY_LIMIT 0

test_that 'the limit that fires first names the run: CPU time before memory'
timed agent 'const a = []; for (;;) { a.push(1); for (let i = 0; i < 1e5; i++); }' --memory-mb 64 --cpu-time-ms 200
stopped ERR_CPU_TIMEOUT 200

# ---- memory

# full WHAT CODE: the code is ended by a budget of 32 MiB, and what it catches does not help it
full() {
    test_that "the memory budget ends $1"
    timed agent "console.log('logged'); const keep = []; globalThis.keep = keep; $2" --memory-mb 32 --cpu-time-ms 20000
    fails ERR_MEMORY_LIMIT
    json '[.stdout, .error.name, (.error.message | contains("32 MiB")), (.error | has("hint"))]' '[["logged"],"Error",true,true]'
}

full 'arrays without end' 'for (;;) keep.push(new Array(1000).fill(1.5));'
full 'arrays without end in a loop that catches everything' 'for (;;) try { keep.push(new Array(1000).fill(1.5)); } catch {}'
full 'objects without end' 'for (let i = 0; ; i++) keep.push({ a: i, b: {} });'
full 'strings without end' 'for (let i = 0; ; i++) keep.push(("x" + i).padEnd(10000, String(i)));'
full 'a string that doubles' 'let s = "0123456789abcdef" + Math.random(); for (let i = 0; ; i++) { s += s; keep.push(JSON.parse(JSON.stringify(s))); }'
full 'a map that grows' 'const m = new Map(); for (let i = 0; ; i++) m.set(i, i);'
full 'an object that grows' 'const o = {}; for (let i = 0; ; i++) o["key" + i] = i;'
full 'bigints without end' 'for (let i = 0n; ; i++) keep.push((1n << 100000n) + i);'
full 'closures without end' 'for (let i = 0; ; i++) keep.push(() => i);'
full 'promises without end' 'for (let i = 0; ; i++) keep.push(new Promise(() => {}));'
full 'array buffers without end' 'for (;;) keep.push(new ArrayBuffer(1 << 20));'
full 'array buffers in a loop that catches everything' 'for (;;) try { keep.push(new ArrayBuffer(1 << 20)); } catch {}'
full 'small array buffers without end' 'for (;;) keep.push(new Uint8Array(2000));'
full 'resizable buffers without end' 'for (;;) { const b = new ArrayBuffer(0, { maxByteLength: 4 << 20 }); b.resize(4 << 20); new Uint8Array(b).fill(1); keep.push(b); }'
full 'one resizable buffer that grows' 'const b = new ArrayBuffer(0, { maxByteLength: 30 << 20 }); const c = new ArrayBuffer(0, { maxByteLength: 30 << 20 });
    for (let n = 0; ; n += 1 << 20) { b.resize(n); new Uint8Array(b).fill(1); c.resize(n); new Uint8Array(c).fill(1); }'
full 'regular expressions without end' 'for (let i = 0; ; i++) { const r = new RegExp("(a|b" + i + ")*" + "c{1,50}".repeat(20)); r.test("aab"); keep.push(r); }'
full 'symbols without end' 'for (let i = 0; ; i++) keep.push(Symbol("s" + i));'
full 'microtasks without end' 'for (;;) queueMicrotask(() => {});'
full 'rejections without end' 'for (let i = 0; ; i++) keep.push(Promise.reject(new Error("e" + i)).catch(() => {}));'

test_that 'the memory budget ends a run that fills it while it exports'
agent 'export default { toJSON() { const keep = []; for (;;) keep.push(new Array(1000).fill(1.5)); } };' --memory-mb 32 --cpu-time-ms 20000
fails ERR_MEMORY_LIMIT

test_that 'one request larger than the whole budget is a RangeError that can be caught'
agent 'const names = [];
for (const f of [() => new ArrayBuffer(200e6), () => new Float64Array(1e8), () => new Uint8Array(2 ** 32), () => new ArrayBuffer(1e15),
    () => new ArrayBuffer(0, { maxByteLength: 1e9 }).resize(1e9), () => new ArrayBuffer(10).transfer(1e9)])
    try { f(); names.push("none"); } catch (e) { names.push(e instanceof RangeError); }
export default names;' --memory-mb 64
completes '{"default":[true,true,true,true,true,true]}'

test_that 'a text larger than the budget ends the run: V8 cannot throw for want of heap'
agent 'try { "x".repeat(300e6).charCodeAt(5); } catch {} export default 1;' --memory-mb 64 --cpu-time-ms 20000
fails ERR_MEMORY_LIMIT

test_that 'the run goes on as before after a request that was too large'
agent 'for (let i = 0; i < 1000; i++) try { new ArrayBuffer(200e6); } catch {} export default new Uint8Array(1e6).length;' --memory-mb 64
completes '{"default":1000000}'

test_that 'an uncaught request larger than the budget is ERR_MEMORY_LIMIT'
agent 'console.log("logged"); new ArrayBuffer(200e6);' --memory-mb 64
fails ERR_MEMORY_LIMIT
json '.stdout' '["logged"]'

test_that 'memory that is dropped is free again: heap and buffers'
agent 'for (let i = 0; i < 300; i++) { new Uint8Array(4 << 20).fill(i); Array.from({ length: 1e4 }, (_, k) => ({ k })); } export default 1;' \
    --memory-mb 48 --cpu-time-ms 20000
completes '{"default":1}'

test_that 'memory that is dropped is free again: resizable buffers'
agent 'for (let i = 0; i < 200; i++) { const b = new ArrayBuffer(0, { maxByteLength: 8 << 20 }); b.resize(8 << 20); new Uint8Array(b).fill(i); } export default 1;' \
    --memory-mb 48 --cpu-time-ms 20000
completes '{"default":1}'

test_that 'what a resizable buffer may become is bounded by the budget, all such buffers together'
agent 'const said = []; const make = (mb) => { try { return new ArrayBuffer(8, { maxByteLength: mb << 20 }); } catch (e) { said.push(`${e.name}: ${e.message}`); } };
export default [make(260) === undefined, said[0], make(33) === undefined, make(20).maxByteLength, make(10).maxByteLength, said.length];' --memory-mb 32
completes '{"default":[true,"RangeError: Array buffer allocation failed",true,20971520,10485760,2]}'
agent 'globalThis.a = [new ArrayBuffer(8, { maxByteLength: 20 << 20 })]; a.push(new ArrayBuffer(8, { maxByteLength: 20 << 20 }));' --memory-mb 32
fails ERR_MEMORY_LIMIT

test_that 'what a resizable buffer has grown to is part of the budget, also when it shrinks'
agent 'const b = new ArrayBuffer(8, { maxByteLength: 20 << 20 }); b.resize(20 << 20); new Uint8Array(b).fill(1); b.resize(8);
let said; try { new ArrayBuffer(8, { maxByteLength: 12 << 20 }).resize(12 << 20); } catch (e) { said = `${e.name}: ${e.message}`; } export default [b.byteLength, said];' --memory-mb 32
completes '{"default":[8,"RangeError: ArrayBuffer.prototype.resize: Out of memory"]}'
within 'bytes in use' "$(jq .heapUsedBytes out)" 20971520 33554432

test_that 'heap and resizable buffers are one budget'
agent 'globalThis.a = []; for (let i = 0; i < 15; i++) a.push(new Array(125000).fill(i + 0.5)); const b = new ArrayBuffer(8, { maxByteLength: 30 << 20 });
let size = 0; try { for (;;) b.resize((size += 1 << 20)); } catch {} export default b.byteLength >> 20;' --memory-mb 40 --cpu-time-ms 20000
exits 0
within 'MiB that it could grow to' "$(jq .exports.default out)" 15 25

test_that 'a resizable buffer can have what garbage took'
agent 'const b = new ArrayBuffer(8, { maxByteLength: 24 << 20 }); for (let i = 1; i <= 24; i++) { Array.from({ length: 1e5 }, (_, k) => ({ k })); b.resize(i << 20); } export default b.byteLength >> 20;' \
    --memory-mb 48 --cpu-time-ms 20000
completes '{"default":24}'

test_that 'a prefix that takes all addresses can still be saved'
cp "$TESTS/hostile/results/addresses-all-taken.js" taken.js
iso precompile taken.js -o taken.snap --cpu-time-ms 20000
exits 0

test_that 'a snapshot whose buffers alone are larger than the budget'
for code in 'new Uint8Array(20 << 20).fill(1)' 'new ArrayBuffer(20 << 20, { maxByteLength: 21 << 20 })' 'new ArrayBuffer(8, { maxByteLength: 30 << 20 })'; do
    prefix "globalThis.b = $code;"
    exits 0
    iso run -s p.snap -e 'export default b.byteLength' --memory-mb 64
    exits 0
    iso run -s p.snap -e 'export default 1' --memory-mb 16
    fails ERR_MEMORY_LIMIT
    has 'message' "$(jq -r .error.message out)" '16 MiB is spent by the snapshot alone'
done

test_that 'most of the budget can be used: by the heap, and by buffers'
agent 'const a = []; for (let i = 0; i < 60; i++) a.push(new Array(125000).fill(i + 0.5)); export default a.length;' --memory-mb 96 --cpu-time-ms 20000
completes '{"default":60}'
agent 'const a = []; for (let i = 0; i < 75; i++) a.push(new Uint8Array(1 << 20).fill(i)); export default a.length;' --memory-mb 96 --cpu-time-ms 20000
completes '{"default":75}'

test_that 'heap and buffers are one budget'
agent 'const a = []; for (let i = 0; i < 20; i++) a.push(new Array(125000).fill(i + 0.5)); console.log("heap");
for (let i = 0; i < 30; i++) a.push(new Uint8Array(1 << 20).fill(i)); globalThis.a = a;' --memory-mb 40 --cpu-time-ms 20000
fails ERR_MEMORY_LIMIT
json '.stdout' '["heap"]'

test_that 'the default budget is 128 MiB'
agent 'const a = []; for (let i = 0; i < 100; i++) a.push(new Uint8Array(1 << 20)); console.log("100"); for (let i = 0; i < 40; i++) a.push(new Uint8Array(1 << 20)); globalThis.a = a;'
fails ERR_MEMORY_LIMIT
json '.stdout' '["100"]'

test_that 'a budget of 0 is none'
agent 'const a = []; for (let i = 0; i < 200; i++) a.push(new Uint8Array(1 << 20).fill(i)); export default a.length;' --memory-mb 0
completes '{"default":200}'

test_that 'the smallest budget is enough for a small agent'
agent 'console.log("a"); export default [1].map((n) => n + 1);' --memory-mb 8
completes '{"default":[2]}' '"a"'

# ---- exports

test_that 'maxExportBytes: exactly so many bytes pass, one more does not'
agent 'export default "aaa";' --max-export-bytes 17
completes '{"default":"aaa"}'
agent 'export default "aaaa";' --max-export-bytes 17
fails ERR_EXPORT_TOO_LARGE

test_that 'maxExportBytes counts all exports together'
agent 'export const a = "aaa", b = "bbb";' --max-export-bytes 16
fails ERR_EXPORT_TOO_LARGE
agent 'export const a = "aaa", b = "bbb";' --max-export-bytes 21
completes '{"a":"aaa","b":"bbb"}'

test_that 'maxExportBytes counts encoded bytes'
agent 'export default "é\u0000";' --max-export-bytes 22
completes '{"default":"é\u0000"}'
agent 'export default "é\u0000";' --max-export-bytes 21
fails ERR_EXPORT_TOO_LARGE

test_that 'maxExportBytes: the error names the limit, and what was logged is there'
agent 'console.log("logged"); export default "x".repeat(1000);' --max-export-bytes 100
fails ERR_EXPORT_TOO_LARGE
json '[.stdout, (.error.message | contains("100")), (.error | has("hint"))]' '[["logged"],true,true]'

test_that 'maxExportBytes: the default is 16 MiB'
agent 'export default "x".repeat(16 * 1024 * 1024 - 14);'
exits 0
agent 'export default "x".repeat(16 * 1024 * 1024 - 13);'
fails ERR_EXPORT_TOO_LARGE

test_that 'maxExportBytes: 0 is the cap of a frame, 64 MiB'
agent 'export default ["x".repeat(30e6), "y".repeat(30e6)];' --max-export-bytes 0 --memory-mb 512
exits 0
within 'bytes' "$(wc -c <out)" 60000000 60001000
agent 'export default ["x".repeat(40e6), "y".repeat(40e6)];' --max-export-bytes 0 --memory-mb 512
fails ERR_EXPORT_TOO_LARGE

test_that 'values of megabytes inside others are written'
agent 'export default ["x".repeat(3e6), { a: new Uint8Array(3e6) }, new Map([["k".repeat(2e6), 1]])]; export const b = { ["n".repeat(2e6)]: 1 };'
exits 0
json '[(.exports.default | (.[0] | length), (.[1].a.base64 | length), (.[2].entries[0][0] | length)), (.exports.b | keys[0] | length)]' '[3000000,4000000,2000000,2000000]'

test_that 'maxExportBytes: typed arrays count as base64'
agent 'export default new Uint8Array(12e6);'
exits 0
agent 'export default new Uint8Array(13e6);'
fails ERR_EXPORT_TOO_LARGE

# ---- console

test_that 'maxStdoutBytes: bytes plus one per entry; what would cross is dropped whole and counted'
agent 'console.log("abc"); console.log("abc"); console.log("d"); console.log("e"); export default 1;' --max-stdout-bytes 9
exits 0
json '[.stdout, .droppedStdout, .stderr, has("droppedStderr")]' '[["abc","abc"],2,[],false]'

test_that 'maxStdoutBytes: an entry that fits after one that was dropped is kept'
agent 'console.log("abc"); console.log("abcdefgh"); console.log("d");' --max-stdout-bytes 6
json '[.stdout, .droppedStdout]' '[["abc","d"],1]'

test_that 'maxStdoutBytes: the head of an entry that does not fit is kept, and what fits after it'
agent 'console.log("head " + "x".repeat(2000000)); console.log("after"); console.error("é".repeat(700000)); console.error("after");'
exits 0
json '[.stdout, .stderr | (length, (.[0] | .[0:6] + .[-33:]), .[1])]' '[2,"head x [at least 65586 more characters]","after",2,"ééééééééééééé… [208505 more characters]","after"]'

test_that 'maxStdoutBytes: the same with 400,000 wide letters, pairs of surrogates and what has to be escaped'
for letter in € 😀 '\u0001' '\"'; do
    agent "console.log('$letter'.repeat(400000)); console.log('$letter'.repeat(9)); export default '$letter'.repeat(9);" --max-stdout-bytes 300000
    exits 0
    json '[(.stdout | length), .stdout[1] == .exports.default, (.stdout[0] | test("more characters\\]$")), ((.stdout[0] | utf8bytelength) > 262000)]' '[2,true,true,true]'
    within 'bytes' "$(jq '.stdout | add | utf8bytelength' out)" 262000 300000
done

test_that 'maxStdoutBytes: of long entries one after the other each has a head until there is no room'
agent 'for (let i = 0; i < 30; i++) console.log(`${i} ` + "x".repeat(1000000));'
exits 0
json '[(.stdout | length), .droppedStdout, ([.stdout[1:][] | test("^[0-9]+ x+… \\[[0-9]+ more characters\\]$")] | all)]' '[4,26,true]'
within 'bytes' "$(jq '.stdout | add | utf8bytelength' out)" 1048000 1048576

test_that 'maxStdoutBytes counts UTF-8'
agent 'console.log("é"); console.log("é"); console.log("");' --max-stdout-bytes 4
json '[.stdout, .droppedStdout]' '[["é",""],1]'

test_that 'maxStderrBytes is a limit of its own'
agent 'console.error("abc"); console.error("abc"); console.log("abc"); console.log("abc");' --max-stderr-bytes 4
json '[.stdout, .stderr, .droppedStderr, has("droppedStdout")]' '[["abc","abc"],["abc"],1,false]'

test_that 'maxStdoutBytes: the default is 1 MiB'
agent 'for (let i = 0; i < 1100; i++) console.log("x".repeat(1023));'
exits 0
json '[(.stdout | length), .droppedStdout]' '[1024,76]'

test_that 'a flood of console lines is counted to the last one'
agent 'for (let i = 0; i < 100003; i++) console.log("line");' --max-stdout-bytes 50
exits 0
json '[(.stdout | length), .droppedStdout]' '[10,99993]'

test_that 'maxStdoutBytes: 0 is the cap of a frame'
agent 'for (let i = 0; i < 5; i++) console.log("x".repeat(1e6));' --max-stdout-bytes 0
exits 0
json '[(.stdout | length), has("droppedStdout")]' '[5,false]'

test_that 'entries that were dropped are counted also when the run fails'
agent 'console.log("abc"); console.log("abc"); throw new Error("x");' --max-stdout-bytes 5
fails ERR_USER_CODE
json '[.stdout, .droppedStdout]' '[["abc"],1]'

# ---- timers

test_that 'maxTimers: the one that is too many throws a RangeError'
agent 'const ids = [setTimeout(() => {}, 1e6), setInterval(() => {}, 1e6)]; try { setTimeout(() => {}, 1); } catch (e) { console.log(e.name); } export default ids.length;' --max-timers 2
completes '{"default":2}' '"RangeError"'

test_that 'maxTimers counts pending timers only'
agent 'for (let i = 0; i < 10; i++) await new Promise((r) => setTimeout(r, 1)); for (let i = 0; i < 10; i++) clearTimeout(setTimeout(() => {}, 1e6)); export default 1;' --max-timers 1
completes '{"default":1}'

test_that 'maxTimers: the default is 10,000'
agent 'let n = 0; try { for (;; n++) setTimeout(() => {}, 1e6); } catch (e) {} export default n;'
completes '{"default":10000}'

test_that 'maxTimers: 0 is none'
agent 'let n = 0; for (; n < 20000; n++) setTimeout(() => {}, 1e6); export default n;' --max-timers 0
completes '{"default":20000}'

# ---- how limits are given

test_that 'limits come as inline JSON'
agent 'for (;;);' --limits '{"cpuTimeMs": 100, "memoryMb": 64}'
fails ERR_CPU_TIMEOUT
has 'message' "$line" '100 ms'

test_that 'limits come from a JSON file'
echo '{ "cpuTimeMs": 110 }' >limits.json
agent 'for (;;);' --limits limits.json
fails ERR_CPU_TIMEOUT
has 'message' "$line" '110 ms'

test_that 'of several limits the last one given counts'
agent 'for (;;);' --limits limits.json --cpu-time-ms=120
has 'message' "$line" '120 ms'
agent 'for (;;);' --cpu-time-ms 120 --limits '{"cpuTimeMs":130}' --limits '{"memoryMb":64}'
has 'message' "$line" '130 ms'

test_that 'every limit has a flag and a JSON name'
agent 'let a;' --cpu-time-ms 1000 --wall-time-ms 1000 --memory-mb 64 --max-bridge-calls 1 --max-bridge-payload-bytes 10 --max-export-bytes 10 \
    --max-stdout-bytes 10 --max-stderr-bytes 10 --max-timers 10
gives_nothing
agent 'let a;' --limits '{"cpuTimeMs":1000,"wallTimeMs":1000,"memoryMb":64,"maxBridgeCalls":1,"maxBridgePayloadBytes":10,"maxExportBytes":10,"maxStdoutBytes":10,"maxStderrBytes":10,"maxTimers":10}'
gives_nothing

test_that 'every limit may be 0'
agent 'export default 1;' --limits '{"cpuTimeMs":0,"wallTimeMs":0,"memoryMb":0,"maxBridgeCalls":0,"maxBridgePayloadBytes":0,"maxExportBytes":0,"maxStdoutBytes":0,"maxStderrBytes":0,"maxTimers":0}'
completes '{"default":1}'

test_that 'a limit that is no whole number is refused, and the message names the flag'
for flag in --cpu-time-ms --wall-time-ms --memory-mb --max-bridge-calls --max-bridge-payload-bytes --max-export-bytes --max-stdout-bytes \
    --max-stderr-bytes --max-timers; do
    for value in '' -1 1.5 1e3 0x10 10x ' 10' '10 ' +10 abc NaN 99999999999999999999 18446744073709551617; do
        iso run "$flag=$value" -e 1
        refused "$flag"
    done
done

test_that 'a limit out of its range is refused, and the message names the range'
iso run --memory-mb 1 -e 1
refused --memory-mb 8
iso run --max-export-bytes 67108865 -e 1
refused --max-export-bytes 67108864
iso run --cpu-time-ms 86400001 -e 1
refused --cpu-time-ms 86400000

test_that 'limits in JSON that are no limits are refused, and the message names them'
for json in '{"cpuTimeMs":"100"}' '{"cpuTimeMs":-1}' '{"cpuTimeMs":1.5}' '{"cpuTimeMs":null}' '{"cpuTimeMs":true}' '{"cpuTimeMs":[1]}' '{"cpuTimeMs":1e99}'; do
    iso run --limits "$json" -e 1
    refused --limits cpuTimeMs
done
iso run --limits '{"memoryMb":2}' -e 1
refused --limits memoryMb

test_that 'an unknown limit is refused by name'
iso run --limits '{"cpuTime":100}' -e 1
refused --limits cpuTime
for json in '{"":1}' '{"cpuTimeMs\u0000":100}' '{"cpuTimeMs ":100}' '{"cpuTimeMS":100}'; do
    iso run --limits "$json" -e 1
    refused --limits 'unknown limit'
done
iso run --limits '{"\u0063puTimeMs":100}' -e 1
exits 0

test_that 'a limit that stands twice is refused'
iso run --limits '{"cpuTimeMs":100,"cpuTimeMs":200}' -e 1
refused --limits cpuTimeMs

test_that 'limits that are no JSON object are refused'
for json in '{' '{"cpuTimeMs":100' '{"cpuTimeMs":100} x' '{cpuTimeMs:100}' "{'cpuTimeMs':100}" '{"cpuTimeMs":100,}' '{"cpuTimeMs":01}'; do
    iso run --limits "$json" -e 1
    refused --limits
done
for json in '[]' 1 null '"a"' ''; do
    printf '%s' "$json" >bad.json
    iso run --limits bad.json -e 1
    refused bad.json
done

test_that 'a file of limits that is broken is refused with its line'
printf '{\n "cpuTimeMs": 100,\n "memoryMb": x\n}\n' >broken.json
iso run --limits broken.json -e 1
refused broken.json 3

test_that 'a file of limits that cannot be read is refused'
iso run --limits missing.json -e 1
refused missing.json
iso run --limits . -e 1
refused

# ---- precompile

test_that 'precompile takes the same limits'
timed prefix 'for (;;);' --limits '{"cpuTimeMs":200}'
fails ERR_WARMUP_LIMIT
has 'message' "$line" '200 ms'
within 'ms of CPU time' "$spent" 180 1200
prefix 'const a = []; for (;;) a.push(new Array(1000).fill(1.5));' --memory-mb 32
fails ERR_MEMORY_LIMIT

test_done
