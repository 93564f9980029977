// SPDX-License-Identifier: MIT
// main.js - the prefix of ts.snap. Its export is what the parent calls; it has been called before the heap is saved, so
// that what most sources need is kept compiled.

import { strip } from './strip.js';

const samples = [
    `import { a, type B } from 'lib';
import type { C } from 'other';
interface User { id: number; name?: string; tags: readonly string[] }
type Id<T extends object = {}> = keyof T | 'none' | { [K in keyof T]?: T[K] };
export class Store<T> extends Map<string, T> implements Iterable<T> {
    private readonly items: T[] = [];
    static count?: number;
    declare later: Date;
    constructor(first: T, ...rest: T[]) { super(); this.items = [first, ...rest]; }
    get size(): number { return this.items.length; }
    async find(this: Store<T>, test: (item: T, at?: number) => boolean): Promise<T | undefined> {
        for (const [at, item] of this.items.entries()) if (test(item, at)) return item;
        return undefined;
    }
}
abstract class Shape { abstract area(): number; protected name!: string; override toString(): string { return this.name; } }
function total(list: Array<{ n: number }>, start: number = 0): number {
    return list.reduce((sum: number, { n }) => sum + n, start);
}
const users = (await fetch('/users').then((r) => r.json())) as User[];
let byId: Map<number, User> = new Map<number, User>(users.map((u): [number, User] => [u.id, u]));
const first = byId.get(1)!.name satisfies string | undefined;
try { console.log(\`\${first?.length ?? 0} of \${total([{ n: 1 }])}\`); } catch (error: unknown) {
    if (error instanceof Error && /not found/i.test(error.message)) throw error; else console.error('no', error);
}
switch (users.length) { case 0: break; default: for (let i = 0; i < 2; i++) { while (false) continue; } }
export default async <T,>(x: T, { y = 1, ...z }: { y?: number } = {}): Promise<T> => x;
export type { C };`,
    'return (value as any) ?? null;',
    'async (a: string) => { return a; }',
    'function (a: string) { return a; };',
    'enum Colour { Red }',
    'const a: = 1;',
];

function stripSamples() {
    for (const sample of samples) strip(sample);
}

stripSamples();

// In a zygote, before it is forked: so often that the compiler has seen what is used most.
export function warm() {
    for (let i = 0; i < 50; i++) stripSamples();
}

export { strip };
