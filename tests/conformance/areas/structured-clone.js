// SPDX-License-Identifier: MIT
// structuredClone: kinds of values, identity, transfer, what is refused. Compared with Node.js.

export const cases = [];
const see = (name, run, ...want) => cases.push([name, run, ...want]);

const tag = (value) => Object.prototype.toString.call(value);

// Everything that can be seen of a clone.
function look(value, seen = new Map()) {
    if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : typeof value === 'bigint' ? `${value}n` : value;
    if (seen.has(value)) return `the same as ${seen.get(value)}`;
    seen.set(value, seen.size);
    const out = [tag(value), Object.getPrototypeOf(value)?.constructor?.name];
    if (value instanceof Date) out.push(value.getTime());
    if (value instanceof RegExp) out.push(value.source, value.flags, value.lastIndex);
    if (value instanceof Map) out.push([...value].map(([k, v]) => [look(k, seen), look(v, seen)]));
    if (value instanceof Set) out.push([...value].map((item) => look(item, seen)));
    if (value instanceof Error) out.push(value.name, value.message, Object.hasOwn(value, 'message'), look(value.cause, seen));
    if (value instanceof ArrayBuffer) out.push([...new Uint8Array(value)], value.resizable, value.maxByteLength);
    if (ArrayBuffer.isView(value)) out.push(value.byteOffset, value.byteLength, look(value.buffer, seen));
    if (/^\[object (Number|String|Boolean|BigInt)\]$/.test(tag(value))) out.push(String(value));
    if (!ArrayBuffer.isView(value)) {
        for (const key of Reflect.ownKeys(value)) {
            if (key === 'stack' || (value instanceof Error && (key === 'message' || key === 'cause'))) continue;
            if (key === 'length' && typeof value.length === 'number') out.push(['length', value.length]);
            else out.push([typeof key === 'symbol' ? 'symbol' : key, JSON.stringify(Object.getOwnPropertyDescriptor(value, key), (k, v) => (k === 'value' ? undefined : v)), look(value[key], seen)]);
        }
    }
    return out;
}

const circle = { name: 'circle' };
circle.self = circle;
circle.list = [circle, { of: circle }];
const shared = { shared: true };
class Point {
    x = 1;
    #y = 2;
    get y() {
        return this.#y;
    }
}
const values = {
    undefined: () => undefined,
    null: () => null,
    true: () => true,
    number: () => 1.5,
    NaN: () => NaN,
    Infinity: () => -Infinity,
    '-0': () => -0,
    bigint: () => 123456789012345678901234567890n,
    'negative bigint': () => -1n,
    text: () => 'text',
    'text beyond Latin-1': () => 'ä€🙂',
    'lone surrogates': () => ['\ud800', '\udc00x'].map(escape),
    'long text': () => 'x'.repeat(100000).length,
    'Number object': () => Object(1),
    'String object': () => Object('abc'),
    'Boolean object': () => Object(false),
    'BigInt object': () => Object(5n),
    Date: () => new Date(1e12),
    'invalid Date': () => new Date(NaN),
    RegExp: () => Object.assign(/a\/b/gi, { lastIndex: 3 }),
    object: () => ({ a: 1, b: { c: [1, 2] } }),
    'symbol keys are left out': () => ({ [Symbol('x')]: 1, a: 2 }),
    'not enumerable is left out': () => Object.defineProperty({ a: 1 }, 'b', { value: 2 }),
    'getters are read': () => ({ get a() { return [1]; } }),
    'inherited is left out': () => Object.create({ a: 1 }, { b: { value: 2, enumerable: true } }),
    'no prototype': () => Object.assign(Object.create(null), { a: 1 }),
    'an instance': () => new Point(),
    frozen: () => Object.freeze({ a: Object.freeze([1]) }),
    'own __proto__': () => JSON.parse('{"__proto__": {"a": 1}}'),
    list: () => [1, 'a', null, undefined],
    'list with holes': () => [1, , 3],
    'sparse list': () => Object.assign([], { 5: 1, 100: 2 }),
    'list with properties': () => Object.assign([1], { extra: 2 }),
    'empty list': () => [],
    'long list': () => new Array(3),
    Map: () => new Map([[1, { a: 1 }], [{ k: 1 }, 'v'], ['m', new Map()]]),
    Set: () => new Set([1, 'a', { b: 1 }, new Set([1])]),
    'Map with properties': () => Object.assign(new Map(), { a: 1 }),
    circle: () => circle,
    'shared objects': () => [shared, shared, { s: shared }],
    'a Map in itself': () => { const map = new Map(); map.set('me', map).set(map, 1); return map; },
    'a Set in itself': () => { const set = new Set(); set.add(set); return set; },
    Error: () => new Error('message'),
    'Error without a message': () => new Error(),
    'Error with a cause': () => new Error('outer', { cause: new TypeError('inner') }),
    'Error with properties': () => Object.assign(new Error('x'), { code: 5 }),
    'renamed Error': () => Object.assign(new Error('x'), { name: 'RangeError' }),
    'Error with another name': () => Object.assign(new Error('x'), { name: 'MyError' }),
    'own class of Error': () => new (class Mine extends TypeError {})('x'),
    ...Object.fromEntries([EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map((Class) => [Class.name, () => new Class('x')])),
    ArrayBuffer: () => Uint8Array.of(1, 2, 3).buffer,
    'resizable ArrayBuffer': () => new ArrayBuffer(2, { maxByteLength: 8 }),
    'empty ArrayBuffer': () => new ArrayBuffer(0),
    ...Object.fromEntries([Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array].map((Class) => [Class.name, () => Class.of(1, 2, 3)])),
    BigInt64Array: () => BigInt64Array.of(1n, -2n),
    BigUint64Array: () => BigUint64Array.of(1n, 2n),
    Float16Array: () => Float16Array.of(1.5),
    DataView: () => new DataView(Uint8Array.of(1, 2, 3, 4).buffer, 1, 2),
    'two views of one buffer': () => { const { buffer } = Uint8Array.of(1, 2, 3, 4); return [new Uint8Array(buffer, 1, 2), new Uint16Array(buffer), buffer]; },
    'view of a part': () => new Uint8Array(Uint8Array.of(1, 2, 3, 4).buffer, 1, 2),
    'a view that follows its buffer': () => new Uint8Array(new ArrayBuffer(2, { maxByteLength: 8 })),
    arguments: () => (function () { return arguments; })(1, 2),
    deep: () => { let at = {}; const top = at; for (let i = 0; i < 500; i++) at = at.next = {}; return top; },
};
for (const name of Object.keys(values)) {
    see(name, () => look(structuredClone(values[name]())));
    see(`${name}, in a list`, () => look(structuredClone([values[name]()])));
    see(`${name}, in a Map`, () => look(structuredClone(new Map([['k', values[name]()]]))));
}

const refused = {
    function: () => () => {},
    class: () => class {},
    symbol: () => Symbol('x'),
    'Symbol object': () => Object(Symbol('x')),
    WeakMap: () => new WeakMap(),
    WeakSet: () => new WeakSet(),
    WeakRef: () => new WeakRef({}),
    Promise: () => Promise.resolve(),
    Proxy: () => new Proxy({}, {}),
    generator: () => (function* () {})(),
    'Map iterator': () => new Map().entries(),
    'a function inside': () => ({ a: [() => {}] }),
    'a symbol inside': () => ({ a: Symbol('x') }),
    AbortController: () => new AbortController(),
    AbortSignal: () => new AbortController().signal,
    Event: () => new Event('x'),
    EventTarget: () => new EventTarget(),
    Headers: () => new Headers(),
    Request: () => new Request('http://a'),
    Response: () => new Response(),
    FormData: () => new FormData(),
    URL: () => new URL('http://a'),
    URLSearchParams: () => new URLSearchParams(),
    TextEncoder: () => new TextEncoder(),
    TextDecoder: () => new TextDecoder(),
    ReadableStream: () => new ReadableStream(),
    WritableStream: () => new WritableStream(),
    TransformStream: () => new TransformStream(),
};
// Node.js clones objects of some web classes into empty ones; the standard refuses them all.
for (const name of Object.keys(refused)) {
    see(`refused: ${name}`, () => structuredClone(refused[name]()), ...[]);
    cases.at(-1)[1] = () => {
        try {
            structuredClone(refused[name]());
            return 'cloned';
        } catch (error) {
            return [error.name, error.code, error instanceof DOMException, error instanceof Error];
        }
    };
    cases.at(-1).push(['DataCloneError', 25, true, true]);
}
see('a getter that throws', () => structuredClone({ get a() { throw new RangeError('mine'); } }));
see('a getter that throws keeps its error', () => {
    const mine = { mine: 1 };
    try {
        structuredClone({ get a() { throw mine; } });
    } catch (error) {
        return error === mine;
    }
});
see('no argument', () => structuredClone());

see('transfer', () => {
    const bytes = Uint8Array.of(1, 2, 3);
    const copy = structuredClone(bytes, { transfer: [bytes.buffer] });
    return [bytes.length, bytes.buffer.detached, [...copy]];
});
see('transfer what is not in the value', () => {
    const { buffer } = Uint8Array.of(1);
    return [structuredClone(5, { transfer: [buffer] }), buffer.detached];
});
see('transfer keeps resizable', () => {
    const buffer = new ArrayBuffer(2, { maxByteLength: 8 });
    const copy = structuredClone(buffer, { transfer: [buffer] });
    copy.resize(4);
    return [copy.resizable, copy.byteLength, buffer.detached];
});
see('transfer in several places', () => {
    const { buffer } = Uint8Array.of(1, 2);
    const copy = structuredClone({ a: buffer, b: [new Uint8Array(buffer)] }, { transfer: [buffer] });
    return [copy.a === copy.b[0].buffer, copy.b[0].length];
});
const refusal = (run) => () => {
    try {
        return run();
    } catch (error) {
        return [error.name, error.constructor.name];
    }
};
see('transfer twice', refusal(() => { const b = new ArrayBuffer(1); return structuredClone(b, { transfer: [b, b] }); }));
see('transfer what was detached', refusal(() => { const b = new ArrayBuffer(1); b.transfer(); return structuredClone(1, { transfer: [b] }); }));
see('clone what was detached', refusal(() => { const b = new ArrayBuffer(1); b.transfer(); return structuredClone(b); }));
see('transfer an object', refusal(() => structuredClone({}, { transfer: [{}] })));
see('transfer a view', refusal(() => structuredClone(1, { transfer: [new Uint8Array(1)] })));
see('transfer a number', refusal(() => structuredClone(1, { transfer: [1] })), ['TypeError', 'TypeError']);
see('transfer is no list', refusal(() => structuredClone(1, { transfer: 5 })));
see('transfer is iterated over', () => { const b = new ArrayBuffer(1); structuredClone(1, { transfer: new Set([b]) }); return b.detached; });
see('transfer fails, nothing goes', () => {
    const b = new ArrayBuffer(1);
    try {
        structuredClone([b, () => {}], { transfer: [b] });
    } catch (error) {
        return [error.name, b.detached];
    }
});
see('options null and undefined', () => [structuredClone(1, null), structuredClone(1, undefined), structuredClone(1, {})]);
see('options a number', refusal(() => structuredClone(1, 5)));

see('Blob', async () => { const copy = structuredClone(new Blob(['ab'], { type: 'text/x' })); return [copy instanceof Blob, copy.size, copy.type, await copy.text()]; });
see('File', async () => { const copy = structuredClone({ f: new File(['ab'], 'n', { type: 'text/x', lastModified: 5 }) }).f; return [copy instanceof File, copy.name, copy.lastModified, copy.type, await copy.text()]; }, [true, 'n', 5, 'text/x', 'ab']);
see('DOMException', () => { const copy = structuredClone(new DOMException('m', 'AbortError')); return [copy instanceof DOMException, copy.name, copy.message, copy.code]; });
see('DOMException inside', () => { const [copy] = structuredClone([new DOMException('m', 'AbortError')]); return [copy instanceof DOMException, copy.name, copy.message]; });

export const gaps = {
    'DOMException inside': 'becomes an Error: V8 serialises errors itself',
};
