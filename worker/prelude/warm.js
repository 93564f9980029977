// SPDX-License-Identifier: MIT
// warm.js - runs the renderer once before the base snapshot is saved: code that ran is kept compiled, so that an agent's
// first console line need not wait for that. Nothing is printed, and no other state stays.

import { Date, Error, Map, Set, Uint8Array } from './primordials.js';
import { connect, required } from './natives.js';
import { console } from './console.js';
import { describeError } from './globals.js';
import { revive } from './revive.js';
import { functions, nextTimer, runTimer, startOver } from './timers.js';

const silent = { __proto__: null };
for (const name of required) silent[name] = () => {};
silent.now = silent.maxTimers = () => 0;

// An error with a made-up stack, because V8 makes no stacks while the prelude is evaluated.
function sampleError() {
    const error = new Error('sample', { cause: 'why' });
    error.stack = 'Error: sample\n    at sample (sample.js:1:2)';
    return error;
}

// Kinds of values, and of layouts: one line, several lines, grouped in columns.
const samples = () => [
    {
        text: "it's",
        count: 1,
        yes: true,
        none: null,
        inner: { list: [1, [2, ['three']]], deep: { deeper: { end: 1 } } },
    },
    ['apple', 'pear', 'plum', 'cherry', 'grape', 'melon', 'quince', 'a longer text than the others\n'],
    [1, 22, 333, 4444, 55555, 666666, 7777777, 88888888],
    new Map([['key', { a: 1 }]]),
    new Set(['value', 2]),
    new (class {
        field = 1;
    })(),
    sampleError(),
    { __proto__: null, key: undefined, 'not a name': 1n },
    { method() {}, arrow: () => {}, get: { getter: 1 } },
    new Date(0),
    /sample/g,
    new Uint8Array(2),
    new Array(3),
];

export function warmUp() {
    connect(silent);
    const values = samples();
    console.log('text', 1, true);
    for (const value of values) console.log(value);
    console.log('two:', values[0], values[1]);
    console.log('%s %d %i %j %o', 'text', 1, 1, { a: 1 }, [1]);
    console.error('text');
    console.table([{ id: 1, name: 'a' }, { id: 2 }]);
    console.assert(false, 'text');
    functions.setTimeout(() => {}, 0);
    functions.clearTimeout(functions.setTimeout(() => {}, 1));
    while (nextTimer() === 0) runTimer();
    functions.queueMicrotask(() => {});
    describeError(new Error(''), { name: 'TypeError', message: 'sample', code: 1 });
    revive([
        { $type: 'date', value: '2000-01-01' },
        { $type: 'Uint8Array', base64: 'AA==' },
    ]);
    startOver();
}
