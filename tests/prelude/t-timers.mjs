// SPDX-License-Identifier: MIT
// t-timers.mjs - timers and queueMicrotask: shape, coercion, order, limits,
// errors, and agents that change what lies below.

import { done, is, isDeeply, ok, world } from './harness.mjs';

// Everything that is due, as the event loop runs it: one pass.
function pass(it) {
    let ran = 0;
    while (it.internals.runTimers()) ran++;
    return ran;
}

// All passes up to `ms`, the clock going from one timer to the next.
function runUntil(it, ms) {
    for (let next; (next = it.internals.nextTimer()) !== -1 && it.clock.ms + next <= ms; ) {
        it.clock.ms += next;
        pass(it);
    }
    it.clock.ms = ms;
}

// A world in which `code` has run; `log` is the list it can push to.
function started(code, given) {
    const it = world(given);
    it.log = it.evaluate('globalThis.log = []');
    it.evaluate(code);
    return it;
}

function order(code, want, name) {
    const it = started(code);
    runUntil(it, 1e12);
    isDeeply([...it.log], want, name);
}

const thrown = (code) => {
    try {
        world().evaluate(code);
    } catch (error) {
        return `${error.name}: ${error.message}`;
    }
    return 'nothing';
};

// ---- shape

const names = { setTimeout: 1, clearTimeout: 0, setInterval: 1, clearInterval: 0, queueMicrotask: 1 };
for (const [name, length] of Object.entries(names)) {
    const it = world();
    isDeeply(
        JSON.parse(
            it.evaluate(`(() => {
        const { value, ...rest } = Object.getOwnPropertyDescriptor(globalThis, '${name}');
        let constructed = true;
        try { new ${name}(() => 1); } catch (error) { constructed = !(error instanceof TypeError); }
        return JSON.stringify({ ...rest, name: value.name, length: value.length, prototype: 'prototype' in value, constructed });
    })()`),
        ),
        { writable: true, enumerable: false, configurable: true, name, length, prototype: false, constructed: false },
        `${name} is a plain function, not enumerable`,
    );
}
is(world().evaluate('Object.keys(globalThis).join() || "none"'), 'none', 'nothing on the global object is enumerable');
is(
    world().evaluate('typeof setTimeout(() => 1) + (setTimeout(() => 1) > 0) + Number.isInteger(setInterval(() => 1))'),
    'numbertruetrue',
    'ids are positive integers',
);
is(
    world().evaluate('new Set([setTimeout(() => 1), setTimeout(() => 1), setInterval(() => 1)]).size'),
    3,
    'no two the same',
);

is(world().evaluate('setTimeout(() => 1)'), 1, 'the first is 1');

// ---- arguments

is(
    thrown('setTimeout("alert(1)", 0)'),
    'TypeError: code from strings is not allowed: give setTimeout a function',
    'setTimeout takes no code from strings',
);
is(
    thrown('setInterval("alert(1)", 0)'),
    'TypeError: code from strings is not allowed: give setInterval a function',
    'nor does setInterval',
);
for (const wrong of ['', 'undefined', 'null', '5', '{}', '{ handleEvent() {} }']) {
    is(
        thrown(`setTimeout(${wrong})`),
        'TypeError: setTimeout needs a function as its first argument',
        `setTimeout(${wrong}) throws`,
    );
}
is(
    thrown('queueMicrotask("x")'),
    'TypeError: queueMicrotask needs a function as its first argument',
    'queueMicrotask needs a function',
);
is(thrown('setTimeout(() => 1, Symbol())').slice(0, 9), 'TypeError', 'a delay that is a symbol throws');
order(
    'setTimeout((...args) => log.push(...args), 1, "a", undefined, 3)',
    ['a', undefined, 3],
    'further arguments are passed on',
);
order(
    'setTimeout(function () { "use strict"; log.push(this === globalThis, arguments.length); })',
    [true, 0],
    '`this` is the global object',
);
order('setTimeout(new Proxy(() => log.push("called"), {}))', ['called'], 'a callable Proxy is a function');

const delays = {
    '-1': 0,
    0: 0,
    0.9: 0,
    1: 1,
    1.9: 1,
    NaN: 0,
    Infinity: 0,
    undefined: 0,
    null: 0,
    true: 1,
    '"7"': 7,
    '"x"': 0,
    '[9]': 9,
    '{ valueOf: () => 5 }': 5,
    2147483647: 2147483647,
    2147483648: 0,
    4294967296: 0,
    4294967301: 5,
    '-2147483649': 2147483647,
};
for (const [given, want] of Object.entries(delays)) {
    is(
        started(`setTimeout(() => 1, ${given})`).internals.nextTimer(),
        want,
        `setTimeout waits ${want} ms for a delay of ${given}`,
    );
}
is(started('setTimeout(() => 1)').internals.nextTimer(), 0, 'and 0 ms without one');
is(started('setInterval(() => 1, 0)').internals.nextTimer(), 1, 'setInterval waits at least 1 ms');

// ---- the event loop's side

const empty = world();
isDeeply(
    [empty.internals.nextTimer(), empty.internals.runTimers()],
    [-1, false],
    'without timers there is nothing to wait for',
);
const loop = started('setTimeout(() => log.push(1), 10); setTimeout(() => log.push(2), 4)');
is(loop.internals.nextTimer(), 4, 'nextTimer tells the time to the first');
loop.clock.ms = 3.5;
is(loop.internals.nextTimer(), 0.5, 'and fractions of a millisecond');
is(loop.internals.runTimers(), false, 'a timer does not run early');
loop.clock.ms = 20;
is(loop.internals.nextTimer(), 0, 'nextTimer is 0 when one is due');
isDeeply([loop.internals.runTimers(), [...loop.log]], [true, [2]], 'runTimers runs one callback');
isDeeply(
    [loop.internals.runTimers(), [...loop.log], loop.internals.runTimers()],
    [true, [2, 1], false],
    'then the other, then none',
);
is(loop.internals.nextTimer(), -1, 'and none is left');
isDeeply(
    Reflect.ownKeys(loop.internals).sort(),
    [
        'Error',
        'describeError',
        'errorText',
        'findZone',
        'functionColumn',
        'functionLine',
        'hasShims',
        'install',
        'keepModules',
        'keepStackLimit',
        'keptModules',
        'makeLazily',
        'moduleExports',
        'nextTimer',
        'nextTimerMade',
        'openStore',
        'pathOf',
        'receive',
        'replace',
        'reseed',
        'resetTimers',
        'restoreStackLimit',
        'revive',
        'runTimers',
        'siteColumn',
        'siteFile',
        'siteLine',
        'siteText',
        'storeWrites',
        'withoutJSON',
        'zoneHolds',
    ],
    'these are the functions that C++ calls',
);

// ---- order

order('setTimeout(() => log.push("b"), 2); setTimeout(() => log.push("a"), 1)', ['a', 'b'], 'timers run by due time');
order(
    'for (let i = 0; i < 100; i++) setTimeout(() => log.push(i), 5)',
    Array.from({ length: 100 }, (_, i) => i),
    'equal ones in the order of creation',
);
order(
    'setTimeout(() => { log.push("a"); setTimeout(() => log.push("c"), 0); }, 0); setTimeout(() => log.push("b"), 0)',
    ['a', 'b', 'c'],
    'a timer made by a callback waits',
);
const nested = started('let n = 0; (function again() { log.push(n++); setTimeout(again, 0); })()');
isDeeply([pass(nested), pass(nested), pass(nested)], [1, 1, 1], 'a chain of timers runs once in each pass');
const late = started(
    'setTimeout(() => { log.push("a"); setTimeout(() => log.push("c"), 0); }, 0); setTimeout(() => log.push("b"), 50)',
);
late.internals.runTimers();
late.clock.ms = 100; // "b" becomes due while the pass is under way
isDeeply(
    [pass(late), pass(late), [...late.log]],
    [0, 2, ['a', 'c', 'b']],
    'what becomes due during a pass runs in the next, in due order',
);
const random = started(`let seed = 7; const next = () => (seed = (seed * 1103515245 + 12345) % 2147483648);
    for (let i = 0; i < 3000; i++) { const due = next() % 500; const id = setTimeout(() => log.push([due, i]), due); if (next() % 3 === 0) clearTimeout(id); else globalThis.kept = (globalThis.kept ?? 0) + 1; }`);
runUntil(random, 1000);
ok(
    random.log.length === random.evaluate('kept') &&
        random.log.every(
            ([due, i], at) =>
                at === 0 || random.log[at - 1][0] < due || (random.log[at - 1][0] === due && random.log[at - 1][1] < i),
        ),
    'thousands of timers, a third of them cleared, run in order',
);

// ---- clear

order(
    'clearTimeout(setTimeout(() => log.push("no"), 1)); clearInterval(setTimeout(() => log.push("no"), 1)); clearTimeout(setInterval(() => log.push("no"), 1))',
    [],
    'both clear functions clear both kinds',
);
order(
    'const id = setTimeout(() => log.push("no"), 5); setTimeout(() => clearTimeout(id), 1)',
    [],
    'a callback can clear a timer',
);
order(
    'const a = setTimeout(() => { log.push("a"); clearTimeout(b); }, 1); const b = setTimeout(() => log.push("no"), 1)',
    ['a'],
    'also one of the same pass',
);
order('clearTimeout(String(setTimeout(() => log.push("no"), 1)))', [], 'an id may be text');
order(
    'clearTimeout(); clearTimeout(undefined); clearTimeout(null); clearTimeout(-1); clearTimeout(99); clearTimeout(NaN); clearTimeout({}); setTimeout(() => log.push("ok"))',
    ['ok'],
    'clearing nothing does nothing',
);
order(
    'const id = setTimeout(() => { log.push(1); clearTimeout(id); }); ',
    [1],
    'a timer can clear itself while it runs',
);
const leak = started(
    'for (let i = 0; i < 100000; i++) clearTimeout(setTimeout(() => 1, 1e9)); setTimeout(() => 1, 5)',
    { maxTimers: () => 2 },
);
is(leak.internals.nextTimer(), 5, 'cleared timers leave nothing behind');

// ---- intervals

const interval = started('globalThis.id = setInterval((x) => log.push(x), 10, "tick")');
runUntil(interval, 35);
isDeeply([...interval.log], ['tick', 'tick', 'tick'], 'an interval repeats, with its arguments');
interval.evaluate('clearInterval(id)');
is(interval.internals.nextTimer(), -1, 'until it is cleared');
const self = started('let n = 0; const id = setInterval(() => { log.push(++n); if (n === 3) clearInterval(id); }, 1)');
runUntil(self, 100);
isDeeply([...self.log], [1, 2, 3], 'an interval can clear itself');
const slow = started('setInterval(() => { log.push(1); advance(25); }, 10)');
slow.context.advance = (ms) => {
    slow.clock.ms += ms;
};
runUntil(slow, 79);
is(slow.log.length, 2, 'an interval starts anew after its callback');
order(
    'const id = setInterval(() => { log.push("i"); if (log.length > 3) clearInterval(id); }, 2); setTimeout(() => log.push("t"), 3)',
    ['i', 't', 'i', 'i'],
    'intervals and timeouts share one order',
);

// ---- limits

const limited = started('', { maxTimers: () => 3 });
is(
    limited.evaluate(
        'try { for (let i = 0; ; i++) setTimeout(() => 1, i); } catch (error) { `${error.name}: ${error.message}, ${error instanceof RangeError}` }',
    ),
    'RangeError: too many pending timers (limit 3), true',
    'too many timers throw',
);
pass(limited);
is(limited.evaluate('typeof setTimeout(() => 1, 5)'), 'number', 'one that ran makes room');
is(
    limited.evaluate('try { setInterval(() => 1); } catch (error) { error.message }'),
    'too many pending timers (limit 3)',
    'setInterval is limited too',
);
const room = started(
    'let id = setInterval(() => { try { setTimeout(() => 1); } catch (error) { log.push(error.message); } }, 1)',
    { maxTimers: () => 1 },
);
runUntil(room, 1);
isDeeply([...room.log], ['too many pending timers (limit 1)'], 'a running interval keeps its place');
let limit = 1;
const changing = started('setTimeout(() => 1)', { maxTimers: () => limit });
limit = 2;
is(changing.evaluate('typeof setTimeout(() => 1)'), 'number', 'the limit is asked for each time');
is(started('for (let i = 0; i < 20000; i++) setTimeout(() => 1)').internals.nextTimer(), 0, 'limit 0 is none');

// ---- errors

const failing = started(
    'setTimeout(() => { throw new Error("a"); }); setTimeout(() => log.push("b")); setInterval(() => { throw 5; }, 1)',
);
runUntil(failing, 2);
isDeeply(
    failing.uncaught.map(([error, where]) => [String(error), where]),
    [
        ['Error: a', 'a setTimeout callback'],
        ['5', 'a setInterval callback'],
        ['5', 'a setInterval callback'],
    ],
    'errors of callbacks are reported',
);
isDeeply([...failing.log], ['b'], 'and keep no other timer from running');

// ---- queueMicrotask

const queue = [];
const micro = started(
    'queueMicrotask(function () { "use strict"; log.push(arguments.length, this); }); queueMicrotask(() => { throw new TypeError("m"); }); log.push("sync")',
    { queueMicrotask: (callback) => queue.push(callback) },
);
isDeeply([...micro.log], ['sync'], 'a microtask does not run at once');
queue.forEach((callback) => callback());
isDeeply([...micro.log], ['sync', 0, undefined], 'it runs without arguments and `this`');
isDeeply(
    micro.uncaught.map(([error, where]) => [String(error), where]),
    [['TypeError: m', 'a queueMicrotask callback']],
    'its error is reported',
);
is(micro.evaluate('String(queueMicrotask(() => 1))'), 'undefined', 'queueMicrotask returns undefined');

// ---- snapshots

const saved = started('globalThis.old = setTimeout(() => log.push("old"), 1); setInterval(() => log.push("old"), 1)');
saved.internals.resetTimers();
isDeeply([saved.internals.nextTimer(), saved.internals.runTimers()], [-1, false], 'resetTimers forgets all');
saved.clock.ms = 0;
saved.evaluate('globalThis.id = setTimeout(() => log.push("new"), 1); clearTimeout(old)');
runUntil(saved, 10);
isDeeply([...saved.log], ['new'], 'an id from before clears nothing made after');
const during = started('setTimeout(() => log.push(1)); setTimeout(() => log.push(2))');
during.internals.runTimers();
during.internals.resetTimers();
during.evaluate('setTimeout(() => log.push(3))');
isDeeply([pass(during), [...during.log]], [1, [1, 3]], 'also in the middle of a pass');

// ---- tampering

const play = `setTimeout(ran, 2, 'c'); setTimeout(ran, 1, 'a'); setTimeout(ran, 1, 'b'); clearTimeout(setTimeout(ran, 1, 'no'));
    var ticks = 0; var ticker = setInterval(tick, 3); for (var i = 0; i < 40; i++) setTimeout(none, 3);`;
const given = `var out = ''; function ran(x) { out += x; } function none() {} function tick() { out += 't'; if (++ticks === 2) clearInterval(ticker); }`;
function played(tamper) {
    const it = world();
    it.evaluate(given);
    it.evaluate(tamper);
    it.evaluate(play);
    runUntil(it, 20);
    return it.evaluate('out') + it.uncaught.length;
}
is(played(''), 'abctt0', 'the play without changes');
const spoil = `function spoil(o) { for (const key of Reflect.ownKeys(o)) { const d = Object.getOwnPropertyDescriptor(o, key); if (key !== 'length' && (d.configurable || d.writable)) spoiled.push([o, key]); } }`;
for (const name of [
    'Array',
    'Object',
    'Function',
    'Map',
    'Math',
    'Reflect',
    'Number',
    'RangeError',
    'TypeError',
    'Symbol',
]) {
    for (const [how, change] of [
        ['deleted', 'delete o[key]'],
        ['replaced', 'Object.defineProperty(o, key, { value: trap })'],
    ]) {
        // All members at once; what the loop itself needs goes last.
        is(
            played(`var spoiled = []; const trap = () => { throw new Error('tampered'); }; ${spoil}; spoil(${name}); if (${name}.prototype) spoil(${name}.prototype);
            { const { defineProperty } = Object; const n = spoiled.length; for (let i = 0; i < n; i++) { const o = spoiled[i][0], key = spoiled[i][1];
            ${change.replace('Object.defineProperty', 'defineProperty').replace('{ value', '{ __proto__: null, value')}; } }`),
            'abctt0',
            `timers survive all members of ${name} and its prototype ${how}`,
        );
    }
}
for (const key of [
    '0',
    '1',
    '2',
    '5',
    'due',
    'turn',
    'at',
    'id',
    'repeat',
    'queued',
    'handler',
    'args',
    'length',
    'get',
    'value',
    'writable',
]) {
    is(
        played(
            `Object.defineProperty(Object.prototype, '${key}', { get() { throw new Error('tampered'); }, set() { throw new Error('tampered'); } })`,
        ),
        'abctt0',
        `timers survive an accessor Object.prototype.${key}`,
    );
}
is(
    played(
        'for (const key of ["Map", "Reflect", "Object", "Math", "TypeError", "RangeError", "globalThis"]) delete globalThis[key]',
    ),
    'abctt0',
    'timers survive without globals',
);
done();
