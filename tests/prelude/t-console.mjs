// SPDX-License-Identifier: MIT
// t-console.mjs - what console prints: the rendering of values (compared with
// Node's own), each method, the bounds of an entry, and hostile arguments.

import util from 'node:util';
import vm from 'node:vm';
import { done, entriesOf, is, isDeeply, ok, printed, skip, world } from './harness.mjs';
import { formats, values } from './cases.mjs';

const MAX_ENTRY = 1024 * 1024;
const prints = (code, want, name) => is(printed(code), want, name ?? code);
const printsAll = (code, want, name) => isDeeply(entriesOf(code), want, name ?? code);

// Values and formats as in Node: made twice, once in each realm.
for (const list of [...values.map((value) => `(${value})`), ...formats]) {
    const want = util.format(...vm.runInThisContext(`[${list}]`));
    prints(`console.log(${list})`, want, `console.log(${list.slice(0, 90)}) as in Node`);
}

// As Node 26 prints it, also where Node 20 differs.
prints('console.log(new Proxy({ a: 1, b: [2] }, {}))', 'Proxy({ a: 1, b: [ 2 ] })', 'a Proxy shows its target');
prints(
    'console.log([new Proxy([1], {})], { p: new Proxy(new Map([[1, 2]]), {}) })',
    '[ Proxy([ 1 ]) ] { p: Proxy(Map(1) { 1 => 2 }) }',
    'and so does a nested Proxy',
);
prints('console.log(new Proxy(new Proxy({ a: 1 }, {}), {}))', 'Proxy(Proxy({ a: 1 }))', 'and a Proxy of a Proxy');
prints(
    'console.log(new Proxy(class X {}, {}), new Proxy(() => 1, {}))',
    'Proxy([class X]) Proxy([Function (anonymous)])',
    'and one of a function',
);
prints(
    'const r = Proxy.revocable({}, {}); r.revoke(); console.log(r.proxy, [r.proxy])',
    '<Revoked Proxy> [ <Revoked Proxy> ]',
    'a revoked Proxy is named',
);
prints('console.log("%s", new Proxy({}, {}))', 'Proxy({})', 'a Proxy in a format');
prints('console.log({ [Symbol("s")]: 1 })', '{ Symbol(s): 1 }', 'keys that are symbols');
prints(
    'console.log(new ArrayBuffer(3))',
    'ArrayBuffer { [Uint8Contents]: <00 00 00>, [byteLength]: 3 }',
    'an ArrayBuffer',
);
prints(
    'console.log(new DataView(new ArrayBuffer(1)))',
    'DataView {\n  [byteLength]: 1,\n  [byteOffset]: 0,\n' +
        '  [buffer]: ArrayBuffer { [Uint8Contents]: <00>, [byteLength]: 1 }\n}',
    'a DataView',
);
prints(
    'const e = new Error("m"); e.stack = { not: "a text" }; console.log(e)',
    "[Error: m\n    {\n      not: 'a text'\n    }]",
    'an error whose stack is no text',
);

const rejected = world();
rejected.evaluate('const p = Promise.reject(7); p.catch(() => {}); console.log(p)');
is(rejected.entries[0][1], 'Promise { <rejected> 7 }', 'a rejected promise shows its reason');

prints(
    `const e = new Error('m'); e.stack = 'Error: m' + '\\n    at r (a.js:1:2)'.repeat(20) + '\\n    at end (a.js:9:9)'; console.log(e)`,
    'Error: m\n    at r (a.js:1:2)\n    ... collapsed 19 duplicate lines matching above 1 lines 19 times...\n    at end (a.js:9:9)',
    'repeated stack frames are counted',
);
prints(
    `const e = new Error('m'); e.stack = 'Error: m' + '\\n    at a (a.js:1:2)\\n    at b (a.js:2:2)'.repeat(9) + '\\n    at end (a.js:9:9)'; console.log(e)`,
    'Error: m\n    at a (a.js:1:2)\n    at b (a.js:2:2)\n    ... collapsed 16 duplicate lines matching above 2 lines 8 times...\n    at end (a.js:9:9)',
    'also those of mutual recursion',
);

// An addition to Node: Temporal shows its value.
prints(
    `class Fake { get [Symbol.toStringTag]() { return 'Temporal.PlainDate'; } toString() { return '2020-01-01'; } }
    console.log(new Fake(), [new Fake()])`.replaceAll('Fake', 'PlainDate'),
    'Temporal.PlainDate 2020-01-01 [ Temporal.PlainDate 2020-01-01 ]',
    'an object of Temporal shows its text',
);
if (typeof globalThis.Temporal === 'undefined') {
    skip('a real Temporal.PlainDate', 'this Node has no Temporal');
} else {
    const it = world();
    it.context.Temporal = globalThis.Temporal;
    it.evaluate('console.log(Temporal.PlainDate.from("2020-01-01"), { d: Temporal.Duration.from("PT1S") })');
    is(it.entries[0][1], 'Temporal.PlainDate 2020-01-01 { d: Temporal.Duration PT1S }', 'a real Temporal.PlainDate');
}

// ---- the object

const shape = world().evaluate(`(() => {
    const own = Object.getOwnPropertyDescriptor(globalThis, 'console');
    const tag = Object.getOwnPropertyDescriptor(console, Symbol.toStringTag);
    const methods = Object.keys(console);
    return JSON.stringify({
        global: [own.writable, own.enumerable, own.configurable], tag,
        text: String(console),
        proto: [Reflect.ownKeys(Object.getPrototypeOf(console)).length,
            Object.getPrototypeOf(Object.getPrototypeOf(console)) === Object.prototype],
        methods: methods.slice().sort(),
        names: methods.filter((key) => console[key].name !== key),
        lengths: methods.filter((key) => console[key].length !== 0),
        constructors: methods.filter((key) => { try { new console[key](); return true; } catch (e) { return !(e instanceof TypeError); } }),
        fixed: methods.filter((key) => { const d = Object.getOwnPropertyDescriptor(console, key); return !d.writable || !d.configurable; }),
    });
})()`);
const found = JSON.parse(shape);
isDeeply(found.global, [true, false, true], 'console is writable, configurable and not enumerable');
isDeeply(
    found.tag,
    { value: 'console', writable: false, enumerable: false, configurable: true },
    'its Symbol.toStringTag is "console"',
);
is(found.text, '[object console]', 'its text is [object console]');
isDeeply(found.proto, [0, true], 'its prototype is an empty object');
isDeeply(
    found.methods,
    'assert clear count countReset debug dir dirxml error group groupCollapsed groupEnd info log table time timeEnd timeLog trace warn'.split(
        ' ',
    ),
    'it has the methods of the standard and no others',
);
isDeeply(found.names, [], 'every method bears its name');
isDeeply(found.lengths, [], 'and has length 0');
isDeeply(found.constructors, [], 'none is a constructor');
isDeeply(found.fixed, [], 'all can be replaced');

const namespace = world();
namespace.context.ns = await import('node:path');
namespace.evaluate('console.dir(ns, { depth: 0 })');
ok(
    namespace.entries[0][1].startsWith('[Module: null prototype] {\n  _makeLong: [Function: toNamespacedPath],'),
    'a module namespace',
    [namespace.entries[0][1]],
);
prints(
    'console.log("%o %o", new WeakSet(), new WeakMap())',
    'WeakSet { <items unknown> } WeakMap { <items unknown> }',
    'weak collections in %o',
);

// ---- streams and entries

for (const [method, stream] of Object.entries({
    log: 0,
    info: 0,
    debug: 0,
    dirxml: 0,
    dir: 0,
    table: 0,
    warn: 1,
    error: 1,
})) {
    printsAll(
        `console.${method}('text')`,
        [[stream, method === 'dir' ? "'text'" : 'text']],
        `console.${method} prints one entry on ${stream ? 'stderr' : 'stdout'}`,
    );
}
printsAll('console.log()', [[0, '']], 'console.log() prints an empty entry');
printsAll('console.log("a\\nb")', [[0, 'a\nb']], 'a text with line ends is one entry');
printsAll(
    'const { log, error, table } = console; log(1); error(2); table([3].slice(1))',
    [
        [0, '1'],
        [1, '2'],
        [0, '┌─────────┐\n│ (index) │\n├─────────┤\n└─────────┘'],
    ],
    'methods work detached',
);
printsAll('console.clear()', [], 'console.clear prints nothing');
printsAll('console.log("%c%s", "color: red", "x")', [[0, 'x']], '%c takes its argument and prints nothing');

// ---- console.dir

prints('console.dir({ a: { b: { c: { d: 1 } } } }, { depth: 0 })', '{ a: [Object] }', 'console.dir knows depth');
prints(
    'console.dir({ a: { b: { c: { d: 1 } } } }, { depth: null })',
    '{\n  a: { b: { c: { d: 1 } } }\n}',
    'and depth: null',
);
prints('console.dir({ b: 1, a: 2 }, { sorted: true })', '{ a: 2, b: 1 }', 'and sorted');
prints(
    'console.dir({ get a() { return 5; } }, { getters: true })',
    '{ a: [Getter: 5] }',
    'and getters, which run then',
);
prints('console.dir([1], { showHidden: true })', '[ 1, [length]: 1 ]', 'and showHidden');
prints('console.dir({ a: 1 }, { colors: true })', '{ a: \x1B[33m1\x1B[39m }', 'and colors');
prints(
    'console.dir(new Proxy({ a: 1 }, { b: 2 }), { showProxy: true })',
    'Proxy [ { a: 1 }, { b: 2 } ]',
    'and showProxy',
);
prints(
    'console.dir({ a: 1, [Symbol.for("nodejs.util.inspect.custom")]: undefined, b: () => 1 }, { depth: -1 })',
    '[Object]',
    'and a negative depth',
);
is(
    printed('console.dir({ [Symbol.for("nodejs.util.inspect.custom")]() { return "hook"; } })').includes('[Function'),
    true,
    'console.dir runs no custom hook',
);
prints('console.dir(1, 5); ', '1', 'options that are no object are ignored');

// ---- console.table

const boxed = (text) =>
    text
        .trim()
        .split('\n')
        .map((line) => line.trim())
        .join('\n');
prints(
    'console.table([{ a: 1, b: "x" }, { a: 2, c: { d: 1 } }])',
    boxed(`
    ┌─────────┬───┬─────┬──────────┐
    │ (index) │ a │ b   │ c        │
    ├─────────┼───┼─────┼──────────┤
    │ 0       │ 1 │ 'x' │          │
    │ 1       │ 2 │     │ { d: 1 } │
    └─────────┴───┴─────┴──────────┘`),
    'a table of objects',
);
prints(
    'console.table([1, "a"])',
    boxed(`
    ┌─────────┬────────┐
    │ (index) │ Values │
    ├─────────┼────────┤
    │ 0       │ 1      │
    │ 1       │ 'a'    │
    └─────────┴────────┘`),
    'a table of primitives',
);
prints(
    'console.table([[1, 2], [3, 4]], ["1"])',
    boxed(`
    ┌─────────┬───┐
    │ (index) │ 1 │
    ├─────────┼───┤
    │ 0       │ 2 │
    │ 1       │ 4 │
    └─────────┴───┘`),
    'a table with chosen columns',
);
prints(
    'console.table({ x: { v: 1 }, y: 2 })',
    boxed(`
    ┌─────────┬───┬────────┐
    │ (index) │ v │ Values │
    ├─────────┼───┼────────┤
    │ x       │ 1 │        │
    │ y       │   │ 2      │
    └─────────┴───┴────────┘`),
    'a table of an object, rows and values mixed',
);
prints(
    'console.table(new Map([["k", { a: 1 }], [2, 3]]))',
    boxed(`
    ┌───────────────────┬─────┬──────────┐
    │ (iteration index) │ Key │ Values   │
    ├───────────────────┼─────┼──────────┤
    │ 0                 │ 'k' │ { a: 1 } │
    │ 1                 │ 2   │ 3        │
    └───────────────────┴─────┴──────────┘`),
    'a table of a Map',
);
prints(
    'console.table(new Set(["日本", 2]))',
    boxed(`
    ┌───────────────────┬────────┐
    │ (iteration index) │ Values │
    ├───────────────────┼────────┤
    │ 0                 │ '日本' │
    │ 1                 │ 2      │
    └───────────────────┴────────┘`),
    'a table of a Set, with wide characters',
);
prints(
    'const it = new Map([[1, 2]]).entries(); console.table(it)',
    boxed(`
    ┌───────────────────┬─────┬────────┐
    │ (iteration index) │ Key │ Values │
    ├───────────────────┼─────┼────────┤
    │ 0                 │ 1   │ 2      │
    └───────────────────┴─────┴────────┘`),
    'a table of an iterator',
);
printsAll(
    'const it = new Set([1]).values(); console.table(it); console.log(it.next().value)',
    entriesOf('console.table(new Set([1])); console.log(1)'),
    'which it does not advance',
);
prints(
    'console.table([{ get a() { throw new Error("ran"); } }])',
    boxed(`
    ┌─────────┬──────────┐
    │ (index) │ a        │
    ├─────────┼──────────┤
    │ 0       │ [Getter] │
    └─────────┴──────────┘`),
    'a table runs no getter',
);
const trap =
    '{ get() { throw new Error("trap"); }, ownKeys() { throw new Error("trap"); }, getOwnPropertyDescriptor() { throw new Error("trap"); } }';
prints(
    `console.table(new Proxy([new Proxy({ a: new Proxy([1], ${trap}) }, ${trap})], ${trap}))`,
    boxed(`
    ┌─────────┬──────────────┐
    │ (index) │ a            │
    ├─────────┼──────────────┤
    │ 0       │ Proxy([ 1 ]) │
    └─────────┴──────────────┘`),
    'a table of proxies runs no trap',
);
printsAll(
    'console.table(5); console.table(null); console.table("a %s")',
    [
        [0, '5'],
        [0, 'null'],
        [0, 'a %s'],
    ],
    'no table of a primitive',
);
prints('console.table([{ a: 1 }], 7)', printed('console.table([{ a: 1 }])'), 'columns that are no list are ignored');
prints(
    'console.table([{ Values: 1, "(index)": 2 }, 3])',
    boxed(`
    ┌─────────┬────────┬─────────┬────────┐
    │ (index) │ Values │ (index) │ Values │
    ├─────────┼────────┼─────────┼────────┤
    │ 0       │ 1      │ 2       │        │
    │ 1       │        │         │ 3      │
    └─────────┴────────┴─────────┴────────┘`),
    'columns called like those of the table',
);
const manyRows = printed('console.table(Array.from({ length: 5000 }, (_, i) => i))');
ok(manyRows.endsWith('\n... 4000 more rows'), 'a table shows 1000 rows');

// ---- trace, assert

const trace = world();
trace.evaluate('\nfunction inner() { console.trace("at %d", 1); }\n(() => inner())()');
is(trace.entries[0][0], 1, 'console.trace prints on stderr');
ok(
    /^Trace: at 1\n {4}at inner \(agent\.js:2:28\)\n {4}at agent\.js:3:8\n/.test(trace.entries[0][1]),
    'console.trace names the callers',
    [trace.entries[0][1]],
);
ok(!trace.entries[0][1].includes('iso4:prelude'), 'and no frame of the prelude');
is(entriesOf('console.trace()')[0][1].split('\n')[0], 'Trace', 'console.trace without a message');
printsAll('Error.stackTraceLimit = 0; console.trace("x")', [[1, 'Trace: x']], 'console.trace without frames');
printsAll(
    'Error.prepareStackTrace = () => 5; console.trace("x")',
    [[1, 'Trace: x']],
    'console.trace with a stack that is no text',
);
const inTimer = world();
inTimer.evaluate('setTimeout(function later() { console.trace("t"); console.log(new Error("e")); }, 0)');
inTimer.internals.runTimers();
ok(
    inTimer.entries.length === 2 &&
        inTimer.entries.every(
            ([, text]) => /at later|at Object.later|later/.test(text) && !text.includes('iso4:prelude'),
        ),
    'stacks of timers have no frame of the prelude',
    inTimer.entries.map(([, text]) => text),
);

printsAll(
    'console.assert(true, "no"); console.assert(1); console.assert({})',
    [],
    'console.assert is silent if it holds',
);
printsAll('console.assert()', [[1, 'Assertion failed']], 'console.assert without arguments fails');
printsAll('console.assert(false, "a %s", "b")', [[1, 'Assertion failed: a b']], 'console.assert formats its message');
printsAll('console.assert(0, { a: 1 }, 2)', [[1, 'Assertion failed { a: 1 } 2']], 'console.assert keeps objects');

// ---- count, group, time

printsAll(
    'console.count(); console.count(); console.count("x"); console.countReset(); console.count(); console.count(undefined)',
    [
        [0, 'default: 1'],
        [0, 'default: 2'],
        [0, 'x: 1'],
        [0, 'default: 1'],
        [0, 'default: 2'],
    ],
    'console.count and countReset',
);
printsAll('console.countReset("none")', [[1, "Count for 'none' does not exist"]], 'countReset of nothing warns');
printsAll(
    'console.count("__proto__"); console.count("__proto__")',
    [
        [0, '__proto__: 1'],
        [0, '__proto__: 2'],
    ],
    'any label counts',
);
printsAll(
    `console.group('A'); console.log('x\\ny'); console.groupCollapsed(); console.warn({ a: 1 });
    console.groupEnd(); console.groupEnd(); console.groupEnd(); console.log('z')`,
    [
        [0, 'A'],
        [0, '  x\n  y'],
        [1, '    { a: 1 }'],
        [0, 'z'],
    ],
    'groups indent every line by two blanks',
);
printsAll(
    'console.group("%s!", "g"); console.table([]); console.clear(); console.log(1)',
    [
        [0, 'g!'],
        [0, '  ┌─────────┐\n  │ (index) │\n  ├─────────┤\n  └─────────┘'],
        [0, '1'],
    ],
    'console.clear leaves all groups',
);

const timed = world();
const times = [
    [0, '0ms'],
    [1.2345, '1.234ms'],
    [999.9994, '999.999ms'],
    [1500, '1.500s'],
    [61500, '1:01.500 (m:ss.mmm)'],
    [3723000, '1:02:03 (h:mm:ss)'],
];
timed.evaluate('console.time()');
for (const [ms, text] of times) {
    timed.clock.ms = ms;
    timed.evaluate('console.timeLog()');
    is(timed.entries.at(-1)[1], `default: ${text}`, `console.timeLog after ${ms} ms`);
}
timed.clock.ms = 10;
timed.evaluate(
    'console.time("a"); console.timeLog("a", { x: 1 }, "%s"); console.timeEnd("a"); console.timeEnd("a"); console.time()',
);
isDeeply(
    timed.entries.slice(times.length),
    [
        [0, 'a: 0ms { x: 1 } %s'],
        [0, 'a: 0ms'],
        [1, "No such label 'a' for console.timeEnd()"],
        [1, "Label 'default' already exists for console.time()"],
    ],
    'timeLog, timeEnd and their warnings',
);
timed.internals.resetTimers();
timed.evaluate('console.timeEnd()');
is(timed.entries.at(-1)[1], "No such label 'default' for console.timeEnd()", 'a new run has no stopwatches');

// ---- bounds

const sizes = (code) => entriesOf(code).map(([, text]) => text.length);
const bounded = (code, name) => {
    const entries = entriesOf(code);
    ok(
        entries.length === 1 &&
            entries[0][1].length <= MAX_ENTRY &&
            entries[0][1].length > MAX_ENTRY - 1000 &&
            /\.\.\. \[cut: a console entry has at most 1048576 characters\]$/.test(entries[0][1]),
        name,
        [`${entries.length} entries of ${entries.map(([, text]) => text.length)}`, String(entries[0]?.[1].slice(-100))],
    );
};
isDeeply(sizes(`console.log('x'.repeat(${MAX_ENTRY}))`), [MAX_ENTRY], 'an entry has up to 1 MiB characters');
bounded(`console.log('x'.repeat(${MAX_ENTRY + 1}))`, 'a longer text is cut, with a marker');
bounded('console.log("x".repeat(2 ** 28), "y".repeat(2 ** 28), "z".repeat(2 ** 28))', 'texts that fit into no string');
bounded(
    'console.log("%s %s %s", "x".repeat(2 ** 28), "y".repeat(2 ** 28), "z".repeat(2 ** 28))',
    'the same in a format',
);
bounded('console.log("%s".repeat(2 ** 20), ...Array(10000).fill("y".repeat(2 ** 20)))', 'a million directives');
bounded(
    'let a = "q".repeat(9999); for (let i = 0; i < 9; i++) a = Array(100).fill(a); console.dir(a, { depth: Infinity })',
    'a billion billion texts',
);
bounded('const o = {}; for (let i = 0; i < 200000; i++) o["key" + i] = i; console.log(o)', 'an object of many keys');
bounded(
    'const e = new Error("x"); e.stack = "s".repeat(2 ** 25); console.log(Array(100).fill(e))',
    'errors with huge stacks',
);
bounded(
    'const f = () => 1; Object.defineProperty(f, "name", { value: "n".repeat(2 ** 22) }); console.log(Array(100).fill(f))',
    'functions with huge names',
);
bounded(
    'let o = {}; const r = o; for (let i = 0; i < 1e5; i++) o = o.o = {}; console.dir(r, { depth: null })',
    'an endless chain of objects',
);
bounded('for (let i = 0; i < 50000; i++) console.group(); console.log("a\\n".repeat(100000))', 'deep groups');
bounded('console.log("%j", Array(1e6).fill("abc"))', 'a huge JSON text');
bounded('console.count("x".repeat(2 ** 22))', 'a huge label');
bounded('console.assert(false, "x".repeat(2 ** 28))', 'a huge message');
const pairs = printed('console.log("a" + "😀".repeat(2 ** 20))');
ok(
    pairs.isWellFormed ? pairs.isWellFormed() : !/[\ud800-\udbff](?![\udc00-\udfff])/.test(pairs),
    'a text is cut between characters',
);
ok(printed('console.log("😀".repeat(2 ** 20))').startsWith('😀😀'), 'wherever that is');
prints(
    'console.log([new Uint8Array(1e7)].length, new Uint8Array(1e7).fill(1).subarray(0, 2), new Uint8Array(1e7).map(() => 0).length)',
    '1 Uint8Array(2) [ 1, 1 ] 10000000',
    'typed arrays',
);
const started = performance.now();
const large =
    entriesOf(`console.log(new Uint8Array(1e7)); console.log(new Array(1e7).fill(1)); const a = new Array(1e7).fill(1); delete a[1]; console.log(a);
    console.dir(new Float64Array(1e6), { maxArrayLength: Infinity }); const s = new Set(); for (let i = 0; i < 1e5; i++) s.add(i); console.log(s)`);
ok(large.length === 5 && performance.now() - started < 5000, 'large lists are rendered without listing their keys', [
    `${performance.now() - started} ms`,
]);
ok(/<1 empty item>[^]*9999900 more items/.test(large[2][1]), 'and holes are still seen');
prints(
    'const a = []; a[5] = 1; a[20000] = 2; a.length = 30000; console.log(a)',
    '[ <5 empty items>, 1, <19994 empty items>, 2, <9999 empty items> ]',
    'far apart elements',
);

const own = (list, onlyEnumerable) =>
    Reflect.ownKeys(list).filter(
        (key) =>
            !/^\d+$/.test(String(key)) && (!onlyEnumerable || Object.getOwnPropertyDescriptor(list, key).enumerable),
    );
const listed = 'console.log(Object.assign(Array(20000), { x: 1 }))';
prints(listed, '[ <20000 empty items> ]', 'keys of a long array are not listed');
is(printed(listed, { ownNonIndexKeys: own }), '[ <20000 empty items>, x: 1 ]', 'but with native.ownNonIndexKeys');

// ---- hostile arguments: one entry each, nothing thrown

const survives = (code, want, name) => {
    let entries;
    try {
        entries = entriesOf(code);
    } catch (error) {
        ok(false, name, [`threw ${error}`]);
        return;
    }
    ok(entries.length === 1 && want.test(entries[0][1]), name, [util.inspect(entries)]);
};
const failed = (method, why) => new RegExp(`^\\[console\\.${method} could not render its arguments: ${why}\\]$`);
const hook = '[Symbol.for("nodejs.util.inspect.custom")]';
survives('console.log({ get a() { throw new Error("ran"); } })', /^\{ a: \[Getter\] \}$/, 'getters are not run');
survives(
    `console.log({ ${hook}() { throw new TypeError("boom"); } })`,
    failed('log', 'TypeError: boom'),
    'a throwing hook',
);
survives(
    `console.error("a", { ${hook}() { throw new TypeError("boom"); } }, { b: 1 }, "c")`,
    /^a \[console\.error could not render its arguments: TypeError: boom\] \{ b: 1 \} c$/,
    'the other arguments are shown',
);
survives(`console.log({ ${hook}() { throw null; } })`, failed('log', 'null'), 'a hook that throws null');
survives(
    `console.log({ ${hook}() { throw { get message() { throw 1; } }; } })`,
    failed('log', 'an error that cannot be described'),
    'a hook that throws a trap',
);
survives(
    `console.log({ ${hook}() { throw new Proxy({}, { get() { throw 1; } }); } })`,
    failed('log', 'a Proxy was thrown'),
    'a hook that throws a Proxy',
);
survives(
    `console.log({ ${hook}() { throw new Error("x".repeat(2 ** 24)); } })`,
    /^\[console\.log .{400,600}\.\.\.\]$/,
    'a hook that throws a long message',
);
survives(
    `const o = { ${hook}() { return { ${hook}: this[Symbol.for("nodejs.util.inspect.custom")] }; } }; console.log(o)`,
    failed('log', 'RangeError: Maximum call stack size exceeded'),
    'a hook without end',
);
survives(
    'console.log("%s", { toString() { throw new Error("no"); } })',
    /could not render its arguments: Error: no\]$/,
    'a throwing toString',
);
survives(
    'console.log("%s", { toString() { return {}; } })',
    /could not render its arguments: TypeError: /,
    'a toString that returns an object',
);
survives(
    'console.log("%d", { valueOf() { throw new Error("no"); } })',
    /could not render its arguments: Error: no\]$/,
    'a throwing valueOf',
);
survives(
    'console.log("%j", { toJSON() { throw new Error("no"); } })',
    /could not render its arguments: Error: no\]$/,
    'a throwing toJSON',
);
survives('console.count(Symbol("s"))', failed('count', 'TypeError: .*'), 'a label that is a symbol');
survives(
    'console.timeEnd({ toString() { throw new Error("no"); } })',
    failed('timeEnd', 'Error: no'),
    'a label that throws',
);
survives(
    'console.dir({}, { get depth() { throw new Error("no"); } })',
    failed('dir', 'Error: no'),
    'options that throw',
);
survives(
    'console.table([1], new Proxy([], { get() { throw new Error("no"); } }))',
    failed('table', 'Error: no'),
    'columns that throw',
);
const every = `new Proxy({ a: 1 }, new Proxy({}, { get(_, name) { throw new Error("trap " + String(name)); } }))`;
for (const method of ['log', 'warn', 'dir', 'dirxml', 'table', 'group', 'trace']) {
    survives(
        `console.${method}(${every})`,
        method === 'table' ? /│ a /u : /Proxy\(\{ a: 1 \}\)/,
        `console.${method} runs no trap of a Proxy`,
    );
}
survives(
    `console.log({ a: [${every}] }, new Map([[1, ${every}]]), "%s", ${every})`,
    /Proxy\(\{ a: 1 \}\).*Proxy\(\{ a: 1 \}\)/,
    'nor of a nested one',
);
survives(`console.log(Object.create(${every}))`, /./, 'nor does one in the prototype chain throw');
survives(
    'const e = new Error("m"); Object.defineProperty(e, "stack", { get() { throw 1; } }); console.log(e)',
    /Error/,
    'an error whose stack throws',
);
survives(
    'const e = new Error("m"); Object.defineProperty(e, "message", { get() { throw 1; } }); e.stack = "Error: m"; console.log(e)',
    /Error: m/,
    'an error whose message throws',
);
survives(
    'class A { get [Symbol.toStringTag]() { throw 1; } } console.log(new A())',
    /^(Object <A> |A )?\{\}|A/,
    'a throwing Symbol.toStringTag',
);
survives(
    'class S extends Set { [Symbol.iterator]() { throw 1; } get size() { throw 2; } } console.log(new S([].concat(1).slice(1)))',
    /S\(0\) \[Set\] \{\}/,
    'a Set with a class of its own',
);
survives(
    'class M extends Map { *[Symbol.iterator]() { for (;;) yield [1, 1]; } } const m = new M(); m.set(1, 2); console.log(m)',
    /^M\(1\) \[Map\] \{ 1 => 2 \}$/,
    'a Map with an endless iterator',
);
survives(
    'const o = {}; o[Symbol.toPrimitive] = () => { throw 1; }; console.log(o, "%s")',
    /toPrimitive/,
    'a throwing Symbol.toPrimitive',
);
survives(
    'console.log(Object.create(null, { constructor: { get() { throw 1; } } }))',
    /\[Object: null prototype\] \{\}/,
    'a throwing constructor',
);

const defaults = world();
defaults.evaluate(`console.log({ ${hook}(depth, options, inspect) { inspect.defaultOptions = { depth: 0 }; inspect.defaultOptions.depth = 0; return 'x'; } });
    console.log({ a: { b: 1 } })`);
is(defaults.entries[1][1], '{ a: { b: 1 } }', 'a hook cannot change the defaults');

const deep = world();
const outcome = deep.evaluate(
    'let n = 0; function f() { n++; try { f(); } catch (e) { if (!(e instanceof RangeError)) throw e; console.log({ a: 1 }); } } f(); "done"',
);
is(outcome, 'done', 'console.log with no stack left throws nothing but a RangeError');

// ---- tampering: agents break only themselves

const show = [
    'console.log("a", 1, -0, 2n); console.log(o, holes, map, set, itself);',
    'console.log("%s %d %i %f %j %o %O %c %%", "x", 2, 3.5, 4.5, list, list, list, "css", "rest");',
    'console.log(bytes, /x/gi, date, promise, keys, foo, accessors);',
    'console.log(error, texts, proxy, classes, boxes, dictionary, many, long, frames, bare);',
    'console.dir(foo, depth); console.table(rows); console.table(map); console.table(set); console.table(rows, columns);',
    'console.group("g"); console.log("in\\nside"); console.groupEnd(); console.count(); console.countReset(); console.countReset();',
    'console.assert(false, "no", o); console.assert(false, o); console.time(); console.timeLog("default", o); console.timeEnd(); console.timeEnd();',
];
const props = `var o = { a: 1, b: [1, 2, { c: 3 }] }, holes = [1, , 3], map = new Map([[1, { a: 2 }]]), set = new Set([1, 'x']), list = [1];
    var itself = {}; itself.self = itself; var bytes = new Uint8Array(2), date = new Date(0), promise = Promise.resolve(1), keys = new Map([[1, 2]]).keys();
    var foo = new (class Foo { x = 1; get y() { return 1; } })(), accessors = { get a() { return 1; }, set b(v) {} }, depth = { depth: 0, showHidden: true };
    var error = new Error('boom'); error.stack = 'Error: boom\\n    at f (a.js:1:2)'; error.extra = 1; error.cause = new TypeError('in');
    error.cause.stack = 'TypeError: in\\n    at g (b.js:1:2)'; var proxy = new Proxy({ p: 1 }, {});
    var texts = ['a\\nb', "it's", 'x'.repeat(200)], long = { text: 'line1\\nline2\\nline3 long enough to be split'.repeat(3) };
    var classes = [class A {}, class B extends foo.constructor {}, () => 1, async () => 1, function* g() {}], boxes = [Object(1), Object('s'), Object(1n)];
    var dictionary = Object.assign(Object.create(null), { z: 1 }), many = Array.from({ length: 30 }, (_, i) => 'v' + i);
    var frames = new Error('r'); frames.stack = 'Error: r\\n' + '    at rec (a.js:1:2)\\n'.repeat(30) + '    at end (a.js:9:9)';
    var bare = Object.setPrototypeOf(new Set([1]), null), rows = [{ a: 1 }, { b: 2 }, 3], columns = ['a'];
    var kept = ' kept console o holes map set list itself bytes date promise keys foo accessors depth error proxy texts long classes boxes' +
        ' dictionary many frames bare rows columns ';`;

function shown(tamper) {
    const it = world();
    it.evaluate(props);
    try {
        it.evaluate(tamper);
    } catch {
        return undefined; // not possible: nothing to survive
    }
    for (const line of show) it.evaluate(line);
    return it.entries;
}
const untouched = shown('');
const classNames = [
    'Array',
    'Object',
    'Function',
    'Map',
    'Set',
    'WeakMap',
    'WeakSet',
    'String',
    'Number',
    'Boolean',
    'BigInt',
    'Symbol',
    'RegExp',
    'Date',
    'Error',
    'TypeError',
    'RangeError',
    'AggregateError',
    'Promise',
    'ArrayBuffer',
    'DataView',
    'Uint8Array',
    'Object.getPrototypeOf(Uint8Array)',
    'Proxy',
    'Reflect',
    'JSON',
    'Math',
    'Object.getPrototypeOf([].values())',
    'Object.getPrototypeOf(new Map().values())',
    'Object.getPrototypeOf(new Set().values())',
    'Object.getPrototypeOf(Object.getPrototypeOf([].values()))',
];
// Without these a value is another value: also Node asks for them. It must be
// shown somehow, in one entry.
const telling =
    /^(Array|Map|Set|Object\.getPrototypeOf\(Uint8Array\))\.prototype\[Symbol\.iterator\]|iterator\]$|toStringTag\]$|\["(name|constructor)"\]$|^Object\.getPrototypeOf\(Uint8Array\)\.prototype\["length"\]/;
const membersOf = (object) =>
    world()
        .evaluate(
            `Reflect.ownKeys(${object}).filter((key) => { const d = Object.getOwnPropertyDescriptor(${object}, key); return d.configurable || d.writable; })
    .map((key) => typeof key === 'symbol' ? key.description : JSON.stringify(key)).join('\\n')`,
        )
        .split('\n')
        .filter(Boolean);
for (const name of classNames) {
    const missed = [];
    for (const object of world().evaluate(`typeof ${name} === 'function'`) && name !== 'Proxy'
        ? [name, `${name}.prototype`]
        : [name]) {
        for (const key of membersOf(object)) {
            for (const change of [
                `delete ${object}[${key}]`,
                `Object.defineProperty(${object}, ${key}, { get() { throw new Error('tampered'); } })`,
            ]) {
                let entries;
                try {
                    entries = shown(change);
                } catch (error) {
                    missed.push(`${change}: threw ${error}`);
                    continue;
                }
                if (entries === undefined) continue;
                const isSame = telling.test(`${object}[${key}]`)
                    ? entries.length === untouched.length
                    : util.isDeepStrictEqual(entries, untouched);
                if (!isSame)
                    missed.push(
                        `${change}: ${entries.find(([, text], i) => text !== untouched[i]?.[1])?.[1].slice(0, 300)}`,
                    );
            }
        }
    }
    ok(missed.length === 0, `console survives changes to every member of ${name} and its prototype`, missed);
}
for (const key of [
    'get',
    'set',
    'value',
    'enumerable',
    'circular',
    'depth',
    'budget',
    'spent',
    'seen',
    'stylize',
    'userOptions',
    'then',
    'done',
    'next',
    'kind',
    'check',
    'size',
]) {
    for (const change of [
        `Object.prototype.${key} = 7`,
        `Object.defineProperty(Object.prototype, '${key}', { get() { throw new Error('tampered'); }, set() { throw new Error('tampered'); } })`,
    ]) {
        isDeeply(shown(change), untouched, `console survives ${change}`);
    }
}
for (const change of [
    'Object.prototype[Symbol.replace] = () => "R"',
    'Object.prototype[Symbol.split] = () => ["R"]',
    'Array.prototype.constructor = null',
    'Error.prepareStackTrace = () => { throw 1; }',
    'Object.setPrototypeOf(console, null)',
    'Object.setPrototypeOf(Function.prototype, null)',
    `const all = globalThis; for (const key of Reflect.ownKeys(all)) if (typeof key === 'string' && !kept.includes(' ' + key + ' ')) delete all[key]`,
]) {
    isDeeply(shown(change), untouched, `console survives ${change.slice(0, 100)}`);
}
for (let i = 0; i < 4; i++) {
    const entries = shown(`Object.defineProperty(Object.prototype, '${i}', { get() { return 1; }, set() {} })`);
    is(entries?.length, untouched.length, `console prints all entries with a setter for Object.prototype[${i}]`);
    isDeeply(entries.slice(0, 1), untouched.slice(0, 1), 'and the plain ones as ever');
}
done();
