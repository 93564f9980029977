// expect: ok 0
// expect-jq: .exports == {"default": {"stdout": ["mine"], "ok": 0}, "stdout": 1} and .stdout == []
for (const name of ['ok', 'status', 'exports', 'error', 'stdout', 'stderr', 'default', 'value', 'code'])
    Object.defineProperty(Object.prototype, name, { __proto__: null, set() { throw new Error('forged ' + name); }, get() { return 'forged'; }, configurable: true });
export default { __proto__: null, stdout: ['mine'], ok: 0 };
export const stdout = 1;
