// SPDX-License-Identifier: MIT
// many.mjs - many small runs, each in a fresh world: how many a second on all processors, and how long one takes when it
// is the only one under way.

import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import {
    CODE,
    MODULE,
    WANT,
    cpus,
    iso4,
    library,
    mustRun,
    node,
    printed,
    program,
    put,
    reason,
    sort,
    quantile,
    summary,
    takeTurns,
    which,
} from './lib.mjs';
import { ABSENT, LIBRARIES, commands, world } from './rivals.mjs';

const PREFIX = 'typescript';

// The runs of one sample: a second or so.
const COUNTS = {
    batch: { small: 4000, typescript: 2000 },
    process: { small: 60, typescript: 16 },
    'isolated-vm': { small: 1000, typescript: 60 },
    worker_threads: { small: 100, typescript: 6 },
    'quickjs-emscripten': { small: 1000, typescript: 2 },
};

const job = (id) => JSON.stringify({ id, code: MODULE.trim() }) + '\n';

// ---- what makes one sample: runs a second

function batch(dir, key, count) {
    const jobs = put(dir, `many-${key}.jsonl`, Array.from({ length: count }, (_, i) => job(i)).join(''));
    const snapshot = join(dir, 'many.snap');

    if (key !== 'small') mustRun([iso4, 'precompile', library(key), '-o', snapshot, '-q'], dir);
    const argv = ['batch', '-j', String(2 * cpus), ...(key === 'small' ? [] : ['--snapshot', snapshot])];
    const single = put(dir, 'many-single.jsonl', job(0));
    return () => {
        mustRun([iso4, ...argv, single], dir); // some kernels take a file out of the page cache that has not been used for a while
        const start = performance.now();
        const { status, stdout } = spawnSync(iso4, [...argv, jobs], { encoding: 'utf8', maxBuffer: 1e9 });
        const ms = performance.now() - start;
        const good = stdout.split('\n').filter((line) => line.includes(`"default":"${WANT}"`)).length;
        if (status !== 0 || good !== count)
            throw new Error(`iso4 batch: status ${status}, ${good} of ${count} results`);
        return (count / ms) * 1e3;
    };
}

// xargs costs less than starting them from here. The text is in none of the arguments, so nothing is replaced.
const oneEach = (argv) => [which('xargs') ?? 'xargs', '-P', String(cpus), '-I', '{no such text}', ...argv];

// A process for each, as many at a time as there are processors.
function processes(dir, key, count, rival, found) {
    const argv = commands[rival](found, dir, world(dir, `many-${rival}-${key}`, key === 'small' ? undefined : key));
    const input = 'x\n'.repeat(count);

    return () => {
        const start = performance.now();
        const out = mustRun(oneEach(argv), dir, { input });
        const ms = performance.now() - start;
        if (out.split(WANT).length - 1 !== count) throw new Error('not every run computed what it should');
        return (count / ms) * 1e3;
    };
}

// A library: a process of it for each processor, whose start is not counted, since it is that of a program that runs anyway.
function inside(dir, key, count, rival) {
    const each = Math.ceil(count / cpus);
    const argv = [
        node,
        program('library'),
        rival,
        'many',
        String(each),
        CODE,
        WANT,
        ...(key === 'small' ? [] : [library(key)]),
    ];

    return async () =>
        ((each * cpus) / Math.max(...(await Promise.all(Array.from({ length: cpus }, () => printed(argv, dir)))))) *
        1e3;
}

// ---- one at a time

async function latencies(count) {
    const child = spawn(iso4, ['batch', '-j', '1'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const samples = [];

    for (let i = -20; i < count; i++) {
        // the first ones wait for the zygote
        const start = performance.now();
        child.stdin.write(job(i));
        const { done } = await lines.next();
        if (done) throw new Error('iso4 batch ended');
        if (i >= 0) samples.push(performance.now() - start);
    }
    child.stdin.end();
    return samples;
}

// ---- all of it

function makeRows(rivals, dir) {
    const rows = [];
    const add = (rival, prefix, how, start, least) => {
        const row = { rival, prefix, how, ...(least && { least }) };
        rows.push(row);
        try {
            if (rivals[rival].missing) throw new Error(ABSENT);
            row.sample = start();
        } catch (error) {
            if (rival === 'iso4') throw error;
            row.fails = reason(error);
        }
    };

    for (const prefix of ['small', PREFIX]) {
        add('iso4', prefix, 'batch', () => batch(dir, prefix, COUNTS.batch[prefix]), prefix === 'small' ? 3000 : 1200);
        for (const rival of LIBRARIES)
            add(rival, prefix, 'inside', () => inside(dir, prefix, COUNTS[rival][prefix], rival));
        for (const rival of Object.keys(rivals).filter((id) => !LIBRARIES.includes(id))) {
            add(rival, prefix, 'process', () => processes(dir, prefix, COUNTS.process[prefix], rival, rivals[rival]));
        }
    }
    return rows;
}

export async function measureMany(rivals, dir, rounds) {
    const reference = [];
    const alone = [];
    const rows = await takeTurns(makeRows(rivals, dir), rounds, async () => {
        const start = performance.now();
        mustRun(oneEach([node, '-e', '0']), dir, { input: 'x\n'.repeat(COUNTS.process.small) });
        reference.push((COUNTS.process.small / (performance.now() - start)) * 1e3);
        alone.push(...(await latencies(400)));
    });
    const at = (q) => Number(quantile(sort(alone), q).toPrecision(4));

    return {
        rounds,
        processors: cpus,
        reference: summary(reference),
        rows,
        alone: { p50: at(0.5), p90: at(0.9), p99: at(0.99), n: alone.length, most: 3 },
    };
}
