// SPDX-License-Identifier: MIT
// t-dts.mjs - what host/dts/dts.h makes of schemas is read by the TypeScript compiler, strictly: it is TypeScript, and
// values that fit a schema have its type.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { packages } from '../../tools/packages.mjs';

const require = packages('libraries');
const ts = require('typescript');
const helper = path.join(process.env.B, 'helpers/schema');

const object = (properties, required = [], more = {}) => ({ type: 'object', properties, required, ...more });
const string = { type: 'string' };
const number = { type: 'number' };

// A schema, values of its type (as code), and values that are not.
const types = [
    [true, ['1', 'null', '{}'], []],
    [false, [], ['1', '{}']],
    [{ type: ['string', 'null'] }, ['"a"', 'null'], ['1', 'undefined', '{}']],
    [{ type: 'integer' }, ['1'], ['"1"']],
    [{ enum: ['a', 'b"\\\n', 3, null, true] }, ['"a"', '"b\\"\\\\\\n"', '3', 'null', 'true'], ['"c"', '4', 'false']],
    [
        { const: { 'a b': [1, 'x'], c: {} } },
        ['{ "a b": [1, "x"], c: {} }'],
        ['{ "a b": [1, "y"], c: {} }', '{ "a b": [1, "x"], c: { d: 1 } }'],
    ],
    [{ enum: [-1, -0.5, 1e21, 1e-7, 12345678901234567890] }, ['-1', '1e21'], ['2']],
    [{ type: 'array', items: { type: ['string', 'number'] } }, ['[]', '["a", 1]'], ['[null]', '"a"']],
    [{ type: 'array', items: { anyOf: [string, { type: 'array', items: number }] } }, ['["a", [1]]'], ['[1]']],
    [{ type: 'array', items: false }, ['[]'], ['[1]']],
    [
        { type: 'array', prefixItems: [string, number], items: false, minItems: 1 },
        ['["a"]', '["a", 1]'],
        ['[]', '[1]', '["a", 1, 2]'],
    ],
    [
        { type: 'array', prefixItems: [string], items: { type: ['number', 'null'] }, minItems: 1 },
        ['["a"]', '["a", 1, null]'],
        ['["a", "b"]', '[]'],
    ],
    [{ type: 'array', prefixItems: [{ type: ['string', 'null'] }] }, ['[]', '[null]', '["a", 5, {}]'], ['[1]']],
    [
        object({ a: string, b: number }, ['a']),
        ['{ a: "x" }', '{ a: "x", b: 1 }'],
        ['{}', '{ a: 1 }', '{ a: "x", b: "y" }', '{ a: "x", c: 1 }'],
    ],
    [
        object({ 'a-b': string, class: number, 1: number, größe: number, '': string, __proto__x: string }),
        ['{ "a-b": "x", class: 1, größe: 5 }'],
        ['{ größe: "x" }', '{ 1: "x" }'],
    ],
    [object({ a: string }, [], { additionalProperties: number }), ['{ a: "x", b: 1 }', '{}'], ['{ b: null }']],
    [
        object({ a: string }, ['a'], { additionalProperties: number }),
        ['{ a: "x", b: 1 }'],
        ['{ a: 1 }', '{ a: "x", b: true }'],
    ],
    [
        object({ a: object({ b: string }) }, ['a'], { additionalProperties: number }),
        ['{ a: { b: "x" }, c: 1 }'],
        ['{ a: 5 }'],
    ],
    [{ type: 'object', additionalProperties: number }, ['{}', '{ x: 1 }'], ['{ x: "1" }']],
    [{ type: 'object', additionalProperties: false }, ['{}'], ['{ x: 1 }']],
    [{ type: 'object', patternProperties: { '^a': string, '^b': number } }, ['{ a: "x", b: 1 }'], ['{ a: null }']],
    [
        {
            anyOf: [
                object({ kind: { const: 'a' }, x: number }, ['kind', 'x']),
                object({ kind: { const: 'b' } }, ['kind']),
            ],
        },
        ['{ kind: "a", x: 1 }', '{ kind: "b" }'],
        ['{ kind: "a" }', '{ kind: "c" }'],
    ],
    [
        object({ a: string, b: string }, [], { anyOf: [{ required: ['a'] }, { required: ['b'] }] }),
        ['{ a: "x" }', '{ b: "x" }'],
        ['{}', '{ a: 1 }'],
    ],
    [{ allOf: [object({ a: string }, ['a']), object({ b: number }, ['b'])] }, ['{ a: "x", b: 1 }'], ['{ a: "x" }']],
    [{ type: ['string', 'number'], anyOf: [{ type: 'string' }, { type: 'boolean' }] }, ['"a"'], ['1', 'true']],
    [
        { type: 'array', items: { $ref: '#/$defs/p' }, $defs: { p: object({ x: number }, ['x']) } },
        ['[{ x: 1 }]'],
        ['[{}]'],
    ],
    [object({ value: string, next: { $ref: '#' } }), ['{ value: "a", next: { value: "b" } }'], ['{ value: 1 }']],
    [{ $ref: '#/$defs/t', $defs: { t: { type: 'array', items: { $ref: '#/$defs/t' } } } }, ['[[], [[]]]'], ['1']],
    [
        object({
            a: { description: 'ends */ here\n */ \u2028 `${x}` // \\', default: '*/' },
            b: { description: '/**/', deprecated: true },
        }),
        ['{}'],
        [],
    ],
];

// Parameters, calls that fit, and calls that do not.
const calls = [
    [
        object({ city: string, units: { enum: ['c', 'f'] } }, ['city']),
        ['{ city: "x" }', '{ city: "x", units: "c" }'],
        ['', '{}', '{ city: "x", units: "k" }', '{ city: "x" }, 1'],
    ],
    [object({ city: string }), ['', '{}', '{ city: "x" }'], ['{ city: 1 }']],
    [string, ['"a"'], ['', '1']],
    [
        { type: 'array', prefixItems: [{ ...string, title: 'path' }, number], minItems: 1 },
        ['"a"', '"a", 1'],
        ['', '1', '"a", "b"', '"a", 1, 2'],
    ],
    [
        { type: 'array', prefixItems: [string], items: { type: ['number', 'null'] }, minItems: 1 },
        ['"a"', '"a", 1, null'],
        ['"a", "b"'],
    ],
    [{ type: 'array', items: number }, ['', '1, 2'], ['"a"']],
    [{ type: 'array', items: false }, [''], ['1']],
    [
        {
            type: 'array',
            prefixItems: [
                { title: 'class' },
                { title: 'a' },
                { title: 'a' },
                { title: 'rest' },
                { title: 'arg1' },
                { title: 'eval' },
            ],
            items: string,
        },
        ['', '1, 2, 3, 4, 5, 6, "a"'],
        ['1, 2, 3, 4, 5, 6, 7'],
    ],
];

const values = [
    null,
    1,
    'a',
    [],
    [1, 'a', null],
    [[1], ['a']],
    { a: 1, 'b c': [true], d: { e: null }, f: {} },
    [{ a: 1 }, { a: 2, b: 'x' }],
];
const tagged = {
    bigint: '1n',
    date: 'new Date()',
    map: 'new Map()',
    set: 'new Set()',
    regexp: '/a/',
    error: 'new Error()',
    undefined: 'undefined',
    number: 'NaN',
    Uint8Array: 'new Uint8Array()',
    ArrayBuffer: 'new ArrayBuffer(1)',
    DataView: 'new DataView(new ArrayBuffer(1))',
    Float16Array: 'new Float16Array()',
    BigUint64Array: 'new BigUint64Array()',
};

// Random schemas: that what comes out is TypeScript at all.
let state = 1;
const below = (n) => ((state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff) % (n * 7919)) % n;
const pick = (list) => list[below(list.length)];
const words = ['a', 'b-c', '', '*/', '`${x}`', '\u2028', '"', '\\', 'new', '\u0000', '\ud800', '😀', '//', '\u0085'];
function random(depth) {
    if (depth === 0)
        return pick([true, false, {}, string, number, { const: pick(words) }, { enum: [...words] }, { type: 'null' }]);
    const list = () => Array.from({ length: 1 + below(3) }, () => random(depth - 1));
    const map = () => Object.fromEntries(Array.from({ length: below(4) }, () => [pick(words), random(depth - 1)]));
    const s = {};
    for (let i = below(4); i >= 0; i--)
        Object.assign(
            s,
            pick([
                () => ({ type: pick(['object', 'array', 'string', ['array', 'object', 'null']]) }),
                () => ({ properties: map(), required: [pick(words)] }),
                () => ({ additionalProperties: random(depth - 1) }),
                () => ({ patternProperties: map() }),
                () => ({ items: random(depth - 1) }),
                () => ({ prefixItems: list(), minItems: below(4), maxItems: below(4) }),
                () => ({ anyOf: list() }),
                () => ({ oneOf: list() }),
                () => ({ allOf: list() }),
                () => ({ description: pick(words) + '\n' + pick(words), default: pick(words), title: pick(words) }),
                () => ({ $ref: pick(['#', '#/x', '#/properties/a', '#/anyOf/0']) }),
            ])(),
        );
    return s;
}
const randoms = Array.from({ length: 400 }, () => random(3));

const asked = [];
const ask = (what, json) => asked.push(JSON.stringify([what, json])) - 1;
const names = words.map((w) => ask('name', w));
const asTypes = types.map(([schema]) => ask('type', schema));
const asCalls = calls.map(([schema]) => ask('parameters', schema));
const asValues = values.map((v) => ask('value', v));
const asTagged = Object.keys(tagged).map(($type) => ask('value', { $type }));
const asRandom = randoms.flatMap((schema) => [ask('type', schema), ask('parameters', schema)]);
const made = execFileSync(helper, ['dts'], { input: `${asked.join('\n')}\n`, maxBuffer: 1 << 28 })
    .toString()
    .trimEnd()
    .split('\n')
    .map((l) => JSON.parse(l));

// Each line of the program, by its number, and whether it has to be refused.
let program = '';
const wrong = new Map();
const add = (code) => {
    program += `${code}\n`;
};
const expect = (code, bad) => {
    if (bad) wrong.set(program.length, code);
    add(code);
};

types.forEach(([, good, bad], i) => {
    add(`type T${i} = ${made[asTypes[i]]};`);
    good.forEach((v, j) => expect(`const t${i}g${j}: T${i} = ${v};`, false));
    bad.forEach((v, j) => expect(`const t${i}b${j}: T${i} = ${v};`, true));
});
calls.forEach(([, good, bad], i) => {
    add(`declare function f${i}(${made[asCalls[i]]}): void;`);
    good.forEach((v) => expect(`f${i}(${v});`, false));
    bad.forEach((v) => expect(`f${i}(${v});`, true));
});
values.forEach((v, i) => add(`const v${i}: ${made[asValues[i]]} = ${JSON.stringify(v)};`));
Object.values(tagged).forEach((v, i) => add(`const w${i}: ${made[asTagged[i]]} = ${v};`));
names.forEach((n, i) => add(`type N${i} = { ${made[n]}: 1 };`));
asRandom.forEach((n, i) => add(i % 2 ? `declare function r${i}(${made[n]}): void;` : `type R${i} = ${made[n]};`));
add('export {};');

const options = { strict: true, noEmit: true, target: ts.ScriptTarget.ESNext, lib: ['lib.esnext.d.ts'], types: [] };
const host = ts.createCompilerHost(options);
const read = host.getSourceFile;
host.getSourceFile = (name, ...rest) =>
    name === 'declared.ts' ? ts.createSourceFile(name, program, ts.ScriptTarget.ESNext) : read(name, ...rest);
const found = ts.getPreEmitDiagnostics(ts.createProgram(['declared.ts'], options, host));

const unexpected = [];
const refused = new Set();
for (const d of found) {
    const start = program.lastIndexOf('\n', (d.start ?? 0) - 1) + 1;
    if (wrong.has(start)) refused.add(start);
    else
        unexpected.push(
            `${ts.flattenDiagnosticMessageText(d.messageText, ' ')} at ${program.slice(Math.max(0, d.start - 200), d.start + 60)}`,
        );
}
const taken = [...wrong].filter(([at]) => !refused.has(at)).map(([, code]) => code);

let n = 0;
const ok = (list, name) => {
    console.log(`${list.length ? 'not ' : ''}ok ${++n} - ${name}`);
    for (const l of list.slice(0, 5)) console.log(`# ${l.replaceAll('\n', '\n# ')}`);
};
ok(unexpected, `the compiler takes ${asked.length} declarations and the values that fit`);
ok(taken, `and refuses ${wrong.size} values that do not`);
console.log(`1..${n}`);
process.exitCode = unexpected.length || taken.length ? 1 : 0;
