// expect: ok 0
// expect-jq: .exports == {"default": [1, [2, 3], {"$type": "map", "entries": [[1, 2]]}]}
for (let i = 0; i < 20; i++)
    for (const proto of [Object.prototype, Array.prototype])
        Object.defineProperty(proto, i, { set() { throw new Error('forged'); }, get() { return 'forged'; }, configurable: true });
export default [1, [2, 3], new Map([[1, 2]])];
