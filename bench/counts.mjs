// SPDX-License-Identifier: MIT
// counts.mjs - what a run does to the kernel's tables: page faults, system calls on memory, context switches. Unlike
// times, counts hardly depend on what else the machine does, and they are what becomes slow in a virtual machine.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { env, iso4, launch, library, MODULE, median, mustRun, node, put, which } from './lib.mjs';

const CALLS = ['mmap', 'munmap', 'mprotect', 'madvise', 'brk'];

// A forked run is the difference between two batches, divided by the runs that one has more.
const FEW = 50;
const MANY = 250;

function jobs(dir, count) {
    const line = JSON.stringify({ code: MODULE });
    return put(dir, `jobs-${count}.jsonl`, `${line}\n`.repeat(count));
}

function makeRows(dir) {
    const agent = put(dir, 'counted.mjs', MODULE);
    const snapshot = join(dir, 'counted.snap');
    const batch = (count) => [iso4, 'batch', '-j', '1', '--quiet', jobs(dir, count)];

    mustRun([iso4, 'precompile', library('small'), '-o', snapshot], dir);
    return [
        { name: '`node -e 0`', argv: [node, '-e', '0'] },
        { name: 'a cold run', argv: [iso4, 'run', '--compact', agent] },
        { name: 'a cold run, small prefix', argv: [iso4, 'run', '--compact', '--snapshot', snapshot, agent] },
        { name: 'a forked run', argv: batch(MANY), base: batch(FEW), runs: MANY - FEW },
    ];
}

// Counts the calls of a command, for each of CALLS; undefined where strace is missing or may not trace.
function systemCalls(argv, dir) {
    const file = join(dir, 'strace.txt');
    const strace = which('strace');
    const traced =
        strace &&
        spawnSync(strace, ['-f', '-c', '-o', file, '-e', `trace=${CALLS.join(',')}`, ...argv], {
            env: env(dir),
            stdio: 'ignore',
        });

    if (traced?.status !== 0) return undefined;
    const text = readFileSync(file, 'utf8');
    return Object.fromEntries(
        CALLS.map((call) => [
            call,
            Number(new RegExp(`^ *[\\d.]+ +[\\d.]+ +\\d+ +(\\d+) .*\\b${call}$`, 'm').exec(text)?.[1] ?? 0),
        ]),
    );
}

const perRun = (row, most, least = 0) => Math.round(((most - least) / (row.runs ?? 1)) * 10) / 10;

function countCalls(row, dir) {
    const most = systemCalls(row.argv, dir);
    const least = most && row.base && systemCalls(row.base, dir);

    return most && Object.fromEntries(CALLS.map((call) => [call, perRun(row, most[call], least?.[call])]));
}

export function measureCounts(rivals, dir, rounds) {
    const rows = makeRows(dir);
    const commands = rows.flatMap(({ argv, base }) => (base ? [argv, base] : [argv]));
    const samples = launch(commands, rounds, 1, dir);
    const middle = (argv, key) => median(samples[commands.indexOf(argv)].map((sample) => sample[key]));
    const figure = (row, key) => perRun(row, middle(row.argv, key), row.base && middle(row.base, key));

    for (const [i, list] of samples.entries()) {
        const bad = list.find(({ status }) => status !== 0);
        if (bad) throw new Error(`${commands[i].join(' ')}: wait status ${bad.status} in one of the rounds`);
    }
    return {
        rounds,
        rows: rows.map((row) => ({
            name: row.name,
            faults: figure(row, 'faults'),
            switches: figure(row, 'switches'),
            calls: countCalls(row, dir),
        })),
    };
}
