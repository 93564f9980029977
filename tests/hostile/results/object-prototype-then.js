// expect: ok 0
// expect-jq: .exports == {"default": {"a": 1}}
Object.defineProperty(Object.prototype, 'then', { value: undefined, writable: true });
export default { a: 1 };
