// SPDX-License-Identifier: MIT
// t-server.mjs - iso4 mcp: both eras, its three tools, what they tell, cancelling, the end.
import { spawn } from 'node:child_process';
import { done, is, iso4, ok, PATIENCE_MS, scripted, servers, tmp, write } from './lib.mjs';

const META = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
};
const CLIENT = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } };

class Client {
    constructor(args = []) {
        this.child = spawn(iso4, ['mcp', ...args], { cwd: tmp });
        this.received = [];
        this.waiting = [];
        this.stderr = '';
        let rest = '';
        this.child.stdout.setEncoding('utf8').on('data', (data) => {
            const lines = (rest + data).split('\n');
            rest = lines.pop();
            this.received.push(...lines.map((line) => JSON.parse(line)));
            for (const wake of this.waiting.splice(0)) wake();
        });
        this.child.stderr.on('data', (data) => (this.stderr += data));
        this.child.stdin.on('error', () => {});
        this.exit = new Promise((resolve) => this.child.on('exit', (code, signal) => resolve(signal ?? code)));
    }
    send(message) {
        this.child.stdin.write(
            `${typeof message === 'string' ? message : JSON.stringify({ jsonrpc: '2.0', ...message })}\n`,
        );
    }
    async until(test) {
        const end = Date.now() + PATIENCE_MS;
        while (!this.received.some(test) && Date.now() < end)
            await new Promise((resolve) => {
                this.waiting.push(resolve);
                setTimeout(resolve, 1000).unref();
            });
        return this.received.find(test);
    }
    id = 100;
    async ask(method, params) {
        const id = ++this.id;
        this.send({ id, method, params });
        return this.until((m) => m.id === id && !m.method);
    }
    call = async (name, args, meta) =>
        (await this.ask('tools/call', { name, arguments: args, ...(meta && { _meta: meta }) })).result;
    async start() {
        await this.ask('initialize', CLIENT);
        this.send({ method: 'notifications/initialized' });
        return this;
    }
    async end() {
        this.child.stdin.end();
        return this.exit;
    }
}

const globals = write('globals.json', {
    add: {
        returns: 3,
        description: 'Adds two numbers',
        parameters: { type: 'object', properties: { first: { type: 'number' } } },
    },
    docs: {
        members: {
            search: { returns: [], description: 'Finds pages\nof any kind' },
            getPage: { returns: 'page' },
            slow: { returns: 1, delayMs: 400 },
        },
    },
});

// ---- eras

{
    const c = new Client();
    c.send('{"jsonrpc":"2.0","id":1');
    c.send({ id: 2, method: 'tools/list' });
    c.send({ id: 'p', method: 'ping' });
    c.send({ id: 3, method: 'initialize', params: { ...CLIENT, protocolVersion: '2025-03-26' } });
    c.send({ id: 4, method: 'prompts/list' });
    c.send({ id: 5, method: 'server/discover' });
    c.send([1, 2]);
    c.send({
        id: 6,
        method: 'tools/list',
        params: { _meta: { ...META, 'io.modelcontextprotocol/protocolVersion': '2029-01-01' } },
    });
    c.send({
        id: 7,
        method: 'tools/list',
        params: { _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' } },
    });
    c.send({ id: 8, method: 'ping', params: { _meta: META } });
    c.send({ id: 9, method: 'server/discover', params: { _meta: META } });
    c.send({ id: 10, method: 'tools/call', params: { name: 'nothing' } });
    c.send({ id: 11, method: 'tools/list', params: { cursor: 'x' } });
    c.send({ id: 12, method: 'tools/list', params: { _meta: META } });
    await c.until((m) => m.id === 12);
    const by = (id) => c.received.find((m) => m.id === id);
    is(
        c.received[0],
        { jsonrpc: '2.0', id: null, error: { code: -32700, message: 'the line is not JSON', data: { column: 24 } } },
        'a line that is not JSON',
    );
    is(by(2)?.error?.code, -32602, 'before initialize, without _meta');
    is(by('p'), { jsonrpc: '2.0', id: 'p', result: {} }, 'ping comes at any time');
    is(
        by(3).result,
        {
            protocolVersion: '2025-03-26',
            capabilities: { tools: {} },
            serverInfo: { name: 'iso4', title: 'iso4', version: by(3).result.serverInfo.version },
        },
        'initialize: the version that was asked for, tools only',
    );
    is(
        [by(4)?.error?.code, by(5)?.error?.code, by(8)?.error?.code],
        [-32601, -32601, -32601],
        'methods that there are not, or not in this era',
    );
    is(
        by(6)?.error,
        {
            code: -32022,
            message: 'unsupported protocol version',
            data: { supported: ['2026-07-28'], requested: '2029-01-01' },
        },
        'another modern version',
    );
    is(by(7)?.error?.code, -32602, 'modern, without capabilities');
    is(by(9).result.supportedVersions, ['2026-07-28'], 'server/discover');
    ok(
        by(9).result.resultType === 'complete' && by(9).result.ttlMs > 0 && by(9).result.cacheScope === 'private',
        'modern results say that they are complete, and for how long',
        by(9),
    );
    is([by(10)?.error?.code, by(11)?.error?.code], [-32602, -32602], 'an unknown tool, an unknown cursor');
    is(
        by(12).result.tools.map(({ name }) => name),
        ['run_code'],
        'without functions there is one tool',
    );
    is(await c.end(), 0, 'the end of input is the end');
}
{
    const c = new Client();
    const got = await c.ask('initialize', { ...CLIENT, protocolVersion: '1999-01-01' });
    is(got.result.protocolVersion, '2025-11-25', 'an unknown version is answered with the latest');
    await c.end();
}

// ---- run_code

{
    const c = await new Client(['-g', globals]).start();
    const list = (await c.ask('tools/list')).result.tools;
    ok(
        list.length === 1 &&
            list[0].description.includes('COMPLETE:\n/** Adds two numbers */\ndeclare function add(') &&
            list[0].description.includes('/** Adds two numbers */'),
        'few declarations stand in the description of run_code',
        list[0].description,
    );
    is(
        await c
            .call('run_code', {
                code: 'console.log("a", 1); console.error("b"); return { sum: await add({ first: 1 }) }',
            })
            .then((r) => ({
                ...r,
                structuredContent: {
                    ...r.structuredContent,
                    calls: r.structuredContent.calls.map(({ name, ok: good }) => [name, good]),
                },
            })),
        {
            content: [{ type: 'text', text: '{"sum":3}\nConsole:\na 1\nConsole (errors):\nb\n' }],
            structuredContent: { ok: true, value: { sum: 3 }, stdout: ['a 1'], stderr: ['b'], calls: [['add', true]] },
            isError: false,
        },
        'run_code: value, console, calls',
    );
    is(
        (await c.call('run_code', { code: 'export const a = 1, b = 2' })).structuredContent.value,
        { a: 1, b: 2 },
        'exports of a module are the value',
    );
    is((await c.call('run_code', { code: 'const x: number = 5; return x' })).structuredContent.value, 5, 'TypeScript');
    const failed = await c.call('run_code', { code: 'await add({});\nthrow new TypeError("no")' });
    is(
        [
            failed.isError,
            failed.structuredContent.ok,
            failed.structuredContent.error.code,
            failed.structuredContent.error.line,
        ],
        [true, false, 'ERR_USER_CODE', 2],
        'a run that fails',
    );
    ok(
        /^ERR_USER_CODE: TypeError: no\n[^]*> +2 \|[^]*Calls:\nadd: done\n/.test(failed.content[0].text),
        'says code, message, frame and calls',
        failed.content[0].text,
    );
    is(
        (await c.call('run_code', { code: 'await new Promise((r) => setTimeout(r, 60000))', timeoutMs: 50 }))
            .structuredContent.error.code,
        'ERR_WALL_TIMEOUT',
        'timeoutMs',
    );
    is(
        (await c.call('run_code', { code: '1', timeoutMs: 'x' })).isError,
        true,
        'arguments that do not fit are told to the model',
    );
    is((await c.call('run_code', {})).content[0].text, 'code is missing', 'and say what is wrong');
    const big = await c.call('run_code', {
        code: 'for (let i = 0; i < 999; i++) console.log("line " + i + "x".repeat(99)); return "é".repeat(1e6)',
    });
    const bytes = [big.content[0].text, JSON.stringify(big.structuredContent)].map((text) => Buffer.byteLength(text));
    ok(
        bytes[0] <= 25000 && bytes[1] <= 25000 && big.structuredContent.truncated.length > 0,
        'what is told is bounded, and says so',
        bytes,
    );
    ok(
        /… \[99\d+ more characters\]$/.test(big.structuredContent.value) &&
            /^… \[\d+ more lines\]$/.test(big.structuredContent.stdout.at(-1)),
        'and how much is missing',
        big.structuredContent.value.slice(-60),
    );
    await c.end();
}

{
    const c = await new Client(['--max-output-bytes', '2000']).start();
    const got = await c.call('run_code', { code: 'return { a: "x".repeat(9000), b: [1, 2] }' });
    ok(/^x+… \[\d+ more characters\]$/.test(got.structuredContent.value.a), '--max-output-bytes: a text is cut', got);
    is(
        [got.structuredContent.value.b, got.structuredContent.truncated[0].path],
        [[1, 2], 'exports.default.a'],
        'and the rest of the value is whole',
    );
    await c.end();
}

// ---- search

{
    const c = await new Client(['-g', globals, '--tools', 'search']).start();
    const list = (await c.ask('tools/list')).result.tools;
    is(
        list.map(({ name }) => name),
        ['run_code', 'search_tools', 'describe_tools'],
        '--tools=search: three tools, in this order',
    );
    ok(
        list[0].description.includes('add (1), docs (3)') &&
            list[0].description.includes('COMPLETE; describe_tools') &&
            list[0].description.includes('docs.getPage('),
        'globals with counts, and signatures',
        list[0].description,
    );
    const text = async (name, args) => (await c.call(name, args)).content[0].text;
    is(
        (await text('search_tools', { query: 'page', detail: 'names' })).split('\n'),
        ['2 of 2 functions that match, best first', 'docs.getPage', 'docs.search', ''],
        'a word of the path outranks the description',
    );
    is(
        (await text('search_tools', { query: 'first', detail: 'names' })).split('\n')[1],
        'add',
        'parameters are looked at',
    );
    is(
        (await text('search_tools', { query: '', detail: 'names', limit: 1, server: 'docs' })).split('\n').slice(0, 2),
        ['1 of 3 functions that match, best first', 'docs.getPage'],
        'a limit, and one server',
    );
    ok(
        (await text('search_tools', { query: 'search', detail: 'full' })).includes(
            'docs.search(...args: unknown[]): Promise<unknown>\n    Finds pages\nof any kind',
        ),
        'in full',
    );
    is(
        await text('describe_tools', { names: ['docs.search', 'docs.serch'] }),
        'declare const docs: {\n  /**\n   * Finds pages\n   * of any kind\n   */\n  search(...args: unknown[]): Promise<unknown>;\n};\n// There is no function docs.serch; did you mean docs.search?\n',
        'describe_tools',
    );
    ok((await text('describe_tools', { names: ['docs'] })).includes('slow('), 'all of a global');
    is((await c.call('describe_tools', { names: ['nothing'] })).isError, true, 'nothing of what was asked for');
    is(
        (await c.call('run_code', { code: 'return (await tools.$search("page")).map((t) => t.name)' }))
            .structuredContent.value,
        ['docs.getPage', 'docs.search'],
        'tools.$search',
    );
    await c.end();
}

// ---- progress, cancelling, the end

{
    const c = await new Client(['-g', globals]).start();
    await c.call('run_code', { code: 'for (let i = 0; i < 4; i++) await docs.slow()' }, { progressToken: 'tok' });
    const told = c.received.filter((m) => m.method === 'notifications/progress');
    ok(
        told.length >= 1 && told.length <= 3 && told.every((m) => m.params.progressToken === 'tok'),
        'progress: at most once a second',
        told,
    );
    ok(
        told.every((m, i) => i === 0 || m.params.progress > told[i - 1].params.progress),
        'and it grows',
        told,
    );
    c.send({
        id: 1,
        method: 'tools/call',
        params: { name: 'run_code', arguments: { code: 'await new Promise((r) => setTimeout(r, 30000))' } },
    });
    c.send({ method: 'notifications/cancelled', params: { requestId: 1, reason: 'no' } });
    c.send({ method: 'notifications/cancelled', params: { requestId: 77 } });
    await c.call('run_code', { code: 'return 1' });
    ok(!c.received.some((m) => m.id === 1), 'a run that is cancelled gets no answer');
    c.send({
        id: 2,
        method: 'tools/call',
        params: { name: 'run_code', arguments: { code: 'await new Promise((r) => setTimeout(r, 25000))' } },
    });
    await c.ask('ping');
    const before = Date.now();
    is(await c.end(), 0, 'the end of input ends runs that are under way');
    ok(Date.now() - before < 10000, 'and does not wait for them', Date.now() - before);
}

// ---- with servers

{
    const mark = `${tmp}/upstream.log`;
    const file = servers({ up: scripted({ era: 'modern', tools: 40, log: mark }) });
    const c = new Client(['--mcp', file]);
    const list = (await c.ask('tools/list', { _meta: META })).result.tools;
    ok(
        list.length === 1 && list[0].description.includes('tool39('),
        'tools of servers are declared',
        list[0].description,
    );
    is(
        (await c.call('run_code', { code: 'return up.tool3({ n: 1 })' }, META)).structuredContent.value,
        { n: 1 },
        'and called',
    );
    await c.end();
    const many = new Client([
        '--mcp',
        servers({ one: scripted({ tools: 200 }), two: scripted({ tools: 3 }) }, 'many.json'),
    ]);
    const partial = (await many.ask('tools/list', { _meta: META })).result.tools;
    ok(
        partial.length === 3 &&
            /PARTIAL \(\d+ of 203\)/.test(partial[0].description) &&
            partial[0].description.includes('two.tool2('),
        'many: PARTIAL, and each server has its share',
        partial[0].description,
    );
    ok(partial[0].description.length < 12000, 'within bounds');
    await many.end();
}
{
    const c = new Client(['agent.js']);
    is(await c.exit, 2, 'a file is a usage error');
    ok(c.stderr.includes('mcp takes no file'), 'that says so', c.stderr);
    const broken = new Client(['-g', write('reserved.json', { Object: { value: 1 } })]);
    is(await broken.exit, 2, 'definitions are tried at the start');
}

done();
