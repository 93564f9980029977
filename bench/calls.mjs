// SPDX-License-Identifier: MIT
// calls.mjs - what a call of a function of the host costs an agent that awaits each before it makes the next: from one's
// arrival at the host to the arrival of the next, a whole turn.

import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { build, iso4, launch, median, node, printed, program, put, reason, summary, takeTurns } from './lib.mjs';
import { ABSENT, inBubblewrap, workerdCalls } from './rivals.mjs';

const CALLS = 10000;
const COMMANDS = 200; // each starts a program
const WORKERD = 5000;
const NO_LIMITS = ['--max-bridge-calls', '0', '--cpu-time-ms', '0', '--wall-time-ms', '0', '--compact'];

// ---- iso4: the times are those of the RunResult's bridgeCalls, which the parent keeps

const service = join(build, 'helpers/service');
const inTurn = (count) => `for (let i = 0; i < ${count}; i++) await f();`;
const THREE = 'await Promise.all([f(), f(), f()]);';
const AT_ONCE = `await Promise.all(Array.from({ length: ${CALLS} }, () => f()));`;

const define = (dir, name, definition) => put(dir, `calls-${name}.json`, JSON.stringify({ f: definition }));

function run(globals, code) {
    const argv = ['run', ...NO_LIMITS, '-g', globals, '-e', code];
    const { stdout } = spawnSync(iso4, argv, { encoding: 'utf8', maxBuffer: 1 << 28 });
    const result = JSON.parse(stdout);

    if (!result.ok) throw new Error(`iso4 ${argv.join(' ')}: ${JSON.stringify(result.error)}`);
    return result;
}

const turnsOf = ({ bridgeCalls }) => bridgeCalls.slice(1).map((call, i) => call.startMs - bridgeCalls[i].startMs);

function own(dir) {
    const canned = define(dir, 'canned', { returns: { id: 1 } });
    const served = define(dir, 'served', { service: [service, 'answer', '{"id":%,"result":{"id":1}}'] });
    const started = define(dir, 'command', { command: ['/bin/echo', '{"id":1}'] });

    return [
        {
            rival: 'iso4',
            way: 'canned answer',
            most: 25,
            sample: () => median(turnsOf(run(canned, inTurn(CALLS)))) * 1e3,
        },
        {
            rival: 'iso4',
            way: '`service`, a program that stays',
            most: 80,
            sample: () => median(turnsOf(run(served, inTurn(CALLS)))) * 1e3,
        },
        {
            rival: 'iso4',
            way: '`command`, a program for each call',
            sample: () => median(turnsOf(run(started, inTurn(COMMANDS)))) * 1e3,
        },
    ];
}

// Three of 50 ms under Promise.all have to take hardly more than one.
const together = (dir) => run(define(dir, 'slow', { returns: 1, delayMs: 50 }), THREE).durationMs;

// A run with many calls under way, for a look at its memory.
export const manyCalls = (dir) => [
    'run',
    ...NO_LIMITS,
    '-g',
    define(dir, 'many', { returns: 1, delayMs: 1500 }),
    '-e',
    AT_ONCE,
];

// ---- the others

function overPipes(argv) {
    return new Promise((resolve, reject) => {
        const child = spawn(argv[0], argv.slice(1), { stdio: ['pipe', 'pipe', 'ignore'] });
        const times = [];
        let text = '';

        child.stdout.setEncoding('utf8').on('data', (data) => {
            text += data;
            for (let end; (end = text.indexOf('\n')) >= 0; text = text.slice(end + 1)) {
                times.push(performance.now());
                JSON.parse(text.slice(0, end));
                child.stdin.write('{"id":1}\n');
            }
        });
        child.stdin.on('error', () => {}); // it may be gone when the last answer comes
        child.on('error', reject).on('close', () => {
            if (times.length === CALLS) resolve(median(times.slice(1).map((t, i) => t - times[i])) * 1e3);
            else reject(new Error(`${times.length} of ${CALLS} calls came`));
        });
    });
}

const pipe = (argv) => () => overPipes([...argv, program('pipe'), String(CALLS)]);

// The library's program is asked once a round for all its ways.
function ways(rival, dir, names) {
    let now;

    return names.map(([key, way], i) => ({
        rival,
        way,
        async sample() {
            if (i === 0)
                now = JSON.parse(await printed([node, program('library'), rival, 'calls', String(CALLS)], dir));
            return median(now[key]) * 1e3;
        },
    }));
}

// Its clock stands still while code runs, so it is the difference of two whole commands.
function workerd(found, dir) {
    const argvs = [0, WORKERD].map((count) => workerdCalls(found, dir, count));

    return () => {
        const [without, withCalls] = launch(argvs, 3, 1, dir, { stdio: ['ignore', 'pipe', 'ignore'] }).map((list) =>
            median(list.map(({ ms, status }) => (status === 0 ? ms : NaN))),
        );
        if (!(withCalls > without)) throw new Error('the calls failed');
        return ((withCalls - without) / WORKERD) * 1e3;
    };
}

function makeRows(rivals, dir) {
    const guarded = (rival, way, start) => {
        try {
            if (rivals[rival].missing) throw new Error(ABSENT);
            return { rival, way, sample: start(rivals[rival]) };
        } catch (error) {
            return { rival, way, fails: reason(error) };
        }
    };
    const library = (rival, names) =>
        rivals[rival].missing ? [{ rival, way: names[0][1], fails: ABSENT }] : ways(rival, dir, names);

    return [
        ...own(dir),
        guarded('node', 'JSON lines over pipes', () => pipe([node])),
        { rival: 'node-snapshot', way: 'JSON lines over pipes', fails: 'the same pipes as node' },
        guarded('deno', 'JSON lines over pipes', ({ path }) =>
            pipe([path, 'run', '--no-prompt', '--no-config', '--no-lock', '--no-remote']),
        ),
        guarded('workerd', 'RPC to another Worker', (found) => workerd(found, dir)),
        guarded('bubblewrap', 'JSON lines over pipes', ({ path }) => pipe(inBubblewrap(path, dir, [node]))),
        ...library('isolated-vm', [
            ['awaited', 'Reference, awaited'],
            ['sync', 'Callback, not awaited'],
        ]),
        ...library('worker_threads', [['awaited', 'messages']]),
        ...library('quickjs-emscripten', [
            ['awaited', 'promise, awaited'],
            ['sync', 'function, not awaited'],
        ]),
    ];
}

export async function measureCalls(rivals, dir, rounds) {
    const reference = [];
    const three = [];
    const rows = await takeTurns(makeRows(rivals, dir), rounds, () => {
        reference.push(...launch([[node, '-e', '0']], 5, 1, dir)[0].map(({ ms }) => ms));
        for (let i = 0; i < 3; i++) three.push(together(dir));
    });

    return { rounds, calls: CALLS, reference: summary(reference), rows, together: { ...summary(three), most: 60 } };
}
