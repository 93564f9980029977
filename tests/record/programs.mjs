// SPDX-License-Identifier: MIT
// programs.mjs - agents for tests of records, put together by a seed: calls that race one another and timers, failing
// calls, dates, random numbers, aborted waits, and everything that they saw in their exports.

// mulberry32
export function dice(seed) {
    let state = seed >>> 0;
    return (n) => {
        state = (state + 0x6d2b79f5) >>> 0;
        let t = Math.imul(state ^ (state >>> 15), state | 1);
        t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
        return ((t ^ (t >>> 14)) >>> 0) % n;
    };
}

export const definitions = (service, ledger) => ({
    canned: { returns: { list: [1, { deep: null }], text: 'ü\u2028"' } },
    slow: { returns: 'slow', delayMs: 4 },
    slower: { returns: 'slower', delayMs: 9 },
    fails: { throws: { name: 'RangeError', message: 'out of range', extra: [1] }, delayMs: 2 },
    pick: {
        cases: [
            { args: [1], returns: 'one' },
            { args: [2], throws: { message: 'two' } },
        ],
        otherwise: { returns: null },
    },
    turn: { sequence: [{ returns: 1 }, { returns: 2 }, { throws: { message: 'third' } }] },
    nothing: { command: ['true'] },
    program: { command: ['sh', '-c', `cat >>${ledger}; echo >>${ledger}; echo '{ "from" : "program" }'`] },
    breaks: { command: ['sh', '-c', 'echo why >&2; exit 3'] },
    late: { command: ['sleep', '60'], timeoutMs: 6 },
    served: { service: [service, 'answer', '{"jsonrpc":"2.0","id":%,"result":@}'] },
    strict: { returns: true, parameters: { type: 'object', required: ['id'] } },
    twice: { returns: 'twice', maxCalls: 2 },
});

const calls = [
    'canned()',
    'slow(1)',
    'slower(2)',
    'fails(3)',
    'pick(1)',
    'pick(2)',
    'pick(3)',
    'turn()',
    'nothing()',
    'program(roll())',
    'program(Date.now())',
    'breaks()',
    'late()',
    'served(roll(), [new Date()])',
    'strict({ id: 1 })',
    'strict(1)',
    'twice()',
    'canned(new Map([[1, new Set([2n])]]), undefined, -0, NaN)',
];

const steps = [
    (a, b, c) => `await Promise.allSettled([${a}, ${b}, ${c}].map((p, i) => p.then(see('all' + i), see('not' + i))));`,
    (a, b, _c, ms) => `see('race')(await Promise.race([${a}, ${b}, sleep(${ms})]).catch(String));`,
    (a, b) => `see('any')(await Promise.any([${a}, ${b}]).catch((e) => e.name + e.errors.length));`,
    (a, _b, _c, ms) => `setTimeout(() => { void ${a}.then(see('later'), see('failed later')); }, ${ms});`,
    (a, _b, _c, ms) =>
        `{ const tick = setInterval(see('tick'), ${ms || 1}); await ${a}.catch(see('caught')); clearInterval(tick); }`,
    (_a, _b, _c, ms) => `await sleep(${ms}); see('slept')(Date.now() - began);`,
    (a) =>
        `try { see('one')(await ${a}); } catch (e) { see('threw')([e.name, e.message, e.extra, e instanceof RangeError]); }`,
    () => "see('random')([roll(), crypto.randomUUID(), [...crypto.getRandomValues(new Uint8Array(3))]]);",
    () => "see('date')([new Date().toISOString(), performance.now(), String(Temporal.Now.instant())]);",
    (a, b) => `if (roll() % 2) { await ${a}.catch(see('left')); } else { await ${b}.catch(see('right')); }`,
    (_a, _b, _c, ms) =>
        `await new Promise((go) => { const c = new MessageChannel(); c.port1.onmessage = () => { c.port1.close(); go(); }; setTimeout(() => c.port2.postMessage(1), ${ms}); });`,
    (a) => `queueMicrotask(() => console.log('micro', seen.length)); console.log(await ${a}.catch(String));`,
];

export function program(seed) {
    const roll = dice(seed);
    const call = () => calls[roll(calls.length)];
    const body = Array.from({ length: 2 + roll(6) }, () => steps[roll(steps.length)](call(), call(), call(), roll(12)));
    const ends = [
        'export default seen;',
        'export default seen;',
        "throw new Error('the end: ' + seen.length);",
        'return seen;',
        '',
    ];
    return `const began = Date.now(), seen = [];
const roll = () => Math.floor(Math.random() * 1000);
const sleep = (ms) => new Promise((go) => setTimeout(go, ms, 'slept ' + ms));
const see = (what) => (value) => { seen.push([what, performance.now(), value instanceof Error ? String(value) : value]); return value; };
${body.join('\n')}
${ends[roll(ends.length)]}
`;
}

// Two RunResults of the same run may differ only in the times of calls.
export function timeless(text) {
    const result = JSON.parse(text);

    for (const member of ['durationMs', 'cpuTimeMs', 'heapUsedBytes']) delete result[member];
    for (const call of result.bridgeCalls) {
        delete call.startMs;
        delete call.durationMs;
    }
    return JSON.stringify(result);
}
