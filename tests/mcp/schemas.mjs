// SPDX-License-Identifier: MIT
// schemas.mjs - the tools of well-known MCP servers: all are taken, each schema is held, and arguments fit where ajv says so.
// tests/mcp/schemas/package-lock.json pins the servers: `make test-mcp`. They run without a network, and only list.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { packages, packagesFolder } from '../../tools/packages.mjs';
import { done, is, ok, PATIENCE_MS, run, servers, tmp, write } from './lib.mjs';

const require = packages('mcp-schemas');
const program = (folder, name) => {
    const { bin } = JSON.parse(fs.readFileSync(path.join(folder, name, 'package.json'), 'utf8'));
    return path.join(folder, name, typeof bin === 'string' ? bin : Object.values(bin)[0]);
};
const alone = (folder, name, args = [], env = {}) => ({
    command: 'unshare',
    args: ['--user', '--map-root-user', '--net', process.execPath, program(folder, name), ...args],
    env: { HOME: tmp, ...env },
});
const official = packagesFolder('mcp');
const others = packagesFolder('mcp-schemas');
const all = {
    everything: alone(official, '@modelcontextprotocol/server-everything', ['stdio']),
    filesystem: alone(official, '@modelcontextprotocol/server-filesystem', [fs.realpathSync(tmp)]),
    memory: alone(official, '@modelcontextprotocol/server-memory'),
    thinking: alone(others, '@modelcontextprotocol/server-sequential-thinking'),
    github: alone(others, '@modelcontextprotocol/server-github'),
    playwright: alone(others, '@playwright/mcp'),
    devtools: alone(others, 'chrome-devtools-mcp'),
    notion: alone(others, '@notionhq/notion-mcp-server', [], { NOTION_TOKEN: 'x' }),
    context7: alone(others, '@upstash/context7-mcp'),
    tavily: alone(others, 'tavily-mcp', [], { TAVILY_API_KEY: 'x' }),
    brave: alone(others, '@brave/brave-search-mcp-server', ['--transport', 'stdio'], { BRAVE_API_KEY: 'x' }),
};

// The tools that a server itself lists.
function list({ command, args, env }) {
    const child = spawn(command, args, {
        env: { PATH: process.env.PATH, ...env },
        stdio: ['pipe', 'pipe', 'ignore'],
        timeout: PATIENCE_MS,
    });
    const send = (message) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    const client = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } };
    return new Promise((resolve, reject) => {
        let rest = '';
        child.on('exit', () => reject(new Error(`${args} ended`)));
        child.stdout.setEncoding('utf8').on('data', (data) => {
            const lines = (rest + data).split('\n');
            rest = lines.pop();
            for (const { id, result } of lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line))) {
                if (id === 1) {
                    send({ method: 'notifications/initialized' });
                    send({ id: 2, method: 'tools/list', params: {} });
                } else if (id === 2) {
                    resolve(result.tools);
                    child.kill();
                }
            }
        });
        send({ id: 1, method: 'initialize', params: client });
    });
}

const listed = {};
for (const [name, server] of Object.entries(all)) listed[name] = await list(server);
const tools = Object.entries(listed).flatMap(([server, some]) => some.map((tool) => ({ server, ...tool })));
console.log(`# ${Object.entries(listed).map(([name, some]) => `${name} ${some.length}`)}: ${tools.length} tools`);
ok(tools.length >= 117, 'there are 117 tools or more', tools.length);

const file = servers(all);
const made = run(['precompile', '--mcp', file, write('empty.js', ''), '-o', 'all.snap', '-v']);
is(
    [made.status, made.stderr.split('\n').filter((line) => line.includes('leaves this check'))],
    [0, []],
    'every schema can be held',
    made.stderr,
);

const kept = run(['inspect', '--json', 'all.snap']).result.globals;
const wrong = tools.filter(
    ({ server, name, inputSchema }) =>
        JSON.stringify(kept[server].members[name]?.parameters) !== JSON.stringify(inputSchema),
);
is(
    wrong.map(({ name }) => name),
    [],
    'each tool is in the snapshot with its schema',
);
const dts = run(['inspect', '--dts', 'all.snap']).stdout;
const undeclared = tools.filter(({ name }) => !dts.includes(`  ${name.replaceAll(/[^\w$]/g, '_')}(`));
is(
    undeclared.map(({ name }) => name),
    [],
    'and is declared in TypeScript',
);

// ---- arguments, beside ajv

// A value that may fit a schema: of the first type, with what is required.
function sample(schema, depth = 0) {
    if (schema === true || depth > 6) return {};
    if ('const' in schema) return schema.const;
    if (schema.enum) return schema.enum[0];
    const choice = schema.anyOf?.[0] ?? schema.oneOf?.[0] ?? schema.allOf?.[0];
    if (choice && !schema.type) return sample(choice, depth + 1);
    const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
    if (type === 'string') return 'x'.repeat(schema.minLength ?? 1);
    if (type === 'number' || type === 'integer') return schema.minimum ?? 1;
    if (type === 'boolean') return true;
    if (type === 'null') return null;
    if (type === 'array')
        return Array.from({ length: schema.minItems ?? 1 }, () => sample(schema.items ?? true, depth + 1));
    const object = {};
    for (const [name, one] of Object.entries(schema.properties ?? {}))
        if (depth === 0 || schema.required?.includes(name)) object[name] = sample(one, depth + 1);
    return object;
}

function* variants(schema) {
    const good = sample(schema);
    yield {};
    yield good;
    yield { ...good, somethingElse: 1 };
    for (const name of Object.keys(good)) {
        for (const other of [null, true, 7.5, -1, '', 'no such word', [], [1], {}, { a: {} }])
            yield { ...good, [name]: other };
        const { [name]: _, ...less } = good;
        yield less;
    }
}

{
    const options = { strict: false, logger: false, validateFormats: false };
    const Ajv = require('ajv').default;
    const Ajv2020 = require('ajv/dist/2020').default;
    const cases = [];
    for (const { server, name, inputSchema } of tools) {
        const { $schema, ...schema } = inputSchema;
        const fits = new ($schema?.includes('draft-07') ? Ajv : Ajv2020)(options).compile(schema);
        for (const args of variants(schema)) cases.push({ server, name, args, fits: fits(args) });
    }
    // The tools' answers are canned, so that no server is called.
    const canned = {};
    for (const { server, name } of tools) (canned[server] ??= { members: {} }).members[name] = { returns: true };
    const code = `const cases = ${JSON.stringify(cases.map(({ server, name, args }) => [server, name, args]))};
        const got = [];
        for (const [server, name, args] of cases)
            got.push(await globalThis[server][name](args).catch((e) => e.message));
        export default got;`;
    const got = run(
        [
            'run',
            ...['-s', 'all.snap', '--mcp', file, '-g', write('canned.json', canned), '--max-bridge-calls', '100000'],
            ...['--wall-time-ms', '100000', '--cpu-time-ms', '100000', write('cases.js', code)],
        ],
        {},
    ).result;
    const answers = got?.exports?.default ?? [];
    const differ = cases.filter(({ fits }, i) => (answers[i] === true) !== fits);
    const count = cases.filter(({ fits }) => fits).length;
    console.log(`# ${cases.length} calls, of which ${count} fit`);
    ok(answers.length === cases.length && count > 500 && cases.length - count > 500, 'calls of all tools', got?.error);
    is(
        differ.slice(0, 5).map((one) => ({ ...one, iso4: answers[cases.indexOf(one)] })),
        [],
        'arguments fit where ajv says so',
        `${differ.length} differ`,
    );
}

// ---- a run that calls none of them

{
    const got = run(['run', '-s', 'all.snap', '--mcp', file, '-e', 'return typeof notion']).result;
    is(got?.exports?.default, 'object', 'a run that calls no tool');
    const size = (name) => fs.statSync(path.join(tmp, name)).size;
    run(['precompile', 'empty.js', '-o', 'none.snap', '-q']);
    console.log(`# the snapshot has ${size('all.snap') - size('none.snap')} bytes more than one without tools`);
}

done();
