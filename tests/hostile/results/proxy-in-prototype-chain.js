// expect: ok 0
// expect-jq: .exports == {"default": {"a": 1}}
export default Object.create(new Proxy({}, { get(t, k) { if (k === 'toJSON') return undefined; throw new Error('forged'); }, ownKeys() { throw new Error('forged'); } }), { a: { value: 1, enumerable: true } });
