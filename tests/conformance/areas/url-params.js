// SPDX-License-Identifier: MIT
// URLSearchParams: parsing, serialising, changing, and the query of a URL that follows.

export const reference = 'whatwg-url';
export const cases = [];
const see = (name, run) => cases.push([name, run]);

const texts = ['', '?', '??', 'a', '?a', 'a=', '=a', '=', '&', '&&', 'a&b', 'a=b', 'a=b=c', 'a=b&a=c', 'a+b=c+d', 'a%20b', 'a%2Bb', '%', '%4', '%41', '%zz', '%C3%A4', '%c3', '%ff%fe', 'ä=ö', '🙂=🙂', '\ud800', 'a;b', 'a=b#c', "'()*-._~!", '%EF%BB%BFa', '\ufeffa', 'a\u0000b', '%00', 'a=%26&%3D=b', 'é%', '+', '++=+', '?a=?b', 'a[]=1&a[]=2', '%e2%82', '%E2%82%AC', '\u0001\u007f', '%uD83D'];
for (const text of texts) {
    see(`parse ${JSON.stringify(text)}`, () => [...new URLSearchParams(text)]);
    see(`serialise ${JSON.stringify(text)}`, () => String(new URLSearchParams(text)));
    see(`pair ${JSON.stringify(text)}`, () => String(new URLSearchParams([[text, text]])));
    see(`record ${JSON.stringify(text)}`, () => String(new URLSearchParams({ [text]: text })));
    see(`in a URL ${JSON.stringify(text)}`, () => [...new URL(`http://h/?${text}`).searchParams]);
    see(`append ${JSON.stringify(text)}`, () => {
        const url = new URL('http://h/?x=1#f');
        url.searchParams.append(text, 'v');
        url.searchParams.append('n', text);
        return [url.href, url.searchParams.size];
    });
    see(`set and delete ${JSON.stringify(text)}`, () => {
        const params = new URLSearchParams('a=1&b=2&a=3&%C3%A4=4&=5');
        params.set(text, 'new');
        const before = String(params);
        params.delete(text);
        return [before, String(params), params.has(text), params.get(text), params.getAll('a')];
    });
}
for (const init of ['undefined', 'null', '1', 'true', '[]', '[[]]', '[["a"]]', '[["a","b","c"]]', '["ab"]', '[["a","b"]]', '[[1,2],[3,4]]', '{}', '{a:1,b:[2,3],c:undefined}', 'new Map([["a","b"]])', 'new Set([["a","b"]])', 'new URLSearchParams("a=1")', '(function*(){yield ["a","b"]})()', 'new Date(NaN)', '{[Symbol.iterator]:null,a:1}', '{[Symbol.iterator]:1}', 'Symbol()', '() => {}', 'new String("a=b")', '[null]', '{get a(){return 1}}', 'Object.create({a:1})', '[{length:2,0:"a",1:"b"}]']) {
    see(`new URLSearchParams(${init})`, () => String(new URLSearchParams(inits[init]())));
}
const inits = {
    undefined: () => undefined,
    null: () => null,
    1: () => 1,
    true: () => true,
    '[]': () => [],
    '[[]]': () => [[]],
    '[["a"]]': () => [['a']],
    '[["a","b","c"]]': () => [['a', 'b', 'c']],
    '["ab"]': () => ['ab'],
    '[["a","b"]]': () => [['a', 'b']],
    '[[1,2],[3,4]]': () => [[1, 2], [3, 4]],
    '{}': () => ({}),
    '{a:1,b:[2,3],c:undefined}': () => ({ a: 1, b: [2, 3], c: undefined }),
    'new Map([["a","b"]])': () => new Map([['a', 'b']]),
    'new Set([["a","b"]])': () => new Set([['a', 'b']]),
    'new URLSearchParams("a=1")': () => new URLSearchParams('a=1'),
    '(function*(){yield ["a","b"]})()': () => (function* () { yield ['a', 'b']; })(),
    'new Date(NaN)': () => new Date(NaN),
    '{[Symbol.iterator]:null,a:1}': () => ({ [Symbol.iterator]: null, a: 1 }),
    '{[Symbol.iterator]:1}': () => ({ [Symbol.iterator]: 1 }),
    'Symbol()': () => Symbol(),
    '() => {}': () => () => {},
    'new String("a=b")': () => new String('a=b'),
    '[null]': () => [null],
    '{get a(){return 1}}': () => ({ get a() { return 1; } }),
    'Object.create({a:1})': () => Object.create({ a: 1 }),
    '[{length:2,0:"a",1:"b"}]': () => [{ length: 2, 0: 'a', 1: 'b' }],
};
for (const text of ['z=1&a=2&z=0&a=1', 'é&e&z', 'ﬃ&🌈', '\ud83c=1&\uffff=2&🙂=3', 'b&a&c&A&B', '', 'x']) {
    see(`sort ${text}`, () => {
        const url = new URL(`http://h/?${text}`);
        url.searchParams.sort();
        const alone = new URLSearchParams(text);
        alone.sort();
        return [url.search, String(alone)];
    });
}
see('has and delete with a value', () => {
    const params = new URLSearchParams('a=1&a=2&b=1');
    const said = [params.has('a', '2'), params.has('a', '3'), params.has('a', undefined)];
    params.delete('a', '1');
    return [said, String(params)];
});
see('iteration sees changes', () => {
    const params = new URLSearchParams('a=1&b=2&c=3');
    const out = [];
    for (const [name] of params) {
        out.push(name);
        if (name === 'a') params.delete('b');
        if (name === 'c' && out.length < 4) params.append('d', '4');
    }
    return out;
});
see('forEach', () => {
    const out = [];
    const params = new URLSearchParams('a=1&b=2');
    params.forEach(function (value, name, of) {
        out.push(value, name, of === params, this.x);
    }, { x: 1 });
    return out;
});
see('iterators', () => {
    const params = new URLSearchParams('a=1');
    const iterator = params.entries();
    return [[...params.keys()], [...params.values()], Object.prototype.toString.call(iterator), iterator[Symbol.iterator]() === iterator, iterator.next(), iterator.next()];
});
see('a URL changes its parameters', () => {
    const url = new URL('http://h/?a=1');
    const params = url.searchParams;
    url.search = '?b=2';
    const first = String(params);
    url.href = 'http://h/?c=3';
    const second = String(params);
    url.search = '';
    return [first, second, String(params), params === url.searchParams];
});
see('the last parameter goes', () => {
    const url = new URL('http://h/?a=1#f');
    url.searchParams.delete('a');
    return url.href;
});
see('too few arguments', () =>
    ['append', 'delete', 'get', 'getAll', 'has', 'set'].map((name) => {
        try {
            return new URLSearchParams('a=1')[name]();
        } catch (error) {
            return error.name;
        }
    }),
);
see('another this', () => URLSearchParams.prototype.get.call({}, 'a'));
see('URL another this', () => Object.getOwnPropertyDescriptor(URL.prototype, 'href').get.call({}));
see('URL without arguments', () => new URL());
see('JSON', () => JSON.stringify({ url: new URL('http://h') }));

// ---- names of a record that become the same text

see('a record with names that become equal', () => new URLSearchParams({ '\ud800': 'a', b: 'c', '\ufffd': 'z' }).toString());
see('a record with a name __proto__', () => new URLSearchParams(JSON.parse('{"__proto__": "a", "b": "c"}')).toString());
