// expect: ok 0
// expect-jq: .exports == {"default": {"a": 1}}
Object.setPrototypeOf(Array.prototype, new Proxy({}, { get() { throw new Error('forged'); }, has() { throw new Error('forged'); }, set() { throw new Error('forged'); } }));
export default { a: 1 };
