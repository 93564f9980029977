// SPDX-License-Identifier: MIT
// t-upstream.mjs - tools of MCP servers in runs: how servers are found, started and spoken to, in both eras; what their
// results are for agents; what happens when they misbehave.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { agent, done, is, iso4, lines, ok, PATIENCE_MS, run, scripted, servers, tmp, write } from './lib.mjs';

const tool = (name, more = {}) => ({ name, inputSchema: { type: 'object' }, ...more });
const names = [
    'echo',
    'plain',
    'twice',
    'structured',
    'image',
    'fails',
    'refused',
    'junk',
    'asks',
    'again',
    'env',
    'cwd',
];
const bad = ['silent', 'wrong', 'words', 'unread', 'empty', 'gigabyte', 'dies', 'wants', 'oddity'];
const all = [...names, ...bad].map((name) => tool(name));

// ---- approval

{
    const log = path.join(tmp, 'asking.log');
    const file = servers({ up: { ...scripted({ era: 'legacy', tools: all, log }), approval: 'ask' } });
    const code = 'return await up.echo({ a: 1 }).catch((e) => e.name)';
    is(agent(code, ['--mcp', file]), 'ApprovalDenied', 'a server with approval: its calls are denied by default');
    is(agent(code, ['--mcp', file, '--approve=allow']), { a: 1 }, 'and made when they are allowed');
}

// ---- results, in both eras

for (const era of ['legacy', 'modern']) {
    const log = path.join(tmp, `${era}.log`);
    const file = servers({ up: scripted({ era, tools: all, log }) });
    const code = `
        const caught = async (f) => { try { return await f(); } catch (e) { return { ...e, name: e.name, message: e.message }; } };
        return [await up.echo({ a: 1, b: "x" }), await up.echo(), await up.plain(), await up.twice(),
                await up.structured(), await up.image(), await caught(() => up.fails()), await caught(() => up.refused()),
                await caught(() => up.echo(1, 2)), await up.junk(), await up.again(), await up.asks()];`;
    const got = agent(code, ['--mcp', file]);
    is(
        got.slice?.(0, 6),
        [
            { a: 1, b: 'x' },
            {},
            'not {json}',
            'one\ntwo',
            { a: [1, 2] },
            {
                content: [{ type: 'image', data: 'AAAA', mimeType: 'image/png' }],
                ...(era === 'modern' && { resultType: 'complete' }),
            },
        ].map((v) => (v?.content && era === 'modern' ? { resultType: 'complete', content: v.content } : v)),
        `${era}: results become values`,
        got,
    );
    is(
        got[6],
        { content: [{ type: 'text', text: 'no such city' }], name: 'ToolError', message: 'no such city' },
        `${era}: isError throws a ToolError`,
    );
    is(
        got[7],
        { code: -32602, city: 'x', name: 'Error', message: 'bad city' },
        `${era}: an error is thrown with its code and data`,
    );
    is(
        got[8]?.message,
        "'up.echo' was called with arguments that do not fit: args[0] must be an object, not a number",
        `${era}: one argument is taken`,
    );
    is(
        got.slice?.(9, 11),
        ['after junk', 'first'],
        `${era}: lines that are no messages, and second answers, are let go`,
    );
    is(
        got[11],
        [
            { id: 'p', jsonrpc: '2.0', result: {} },
            ...[1, 2, 3, 4].map((id) => ({
                id,
                jsonrpc: '2.0',
                error: { code: -32601, message: 'iso4 offers no such method' },
            })),
        ],
        `${era}: ping is answered, all else is refused`,
    );
    const sent = lines(log);
    const meta = {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientCapabilities': {},
    };
    is(
        sent.slice(0, 4).map(({ method }) => method),
        era === 'legacy'
            ? ['initialize', 'notifications/initialized', 'tools/list', 'initialize']
            : ['initialize', 'server/discover', 'tools/list', 'initialize'],
        `${era}: the handshake, once to ask for tools and once for the calls`,
    );
    const call = sent.find(({ method }) => method === 'tools/call');
    is(call.params.name, 'echo', `${era}: a call names the tool`);
    if (era === 'legacy') is(call.params, { name: 'echo', arguments: { a: 1, b: 'x' } }, 'legacy: a call has no _meta');
    else
        ok(
            Object.entries(meta).every(
                ([key, value]) => JSON.stringify(call.params._meta[key]) === JSON.stringify(value),
            ),
            'modern: a call says version and capabilities',
            call,
        );
}

// ---- the end of calls

{
    const file = servers({ up: scripted({ era: 'modern', tools: all }) });
    is(
        agent('return up.wants()', ['--mcp', file]),
        "ERR_HOST_BRIDGE: 'up.wants' wants input that a run cannot give (elicitation/create: Which city?)",
        'a result that wants input is refused with what was asked',
    );
    is(
        agent('return up.oddity()', ['--mcp', file]),
        "ERR_HOST_BRIDGE: 'up.oddity' was answered with a kind of result that iso4 does not know",
        'an unknown kind of result is refused',
    );
}

const hostile = servers({ up: scripted({ era: 'legacy', tools: all }) });
const refused = (name, what) =>
    is(
        agent(`return up.${name}()`, ['--mcp', hostile]),
        `ERR_HOST_BRIDGE: 'up.${name}' got no answer: its MCP server ${what}`,
        `hostile: ${name}`,
    );
refused('wrong', 'answered what it was never asked');
refused('words', 'answered what it was never asked');
refused('unread', 'reports an error of no request: cannot read that');
refused('gigabyte', 'wrote a message of more than 68157440 bytes');
is(
    agent('return up.empty()', ['--mcp', hostile]),
    "ERR_HOST_BRIDGE: 'up.empty' was answered with neither a result nor an error",
    'hostile: an answer without result and error',
);
is(
    agent('return up.silent()', ['--mcp', hostile, '--wall-time-ms', '1500']).slice(0, 16),
    'ERR_WALL_TIMEOUT',
    'hostile: no answer, the run ends at its limit',
);
{
    const got = run(['run', '-v', '--mcp', hostile, '-e', 'return up.dies()']);
    is(
        got.result?.error?.message,
        "'up.dies' got no answer: its MCP server ended with exit status 3",
        'hostile: it dies, and the agent learns its exit status only',
    );
    ok(
        got.stderr.includes("MCP server 'up': a secret path: ") && got.stderr.includes('the last words'),
        '--verbose says its last words',
        got.stderr,
    );
    ok(!got.stdout.includes('secret'), 'the result does not have them', got.stdout);
}
{
    const log = path.join(tmp, 'again.log');
    const file = servers({ up: scripted({ era: 'legacy', tools: all, log }) });
    const code =
        'let e; try { await up.dies(); } catch (x) { e = x.message.length; } return [e > 0, await up.plain(), await up.plain()]';
    is(
        agent(code, ['--mcp', file]),
        [true, 'not {json}', 'not {json}'],
        'the next call starts a server that has died anew',
    );
    is(
        lines(log).filter(({ method }) => method === 'initialize').length,
        3,
        'once: asking, dying, and once for both calls',
    );
}
{
    const log = path.join(tmp, 'timeout.log');
    const file = servers({ up: scripted({ era: 'legacy', tools: all, log }, { timeoutMs: 700 }) });
    is(
        agent('try { await up.silent() } catch (e) { return [e.message, await up.plain()][0] }', ['--mcp', file]),
        "'up.silent' did not answer within 700 ms (timeoutMs)",
        'timeoutMs of a server is that of its calls',
    );
    const sent = lines(log);
    const call = sent.find(({ method }) => method === 'tools/call');
    is(
        sent.find(({ method }) => method === 'notifications/cancelled')?.params?.requestId,
        call?.id,
        'the server is told that the answer is not wanted any more',
        sent,
    );
}

// ---- servers that cannot be asked

const asked = (script, what, name) =>
    is(
        agent('return up', [
            '--mcp',
            servers({ up: scripted({ era: 'legacy', ...script }, { timeoutMs: script.ms }) }),
        ]),
        `usage: iso4: the MCP server 'up' ${what}`,
        name,
    );
asked({ list: 'endless' }, 'lists its tools on more than 100 pages', 'endless pages');
asked({ list: 'gigabyte' }, 'wrote a message of more than 34603008 bytes', 'a list that does not end');
asked({ list: 'silent', ms: 500 }, 'has not listed its tools within 500 ms', 'no list');
asked({ start: 'silent', ms: 500 }, 'has not listed its tools within 500 ms', 'no handshake');
asked({ list: 'error' }, 'answers tools/list with an error: the disk is\\x1b[31m full', 'an error in place of a list');
asked({ list: 'nonsense' }, 'answers tools/list without a list of tools', 'no list of tools');
asked(
    { version: '1999-01-01' },
    'answers initialize with a version of the protocol that iso4 does not speak',
    'an unknown version',
);
asked(
    { era: 'modern', supported: ['2030-01-01'] },
    'does not speak version 2026-07-28 of the protocol',
    'another modern version',
);
asked({ tools: 10001 }, 'lists more tools than iso4 takes: 10000, in 32 MiB', 'too many tools');
asked({ tools: [tool('a'), tool('a')] }, "lists the tool 'a' twice", 'a tool twice');
asked({ tools: [{ title: 'x' }] }, 'lists a tool without a name', 'a tool without a name');
ok(
    /^usage: iso4: the MCP server 'up' ended with exit status 3: a secret path: .*the last words$/.test(
        agent('return up', ['--mcp', servers({ up: scripted({ list: 'dies' }) })]),
    ),
    'it dies when it is asked: its last words are for the operator',
);
is(
    agent('return Object.keys(up)', ['--mcp', servers({ up: scripted({ list: 'none' }) })]),
    [],
    'a server without tools',
);

// ---- tools and their names

{
    const file = servers({ 'my-server': scripted({ era: 'legacy', tools: 7, page: 3, cursor: '' }) });
    is(
        agent('return Object.keys(my_server)', ['--mcp', file]),
        ['tool0', 'tool1', 'tool2', 'tool3', 'tool4', 'tool5', 'tool6'],
        'an empty cursor is a cursor; a name that is no identifier becomes one',
    );
}
{
    const tools = ['a-b', 'a_b', 'c.d', 'c-d', 'e-f', 'délta', '9x', '__proto__', 'then'].map((name) => tool(name));
    const file = servers({ up: scripted({ era: 'legacy', tools }) });
    is(
        agent('return Object.keys(up)', ['--mcp', file]),
        ['a-b', 'a_b', 'c.d', 'c-d', 'e_f', 'd_lta', '_9x', '__proto__', 'then'],
        'identifiers, unless two tools would have the same',
    );
    is(
        agent(
            'return [typeof up["a-b"], typeof up["c.d"], typeof up["c-d"], typeof up.c_d, await up["a-b"]({ x: 1 }), await up.e_f({ y: 1 })]',
            ['--mcp', file],
        ),
        ['function', 'function', 'function', 'undefined', { x: 1 }, { y: 1 }],
        'the exact name always works in brackets',
    );
}
{
    const file = servers({
        up: scripted(
            { era: 'legacy', tools: ['read', 'write', 'read_all', 'drop'].map((name) => tool(name)) },
            { include: ['read*', 'write'], exclude: ['*_all'] },
        ),
    });
    is(agent('return Object.keys(up)', ['--mcp', file]), ['read', 'write'], 'include and exclude');
}
{
    const schema = { type: 'object', properties: { n: { type: 'integer' }, s: { $ref: 'https://example.com/x' } } };
    const file = servers({
        up: scripted({
            era: 'legacy',
            tools: [
                { name: 'odd', inputSchema: schema },
                {
                    name: 'good',
                    inputSchema: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] },
                },
            ],
        }),
    });
    const got = run(['run', '-v', '--mcp', file, '-e', 'return up.odd({ n: "not checked here" })']);
    is(got.result?.exports?.default, { n: 'not checked here' }, 'a schema that iso4 cannot hold is left to the server');
    ok(
        /MCP server 'up', tool 'odd': .*iso4 leaves this check to the server/.test(got.stderr),
        'and --verbose says so',
        got.stderr,
    );
    is(
        agent('return up.good({ n: "x" })', ['--mcp', file]),
        "ERR_HOST_BRIDGE: 'up.good' was called with arguments that do not fit: args[0].n must be an integer, not a string",
        'a schema is checked before the server is called',
    );
}
{
    const file = servers({
        up: scripted(
            {
                era: 'legacy',
                tools: [tool('structured', { outputSchema: { type: 'object', properties: { a: { type: 'array' } } } })],
            },
            { result: 'raw' },
        ),
    });
    is(
        agent('return up.structured()', ['--mcp', file]),
        { content: [{ type: 'text', text: 'ignored' }], structuredContent: { a: [1, 2] } },
        'result: raw gives the whole CallToolResult',
    );
}

// ---- how programs are started

{
    const sub = write('folder/start.sh', `#!/bin/sh\ncd "$HERE" && exec "$@"\n`);
    fs.chmodSync(sub, 0o755);
    const definition = scripted({ era: 'legacy', tools: [tool('env'), tool('cwd')] });
    const file = write('folder/servers.json', {
        servers: {
            up: {
                command: './start.sh',
                args: [definition.command, ...definition.args],
                env: { HERE: '${env:PLACE}', SECRET: 'x${TOKEN}y' },
                cwd: '.',
                unknown: 1,
                disabled: false,
            },
            off: { command: 'nothing', disabled: true },
        },
    });
    const got = agent(
        'const e = await up.env(); return [e.SECRET, e.HERE, "PATH" in e, Object.keys(e).length <= 9, await up.cwd()]',
        ['--mcp', file],
        { env: { PLACE: '/', TOKEN: 'abc', LEAK: '1' } },
    );
    is(
        got,
        ['xabcy', '/', true, true, '/'],
        'variables, cwd and programs beside the file; servers, unknown keys, disabled',
    );
    const unset = agent('return up', ['--mcp', file], { env: { PLACE: '/', TOKEN: undefined } });
    is(
        unset,
        "usage: iso4: the MCP server 'up' wants the environment variable TOKEN, which is not set",
        'a variable that is not set',
    );
    is(
        agent('return 1', ['--mcp', file], { env: { PLACE: undefined } }),
        1,
        'which does not matter to a run that cannot name the server',
    );
}

// ---- when they are started

{
    const mark = path.join(tmp, 'started');
    const file = servers({ a: { command: '/bin/sh', args: ['-c', `echo >>'${mark}'; exit 1`] } });
    is(
        agent('export default "a" + 1 + [].at', ['--mcp', file]).slice(0, 5),
        'usage',
        'code that has the name as a word, starts it',
    );
    fs.rmSync(mark, { force: true });
    is(agent('export default 1; const aa = { $a: 1 }', ['--mcp', file]), 1, 'code that cannot name a server');
    ok(!fs.existsSync(mark), 'does not start it');
    agent('export default globalThis["\\x61"]', ['--mcp', file]);
    ok(fs.existsSync(mark), 'globalThis does');
}

// ---- snapshots

{
    const log = path.join(tmp, 'snapshot.log');
    const file = servers({
        up: scripted({ era: 'legacy', tools: [tool('echo', { description: 'Gives it back' }), tool('get-it')], log }),
    });
    const prefix = write('prefix.js', 'globalThis.viaPrefix = (x) => up.echo(x);');
    const globals = write('globals.json', { other: { value: 1 } });
    is(run(['precompile', '-g', globals, '--mcp', file, prefix, '-o', 'p.snap']).status, 0, 'precompile --mcp');
    const first = fs.readFileSync(path.join(tmp, 'p.snap'));
    run(['precompile', '-g', globals, '--mcp', file, prefix, '-o', 'p.snap']);
    ok(first.equals(fs.readFileSync(path.join(tmp, 'p.snap'))), 'the same servers give the same bytes');
    fs.rmSync(log);
    is(
        agent('return [typeof up.echo, other]', ['-s', 'p.snap', '--mcp', file]),
        ['function', 1],
        'a run knows its tools',
    );
    ok(!fs.existsSync(log), 'a run that calls no tool starts no server');
    is(
        agent('return [await viaPrefix({ a: 1 }), await up["get-it"]({ b: 1 })]', ['-s', 'p.snap', '--mcp', file]),
        [{ a: 1 }, { b: 1 }],
        'a run that calls one starts it',
    );
    is(
        lines(log).map(({ method }) => method),
        ['initialize', 'notifications/initialized', 'tools/call', 'tools/call'],
        'and asks for nothing but that',
    );
    is(
        agent('return 1', ['-s', 'p.snap']),
        "usage: iso4: the global 'up.echo' is a tool of the MCP server 'up', which is not known: name the file of servers with --mcp",
        'without --mcp',
    );
    is(
        agent('return 1', ['-s', 'p.snap', '--no-host-commands']).includes('which --no-host-commands refuses'),
        true,
        'without programs of the host',
    );
    const canned = write('canned.json', {
        up: { members: { echo: { returns: 5 }, get_it: { returns: 6 }, 'get-it': { returns: 7 } } },
    });
    is(
        agent('return [await up.echo(), await up.get_it()]', ['-s', 'p.snap', '-g', canned]),
        [5, 6],
        'tools can be rebound',
    );
    const dts = run(['inspect', '--dts', 'p.snap']).stdout.split('declare const tools')[0];
    is(
        dts,
        'declare const other: number;\ndeclare const up: {\n  /** Gives it back */\n  echo(args?: { [key: string]: unknown }): Promise<unknown>;\n  get_it(args?: { [key: string]: unknown }): Promise<unknown>;\n};\n',
        'declarations have each tool once',
    );
    ok(!first.includes('upstream.mjs'), 'the snapshot does not say how a server is started');
    run(['precompile', prefix.replace('prefix', 'empty'), '-o', 'e.snap']);
    write('empty.js', '');
    run(['precompile', 'empty.js', '-o', 'e.snap']);
    ok(
        agent('return 1', ['-s', 'e.snap', '--mcp', file]).includes?.('a snapshot that has no tools of them'),
        'a snapshot without tools',
    );
}

// ---- stubs, batch

{
    const log = path.join(tmp, 'batch.log');
    const file = servers({ up: scripted({ era: 'legacy', tools: [tool('echo')], log }, { shared: true }) });
    const job = (id, code, more = {}) => `${JSON.stringify({ id, code, ...more })}\n`;
    const input =
        Array.from({ length: 6 }, (_, i) => job(i, `return up.echo({ i: ${i} })`)).join('') +
        job(6, 'return [await mine({ m: 1 }), await up.echo({ i: 6 })]', {
            globals: { mine: { mcp: { server: 'up', tool: 'echo' } } },
        });
    const got = run(['batch', '--ordered', '-j', '1', '--mcp', file], { input });
    is(
        got.results.map((r) => r.exports?.default ?? r),
        [...Array.from({ length: 6 }, (_, i) => ({ i })), [{ m: 1 }, { i: 6 }]],
        'batch: tools for every job, and stubs of its own',
    );
    is(
        lines(log).filter(({ method }) => method === 'initialize').length,
        2,
        'batch: shared, one server asks and one serves all jobs',
    );
}
{
    const file = servers({ up: scripted({ era: 'legacy', tools: [tool('echo')] }) });
    const stub = (mcp) => agent('return f({ x: 1 })', ['--mcp', file, '-g', write('stub.json', { f: { mcp } })]);
    is(stub({ server: 'up', tool: 'echo' }), { x: 1 }, 'a stub names server and tool');
    ok(
        stub({ server: 'other', tool: 'echo' }).includes(
            "is a tool of the MCP server 'other', which the file of --mcp does not name",
        ),
        'a server that there is not',
    );
    ok(stub({ server: 'up' }).includes("stub.json:1:13: 'f' mcp names a server and a tool"), 'a stub without a tool');
    ok(stub({ server: 'up', tool: 'x', more: 1 }).includes('mcp takes server and tool, once each'), 'a stub with more');
    const twice = agent('return up', ['--mcp', file, '-g', write('twice.json', { up: { value: 1 } })]);
    ok(
        twice.includes?.("the global 'up' is declared twice: by --globals and by the tools of MCP servers"),
        'a global of both',
        twice,
    );
}

// ---- serve

{
    const file = servers({ up: scripted({ era: 'legacy', tools: [tool('echo')] }) });
    const message = (id, method, params) => `${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`;
    const input = [
        message(1, 'initialize', { protocolVersion: 1 }),
        message(2, 'run', { code: 'return up.echo({ a: 1 })' }),
        message(3, 'run', {
            code: 'return [await up.echo({ b: 1 }), await f({ c: 1 })]',
            globals: { f: { mcp: { server: 'up', tool: 'echo' } } },
        }),
        message(4, 'prepare', { globals: { g: { returns: 5 } } }),
    ];
    const got = spawnSync(iso4, ['serve', '--mcp', file], {
        cwd: tmp,
        encoding: 'utf8',
        input: input.join(''),
        timeout: PATIENCE_MS,
    });
    const by = (text, id) =>
        text
            .split('\n')
            .filter(Boolean)
            .map((line) => JSON.parse(line))
            .find((m) => m.id === id)?.result;
    is(
        [2, 3].map((id) => by(got.stdout, id)?.exports?.default),
        [{ a: 1 }, [{ b: 1 }, { c: 1 }]],
        'serve: tools for every run, and stubs of its own',
        got.stdout,
    );
    ok(by(got.stdout, 4)?.dts.includes('declare const up: {'), 'serve: tools for a handle', got.stdout);
}

// ---- the file

for (const [content, want] of [
    ['{', 'bad.json:1:2: not JSON from here on'],
    [{ x: 1 }, 'names no MCP servers'],
    [{ mcpServers: { a: 1 } }, "bad.json:1:20: 'a' is no definition of a server"],
    [{ mcpServers: { a: {} } }, "'a' names neither a program (command) nor an address (url)"],
    [{ mcpServers: { a: { command: 'x', args: 'y' } } }, "'a' args is an array of texts"],
    [{ mcpServers: { a: { command: 1 } } }, "'a' command is a text"],
    [{ mcpServers: { a: { command: 'x', env: { 'A=B': 'c' } } } }, "'a' env holds a name that no variable can have"],
    [{ mcpServers: { a: { type: 'sse', url: 'https://a' } } }, "'a' has a type that iso4 does not speak"],
    [{ mcpServers: { a: { type: 'http' } } }, "'a' has no url"],
    [{ mcpServers: { a: { url: 'ftp://a' } } }, "'a' url begins with https:// or http://"],
    [{ mcpServers: { a: { command: 'x', url: 'https://a' } } }, "'a' has both command and url"],
    [{ mcpServers: { a: { command: 'x', protocol: '2' } } }, "'a' has a protocol that iso4 does not speak"],
    [{ mcpServers: { a: { command: 'x', result: 'all' } } }, `'a' has a result that is neither "value" nor "raw"`],
    [{ mcpServers: { a: { command: 'x', timeoutMs: 0 } } }, "'a' timeoutMs takes a whole number from 1"],
    [{ mcpServers: { a: { command: 'x', include: 'y' } } }, "'a' include is an array of names"],
    [{ mcpServers: { a: { command: 'x', approval: 'always' } } }, `'a' approval is "ask"`],
    ['{"mcpServers":{"a":{"command":"x"},"a":{"command":"x"}}}', 'names the server "a" twice'],
    [
        { mcpServers: { a: { command: 'no-such-program' } } },
        "the MCP server 'a' names the program 'no-such-program', which is not in PATH",
    ],
    [
        { mcpServers: { a: { command: 'sh', args: ['${input:x}'] } } },
        'holds ${...} around what is no name of an environment variable',
    ],
    [
        { mcpServers: { 'a-b': scripted({}), a_b: scripted({}) } },
        "the MCP servers 'a-b' and 'a_b' would both be the global a_b",
    ],
]) {
    const got = agent('return globalThis', ['--mcp', write('bad.json', content)]);
    ok(got.includes?.(want) && !got.trim().includes('\n'), `the file: ${want}`, got);
}

done();
