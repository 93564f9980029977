// SPDX-License-Identifier: MIT
// bench.mjs - what a run costs, next to `node -e 0`: bench.mjs [--rounds N] [--warmup N] [--only TEXT]
//
// `make bench` gives ISO4, NODE, LIBRARIES and B in the environment. See README.md. Exit status 0 when everything was
// measured, however the figures are; 1 when something did not run.

import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { bridgeRows, manyCalls } from './bridge.mjs';

const here = import.meta.dirname;
const build = process.env.B ?? join(here, '../build');
const iso4 = process.env.ISO4 ?? join(build, 'bin/iso4');
const node = process.env.NODE ?? process.execPath;
const libraries = process.env.LIBRARIES ?? join(build, 'libraries');
const agent = name => join(here, 'agents', `${name}.mjs`);
const library = name => join(libraries, `${name}.js`);

// The caller's NODE_OPTIONS and locale would be measured, too.
const env = { PATH: process.env.PATH, HOME: process.env.HOME ?? '/', LANG: 'C.UTF-8' };

const WORKER_MB = 35;
const PARENT_MB = 6;
const PARENT_WITH_CALLS_MB = 40;

// ---- running

function mustRun(argv) {
    const { status, signal, error, stdout, stderr } = spawnSync(argv[0], argv.slice(1), { env, encoding: 'utf8' });

    if (status !== 0) {
        throw new Error(`${argv.join(' ')}: ${error?.message ?? signal ?? `status ${status}`}\n${stdout}${stderr}`);
    }
    return stdout;
}

function modified(path) {
    return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function launcher() {
    const source = join(here, 'launch.c');
    const program = join(build, 'bench/launch');

    if (modified(program) < modified(source)) {
        mkdirSync(join(build, 'bench'), { recursive: true });
        mustRun(['cc', '-std=gnu17', '-D_GNU_SOURCE', '-O2', '-o', program, source]);
    }
    return program;
}

// ---- what is measured

function precompile(dir, name, source, ...options) {
    const file = join(dir, `${name}.snap`);

    mustRun([iso4, 'precompile', library(source), '-o', file, ...options]);
    return file;
}

// Libraries that agents import, and the files that Node.js finds them in.
const declared = ['lodash-es', 'zod'];
const bundled = name => join(libraries, 'modules', `${name}.js`);
const installed = name => join(here, '../tests/libraries/node_modules', name, { 'lodash-es': 'lodash.js', zod: 'index.js' }[name]);

function precompileImports(dir, name, ...options) {
    const file = join(dir, `${name}.snap`);

    mustRun([iso4, 'precompile', agent('imports-prefix'), '-o', file, ...options,
        ...declared.flatMap(specifier => ['-I', `${specifier}=${bundled(specifier)}`])]);
    return file;
}

// The agent as a program of Node.js, which finds packages by where a file lies: with their files written into it.
function nodeProgram(dir, name, find) {
    const file = join(dir, `${name}.mjs`);
    const code = readFileSync(agent('imports'), 'utf8');

    writeFileSync(file, declared.reduce((text, specifier) => text.replace(`'${specifier}'`, JSON.stringify(find(specifier))), code));
    return [node, file];
}

// A row's target is `ratio` to the first row, or `ms`; rows without are there to compare with.
function makeRows(dir) {
    const run = (snapshot, name) => [iso4, 'run', '--compact', '--snapshot', precompile(dir, snapshot, snapshot), agent(name)];
    const alone = (source, name) => [node, agent('node'), library(source), agent(name)];
    const warm = precompile(dir, 'warm', 'typescript', '--warm', agent('typescript'));
    const imports = precompileImports(dir, 'imports');
    const warmImports = precompileImports(dir, 'warm-imports', '--warm', agent('imports'));

    return [
        { name: '`node -e 0`', argv: [node, '-e', '0'] },
        { name: 'run, no snapshot', argv: [iso4, 'run', '--compact', agent('plain')] },
        { name: 'run, no snapshot, `fetch` declared', argv: [iso4, 'run', '--compact', '-g', join(here, 'agents/fetch.json'), agent('plain')] },
        { name: 'run, no snapshot, a stub declared', argv: [iso4, 'run', '--compact', '-g', join(here, 'agents/stub.json'), agent('plain')] },
        { name: 'run, small prefix', argv: run('small', 'small'), ratio: 0.45 },
        { name: 'run, lodash', argv: run('lodash', 'plain'), ratio: 0.55 },
        { name: 'run, zod and lodash (100 KB class)', argv: run('zodlodash', 'plain'), ratio: 0.55 },
        { name: 'run, imports zod and lodash-es', argv: [iso4, 'run', '--compact', '--snapshot', imports, agent('imports-only')], ratio: 0.6 },
        { name: '… and uses both', argv: [iso4, 'run', '--compact', '--snapshot', imports, agent('imports')] },
        { name: '… with `precompile --warm`', argv: [iso4, 'run', '--compact', '--snapshot', warmImports, agent('imports')], ratio: 0.6 },
        { name: '… in Node.js, a bundle of each', argv: nodeProgram(dir, 'bundled', bundled) },
        { name: '… in Node.js, as npm installs them', argv: nodeProgram(dir, 'installed', installed) },
        { name: 'run, five libraries (1 MB)', argv: run('mid', 'plain'), ratio: 0.75 },
        { name: 'run, TypeScript (9 MB)', argv: run('typescript', 'plain'), ratio: 1.8 },
        { name: 'precompile, small prefix', argv: [iso4, 'precompile', library('small'), '-o', join(dir, 'again.snap')], ms: 60 },
        { name: 'lodash groups 1000 rows', argv: run('lodash', 'lodash') },
        { name: '… in Node.js', argv: alone('lodash', 'lodash') },
        { name: 'zod checks 100 records', argv: run('zodlodash', 'zod') },
        { name: '… in Node.js', argv: alone('zodlodash', 'zod') },
        { name: 'TypeScript transpiles a module', argv: run('typescript', 'typescript') },
        { name: '… with `precompile --warm`', argv: [iso4, 'run', '--compact', '--snapshot', warm, agent('typescript')] },
        { name: '… in Node.js', argv: alone('typescript', 'typescript') },
    ];
}

// A run that fails fast would look good.
function check(row) {
    const out = mustRun(row.argv);

    if (row.argv[0] === iso4 && JSON.parse(out).ok !== true) throw new Error(`${row.argv.join(' ')}: ${out}`);
}

function measure(rows, rounds, warmup) {
    const commands = rows.flatMap(row => ['--', ...row.argv]);

    for (const row of rows) row.samples = [];
    for (const line of mustRun([launcher(), String(rounds), String(warmup), ...commands]).trim().split('\n')) {
        const [command, , us, status] = line.split(' ').map(Number);
        if (status !== 0) throw new Error(`${rows[command].argv.join(' ')}: wait status ${status} in one of the rounds`);
        rows[command].samples.push(us / 1e3);
    }
    for (const row of rows) row.samples.sort((a, b) => a - b);
}

// ---- memory

// VmHWM belongs to the address space: unlike ru_maxrss it starts anew at execve(2), and a parent's figure does not
// hold its children's.
function peak(pid) {
    try {
        const status = readFileSync(`/proc/${pid}/status`, 'utf8');
        const bytes = name => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * 1024;
        return { peak: bytes('VmHWM'), own: bytes('RssAnon') };
    } catch {
        return { peak: 0, own: 0 }; // it has ended
    }
}

function parentOf(pid) {
    try {
        return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/.*\) . /s, '').split(' ')[0]);
    } catch {
        return 0;
    }
}

const childrenOf = pid => readdirSync('/proc').filter(name => /^\d+$/.test(name) && parentOf(name) === pid);

const larger = (a, b) => ({ peak: Math.max(a.peak, b.peak), own: Math.max(a.own, b.own) });

// Reads both processes for as long as the agent waits.
async function measureMemory(argv) {
    const child = spawn(iso4, argv, { env, stdio: 'ignore' });
    const ended = new Promise((resolve, reject) => child.on('exit', resolve).on('error', reject));
    let parent = { peak: 0, own: 0 };
    let worker = parent;

    while (child.exitCode === null && child.signalCode === null) {
        parent = larger(parent, peak(child.pid));
        worker = childrenOf(child.pid).map(peak).reduce(larger, worker);
        await sleep(50);
    }
    if (await ended !== 0 || worker.peak === 0) throw new Error('the run for memory failed');
    return { parent, worker };
}

// ---- fetch

const FETCH_OVER_CURL_MS = 1.5;
const FETCHES = 300;

const output = (argv) => new Promise((resolve, reject) => {
    const child = spawn(argv[0], argv.slice(1), { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';

    child.stdout.on('data', data => (text += data));
    child.on('error', reject);
    child.on('close', status => (status === 0 ? resolve(text) : reject(new Error(`${argv[0]}: status ${status}`))));
});

// A request at a time, each with a connection of its own: as an agent sees it, and as curl tells its own time.
async function measureFetch(dir) {
    const server = http.createServer((request, response) => response.end('{"hello":"world"}'));

    await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
    try {
        const { port } = server.address();
        const url = `http://127.0.0.1:${port}/`;
        const globals = join(dir, 'fetch.json');

        writeFileSync(globals, JSON.stringify({
            fetch: { fetch: { allow: [{ host: '127.0.0.1', ports: [port], httpOnly: false, allowPrivate: true }] } },
            url: { value: url },
            count: { value: FETCHES },
        }));
        const run = await output([iso4, 'run', '--compact', '--max-bridge-calls', '0', '-g', globals, agent('fetch')]);
        const curl = await output(['curl', '-s', '-H', 'Connection: close', '-w', '\\n%{time_total}\\n', ...Array(FETCHES).fill(url)])
            .catch(() => null);
        const sorted = list => ({ samples: list.sort((a, b) => a - b) });
        const times = sorted(JSON.parse(run).exports.default.slice(10));

        return { times, curl: curl && sorted(curl.split('\n').filter(line => /^[0-9.]+$/.test(line)).map(line => line * 1e3).slice(10)) };
    } finally {
        server.closeAllConnections();
        server.close();
    }
}

function reportFetch({ times, curl }) {
    const line = (name, row) => [name, median(row).toFixed(3), quantile(row.samples, 0.1).toFixed(3), quantile(row.samples, 0.9).toFixed(3)];
    const over = curl && median(times) - median(curl);

    table(['request to a server on loopback', 'median ms', 'p10', 'p90', 'over curl', 'target', ''],
        [[...line('`fetch` in an agent', times), ...(curl ? [over.toFixed(3), `≤ ${FETCH_OVER_CURL_MS} ms`, verdict(over, FETCH_OVER_CURL_MS)] : ['no curl here', '', ''])],
            ...(curl ? [[...line("curl's own time", curl), '', '', '']] : [])]);
}

// ---- reporting

const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))];
const median = row => (quantile(row.samples, 0.5) + row.samples.at(-1 - Math.floor(row.samples.length / 2))) / 2;
const verdict = (figure, most) => (figure <= most ? 'ok' : '**short**');
const mb = bytes => (bytes / 1e6).toFixed(1);

function table(head, lines) {
    const text = [head, head.map((_, i) => (i === 0 ? '---' : '--:')), ...lines];

    console.log(text.map(cells => `| ${cells.join(' | ')} |`).join('\n') + '\n');
}

function timeLine(row, base) {
    const ms = median(row);
    const ratio = ms / base;
    const target = row.ratio ? [`≤ ${row.ratio}`, verdict(ratio, row.ratio)] : row.ms ? [`≤ ${row.ms} ms`, verdict(ms, row.ms)] : ['', ''];

    return [row.name, ms.toFixed(2), quantile(row.samples, 0.1).toFixed(2), quantile(row.samples, 0.9).toFixed(2), ratio.toFixed(3), ...target];
}

// How much of the processors others use. The load average would still hold the build that came before.
async function othersShare() {
    const total = cpus => cpus.map(({ times }) => times).reduce((sum, t) => sum + t.user + t.nice + t.sys + t.irq, 0);
    const before = total(os.cpus());

    await sleep(500);
    return (total(os.cpus()) - before) / 500 / os.cpus().length;
}

async function reportMachine(rounds, warmup) {
    const busy = await othersShare();

    console.log(`${mustRun([iso4, '--version']).trim()}, Node.js ${mustRun([node, '--version']).trim()}, Linux ${os.release()}, ` +
        `${os.cpus().length} × ${os.cpus()[0]?.model.trim()}, ${(busy * 100).toFixed(0)} % busy before the start; ` +
        `${rounds} interleaved rounds after ${warmup} to warm up\n`);
    if (busy > 0.2) console.log('> The machine is busy with something else: the figures are not to be trusted.\n');
}

function reportSizes(dir) {
    const bytes = path => statSync(path).size;
    const line = name => [name, mb(bytes(library(name))), mb(bytes(join(dir, `${name}.snap`)))];

    table(['prefix', 'source MB', 'snapshot MB'],
        [['(none)', '', mb(bytes(join(iso4, '../../lib/iso4/base.snap')))],
            ...['small', 'lodash', 'zodlodash', 'mid', 'typescript'].map(line),
            ['imports of zod and lodash-es', mb(declared.map(bundled).map(bytes).reduce((a, b) => a + b)), mb(bytes(join(dir, 'imports.snap')))]]);
}

async function reportMemory(dir) {
    const line = (name, figures, most) => [name, mb(figures.peak), mb(figures.own), `≤ ${most}`, verdict(figures.peak / 1e6, most)];
    const { parent, worker } = await measureMemory(['run', '--snapshot', join(dir, 'small.snap'), agent('wait')]);
    const calling = await measureMemory(manyCalls(dir));

    table(['small prefix, while the agent waits', 'peak resident MB', 'own MB', 'target', ''],
        [line('worker', worker, WORKER_MB), line('iso4', parent, PARENT_MB),
            line('iso4, 10,000 calls under way', calling.parent, PARENT_WITH_CALLS_MB)]);
}

function reportBridge(dir) {
    const rows = bridgeRows({ iso4, env }, dir, join(build, 'helpers/service'));

    table(['calls of host functions', 'median', 'target', ''],
        rows.map(([name, figure, most, unit]) => [name, `${figure.toFixed(1)} ${unit}`, `≤ ${most} ${unit}`, verdict(figure, most)]));
}

function readOptions() {
    const count = (name, least) => {
        const n = Number(values[name]);
        if (!Number.isInteger(n) || n < least) throw new Error(`--${name} takes a number from ${least}`);
        return n;
    };
    const { values } = parseArgs({ options: {
        rounds: { type: 'string', default: '40' },
        warmup: { type: 'string', default: '3' },
        only: { type: 'string', default: '' },
    } });

    return { rounds: count('rounds', 1), warmup: count('warmup', 0), only: values.only };
}

async function main(dir) {
    const { rounds, warmup, only } = readOptions();
    const rows = makeRows(dir).filter((row, i) => i === 0 || row.name.includes(only));

    await reportMachine(rounds, warmup);
    rows.forEach(check);
    measure(rows, rounds, warmup);
    table(['command', 'median ms', 'p10', 'p90', 'ratio', 'target', ''], rows.map(row => timeLine(row, median(rows[0]))));
    reportBridge(dir);
    reportFetch(await measureFetch(dir));
    await reportMemory(dir);
    reportSizes(dir);
}

const dir = mkdtempSync(join(os.tmpdir(), 'iso4-bench-'));
try {
    await main(dir);
} catch (error) {
    console.error(`bench: ${error.message}`);
    process.exitCode = 1;
} finally {
    rmSync(dir, { recursive: true, force: true });
}
