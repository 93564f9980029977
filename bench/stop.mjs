// SPDX-License-Identifier: MIT
// stop.mjs - runs that have to be stopped: how long until the caller has the result, and how much memory was
// resident at most.
//
// Loops have a limit of time and none of memory but the usual; bombs have a limit of memory and none of time. The benchmark
// ends what grows or goes on in spite of that: watch() by memory, timeout(1) by time.

import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import {
    CODE,
    childrenOf,
    env,
    launch,
    launcher,
    median,
    node,
    ofProcess,
    program,
    put,
    reason,
    summary,
    which,
} from './lib.mjs';
import { ABSENT, LIBRARIES, commands } from './rivals.mjs';

const LIMIT_MS = 200;
const LIMIT_MB = 64;
const GUARD_MB = 1024;
const GUARD_S = 10;

// One search of a text for another, a second or more of it, in which no engine looks up to see whether it has to stop.
const SEARCH =
    "const hay = 'a'.repeat(2 << 20), half = 'a'.repeat(1000), needle = half + 'b' + half;\nfor (;;) hay.indexOf(needle);";

export const ATTACKS = [
    { key: 'loop', name: 'endless loop', code: 'for (;;);', timeoutMs: LIMIT_MS },
    { key: 'search', name: 'a builtin that cannot be interrupted', code: SEARCH, timeoutMs: LIMIT_MS },
    {
        key: 'objects',
        name: 'objects without end',
        code: 'const list = [];\nfor (;;) list.push({ n: list.length, next: [list.length] });',
        memoryMb: LIMIT_MB,
    },
    {
        key: 'buffers',
        name: 'buffers without end',
        code: 'const list = [];\nfor (;;) list.push(new Uint8Array(1e6).fill(1));',
        memoryMb: LIMIT_MB,
    },
];

// In the foreground it kills the program only, not itself, and so can still tell what memory the program had.
const timeout = (seconds, argv) => [which('timeout'), '--foreground', '-s', 'KILL', String(seconds), ...argv];
const guard = (argv) => timeout(GUARD_S, argv);
const TOO_LONG = `killed by the benchmark after ${GUARD_S} s`;
const TOO_LARGE = `killed by the benchmark at ${GUARD_MB} MB`;
const resultFile = (dir) => join(dir, 'stop.json');

// The limits on the command line of each tool: real time, since that is what most can limit. timeout(1) counts from the start
// of the process, so what it takes to start is not taken off there.
function limited(rival, found, dir, attack) {
    const key = `stop-${rival}-${attack.key}`;
    const agent = put(dir, `${key}.agent.mjs`, attack.code);

    if (rival === 'iso4') {
        const limits = [
            '-o',
            resultFile(dir),
            '--cpu-time-ms',
            '0',
            '--wall-time-ms',
            String(attack.timeoutMs ?? 0),
            ...(attack.memoryMb ? ['--memory-mb', String(attack.memoryMb)] : []),
        ];
        return commands.iso4(found, dir, { key, agent, limits });
    }
    const argv = commands[rival](found, dir, { key, agent, memoryMb: attack.memoryMb });
    if (rival === 'bubblewrap') argv.splice(1, 0, '--as-pid-1'); // else it does not wait for the program, and its memory is not told
    return attack.timeoutMs ? timeout(attack.timeoutMs / 1e3, argv) : argv;
}

function inside(rival, attack) {
    const { timeoutMs, memoryMb } = attack;

    return [node, program('library'), rival, 'stop', attack.code, CODE, JSON.stringify({ timeoutMs, memoryMb })];
}

// ---- one sample

function lastJson(text) {
    for (const line of text.split('\n').reverse()) {
        try {
            return JSON.parse(line);
        } catch {
            // not this one
        }
    }
    return undefined;
}

const descendants = (pid) => childrenOf(pid).flatMap((child) => [child, ...descendants(child)]);
const residentMb = (pid) => (Number(/^VmRSS:\s+(\d+)/m.exec(ofProcess(pid, 'status'))?.[1] ?? 0) * 1024) / 1e6;

// A limit of the kernel's would not do: RLIMIT_DATA counts what V8 has reserved and never uses, RLIMIT_AS all the more.
async function watch(child) {
    let large = false;

    while (child.exitCode === null && child.signalCode === null) {
        for (const pid of descendants(child.pid)) {
            if (residentMb(pid) < GUARD_MB) continue;
            large = true;
            try {
                process.kill(pid, 'SIGKILL');
            } catch {
                // it has ended
            }
        }
        await sleep(5);
    }
    return large;
}

async function once(argv, dir) {
    const child = spawn(launcher, ['1', '0', '--', ...guard(argv)], {
        env: env(dir),
        stdio: ['ignore', 'pipe', 'pipe'],
    });
    const text = { stdout: '', stderr: '' };
    const closed = new Promise((resolve, reject) => child.on('close', resolve).on('error', reject));

    for (const name of Object.keys(text))
        child[name].setEncoding('utf8').on('data', (data) => {
            text[name] += data;
        });
    const large = await watch(child);
    await closed;
    const [, , us, status, kib] = text.stdout.trim().split(' ').map(Number);
    return {
        ms: us / 1e3,
        status: status & 0x7f ? 128 + (status & 0x7f) : status >> 8,
        mb: (kib * 1024) / 1e6,
        large,
        said: text.stderr,
    };
}

function howItEnded(rival, { ms, status, large, said }, report, dir) {
    if (large) return TOO_LARGE;
    if (ms >= GUARD_S * 1e3 * 0.99) return TOO_LONG;
    if (rival === 'iso4') return JSON.parse(readFileSync(resultFile(dir), 'utf8')).error?.code ?? 'completed';
    if (report) return report.outcome;
    if (status === 137) return 'killed by timeout(1)';
    if (status === 0) return 'completed';
    return reason(
        said.split('\n').find((line) => /fatal|out of memory|allocation failed/i.test(line)) ?? `status ${status}`,
    );
}

// Milliseconds until the caller had it back, from when the agent began, or the process where timeout(1) stops it.
async function sampleOf(row, dir) {
    rmSync(resultFile(dir), { force: true });
    const sample = await once(row.argv, dir);
    const report = LIBRARIES.includes(row.rival) ? lastJson(sample.said) : undefined;
    const outer = row.rival !== 'iso4' && row.attack.timeoutMs;
    const ended = howItEnded(row.rival, sample, report, dir);

    if (ended === 'completed') throw new Error('it came to an end, which it must not');
    return { ms: report?.ms ?? (outer ? sample.ms : Math.max(0, sample.ms - row.startMs)), mb: sample.mb, ended };
}

// ---- all of it

function makeRows(rivals, dir) {
    return Object.entries(rivals)
        .filter(([rival]) => rival !== 'node-snapshot')
        .flatMap(([rival, found]) =>
            ATTACKS.map((attack) => {
                const row = { rival, attack, samples: [] };
                try {
                    if (found.missing) throw new Error(ABSENT);
                    row.argv = LIBRARIES.includes(rival) ? inside(rival, attack) : limited(rival, found, dir, attack);
                } catch (error) {
                    if (rival === 'iso4') throw error;
                    row.fails = reason(error);
                }
                return row;
            }),
        );
}

// Time and memory of a harmless run under the same guard: time to subtract, memory to compare with.
function harmless(rivals, dir, rounds) {
    const ids = Object.keys(rivals).filter((rival) => rival !== 'node-snapshot' && !rivals[rival].missing);
    const calm = { key: 'calm', code: `export default ${CODE};` };
    const argvs = ids.map((rival) =>
        guard(LIBRARIES.includes(rival) ? inside(rival, { code: CODE }) : limited(rival, rivals[rival], dir, calm)),
    );
    const [reference, ...lists] = launch([[node, '-e', '0'], ...argvs], 3 * rounds, 1, dir);

    return {
        reference: summary(reference.map(({ ms }) => ms)),
        calm: Object.fromEntries(
            ids.map((rival, i) => [
                rival,
                {
                    ms: median(lists[i].map(({ ms }) => ms)),
                    mb: median(lists[i].map(({ mb }) => mb)),
                    fails: lists[i].find(({ status }) => status !== 0) && 'its harmless run failed',
                },
            ]),
        ),
    };
}

function finish({ rival, attack, samples, fails }) {
    if (fails) return { rival, attack: attack.key, fails };
    const { ended } = samples.at(-1);
    return {
        rival,
        attack: attack.key,
        ...summary(samples.map(({ ms }) => ms)),
        ...(attack.memoryMb && { peakMb: summary(samples.map(({ mb }) => mb)).median }),
        ended,
        held: ended !== TOO_LARGE && ended !== TOO_LONG,
    };
}

export async function measureStop(rivals, dir, rounds) {
    const rows = makeRows(rivals, dir);
    const { reference, calm } = harmless(rivals, dir, rounds);

    for (const row of rows) row.fails ??= calm[row.rival]?.fails; // what fails at once would look as if it were stopped
    for (let round = 0; round < rounds; round++) {
        for (const row of rows.filter(({ fails }) => !fails)) {
            row.startMs = calm[row.rival].ms;
            try {
                row.samples.push(await sampleOf(row, dir));
            } catch (error) {
                if (row.rival === 'iso4') throw error;
                row.fails = reason(error);
            }
        }
    }
    return {
        rounds,
        limitMs: LIMIT_MS,
        limitMb: LIMIT_MB,
        guardMb: GUARD_MB,
        guardS: GUARD_S,
        reference,
        attacks: ATTACKS.map(({ key, name, code }) => ({ key, name, code })),
        calm: Object.entries(calm)
            .filter(([, { fails }]) => !fails)
            .map(([rival, { mb }]) => ({ rival, peakMb: Number(mb.toPrecision(4)) })),
        rows: rows.map(finish),
    };
}
