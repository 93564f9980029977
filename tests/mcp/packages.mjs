// SPDX-License-Identifier: MIT
// packages.mjs - MCP both ways against the official packages, which tests/mcp/package-lock.json pins: `make test-mcp`.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { packages, packagesFolder } from '../../tools/packages.mjs';
import { bridge } from './bridge.mjs';
import { agent, done, is, iso4, lines, ok, PATIENCE_MS, run, scripted, servers, tmp, write } from './lib.mjs';

const require = packages('mcp');
const folder = packagesFolder('mcp');
const node = process.execPath;
const program = (name, file) => path.join(folder, '@modelcontextprotocol', name, file);
const sdk = (how) => ({
    command: node,
    args: [path.join(import.meta.dirname, 'sdk-server.mjs'), how],
    env: { MODULES: path.dirname(path.dirname(folder)) },
});

// ---- the official client, in both eras

{
    const { Client } = require('@modelcontextprotocol/client');
    const { StdioClientTransport } = require('@modelcontextprotocol/client/stdio');
    const globals = write('globals.json', { add: { returns: 3, description: 'Adds' } });
    for (const mode of ['legacy', 'auto', { pin: '2026-07-28' }]) {
        const name = mode.pin ?? mode;
        const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
        await client.connect(
            new StdioClientTransport({ command: iso4, args: ['mcp', '-g', globals, '--tools', 'search'], cwd: tmp }),
        );
        is(
            (await client.listTools()).tools.map((tool) => tool.name),
            ['run_code', 'search_tools', 'describe_tools'],
            `client, ${name}: tools`,
        );
        const good = await client.callTool({ name: 'run_code', arguments: { code: 'return [await add(), 1n]' } });
        is(
            good.structuredContent?.value,
            [3, { $type: 'bigint', value: '1' }],
            `client, ${name}: run_code, its output fits the schema`,
            good,
        );
        const bad = await client.callTool({ name: 'run_code', arguments: { code: 'throw 1' } });
        is([bad.isError, bad.structuredContent?.ok], [true, false], `client, ${name}: a run that fails`);
        const control = new AbortController();
        const endless = client.callTool(
            { name: 'run_code', arguments: { code: 'await new Promise((r) => setTimeout(r, 20000))' } },
            { signal: control.signal },
        );
        control.abort();
        is(
            await endless.then(
                () => 'answered',
                () => 'aborted',
            ),
            'aborted',
            `client, ${name}: cancelled`,
        );
        ok(
            (await client.callTool({ name: 'search_tools', arguments: { query: 'add' } })).content[0].text.startsWith(
                '1 of 1',
            ),
            `client, ${name}: search_tools`,
        );
        await client.close();
    }
}

// ---- servers as upstreams

{
    const file = servers({
        everything: { command: node, args: [program('server-everything', 'dist/index.js'), 'stdio'] },
        memory: {
            command: node,
            args: [program('server-memory', 'dist/index.js')],
            env: { MEMORY_FILE_PATH: path.join(tmp, 'memory.jsonl') },
        },
        fs: { command: node, args: [program('server-filesystem', 'dist/index.js'), fs.realpathSync(tmp)] },
        legacy: sdk('legacy'),
        both: sdk('both'),
        modern: sdk('modern'),
    });
    write('hello.txt', 'hello');
    const got = agent(
        `const caught = (p) => p.then(() => 'fine', (e) => e.name + ': ' + e.message);
        const sums = await Promise.all([legacy, both, modern].map((s) => s.add({ a: 1, b: 2 })));
        const data = await Promise.all([legacy, both, modern].map((s) => s.data({ n: 5 })));
        const fails = await Promise.all([legacy, both, modern].map((s) => caught(s.fail())));
        await memory.create_entities({ entities: [{ name: 'Ada', entityType: 'person', observations: ['counts'] }] });
        const graph = await memory.read_graph();
        return { sums, data, fails, echo: await everything.echo({ message: 'x' }), structured: Object.keys(await everything.get_structured_content({ location: 'Chicago' })),
            image: (await everything.get_tiny_image()).content.length > 1, graph: graph.entities[0].name,
            text: await fs.read_text_file({ path: ${JSON.stringify(path.join(fs.realpathSync(tmp), 'hello.txt'))} }),
            found: (await tools.$search('read file')).length > 3 }`,
        ['--mcp', file],
    );
    is(
        got,
        {
            sums: ['3', '3', '3'],
            data: [{ n: 5 }, { n: 5 }, { n: 5 }],
            fails: ['ToolError: it failed', 'ToolError: it failed', 'ToolError: it failed'],
            echo: 'Echo: x',
            structured: ['temperature', 'conditions', 'humidity'],
            image: true,
            graph: 'Ada',
            text: { content: 'hello' },
            found: true,
        },
        'server-everything, -memory, -filesystem, and the SDK in legacy, both and modern',
        got,
    );
    for (const version of ['2024-11-05', '2025-06-18', '2025-11-25', '2026-07-28'])
        is(
            agent('return up.add({ a: 2, b: 2 })', [
                '--mcp',
                servers({ up: { ...sdk('both'), protocol: version } }, `${version}.json`),
            ]),
            '4',
            `protocol ${version}`,
        );
    ok(
        agent('return up', [
            '--mcp',
            servers({ up: { ...sdk('modern'), protocol: '2025-11-25' } }, 'pinned.json'),
        ]).includes?.('refuses initialize: '),
        'a modern server does not speak a legacy version',
    );
    const dts = run(['precompile', '--mcp', file, write('empty.js', ''), '-o', 'all.snap', '-v']);
    is(
        [dts.status, dts.stderr.split('\n').filter((line) => line.includes('leaves this check'))],
        [0, []],
        'every schema of theirs can be held',
    );
}

// ---- what iso4 sends, against the schemas of the packages

{
    const core = require('@modelcontextprotocol/core');
    const requests = {
        initialize: core.InitializeRequestSchema,
        'notifications/initialized': core.InitializedNotificationSchema,
        'server/discover': core.DiscoverRequestSchema,
        'tools/list': core.ListToolsRequestSchema,
        'tools/call': core.CallToolRequestSchema,
        'notifications/cancelled': core.CancelledNotificationSchema,
    };
    for (const era of ['legacy', 'modern']) {
        const log = path.join(tmp, `${era}.jsonl`);
        const tool = (name) => ({ name, inputSchema: { type: 'object' } });
        const file = servers(
            { up: scripted({ era, log, tools: [tool('echo'), tool('silent'), tool('asks')] }, { timeoutMs: 500 }) },
            `${era}.json`,
        );
        agent('try { await up.silent() } catch {} return [await up.echo({ a: 1 }), await up.asks()]', ['--mcp', file]);
        const sent = lines(log);
        const wrong = sent.filter(
            (m) =>
                !core.JSONRPCMessageSchema.safeParse(m).success ||
                (m.method && !requests[m.method]?.safeParse(m).success),
        );
        is(wrong, [], `${era}: ${sent.length} lines fit the schemas`);
        ok(
            sent.length > 8 && sent.some((m) => m.method === 'notifications/cancelled'),
            `${era}: of all kinds`,
            sent.length,
        );
    }
}

// ---- the conformance suite

{
    const baseline = JSON.parse(fs.readFileSync(path.join(import.meta.dirname, 'baseline.json'), 'utf8'));
    const suite = program('conformance', 'dist/index.js');
    const listed = spawnSync(node, [suite, 'list', '--server'], { encoding: 'utf8' });
    const scenarios = [...listed.stdout.matchAll(/^ +- (\S+) \[/gm)].map(([, name]) => name);
    const covers = (pattern, name) =>
        pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
    const applicable = scenarios.filter(
        (name) => !Object.keys(baseline.scenarios).some((pattern) => covers(pattern, name)),
    );
    is(
        applicable,
        ['server-initialize', 'server-stateless', 'ping', 'tools-list', 'caching', 'http-header-validation'],
        'conformance: scenarios without a reason to leave them out',
    );
    const there = await bridge(iso4, ['mcp'], tmp);
    for (const name of applicable) {
        const text = await new Promise((resolve) => {
            const child = spawn(node, [suite, 'server', '--url', there.url, '--scenario', name], { cwd: tmp });
            let out = '';
            child.stdout.on('data', (data) => (out += data));
            child.on('exit', () => resolve(stripVTControlCharacters(out)));
        });
        const checks = [...text.matchAll(/^\S+Z \[(\S+) *\] (\w+)/gm)].map(([, id, verdict]) => ({ id, verdict }));
        const failed = checks
            .filter(({ id, verdict }) => verdict === 'FAILURE' && !baseline.checks[id])
            .map(({ id }) => id);
        const passed = checks.filter(({ verdict }) => verdict === 'SUCCESS').length;
        ok(
            passed > 1 && failed.length === 0,
            `conformance: ${name}, ${passed} of ${checks.length} checks`,
            failed,
            text.slice(-3000),
        );
    }
    there.close();
}

// ---- the Inspector's command line

{
    const inspect = (...args) => {
        const got = spawnSync(node, [program('inspector', 'clients/cli/build/index.js'), iso4, 'mcp', ...args], {
            cwd: tmp,
            encoding: 'utf8',
            timeout: PATIENCE_MS,
            env: { ...process.env, HOME: tmp },
        });
        try {
            return JSON.parse(got.stdout);
        } catch {
            return got.stdout + got.stderr;
        }
    };
    is(
        inspect('--method', 'tools/list').tools?.map((tool) => tool.name),
        ['run_code'],
        'inspector: tools/list',
    );
    const got = inspect('--method', 'tools/call', '--tool-name', 'run_code', '--tool-arg', 'code=return 6 * 7');
    is(got.structuredContent?.value, 42, 'inspector: tools/call', got);
}

// ---- many tools

{
    const file = servers({ many: scripted({ era: 'modern', tools: 10000, page: 1000, cursor: 'next' }) }, 'many.json');
    const got = agent(
        'return [Object.keys(many).length, await many.tool9999({ n: 1 }), (await tools.$search("tool4242")).length]',
        ['--mcp', file],
    );
    is(got, [10000, { n: 1 }, 1], 'a server with 10,000 tools');
    run(['precompile', '--mcp', file, write('empty.js', ''), '-o', 'many.snap', '-q']);
    is(agent('return many.tool77({ n: 2 })', ['-s', 'many.snap', '--mcp', file]), { n: 2 }, 'in a snapshot');
    const waiting = spawn(
        iso4,
        ['run', '-s', 'many.snap', '--mcp', file, '-e', 'await new Promise((r) => setTimeout(r, 1000))'],
        { cwd: tmp, stdio: 'ignore' },
    );
    await new Promise((resolve) => setTimeout(resolve, 700));
    const peak = /VmHWM:\s*(\d+)/.exec(fs.readFileSync(`/proc/${waiting.pid}/status`, 'utf8'))?.[1];
    console.log(
        `# snapshot of 10,000 tools: ${fs.statSync(path.join(tmp, 'many.snap')).size} bytes; the parent's memory at its highest: ${peak} kB`,
    );
}

done();
