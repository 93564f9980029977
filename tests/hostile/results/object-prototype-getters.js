// expect: ok 0
// expect-jq: .exports == {"default": {"a": 1}}
for (const name of ['get', 'set', 'value', 'writable', 'enumerable', 'configurable', 'length', 'then', 'toJSON', 'constructor'])
    try { Object.defineProperty(Object.prototype, name, { get() { return undefined; }, configurable: true }); } catch {}
export default { a: 1 };
