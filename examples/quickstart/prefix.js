// SPDX-License-Identifier: MIT
// The prefix: `iso4 precompile` evaluates it once and keeps the heap. It is a module, so its own names stay its own;
// what it puts on globalThis is what agents find.

const catalogue = new Map([
    ['desk', { title: 'Standing desk', cents: 39900, stock: 4 }],
    ['lamp', { title: 'Desk lamp', cents: 2450, stock: 3 }],
    ['chair', { title: 'Office chair', cents: 18900, stock: 12 }],
]);

class Inventory {
    #stock = new Map([...catalogue].map(([sku, item]) => [sku, item.stock]));

    left(sku) {
        return this.#stock.get(sku) ?? 0;
    }

    // Takes up to `count` of a product and says how many that were.
    take(sku, count) {
        const taken = Math.min(count, this.left(sku));
        if (taken > 0) this.#stock.set(sku, this.left(sku) - taken);
        return taken;
    }
}

globalThis.catalogue = catalogue;
globalThis.inventory = new Inventory();
globalThis.euros = (cents) => `€${(cents / 100).toFixed(2)}`;
