// SPDX-License-Identifier: MIT
// Streams: reading, writing, piping, teeing, transforming, bytes, queues, errors. Compared with Node.js.

export const cases = [];
const see = (name, run, ...want) => cases.push([name, run, ...want]);

const settle = () => new Promise((resolve) => setTimeout(resolve, 5));
const name = (promise) => promise.then((value) => ['fulfilled', value], (error) => ['rejected', error instanceof Error ? error.name : error]);
const list = (...items) => new ReadableStream({ start(c) { for (const item of items) c.enqueue(item); c.close(); } });
const all = async (stream) => { const out = []; for await (const item of stream) out.push(item); return out; };

// ---- constructing

const sources = { nothing: undefined, null: null, 'an object': {}, 'a number': 5, 'a text': 'x', 'start that is no function': { start: 1 }, 'type x': { type: 'x' }, 'type bytes': { type: 'bytes' }, 'bytes and size': { type: 'bytes', autoAllocateChunkSize: 0 }, 'autoAllocateChunkSize -1': { type: 'bytes', autoAllocateChunkSize: -1 } };
const strategies = { nothing: undefined, null: null, 'an object': {}, 'highWaterMark 0': { highWaterMark: 0 }, 'highWaterMark -1': { highWaterMark: -1 }, 'highWaterMark NaN': { highWaterMark: NaN }, 'highWaterMark Infinity': { highWaterMark: Infinity }, 'highWaterMark x': { highWaterMark: 'x' }, 'highWaterMark "3"': { highWaterMark: '3' }, 'size 5': { size: 5 }, 'size()': { size: () => 2 }, Count: new CountQueuingStrategy({ highWaterMark: 4 }), ByteLength: new ByteLengthQueuingStrategy({ highWaterMark: 16 }) };
// Two mistakes at once are reported in the order of WebIDL, which Node.js does not keep: one at a time.
const REFUSED = { threw: 'TypeError TypeError' };
const sound = ['nothing', 'an object'];
for (const s of Object.keys(sources)) {
    for (const q of Object.keys(strategies)) {
        if (!sound.includes(s) && !sound.includes(q)) continue;
        // Node.js throws an error of its own for a chunk size below zero.
        see(`new ReadableStream(${s}, ${q})`, () => new ReadableStream(sources[s], strategies[q]).locked, ...(s === 'autoAllocateChunkSize -1' ? [REFUSED] : []));
        see(`new WritableStream(${s}, ${q})`, () => new WritableStream(sources[s], strategies[q]).locked);
        see(`new TransformStream(${s}, ${q})`, () => { const t = new TransformStream(sources[s], strategies[q]); return [t.readable.locked, t.writable.locked]; });
    }
}
for (const q of Object.keys(strategies)) {
    see(`desired size, ${q}`, () => { let size; new ReadableStream({ start(c) { const sizes = [c.desiredSize]; c.enqueue('ab'); sizes.push(c.desiredSize); size = sizes; } }, strategies[q]); return size; });
    see(`desired size of a writer, ${q}`, () => { const w = new WritableStream({}, strategies[q]).getWriter(); const before = w.desiredSize; w.write('ab'); return [before, w.desiredSize]; });
}
for (const Class of ['CountQueuingStrategy', 'ByteLengthQueuingStrategy']) {
    for (const init of [undefined, null, {}, { highWaterMark: 5 }, { highWaterMark: 'x' }, { highWaterMark: -1 }, 5]) see(`new ${Class}(${JSON.stringify(init)})`, () => { const q = new globalThis[Class](init); return [q.highWaterMark, typeof q.size, q.size({ byteLength: 7 }), q.size.name, q.size.length]; });
}
const classes = ['ReadableStream', 'ReadableStreamDefaultReader', 'ReadableStreamBYOBReader', 'ReadableStreamDefaultController', 'ReadableByteStreamController', 'ReadableStreamBYOBRequest', 'WritableStream', 'WritableStreamDefaultWriter', 'WritableStreamDefaultController', 'TransformStream', 'TransformStreamDefaultController', 'CountQueuingStrategy', 'ByteLengthQueuingStrategy', 'TextEncoderStream', 'TextDecoderStream'];
for (const Class of classes) {
    see(`${Class}: members`, () => Object.getOwnPropertyNames(globalThis[Class].prototype).sort());
    see(`${Class}: enumerable members`, () => { const out = []; for (const key in globalThis[Class].prototype) out.push(key); return out.sort(); });
    see(`${Class}: shape`, () => [globalThis[Class].name, globalThis[Class].length, globalThis[Class].prototype[Symbol.toStringTag], Object.getOwnPropertyDescriptor(globalThis, Class).writable], ...(/^Text/.test(Class) ? [[Class, 0, Class, true]] : [])); // Node.js has no tag there
    see(`${Class}: called`, () => globalThis[Class]());
    see(`${Class}: without arguments`, () => typeof new globalThis[Class]());
}
see('no own properties', () => [new ReadableStream(), new WritableStream(), new TransformStream(), new ReadableStream().getReader(), new WritableStream().getWriter(), new CountQueuingStrategy({ highWaterMark: 1 })].map((it) => Reflect.ownKeys(it).filter((key) => typeof key === 'string')), [[], [], [], [], [], []]);

// ---- reading

see('read to the end', async () => { const r = list(1, 2).getReader(); return [await r.read(), await r.read(), await r.read(), await r.read(), await name(r.closed)]; });
see('for await', () => all(list('a', 'b')));
see('for await, left early', async () => { const log = []; const s = new ReadableStream({ pull(c) { c.enqueue(log.length); }, cancel(r) { log.push(['cancel', r]); } }); for await (const x of s) { log.push(x); if (log.length > 2) break; } return [log, s.locked]; });
see('for await, preventCancel', async () => { const log = []; const s = new ReadableStream({ pull(c) { c.enqueue(1); }, cancel() { log.push('cancel'); } }); for await (const x of s.values({ preventCancel: true })) { log.push(x); break; } return [log, s.locked]; });
see('for await over an error', async () => { const out = []; try { for await (const x of new ReadableStream({ start(c) { c.enqueue(1); c.error(new RangeError('x')); } })) out.push(x); } catch (e) { out.push(e.name); } return out; });
see('the iterator', async () => { const i = list(1, 2)[Symbol.asyncIterator](); return [Object.prototype.toString.call(i), await i.next(), await i.return('x'), await i.next()]; });
see('reads in a row', async () => { let c; const s = new ReadableStream({ start(given) { c = given; } }); const r = s.getReader(); const reads = [r.read(), r.read(), r.read()]; c.enqueue(1); c.enqueue(2); c.close(); return Promise.all(reads); });
see('releaseLock with a read under way', async () => { const r = new ReadableStream().getReader(); const p = r.read(); r.releaseLock(); return [await name(p), await name(r.closed), await name(r.read())]; });
see('released and read again', async () => { const s = list(1, 2); const a = s.getReader(); await a.read(); a.releaseLock(); const b = s.getReader(); return [s.locked, await b.read(), await name(a.read())]; });
see('two readers', () => { const s = new ReadableStream(); s.getReader(); return s.getReader(); });
see('cancel', async () => { const log = []; const s = new ReadableStream({ start(c) { c.enqueue(1); }, cancel(r) { log.push(r); return 'ignored'; } }); return [await s.cancel('why'), log, await s.getReader().read()]; });
see('cancel fails', () => name(new ReadableStream({ cancel() { throw new RangeError('x'); } }).cancel()));
see('cancel when locked', async () => { const s = new ReadableStream(); s.getReader(); return name(s.cancel()); });
see('cancel by the reader', async () => { const log = []; const r = new ReadableStream({ cancel(x) { log.push(x); } }).getReader(); return [await name(r.cancel('y')), log, await name(r.closed)]; });
see('start throws', () => new ReadableStream({ start() { throw new RangeError('x'); } }));
see('start rejects', () => name(new ReadableStream({ start: () => Promise.reject(new RangeError('x')) }).getReader().read()));
see('pull throws', () => name(new ReadableStream({ pull() { throw new RangeError('x'); } }).getReader().read()));
see('pull is called as needed', async () => { let pulls = 0; const s = new ReadableStream({ pull(c) { c.enqueue(++pulls); } }, { highWaterMark: 3 }); await settle(); const before = pulls; const r = s.getReader(); await r.read(); await settle(); return [before, pulls]; });
see('pull with highWaterMark 0', async () => { let pulls = 0; const s = new ReadableStream({ pull(c) { c.enqueue(++pulls); } }, { highWaterMark: 0 }); await settle(); const before = pulls; await s.getReader().read(); return [before, pulls]; });
see('pull waits for its promise', async () => { let pulls = 0; new ReadableStream({ pull() { pulls++; return new Promise(() => {}); } }, { highWaterMark: 5 }); await settle(); return pulls; });
see('enqueue after close', () => { let out; new ReadableStream({ start(c) { c.close(); try { c.enqueue(1); } catch (e) { out = e.name; } } }); return out; });
see('close twice', () => { let out; new ReadableStream({ start(c) { c.close(); try { c.close(); } catch (e) { out = e.name; } } }); return out; });
see('close with chunks queued', async () => { let c; const s = new ReadableStream({ start(x) { c = x; } }); c.enqueue(1); c.close(); return [c.desiredSize, await all(s), c.desiredSize]; });
see('error with chunks queued', async () => { const s = new ReadableStream({ start(c) { c.enqueue(1); c.error('bad'); } }); return [await name(s.getReader().read())]; });
see('desiredSize when errored', () => { let c; new ReadableStream({ start(x) { c = x; } }); c.error(); return c.desiredSize; });
see('size throws', async () => { let out; const s = new ReadableStream({ start(c) { try { c.enqueue(1); } catch (e) { out = e.name; } } }, { size() { throw new RangeError('x'); } }); return [out, await name(s.getReader().read())]; });
for (const size of [-1, NaN, Infinity, 'x', undefined]) see(`size gives ${size}`, () => { let out = 'none'; new ReadableStream({ start(c) { try { c.enqueue(1); } catch (e) { out = e.name; } } }, { size: () => size }); return out; });
see('getReader modes', () => [undefined, {}, { mode: undefined }, { mode: 'byob' }, { mode: 'x' }].map((mode) => { try { return new ReadableStream().getReader(mode).constructor.name; } catch (e) { return e.name; } }));

// ---- ReadableStream.from, tee

for (const [shown, make] of [['a list', () => [1, 2]], ['a Set', () => new Set([1, 2])], ['a text', () => 'ab'], ['a generator', () => (function* () { yield 1; yield 2; })()], ['an asynchronous generator', () => (async function* () { yield 1; yield Promise.resolve(2); })()], ['a stream', () => list(1, 2)], ['promises', () => [Promise.resolve(1), 2]]]) see(`from ${shown}`, () => all(ReadableStream.from(make())));
for (const value of [null, undefined, 5, {}, { [Symbol.iterator]: 1 }, { [Symbol.asyncIterator]: () => 5 }]) see(`from ${JSON.stringify(value)}`, () => typeof ReadableStream.from(value));
see('from, cancelled', async () => { const log = []; const s = ReadableStream.from({ [Symbol.asyncIterator]: () => ({ next: () => ({ value: 1, done: false }), return(x) { log.push(x); return {}; } }) }); await s.cancel('why'); return log; });
see('from, fails', async () => { const s = ReadableStream.from((function* () { yield 1; throw new RangeError('x'); })()); const r = s.getReader(); return [await r.read(), await name(r.read())]; });
see('tee', async () => { const [a, b] = list(1, 2).tee(); return [await all(a), await all(b)]; });
see('tee locks', () => { const s = list(1); s.tee(); return s.locked; });
see('tee and cancel one', async () => { const log = []; const s = new ReadableStream({ start(c) { c.enqueue(1); c.close(); }, cancel(r) { log.push(r); } }); const [a, b] = s.tee(); a.cancel('a'); return [await all(b), log]; });
see('tee and cancel both', async () => { const log = []; const [a, b] = new ReadableStream({ cancel(r) { log.push(r); } }).tee(); await Promise.all([a.cancel('a'), b.cancel('b')]); return log; });
see('tee of an error', async () => { const [a, b] = new ReadableStream({ start(c) { c.error(new RangeError('x')); } }).tee(); return [await name(a.getReader().read()), await name(b.getReader().read())]; });

// ---- bytes

const bytes = (...values) => new ReadableStream({ type: 'bytes', start(c) { for (const v of values) c.enqueue(Uint8Array.from(v)); c.close(); } });
see('bytes, read', async () => (await all(bytes([1, 2], [3]))).map((x) => [x.constructor.name, ...x]));
see('bytes, byob', async () => { const r = bytes([1, 2, 3], [4]).getReader({ mode: 'byob' }); const out = []; for (let i = 0; i < 4; i++) { const { value, done } = await r.read(new Uint8Array(2)); out.push([done, value && [...value]]); if (done) break; } return out; });
see('bytes, byob with min', async () => { const r = bytes([1], [2], [3], [4]).getReader({ mode: 'byob' }); const { value } = await r.read(new Uint8Array(3), { min: 3 }); return [...value]; });
see('bytes, byob of other views', async () => { const r = bytes([1, 2, 3, 4]).getReader({ mode: 'byob' }); const { value } = await r.read(new Uint16Array(1)); return [value.constructor.name, value.length, value.byteLength]; });
see('bytes, an empty view', () => name(bytes([1]).getReader({ mode: 'byob' }).read(new Uint8Array(0))));
see('bytes, no view', () => name(bytes([1]).getReader({ mode: 'byob' }).read(5)));
see('bytes, the buffer goes away', async () => { const view = new Uint8Array(2); const p = bytes([1, 2]).getReader({ mode: 'byob' }).read(view); const gone = view.byteLength; await p; return gone; });
see('bytes, byobRequest', async () => { const s = new ReadableStream({ type: 'bytes', pull(c) { const { view } = c.byobRequest; view[0] = 7; c.byobRequest.respond(1); } }); const { value } = await s.getReader({ mode: 'byob' }).read(new Uint8Array(4)); return [...value]; });
see('bytes, autoAllocateChunkSize', async () => { const s = new ReadableStream({ type: 'bytes', autoAllocateChunkSize: 8, pull(c) { c.byobRequest.view[0] = 9; c.byobRequest.respond(1); } }); const { value } = await s.getReader().read(); return [...value]; });
see('bytes, no request', async () => { let request; const s = new ReadableStream({ type: 'bytes', pull(c) { request = c.byobRequest; c.enqueue(Uint8Array.of(1)); } }); await s.getReader().read(); return request; });
for (const chunk of ['x', 5, null, [], {}]) see(`bytes, enqueue ${JSON.stringify(chunk)}`, () => { let out; new ReadableStream({ type: 'bytes', start(c) { try { c.enqueue(chunk); } catch (e) { out = e.name; } } }); return out; });
see('bytes, enqueue an empty view', () => { let out; new ReadableStream({ type: 'bytes', start(c) { try { c.enqueue(new Uint8Array(0)); } catch (e) { out = e.name; } } }); return out; });
see('bytes, tee', async () => { const [a, b] = bytes([1, 2]).tee(); return [(await all(a)).map((x) => [...x]), (await all(b)).map((x) => [...x])]; });

// ---- writing

see('write and close', async () => { const log = []; const w = new WritableStream({ start() { log.push('start'); }, write(x) { log.push(x); }, close() { log.push('close'); } }).getWriter(); w.write(1); w.write(2); await w.close(); return [log, await name(w.closed), w.desiredSize]; });
see('write waits', async () => { const log = []; const w = new WritableStream({ async write(x) { log.push(`in ${x}`); await settle(); log.push(`out ${x}`); } }).getWriter(); await Promise.all([w.write(1), w.write(2)]); return log; });
see('ready and backpressure', async () => { let go; const w = new WritableStream({ write: () => new Promise((r) => { go = r; }) }, { highWaterMark: 1 }).getWriter(); await w.ready; const sizes = [w.desiredSize]; w.write(1); sizes.push(w.desiredSize); let ready = false; w.ready.then(() => { ready = true; }); await settle(); sizes.push(ready); go(); await settle(); sizes.push(ready, w.desiredSize); return sizes; });
see('write fails', async () => { const w = new WritableStream({ write() { throw new RangeError('x'); } }).getWriter(); w.closed.catch(() => {}); return [await name(w.write(1)), await name(w.write(2)), await name(w.closed), w.desiredSize]; });
see('abort', async () => { const log = []; const w = new WritableStream({ abort(r) { log.push(r); } }).getWriter(); w.closed.catch(() => {}); w.ready.catch(() => {}); return [await name(w.abort('why')), log, await name(w.closed), await name(w.write(1))]; });
see('abort signal', async () => { let signal; const s = new WritableStream({ start(c) { signal = c.signal; } }); const before = signal.aborted; await s.abort('why'); return [before, signal.aborted, signal.reason]; });
see('close fails', async () => { const w = new WritableStream({ close() { throw new RangeError('x'); } }).getWriter(); w.closed.catch(() => {}); return [await name(w.close()), await name(w.closed)]; });
see('close twice', async () => { const w = new WritableStream().getWriter(); w.close(); return name(w.close()); });
see('write after close', async () => { const w = new WritableStream().getWriter(); w.close(); return name(w.write(1)); });
see('two writers', () => { const s = new WritableStream(); s.getWriter(); return s.getWriter(); });
see('releaseLock', async () => { const s = new WritableStream(); const w = s.getWriter(); w.releaseLock(); w.closed.catch(() => {}); w.ready.catch(() => {}); return [s.locked, await name(w.write(1)), await name(w.closed)]; });
see('desiredSize released', () => { const w = new WritableStream().getWriter(); w.releaseLock(); w.closed.catch(() => {}); w.ready.catch(() => {}); return w.desiredSize; });
see('controller error', async () => { let c; const s = new WritableStream({ start(x) { c = x; } }); c.error(new RangeError('x')); const w = s.getWriter(); w.ready.catch(() => {}); return name(w.closed); });
see('start fails', async () => { const w = new WritableStream({ start: () => Promise.reject(new RangeError('x')) }).getWriter(); w.ready.catch(() => {}); return name(w.closed); });

// ---- transforming, piping

see('identity', async () => { const t = new TransformStream(); const w = t.writable.getWriter(); w.write(1); w.write(2); w.close(); return all(t.readable); });
see('transform and flush', () => all(list(1, 2).pipeThrough(new TransformStream({ transform(x, c) { c.enqueue(x * 2); c.enqueue(x * 3); }, flush(c) { c.enqueue('end'); } }))));
see('transform throws', () => name(all(list(1).pipeThrough(new TransformStream({ transform() { throw new RangeError('x'); } })))));
see('flush throws', () => name(all(list(1).pipeThrough(new TransformStream({ flush() { throw new RangeError('x'); } })))));
see('terminate', () => all(list(1, 2, 3).pipeThrough(new TransformStream({ transform(x, c) { c.enqueue(x); if (x === 2) c.terminate(); } }))));
see('transform error()', () => name(all(list(1).pipeThrough(new TransformStream({ transform(x, c) { c.error(new RangeError('x')); } })))));
see('cancel of a transform', async () => { const log = []; const t = new TransformStream({ cancel(r) { log.push(r); } }); await t.readable.cancel('why'); return log; });
see('three in a row', () => all(list('a', 'b').pipeThrough(new TransformStream({ transform(x, c) { c.enqueue(x.toUpperCase()); } })).pipeThrough(new TextEncoderStream()).pipeThrough(new TextDecoderStream())));
see('pipeTo', async () => { const log = []; await list(1, 2).pipeTo(new WritableStream({ write(x) { log.push(x); }, close() { log.push('close'); } })); return log; });
see('pipeTo preventClose', async () => { const log = []; const w = new WritableStream({ close() { log.push('close'); } }); await list(1).pipeTo(w, { preventClose: true }); return [log, w.locked]; });
see('pipeTo an error', async () => { const log = []; return [await name(new ReadableStream({ start(c) { c.error(new RangeError('x')); } }).pipeTo(new WritableStream({ abort(r) { log.push(r.name); } }))), log]; });
see('pipeTo preventAbort', async () => { const log = []; return [await name(new ReadableStream({ start(c) { c.error(new RangeError('x')); } }).pipeTo(new WritableStream({ abort(r) { log.push(r.name); } }), { preventAbort: true })), log]; });
see('pipeTo where writing fails', async () => { const log = []; return [await name(new ReadableStream({ pull(c) { c.enqueue(1); }, cancel(r) { log.push(r.name); } }).pipeTo(new WritableStream({ write() { throw new RangeError('x'); } }))), log]; });
see('pipeTo with a signal', async () => { const log = []; const a = new AbortController(); const p = new ReadableStream({ cancel(r) { log.push(['cancel', r]); } }).pipeTo(new WritableStream({ abort(r) { log.push(['abort', r]); } }), { signal: a.signal }); a.abort('stop'); return [await name(p), log]; });
see('pipeTo with an aborted signal', () => name(new ReadableStream().pipeTo(new WritableStream(), { signal: AbortSignal.abort('stop') })));
see('pipeTo with no signal', () => name(new ReadableStream().pipeTo(new WritableStream(), { signal: 5 })));
see('pipeTo a locked stream', async () => { const w = new WritableStream(); w.getWriter(); return name(list(1).pipeTo(w)); });
see('pipeTo from a locked stream', async () => { const s = list(1); s.getReader(); return name(s.pipeTo(new WritableStream())); });
see('pipeTo nothing', () => name(list(1).pipeTo()));
see('pipeThrough nothing', () => list(1).pipeThrough());
see('pipeThrough half', () => list(1).pipeThrough({ readable: new ReadableStream() }));
see('TextEncoderStream and surrogates', async () => (await all(list('a\ud83d', '\ude42b', '\ud800', 'x', '\udc00').pipeThrough(new TextEncoderStream()))).flatMap((x) => [...x]));
see('TextEncoderStream, a lead at the end', async () => (await all(list('a', '\ud83d').pipeThrough(new TextEncoderStream()))).flatMap((x) => [...x]));
see('TextEncoderStream converts', async () => (await all(list(1, null, undefined).pipeThrough(new TextEncoderStream()))).flatMap((x) => [...x]));
see('TextDecoderStream in pieces', async () => (await all(list(Uint8Array.of(0xf0, 0x9f), Uint8Array.of(0x99, 0x82, 0x61)).pipeThrough(new TextDecoderStream()))).join(''));
see('TextDecoderStream, cut', async () => (await all(list(Uint8Array.of(0xf0, 0x9f)).pipeThrough(new TextDecoderStream()))).join(''));
see('TextDecoderStream, fatal', () => name(all(list(Uint8Array.of(0xff)).pipeThrough(new TextDecoderStream('utf-8', { fatal: true })))));
see('TextDecoderStream, no bytes', () => name(all(list('text').pipeThrough(new TextDecoderStream()))));
see('TextDecoderStream members', () => { const t = new TextDecoderStream('latin1', { fatal: true, ignoreBOM: true }); return [t.encoding, t.fatal, t.ignoreBOM, new TextEncoderStream().encoding]; });
see('TextDecoderStream, no such encoding', () => new TextDecoderStream('x'));
for (const member of ['cancel', 'getReader', 'pipeThrough', 'pipeTo', 'tee', 'values']) see(`another this: ${member}`, async () => await ReadableStream.prototype[member].call({}));
for (const member of ['abort', 'close', 'getWriter']) see(`another this: WritableStream ${member}`, async () => await WritableStream.prototype[member].call({}));
see('subclass', async () => { class Mine extends ReadableStream { extra = 1; } const s = new Mine({ start(c) { c.enqueue(1); c.close(); } }); return [s instanceof Mine, s.extra, await all(s)]; });

// ---- turns

see('enqueue() while piping does not write at once', async () => {
    let controller;
    const written = [];
    const from = new ReadableStream({ start(c) { controller = c; } });
    from.pipeTo(new WritableStream({ write(chunk) { written.push(chunk); } }));
    await settle();
    controller.enqueue('a');
    const before = [...written];
    controller.enqueue('b');
    controller.close();
    await settle();
    return [before, written];
});
see('an abort right after enqueue() while piping', async () => {
    let controller;
    const written = [];
    const abort = new AbortController();
    const from = new ReadableStream({ start(c) { controller = c; } });
    const done = name(from.pipeTo(new WritableStream({ write(chunk) { written.push(chunk); } }), { signal: abort.signal }));
    await settle();
    controller.enqueue('a');
    abort.abort();
    return [await done, written];
});
see('the async iterator of a stream', () => {
    const base = Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}.prototype));
    const iterator = new ReadableStream().values();
    const own = Object.getPrototypeOf(iterator);
    return [Object.getPrototypeOf(own) === base, Object.hasOwn(own, Symbol.asyncIterator), iterator[Symbol.asyncIterator]() === iterator, typeof iterator[Symbol.asyncDispose]];
});
for (const chunk of [undefined, null, 5, 'x', {}]) {
    see(`TextDecoderStream of ${JSON.stringify(chunk)}`, async () => {
        const stream = new TextDecoderStream();
        const writer = stream.writable.getWriter();
        const read = name(stream.readable.getReader().read());
        return [await name(writer.write(chunk)), await read];
    });
}
