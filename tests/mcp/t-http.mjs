// SPDX-License-Identifier: MIT
// t-http.mjs - MCP servers that are reached by HTTP: both eras, JSON and event streams, sessions, headers, redirects.
import { spawn } from 'node:child_process';
import net from 'node:net';
import path from 'node:path';
import { agent, done, is, lines, ok, run, servers, tmp, upstream } from './lib.mjs';

const tool = (name) => ({ name, inputSchema: { type: 'object' } });
const tools = ['echo', 'fails', 'refused', 'silent', 'größe 1', 'asks'].map(tool);
const children = [];
process.on('exit', () => {
    for (const child of children) child.kill();
});

// The scripted server behind HTTP, in a process of its own.
async function serve(script, options = {}) {
    const bridge = path.join(import.meta.dirname, 'bridge.mjs');
    const args = [process.execPath, [upstream, JSON.stringify({ tools, ...script })], options];
    const child = spawn(process.execPath, [bridge, JSON.stringify(args)], {
        cwd: tmp,
        stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    return new Promise((resolve) => child.stdout.once('data', (data) => resolve(String(data).trim())));
}

const file = (url, more = {}, name = 'servers.json') => servers({ up: { type: 'http', url, ...more } }, name);

for (const era of ['legacy', 'modern'])
    for (const sse of [false, true]) {
        const log = path.join(tmp, `${era}-${sse}.log`);
        const url = await serve({ era, log }, { sse, bearer: 'secret' });
        const servers = file(url, { headers: { Authorization: 'Bearer ${TOKEN}' } });
        const got = agent(
            `const caught = (p) => p.catch((e) => e.name + ': ' + e.message);
            return [await Promise.all([1, 2, 3].map((n) => up.echo({ n, text: "é\\n\\u2028" }))), await caught(up.fails()), await caught(up.refused()),
                    await up["größe 1"]({ a: 1 })]`,
            ['--mcp', servers],
            { env: { TOKEN: 'secret' } },
        );
        const name = `${era}, ${sse ? 'event streams' : 'JSON'}`;
        is(
            got,
            [[1, 2, 3].map((n) => ({ n, text: 'é\n\u2028' })), 'ToolError: no such city', 'Error: bad city', { a: 1 }],
            `${name}: results, errors`,
            got,
        );
        const sent = lines(log).map(({ method }) => method);
        ok(
            sent.includes('tools/call') &&
                sent.includes(era === 'legacy' ? 'notifications/initialized' : 'server/discover'),
            `${name}: the handshake`,
            sent,
        );
    }

{
    const url = await serve({ era: 'legacy' }, { streams: true });
    const got = agent('return [await up.asks(), await up.echo({ a: 1 })]', [
        '--mcp',
        file(url),
        '--wall-time-ms',
        '20000',
    ]);
    is(
        got.map?.((one) => one.map?.(({ id, result, error }) => [id, result ?? error.code]) ?? one),
        [[['p', {}], ...[1, 2, 3, 4].map((id) => [id, -32601])], { a: 1 }],
        'events of a stream are taken as they arrive: what the server asks in one is answered; its end is not waited for',
        got,
    );
}
{
    const url = await serve({ era: 'legacy' }, { streams: 'endless' });
    is(
        agent('return up.echo({ a: 1 })', ['--mcp', file(url, { timeoutMs: 1000 })]),
        "ERR_HOST_BRIDGE: 'up.echo' did not answer within 1000 ms (timeoutMs)",
        'hostile: events without an end',
    );
}
{
    const url = await serve({ era: 'legacy' }, { bearer: 'secret' });
    is(
        agent('return up', ['--mcp', file(url)]),
        "usage: iso4: the MCP server 'up' refuses initialize and server/discover: HTTP status 401",
        'a token that is missing',
    );
    const elsewhere = await serve({ era: 'legacy' });
    const away = await serve({}, { away: elsewhere });
    const got = agent('return up', ['--mcp', file(away)]);
    ok(
        got.startsWith?.("usage: iso4: the MCP server 'up' cannot be reached: fetch: ") ||
            /cannot be reached: .*no rule allows/.test(got),
        'a redirect to another port is not followed',
        got,
    );
}
{
    const log = path.join(tmp, 'sessions.log');
    const url = await serve({ era: 'legacy', log }, { forget: 3 });
    const code =
        'let ends = 0; const got = []; for (let i = 0; i < 4; i++) try { got.push((await up.echo({ i })).i) } catch (e) { ends += e.message.includes("has ended its session") } return [got.length, ends]';
    is(
        agent(code, ['--mcp', file(url)]),
        [3, 1],
        'a session that the server has forgotten ends, and the next call begins another',
    );
}
{
    const log = path.join(tmp, 'timeout.log');
    const url = await serve({ era: 'legacy', log });
    const got = agent('try { await up.silent() } catch (e) { return [e.message, await up.echo({ a: 1 })] }', [
        '--mcp',
        file(url, { timeoutMs: 700 }),
    ]);
    is(got, ["'up.silent' did not answer within 700 ms (timeoutMs)", { a: 1 }], 'no answer in time');
    ok(
        lines(log).some(({ method }) => method === 'notifications/cancelled'),
        'the server is told',
    );
}
{
    const port = await new Promise((resolve) => {
        const server = net.createServer().listen(0, '127.0.0.1', () => {
            const { port: free } = server.address();
            server.close(() => resolve(free));
        });
    });
    const servers = file(`http://127.0.0.1:${port}/mcp`);
    ok(
        /^usage: iso4: the MCP server 'up' cannot be reached: .*127\.0\.0\.1/.test(
            agent('return up', ['--mcp', servers]),
        ),
        'no server listens: the operator is told where',
    );
    const globals = servers.replace('servers', 'globals');
    (await import('node:fs')).writeFileSync(globals, JSON.stringify({ f: { mcp: { server: 'up', tool: 'echo' } } }));
    const got = run(['run', '-v', '-g', globals, '--mcp', servers, '-e', 'await f(); 0']);
    ok(
        !got.stdout.includes('127.0.0.1') && got.stdout.includes('cannot be reached'),
        'and the agent is not',
        got.stdout,
    );
    ok(got.stderr.includes(`127.0.0.1`), '--verbose says it', got.stderr);
}

done();
