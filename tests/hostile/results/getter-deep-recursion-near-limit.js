// expect: ok 0
// expect-jq: .exports.default.a > 100
const o = { get a() { let n = 0; const f = () => { n++; f(); }; try { f(); } catch {} return n; } };
export default o;
