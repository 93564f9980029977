// SPDX-License-Identifier: MIT
// Assignments to every part of every kind of URL. Compared with the reference implementation of the standard.

export const reference = 'whatwg-url';
export const cases = [];

const urls = [
    'http://u:p@h.com:8080/a/b?q=1#f', 'https://h.com/', 'file:///C:/a', 'file://host/a', 'foo://h/a', 'foo://u:p@h:1/a?q#f', 'foo:/a/b',
    'foo:opaque', 'foo:opaque ?q#f', 'mailto:a@b.c', 'javascript:x', 'data:text/plain,x#f', 'ws://h/', 'http://1.2.3.4/', 'http://[::1]:3/',
    'foo:///a', 'foo:/.//a', 'blob:https://h/x', 'ftp://h:21/', 'http://ä.de/ö?ü#ß',
];
const values = {
    protocol: ['http', 'https', 'https:', 'wss', 'foo', 'file', 'ftp', 'HTTP', 'h ttp', '', '1x', 'foo:bar', 'https://x', 'ä', 'a+b', 'ws:'],
    username: ['', 'me', 'a b', 'ä', 'a:b', 'a@b', '%41', '/', '\u0000', '🙂', '\ud800'],
    password: ['', 'me', 'a b', 'ä', 'a:b', 'a@b', '%41', '?#', '\u0001'],
    host: ['', 'x', 'x:1', 'x:80', 'x:443', 'x:', ':1', 'x:a', 'x:1a', 'x:99999', 'x/y', 'x?y', 'x#y', 'x\\y', 'u@x', '[::1]:2', '[::1', 'a b', 'ä', 'a%41', 'a<b', '1.2.3', '0x7f.1', 'x\t\n', '/', 'xn--a', 'a^b', 'C:', 'x:65536', '::1'],
    hostname: ['', 'x', 'x:1', ':1', 'x/y', 'x?y', 'x#y', 'x\\y', 'u@x', '[::1]', 'a b', 'ä', '%41', 'a|b', '1', '256', 'localhost', 'x\n', '.', '-'],
    port: ['', '1', '80', '443', '21', '8080', '0', '65535', '65536', '00090', 'a', '1a', 'a1', ' 1', '1 ', '-1', '1.5', '90/x', '90?x', '90#x', '9\t0', '１'],
    pathname: ['', '/', 'x', '/x', '//x', '///x', '.', '..', '/../x', '/a/../b', 'a b', 'ä', '?', '#', '\\x', '/%2e%2e/x', 'C|/x', '/C|/..', '%', '\u0000', '\t/x', '/.//x', '[', '"<>`{}^|'],
    search: ['', '?', 'a', '?a', '??a', 'a b', "'", '"<>', 'ä', '#', 'a#b', '%', 'a=1&b=2', '\t', '\u0000', '\ud800', ' '],
    hash: ['', '#', 'a', '#a', '##a', 'a b', '"<>`', 'ä', '?', '%', '\t', '\u0000', '{}', ' '],
    href: ['http://x/', 'foo:bar', '', 'x', '//x', 'file:///y?z#w', 'http://', ' http://y '],
};

for (const url of urls) {
    for (const part of Object.keys(values)) {
        for (const value of values[part]) {
            cases.push([
                `${url} ${part} = ${JSON.stringify(value)}`,
                () => {
                    const it = new URL(url);
                    const params = it.searchParams;
                    it[part] = value;
                    return [it.href, it.origin, it.host, it.port, it.pathname, it.search, it.hash, [...params], params === it.searchParams];
                },
            ]);
        }
    }
}
