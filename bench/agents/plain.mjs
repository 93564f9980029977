// SPDX-License-Identifier: MIT
// A small agent that needs no library.
const orders = [
    { item: 'pen', count: 3, price: 1.5 },
    { item: 'ink', count: 1, price: 7 },
];

console.log('orders', orders.length);
export default { total: orders.reduce((sum, { count, price }) => sum + count * price, 0) };
