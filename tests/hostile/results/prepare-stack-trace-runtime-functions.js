// No function of the runtime can be had from the frames below the agent's, while the runtime calls agent code.
// expect: ok 0
// expect-jq: .exports.default == []
const got = new Set();
Error.prepareStackTrace = (e, frames) => { for (const f of frames) { const fn = f.getFunction(); if (fn && f.getFileName() === 'iso4 runtime') got.add(fn); } return 's'; };
const trap = () => { new Error('x').stack; };
console.log({ [Symbol.for('nodejs.util.inspect.custom')]: trap });
console.log('%s', { toString() { trap(); return 'x' } }, '%d', { valueOf() { trap(); return 1 } });
console.table([{ get a() { trap(); return 1 } }]);
console.log(new Proxy({}, { get() { trap() } }), { get a() { trap(); return 1 } });
console.dir({ get [Symbol.toStringTag]() { trap(); return 'x' } });
class X { static get name() { trap(); return "X" } }
console.log(new X());
console.log(Object.assign(Object.create({ get constructor() { trap(); return undefined } }), {a:1}));
console.log(Object.defineProperty(new Error('x'), 'stack', { get() { trap(); return 's' } }));
console.log(Object.defineProperty(new Error('x'), 'name', { get() { trap(); return 's' } }));
setTimeout(trap, 1); queueMicrotask(trap);
setTimeout(() => {}, { valueOf() { trap(); return 1 } });
await new Promise((r) => setTimeout(r, 10));
export default [...got].map((f) => [f.name, String(f).slice(0, 40)]);
