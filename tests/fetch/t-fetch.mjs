// SPDX-License-Identifier: MIT
// t-fetch.mjs - agents that fetch, against real servers on loopback: the shape of fetch(), redirects, bounds, deadlines,
// TLS, and secrets that show nowhere.
import fs from 'node:fs';
import https from 'node:https';
import http2 from 'node:http2';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import zlib from 'node:zlib';
import { ask, certificates, done, echo, is, iso4, ok, run, serve, tmp } from './lib.mjs';

const SECRET = 'Bearer s3cr3t-that-stays-inside';
const seen = []; // requests of every server: [server, method, url, headers]
let closed = 0; // connections that ended while /slow was being answered

function site(name) {
    return async (request, response) => {
        seen.push([name, request.method, request.url, request.headers]);
        const url = new URL(request.url, 'http://x');
        const to = url.searchParams.get('to');
        const status = Number(url.searchParams.get('status') ?? 302);
        switch (url.pathname) {
            case '/redirect':
                if (to !== null) response.setHeader('location', to);
                response.writeHead(status);
                return response.end(url.searchParams.has('big') ? Buffer.alloc(1 << 22, 'x') : 'moved');
            case '/hops': {
                const left = Number(url.searchParams.get('n'));
                if (left === 0) return response.end('there');
                await sleep(Number(url.searchParams.get('ms') ?? 0));
                return response
                    .writeHead(302, { location: `/hops?n=${left - 1}&ms=${url.searchParams.get('ms') ?? 0}` })
                    .end();
            }
            case '/twice':
                response.setHeader('location', ['/echo', 'http://127.0.0.1/']);
                return response.writeHead(302).end();
            case '/raw-location':
                return request.socket.end(
                    `HTTP/1.1 302 Found\r\nlocation: ${decodeURIComponent(url.searchParams.get('l'))}\r\ncontent-length: 0\r\n\r\n`,
                    'latin1',
                );
            case '/slow':
                request.socket.on('close', () => closed++);
                return response.write('a'); // and no more
            case '/drip':
                response.write('a');
                return void setInterval(() => response.write('b'), 50).unref();
            case '/size':
                return response.end(Buffer.alloc(Number(url.searchParams.get('n')), url.searchParams.get('c') ?? 'x'));
            case '/endless': {
                const more = () => {
                    while (response.write(Buffer.alloc(65536, 'y')));
                };
                response.on('drain', more);
                return more();
            }
            case '/gzip':
            case '/br': {
                const plain = Buffer.alloc(Number(url.searchParams.get('n')), 0);
                const packed =
                    url.pathname === '/gzip'
                        ? zlib.gzipSync(plain)
                        : zlib.brotliCompressSync(plain, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 4 } });
                response.setHeader('content-encoding', url.pathname === '/gzip' ? 'gzip' : 'br');
                return response.end(packed);
            }
            case '/bomb': // gzip in gzip
                response.setHeader('content-encoding', 'gzip, gzip');
                return response.end(zlib.gzipSync(zlib.gzipSync(Buffer.alloc(256 << 20))));
            case '/broken-gzip':
                response.setHeader('content-encoding', 'gzip');
                return response.end('not gzip at all');
            case '/headers':
                return request.socket.end(
                    `HTTP/1.1 200 OK\r\n${'x-h: '.padEnd(Number(url.searchParams.get('len')), 'v')}\r\n`.repeat(1) +
                        `${`x-n: ${'v'.repeat(100)}\r\n`.repeat(Number(url.searchParams.get('n')))}content-length: 0\r\n\r\n`,
                );
            case '/interim':
                return request.socket.end(
                    `${'HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n'.repeat(Number(url.searchParams.get('n')))}HTTP/1.1 200 Fine\r\nx-last: 1\r\ncontent-length: 2\r\n\r\nok`,
                );
            case '/say':
                return request.socket.end(Buffer.from(url.searchParams.get('b64'), 'base64'));
            case '/cookies':
                response.setHeader('set-cookie', ['a=1; Path=/', 'b=2']);
                return response.end(request.headers.cookie ?? 'none');
            case '/bytes':
                return response.end(Buffer.from([0, 255, 128, 10, 13, 0]));
            case '/status':
                response.writeHead(status, 'A Reason');
                return response.end(status === 204 || status === 304 ? undefined : 'body');
            default:
                return echo(request, response);
        }
    };
}

const tls = certificates(['DNS:localhost', 'IP:127.0.0.1']);
const wrong = certificates; // a second authority is made below, after the first is read
const caText = fs.readFileSync(tls.ca);
const a = await serve(site('a'));
const b = await serve(site('b'));
const s = await serve(site('s'), { make: https.createServer, options: tls });
const h2 = await serve(site('h2'), { make: http2.createSecureServer, options: { ...tls, allowHTTP1: false } });
const goodCa = path.join(tmp, 'good.pem');
fs.writeFileSync(goodCa, caText);
const other = wrong(['DNS:other.example']);
const silent = await new Promise((resolve) => {
    const server = net.createServer(() => {}).listen(0, '127.0.0.1', () => resolve({ port: server.address().port }));
});
const cut = await new Promise((resolve) => {
    const server = net
        .createServer((socket) =>
            socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort')),
        )
        .listen(0, '127.0.0.1', () => resolve({ port: server.address().port }));
});

const A = `http://127.0.0.1:${a.port}`;
const B = `http://127.0.0.1:${b.port}`;
const S = `https://localhost:${s.port}`;
const open = (port, more = {}) => ({
    host: '127.0.0.1',
    ports: [port],
    schemes: ['https', 'http'],
    allowPrivate: true,
    ...more,
});
const both = { allow: [open(a.port), open(b.port)], maxRedirects: 5 };
const secret = { authorization: { fromEnv: 'TOKEN' }, 'x-rule': 'rule-text' };
const withSecret = {
    allow: [open(a.port, { headers: secret }), open(b.port), open(b.port, { host: 'localhost' })],
    maxRedirects: 5,
};
const env = { TOKEN: SECRET };

const fails = `const why = async (p) => { try { const r = await p; return ['answered', r.status]; } catch (e) { return [e.name, e.message, e.reason ?? null, e instanceof TypeError]; } };\n`;

// A run of one agent; every export is compared.
async function agent(name, definition, code, want, options = {}) {
    const got = await run(definition, fails + code, { env, ...options });
    const exports = got.exports ?? { failed: got.result?.error ?? got.err };
    delete exports.ignored;
    is(exports, want, name);
    return got;
}

// ---- the shape

await agent(
    'a GET has status, headers, url and text',
    both,
    `const r = await fetch('${A}/status?status=201'); export const x = [r instanceof Response, r.ok, r.status, r.statusText, r.url, r.redirected, r.type, r.bodyUsed, await r.text(), r.bodyUsed];`,
    { x: [true, true, 201, 'A Reason', `${A}/status?status=201`, false, 'basic', false, 'body', true] },
);
await agent(
    '404 is an answer, not an error',
    both,
    `const r = await fetch('${A}/status?status=404'); export const x = [r.ok, r.status];`,
    { x: [false, 404] },
);
await agent(
    '204 has no body',
    both,
    `const r = await fetch('${A}/status?status=204'); export const x = [r.status, r.body, await r.text()];`,
    { x: [204, null, ''] },
);
await agent(
    '304 is no redirect',
    both,
    `const r = await fetch('${A}/status?status=304'); export const x = [r.status, r.body];`,
    { x: [304, null] },
);
await agent(
    'HEAD has headers and no body',
    both,
    `const r = await fetch('${A}/size?n=5', { method: 'HEAD' }); export const x = [r.status, r.body];`,
    { x: [200, null] },
);
await agent(
    'a URL and a Request are taken',
    both,
    `export const x = [(await (await fetch(new URL('${A}/u'))).json()).url, (await (await fetch(new Request('${A}/r', { method: 'PUT', body: 'x' }))).json()).method];`,
    { x: ['/u', 'PUT'] },
);
await agent(
    'init goes over a Request',
    both,
    `export const x = (await (await fetch(new Request('${A}/r', { method: 'PUT' }), { method: 'delete' })).json()).method;`,
    { x: 'DELETE' },
);
await agent(
    'a Request with a body is used up',
    both,
    `const q = new Request('${A}/r', { method: 'PUT', body: 'x' }); await fetch(q); export const x = [q.bodyUsed, (await why(fetch(q)))[0]];`,
    { x: [true, 'TypeError'] },
);
await agent(
    'headers of an object, pairs or Headers arrive',
    both,
    `const f = async (h) => (await (await fetch('${A}/', { headers: h })).json()).headers['x-a']; export const x = [await f({ 'X-A': '1' }), await f([['x-a', '2'], ['X-a', '3']]), await f(new Headers({ 'x-a': '4' }))];`,
    { x: ['1', '2, 3', '4'] },
);
for (const [what, body, type, text] of [
    ['text', `'h\\u00e9'`, 'text/plain;charset=UTF-8', 'h\u00c3\u00a9'],
    ['bytes', `new Uint8Array([1, 255, 0])`, undefined, '\u0001\u00ff\u0000'],
    ['a part of a buffer', `new Uint16Array([1, 2, 3]).subarray(1, 2)`, undefined, '\u0002\u0000'],
    ['an ArrayBuffer', `new Uint8Array([65]).buffer`, undefined, 'A'],
    ['a DataView', `new DataView(new Uint8Array([65, 66]).buffer, 1)`, undefined, 'B'],
    [
        'URLSearchParams',
        `new URLSearchParams({ a: 'b c' })`,
        'application/x-www-form-urlencoded;charset=UTF-8',
        'a=b+c',
    ],
    ['a Blob', `new Blob(['bl'], { type: 'a/b' })`, 'a/b', 'bl'],
    ['a stream', `new Blob(['st']).stream()`, undefined, 'st'],
]) {
    await agent(
        `a body may be ${what}`,
        both,
        `const r = await (await fetch('${A}/', { method: 'POST', body: ${body}, duplex: 'half' })).json(); export const x = [r.body, r.headers['content-type'] ?? null, r.headers['content-length'], r.headers['transfer-encoding'] ?? null];`,
        { x: [text, type ?? null, `${Buffer.from(text, 'latin1').length}`, null] },
    );
}
await agent(
    'a body may be FormData',
    both,
    `const f = new FormData(); f.append('n', 'v'); const r = await (await fetch('${A}/', { method: 'POST', body: f })).json(); export const x = [r.headers['content-type'].startsWith('multipart/form-data; boundary='), r.body.includes('name="n"')];`,
    { x: [true, true] },
);
await agent(
    'json, text, arrayBuffer, bytes, blob and clone',
    both,
    `const r = await fetch('${A}/bytes'); const c = r.clone(), d = r.clone(), e = r.clone(); export const x = [[...await r.bytes()], (await c.arrayBuffer()).byteLength, (await d.blob()).size, (await e.text()).length, (await why(r.text()))[0]];`,
    { x: [[0, 255, 128, 10, 13, 0], 6, 6, 6, 'TypeError'] },
);
await agent(
    'headers are case-insensitive and cannot be changed',
    both,
    `const r = await fetch('${A}/cookies'); export const x = [r.headers.get('SET-COOKIE'), r.headers.getSetCookie(), r.headers.has('Content-length'), (await why((async () => r.headers.set('a', 'b'))()))[0]];`,
    { x: ['a=1; Path=/, b=2', ['a=1; Path=/', 'b=2'], true, 'TypeError'] },
);
await agent(
    'no cookie is kept',
    both,
    `await fetch('${A}/cookies'); export const x = await (await fetch('${A}/cookies')).text();`,
    { x: 'none' },
);
await agent(
    'calls run concurrently',
    both,
    `export const x = (await Promise.all(Array.from({ length: 80 }, async (_, i) => (await (await fetch('${A}/p' + i)).json()).url))).every((u, i) => u === '/p' + i);`,
    { x: true },
);
await agent(
    'a large text and large bytes arrive whole',
    both,
    `const t = await (await fetch('${A}/size?n=5000000')).text(); const u = await (await fetch('${A}/gzip?n=3000000')).bytes(); export const x = [t.length, t === 'x'.repeat(5000000), u.length, u.every((v) => v === 0)];`,
    { x: [5000000, true, 3000000, true] },
);
await agent(
    'gzip and brotli are decoded',
    both,
    `export const x = [(await (await fetch('${A}/gzip?n=1000')).bytes()).length, (await (await fetch('${A}/br?n=1000')).bytes()).length];`,
    { x: [1000, 1000] },
);
await agent(
    'wrong arguments reject with TypeErrors and reach no server',
    both,
    `export const x = [await why(fetch()), await why(fetch('x y')), await why(fetch('${A}', { method: 'TRACE' })), await why(fetch('${A}', { body: 'x' })), await why(fetch('${A}', { redirect: 'x' })), await why(fetch('http://u:p@127.0.0.1/'))].map((e) => e[0]);`,
    { x: Array(6).fill('TypeError') },
).then((got) => is(got.result?.bridgeCalls, [], 'they are no calls of the host'));
await agent(
    'the function is like others',
    both,
    `export const x = [fetch.name, typeof fetch, Object.keys(globalThis).includes('fetch'), (await why((async () => new fetch('${A}'))()))[0]];`,
    { x: ['fetch', 'function', true, 'TypeError'] },
);
await agent(
    'tampered prototypes do not reach into it',
    both,
    `Array.prototype.toJSON = Object.prototype.toJSON = () => 'forged'; Object.defineProperty(Array.prototype, 0, { set() { throw 1; }, configurable: true }); Promise.prototype.then = null; Object.prototype.get = 'x';
   const r = await fetch('${A}/t', { method: 'POST', body: new Uint8Array([66]), headers: { 'x-a': '1' } }); const j = await r.json(); delete Array.prototype.toJSON; delete Object.prototype.toJSON; delete Array.prototype[0]; delete Object.prototype.get; export const x = [j.url, j.headers['x-a'], j.body];`,
    { x: ['/t', '1', 'B'] },
);
{
    const got = await run({ allow: [] }, `await fetch('https://example.com/');`);
    is(
        [got.status, got.result.error.code, got.result.error.name, got.result.error.message, got.result.error.line],
        [1, 'ERR_HOST_BRIDGE', 'TypeError', 'fetch: no rule allows the host example.com', 1],
        'an uncaught refusal says where the agent called',
    );
    is(
        got.result.bridgeCalls.map((c) => [c.name, c.ok, c.blocked]),
        [['fetch', false, true]],
        'it is listed as blocked',
    );
}
{
    const got = await run(both, `export const x = (await api('${A}/m')).status;`, {
        more: { api: { fetch: both }, fetch: undefined },
    });
    is(got.exports, { x: 200 }, 'a fetch may have any name');
}
{
    const got = await run(
        both,
        `try { await fetch('${A}/1'); await fetch('${A}/2'); await fetch('${A}/3'); } catch (e) { globalThis.e = e.message; } export const x = e;`,
        { more: { fetch: { fetch: both, maxCalls: 2 } } },
    );
    is(got.exports, { x: "fetch: 'fetch' may be called 2 times (maxCalls)" }, 'maxCalls holds for fetch');
}

// ---- abort

{
    const before = seen.length;
    const got = await agent(
        'a signal that is aborted already rejects without a call',
        both,
        `export const x = await why(fetch('${A}/n', { signal: AbortSignal.abort() })); export const y = (await why(fetch('${A}/n', { signal: AbortSignal.abort(new RangeError('mine')) }))).slice(0, 2);`,
        { x: ['AbortError', 'This operation was aborted', null, false], y: ['RangeError', 'mine'] },
    );
    is([got.result?.bridgeCalls, seen.length - before], [[], 0], 'no host sees it');
}
{
    const got = await agent(
        'a signal in between rejects at once and ends the transfer',
        both,
        `const c = new AbortController(); setTimeout(() => c.abort(), 60); const t = performance.now(); export const x = (await why(fetch('${A}/slow', { signal: c.signal })))[0]; export const quick = performance.now() - t < 5000; export const after = (await fetch('${A}/next')).status; for (let i = 0; i < 100; i++) await new Promise((f) => setTimeout(f, 1));`,
        { after: 200, quick: true, x: 'AbortError' },
    );
    is(
        got.result?.bridgeCalls.map((c) => c.ok),
        [false, true],
        'the call is over for the host, too',
    );
    ok(closed === 1, 'the connection was closed while the run went on');
}
await agent(
    'AbortSignal.timeout and any',
    both,
    `export const x = (await why(fetch('${A}/slow', { signal: AbortSignal.timeout(50) })))[0]; const c = new AbortController(); const p = why(fetch('${A}/slow', { signal: AbortSignal.any([c.signal]) })); c.abort(); export const y = (await p)[0];`,
    { x: 'TimeoutError', y: 'AbortError' },
);
await agent(
    'a Request carries its signal',
    both,
    `const c = new AbortController(); const p = why(fetch(new Request('${A}/slow', { signal: c.signal }))); c.abort(); export const x = (await p)[0];`,
    { x: 'AbortError' },
);
{
    closed = 0;
    const began = Date.now();
    const got = await run(
        both,
        `fetch('${A}/slow'); await new Promise((f) => setTimeout(f, 100)); export const x = 1;`,
    );
    for (let i = 0; i < 100 && !closed; i++) await sleep(20);
    ok(
        got.status === 0 && closed === 1 && Date.now() - began < 10000,
        'the end of the run ends its transfers',
        got.out,
    );
}
{
    closed = 0;
    const got = await run(both, `await fetch('${A}/slow');`, { args: ['--wall-time-ms', '300'] });
    for (let i = 0; i < 100 && !closed; i++) await sleep(20);
    ok(got.result?.error.code === 'ERR_WALL_TIMEOUT' && closed === 1, 'a limit of the run ends its transfers', got.out);
}

// ---- redirects

const redirect = (to, status = 302, at = A) => `${at}/redirect?status=${status}&to=${encodeURIComponent(to)}`;
await agent(
    'none is followed unless the definition says so',
    { allow: [open(a.port)] },
    `export const x = await why(fetch('${redirect('/echo')}'));`,
    {
        x: [
            'TypeError',
            'fetch: 127.0.0.1 redirects, and only 0 redirects are allowed (maxRedirects)',
            'redirect',
            true,
        ],
    },
);
await agent(
    'redirects are followed and told',
    both,
    `const r = await fetch('${redirect('/echo?a=b')}'); export const x = [r.url, r.redirected, r.status];`,
    { x: [`${A}/echo?a=b`, true, 200] },
);
await agent(
    'a relative place is relative to the last',
    both,
    `export const x = (await fetch('${redirect('../x/./y')}')).url;`,
    { x: `${A}/x/y` },
);
await agent('a fragment is dropped', both, `export const x = (await fetch('${redirect('/echo#frag')}')).url;`, {
    x: `${A}/echo`,
});
await agent(
    'exactly maxRedirects are followed',
    both,
    `export const x = [await (await fetch('${A}/hops?n=5')).text(), (await why(fetch('${A}/hops?n=6')))[2]];`,
    { x: ['there', 'redirect'] },
);
await agent(
    'a chain ends where no place is named',
    both,
    `export const x = (await fetch('${A}/redirect?to=' + encodeURIComponent('/redirect?to=%2Fredirect'))).status;`,
    { x: 302 },
);
await agent(
    "redirect: 'error'",
    both,
    `export const x = await why(fetch('${redirect('/echo')}', { redirect: 'error' }));`,
    { x: ['TypeError', 'fetch: 127.0.0.1 redirects, and redirect is "error"', 'redirect', true] },
);
await agent(
    "redirect: 'manual'",
    both,
    `const r = await fetch('${redirect('/echo')}', { redirect: 'manual' }); export const x = [r.status, r.headers.get('location'), r.redirected, await r.text()];`,
    { x: [302, '/echo', false, 'moved'] },
);
await agent(
    '300 and a 302 without a place are answers',
    both,
    `export const x = [(await fetch('${redirect('/echo', 300)}')).status, (await fetch('${A}/redirect')).status];`,
    { x: [300, 302] },
);
for (const [status, method, want, body] of [
    [301, 'POST', 'GET', ''],
    [302, 'POST', 'GET', ''],
    [303, 'POST', 'GET', ''],
    [303, 'PUT', 'GET', ''],
    [307, 'POST', 'POST', 'b'],
    [308, 'POST', 'POST', 'b'],
    [301, 'PUT', 'PUT', 'b'],
    [302, 'DELETE', 'DELETE', 'b'],
]) {
    await agent(
        `${status} turns ${method} into ${want}`,
        both,
        `const r = await (await fetch('${redirect('/echo', status)}', { method: '${method}', body: 'b', headers: { 'content-type': 'a/b', 'x-a': '1' } })).json(); export const x = [r.method, r.body, r.headers['content-type'] ?? null, r.headers['x-a']];`,
        { x: [want, body, body ? 'a/b' : null, '1'] },
    );
}
for (const [to, reason] of [
    ['http://10.0.0.1/', 'address'],
    ['http://169.254.169.254/latest', 'address'],
    ['http://0x7f.0.0.2/', 'address'],
    ['http://[::ffff:127.0.0.1]/', 'address'],
    ['//evil.example/', 'rule'],
    ['http://evil.example/', 'rule'],
    ['http://127.0.0.1:1/', 'rule'],
    ['file:///etc/passwd', 'scheme'],
    ['ftp://127.0.0.1/', 'scheme'],
    ['javascript:alert(1)', 'url'],
    ['data:text/plain,x', 'url'],
    [`http://u:p@127.0.0.1:${a.port}/`, 'credentials'],
    ['http://', 'url'],
]) {
    await agent(
        `a redirect to ${to.replace(`${a.port}`, 'PORT')} is refused: ${reason}`,
        both,
        `export const x = (await why(fetch('${redirect(to)}')))[2];`,
        { x: reason },
    );
}
for (const [what, location, want] of [
    ['bytes beyond ASCII are escaped', '/caf\u00e9', '/caf%E9'],
    ['blanks are escaped', '/a b', '/a%20b'],
]) {
    await agent(
        `in a place to go to, ${what}`,
        both,
        `export const x = new URL((await fetch('${A}/raw-location?l=${encodeURIComponent(location)}')).url).pathname;`,
        { x: want },
    );
}
await agent(
    'in a place to go to, backslashes are refused',
    both,
    `export const x = (await why(fetch('${A}/raw-location?l=${encodeURIComponent('\\\\evil.example')}')))[2];`,
    { x: 'url' },
);
await agent('two places are refused', both, `export const x = (await why(fetch('${A}/twice')))[2];`, { x: 'redirect' });
await agent(
    'the body of a redirect is not waited for',
    both,
    `export const x = (await fetch('${redirect('/echo')}&big')).status;`,
    { x: 200 },
);
await agent(
    'rules hold for every hop: paths',
    { allow: [open(a.port, { paths: ['/redirect', '/v1/*'] })], maxRedirects: 5 },
    `export const x = [(await fetch('${redirect('/v1/a')}')).status, (await why(fetch('${redirect('/admin')}')))[1]];`,
    { x: [200, `fetch: rule 1 (127.0.0.1) does not allow the path`] },
);
await agent(
    'rules hold for every hop: methods',
    { allow: [open(a.port, { methods: ['POST'] })], maxRedirects: 5 },
    `export const x = [(await fetch('${redirect('/v1', 307)}', { method: 'POST' })).status, (await why(fetch('${redirect('/v1', 303)}', { method: 'POST' })))[1]];`,
    { x: [200, `fetch: rule 1 (127.0.0.1) does not allow the method GET`] },
);

// ---- credentials and secrets

seen.length = 0;
await agent(
    "a rule's headers are sent, in place of the agent's",
    withSecret,
    `await fetch('${A}/1', { headers: { authorization: 'mine', 'X-Rule': 'mine', 'x-b': 'b' } }); await fetch('${B}/2', { headers: { authorization: 'mine' } });`,
    {},
);
is(
    seen.map(([, , , h]) => [h.authorization, h['x-rule'], h['x-b']]),
    [
        [SECRET, 'rule-text', 'b'],
        ['mine', undefined, undefined],
    ],
    'to the hosts of that rule only',
);
seen.length = 0;
await agent('within the origin they go along', withSecret, `await fetch('${redirect('/2')}');`, {});
is(
    seen.map(([, , url, h]) => [url.slice(0, 2), h.authorization]),
    [
        ['/r', SECRET],
        ['/2', SECRET],
    ],
    'to both hops',
);
for (const [what, to] of [
    ['another port', `${B}/2`],
    ['another host', `http://localhost:${b.port}/2`],
]) {
    seen.length = 0;
    await agent(
        `a redirect to ${what} drops credentials`,
        withSecret,
        `await fetch('${redirect(to)}', { headers: { cookie: 'c=1', 'x-api-key': 'k', 'x-b': 'b' } });`,
        {},
    );
    is(
        seen.map(([name, , , h]) => [name, h.authorization, h.cookie, h['x-api-key'], h['x-rule'], h['x-b']]),
        [
            ['a', SECRET, 'c=1', 'k', 'rule-text', 'b'],
            ['b', undefined, undefined, undefined, undefined, 'b'],
        ],
        'none arrives there',
    );
}
seen.length = 0;
await agent(
    'and they do not come back',
    withSecret,
    `await fetch('${redirect(redirect('http://127.0.0.1:' + a.port + '/3', 302, B))}');`,
    {},
);
is(
    seen.map(([name, , , h]) => [name, h.authorization]),
    [
        ['a', SECRET],
        ['b', undefined],
        ['a', undefined],
    ],
    'a foreign origin cannot send them anywhere',
);
seen.length = 0;
await agent(
    'a redirect from elsewhere does not get the headers of a rule',
    withSecret,
    `await fetch('${redirect(`${A}/2`, 302, B)}', { headers: { authorization: 'mine' } });`,
    {},
);
is(
    seen.map(([name, , , h]) => [name, h.authorization]),
    [
        ['b', 'mine'],
        ['a', undefined],
    ],
    'it is not sent',
);
seen.length = 0;
await agent(
    "the agent's own credentials are dropped as well",
    both,
    `await fetch('${redirect(`${B}/2`)}', { headers: { Authorization: 'mine', Cookie: 'c=1' } });`,
    {},
);
is(
    seen.map(([, , , h]) => [h.authorization, h.cookie]),
    [
        ['mine', 'c=1'],
        [undefined, undefined],
    ],
    'at the other origin',
);

{
    const got = await run(
        { ...withSecret, timeoutMs: 400 },
        `${fails} const r = await fetch('${A}/status?key=qqqvalue'); console.log(r, [...r.headers]);
    const all = [await why(fetch('${A}/slow')), await why(fetch('http://127.0.0.1:1/?key=qqqvalue')), await why(fetch('${redirect('http://evil.example/?key=qqqvalue')}')), await why(fetch('${A}/headers?len=10&n=9999'))];
    export const x = JSON.stringify([all, Reflect.ownKeys(globalThis).map(String), Object.getOwnPropertyDescriptors(fetch), fetch.toString()]);`,
        { env, args: ['-v'] },
    );
    const text = got.out + got.err;
    ok(got.status === 0 && got.exports.x.includes('evil.example'), 'a run with all sorts of failures', got.out);
    ok(
        !text.includes('s3cr3t') && !text.includes('rule-text'),
        'secrets are in no result, error or verbose line',
        text,
    );
    ok(!got.err.includes('qqqvalue') && got.err.includes('/status?...'), 'verbose lines show no query', got.err);
    const lines = got.err.split('\n').filter((line) => line.startsWith('iso4: fetch: '));
    is(
        lines.map((line) => line.replaceAll(/\d+\.\d ms/g, 'T ms').replaceAll(`${a.port}`, 'PORT')),
        [
            'iso4: fetch: GET http://127.0.0.1:PORT/status?... 302, T ms'.replace(
                '302',
                lines[0]?.includes(' 302,') ? '302' : '200',
            ),
            'iso4: fetch: GET http://127.0.0.1:PORT/slow failed (timeout): no answer of 127.0.0.1 within 400 ms (timeoutMs), T ms',
            'iso4: fetch: GET http://127.0.0.1:1/?... refused (rule): rule 1 (127.0.0.1) does not allow port 1, T ms',
            'iso4: fetch: GET http://127.0.0.1:PORT/redirect?... refused (rule): no rule allows the host evil.example, T ms'
                .replace('http://127.0.0.1:PORT/redirect?... refused', 'http://evil.example/?... refused')
                .replace(', T ms', ', redirect 1, T ms'),
            `iso4: fetch: GET http://127.0.0.1:PORT/headers?... failed (size): the headers of the answer take more than ${256 << 10} bytes or 1024 lines, T ms`,
        ],
        'a verbose line for each request',
    );
}
{
    const plain = await run(both, `await fetch('${A}/x');`);
    is(plain.err, '', 'nothing is written without --verbose');
    const ps = await run(
        withSecret,
        `fetch('${A}/slow'); await new Promise((f) => setTimeout(f, 300)); export default 1;`,
        { env },
    );
    ok(ps.status === 0, 'a run that is looked at from outside');
}
{
    const running = run(
        withSecret,
        `fetch('${A}/slow'); await new Promise((f) => setTimeout(f, 1500)); export default 1;`,
        { env },
    );
    const programs = () =>
        fs
            .readdirSync('/proc')
            .filter((d) => /^\d+$/.test(d))
            .filter((d) => {
                try {
                    return fs
                        .readFileSync(`/proc/${d}/cmdline`, 'latin1')
                        .startsWith(path.join(path.dirname(iso4), '../lib/iso4/fetch'));
                } catch {
                    return false;
                }
            });
    let found = [];
    for (let i = 0; i < 100 && !found.length; i++) {
        await sleep(10);
        found = programs();
    }
    const pid = found[0];
    const readOr = (file) => {
        try {
            return fs.readFileSync(file, 'latin1');
        } catch (error) {
            return error.code;
        }
    };
    let status = '';
    for (let i = 0; i < 100 && !status.includes('Seccomp:\t2'); i++) {
        // it takes a moment to start
        await sleep(10);
        status = readOr(`/proc/${pid}/status`);
    }
    ok(
        found.length === 1 && !readOr(`/proc/${pid}/cmdline`).includes('s3cr3t'),
        'no secret is among its arguments',
        found,
    );
    ok(
        ['', 'EACCES'].includes(readOr(`/proc/${pid}/environ`)),
        'its environment is empty',
        readOr(`/proc/${pid}/environ`),
    );
    ok(
        /NoNewPrivs:\t1/.test(status) &&
            /Seccomp:\t2/.test(status) &&
            /CapEff:\t0+\n/.test(status) &&
            /CapBnd:\t0+\n/.test(status),
        'it has a filter and no capabilities',
        status,
    );
    ok((await running).status === 0 && programs().length === 0, 'it is gone with the run');
}

// ---- bounds and deadlines

const small = { ...both, maxBodyBytes: 1000 };
await agent(
    'a body of exactly maxBodyBytes, and one byte more',
    small,
    `export const x = [(await (await fetch('${A}/size?n=1000')).text()).length, await why(fetch('${A}/size?n=1001'))];`,
    {
        x: [
            1000,
            ['TypeError', 'fetch: the body of the answer is longer than 1000 bytes (maxBodyBytes)', 'size', true],
        ],
    },
);
await agent('a body without end', small, `export const x = (await why(fetch('${A}/endless')))[2];`, { x: 'size' });
await agent(
    'the bound is of what is decoded: gzip',
    small,
    `export const x = [(await (await fetch('${A}/gzip?n=1000')).bytes()).length, (await why(fetch('${A}/gzip?n=1001')))[2], (await why(fetch('${A}/gzip?n=100000000')))[2]];`,
    { x: [1000, 'size', 'size'] },
);
await agent(
    'the bound is of what is decoded: brotli',
    small,
    `export const x = (await why(fetch('${A}/br?n=10000000')))[2];`,
    { x: 'size' },
);
await agent('a bomb in a bomb', both, `export const x = (await why(fetch('${A}/bomb')))[2];`, { x: 'size' });
await agent('what is not gzip is an error', both, `export const x = (await why(fetch('${A}/broken-gzip'))).slice(2);`, {
    x: ['network', true],
});
await agent(
    'a header of 50 kB, and one of 300 kB',
    both,
    `export const x = [(await fetch('${A}/headers?len=50000&n=1')).headers.get('x-h').length > 49000, (await why(fetch('${A}/headers?len=300000&n=1')))[0]];`,
    { x: [true, 'TypeError'] },
);
await agent(
    'many headers',
    both,
    `export const x = [(await fetch('${A}/headers?len=10&n=900')).status, (await why(fetch('${A}/headers?len=10&n=1100')))[2]];`,
    { x: [200, 'size'] },
);
await agent(
    'interim answers are passed over, but not without end',
    both,
    `const r = await fetch('${A}/interim?n=3'); export const x = [r.status, r.statusText, r.headers.get('x-last'), r.headers.get('link'), await r.text(), (await why(fetch('${A}/interim?n=9000')))[2]];`,
    { x: [200, 'Fine', '1', null, 'ok', 'size'] },
);
const quick = { ...both, timeoutMs: 300 };
await agent(
    'no answer in time',
    { ...quick, allow: [open(silent.port)] },
    `export const x = await why(fetch('http://127.0.0.1:${silent.port}/'));`,
    { x: ['TimeoutError', 'fetch: no answer of 127.0.0.1 within 300 ms (timeoutMs)', 'timeout', false] },
);
await agent(
    'a body that drips',
    quick,
    `const t = performance.now(); export const x = (await why(fetch('${A}/drip')))[2]; export const soon = performance.now() - t < 5000;`,
    { soon: true, x: 'timeout' },
);
await agent(
    'one deadline for all hops',
    { ...quick, maxRedirects: 20 },
    `export const x = (await why(fetch('${A}/hops?n=10&ms=60')))[2];`,
    { x: 'timeout' },
);
await agent(
    'a request body over its bound',
    { ...both, maxRequestBodyBytes: 10 },
    `export const x = [(await fetch('${A}/', { method: 'POST', body: 'x'.repeat(10) })).status, (await why(fetch('${A}/', { method: 'POST', body: 'x'.repeat(11) })))[1]];`,
    { x: [200, 'fetch: the body is longer than 10 bytes (maxRequestBodyBytes)'] },
);
await agent(
    "the definition's timeoutMs beside fetch",
    both,
    `export const x = await why(fetch('${A}/slow'));`,
    { x: ['TimeoutError', "fetch: 'fetch' did not answer within 100 ms (timeoutMs)", null, false] },
    { more: { fetch: { fetch: both, timeoutMs: 100 } } },
);

// ---- servers that misbehave

const say = (text) => `${A}/say?b64=${encodeURIComponent(Buffer.from(text, 'latin1').toString('base64'))}`;
await agent(
    'an answer cut short',
    { allow: [open(cut.port)] },
    `export const x = (await why(fetch('http://127.0.0.1:${cut.port}/'))).slice(2);`,
    { x: ['network', true] },
);
await agent(
    'a port without a server',
    { allow: [open(1)] },
    `export const x = await why(fetch('http://127.0.0.1:1/'));`,
    { x: ['TypeError', "fetch: 127.0.0.1: Couldn't connect to server: Connection refused", 'network', true] },
);
for (const [what, text] of [
    ['no HTTP at all', 'SSH-2.0-OpenSSH_9\r\n'],
    ['HTTP/0.9', 'hello'],
    ['an empty answer', ''],
    ['a NUL in a header', 'HTTP/1.1 200 OK\r\nx-a: b\0c\r\ncontent-length: 0\r\n\r\n'],
    ['a header without a colon', 'HTTP/1.1 200 OK\r\nbad header\r\ncontent-length: 0\r\n\r\n'],
    ['a negative length', 'HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n'],
    ['broken chunks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'],
]) {
    await agent(`${what} is a TypeError`, both, `export const x = (await why(fetch('${say(text)}'))).slice(0, 1);`, {
        x: ['TypeError'],
    });
}
await agent(
    'odd statuses and bytes of headers arrive as they are',
    both,
    `const r = await fetch('${say('HTTP/1.1 299 caf\u00e9\r\nx-a: \u00e9\r\nx-e:\r\ncontent-length: 0\r\n\r\n')}'); export const x = [r.status, r.statusText, r.headers.get('x-a'), r.headers.get('x-e')];`,
    { x: [299, 'caf\u00e9', '\u00e9', ''] },
);

// ---- TLS

const tlsRule = (port, more = {}) => ({
    host: 'localhost',
    ports: [port],
    allowPrivate: true,
    caFile: goodCa,
    ...more,
});
await agent(
    'a certificate of the authority in caFile',
    { allow: [tlsRule(s.port)] },
    `const r = await (await fetch('${S}/tls')).json(); export const x = [r.url, r.headers.host];`,
    { x: ['/tls', `localhost:${s.port}`] },
);
await agent(
    'HTTP/2',
    { allow: [tlsRule(h2.port)] },
    `const r = await fetch('https://localhost:${h2.port}/two', { method: 'POST', body: 'x', headers: { 'X-Up': '1' } }); const j = await r.json(); export const x = [r.status, j.url, j.headers[':authority'], j.headers['x-up'], j.body];`,
    { x: [200, '/two', `localhost:${h2.port}`, '1', 'x'] },
);
await agent(
    'a relative caFile is beside the definition',
    { allow: [tlsRule(s.port, { caFile: 'good.pem' })] },
    `export const x = (await fetch('${S}/')).status;`,
    { x: 200 },
);
for (const [what, definition, url] of [
    ['another authority', { allow: [tlsRule(s.port, { caFile: other.ca })] }, S],
    ["the system's authorities", { allow: [tlsRule(s.port, { caFile: undefined })] }, S],
    ['another name', { allow: [tlsRule(s.port, { host: '127.0.0.2' })] }, `https://127.0.0.2:${s.port}`],
    ['plain HTTP behind https', { allow: [tlsRule(a.port)] }, `https://localhost:${a.port}`],
]) {
    if (what === 'another name')
        await serve(site('s2'), { host: '127.0.0.2', port: s.port, make: https.createServer, options: tls });
    await agent(
        `${what}: no connection`,
        JSON.parse(JSON.stringify(definition)),
        `export const x = (await why(fetch('${url}/'))).slice(2);`,
        { x: ['network', true] },
    );
}
await agent(
    'no way from https to http',
    { allow: [tlsRule(s.port), open(a.port)], maxRedirects: 3 },
    `export const x = await why(fetch('${S}/redirect?to=${encodeURIComponent(`${A}/`)}'));`,
    { x: ['TypeError', 'fetch: localhost redirects from https to http', 'redirect', true] },
);

// ---- the environment says nothing

{
    fs.writeFileSync(path.join(tmp, '.netrc'), 'machine 127.0.0.1 login u password p\n', { mode: 0o600 });
    seen.length = 0;
    const got = await run(both, `export const x = (await fetch('${A}/env')).status;`, {
        env: {
            http_proxy: B,
            HTTP_PROXY: B,
            https_proxy: B,
            ALL_PROXY: B,
            all_proxy: B,
            HOME: tmp,
            NETRC: path.join(tmp, '.netrc'),
            CURL_CA_BUNDLE: '/nowhere',
            SSL_CERT_FILE: '/nowhere',
            OPENSSL_CONF: '/nowhere',
        },
    });
    is(
        [got.exports, seen.map(([name, , , h]) => [name, h.authorization])],
        [{ x: 200 }, [['a', undefined]]],
        'no proxy, no netrc, no variable of the environment counts',
    );
}

// ---- who answers may change

{
    const got = await run(
        both,
        `const r = await fetch('https://api.example.com/x', { method: 'POST', body: 'b' }); export const x = [r instanceof Response, r.status, r.url, await r.text(), r.headers.get('a')];`,
        { more: { fetch: { fetch: both } } },
    );
    is(got.result?.error?.message, 'fetch: no rule allows the host api.example.com', 'the rules of a run hold');
}

// ---- the program by itself: what it makes of a parent that is gone, and of lines that are none

for (const [what, line] of [
    ['no JSON', 'x'],
    ['no method', '{"id":1}'],
    ['no params', '{"method":"fetch","id":1}'],
]) {
    const { code, said } = await ask(both, [], { before: [line] });
    ok(code === 1 && said.length > 0 && said.length < 100, `a line with ${what} ends it`, { code, said });
}
{
    const { answers, code } = await ask(both, [{ url: `${A}/1` }], {
        before: [
            '{"method":"cancel","params":[77]}',
            '{"method":"other","params":[]}',
            '{"method":"fetch","params":[{}]}',
        ],
    });
    ok(
        code === 0 && answers[0].result.status === 200,
        'calls off what is not there, and methods it does not know, are nothing',
    );
}
done();
