// SPDX-License-Identifier: MIT
// t-corpus.mjs - TypeScript as models write it, as jobs of one batch: what each is without its types, or which construct is
// refused where, with the way out. `node`: Node.js's stripper has to make the same of it, or refuse it, too.

import { spawnSync } from 'node:child_process';
import { stripTypeScriptTypes } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const { ISO4, B } = process.env;
const { strip } = await import(pathToFileURL(resolve(B, 'ts.js')));

// name, source, exports
const erased = [
    [
        'an interface and a record',
        'interface User { id: number; tags?: readonly string[] }\nconst users: Record<string, User> = { a: { id: 1 } };\nexport default users.a.id;',
        { default: 1 },
    ],
    ['a type and a union', "type Kind = 'a' | 'b';\nconst kind = 'b' as Kind;\nexport default kind;", { default: 'b' }],
    [
        'a generic function',
        'function first<T>(list: readonly T[]): T | undefined { return list[0]; }\nexport default first<number>([7]);',
        { default: 7 },
    ],
    [
        'a generic arrow',
        'const wrap = <T,>(x: T): { x: T } => ({ x });\nexport default wrap<string>("a");',
        { default: { x: 'a' } },
    ],
    [
        'a generic arrow with a bound',
        'const key = <T extends object, K extends keyof T>(o: T, k: K): T[K] => o[k];\nexport default key({ a: 2 }, "a");',
        { default: 2 },
    ],
    [
        'a const type parameter',
        'const tuple = <const T extends readonly unknown[]>(...all: T): T => all;\nexport default tuple(1, "a");',
        { default: [1, 'a'] },
    ],
    [
        'an async generic arrow',
        'const get = async <T,>(x: T): Promise<T> => x;\nexport default await get(3);',
        { default: 3 },
    ],
    [
        'satisfies',
        'const sizes = { small: 1, large: 2 } satisfies Record<string, number>;\nexport default sizes.large;',
        { default: 2 },
    ],
    ['as const', 'const list = [1, 2] as const;\nexport default list;', { default: [1, 2] }],
    ['as any as', 'const n = ("5" as any) as number;\nexport default Number(n) + 1;', { default: 6 }],
    [
        'as at the end of a line',
        'const a = 1 as number\nconst b = [2] as number[]\nexport default [a, b[0]]',
        { default: [1, 2] },
    ],
    [
        'a cast in angle brackets',
        'const a: unknown = "text";\nexport default (<string>a).length + <number>1;',
        { default: 5 },
        { node: false },
    ],
    [
        'a non-null assertion',
        'const m = new Map<string, number>([["a", 4]]);\nexport default m.get("a")!;',
        { default: 4 },
    ],
    [
        'a non-null assertion that is assigned to',
        'const o: { a?: { b: number } } = { a: { b: 1 } };\no.a!.b = 5;\no.a!.b++;\nexport default o;',
        { default: { a: { b: 6 } } },
    ],
    [
        'optional parameters',
        'function f(a?: number, b: string = "b", ...c: string[]) { return [a ?? 0, b, ...c]; }\nexport default f(1, "x", "y");',
        { default: [1, 'x', 'y'] },
    ],
    [
        'a destructured parameter',
        'const f = ({ a, b = 2 }: { a: number; b?: number }): number => a + b;\nexport default f({ a: 1 });',
        { default: 3 },
    ],
    [
        'this as a parameter',
        'function f(this: { n: number }, m: number): number { return this.n + m; }\nexport default f.call({ n: 1 }, 2);',
        { default: 3 },
    ],
    [
        'a class with modifiers',
        'class Point {\n  private readonly x: number;\n  public y = 2;\n  protected static count?: number = 0;\n  #z: number = 3;\n  constructor(x: number) { this.x = x; }\n  public sum(): number { return this.x + this.y + this.#z; }\n}\nexport default new Point(1).sum();',
        { default: 6 },
    ],
    [
        'an abstract class',
        'abstract class Shape {\n  abstract area(): number;\n  protected abstract readonly name: string;\n  describe(): string { return `${this.area()}`; }\n}\nclass Square extends Shape {\n  name = "square";\n  override area(): number { return 4; }\n}\nexport default new Square().describe();',
        { default: '4' },
    ],
    [
        'a class that implements',
        'interface A { a(): void }\nclass B implements A, Iterable<number> {\n  a(): void {}\n  *[Symbol.iterator](): Generator<number> { yield 1; }\n}\nexport default [...new B()];',
        { default: [1] },
    ],
    [
        'a class that extends with types',
        'class Typed<T> extends Map<string, T[]> {\n  add(k: string, v: T) { this.set(k, [...(this.get(k) ?? []), v]); return this; }\n}\nexport default [...new Typed<number>().add("a", 1).add("a", 2).values()];',
        { default: [[1, 2]] },
    ],
    [
        'a field that is declared only',
        'class A {\n  declare a: number;\n  b!: number;\n  c?: number;\n}\nexport default Object.keys(new A());',
        { default: ['b', 'c'] },
    ],
    [
        'an index signature',
        'class A {\n  [key: string]: unknown;\n  a = 1;\n}\nexport default new A().a;',
        { default: 1 },
    ],
    [
        'overloads',
        'function f(a: string): string;\nfunction f(a: number): number;\nfunction f(a: any) { return a; }\nclass C {\n  m(a: string): void;\n  m(a: number): void;\n  m(a: unknown) { return typeof a; }\n}\nexport default [f(1), new C().m(1)];',
        { default: [1, 'number'] },
    ],
    [
        'an exported overload',
        'export function f(a: string): string;\nexport function f(a: any) { return 1; }\nexport default f("");',
        null,
        { code: 'ERR_EXPORT_NOT_SERIALIZABLE' },
    ],
    [
        'declare',
        'declare const x: number;\ndeclare let y: string, z: string;\ndeclare function f(): void;\ndeclare class C { m(): void }\ndeclare global { interface Window { a: 1 } }\ndeclare module "lib" { export const a: 1; }\ndeclare enum E { A }\nexport default typeof x;',
        { default: 'undefined' },
    ],
    [
        'a namespace of types',
        'namespace Types { export interface A { a: number } export type B = A; }\nconst a: Types.B = { a: 1 };\nexport default a.a;',
        { default: 1 },
    ],
    [
        'type-only imports and exports',
        'import type { A } from "./types";\nimport type B from "./types";\nimport type * as C from "./types";\nexport type { A };\nexport type D = B | typeof C;\nexport default 1;',
        { default: 1 },
    ],
    [
        'a list of imports that is types only',
        'export { type A } from "lib";\ntype A = 1;\nexport default 1;',
        null,
        { code: 'ERR_MODULE_NOT_FOUND' },
    ],
    [
        'a predicate',
        'const isText = (x: unknown): x is string => typeof x === "string";\nfunction check(x: unknown): asserts x is number { if (typeof x !== "number") throw new Error("no"); }\ncheck(1);\nexport default [1, "a"].filter(isText);',
        { default: ['a'] },
    ],
    [
        'catch with a type',
        'try { throw new Error("x"); } catch (e: unknown) { if (e instanceof Error) console.log(e.message); }\nexport default 1;',
        { default: 1 },
    ],
    [
        'a function type',
        'const run: (n: number) => number = (n) => n + 1;\nlet make: new () => object = Object;\nexport default [run(1), typeof new make()];',
        { default: [2, 'object'] },
    ],
    [
        'a conditional and a mapped type',
        'type Un<T> = T extends Promise<infer U> ? U : never;\ntype M<T> = { -readonly [K in keyof T as `get${string & K}`]+?: T[K] };\nexport default 1 as Un<Promise<number>>;',
        { default: 1 },
    ],
    [
        'an accessor',
        'class A {\n  private v = 1;\n  get value(): number { return this.v; }\n  set value(n: number) { this.v = n; }\n}\nconst a = new A();\na.value = 9;\nexport default a.value;',
        { default: 9 },
    ],
    ['instantiation', 'const make = Array<number>;\nexport default new make(1, 2);', { default: [1, 2] }],
    [
        'type arguments of calls',
        'const list = Array.from<number>([1]);\nconst p = await Promise.all<number>([1]);\nconst t = String.raw<string>`a`;\nexport default [list, p, new Set<number>(list).size];',
        { default: [[1], [1], 1] },
        { language: 'ts' },
    ],
    [
        'optional chaining with a type',
        'const o: { f?: <T>(x: T) => T } = { f: (x) => x };\nexport default o.f?.<number>(1) ?? 0;',
        { default: 1 },
    ],
    [
        'an async main',
        'interface R { n: number }\nasync function main(): Promise<R> { return { n: 1 }; }\nexport default await main();',
        { default: { n: 1 } },
    ],
    ['a main that is called', 'async function main(): Promise<void> { console.log("done"); }\nmain();', {}],
    ['return at the top level', 'const n: number = 1;\nreturn n as number;', { default: 1 }, { node: false }],
    ['one expression', '(async (): Promise<number> => { const n: number = 2; return n; })', { default: 2 }],
    ['a Markdown fence', '```ts\nconst n: number = 3;\nexport default n;\n```', { default: 3 }, { node: false }],
    [
        'enum as a name',
        'const o = { enum: 1, namespace: 2, type: 3, declare: 4 };\nconst type = 5, as = 6, of = 7;\nexport default [o.enum, type as number, as as number, of];',
        { default: [1, 5, 6, 7] },
    ],
    [
        'regular expressions and templates',
        'const re: RegExp = /a<b>:c/g, s: string = `${`${1 as number}`}<T>(x: ${2})`;\nexport default [re.source, s];',
        { default: ['a<b>:c', '1<T>(x: 2)'] },
    ],
    [
        'a label and an object are no types',
        'const o = { a: 1 };\nout: for (const k in o) { continue out; }\nconst n: number = o ? o.a : 2;\nexport default n;',
        { default: 1 },
    ],
    [
        'comments',
        'const a /* one */ : /* two */ number /* three */ = 1; // four: number\nexport default a;',
        { default: 1 },
    ],
    [
        'unique symbol and keyof typeof',
        'const s: unique symbol = Symbol();\nconst o = { a: 1 };\nlet k: keyof typeof o = "a";\nexport default o[k];',
        { default: 1 },
    ],
    [
        'JavaScript with a name in .ts',
        'export default [1, 2].map((n) => n * 2);',
        { default: [2, 4] },
        { language: 'ts' },
    ],
    [
        'using with a type',
        '{ using a: Disposable = { [Symbol.dispose]() { console.log("gone"); } }; }\nexport default 1;',
        { default: 1 },
    ],
];

// name, source, line, column, words of the message, words of the hint
const refused = [
    [
        'enum',
        'const a: number = 1;\nenum Color { Red, Green }',
        2,
        1,
        '`enum`',
        '`const Color = { Red: 0, Green: 1 };`',
    ],
    ['const enum', 'export const enum Color { Red }', 1, 8, '`enum`', 'object'],
    ['namespace', 'namespace Tools { export const a = 1; }', 1, 1, '`namespace`', 'export its members'],
    ['namespace in namespace', 'namespace A.B { export function f() {} }', 1, 1, '`namespace`', 'export its members'],
    [
        'parameter property',
        'class A {\n  constructor(private readonly name: string, age: number) {}\n}',
        2,
        15,
        'a parameter property',
        '`this.name = name;`',
    ],
    [
        'parameter property without a modifier of access',
        'class A { constructor(readonly n = 1) {} }',
        1,
        23,
        'a parameter property',
        'constructor',
    ],
    [
        'decorator of a class',
        'const sealed = (c: Function) => c;\n@sealed\nclass A {}',
        2,
        1,
        'a decorator',
        'Call the function',
        { node: false },
    ],
    [
        'decorator of a method',
        'class A {\n  @log run(): void {}\n}',
        2,
        3,
        'a decorator',
        'Call the function',
        { node: false },
    ],
    ['import = require', 'import fs = require("fs");', 1, 1, '`import = require`', '`import NAME from'],
    ['import =', 'import a = b.c;', 1, 1, '`import =`', '`const NAME'],
    ['export =', 'const a: number = 1;\nexport = a;', 2, 1, '`export =`', '`export default VALUE`'],
    [
        'JSX',
        'const a: number = 1;\nexport default <div className="a">{a}</div>;',
        2,
        16,
        'JSX',
        'plain objects',
        { node: false },
    ],
];

let tests = 0;
function say(good, name, ...notes) {
    console.log(`${good ? 'ok' : 'not ok'} ${++tests} - ${name}`);
    if (!good) for (const note of notes) console.log(`# ${typeof note === 'string' ? note : JSON.stringify(note)}`);
}

process.removeAllListeners('warning');
process.on('warning', () => {});
function ofNode(text) {
    try {
        return stripTypeScriptTypes(text, { mode: 'strip' });
    } catch {
        return undefined;
    }
}

// Compares values as JSON: the cases write their keys in the order of the agents.
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

const jobs = [...erased, ...refused].map(([, code, , more], id) => ({ id, code, language: more?.language }));
const input = jobs.map((job) => `${JSON.stringify(job)}\n`).join('');
const lines = spawnSync(ISO4, ['batch', '--ordered', '-'], { input, encoding: 'utf8' }).stdout.trim().split('\n');
const results = lines.map((line) => JSON.parse(line));

for (const [at, [name, text, wanted, more = {}]] of erased.entries()) {
    const result = results[at];
    if (more.code) say(result.error?.code === more.code, name, result);
    else say(result.ok && same(result.exports, wanted), name, wanted, result);
    if (more.node === false) continue;
    const { code } = strip(text);
    const theirs = ofNode(text);
    say(code === theirs, `${name}: as Node.js`, code, theirs);
    say(
        code.length === text.length &&
            same(
                code.split('\n').map((l) => l.length),
                text.split('\n').map((l) => l.length),
            ),
        `${name}: every line as long`,
    );
}
for (const [at, [name, text, line, column, message, hint, more = {}]] of refused.entries()) {
    const { ok, error } = results[erased.length + at];
    say(!ok && error.code === 'ERR_COMPILE' && error.line === line && error.column === column, `${name}: where`, error);
    say(error?.message?.includes(message) && error.hint?.includes(hint), `${name}: what to write`, error);
    if (more.node !== false) say(ofNode(text) === undefined, `${name}: Node.js refuses it, too`);
}
console.log(`1..${tests}`);
