// SPDX-License-Identifier: MIT
// t-serve.mjs - iso4 serve where transcripts do not reach: long lines, many runs, sockets, clients that do not read or
// are gone, processes that die.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { done, iso4, ok, Server, tmp } from './lib.mjs';

const is = (got, want, name) =>
    ok(
        JSON.stringify(got) === JSON.stringify(want),
        name,
        `got  ${JSON.stringify(got)?.slice(0, 1500)}`,
        `want ${JSON.stringify(want)}`,
    );
const caller = { caller: true };

// A server that answers tool calls by functions of their names.
async function withServer(args, tools, body, { limits, says = /^$/ } = {}) {
    const server = new Server(args);
    server.onmessage = (m) => {
        if (m.method !== 'tool/call') return;
        const value = tools[m.params.name]?.(...m.params.args);
        server.send({ jsonrpc: '2.0', id: m.id, result: { value } });
    };
    await server.initialize(limits);
    await body(server);
    const status = await server.close();
    is([status, server.misfits], [0, []], 'and the server ends well, every line of it valid');
    ok(says.test(server.stderr), 'with nothing to say but what it should', server.stderr);
}

// ---- lines

await withServer([], {}, async (s) => {
    s.write(`{"jsonrpc":"2.0","id":1,"method":"check","params":{"code":"${'x'.repeat(65 << 20)}"}}\n`);
    const error = await s.take((m) => m.id === null);
    is(
        error?.error.data,
        { reason: 'the line is longer than limits.maxMessageBytes' },
        'a line that is too long is refused',
    );
    is((await s.request('check', { code: '1' }))?.result, { ok: true }, 'and the next one is read');
    s.write('{"jsonrpc":"2.0","id":"cr","method":"check","params":{"code":"1"}}\r\n\r\n\n');
    is((await s.answer('cr'))?.result, { ok: true }, 'a carriage return and blank lines are ignored');
    const big = 'y'.repeat(1 << 20);
    const run = await s.request('run', {
        code: `export default ${JSON.stringify(big)}.length; console.log(${JSON.stringify(big)})`,
        limits: { maxStdoutBytes: 0 },
    });
    is([run?.result.exports, run?.result.stdout[0].length], [{ default: 1 << 20 }, 1 << 20], 'long ones go both ways');
});

const SMALL = 65536;
await withServer(
    [],
    { f: () => 1 },
    async (s) => {
        const large = await s.request('run', { code: 'export default "x".repeat(1e5)' });
        is(
            [large.result.error?.code, large.result.exports],
            ['ERR_EXPORT_TOO_LARGE', undefined],
            'a result that the client does not take',
        );
        const logs = await s.request('run', {
            code: 'for (let i = 0; i < 3000; i++) console.log("x".repeat(100)); console.error("e")',
        });
        is(
            [logs.result.error?.code, logs.result.stdout, logs.result.droppedStdout, logs.result.droppedStderr],
            ['ERR_EXPORT_TOO_LARGE', [], 3000, 1],
            'is sent without what was logged',
        );
        const args = await s.request('run', {
            code: 'export default await f("x".repeat(1e5)).catch((e) => e.message)',
            globals: { f: caller },
        });
        is(
            args.result.exports?.default,
            "'f' was called with arguments that are longer than the client takes in one message",
            'nor are arguments',
        );
        s.send({
            jsonrpc: '2.0',
            id: 'c',
            method: 'run',
            params: { code: 'console.log("é\\u{1f600}\\n".repeat(3e4)); console.log("end")', events: ['console'] },
        });
        const result = await s.answer('c');
        const items = s.received.filter((m) => m.method === 'run/output').flatMap((m) => m.params.items);
        ok(
            items[0].cut && /^(é\u{1f600}\n)+(é|é\u{1f600})?$/u.test(items[0].text) && items.at(-1).text === 'end',
            'a console line that is too long is cut between characters',
            JSON.stringify(items).slice(0, 200),
        );
        ok(result.result.error?.code === 'ERR_EXPORT_TOO_LARGE', 'and the result says that it is too long');
        const declared = Object.fromEntries(
            Array.from({ length: 2000 }, (_, i) => [`function${i}`, { returns: 1, description: 'long enough' }]),
        );
        const prepared = await s.request('prepare', { globals: declared });
        is(
            prepared.error?.data,
            { code: 'ERR_EXPORT_TOO_LARGE', retryable: false },
            'a declaration that is too long is an error',
        );
    },
    { limits: { maxMessageBytes: SMALL } },
);

// ---- many

{
    // Pipes, not the sockets that Node.js makes: 64 KiB each.
    const child = spawn('sh', ['-c', `cat | "${iso4}" serve | cat`], { stdio: ['pipe', 'pipe', 'inherit'] });
    const answers = new Map();
    let text = '';
    const ended = new Promise((resolve) => child.stdout.on('end', resolve));
    const write = (m) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...m })}\n`);
    write({ id: 0, method: 'initialize', params: { protocolVersion: 1 } });
    for (let i = 1; i <= 1000; i++)
        write({ id: i, method: 'run', params: { code: `export default ${i}; // ${'x'.repeat(300)}` } });
    child.stdin.end();
    child.stdout.on('data', (data) => (text += data));
    await ended;
    for (const line of text.trimEnd().split('\n')) {
        const m = JSON.parse(line);
        if (m.method === undefined) answers.set(m.id, m.result);
    }
    let right = 0;
    for (let i = 1; i <= 1000; i++) right += answers.get(i)?.exports?.default === i;
    is(
        [answers.size, right],
        [1001, 1000],
        '1,000 runs are sent at once through pipes of 64 KiB, and each is answered',
    );
}

// SERVE_SOAK=100000 is the long one. So many are under way at a time.
const SOAK = Number(process.env.SERVE_SOAK ?? 1000);
const AT_ONCE = 32;
await withServer([], { echo: (x) => x }, async (s) => {
    const handle = (await s.request('prepare', { globals: { echo: caller } })).result.handle;
    const rss = () => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${s.child.pid}/status`, 'utf8'))[1]);
    let sent = 0;
    let right = 0;
    let begun;
    const next = async () => {
        while (sent < SOAK) {
            const i = ++sent;
            const got = await s.request(
                'run',
                { handle, code: 'export default await echo(globalThis.n = ' + i + ')' },
                i,
            );
            right += got?.result.exports?.default === i && got.result.bridgeCalls.length === 1;
            s.received.length = 0; // notifications
            if (i === Math.floor(SOAK / 10)) begun = rss();
        }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, next));
    is(right, SOAK, `${SOAK} runs with a call each, none lost`);
    const grown = rss() - begun;
    ok(grown < 4096, `memory of the server does not grow (${grown} KiB)`);
});

// ---- clients that do not read, or are gone

await (async () => {
    const s = new Server(['--jobs', '2']);
    await s.initialize({ maxMessageBytes: 1 << 28 });
    s.child.stdout.pause();
    const code = 'for (let i = 0; i < 60; i++) console.log("x".repeat(1e6)); export default 1';
    for (const id of [1, 2])
        s.send({
            jsonrpc: '2.0',
            id,
            method: 'run',
            params: { code, events: ['console'], limits: { maxStdoutBytes: 0, wallTimeMs: 4000, memoryMb: 1024 } },
        });
    await new Promise((resolve) => setTimeout(resolve, 6000));
    const peak = Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync(`/proc/${s.child.pid}/status`, 'utf8'))[1]);
    s.child.stdout.resume();
    const results = [await s.answer(1), await s.answer(2)].map((m) => m.result);
    ok(
        results.some((r) => r.error?.code === 'ERR_WALL_TIMEOUT'),
        'where the client does not read runs stand still, and spend their time',
        JSON.stringify(results.map((r) => r.error)),
    );
    const seen = { 1: 0, 2: 0 };
    let inOrder = true;
    for (const m of s.received.filter((r) => r.method === 'run/output')) {
        inOrder &&= m.params.seq === ++seen[m.params.runId];
    }
    ok(inOrder && seen[1] + seen[2] > 40, 'nothing of what they have said is lost', JSON.stringify(seen));
    ok(peak < 600 * 1024, `and the server holds no more than it says (${peak >> 10} MiB)`);
    is([await s.close(), s.misfits], [0, []], 'it goes on');
})();

await (async () => {
    const s = new Server([]);
    await s.initialize();
    s.send({
        jsonrpc: '2.0',
        id: 1,
        method: 'run',
        params: { code: 'for (;;);', limits: { cpuTimeMs: 0, wallTimeMs: 0 } },
    });
    await s.take((m) => m.method === 'run/started');
    s.child.stdout.destroy();
    is(await s.exit, 3, 'a client that is gone ends the server and its runs');
    is(s.stderr, '', 'without a message: no one is left to read it');
})();

// ---- processes that die

await withServer(['--jobs', '1'], {}, async (s) => {
    const children = (pid) =>
        fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
    s.send({
        jsonrpc: '2.0',
        id: 1,
        method: 'run',
        params: { code: 'console.log("x"); for (;;);', events: ['console'], limits: { cpuTimeMs: 0, wallTimeMs: 0 } },
    });
    await s.take((m) => m.method === 'run/output');
    for (const pid of children(s.child.pid)) process.kill(pid, 'SIGKILL');
    is(
        (await s.answer(1)).result.error?.code,
        'ERR_WORKER_CRASHED',
        'the death of what a run was forked from is its result',
    );
    is(
        (await s.request('run', { code: 'export default 2' })).result.exports,
        { default: 2 },
        'and the next run gets another',
    );
});

// ---- snapshots

fs.writeFileSync(path.join(tmp, 'p.js'), 'globalThis.twice = (n) => 2 * n;');
fs.writeFileSync(path.join(tmp, 'g.json'), '{"f":{"caller":true,"description":"F"},"g":{"returns":1}}');
for (const [name, ...globals] of [['p.snap', '-g', 'g.json'], ['plain.snap']])
    execFileSync(iso4, ['precompile', '-q', '-o', name, ...globals, 'p.js'], { cwd: tmp });
const bytes = fs.readFileSync(path.join(tmp, 'p.snap'));
fs.writeFileSync(
    path.join(tmp, 'damaged.snap'),
    Buffer.concat([bytes.subarray(0, bytes.length - 100), Buffer.alloc(100)]),
);
const ofOtherV8 = fs
    .readFileSync(path.join(tmp, 'plain.snap'), 'latin1')
    .replace(/14\.\d\.\d+/, (v) => v.replace(/\d/g, '9'));
fs.writeFileSync(path.join(tmp, 'other.snap'), ofOtherV8, 'latin1');
await withServer(
    [],
    { f: (n) => n + 1 },
    async (s) => {
        const p = (await s.request('prepare', { snapshot: 'p.snap' })).result;
        is(
            p.declared.globals,
            [
                { name: 'f', kind: 'caller', description: 'F' },
                { name: 'g', kind: 'returns' },
            ],
            'a snapshot says what it declares',
        );
        is(
            (await s.request('run', { handle: p.handle, code: 'export default twice(await f(await g()))' })).result
                .exports,
            { default: 4 },
            'and its functions are answered by the client',
        );
        const q = (await s.request('prepare', { snapshot: 'p.snap', globals: { g: { returns: 10 } } })).result;
        is(
            (
                await s.request('run', {
                    handle: q.handle,
                    code: 'export default [await g(), await f(1)]',
                    globals: { f: { returns: 'run' } },
                })
            ).result.exports,
            { default: [10, 'run'] },
            'prepare rebinds what it declares, and a run what prepare did',
        );
        is(
            (
                await s.request('run', {
                    handle: q.handle,
                    call: 'twice',
                    code: 'export const twice = (n) => n * 2',
                    args: [4],
                })
            ).result.value,
            8,
            'and calls',
        );
        is(
            (await s.request('prepare', { snapshot: 'p.snap', globals: { h: { returns: 10 } } })).error?.data,
            { path: 'globals', code: 'ERR_UNDECLARED_BINDING' },
            'but nothing that it does not declare',
        );
        is(
            (await s.request('prepare', { snapshot: 'damaged.snap' })).error?.data,
            { code: 'ERR_SNAPSHOT_INVALID', retryable: false },
            'a damaged snapshot is refused',
        );
        is(
            (await s.request('prepare', { snapshot: 'other.snap' })).error?.data,
            { code: 'ERR_SNAPSHOT_MISMATCH', retryable: false },
            'and one of another V8',
        );
        const limited = (await s.request('prepare', { snapshot: 'p.snap', limits: { memoryMb: 64, cpuTimeMs: 100 } }))
            .result;
        is(
            (await s.request('run', { handle: limited.handle, code: 'for (;;);' })).result.error?.code,
            'ERR_CPU_TIMEOUT',
            'limits of a handle hold for its runs',
        );
    },
    { says: /^iso4: a process cannot be forked, .*precompile it again\n$/ },
);

await withServer(['--no-host-commands'], {}, async (s) => {
    is(
        (await s.request('run', { code: '1', globals: { f: { command: ['true'] } } })).error?.data,
        { path: 'globals' },
        '--no-host-commands refuses programs',
    );
    is(
        (await s.request('run', { code: 'export default 1', globals: { f: caller } })).result.ok,
        true,
        'and not the client',
    );
});

// ---- sockets

const socket = path.join(tmp, 's');
async function connect() {
    const connection = net.createConnection({ path: socket, allowHalfOpen: true });
    await new Promise((resolve, reject) => connection.on('connect', resolve).on('error', reject));
    return new Client(connection);
}
// The lines of a connection.
class Client extends Server {
    constructor(connection) {
        super([], { attach: connection });
        this.connection = connection;
    }
}
async function listening(args = []) {
    const server = new Server(['--listen', `unix:${socket}`, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    for (let i = 0; i < 1200; i++) {
        const there = await new Promise((resolve) => {
            const probe = net.createConnection({ path: socket }, () => resolve(true)).on('error', () => resolve(false));
            probe.on('connect', () => probe.destroy());
        });
        if (there) break;
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return server;
}

await (async () => {
    let server = await listening();
    is((fs.statSync(socket).mode & 0o777).toString(8), '600', 'a socket is for its user only');
    const a = await connect();
    const b = await connect();
    await a.initialize();
    await b.initialize();
    const one = a.request('run', { code: 'export default "a"' }, 'same');
    const two = b.request('run', { code: 'export default await f()', globals: { f: caller } }, 'same');
    const call = await b.take((m) => m.method === 'tool/call');
    is((await one).result.exports, { default: 'a' }, 'connections have ids of their own');
    a.connection.destroy();
    b.send({ jsonrpc: '2.0', id: call.id, result: { value: 'b' } });
    is((await two).result.exports, { default: 'b' }, "and one that breaks is no other one's");
    is((await (await connect()).request('run', { code: '1' })).error?.code, -32002, 'each begins by itself');
    const c = await connect();
    await c.initialize();
    c.send({ jsonrpc: '2.0', id: 1, method: 'run', params: { code: 'export default 3' } });
    c.connection.end();
    is(
        [(await c.answer(1))?.result.exports, await c.take(() => false)],
        [{ default: 3 }, undefined],
        'a connection whose input ends gets its results, and is closed',
    );
    const again = new Server(['--listen', `unix:${socket}`]);
    is(await again.exit, 2, 'a second server is refused');
    ok(/another server listens/.test(again.stderr), 'and says why', again.stderr);
    b.send({
        jsonrpc: '2.0',
        id: 9,
        method: 'run',
        params: { code: 'await new Promise((r) => setTimeout(r, 100)); export default 9' },
    });
    await b.take((m) => m.method === 'run/started' && m.params.runId === 9);
    server.child.kill('SIGTERM');
    is((await b.answer(9))?.result.exports, { default: 9 }, 'a signal lets runs end');
    is([await server.exit, fs.existsSync(socket)], [0, false], 'and the socket is removed');
    server = await listening();
    server.child.kill('SIGKILL');
    await server.exit;
    is(fs.existsSync(socket), true, 'a server that is killed leaves its socket');
    server = await listening();
    const d = await connect();
    ok((await d.initialize()).result, 'the next one takes its place');
    server.child.kill('SIGHUP');
    is(await server.exit, 0, 'and ends by another signal, too');
})();

for (const [args, why] of [
    [['--listen', 'tcp:1'], /--listen takes unix:PATH/],
    [['--listen', `unix:${'x'.repeat(200)}`], /too long for a socket/],
    [['--listen', 'unix:none/s'], /cannot listen on 'none\/s'/],
    [['--grace', 'soon'], /--grace takes milliseconds/],
    [['requests.jsonl'], /serve takes no file/],
]) {
    const s = new Server(args);
    is(await s.exit, 2, `refused: serve ${args.join(' ').slice(0, 40)}`);
    ok(why.test(s.stderr), 'and why', s.stderr);
}

done();
