// SPDX-License-Identifier: MIT
// names.mjs - see tests/t-fetch-names.sh, which starts it in a network of its own.
import dgram from 'node:dgram';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, done, is, ok, run, serve } from './lib.mjs';

const PUBLIC = '93.184.216.34';
const PUBLIC6 = '2606:4700::1';

// Name to a list of addresses, or to lists of them: one for each question that is asked, the last for all others.
const zone = {
    'pub.test': [PUBLIC],
    'two.test': ['93.184.216.35', PUBLIC],
    'pub6.test': [PUBLIC6],
    'both.test': [PUBLIC, PUBLIC6],
    'loop.test': ['127.0.0.1'],
    'loop6.test': ['::1'],
    'private.test': ['10.0.0.5'],
    'open.test': ['127.0.0.1'],
    'meta.test': ['169.254.169.254'],
    'meta-open.test': ['169.254.169.254'],
    'alibaba-open.test': ['100.100.100.200'],
    'zero.test': ['0.0.0.0'],
    'ula.test': ['fd00::5'],
    'ula-open.test': ['fd00::5'],
    'mapped.test': ['::ffff:7f00:1'],
    'mapped-open.test': ['::ffff:7f00:1'],
    'nat64.test': ['64:ff9b::7f00:1'],
    'sixtofour.test': ['2002:7f00:1::1'],
    'teredo.test': ['2001::1'],
    'doc.test': ['2001:db8::1'],
    'unspecified.test': ['::'],
    'mixed.test': ['127.0.0.1', PUBLIC],
    'mixed6.test': ['::1', PUBLIC],
    'rebind.test': [[PUBLIC], ['127.0.0.1']],
    'flip.test': [['127.0.0.1'], [PUBLIC]],
    'hop.test': [[PUBLIC], ['10.0.0.5']],
    'alias.test': 'private.test',
    'alias-pub.test': 'pub.test',
    'none.test': [],
    'absent.test.lan.test': [PUBLIC], // in the resolver's search domain
    'short.lan.test': [PUBLIC],
    'dead.test': ['93.184.216.36', PUBLIC], // the first has no host
};
const questions = [];
const turns = {};

const name = (text) =>
    Buffer.concat([
        ...text.split('.').map((part) => Buffer.from([part.length, ...Buffer.from(part)])),
        Buffer.from([0]),
    ]);
const bytes6 = (text) => {
    const [left, right = ''] = text.split('::');
    const words = (half) => (half ? half.split(':').map((word) => parseInt(word, 16)) : []);
    const l = words(left);
    const r = words(right);
    return Buffer.from([...l, ...Array(8 - l.length - r.length).fill(0), ...r].flatMap((w) => [w >> 8, w & 255]));
};
const record = (owner, type, data) =>
    Buffer.concat([name(owner), Buffer.from([0, type, 0, 1, 0, 0, 0, 0, 0, data.length]), data]);

function addressesOf(asked, type) {
    const known = zone[asked];
    if (!Array.isArray(known?.[0])) return known;
    const turn = (turns[`${asked} ${type}`] = (turns[`${asked} ${type}`] ?? -1) + 1);
    return known[Math.min(turn, known.length - 1)];
}

const resolver = dgram.createSocket('udp4', (query, from) => {
    let at = 12;
    const labels = [];
    for (; query[at]; at += query[at] + 1) labels.push(query.toString('latin1', at + 1, at + 1 + query[at]));
    const asked = labels.join('.').toLowerCase();
    const type = query.readUInt16BE(at + 1);
    const question = query.subarray(12, at + 5);
    questions.push(`${asked} ${type === 28 ? 'AAAA' : type === 1 ? 'A' : type}`);
    if (asked === 'silent.test') return;
    const answers = [];
    let owner = asked;
    if (typeof zone[owner] === 'string') {
        answers.push(record(owner, 5, name(zone[owner])));
        owner = zone[owner];
    }
    for (const address of addressesOf(owner, type) ?? []) {
        const six = address.includes(':');
        if (six === (type === 28))
            answers.push(record(owner, type, six ? bytes6(address) : Buffer.from(address.split('.').map(Number))));
    }
    const head = Buffer.from([
        query[0],
        query[1],
        0x81,
        zone[owner] ? 0x80 : 0x83,
        0,
        1,
        0,
        answers.length,
        0,
        0,
        0,
        0,
    ]);
    resolver.send(Buffer.concat([head, question, ...answers]), from.port, from.address);
});
await new Promise((resolve) => resolver.bind(53, '127.0.0.1', resolve));

const reached = [];
async function site(request, response) {
    const at = request.socket.localAddress.replace(/^::ffff:/, '');
    reached.push(`${at} ${request.headers.host}${request.url}`);
    const url = new URL(request.url, 'http://x');
    if (url.searchParams.has('to')) return response.writeHead(302, { location: url.searchParams.get('to') }).end();
    return response.end(at);
}
await serve(site, { host: '::', port: 80 });

const plain = { ports: [80], schemes: ['https', 'http'] };
const rules = {
    allow: [
        { host: '*.test', ...plain },
        { host: 'localhost', ...plain },
        { host: 'sub.localhost', ...plain },
        { host: 'short', ...plain },
        ...['open', 'meta-open', 'alibaba-open', 'ula-open', 'mapped-open']
            .map((host) => ({ host: `${host}.test`, ...plain, allowPrivate: true }))
            .reverse(),
    ].reverse(),
    maxRedirects: 5,
    timeoutMs: 5000,
};

// [what, URL, the address that is reached, or a part of the message], one after the other
const cases = [
    ['a name with a public address', 'http://pub.test/', PUBLIC],
    ['letters of any case', 'http://PUB.Test/', PUBLIC],
    ['a name with two', 'http://two.test/', '93.184.216.35'],
    ['a host with IPv6 only', 'http://pub6.test/', PUBLIC6],
    ['a name that is an alias', 'http://alias-pub.test/', PUBLIC],
    ['the next address when the first is dead', 'http://dead.test/', PUBLIC],
    [
        'a public name that is loopback',
        'http://loop.test/',
        'loop.test has the address 127.0.0.1, which is loopback: allowPrivate is not set in rule',
    ],
    ['the same with IPv6', 'http://loop6.test/', 'loop6.test has the address ::1, which is loopback'],
    [
        'one that is in a private network',
        'http://private.test/',
        'private.test has the address 10.0.0.5, which is a private network',
    ],
    ['an alias of one', 'http://alias.test/', 'alias.test has the address 10.0.0.5, which is a private network'],
    ['the metadata service', 'http://meta.test/latest/meta-data/', 'which is link-local'],
    ['the metadata service, with allowPrivate', 'http://meta-open.test/', 'which is link-local'],
    ['another metadata service, with allowPrivate', 'http://alibaba-open.test/', "which is a cloud's metadata service"],
    ['0.0.0.0', 'http://zero.test/', 'which is this network'],
    ['::', 'http://unspecified.test/', 'which is the unspecified address'],
    ['a private network of IPv6', 'http://ula.test/', 'which is a private network'],
    ['the same, with allowPrivate', 'http://ula-open.test/', 'fd00::5'],
    ['IPv4 mapped into IPv6', 'http://mapped.test/', '127.0.0.1'],
    ['the same, with allowPrivate', 'http://mapped-open.test/', '127.0.0.1'],
    ['NAT64', 'http://nat64.test/', 'which is an IPv4 address in IPv6 (NAT64)'],
    ['6to4', 'http://sixtofour.test/', 'which is an IPv4 address in IPv6 (6to4)'],
    ['Teredo', 'http://teredo.test/', 'which is an IPv4 address in IPv6 (Teredo)'],
    ['an address for documentation', 'http://doc.test/', 'which is for documentation'],
    ['loopback, with allowPrivate', 'http://open.test/', '127.0.0.1'],
    ['localhost', 'http://localhost/', 'localhost has the address'],
    ['a name below localhost', 'http://sub.localhost/', 'sub.localhost has the address'],
    ['a loopback address first, then a public one', 'http://mixed.test/', 'mixed.test has the address'],
    ['the same over two families', 'http://mixed6.test/', 'mixed6.test has the address'],
    ['a name without addresses', 'http://none.test/', /none\.test: Could(n't| not) resolve host ?name/],
    ['a name that is not there', 'http://absent.test/', /absent\.test: Could(n't| not) resolve host ?name/],
    ['a short name that only the search domain knows', 'http://short/', /short: Could(n't| not) resolve host ?name/],
    ['public now', 'http://rebind.test/1', PUBLIC],
    ['and loopback the next time', 'http://rebind.test/2', 'rebind.test has the address 127.0.0.1, which is loopback'],
    ['loopback now', 'http://flip.test/1', 'flip.test has the address 127.0.0.1'],
    ['and public the next time', 'http://flip.test/2', PUBLIC],
    [
        'a redirect to a name that is private',
        'http://pub.test/?to=http://private.test/',
        'private.test has the address 10.0.0.5',
    ],
    [
        'a redirect to the same name, which is private by now',
        'http://hop.test/?to=/2',
        'hop.test has the address 10.0.0.5',
    ],
    ['a redirect to an address', 'http://pub.test/?to=http://10.0.0.5/', 'the address 10.0.0.5 is a private network'],
    ['a redirect to a name that may be private', 'http://pub.test/?to=http://open.test/', '127.0.0.1'],
    [
        'and from there to one that may not',
        'http://open.test/?to=http://loop.test/',
        'loop.test has the address 127.0.0.1',
    ],
];
const mapped = ['http://mapped.test/', 'http://mapped-open.test/'];

for (const [what, url, want] of cases) {
    const before = questions.length;
    reached.length = 0;
    const { answers } = await ask(rules, [{ url }]);
    const got = answers[0]?.result?.text ?? answers[0]?.error?.message ?? 'no answer';
    if (mapped.includes(url)) {
        ok(got.startsWith('fetch: ') && reached.length === 0, `${what}: refused, no server is reached`, got, reached);
        continue;
    }
    if (/^[0-9a-f.:]+$/.test(want)) {
        ok(got === want && reached.at(-1)?.startsWith(`${want} `), `${what}: ${want}`, got, reached);
    } else {
        const private_ = reached.filter((line) => !line.startsWith('93.184.') && !line.includes(' open.test'));
        ok(got.startsWith('fetch: ') && (want.test ? want.test(got) : got.includes(want)), `${what}: ${want}`, got);
        ok(private_.length === 0, `${what}: no server is reached`, private_);
    }
    if (url.endsWith('/1'))
        is(
            questions
                .slice(before)
                .sort()
                .map((q) => q.split(' ')[1]),
            ['A', 'AAAA'],
            `${what}: asked once`,
        );
}

// Names that no rule allows are not looked up: a question would tell the resolver something.
{
    const before = questions.length;
    const { answers } = await ask({ allow: [{ host: 'pub.test', ...plain }] }, [
        { url: 'http://secret.example/' },
        { url: 'http://sub.pub.test/' },
        { url: 'https://pub.test/' },
        { url: 'http://pub.test:81/' },
    ]);
    is(
        [answers.map((a) => a.error.data.reason), questions.length - before],
        [['rule', 'rule', 'rule', 'rule'], 0],
        'nothing is resolved before the rules have allowed it',
    );
}
// A resolver that does not answer holds up neither others nor the deadline.
{
    const began = Date.now();
    const { answers } = await ask({ ...rules, timeoutMs: 700 }, [
        { url: 'http://silent.test/' },
        { url: 'http://pub.test/' },
    ]);
    is(
        [answers[0].error.data.name, answers[1].result?.text, Date.now() - began < 5000],
        ['TimeoutError', PUBLIC, true],
        'a resolver that is silent',
    );
}
// A hundred questions for a name that flips: each connection is judged by the address that it has.
{
    zone['flip.test'] = Array.from({ length: 400 }, (_, i) => [i % 2 ? '127.0.0.1' : PUBLIC]);
    delete turns['flip.test A'];
    reached.length = 0;
    const { answers } = await ask(
        rules,
        Array.from({ length: 100 }, () => ({ url: 'http://flip.test/' })),
    );
    ok(
        answers.every((a) => a.result?.text === PUBLIC || a.error?.data.reason === 'address') &&
            reached.every((line) => line.startsWith(PUBLIC)),
        'a hundred requests while the resolver flips',
        reached.filter((line) => !line.startsWith(PUBLIC)),
    );
    ok(
        answers.some((a) => a.result) && answers.some((a) => a.error),
        'of which some are answered and some are refused',
    );
}
// The same through iso4.
{
    const got = await run(
        rules,
        `export const a = await (await fetch('http://pub6.test/')).text(); try { await fetch('http://private.test/'); } catch (e) { globalThis.m = e.message; } export const b = m;`,
    );
    is(
        got.exports,
        {
            a: PUBLIC6,
            b: 'fetch: private.test has the address 10.0.0.5, which is a private network: allowPrivate is not set in rule 9 (*.test)',
        },
        'agents see the same',
    );
}
await sleep(10);
done();
