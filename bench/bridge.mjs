// SPDX-License-Identifier: MIT
// bridge.mjs - what calls of host functions cost, for bench.mjs. Times are those of the RunResult's bridgeCalls, which the
// parent keeps: from one call's arrival to the next one's is a whole turn of an agent that awaits each.

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const CALLS = 10000;
const NO_LIMITS = ['--max-bridge-calls', '0', '--cpu-time-ms', '0', '--compact'];

const IN_TURN = `for (let i = 0; i < ${CALLS}; i++) await f();`;
const THREE = 'await Promise.all([f(), f(), f()]);';
const AT_ONCE = `await Promise.all(Array.from({ length: ${CALLS} }, () => f()));`;

const sorted = numbers => numbers.toSorted((a, b) => a - b);
const middle = numbers => sorted(numbers)[Math.floor(numbers.length / 2)];

function definitions(dir, name, definition) {
    const file = join(dir, `${name}.json`);

    writeFileSync(file, JSON.stringify({ f: definition }));
    return file;
}

function run({ iso4, env }, globals, code) {
    const argv = ['run', ...NO_LIMITS, '-g', globals, '-e', code];
    const { stdout } = spawnSync(iso4, argv, { env, encoding: 'utf8', maxBuffer: 1 << 28 });
    const result = JSON.parse(stdout);

    if (!result.ok) throw new Error(`${argv.join(' ')}: ${JSON.stringify(result.error)}`);
    return result;
}

// Microseconds from call to call.
function turns({ bridgeCalls }) {
    return bridgeCalls.slice(1).map((call, i) => (call.startMs - bridgeCalls[i].startMs) * 1e3);
}

// Rows of [name, figure, target, unit]; what the figure has to stay under is the target.
export function bridgeRows(tools, dir, service) {
    const canned = definitions(dir, 'canned', { returns: { id: 1 } });
    const served = definitions(dir, 'served', { service: [service, 'answer', '{"id":%,"result":1}'] });
    const slow = definitions(dir, 'slow', { returns: 1, delayMs: 50 });
    const three = Array.from({ length: 15 }, () => run(tools, slow, THREE).durationMs);

    return [
        [`a canned answer, awaited (median of ${CALLS})`, middle(turns(run(tools, canned, IN_TURN))), 25, 'µs'],
        [`an answer of a \`service\`, awaited (median of ${CALLS})`, middle(turns(run(tools, served, IN_TURN))), 80, 'µs'],
        ['three of 50 ms under Promise.all (median of 15)', middle(three), 60, 'ms'],
    ];
}

// A run with this many calls under way, for whoever looks at its memory.
export function manyCalls(dir) {
    return ['run', ...NO_LIMITS, '-g', definitions(dir, 'many', { returns: 1, delayMs: 1500 }), '-e', AT_ONCE];
}
