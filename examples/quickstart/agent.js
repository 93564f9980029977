// SPDX-License-Identifier: MIT
// An agent: fills an order from the inventory that the prefix made.

const order = { desk: 1, lamp: 5, sofa: 1 };
const missing = new Map();
let cents = 0;

for (const [sku, wanted] of Object.entries(order)) {
    await new Promise((resolve) => setTimeout(resolve, 1)); // stands for waiting for something
    const taken = inventory.take(sku, wanted);
    cents += taken * (catalogue.get(sku)?.cents ?? 0);
    if (taken < wanted) missing.set(sku, wanted - taken);
    console.log(`${sku}: ${taken} of ${wanted}`);
}
if (missing.size > 0) console.warn('incomplete:', missing);

export const total = euros(cents);
export { missing };
export default missing.size === 0 ? 'filled' : 'filled in part';
