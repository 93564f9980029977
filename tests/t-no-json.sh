#!/bin/sh
# Values that have no JSON, because their content is not in their properties: none is exported or sent as {}, each is
# refused by its path, with what to use in its place.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016 # the $ and ` in quotes are JavaScript's
. "$(dirname "$0")/lib.sh"

globals '{"f": {"returns": null}}'

# The kind of the value | a part of the hint | an expression for it
iterators='iterator|[...iterator]|[1, 2].values()
iterator|[...iterator]|[1, 2].keys()
iterator|[...iterator]|[1, 2].entries()
iterator|[...iterator]|[][Symbol.iterator]()
iterator|[...iterator]|new Uint8Array(2).values()
iterator|[...iterator]|"text"[Symbol.iterator]()
iterator|[...iterator]|"text".matchAll(/t/g)
iterator|[...iterator]|/t/g[Symbol.matchAll]("text")
iterator|[...iterator]|new Map([[1, 2]]).entries()
iterator|[...iterator]|new Map([[1, 2]])[Symbol.iterator]()
iterator|[...iterator]|new Map([[1, 2]]).keys()
iterator|[...iterator]|new Set([1]).values()
iterator|[...iterator]|(function* () { yield 1; })()
iterator|[...iterator]|[1, 2].values().map((n) => n)
iterator|[...iterator]|[1, 2].values().filter((n) => n)
iterator|[...iterator]|[1, 2].values().take(1)
iterator|[...iterator]|[1, 2].values().drop(1)
iterator|[...iterator]|[1, 2].values().flatMap((n) => [n])
iterator|[...iterator]|Iterator.from({ next() { return { done: true }; } })
iterator|[...iterator]|Iterator.concat([1], [2])
iterator|[...iterator]|new Intl.Segmenter("en").segment("text")[Symbol.iterator]()
iterator|[...iterator]|new (class extends Iterator { #at = 0; next() { return { done: true }; } })()
iterator|[...iterator]|new URLSearchParams("a=1").keys()
iterator|[...iterator]|new URLSearchParams("a=1").entries()
iterator|[...iterator]|new URLSearchParams("a=1")[Symbol.iterator]()
iterator|[...iterator]|new Headers({ a: "1" }).values()
iterator|[...iterator]|new Headers({ a: "1" })[Symbol.iterator]()
iterator|[...iterator]|new FormData().entries()
iterator|[...iterator]|new FormData().keys()
iterator|[...iterator]|Object.setPrototypeOf([1].values(), null)
iterator|[...iterator]|Object.setPrototypeOf([1].values(), Object.prototype)
async iterator|await Array.fromAsync(iterator)|(async function* () { yield 1; })()
async iterator|await Array.fromAsync(iterator)|new ReadableStream().values()
async iterator|await Array.fromAsync(iterator)|new ReadableStream()[Symbol.asyncIterator]()
thenable|await|new (class { #rows = [1]; then(done) { done(this.#rows); } })()
thenable|await|new (class Query { table = "t"; then(done) { done([]); } })()'

language='Segments object|[...segments]|new Intl.Segmenter("en").segment("text")
Intl.Segmenter object|segmenter.segment(text)|new Intl.Segmenter("en")
Intl.NumberFormat object|format.format(value)|new Intl.NumberFormat("de")
Intl.DateTimeFormat object|format.format(value)|new Intl.DateTimeFormat("de")
Intl.ListFormat object|format.format(value)|new Intl.ListFormat("de")
Intl.DurationFormat object|format.format(value)|new Intl.DurationFormat("de")
Intl.RelativeTimeFormat object|format.format(value)|new Intl.RelativeTimeFormat("de")
Intl.Collator object|collator.compare|new Intl.Collator("de")
Intl.PluralRules object|rules.select(number)|new Intl.PluralRules("de")
Intl.DisplayNames object|names.of(code)|new Intl.DisplayNames("de", { type: "region" })
Intl.Locale object|String(locale)|new Intl.Locale("de")
CallSite object|String(site)|(() => { let all; Error.prepareStackTrace = (e, sites) => { all = sites; }; new Error().stack; return all[0]; })()
FinalizationRegistry object|plain data|new FinalizationRegistry(() => {})
DisposableStack object|plain data|new DisposableStack()
AsyncDisposableStack object|plain data|new AsyncDisposableStack()
Date object|toISOString|Object.setPrototypeOf(new Date(0), null)
PlainDate object|plain data|Object.setPrototypeOf(Temporal.PlainDate.from("2024-01-01"), {})'

web='Response object|await response.json()|new Response("{}")
Response object|await response.json()|Response.json({})
Response object|await response.json()|new (class extends Response { extra = 1; })()
Request object|await request.text()|new Request("http://a/")
Headers object|Object.fromEntries(headers)|new Headers({ a: "1" })
Headers object|Object.fromEntries(headers)|new Response("").headers
URLSearchParams object|Object.fromEntries(params)|new URLSearchParams("a=1")
URLSearchParams object|Object.fromEntries(params)|new URL("http://a/?b=1").searchParams
FormData object|Object.fromEntries(form)|new FormData()
Blob object|await blob.text()|new Blob(["text"])
File object|await file.text()|new File(["text"], "name")
AbortController object|controller.signal.aborted|new AbortController()
AbortSignal object|signal.aborted|AbortSignal.abort()
AbortSignal object|signal.aborted|AbortSignal.timeout(1)
Event object|event.type|new Event("x")
CustomEvent object|event.detail|new CustomEvent("x", { detail: 1 })
EventTarget object|plain data|new EventTarget()
TextEncoder object|encoder.encode(text)|new TextEncoder()
TextDecoder object|decoder.decode(bytes)|new TextDecoder()
Crypto object|crypto.randomUUID()|crypto
ReadableStream object|await Array.fromAsync(stream)|new ReadableStream()
ReadableStream object|await Array.fromAsync(stream)|new Response("text").body
ReadableStream object|await Array.fromAsync(stream)|new Blob(["text"]).stream()
ReadableStreamDefaultReader object|Read all|new ReadableStream().getReader()
ReadableStreamBYOBReader object|Read all|new ReadableStream({ type: "bytes" }).getReader({ mode: "byob" })
ReadableStreamDefaultController object|plain data|(() => { let it; new ReadableStream({ start(c) { it = c; } }); return it; })()
ReadableByteStreamController object|plain data|(() => { let it; new ReadableStream({ type: "bytes", start(c) { it = c; } }); return it; })()
ReadableStreamBYOBRequest object|plain data|await new Promise((done) => new ReadableStream({ type: "bytes", pull(c) { done(c.byobRequest); } }).getReader({ mode: "byob" }).read(new Uint8Array(1)))
WritableStream object|stream.readable|new WritableStream()
WritableStreamDefaultWriter object|data that is written|new WritableStream().getWriter()
WritableStreamDefaultController object|plain data|(() => { let it; new WritableStream({ start(c) { it = c; } }); return it; })()
TransformStream object|stream.readable|new TransformStream()
TransformStreamDefaultController object|plain data|(() => { let it; new TransformStream({ start(c) { it = c; } }); return it; })()
TextEncoderStream object|stream.readable|new TextEncoderStream()
TextDecoderStream object|stream.readable|new TextDecoderStream()
CountQueuingStrategy object|plain data|new CountQueuingStrategy({ highWaterMark: 1 })
CompressionStream object|stream.readable|new CompressionStream("gzip")
DecompressionStream object|stream.readable|new DecompressionStream("gzip")
CryptoKey object|plain data|await crypto.subtle.generateKey({ name: "AES-GCM", length: 128 }, true, ["encrypt"])
SubtleCrypto object|plain data|crypto.subtle
ErrorEvent object|event.type|new ErrorEvent("x")
PromiseRejectionEvent object|event.type|new PromiseRejectionEvent("x", { promise: Promise.resolve() })
MessageChannel object|plain data|new MessageChannel()
MessageEvent object|event.type|new MessageEvent("x")
MessagePort object|plain data|new MessageChannel().port1
URLPattern object|plain data|new URLPattern("http://a/:b")
Navigator object|plain data|navigator
ByteLengthQueuingStrategy object|plain data|new ByteLengthQueuingStrategy({ highWaterMark: 1 })'

exported() {
    agent "export const a = { it: [$3] };"
    fails ERR_EXPORT_NOT_SERIALIZABLE
    case $1 in [AEIOUaeiou]*) article=an ;; *) article=a ;; esac
    case $1 in URL*) article=a ;; esac
    json .error.message "\"export 'a.it[0]' cannot be serialized: it is $article $1\""
    has "hint for $3" "$(jq -r .error.hint out)" "$2"
}

# each TABLE HOW: exported or sent, for each row
each() {
    printf '%s\n' "$1" >table
    while IFS='|' read -r what part expression; do
        case $2 in
        exported) exported "$what" "$part" "$expression" ;;
        sent) sent "$what" "$part" "$expression" ;;
        esac
    done <table
}

sent() {
    agent "await f(1, { it: $3 });" -g globals.json
    fails ERR_FUNCTION_ARGUMENT_NOT_SUPPORTED
    has "message for $3" "$(jq -r .error.message out)" "args[1].it of a call of 'f' cannot cross to the host: it is a" "$1"
    has "hint for $3" "$(jq -r .error.hint out)" "$2"
}

test_that 'iterators, async ones and thenables are not exported'
each "$iterators" exported

test_that 'nor sent'
each "$iterators" sent

test_that 'objects of the language with slots are not exported'
each "$language" exported

test_that 'nor sent'
each "$language" sent

test_that 'objects of the web are not exported'
each "$web" exported

test_that 'nor sent'
each "$web" sent

test_that 'every class of the web stands in the table above, or has JSON'
agent 'const JSONish = ["URL", "DOMException", "QuotaExceededError", "Performance"];
const isWeb = (n) => typeof globalThis[n] === "function" && Object.keys(globalThis[n].prototype ?? {}).length > 0 || /Stream/.test(n);
export default Object.getOwnPropertyNames(globalThis).filter((n) => /^[A-Z]/.test(n) && globalThis[n]?.prototype?.[Symbol.toStringTag] === n && Object.getOwnPropertyDescriptor(globalThis[n].prototype, "constructor")?.value === globalThis[n] && isWeb(n) && !JSONish.includes(n));'
exits 0
jq -r '.exports.default[]' out >classes
within 'number of classes' "$(wc -l <classes)" 30 100
while read -r class; do
    holds "$class is in the table" grep -q "^$class object|" "$PWD/table"
done <classes

test_that 'in the fields of an error they are said in their place, and the rest is kept'
agent 'throw Object.assign(new Error("m"), { reply: { status: 500, of: new Response("") }, list: [1, [2].values(), 3], f() {} });'
fails ERR_USER_CODE
json .error.fields '{"reply":{"status":500,"of":"[a Response object]"},"list":[1,"[an iterator]",3],"f":"[a function]"}'

test_that 'a value of a call is refused as an export is'
agent 'export const f = () => new Headers({ a: "1" });' --call f
fails ERR_EXPORT_NOT_SERIALIZABLE
has 'hint' "$(jq -r .error.hint out)" 'Object.fromEntries(headers)'

test_that 'they are left out with --skip-unserializable'
agent 'export const a = new Response(""), b = [1].values(), c = 1;' --skip-unserializable
exits 0
json '[.exports, [.skippedExports[] | [.name, .reason]]]' '[{"c":1},[["a","a Response object"],["b","an iterator"]]]'

# ---- what is no such value

test_that 'what is only called like one has JSON'
agent 'class Response { status = 200; } class Iterator { at = 1; }
const next = { [Symbol.toStringTag]: "Array Iterator", n: 1 };
export default [new Response(), new Iterator(), next, { then: 1 }, Object.create(globalThis.Response.prototype), Object.create(Array.prototype), { response: null }];'
completes '{"default":[{"status":200},{"at":1},{"n":1},{"then":1},{},{},{"response":null}]}'

test_that 'a toJSON of its own speaks for it'
agent 'Response.prototype.toJSON = function () { return { status: this.status }; };
Map.prototype.keys.call(new Map()).__proto__.toJSON = function () { return [...this]; };
export default [new Response("", { status: 404 }), new Map([[1, 2]]).keys(), new (class extends Headers { toJSON() { return [...this]; } })({ a: "1" })];'
completes '{"default":[{"status":404},[1],[["a","1"]]]}'

test_that 'objects of the web that have JSON are exported'
agent 'export default [new URL("http://a/b"), new DOMException("m", "AbortError"), Object.keys(performance.toJSON())];'
completes '{"default":["http://a/b",{"$type":"error","name":"AbortError","message":"m"},["timeOrigin"]]}'

test_that 'a subclass of EventTarget or Iterator with properties of its own is what they are'
agent 'export default [new (class extends EventTarget { items = [1]; })(), new (class extends Iterator { at = 0; })()];'
completes '{"default":[{"items":[1]},{"at":0}]}'

test_that 'private fields of classes of the agent are not seen: its public ones count, as in JSON.stringify'
agent 'class A { #x = 1; y = 2; } class B { #x = 1; get x() { return this.#x; } } export default [new A(), new B()];'
completes '{"default":[{"y":2},{}]}'

test_that 'arguments, namespaces of modules, prototypes and the global object are their properties'
agent 'export default [(function () { return arguments; })(1), Iterator.prototype, Object.prototype, globalThis];
export const a = (await import("x:m"));' -I x:m=m.js
: >m.js
echo 'export const b = 1;' >m.js
agent 'import * as m from "x:m"; export default [(function () { return arguments; })(1), Iterator.prototype, Object.prototype, globalThis, m];' -I x:m=m.js
completes '{"default":[{"0":1},{},{},{},{"b":1}]}'

test_that 'JSON.rawJSON is the text that it was given'
agent 'export default [JSON.rawJSON("12345678901234567890"), JSON.rawJSON("\"a\\u00e9\""), { r: JSON.rawJSON("null") }, { rawJSON: "1" }];'
completes '{"default":[12345678901234567890,"aé",{"r":null},{"rawJSON":"1"}]}'

# ---- errors and what they came of

test_that 'an error keeps its cause, at any depth, and its errors'
agent 'const deep = new Error("a", { cause: new TypeError("b", { cause: new RangeError("c", { cause: { code: 5 } }) }) });
export default [deep, new AggregateError([new Error("x"), 1], "m"), new SuppressedError(new Error("y"), 2, "s"), new Error("n", { cause: undefined })];'
completes '{"default":[{"$type":"error","name":"Error","message":"a","cause":{"$type":"error","name":"TypeError","message":"b","cause":{"$type":"error","name":"RangeError","message":"c","cause":{"code":5}}}},{"$type":"error","name":"AggregateError","message":"m","errors":[{"$type":"error","name":"Error","message":"x"},1]},{"$type":"error","name":"SuppressedError","message":"s","error":{"$type":"error","name":"Error","message":"y"},"suppressed":2},{"$type":"error","name":"Error","message":"n"}]}'

test_that 'the fields of an error that was thrown hold its causes, the deepest included'
agent 'throw new Error("a", { cause: new Error("b", { cause: new Error("c", { cause: "d" }) }) });'
fails ERR_USER_CODE
json .error.fields '{"cause":{"$type":"error","name":"Error","message":"b","cause":{"$type":"error","name":"Error","message":"c","cause":"d"}}}'

test_that 'causes that lead back are said in their place'
agent 'const e = new Error("a"); const f = new Error("b", { cause: e }); Object.defineProperty(e, "cause", { value: f, enumerable: false, configurable: true }); throw e;'
fails ERR_USER_CODE
json .error.fields '{"cause":{"$type":"error","name":"Error","message":"b","cause":{"$type":"error","name":"Error","message":"a","cause":"[a cycle]"}}}'

test_that 'causes 20,000 deep are told as far as JSON goes'
agent 'let e; for (let i = 0; i < 20000; i++) e = new Error("e", { cause: e }); throw e;'
fails ERR_USER_CODE

# ---- too large


# too_large CODE TEXT [OPTION...]: the end of the hint
too_large() {
    code=$1 want=$2
    shift 2
    agent "$code" --max-export-bytes 100000 "$@"
    fails ERR_EXPORT_TOO_LARGE
    has 'hint' "$(jq -r .error.hint out)" "Largest: $want."
}

test_that 'of exports that are too large the largest paths are named, whether they come first or last'
too_large 'export const rows = "x".repeat(150000), small = 1, zero = ["y".repeat(90000)];' 'rows (150009 bytes), zero (90004 bytes)'
too_large 'export const a = ["y".repeat(90000)], z = "x".repeat(150000);' 'z (150007 bytes), a (90004 bytes)'

test_that 'deep inside, where nearly all of it is'
too_large 'export default { meta: { a: 1 }, data: { pages: [{ html: "x".repeat(150000), title: "t" }, { html: "y".repeat(140000) }] } };' \
    'default.data.pages[0] (150023 bytes), default.data.pages[1] (140011 bytes)'

test_that 'in maps, sets, bytes, and behind names of any kind'
too_large 'export default new Map([["k", "x".repeat(150000)]]);' 'default<value 0> (150002 bytes)'
too_large 'export default new Set(["x".repeat(150000)]);' 'default<0> (150002 bytes)'
too_large 'export default { "a b": new Uint8Array(150000) };' 'default["a b"] (200040 bytes)'

test_that 'many small ones: the list of them'
too_large 'export default { list: Array.from({ length: 20000 }, (_, i) => ({ i })), n: 1 };' 'default.list (228891 bytes)'

test_that 'what never ends is counted up to four times the limit'
too_large 'export default { all: new Array(4294967295) };' 'default.all (400004 bytes)' --cpu-time-ms 20000

test_that 'a value of a call, and exports with --skip-unserializable'
too_large 'export const f = () => ({ a: "x".repeat(150000) });' 'value.a (150006 bytes)' --call f
too_large 'export const f = () => 1, g = { a: "x".repeat(150000) };' 'g.a (150006 bytes)' --skip-unserializable

test_that 'exactly as much as is allowed is allowed'
agent "export default \"\".padEnd(100000 - 14);" --max-export-bytes 100000
exits 0
agent "export default \"\".padEnd(100000 - 13);" --max-export-bytes 100000
fails ERR_EXPORT_TOO_LARGE

test_done
