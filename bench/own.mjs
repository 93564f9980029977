// SPDX-License-Identifier: MIT
// own.mjs - what iso4 is held to: whole commands next to `node -e 0`, requests next to curl, memory, sizes of files.

import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { packagesFolder } from '../tools/packages.mjs';
import { manyCalls } from './calls.mjs';
import {
    build,
    bytesOf,
    childrenOf,
    env,
    here,
    iso4,
    launch,
    libraries,
    library,
    mustRun,
    node,
    printed,
    summary,
} from './lib.mjs';

const agent = (name) => join(here, 'agents', `${name}.mjs`);

const WORKER_MB = 35;
const PARENT_MB = 6;
const PARENT_WITH_CALLS_MB = 40;

// ---- commands

function precompile(dir, name, source, ...options) {
    const file = join(dir, `${name}.snap`);

    mustRun([iso4, 'precompile', library(source), '-o', file, ...options], dir);
    return file;
}

// Libraries that agents import, and the files that Node.js finds them in.
const declared = ['lodash-es', 'zod'];
const bundled = (name) => join(libraries, 'modules', `${name}.js`);
const installed = (name) =>
    join(packagesFolder('libraries'), name, { 'lodash-es': 'lodash.js', zod: 'index.js' }[name]);

function precompileImports(dir, name, ...options) {
    const file = join(dir, `${name}.snap`);

    mustRun(
        [
            iso4,
            'precompile',
            agent('imports-prefix'),
            '-o',
            file,
            ...options,
            ...declared.flatMap((specifier) => ['-I', `${specifier}=${bundled(specifier)}`]),
        ],
        dir,
    );
    return file;
}

// The agent as a program of Node.js, which finds packages by where a file lies: with their files written into it.
function nodeProgram(dir, name, find) {
    const file = join(dir, `${name}.mjs`);
    const code = readFileSync(agent('imports'), 'utf8');

    writeFileSync(
        file,
        declared.reduce((text, specifier) => text.replace(`'${specifier}'`, JSON.stringify(find(specifier))), code),
    );
    return [node, file];
}

// iso4 with nothing of its own in the base snapshot: what agents find costs the difference.
function bareIso4(dir) {
    const parts = join(dir, 'bare/lib/iso4');
    const part = (name) => join(dirname(iso4), '../lib/iso4', name);

    mkdirSync(join(dir, 'bare/bin'), { recursive: true });
    mkdirSync(parts, { recursive: true });
    copyFileSync(iso4, join(dir, 'bare/bin/iso4'));
    for (const name of ['v8-host', 'worker.so']) symlinkSync(realpathSync(part(name)), join(parts, name));
    mustRun(
        [
            join(build, 'mkbase'),
            part('v8-host'),
            part('worker.so'),
            join(here, 'programs/no-prelude.js'),
            join(parts, 'base.snap'),
        ],
        dir,
    );
    return join(dir, 'bare/bin/iso4');
}

const NOTHING = '… with nothing in the base snapshot';

// A row's target is `ratio` to `node -e 0`, `ms`, or `more`, milliseconds over another row; rows without are there to
// compare with.
function makeRows(dir) {
    const run = (snapshot, name) => [
        iso4,
        'run',
        '--compact',
        '--snapshot',
        precompile(dir, snapshot, snapshot),
        agent(name),
    ];
    const alone = (source, name) => [node, agent('node'), library(source), agent(name)];
    const warm = precompile(dir, 'warm', 'typescript', '--warm', agent('typescript'));
    const imports = precompileImports(dir, 'imports');
    const warmImports = precompileImports(dir, 'warm-imports', '--warm', agent('imports'));

    return [
        {
            name: 'run, no snapshot, `fetch` declared',
            argv: [iso4, 'run', '--compact', '-g', join(here, 'agents/fetch.json'), agent('plain')],
        },
        {
            name: 'run, no snapshot, a stub declared',
            argv: [iso4, 'run', '--compact', '-g', join(here, 'agents/stub.json'), agent('plain')],
        },
        { name: 'run, no snapshot', argv: [iso4, 'run', '--compact', agent('plain')], over: NOTHING, more: 1.5 },
        { name: NOTHING, argv: [bareIso4(dir), 'run', '--compact', agent('plain')] },
        { name: 'run, small prefix', argv: run('small', 'small'), ratio: 0.45 },
        { name: 'run, lodash', argv: run('lodash', 'plain'), ratio: 0.55 },
        { name: 'run, zod and lodash (100 KB class)', argv: run('zodlodash', 'plain'), ratio: 0.55 },
        {
            name: 'run, imports zod and lodash-es',
            argv: [iso4, 'run', '--compact', '--snapshot', imports, agent('imports-only')],
            ratio: 0.6,
        },
        { name: '… and uses both', argv: [iso4, 'run', '--compact', '--snapshot', imports, agent('imports')] },
        {
            name: '… with `precompile --warm`',
            argv: [iso4, 'run', '--compact', '--snapshot', warmImports, agent('imports')],
            ratio: 0.6,
        },
        { name: '… in Node.js, a bundle of each', argv: nodeProgram(dir, 'bundled', bundled) },
        { name: '… in Node.js, as npm installs them', argv: nodeProgram(dir, 'installed', installed) },
        { name: 'run, five libraries (1 MB)', argv: run('mid', 'plain'), ratio: 0.75 },
        { name: 'run, TypeScript (9 MB)', argv: run('typescript', 'plain'), ratio: 1.8 },
        {
            name: 'precompile, small prefix',
            argv: [iso4, 'precompile', library('small'), '-o', join(dir, 'again.snap')],
            ms: 60,
        },
        { name: 'lodash groups 1000 rows', argv: run('lodash', 'lodash') },
        { name: '… in Node.js', argv: alone('lodash', 'lodash') },
        { name: 'zod checks 100 records', argv: run('zodlodash', 'zod') },
        { name: '… in Node.js', argv: alone('zodlodash', 'zod') },
        { name: 'TypeScript transpiles a module', argv: run('typescript', 'typescript') },
        {
            name: '… with `precompile --warm`',
            argv: [iso4, 'run', '--compact', '--snapshot', warm, agent('typescript')],
        },
        { name: '… in Node.js', argv: alone('typescript', 'typescript') },
    ];
}

// A run that fails fast would look good.
function check(row, dir) {
    const out = mustRun(row.argv, dir);

    if (row.argv[0] === iso4 && JSON.parse(out).ok !== true) throw new Error(`${row.argv.join(' ')}: ${out}`);
}

function measureCommands(rows, rounds, dir) {
    const [reference, ...lists] = launch([[node, '-e', '0'], ...rows.map(({ argv }) => argv)], rounds, 3, dir);

    for (const [i, { argv }] of rows.entries()) {
        const bad = lists[i].find(({ status }) => status !== 0);
        if (bad) throw new Error(`${argv.join(' ')}: wait status ${bad.status} in one of the rounds`);
    }
    return {
        reference: summary(reference.map(({ ms }) => ms)),
        commands: rows.map(({ argv, ratio, ms, more, ...row }, i) => ({
            ...row,
            ...(more && { mostMore: more }),
            ...(ratio && { mostRatio: ratio }),
            ...(ms && { mostMs: ms }),
            ...summary(lists[i].map((sample) => sample.ms)),
        })),
    };
}

// ---- memory

// VmHWM belongs to the address space: unlike ru_maxrss it starts anew at execve(2), and a parent's figure does not
// hold its children's.
function peak(pid) {
    try {
        const status = readFileSync(`/proc/${pid}/status`, 'utf8');
        const bytes = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * 1024;
        return { peak: bytes('VmHWM'), own: bytes('RssAnon') };
    } catch {
        return { peak: 0, own: 0 }; // it has ended
    }
}

const larger = (a, b) => ({ peak: Math.max(a.peak, b.peak), own: Math.max(a.own, b.own) });

// Reads both processes for as long as the agent waits.
async function memoryOf(argv) {
    const child = spawn(iso4, argv, { env: env('/'), stdio: 'ignore' });
    const ended = new Promise((resolve, reject) => child.on('exit', resolve).on('error', reject));
    let parent = { peak: 0, own: 0 };
    let worker = parent;

    while (child.exitCode === null && child.signalCode === null) {
        parent = larger(parent, peak(child.pid));
        worker = childrenOf(child.pid).map(peak).reduce(larger, worker);
        await sleep(50);
    }
    if ((await ended) !== 0 || worker.peak === 0) throw new Error('the run for memory failed');
    return { parent, worker };
}

async function measureMemory(dir) {
    const line = (name, { peak: bytes, own }, most) => ({
        name,
        peakMb: round(bytes / 1e6),
        ownMb: round(own / 1e6),
        most,
    });
    const small = ['run', '--snapshot', join(dir, 'small.snap'), agent('wait')];
    const { parent, worker } = await memoryOf(small);
    const calling = await memoryOf(manyCalls(dir));

    return [
        line('worker', worker, WORKER_MB),
        line('iso4', parent, PARENT_MB),
        line('iso4, 10,000 calls under way', calling.parent, PARENT_WITH_CALLS_MB),
    ];
}

// ---- fetch

const FETCH_OVER_CURL_MS = 1.5;
const FETCHES = 300;

// A request at a time, each with a connection of its own: as an agent sees it, and as curl tells its own time.
async function measureFetch(dir) {
    const server = http.createServer((request, response) => response.end('{"hello":"world"}'));

    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
        const { port } = server.address();
        const url = `http://127.0.0.1:${port}/`;
        const globals = join(dir, 'fetch.json');

        writeFileSync(
            globals,
            JSON.stringify({
                fetch: {
                    fetch: { allow: [{ host: '127.0.0.1', ports: [port], httpOnly: false, allowPrivate: true }] },
                },
                url: { value: url },
                count: { value: FETCHES },
            }),
        );
        const run = await printed(
            [iso4, 'run', '--compact', '--max-bridge-calls', '0', '-g', globals, agent('fetch')],
            dir,
        );
        const curl = await printed(
            ['curl', '-s', '-H', 'Connection: close', '-w', '\\n%{time_total}\\n', ...Array(FETCHES).fill(url)],
            dir,
        ).catch(() => undefined);
        const times = curl
            ?.split('\n')
            .filter((line) => /^[0-9.]+$/.test(line))
            .map((line) => line * 1e3);

        return {
            agent: summary(JSON.parse(run).exports.default.slice(10)),
            ...(times && { curl: summary(times.slice(10)) }),
            mostOverCurl: FETCH_OVER_CURL_MS,
        };
    } finally {
        server.closeAllConnections();
        server.close();
    }
}

// ---- all of it

const round = (x) => Number(x.toPrecision(4));

function sizes(dir) {
    const line = (name) => ({ name, source: bytesOf(library(name)), snapshot: bytesOf(join(dir, `${name}.snap`)) });

    return [
        { name: '(none)', snapshot: bytesOf(join(iso4, '../../lib/iso4/base.snap')) },
        ...['small', 'lodash', 'zodlodash', 'mid', 'typescript'].map(line),
        {
            name: 'imports of zod and lodash-es',
            source: declared
                .map(bundled)
                .map(bytesOf)
                .reduce((a, b) => a + b),
            snapshot: bytesOf(join(dir, 'imports.snap')),
        },
    ];
}

export async function measureOwn(rivals, dir, rounds) {
    const rows = makeRows(dir);

    for (const row of rows) check(row, dir);
    return {
        rounds,
        ...measureCommands(rows, rounds, dir),
        fetch: await measureFetch(dir),
        memory: await measureMemory(dir),
        sizes: sizes(dir),
    };
}
