// SPDX-License-Identifier: MIT
// Blob, File, FormData. Compared with Node.js.

export const cases = [];
const see = (name, run, ...want) => cases.push([name, run, ...want]);
const caught = (run) => { try { return run(); } catch (e) { return e.name; } };
const look = async (blob) => [blob.constructor.name, blob.size, blob.type, [...new Uint8Array(await blob.arrayBuffer())]];

const parts = {
    none: () => undefined,
    empty: () => [],
    texts: () => ['a', 'ä', '🙂', '\ud800'],
    bytes: () => [Uint8Array.of(1, 2), Uint8Array.of(3).buffer, new DataView(Uint8Array.of(4, 5, 6).buffer, 1, 1), Uint16Array.of(258)],
    blobs: () => [new Blob(['x']), new File(['y'], 'f'), 'z'],
    others: () => [1, null, undefined, {}, [2, 3], true],
    'a Set': () => new Set(['a', 'b']),
    'a generator': () => (function* () { yield 'g'; })(),
    'a typed array': () => Uint8Array.of(65, 66),
    'a text': () => 'abc',
    'a number': () => 5,
    null: () => null,
    'an object': () => ({}),
    'a String': () => Object('ab'),
    'with a symbol': () => [Symbol('x')],
    'line ends': () => ['a\r\nb\rc\nd\r', '\n'],
};
for (const name of Object.keys(parts)) {
    see(`new Blob(${name})`, () => look(new Blob(parts[name]())));
    see(`new File(${name})`, () => look(new File(parts[name](), 'n')));
}
for (const type of ['text/plain', 'TEXT/Plain;A=B', '', 'a\u0000', 'ä', '\u007f', 'a\tb', ' x ', null, undefined, 5]) {
    see(`type ${JSON.stringify(type)}`, () => new Blob([], { type }).type);
    see(`slice type ${JSON.stringify(type)}`, () => new Blob(['abc'], { type: 'x/y' }).slice(0, 1, type).type);
}
for (const endings of ['transparent', 'native', 'x', '', null, undefined]) see(`endings ${JSON.stringify(endings)}`, async () => (await look(new Blob(['a\r\nb\rc\nd'], { endings })))[1]);
for (const options of [undefined, null, {}, 5, 'x', () => {}]) see(`options ${String(options)}`, () => new Blob([], options).type);
for (const from of [undefined, 0, 1, 3, 5, 9, -1, -3, -9, 1.7, NaN, 'x', '2', null]) {
    for (const to of [undefined, 0, 2, 5, 9, -1, -4, 1.7, NaN, null]) see(`slice(${from}, ${to})`, async () => (await look(new Blob(['abcde']).slice(from, to)))[3]);
}
see('slice of a slice', async () => await new Blob(['abcdef']).slice(1, 5).slice(1, 3).text());
see('slice of a File is a Blob', () => { const s = new File(['ab'], 'n').slice(0, 1); return [s instanceof File, s instanceof Blob]; });
see('the bytes are copied', async () => { const bytes = Uint8Array.of(1); const blob = new Blob([bytes]); bytes[0] = 2; const out = await blob.arrayBuffer(); new Uint8Array(out)[0] = 3; return [...(await blob.bytes())]; });
see('text', async () => [await new Blob(['ä', Uint8Array.of(0xff)]).text(), await new Blob([Uint8Array.of(0xef, 0xbb, 0xbf, 0x61)]).text()]);
see('bytes', async () => [...(await new Blob(['ab']).bytes())]);
see('stream', async () => { const out = []; for await (const piece of new Blob(['abc']).stream()) out.push(...piece); return out; });
see('empty stream', async () => { const out = []; for await (const piece of new Blob().stream()) out.push(...piece); return out; });
see('stream is of bytes', () => new Blob(['x']).stream().getReader({ mode: 'byob' }).constructor.name);
see('another this', () => caught(() => Object.getOwnPropertyDescriptor(Blob.prototype, 'size').get.call({})));
see('File members', () => { const f = new File(['x'], 'a/b.txt', { type: 'A/b', lastModified: 5 }); return [f.name, f.lastModified, f.type, f.size, f instanceof Blob]; });
for (const lastModified of [0, -1, 1.5, 'x', NaN, new Date(7), null, true]) see(`lastModified ${lastModified}`, () => new File([], 'n', { lastModified }).lastModified, ...(lastModified === 1.5 ? [1] : [])); // a long long; Node.js keeps the fraction
for (const name of ['', 'ä', '\ud800', null, undefined, 5]) see(`File name ${JSON.stringify(name)}`, () => escape(new File([], name).name));
see('File without a name', () => caught(() => new File([])));
see('File without arguments', () => caught(() => new File()));
see('lastModified is now', () => Math.abs(new File([], 'n').lastModified - Date.now()) < 5000);

// ---- FormData

const form = () => { const f = new FormData(); f.append('a', '1'); f.append('b', '2'); f.append('a', '3'); f.append('c', ''); return f; };
see('FormData list', () => [...form()]);
see('get, getAll, has', () => { const f = form(); return [f.get('a'), f.getAll('a'), f.get('x'), f.getAll('x'), f.has('a'), f.has('x')]; });
see('set', () => { const f = form(); f.set('a', 'n'); f.set('d', 'new'); return [...f]; });
see('delete', () => { const f = form(); f.delete('a'); f.delete('x'); return [...f]; });
see('keys, values', () => [[...form().keys()], [...form().values()], [...form().entries()]]);
see('forEach', () => { const out = [], f = form(); f.forEach(function (v, k, of) { out.push(k, v, of === f, this.t); }, { t: 1 }); return out; });
for (const value of [1, null, undefined, true, {}, [1, 2], '\ud800', 'a\nb']) see(`append ${JSON.stringify(value)}`, () => { const f = new FormData(); f.append('k', value); return escape(f.get('k')); });
for (const key of [1, null, undefined, '\ud800', '', '__proto__']) see(`key ${JSON.stringify(key)}`, () => { const f = new FormData(); f.append(key, 'v'); return [...f].map(([k, v]) => [escape(k), v]); });
see('a Blob becomes a File', () => { const f = new FormData(); f.append('b', new Blob(['x'], { type: 'a/b' })); const v = f.get('b'); return [v instanceof File, v.name, v.type, v.size]; });
see('a Blob with a name', () => { const f = new FormData(); f.append('b', new Blob(['x']), 'n.txt'); return f.get('b').name; });
see('a File stays', () => { const f = new FormData(), file = new File(['x'], 'q', { lastModified: 3 }); f.append('b', file); return [f.get('b') === file, f.get('b').name]; });
see('a File gets a name', () => { const f = new FormData(), file = new File(['x'], 'q', { lastModified: 3, type: 'a/b' }); f.set('b', file, 'other'); return [f.get('b') === file, f.get('b').name, f.get('b').type]; });
see('a text with a name', () => caught(() => new FormData().append('a', 'x', 'n')));
for (const init of [null, {}, 5]) see(`new FormData(${JSON.stringify(init)})`, () => caught(() => new FormData(init)));
for (const method of ['append', 'set', 'get', 'getAll', 'has', 'delete', 'forEach']) see(`${method} without arguments`, () => caught(() => new FormData()[method]()));
see('another this, FormData', () => caught(() => FormData.prototype.get.call({}, 'a')));
see('changes while iterating', () => { const f = form(), out = []; for (const [k, v] of f) { out.push([k, v]); if (out.length === 1) f.append('z', '9'); if (out.length > 9) break; } return out; });
for (const Class of ['Blob', 'File', 'FormData']) {
    see(`${Class}: members`, () => Object.getOwnPropertyNames(globalThis[Class].prototype).filter((name) => name !== 'webkitRelativePath' && name !== 'textStream').sort());
    see(`${Class}: enumerable members`, () => { const out = []; for (const key in globalThis[Class].prototype) out.push(key); return out.filter((name) => name !== 'webkitRelativePath' && name !== 'textStream').sort(); });
    see(`${Class}: shape`, () => [globalThis[Class].name, globalThis[Class].length, globalThis[Class].prototype[Symbol.toStringTag], caught(() => globalThis[Class]())]);
}

// ---- arguments are converted from left to right

for (const Class of ['Blob', 'File']) {
    see(`${Class}: order of conversions`, () => {
        const seen = [];
        const say = (what, value = '') => ({ toString() { seen.push(what); return value; } });
        const options = {};
        for (const key of ['type', 'lastModified', 'endings']) Object.defineProperty(options, key, { get() { seen.push(`get ${key}`); } });
        const parts = [say('part 1'), say('part 2')];
        if (Class === 'Blob') new Blob(parts, options);
        else new File(parts, say('name'), options);
        return seen;
    }, Class === 'Blob' ? ['part 1', 'part 2', 'get endings', 'get type'] : ['part 1', 'part 2', 'name', 'get endings', 'get type', 'get lastModified']);
}
