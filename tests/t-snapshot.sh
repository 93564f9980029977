#!/bin/sh
# iso4 precompile and the snapshots that it makes: what lives on in them, and that no damaged one is used.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016 # the $ and ` in quotes are JavaScript's
. "$(dirname "$0")/lib.sh"

# kept PREFIX AGENT EXPORTS [STDOUT]: the agent finds what the prefix made
kept() {
    prefix "$1"
    exits 0
    agent "$2" --snapshot p.snap
    completes "$3" "${4-}"
}

# ---- precompile

test_that 'precompile prints one JSON document: file, size, digest, what was logged, times'
prefix 'console.log("made", 1); console.error("careful"); globalThis.x = 1;'
exits 0
json 'keys_unsorted' '["ok","snapshot","bytes","sha256","stdout","stderr","durationMs","cpuTimeMs"]'
json '[.ok, .snapshot, .stdout, .stderr]' '[true,"p.snap",["made 1"],["careful"]]'
json '.bytes' "$(stat -c %s p.snap)"
json '.sha256' "\"$(sha256sum p.snap | cut -d ' ' -f 1)\""
is 'lines' "$(wc -l <out)" 1
is 'stderr' "$(cat err)" ''

test_that 'precompile --quiet prints nothing on success'
for option in -q --quiet; do
    prefix 'console.log("x");' $option
    exits 0
    is 'standard output' "$line" ''
done
holds 'snapshot' test -s p.snap

test_that 'precompile --quiet prints the document of a failure'
prefix 'throw new Error("x");' --quiet
fails ERR_USER_CODE

test_that 'precompile --pretty indents'
prefix '1;' --pretty
is 'first lines' "$(head -n 2 out)" "{$NL  \"ok\": true,"

test_that 'the snapshot has the permissions of a new file and nothing stays beside it'
fresh
prefix '1;'
exits 0
is 'mode' "$(stat -c %a p.snap)" 644
files p.snap prefix.js

test_that 'a snapshot is replaced whole, through a path with directories'
fresh
mkdir -p to/here
yes | head -c 2000000 >to/here/p.snap
echo 'globalThis.a = 1;' >prefix.js
iso precompile prefix.js -o to/here/p.snap
exits 0
iso run -s to/here/p.snap -e 'export default a'
completes '{"default":1}'
files to to/here to/here/p.snap prefix.js

test_that 'a prefix comes from standard input'
echo 'globalThis.a = "stdin";' >in
iso precompile - -o in.snap <in
exits 0
iso run -s in.snap -e 'export default a'
completes '{"default":"stdin"}'

test_that 'precompile takes exactly one prefix and needs -o'
iso precompile -o x.snap
refused 'one prefix'
iso precompile prefix.js prefix.js -o x.snap
refused 'one prefix'
iso precompile prefix.js
refused '-o'

test_that 'a snapshot does not go to standard output'
iso precompile prefix.js -o -
refused '-o'
holds 'no file' test ! -e -

test_that 'a warm-up agent may not use eval, as no agent may'
echo 'globalThis.warm = "none"; try { eval("1"); } catch (e) { warm = e.name; }' >warm.js
prefix 'globalThis.a = eval("1");' --warm warm.js
exits 0
agent 'export default [a, warm];' -s p.snap
completes '{"default":[1,"EvalError"]}'

test_that 'a prefix may use eval, its agents may not'
kept 'globalThis.a = eval("1 + 1"); globalThis.f = new Function("return 3");' \
    'let e = "none"; try { eval("1"); } catch (x) { e = x.name; } export default [a, f(), e];' '{"default":[2,3,"EvalError"]}'

test_that 'precompile and run share nothing but the snapshot'
fresh
prefix 'globalThis.a = [1];'
mv p.snap other.snap
rm prefix.js
agent 'a.push(2); export default a;' -s other.snap
completes '{"default":[1,2]}'
agent 'a.push(3); export default a;' -s other.snap
completes '{"default":[1,3]}'
echo 'a.push(4); export default a;' >two.js
iso run -s other.snap agent.js two.js
is 'exports' "$(jq -c .exports.default out | tr '\n' ' ')" '[1,3] [1,4] '

test_that 'a snapshot that cannot be written to is good enough'
chmod 444 p.snap 2>/dev/null || prefix 'globalThis.a = 1;'
agent 'export default 1;' -s p.snap
completes '{"default":1}'
rm -f p.snap

# ---- what lives on

test_that 'closures and their variables live on'
kept 'let n = 40; globalThis.next = () => ++n; next();' 'next(); export default next();' '{"default":43}'

test_that 'classes with private fields, methods, accessors and statics live on'
kept 'class Counter { #n = 1; static #made = 0; static { globalThis.Counter = this; } constructor(n) { this.#n = n ?? this.#n; Counter.#made++; }
    #double() { return this.#n * 2; } get twice() { return this.#double(); } static get made() { return Counter.#made; } static is(o) { return #n in o; } }
globalThis.one = new Counter(5);' \
    'class Mine extends Counter { constructor() { super(21); } } export default [one.twice, new Mine().twice, Counter.made, Counter.is(one), Counter.is({})];' \
    '{"default":[10,42,2,true,false]}'

test_that 'maps, sets and weak collections live on'
kept 'globalThis.key = { k: 1 }; globalThis.m = new Map([["a", 1], [key, 2], [NaN, 3]]); globalThis.s = new Set(["x", key]); globalThis.w = new WeakMap([[key, 4]]); globalThis.r = new WeakRef(key);' \
    'm.set("b", 5); export default [m.get("a"), m.get(key), m.get(NaN), m.size, s.has(key), s.has("y"), w.get(key), r.deref() === key];' \
    '{"default":[1,2,3,4,true,false,4,true]}'

test_that 'a map of 50,000 keys is found again, key by key'
kept 'globalThis.m = new Map(); globalThis.o = {}; for (let i = 0; i < 50000; i++) { m.set("key" + i, i); o["k" + i] = i; }' \
    'let wrong = 0; for (let i = 0; i < 50000; i++) if (m.get("key" + i) !== i || o["k" + i] !== i) wrong++; export default [wrong, m.size, m.has("nope")];' \
    '{"default":[0,50000,false]}'

test_that 'typed arrays, array buffers and views live on'
kept 'globalThis.f = new Float64Array([1.5, NaN]); globalThis.b = new Uint8Array([1, 2, 3]).buffer; globalThis.v = new DataView(b, 1); globalThis.big = new Uint32Array(1e5).fill(7);
globalThis.e = new Uint8Array(0); globalThis.g = new BigInt64Array([-1n]);' \
    'new Uint8Array(b)[1] = 9; export default [f[0], f[1], v.getUint8(0), big.every((x) => x === 7), big.length, e.length, g[0]];' \
    '{"default":[1.5,{"$type":"number","value":"NaN"},9,true,100000,0,{"$type":"bigint","value":"-1"}]}'

test_that 'resizable buffers live on'
kept 'globalThis.b = new ArrayBuffer(2, { maxByteLength: 8 }); globalThis.v = new Uint8Array(b); v[1] = 5;' \
    'b.resize(3); export default [v[1], v.length, b.maxByteLength];' '{"default":[5,3,8]}'

test_that 'generators and async generators in mid-flight live on'
kept 'function* count() { let n = 0; try { for (;;) { const step = yield n; n += step ?? 1; } } finally { globalThis.closed = true; } }
globalThis.g = count(); g.next(); g.next(5);
globalThis.ag = (async function* () { yield 1; yield 2; yield 3; })(); await ag.next();' \
    'const a = g.next(10).value; g.return(); export default [a, closed, (await ag.next()).value, (await ag.next()).value, (await ag.next()).done];' \
    '{"default":[15,true,2,3,true]}'

test_that 'iterators in mid-flight live on'
kept 'globalThis.m = new Map([[1, 2], [3, 4]]).entries(); m.next(); globalThis.a = [1, 2, 3][Symbol.iterator](); a.next(); globalThis.x = "abab".matchAll(/b/g); x.next(); globalThis.h = [1, 2, 3].values().map((n) => n * 2); h.next();' \
    'export default [m.next().value, a.next().value, x.next().value.index, [...h]];' '{"default":[[3,4],2,3,[4,6]]}'

test_that 'promises and waiting async functions live on'
kept 'globalThis.done = Promise.resolve("done"); globalThis.no = Promise.reject(new RangeError("no")); no.catch(() => {});
globalThis.gate = Promise.withResolvers(); globalThis.waiting = (async () => { const v = await gate.promise; return v * 2; })();' \
    'gate.resolve(21); export default [await done, await waiting, await no.catch((e) => e.name + e.message)];' '{"default":["done",42,"RangeErrorno"]}'

test_that 'symbols live on: registered, well-known, own'
kept 'globalThis.own = Symbol("own"); globalThis.o = { [own]: 1, [Symbol.for("app")]: 2, *[Symbol.iterator]() { yield 3; } };' \
    'export default [o[own], o[Symbol.for("app")], [...o], own.description];' '{"default":[1,2,[3],"own"]}'

test_that 'dates, regular expressions, errors, bigints, proxies and getters live on'
kept 'globalThis.d = new Date(86400000); globalThis.r = /b+/g; r.exec("abba"); globalThis.e = new TypeError("old", { cause: 1 }); globalThis.n = 2n ** 70n;
globalThis.p = new Proxy({}, { get: (t, k) => "got " + String(k) }); let calls = 0; globalThis.o = { get x() { return ++calls; }, set x(v) { calls = v; } }; o.x;' \
    'o.x = 5; export default [d.toISOString(), r.lastIndex, r.source, e.message, e.cause, n, p.key, o.x];' \
    '{"default":["1970-01-02T00:00:00.000Z",3,"b+","old",1,{"$type":"bigint","value":"1180591620717411303424"},"got key",6]}'

test_that 'descriptors, frozen objects and prototypes live on'
kept 'globalThis.f = Object.freeze({ a: 1 }); Object.defineProperty(globalThis, "hidden", { value: 7 }); globalThis.c = Object.create({ inherited: 3 }); Array.prototype.last = function () { return this.at(-1); };' \
    'let w = "none"; try { f.a = 2; } catch (e) { w = e.name; } export default [w, hidden, Object.getOwnPropertyDescriptor(globalThis, "hidden").writable, c.inherited, [1, 2].last()];' \
    '{"default":["TypeError",7,false,3,2]}'

test_that 'identity lives on'
kept 'globalThis.a = { self: null }; a.self = a; globalThis.list = [a, a]; globalThis.F = class {}; globalThis.i = new F();' \
    'export default [a.self === a, list[0] === list[1], list[0] === a, i instanceof F, a instanceof Object, list instanceof Array, list.constructor === Array];' \
    '{"default":[true,true,true,true,true,true,true]}'

test_that 'texts live on exactly'
kept 'globalThis.s = ["a\0b", "\ud800", "é😀", "x".repeat(1e5), ""]; globalThis["\0"] = 1;' \
    'export default [s[0], s[1], s[2], s[3].length, s[4], globalThis["\0"]];' '{"default":["a\u0000b",{"$type":"string","utf16":"ANg="},"é😀",100000,"",1]}'

test_that 'a prefix is a module with top-level await, its own names stay its own'
kept 'const secret = await new Promise((r) => setTimeout(r, 20, 5)); export const e = 1; globalThis.get = () => secret;' \
    'export default [get(), typeof secret, typeof e];' '{"default":[5,"undefined","undefined"]}'

test_that 'Intl and Temporal work in functions of a prefix'
kept 'globalThis.fmt = (n) => new Intl.NumberFormat("en-US").format(n); globalThis.day = () => Temporal.PlainDate.from("2024-02-28").add({ days: 1 });' \
    'export default [fmt(1234567.5), day()];' '{"default":["1,234,567.5","2024-02-29"]}'

test_that 'timers of a prefix are dropped, and its console goes on'
kept 'setTimeout(() => { globalThis.rang = true; }, 1e6); setInterval(() => {}, 1e6); globalThis.log = console.log; console.log("prefix");' \
    'export default [typeof rang, await new Promise((r) => setTimeout(r, 10, "ok"))]; log("agent");' '{"default":["undefined","ok"]}' '"agent"'

test_that 'random numbers differ from run to run, also after a prefix that used them'
prefix 'globalThis.early = Math.random();'
exits 0
agent 'export default [early, Math.random()];' -s p.snap
first=$(jq -c .exports.default out)
agent 'export default [early, Math.random()];' -s p.snap
second=$(jq -c .exports.default out)
is 'the number that the prefix drew' "${first%,*}" "${second%,*}"
holds 'numbers drawn by agents differ' test "$first" != "$second"

test_that 'a snapshot of megabytes works'
prefix 'globalThis.list = Array.from({ length: 1e5 }, (_, i) => ({ id: i, name: "name" + i }));' --limits '{"cpuTimeMs":0,"wallTimeMs":0}'
exits 0
agent 'export default list[99999].name;' -s p.snap
completes '{"default":"name99999"}'

# ---- the same bytes

test_that 'the same prefix gives the same bytes'
cat >same.js <<'JS'
globalThis.m = new Map(Array.from({ length: 500 }, (_, i) => ["key" + i, { i, s: Symbol("s") }]));
globalThis.o = Object.fromEntries(m); class A { #p = 1; } globalThis.as = [new A(), new A()];
globalThis.hash = new Set(["a", 1, {}, NaN]); globalThis.re = /x+/; re.test("xx"); await null;
JS
iso precompile same.js -o one.snap
exits 0
iso precompile same.js -o two.snap
exits 0
holds 'same bytes' cmp one.snap two.snap

test_that 'the same prefix gives the same bytes from another directory, to another name, in another environment'
mkdir -p some/where/else
cp same.js some/where/else/
(cd some/where/else && env -i TZ=Asia/Tokyo LANG=de_DE.UTF-8 HOME=/nowhere X="$(head -c 5000 /dev/zero | tr '\0' x)" "$ISO4" precompile "$PWD/same.js" -o renamed.snap -q)
is 'status' $? 0
holds 'same bytes' cmp one.snap some/where/else/renamed.snap

test_that 'a prefix that keeps random numbers gives the same bytes'
prefix 'globalThis.n = Array.from({ length: 1000 }, Math.random);'
exits 0
mv p.snap first.snap
prefix 'globalThis.n = Array.from({ length: 1000 }, Math.random);'
holds 'same bytes' cmp first.snap p.snap

test_that 'a prefix that keeps the time gives the same bytes'
prefix 'globalThis.t = [Date.now(), new Date(), Date()];'
exits 0
mv p.snap first.snap
sleep 1.1
prefix 'globalThis.t = [Date.now(), new Date(), Date()];'
holds 'same bytes' cmp first.snap p.snap

test_that 'another prefix gives other bytes'
echo '// another' >>same.js
iso precompile same.js -o two.snap
exits 0
holds 'other bytes' test "$(sha256sum <one.snap)" != "$(sha256sum <two.snap)"

# ---- --warm

test_that '--warm runs a sample agent: what it changes stays, its exports are dropped'
echo 'globalThis.calls = 0; globalThis.f = (n) => { calls++; return n * 2; };' >prefix.js
echo 'console.log("warm"); export const result = f(4); globalThis.extra = 1;' >warm.js
iso precompile prefix.js --warm warm.js -o warm.snap
exits 0
json '[.stdout, has("exports")]' '[["warm"],false]'
iso run -s warm.snap -e 'export default [calls, extra, typeof result, f(5)]'
completes '{"default":[1,1,"undefined",10]}'

test_that '--warm may stand several times, in order'
echo 'globalThis.calls += 10; globalThis.order = "one";' >warm2.js
echo 'globalThis.order += " two";' >warm3.js
iso precompile prefix.js --warm warm.js --warm=warm2.js -w warm3.js -o warm.snap
exits 0
iso run -s warm.snap -e 'export default [calls, order]'
completes '{"default":[11,"one two"]}'

test_that '--warm keeps code compiled: the snapshot is larger'
{
    echo 'globalThis.f = (n) => { let s = 0;'
    awk 'BEGIN { for (i = 0; i < 2000; i++) printf "if (n === %d) s += %d * n + Math.sqrt(%d);\n", i, i, i }'
    echo 'return s; };'
} >big.js
echo 'f(1);' >warm.js
iso precompile big.js -o cold.snap
exits 0
iso precompile big.js -o warm.snap --warm warm.js
exits 0
within 'growth' "$(($(stat -c %s warm.snap) - $(stat -c %s cold.snap)))" 10000 1000000000

test_that '--warm: what the sample agent does wrong is an error under its own name'
fresh
echo 'globalThis.a = 1;' >prefix.js
printf 'a;\nthrow new TypeError("in the sample");\n' >sample.js
iso precompile prefix.js --warm sample.js -o p.snap
fails ERR_USER_CODE
json '.error | [.name, .message, .line, .column]' '["TypeError","in the sample",2,7]'
has 'frame' "$(jq -r .error.frame out)" 'in the sample'
files prefix.js sample.js

test_that '--warm: a sample agent that cannot be read'
iso precompile prefix.js --warm missing.js -o x.snap
refused missing.js
holds 'no file' test ! -e x.snap

# ---- prefixes that fail

# broken NAME CODE ERROR [OPTION...]: the prefix fails with the code; no file is left, and an existing one is untouched
broken() {
    test_that "$1: no snapshot, and an existing one is untouched"
    fresh
    code=$2 error=$3
    shift 3
    prefix "$code" "$@"
    fails "$error"
    files prefix.js
    echo precious >p.snap
    prefix "$code" "$@"
    fails "$error"
    is 'the file that was there' "$(cat p.snap)" precious
    files prefix.js p.snap
}

broken 'a prefix that throws' 'console.log("x"); throw new Error("no");' ERR_USER_CODE
broken 'a prefix that does not parse' 'let x = ;' ERR_COMPILE
broken 'a prefix that imports what is not declared' 'import "node:fs";' ERR_MODULE_NOT_FOUND
broken 'a prefix that never settles' 'await new Promise(() => {});' ERR_PREFIX_DID_NOT_SETTLE
broken 'a prefix that uses too much CPU time' 'for (;;);' ERR_WARMUP_LIMIT --cpu-time-ms 200
broken 'a prefix that takes too long' 'await new Promise((r) => setTimeout(r, 60000));' ERR_WARMUP_LIMIT --wall-time-ms 200
broken 'a prefix that uses too much memory' 'const a = []; for (;;) a.push(new Array(1000).fill(1.5));' ERR_MEMORY_LIMIT --memory-mb 32

test_that 'a prefix that fails says what it logged'
prefix 'console.log("one"); console.error("two"); throw new Error("three");'
fails ERR_USER_CODE
json '[.stdout, .stderr, .error.message]' '[["one"],["two"],"three"]'

test_that 'ERR_PREFIX_DID_NOT_SETTLE names the await'
prefix '1;
await new Promise(() => {});'
fails ERR_PREFIX_DID_NOT_SETTLE
json '.error | [.line, .column]' '[2,1]'

test_that 'ERR_WARMUP_LIMIT names the limit'
prefix 'for (;;);' --cpu-time-ms 150
fails ERR_WARMUP_LIMIT
has 'message' "$(jq -r .error.message out)" '150 ms' CPU
prefix 'await new Promise((r) => setTimeout(r, 60000));' --wall-time-ms 160
fails ERR_WARMUP_LIMIT
has 'message' "$(jq -r .error.message out)" '160 ms'

test_that 'a sample agent meets the limits of precompile, too'
echo 'for (;;);' >loop.js
iso precompile prefix.js --warm loop.js --cpu-time-ms 200 -o x.snap
exits 1
echo 1 >prefix.js
timed iso precompile prefix.js --warm loop.js --cpu-time-ms 200 -o x.snap
fails ERR_WARMUP_LIMIT
within 'ms of CPU time' "$spent" 180 1200
holds 'no file' test ! -e x.snap

test_that 'ERR_COMPILE of a prefix has line, column and frame'
prefix 'const a = 1;
let x = ;'
fails ERR_COMPILE
json '.error | [.name, .line, .column, (.frame | split("\n") | .[1])]' '["SyntaxError",2,9,">    2 | let x = ;"]'

test_that 'a prefix that leaves odd things on the global object: a snapshot or an error, never a crash'
for code in 'globalThis.p = new Promise(() => {});' 'globalThis.f = new FinalizationRegistry(() => {}); f.register({}, 1);' 'globalThis.it = new Intl.Segmenter("en");' \
    'globalThis.g = (async () => { await new Promise(() => {}); })();' 'Object.freeze(globalThis);' 'globalThis.globalThis = null;' 'delete globalThis.Object;' \
    'globalThis.nf = new Intl.NumberFormat("en");' 'Object.setPrototypeOf(globalThis, null);' 'globalThis.t = setTimeout(() => {}, 10);' 'globalThis.s = Symbol.for("x"); globalThis.r = Proxy.revocable({}, {});' \
    'globalThis.d = new Uint8Array(5); d.buffer.transfer();' 'export default class {}' 'globalThis.m = import.meta; globalThis.i = () => import("x");' \
    'globalThis.e = new Error("x"); Error.prepareStackTrace = (a, b) => b; globalThis.st = new Error("y").stack;'; do
    prefix "$code"
    case $status in
    0)
        agent 'export default 1;' -s p.snap
        completes '{"default":1}'
        ;;
    1) is "error for $code" "$(jq -r '.error | [(.code | type), (.message | length > 10)] | @csv' out)" '"string",true' ;;
    *) exits '0 or 1' ;;
    esac
done

# Every name that an agent can reach, by its way from the global object; and names that an object has twice.
cat >walk.js <<'END'
const seen = new Set(), paths = [], doubles = [];
const queue = [[globalThis, 'globalThis']];
for (const [value, path] of queue) {
    if (Object(value) !== value || seen.has(value)) continue;
    seen.add(value);
    const keys = Reflect.ownKeys(value);
    doubles.push(...keys.filter((key, i) => keys.indexOf(key) !== i).map((key) => `${path}.${String(key)}`));
    for (const key of keys) {
        const at = `${path}.${String(key)}`, own = Reflect.getOwnPropertyDescriptor(value, key);
        paths.push(at);
        for (const part of ['value', 'get', 'set']) queue.push([own?.[part], part === 'value' ? at : `${at}<${part}>`]);
    }
    queue.push([Reflect.getPrototypeOf(value), `${path}.__proto__`]);
}
export default [paths.sort(), doubles];
END

test_that 'what V8 adds to a loaded context is there once, and what it shall not add is not, whatever a prefix assigns'
iso run --max-export-bytes 9000000 walk.js
exits 0
json '.exports.default | (.[0] | length > 3000), .[1]' 'true
[]'
cp out plain
# The prefix deletes and defines each property again, and defines those that it does not see yet.
{
    echo 'const { ownKeys, getOwnPropertyDescriptor: own, deleteProperty, defineProperty, getPrototypeOf } = Reflect;'
    echo "const paths = $(jq -c '.exports.default[0]' out);"
    cat <<'END'
const seen = new Set(), queue = [globalThis];
for (const value of queue) {
    if (Object(value) !== value || seen.has(value)) continue;
    seen.add(value);
    for (const key of ownKeys(value)) {
        const d = own(value, key);
        queue.push(d.value, d.get, d.set);
        if (d.configurable && deleteProperty(value, key)) defineProperty(value, key, d);
    }
    queue.push(getPrototypeOf(value));
}
let made = 0;
for (const path of [...paths, 'globalThis.WebAssembly', 'globalThis.SharedArrayBuffer']) {
    const steps = path.split('.').slice(1), name = steps.pop();
    if (/[<(]|__proto__/.test(path)) continue;
    const holder = steps.reduce((at, step) => Object(at) === at ? own(at, step)?.value : undefined, globalThis);
    if (Object(holder) !== holder || own(holder, name)) continue;
    defineProperty(holder, name, { value: 'assigned', writable: true, enumerable: true, configurable: true });
    made++;
}
globalThis.made = made;
END
} >prefix.js
iso precompile prefix.js -o p.snap
exits 0
iso run -s p.snap -e 'export default made > 15'
completes '{"default":true}'
iso run --max-export-bytes 9000000 -s p.snap walk.js
exits 0
json '.exports.default[1]' '[]'
is 'names that are there besides' "$(jq -r '.exports.default[0][]' out plain | sort | uniq -u)" globalThis.made

test_that 'a prefix that makes such a name non-configurable is refused, with the name'
for name in WebAssembly SharedArrayBuffer Temporal; do
    for what in 'value: 1' 'get() { return 1; }'; do
        prefix "Object.defineProperty(globalThis, '$name', { $what });"
        fails ERR_PREFIX_NOT_SERIALIZABLE
        has 'message' "$(jq -r .error.message out)" "'$name'"
        has 'hint' "$(jq -r .error.hint out)" extensible
    done
done

# keeps_intl CODE WHAT PLACE [ARG...]: refused, with the class and the place of what is kept
keeps_intl() {
    _made=$1 _what=$2 _place=$3
    shift 3
    prefix "$_made" "$@"
    fails ERR_PREFIX_NOT_SERIALIZABLE
    is 'message' "$(jq -r .error.message out)" "the prefix keeps an object that a snapshot cannot hold: $_what made at $_place"
    is 'place' "$(jq -r '.error | "\(.line):\(.column)"' out)" "${_place#*:}"
    has 'stack' "$(jq -r .error.stack out)" "$_place"
    lacks 'stack' "$(jq -r .error.stack out)" runtime
}

test_that 'an object of Intl that a prefix keeps is named, with the place where it was made'
while IFS='|' read -r what place code; do
    keeps_intl "const other = new Intl.NumberFormat('en').format(1);$NL$code" "$what" "prefix.js:$place"
done <<'END'
an Intl.NumberFormat|2:19|globalThis.kept = new Intl.NumberFormat('de');
an Intl.NumberFormat|2:24|globalThis.kept = Intl.NumberFormat('de');
an Intl.DateTimeFormat|2:19|globalThis.kept = new Intl.DateTimeFormat('de').format;
an Intl.Collator|2:19|globalThis.kept = new Intl.Collator('de').compare;
an Intl.PluralRules|2:19|globalThis.kept = new Intl.PluralRules('de');
an Intl.DisplayNames|2:19|globalThis.kept = new Intl.DisplayNames('de', { type: 'region' });
an Intl.ListFormat|2:19|globalThis.kept = new Intl.ListFormat('de');
an Intl.RelativeTimeFormat|2:19|globalThis.kept = new Intl.RelativeTimeFormat('de');
an Intl.DurationFormat|2:19|globalThis.kept = new Intl.DurationFormat('de');
an Intl.Segmenter|2:19|globalThis.kept = new Intl.Segmenter('de');
segments of an Intl.Segmenter|2:44|globalThis.kept = new Intl.Segmenter('de').segment('text');
an iterator of an Intl.Segmenter|2:76|globalThis.kept = new Intl.Segmenter('de').segment('text')[Symbol.iterator]();
an Intl.Locale|2:19|globalThis.kept = new Intl.Locale('de');
an Intl.Locale|2:41|globalThis.kept = new Intl.Locale('de').maximize();
an Intl.NumberFormat|2:24|globalThis.kept = new (class Mine extends Intl.NumberFormat {})('de');
an Intl.NumberFormat|2:27|globalThis.kept = Reflect.construct(Intl.NumberFormat, ['de'], Array);
an Intl.NumberFormat|2:19|globalThis.kept = eval('new Intl.NumberFormat()');
an Intl.NumberFormat|2:28|const kept = [1].map(() => new Intl.NumberFormat('de')); globalThis.price = (n) => kept[0].format(n);
an Intl.Collator|2:95|globalThis.kept = []; for (let i = 0; i < 12000; i++) Intl.NumberFormat('de'); kept[0] = Intl.Collator();
END

test_that 'it is found in modules and in warm-up agents, and several are listed'
echo 'export const format = (n) => money.format(n);
const money = new Intl.NumberFormat("de");' >money.js
keeps_intl 'import { format } from "app:money"; globalThis.price = format;' 'an Intl.NumberFormat' money.js:2:15 -I app:money=money.js
echo 'globalThis.late = new Intl.Collator();' >late.js
keeps_intl '1;' 'an Intl.Collator' late.js:1:19 -w late.js
prefix 'const { Collator } = Intl; globalThis.kept = [new Collator(),
new Collator("de"), new Intl.PluralRules()]; for (let i = 0; i < 3; i++) kept.push(new Collator());'
fails ERR_PREFIX_NOT_SERIALIZABLE
is 'message' "$(jq -r .error.message out)" "the prefix keeps objects that a snapshot cannot hold: an Intl.Collator made at prefix.js:1:47, an Intl.Collator made at prefix.js:2:1, an Intl.PluralRules made at prefix.js:2:21, an Intl.Collator made at prefix.js:2:84"

# ---- damaged and foreign files

test_that 'a snapshot cut short anywhere in its first 300 bytes is refused'
fresh
echo 'globalThis.a = "the blob";' >prefix.js
iso precompile prefix.js -o whole.snap -q
exits 0
size=$(stat -c %s whole.snap)
n=0
while [ $n -lt 300 ]; do
    head -c $n whole.snap >cut.snap
    iso run -s cut.snap -e 1
    if [ $n -lt 8 ]; then refused "'cut.snap' is not a snapshot"; else fails ERR_SNAPSHOT_INVALID 3; fi
    n=$((n + 1))
done

test_that 'a snapshot cut short anywhere else is refused'
cd "$work/fresh" || exit 1
for n in 511 512 513 1000 4095 4096 4097 8192 20000 65536 100000 262144 400000 $((size / 2)) $((size - 4096)) $((size - 100)) $((size - 1)); do
    [ "$n" -lt "$size" ] || continue
    head -c "$n" whole.snap >cut.snap
    iso run -s cut.snap -e 1
    fails ERR_SNAPSHOT_INVALID 3
done

test_that 'a snapshot with anything after it is refused'
cd "$work/fresh" || exit 1
for more in x "$(head -c 4096 /dev/zero | tr '\0' y)"; do
    { cat whole.snap && printf '%s' "$more"; } >long.snap
    iso run -s long.snap -e 1
    fails ERR_SNAPSHOT_INVALID 3
done

# flip FILE OFFSET: a copy in flipped.snap with one bit of one byte changed
flip() {
    cp "$1" flipped.snap
    byte=$(od -An -tu1 -j "$2" -N 1 "$1" | tr -d ' ')
    # shellcheck disable=SC2059 # the byte is the format
    printf "$(printf '\\%03o' $((byte ^ 1 << ($2 % 8))))" | dd of=flipped.snap bs=1 seek="$2" conv=notrunc status=none
}

# refused_when_flipped OFFSET...
refused_when_flipped() {
    cd "$work/fresh" || exit 1
    for at; do
        [ "$at" -lt "$size" ] || continue
        flip whole.snap "$at"
        iso run -s flipped.snap -e 'export default a'
        case $at$line in
        [0-7]) refused "'flipped.snap' is not a snapshot" ;;
        *'"code":"ERR_SNAPSHOT_MISMATCH"'*) fails ERR_SNAPSHOT_MISMATCH 3 ;;
        *) fails ERR_SNAPSHOT_INVALID 3 ;;
        esac
    done
}

test_that 'a snapshot with one bit of its head flipped is refused'
# shellcheck disable=SC2046 # numbers
refused_when_flipped $(seq 0 255)

test_that 'a snapshot with one bit of its manifest or padding flipped is refused'
# shellcheck disable=SC2046
refused_when_flipped $(seq 256 37 700) $(seq 750 331 4095)

test_that 'a snapshot with one bit of its blob flipped is refused'
# shellcheck disable=SC2046
refused_when_flipped $(seq 4096 40961 "$size") $((size - 1)) 4097 4098 4100

test_that 'two flipped bytes, swapped pages and a blob of zeros are refused'
cd "$work/fresh" || exit 1
flip whole.snap 5000
cp flipped.snap once.snap
flip once.snap 9000
iso run -s flipped.snap -e 1
fails ERR_SNAPSHOT_INVALID 3
{ head -c 8192 whole.snap && tail -c +12289 whole.snap | head -c 4096 && tail -c +8193 whole.snap | head -c 4096 && tail -c +16385 whole.snap; } >swapped.snap
is 'size' "$(stat -c %s swapped.snap)" "$size"
iso run -s swapped.snap -e 1
fails ERR_SNAPSHOT_INVALID 3
{ head -c 4096 whole.snap && head -c $((size - 4096)) /dev/zero; } >zeros.snap
iso run -s zeros.snap -e 1
fails ERR_SNAPSHOT_INVALID 3

test_that 'what is no snapshot is refused'
fresh
: >empty
head -c 100000 /dev/zero >zeros
head -c 100000 /dev/urandom >random
echo 'globalThis.a = 1;' >source.js
cp "$NODE" program 2>/dev/null || head -c 100000 "$ISO4" >program
for file in empty zeros random source.js program; do
    iso run -s "$file" -e 1
    refused "'$file' is not a snapshot: make one with iso4 precompile"
    iso run -s "$file" -e 1 -e 2
    refused "'$file'"
    echo '{"code":"1"}' >jobs.jsonl
    iso batch -s "$file" jobs.jsonl
    refused "'$file'"
    iso inspect "$file"
    refused "'$file'"
done

test_that 'a snapshot of another format says both formats'
cd "$work/fresh" || exit 1
prefix '1;'
cp p.snap format.snap
printf '\377' | dd of=format.snap bs=1 seek=8 conv=notrunc status=none
iso run -s format.snap -e 1
fails ERR_SNAPSHOT_MISMATCH 3
holds 'two numbers' jq -e '.error.message | [scan("format [0-9]+")] | length == 2' out >/dev/null

# patched FROM TO: the snapshot with one text of its head replaced by another of the same length
patched() {
    cp p.snap patched.snap
    _at=$(head -c 256 p.snap | grep -abo "$1" | head -n 1 | cut -d : -f 1)
    printf '%s' "$2" | dd of=patched.snap bs=1 seek="${_at:-0}" conv=notrunc status=none
    iso run -s patched.snap -e 1
}

test_that 'a snapshot of another machine type says both'
cd "$work/fresh" || exit 1
case $(uname -m) in x86_64) other=aarch64 ;; *) other=x86_64 ;; esac
patched "$(uname -m)" "$(printf '%s\000' $other)"
fails ERR_SNAPSHOT_MISMATCH 3
has 'message' "$(jq -r .error.message out)" "$other" "$(uname -m)" "'patched.snap'"

test_that 'a snapshot of another V8 says both'
cd "$work/fresh" || exit 1
v8=$("$ISO4" inspect --json p.snap | jq -r .v8)
patched "$v8" "99${v8#??}"
fails ERR_SNAPSHOT_MISMATCH 3
has 'message' "$(jq -r .error.message out)" "V8 $v8" "V8 99${v8#??}" "'patched.snap'"

test_that 'a snapshot of another build of the engine says both'
cd "$work/fresh" || exit 1
engine=$("$ISO4" inspect --json p.snap | jq -r .engine)
patched "$engine" "0123456789${engine#??????????}"
fails ERR_SNAPSHOT_MISMATCH 3
has 'message' "$(jq -r .error.message out)" "$engine" "0123456789${engine#??????????}"

test_that 'a damaged snapshot is named by its path'
mkdir -p dir
prefix '1;'
head -c 1000 p.snap >dir/bad.snap
iso run -s dir/bad.snap -e 1
has 'message' "$(jq -r .error.message out)" "'dir/bad.snap'"
prefix '1;'
flip p.snap 5000
iso run -s flipped.snap -e 1
has 'message' "$(jq -r .error.message out)" "'flipped.snap'"

test_that 'no code runs on a damaged snapshot'
iso run -s flipped.snap -e 'console.log("ran")'
fails ERR_SNAPSHOT_INVALID 3
json '.stdout' '[]'

test_that 'a snapshot that is missing, a directory, a device or a pipe is refused'
iso run -s missing.snap -e 1
refused missing.snap
iso run -s . -e 1
refused "'.'"
iso run -s /dev/zero -e 1
refused /dev/zero
mkfifo pipe
iso run -s pipe -e 1
refused pipe

test_that 'a snapshot that is replaced or cut while it is used does not crash iso4'
prefix 'globalThis.a = 1;'
echo 'await new Promise((r) => setTimeout(r, 700)); export default a;' >slow.js
"$ISO4" run -s p.snap slow.js >out 2>err &
pid=$!
sleep 0.3
cp p.snap other.snap
mv other.snap p.snap
wait $pid
status=$? line=$(cat out)
completes '{"default":1}'

# ---- inspect

test_that 'inspect shows what a snapshot was made from and with'
fresh
echo 'globalThis.a = 1;' >prefix.js
echo 'a;' >sample.js
iso precompile prefix.js --warm sample.js -o p.snap
exits 0
iso inspect p.snap
exits 0
has 'output' "$(cat out)" p.snap prefix.js "$(sha256sum <prefix.js | cut -d ' ' -f 1)" sample.js "$(sha256sum <sample.js | cut -d ' ' -f 1)" 'iso4 ' 'V8 ' "$(uname -m)"

test_that 'inspect --json gives the same as JSON'
cd "$work/fresh" || exit 1
iso inspect --json p.snap
exits 0
json '[.prefix.name, .prefix.bytes, .prefix.sha256]' "[\"prefix.js\",$(stat -c %s prefix.js),\"$(sha256sum <prefix.js | cut -d ' ' -f 1)\"]"
json '.warm | map([.name, .sha256])' "[[\"sample.js\",\"$(sha256sum <sample.js | cut -d ' ' -f 1)\"]]"
json '[.bytes, .machine, (.v8 | test("^14\\.")), (.tool | test("^iso4 [0-9]")), .globals, .imports]' "[$(stat -c %s p.snap),\"$(uname -m)\",true,true,{},{}]"

test_that 'inspect does not run the snapshot and finds every damage'
cd "$work/fresh" || exit 1
size=$(stat -c %s p.snap)
for at in 0 9 20 60 100 130 200 250 300 2000 4096 50000 $((size - 1)); do
    flip p.snap "$at"
    iso inspect flipped.snap
    exits $((at < 8 ? 2 : 3))
    is 'standard output' "$line" ''
    has 'stderr' "$(cat err)" 'iso4: ' flipped.snap
done
for n in 0 1 255 256 300 4096 $((size - 1)); do
    head -c $n p.snap >cut.snap
    iso inspect --json cut.snap
    exits $((n < 8 ? 2 : 3))
    is 'standard output' "$line" ''
done

test_that 'inspect takes one snapshot that is there'
iso inspect
refused 'one snapshot'
iso inspect a b
refused 'one snapshot'
iso inspect missing.snap
refused missing.snap

# ---- files that change while they are used

test_that 'a batch goes on with the snapshot that it began with, whatever becomes of the file'
echo '{"f":{"returns":"declared"}}' >globals.json
prefix 'globalThis.kept = "kept"' -g globals.json
cp p.snap live.snap
rm -f jobs.pipe && mkfifo jobs.pipe
"$ISO4" batch --snapshot live.snap <jobs.pipe >out 2>err &
pid=$!
command='iso4 batch'
exec 8>jobs.pipe
echo '{"id":1,"code":"export default [kept, await f()]"}' >&8
holds 'an answer' eventually grep -q '"id":1,' out
: >live.snap
echo '{"id":2,"code":"export default [kept, await f()]"}' >&8
echo '{"id":3,"code":"export default [kept, await f()]","globals":{"f":{"returns":"own"}}}' >&8
echo '{"id":4,"code":"export default [kept, await f()]","limits":{"memoryMb":200}}' >&8
exec 8>&-
wait $pid
is 'status' $? 0
is 'answers' "$(jq -c '[.id, .exports.default]' out | sort | tr '\n' ' ')" \
    '[1,["kept","declared"]] [2,["kept","declared"]] [3,["kept","own"]] [4,["kept","declared"]] '

test_that 'a file that is written to while runs begin gives the right answer, or a refusal that says so'
cp p.snap good.snap
cp good.snap live.snap
: >going
(
    while test -e going; do
        dd if=good.snap of=live.snap bs=16k conv=notrunc status=none
        truncate -s 5000 live.snap
        cat good.snap >live.snap
    done
) 2>/dev/null &
writer=$!
: >answers
for _ in $(seq 40); do
    iso run -s live.snap -e 'export default [kept, await f()]'
    echo "$status $(jq -c '.exports.default // .error.code' out) $(cat err)" >>answers
done
rm going
wait $writer
is 'other answers' "$(grep -vxE '0 \["kept","declared"\] |3 "ERR_SNAPSHOT_INVALID" |2  iso4: .*live.snap. is not a snapshot.*|2  iso4: .*cut short.*' answers)" ''
is 'answers' "$(wc -l <answers)" 40

# ---- eval

test_that 'with --no-eval a prefix makes no functions from texts, and what it finds out is true for agents'
echo 'globalThis.may = []; for (const make of [() => eval("1"), () => new Function("return 1")(), () => (0, eval)("2")]) try { make(); may.push(true); } catch (e) { may.push(e.name); }' >prefix.js
iso precompile prefix.js -o may.snap
agent 'export default may;' -s may.snap
completes '{"default":[true,true,true]}'
iso precompile prefix.js -o not.snap --no-eval
exits 0
agent 'export default may;' -s not.snap
completes '{"default":["EvalError","EvalError","EvalError"]}'
iso run --no-eval agent.js
is 'status' "$status" 2

test_that 'an agent may with --allow-eval on a snapshot that was made without'
agent 'export default eval("1 + 1");' -s not.snap --allow-eval
completes '{"default":2}'

test_done
