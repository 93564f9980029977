// SPDX-License-Identifier: MIT
// t-declare.mjs - what `iso4 inspect --dts` prints is read by the TypeScript compiler, strictly, beside an agent that
// uses the surface as it is meant and lines that do not; and that agent runs as it type-checks.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { packages } from '../../tools/packages.mjs';

const require = packages('libraries');
const ts = require('typescript');
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'iso4-test.'));
process.on('exit', () => fs.rmSync(dir, { recursive: true, force: true }));
const file = (name, text) => {
    fs.writeFileSync(path.join(dir, name), typeof text === 'string' ? text : JSON.stringify(text));
    return name;
};
const iso4 = (...args) => execFileSync(process.env.ISO4, args, { cwd: dir, encoding: 'utf8' });

const user = {
    type: 'object',
    properties: { id: { type: 'number' }, name: { type: 'string' } },
    required: ['id', 'name'],
};
const list = (...titles) => ({
    type: 'array',
    prefixItems: titles.map((title) => ({ type: 'number', title })),
    minItems: titles.length,
    items: false,
});
file('globals.json', {
    getUser: {
        description: 'One user. */',
        parameters: { type: 'object', properties: { id: { type: 'number' } }, required: ['id'] },
        result: user,
        returns: { id: 1, name: 'Ann' },
    },
    add: { parameters: list('a', 'b'), result: { type: 'number' }, returns: 3 },
    shimmed: { result: { type: 'number' }, returns: 3, shim: '(n) => [n]' },
    free: { returns: null },
    config: { value: { region: 'eu', sizes: [1, 2], on: { $type: 'date', value: '2020-01-01T00:00:00.000Z' } } },
    now: { expression: '() => 5' },
    'my tool': { returns: 1 },
    db: {
        members: {
            users: { members: { find: { parameters: list('id'), result: user, returns: { id: 2, name: 'Bob' } } } },
            version: { value: '1.2' },
            'odd name': { returns: 1 },
        },
    },
});
file('lib.js', 'export const two = 2;');
file('imports.json', {
    'host:sum': {
        exports: {
            sum: { parameters: { type: 'array', items: { type: 'number' } }, result: { type: 'number' }, returns: 6 },
            default: { value: 'x' },
            'odd name': { returns: 4 },
        },
    },
    lib: { source: 'lib.js' },
});
file('prefix.js', '');
iso4('precompile', '--globals', 'globals.json', '--imports', 'imports.json', 'prefix.js', '-o', 'p.snap', '-q');
const declarations = iso4('inspect', '--dts', 'p.snap');

// TypeScript that is JavaScript, too.
const agent = `
import name, { sum, "odd name" as odd } from "host:sum";
import { two } from "lib";
const user = await getUser({ id: 1 });
export const upper = user.name.toUpperCase();
export const three = (await add(1, 2)).toFixed(1);
export const six = (await sum(1, 2, 3)) * two;
export const found = (await db.users.find(2)).id + 1;
export const year = config.on.getUTCFullYear() + config.sizes.length;
export const texts = [config.region, db.version, name].map((t) => t.length);
export const odds = [await odd(), await db["odd name"]()].length;
export const any = now() + 1;
export const none = await free(1, "a", {});
`;
const wrong = [
    'getUser({ id: "1" });',
    'getUser();',
    'getUser({ id: 1, more: 2 });',
    '(await getUser({ id: 1 })).nam;',
    'add(1);',
    'add(1, 2, 3);',
    'getUser({ id: 1 }).name;',
    'config.regio;',
    'config.sizes.push("x");',
    'db.users.find("2");',
    'db.user;',
    'sum("1");',
    'name.toFixed();',
    '(await shimmed()).toFixed();',
    'nothing();',
];

const program = {
    'declared.d.ts': declarations,
    'agent.ts': agent,
    'wrong.ts': `import name, { sum } from "host:sum";\n${wrong.join('\n')}\nexport {};\n`,
};
const options = {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.ESNext,
    lib: ['lib.esnext.d.ts'],
    types: [],
};
const host = ts.createCompilerHost(options);
const read = host.getSourceFile;
host.getSourceFile = (name, ...rest) =>
    name in program ? ts.createSourceFile(name, program[name], ts.ScriptTarget.ESNext) : read(name, ...rest);
const found = ts.getPreEmitDiagnostics(ts.createProgram(Object.keys(program), options, host));
const lines = new Set();
const unexpected = [];
for (const d of found) {
    if (d.file?.fileName === 'wrong.ts') lines.add(d.file.getLineAndCharacterOfPosition(d.start).line);
    else unexpected.push(`${d.file?.fileName}: ${ts.flattenDiagnosticMessageText(d.messageText, ' ')}`);
}
const taken = wrong.filter((_, i) => !lines.has(i + 1));

let n = 0;
const ok = (problems, name) => {
    console.log(`${problems.length ? 'not ' : ''}ok ${++n} - ${name}`);
    for (const p of problems) console.log(`#   ${p}`);
    if (problems.length) process.exitCode = 1;
};
ok(unexpected, 'the declarations and an agent that keeps to them have no type error');
ok(taken, `each of ${wrong.length} wrong uses is an error`);
file('agent.js', agent);
const result = JSON.parse(iso4('run', '--compact', '--snapshot', 'p.snap', 'agent.js'));
const want = {
    upper: 'ANN',
    three: '3.0',
    six: 12,
    found: 3,
    year: 2022,
    texts: [2, 3, 1],
    odds: 2,
    any: 6,
    none: null,
};
const differs = Object.keys(want).filter((k) => JSON.stringify(result.exports?.[k]) !== JSON.stringify(want[k]));
ok(
    differs.map((k) => `${k}: ${JSON.stringify(result.exports?.[k] ?? result.error)}`),
    'the agent that type-checks runs, with values of these types',
);
ok(
    declarations === iso4('inspect', '--dts', 'p.snap') ? [] : ['they differ'],
    'the same snapshot gives the same declarations',
);
console.log(`1..${n}`);
