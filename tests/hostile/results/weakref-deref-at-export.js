// expect: ok 0
// expect-jq: .exports.default.a | (. == null or . == {"x": 1})
const r = new WeakRef({ x: 1 });
export default { get a() { return r.deref() ?? null; } };
