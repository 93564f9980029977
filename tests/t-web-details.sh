#!/bin/sh
# Details of the web platform's standards. Each line is run by iso4 and by Node.js, and must give the same, unless the test
# says what the standard wants.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016 # the $ and ` in quotes are JavaScript's
. "$(dirname "$0")/lib.sh"

cat >words.js <<'END'
const blobs = async (type) => [
    (await new Response('x', { headers: { 'content-type': type } }).blob()).type,
    (await new Request('http://a/', { method: 'POST', body: 'x', headers: { 'content-type': type } }).blob()).type,
];
const form = async (text) => [...await new Response(text, { headers: { 'content-type': 'application/x-www-form-urlencoded' } }).formData()].map(([k, v]) => [escape(k), escape(v)]);
const request = (options) => { const { method, mode, duplex, credentials, cache, redirect } = new Request('http://a/', options); return { method, mode, duplex, credentials, cache, redirect }; };
const tick = () => new Promise((done) => setTimeout(done));
const chunks = (...list) => new ReadableStream({ start(c) { for (const one of list) c.enqueue(one); c.close(); } });
const first = async (body) => (await body.body.getReader().read()).value;
const write = async (stream, value) => { const reader = stream.readable.getReader(), got = reader.read(); got.catch(() => {}); await stream.writable.getWriter().write(value); return [...(await got).value]; };
END

# evaluate: each line of the standard input is an expression, whose values, or the names of its errors, are printed
evaluate() {
    {
        cat words.js
        echo '// begin'
        while read -r code; do
            printf 'try { console.log(JSON.stringify(await (async () => (%s))())); } catch (error) { console.log(error.name); }\n' "$code"
        done
    } >agent.mjs
    iso run agent.mjs
    exits 0
    jq -r '.stdout[]' out >iso.out
}

as_node() {
    evaluate
    "$NODE" --no-warnings agent.mjs >node.out 2>&1
    sed '1,/^\/\/ begin/d' agent.mjs | paste -d '\t' iso.out node.out - | awk -F '\t' '$1 != $2' >differ
    is 'what differs: iso4, Node.js, code' "$(cat differ)" ''
    is 'lines' "$(wc -l <iso.out)" "$(sed '1,/^\/\/ begin/d' agent.mjs | wc -l)"
}

test_that 'blob() of Response and Request has the parsed MIME type of Content-Type'
as_node <<'END'
blobs('text/plain')
blobs('')
blobs(' ')
blobs('TEXT/HTML;charset="utf-8"')
blobs('a')
blobs('a/')
blobs('/b')
blobs('a/b;c=d;c=e')
blobs('a/b;;;c=d;')
blobs('text/plain;charset=')
blobs('text/html;charset=gbk, text/plain')
blobs('text/html, */*')
blobs('text/html;charset=gbk, text/html;x=y')
blobs('*/*')
blobs('x/y;a="\\"b"')
blobs('x/y; a=b c')
blobs(';')
blobs('text/plain ; charset=utf-8 ')
blobs('text/html;test=a"b')
blobs('text/html;test="a,b"')
blobs('x/x;\u00FF=x;bonus=x')
blobs('x/x;test=\u00FF')
(await new Response(new Uint8Array(1)).blob()).type
(await new Response().blob()).type
(await new Response(null, { headers: { 'content-type': 'a/b' } }).blob()).type
(await new Response(new Blob(['x'], { type: 'TEXT/X; q=1' })).blob()).type
(await new Response(new URLSearchParams('a=1')).blob()).type
(await new Response('x').blob()).type
(await new Response(chunks(new Uint8Array(1)), { headers: { 'content-type': 'A/B' } }).blob()).type
END

test_that 'clone() of a stream body gives each branch chunks of its own, whichever is read first'
as_node <<'END'
(async (r) => { const q = r.clone(), a = await first(r); a[0] = 9; return [...a, ...await first(q)]; })(new Response(chunks(new Uint8Array([1, 2]))))
(async (r) => { const q = r.clone(), a = await first(q); a[0] = 9; return [...a, ...await first(r)]; })(new Response(chunks(new Uint8Array([1, 2]))))
(async (r) => { const q = r.clone(), a = await first(r); a[0] = 9; return [...a, ...await first(q)]; })(new Request('http://a/', { method: 'POST', duplex: 'half', body: chunks(new Uint8Array([1, 2])) }))
(async (r) => { const q = r.clone(), a = await first(q); a[0] = 9; return [...a, ...await first(r)]; })(new Request('http://a/', { method: 'POST', duplex: 'half', body: chunks(new Uint8Array([1, 2])) }))
(async (r) => { const q = r.clone(), a = await first(r); a[0] = 9; return [...a, ...await first(q)]; })(new Response(new ReadableStream({ type: 'bytes', start(c) { c.enqueue(new Uint8Array([1, 2])); c.close(); } })))
(async (r) => { const q = r.clone(), s = q.clone(), out = []; for (const one of [r, q, s]) { const v = await first(one); v[0] += 5; out.push(v[0]); } return out; })(new Response(chunks(new Uint8Array([1, 2]))))
(async (r) => { const q = r.clone(), a = await first(r); a.buffer.transfer(); return [a.length, ...await q.bytes()]; })(new Response(chunks(new Uint8Array([1, 2]))))
(async (r) => { const q = r.clone(); return [await q.text(), await r.text()]; })(new Response(chunks(new Uint8Array([97]), new Uint8Array([98]))))
(async (r) => { const q = r.clone(); return [await first(r), await first(q)]; })(new Response(chunks('no bytes')))
(async () => { let why; const r = new Response(new ReadableStream({ cancel(x) { why = x; } })), q = r.clone(), a = r.body.cancel('a'), b = q.body.cancel('b'); await a; await b; return why; })()
(async () => { let pulls = 0; const r = new Response(new ReadableStream({ pull(c) { pulls++; c.enqueue(new Uint8Array([48 + pulls])); if (pulls > 3) c.close(); } })), q = r.clone(); return [await q.text(), await r.text(), pulls]; })()
(async (r) => { await r.text(); return r.clone(); })(new Response(chunks(new Uint8Array(1))))
(async (r) => { r.body.getReader(); return r.clone(); })(new Response(chunks(new Uint8Array(1))))
END

test_that 'a chunk that cannot be copied is an error of both branches of a clone'
evaluate <<'END'
(async (r) => { const q = r.clone(), out = []; for (const one of [r, q]) await first(one).catch((e) => out.push(e.name)); return out; })(new Response(chunks(() => 1)))
END
is 'errors' "$(cat iso.out)" '["DataCloneError","DataCloneError"]'

test_that 'formData() of urlencoded bodies keeps a leading BOM'
as_node <<'END'
form('\uFEFFa=\uFEFFb')
form('\uFEFF=1&\uFEFF')
form('%EF%BB%BFa=1')
form('a=%EF%BB%BF&a=+')
form('')
form('&&a&=b&a=%zz')
new Response('\uFEFFtext').text().then(escape)
new Response('\uFEFF{"a":1}').json()
END

test_that 'keys of a record that become equal are merged in URLSearchParams, as they are in Headers refused or combined'
as_node <<'END'
new URLSearchParams({ '\uD835x': '1', xx: '2', '\uD83Dx': '3' }).toString()
[...new URLSearchParams({ a: 1, '\uDC00': 2, b: 3, '\uFFFD': 4 })]
new URLSearchParams({ __proto__: null, ['__proto__']: 1, constructor: 2 }).toString()
new URLSearchParams([['a', 1], ['a', 2]]).toString()
[...new Headers({ a: 1, A: 2 })]
new URLSearchParams([['a']]).toString()
new URLSearchParams(['ab']).toString()
new URLSearchParams([new Set(['a', 'b'])]).toString()
new URLSearchParams({ a: Symbol() }).toString()
END

test_that 'TextDecoderStream takes buffers only, TextEncoderStream makes text of all'
as_node <<'END'
write(new TextDecoderStream(), undefined)
write(new TextDecoderStream(), null)
write(new TextDecoderStream(), 1)
write(new TextDecoderStream(), 'x')
write(new TextDecoderStream(), [])
write(new TextDecoderStream(), { byteLength: 1 })
write(new TextDecoderStream(), new Uint8Array([97]))
write(new TextDecoderStream(), new Uint8Array([97, 98]).buffer)
write(new TextDecoderStream(), new DataView(new Uint8Array([97]).buffer))
write(new TextEncoderStream(), undefined)
write(new TextEncoderStream(), null)
write(new TextEncoderStream(), {})
END

test_that 'Request checks its options, and methods without CORS'
as_node <<'END'
request({ priority: 'x' })
request({ priority: 'high' })
request({ priority: undefined })
request({ duplex: 'full' })
request({ duplex: '' })
request({ duplex: 'half' })
request({ mode: 'no-cors' })
request({ mode: 'navigate' })
request({ mode: 'x' })
request({ mode: 'no-cors', method: 'PUT' })
request({ mode: 'no-cors', method: 'DELETE' })
request({ mode: 'no-cors', method: 'PATCH' })
request({ mode: 'no-cors', method: 'HEAD' })
request({ mode: 'no-cors', method: 'post' })
request({ credentials: 'x' })
request({ cache: 'x' })
request({ cache: 'only-if-cached' })
request({ redirect: 'x' })
request({ referrerPolicy: 'x' })
request({ referrer: 'http://[' })
request({ window: 1 })
request({ window: null })
request({ signal: 1 })
request({ signal: null })
request({ method: 'CONNECT' })
request({ method: 'a b' })
request({ method: 'post' })
request({ body: 'x' })
request({ method: 'POST', body: new ReadableStream() })
request({ method: 'POST', body: new ReadableStream(), duplex: 'half' })
new Request('http://u:p@a/').url
END

test_that 'arguments are converted from left to right, each part before the next is taken'
cat >>words.js <<'END'
const noted = (make) => {
    const log = [], say = (name, value) => ({ toString() { log.push(name); return value; } });
    const parts = { [Symbol.iterator]() { let i = 0; return { next() { log.push('next'); return { done: i++ > 1, value: say(`part ${i}`, 'x') }; } }; } };
    const options = {};
    for (const name of ['type', 'lastModified', 'endings']) Object.defineProperty(options, name, { get() { log.push(name); return name === 'type' ? say('text of type', '') : undefined; } });
    try { make(parts, options, say('name', 'n')); } catch (error) { log.push(error.name); }
    return log;
};
END
evaluate <<'END'
noted((parts, options) => new Blob(parts, options))
noted((parts, options, name) => new File(parts, name, options))
noted((parts, options) => new Blob(parts, { get endings() { throw new TypeError(); } }))
noted((parts, options) => new Blob([Symbol()], options))
noted((parts, options) => new Blob('text', options))
noted((parts) => new URLSearchParams([parts, parts]))
END
is 'order' "$(cat iso.out)" '["next","part 1","next","part 2","next","endings","type","text of type"]
["next","part 1","next","part 2","next","name","endings","type","text of type","lastModified"]
["next","part 1","next","part 2","next","TypeError"]
["TypeError"]
["TypeError"]
["next","part 1","next","part 2","next","next","part 1","next","part 2","next"]'

test_that 'enqueue() during pipeTo() is not synchronous'
as_node <<'END'
(async () => { const log = []; let c; new ReadableStream({ start(x) { c = x; } }).pipeTo(new WritableStream({ write(x) { log.push(x); } })); await tick(); c.enqueue('a'); log.push('sync'); await tick(); return log; })()
(async () => { const log = []; let c; const r = new ReadableStream({ start(x) { c = x; } }).pipeThrough(new TransformStream({ transform(x, k) { log.push(x); k.enqueue(x); } })).getReader(); r.read().then(() => log.push('read')); await tick(); c.enqueue('a'); log.push('sync'); await tick(); return log; })()
(async () => { const log = []; let c; const [a, b] = new ReadableStream({ start(x) { c = x; } }).tee(); for (const one of [a, b]) one.pipeTo(new WritableStream({ write(x) { log.push(x); } })); await tick(); c.enqueue('a'); log.push('sync'); await tick(); return log; })()
(async () => { const log = []; let c; new ReadableStream({ type: 'bytes', start(x) { c = x; } }).pipeTo(new WritableStream({ write(x) { log.push(x[0]); } })); await tick(); c.enqueue(new Uint8Array([7])); log.push('sync'); await tick(); return log; })()
(async () => { const log = []; let c; new ReadableStream({ start(x) { c = x; } }).pipeTo(new WritableStream({ write(x) { log.push(x); }, close() { log.push('closed'); } })); await tick(); c.enqueue('a'); c.close(); log.push('sync'); await tick(); return log; })()
END

test_that 'the asynchronous iterator of a stream is one'
as_node <<'END'
Object.getPrototypeOf(Object.getPrototypeOf(new ReadableStream()[Symbol.asyncIterator]())) === Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}).prototype)
Object.getPrototypeOf(Object.getPrototypeOf(new ReadableStream().values())) === Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}).prototype)
typeof new ReadableStream().values()[Symbol.asyncDispose]
new ReadableStream().values()[Symbol.asyncIterator]() instanceof Object
Object.getOwnPropertyNames(Object.getPrototypeOf(new ReadableStream().values()))
(async (s) => { { await using it = s.values(); void it; } return s.locked; })(chunks(1))
(async () => { const out = []; for await (const x of chunks(1, 2)) out.push(x); return out; })()
(async (s) => { for await (const x of s.values({ preventCancel: true })) break; return [s.locked, (await s.getReader().read()).value]; })(chunks(1, 2))
END

test_that 'receivers and accessors: performance.toJSON, crypto'
as_node <<'END'
performance.toJSON.call({})
performance.now.call({})
typeof performance.toJSON().timeOrigin
typeof Object.getOwnPropertyDescriptor(globalThis, 'crypto').get
Object.getOwnPropertyDescriptor(globalThis, 'crypto').get.name
Object.getOwnPropertyDescriptor(globalThis, 'crypto').get.call({})
typeof Object.getOwnPropertyDescriptor(globalThis, 'crypto').get.call(undefined)
crypto.randomUUID.call({})
crypto.getRandomValues.call({}, new Uint8Array(1))
END

test_that 'a detached buffer is an empty body, as the standard says'
evaluate <<'END'
((b) => (b.transfer(), new Response(b).text()))(new ArrayBuffer(4))
((b) => (b.buffer.transfer(), new Response(b).text()))(new Uint8Array(4))
((b) => (b.buffer.transfer(), new Response(b).bytes()))(new DataView(new ArrayBuffer(4)))
((b) => (b.transfer(), new Request('http://a/', { method: 'POST', body: b }).text()))(new ArrayBuffer(4))
((b) => (b.transfer(), new Blob([b, 'x']).size))(new ArrayBuffer(4))
((b) => (b.transfer(), new File([b], 'n').size))(new ArrayBuffer(4))
((b) => (b.buffer.transfer(), new TextDecoder().decode(b)))(new Uint8Array(4))
END
is 'bodies' "$(paste -sd ' ' iso.out)" '"" "" {} "" 1 0 ""'

test_done
