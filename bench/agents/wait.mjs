// SPDX-License-Identifier: MIT
// Does what small.mjs does, then stays for its memory to be read.
const orders = [
    { item: 'pen', count: 3, price: 1.5 },
    { item: 'ink', count: 1, price: 7 },
];
const net = orders.reduce((sum, { count, price }) => sum + count * price, 0);

console.log('orders', orders.length);
await new Promise((resolve) => setTimeout(resolve, 1000));
export default { total: await Promise.resolve(gross(net)), currency: config.currency };
