// SPDX-License-Identifier: MIT
// Headers. Compared with Node.js.

export const cases = [];
const see = (name, run, ...want) => cases.push([name, run, ...want]);

const names = ['a', 'A-b', 'content-type', 'x1', '!#$%&\'*+-.^_`|~', '', ' ', 'a b', 'a:', 'a\n', 'ä', '(a)', 'a/b', 'a,b', 'a;b', 'a=b', '[a]', '{a}', '"a"', 'a@b', 'a\\b', 'a?b', '\u0000', '\u007f', '€', 'set-cookie', '__proto__', 'constructor', '1'];
const values = ['', 'v', ' v ', '\tv\t', 'v\n', '\r\nv', 'a b', 'a,b', 'a\nb', 'a\rb', 'a\r\nb', 'a\0b', '\0', 'ä', 'ÿ', 'Ā', '€', '🙂', '\u0001', '\u007f', '\u000b', '"', ' ', '\n', '1'];
for (const name of names) {
    for (const method of ['append', 'set']) {
        see(`${method} ${JSON.stringify(name)}`, () => {
            const headers = new Headers();
            headers[method](name, 'v');
            return [...headers];
        });
    }
    for (const method of ['get', 'has', 'delete']) see(`${method} ${JSON.stringify(name)}`, () => new Headers([['a', '1']])[method](name));
    see(`list ${JSON.stringify(name)}`, () => [...new Headers([[name, 'v']])]);
    see(
        `record ${JSON.stringify(name)}`,
        () => [...new Headers(Object.defineProperty({}, name, { value: 'v', enumerable: true }))],
        ...(name === '__proto__' ? [[['__proto__', 'v']]] : []), // Node.js loses it
    );
}
for (const value of values) {
    see(`append value ${JSON.stringify(value)}`, () => {
        const headers = new Headers({ a: 'first' });
        headers.append('A', value);
        return [...headers];
    });
    see(`set value ${JSON.stringify(value)}`, () => {
        const headers = new Headers({ a: 'first' });
        headers.set('A', value);
        return headers.get('a');
    });
    see(`record value ${JSON.stringify(value)}`, () => [...new Headers({ x: value })]);
}
const inits = {
    undefined: () => undefined,
    null: () => null,
    number: () => 1,
    text: () => 'a',
    boolean: () => true,
    symbol: () => Symbol('x'),
    'empty list': () => [],
    'list of an empty list': () => [[]],
    'list of one': () => [['a']],
    'list of three': () => [['a', 'b', 'c']],
    'list of text': () => ['ab'],
    'list of null': () => [null],
    Map: () => new Map([['a', '1'], ['b', '2']]),
    Headers: () => new Headers([['a', '1'], ['a', '2'], ['set-cookie', 'x'], ['set-cookie', 'y']]),
    generator: () => (function* () { yield ['z', '1']; yield new Set(['y', '2']); })(),
    'values that are no text': () => ({ a: 1, b: null, c: undefined, d: true }),
    'symbol key': () => ({ [Symbol('x')]: '1' }),
    'symbol value': () => ({ a: Symbol('x') }),
    'not enumerable': () => Object.defineProperty({ a: '1' }, 'b', { value: '2' }),
    inherited: () => Object.create({ a: '1' }),
    'object with null iterator': () => ({ [Symbol.iterator]: null, a: '1' }),
    'object with bad iterator': () => ({ [Symbol.iterator]: 1 }),
    'two cases of a name': () => ({ A: '1', a: '2' }),
    function: () => Object.assign(() => {}, { a: '1' }),
};
// A record has the enumerable properties only; Node.js takes all.
const records = { 'not enumerable': [['a', '1']], function: [['a', '1']] };
for (const name of Object.keys(inits)) {
    see(`new Headers(${name})`, () => [...new Headers(inits[name]())], ...(name in records ? [records[name]] : []));
}

const some = () => new Headers([['b', '1'], ['A', '2'], ['b', '3'], ['set-cookie', 'x=1'], ['Set-Cookie', 'y=2'], ['c', '']]);
see('sorted, joined, cookies apart', () => [...some()]);
see('keys and values', () => [[...some().keys()], [...some().values()], [...some().entries()]]);
see('get joins', () => [some().get('B'), some().get('set-cookie'), some().get('none'), some().get('c')]);
see('getSetCookie', () => [some().getSetCookie(), new Headers().getSetCookie(), new Headers({ 'set-cookie': 'a, b' }).getSetCookie()]);
see('delete', () => {
    const headers = some();
    headers.delete('B');
    headers.delete('set-cookie');
    headers.delete('none');
    return [...headers];
});
see('set takes the place of all', () => {
    const headers = some();
    headers.set('b', 'x');
    headers.set('set-cookie', 'z');
    return [...headers];
});
see('forEach', () => {
    const out = [];
    const headers = some();
    headers.forEach(function (value, name, of) {
        out.push(value, name, of === headers, this.t);
    }, { t: 1 });
    return out;
});
see('forEach without a function', () => some().forEach({}));
see('changes while iterating', () => {
    const headers = new Headers([['a', '1'], ['b', '2'], ['c', '3']]);
    const out = [];
    for (const [name] of headers) {
        out.push(name);
        if (name === 'a') headers.delete('b');
        if (name === 'c' && out.length < 5) headers.append('d', '4');
    }
    return out;
});
see('the iterator', () => {
    const iterator = some()[Symbol.iterator]();
    const prototype = Object.getPrototypeOf(iterator);
    return [Object.prototype.toString.call(iterator), iterator[Symbol.iterator]() === iterator, iterator.next(), typeof prototype.next, Object.getPrototypeOf(prototype) === Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()))];
});
see('another this', () => Headers.prototype.get.call({}, 'a'));
see('an iterator with another this', () => Object.getPrototypeOf(new Headers().entries()).next.call({}));
for (const method of ['append', 'set', 'get', 'has', 'delete', 'forEach']) see(`${method} without arguments`, () => new Headers()[method]());
for (const method of ['append', 'set']) see(`${method} with one`, () => new Headers()[method]('a'));
see('members', () => Object.keys(Object.getOwnPropertyDescriptors(Headers.prototype)).sort());
see('enumerable members', () => { const out = []; for (const key in Headers.prototype) out.push(key); return out.sort(); });
see('tag', () => [String(new Headers()), Headers.name, Headers.length, Headers.prototype.append.length]);
