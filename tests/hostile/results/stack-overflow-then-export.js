// expect: ok 0
// expect-jq: .exports.default == {"a": [1, {"b": 2}]}
try { (function f() { f(); })(); } catch {}
export default { a: [1, { b: 2 }] };
