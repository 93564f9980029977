// SPDX-License-Identifier: MIT
// A small agent that uses what the small prefix left.
const orders = [
    { item: 'pen', count: 3, price: 1.5 },
    { item: 'ink', count: 1, price: 7 },
];
const net = orders.reduce((sum, { count, price }) => sum + count * price, 0);

console.log('orders', orders.length);
export default { total: await Promise.resolve(gross(net)), currency: config.currency };
