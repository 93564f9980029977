// SPDX-License-Identifier: MIT
// t-refusals.mjs - what the program that fetches lets through and what it refuses, asked directly: requests here are
// what a worker sends that no parser of the sandbox has tidied up. Each case is a request, and the reason and a part of
// the message it is refused with; or the path and query that a server on loopback gets to see.
import { ask, done, echo, ok, serve } from './lib.mjs';

const { port } = await serve(echo);
await serve(echo, { host: '127.0.0.9', port });
const six = await serve(echo, { host: '::1' }).catch(() => null);
const P = port;

const rules = {
    allow: [
        { host: '127.0.0.1', ports: [P], schemes: ['https', 'http'], allowPrivate: true },
        { host: '[::1]', ports: [six?.port ?? P], schemes: ['https', 'http'], allowPrivate: true },
        {
            host: 'localhost',
            ports: [P],
            schemes: ['https', 'http'],
            allowPrivate: true,
            paths: ['/v1/**', '/files/*.txt', '/one', '/caf%C3%A9/*'],
        },
        { host: '127.0.0.9', ports: [P], schemes: ['https', 'http'], allowPrivate: true, methods: ['get', 'Delete'] },
        { host: '10.1.2.3' },
        { host: '169.254.169.254', schemes: ['https', 'http'], allowPrivate: true },
        { host: '[fe80::1]', schemes: ['https', 'http'], allowPrivate: true },
        { host: '[::ffff:127.0.0.1]', schemes: ['https', 'http'], allowPrivate: true, ports: [P] },
        { host: '0.0.0.0', schemes: ['https', 'http'], allowPrivate: true, ports: [P] },
        { host: '224.0.0.1', schemes: ['https', 'http'], allowPrivate: true },
        'api.example.com',
        { host: '*.example.org', ports: [443, 8443], methods: ['GET'], headers: { 'x-key': 'k' } },
        { host: 'xn--bcher-kva.example' },
        {
            host: '127.0.0.9',
            ports: [P],
            schemes: ['https', 'http'],
            allowPrivate: true,
            methods: ['POST'],
            allowHeaders: ['X-HTTP-Method-Override', 'x-forwarded-for'],
        },
    ],
    maxRequestBodyBytes: 1000,
};

const base = `http://127.0.0.1:${P}`;
const local = `http://localhost:${P}`;
const sent = (url, path, more = {}) => [url, { path, ...more }];
const no = (url, reason, text, more = {}) => [url, { reason, text, ...more }];
const headers = (...list) => ({ request: { headers: list } });
const h = (name, value, text, reason = 'header') => no(`${base}/`, reason, text, headers([name, value]));
const reserved = (url, what) => no(url, 'address', what);

const cases = {
    arguments: [
        no(5, 'argument', 'the URL is no text'),
        no(null, 'argument', 'the URL is no text'),
        no(`${base}/`, 'argument', 'the method is no text', { request: { method: 1 } }),
        no(`${base}/`, 'argument', 'the method is no text', { request: { method: undefined } }),
        no(`${base}/`, 'argument', 'no HTTP method', { request: { method: '' } }),
        no(`${base}/`, 'argument', 'no HTTP method', { request: { method: 'GET /x HTTP/1.1\r\nHost: evil' } }),
        no(`${base}/`, 'argument', 'no HTTP method', { request: { method: 'GE T' } }),
        no(`${base}/`, 'argument', 'no HTTP method', { request: { method: 'A'.repeat(33) } }),
        no(`${base}/`, 'argument', 'CONNECT is never allowed', { request: { method: 'CONNECT' } }),
        no(`${base}/`, 'argument', 'trace is never allowed', { request: { method: 'trace' } }),
        no(`${base}/`, 'argument', 'TRACK is never allowed', { request: { method: 'TRACK' } }),
        no(`${base}/`, 'argument', 'redirect is none of', { request: { redirect: 'all' } }),
        no(`${base}/`, 'argument', 'the headers are no list', { request: { headers: {} } }),
        no(`${base}/`, 'argument', 'no pair of texts', { request: { headers: [['a']] } }),
        no(`${base}/`, 'argument', 'no pair of texts', { request: { headers: [['a', 1]] } }),
        no(`${base}/`, 'argument', 'no pair of texts', { request: { headers: ['ab'] } }),
        no(`${base}/`, 'argument', 'a GET has no body', { request: { body: 'x' } }),
        no(`${base}/`, 'argument', 'a HEAD has no body', { request: { method: 'HEAD', body: 'x' } }),
        no(`${base}/`, 'argument', 'neither text nor bytes', { request: { method: 'POST', body: { $type: 'File' } } }),
        no(`${base}/`, 'argument', 'not base64', {
            request: { method: 'POST', body: { $type: 'Uint8Array', base64: 'a' } },
        }),
        no(`${base}/`, 'argument', 'not base64', {
            request: { method: 'POST', body: { $type: 'Uint8Array', base64: 'a===' } },
        }),
        no(`${base}/`, 'argument', 'not base64', {
            request: { method: 'POST', body: { $type: 'Uint8Array', base64: 'YQ\u0000=' } },
        }),
        no(`${base}/`, 'size', 'longer than 1000 bytes', { request: { method: 'POST', body: 'x'.repeat(1001) } }),
        sent(`${base}/b`, '/b', { request: { method: 'POST', body: 'x'.repeat(1000) } }),
    ],
    headers: [
        h('host', 'evil.example', 'host cannot be set'),
        h('Host', 'evil.example', 'Host cannot be set'),
        h('content-length', '0', 'framing'),
        h('Transfer-Encoding', 'chunked', 'framing'),
        h('trailer', 'x', 'framing'),
        h('te', 'trailers', 'framing'),
        h('connection', 'close, x-a', 'one hop'),
        h('keep-alive', '1', 'one hop'),
        h('upgrade', 'websocket', 'one hop'),
        h('expect', '100-continue', 'one hop'),
        h('http2-settings', 'AAA', 'one hop'),
        h('proxy-authorization', 'x', 'proxies'),
        h('Proxy-Connection', 'x', 'proxies'),
        h('via', 'x', 'proxies'),
        h('forwarded', 'for=1', 'proxies'),
        ...[
            'x-forwarded-host',
            'X-Forwarded-For',
            'X-HTTP-Method-Override',
            'x-http-method',
            'x-method-override',
            'X-Original-URL',
            'x-rewrite-url',
        ].map((name) => h(name, 'DELETE', 'does not name it in allowHeaders')),
        no(`http://127.0.0.9:${P}/`, 'header', 'allowHeaders', headers(['x-http-method-override', 'PUT'])),
        sent(`http://127.0.0.9:${P}/over`, '/over', {
            request: {
                method: 'POST',
                headers: [
                    ['x-http-method-override', 'PUT'],
                    ['X-Forwarded-For', '::1'],
                ],
            },
            saw: { 'x-http-method-override': 'PUT', 'x-forwarded-for': '::1' },
        }),
        no(`http://127.0.0.9:${P}/over`, 'header', 'x-rewrite-url', {
            request: { method: 'POST', headers: [['x-rewrite-url', '/admin']] },
        }),
        h('x-a', 'a\r\nx-b: c', 'line break'),
        h('x-a', 'a\nx-b: c', 'line break'),
        h('x-a', 'a\rb', 'line break'),
        h('x-a', 'a\u0000b', 'line break'),
        h('x-a', 'a\u007fb', 'control character'),
        h('x-a', 'a\u001bb', 'control character'),
        h('x-a', 'a\u0100b', 'no byte'),
        h('x-a', '\ud800', 'no byte'),
        h('x-a', 'a\u010ab', 'no byte'), // whose low byte is a line break
        h('x a', 'b', 'name that is none'),
        h('x-a:', 'b', 'name that is none'),
        h('x-a\r\nhost', 'b', 'name that is none'),
        h('', 'b', 'name that is none'),
        h(':authority', 'evil', 'name that is none'),
        h('x-\u00e9', 'b', 'name that is none'),
        h('x-a\u0000', 'b', 'name that is none'),
        no(`${base}/`, 'header', 'more than', {
            request: { headers: Array.from({ length: 257 }, (_, i) => [`x-${i}`, '']) },
        }),
        no(`${base}/`, 'header', 'more than', { request: { headers: [['x-a', 'v'.repeat(70000)]] } }),
        sent(`${base}/`, '/', {
            ...headers(['x-a', ' b\t'], ['x-e', ''], ['x-l', 'caf\u00e9']),
            saw: { 'x-a': 'b', 'x-e': '', 'x-l': 'caf\u00e9' },
        }),
        sent(`${base}/`, '/', {
            ...headers(['cookie', 'a=b'], ['authorization', 'x'], ['User-Agent', 'me']),
            saw: { cookie: 'a=b', authorization: 'x', 'user-agent': 'me' },
        }),
    ],
    URLs: [
        no('', 'url', 'no scheme'),
        no('/path', 'url', 'no scheme'),
        no('//127.0.0.1/', 'url', 'no scheme'),
        no('127.0.0.1', 'url', 'no scheme'),
        no('http:', 'url', 'no host'),
        no('http:/127.0.0.1/', 'url', 'no host'),
        no(`http:///127.0.0.1:${P}/`, 'url', 'no host'),
        no('http:127.0.0.1', 'url', 'no host'),
        no('http://', 'url', 'no host'),
        no('https://?x', 'url', ''),
        no('https://#x', 'url', ''),
        no('https://:443/', 'url', ''),
        no(`http://127.0.0.1:${P}\\@evil.example/`, 'url', 'backslash'),
        no('http:\\\\127.0.0.1/', 'url', 'backslash'),
        no(`${base}/a b`, 'url', 'blank'),
        no(`${base}/a\r\nb`, 'url', 'blank'),
        no(`${base}/a\tb`, 'url', 'blank'),
        no(`${base}/a\u0000b`, 'url', 'blank'),
        no(`${base}/\u00e9`, 'url', 'beyond ASCII'),
        no('https://b\u00fccher.example/', 'url', 'beyond ASCII'),
        no('https://\uff41pi.example.com/', 'url', 'beyond ASCII'),
        no('https://api.example.com\u3002evil/', 'url', 'beyond ASCII'),
        no(`${base}/${'a'.repeat(17000)}`, 'url', 'longer than'),
        no('http://127.0.0.1:0/', 'url', ''),
        no('http://127.0.0.1:65536/', 'url', ''),
        no('http://127.0.0.1:99999999999/', 'url', ''),
        no('http://127.0.0.1:8o/', 'url', ''),
        no('http://127.0.0.1:-1/', 'url', ''),
        no('https://api.example.com./', 'url', 'ends in a dot'),
        no(`http://127.0.0.1.:${P}/`, 'url', 'ends in a dot'),
        no('https://api..example.com/', 'url', 'neither a name nor'),
        no('https://.example.com/', 'url', 'neither a name nor'),
        no(`https://${'a'.repeat(64)}.example.org/`, 'url', 'neither a name nor'),
        no(`https://${'a.'.repeat(130)}example.org/`, 'url', 'neither a name nor'),
        no('https://api%2eexample%2ecom/', 'url', 'an escape in its host'),
        no('https://api.example.com%00.evil.example/', 'url', ''),
        no('https://api.example.com%0d%0a/', 'url', ''),
        no('https://a,b/', 'url', ''),
        no('https://a"b/', 'url', ''),
        no('https://a$b/', 'url', ''),
        no('https://*.example.org/', 'url', ''),
        sent(`HTTP://127.0.0.1:${P}/a#frag`, '/a'),
        sent(`${base}?a=b`, '/?a=b'),
        sent(`${base}/a?b=c?d#e?f`, '/a?b=c?d'),
        sent(`${base}//a//b`, '//a//b'),
        sent(`${base}/a/../b/./c`, '/b/c'),
        sent(`${base}/${'%41'}`, '/%41'),
    ],
    schemes: [
        no('ftp://127.0.0.1/', 'scheme', 'ftp is neither'),
        no('file:///etc/passwd', 'scheme', 'file is neither'),
        no('gopher://127.0.0.1:25/x', 'scheme', 'gopher is neither'),
        no('ws://127.0.0.1/', 'scheme', 'ws is neither'),
        no('data:text/plain,x', 'scheme', 'data is neither'),
        no('javascript:1', 'scheme', 'javascript is neither'),
        no('httpx://127.0.0.1/', 'scheme', 'httpx is neither'),
        no('http+unix://x/', 'scheme', 'http+unix is neither'),
        no('dict://127.0.0.1:11211/stat', 'scheme', 'dict is neither'),
        no('http://api.example.com/', 'rule', 'https only'),
        no(`https://127.0.0.1:${P}/`, 'network', '127.0.0.1'),
    ],
    'user names': [
        no(`http://user@127.0.0.1:${P}/`, 'credentials', 'user name'),
        no(`http://user:pass@127.0.0.1:${P}/`, 'credentials', 'user name'),
        no(`http://:pass@127.0.0.1:${P}/`, 'credentials', 'user name'),
        no(`http://@127.0.0.1:${P}/`, 'credentials|url', ''),
        no('https://api.example.com@evil.example/', 'credentials', 'user name'),
        no('https://api.example.com:443@evil.example/', 'credentials', 'user name'),
        no(`http://a@b@127.0.0.1:${P}/`, 'credentials|url', ''),
        no('https://api.example.com%40evil.example/', 'url', ''),
    ],
    'spellings of addresses': [
        sent(`http://2130706433:${P}/d`, '/d'),
        sent(`http://0x7f000001:${P}/d`, '/d'),
        sent(`http://0X7F.1:${P}/d`, '/d'),
        sent(`http://017700000001:${P}/d`, '/d'),
        sent(`http://0177.0.0.01:${P}/d`, '/d'),
        sent(`http://127.1:${P}/d`, '/d'),
        sent(`http://127.0.1:${P}/d`, '/d'),
        reserved('http://127.0.0.2/', 'loopback'),
        reserved('http://2130706434/', 'loopback'),
        reserved('http://0x7f.2/', 'loopback'),
        reserved('http://0/', 'this network'),
        reserved('http://0.0.0.0/', 'this network'),
        reserved(`http://0.0.0.0:${P}/`, 'this network'),
        reserved('http://0x0/', 'this network'),
        reserved('http://00000/', 'this network'),
        reserved('http://10.0.0.1/', 'private network'),
        reserved('https://10.1.2.3/', 'no rule for it sets allowPrivate'),
        reserved('https://0xa010203/', 'no rule for it sets allowPrivate'),
        reserved('http://012.0.0.1/', 'private network'),
        reserved('http://172.16.0.1/', 'private network'),
        reserved('http://172.31.255.255/', 'private network'),
        reserved('http://192.168.0.1/', 'private network'),
        reserved('http://192.168.257/', 'private network'),
        reserved('http://3232235777/', 'private network'),
        reserved('http://100.64.0.1/', 'shared address space'),
        reserved('http://100.127.255.255/', 'shared address space'),
        reserved('http://100.100.100.200/', 'metadata'),
        reserved('http://168.63.129.16/', 'metadata'),
        reserved('http://169.254.169.254/latest/meta-data/', 'link-local'),
        reserved('http://0xa9fea9fe/', 'link-local'),
        reserved('http://2852039166/', 'link-local'),
        reserved('http://0251.0376.0251.0376/', 'link-local'),
        reserved('http://169.254.43518/', 'link-local'),
        reserved('http://192.0.0.192/', 'IETF'),
        reserved('http://192.0.2.1/', 'documentation'),
        reserved('http://198.51.100.1/', 'documentation'),
        reserved('http://203.0.113.1/', 'documentation'),
        reserved('http://192.88.99.1/', '6to4'),
        reserved('http://198.18.0.1/', 'benchmarks'),
        reserved('http://198.19.255.255/', 'benchmarks'),
        reserved('http://224.0.0.1/', 'multicast'),
        reserved('http://239.255.255.250:1900/', 'multicast'),
        reserved('http://240.0.0.1/', 'reserved'),
        reserved('http://255.255.255.255/', 'broadcast'),
        reserved('http://4294967295/', 'broadcast'),
        no('http://256.0.0.1/', 'url', 'neither a name nor an address'),
        no('http://1.2.3.256/', 'url', 'neither a name nor an address'),
        no('http://1.2.3.4.5/', 'url', 'neither a name nor an address'),
        reserved('http://127.0.0.0x/', 'loopback'),
        no('http://4294967296/', 'url', 'neither a name nor an address'),
        no('http://99999999999999999999/', 'url', 'neither a name nor an address'),
        no('http://0x100000000/', 'url', 'neither a name nor an address'),
        no('http://127.0.0.08/', 'url', 'neither a name nor an address'),
        no('http://127..1/', 'url', 'neither a name nor an address'),
        no('http://1.2.3.0x1g/', 'rule', 'no rule allows the host'),
        no('http://8.8.8.8/', 'rule', 'no rule allows the host 8.8.8.8'),
        no('http://134744072/', 'rule', 'no rule allows the host 8.8.8.8'),
        ...(six
            ? [
                  sent(`http://[::1]:${six.port}/6`, '/6'),
                  sent(`http://[0:0:0:0:0:0:0:1]:${six.port}/6`, '/6'),
                  sent(`http://[0000::0001]:${six.port}/6`, '/6'),
              ]
            : []),
        reserved('http://[::]/', 'unspecified'),
        reserved('http://[::2]/', 'compatible'),
        reserved('http://[::7f00:1]/', 'compatible'),
        reserved('http://[::127.0.0.1]/', 'compatible'),
        reserved(`http://[::ffff:127.0.0.1]:${P}/`, 'mapped'),
        reserved(`http://[::ffff:7f00:1]:${P}/`, 'mapped'),
        reserved('http://[::ffff:8.8.8.8]/', 'mapped'),
        reserved('http://[::ffff:0:127.0.0.1]/', 'translated'),
        reserved('http://[64:ff9b::7f00:1]/', 'NAT64'),
        reserved('http://[64:ff9b::8.8.8.8]/', 'NAT64'),
        reserved('http://[64:ff9b:1::1]/', 'NAT64'),
        reserved('http://[2002:7f00:1::1]/', '6to4'),
        reserved('http://[2001::1]/', 'Teredo'),
        reserved('http://[2001:0:7f00:1::]/', 'Teredo'),
        reserved('http://[2001:20::1]/', 'IETF'),
        reserved('http://[2001:db8::1]/', 'documentation'),
        reserved('http://[3fff::1]/', 'documentation'),
        reserved('http://[fe80::1]/', 'link-local'),
        reserved('http://[febf::1]/', 'link-local'),
        reserved('http://[fec0::1]/', 'site-local'),
        reserved('http://[fc00::1]/', 'private network'),
        reserved('http://[fd00:ec2::254]/', 'metadata'),
        reserved('http://[fd20:ce::254]/', 'metadata'),
        reserved('http://[fd00:42::42]/', 'metadata'),
        reserved('http://[fdff::1]/', 'private network'),
        reserved('http://[ff02::1]/', 'multicast'),
        reserved('http://[100::1]/', 'reserved'),
        reserved('http://[4000::1]/', 'reserved'),
        no('http://[fe80::1%25eth0]/', 'url', 'an escape in its host'),
        no('http://[::1%25lo]/', 'url', 'an escape in its host'),
        no('http://[::1%lo]/', 'url', 'an escape in its host'),
        no('http://[fe80::1%eth0]/', 'url', 'an escape in its host'),
        no('http://[::g]/', 'url', ''),
        no('http://[::1/', 'url', ''),
        no('http://[127.0.0.1]/', 'url', ''),
        no('http://[1:2:3:4:5:6:7:8:9]/', 'url', ''),
        no('http://[]/', 'url', ''),
        no('http://::1/', 'url', ''),
        no('http://[2606:4700:4700::1111]/', 'rule', 'no rule allows the host'),
    ],
    'hosts and rules': [
        no('https://evil.example/', 'rule', 'no rule allows the host evil.example'),
        no('https://example.com/', 'rule', 'no rule allows'),
        no('https://api.example.com.evil.example/', 'rule', 'no rule allows'),
        no('https://xapi.example.com/', 'rule', 'no rule allows'),
        no('https://sub.api.example.com/', 'rule', 'no rule allows'),
        no('https://example.org/', 'rule', 'no rule allows'),
        no('https://evilexample.org/', 'rule', 'no rule allows'),
        no('https://a.example.org:444/', 'rule', 'rule 12 (*.example.org) does not allow port 444'),
        no('https://a.example.org/', 'rule', 'does not allow the method POST', { request: { method: 'POST' } }),
        no('http://a.example.org:443/', 'rule', 'https only'),
        no('https://api.example.com:8443/', 'rule', 'does not allow port 8443'),
        no('https://API.EXAMPLE.COM:80/', 'rule', 'does not allow port 80'),
        no('https://xn--bcher-kva.example:1/', 'rule', 'rule 13 (xn--bcher-kva.example) does not allow port 1'),
        no('https://xn--bcher-kv4.example/', 'rule', 'no rule allows'),
        no(`http://127.0.0.1:${P + 1 > 65535 ? P - 1 : P + 1}/`, 'rule', 'rule 1 (127.0.0.1) does not allow port'),
        no(`http://127.0.0.9:${P}/`, 'rule', 'does not allow the method PUT', { request: { method: 'PUT' } }),
        no('https://localhost/', 'rule', 'does not allow port 443'),
        no('https://localhost.localdomain/', 'rule', 'no rule allows'),
    ],
    paths: [
        sent(`${local}/v1/`, '/v1/'),
        sent(`${local}/v1/a/b?c=%2F..`, '/v1/a/b?c=%2F..'),
        sent(`${local}/one`, '/one'),
        sent(`${local}/%6fne`, '/%6fne'),
        sent(`${local}/files/a.txt`, '/files/a.txt'),
        sent(`${local}/v1/../one`, '/one'),
        sent(`${local}/caf%c3%a9/x`, '/caf%c3%a9/x'),
        sent(`${local}/v1/a%20b`, '/v1/a%20b'),
        no(`${local}/`, 'rule', 'does not allow the path'),
        no(`${local}/v1`, 'rule', 'does not allow the path'),
        no(`${local}/V1/a`, 'rule', 'does not allow the path'),
        no(`${local}/one/`, 'rule', 'does not allow the path'),
        no(`${local}/one;x`, 'rule', 'does not allow the path'),
        no(`${local}/files/a/b.txt`, 'rule', 'does not allow the path'),
        no(`${local}/files/a.txt.exe`, 'rule', 'does not allow the path'),
        no(`${local}/v1/../admin`, 'rule', 'does not allow the path'),
        no(`${local}/v1/..`, 'rule', 'does not allow the path'),
        no(`${local}/v1/%2e%2e/admin`, 'rule', 'dot segment|does not allow the path'),
        no(`${local}/v1/%2E%2E/admin`, 'rule', 'dot segment|does not allow the path'),
        no(`${local}/v1/.%2e/admin`, 'rule', 'dot segment|does not allow the path'),
        no(`${local}/v1/%2e/admin`, 'rule', 'dot segment'),
        no(`${local}/v1/%2e%2e%2fadmin`, 'rule', 'an encoded slash'),
        no(`${local}/v1/..%2fadmin`, 'rule', 'an encoded slash'),
        no(`${local}/v1/..%5cadmin`, 'rule', 'an encoded backslash'),
        no(`${local}/v1/a%2Fb`, 'rule', 'an encoded slash'),
        no(`${local}/v1/%252e%252e/admin`, 'rule', 'escaped itself'),
        no(`${local}/v1/%252fadmin`, 'rule', 'escaped itself'),
        no(`${local}/v1/..;/admin`, 'rule', 'a dot segment'),
        no(`${local}/v1/..;a=b/admin`, 'rule', 'a dot segment'),
        no(`${local}/v1/.;/admin`, 'rule', 'a dot segment'),
        no(`${local}/v1/a%00b`, 'rule', 'an encoded control character'),
        no(`${local}/v1/a%0d%0ab`, 'rule', 'an encoded control character'),
        no(`${local}/v1/a%zz`, 'rule', 'no escape'),
        no(`${local}/v1/a%`, 'rule', 'no escape'),
        no(`${local}/v1//admin`, 'rule', 'an empty segment'),
        no(`${local}//v1/a`, 'rule', 'an empty segment|does not allow the path'),
        no(`${local}/v1\\..\\admin`, 'url', 'backslash'),
    ],
    methods: [
        sent(`http://127.0.0.9:${P}/m`, '/m', { request: { method: 'DELETE' } }),
        sent(`${base}/m`, '/m', { request: { method: 'OPTIONS' } }),
        sent(`${base}/m`, '/m', { request: { method: 'PATCH', body: 'p' } }),
        sent(`${base}/m`, '/m', { request: { method: 'PUT' }, saw: { 'content-length': '0' } }),
        sent(`${base}/m`, '/m', {
            request: { method: 'POST' },
            saw: { 'content-length': '0', 'content-type': undefined, expect: undefined },
        }),
        sent(`${base}/m`, '/m', {
            request: { method: 'POST', body: { $type: 'Uint8Array', base64: 'AP8K' } },
            body: '\u0000\u00ff\n',
        }),
    ],
};

const anyOf = (text, parts) => parts.split('|').some((part) => text.includes(part));

function judge(answer, want) {
    if (want.path !== undefined) {
        if (!answer?.result) return false;
        const saw = JSON.parse(answer.result.text);
        return (
            answer.result.status === 200 &&
            saw.url === want.path &&
            (want.body === undefined || saw.body === want.body) &&
            Object.entries(want.saw ?? {}).every(([name, value]) => saw.headers[name] === value)
        );
    }
    const error = answer?.error;
    return (
        error !== undefined &&
        error.message.startsWith('fetch: ') &&
        want.reason.split('|').includes(error.data.reason) &&
        anyOf(error.message, want.text) &&
        error.data.name === 'TypeError' &&
        (error.data.blocked === true) === !['network', 'size'].includes(error.data.reason)
    );
}

const all = Object.entries(cases).flatMap(([group, list]) => list.map(([url, want]) => ({ group, url, want })));
const { answers, code, said } = await ask(
    rules,
    all.map(({ url, want }) => ({ url, ...want.request })),
);
all.forEach(({ group, url, want }, i) => {
    const what = want.path === undefined ? `is refused: ${want.reason}` : 'is sent';
    const shown = JSON.stringify({ url: url?.length > 90 ? `${url.slice(0, 90)}...` : url, ...want.request }).slice(
        0,
        160,
    );
    // eslint-disable-next-line no-control-regex
    ok(
        judge(answers[i], want),
        `${group}: ${shown.replaceAll(`${P}`, 'PORT').replaceAll('#', '\\#')} ${what}`,
        answers[i] ?? 'no answer',
        want,
    );
});
ok(code === 0 && said === '', 'the program ends well', { code, said });
done();
