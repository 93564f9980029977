// SPDX-License-Identifier: MIT
// t-many.mjs - well-known libraries of npm in iso4, each in three ways: as an import of an agent, as an import that a snapshot
// has evaluated, and as a global that a prefix has made. What an expression that uses it gives is compared with Node.js.
// TAP; with names of libraries as arguments only those.
//
// ISO4 names the program, MODULES the folder where make has installed packages, OUT a folder for the bundles.

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packages, packagesFolder } from '../../../tools/packages.mjs';
import { libraries } from './libraries.mjs';

const { build } = packages('prelude')('esbuild');
const iso4 = process.env.ISO4 ?? join(import.meta.dirname, '../../../build/bin/iso4');
const wanted = process.argv.slice(2);
const chosen = libraries.filter(([name]) => wanted.length === 0 || wanted.includes(name));
const out = mkdtempSync(join(tmpdir(), 'iso4-libraries.'));
process.on('exit', () => rmSync(out, { recursive: true }));
const fileOf = (name) => name.replaceAll(/[@/]/g, '_');

// Two bundles of each library: a module that exports it, and a prefix that makes it global. L is its namespace, D its
// default export or, where it has none, the namespace.
async function bundle() {
    const stdinOf = (name, how) => `import * as L from '${name}';\nconst D = L.default ?? L;\n${how}\n`;
    mkdirSync(join(out, 'entry'));
    const entryPoints = [];
    for (const [name] of chosen) {
        for (const [kind, how] of [
            ['module', 'export { D, L };'],
            ['prefix', 'Object.assign(globalThis, { D, L });'],
        ]) {
            const entry = join(out, 'entry', `${fileOf(name)}.${kind}.mjs`);
            writeFileSync(entry, stdinOf(name, how));
            entryPoints.push(entry);
        }
    }
    await build({
        entryPoints,
        outdir: out,
        outExtension: { '.js': '.mjs' },
        bundle: true,
        format: 'esm',
        target: 'esnext',
        conditions: ['worker'], // not the builds that look for a document
        define: { 'process.env.NODE_ENV': '"production"' },
        logLevel: 'error',
        nodePaths: [packagesFolder('many')],
    });
}

function run(command, args) {
    return new Promise((done) => {
        const child = spawn(command, args, { cwd: out, stdio: ['ignore', 'pipe', 'pipe'] });
        let stdout = '';
        let stderr = '';
        child.stdout.on('data', (data) => {
            stdout += data;
        });
        child.stderr.on('data', (data) => {
            stderr += data;
        });
        child.on('close', (status) => done({ status, stdout, stderr }));
    });
}

const limits = ['--memory-mb', '256', '--cpu-time-ms', '20000', '--wall-time-ms', '60000', '--max-stderr-bytes', '0'];

async function agent(name, args) {
    const { status, stdout, stderr } = await run(iso4, ['run', '--compact', ...limits, ...args]);
    const result = status === 0 || status === 1 ? JSON.parse(stdout) : undefined;
    if (result?.ok) return result.exports.default;
    return result === undefined
        ? stderr
        : `${result.error.code} ${result.error.name}: ${result.error.message} ${result.error.stack ?? ''}`;
}

async function snapshot(file, args) {
    const { status, stdout, stderr } = await run(iso4, [
        'precompile',
        '--quiet',
        '-o',
        file,
        '--memory-mb',
        '512',
        ...args,
    ]);
    return status === 0 ? undefined : stdout + stderr;
}

// The value that each way gives, by the name of the way.
async function results([name, use, needs]) {
    const file = fileOf(name);
    const value = `export default JSON.stringify(${use}) ?? 'undefined';\n`;
    const importing = `import { D, L } from '${name}';\n${value}`;
    const given = ['-I', `${name}=${file}.module.mjs`];
    const evaluating = needs === 'eval' ? ['--allow-eval'] : [];
    writeFileSync(join(out, `${file}.agent.mjs`), importing);
    writeFileSync(join(out, `${file}.global.mjs`), value);
    writeFileSync(join(out, `${file}.imports.mjs`), `import '${name}';\n`);
    writeFileSync(
        join(out, `${file}.node.mjs`),
        `globalThis.self = globalThis;\nconst { D, L } = await import('./${file}.module.mjs');\nprocess.stdout.write(JSON.stringify(${use}) ?? 'undefined');\nprocess.exit(0);\n`,
    );
    const node = await run(process.execPath, [`${file}.node.mjs`]);
    const failed = {
        import: await snapshot(`${file}.import.snap`, [`${file}.imports.mjs`, ...given]),
        global: await snapshot(`${file}.global.snap`, [`${file}.prefix.mjs`]),
    };
    return {
        node: node.status === 0 ? node.stdout : `Node.js: ${node.stderr}`,
        'import of an agent': await agent(name, [`${file}.agent.mjs`, ...given, ...evaluating]),
        'import of a snapshot':
            failed.import ?? (await agent(name, ['-s', `${file}.import.snap`, `${file}.agent.mjs`, ...evaluating])),
        'global of a prefix':
            failed.global ?? (await agent(name, ['-s', `${file}.global.snap`, `${file}.global.mjs`, ...evaluating])),
    };
}

let tests = 0;
let failures = 0;
function report(library, got) {
    const { node, ...ways } = got;
    const wrong = Object.entries(ways).filter(([, value]) => value !== node);
    const isEmpty = node === '' || node === 'undefined' || node === 'null';
    tests++;
    if (wrong.length === 0 && !isEmpty) {
        console.log(`ok ${tests} - ${library}`);
        return;
    }
    failures++;
    console.log(`not ok ${tests} - ${library}\n#   Node.js: ${node.slice(0, 300).replaceAll('\n', ' ')}`);
    for (const [way, value] of wrong) console.log(`#   ${way}: ${String(value).slice(0, 500).replaceAll('\n', ' ')}`);
}

await bundle();
const queue = [...chosen];
const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) report(next[0], await results(next));
};
await Promise.all([work(), work()]);
console.log(`1..${tests}`);
process.exitCode = failures === 0 && tests > 0 ? 0 : 1;
