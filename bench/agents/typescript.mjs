// SPDX-License-Identifier: MIT
// Turns a small TypeScript module into JavaScript.
const source = `
interface Order { item: string; count: number; price?: number }
enum State { Open = 'open', Closed = 'closed' }
export class Book<T extends Order> {
    #orders: T[] = [];
    constructor(readonly name: string, private state: State = State.Open) {}
    add(order: T): this { this.#orders.push(order); return this; }
    get total(): number { return this.#orders.reduce((sum, o) => sum + o.count * (o.price ?? 0), 0); }
}
export const book = new Book<Order>('today') satisfies Book<Order>;
`;
const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext },
});

export default outputText.length;
