// SPDX-License-Identifier: MIT
// URLPattern: patterns as they are read, written out and matched. Compared with Node.js.

export const cases = [];
const see = (name, run, ...want) => cases.push([name, run, ...(stated.has(name) ? [stated.get(name)] : want)]);

// Node.js differs from the standards: it matches texts that are no URL, refuses numbers, leaves members out that
// are no texts, and takes two question marks from a search.
const empty = Object.fromEntries(['hash', 'hostname', 'password', 'pathname', 'port', 'protocol', 'search', 'username'].map((name) => [name, ['', [['0', '']]]]));
const stated = new Map([
    ['[{"search":"*"}] on [{"search":"??a"}]: exec', { ...empty, search: ['?a', [['0', '?a']]] }],
    ['[{"search":":all"}] on [{"search":"??a"}]: exec', { ...empty, search: ['?a', [['all', '?a']]] }],
    ['[{"search":"(.*)"}] on [{"search":"??a"}]: exec', { ...empty, search: ['?a', [['0', '?a']]] }],
    ['["*://*/*"] on ["not a url"]: test', false],
    ['["*://*/*"] on ["not a url"]: exec', 'none'],
    ['[{}] on ["not a url"]: test', false],
    ['[{}] on ["not a url"]: exec', 'none'],
    ['test(https://a/,{})', false],
    ['exec(https://a/,{})', 'none'],
    ['inputs of exec(https://a/,{})', undefined],
    ['the prototype of groups', true],
]);
for (const text of ['1', 'a']) {
    stated.set(`test(${text})`, false);
    stated.set(`exec(${text})`, 'none');
    stated.set(`inputs of exec(${text})`, undefined);
}
for (const [value, text, path] of [['5', '5', '5'], ['null', 'null', 'null'], ['{}', '[object Object]', '[object%20Object]']]) {
    stated.set(`new URLPattern({"pathname":${value}})`, `* | * | * | * | * | ${path} | * | *`);
    stated.set(`exec({"pathname":${value}})`, { ...empty, pathname: [path, [['0', path]]] });
    stated.set(`inputs of exec({"pathname":${value}})`, [{ pathname: text }]);
}

const components = ['protocol', 'username', 'password', 'hostname', 'port', 'pathname', 'search', 'hash'];
const shape = (pattern) => components.map((name) => pattern[name]).join(' | ');
const groupsOf = (result) =>
    result === null ? 'none' : Object.fromEntries(components.map((name) => [name, [result[name].input, Object.entries(result[name].groups).sort()]]));
const say = (value) => JSON.stringify(value);

// A pattern, and what it is tried on.
function tryAll(args, inputs) {
    const name = say(args);
    see(`${name}: written out`, () => shape(new URLPattern(...args)));
    see(`${name}: hasRegExpGroups`, () => new URLPattern(...args).hasRegExpGroups);
    for (const input of inputs) {
        const given = Array.isArray(input) ? input : [input];
        see(`${name} on ${say(given)}: test`, () => new URLPattern(...args).test(...given));
        see(`${name} on ${say(given)}: exec`, () => groupsOf(new URLPattern(...args).exec(...given)));
    }
}

// ---- one component

const paths = ['/foo', '/foo/', '/foo/bar', '/foo/bar/baz', '/foo/index.html', '/', '', 'foo', '/foobar', '/FOO', '/foo%20bar', '/fo%C3%B6', '/ö', '/a.b', '/a/../b', '/foo/123'];
const pathPatterns = [
    '/foo', '/foo/', '/foo/bar', '/:name', '/:a/:b', '/foo/:bar', '/foo/:bar?', '/foo/:bar+', '/foo/:bar*', '/foo/*', '/foo*', '*', '/*', '', '/',
    '/foo/(.*)', '/foo/(\\d+)', '/(foo|bar)', '/foo/([^\\/]+?)', '/foo{/bar}?', '/foo{/:bar}*', '/foo{/:bar}+', '{/foo}', '/{foo}', '/{foo}?bar', '{/a-:x-b}', '/:a.:b', '/:file.html', '/foo/:id(\\d+)', '/foo/:id(\\d+)?',
    '/:a(.*)', '/foo/*/baz', '/*/*', '/\\:foo', '/foo\\?', '/ö', '/%C3%B6', '/foo bar', '/a/../b', '/./a', 'foo', ':foo', '/foo/(?:bar)', '/:ünder', '/:$a_1', '/a{b{c}', '/a)', '/(a', '/:', '/::a', '/{:a', '/a*b', '/a**', '/(a)(b)', '/(a)?', '/{(a)}+', '/:a:b', '/{:a}{:b}', '/:a{b}', '/{a}:b', '/:a/:a', '/(ö)', '/(?a)', '/()', '/[a]', '/a|b', '/a.b', '/a$', '/a^', '/+', '/a+', '/a?', '/?',
];
for (const pathname of pathPatterns) tryAll([{ pathname }], paths.map((path) => ({ pathname: path })));

const hosts = ['example.com', 'www.example.com', 'a.b.example.com', 'EXAMPLE.com', 'xn--fa-hia.de', 'faß.de', 'localhost', '127.0.0.1', '[::1]', '', 'exa mple.com', 'example.com.'];
for (const hostname of ['example.com', '*.example.com', ':sub.example.com', '{:sub.}?example.com', '(www|api).example.com', '*', 'faß.de', 'EXAMPLE.COM', '[\\:\\:1]', '[::1]', '{[:num]}', 'a/b', 'a b', 'bad#hash', 'example.com:80', ':a.:b', '*.*', '(.*)', 'x{y}z', '\\:x', 'caf%C3%A9.com', 'xn--caf-dma.com', '', 'a@b', 'a<b', '127.0.0.1', '127.1'])
    tryAll([{ hostname }], hosts.map((host) => ({ hostname: host })));
for (const protocol of ['https', 'http{s}?', ':scheme', '*', 'data', 'HTTPS', 'http(s?)', 'https:', 'javascript', 'ht tp', '', 'café', '(https|ftp)', 'ws', '\\http', 'foo-bar+1.2'])
    tryAll([{ protocol }], ['https', 'http', 'data', 'ftp', 'HTTPS', '', 'ws', 'https:', 'foo-bar+1.2', 'javascript', '-x'].map((value) => ({ protocol: value })));
for (const port of ['80', '443', '', '*', ':p', '8080', '(\\d+)', '80{80}?', '65536', '99999', 'abc', '08', '{8}0', ' 80', '80 '])
    tryAll([{ port }], ['80', '443', '', '8080', '65535', '65536', 'x', '080', '80x'].map((value) => ({ port: value })));
for (const search of ['a=1', '?a=1', '*', ':all', 'q=:q', 'q=:q&*', '', '(.*)', 'a=ö', 'a b', '{a=:v}?', '??a', 'a=%C3%B6', 'q=\\:q'])
    tryAll([{ search }], ['a=1', '?a=1', 'q=cat', 'q=cat&x=1', '', 'a=ö', 'a=%C3%B6', 'a b', '??a'].map((value) => ({ search: value })));
for (const hash of ['top', '#top', '*', ':id', '', 'ä', '(\\w+)', '##x', 'a b', '%20'])
    tryAll([{ hash }], ['top', '#top', '', 'ä', '%C3%A4', '##x', 'a b', '%20'].map((value) => ({ hash: value })));
for (const name of ['username', 'password'])
    for (const value of ['me', ':who', '*', '', 'ü', 'a:b', 'a@b', '(a|b)', '%40']) tryAll([{ [name]: value }], ['me', 'you', '', 'ü', '%C3%BC', 'a:b', 'a@b', '%40'].map((input) => ({ [name]: input })));

// ---- whole URLs

const urls = [
    'https://example.com/', 'https://example.com/foo', 'https://example.com/foo/bar?q=1#h', 'http://example.com:8080/foo', 'https://user:pass@example.com/x', 'https://sub.example.com/a/b', 'data:text/plain,x', 'file:///foo/bar', 'https://example.com:443/foo',
    'not a url', ['/foo', 'https://example.com'], ['?q=1', 'https://example.com/a'], ['x', 'not a base'], { pathname: '/foo', baseURL: 'https://example.com/a/b' }, { protocol: 'https', hostname: 'example.com' }, { search: 'q', baseURL: 'https://example.com/foo?x' }, {},
];
const strings = [
    'https://example.com/', 'https://example.com/*', 'https://example.com/:path', 'https://*.example.com/*', 'http{s}?://example.com/foo', '*://*/*', 'https://example.com/foo?q=*', 'https://example.com/foo?q=:q#:h', 'https://example.com:8080/*', 'http://example.com:*/foo', 'https://:user:pass@example.com/*', 'https://user\\:pass@example.com/*',
    'data\\:text/plain,*', 'data:text/plain,*', 'file:///foo/*', 'https://example.com', 'https://example.com?foo', 'https://example.com#foo', 'https://{sub.}?example.com/*', 'https://(sub|www).example.com/*', '(https|http)://example.com/*', 'https://[::1]/*', 'https://[\\:\\:1]/:x', 'https://example.com/foo\\?bar', 'https://example.com/(foo)?bar', 'https://example.com/:foo?bar', 'https://example.com/:foo\\?bar', 'https://example.com/{foo}?bar', 'https://example.com/*?bar', 'https://example.com/*\\?bar',
    'https://example.com:443/*', 'http://example.com:80/*', 'foo://bar/*', 'foo:bar', 'https://exam ple.com/', 'https://example.com/a b', 'https{://}example.com', '://example.com', '/foo', '', ':protocol://:host/:path', 'javascript:*', 'https://example.com/%zz', 'https://ex%41mple.com/', 'https://example.com/?:a=:b', 'https://example.com{/:id}?', 'https://a@example.com/', 'https://a:b@example.com/', 'https://:a@b/', 'https://example.com:80x/', '{https}://example.com/',
];
for (const string of strings) tryAll([string], urls);
for (const string of ['/foo', '/:a', '*', '?q=:q', '#h', './x', '../x', ':a', '', '//other.example/x', 'https://other.example/*', '{a}', 'foo/*'])
    for (const base of ['https://example.com', 'https://example.com/a/b?c#d', 'data:text/plain,x', 'not a base', 'https://user:pass@example.com:8080/']) tryAll([string, base], urls.slice(0, 12));
for (const init of [
    {}, { baseURL: 'https://example.com' }, { baseURL: 'https://example.com/a/b?q#h' }, { pathname: 'x', baseURL: 'https://example.com/a/b' }, { pathname: '/x', baseURL: 'https://example.com/a/b?q' }, { search: 's', baseURL: 'https://example.com/a?b#c' }, { hash: 'h', baseURL: 'https://example.com/a?b' }, { hostname: 'h', baseURL: 'https://example.com/a' },
    { protocol: 'http', port: '80' }, { protocol: 'https', port: '443', hostname: 'example.com' }, { protocol: 'http{s}?', port: '80' }, { port: '80' }, { protocol: 'data', pathname: 'x' }, { protocol: 'foo', pathname: 'a b' }, { protocol: '(data|javascript)', pathname: 'var x = 1;' }, { protocol: '(https|javascript)', pathname: 'var x = 1;' }, { hostname: '*.com', pathname: '/:a', search: 'x' }, { baseURL: 'nothing' }, { pathname: '/a:b?', baseURL: 'https://a(b)/' }, { pathname: '{/x}', baseURL: 'https://e.com/a/' },
    { username: 'u', password: 'p', hostname: 'h' }, { pathname: '*/x' }, { pathname: '/x', search: '', hash: '' }, { pathname: undefined, search: 'x' }, { pathname: '/{a}/{b}', hostname: '{a}.{b}' },
])
    tryAll([init], urls);

// ---- options, arguments, the class

for (const ignoreCase of [true, false, undefined]) {
    tryAll([{ pathname: '/FOO/:Bar' }, { ignoreCase }], [{ pathname: '/foo/x' }, { pathname: '/FOO/X' }, { pathname: '/Foo/ö' }]);
    tryAll(['https://example.com/Foo?Q#H', { ignoreCase }], ['https://example.com/foo?q#h', 'https://EXAMPLE.com/Foo?Q#H']);
    tryAll(['/Foo?Q', 'https://example.com', { ignoreCase }], ['https://example.com/foo?q', 'https://example.com/Foo?Q']);
}
for (const args of [[], [undefined], [null], [1], ['a'], [{}, 'https://example.com'], [{}, {}], ['https://a/', {}], ['/a', 'https://a/', {}], ['/a', null], [{ pathname: 5 }], [{ pathname: null }], [{ pathname: {} }], ['https://a/', undefined], ['/a', 'https://a/', null], [[]], [() => {}], [Symbol.iterator]]) {
    const name = args.map((arg) => (typeof arg === 'object' && arg !== null ? JSON.stringify(arg) : String(arg))).join();
    see(`new URLPattern(${name})`, () => shape(new URLPattern(...args)));
    see(`test(${name})`, () => new URLPattern().test(...args));
    see(`exec(${name})`, () => groupsOf(new URLPattern().exec(...args)));
    see(`inputs of exec(${name})`, () => new URLPattern().exec(...args)?.inputs);
}
see('no new', () => URLPattern({}));
see('tag and name', () => [URLPattern.prototype[Symbol.toStringTag], URLPattern.name, URLPattern.length]);
see('members', () => Object.keys(Object.getOwnPropertyDescriptors(URLPattern.prototype)).filter((key) => key !== 'constructor').sort());
see('read-only', () => {
    new URLPattern().pathname = 'x';
});
see('test on another object', () => URLPattern.prototype.test.call({}, 'x'), { threw: 'TypeError TypeError' });
see('groups that took no part are undefined', () => {
    const { groups } = new URLPattern({ pathname: '/(a)?/:b?' }).exec({ pathname: '/' })?.pathname ?? {};
    return groups && [Object.keys(groups), groups[0], groups.b];
});
see('the prototype of groups', () => Object.getPrototypeOf(new URLPattern().exec('https://a/').pathname.groups) === Object.prototype);
see('names that objects have', () => groupsOf(new URLPattern({ pathname: '/:constructor/:toString/:hasOwnProperty' }).exec({ pathname: '/a/b/c' })));
see('many groups', () => Object.keys(new URLPattern({ pathname: '/:a/:b/:c/:d/:e/:f/:g/:h/:i/:j/:k/:l' }).exec({ pathname: '/1/2/3/4/5/6/7/8/9/10/11/12' }).pathname.groups).length);
for (const input of [{ pathname: '/a', protocol: 'bad scheme' }, { port: 'x' }, { hostname: 'a b' }, { baseURL: 'x' }, 'http://[', { protocol: 'https', pathname: 'a' }, { protocol: 'data', pathname: 'a' }])
    see(`input ${say(input)}`, () => groupsOf(new URLPattern().exec(input)));
