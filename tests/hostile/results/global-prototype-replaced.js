// expect: ok 0
// expect-jq: .exports.default == 1
try { Object.setPrototypeOf(globalThis, new Proxy({}, { get() { throw new Error('forged'); }, has() { throw new Error('forged'); } })); } catch {}
export default 1;
