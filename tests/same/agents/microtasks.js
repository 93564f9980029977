const order = [];
setTimeout(() => order.push('timer'), 0);
queueMicrotask(() => order.push('micro'));
Promise.resolve().then(() => order.push('then'));
await new Promise((yes) => setTimeout(yes, 2));
for await (const x of (async function* () { yield 1; yield 2; })()) order.push(x);
export default order;
