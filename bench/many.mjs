// SPDX-License-Identifier: MIT
// many.mjs - many runs: how many a second through `iso4 batch`, and how long one takes when it is the only one.
//
// What others take for the same is measured in the same rounds (rivals.mjs). `make bench` gives ISO4, NODE, LIBRARIES
// and B in the environment; --rounds N. See README.md.

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

const here = import.meta.dirname;
const iso4 = process.env.ISO4 ?? join(here, '../build/bin/iso4');
const libraries = process.env.LIBRARIES ?? join(here, '../build/libraries');
const cpus = os.availableParallelism();
const CODE = 'export default [1, 2, 3].map((n) => n ** 2).join()';

const job = (id) => JSON.stringify({ id, code: CODE }) + '\n';

// ---- runs a second

function batch(dir, count, ...options) {
    const jobs = join(dir, `${count}.jsonl`);

    writeFileSync(jobs, Array.from({ length: count }, (_, i) => job(i)).join(''));
    return () => {
        const start = performance.now();
        const { status, stdout } = spawnSync(iso4, ['batch', ...options, jobs], { encoding: 'utf8', maxBuffer: 1e9 });
        const ms = performance.now() - start;
        const good = stdout.split('\n').filter((line) => line.includes('"default":"1,4,9"')).length;
        if (status !== 0 || good !== count) throw new Error(`iso4 batch: status ${status}, ${good} of ${count} results`);
        return count / ms * 1e3;
    };
}

function printed(argv) {
    return new Promise((resolve, reject) => {
        const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
        let text = '';
        child.stdout.on('data', (data) => { text += data; });
        child.on('error', reject).on('close', (status) => {
            if (status === 0) resolve(Number(text));
            else reject(new Error(`${argv.join(' ')}: status ${status}`));
        });
    });
}

// Their start is not counted: they are libraries of programs that run anyway.
function rival(name, count, ...prefix) {
    const each = Math.ceil(count / cpus);

    return async () => {
        const all = Array.from({ length: cpus }, () => printed([join(here, 'rivals.mjs'), name, String(each), ...prefix]));
        return each * cpus / Math.max(...await Promise.all(all)) * 1e3;
    };
}

// ---- one at a time

async function latencies(count, ...options) {
    const child = spawn(iso4, ['batch', '-j', '1', ...options], { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const samples = [];

    for (let i = -20; i < count; i++) { // the first ones wait for the zygote
        const start = performance.now();
        child.stdin.write(job(i));
        await lines.next();
        if (i >= 0) samples.push(performance.now() - start);
    }
    child.stdin.end();
    return samples;
}

// ---- all of it

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } });
const dir = mkdtempSync(join(os.tmpdir(), 'iso4-bench-'));
const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))];
const sort = (samples) => samples.sort((a, b) => a - b);
const verdict = (good) => (good ? 'ok' : '**short**');

function makeRows() {
    const typescript = join(libraries, 'typescript.js');
    const snapshot = join(dir, 'typescript.snap');

    spawnSync(iso4, ['precompile', typescript, '-o', snapshot, '-q'], { stdio: 'inherit' });
    return [
        { name: '`iso4 batch`, small agent', run: batch(dir, 4000), least: 3000 },
        { name: '… isolated-vm, an isolate for each', run: rival('isolated-vm', 1000) },
        { name: '… worker_threads, a worker for each', run: rival('worker_threads', 100) },
        { name: '… quickjs-emscripten, a runtime for each', run: rival('quickjs-emscripten', 1000) },
        { name: '`iso4 batch`, TypeScript (9 MB)', run: batch(dir, 2000, '--snapshot', snapshot), least: 1200 },
        { name: '… isolated-vm with a snapshot', run: rival('isolated-vm', 60, typescript) },
        { name: '… worker_threads', run: rival('worker_threads', 6, typescript) },
        { name: '… quickjs-emscripten', run: rival('quickjs-emscripten', 2, typescript) },
    ];
}

async function measure(rows, rounds) {
    for (const row of rows) row.samples = [];
    for (let round = 0; round < rounds; round++) {
        for (const row of rows) {
            try {
                row.samples.push(await row.run());
            } catch (error) {
                if (row.least) throw error;
                row.fails = error.message;
            }
        }
    }
}

function line({ name, samples, least, fails }) {
    const figure = samples.length ? quantile(sort(samples), 0.5) : NaN;

    if (fails) return `| ${name} | did not run | | | |`;
    return `| ${name} | ${figure.toFixed(figure < 10 ? 1 : 0)} | ${quantile(samples, 0).toFixed(0)}–${samples.at(-1).toFixed(0)} | ` +
        `${least ? `≥ ${least}` : ''} | ${least ? verdict(figure >= least) : ''} |`;
}

try {
    const rows = makeRows();
    const alone = [];

    await measure(rows, Number(values.rounds));
    for (let round = 0; round < Number(values.rounds); round++) alone.push(...await latencies(400));
    sort(alone);
    console.log(`${cpus} at a time, medians of ${values.rounds} interleaved rounds\n`);
    console.log('| fresh worlds | a second | range | target | |\n|---|--:|--:|--:|--:|');
    console.log(rows.map(line).join('\n'));
    console.log('\n| one job in flight | p50 ms | p90 | p99 | target p99 | |\n|---|--:|--:|--:|--:|--:|');
    console.log(`| \`iso4 batch -j 1\`, small agent | ${[0.5, 0.9, 0.99].map((q) => quantile(alone, q).toFixed(2)).join(' | ')} | < 3 | ` +
        `${verdict(quantile(alone, 0.99) < 3)} |`);
} finally {
    rmSync(dir, { recursive: true, force: true });
}
