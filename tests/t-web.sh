#!/bin/sh
# The web platform that agents and prefixes find: which globals, what hostile code can do to them, randomness, errors, what
# the console shows. How far it follows the standards is measured by tests/conformance, see t-conformance.sh.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016 # the $ and ` in quotes are JavaScript's
. "$(dirname "$0")/lib.sh"

# ---- globals

ECMASCRIPT='AggregateError Array ArrayBuffer Atomics BigInt BigInt64Array BigUint64Array Boolean DataView Date Error EvalError
FinalizationRegistry Float16Array Float32Array Float64Array Function Infinity Int16Array Int32Array Int8Array Intl Iterator JSON Map
Math NaN Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set String Symbol SyntaxError TypeError URIError
Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet decodeURI decodeURIComponent encodeURI
encodeURIComponent escape eval globalThis isFinite isNaN parseFloat parseInt undefined unescape'
# V8 makes these when a snapshot is loaded.
LATE='AsyncDisposableStack DisposableStack SuppressedError Temporal'
WEB='AbortController AbortSignal Blob ByteLengthQueuingStrategy CompressionStream CountQueuingStrategy Crypto CryptoKey CustomEvent DOMException DecompressionStream ErrorEvent Event
EventTarget File FormData Headers MessageChannel MessageEvent MessagePort Navigator Performance PromiseRejectionEvent QuotaExceededError ReadableByteStreamController ReadableStream ReadableStreamBYOBReader
ReadableStreamBYOBRequest ReadableStreamDefaultController ReadableStreamDefaultReader Request Response SubtleCrypto TextDecoder
TextDecoderStream TextEncoder TextEncoderStream TransformStream TransformStreamDefaultController URL URLPattern URLSearchParams WritableStream
WritableStreamDefaultController WritableStreamDefaultWriter atob btoa clearInterval clearTimeout console crypto navigator performance
queueMicrotask reportError self setInterval setTimeout structuredClone'

# words LIST...: one line, sorted
words() {
    printf '%s\n' "$*" | tr ' ' '\n' | grep . | sort | tr '\n' ' '
}
NAMES='Object.getOwnPropertyNames(globalThis).sort().join(" ") + " "'

test_that 'an agent finds these globals and no others'
agent "export default $NAMES;"
is 'globals' "$(jq -r .exports.default out)" "$(words "$ECMASCRIPT $LATE $WEB")"

test_that 'a prefix finds the same but for those that V8 makes late'
prefix "console.log($NAMES);"
is 'globals' "$(jq -r '.stdout[0]' out)" "$(words "$ECMASCRIPT $WEB")"

test_that 'an agent on a prefix finds them all'
prefix 'globalThis.x = 1; delete globalThis.x;'
agent "export default $NAMES;" -s p.snap
is 'globals' "$(jq -r .exports.default out)" "$(words "$ECMASCRIPT $LATE $WEB")"

test_that 'no global has a symbol for a name or can be listed; all but the constants can be changed'
agent 'const all = Object.getOwnPropertyDescriptors(globalThis), names = Object.keys(all);
export const listed = []; for (const name in globalThis) listed.push(name);
const changes = ({ writable, set }) => writable || set;
export const fixed = Object.getOwnPropertyNames(globalThis).filter((n) => !changes(Object.getOwnPropertyDescriptor(globalThis, n)));
export const kept = Object.getOwnPropertyNames(globalThis).filter((n) => !Object.getOwnPropertyDescriptor(globalThis, n).configurable);
export const symbols = Object.getOwnPropertySymbols(globalThis).map(String);'
completes '{"fixed":["Infinity","NaN","undefined"],"kept":["Infinity","NaN","undefined"],"listed":[],"symbols":[]}'

test_that 'a member that is called without its object, or with another, says what it needs'
cat >members.js <<'JS'
const classes = Object.getOwnPropertyNames(globalThis).filter((n) => /^[A-Z]/.test(n) && globalThis[n]?.prototype?.[Symbol.toStringTag] === n && n in webClasses());
function webClasses() {
    return Object.fromEntries("AbortController AbortSignal Blob CompressionStream Crypto CryptoKey CustomEvent DOMException DecompressionStream ErrorEvent Event EventTarget File FormData Headers MessageChannel MessageEvent MessagePort Navigator Performance PromiseRejectionEvent QuotaExceededError Request Response SubtleCrypto TextDecoder TextDecoderStream TextEncoder TextEncoderStream URL URLPattern URLSearchParams".split(" ").map((n) => [n, 1]));
}
export const wrong = [];
export let members = 0;
async function check(where, member, Class, call) {
    for (const receiver of [undefined, null, 1, "s", {}, () => {}, Object.create(globalThis[Class].prototype), new Map()]) {
        members++;
        let got = "nothing was thrown";
        try { await call(receiver); } catch (e) { got = `${e.name}: ${e.message}`; }
        if (!new RegExp(`^TypeError: Illegal invocation: ${member} needs an? ${Class}$`).test(got)) wrong.push(`${where}: ${got}`);
    }
}
for (const Class of classes)
    for (const [key, d] of Object.entries(Object.getOwnPropertyDescriptors(globalThis[Class].prototype)))
        for (const kind of ["value", "get", "set"])
            if (typeof d[kind] === "function" && key !== "constructor") await check(`${Class}.${key} ${kind}`, key, Class, (r) => d[kind].call(r, "a", "b"));
const { next } = new Headers().entries().__proto__;
for (const f of [() => next(), () => next.call({})]) try { f(); wrong.push("next"); } catch (e) { if (e.message !== "Illegal invocation: next needs a Headers Iterator") wrong.push(e.message); }
const trusted = Object.getOwnPropertyDescriptor(new Event("x"), "isTrusted").get;
try { trusted.call({}); wrong.push("isTrusted"); } catch (e) { if (e.message !== "Illegal invocation: isTrusted needs an Event") wrong.push(e.message); }
JS
iso run members.js
exits 0
json .exports.wrong '[]'
within 'number of checks' "$(jq .exports.members out)" 1200 4000

test_that 'members of streams say it too, without names of the runtime'
cat >streams.js <<'JS'
const classes = Object.getOwnPropertyNames(globalThis).filter((n) => /Stream|Strategy/.test(n) && !/^(Text|Compr|Decompr)/.test(n));
export const wrong = [];
export let members = 0;
for (const Class of classes)
    for (const [key, d] of Object.entries(Object.getOwnPropertyDescriptors(globalThis[Class].prototype)))
        for (const kind of ["value", "get"])
            if (typeof d[kind] === "function" && key !== "constructor")
                for (const receiver of [undefined, {}, new Map()]) {
                    members++;
                    let got = "nothing was thrown";
                    try { await d[kind].call(receiver, {}); } catch (e) { got = `${e.name}: ${e.message}`; }
                    if (!/^TypeError: /.test(got) || /[#$_]|Cannot/.test(got)) wrong.push(`${Class}.${key}: ${got}`);
                }
JS
iso run streams.js
exits 0
json .exports.wrong '[]'
within 'number of checks' "$(jq .exports.members out)" 100 400

test_that 'a class that is called without new is called by its name'
agent 'export default Object.getOwnPropertyNames(globalThis).filter((n) => typeof globalThis[n] === "function" && globalThis[n].prototype?.[Symbol.toStringTag] === n && /^(Abort|Blob|Byte|Compr|Count|Crypto|Custom|Decompr|DOM|Error|Event|File|Form|Head|Message|Nav|Perf|PromiseRej|Quota|Read|Req|Resp|Subtle|Text|Transform|URL|Writ)/.test(n)).flatMap((n) => {
    try { globalThis[n](); } catch (e) { return e.message === `Class constructor ${n} cannot be invoked without \u0027new\u0027` ? [] : [e.message]; }
    return n;
});'
completes '{"default":[]}'

test_that 'classes have the shape that WebIDL gives them: members enumerable, a tag, no own properties of instances'
agent 'const make = { AbortController: [], Blob: [], CompressionStream: ["gzip"], DecompressionStream: ["gzip"], CustomEvent: ["x"], DOMException: [], ErrorEvent: ["x"], MessageChannel: [], MessageEvent: ["x"], PromiseRejectionEvent: ["x", { promise: {} }], Event: ["x"], EventTarget: [], File: [[], "n"], FormData: [], Headers: [], ReadableStream: [], Request: ["http://a/"], Response: [], TextDecoder: [], TextDecoderStream: [], TextEncoder: [], TextEncoderStream: [], TransformStream: [], URL: ["http://a/"], URLPattern: [], URLSearchParams: [], WritableStream: [] };
export const wrong = [];
for (const name of Object.keys(make)) {
    const Class = globalThis[name], it = new Class(...make[name]);
    if (Class.name !== name || Object.prototype.toString.call(it) !== `[object ${name}]`) wrong.push(name);
    if (Reflect.ownKeys(it).join() !== (it instanceof Event ? "isTrusted" : it instanceof Error ? "stack" : "")) wrong.push([name, Reflect.ownKeys(it).map(String)]);
    for (const [key, d] of Object.entries(Object.getOwnPropertyDescriptors(Class.prototype)))
        if (key !== "constructor" && !d.enumerable) wrong.push([name, key]);
    try { Class(); wrong.push([name, "can be called"]); } catch (e) { if (!(e instanceof TypeError)) wrong.push([name, e.name]); }
}'
completes '{"wrong":[]}'

# ---- code that means harm

test_that 'every function that an agent can reach prints as native code, its own as their source'
cat >walk-functions.js <<'END'
const native = /^function [^{]*\{ \[native code\] \}$/, others = [];
const seen = new Set(), queue = [[globalThis, 'globalThis']];
let functions = 0;
for (const [value, path] of queue) {
    if (Object(value) !== value || seen.has(value)) continue;
    seen.add(value);
    if (typeof value === 'function') {
        functions++;
        if (!native.test(Function.prototype.toString.call(value)) || `${value}` !== String(value)) others.push(path);
    }
    queue.push([Object.getPrototypeOf(value), `${path}.__proto__`]);
    for (const key of Reflect.ownKeys(value)) {
        const { value: held, get, set } = Object.getOwnPropertyDescriptor(value, key);
        for (const next of [held, get, set]) queue.push([next, `${path}.${String(key)}`]);
    }
}
export default [functions > 1000, others];
END
iso run walk-functions.js
completes '{"default":[true,[]]}'
prefix 'globalThis.mine = () => 1; globalThis.text = String(URL);'
iso run -s p.snap walk-functions.js
completes '{"default":[true,["globalThis.mine"]]}'
agent 'const { toString } = Function.prototype, text = (value) => toString.call(value);
const crypto = Object.getOwnPropertyDescriptor(globalThis, "crypto");
class Mine extends URL {}
export default [Math.random, setTimeout, Event, structuredClone, console.log, crypto.get, toString, URL.bind(null), new Proxy(URL, {}), (a) => a, Mine].map(text);
export const shape = [toString.name, toString.length, "prototype" in toString, new Set([1, {}, undefined].map((value) => {
    try { text(value); } catch (error) { return error.message; }
})).size];'
completes '{"default":["function random() { [native code] }","function setTimeout() { [native code] }","function Event() { [native code] }","function structuredClone() { [native code] }","function log() { [native code] }","function get crypto() { [native code] }","function toString() { [native code] }","function () { [native code] }","function () { [native code] }","(a) => a","class Mine extends URL {}"],"shape":["toString",0,false,1]}'

test_that 'deleting every global leaves console, timers and results as they are'
agent 'const { log } = console, later = setTimeout, wait = new Promise((done) => later(done, 1)), { deleteProperty } = Reflect, everything = globalThis;
for (const name of Object.getOwnPropertyNames(everything)) deleteProperty(everything, name);
await wait; log({ a: [1] }, "after"); export default [1];'
completes '{"default":[1]}' '"{ a: [ 1 ] } after"'

cat >saboteur.js <<'JS'
// Every method of every builtin notes what it is given, and fails.
const { log } = console, { apply, ownKeys, getOwnPropertyDescriptor: get, defineProperty: define, getPrototypeOf } = Reflect;
const later = setTimeout, seen = Object.setPrototypeOf([], null), push = (v) => { seen[seen.length] = v; };
const classes = [Array, ArrayBuffer, BigInt, Boolean, DataView, Date, Error, Function, Map, Number, Object, Promise, RegExp, Set, String, Symbol, TypeError, RangeError, Uint8Array, Int32Array, getPrototypeOf(Uint8Array), WeakMap, WeakRef, WeakSet];
const iterators = [[][Symbol.iterator](), new Map().entries(), new Set().values(), (function* () {})(), (async function* () {})()].map(getPrototypeOf);
const real = { URL, URLSearchParams, Headers, Request, Response, FormData, Blob, File, TextDecoder, TextEncoder, EventTarget, Event, AbortController, AbortSignal, ReadableStream, TransformStream, structuredClone, atob, btoa, crypto, random: Math.random, DOMException, TextDecoderStream, MessageChannel, MessageEvent, ErrorEvent, CompressionStream, DecompressionStream, URLPattern };
export const acts = [
    () => new real.URL("http://ü.de/a?b=1").searchParams.append("c", "d"), () => [...new real.URLSearchParams("a=1")], () => new real.Headers({ a: "b" }).get("a"), () => new real.Headers([["a", "b"]]).append("c", "d"),
    () => new real.Response("x").text(), () => new real.Response(new real.Blob(["a"])).json(), () => new real.Request("http://a/", { method: "POST", body: "x" }).clone(), () => { const f = new real.FormData(); f.append("a", new real.Blob(["x"])); return new real.Response(f).formData(); },
    () => new real.Blob(["a", new Uint8Array(2)]).slice(0, 1).text(), () => new real.TextDecoder("shift_jis").decode(new Uint8Array(4)), () => new real.TextEncoder().encodeInto("abc", new Uint8Array(2)),
    () => { const t = new real.EventTarget(); t.addEventListener("x", { handleEvent() {} }, { once: true }); t.dispatchEvent(new real.Event("x")); }, () => { const a = new real.AbortController(); const s = real.AbortSignal.any([a.signal]); a.abort(); return s; },
    () => real.structuredClone({ a: [new Map([[1, new real.Blob(["x"])]])], e: new TypeError("x") }), () => real.structuredClone(() => {}), () => real.atob(real.btoa("abc")), () => real.crypto.randomUUID(), () => real.crypto.getRandomValues(new Uint8Array(8)), () => real.random(), () => new real.DOMException("a", "b").code,
    () => { const c = new real.MessageChannel(); c.port1.onmessage = () => {}; c.port2.postMessage({ a: [1] }); c.port2.postMessage(c.port1, [c.port1]); c.port2.close(); }, () => new real.MessageEvent("x", { data: 1 }).ports, () => new real.ErrorEvent("x", { message: "m" }).message,
    () => { const s = new real.CompressionStream("gzip"), w = s.writable.getWriter(); w.write(new Uint8Array(9)); w.close(); return s.readable.pipeThrough(new real.DecompressionStream("gzip")).getReader().read(); },
    () => new real.URLPattern({ pathname: "/:a/(b|c)*{/d}?", hostname: "*.ü.de" }).exec("https://x.ü.de/1/b"), () => new real.URLPattern("/:a", "https://example.com").test("/x", "https://example.com"),
    () => real.crypto.subtle.digest("SHA-256", new Uint8Array(1)), () => real.crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign"]).then((p) => real.crypto.subtle.exportKey("jwk", p.privateKey)), () => real.crypto.subtle.importKey("jwk", { kty: "oct", k: "AAAA" }, { name: "HMAC", hash: "SHA-1" }, true, ["sign"]).then((k) => real.structuredClone(k)),
    () => new real.ReadableStream({ start(c) { c.enqueue(1); c.close(); } }).getReader().read(), () => new real.ReadableStream({ type: "bytes" }).tee(), () => new real.TransformStream().writable.getWriter().write(1), () => log(new real.URL("http://a/"), new real.Headers({ a: "b" }), new real.Response("x"), new real.Blob(["x"])),
];
const inherited = [];
for (const Class of [...classes.flatMap((c) => [c, c.prototype]), ...iterators, ...iterators.map(getPrototypeOf), ...Object.values(real).flatMap((c) => (c.prototype ? [c.prototype] : []))]) inherited.push(Class);
globalThis.sabotage = (fail) => {
    for (let i = 0; i < inherited.length; i++) { const holder = inherited[i], keys = ownKeys(holder); for (let j = 0; j < keys.length; j++) {
        const key = keys[j], d = get(holder, key);
        if (!d.configurable || key === "constructor" || key === "prototype" || key === "name" || key === "length") continue;
        const note = (old) => typeof old !== "function" ? old : function (...args) { push(this); for (let k = 0; k < args.length; k++) push(args[k]); if (fail) throw new Error("sabotage"); return apply(old, this, args); };
        define(holder, key, "value" in d ? { value: note(d.value), writable: true, configurable: true } : { get: note(d.get), set: note(d.set), configurable: true });
    } }
    const traps = ["0", "1", "2", "type", "start", "get", "set", "value", "then", "stream", "bytes"], holders = [Object.prototype, Array.prototype];
    for (let i = 0; i < traps.length; i++) for (let j = 0; j < 2; j++) define(holders[j], traps[i], { __proto__: null, set(v) { push(v); }, get() { push(this); }, configurable: true });
};
// The names of native functions of the runtime begin with "native ": none of them may be among the values seen.
export const foreign = () => { let n = 0; for (let i = 0; i < seen.length; i++) { const v = seen[i], name = typeof v === "function" ? `${get(v, "name")?.value}` : ""; if (name !== "" && name[0] === "n" && name[6] === " ") n++; } return n; };
JS
for fail in false true; do
    test_that "an agent that replaces every method of every builtin gets no hold of the runtime, which goes on ($fail)"
    {
        cat saboteur.js
        echo "sabotage($fail);"
        echo 'for (let i = 0; i < acts.length; i++) try { acts[i](); } catch {}'
        echo 'log("still here", { a: [1, "b"] }); export const late = later(() => log("timer"), 0); await null;'
    } | sed 's/^export const \(acts\|foreign\)/const \1/' >agent.js
    iso run agent.js
    test_checks=$((test_checks + 1))
    case $status in
    0 | 1) ;;
    *) fail "status $status: $line" ;;
    esac
    has 'stdout' "$(jq -c .stdout out)" "still here { a: [ 1, 'b' ] }"
    lacks 'result' "$line" ERR_WORKER_CRASHED ERR_INTERNAL ERR_SANDBOX
done

test_that 'functions of C++ stay out of sight of code that listens everywhere'
{
    cat saboteur.js
    echo 'sabotage(false); for (let i = 0; i < acts.length; i++) try { acts[i](); } catch {}'
    echo 'log(foreign(), seen.length > 100);'
} | sed 's/^export const \(acts\|foreign\)/const \1/' >agent.js
iso run agent.js
has 'stdout' "$(jq -c .stdout out)" '"0 true"]'

test_that 'stacks that an agent takes apart hold no function and no object of the runtime'
agent 'let sites; Error.prepareStackTrace = (e, s) => { sites = s; return ""; };
try { structuredClone({ get a() { throw new Error("x"); } }); } catch (e) { e.stack; }
export default sites.map((s) => [typeof s.getFunction(), typeof s.getThis()]).filter(([f, t]) => f !== "undefined" || t !== "undefined");'
completes '{"default":[]}'

test_that 'prototypes of the web do not crash anything when their members are called on other objects'
agent 'let calls = 0; const others = [undefined, null, 1, "x", {}, [], () => {}, new Proxy({}, {}), globalThis, Object.create(URL.prototype), new Headers()];
for (const name of Object.getOwnPropertyNames(globalThis)) {
    const C = globalThis[name]; if (typeof C !== "function" || !C.prototype || name === "Function" || name === "GeneratorFunction") continue;
    for (const key of Reflect.ownKeys(C.prototype)) { const d = Object.getOwnPropertyDescriptor(C.prototype, key);
        for (const f of [d.value, d.get, d.set]) if (typeof f === "function") for (const o of others) { calls++; try { const r = f.call(o, o, o); if (r && typeof r.then === "function") r.then(() => {}, () => {}); } catch {} } }
}
export default calls > 1000;' --max-stderr-bytes 100 --max-stdout-bytes 100
json '[.ok, .exports.default]' '[true,true]'

# ---- randomness

test_that 'random numbers differ from run to run, on a prefix too'
prefix 'globalThis.first = [Math.random(), Math.random()];'
for _ in 1 2 3 4; do
    agent 'export default [...first.map((n) => Math.random() === n), Math.random(), crypto.randomUUID(), crypto.getRandomValues(new Uint32Array(4)).join()];' -s p.snap
    json '.exports.default[:2]' '[false,false]'
    jq -r '.exports.default[2:][]' out >>numbers
done
is 'different numbers' "$(sort -u numbers | wc -l)" 12

test_that 'random numbers differ in runs that are forks of one process'
prefix 'globalThis.first = Math.random();'
echo 'export default [Math.random(), Math.random() === first, crypto.randomUUID(), performance.now() < 20000];' >a.js
iso run -s p.snap -j 2 a.js a.js a.js a.js a.js a.js
exits 0
is 'runs' "$(jq -c '.exports.default | [.[1], .[3]]' out | sort -u)" '[false,true]'
is 'different numbers' "$(jq -r '.exports.default | .[0], .[2]' out | sort -u | wc -l)" 12

test_that 'a prefix has random numbers that are the same each time, so that its snapshot is'
prefix 'globalThis.all = [Math.random(), crypto.randomUUID(), crypto.getRandomValues(new Uint8Array(40))]; console.log(all[0], all[1]);'
exits 0
jq -c '[.stdout, .sha256]' out >first
prefix 'globalThis.all = [Math.random(), crypto.randomUUID(), crypto.getRandomValues(new Uint8Array(40))]; console.log(all[0], all[1]);'
jq -c '[.stdout, .sha256]' out >second
holds 'the same' cmp first second
prefix 'globalThis.all = [Math.random(), crypto.randomUUID(), crypto.getRandomValues(new Uint8Array(40))]; console.log(all[0], all[1]); /* another text */'
jq -c '[.stdout, .sha256]' out >third
is 'another prefix has others' "$(cmp -s first third; echo $?)" 1

test_that 'a prefix that uses crypto is told, once, that its numbers are no secret'
prefix 'crypto.randomUUID(); crypto.getRandomValues(new Uint8Array(1));'
json '.stderr' '["crypto was used while the snapshot was made: these random numbers are the same in every run from it, and no secret"]'
agent 'crypto.randomUUID(); export default 1;' -s p.snap
completes '{"default":1}'

test_that 'Math.random gives 53 bits, evenly'
agent 'const n = 100000, bits = new Array(53).fill(0); let sum = 0, low = 1, high = 0;
for (let i = 0; i < n; i++) { const x = Math.random(); sum += x; low = Math.min(low, x); high = Math.max(high, x); let y = x * 2 ** 53; for (let b = 0; b < 53; b++) { bits[b] += y % 2; y = Math.floor(y / 2); } }
export default [Math.abs(sum / n - 0.5) < 0.01, low >= 0 && low < 0.001, high < 1 && high > 0.999, bits.every((b) => Math.abs(b / n - 0.5) < 0.01)];'
completes '{"default":[true,true,true,true]}'

# ---- time

test_that 'performance.now counts from the beginning of the run, and stands still in a prefix'
prefix 'globalThis.t = [performance.now(), performance.timeOrigin]; let x = 0; for (let i = 0; i < 1e6; i++) x += i; t.push(performance.now()); console.log(JSON.stringify(t));'
json '.stdout' '["[0,946684800000,0]"]'
agent 'const a = performance.now(); await new Promise((r) => setTimeout(r, 20)); const b = performance.now();
export default [a >= 0 && a < 5000, b - a >= 19, Math.abs(performance.timeOrigin + b - Date.now()) < 2000];' -s p.snap
completes '{"default":[true,true,true]}'

# ---- snapshots

test_that 'objects of every class live on in a snapshot'
prefix 'globalThis.kept = { url: new URL("http://ä.de/?a=1"), params: new URLSearchParams("b=2"), headers: new Headers({ c: "3" }), request: new Request("http://a/", { method: "POST", body: "body", signal: new AbortController().signal }),
    response: new Response("text"), form: new FormData(), blob: new Blob(["blob"]), file: new File(["file"], "n"), decoder: new TextDecoder("euc-kr"), encoder: new TextEncoder(), target: new EventTarget(), controller: new AbortController(),
    event: new Event("x"), error: new DOMException("m", "AbortError"), stream: new ReadableStream({ start(c) { c.enqueue("s"); c.close(); } }), transform: new TransformStream(), iterator: new Headers({ i: "1" }).entries(), clone: structuredClone(new Map([[1, new Blob(["c"])]])), half: new TextDecoder() };
kept.form.append("f", "g"); kept.url.searchParams.append("z", "1"); kept.log = []; kept.target.addEventListener("x", () => kept.log.push("heard")); kept.controller.signal.onabort = () => kept.log.push("aborted"); kept.half.decode(Uint8Array.of(0xf0, 0x9f), { stream: true });'
exits 0
agent 'kept.url.searchParams.append("y", "2"); kept.target.dispatchEvent(kept.event); kept.controller.abort(); kept.transform.writable.getWriter().write("w");
export default [kept.url.href, String(kept.params), kept.headers.get("c"), await kept.request.text(), await kept.response.text(), kept.form.get("f"), await kept.blob.text(), await kept.file.text(),
    kept.decoder.decode(Uint8Array.of(0xb0, 0xa1)), kept.encoder.encode("a").length, kept.log, kept.error.name, kept.error instanceof DOMException, (await kept.stream.getReader().read()).value, (await kept.transform.readable.getReader().read()).value,
    kept.iterator.next().value, await kept.clone.get(1).text(), kept.half.decode(Uint8Array.of(0x99, 0x82))];' -s p.snap
completes '{"default":["http://xn--4ca.de/?a=1&z=1&y=2","b=2","3","body","text","g","blob","file","가",1,["heard","aborted"],"AbortError",true,"s","w",["i","1"],"c","🙂"]}'

# ---- streams, which are made when they are first used

test_that 'streams look as if they had been there before anybody looked'
agent 'const kinds = ["ReadableStream", "WritableStreamDefaultWriter", "TextDecoderStream", "Blob"].map((name) => {
    const d = Object.getOwnPropertyDescriptor(globalThis, name);
    return [typeof d.value, d.value === globalThis[name], d.value.name === name, d.writable, d.enumerable, d.configurable].join();
});
export default [new Set(kinds).size, kinds[0], "CountQueuingStrategy" in globalThis, Object.getOwnPropertyNames(globalThis).includes("TransformStream")];'
completes '{"default":[1,"function,true,true,true,false,true",true,true]}'

test_that 'unused streams can be deleted, set, defined and frozen'
agent 'const seen = [delete globalThis.TransformStream, typeof TransformStream, "TransformStream" in globalThis];
globalThis.WritableStream = 5; seen.push(WritableStream);
Object.defineProperty(globalThis, "ReadableStreamBYOBReader", { value: 7, enumerable: true }); seen.push(ReadableStreamBYOBReader);
Object.freeze(globalThis);
export default [...seen, Object.isFrozen(globalThis), typeof TransformStreamDefaultController, new Response("x").body instanceof ReadableStream];'
completes '{"default":[true,"undefined",false,5,7,true,"function",true]}'

test_that 'streams that are made late do not miss the globals that an agent has replaced'
agent 'Promise = Symbol = Object = Uint8Array = TypeError = Math = null;
export const all = await (async () => { const seen = []; for await (const piece of new Blob(["abc"]).stream()) seen.push(piece.length); return seen; })();'
completes '{"all":[3]}'

test_that 'what is made late works although every method of the language was replaced before'
prefix 'const { defineProperty, ownKeys, getOwnPropertyDescriptor: get, getPrototypeOf } = Reflect;
for (const C of [Array, RegExp, Set, Map, Object, Function, Number, JSON, Math, Reflect, Symbol, Promise, getPrototypeOf([][Symbol.iterator]()), getPrototypeOf(Uint8Array), Uint8Array, ArrayBuffer, Event, EventTarget]) for (const holder of [C, C.prototype].filter(Object)) for (const key of ownKeys(holder)) {
    const d = get(holder, key); if (d.configurable && typeof d.value === "function" && key !== "constructor") defineProperty(holder, key, { value: function sabotage() { throw new Error("sabotage"); }, configurable: true }); }
for (const key of ownKeys(String.prototype)) if (key !== "constructor" && typeof String.prototype[key] === "function" && !/valueOf|toString/.test(String(key))) String.prototype[key] = () => { throw new Error("sabotage"); };'
agent 'const pattern = new URLPattern({ pathname: "/:a/(b|c)*{/d}?", hostname: "*.example.com" }), found = pattern.exec("https://x.example.com/1/b"), seen = { got: 0 };
const { port1, port2 } = new MessageChannel(); const message = await new Promise((done) => { port1.onmessage = (e) => done(e.data); port2.postMessage(7); });
export default [pattern.pathname, found.pathname.groups.a, found.hostname.input, pattern.test("https://example.com/1/b"), message, new ErrorEvent("x", { message: "m" }).message, navigator.userAgent.length > 5, (await crypto.subtle.digest("SHA-1", new Uint8Array(1))).byteLength];' -s p.snap
completes '{"default":["/:a/(b|c)*{/d}?","1","x.example.com",false,7,"m",true,20]}'

test_that 'the streams of a prefix are those of its agents'
prefix 'globalThis.Mine = ReadableStream; globalThis.kept = new Response("abc").body;'
agent 'export default [Mine === ReadableStream, kept instanceof ReadableStream, new Blob([]).stream() instanceof Mine];' -s p.snap
completes '{"default":[true,true,true]}'

test_that 'what is no stream is none before there are streams'
agent 'export default [await new Response({ toString: () => "text" }).text(), new Request("http://a/", { method: "POST", body: "b" }).bodyUsed];'
completes '{"default":["text",false]}'

test_that 'a time limit that a prefix began is forgotten with its timers'
prefix 'globalThis.signal = AbortSignal.timeout(1);'
agent 'await new Promise((r) => setTimeout(r, 20)); export default signal.aborted;' -s p.snap
completes '{"default":false}'

test_that 'a prefix may put its own in place of a class; the rest goes on'
prefix 'globalThis.URL = class Mine { href = "mine"; }; delete globalThis.Headers; globalThis.fetch = () => "fetched";'
agent 'export default [new URL("x").href, typeof Headers, fetch(), new Response("x", { headers: { a: "1" } }).headers.get("a"), new Request("http://a/").url];' -s p.snap
completes '{"default":["mine","undefined","fetched","1","http://a/"]}'

# ---- errors

test_that 'an uncaught DOMException is an error like any other'
agent 'function reach() {
    structuredClone({ f() {} });
}
reach();'
fails ERR_USER_CODE
json '.error | [.name, .message, .line, .column, has("fields"), .stack]' '["DataCloneError","f() {} could not be cloned.",2,5,false,"DataCloneError: f() {} could not be cloned.\n    at reach (agent.js:2:5)\n    at agent.js:4:1"]'

test_that 'a URL that is none says which one'
agent 'new URL("nowhere");'
fails ERR_USER_CODE
json '.error | [.name, .message, .fields, .line, .stack]' '["TypeError","Invalid URL",{"code":"ERR_INVALID_URL","input":"nowhere"},1,"TypeError: Invalid URL\n    at agent.js:1:1"]'

test_that 'errors of listeners are told on stderr, the next listeners hear all the same'
agent 'const t = new EventTarget(); t.addEventListener("x", () => { throw new RangeError("first"); }); t.addEventListener("x", () => console.log("second")); t.dispatchEvent(new Event("x")); export default 1;'
json '[.exports.default, .stdout, (.stderr | length), (.stderr[0] | startswith("Uncaught in an event listener: RangeError: first\n    at "))]' '[1,["second"],1,true]'

test_that 'stacks that an agent prints hold no frame of the runtime'
agent 'try { atob("*"); } catch (e) { console.log(e); } try { new Headers({ "a b": 1 }); } catch (e) { console.error(e); }'
lacks 'output' "$line" iso4: prelude

# ---- values

# ---- what the console shows

# shows CODE TEXT
shows() {
    agent "console.log($1)"
    is "console.log($1)" "$(jq -r '.stdout[0]' out)" "$2"
}

test_that 'the console shows objects of the web as Node.js does'
shows 'new URL("http://u:p@a.de:81/b?c=d#e")' "URL {
  href: 'http://u:p@a.de:81/b?c=d#e',
  origin: 'http://a.de:81',
  protocol: 'http:',
  username: 'u',
  password: 'p',
  host: 'a.de:81',
  hostname: 'a.de',
  port: '81',
  pathname: '/b',
  search: '?c=d',
  searchParams: URLSearchParams { 'c' => 'd' },
  hash: '#e'
}"
shows 'new URLSearchParams("a=1&b=%27&a=2"), new URLSearchParams()' "URLSearchParams { 'a' => '1', 'b' => \"'\", 'a' => '2' } URLSearchParams {}"
shows 'new Headers({ b: "1", a: "2" }), new Headers([["set-cookie", "x"], ["set-cookie", "y"]])' "Headers { a: '2', b: '1' } Headers { 'set-cookie': [ 'x', 'y' ] }"
shows 'new Response("x")' "Response {
  status: 200,
  statusText: '',
  headers: Headers { 'content-type': 'text/plain;charset=UTF-8' },
  body: ReadableStream { locked: false, state: 'readable', supportsBYOB: true },
  bodyUsed: false,
  ok: true,
  redirected: false,
  type: 'default',
  url: ''
}"
shows 'new AbortController(), AbortSignal.abort("why")' "AbortController { signal: AbortSignal { aborted: false } } AbortSignal { aborted: true, reason: 'why' }"
shows 'new Blob(["ab"], { type: "a/b" }), new File([], "n", { lastModified: 1 })' "Blob { size: 2, type: 'a/b' } File { size: 0, type: '', name: 'n', lastModified: 1 }"
shows '(() => { const f = new FormData(); f.append("a", "1"); f.append("a", "2"); f.append("b", "3"); return f; })()' "FormData { a: [ '1', '2' ], b: '3' }"
shows 'new TextEncoder(), new TextDecoder("latin1", { fatal: true })' "TextEncoder { encoding: 'utf-8' } TextDecoder { encoding: 'windows-1252', fatal: true, ignoreBOM: false }"
shows 'new Headers({ a: "1" }).entries(), new URLSearchParams("a=1").keys()' "Headers Iterator [ [ 'a', '1' ] ] URLSearchParams Iterator [ 'a' ]"
shows '{ deep: { er: { url: new URL("a:b"), h: new Headers({ x: "y" }) } } }' "{ deep: { er: { url: [URL], h: [Headers] } } }"
shows 'new WritableStream(), new TransformStream(), new CountQueuingStrategy({ highWaterMark: 1 })' "WritableStream { locked: false, state: 'writable' } TransformStream {
  readable: ReadableStream { locked: false, state: 'readable', supportsBYOB: false },
  writable: WritableStream { locked: false, state: 'writable' }
} CountQueuingStrategy { highWaterMark: 1 }"
agent 'const e = new Event("x"); console.log(e); console.log(new CustomEvent("y", { detail: { a: 1 } }));'
is 'events' "$(jq -r '.stdout[]' out | sed 's/timeStamp: [0-9.]*/timeStamp: T/' | tr -s ' \n' ' ')" \
    "Event { type: 'x', defaultPrevented: false, cancelable: false, timeStamp: T } CustomEvent { type: 'y', defaultPrevented: false, cancelable: false, timeStamp: T, detail: { a: 1 } } "
agent 'console.log(new DOMException("m", "AbortError"));'
is 'DOMException' "$(jq -r '.stdout[0]' out)" 'DOMException [AbortError]: m
    at agent.js:1:13'

test_that 'prototypes of the web can be shown'
agent 'for (const n of Object.getOwnPropertyNames(globalThis)) if (globalThis[n]?.prototype) console.log(globalThis[n].prototype); export default 1;'
lacks 'stdout' "$(jq -c .stdout out)" 'could not render'

# ---- memory and size

test_that 'a buffer that is detached, and a view outside of its buffer, hold no bytes; views that shrank hold what is left'
cat >detached.js <<'JS'
const resized = (make, length) => { const b = new ArrayBuffer(8, { maxByteLength: 8 }); new Uint8Array(b).fill(65); const v = make(b); b.resize(length); return v; };
const detached = (v) => { (v.buffer ?? v).transfer(); return v; };
const sources = { // each with the text that it holds
    buffer: ["", () => detached(new ArrayBuffer(4))],
    bytes: ["", () => detached(new Uint8Array(4))],
    words: ["", () => detached(new Uint16Array(new ArrayBuffer(8), 2, 2))],
    floats: ["", () => detached(new Float64Array(2))],
    view: ["", () => detached(new DataView(new ArrayBuffer(4), 1))],
    outside: ["", () => resized((b) => new Uint8Array(b, 4, 4), 2)],
    outsideView: ["", () => resized((b) => new DataView(b, 4, 4), 2)],
    left: ["AA", () => resized((b) => new Uint8Array(b, 1), 3)],
    leftView: ["AA", () => resized((b) => new DataView(b, 1), 3)],
    leftBuffer: ["AAA", () => resized((b) => b, 3)],
};
const uses = { // each gives the text that it finds
    response: (x) => new Response(x).text(),
    responseBuffer: async (x) => new TextDecoder().decode(await new Response(x).arrayBuffer()),
    responseStream: async (x) => { let text = ""; for await (const piece of new Response(x).body) text += new TextDecoder().decode(piece); return text; },
    request: (x) => new Request("http://a/", { method: "POST", body: x }).text(),
    blob: (x) => new Blob([x]).text(),
    blobs: async (x) => (await new Blob(["-", x, "-"]).text()).slice(1, -1),
    blobSize: async (x) => "A".repeat(new Blob([x]).size),
    blobStream: (x) => new Response(new Blob([x]).stream()).text(),
    file: (x) => new File([x], "n").text(),
    form: async (x) => { const f = new FormData(); f.set("a", new Blob([x])); return (await new Response(f).formData()).get("a").text(); },
    decode: (x) => new TextDecoder().decode(x),
    decodeStream: (x) => { const d = new TextDecoder("utf-8", { fatal: true }); return d.decode(x, { stream: true }) + d.decode(); },
    decoderStream: async (x) => { const s = new TextDecoderStream(), w = s.writable.getWriter(); w.write(x); w.close(); return (await Array.fromAsync(s.readable)).join(""); },
};
export const wrong = [];
export let checks = 0;
for (const [source, [text, make]] of Object.entries(sources)) {
    for (const [use, read] of Object.entries(uses)) {
        checks++;
        let got;
        try { got = await read(make()); } catch (e) { got = e; }
        if (got !== text) wrong.push(`${source} ${use}: ${got}`);
    }
    const it = make();
    if (ArrayBuffer.isView(it) && !(it instanceof DataView || it instanceof Float64Array) && crypto.getRandomValues(it) !== it) wrong.push(source);
    if (it instanceof Uint8Array) { const { read, written } = new TextEncoder().encodeInto("xyz", it); if (read !== text.length || written !== read) wrong.push(`${source} encodeInto`); }
}
JS
iso run detached.js
exits 0
json '[.exports.wrong, .exports.checks]' '[[],130]'

test_that 'large texts and bytes go through, and those over the budget end the run or throw'
agent 'const text = "ä".repeat(2e6), bytes = new TextEncoder().encode(text); export default [bytes.length, new TextDecoder().decode(bytes) === text, atob(btoa("x".repeat(3e6))).length, structuredClone(bytes).length, new URL(`http://a/${"b".repeat(1e6)}`).pathname.length];'
completes '{"default":[4000000,true,3000000,4000000,1000001]}'
for code in 'new TextEncoder().encode("ä".repeat(60e6))' 'structuredClone(new Uint8Array(90e6))' 'new Blob(Array(90).fill(new Uint8Array(1e6)))' 'btoa("x".repeat(150e6))' 'new TextDecoder("utf-16le").decode(new Uint8Array(100e6))' 'new URL("a:" + "ä".repeat(80e6))' 'new URLSearchParams("a&".repeat(20e6))'; do
    agent "let r; try { r = $code; } catch (e) { console.log(e.name); } export default 1;" --memory-mb 64
    test_checks=$((test_checks + 1))
    case $(jq -r '.ok, .error.code' out | tr '\n' ' ') in
    'true null ' | 'false ERR_MEMORY_LIMIT ') ;;
    *) fail "$code: $(shorten "$line")" ;;
    esac
done

test_done
