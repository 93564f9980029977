// SPDX-License-Identifier: MIT
// Parsing of URLs: every part of a URL with everything that may stand there, and relative ones on every kind of base.
// Compared with the reference implementation of the standard.

export const reference = 'whatwg-url';
export const cases = [];

const parts = ['href', 'origin', 'protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search', 'hash'];

function look(input, base) {
    let url;
    try {
        url = base === undefined ? new URL(input) : new URL(input, base);
    } catch (error) {
        return error instanceof TypeError ? 'TypeError' : String(error);
    }
    return parts.map((part) => url[part]).concat([...url.searchParams].flat());
}

const seen = new Set();
function see(input, base) {
    const name = JSON.stringify(base === undefined ? [input] : [input, base]);
    if (seen.has(name)) return;
    seen.add(name);
    cases.push([name, () => look(input, base)]);
}

const hosts = [
    'example.com', 'EXAMPLE.com', 'a', 'a.b.c', 'a.b.', 'a..b', '.a', '.', '..', '-a-', 'a_b', 'a~b', 'a!b', "a'b", 'a*b', 'a$b',
    'a&b', 'a(b)', 'a+b', 'a,b', 'a;b', 'a=b', 'a b', 'a%20b', 'a%', 'a%4', 'a%41', 'a%zz', '%41%42', 'a%2eb', 'a%00b', 'a%2Fb',
    'a<b', 'a>b', 'a^b', 'a|b', 'a"b', 'a`b', 'a{b', 'a}b', 'a\u0000b', 'a\u0001b', 'a\u007fb', 'a\tb', 'a\nb', 'a[b', 'a]b', '[',
    '[]', '[::]', '[::1]', '[1::]', '[1:2:3:4:5:6:7:8]', '[1:2:3:4:5:6:7]', '[1:2:3:4:5:6:7:8:9]', '[::1.2.3.4]', '[::1.2.3]',
    '[::1.2.3.256]', '[::ffff:1.2.3.4]', '[1:0:0:2::]', '[1:0:0:0:2:0:0:3]', '[0:0:1::]', '[::g]', '[:1]', '[1:]', '[1::2::3]',
    '[::1%eth0]', '[::00001]', '[ABCD:EF01::]', '[::1]x', '[1:2:3:4:5:6:1.2.3.4]', '[::01.2.3.4]', '[v1.a]', '[::.1.2.3]', '[1.2.3.4]',
    '1.2.3.4', '1.2.3', '1.2', '1', '0', '0x7f.1', '0x7F000001', '017700000001', '1.2.3.4.5', '256.1.1.1', '1.256.1.1', '1.2.3.256',
    '1.2.65536', '1.16777216', '4294967295', '4294967296', '0x100000000', '1.2.3.4.', '1.2.3.4..', '1..2', '0x', '0x.0x', '08', '09.1',
    '0xg', '1.2.3.x', 'x.1', 'x.0x1', 'x.1e2', 'a.09', 'a.0b', '1.0x', '00000000000000000000000000000001', '٣.٤.٥.٦', '１.２.３.４',
    'ä.de', 'Ä.DE', 'straße.de', 'faß', 'ﬀ', '日本語', '日本語。jp', 'a．b', 'xn--', 'xn--a', 'xn--4ca', 'XN--4CA', 'xn--a-ecp.ru',
    'xn--zn7c.com', 'xn--fa-hia', 'a\u00adb', '\u00ad', 'a\u200bb', 'a\u200cb', 'a\u200db', 'ab\u0301', 'á', '\u0301a', 'א', 'אa', 'aא',
    'א1', '1א', 'a.א', '٠a', '\u06ddא', '🙂', '👨‍👩‍👧', 'a\ud800b', '\ufdd0', '\uffff', '\ufeffa', 'ℂ', '％４１', '%EF%BC%85%EF%BC%94%EF%BC%91',
    '%C3%A4', '%ff', 'a%C2%ADb', 'ə', 'ǆ', 'ſ', 'K', 'İ', 'ı', '‥', '…', '①', '⒈', '㏕', '。', '．', 'a--b', 'ab--c', 'xn--ab--c', '--',
    `${'a'.repeat(63)}.com`, `${'a'.repeat(64)}.com`, `${'ä'.repeat(60)}.com`, 'localhost', 'LocalHost', 'loc%61lhost', 'C|', 'C:', 'c|',
];
for (const host of hosts) {
    for (const scheme of ['http', 'foo', 'file', 'wss']) {
        see(`${scheme}://${host}/p`);
        see(`${scheme}://${host}`);
    }
    see(`http://u:p@${host}:81/p?q#f`);
    see(`http://${host}:80`);
    see(`//${host}/x`, 'https://b.org:8080/c');
    see(`//${host}`, 'foo://b/c');
    see(`\\\\${host}\\x`, 'file:///C:/d');
}

const schemes = ['http', 'https', 'ws', 'wss', 'ftp', 'file', 'data', 'javascript', 'mailto', 'blob', 'about', 'foo', 'HTTP', 'FiLe', 'a+b-c.d', 'h1', '1h', '+a', 'ht tp', 'hä', '', 'h\tt\ntp', 'gopher', 'urn', 'view-source', 'non-special'];
const afterScheme = ['', ':', ':/', '://', ':///', '::', ':\\', ':\\\\', ':/\\', ':\\/', ':////', ': ', ':?', ':#', '/', ':@', '://@', '://:@', '://a@', '://:', '://?', '://#', ':/..', ':/.//', ':.//', ':..//x'];
const tails = ['', 'x', 'x/y', 'a@b', 'a:b@c', 'a:1', 'C|/d', 'C:/d', 'C:\\d', '?q', '#f', '/', '\\', '..', './.'];
for (const scheme of schemes) {
    for (const after of afterScheme) {
        for (const tail of tails) see(`${scheme}${after}${tail}`);
        for (const tail of ['', 'x', 'C|']) {
            see(`${scheme}${after}${tail}`, 'http://base.org/a/b?c#d');
            see(`${scheme}${after}${tail}`, 'file:///E:/a/b');
        }
    }
}

const paths = [
    '', '/', '//', '///', '/a', '/a/', '/a/b', '/a//b', '/.', '/..', '/./', '/../', '/a/.', '/a/..', '/a/./b', '/a/../b', '/a/../../b',
    '/a/%2e', '/a/%2e%2e', '/a/%2E.', '/a/.%2e/b', '/%2e%2E/', '/a/...', '/a b', '/a%20b', '/a%zz', '/a%', '/ä', '/日本', '/\u0000', '/\u001f',
    '/\u007f', '/"', '/<', '/>', '/`', '/{', '/}', '/|', '/^', '/[', '/]', '/\\', '/a\\b', '/a\\..\\b', "/'", '/!$&()*+,;=:@~-._', '/\t/', '/\na',
    '/a;b=c', '/🙂', '/\ud83d', '/\udc00x', '/\ufffe', '/C:', '/C|', '/C|/..', '/c:/../..', '/C:a', '/CC:', '/C|a', '//C:/x', '/./C|/x', '/%43:/',
    '/.//p', '/..//p', '/a/..//p', '/%2e//p', '//a/../b', '/a/%2e%2e/%2e', '/\u00a0', '/\u3000', '/a%00', '/ ', '/a ', '/%ZZ%41', '/a?', '/a#',
];
const authorities = ['http://h', 'foo://h', 'file://', 'file://h', 'foo:', 'foo:/', 'http:', 'javascript:', 'ws://h:1', 'foo://', 'data:'];
for (const path of paths) {
    for (const authority of authorities) see(authority + path);
    for (const base of ['http://h/x/y?q#f', 'foo://h/x/y', 'file:///C:/x/y', 'file:///x/y', 'foo:/x/y', 'foo:x', 'data:text', 'foo://h', 'file://h/C:/y']) {
        see(path, base);
        see(path.slice(1), base);
    }
}

const marks = ['', '?', '#', '?#', '??', '##', '?a=b', '?a=b&c', '?a b', "?'", '?"', '?<>', '?`', '?{}', '?|^', '?[]', '?\\', '?ä', '?\u0000', '?\u007f', '?%', '?%zz', '?+%2B', '?a#b?c', '#a b', '#"<>`', '#{}|^', '#ä', '#\u0000', '#%', '#a#b', '?\ud800', '#\udfff', '?🙂', '#🙂', '?\t\n', '#\t\n', '?a=1&a=2&=&&b', '? ', '# ', ' ?', ' #', ' ', '%20 ', ' ?q ', ' #f '];
for (const mark of marks) {
    for (const stem of ['http://h/p', 'http://h', 'foo://h/p', 'foo:p', 'foo:', 'file:///p', 'data:x', 'data:x ', 'wss://h', 'mailto:a@b', 'javascript:a()']) see(stem + mark);
    for (const base of ['http://h/p?q#f', 'foo:p?q#f', 'file:///p?q#f', 'foo://h/p?q', 'about:blank']) see(mark, base);
}

const users = ['', 'u', 'u:', ':p', 'u:p', 'u:p:q', 'u@v', 'u:p@v', 'ä:ö', 'a b:c d', '%41:%', "u'\"<>:p", 'u;=:p;=', 'u[]:p', 'u^|:p', 'u\\', 'u/', 'u?', 'u#', '🙂:\ud800', 'u\u0000:\u007f', '@', ':', '::', ':@:'];
const ports = ['', ':', ':0', ':1', ':80', ':443', ':21', ':8080', ':65535', ':65536', ':99999999999', ':00080', ':0000000000000000000001', ':-1', ':a', ':8a', ':1 ', ':1\t2', ':１', ':80/', ':80\\', ':80?', ':80#', '::80', ':80:80'];
for (const scheme of ['http', 'https', 'ws', 'wss', 'ftp', 'foo', 'file']) {
    for (const user of users) see(`${scheme}://${user}@h/`);
    for (const port of ports) see(`${scheme}://h${port}`);
}
for (const user of users) for (const port of ports) see(`http://${user}@h${port}`);

for (const inner of ['https://a.b:1/c', 'http://a:80/', 'ftp://a/', 'file:///x', 'blob:https://a/', 'x', '', 'https://ä/', 'ws://a', ' https://a']) see(`blob:${inner}`);

const blanks = ['\u0000', '\u0001', '\u001f', ' ', '\t', '\n', '\r', '\u00a0', '\ufeff', '\u2028'];
for (const blank of blanks) {
    for (const input of ['http://h/p', 'foo:p', '//h', 'a', 'h']) {
        see(blank + input, 'http://b/c');
        see(input + blank, 'http://b/c');
        see(blank + input);
        see(input.slice(0, 2) + blank + input.slice(2), 'http://b/c');
    }
}
for (const base of ['', 'x', '//h', 'http:', 'http://', 'foo:', ' http://h ', 'about:blank', 'mailto:a', 'data:,x', 'foo://h?q#f', 'file:', 'file:///C|/', 'blob:https://h/x']) {
    for (const input of ['', '#', '#f', '?', '?q', '/', '/x', 'x', '..', '//x', 'http:', 'http:x', 'https:x', 'foo:', 'foo:x', 'file:', 'file:x', 'C|/x', '/C|/x', '//C:/x', '\\x', 'x:y']) see(input, base);
}

for (const input of ['http://a', 'a', '', '//x', 'foo:', 'http://']) {
    for (const base of [undefined, 'http://b', 'x', 'foo:bar', 'foo://b']) {
        cases.push([`URL.canParse ${JSON.stringify([input, base])}`, () => URL.canParse(input, base)]);
        cases.push([`URL.parse ${JSON.stringify([input, base])}`, () => URL.parse(input, base)?.href ?? null]);
    }
}
