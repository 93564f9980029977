// SPDX-License-Identifier: MIT
// upstream.mjs - a scripted MCP server on standard input and output.
//
//   node upstream.mjs '{"era": "legacy", ...}'
//
// era: legacy (initialize), modern (server/discover only). version: what it answers initialize with. log: a file that each
// line it gets is appended to. tools: how many, or a list of Tools. page: how many a page; cursor: the nextCursor of every
// page but the last. The rest says how it misbehaves, see below.
import fs from 'node:fs';

const script = JSON.parse(process.argv[2]);
const modern = script.era === 'modern';
const write = (message) => process.stdout.write(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`);
const answer = (id, result) =>
    write({ jsonrpc: '2.0', id, result: modern ? { resultType: 'complete', ...result } : result });
const refuse = (id, code, message, data) =>
    write({ jsonrpc: '2.0', id, error: { code, message, ...(data && { data }) } });
const text = (value) => ({ content: [{ type: 'text', text: value }] });

const made = (i) => ({
    name: `tool${i}`,
    description: `Tool number ${i} of many that do nothing.`,
    inputSchema: { type: 'object', properties: { [`field${i}`]: { type: 'string' }, n: { type: 'integer' } } },
});
const tools = Array.isArray(script.tools) ? script.tools : Array.from({ length: script.tools ?? 1 }, (_, i) => made(i));

function list(id, params) {
    if (script.list === 'endless') return answer(id, { tools: [], nextCursor: 'again' });
    if (script.list === 'gigabyte') return gigabyte();
    if (script.list === 'silent') return;
    if (script.list === 'dies') die();
    if (script.list === 'error') return refuse(id, -32000, 'the disk is\u001b[31m full');
    if (script.list === 'none') return refuse(id, -32601, 'no tools here');
    if (script.list === 'nonsense') return answer(id, { tools: 'all' });
    const page = script.page ?? tools.length;
    const at = params?.cursor === undefined ? 0 : Number(script.at ?? 0) + page;
    script.at = at;
    const rest = at + page < tools.length;
    answer(id, { tools: tools.slice(at, at + page), ...(rest && { nextCursor: script.cursor ?? '' }) });
}

// Longer than anybody takes, without an end.
function gigabyte() {
    const piece = 'x'.repeat(1 << 20);
    let sent = 0;
    const more = () => {
        while (sent++ < 1024) if (!process.stdout.write(piece)) return process.stdout.once('drain', more);
    };
    more();
}

function die() {
    fs.writeSync(2, `a secret path: ${import.meta.dirname}\nthe last words\n`);
    process.exit(3);
}

const calls = {
    echo: (id, { arguments: args }) => answer(id, text(JSON.stringify(args))),
    plain: (id) => answer(id, text('not {json}')),
    twice: (id) => answer(id, { content: [...text('one').content, ...text('two').content] }),
    structured: (id) => answer(id, { ...text('ignored'), structuredContent: { a: [1, 2] } }),
    image: (id) => answer(id, { content: [{ type: 'image', data: 'AAAA', mimeType: 'image/png' }] }),
    fails: (id) => answer(id, { ...text('no such city'), isError: true }),
    refused: (id) => refuse(id, -32602, 'bad city', { city: 'x' }),
    silent: () => {},
    wrong: (id) => answer(id + 1000, text('not yours')),
    words: (id) => answer(`x${id}`, text('not yours')),
    unread: () => write({ jsonrpc: '2.0', id: null, error: { code: -32700, message: 'cannot read that' } }),
    empty: (id) => write({ jsonrpc: '2.0', id }),
    again: (id) => {
        answer(id, text('first'));
        answer(id, text('second'));
    },
    gigabyte,
    dies: die,
    env: (id) => answer(id, text(JSON.stringify(process.env))),
    cwd: (id) => answer(id, text(process.cwd())),
    junk: (id) => {
        process.stdout.write(
            'starting...\n\n[1]\n"x"\nnull\n{"jsonrpc":"2.0","method":"notifications/message","params":{}}\n',
        );
        answer(id, text('after junk'));
    },
    // It asks before it answers.
    asks: (id) => {
        for (const [n, method] of ['ping', 'roots/list', 'sampling/createMessage', 'elicitation/create', 'x'].entries())
            write({ jsonrpc: '2.0', id: n === 0 ? 'p' : n, method, params: {} });
        waiting.push(() => answer(id, text(JSON.stringify(answered))));
    },
    wants: (id) =>
        write({
            jsonrpc: '2.0',
            id,
            result: {
                resultType: 'input_required',
                requestState: 's',
                inputRequests: { a: { method: 'elicitation/create', params: { message: 'Which city?' } } },
            },
        }),
    oddity: (id) => write({ jsonrpc: '2.0', id, result: { resultType: 'later' } }),
};
const answered = [];
const waiting = [];

function take(line) {
    if (script.log) fs.appendFileSync(script.log, `${line}\n`);
    const { id, method, params, ...rest } = JSON.parse(line);
    if (method === undefined) {
        answered.push({ id, ...rest });
        if (answered.length === 5) waiting.shift()();
        return;
    }
    if (id === undefined) return;
    if (script.start === 'dies') die();
    if (script.start === 'silent') return;
    if (method === 'initialize' && modern)
        return refuse(id, -32022, 'Unsupported protocol version', { supported: ['2026-07-28'] });
    if (method === 'initialize')
        return answer(id, {
            protocolVersion: script.version ?? params.protocolVersion,
            capabilities: { tools: {} },
            serverInfo: { name: 'upstream', version: '1' },
        });
    if (modern && params?._meta?.['io.modelcontextprotocol/protocolVersion'] !== '2026-07-28')
        return refuse(id, -32602, 'no protocolVersion in _meta');
    if (method === 'server/discover' && modern)
        return answer(id, {
            supportedVersions: script.supported ?? ['2026-07-28'],
            capabilities: { tools: {} },
            ttlMs: 0,
            cacheScope: 'private',
        });
    if (method === 'tools/list') return list(id, params);
    if (method === 'tools/call') return (calls[params.name] ?? calls.echo)(id, params);
    refuse(id, -32601, 'no such method');
}

let rest = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (data) => {
    if (script.deaf) return process.stdin.pause();
    const lines = (rest + data).split('\n');
    rest = lines.pop();
    lines.forEach(take);
});
process.stdin.on('end', () => process.exit(0));
