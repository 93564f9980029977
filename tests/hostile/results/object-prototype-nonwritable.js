// expect: ok 0
// expect-jq: .exports == {"a": {"b": 2}} and .stdout == ["{ b: 2 }"]
for (const name of ['a', 'b', 'c', 'd', '0', '1', 'at', 'level', 'depth', 'seen'])
    Object.defineProperty(Object.prototype, name, { value: 'forged', writable: false });
export const a = { __proto__: null, ['b']: 2 };
Object.setPrototypeOf(a, Object.prototype);
console.log(a);
